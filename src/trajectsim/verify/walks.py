"""What a reform does to walks: random lawful steps under it, year after year, and what must always be so."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import CALENDAR, Lawbook
from trajectsim.law.places import OUT
from trajectsim.path.options import Desk, Option
from trajectsim.path.plan import Plan, Start, Switch
from trajectsim.path.walk import earned_in, next_state, start_state
from trajectsim.pupil import Pupil, Record, State
from trajectsim.pupil.facts import fact_sheet
from trajectsim.verdict import Outcome
from trajectsim.verify.findings import SEARCHED, Counter, Finding
from trajectsim.verify.search import BrokenError, searching
from trajectsim.words import _, listed

YEARS = 12
"""School years that a walk is followed for."""


def walks(law: Lawbook, examples: int) -> tuple[Finding, Finding]:
    """Nobody of school age without a lawful step; age and diplomas on every walk."""
    found: dict[str, Counter] = {}
    tried = {"step": 0, "walks": 0}
    first = min((reform.span.first or 0 for reform in law.reforms), default=0)
    places = [place for place in law.places() if place.track is not None]

    @searching(examples)
    @given(st.data())
    def search(data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(places))
        age = data.draw(st.integers(*_ages(place.id)))
        year = SchoolYear(first + data.draw(st.integers(0, 2)))
        on = data.draw(st.booleans())
        pupil = Pupil(date(year.start - age, 6, 1))
        measures = {name: Switch(on) for name in law.measures}
        plan = Plan(pupil=pupil, start=Start(year, place.id), clock=CALENDAR, measures=measures)
        outcome = data.draw(st.sampled_from(("sufficient", "insufficient")))
        passed = data.draw(st.sampled_from(("passed", "failed")))
        given_facts = {"year_result": outcome, "exam_result": passed}
        state: State | None = start_state(plan, law)
        for _step in range(YEARS):
            assert state is not None
            options, record = _options(state, plan, law, given_facts)
            tried["step"] += 1
            lawful = [option for option in options if option.outcome in (Outcome.OPEN, Outcome.SCHOOL_DECIDES)]
            if not lawful and _stuck_by_reform(state, plan, law, given_facts):
                reasons = listed(f"{option.rule.id}: {option.why_not()}" for option in options) if options else "-"
                told = _("{place} in {year}, aged {age}: no lawful step is left ({reasons})")
                where = {"place": state.place, "year": state.year, "age": state.age, "reasons": reasons}
                found["step"] = Counter(told.format(**where), _scenario(state, on, outcome, passed, law))
                raise BrokenError
            if not lawful:
                return
            taken = lawful[data.draw(st.integers(0, len(lawful) - 1))]
            if taken.to is None or taken.to == OUT:
                return
            after = next_state(state, record, taken.to)
            tried["walks"] += 1
            held = {earned.diploma for earned in state.record.diplomas}
            if after.age != state.age + 1 or not held <= {earned.diploma for earned in after.record.diplomas}:
                told = _("{move} from {place} in {year}").format(move=taken.rule.id, place=state.place, year=state.year)
                found["walks"] = Counter(told, _scenario(state, on, outcome, passed, law))
                raise BrokenError
            state = after

    with suppress(BrokenError):
        search()
    return (
        Finding("step", SEARCHED, tried["step"], found.get("step")),
        Finding("walks", SEARCHED, tried["walks"], found.get("walks")),
    )


def _ages(place: str) -> tuple[int, int]:
    """The ages at which somebody can be in a place, roughly: on time, or up to two years late."""
    sector, n = place.split("/")[0], int(place.rsplit("/", 1)[1])
    usual = {"po": 3, "vo": 11, "mbo": 15}.get(sector, 16) + n
    return usual, usual + 2


def _options(state: State, plan: Plan, law: Lawbook, given: dict[str, str]) -> tuple[list[Option], Record]:
    """The moves of a year, and what is on record at its end."""
    sheet = fact_sheet(state, law, plan.clock, {}, ())
    desk = Desk(state, plan, law, sheet)
    desk = desk.with_facts({name: law.facts[name].encode(value) for name, value in given.items()})
    earned, _assumed = earned_in(desk, cum_laude=False)
    diplomas = (*state.record.diplomas, *(each for each, _verdict in earned))
    record = evolve(state.record, diplomas=diplomas)
    return list(desk.with_diplomas(record).moves()), record


def _stuck_by_reform(state: State, plan: Plan, law: Lawbook, given: dict[str, str]) -> bool:
    """Whether the law without the reforms leaves a step."""
    under = law.under
    if under is None:
        return True
    options, _record = _options(state, plan, under, given)
    return any(option.outcome in (Outcome.OPEN, Outcome.SCHOOL_DECIDES) for option in options)


def _scenario(state: State, on: bool, outcome: str, passed: str, law: Lawbook) -> dict[str, Any]:
    """The state as a scenario that starts there."""
    level = state.place.track.level if state.place.track is not None else ""
    result: dict[str, Any] = {"in": str(state.year), "outcome": outcome}
    if level and not state.place.years_to_final:
        result = {"exam": state.year.end, "level": level, "outcome": passed}
    diplomas = [earned.diploma for earned in state.record.diplomas]
    start = {"in": str(state.year), "at": state.place.id, "years-in-place": state.years_in_place}
    return {
        "pupil": {"born": state.pupil.born},
        "start": {**start, **({"diplomas": diplomas} if diplomas else {})},
        "measures": dict.fromkeys(law.measures, on),
        "result": [result],
    }
