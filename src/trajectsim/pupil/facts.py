"""The facts of a state, as integers by fact id, and which of them were assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

from attrs import frozen

from trajectsim.calendar import year_of_groep_1
from trajectsim.law.facts import UNKNOWN, Fact, Facts
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.places import OUT, matches
from trajectsim.law.tables import Check, compile_needs
from trajectsim.pupil import Result, State, YearDone
from trajectsim.verdict import NO, YES, hold


@frozen
class FactSheet:
    """Facts by id; ``assumed`` are the ids of results and given facts that nobody gave."""

    values: Mapping[str, int]
    assumed: frozenset[str]


def fact_sheet(
    state: State, law: Lawbook, clock: Clock, given: Mapping[str, Any], results: Iterable[Result]
) -> FactSheet:
    """Every declared fact of a state, those of measures and arguments at nothing yet."""
    resting = law.kept("resting facts", lambda: _resting(law.facts))
    known = {name: law.facts[name].read(value) for name, value in given.items()}
    known.update(_results(state, law.facts, results))
    told = {name: compute(state, law, clock) for name, compute in _OF_STATE.items()}
    values = {**resting.values, **told, **known}
    values.update(_of_record(state, law.facts, values))
    values.update(derived(law, values))
    return FactSheet(values, resting.assumed - known.keys())


def _resting(facts: Facts) -> FactSheet:
    """The facts that hang on no state, as long as nobody gives them."""
    values: dict[str, int] = {}
    for fact in facts.values():
        if fact.source == "measure":
            values[fact.id] = 0
        elif fact.source not in ("state", "derived", "exam"):  # an exam's are told by its marks, for demands only
            values[fact.id] = UNKNOWN if fact.assumed is None else fact.encode(fact.assumed)
    assumed = (each.id for each in facts.values() if each.source != "measure" and each.assumed is not None)
    return FactSheet(values, frozenset(assumed) & values.keys())


def carried(state: State, law: Lawbook) -> tuple[int, ...]:
    """All that the facts of the record, now or later, can read of the school years before this one."""
    years = state.record.years
    seen = {"recent_entree": years[-1:]}  # the next year asks no further back; the others keep what they found
    told = ((name, compute) for name, compute in _OF_RECORD.items() if name in law.facts)
    return tuple(compute(law.facts[name], seen.get(name, years), law.facts) for name, compute in told)


def derived(law: Lawbook, values: Mapping[str, int]) -> dict[str, int]:
    """The facts that others decide: 1 when one of their needs holds, UNKNOWN when that cannot be told."""

    def make() -> list[tuple[str, list[tuple[Check, ...]]]]:
        rows = (fact for fact in law.facts.values() if fact.source == "derived")
        return [(fact.id, [compile_needs(needs, law.facts) for needs in fact.when]) for fact in rows]

    truths = {name: max(hold(checks, values) for checks in needs) for name, needs in law.kept("derived facts", make)}
    return {name: {YES: 1, NO: 0}.get(truth, UNKNOWN) for name, truth in truths.items()}


def _of_record(state: State, facts: Facts, values: Mapping[str, int]) -> dict[str, int]:
    """What the years so far say, this one included: it counts as done, with the result it has now."""
    years = (*state.record.years, YearDone(state.year, state.place, values.get("year_result", UNKNOWN)))
    return {name: compute(facts[name], years, facts) for name, compute in _OF_RECORD.items() if name in facts}


def _years_passed(fact: Fact, years: tuple[YearDone, ...], facts: Facts) -> int:
    """The highest year passed in the places that the fact looks at; who was in a year has passed the one before."""
    enough = facts["year_result"].encode("sufficient")
    there = (done for done in years if _looked_at(fact, done))
    return max((done.place.n - (done.result < enough) for done in there), default=0)


def _recently(fact: Fact, years: tuple[YearDone, ...], _facts: Facts) -> int:
    """Whether she was in one of the places that the fact looks at, in this school year or the one before."""
    return int(any(_looked_at(fact, done) for done in years[-2:]))


def _last_level(fact: Fact, years: tuple[YearDone, ...], _facts: Facts) -> int:
    """The level of the last of the places that the fact looks at; none where she was in none of them."""
    tracks = (done.place.track for done in reversed(years) if _looked_at(fact, done))
    return fact.encode(next((track.level for track in tracks if track is not None), "none"))


def _looked_at(fact: Fact, done: YearDone) -> bool:
    return _named(fact.at, done.place.id)


@cache
def _named(patterns: tuple[str, ...], place_id: str) -> bool:
    """Whether one of some patterns names a place; there are few of either, and every year of a walk is asked again."""
    return any(matches(pattern, place_id) for pattern in patterns)


_OF_RECORD: dict[str, Callable[[Fact, tuple[YearDone, ...], Facts], int]] = {
    "general_years": _years_passed,
    "recent_entree": _recently,
    "vmbo_track": _last_level,
}


def with_record(sheet: FactSheet, state: State, law: Lawbook, clock: Clock) -> FactSheet:
    """The facts once the acts and the diplomas of this year are on record too."""
    told = {name: _OF_STATE[name](state, law, clock) for name in ("diplomas", "acts", "acts_now")}
    values = {**sheet.values, **told}
    return FactSheet({**values, **derived(law, values)}, sheet.assumed)


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


def school_years(state: State, law: Lawbook) -> int:
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


def _acts(name: str, state: State, law: Lawbook, _clock: Clock) -> int:
    """The acts on record that rules ask for, all of them or those of this year."""
    done = (done.act for done in state.record.acts if name == "acts" or done.year == state.year)
    return law.facts[name].mask(_known(law.facts[name], done))


def _member(fact: Fact, value: str) -> int:
    """The code of a value; UNKNOWN where it is none of the fact's."""
    return fact.encode(value) if _known(fact, [value]) else UNKNOWN


def _known(fact: Fact, values: Iterable[str]) -> list[str]:
    return [value for value in values if any(each.id == value for each in fact.values)]


_OF_STATE: dict[str, Callable[[State, Lawbook, Clock], int]] = {
    "law_year": lambda s, law, clock: law.law_year(s.year.start, clock)[0],
    "law_intake": lambda s, law, clock: law.law_year(s.intake.start, clock)[0],
    "sector": lambda s, law, _: law.facts["sector"].encode(s.place.track.sector if s.place.track else OUT.id),
    "year_in_track": lambda s, _law, _: s.place.n,
    "years_to_final": lambda s, _law, _: s.place.years_to_final,
    "age_end": lambda s, _law, _: s.age_at_end,
    "school_years": lambda s, law, _: school_years(s, law),
    "own_level": _own_level,
    "profile": lambda s, law, _: _member(law.facts["profile"], s.pupil.profile),
    **{name: partial(_acts, name) for name in ("acts", "acts_now")},
    "diplomas": lambda s, law, _: diploma_mask((e.diploma for e in s.record.diplomas), law),
}
