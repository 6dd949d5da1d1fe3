"""All lawful routes to a goal: which is the earliest, what each hangs on, what every measure adds, where none leads on.

The search follows every lawful move out of every state that can be reached, school year by school year. It is exact.
A move is lawful when it is a right, a duty, or the school's to decide: that it agrees is then a condition of the route.
Results that nobody gave are taken as sufficient, and listed as conditions too. Two states are one when everything that
a rule can read of them, now or later, is equal; a state is left aside only when no chain of moves leads from it to the
goal in the years that are left (``graph``, ``bounds``). All routes start in one school year: the earliest is the
shortest.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from attrs import evolve, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.places import Place
from trajectsim.law.tables import Cite, Force
from trajectsim.path.goals import Goal as Goal
from trajectsim.path.goals import entering
from trajectsim.path.goals import goal_of as goal_of
from trajectsim.path.graph import Graph, Node
from trajectsim.path.options import Option
from trajectsim.path.plan import Choice, Plan, Switch
from trajectsim.path.walk import OLDEST, Ended, assumed_by, ended, start_state
from trajectsim.pupil import State
from trajectsim.verdict import YES

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
        chosen = tuple(Choice(year.before.state.year, each.rule.id, each.arguments) for year, each in self.steps)
        agree = {each.id: "always" for each in self.conditions(plan) if each.kind == "practice"}
        return evolve(
            plan,
            selects=(),
            doings=(),
            learning=None,
            choices=(*before, *chosen),
            practices={**plan.practices, **agree},
        )

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


@frozen(eq=False)
class DeadEnd:
    """A step towards the goal that is refused: the place, the school year in which she can first be there, and the move
    with its verdict."""

    place: Place
    year: SchoolYear
    option: Option
    to: Place

    @property
    def move(self) -> str:
        return str(self.option.rule.label)

    @property
    def rule(self) -> str:
        """The rule that says no: the move's own, or a duty that forbids it."""
        way = self.option.verdict.deciding
        return way.rule if way is not None else self.option.rule.id

    @property
    def reason(self) -> str:
        return self.option.why_not()

    @property
    def cite(self) -> Cite:
        return self.option.cite


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
    bare, state = _bare(plan, goal, law), start or start_state(plan, law)
    found = _found(bare, law, goal, state, longest, repeats, most)
    ends = () if found.routes else tuple(_dead_ends(bare, law, goal, state, longest))
    gains = tuple(_gains(plan, law, goal, state, found.routes[0], repeats)) if found.routes and measures else ()
    return Search(goal, state, found.routes, found.more, found.longest, repeats, ends, gains)


def earliest(
    plan: Plan, law: Lawbook, goal: Goal, *, start: State | None = None, repeats: int | None = 0
) -> int | None:
    """How many school years the earliest route takes, or None where there is none."""
    found = _found(_bare(plan, goal, law), law, goal, start or start_state(plan, law), None, repeats, 1)
    return found.routes[0].years if found.routes else None


# --- how it is found ----------------------------------------------------------------------------------------


def _bare(plan: Plan, goal: Goal, law: Lawbook) -> Plan:
    """The plan without a model of results and without its own choices, but for the study of a goal: whatever the year,
    that is the one that a move would be for."""
    moves = entering(law.studies[goal.study], law) if goal.study else {}
    years = [plan.start.year + n for n in range(OLDEST)] if moves else []
    named = (Choice(year, move, ((name, goal.study),)) for move, name in moves.items() for year in years)
    return evolve(plan, choices=tuple(named), selects=(), doings=(), learning=None)


@frozen
class _Found:
    routes: tuple[Route, ...]
    more: bool
    longest: int


def _found(
    plan: Plan, law: Lawbook, goal: Goal, start: State, longest: int | None, repeats: int | None, most: int
) -> _Found:
    """The first routes, the shorter first; in the order of the tables where they are as long."""
    graph = Graph(plan, law, goal, start, again=repeats != 0)
    slack = LONGER if most > 1 else 0
    first: int | None = None
    told: list[Route] = []
    length = limit = OLDEST if longest is None else longest
    for length in range(limit + 1) if graph.might_lead(limit) else ():
        if graph.leads(length):
            first = length if first is None else first
            some = (Route(way, last) for way, last in graph.ways(length, repeats))
            told.extend(islice(some, most + 1 - len(told)))
        enough = len(told) > most or (first is not None and bool(told) and length >= first + slack)
        if enough and longest is None:
            break
    return _Found(tuple(told[:most]), len(told) > most, length if longest is None else longest)


def _dead_ends(plan: Plan, law: Lawbook, goal: Goal, start: State, longest: int | None) -> Iterator[DeadEnd]:
    """The refused moves that lead nearest to the goal, each from where least is missing, as who comes to a place as
    soon as can be meets them; moves that no measure of the plan opens included."""
    distances = goal.reach(law)
    graph = Graph(plan, law, goal, start, again=False)
    met: list[tuple[int, int, DeadEnd]] = []
    seen, layer = {start.place.id}, [graph.root]
    for _depth in range(OLDEST if longest is None else longest):
        following: list[Node] = []
        for node in layer if distances else ():
            place = node.state.place
            for name, (_move, to) in law.moves_from(place).items() if node.state.age < OLDEST else ():
                far, edge = distances.get(to.id, OLDEST), graph.edge(node, name)
                option = node.year().after.move(name)
                if edge is None and option is not None and far < distances.get(place.id, OLDEST):
                    missing = len(option.verdict.unmet)
                    met.append((far, missing, DeadEnd(place, node.state.year, option, to)))
                elif edge is not None and to.id not in seen:
                    seen.add(to.id)
                    following.append(edge[1])
        layer = following
    nearest = min((far for far, _missing, _end in met), default=0)
    ends = [(missing, end) for far, missing, end in met if far == nearest]
    for missing, end in ends:
        if missing == min(other for other, each in ends if each.option.rule is end.option.rule):
            yield end


def _gains(plan: Plan, law: Lawbook, goal: Goal, start: State, route: Route, repeats: int | None) -> Iterator[Gain]:
    """What each measure that is on contributes. The earliest route may stand without it."""
    first, last = start.year.start, route.year.start
    for measure in law.measures.values():
        on = any(plan.is_on(measure, year) for year in range(first, last + 2))
        if not on or not (measure.sets or measure.lifts):
            continue
        without = evolve(plan, measures={**plan.measures, measure.id: Switch(False)})
        if _stands(route, _bare(without, goal, law), start, law):
            yield Gain(measure, 0)
            continue
        years = earliest(without, law, goal, start=start, repeats=repeats)
        yield Gain(measure, None if years is None else years - route.years)


def _stands(route: Route, bare: Plan, start: State, law: Lawbook) -> bool:
    """Whether a route is lawful under another plan of the same pupil, and earns the same."""
    state = start
    for there, option in route.steps:
        year = ended(state, bare, law)
        move = year.after.move(option.rule.id)
        if move is None or move.verdict.truth != YES or len(year.earned) != len(there.earned):
            return False
        state = year.following(move)
    return len(ended(state, bare, law).earned) == len(route.last.earned)
