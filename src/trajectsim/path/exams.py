"""The exam on a walk: the marks that are given for it, judged; subjects closed before it, and whether they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from trajectsim.exam.packages import roles_of
from trajectsim.exam.sheets import Batch, Layout, Slot
from trajectsim.exam.verdicts import SheetVerdict, judge_sheet
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.places import Place
from trajectsim.pupil import Result, State
from trajectsim.pupil.facts import level_of
from trajectsim.verdict import YES, Verdict, judge


@frozen(eq=False)
class Closed:
    """A subject that was closed before the exam year. ``verdict`` says whether its central exam stands; None where it
    had none."""

    result: Result
    verdict: Verdict | None = None

    @property
    def stands(self) -> bool:
        return self.verdict is None or self.verdict.truth == YES


def closed(results: Sequence[Result], state: State, to: Place, law: Lawbook, clock: Clock) -> tuple[Closed, ...]:
    """The results of a year that is not the exam year. A central exam stands by the law of that year: when the pupil is
    promoted, or whatever happens."""
    return tuple(
        Closed(result, _early(result.level, state, to, law, clock) if _central(result, law, clock) else None)
        for result in results
    )


def early_stands(state: State, to: Place, law: Lawbook, clock: Clock) -> bool:
    """Whether a central exam that was sat in a state, before the final year, stands for who goes on to a place."""
    verdict = _early(level_of(state), state, to, law, clock)
    return verdict is None or verdict.truth == YES


def _early(level: str, state: State, to: Place, law: Lawbook, clock: Clock) -> Verdict | None:
    there, here = to.track, state.place.track
    promoted = there is not None and here is not None and there.sector == here.sector and to.n > state.place.n
    tables = law.demands_of(level, "", "early", state.year.start, clock)
    return judge(tables[0], {"promoted": int(promoted)}) if tables else None


def _central(result: Result, law: Lawbook, clock: Clock) -> bool:
    """Whether a result is of a central exam, or of what stood in its place in a year without any."""
    if result.central:
        return True
    subject = law.subject(result.subject)
    return not law.sitting(result.level, result.year.start, clock).ce and subject is not None and subject.ce == "always"


def sheet(results: Sequence[Result], state: State, law: Lawbook) -> Batch:
    """The mark sheet of the exam of a year, with the subjects closed before it; roles not given follow the package."""
    rows: dict[str, Result] = {}
    for result in (*(r for r in state.record.closed if r.level == results[0].level), *results):
        rows[result.subject] = result.over(rows[result.subject]) if result.subject in rows else result
    level, year = results[0].level, state.year.start
    roles = roles_of(law, level, year, state.pupil.profile, list(rows))
    slots = tuple(
        Slot(code, result.role or role, result.at, result.year.start, result.central)
        for (code, result), role in zip(rows.items(), roles, strict=True)
    )
    marks = [{"se": r.se, "ce": r.ce, "resit": r.resit, "rating": r.rating} for r in rows.values()]
    return Batch.of_rows(Layout(level, year, slots, profile=state.pupil.profile), marks, state.pupil.name)


def exam(
    results: Sequence[Result], state: State, law: Lawbook, clock: Clock, offered: Mapping[str, int]
) -> SheetVerdict:
    """The verdict on the exam of a year. ``offered``: the facts that measures set for this pupil."""
    return judge_sheet(sheet(results, state, law), law, clock, offered)
