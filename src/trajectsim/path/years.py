"""A school year up to its move: acts, results, diplomas, in this order. What comes next is to be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.places import OUT, Place
from trajectsim.path.options import Desk, Option
from trajectsim.path.plan import Plan, PlannedAct
from trajectsim.pupil import Done, Earned, Record, Result, State, YearDone
from trajectsim.pupil.facts import FactSheet, fact_sheet, level_of
from trajectsim.verdict import YES, Verdict, judge

if TYPE_CHECKING:
    from trajectsim.exam.verdicts import SheetVerdict
    from trajectsim.path.exams import Closed
    from trajectsim.path.learner import Learner


@frozen(eq=False)
class Ended:
    """A school year up to its move: the desk ``before`` its diplomas and ``after``, the ``marks`` of the year, and the
    planned ``acts`` by where they stand in the plan."""

    before: Desk
    after: Desk
    marks: tuple[Result, ...]
    exam: SheetVerdict | None
    modelled: Mapping[str, int]
    acts: Mapping[int, Option | None]
    done: tuple[Done, ...]
    earned: tuple[tuple[Earned, Verdict], ...]
    assumed: frozenset[str]

    def closed(self, to: Place) -> tuple[Closed, ...]:
        """The subjects closed this year for a later exam, when the pupil goes on to a place."""
        return _closed(self.after, self.marks, self.done, to)

    def following(self, move: Option) -> State:
        """The pupil in the next school year, after a move."""
        to, record = move.to or OUT, self.after.state.record
        closed = tuple(each.result for each in self.closed(to) if each.stands)
        record = evolve(record, closed=(*record.closed, *closed)) if closed else record
        record = standing(record, self.before.state, to, self.before.law, self.before.plan.clock)
        return next_state(self.before.state, record, to, enters=move.enters)


def ended(state: State, plan: Plan, law: Lawbook, learner: Learner | None = None) -> Ended:
    """A school year with its acts, results and diplomas; what comes next is to be chosen."""
    sheet = fact_sheet(state, law, plan.clock, plan.given, plan.results)
    desk = Desk(state, plan, law, sheet)
    marks = tuple(r for r in plan.results if r.subject and r.year == state.year and r.level == level_of(state))
    exam = _exam(desk, marks)
    if exam is not None and exam.result != "incomplete":
        desk = desk.with_fact("exam_result", law.facts["exam_result"].encode(exam.result))
    modelled: Mapping[str, int] = {}
    if learner is not None:
        learner.learn(desk)
        modelled, sat = learner.facts(desk)
        desk = (desk.with_facts(modelled) if modelled else desk).answered(learner.answers(state))
        desk = learner.does(desk)
        exam = exam or sat
    over = concluded(desk, cum_laude=exam is not None and exam.cum_laude)
    if goes_on(over.after):  # what was told of the exam is not of its first year
        exam, modelled = None, {name: value for name, value in modelled.items() if name != "exam_result"}
    return Ended(desk, over.after, marks, exam, modelled, over.acts, over.done, over.earned, over.assumed)


@frozen(eq=False)
class Concluded:
    """What comes of a year whose results are known: its acts, its diplomas, and the desk with them on record."""

    after: Desk
    acts: Mapping[int, Option | None]
    done: tuple[Done, ...]
    earned: tuple[tuple[Earned, Verdict], ...]
    assumed: frozenset[str]


def concluded(desk: Desk, *, cum_laude: bool = False) -> Concluded:
    """The end of a year, from a desk that has its results."""
    state, plan = desk.state, desk.plan
    desk, undergone = desk.after_what_happens()
    acts = {n: _act(desk, planned) for n, planned in enumerate(plan.acts) if planned.year == state.year}
    done = tuple(
        Done(act.rule.id, act.arguments, state.year, state.place)
        for act in (*undergone, *acts.values())
        if act is not None and act.open
    )
    known = desk.with_record(evolve(state.record, acts=(*state.record.acts, *done))) if done else desk
    earned, assumed = earned_in(known, cum_laude=cum_laude)
    record = record_after(state, desk.sheet.values["year_result"], done, [e for e, _v in earned])
    after = desk.with_record(record)
    return Concluded(after, acts, done, earned, frozenset(assumed))


def goes_on(desk: Desk) -> bool:
    """Whether the exam of a year has its result in the next."""
    return desk.sheet.values.get(GOES_ON, 0) > 0


GOES_ON = "exam_goes_on"
"""The fact that an exam is spread over two years, in the first of them."""


def _exam(desk: Desk, marks: tuple[Result, ...]) -> SheetVerdict | None:
    """The exam of this year, where there are marks for it."""
    if not marks or desk.state.place.years_to_final:
        return None
    from trajectsim.path.exams import exam  # only a walk with marks needs columns

    return exam(marks, desk.state, desk.law, desk.plan.clock, desk.offered())


def _closed(desk: Desk, marks: tuple[Result, ...], done: tuple[Done, ...], to: Place) -> tuple[Closed, ...]:
    """The subjects that are closed this year for a later exam; a central exam only where the school let her sit it."""
    spread = goes_on(desk)
    if not marks or not (spread or desk.state.place.years_to_final):
        return ()
    from trajectsim.path.exams import Closed, closed

    law = desk.law
    if spread:
        return tuple(Closed(result) for result in marks)
    said = (value for act in done if act.act == EARLY for name, value in act.arguments if name == "subject")
    sat = {law.subject_id(subject) for subject in said}
    allowed = [result for result in marks if not result.central or law.subject_id(result.subject) in sat]
    return closed(allowed, desk.state, to, law, desk.plan.clock)


EARLY = "central-exam-early"
"""The act by which a central exam is sat before the final year."""


def standing(record: Record, state: State, to: Place, law: Lawbook, clock: Clock) -> Record:
    """What is on record once a pupil goes from a state to a place: central exams that she sat early this year may not
    stand."""
    early = [n for n, done in enumerate(record.acts) if done.act == EARLY and done.year == state.year]
    if not early:
        return record
    from trajectsim.path.exams import early_stands  # few sit one

    stands = early_stands(state, to, law, clock)
    acts = (evolve(done, stands=stands) if n in early else done for n, done in enumerate(record.acts))
    return evolve(record, acts=tuple(acts))


_OF_STUDY = {"requirements", "study_area", "fixus"}
"""The facts that a study tells: not assumed where one is named."""


def record_after(state: State, result: int, done: Iterable[Done], earned: Iterable[Earned]) -> Record:
    """What is on record once a year is over, but for the subjects that are closed in it. ``result``: the value of the
    fact ``year_result``."""
    year, record = YearDone(state.year, state.place, result), state.record
    diplomas, acts = (*record.diplomas, *earned), (*record.acts, *done)
    return Record(diplomas, acts, record.po_years, record.closed, (*record.years, year))


def next_state(state: State, record: Record, to: Place, *, enters: bool) -> State:
    """The state of the school year after; ``enters``: by a move into a track, from without or anew."""
    if record.po_years is not None and to.track is not None and to.track.id == "po":
        record = evolve(record, po_years=record.po_years + 1)
    return State(
        state.pupil,
        record,
        state.year + 1,
        to,
        state.year + 1 if enters else state.intake,
        state.years_in_place + 1 if to == state.place and not enters else 1,
    )


def earned_in(desk: Desk, *, cum_laude: bool) -> tuple[tuple[tuple[Earned, Verdict], ...], set[str]]:
    state, assumed = desk.state, set[str]()
    found: list[tuple[Earned, Verdict]] = []
    for diploma in desk.law.diplomas_in(state.place):
        table = desk.law.table(diploma, state.year.start, state.intake.start, desk.plan.clock)
        verdict = judge(table, desk.sheet.values)
        if verdict.truth == YES and all(earned.diploma != diploma.id for earned in state.record.diplomas):
            found.append((Earned(diploma.id, state.year, cum_laude), verdict))
            assumed |= _assumed_by(verdict, desk.sheet)
    return tuple(found), assumed


def assumed_by(option: Option) -> set[str]:
    """The facts that nobody gave and that a move hangs on."""
    return _assumed_by(option.verdict, option.desk.sheet) - (_OF_STUDY if option.study else set())


def _assumed_by(verdict: Verdict, sheet: FactSheet) -> set[str]:
    way = verdict.deciding
    return {check.fact.id for check in way.checks if check.fact.id in sheet.assumed} if way else set()


def _act(desk: Desk, planned: PlannedAct) -> Option | None:
    """An act of the plan, or None where the tables know it not in this place."""
    act = next((act for act in desk.law.acts_in(desk.state.place) if act.id == planned.act), None)
    return None if act is None else desk.act(act, planned)
