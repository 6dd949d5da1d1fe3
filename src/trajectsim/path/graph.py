"""The graph of what a pupil's school years can lead to, grown as far as it is asked.

Two states of a school year are one node when everything that a rule can read of them, now or later, is equal. A node
is left aside only where ``bounds`` says that no chain of moves leads from it to the goal in the years that are left.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from attrs import define, field

from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.path.bounds import Bound
from trajectsim.path.goals import Goal
from trajectsim.path.options import Option, law_says
from trajectsim.path.plan import Plan
from trajectsim.path.walk import OLDEST, Ended, ended
from trajectsim.pupil import State
from trajectsim.pupil.facts import carried, diploma_mask
from trajectsim.verdict import NO, YES

Way = tuple[tuple[tuple[Ended, Option], ...], Ended]
"""School years, each with the move that ends it, and the one that reaches the goal."""


@define(eq=False)
class Node:
    """A state of the search, ``depth`` school years after the start."""

    state: State
    depth: int
    plan: Plan
    law: Lawbook
    edges: dict[str, tuple[Option, Node] | None] = field(factory=dict[str, "tuple[Option, Node] | None"])
    """The moves that were asked for, with the node they lead to; None for those that are refused."""
    leads: dict[int, bool] = field(factory=dict[int, bool])
    """Whether the goal is reached after so many more school years."""
    _year: Ended | None = None
    _held: int = -1

    def year(self) -> Ended:
        """The school year up to its move."""
        self._year = self._year or ended(self.state, self.plan, self.law)
        return self._year

    def held(self) -> int:
        """The diplomas in hand at its end."""
        if self._held < 0:
            diplomas = self.year().after.state.record.diplomas
            self._held = diploma_mask((earned.diploma for earned in diplomas), self.law)
        return self._held


@define(eq=False)
class Graph:
    """Of a plan's pupil, towards a goal. ``again``: whether a route may stay in a place."""

    plan: Plan
    law: Lawbook
    goal: Goal
    start: State
    again: bool
    root: Node = field(init=False)
    bound: Bound = field(init=False)
    _nodes: dict[Hashable, Node] = field(factory=dict[Hashable, Node], init=False)
    _by_intake: tuple[Measure, ...] = field(init=False)
    _never: str = field(init=False)
    """The place that no route can come to: the one it starts in, where none may come to a place again."""

    def __attrs_post_init__(self) -> None:
        measures = self.law.measures.values()
        self._by_intake = tuple(m for m in measures if m.by == "intake" and (m.sets or m.lifts))
        start = self.start.place.id
        self._never = "" if self.again or self._begins(start) else start
        self.bound = Bound(self.plan, self.law, self.goal, self.start, self._never)
        self.root = self._node(self.start, 0)

    def might_lead(self, length: int) -> bool:
        """Whether nothing that is known of places and diplomas rules out that so many school years reach the goal."""
        held = diploma_mask((earned.diploma for earned in self.start.record.diplomas), self.law)
        return self.bound.within(self.start.place, held, 0, length)

    def leads(self, length: int) -> bool:
        """Whether some way of so many school years reaches the goal, be it by coming to a place again."""
        return self.might_lead(length) and self._leads(self.root, length)

    def ways(self, length: int, repeats: int | None) -> Iterator[Way]:
        """All of them, in the order of the tables, that come to a place again at most so many times."""

        barren: set[tuple[Node, int, frozenset[str], int]] = set()  # from where no way was found, whatever the order

        def on(node: Node, left: int, seen: frozenset[str], again: int) -> Iterator[Way]:
            if not left:
                yield (), node.year()
                return
            here = (node, left, seen, again)
            found = False
            for option, child in self._onwards(node, left) if here not in barren else ():
                place = child.state.place.id
                times = again + (place in seen and not self._begins(place))
                if (repeats is None or times <= repeats) and self._leads(child, left - 1):
                    for way, last in on(child, left - 1, seen | {place}, times):
                        found = True
                        yield ((node.year(), option), *way), last
            if not found:
                barren.add(here)

        yield from on(self.root, length, frozenset({self.root.state.place.id}), 0)

    def edge(self, node: Node, name: str) -> tuple[Option, Node] | None:
        """A move out of a node and where it leads, None where the law refuses it."""
        if name not in node.edges:
            option = node.year().after.move(name)
            node.edges[name] = None
            if option is not None and option.verdict.truth == YES and self._enters_it(option):
                node.edges[name] = option, self._node(node.year().following(option), node.depth + 1)
        return node.edges[name]

    def _begins(self, place: str) -> bool:
        """Whether the study of the goal begins in a place: who comes there has not been in it before."""
        return bool(self.goal.study) and self.goal.is_place(place)

    def _enters_it(self, option: Option) -> bool:
        """Whether a move, if it leads to where a study begins, leads into that study."""
        return option.to is None or option.study is not None or not self._begins(option.to.id)

    def _leads(self, node: Node, left: int) -> bool:
        if left not in node.leads:
            begun = node is self.root and bool(self.goal.study)  # who is where a study begins is not therefore in it
            if not begun and self.goal.reached(node.state, node.year):
                node.leads[left] = left == 0
            else:
                node.leads[left] = any(self._leads(child, left - 1) for _option, child in self._onwards(node, left))
        return node.leads[left]

    def _onwards(self, node: Node, left: int) -> Iterator[tuple[Option, Node]]:
        """The lawful moves after which the goal may be reached in time."""
        place, distances = node.state.place, self.bound.distances
        for name, (_move, to) in self.law.moves_from(place).items() if left and node.state.age < OLDEST else ():
            if to.id == self._never or distances.get(to.id, OLDEST) >= left:
                continue
            allowed = self.again or to.id != place.id or self._begins(to.id)
            if allowed and self.bound.within(to, node.held(), node.depth + 1, left - 1):
                edge = self.edge(node, name)
                if edge is not None:
                    yield edge

    def _node(self, state: State, depth: int) -> Node:
        key = (depth, *self._key(state))
        if key not in self._nodes:
            self._nodes[key] = Node(state, depth, self.plan, self.law)
        return self._nodes[key]

    def _key(self, state: State) -> tuple[Hashable, ...]:
        """All that rules can read of a state of a school year, now or later."""
        plan, law = self.plan, self.law
        measures = tuple(
            law_says(m, state.year, state.intake, plan.clock, law).truth if plan.is_on(m, state.intake.start) else NO
            for m in self._by_intake
        )
        return state.place.id, measures, state.record.closed, carried(state, law, plan.clock)
