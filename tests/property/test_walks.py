"""Walks: whatever is chosen, played pupils grow a year a year, lose nothing, and only ever take what is lawful."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.places import OUT
from trajectsim.path.audit import audit
from trajectsim.path.options import Desk, Option
from trajectsim.path.plan import Chance, Choice, Plan, PlannedAct, Start, Switch, start_of
from trajectsim.path.walk import OLDEST, End, Reason, Step, Trajectory, gained, play
from trajectsim.pupil import Pupil, Result
from trajectsim.pupil.facts import fact_sheet
from trajectsim.verdict import YES, Outcome

LAW = Lawbook.load()
BASIC = {"havo", "vwo", "mbo-2", "mbo-3", "mbo-4"}
DEGREES = {"associate-degree", "hbo-bachelor", "wo-bachelor", "hbo-master", "wo-master", "teacher-master"}
BEFORE_HBO = {"havo", "vwo", "mbo-4", "mbo-specialist"}
ENTRY: dict[str, set[str]] = {
    "ho/hbo": BEFORE_HBO | DEGREES,
    "ho/ad": BEFORE_HBO | DEGREES,
    "ho/hbo-three": BEFORE_HBO,
    "ho/wo": {"vwo", "hbo-propedeuse"} | DEGREES,
    "ho/open": set(),
    "ho/premaster": {"hbo-bachelor", "wo-bachelor"},
    "ho/hbo-master": {"hbo-bachelor", "wo-bachelor"},
    "ho/wo-master": {"hbo-bachelor", "wo-bachelor", "premaster"},
    "ho/teacher-master": {"hbo-bachelor", "wo-bachelor", "hbo-master", "wo-master"},
}
"""The diplomas of which one opens a track of higher education; the exceptions are in ``excepted``."""
WITHIN_SCHOOLING = ("po", "vo", "mbo", "ho")

YEARS = st.integers(2005, 2032).map(SchoolYear)
PUPILS = st.dates(date(2000, 1, 1), date(2016, 12, 31)).map(Pupil)
CLOCKS = st.one_of(
    st.just(Clock()),
    st.builds(Clock, st.none(), st.just("announced")),
    st.builds(Clock, st.integers(2010, 2030).map(SchoolYear), st.sampled_from(["enacted", "announced"])),
)
SWITCHES = st.builds(Switch, st.sampled_from([True, True, True, False]), st.none() | YEARS, st.none() | YEARS)
MEASURES = st.dictionaries(st.sampled_from(sorted(LAW.measures)), SWITCHES)
USES = st.one_of(
    st.sampled_from(["always", "always", "never"]),
    st.sampled_from([Chance(Decimal("0.2")), Chance(Decimal("0.5")), Chance(Decimal("0.9"))]),
    st.sampled_from([{"year_result": "sufficient"}, {"advice": {"min": "havo"}}, {"age_end": {"min": 10}}]),
)
PRACTICES = st.dictionaries(st.sampled_from(sorted(LAW.practices)), USES, max_size=2)
GIVEN = st.fixed_dictionaries(
    {},
    optional={
        "advice": st.sampled_from([value.id for value in LAW.facts["advice"].values]),
        "foundation": st.booleans(),
        "parents_agree": st.booleans(),
        "entrance_test": st.booleans(),
        "suitability": st.booleans(),
        "master_criteria": st.booleans(),
    },
)
RESULTS = st.lists(
    st.one_of(
        st.builds(Result, YEARS, st.sampled_from(["sufficient", "insufficient"])),
        st.builds(Result, YEARS, st.sampled_from(["passed", "failed"]), st.sampled_from(["havo", "vwo", "tl", "bb"])),
    ),
    max_size=3,
).map(tuple)


ADVICE = st.lists(st.builds(PlannedAct, YEARS, st.just("study-advice")), max_size=2, unique=True).map(tuple)
"""Dismissals by binding study advice; where they are not lawful they are refused."""


@st.composite
def plans(draw: Any) -> Plan:
    pupil = draw(PUPILS)
    return Plan(
        pupil,
        start_of(pupil),
        draw(CLOCKS),
        draw(MEASURES),
        draw(PRACTICES),
        acts=draw(ADVICE),
        results=draw(RESULTS),
        given=draw(GIVEN),
    )


def desk_of(step: Step, plan: Plan) -> Desk:
    """The pupil at the end of a school year, as the walk asks for her moves then."""
    earned = (*step.state.record.diplomas, *(earned for earned, _verdict in step.earned))
    state = evolve(step.state, record=evolve(step.state.record, diplomas=earned))
    return Desk(state, plan, LAW, fact_sheet(state, LAW, plan.clock, plan.given, plan.results))


def held(step: Step) -> set[str]:
    """The diplomas at the end of a school year."""
    return {e.diploma for e in step.state.record.diplomas} | {e.diploma for e, _verdict in step.earned}


def trace(steps: tuple[Step, ...]) -> list[tuple[Any, ...]]:
    """What can be compared of steps: year, place, diplomas, what was open, what was taken and why."""
    return [
        (
            step.state.year,
            step.state.place.id,
            step.state.years_in_place,
            held(step),
            [(option.rule.id, option.outcome, option.granted) for option in step.moves],
            step.taken.rule.id if step.taken else None,
            step.reason,
        )
        for step in steps
    ]


def refused_by_school(step: Step) -> bool:
    return any(option.outcome is Outcome.SCHOOL_DECIDES and not option.granted for option in step.moves)


# --- what holds for every walk ------------------------------------------------------------------------------


def assert_grows(walk: Trajectory) -> None:
    for before, after in pairwise(step.state for step in walk.steps):
        assert after.year == before.year + 1
        assert after.age == before.age + 1
        assert after.age_at_end == before.age_at_end + 1
    for step, following in pairwise(walk.steps):
        before, after, taken = step.state, following.state, step.taken
        assert taken is not None
        anew = taken.rule.by == "intake" or after.place.track is not before.place.track
        assert (after.years_in_place, after.intake) == (
            before.years_in_place + 1 if after.place == before.place and not anew else 1,
            after.year if anew else before.intake,
        )


def assert_keeps_diplomas(walk: Trajectory) -> None:
    for before, after in pairwise(walk.steps):
        kept = before.state.record.diplomas + tuple(earned for earned, _verdict in before.earned)
        assert after.state.record.diplomas == kept
    for step in walk.steps:
        assert all(earned.year == step.state.year and verdict.truth == YES for earned, verdict in step.earned)


def assert_enters_ho_qualified(walk: Trajectory) -> None:
    for before, after in pairwise(walk.steps):
        track, came_from = after.state.place.track, before.state.place.track
        if track is not None and track.sector == "ho" and track is not came_from:
            assert held(before) & ENTRY[track.id] or excepted(before, after)


def excepted(before: Step, after: Step) -> bool:
    """The stated exceptions: from 21 on with an entrance test, the Open Universiteit from 18 on, a return to the
    programme that one was dismissed from, and the conditional admission of 2020/2021 to 2022/2023."""
    track, age = after.state.place.track, before.state.age_at_end
    came_back = any(done.act == "study-advice" for done in before.state.record.acts)
    by_test = track is not None and track.id in ("ho/hbo", "ho/ad", "ho/wo") and age >= 21
    conditional = before.taken is not None and before.taken.rule.id.startswith("conditionally-")
    return by_test or came_back or conditional or (track is not None and track.id == "ho/open" and age >= 18)


def assert_takes_what_is_open(walk: Trajectory) -> None:
    for index, step in enumerate(walk.steps):
        taken = step.taken
        if taken is None:
            assert index == len(walk.steps) - 1
            assert walk.end is End.STUCK
            continue
        assert taken in step.moves
        assert taken.open
        assert taken.verdict.truth == YES
        assert taken.outcome in (Outcome.OPEN, Outcome.SCHOOL_DECIDES)
        following = walk.steps[index + 1].state.place if index + 1 < len(walk.steps) else None
        assert following == taken.to or (following is None and (taken.to == OUT or walk.end is End.BROKEN_OFF))
    assert walk.steps[-1].state.age < OLDEST or len(walk.steps) == 1
    assert (walk.end is End.BROKEN_OFF) <= (walk.steps[-1].state.age >= OLDEST - 1)


def assert_stays_while_compulsory(walk: Trajectory) -> None:
    in_po = sum(step.state.place.lane == "po" for step in walk.steps)
    for last in walk.steps:
        if last.taken is None or last.taken.to != OUT or last.state.age_at_end < 5:  # four: may go, does not have to
            continue
        from_4 = last.state.age - 4 + 1
        school_years = (
            from_4 + max(0, 8 - in_po) if last.state.place.lane != "po" and walk.plan.start.place == "po/1" else from_4
        )
        assert last.state.age_at_end >= 18 or held(last) & BASIC
        assert last.state.age_at_end >= 16 or school_years >= 12


def assert_is_stuck_only_without_an_open_move(walk: Trajectory) -> None:
    if walk.end is End.STUCK:
        assert not any(option.open for option in walk.steps[-1].moves)


def assert_accounts_for_choices(walk: Trajectory) -> None:
    refused = {refusal.index for refusal in walk.refusals if refusal.kind == "choice"}
    for index, choice in enumerate(walk.plan.choices):
        step = walk.at(choice.year)
        taken = step is not None and step.taken is not None and step.taken.rule.id == choice.move
        assert taken != (index in refused), choice
    for refusal in walk.refusals:
        assert refusal.reason
        assert refusal.option is None or not refusal.option.open


def assert_obeys_study_advice(walk: Trajectory) -> None:
    for step in walk.steps:
        if any(done.act == "study-advice" for done in step.done) and step.taken is not None:
            assert step.taken.rule.id not in ("promote", "repeat")


def assert_lawful(walk: Trajectory) -> None:
    assert_obeys_study_advice(walk)
    assert_grows(walk)
    assert_keeps_diplomas(walk)
    assert_enters_ho_qualified(walk)
    assert_takes_what_is_open(walk)
    assert_stays_while_compulsory(walk)
    assert_is_stuck_only_without_an_open_move(walk)
    assert_accounts_for_choices(walk)
    assert audit(walk, LAW) == ()


class Walker(RuleBasedStateMachine):
    """Plays a plan, and each time chooses one of the moves that are open in the next school year of the walk."""

    @initialize(plan=plans())
    def begin(self, plan: Plan) -> None:
        self.walk = play(plan, LAW)
        self.lawful: Trajectory | None = None
        self.next = 0

    def can_go_on(self) -> bool:
        return self.next < len(self.walk.steps)

    @rule(data=st.data())
    @precondition(can_go_on)
    def choose_an_open_move(self, data: st.DataObject) -> None:
        step = self.walk.steps[self.next]
        options = [option for option in step.moves if option.open]
        if not options:
            assert step.taken is None
            self.next += 1
            return
        option = data.draw(st.sampled_from(options))
        before = trace(self.walk.steps[: self.next])
        self.play(Choice(step.state.year, option.rule.id))
        assert trace(self.walk.steps[: self.next]) == before
        taken = self.walk.steps[self.next].taken
        assert taken is not None
        assert (taken.rule.id, taken.to) == (option.rule.id, option.to)
        assert self.walk.steps[self.next].reason is Reason.CHOICE
        self.next += 1

    @rule()
    @precondition(can_go_on)
    def let_it_go_its_way(self) -> None:
        self.next += 1

    @rule(move=st.sampled_from([*sorted(LAW.moves), "nothing"]))
    @precondition(can_go_on)
    def choose_any_move(self, move: str) -> None:
        step = self.walk.steps[self.next]
        open_moves = {option.rule.id for option in step.moves if option.open}
        otherwise = step.taken.rule.id if step.taken else None
        self.play(Choice(step.state.year, move))
        taken = self.walk.steps[self.next].taken
        assert (taken.rule.id if taken else None) == (move if move in open_moves else otherwise)
        self.next += 1

    @rule()
    @precondition(can_go_on)
    def turning_every_measure_on_removes_no_lawful_move(self) -> None:
        step, plan = self.walk.steps[self.next], self.walk.plan
        generous = evolve(plan, measures={name: Switch(True) for name in LAW.measures})
        mean = evolve(plan, measures={name: Switch(False) for name in LAW.measures})
        lawful = [
            {o.rule.id for o in desk_of(step, p).moves() if o.verdict.truth == YES} for p in (mean, plan, generous)
        ]
        assert lawful[0] <= lawful[1] <= lawful[2]
        opened = [{o.rule.id for o in desk_of(step, p).moves() if o.open} for p in (mean, plan, generous)]
        assert opened[0] <= opened[1] <= opened[2]
        assert opened[1] == {o.rule.id for o in step.moves if o.open}

    @rule()
    def the_same_plan_gives_the_same_walk(self) -> None:
        again = play(self.walk.plan, LAW)
        assert trace(again.steps) == trace(self.walk.steps)
        assert (again.end, again.earned) == (self.walk.end, self.walk.earned)

    @invariant()
    def the_walk_is_lawful(self) -> None:
        if hasattr(self, "walk") and self.walk is not self.lawful:  # a walk does not change, and is looked at once
            assert_lawful(self.walk)
            self.lawful = self.walk

    def play(self, choice: Choice) -> None:
        plan = self.walk.plan
        self.walk = play(evolve(plan, choices=(*plan.choices, choice)), LAW)


TestWalker = pytest.mark.long(Walker.TestCase)
TestWalker.settings = settings(max_examples=settings.default.max_examples * 4 // 10, stateful_step_count=25)


# --- plain properties ---------------------------------------------------------------------------------------


@given(plans())
def test_a_plan_without_choices_is_a_lawful_walk(plan: Plan) -> None:
    assert_lawful(play(plan, LAW))


@given(PUPILS, CLOCKS, MEASURES)
def test_where_schools_say_yes_every_pupil_leaves_school_with_a_degree(
    pupil: Pupil, clock: Clock, measures: dict[str, Switch]
) -> None:
    walk = play(Plan(pupil, start_of(pupil), clock, measures), LAW)
    assert walk.end is End.LEFT
    assert [earned.diploma for earned in walk.earned] == ["vwo", "wo-bachelor"]
    assert walk.refusals == () or {refusal.kind for refusal in walk.refusals} == {"measure"}


@given(PUPILS, CLOCKS)
def test_nominal_vwo_takes_six_years_after_eight_of_primary_school(pupil: Pupil, clock: Clock) -> None:
    walk = play(Plan(pupil, start_of(pupil), clock), LAW)
    assert [step.state.place.id for step in walk.steps] == [
        *(f"po/{n}" for n in range(1, 9)),
        *(f"vo/vwo/{n}" for n in range(1, 7)),
        *(f"ho/wo/{n}" for n in range(1, 4)),
    ]
    assert [step.state.age for step in walk.steps] == list(range(4, 21))


@given(plans(), st.data())
def test_a_walk_that_starts_halfway_another_goes_on_alike(plan: Plan, data: st.DataObject) -> None:
    walk = play(plan, LAW)
    index = data.draw(st.integers(0, len(walk.steps) - 1))
    state = walk.steps[index].state
    # A walk begun after primary school does not know that it was a short one, which counts for compulsory schooling.
    assume(state.place.lane == "po" or (state.record.po_years or 8) >= 8)
    # Nor does it know what was walked before: years of havo passed, vmbo left, entree, a dismissal.
    assume(state.place.track is walk.steps[0].state.place.track or state.place.id.startswith(("vo/", "ho/")))
    diplomas = tuple(earned.diploma for earned in state.record.diplomas)
    start = Start(state.year, state.place.id, state.years_in_place, diplomas)
    rest = play(evolve(plan, start=start), LAW)

    def places(steps: tuple[Step, ...]) -> list[tuple[Any, ...]]:
        return [(s.state.year, s.state.place.id, s.state.years_in_place, held(s), s.reason) for s in steps]

    assert places(rest.steps) == places(walk.steps[index:])[: len(rest.steps)]
    assert rest.end is walk.end or walk.end is End.BROKEN_OFF


@given(st.integers(1, 8), st.integers(1, 3))
def test_a_start_in_primary_school_counts_the_years_in_it(n: int, years_in_place: int) -> None:
    pupil = Pupil(date(2008, 3, 12))
    first = start_of(pupil)
    choices = tuple(Choice(first.year + (n - 1 + repeated), "repeat") for repeated in range(years_in_place - 1))
    walk = play(Plan(pupil, first, choices=choices), LAW)
    state = walk.steps[n - 1 + years_in_place - 1].state
    assert (state.place.id, state.years_in_place) == (f"po/{n}", years_in_place)
    started = play(Plan(pupil, Start(state.year, state.place.id, years_in_place)), LAW).steps[0].state
    assert started.intake == state.intake
    assert started.record.po_years == state.record.po_years


@given(plans(), st.data())
def test_time_gained_by_one_is_lost_by_the_other(plan: Plan, data: st.DataObject) -> None:
    walk = play(plan, LAW)
    without = play(plan.without(LAW.measures), LAW)
    assert gained(walk, walk) == gained(without, without) == 0
    assert gained(walk, without) == -gained(without, walk)
    step = walk.steps[data.draw(st.integers(0, len(walk.steps) - 1))]
    options = [option.rule.id for option in step.moves if option.open]
    if options:
        choice = Choice(step.state.year, data.draw(st.sampled_from(options)))
        other = play(evolve(plan, choices=(choice,)), LAW)
        assert gained(walk, other) == -gained(other, walk)
        assert gained(other, other) == 0


def test_a_diploma_earned_twice_gains_nothing_on_itself() -> None:
    pupil = Pupil(date(2008, 3, 12))
    twice = play(Plan(pupil, Start(SchoolYear(2028), "ho/wo/3"), choices=(Choice(SchoolYear(2028), "repeat"),)), LAW)
    once = play(Plan(pupil, Start(SchoolYear(2028), "ho/wo/3")), LAW)
    assert gained(twice, twice) == 0
    assert gained(twice, once) == -gained(once, twice) == 0


@given(plans())
def test_the_walk_without_measures_is_the_walk_with_none(plan: Plan) -> None:
    rights = {m.id: Switch(False) for m in LAW.measures.values() if m.on_by_itself}
    none = evolve(plan, measures=rights)
    assert trace(play(plan.without(LAW.measures), LAW).steps) == trace(play(none, LAW).steps)


@given(
    PUPILS,
    CLOCKS,
    st.sampled_from([place.id for place in LAW.places()]),
    st.integers(4, 25),
    MEASURES,
    GIVEN,
    st.lists(st.sampled_from([value.id for value in LAW.facts["diplomas"].values]), max_size=2, unique=True),
)
def test_a_walk_may_start_anywhere(
    pupil: Pupil,
    clock: Clock,
    place: str,
    age: int,
    measures: dict[str, Switch],
    facts: dict[str, Any],
    diplomas: list[str],
) -> None:
    start = Start(start_of(pupil).year + (age - 4), place, 1, tuple(diplomas))
    walk = play(Plan(pupil, start, clock, measures, given=facts), LAW)
    assert_grows(walk)
    assert_keeps_diplomas(walk)
    assert_takes_what_is_open(walk)
    assert_is_stuck_only_without_an_open_move(walk)


@given(plans())
def test_a_walk_is_stuck_only_where_nothing_is_open(plan: Plan) -> None:
    assert_is_stuck_only_without_an_open_move(play(plan, LAW))


@given(
    PUPILS,
    CLOCKS,
    st.sampled_from([place.id for place in LAW.places()]),
    st.integers(4, 16),
    st.sampled_from([value.id for value in LAW.facts["advice"].values]),
)
def test_where_schools_say_yes_nobody_under_18_is_stuck(
    pupil: Pupil, clock: Clock, place: str, age: int, advice: str
) -> None:
    start = Start(start_of(pupil).year + (age - 4), place)
    walk = play(Plan(pupil, start, clock, given={"advice": advice}), LAW)
    last = walk.steps[-1].state
    assert walk.end is not End.STUCK or last.age_at_end >= 18


@pytest.mark.parametrize("n", [3, 7, 8])
@pytest.mark.parametrize("measures", [{}, {"early-to-vo": Switch(True)}], ids=["without", "early-to-vo"])
def test_at_14_a_pupil_finds_a_way_out_of_primary_school(n: int, measures: dict[str, Switch]) -> None:
    plan = Plan(Pupil(date(2008, 3, 12)), Start(SchoolYear(2021), f"po/{n}"), measures=measures)
    assert play(plan, LAW).end is not End.STUCK


def options_by_id(step: Step) -> dict[str, Option]:
    return {option.rule.id: option for option in step.moves}


@given(plans())
def test_every_option_has_words_and_a_citation(plan: Plan) -> None:
    walk = play(plan, LAW)
    for step in walk.steps[::4]:
        for option in (*step.moves, *step.acts):
            assert option.cite.law
            assert option.rules()[0] == option.rule.id
            assert all(node.text for node in option.why())
            assert bool(option.why_not()) == (option.verdict.truth != YES or option.granted is False)
