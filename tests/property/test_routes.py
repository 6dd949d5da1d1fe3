"""The search: no walk is earlier, every route can be walked, and what is set apart from each other is told apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.places import OUT
from trajectsim.path.graph import Graph
from trajectsim.path.plan import Choice, Plan, Start, Switch
from trajectsim.path.routes import Goal, earliest, goal_of, routes
from trajectsim.path.walk import OLDEST, ended, play, start_state
from trajectsim.pupil import Pupil, Result
from trajectsim.report.routes import search_text
from trajectsim.verdict import YES

LAW = Lawbook.load()
PLACES = [place.id for place in LAW.places()]
BEGIN = {"po": 4, "vo": 12, "mbo": 16, "ho": 18}
MEASURES = [measure.id for measure in LAW.measures.values() if measure.sets or measure.lifts]


@st.composite
def plans(draw: Any) -> Plan:
    place = LAW.place(draw(st.sampled_from([name for name in PLACES if name[:2] != "po" or name >= "po/6"])))
    assert place is not None
    assert place.track is not None
    year = SchoolYear(draw(st.integers(2013, 2026)))
    pupil = Pupil(date(year.start - BEGIN.get(place.track.sector, 14) - place.n + 1, draw(st.integers(1, 12)), 1))
    result = st.builds(
        Result,
        st.integers(year.start, year.start + 3).map(SchoolYear),
        st.sampled_from(["sufficient", "insufficient"]),
    )
    return Plan(
        pupil,
        Start(year, place.id),
        measures=draw(st.dictionaries(st.sampled_from(MEASURES), st.builds(Switch, st.booleans()), max_size=4)),
        results=tuple(draw(st.lists(result, max_size=2))),
        given={"advice": draw(st.sampled_from(["kb-gt", "havo", "vwo"]))},
    )


GOALS = st.one_of(
    st.sampled_from(list(LAW.diplomas)).map(lambda name: Goal(diploma=name)),
    st.sampled_from(PLACES).map(lambda name: Goal(place=name)),
    st.integers(15, 20).map(lambda age: Goal(age=age)),
)


def walked(plan: Plan, data: st.DataObject, most: int) -> Plan:
    """A plan whose first years are chosen among what the law leaves open."""
    for _year in range(most):
        walk = play(plan, LAW)
        step = walk.at(plan.start.year + len(plan.choices))
        if step is None:
            break
        options = [option.rule.id for option in step.moves if option.open and option.to != OUT]
        if not options:
            break
        plan = evolve(plan, choices=(*plan.choices, Choice(step.state.year, data.draw(st.sampled_from(options)))))
    return plan


@pytest.mark.long
@given(plan=plans(), data=st.data())
@settings(max_examples=15)
def test_no_walk_reaches_a_goal_earlier_than_the_search_says(plan: Plan, data: st.DataObject) -> None:
    plan = walked(plan, data, 4)
    steps = play(plan, LAW).steps[: len(plan.choices) + 1]
    assume(len(steps) > 1)
    last = steps[-1]
    goals = [(Goal(place=last.state.place.id), len(steps) - 1)] if last.state.place != OUT else []
    goals += [(Goal(diploma=e.diploma), n) for n, step in enumerate(steps) for e, _verdict in step.earned]
    for goal, years in goals:
        found = earliest(plan, LAW, goal, repeats=None)
        assert found is not None
        assert found <= years


@pytest.mark.long
@given(plan=plans(), goal=GOALS)
@settings(max_examples=15)
def test_every_route_can_be_walked_and_reaches_the_goal(plan: Plan, goal: Goal) -> None:
    search = routes(plan, LAW, goal, longest=7, most=6)
    assert [route.years for route in search.routes] == sorted(route.years for route in search.routes)
    for route in search.routes:
        walk = play(route.plan(plan), LAW)
        assert not [refusal for refusal in walk.refusals if refusal.kind == "choice"]
        taken = [step.taken.rule.id for step in walk.steps[: route.years] if step.taken is not None]
        assert taken == [option.rule.id for _year, option in route.steps]
        places = [year.before.state.place.id for year, _option in route.steps] + [route.last.before.state.place.id]
        over = len(walk.steps) == route.years and places[-1] == OUT.id
        assert [step.state.place.id for step in walk.steps[: len(places)]] == places[: -1 if over else None]
        assert len(places) == len(set(places))
        if over:  # out of school and nothing more to choose: the walk is over there
            assert goal.age
            continue
        end = walk.steps[route.years]
        if goal.diploma:
            assert goal.diploma in [e.diploma for e in (*end.state.record.diplomas, *(e for e, _verdict in end.earned))]
        elif goal.age:
            assert end.state.age >= goal.age
        else:
            assert end.state.place.id == goal.place


@pytest.mark.long
@given(plan=plans(), goal=GOALS)
@settings(max_examples=15)
def test_routes_are_distinct_and_all_within_the_bound_are_found(plan: Plan, goal: Goal) -> None:
    """Against a search that follows every choice by itself and merges nothing."""
    search = routes(plan, LAW, goal, longest=3, most=10_000)
    found = [tuple(option.rule.id for _year, option in route.steps) for route in search.routes]
    assert len(found) == len(set(found))
    assert sorted(found) == sorted(plainly(plan, goal, 3))


def plainly(plan: Plan, goal: Goal, longest: int) -> list[tuple[str, ...]]:
    """All routes to a goal, by trying every sequence of lawful moves."""
    bare = evolve(plan, choices=(), selects=(), learning=None)
    done: list[tuple[str, ...]] = []

    def follow(state: Any, moves: tuple[str, ...], seen: tuple[str, ...]) -> None:
        year = ended(state, bare, LAW)
        held = [e.diploma for e in year.after.state.record.diplomas]
        if goal.diploma in held or state.place.id == goal.place or (goal.age and state.age >= goal.age):
            done.append(moves)
            return
        for option in year.after.moves() if len(moves) < longest else ():
            assert option.to is not None
            if option.verdict.truth == YES and option.to.id not in seen:
                follow(year.following(option), (*moves, option.rule.id), (*seen, option.to.id))

    start = start_state(plan, LAW)
    follow(start, (), (start.place.id,))
    return done


@pytest.mark.long
@given(plan=plans(), other=plans(), goal=GOALS)
@settings(max_examples=5)
def test_what_the_law_keeps_of_other_searches_changes_nothing(plan: Plan, other: Plan, goal: Goal) -> None:
    def told() -> list[tuple[str, ...]]:
        search = routes(plan, LAW, goal, longest=6, most=25)
        return [tuple(option.rule.id for _year, option in route.steps) for route in search.routes]

    LAW._cache.clear()
    first = told()
    for start in (other, evolve(plan, pupil=other.pupil), evolve(plan, measures=other.measures)):
        routes(start, LAW, goal, longest=6, repeats=1)
    assert told() == first


def test_where_she_can_earn_it_only_in_the_place_she_cannot_come_to_again_the_search_is_soon_over() -> None:
    start, failed = SchoolYear(2019), Result(SchoolYear(2019), "failed", "mbo-4")
    plan = Plan(Pupil(date(2001, 11, 8)), Start(start, "mbo/4/3"), results=(failed,))
    assert routes(plan, LAW, Goal(diploma="mbo-4")).routes == ()
    assert not Graph(plan, LAW, Goal(diploma="mbo-4"), start_state(plan, LAW), again=False).might_lead(OLDEST)
    assert routes(plan, LAW, Goal(diploma="mbo-4"), repeats=1, most=1).routes


@pytest.mark.long
@given(plan=plans(), goal=GOALS)
@settings(max_examples=15)
def test_what_a_measure_contributes_is_the_difference_with_the_search_without_it(plan: Plan, goal: Goal) -> None:
    search = routes(plan, LAW, goal, most=1)
    if search.earliest is None:
        return
    for gain in search.gains:
        off = evolve(plan, measures={**plan.measures, gain.measure.id: Switch(False)})
        years = earliest(off, LAW, goal)
        assert gain.years == (None if years is None else years - search.earliest.years)


def test_no_route_names_where_it_ends() -> None:
    plan = Plan(Pupil(date(2004, 5, 1)), Start(SchoolYear(2015), "po/8"), given={"advice": "bb"})
    search = routes(plan, LAW, Goal(place="vo/vwo-five/1"))
    assert search.earliest is None
    assert [(end.place.id, end.to.id) for end in search.dead_ends] == [("po/8", "vo/vwo-five/1")]
    assert [(end.rule, str(end.year)) for end in search.dead_ends] == [("to-vwo-five-years", "2015/2016")]
    assert all("advice" in end.reason and end.cite.article for end in search.dead_ends)


def test_where_no_move_of_any_year_leads_that_is_what_is_said() -> None:
    plan = Plan(Pupil(date(2004, 5, 1)), Start(SchoolYear(2019), "vo/havo/4"))
    search = routes(plan, LAW, Goal(place="po/5"))
    assert search.dead_ends == ()
    assert "from havo 4 no chain of moves leads there" in search_text(search, plan, LAW)


def test_a_duty_that_forbids_is_named_as_the_rule() -> None:
    plan = Plan(Pupil(date(2004, 5, 1)), Start(SchoolYear(2019), "vo/havo/4"))
    ends = routes(plan, LAW, Goal(place="out"), longest=1).dead_ends
    assert {end.rule for end in ends} & set(LAW.duties)


def test_goals_by_their_words() -> None:
    assert goal_of("vwo", LAW) == Goal(diploma="vwo")
    assert goal_of("wo/bachelor", LAW) == Goal(diploma="wo-bachelor")
    assert goal_of("18", LAW) == Goal(age=18)
    assert goal_of("ho/wo/1", LAW) == Goal(place="ho/wo/1")
    assert goal_of("ho/wo", LAW) == Goal(place="ho/wo/*")
    assert goal_of("ho/*/1", LAW) == Goal(place="ho/*/1")
    assert [goal_of(word, LAW) for word in ("0", "nowhere", "")] == [None, None, None]


def into_medicine(profile: str, subjects: list[str]) -> Any:
    """The earliest route of a pupil in vwo 6 into medicine, and her plan."""
    plan = Plan(
        Pupil(date(2004, 5, 1), profile=profile), Start(SchoolYear(2022), "vo/vwo/6"), given={"subjects": subjects}
    )
    goal = goal_of("geneeskunde", LAW)
    assert goal is not None
    return plan, routes(plan, LAW, goal).earliest


def test_what_a_study_asks_counts_on_the_way_into_it() -> None:
    every = [value.id for value in LAW.facts["subjects"].values]
    for profile, subjects, way in (("nt", every, "fixus"), ("cm", [], "deficiency")):
        plan, route = into_medicine(profile, subjects)
        _year, last = route.steps[-1]
        assert last.arguments == (("study", "geneeskunde"),)
        assert (route.years, last.verdict.deciding.id) == (1, way)
        walk = play(route.plan(plan), LAW)
        assert not [refusal for refusal in walk.refusals if refusal.kind == "choice"]
        assert walk.steps[1].state.place.id == "ho/wo/1"


def test_who_is_where_a_study_begins_is_not_therefore_in_it() -> None:
    plan = Plan(Pupil(date(2003, 5, 1)), Start(SchoolYear(2022), "ho/wo/1", diplomas=("vwo",)))
    goal = goal_of("vrij-wo", LAW)
    assert goal is not None
    found = routes(plan, LAW, goal).earliest
    assert found is not None
    _year, last = found.steps[-1]
    assert last.study is not None
    assert last.to is not None
    assert last.to.id == "ho/wo/1"
