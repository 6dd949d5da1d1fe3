"""What a pupil may do in a place: every move, act and measure, with its verdict and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.facts import Fact
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Act, Move
from trajectsim.law.places import Place, named
from trajectsim.law.studies import ARGUMENT, REQUIREMENTS, told
from trajectsim.law.tables import Cite, Force, compile_needs
from trajectsim.law.teaching import Norm
from trajectsim.path.plan import HALF, Chance, Plan, PlannedAct, PracticeUse
from trajectsim.pupil import Record, State
from trajectsim.pupil.facts import FactSheet, derived, with_record
from trajectsim.verdict import MAYBE, NO, YES, Node, Outcome, Verdict, hold, judge
from trajectsim.words import _


@frozen(eq=False)
class MeasureState:
    """A measure in a school year: whether it is on, whether the place is one of its, and what the law says of it, which
    is not asked before it is needed."""

    measure: Measure
    on: bool
    here: bool
    _ask: Callable[[], Verdict] = field(repr=False)

    @cached_property
    def verdict(self) -> Verdict:
        """Whether the law of the year knows it."""
        return self._ask()

    @property
    def lawful(self) -> bool:
        return self.verdict.truth == YES

    @property
    def in_effect(self) -> bool:
        """Whether it works for this pupil now."""
        return self.on and self.here and self.lawful

    @property
    def outcome(self) -> Outcome:
        """Unlawful where the law of the year does not know it, not offered when it is off."""
        if not self.lawful:
            return Outcome.UNLAWFUL
        return self.verdict.outcome if self.on else Outcome.NOT_OFFERED


@frozen(eq=False)
class Option:
    """A move or an act that the tables know in a place, or a norm that a school's plan has to reach there.

    What is not asked of its verdict is not found out. ``study`` is what the study that the plan names asks; ``enters``
    says that a move leads into a track, be it anew.
    """

    rule: Move | Act | Norm
    verdict: Verdict
    _view: _View = field(repr=False)
    to: Place | None = None
    arguments: tuple[tuple[str, str], ...] = ()
    study: Verdict | None = field(default=None, repr=False)
    enters: bool = False

    @property
    def open(self) -> bool:
        """Whether the pupil can take it, as far as the law and this school go."""
        return self.verdict.truth == YES and (self.granted is True or self.verdict.force is not Force.DISCRETION)

    @property
    def granted(self) -> bool | None:
        """What the school says where it decides; None where it has no say, and where that cannot be told."""
        return self._said[0]

    @property
    def assumed_practice(self) -> bool:
        """Whether what the school says was assumed."""
        return self._said[1]

    @property
    def desk(self) -> Desk:
        """Where it was judged."""
        return self._view.desk

    @property
    def behind(self) -> Mapping[str, tuple[MeasureState, ...]]:
        """By fact id, the measures that could set a fact."""
        return self._view.behind

    @cached_property
    def outcome(self) -> Outcome:
        """What the verdict comes to: not lawful, rather than not offered, where no law knows a measure behind it."""
        outcome = self.verdict.outcome
        if outcome is Outcome.NOT_OFFERED:
            behind = [state for check in self.verdict.unmet for state in self.behind.get(check.fact.id, ())]
            if any(not state.lawful for state in behind):
                return Outcome.UNLAWFUL
        return outcome

    @cached_property
    def _said(self) -> tuple[bool | None, bool]:
        way = self.verdict.deciding if self.verdict.truth == YES else None
        if way is None or way.force is not Force.DISCRETION:
            return None, False
        return self._view.school_says(way.practice)

    @property
    def cite(self) -> Cite:
        return self.verdict.cite

    def why(self) -> tuple[Node, ...]:
        """The tests that decide, with the verdict on a measure under the fact it sets."""
        return self.verdict.why(self._under)

    def why_not(self) -> str:
        """In one sentence what stands in the way; empty when nothing does."""
        if self.outcome is Outcome.SCHOOL_DECIDES and self.granted is False:
            return _("the school says no")
        if self.study is not None and any(check.fact.id == REQUIREMENTS for check in self.verdict.unmet):
            return self.study.why_not()
        blamed = [m for c in self.verdict.unmet for m in self.behind.get(c.fact.id, ()) if not m.lawful]
        if blamed:
            return "; ".join(f"{m.measure.label}: {m.verdict.why_not()}" for m in blamed)
        return self.verdict.why_not()

    def opened_by(self) -> tuple[MeasureState, ...]:
        """The measures without which the deciding way would not hold."""
        way = self.verdict.deciding
        checks = way.checks if way is not None and self.verdict.way >= 0 else ()
        return tuple(m for c in checks for m in self.behind.get(c.fact.id, ()) if m.lawful and m.on)

    def cites(self) -> tuple[Cite, ...]:
        """Every citation on the way to the verdict, the deciding one first."""
        behind = (m for check in self.verdict.unmet for m in self.behind.get(check.fact.id, ()))
        return (
            self.cite,
            *(m.verdict.cite for m in behind if not m.lawful),
            *([self.study.cite] if self.study else []),
        )

    def rules(self) -> tuple[str, ...]:
        """The ids of the rules on the way to the verdict."""
        way = self.verdict.deciding
        behind = (m.measure.id for c in self.verdict.unmet for m in self.behind.get(c.fact.id, ()))
        study = (self.study.table.rule,) if self.study else ()
        return (self.rule.id, *((way.rule,) if way else ()), *behind, *study)

    def _under(self, fact: Fact) -> tuple[Node, ...]:
        if fact.id == REQUIREMENTS and self.study is not None:
            return self.study.why()
        return tuple(measure_node(state) for state in self.behind.get(fact.id, ()))


def measure_node(state: MeasureState) -> Node:
    """A line for a measure behind a fact: on or off, and whether the law knows it."""
    if not state.lawful:
        text = _("{measure}: not in the law of this year").format(measure=state.measure.label)
    else:
        text = (_("{measure}: on") if state.on else _("{measure}: off")).format(measure=state.measure.label)
    truth = YES if state.lawful and state.on else NO
    return Node(text, truth, state.verdict.cite, state.verdict.why(), state.measure.id)


@frozen(eq=False)
class Desk:
    """One pupil at the end of one school year, with all that rules can be asked about her. What is asked is kept.

    ``answers``: what schools that decide by chance said, by practice."""

    state: State
    plan: Plan
    law: Lawbook
    sheet: FactSheet
    answers: Mapping[str, bool] = field(factory=dict[str, bool])
    _states: dict[tuple[str, int], MeasureState] = field(factory=dict[tuple[str, int], MeasureState], repr=False)
    _views: dict[tuple[int, str], _View] = field(factory=dict[tuple[int, str], "_View"], init=False, repr=False)
    _moves: dict[str, Option] = field(factory=dict[str, Option], init=False, repr=False)

    def measure(self, measure: Measure, entry: SchoolYear) -> MeasureState:
        """A measure now; ``entry`` is the intake year for those that are bound to it."""
        key = (measure.id, entry.start)
        if key not in self._states:
            self._states[key] = self._judged(measure, entry)
        return self._states[key]

    def with_fact(self, name: str, value: int) -> Desk:
        """The same desk with a fact that is known after all."""
        return self.with_facts({name: value})

    def with_facts(self, told: Mapping[str, int]) -> Desk:
        """The same with several."""
        values = {**self.sheet.values, **told}
        sheet = FactSheet({**values, **derived(self.law, values, told)}, self.sheet.assumed - told.keys())
        return self._but(self.state, sheet, self.answers)

    def answered(self, answers: Mapping[str, bool]) -> Desk:
        """The same once schools that decide by chance have said what they do."""
        return self._but(self.state, self.sheet, answers)

    def _but(self, state: State, sheet: FactSheet, answers: Mapping[str, bool]) -> Desk:
        """The same desk otherwise; what measures are at work is not asked anew."""
        return Desk(state, self.plan, self.law, sheet, answers, self._states)

    def after_what_happens(self) -> tuple[Desk, tuple[Option, ...]]:
        """The desk after the acts that happen by themselves this year, and these."""
        desk, found = self, list[Option]()
        for act in self.law.acts_in(self.state.place):
            option = desk.act(act, PlannedAct(self.state.year, act.id)) if act.takes == "default" else None
            if option is not None and option.open:
                desk = desk.with_facts({name: desk.facts[source] for name, source in act.sets.items()})
                found.append(option)
        return desk, tuple(found)

    @property
    def facts(self) -> Mapping[str, int]:
        """The facts of the pupil now, with what measures set."""
        return self._view(self.state.intake).facts

    def offered(self) -> Mapping[str, int]:
        """The facts that measures set for this pupil now."""
        facts = self._view(self.state.intake).facts
        return {fact.id: facts[fact.id] for fact in self.law.facts.values() if fact.source == "measure"}

    def with_record(self, record: Record) -> Desk:
        """The same desk once the acts and the diplomas of this year are on record."""
        now = self.state
        state = State(now.pupil, record, now.year, now.place, now.intake, now.years_in_place)
        return self._but(state, with_record(self.sheet, state, self.law, self.plan.clock), self.answers)

    def _judged(self, measure: Measure, entry: SchoolYear) -> MeasureState:
        by_intake = measure.by == "intake"
        counted, n = (entry, 0) if by_intake else (self.state.year, self.state.place.n)
        on = self.plan.is_on(measure, counted.start, n)
        ask = partial(law_says, measure, self.state.year, entry, self.plan.clock, self.law)
        return MeasureState(measure, on, self._at_work(measure), ask)

    def measures(self) -> tuple[MeasureState, ...]:
        """Every measure, those bound to an intake as they stand for who enters next."""
        return tuple(self.standing(measure) for measure in self.law.measures.values())

    def standing(self, measure: Measure) -> MeasureState:
        """A measure as it stands here: one bound to an intake, where it is not at work, for who enters next."""
        entered = self._at_work(measure) or measure.by == "year"
        return self.measure(measure, self.state.intake if entered else self.state.year + 1)

    def moves(self) -> tuple[Option, ...]:
        """Every move that the tables know out of this place, the refused ones included."""
        return tuple(self._move(move, to) for move, to in self.law.moves_from(self.state.place).values())

    def move(self, name: str) -> Option | None:
        """A move by its id, or None where the tables know it not out of this place."""
        there = self.law.moves_from(self.state.place).get(name)
        return None if there is None else self._move(*there)

    def acts(self) -> tuple[Option, ...]:
        """Every act that the tables know in this place; those of the plan with their arguments."""
        found: list[Option] = []
        for act in self.law.acts_in(self.state.place):
            planned = [p for p in self.plan.acts if p.act == act.id and p.year == self.state.year]
            found.extend(self.act(act, p) for p in planned or [PlannedAct(self.state.year, act.id)])
        return tuple(found)

    def norms(self, told: Mapping[str, int]) -> tuple[Option, ...]:
        """Every norm of teaching time that asks something here, held against what is told of a plan."""
        state, clock, view = self.state, self.plan.clock, self._view(self.state.intake)
        facts = {**view.facts, **told}
        found: list[Option] = []
        for norm in self.law.norms_in(state.place):
            table = self.law.table(norm, state.year.start, state.intake.start, clock, self._lifted_by(norm))
            if table.ways:
                found.append(Option(norm, judge(table, facts), view))
        return tuple(found)

    def act(self, act: Act, planned: PlannedAct) -> Option:
        """An act that the tables know in this place, with what a plan says of it."""
        view = self._view(self.state.intake, dict(planned.arguments).get("subject", ""))
        facts, study = self._told(act, planned.arguments, view)
        year, clock = self.state.year.start, self.plan.clock
        table = self.law.table(act, year, view.entry.start, clock, self._lifted_by(act))
        return Option(act, judge(table, facts), view, arguments=planned.arguments, study=study)

    def _told(
        self, rule: Move | Act, arguments: tuple[tuple[str, str], ...], view: _View
    ) -> tuple[Mapping[str, int], Verdict | None]:
        """The facts of a view with what a plan says beside the move or act, and the verdict on a study it names."""
        facts = dict(view.facts) if arguments else view.facts
        verdict: Verdict | None = None
        for name, value in arguments:
            kind = rule.arguments.get(name, "")
            if kind in self.law.facts:
                facts[kind] = self.law.facts[kind].encode(value)
            elif kind.startswith(ARGUMENT):
                study = self.law.studies[value]
                verdict = judge(self.law.study_table(study, view.entry.start, self.plan.clock), facts)
                facts.update(told(study, {YES: True, NO: False}.get(verdict.truth), self.law.facts))
        return facts, verdict

    def _lifted_by(self, rule: Move | Act | Norm) -> tuple[str, ...]:
        """The measures in effect that lift a rule."""
        measures = self.law.lifters(rule.id)
        return tuple(m.id for m in measures if self.measure(m, self.state.intake).in_effect)

    def _view(self, entry: SchoolYear, subject: str = "") -> _View:
        key = (entry.start, subject)
        if key not in self._views:
            self._views[key] = _View(entry, self, subject)
        return self._views[key]

    def _move(self, move: Move, to: Place) -> Option:
        if move.id not in self._moves:
            state, enters = self.state, move.enters(self.state.place, to)
            view = self._view(state.year + 1 if enters else state.intake)
            chosen = (c for c in self.plan.choices if c.year == state.year and c.move == move.id)
            arguments = next((choice.arguments for choice in chosen), ())
            facts, study = self._told(move, arguments, view)
            year, clock, lifted_by = state.year.start, self.plan.clock, self._lifted_by(move)
            table = self.law.move_table(move, state.place, to, year, view.entry.start, clock, lifted_by)
            self._moves[move.id] = Option(move, judge(table, facts), view, to, arguments, study, enters)
        return self._moves[move.id]

    def _at_work(self, measure: Measure) -> bool:
        return measure.id in self._here

    @cached_property
    def _here(self) -> frozenset[str]:
        """The measures of which the place is one."""
        place, measures = self.state.place.id, self.law.measures.values()

        def make() -> frozenset[str]:
            return frozenset(m.id for m in measures if named(m.at, place))

        return self.law.kept(("at work", place), make)


@frozen(eq=False)
class _View:
    """A desk as it is for who enters a track in a year, in a subject where one is named: the facts, and the measures
    that could set them."""

    entry: SchoolYear
    desk: Desk
    subject: str = ""

    @cached_property
    def facts(self) -> dict[str, int]:
        desk, law = self.desk, self.desk.law
        facts = dict(desk.sheet.values)
        facts["law_intake"] = law.law_year(self.entry.start, desk.plan.clock)[0]
        for measure, values in self._setting:
            if measure.on_by_itself or measure.id in desk.plan.measures:
                state = self._state(measure)
                if state.on and state.lawful:
                    facts.update(values)
        return facts

    @cached_property
    def behind(self) -> dict[str, tuple[MeasureState, ...]]:
        behind: dict[str, tuple[MeasureState, ...]] = {}
        for measure, values in self._setting:
            for name in values:
                behind[name] = (*behind.get(name, ()), self._state(measure))
        return behind

    def school_says(self, practice_id: str) -> tuple[bool | None, bool]:
        """Whether a school agrees, None where that cannot be told; and whether that was assumed."""
        given = self.desk.plan.practices.get(practice_id)
        use: PracticeUse = self.desk.law.practices[practice_id].default if given is None else given
        answer = self.desk.answers.get(practice_id)
        return (self._resolved(use) if answer is None else answer), given is None

    def _state(self, measure: Measure) -> MeasureState:
        state = self.desk.measure(measure, self.entry)
        covered = not self.subject or self.desk.plan.covers(measure, self.subject, self.desk.law)
        return state if covered else evolve(state, on=False)

    @property
    def _setting(self) -> tuple[tuple[Measure, dict[str, int]], ...]:
        """The measures that set facts, with the values they set."""
        law = self.desk.law

        def make() -> tuple[tuple[Measure, dict[str, int]], ...]:
            setting = (measure for measure in law.measures.values() if measure.sets)
            return tuple((m, {name: law.facts[name].encode(value) for name, value in m.sets.items()}) for m in setting)

        return law.kept("setting measures", make)

    def _resolved(self, use: PracticeUse) -> bool | None:
        if isinstance(use, Chance):
            return use.probability >= HALF
        if isinstance(use, dict):
            truth = hold(compile_needs(use, self.desk.law.facts), self.facts)
            return None if truth == MAYBE else truth == YES
        return use == "always"


def law_says(measure: Measure, year: SchoolYear, entry: SchoolYear, clock: Clock, law: Lawbook) -> Verdict:
    """Whether the law knows a measure in a school year, for who enters a track in ``entry``."""

    def verdict() -> Verdict:
        years = (("law_year", year), ("law_intake", entry))
        facts = {name: law.law_year(each.start, clock)[0] for name, each in years}
        return judge(law.measure_table(measure, year.start, entry.start, clock), facts)

    return law.kept(("measure verdict", measure.id, year.start, entry.start, clock), verdict)
