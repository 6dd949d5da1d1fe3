"""Cohorts: a cohort of one is the walk, row i of many is the pupil alone, and neither chunks, workers nor a run that
was stopped change a byte."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trajectsim import draws
from trajectsim.calendar import SchoolYear
from trajectsim.cohort import executors, running
from trajectsim.cohort.automaton import Automaton
from trajectsim.cohort.design import Cohort, Policy, born, of_pupil, policy_plan
from trajectsim.cohort.executors import HERE, PROCESSES, Hands, forks
from trajectsim.cohort.figures import Band, Figure, changed, lines
from trajectsim.cohort.grid import Grid
from trajectsim.cohort.lives import Lives, days
from trajectsim.cohort.running import Finished, run
from trajectsim.cohort.sharing import Way
from trajectsim.cohort.sittings import Exams
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.reforms import Reform
from trajectsim.law.tables import Span
from trajectsim.learning.lanes import Lanes
from trajectsim.learning.pupils import Pupils
from trajectsim.learning.ties import shipped
from trajectsim.learning.worlds import Chance as Luck
from trajectsim.learning.worlds import Doing, Select, World, model_of
from trajectsim.path.learner import closed_early, ending
from trajectsim.path.plan import Chance, Learning, Plan, PlannedAct, Start, Switch, TimePlan
from trajectsim.path.walk import Trajectory, play
from trajectsim.pupil import Pupil, Result
from trajectsim.scenario.cohorts import read_cohort_from

LAW = Lawbook.load()
BIRTHS = born((2005,))
SELECTS = [
    (),
    (Select("skip", ("po/4", "vo/*/2"), 0.5, 0.7, "selection.lax"),),
    (Select("to-vwo-five-years", ("po/8",), 0.8),),
]
MEASURES = [
    {},
    {"skip-year": Switch(True), "five-year-vwo": Switch(True)},
    {"skip-year": Switch(True, share=Decimal("0.4")), "plus-class": Switch(True, share=Decimal("0.6"))},
    {"plus-class": Switch(True, quality=Decimal("0.5")), "early-to-vo": Switch(True)},
]
PRACTICES = [{}, {"promotion": Chance(Decimal("0.8"))}, {"skip": "never"}]
SOME = ("vo/*/*",)
EARLY = Select("central-exam-early", SOME, 0.2, 0.6, "selection.careful")
AWAY = {"kept_away": True}
DOINGS = (
    Doing("central-exam-early", EARLY, (("subject", "en"),)),
    Doing("ho-course", Select("ho-course", SOME, 0.5, 0.5), (("subject", "maths"),)),
    Doing("exam-spread", Select("exam-spread", ("vo/vwo/6", "vo/havo/5"), None, 0.5)),
    Doing("subject-at-higher-level", Select("x", SOME, None, 0.3), (("subject", "en"), ("level", "vwo"))),
)
ON = ("early-exam", "pre-university", "higher-level-subject", "spread-exam")
ACTS = dict.fromkeys(ON, Switch(True))
PLANS = st.sampled_from(
    [
        evolve(policy_plan(clock), measures=measures, practices=practices, selects=selects)
        for clock in (Clock(), Clock(dates="announced"))
        for measures in MEASURES
        for practices in PRACTICES
        for selects in SELECTS
    ]
    + [
        evolve(
            policy_plan(),
            measures={**ACTS, **measures},
            selects=selects,
            doings=doings,
            practices=practices,
            given=AWAY,
        )
        for doings in (DOINGS, DOINGS[:1], DOINGS[1:], DOINGS[2:3])
        for practices in ({}, {"promotion": Chance(Decimal("0.8")), "ho-course": Chance(Decimal("0.7"))})
        for measures, selects in zip(MEASURES, SELECTS, strict=False)
    ]
)
GRID = Grid(Automaton(LAW))
COURSE = "measure.pre-university.delta"
LAX = [
    Reform(rule="cum-laude-vwo", title="draft", span=Span(2013), set="mean", value=Decimal("6.5")),
    Reform(rule="ce-mean", title="draft", span=Span(2020), set="ce_total.mean.min", value=Decimal("6.2")),
    Reform(rule="sitting-havo-vwo", title="draft", span=Span(2022), set="resits", value=0),
]
WORLDS = st.sampled_from([World(), World(hypotheses=True), World(fade_out=False)])
FIXED = st.sampled_from([World(), World(parameters={COURSE: 0.05})])
FEW = settings(deadline=None, max_examples=16, suppress_health_check=[HealthCheck.too_slow])


def told(walk: Trajectory) -> list[Any]:
    """What a walk comes to: places, years, moves, and the marks of exams in tenths."""
    rows: list[Any] = []
    for step in walk.steps:
        marks = {} if step.exam is None else {n: m[:, 0].tolist() for n, m in step.exam.judged.batch.numbers.items()}
        move = step.taken.rule.id if step.taken is not None else ""
        earned = [e.diploma for e, _v in step.earned]
        done = [(each.act, each.arguments) for each in step.done]
        rows.append((step.state.year.start, step.state.place.id, move, earned, done, marks))
    return rows


def recorded(lives: Lives, row: int) -> list[Any]:
    """What becomes of one row, as ``told`` has it of a walk."""
    grid, found = lives.grid, list[Any]()
    while (year := lives.year()) is not None:
        at = np.flatnonzero(year.rows == row)
        turn = int(year.turns[at[0]]) if at.size else 0
        if not turn:
            continue
        state, outcome = grid.what(turn)
        marks: Any = {}
        for sat in year.exams:
            own = np.flatnonzero(sat.rows == at[0])
            if own.size:
                again = np.flatnonzero(sat.again == own[0])
                batch, n = (sat.second, again[0]) if sat.second and again.size else (sat.batch, own[0])
                marks = {name: column[:, n].tolist() for name, column in batch.numbers.items()}
        move = outcome.taken.move if outcome.taken is not None else ""
        found.append((state.year.start, state.place.id, move, list(outcome.earned), list(outcome.acts), marks))
    return found


def lives_of(plan: Plan, world: World, luck: Luck, numbers: list[int]) -> Lives:
    model = model_of(world, luck, LAW)
    return Lives.born(GRID, [Way(plan)], [model], BIRTHS, luck.seed or 0, [luck.replication], np.array(numbers))


def life(plan: Plan, world: World, luck: Luck, numbers: list[int], row: int) -> list[Any]:
    return recorded(lives_of(plan, world, luck, numbers), row)


def pupil_of(plan: Plan, world: World, luck: Luck) -> Trajectory:
    words = draws.pupils(luck.seed or 0, luck.replication, [luck.pupil])
    birth = BIRTHS[int(days(words, 1)[0])]
    return play(evolve(of_pupil(plan, birth), learning=Learning(world, luck)), LAW)


@pytest.mark.long
@FEW
@given(PLANS, WORLDS, st.integers(0, 10**6), st.integers(0, 3))
def test_a_cohort_of_one_is_the_walk_of_its_pupil(plan: Plan, world: World, number: int, replication: int) -> None:
    luck = Luck(9, replication, number)
    walk = told(pupil_of(plan, world, luck))
    assert walk == life(plan, world, luck, [number], 0)


def early(above: float) -> Policy:
    whom = Select("central-exam-early", ("vo/vwo/5",), above)
    plan = evolve(policy_plan(), doings=(Doing("central-exam-early", whom, (("subject", "en"),)),))
    return Policy("early", plan)


def test_who_sits_an_exam_early_has_a_year_less_for_it() -> None:
    """Everybody in vwo 5 sits English: marks are lower than of the same children without, and no child else has any."""
    base = cohort(size=400, policies=(Policy("none", policy_plan()), early(-9)), births=(2005,), replications=1)
    done = run(base, LAW)
    without, own = (done.totals["plain", 0].counts[name] for name in ("none", "early"))
    assert own["did/central-exam-early"] > 20
    means = [counts["sum-ce/vwo"] / counts["marked/vwo"] for counts in (own, without)]
    assert -20 < means[0] - means[1] < 0  # hundredths of a mark, of one subject in eight
    assert own["passed/vwo"] * without["exam/vwo"] <= without["passed/vwo"] * own["exam/vwo"]
    assert own["sum-ce/havo"] == without["sum-ce/havo"]
    assert own["changed/marks"] <= own["changed/acts"] == own["did/central-exam-early"]
    assert done.asked_more("plain", "early", "none") >= {"measure.early-exam.g_exam"}


def test_a_course_in_higher_education_adds_what_it_does_at_the_end_of_its_year() -> None:
    """Under the cap of all that is at work that year; in a cohort it changes marks of those who did it alone."""
    year, pupil = SchoolYear(2019), Pupil(date(2003, 3, 15), ability={"language": Decimal(1)})
    act = PlannedAct(year, "ho-course", (("subject", "wisb"),))
    offered = {"pre-university": Switch(True)}
    walk = play(Plan(pupil, Start(year, "vo/vwo/4"), measures=offered, acts=(act,), learning=Learning()), LAW)
    step, other = walk.steps[:2]
    found = ending(step.after, "promote", shipped())
    assert found == ("promote", step.state.place, ("ho-course",), ())
    assert ending(other.after, "promote", shipped()) is None
    world = World(parameters={COURSE: 0.05, "cap": 0.1})
    for measures, added in (((), 0.05), (((("measure.enriched-vwo.delta",), 1.0),), 0.03)):
        assert float(model_of(world, Luck(), LAW).size("ending", *found[:3], measures)) == pytest.approx(added)

    whom = Select("ho-course", ("vo/vwo/4",), 0.8)
    doing = evolve(policy_plan(), measures=offered, doings=(Doing("ho-course", whom, act.arguments),))
    policies = (Policy("none", policy_plan()), Policy("course", doing))
    done = run(cohort(size=400, policies=policies, worlds=(world,), births=(2005,), replications=1), LAW)
    own = done.totals["plain", 0].counts["course"]
    assert 0 < own["changed/marks"] <= own["changed/acts"] == own["did/ho-course"]
    assert done.asked_more("plain", "course", "none") >= {COURSE}


HIGHER = "subject-at-higher-level"


def havo(*acts: PlannedAct) -> Any:
    """The exam of a havo pupil in 2021 whose marks are the model's, with acts in the years before."""
    pupil, offered = Pupil(date(2003, 12, 12), ability={"language": Decimal(1)}), ("higher-level-subject", "early-exam")
    plan = Plan(pupil, Start(SchoolYear(2018), "vo/havo/3"), measures=dict.fromkeys(offered, Switch(True)), acts=acts)
    return play(evolve(plan, learning=Learning()), LAW).steps[2].exam


def at_vwo(year: int, code: str = "en", level: str = "vwo") -> PlannedAct:
    return PlannedAct(SchoolYear(year), HIGHER, (("subject", code), ("level", level)))


def test_a_subject_at_a_higher_level_has_the_marks_of_the_exam_of_that_level() -> None:
    """P.3: against the candidates of that level; the level stands on the list, the other subjects are as they were."""
    model, without, exam = model_of(World(), Luck(), LAW), havo(), havo(at_vwo(2019))
    codes = [slot.code for slot in exam.slots]
    assert [slot.at for slot in exam.slots] == ["vwo" if code == "entl" else "" for code in codes]
    row, numbers, before = codes.index("entl"), exam.judged.batch.numbers, without.judged.batch.numbers
    for sort in ("se", "ce"):
        at_one = float(model.size("mark", "vwo", sort)) + float(model.size("mark by skill", "vwo", sort))
        assert numbers[sort][row, 0] == round(10 * at_one)
        others = [n for n in range(len(codes)) if n != row]
        assert numbers[sort][others].tolist() == before[sort][others].tolist()
    assert numbers["ce"][row, 0] < before["ce"][row, 0]
    for acts in (
        (at_vwo(2020),),
        (at_vwo(2019, "grtc"),),
        (at_vwo(2018, level="tl"),),
    ):  # too late, not hers, not higher
        assert havo(*acts).judged.batch.numbers["ce"].tolist() == before["ce"].tolist()


def test_an_early_exam_at_a_higher_level_misses_years_of_that_one() -> None:
    early = PlannedAct(SchoolYear(2019), "central-exam-early", (("subject", "entl"),))
    model, exams = model_of(World(), Luck(), LAW), [havo(*acts) for acts in ((at_vwo(2018),), (at_vwo(2018), early))]
    row = [slot.code for slot in exams[0].slots].index("entl")
    full, short = (int(exam.judged.batch.numbers["ce"][row, 0]) for exam in exams)
    assert full - short == pytest.approx(10 * float(model.size("short", early.act, "vwo", "ce")), abs=1)


SPREAD = {"spread-exam": Switch(True)}


def test_an_exam_spread_over_two_years_is_no_repeat_and_has_its_result_in_the_second() -> None:
    """Who would pass in the first year has no diploma then; her second takes no effect of repeating, and marks that
    are given for the first stay hers."""
    year, pupil = SchoolYear(2022), Pupil(date(2005, 3, 15), ability={"language": Decimal(1)})
    whole = Plan(pupil, Start(year, "vo/havo/5"), measures=SPREAD, given={"kept_away": True}, learning=Learning())
    spread = evolve(whole, acts=(PlannedAct(year, "exam-spread"),))
    first, second = play(spread, LAW).steps[:2]
    assert not first.earned
    assert (first.exam, dict(first.modelled)) == (None, {})
    assert first.taken is not None
    assert first.taken.rule.id == "second-exam-year"
    assert ending(first.after, first.taken.rule.id, shipped()) is None
    assert [earned.diploma for earned, _v in second.earned] == ["havo"]
    assert not play(spread, LAW).repeats(second)
    assert second.exam is not None
    model, once = model_of(World(), Luck(), LAW), play(whole, LAW).steps[0]
    assert once.exam is not None
    ce, other = (exam.judged.batch.numbers["ce"] for exam in (second.exam, once.exam))
    assert [e.diploma for e, _v in once.earned] == ["havo"]
    at_place = model.size("ce", second.state.place, ("exam-spread",))
    assert (ce[ce > 0].astype(int) - other[ce > 0]).max() <= 10 * at_place + 1
    assert (ce >= other).all()
    marks = (Result(year, level="havo", subject="netl", se=70, ce=70),)
    given_marks = play(evolve(spread, learning=None, results=marks), LAW).steps
    assert [each.result.subject for each in given_marks[0].closed] == ["netl"]
    assert [each.subject for each in given_marks[1].state.record.closed] == ["netl"]


def test_exams_that_are_spread_in_a_cohort_are_counted_once_and_nobody_repeats_for_it() -> None:
    whom = Select("exam-spread", ("vo/vwo/6", "vo/havo/5"), None, 0.3)
    base = evolve(policy_plan(), measures=SPREAD, given={"kept_away": True})
    spread = evolve(base, doings=(Doing("exam-spread", whom),))
    world = World(parameters={"bar.havo": -9.0, "bar.vwo": -9.0})  # nobody repeats a year of these
    policies = (Policy("none", base), Policy("spread", spread))
    done = run(cohort(size=400, policies=policies, worlds=(world,), births=(2005,), replications=1), LAW)
    without, own = (done.totals["plain", 0].counts[name] for name in ("none", "spread"))
    assert own["did/exam-spread"] == own["done/exam-spread"] > 20
    assert sum(own[f"move/vo/{place}/second-exam-year"] for place in ("vwo/6", "havo/5")) == own["done/exam-spread"]
    assert own["diploma/vwo"] == pytest.approx(without["diploma/vwo"], abs=3)
    assert own["passed/vwo"] == own["diploma/vwo"]
    again = [
        sum(n for key, n in c.items() if key.startswith(("repeat/vo/vwo/6", "repeat/vo/havo/5")))
        for c in (own, without)
    ]
    assert again[0] <= again[1]


def test_who_takes_a_subject_at_a_higher_level_in_a_cohort_has_lower_marks_for_it() -> None:
    whom = Select(HIGHER, ("vo/havo/4",), 0.0)
    doing = Doing(HIGHER, whom, at_vwo(0).arguments)
    plan = evolve(policy_plan(), measures={"higher-level-subject": Switch(True)}, doings=(doing,))
    policies = (Policy("none", policy_plan()), Policy("higher", plan))
    done = run(cohort(size=600, policies=policies, births=(2005,), replications=1), LAW)
    without, own = (done.totals["plain", 0].counts[name] for name in ("none", "higher"))
    assert own["did/" + HIGHER] > 20
    assert own["sum-ce/havo"] * without["marked/havo"] < without["sum-ce/havo"] * own["marked/havo"]
    assert 0 < own["changed/marks"] <= own["changed/acts"] == own["did/" + HIGHER]
    assert own["sum-ce/tl"] == without["sum-ce/tl"]


def test_an_early_exam_that_lapses_does_nothing_later() -> None:
    """Who is not promoted after it sits the whole exam again, from 2014/2015 on."""
    year, given = SchoolYear(2020), Pupil(date(2004, 3, 15), ability={"language": Decimal(0)})
    acts = (PlannedAct(year, "central-exam-early", (("subject", "en"),)),)
    for outcome, stands in (("sufficient", True), ("insufficient", False)):
        plan = Plan(given, Start(year, "vo/vwo/5"), acts=acts, results=(Result(year, outcome),), learning=Learning())
        after = play(plan, LAW).steps[1].state
        assert [done.stands for done in after.record.acts] == [stands]
        assert closed_early(after, LAW) == ((("central-exam-early", "entl", 1),) if stands else ())


@pytest.mark.long
@FEW
@given(PLANS, FIXED, st.integers(-20, 25))
def test_a_cohort_of_one_is_the_walk_in_fixed_mode(plan: Plan, world: World, level: int) -> None:
    pupil = Pupil(date(2005, 3, 15), ability={"language": Decimal(level) / 10})
    own = evolve(of_pupil(plan, pupil.born), pupil=pupil, learning=Learning(world))
    walk = told(play(own, LAW))
    model = model_of(world, Luck(), LAW)
    pupils = Pupils.able(model, draws.pupils(0, 0, [0]), {"language": level / 10}, "")
    pupils.says = Lanes((model,))
    offers = tuple((name, float(s.share) >= 0.5) for name, s in plan.measures.items() if s.on and s.share < 1)
    settled = GRID.variant(plan, offers)
    start = GRID.start(settled, pupil.born)
    assert walk == recorded(Lives.begun(GRID, [Way(settled)], pupils, [np.array([start])]), 0)


@pytest.mark.long
@FEW
@given(PLANS, st.lists(st.integers(0, 10**6), min_size=1, max_size=12, unique=True), st.data())
def test_row_i_of_many_is_the_pupil_alone(plan: Plan, numbers: list[int], data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(numbers) - 1))
    many, alone = (life(plan, World(), Luck(9, 1), who, row) for who, row in ((numbers, i), ([numbers[i]], 0)))
    assert many == alone


@pytest.mark.long
@FEW
@given(PLANS, WORLDS, st.lists(st.integers(0, 10**6), min_size=1, max_size=9, unique=True), st.data())
def test_replications_side_by_side_are_each_alone(
    plan: Plan, world: World, numbers: list[int], data: st.DataObject
) -> None:
    replications = data.draw(st.lists(st.integers(0, 40), min_size=2, max_size=5, unique=True))
    models = [model_of(world, Luck(9, n), LAW) for n in replications]
    (beside,) = Lives.born(GRID, [Way(plan)], models, BIRTHS, 9, replications, np.array(numbers)).live()
    alone = [tally for n in replications for tally in lives_of(plan, world, Luck(9, n), numbers).live()]
    assert beside.all == [tally.counts for tally in alone]
    for name, column in beside.columns.items():
        assert column.tolist() == [value for tally in alone for value in tally.columns[name].tolist()]


def test_a_child_is_one_row_until_anything_is_otherwise() -> None:
    """Who may be chosen to skip a year has a row of her own in that year; after it only who was."""
    chosen = evolve(policy_plan(), measures=MEASURES[1], selects=SELECTS[1])
    ways, numbers = [Way(policy_plan()), Way(chosen)], np.arange(400)
    lives = Lives.born(GRID, ways, [model_of(World(), Luck(9, 1), LAW)], BIRTHS, 9, [1], numbers)
    rows: list[int] = []
    while lives.year() is not None:
        rows.append(len(lives.state))
    none, skip = lives.tallies
    assert set(rows[:3]) == {400}
    assert 0 < rows[4] - 400 < 150
    assert (none.columns["route"] != skip.columns["route"]).sum() >= rows[4] - 400


@pytest.mark.long
@FEW
@given(
    st.lists(PLANS, min_size=2, max_size=5),
    WORLDS,
    st.lists(st.integers(0, 10**6), min_size=1, max_size=12, unique=True),
    st.booleans(),
)
def test_policies_side_by_side_are_each_alone(plans: list[Plan], world: World, numbers: list[int], lax: bool) -> None:
    """A child is followed once for as long as nothing is different for her, and nothing shows it: what is counted, what
    becomes of each, and what was asked of the parameters."""
    exams = [None, Exams(LAW.overlay(LAX), GRID.sittings)] if lax else [None]
    ways = [Way(plan, own) for plan in plans for own in exams]
    models = lambda: [model_of(world, Luck(9, n), LAW) for n in (1, 2)]  # noqa: E731
    lives = Lives.born(GRID, ways, models(), BIRTHS, 9, [1, 2], np.array(numbers))
    for n, (way, tally) in enumerate(zip(ways, lives.live(), strict=True)):
        own = Lives.born(GRID, [way], models(), BIRTHS, 9, [1, 2], np.array(numbers))
        (alone,) = own.live()
        assert tally.all == alone.all
        assert {name: c.tolist() for name, c in tally.columns.items()} == {
            name: c.tolist() for name, c in alone.columns.items()
        }
        assert lives.asked(n) == own.asked(0)


def cohort(**changes: Any) -> Cohort:
    policies = (
        Policy("none", policy_plan()),
        Policy("skip", evolve(policy_plan(), measures=MEASURES[1], selects=SELECTS[1])),
    )
    base = Cohort(60, (2005, 2006), policies, seed=4, replications=2, chunk=60, fingerprint="test")
    return evolve(base, **changes)


def totals(done: Finished) -> dict[str, Any]:
    return {f"{key}": value.counts for key, value in sorted(done.totals.items())}


@cache
def whole() -> dict[str, Any]:
    """The cohort in one process and one piece."""
    return totals(run(cohort(), LAW))


@pytest.mark.parametrize("chunk", [7, 25, 59])
def test_chunks_change_nothing(chunk: int) -> None:
    assert totals(run(cohort(chunk=chunk), LAW)) == whole()


def test_replications_in_one_piece_change_nothing() -> None:
    more = cohort(replications=8, chunk=10_000)
    assert [job.beside for job in more.jobs()] == [8]
    assert [job.beside for job in evolve(more, size=5000, chunk=90_000).jobs()] == [4, 4]
    assert [job.beside for job in evolve(more, size=5000, replications=40, chunk=90_000).jobs()] == [10, 10, 10, 10]
    done = totals(run(more, LAW))
    assert {key: done[key] for key in whole()} == whole()


DRAFT = """
title = "Cum laude from 7.5"
[cohort]
size = 1500
births = [2005]
replications = 1
[[policy]]
id = "none"
[[policy]]
id = "draft"
[[policy.reform]]
rule = "cum-laude-vwo"
set = "mean"
from = "2013/2014"
value = 7.5
"""


@pytest.mark.long
def test_a_policy_has_its_own_law() -> None:
    """A draft for cum laude from 7.5: more of it, and all else as it was."""
    done = run(read_cohort_from(DRAFT, "draft.toml").cohort, LAW)
    counts = done.totals["plain", 0].counts
    without, draft = (
        counts["none"],
        {k: n for k, n in counts["draft"].items() if not k.startswith(("changed", "ahead", "behind"))},
    )
    assert draft["laude/vwo"] > without.get("laude/vwo", 0)
    assert {k: n for k, n in draft.items() if k != "laude/vwo"} == {
        k: n for k, n in without.items() if k != "laude/vwo"
    }
    assert counts["draft"]["changed"] == counts["draft"]["changed/laude"] == draft["laude/vwo"] - without["laude/vwo"]


def test_another_policy_and_world_leave_the_others_alone() -> None:
    base = cohort()
    more = (*base.policies, Policy("five", evolve(policy_plan(), measures=MEASURES[1])))
    done = run(evolve(base, policies=more, worlds=(World(), World("slow", {"kappa": 0.2}))), LAW)
    plain = {f"{key}": value.counts for key, value in done.totals.items() if key[0] == "plain"}
    assert {key: {n: c for n, c in counts.items() if n != "five"} for key, counts in plain.items()} == whole()


def test_more_children_leave_the_others_alone() -> None:
    """The first 60 of 100 are the 60: the rest adds what the rest has alone."""
    base = cohort(size=100, chunk=60)
    first, rest = list(base.jobs())[:2]
    from trajectsim.cohort.running import work

    assert work(base, first, LAW)[0][0]["none"] == whole()["('plain', 0)"]["none"]
    assert rest.count == 40


@pytest.mark.long
@pytest.mark.parametrize("threads", [0, 1])
def test_workers_change_nothing(threads: int) -> None:
    """Forks of this process, and fresh ones where a thread of it could be cut in half."""
    ended = threading.Event()
    others = [threading.Thread(target=ended.wait) for _thread in range(threads)]
    for other in others:
        other.start()
    try:
        assert threads == 0 or not forks()
        assert totals(run(cohort(chunk=30), LAW, workers=2)) == whole()
    finally:
        ended.set()
        for other in others:
            other.join()


def test_work_is_shared_out_where_there_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[tuple[str, int]] = []

    @contextmanager
    def hands(where: str, workers: int, *rest: Any) -> Generator[Hands]:
        handed.append((where, workers))
        with executors.hands(HERE, 1, *rest) as found:
            yield found

    monkeypatch.setattr(running, "hands", hands)
    monkeypatch.setattr(running, "at_hand", lambda: 3)
    for chunk in (60, 10_000):
        assert totals(run(cohort(chunk=chunk), LAW, workers=0)) == whole()
    assert handed == [(PROCESSES, 2), (HERE, 1)]


def _shortened(text: str) -> str:
    return text[:60]


def _other_figures(text: str) -> str:
    return re.sub(r": (\d+)", lambda m: f": {int(m[1]) + 1}", text)


def _of_another(text: str) -> str:
    return '{"counts": [], "asked": {}}\n'


@pytest.mark.parametrize("change", [_shortened, _other_figures, _of_another])
def test_a_run_that_was_stopped_goes_on_to_the_same_bytes(tmp_path: Path, change: Callable[[str], str]) -> None:
    base = cohort(chunk=25)

    def stop(_done: float, _all: int, whole: int) -> None:
        if whole == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(base, LAW, keep=tmp_path, told=stop)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 3
    kept[0].write_text(
        change(kept[0].read_text("utf-8")), "utf-8"
    )  # a file that is not as it was written counts as none
    seen: list[float] = []
    done = run(base, LAW, keep=tmp_path, told=lambda finished, _all, _whole: seen.append(finished))
    assert seen[0] == 2
    assert totals(done) == whole()
    assert json.dumps(totals(run(base, LAW, keep=tmp_path)), sort_keys=True) == json.dumps(whole(), sort_keys=True)


def test_nothing_is_lost_on_the_way() -> None:
    """Every child leaves once, by a move, without a step left, or broken off; whoever earns a diploma is counted."""
    for counts in (c for policies in whole().values() for c in policies.values()):
        left = sum(n for key, n in counts.items() if key.startswith("leave/"))
        assert left + counts.get("stuck", 0) + counts.get("broken-off", 0) == counts["pupils"] == 60
        inside = sum(n for key, n in counts.items() if key.startswith("in/"))
        assert inside == sum(n for key, n in counts.items() if key.startswith("years/"))
        assert all(counts.get(f"passed/{level}", 0) <= n for level, n in levels(counts, "exam"))


def levels(counts: dict[str, int], what: str) -> list[tuple[str, int]]:
    return [(key.partition("/")[2], n) for key, n in counts.items() if key.startswith(f"{what}/")]


def test_who_is_born_when() -> None:
    """Days stand for as many days of the year as they say, and every year has as many children."""
    day = days(draws.pupils(1, 0, np.arange(120_000)), 2)
    shares = np.bincount(day, minlength=6) / 120_000
    assert shares.tolist() == pytest.approx([x / 730 for x in (212, 61, 92, 212, 61, 92)], abs=0.005)


def test_bands_and_paired_differences() -> None:
    assert Band.of([3.0]) == Band(3.0, 3.0, 3.0)
    band = Band.of([float(n) for n in range(11)])
    assert (band.median, band.low, band.high) == (5, 1, 9)
    done = run(cohort(), LAW)
    told_lines = list(lines(done, LAW))
    for line in told_lines:
        assert line.value.low <= line.value.median <= line.value.high
        assert line.policy != "none" or line.difference is None
    years = next(line for line in told_lines if line.figure.id == "years.po" and line.policy == "skip")
    assert years.difference is not None
    assert years.difference.high < 0  # who skips a year is there for less
    assert changed(done, "plain", "skip")["anything"].value.median > 0
    assert Figure("x", "x", ("a",), ("b",)).of({"a": 1}) is None


def test_weakest_evidence_is_told() -> None:
    assert run(cohort(), LAW).evidence == {"plain": "D"}


def test_going_to_vo_early_is_chosen_for_and_skips_a_year() -> None:
    """Where schools offer it nobody goes by herself: all went from groep 1. Who is fourteen skips none."""
    on = {"early-to-vo": Switch(True)}
    chosen = (Select("to-vwo", ("po/7",), 1.0),)
    low = World("low", {"bar.po": 0.0})  # many of fourteen
    plans = (policy_plan(), evolve(policy_plan(), measures=on), evolve(policy_plan(), measures=on, selects=chosen))
    policies = tuple(Policy(f"p{n}", each) for n, each in enumerate(plans))
    done = run(cohort(policies=policies, worlds=(World(), low), size=120, births=(2005,)), LAW)
    for (world, _n), found in done.totals.items():
        without, offered, taken = (found.counts[policy.id] for policy in policies)
        assert world != "plain" or not offered.get("changed")
        assert "skipped-years" not in without
        assert world != "plain" or taken["skipped-years"] > 0


def test_what_counts_as_teaching_time_is_of_each_policy() -> None:
    """A measure that no rule of a place asks for says which hours count there."""
    hours = (TimePlan("vo/vwo", (960,) * 6, (60,) * 6, days=(189,) * 6),)
    without = evolve(policy_plan(), teaching=hours)
    with_it = evolve(without, measures={"extra-activities": Switch(True)})
    done = run(cohort(policies=(Policy("none", without), Policy("on", with_it)), replications=1), LAW)
    for found in done.totals.values():
        none, on = (found.counts[name] for name in ("none", "on"))
        assert "hours-extra/vo" not in none
        assert on["hours-extra/vo"] == 60 * on["hours-years/vo"]


def test_a_difference_has_the_grade_of_what_it_is_shown_by_and_of_what_a_world_says() -> None:
    """What enriched lessons add is B; how boredom shows is a guess, and so is any difference in it."""
    plans = (policy_plan(), evolve(policy_plan(), measures={"enriched-vwo": Switch(True)}))
    policies = tuple(Policy(name, plan) for name, plan in zip(("none", "enriched"), plans, strict=True))
    guess = World("guess", {"measure.enriched-vwo.delta": {"grade": "D", "dist": "uniform"}})
    done = run(Cohort(60, (2006,), policies, (World(), guess), replications=1), LAW)
    by = {(line.world, line.figure.id): line.by for line in lines(done, LAW) if line.policy == "enriched"}
    assert by["plain", "ce.vwo"] == "B"
    assert by["plain", "bored"] == by["plain", "bored-top"] == "D"
    assert by["guess", "ce.vwo"] == "D"
