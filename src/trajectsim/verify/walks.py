"""What a reform does to walks: random choices under it, year after year, and what must always be so."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Choice, Plan, Start, Switch
from trajectsim.path.walk import End, Step, play
from trajectsim.pupil import Pupil, Result
from trajectsim.verify.findings import SEARCHED, Counter, Finding
from trajectsim.verify.search import BrokenError, searching
from trajectsim.words import _, listed

CHOICES = 8
"""School years in which a walk makes a choice of its own."""
LATEST = 2
"""How many years after a reform a walk can begin, and how many years late a pupil can be."""


def walks(law: Lawbook, examples: int) -> tuple[Finding, Finding]:
    """Nobody without a lawful step; age and diplomas on every walk. Schools say yes wherever they decide."""
    found: dict[str, Counter] = {}
    tried = {"step": 0, "walks": 0}
    first = min((reform.span.first or 0 for reform in law.reforms), default=0)
    places = [place.id for place in law.places()]

    @searching(examples)
    @given(st.data())
    def search(data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(places))
        year = SchoolYear(first + data.draw(st.integers(0, LATEST)))
        born = date(year.start - _usual_age(place) - data.draw(st.integers(0, LATEST)), 6, 1)
        on = data.draw(st.booleans())
        moves = data.draw(st.lists(st.sampled_from(list(law.moves)), max_size=CHOICES))
        outcomes = data.draw(st.lists(st.sampled_from(("sufficient", "insufficient")), max_size=CHOICES))
        plan = Plan(
            pupil=Pupil(born),
            start=Start(year, place),
            measures={name: Switch(on) for name in law.measures},
            practices=dict.fromkeys(law.practices, "always"),
            choices=tuple(Choice(year + n, move) for n, move in enumerate(moves)),
            results=tuple(Result(year + n, outcome) for n, outcome in enumerate(outcomes)),
        )
        walk = play(plan, law)
        tried["step"] += len(walk.steps)
        tried["walks"] += len(walk.steps) - 1
        last = walk.steps[-1]
        if walk.end is End.STUCK and not _stuck(last, plan, law.under):
            reasons = listed(f"{option.rule.id}: {option.why_not()}" for option in last.moves) if last.moves else "-"
            told = _("{place} in {year}, aged {age}: no lawful step is left ({reasons})")
            where = {"place": last.state.place, "year": last.state.year, "age": last.state.age}
            found["step"] = Counter(told.format(**where, reasons=reasons), _scenario(last, on, outcomes, year, law))
            raise BrokenError
        for before, after in zip(walk.steps, walk.steps[1:], strict=False):
            held = [{earned.diploma for earned in step.state.record.diplomas} for step in (before, after)]
            if after.state.age != before.state.age + 1 or not held[0] <= held[1]:
                move = before.taken.rule.id if before.taken else "-"
                told = _("{move} from {place} in {year}")
                text = told.format(move=move, place=before.state.place, year=before.state.year)
                found["walks"] = Counter(text, _scenario(before, on, outcomes, year, law))
                raise BrokenError

    with suppress(BrokenError):
        search()
    return (
        Finding("step", SEARCHED, tried["step"], found.get("step")),
        Finding("walks", SEARCHED, tried["walks"], found.get("walks")),
    )


def _usual_age(place: str) -> int:
    """The age on 1 October of who comes to a place on time, as good as it can be told."""
    sector, n = place.split("/")[0], int(place.rsplit("/", 1)[1])
    return {"po": 3, "vo": 11, "mbo": 15}.get(sector, 16) + n


def _stuck(last: Step, plan: Plan, law: Lawbook | None) -> bool:
    """Whether the law without the reforms leaves no step there either."""
    if law is None:
        return False
    return play(evolve(plan, start=_start(last)), law).steps[0].taken is None


def _start(step: Step) -> Start:
    state = step.state
    diplomas = tuple(earned.diploma for earned in state.record.diplomas)
    return Start(state.year, state.place.id, state.years_in_place, diplomas)


def _scenario(step: Step, on: bool, outcomes: Sequence[str], first: SchoolYear, law: Lawbook) -> dict[str, Any]:
    """The state as a scenario that starts there, and what came of the year."""
    start = _start(step)
    n = start.year - first
    result = [{"in": str(start.year), "outcome": outcomes[n]}] if n < len(outcomes) else []
    told: dict[str, Any] = {"in": str(start.year), "at": start.place, "years-in-place": start.years_in_place}
    return {
        "pupil": {"born": step.state.pupil.born},
        "start": {**told, **({"diplomas": list(start.diplomas)} if start.diplomas else {})},
        "measures": dict.fromkeys(law.measures, on),
        "practice": dict.fromkeys(law.practices, "always"),
        **({"result": result} if result else {}),
    }
