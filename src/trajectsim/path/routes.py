"""All lawful routes to a goal: which is the earliest, what each hangs on, what every measure adds, where none leads on.

The search follows every lawful move out of every state that can be reached, school year by school year. It is exact.
A move is lawful when it is a right, a duty, or the school's to decide: that it agrees is then a condition of the route.
Results that nobody gave are taken as sufficient, and listed as conditions too. Two states are one when everything that
a rule can read of them, now or later, is equal; a state is left aside only when no chain of moves, lawful or not,
leads from it to the goal in the years that are left. All routes start in one school year: the earliest is the shortest.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.places import OUT, Place
from trajectsim.law.tables import Cite, Force
from trajectsim.path.goals import Goal as Goal
from trajectsim.path.goals import goal_of as goal_of
from trajectsim.path.options import Option, law_says
from trajectsim.path.plan import Choice, Plan, Switch
from trajectsim.path.walk import OLDEST, Ended, assumed_by, ended, start_state
from trajectsim.pupil import State
from trajectsim.pupil.facts import carried, school_years
from trajectsim.verdict import NO, YES

LONGER = 2
"""By how many school years a route may be longer than the earliest one, when nobody says how long it may take."""
MOST = 25
"""How many routes are told, when nobody says how many."""


@frozen
class Condition:
    """What a route hangs on: a ``practice`` (the school agrees), a fact ``assumed`` or ``given``, or a ``measure``; by
    id, with the school years in which it does and the articles behind it."""

    kind: str
    id: str
    years: tuple[SchoolYear, ...]
    cites: tuple[Cite, ...] = ()


@frozen(eq=False)
class Route:
    """A lawful way to the goal: the school years before the last, each with its move, and the year that reaches it."""

    steps: tuple[tuple[Ended, Option], ...]
    last: Ended

    @property
    def year(self) -> SchoolYear:
        """The school year in which the goal is reached; a diploma is earned at its end."""
        return self.last.before.state.year

    @property
    def years(self) -> int:
        """How many school years it takes before the one that reaches the goal."""
        return len(self.steps)

    def plan(self, plan: Plan) -> Plan:
        """A plan that walks this route: its moves chosen, and schools that agree where they decide."""
        first = (self.steps[0][0] if self.steps else self.last).before.state.year
        before = tuple(choice for choice in plan.choices if choice.year < first)
        chosen = tuple(Choice(year.before.state.year, option.rule.id) for year, option in self.steps)
        agree = {each.id: "always" for each in self.conditions(plan) if each.kind == "practice"}
        return evolve(_bare(plan), choices=(*before, *chosen), practices={**plan.practices, **agree})

    def conditions(self, plan: Plan) -> tuple[Condition, ...]:
        """All that it hangs on, in the order of the first school year in which it does."""
        years: dict[tuple[str, str], list[SchoolYear]] = {}
        cites: dict[tuple[str, str], list[Cite]] = {}
        for year, kind, name, cite in self._hangs_on(plan):
            years.setdefault((kind, name), []).append(year)
            cites.setdefault((kind, name), []).extend([cite] if cite else [])
        return tuple(
            Condition(kind, name, tuple(dict.fromkeys(some)), tuple(dict.fromkeys(cites[kind, name])))
            for (kind, name), some in years.items()
        )

    def _hangs_on(self, plan: Plan) -> Iterator[tuple[SchoolYear, str, str, Cite | None]]:
        for ending, option in (*self.steps, (self.last, None)):
            year, law = ending.before.state.year, ending.before.law
            if option is None and not ending.earned:
                return
            yield from ((year, "assumed", name, None) for name in sorted(ending.assumed))
            if option is None:
                return
            way = option.verdict.deciding
            assert way is not None
            if way.force is Force.DISCRETION:
                yield year, "practice", way.practice, way.cite
                default = law.practices[way.practice].default
                if way.practice not in plan.practices and isinstance(default, dict):
                    yield from ((year, "assumed", name, None) for name in default if name in option.desk.sheet.assumed)
            yield from ((year, "assumed", name, None) for name in sorted(assumed_by(option)))
            given = (check.fact.id for check in way.checks if check.fact.id in plan.given)
            yield from ((year, "given", name, way.cite) for name in given)
            yield from ((year, "measure", each.measure.id, each.verdict.cite) for each in option.opened_by())


@frozen
class DeadEnd:
    """A step towards the goal that is refused wherever the search comes to it: the place, the move, why not."""

    place: Place
    move: str
    to: Place
    reason: str
    cite: Cite


@frozen
class Gain:
    """What a measure that is on contributes: by how many school years the earliest route is earlier than without it,
    None where there is no route without it."""

    measure: Measure
    years: int | None


@frozen(eq=False)
class Search:
    """What was found: routes, the earliest first; whether there are ``more`` than were asked for; why there are none.

    ``longest`` is how many school years a route might take to be looked for, ``repeats`` how often it might come to a
    place again.
    """

    goal: Goal
    start: State
    routes: tuple[Route, ...]
    more: bool
    longest: int
    repeats: int | None = 0
    dead_ends: tuple[DeadEnd, ...] = ()
    gains: tuple[Gain, ...] = ()

    @property
    def earliest(self) -> Route | None:
        return self.routes[0] if self.routes else None


def routes(
    plan: Plan,
    law: Lawbook,
    goal: Goal,
    *,
    start: State | None = None,
    longest: int | None = None,
    repeats: int | None = 0,
    most: int = MOST,
    measures: bool = True,
) -> Search:
    """The routes of a plan's pupil to a goal, under the measures of the plan; its own choices are one way of many.

    ``start`` is a state of a walk of the plan, else where the plan starts. ``longest`` bounds a route in school years,
    ``repeats`` how often it may come to a place again (None: as often as it takes), ``most`` how many are told;
    ``measures``: whether it is looked for what each contributes.
    """
    bare, state = _bare(plan), start or start_state(plan, law)
    found = _found(bare, law, goal, state, longest, repeats, most)
    ends = () if found.routes else tuple(_dead_ends(bare, law, goal, state, longest))
    gains = tuple(_gains(plan, law, goal, state, found.routes[0], repeats)) if found.routes and measures else ()
    return Search(goal, state, found.routes, found.more, found.longest, repeats, ends, gains)


def earliest(
    plan: Plan, law: Lawbook, goal: Goal, *, start: State | None = None, repeats: int | None = 0
) -> int | None:
    """How many school years the earliest route takes, or None where there is none."""
    found = _found(_bare(plan), law, goal, start or start_state(plan, law), None, repeats, 1)
    return found.routes[0].years if found.routes else None


# --- how it searches ----------------------------------------------------------------------------------------


def _bare(plan: Plan) -> Plan:
    """The plan without its own choices, and without a model of results."""
    return evolve(plan, choices=(), selects=(), learning=None)


@define(eq=False)
class _Node:
    """A state of the search: its school year once it is followed, whether that reaches the goal, the moves on with the
    states they lead to, and after how many more school years the goal can be reached, as the bits of a number."""

    state: State
    depth: int
    plan: Plan
    law: Lawbook
    reached: bool = False
    edges: list[tuple[Option, _Node]] = field(factory=list[tuple[Option, "_Node"]])
    lengths: int = 0
    followed: bool = False
    _year: Ended | None = None

    def year(self) -> Ended:
        """The school year up to its move."""
        self._year = self._year or ended(self.state, self.plan, self.law)
        return self._year


@frozen
class _Graph:
    """Every state that the search came to, by depth. ``first`` is the depth at which the goal is reached first."""

    goal: Goal
    distances: Mapping[str, int]
    layers: list[list[_Node]]
    first: int | None
    longest: int


@frozen
class _Found:
    graph: _Graph
    routes: tuple[Route, ...]
    more: bool
    longest: int


def _found(
    plan: Plan, law: Lawbook, goal: Goal, start: State, longest: int | None, repeats: int | None, most: int
) -> _Found:
    again = repeats != 0
    graph = _grown(plan, law, goal, start, longest, 0, again=again)
    told = list(_some(graph, repeats, most + 1))
    longer = range(1, LONGER + 1) if most > 1 else ()
    for slack in (*longer, OLDEST):  # the last, where the goal is reached only by coming to a place again: look on
        enough = len(told) > most if slack < OLDEST else bool(told)
        if longest is not None or graph.first is None or enough:
            continue
        graph = _grown(plan, law, goal, start, None, slack, again=again)
        told = list(_some(graph, repeats, most + 1))
    return _Found(graph, tuple(told[:most]), len(told) > most, graph.longest)


def _grown(
    plan: Plan,
    law: Lawbook,
    goal: Goal,
    start: State,
    longest: int | None,
    slack: int,
    *,
    again: bool,
    distances: Mapping[str, int] | None = None,
) -> _Graph:
    """Every state from which the goal may be reached in time, by depth, joined by the lawful moves.

    States are followed in the order of how soon they could reach the goal at best, so that none is followed that could
    not do so within the bound, though the bound is known only when the goal is first reached.
    """
    distances = goal.distances(plan, law) if distances is None else distances
    limit = OLDEST if longest is None else longest
    first: int | None = None
    nodes: dict[tuple[int, Any], _Node] = {}
    waiting: list[tuple[int, int, int, _Node]] = []

    def node_of(state: State, depth: int, soonest: int) -> _Node:
        key = (depth, _key(state, plan, law))
        if key not in nodes:
            nodes[key] = _Node(state, depth, plan, law)
            heapq.heappush(waiting, (soonest, depth, len(nodes), nodes[key]))
        return nodes[key]

    if start.place.id in distances:
        node_of(start, 0, goal.soonest(start, distances))
    while waiting and waiting[0][0] <= limit:
        _soonest, depth, _number, node = heapq.heappop(waiting)
        state = node.state
        node.followed, node.reached = True, goal.reached(state, node.year)
        if node.reached:
            if first is None:
                first = depth
                limit = depth + slack if longest is None else limit
            continue
        for name, (_move, to) in law.moves_from(state.place).items() if state.age < OLDEST else ():
            soonest = depth + 1 + max(distances.get(to.id, OLDEST), goal.age - state.age - 1)
            if soonest > limit or (to == state.place and not again):
                continue
            option = node.year().after.move(name)
            if option is not None and option.verdict.truth == YES:
                node.edges.append((option, node_of(node.year().following(option), depth + 1, soonest)))
    layers: list[list[_Node]] = []
    for node in nodes.values():
        layers.extend([] for _depth in range(len(layers), node.depth + 1))
        layers[node.depth].append(node)
    for layer in reversed(layers):
        for node in layer:
            node.lengths = int(node.reached)
            for _option, child in node.edges:
                node.lengths |= child.lengths << 1
    return _Graph(goal, distances, layers, first, limit)


def _key(state: State, plan: Plan, law: Lawbook) -> tuple[Any, ...]:
    """All that rules can read of a state of a school year, now or later: of a diploma or an act, that it is there; of
    the intake, what is dated by it; of the school years, as far as a rule tells them apart."""
    record = state.record
    diplomas = frozenset(earned.diploma for earned in record.diplomas)
    acts = frozenset(done.act for done in record.acts)
    return (
        state.place.id,
        state.years_in_place,
        _intake_key(state, plan, law),
        _schooling_key(state, law),
        diplomas,
        acts,
        record.closed,
        carried(state, law),
    )


def _intake_key(state: State, plan: Plan, law: Lawbook) -> tuple[int, ...]:
    def make() -> tuple[bool, tuple[Measure, ...]]:
        dated = (*law.acts.values(), *law.diplomas.values())
        read = any(rule.by == "intake" for rule in dated) or bool(_needed("law_intake", law))
        return read, tuple(m for m in law.measures.values() if m.by == "intake" and (m.sets or m.lifts))

    read, bound = law.kept("what is dated by intake", make)
    year = law.law_year(state.intake.start, plan.clock)[0] if read else 0
    on = (plan.is_on(measure, state.intake.start) for measure in bound)
    lawful = (law_says(measure, state.year, state.intake, plan.clock, law).truth for measure in bound)
    return (year, *(known if asked else NO for asked, known in zip(on, lawful, strict=True)))


def _schooling_key(state: State, law: Lawbook) -> tuple[int | None, int]:
    """The years in primary school, and what they make of the school years: a number that grows by one a year, so that
    above the highest bound of any rule it tells no more, and neither do the years in primary school it was made of."""
    primary = law.tracks["po"]

    def make() -> int:
        bounds = [n for need in _needed("school_years", law) for n in _plain(need)]
        back = any(
            to.track is primary
            for place in (*law.places(), OUT)
            for _move, to in law.moves_from(place).values()
            if place.track is not primary
        )
        return OLDEST if back or not all(isinstance(n, int) for n in bounds) else max(bounds, default=0)

    years, most = school_years(state, law), law.kept("most school years", make)
    return (None, most + 1) if state.place.track is not primary and years > most else (state.record.po_years, years)


def _needed(name: str, law: Lawbook) -> list[Any]:
    """What rules of walks, and facts that others decide, ask of a fact."""
    rules = (*law.moves.values(), *law.acts.values(), *law.diplomas.values(), *law.duties.values())
    ways = (way.needs for rule in rules for version in rule.version for way in version.ways)
    derived = (needs for fact in law.facts.values() for needs in fact.when)
    return [needs[name] for needs in (*ways, *derived) if name in needs]


def _plain(need: Any) -> list[Any]:
    """The values in a need."""
    values = list(need.values()) if isinstance(need, dict) else [need]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return [each for value in values for each in (value if isinstance(value, list) else [value])]  # pyright: ignore


def _some(graph: _Graph, repeats: int | None, most: int) -> Iterator[Route]:
    """Routes, the shorter first; in the order of the tables where they are as long."""
    if not graph.layers:
        return
    root = graph.layers[0][0]
    count = 0
    for length in range(graph.longest + 1):
        if root.lengths >> length & 1:
            for route in _of_length(root, length, repeats):
                yield route
                count += 1
                if count == most:
                    return


def _of_length(root: _Node, length: int, repeats: int | None) -> Iterator[Route]:
    def on(
        node: _Node, left: int, seen: tuple[str, ...], again: int, way: tuple[tuple[Ended, Option], ...]
    ) -> Iterator[Route]:
        if not left:
            if node.reached:
                yield Route(way, node.year())
            return
        for option, child in node.edges:
            place = child.state.place.id
            times = again + (place in seen)
            if child.lengths >> left - 1 & 1 and (repeats is None or times <= repeats):
                yield from on(child, left - 1, (*seen, place), times, (*way, (node.year(), option)))

    yield from on(root, length, (root.state.place.id,), 0, ())


def _dead_ends(plan: Plan, law: Lawbook, goal: Goal, start: State, longest: int | None) -> Iterator[DeadEnd]:
    """The refused moves that come nearest to the goal, each once, as they are met last by who goes straight for it,
    moves that no measure of the plan opens included."""
    distances = goal.reach(law)
    if start.place.id not in distances:
        return
    bound = goal.soonest(start, distances) + LONGER if longest is None else longest
    graph = _grown(plan, law, goal, start, bound, 0, again=False, distances=distances)
    met: dict[tuple[str, str], tuple[int, Option, Place]] = {}
    for layer in graph.layers:
        for node in layer:
            place = node.state.place
            for name, (_move, to) in law.moves_from(place).items() if node.followed else ():
                option = node.year().after.move(name)
                nearer = distances.get(to.id, OLDEST) < distances.get(place.id, OLDEST)
                if option is not None and nearer and option.verdict.truth != YES:
                    met[place.id, name] = distances[to.id], option, place
    nearest = min((distance for distance, _option, _place in met.values()), default=0)
    for distance, option, place in met.values():
        if distance == nearest and option.to is not None:
            yield DeadEnd(place, str(option.rule.label), option.to, option.why_not(), option.cite)


def _gains(plan: Plan, law: Lawbook, goal: Goal, start: State, route: Route, repeats: int | None) -> Iterator[Gain]:
    """What each measure that is on contributes. The earliest route may stand without it."""
    first, last = start.year.start, route.year.start
    for measure in law.measures.values():
        on = any(plan.is_on(measure, year) for year in range(first, last + 2))
        if not on or not (measure.sets or measure.lifts):
            continue
        without = evolve(plan, measures={**plan.measures, measure.id: Switch(False)})
        if _stands(route, without, start, law):
            yield Gain(measure, 0)
            continue
        years = earliest(without, law, goal, start=start, repeats=repeats)
        yield Gain(measure, None if years is None else years - route.years)


def _stands(route: Route, plan: Plan, start: State, law: Lawbook) -> bool:
    """Whether a route is lawful under another plan of the same pupil, and earns the same."""
    state, bare = start, _bare(plan)
    for there, option in route.steps:
        year = ended(state, bare, law)
        move = year.after.move(option.rule.id)
        if move is None or move.verdict.truth != YES or len(year.earned) != len(there.earned):
            return False
        state = year.following(move)
    return len(ended(state, bare, law).earned) == len(route.last.earned)
