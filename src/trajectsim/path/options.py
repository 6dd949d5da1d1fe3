"""What a pupil may do in a place: every move, act and measure, with its verdict and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.facts import Fact
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Act, Move
from trajectsim.law.places import Place, matches
from trajectsim.law.tables import Cite, compile_needs
from trajectsim.path.plan import HALF, Chance, Plan, PlannedAct, PracticeUse
from trajectsim.pupil import Record, State
from trajectsim.pupil.facts import FactSheet, diploma_mask
from trajectsim.verdict import MAYBE, NO, YES, Node, Outcome, Verdict, hold, judge
from trajectsim.words import _


@frozen(eq=False)
class MeasureState:
    """A measure in a school year: the verdict of the law, whether it is on, and whether the place is one of its."""

    measure: Measure
    verdict: Verdict
    on: bool
    here: bool

    @property
    def lawful(self) -> bool:
        return self.verdict.truth == YES

    @property
    def in_effect(self) -> bool:
        """Whether it works for this pupil now."""
        return self.lawful and self.on and self.here

    @property
    def outcome(self) -> Outcome:
        """Unlawful where the law of the year does not know it, not offered when it is off."""
        if not self.lawful:
            return Outcome.UNLAWFUL
        return self.verdict.outcome if self.on else Outcome.NOT_OFFERED


@frozen(eq=False)
class Option:
    """A move or an act that the tables know in a place.

    ``granted`` is what the school says where it decides (None where it has no say), ``assumed_practice`` whether
    that was assumed. ``behind`` has, by fact id, the measures that could set a fact.
    """

    rule: Move | Act
    verdict: Verdict
    outcome: Outcome
    to: Place | None = None
    arguments: tuple[tuple[str, str], ...] = ()
    granted: bool | None = None
    assumed_practice: bool = False
    behind: Mapping[str, tuple[MeasureState, ...]] = field(factory=dict[str, "tuple[MeasureState, ...]"], repr=False)

    @property
    def open(self) -> bool:
        """Whether the pupil can take it, as far as the law and this school go."""
        return self.outcome is Outcome.OPEN or (self.outcome is Outcome.SCHOOL_DECIDES and self.granted is True)

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
        return (self.cite, *(m.verdict.cite for m in behind if not m.lawful))

    def rules(self) -> tuple[str, ...]:
        """The ids of the rules on the way to the verdict."""
        way = self.verdict.deciding
        behind = (m.measure.id for c in self.verdict.unmet for m in self.behind.get(c.fact.id, ()))
        return (self.rule.id, *((way.rule,) if way else ()), *behind)

    def _under(self, fact: Fact) -> tuple[Node, ...]:
        return tuple(measure_node(state) for state in self.behind.get(fact.id, ()))


def measure_node(state: MeasureState) -> Node:
    """A line for a measure behind a fact: on or off, and whether the law knows it."""
    if not state.lawful:
        text = _("{measure}: not in the law of this year").format(measure=state.measure.label)
    else:
        text = (_("{measure}: on") if state.on else _("{measure}: off")).format(measure=state.measure.label)
    return Node(text, YES if state.lawful and state.on else NO, state.verdict.cite, state.verdict.why())


@frozen(eq=False)
class Desk:
    """One pupil at the end of one school year, with all that rules can be asked about her."""

    state: State
    plan: Plan
    law: Lawbook
    sheet: FactSheet
    _states: dict[tuple[str, SchoolYear], MeasureState] = field(
        factory=dict[tuple[str, SchoolYear], "MeasureState"], repr=False
    )

    def measure(self, measure: Measure, entry: SchoolYear) -> MeasureState:
        """A measure now; ``entry`` is the intake year for those that are bound to it."""
        if (measure.id, entry) not in self._states:
            self._states[measure.id, entry] = self._judged(measure, entry)
        return self._states[measure.id, entry]

    def with_fact(self, name: str, value: int) -> Desk:
        """The same desk with a fact that is known after all."""
        sheet = FactSheet({**self.sheet.values, name: value}, self.sheet.assumed - {name})
        return evolve(self, sheet=sheet)

    def offered(self) -> Mapping[str, int]:
        """The facts that measures set for this pupil now."""
        facts = self._view(self.state.intake).facts
        return {fact.id: facts[fact.id] for fact in self.law.facts.values() if fact.source == "measure"}

    def with_diplomas(self, record: Record) -> Desk:
        """The same desk once the diplomas of this year are on record."""
        mask = diploma_mask((earned.diploma for earned in record.diplomas), self.law)
        sheet = FactSheet({**self.sheet.values, "diplomas": mask}, self.sheet.assumed)
        return evolve(self, state=evolve(self.state, record=record), sheet=sheet)

    def _judged(self, measure: Measure, entry: SchoolYear) -> MeasureState:
        year, clock = self.state.year.start, self.plan.clock

        def verdict() -> Verdict:
            years = (("law_year", year), ("law_intake", entry.start))
            facts = {name: self.law.law_year(each, clock)[0] for name, each in years}
            return judge(self.law.measure_table(measure, year, entry.start, clock), facts)

        judged = self.law.kept(("measure verdict", measure.id, year, entry.start, clock), verdict)
        by_intake = measure.by == "intake"
        on = self.plan.is_on(measure, entry.start if by_intake else year, 0 if by_intake else self.state.place.n)
        return MeasureState(measure, judged, on, self._at_work(measure))

    def measures(self) -> tuple[MeasureState, ...]:
        """Every measure, those bound to an intake as they stand for who enters next."""
        states: list[MeasureState] = []
        for measure in self.law.measures.values():
            entered = self._at_work(measure) or measure.by == "year"
            states.append(self.measure(measure, self.state.intake if entered else self.state.year + 1))
        return tuple(states)

    def moves(self) -> tuple[Option, ...]:
        """Every move that the tables know out of this place, the refused ones included."""
        views = {entry: self._view(entry) for entry in {self.state.intake, self.state.year + 1}}
        return tuple(self._move(move, to, views) for move, to in self.law.moves_from(self.state.place))

    def acts(self) -> tuple[Option, ...]:
        """Every act that the tables know in this place; those of the plan with their arguments."""
        views: dict[str, _View] = {}
        found: list[Option] = []
        for act in self.law.acts_in(self.state.place):
            planned = [p for p in self.plan.acts if p.act == act.id and p.year == self.state.year]
            for each in planned or [PlannedAct(self.state.year, act.id)]:
                subject = dict(each.arguments).get("subject", "")
                if subject not in views:
                    views[subject] = self._view(self.state.intake, subject)
                found.append(self._act(act, each, views[subject]))
        return tuple(found)

    def _view(self, entry: SchoolYear, subject: str = "") -> _View:
        facts = dict(self.sheet.values)
        facts["law_intake"] = self.law.law_year(entry.start, self.plan.clock)[0]
        behind: dict[str, tuple[MeasureState, ...]] = {}
        for measure in self.law.measures.values():
            if not measure.sets:
                continue
            state = self.measure(measure, entry)
            if subject and not self.plan.covers(measure, subject):
                state = evolve(state, on=False)
            for name, value in measure.sets.items():
                behind[name] = (*behind.get(name, ()), state)
                if state.lawful and state.on:
                    facts[name] = self.law.facts[name].encode(value)
        return _View(entry, facts, behind)

    def _move(self, move: Move, to: Place, views: Mapping[SchoolYear, _View]) -> Option:
        state = self.state
        stays = to.track is state.place.track
        view = views[state.intake if stays else state.year + 1]
        year, clock, lifted_by = state.year.start, self.plan.clock, self._lifted_by(move)
        table = self.law.move_table(move, state.place, to, year, view.entry.start, clock, lifted_by)
        return self._option(move, judge(table, view.facts), view, to=to)

    def _act(self, act: Act, planned: PlannedAct, view: _View) -> Option:
        facts = view.facts
        for name, value in planned.arguments:
            fact = self.law.facts.get(act.arguments.get(name, ""))
            if fact is not None:
                facts = {**facts, fact.id: fact.encode(value)}
        year, clock = self.state.year.start, self.plan.clock
        table = self.law.table(act, year, view.entry.start, clock, self._lifted_by(act))
        return evolve(self._option(act, judge(table, facts), view), arguments=planned.arguments)

    def _lifted_by(self, rule: Move | Act) -> tuple[str, ...]:
        """The measures in effect that lift a rule."""
        measures = self.law.lifters(rule.id)
        return tuple(m.id for m in measures if self.measure(m, self.state.intake).in_effect)

    def _option(self, rule: Move | Act, verdict: Verdict, view: _View, to: Place | None = None) -> Option:
        outcome, granted, assumed = verdict.outcome, None, False
        if outcome is Outcome.SCHOOL_DECIDES and verdict.deciding is not None:
            granted, assumed = self._school_says(verdict.deciding.practice, view.facts)
        elif outcome is Outcome.NOT_OFFERED:
            behind = [state for check in verdict.unmet for state in view.behind.get(check.fact.id, ())]
            if any(not state.lawful for state in behind):
                outcome = Outcome.UNLAWFUL
        return Option(
            rule,
            verdict,
            outcome,
            to=to,
            granted=granted,
            assumed_practice=assumed,
            behind=view.behind,
        )

    def _school_says(self, practice_id: str, facts: Mapping[str, int]) -> tuple[bool | None, bool]:
        given = self.plan.practices.get(practice_id)
        use: PracticeUse = self.law.practices[practice_id].default if given is None else given
        return self._resolved(use, facts), given is None

    def _resolved(self, use: PracticeUse, facts: Mapping[str, int]) -> bool | None:
        if isinstance(use, Chance):
            return use.probability >= HALF
        if isinstance(use, dict):
            return self._holds(use, facts)
        return use == "always"

    def _holds(self, needs: Mapping[str, Any], facts: Mapping[str, int]) -> bool | None:
        truth = hold(compile_needs(needs, self.law.facts), facts)
        return None if truth == MAYBE else truth == YES

    def _at_work(self, measure: Measure) -> bool:
        place, measures = self.state.place.id, self.law.measures.values()

        def make() -> frozenset[str]:
            return frozenset(m.id for m in measures if any(matches(pattern, place) for pattern in m.at))

        return measure.id in self.law.kept(("at work", place), make)


@frozen(eq=False)
class _View:
    """The facts for who enters a track in a year, and the measures that could set them."""

    entry: SchoolYear
    facts: dict[str, int]
    behind: dict[str, tuple[MeasureState, ...]]
