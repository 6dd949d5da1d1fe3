"""Likeness: what the rules of a place can tell apart of who is there, and what of a policy is at work on her.

States in a place are alike when every rule that is asked there sees the same in them: the same version of it answers,
and each fact lies on the same side of every bound that it names. Of a policy counts what can reach a place: whether the
measures that touch a rule there are on and lawful, and how schools decide. So a rule is judged once for all pupils and
policies that it cannot tell apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

from attrs import define, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.cohort.sittings import asked_by_exams
from trajectsim.law.facts import UNKNOWN, Fact
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Act, Tabled
from trajectsim.law.places import Place, matches
from trajectsim.law.tables import Check, Test, compile_needs
from trajectsim.learning.pupils import has_exam
from trajectsim.learning.ties import Ties
from trajectsim.path.learner import acts_done, at_higher_level, closed_early
from trajectsim.path.options import law_says
from trajectsim.path.plan import Plan
from trajectsim.pupil import State
from trajectsim.verdict import YES

Seen = Callable[[int], int]
"""What a place sees of a value of a fact."""


@frozen(eq=False)
class Asked:
    """What is asked in a place: its rules by the school year that their dates count in, what is seen of each fact, and
    the measures that something hangs on. ``entering``: what is seen of the year in which a pupil enters a track, None
    where that is nothing; ``sits``: whether an exam is sat there, which has a law of its own in every year."""

    by_year: tuple[Tabled, ...]
    by_intake: tuple[Tabled, ...]
    facts: tuple[tuple[str, Seen], ...]
    measures: tuple[Measure, ...]
    entering: Seen | None
    sits: bool


@define(eq=False)
class Likeness:
    """Of one law."""

    law: Lawbook
    ties: Ties
    _versions: dict[Any, int] = field(factory=dict[Any, int], init=False)
    _answering: dict[Any, int] = field(factory=dict[Any, int], init=False)

    def of_state(self, state: State, values: Mapping[str, int], clock: Clock) -> Hashable:
        """What the rules of its place can see of a state; ``values`` are its facts."""
        place, asked = state.place, self.asked(state.place)
        law_year = self.law.law_year
        now, intake, next_ = (
            law_year(y, clock)[0] for y in (state.year.start, state.intake.start, state.year.start + 1)
        )
        return (
            place.id,
            state.years_in_place,
            (state.year.start, *self._works(state)) if asked.sits else 0,
            self._answer("year", asked.by_year, place, now),
            self._answer("intake", asked.by_intake, place, intake),
            self._answer("intake", asked.by_intake, place, next_),
            0 if asked.entering is None else asked.entering(next_),
            *[seen(values[name]) for name, seen in asked.facts],
        )

    def of_plan(self, plan: Plan, place: Place, year: SchoolYear, intake: SchoolYear) -> Hashable:
        """What of a plan is at work on who is in a place."""
        measures, asked = self.asked(place).measures, self.asked_by_schools(plan)
        if asked:
            more = (m for m in self.law.measures.values() if m.sets.keys() & set(asked) and m not in measures)
            measures = (*measures, *more)
        own = tuple((m.id, self._quality(plan, m), *self._standing(plan, m, place, year, intake)) for m in measures)
        selects = tuple(select for select in plan.selects if select.here(place))
        doings = tuple(doing for doing in plan.doings if doing.whom.here(place))
        dated: tuple[Hashable, ...] = ()
        if self.yields(plan):  # any measure may say which hours count
            dated = (repr(plan.teaching), repr(plan.measures), year, intake, *_paid(plan, self.law))
        return repr(plan.practices), own, selects, doings, dated

    def asked_by_schools(self, plan: Plan) -> tuple[str, ...]:
        """The facts by which schools decide as a plan says."""
        uses = [use for use in plan.practices.values() if isinstance(use, dict)]
        if not uses:
            return ()
        return tuple(_named((check for use in uses for check in compile_needs(use, self.law.facts)), (), self.law))

    def yields(self, plan: Plan) -> bool:
        """Whether a year comes to hours or money under a plan."""
        return bool(plan.teaching or _paid(plan, self.law))

    def asked(self, place: Place) -> Asked:
        """What is asked in a place."""
        return self.law.kept(("asked in", place.id), lambda: self._asked_in(place))

    def _works(self, state: State) -> tuple[Hashable, ...]:
        """The acts that were done of which the model says that they do anything to an exam."""
        done = (act for act in acts_done(state) if act in self.ties.acts["ce"])
        return (*done, closed_early(state, self.law), at_higher_level(state, self.law))

    # --- how it does it -------------------------------------------------------------------------------------------

    def _answer(self, which: str, rules: tuple[Tabled, ...], place: Place, law_year: int) -> int:
        """The versions of some rules of a place that answer in a year, as a number."""
        key = (which, place.id, law_year)
        if key not in self._answering:
            found = (which, *(_version(rule, self.law.answering(rule, law_year)) for rule in rules))
            self._answering[key] = self._versions.setdefault((place.id, found), len(self._versions))
        return self._answering[key]

    def _standing(
        self, plan: Plan, measure: Measure, place: Place, year: SchoolYear, intake: SchoolYear
    ) -> Iterator[tuple[bool, bool]]:
        """Whether a measure is on and lawful, for who is in her track and for who enters one next."""
        for entry in (intake, year + 1):
            counted, n = (entry, 0) if measure.by == "intake" else (year, place.n)
            lawful = law_says(measure, year, entry, plan.clock, self.law).truth == YES
            yield plan.is_on(measure, counted.start, n), lawful

    def _quality(self, plan: Plan, measure: Measure) -> str:
        switch = plan.measures.get(measure.id)
        return str(switch.quality) if switch is not None and measure.effects else ""

    def _asked_in(self, place: Place) -> Asked:
        law = self.law
        rules = tuple(_rules_in(place, law))
        checks = [check for rule in rules for check in _checks_of(rule, law)]
        checks += [check for _route, needs in self.ties.routes_from(place, law) for check in needs]
        checks += [check for row in self.ties.skipping for check in compile_needs(row.needs, law.facts)]
        whole = {name for rule in rules if isinstance(rule, Act) for name in rule.sets.values()}
        members = {"diplomas": law.facts["diplomas"].mask([each.id for each in law.diplomas_in(place)] or [])}
        named = _named(checks, whole, law)
        sits, ids = has_exam(place), {rule.id for rule in rules}
        asked_for = {*named, *(asked_by_exams(law) if sits else ())}
        measures = tuple(
            m
            for m in law.measures.values()
            if m.sets.keys() & asked_for
            or ids & {*m.moves, *m.lifts}
            or (m.effects and any(matches(pattern, place.id) for pattern in m.at))
        )
        own = {name: seen for name, seen in named.items() if law.facts[name].source not in ("measure", "derived")}
        own.setdefault("diplomas", [])
        seen = {name: _seen(law.facts[name], found, members.get(name, 0)) for name, found in own.items()}
        return Asked(
            tuple(rule for rule in rules if rule.by == "year"),
            tuple(rule for rule in rules if rule.by == "intake"),
            tuple(seen.items()),
            measures,
            seen.get("law_intake"),
            sits,
        )


def _version(rule: Tabled, year: int) -> int:
    return next(n for n, version in enumerate(rule.version) if year in version.span)


def _rules_in(place: Place, law: Lawbook) -> Iterator[Tabled]:
    yield from (move for move, _to in law.moves_from(place).values())
    yield from (*law.acts_in(place), *law.diplomas_in(place), *law.norms_in(place))
    yield from (duty for duty in law.duties.values() if any(matches(pattern, place.id) for pattern in duty.from_))


def _checks_of(rule: Tabled, law: Lawbook) -> Iterator[Check]:
    """Every test of a rule, whenever it answers, and of how schools use its discretion."""
    for way in (way for version in rule.version for way in version.ways):
        yield from compile_needs(way.needs, law.facts)
        practice = law.practices.get(way.practice)
        if practice is not None and isinstance(practice.default, dict):
            yield from compile_needs(practice.default, law.facts)


def _named(checks: Iterable[Check], whole: Iterable[str], law: Lawbook) -> dict[str, list[Check] | None]:
    """The facts that are asked for, those that decide others with them, and the tests of each: None where it is seen as
    it is."""
    found: dict[str, list[Check] | None] = {}
    waiting = list(checks)

    def derived_from(fact: Fact) -> None:
        waiting.extend(check for needs in fact.when for check in compile_needs(needs, law.facts))

    def whole_of(name: str) -> None:
        if found.get(name, []) is not None and name not in found:
            derived_from(law.facts[name])
        found[name] = None

    for name in whole:
        whole_of(name)
    while waiting:
        check = waiting.pop()
        others = [name for name in (check.bound, check.over) if isinstance(name, str) and name]
        for name in others:
            whole_of(name)
        name = check.fact.id
        if name not in found:
            derived_from(check.fact)
            found[name] = []
        tests = found[name]
        if others:
            found[name] = None
        elif tests is not None:
            tests.append(check)
    return found


def _seen(fact: Fact, checks: list[Check] | None, members: int) -> Seen:
    if checks is None or any(fact.kind == "set" and check.test is Test.EQUAL for check in checks):
        return lambda value: value
    if fact.kind == "set":
        mask = members
        for check in checks:
            own = check.over if check.test is Test.COUNT else check.bound
            mask |= own if isinstance(own, int) else 0  # which it is
        whole: int = mask
        return lambda value: value if value == UNKNOWN else value & whole
    cuts = sorted({cut for check in checks for cut in _cuts(check)})
    return lambda value: value if value == UNKNOWN else bisect_right(cuts, value)


def _cuts(check: Check) -> Iterator[int]:
    """The values from which on a test says something else."""
    bounds = check.bound if isinstance(check.bound, tuple) else (check.bound,)
    for bound in bounds:
        assert isinstance(bound, int)  # tests against other facts see the whole
        if check.test is not Test.MAX:
            yield bound
        if check.test is not Test.MIN:
            yield bound + 1


def _paid(plan: Plan, law: Lawbook) -> tuple[str, ...]:
    """What is said of measures that money comes with."""
    paid = (m.id for m in law.measures.values() if m.costs and m.id in plan.measures and plan.measures[m.id].on)
    return tuple(f"{name} {plan.measures[name]!r}" for name in paid)
