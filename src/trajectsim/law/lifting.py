"""Measures that lift rules: while one is in effect, what a lifted rule demands is for the school to waive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from trajectsim.law.measures import WAIVER, Measure
from trajectsim.law.tables import Force, Table, Way, at, compile_needs

if TYPE_CHECKING:
    from trajectsim.law.lawbook import Clock, Lawbook

Lifters = tuple[str, ...]
"""The ids of the measures in effect that lift a rule."""


def lifters(law: Lawbook, rule_id: str) -> tuple[Measure, ...]:
    """The measures that lift the demands of a rule while they are in effect."""

    def make() -> dict[str, tuple[Measure, ...]]:
        lifting = [measure for measure in law.measures.values() if measure.lifts]
        names = dict.fromkeys(name for measure in lifting for name in measure.lifts)
        return {name: tuple(measure for measure in lifting if name in measure.lifts) for name in names}

    return law.kept("lifters", make).get(rule_id, ())


def lifted(law: Lawbook, table: Table, lifted_by: Lifters, year: int, clock: Clock) -> Table:
    """A table with a last way that asks for no more than a measure which lifts the rule in a school year."""
    if not lifted_by:
        return table
    law_year, _beyond = law.law_year(year, clock)
    lifting = [law.measures[name] for name in lifted_by]
    cited = ((m, at(m.lifting or m.cite, law.answering(m, law_year))) for m in lifting)
    needs = [(m.id, compile_needs(m.sets, law.facts), cite) for m, cite in cited]
    ways = (Way(name, Force.DISCRETION, checks, cite, WAIVER) for name, checks, cite in needs)
    return evolve(table, ways=(*table.ways, *ways))
