"""The audit of a finished walk: is every step of it lawful, by the law and the plan alone?

It keeps its own books: from the start it writes down place, intake, diplomas, acts and years itself, asks the law of
every year anew, and believes nothing that the walk says of itself but what came of marks and of a model of learning.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from trajectsim.calendar import SchoolYear, age_on_1_october
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.places import OUT, Place
from trajectsim.path.options import Desk, Option
from trajectsim.path.plan import PlannedAct
from trajectsim.path.walk import Step, Trajectory, start_state
from trajectsim.pupil import Earned, Record, State, YearDone
from trajectsim.pupil.facts import fact_sheet
from trajectsim.verdict import YES, judge
from trajectsim.words import _

HIGHER = "ho"
"""The sector that nobody enters without a qualification or the age that stands in for one."""


@frozen
class Breach:
    """Something in a walk that the law or the plan does not bear out: the school year, and what, in words."""

    year: SchoolYear
    text: str


def audit(walk: Trajectory, law: Lawbook) -> tuple[Breach, ...]:
    """What is wrong with a walk; nothing where it is lawful from its first school year to its last."""
    return tuple(_breaches(walk, law))


def _breaches(walk: Trajectory, law: Lawbook) -> Iterator[Breach]:
    state = start_state(walk.plan, law)
    born, last = walk.plan.pupil.born, walk.steps[-1]
    for step in walk.steps:
        year = state.year
        if (step.state.year, step.state.place) != (year, state.place):
            told = _("the walk is at {place} in {found}; the step before led to {to}")
            yield Breach(year, told.format(place=step.state.place, found=step.state.year, to=state.place))
            return  # what comes next stands on this
        if step.state.age != age_on_1_october(born, year):
            yield Breach(year, _("the age is {n} and not one more than a year before").format(n=step.state.age))
        held, noted = ({each.diploma for each in one.record.diplomas} for one in (state, step.state))
        for name in sorted(held ^ noted):
            yield Breach(year, _("the diploma {name} is lost, or was never earned").format(name=name))
        desk, happened = _desk(step, state, law).after_what_happens()
        yield from _wrongly_done(step, desk, {option.rule.id for option in happened})
        yield from _wrongly_earned(step, desk)
        after = desk.with_record(_record_after(step, state, desk))
        if step.taken is None:
            if step is not last:
                yield Breach(year, _("no move is taken, and the walk goes on"))
            return
        option = after.move(step.taken.rule.id)
        if option is None or not option.open:
            why = _("it does not start in {place}").format(place=state.place) if option is None else option.why_not()
            yield Breach(year, _("{move} is not lawful: {why}").format(move=step.taken.rule.label, why=why))
            return
        if step.taken.to != option.to:
            yield Breach(year, _("{move} does not lead there").format(move=step.taken.rule.label))
        yield from _unqualified(option, state.place, year, law)
        state = _next(step, after.state, option)


def _desk(step: Step, state: State, law: Lawbook) -> Desk:
    """The pupil in a school year, with what came of marks and of a model as the walk tells it."""
    plan = step.before.plan
    sheet = fact_sheet(state, law, plan.clock, plan.given, plan.results)
    told: dict[str, int] = {}
    if step.exam is not None and step.exam.result != "incomplete":
        told["exam_result"] = law.facts["exam_result"].encode(step.exam.result)
    desk = Desk(state, plan, law, sheet, step.before.answers)
    told |= dict(step.modelled)
    return desk.with_facts(told) if told else desk


def _wrongly_done(step: Step, desk: Desk, happened: set[str]) -> Iterator[Breach]:
    """The acts that the law of the year does not let her do; those that happen by themselves were asked already."""
    there = {act.id: act for act in desk.law.acts_in(desk.state.place)}
    for done in (each for each in step.done if each.act not in happened):
        act = there.get(done.act)
        option = None if act is None else desk.act(act, PlannedAct(done.year, done.act, done.arguments))
        if option is None or not option.open:
            where = _("it does not start in {place}").format(place=desk.state.place)
            why = where if option is None else option.why_not()
            label = desk.law.acts[done.act].label
            yield Breach(step.state.year, _("{move} is not lawful: {why}").format(move=label, why=why))


def _wrongly_earned(step: Step, desk: Desk) -> Iterator[Breach]:
    """Diplomas that were not due, and those that were and are not there."""
    state, law = desk.state, desk.law
    held = {earned.diploma for earned in state.record.diplomas}
    tables = {
        diploma.id: law.table(diploma, state.year.start, state.intake.start, desk.plan.clock)
        for diploma in law.diplomas_in(state.place)
    }
    due = {name for name, table in tables.items() if judge(table, desk.sheet.values).truth == YES} - held
    for name in sorted(due ^ {earned.diploma for earned, _verdict in step.earned}):
        told = _("the diploma {name} is due and not earned") if name in due else _("the diploma {name} is not due")
        yield Breach(state.year, told.format(name=name))


def _record_after(step: Step, state: State, desk: Desk) -> Record:
    record = state.record
    earned = tuple(Earned(each.diploma, state.year, each.cum_laude) for each, _verdict in step.earned)
    done = YearDone(state.year, state.place, desk.sheet.values["year_result"])
    return evolve(
        record,
        diplomas=(*record.diplomas, *earned),
        acts=(*record.acts, *step.done),
        years=(*record.years, done),
    )


def _next(step: Step, state: State, option: Option) -> State:
    """The books of the next school year."""
    to, record = option.to or OUT, state.record
    entered = to.track is not state.place.track or option.rule.by == "intake"
    in_po = to.track is not None and to.track.id == "po" and record.po_years is not None
    stays = to == state.place and not entered
    closed = (*record.closed, *(each.result for each in step.closed if each.stands))
    record = evolve(record, closed=closed, po_years=(record.po_years or 0) + 1 if in_po else record.po_years)
    year = state.year + 1
    in_place = state.years_in_place + 1 if stays else 1
    return State(state.pupil, record, year, to, year if entered else state.intake, in_place)


def _unqualified(option: Option, place: Place, year: SchoolYear, law: Lawbook) -> Iterator[Breach]:
    """Who enters higher education does so by what she holds, or by the age that stands in for it."""
    to, way = option.to or OUT, option.verdict.deciding
    sector = "" if place.track is None else place.track.sector
    if to.track is None or to.track.sector != HIGHER or sector == HIGHER or way is None:
        return
    if not {check.fact.id for check in way.checks} & _qualifying(law):
        yield Breach(year, _("{place} is entered without an entry qualification").format(place=to))


def _qualifying(law: Lawbook) -> frozenset[str]:
    """The diplomas, what follows from them, the age, and having been in higher education before (an act there)."""

    def make() -> frozenset[str]:
        found = {"diplomas", "acts", "age_end"}
        needs = {fact.id: {name for each in fact.when for name in each} for fact in law.facts.values()}
        while new := {name for name, asked in needs.items() if asked & found and name not in found}:
            found |= new
        return frozenset(found)

    return law.kept("qualifying facts", make)
