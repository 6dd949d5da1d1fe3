"""The facts of a state, as integers by fact id, and which of them were assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import frozen

from trajectsim.calendar import year_of_groep_1
from trajectsim.law.facts import UNKNOWN, Facts
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.pupil import Result, State


@frozen
class FactSheet:
    """Facts by id; ``assumed`` are the ids of results and given facts that nobody gave."""

    values: Mapping[str, int]
    assumed: frozenset[str]


def fact_sheet(
    state: State, law: Lawbook, clock: Clock, given: Mapping[str, Any], results: Iterable[Result]
) -> FactSheet:
    """Every declared fact of a state, those of measures and arguments at nothing yet."""
    values = {name: compute(state, law, clock) for name, compute in _OF_STATE.items()}
    known = {name: law.facts[name].encode(value) for name, value in given.items()}
    known.update(_results(state, law.facts, results))
    assumed: set[str] = set()
    for fact in law.facts.values():
        if fact.id in known:
            values[fact.id] = known[fact.id]
        elif fact.source == "exam":
            continue  # told by a sheet of marks, and asked by demands only
        elif fact.source == "measure":
            values[fact.id] = 0
        elif fact.source != "state":
            values[fact.id] = UNKNOWN if fact.assumed is None else fact.encode(fact.assumed)
            if fact.assumed is not None:
                assumed.add(fact.id)
    return FactSheet(values, frozenset(assumed))


def diploma_mask(names: Iterable[str], law: Lawbook) -> int:
    """The value of the fact ``diplomas`` for diplomas by id."""
    return law.facts["diplomas"].mask(list(names))


def _results(state: State, facts: Facts, results: Iterable[Result]) -> dict[str, int]:
    found: dict[str, int] = {}
    for result in results:
        if result.year == state.year and result.outcome and result.level in ("", level_of(state)):
            name = "exam_result" if result.level else "year_result"
            found[name] = facts[name].encode(result.outcome)
    return found


def level_of(state: State) -> str:
    """The level of the track that a pupil is in; empty where a track has none."""
    return state.place.track.level if state.place.track else ""


def _school_years(state: State, law: Lawbook) -> int:
    """Years since the child was four on 1 October, this one included; primary school in fewer years counts in full."""
    since = state.year - year_of_groep_1(state.pupil.born) + 1
    primary = law.tracks["po"]
    in_po = state.place.track is primary
    if state.record.po_years is None or in_po:
        return since
    return since + max(0, primary.years - state.record.po_years)


def _own_level(state: State, law: Lawbook, _clock: Clock) -> int:
    """The level that subjects are compared by; tracks outside vo have none of these."""
    fact, level = law.facts["own_level"], level_of(state)
    return fact.encode(level if any(value.id == level for value in fact.values) else "none")


_OF_STATE: dict[str, Callable[[State, Lawbook, Clock], int]] = {
    "law_year": lambda s, law, clock: law.law_year(s.year.start, clock)[0],
    "law_intake": lambda s, law, clock: law.law_year(s.intake.start, clock)[0],
    "sector": lambda s, law, _: law.facts["sector"].encode(s.place.track.sector) if s.place.track else UNKNOWN,
    "year_in_track": lambda s, _law, _: s.place.n,
    "years_to_final": lambda s, _law, _: s.place.years_to_final,
    "age_end": lambda s, _law, _: s.age_at_end,
    "school_years": lambda s, law, _: _school_years(s, law),
    "own_level": _own_level,
    "diplomas": lambda s, law, _: diploma_mask((e.diploma for e in s.record.diplomas), law),
}
