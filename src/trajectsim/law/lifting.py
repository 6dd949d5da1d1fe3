"""Measures that lift rules: while one is in effect, what a lifted rule demands is for the school to waive."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from attrs import evolve

from trajectsim.law.facts import Facts
from trajectsim.law.measures import WAIVER, Measure
from trajectsim.law.tables import Cite, Force, Table, Way, compile_needs

Lifters = tuple[str, ...]
"""The ids of the measures in effect that lift a rule."""


def lifters(measures: Iterable[Measure]) -> Mapping[str, tuple[Measure, ...]]:
    """The measures that lift the demands of a rule, by the id of the rule."""
    lifting = [measure for measure in measures if measure.lifts]
    names = dict.fromkeys(name for measure in lifting for name in measure.lifts)
    return {name: tuple(measure for measure in lifting if name in measure.lifts) for name in names}


def lifted(table: Table, lifting: Collection[tuple[Measure, Cite]], facts: Facts) -> Table:
    """A table with a last way for each measure that lifts the rule, which asks for no more than the measure."""
    if not lifting:
        return table
    needs = [(m.id, compile_needs(m.sets, facts), cite) for m, cite in lifting]
    ways = (Way(name, Force.DISCRETION, checks, cite, WAIVER) for name, checks, cite in needs)
    return evolve(table, ways=(*table.ways, *ways))
