"""The facts of a state, as integers by fact id, and which of them were assumed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from attrs import frozen

from trajectsim.calendar import year_of_groep_1
from trajectsim.law.facts import UNKNOWN, Fact, Facts
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.places import OUT, named
from trajectsim.law.studies import TOLD
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
    told = {name: told.compute(state, law, clock) for name, told in _OF_STATE.items()}
    values = {**resting.values, **told, **known}
    values.update(_of_record(state, law, values))
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


def carried(state: State, law: Lawbook, clock: Clock) -> tuple[Hashable, ...]:
    """All that the facts which rules ask for can read, now or later, of how a pupil came where she is: two states of a
    pupil, place and school year that carry the same have the same facts, and keep them on the same way."""
    kept = _kept(law, state.record.years)
    return tuple(
        kept[name] if name in kept else keeps(state, law, clock)
        for name, keeps in law.kept("what states carry", lambda: _carriers(law))
    )


def of_history(law: Lawbook) -> tuple[str, ...]:
    """The facts that hang on how a pupil came where she is, and not on her, the place and the school year alone."""
    return tuple(name for name, told in _OF_STATE.items() if told.keeps is not None) + tuple(_record_facts(law))


def _carriers(law: Lawbook) -> tuple[tuple[str, Keeps], ...]:
    read = {*facts_read(law), "diplomas"}  # nobody earns the same one twice
    found = [(name, told.keeps) for name, told in _OF_STATE.items() if told.keeps is not None and name in read]
    return (*found, *((name, _nothing) for name in _record_facts(law) if name in read))


def _nothing(_state: State, _law: Lawbook, _clock: Clock) -> None:
    return None


def facts_read(law: Lawbook) -> Mapping[str, tuple[Any, ...]]:
    """By id, every fact that something in the law of walks asks for, with what is asked of it; of one that another is
    compared with, what is asked of that one ("@fact")."""

    def make() -> Mapping[str, tuple[Any, ...]]:
        rules = (*law.moves.values(), *law.acts.values(), *law.diplomas.values(), *law.duties.values())
        asked = [way.needs for rule in rules for version in rule.version for way in version.ways]
        asked += [needs for fact in law.facts.values() for needs in fact.when]
        asked += [each.default for each in law.practices.values() if isinstance(each.default, dict)]
        asked += [{source: {}} for act in law.acts.values() for source in act.sets.values()]
        versions = [version for study in law.studies.values() for version in study.version]
        studied = (name for version in versions for row in version.demand for name in (row.subjects, row.by) if name)
        asked += [{name: {}} for name in (*studied, *(TOLD if law.studies else ()))]
        if any(rule.by == "intake" for rule in (*law.acts.values(), *law.diplomas.values())):
            asked += [{"law_intake": {}}]
        found: dict[str, list[Any]] = {}
        for name, need in ((name, need) for needs in asked for name, need in needs.items()):
            found.setdefault(name, []).append(need)
            for other in _other_facts(need):
                found.setdefault(other, []).append(f"@{name}")
        return {name: tuple(needs) for name, needs in found.items()}

    return law.kept("facts that are read", make)


def _other_facts(need: Any) -> Iterator[str]:
    """The facts that a need names beside its own."""
    if isinstance(need, dict):
        for key, value in need.items():  # pyright: ignore[reportUnknownVariableType]
            if key == "over":
                yield value
            else:
                yield from _other_facts(value)
    elif isinstance(need, str) and need.startswith("@"):
        yield need[1:]


Derived = tuple[tuple[Fact, tuple[tuple[Check, ...], ...]], ...]
"""The facts that others decide, each with its needs, compiled."""


def derived(law: Lawbook, values: Mapping[str, int], told: Iterable[str] | None = None) -> dict[str, int]:
    """The facts that others decide: 1 when one of their needs holds, UNKNOWN when that cannot be told. Only those that
    ask for one of the facts ``told`` anew, where these are named."""

    def every() -> Derived:
        rows = [fact for fact in law.facts.values() if fact.source == "derived"]
        return tuple((fact, tuple(compile_needs(needs, law.facts) for needs in fact.when)) for fact in rows)

    def some() -> Derived:
        asked = frozenset(told or ())
        return tuple(
            (fact, needs)
            for fact, needs in law.kept("derived facts", every)
            if any(name in asked for each in fact.when for name in _named_in(each))
        )

    rows = law.kept("derived facts", every) if told is None else law.kept(("derived of", frozenset(told)), some)
    truths = {fact.id: max([hold(checks, values) for checks in needs]) for fact, needs in rows}
    return {name: {YES: 1, NO: 0}.get(truth, UNKNOWN) for name, truth in truths.items()}


def _named_in(needs: Mapping[str, Any]) -> Iterator[str]:
    """The facts that needs name, those on the other side of a comparison included."""
    for name, need in needs.items():
        yield name
        yield from _other_facts(need)


def _of_record(state: State, law: Lawbook, values: Mapping[str, int]) -> dict[str, int]:
    """What the years so far say, this one included: it counts as done, with the result it has now."""
    now = YearDone(state.year, state.place, values.get("year_result", UNKNOWN))
    kept, facts = _kept(law, state.record.years), law.facts
    return {name: fold.tell(facts[name], kept[name], now, facts) for name, fold in _record_facts(law).items()}


def _kept(law: Lawbook, years: Sequence[YearDone]) -> dict[str, int]:
    """What each fact of the record keeps of the years before."""
    facts, folds = law.facts, _record_facts(law)
    kept: dict[str, int] = {}
    for name, fold in folds.items():
        fact = facts[name]
        value = fold.start(fact)
        for done in years:
            value = fold.keep(fact, value, done, facts)
        kept[name] = value
    return kept


def _record_facts(law: Lawbook) -> Mapping[str, _Fold]:
    return law.kept(
        "facts of the record", lambda: {name: each for name, each in _OF_RECORD.items() if name in law.facts}
    )


Step = Callable[[Fact, int, YearDone, Facts], int]


@frozen
class _Fold:
    """A fact of the record, year by year: what it keeps ``start``s as, what it ``keep``s once a year is over, and what
    that and the year of now ``tell``. It sees no more of the past than what it keeps."""

    start: Callable[[Fact], int]
    keep: Step
    tell: Step


def _years_passed(fact: Fact, kept: int, done: YearDone, facts: Facts) -> int:
    """The highest year passed in the places that the fact looks at; who was in a year has passed the one before."""
    if not _looked_at(fact, done):
        return kept
    return max(kept, done.place.n - (done.result < facts["year_result"].encode("sufficient")))


def _was_there(fact: Fact, _kept: int, done: YearDone, _facts: Facts) -> int:
    """Whether a year was in one of the places that the fact looks at."""
    return int(_looked_at(fact, done))


def _there_or_just(fact: Fact, kept: int, done: YearDone, _facts: Facts) -> int:
    """Whether this year is, or the one before was."""
    return kept | _looked_at(fact, done)


def _last_level(fact: Fact, kept: int, done: YearDone, _facts: Facts) -> int:
    """The level of the last of the places that the fact looks at; none where she was in none of them."""
    track = done.place.track
    return fact.encode(track.level) if track is not None and _looked_at(fact, done) else kept


def _looked_at(fact: Fact, done: YearDone) -> bool:
    return named(fact.at, done.place.id)


_OF_RECORD = {
    "general_years": _Fold(lambda _fact: 0, _years_passed, _years_passed),
    "recent_entree": _Fold(lambda _fact: 0, _was_there, _there_or_just),
    "vmbo_track": _Fold(lambda fact: fact.encode("none"), _last_level, _last_level),
}


def with_record(sheet: FactSheet, state: State, law: Lawbook, clock: Clock) -> FactSheet:
    """The facts once the acts and the diplomas of this year are on record too."""
    now = {name: _OF_STATE[name].compute(state, law, clock) for name in ("diplomas", "acts", "acts_now")}
    told = {name: value for name, value in now.items() if sheet.values[name] != value}
    if not told:
        return sheet
    values = {**sheet.values, **told}
    return FactSheet({**values, **derived(law, values, told)}, sheet.assumed)


def diploma_mask(names: Iterable[str], law: Lawbook) -> int:
    """The value of the fact ``diplomas`` for diplomas by id."""
    return law.facts["diplomas"].mask(list(names))


def _results(state: State, facts: Facts, results: Iterable[Result]) -> dict[str, int]:
    found: dict[str, int] = {}
    for result in results:
        if result.outcome and result.year == state.year and result.level in ("", level_of(state)):
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


def _schooling(state: State, law: Lawbook, _clock: Clock) -> tuple[int, int]:
    """What school years hang on: in primary school the years there, as far as they can count; after it a number that
    grows by one a year, so that above the highest bound of any rule it tells no more."""
    primary = law.tracks["po"]

    def make() -> int | None:
        needs = facts_read(law).get("school_years", ())
        bounds: list[Any] = []
        for need in needs:
            bounds.extend(need.values() if isinstance(need, dict) else [need])  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        outside = (place for place in (*law.places(), OUT) if place.track is not primary)
        back = any(to.track is primary for place in outside for _move, to in law.moves_from(place).values())
        return None if back or not all(isinstance(bound, int) for bound in bounds) else max(bounds, default=0)

    most, years = law.kept("most school years", make), school_years(state, law)
    in_po = min(state.record.po_years or 0, primary.years) if state.place.track is primary or most is None else 0
    return in_po, years if in_po or most is None else min(years, most + 1)


Keeps = Callable[[State, Lawbook, Clock], Hashable]


@frozen
class _Told:
    """A fact of a state, and what of the state it hangs on besides the pupil, the place and the school year: all that
    it can tell in later years too. None where that is nothing."""

    compute: Callable[[State, Lawbook, Clock], int]
    keeps: Keeps | None = None


def _intake(state: State, law: Lawbook, clock: Clock) -> int:
    return law.law_year(state.intake.start, clock)[0]


def _diplomas(state: State, law: Lawbook, _clock: Clock) -> int:
    return diploma_mask((earned.diploma for earned in state.record.diplomas), law)


_OF_STATE = {
    "law_year": _Told(lambda s, law, clock: law.law_year(s.year.start, clock)[0]),
    "law_intake": _Told(_intake, _intake),
    "sector": _Told(lambda s, law, _: law.facts["sector"].encode(s.place.track.sector if s.place.track else OUT.id)),
    "year_in_track": _Told(lambda s, _law, _: s.place.n),
    "years_to_final": _Told(lambda s, _law, _: s.place.years_to_final),
    "age_end": _Told(lambda s, _law, _: s.age_at_end),
    "school_years": _Told(lambda s, law, _: school_years(s, law), _schooling),
    "own_level": _Told(_own_level),
    "profile": _Told(lambda s, law, _: _member(law.facts["profile"], s.pupil.profile)),
    "acts": _Told(partial(_acts, "acts"), partial(_acts, "acts")),
    "acts_now": _Told(partial(_acts, "acts_now"), partial(_acts, "acts_now")),
    "diplomas": _Told(_diplomas, _diplomas),
}
