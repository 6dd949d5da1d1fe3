"""Expectations of the earliest lawful route, held against the exact search."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.errors import Key
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.options import Option
from trajectsim.path.routes import Goal, Route, Search, goal_of, routes
from trajectsim.path.walk import Trajectory
from trajectsim.scenario.format import RouteExpected
from trajectsim.scenario.judge import NOTHING, Ground, Judged, because, ground_of_option, together
from trajectsim.verdict import NO, YES, Node
from trajectsim.words import _


def judge_route(expected: RouteExpected, walk: Trajectory, law: Lawbook, at: tuple[Key, ...]) -> Iterator[Judged]:
    """Whether the earliest route is as it is to be. Why it is not, is told by its steps; or by where none leads on."""
    step = walk.at(expected.in_) if expected.in_ else walk.steps[0]
    goal = goal_of(expected.to, law)
    assert step is not None  # ``misplaced`` has seen to it
    assert goal is not None  # the reader has
    search = routes(walk.plan, law, goal, start=step.state, repeats=expected.repeats, most=1, measures=False)
    route = search.earliest
    what = _("earliest route to {goal}").format(goal=expected.to)
    if route is None:
        nowhere = _("no lawful route leads there")
        ends = tuple(_ends(search))
        if expected.open is False:
            yield Judged((*at, "open"), what, True, _("none"), nowhere)
            return
        key, wanted = next(iter(_wanted(expected, goal)), ("open", _("a lawful route")))
        yield Judged(
            (*at, key), what, False, wanted, nowhere, ends[0][1] if ends else NOTHING, tuple(n for n, _g in ends)
        )
        return
    ground = together(part for _ending, option in route.steps for part in _grounds(option))
    state = route.last.before.state
    found = _told(goal, state.year, goal.age_of(state))
    steps = tuple(_steps(route))
    if expected.open is False:
        yield Judged((*at, "open"), what, False, _("none"), found, ground, steps)
    elif expected.open:
        yield Judged((*at, "open"), what, True, _("a lawful route"), found, ground)
    met = {"year": expected.year == state.year, "age": expected.age == goal.age_of(state)}
    for key, wanted in _wanted(expected, goal):
        yield Judged((*at, key), what, met[key], wanted, found, ground, () if met[key] else steps)
        steps = steps if met[key] else ()  # they are told once
    yield from because(expected.because, ground, at)


def _grounds(option: Option) -> Iterator[Ground]:
    """What a move rests on, the measures that open it too."""
    yield ground_of_option(option)
    yield Ground(tuple(state.measure.id for state in option.opened_by()), ())


def _wanted(expected: RouteExpected, goal: Goal) -> Iterator[tuple[str, str]]:
    """What is said of the route, by key, in words."""
    if expected.year is not None:
        yield "year", _told(goal, expected.year)
    if expected.age is not None:
        yield "age", _("at {age}").format(age=expected.age)


def _told(goal: Goal, year: object, age: int | None = None) -> str:
    told = _("in {year}, at {age}") if age is not None else _("in {year}")
    return told.format(year=year, age=age)


def _steps(route: Route) -> Iterator[Node]:
    """The route, a line a move."""
    for ending, option in route.steps:
        state = ending.before.state
        yield Node(f"{state.year} {state.place}: {option.rule.label}", YES, option.cite)
    last = route.last.before.state
    yield Node(f"{last.year} {last.place}", YES)


def _ends(search: Search) -> Iterator[tuple[Node, Ground]]:
    """Where the search ends, and what that rests on."""
    for end in search.dead_ends:
        text = f"{end.place} → {end.to} ({end.move}): {end.reason}"
        yield Node(text, NO, end.cite), Ground((end.move,), (end.cite,))
