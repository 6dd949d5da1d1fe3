"""Playing a plan: from the start, school year by school year, to the end of school.

A step is, in this order: acts, results, diplomas, move. The move is the one the plan chooses; else one that a
measure brings about by itself; else nominal progress; else repeating; else leaving. Who has left stays out of school
until a choice leads back; the walk ends when she is out and nothing later is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from trajectsim.calendar import SchoolYear, age_at_end
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.places import OUT, Place
from trajectsim.law.tables import Cite
from trajectsim.path.options import Desk, MeasureState, Option
from trajectsim.path.plan import Plan
from trajectsim.path.years import EARLY as EARLY
from trajectsim.path.years import Ended as Ended
from trajectsim.path.years import assumed_by as assumed_by
from trajectsim.path.years import earned_in as earned_in
from trajectsim.path.years import ended as ended
from trajectsim.path.years import goes_on
from trajectsim.path.years import next_state as next_state
from trajectsim.path.years import record_after as record_after
from trajectsim.pupil import Done, Earned, Record, State
from trajectsim.verdict import Outcome, Verdict
from trajectsim.words import N_, _

if TYPE_CHECKING:
    from trajectsim.exam.verdicts import SheetVerdict
    from trajectsim.path.exams import Closed
    from trajectsim.path.learner import Learner
    from trajectsim.path.teaching import TeachingTime

OLDEST = 40
"""The age on 1 October at which a walk that never ends is broken off."""


class Reason(StrEnum):
    """Why the walk took a move."""

    CHOICE = "choice"
    MEASURE = "measure"
    MODEL = "model"
    NOMINAL = "nominal"
    FALLBACK = "fallback"


class End(StrEnum):
    """How a walk ended."""

    LEFT = "left"
    STUCK = "stuck"
    BROKEN_OFF = "broken-off"

    @property
    def text(self) -> str:
        return _(_END_TEXT[self])


_END_TEXT = {
    End.LEFT: N_("left school"),
    End.STUCK: N_("no lawful step is left"),
    End.BROKEN_OFF: N_("broken off: no end within the years that are walked"),
}


@frozen(eq=False)
class Refusal:
    """Something the plan asked for that did not happen. ``option`` is None where no table knows it in the place;
    ``index`` is where it stands in the plan's choices or acts (by ``kind``), or the id of a measure."""

    kind: str
    index: int | str
    id: str
    year: SchoolYear
    outcome: Outcome
    reason: str
    option: Option | None = None


@frozen(eq=False)
class Step:
    """One school year of a walk: the desk ``before`` its diplomas, where acts are judged, and ``after``, for the move.

    ``earned`` are the diplomas at its end; ``exam`` the verdict on the marks that are given for the exam of this year,
    ``closed`` the subjects closed before theirs; ``modelled`` the facts that a model of learning told, with the marks
    of the exam where it told the result. What the walk does not need is judged when it is asked for.
    """

    before: Desk = field(repr=False)
    after: Desk = field(repr=False)
    done: tuple[Done, ...] = ()
    earned: tuple[tuple[Earned, Verdict], ...] = ()
    taken: Option | None = None
    reason: Reason | None = None
    assumed: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    exam: SheetVerdict | None = None
    closed: tuple[Closed, ...] = ()
    modelled: Mapping[str, int] = field(factory=dict[str, int])

    @property
    def state(self) -> State:
        """The pupil at the start of the year."""
        return self.before.state

    @cached_property
    def moves(self) -> tuple[Option, ...]:
        """Every move out of the place, the refused ones included."""
        return self.after.moves()

    @cached_property
    def acts(self) -> tuple[Option, ...]:
        """Every act in the place; those of the plan with their arguments."""
        return self.before.acts()

    @cached_property
    def measures(self) -> tuple[MeasureState, ...]:
        """Every measure as it stands for the pupil."""
        return self.after.measures()

    @cached_property
    def teaching(self) -> TeachingTime | None:
        """The ledger of teaching time, where the plan has hours for the track."""
        if not self.after.plan.teaching:
            return None
        from trajectsim.path.teaching import teaching_time  # few walks have hours

        return teaching_time(self.after)

    @property
    def resat(self) -> tuple[str, ...]:
        """The subjects of the exam of this year that were sat again."""
        pairs = zip(self.exam.slots, self.exam.resits, strict=True) if self.exam else ()
        return tuple(slot.code for slot, mark in pairs if mark)

    @property
    def marks_modelled(self) -> bool:
        """Whether the marks of the exam are a model's. Where some marks are given and others not, the marks are those,
        and only the result is the model's."""
        return self.exam is not None and "exam_result" in self.modelled and self.exam.result != "incomplete"

    @property
    def extrapolated(self) -> bool:
        """Whether the verdict on the move is beyond the years whose law is known."""
        return self.taken is not None and self.taken.verdict.table.extrapolated


@frozen(eq=False)
class Trajectory:
    """A plan that was played."""

    plan: Plan
    steps: tuple[Step, ...]
    end: End
    refusals: tuple[Refusal, ...] = field(default=())
    evidence: str = ""
    """The weakest grade of evidence behind what was modelled, from A to D; empty where nothing was."""

    def at(self, year: SchoolYear) -> Step | None:
        """The step of a school year, or None when the pupil is not in school."""
        index = year - self.steps[0].state.year
        return self.steps[index] if 0 <= index < len(self.steps) else None

    def repeats(self, step: Step) -> bool:
        """Whether a school year of it is one that is done again."""
        before = self.at(step.state.year + -1)
        return step.state.years_in_place > 1 and not (before is not None and goes_on(before.after))

    @property
    def ended(self) -> str:
        """How it ended, in words; who leaves with a diploma of that year has finished."""
        return _("education finished") if self.end is End.LEFT and self.steps[-1].earned else self.end.text

    @property
    def earned(self) -> tuple[Earned, ...]:
        """The diplomas earned on the walk, in order."""
        return tuple(earned for step in self.steps for earned, _verdict in step.earned)

    def diploma(self, level: str) -> Earned | None:
        """The first diploma of a level on the walk."""
        return next((earned for earned in self.earned if earned.diploma == level), None)

    def age_at(self, earned: Earned) -> int:
        """The age on 31 July of the year in which a diploma was earned."""
        return age_at_end(self.plan.pupil.born, earned.year)

    @property
    def left_early(self) -> Cite | None:
        """Where it stands that who left as she did counts as an early leaver; None when she does not."""
        last = self.steps[-1].taken
        way = last.verdict.deciding if last is not None else None
        return way.cite if way is not None and way.id == EARLY_LEAVER else None

    @property
    def assumed(self) -> tuple[str, ...]:
        """The facts that were assumed and that the walk hangs on, by id."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step.assumed))

    @property
    def modelled(self) -> Mapping[str, Mapping[int, tuple[SchoolYear, ...]]]:
        """The facts that a model of learning told: by id and value the years in which it did."""
        found: dict[str, dict[int, tuple[SchoolYear, ...]]] = {}
        for step in self.steps:
            for name, value in step.modelled.items():
                years = found.setdefault(name, {})
                years[value] = (*years.get(value, ()), step.state.year)
        return found

    @property
    def practices(self) -> tuple[str, ...]:
        """The practices that were assumed and that the walk hangs on, by id."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step.practices))


def play(plan: Plan, law: Lawbook) -> Trajectory:
    """Walk a plan. Where schools decide, the practice of the plan or of the law data says; results that nobody gave are
    assumed, or told by the model of the plan, in fixed mode without noise."""
    learner = None
    if plan.learning is not None:
        from trajectsim.path.learner import Learner  # only who learns needs columns

        learner = Learner.of(plan, plan.learning, law)
        plan = learner.plan
    steps: list[Step] = []
    refusals: list[Refusal] = []
    state: State | None = start_state(plan, law)
    while state is not None and (not steps or state.age < OLDEST):
        step, following, refused = _year(state, plan, law, learner)
        steps.append(step)
        refusals.extend(refused)
        state = None if following is None or _is_over(following, plan) else following
    ended = End.LEFT if steps[-1].taken is not None else End.STUCK
    evidence = learner.evidence if learner is not None else ""
    return Trajectory(plan, tuple(steps), End.BROKEN_OFF if state is not None else ended, tuple(refusals), evidence)


def _is_over(state: State, plan: Plan) -> bool:
    """Whether she is out of school and nothing is chosen any more."""
    return state.place == OUT and all(choice.year < state.year for choice in plan.choices)


def start_state(plan: Plan, law: Lawbook) -> State:
    """The state that a plan starts in. Raises LookupError when its place is none of the law's."""
    start, place = plan.start, law.place(plan.start.place)
    if place is None:
        raise LookupError(plan.start.place)
    before = start.year + -1
    diplomas = tuple(Earned(name, before) for name in start.diplomas)
    years = max(place.n, 1) + start.years_in_place - 1
    po_years = {"po": years, "home": 0}.get(place.track.id) if place.track is not None else None
    intake = start.year + (1 - years)
    return State(plan.pupil, Record(diplomas, (), po_years), start.year, place, intake, start.years_in_place)


def _year(state: State, plan: Plan, law: Lawbook, learner: Learner | None) -> tuple[Step, State | None, list[Refusal]]:
    year = ended(state, plan, law, learner)
    desk, assumed = year.after, set(year.assumed)
    refusals = list(_refused(desk, year.acts))
    taken, reason = _taken(desk, learner)
    if learner is not None and taken is not None:
        learner.move(taken)
    practices: tuple[str, ...] = ()
    if taken is not None:
        assumed |= assumed_by(taken)
        way = taken.verdict.deciding
        if taken.assumed_practice and way is not None:
            practices = (way.practice,)
            default = law.practices[way.practice].default
            assumed |= set(default) & desk.sheet.assumed if isinstance(default, dict) else set()
    ordered = tuple(name for name in law.facts if name in assumed)
    to = OUT if taken is None or taken.to is None else taken.to
    closed = year.closed(to)
    told = (year.exam, closed, year.modelled)
    step = Step(year.before, desk, year.done, year.earned, taken, reason, ordered, practices, *told)
    return step, None if taken is None else year.following(taken), refusals


EARLY_LEAVER = "early-leaver"
"""The way of leaving without a basic qualification."""


def _taken(desk: Desk, learner: Learner | None) -> tuple[Option | None, Reason | None]:
    selected: Mapping[str, bool] = learner.selected(desk.state) if learner is not None else {}
    for wish, reason in wishes(desk):
        name = wish if wish != MODELLED else learner.wish(desk) if learner is not None else ""
        option = desk.move(name) if selected.get(name, True) else None
        if option is not None and option.open:
            return option, reason
    return None, None


MODELLED = "*"
"""Stands in the order of wishes for the move that a model of learning says."""


def wishes(desk: Desk) -> Iterator[tuple[str, Reason]]:
    """Moves in the order in which the walk wants them. Who is not selected for a move does not want it."""
    place = desk.state.place
    for choice in desk.plan.choices:
        if choice.year == desk.state.year:
            yield choice.move, Reason.CHOICE
    for select in desk.plan.selects:
        if select.here(place):
            yield select.move, Reason.CHOICE
    # In the place of a nominal passage: what makes an earlier one lawful does not make a child of five take it.
    for measure in _moving(desk.law) if not place.years_to_final else ():
        if measure.on_by_itself or measure.id in desk.plan.measures:
            state = desk.standing(measure)
            if state.on and state.lawful:
                yield from ((name, Reason.MEASURE) for name in measure.moves)
    yield MODELLED, Reason.MODEL
    onwards = place.track.nominal if place.track is not None else ("stay-out",)
    yield from ((name, Reason.NOMINAL) for name in (("promote",) if place.years_to_final else onwards))
    yield from ((name, Reason.FALLBACK) for name in ("repeat", *onwards, "leave", *desk.law.moves))


def _moving(law: Lawbook) -> tuple[Measure, ...]:
    """The measures that happen by moves."""
    rows = law.measures.values()
    return law.kept("moving measures", lambda: tuple(m for m in rows if m.takes == "default" and m.moves))


def _refused(desk: Desk, acts: Mapping[int, Option | None]) -> Iterator[Refusal]:
    """What the plan asked for this year and does not get; ``acts`` are those of it, by where they stand in the plan."""
    year, place = desk.state.year, desk.state.place
    for index, choice in enumerate(desk.plan.choices):
        if choice.year == year:
            option = desk.move(choice.move)
            if option is None or not option.open:
                yield _refusal("choice", index, choice.move, year, option, place)
    for index, option in acts.items():
        if option is None or not option.open:
            yield _refusal("act", index, desk.plan.acts[index].act, year, option, place)
    for name, measure in desk.law.measures.items():
        if name not in desk.plan.measures:
            continue
        state = desk.standing(measure)
        if state.on and not state.lawful and (state.here or _in_the_way(desk, state)):
            reason = state.verdict.why_not()
            yield Refusal("measure", measure.id, measure.id, year, Outcome.UNLAWFUL, reason)


def _in_the_way(desk: Desk, state: MeasureState) -> bool:
    """Whether one of its moves is shut by nothing but what a measure sets."""
    options = (desk.move(name) for name in state.measure.moves)
    return any(option is not None and _only_lacks(option, state) for option in options)


def _only_lacks(option: Option, state: MeasureState) -> bool:
    """Whether nothing but what this measure sets keeps an option shut."""
    return bool(option.verdict.unmet) and all(c.fact.id in state.measure.sets for c in option.verdict.unmet)


def _refusal(kind: str, index: int, name: str, year: SchoolYear, option: Option | None, place: Place) -> Refusal:
    if option is None:
        reason = _("it does not start in {place}").format(place=place)
        return Refusal(kind, index, name, year, Outcome.NEEDS_UNMET, reason)
    return Refusal(kind, index, name, year, option.outcome, option.why_not(), option)


def gained(walk: Trajectory, without: Trajectory) -> int:
    """School years by which the last diploma that both walks earn comes earlier; negative when it comes later."""
    both = last_of_both(walk, without)
    return both[1].year - both[0].year if both else 0


def last_of_both(walk: Trajectory, without: Trajectory) -> tuple[Earned, Earned] | None:
    """The last diploma that both walks earn, as each earns it; None when there is none."""
    pairs = ((earned, without.diploma(earned.diploma)) for earned in reversed(walk.earned))
    return next(((earned, other) for earned, other in pairs if other is not None), None)
