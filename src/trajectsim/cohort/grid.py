"""The automaton as numbers: columns by node, case and step, so that a year of all pupils is a few look-ups.

A pupil in node n of whom a year told t is in case ``cases[first(n) + t]``; who wants w there takes the step
``steps[first(case) + w]``, which leads to the next node. What is not there yet is made when it is first asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.cohort.automaton import Automaton, Case, Node, chances
from trajectsim.cohort.columns import Column
from trajectsim.cohort.keys import SECTORS, Keys, keys_of, sector_of
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.places import OUT
from trajectsim.learning import ties
from trajectsim.learning.lanes import Kinds
from trajectsim.learning.pupils import has_exam, profile_key, select_keys
from trajectsim.learning.says import ABSENT, Fork, Ways, before, fork_of, said_by
from trajectsim.learning.sitting import Paper, Papers, paper_of, profiles
from trajectsim.learning.skills import Rows
from trajectsim.learning.ties import Ties
from trajectsim.learning.worlds import Select

ANSWERS = 3
"""How many answers a year has to its result: not told, insufficient or failed, sufficient or passed."""
BARRED, DELAYED = 1, 2
"""How an insufficient year is told in a place: by a bar, by a chance."""
_COUNTED = ("node", "case", "step", "cases", "steps", "sitting", "paper")
_KEPT = 8192
"""How many nodes and cases are kept as they were judged, so that another case or step out of one does not judge it
anew."""


@define(eq=False)
class Grid:
    """The numbers of an automaton. Number 0 is out of school, of nodes, cases and steps alike."""

    automaton: Automaton
    places: Kinds = field(factory=Kinds)
    works: Kinds = field(factory=Kinds)
    shares: Kinds = field(factory=Kinds)
    moves: Kinds = field(factory=Kinds)
    keys: Keys = field(factory=Keys)
    papers: list[Papers] = field(factory=list[Papers])
    selects: list[Select] = field(factory=list[Select])
    forks: list[Fork] = field(factory=list[Fork])
    cases: Column = field(factory=lambda: Column(fill=-1))
    steps: Column = field(factory=lambda: Column(fill=-1))
    ties: Ties = field(init=False)
    node: dict[str, Column] = field(init=False)
    case: dict[str, Column] = field(init=False)
    step: dict[str, Column] = field(init=False)
    sitting: dict[str, Column] = field(init=False)
    paper: dict[str, Column] = field(init=False)
    _counts: dict[str, int] = field(factory=lambda: dict.fromkeys(_COUNTED, 1))
    _judged: dict[int, Case] = field(factory=dict[int, Case])
    _nodes: dict[int, Node] = field(factory=dict[int, Node])
    _numbers: dict[Any, int] = field(factory=dict[Any, int])
    _names: dict[str, int] = field(factory=lambda: {"": 0})
    _ways: tuple[NDArray[Any], ...] = ()

    def __attrs_post_init__(self) -> None:
        self.ties = ties.shipped()
        names = ("first", "place", "work", "told", "advised", "times", "sector", "sitting", "selects")
        self.node = {name: Column() for name in names}
        self.sitting = {"first": Column(), "profiles": Column(), "key": Column(np.uint64)}
        self.paper = {"papers": Column(), "which": Column()}
        self.node |= {"year": Column(np.uint64), "word": Column(np.uint64)}
        self.case = {name: Column() for name in ("first", "node", "at", "fork")} | {"mask": Column(np.uint64)}
        self.step = {name: Column() for name in ("next", "move", "stays", "at", "taken")}
        self.cases[0] = self.steps[0] = 0
        self.places.number((OUT,), OUT.id)
        self.works.number((OUT, ()), (OUT.id, ()))
        self.shares.number((ABSENT,), ABSENT)
        self.moves.number(("", OUT), "")

    # --- from pupils to numbers -----------------------------------------------------------------------------------

    def make_nodes(self) -> None:
        """Make what is not there yet of the states that steps have led to."""
        for number in range(self._counts["node"], len(self.automaton.states) + 1):
            self._make_node(number, self._node(number))
        self._counts["node"] = len(self.automaton.states) + 1

    @property
    def known_steps(self) -> int:
        """How many steps there are, the one of who is out of school with them."""
        return self._counts["step"]

    def case_of(self, at: Rows, nodes: Rows) -> Rows:
        """The cases of pupils, by where they stand among those of their nodes."""
        found = self.cases.take(at)
        missing = np.flatnonzero(found < 0)
        if missing.size:
            for code, row in zip(*np.unique(at[missing], return_index=True), strict=True):
                self._make_case(int(code), int(nodes[missing[row]]))
            found = self.cases.take(at)
        return found

    def step_of(self, at: Rows, cases: Rows) -> Rows:
        """The steps of pupils, by where they stand among those of their cases."""
        found = self.steps.take(at)
        missing = np.flatnonzero(found < 0)
        if missing.size:
            for code, row in zip(*np.unique(at[missing], return_index=True), strict=True):
                self._make_step(int(code), int(cases[missing[row]]))
            found = self.steps.take(at)
        return found

    def ways(self, forks: Rows) -> tuple[Ways, Any]:
        """The forks of pupils as columns, and the kinds of the shares of their routes."""
        if not self._ways or self._ways[0].shape[1] < len(self.forks) + 1:
            self._ways = self._all_ways()
        odds, key, share, after = self._ways
        count = range(len(odds))
        ways = Ways(
            [row.take(forks) for row in odds],
            [],
            [row.take(forks) for row in key],
            [[after[j, k].take(forks) if j < k else False for k in count] for j in count],
        )
        return ways, [row.take(forks) for row in share]

    def _all_ways(self) -> tuple[NDArray[Any], ...]:
        most, count = max(len(fork.routes) for fork in self.forks), len(self.forks) + 1
        odds, after = np.zeros((most, count), np.bool_), np.zeros((most, most, count), np.bool_)
        key, share = np.zeros((most, count), np.uint64), np.zeros((most, count), np.intp)
        for n, fork in enumerate(self.forks, 1):
            for k, route in enumerate(fork.routes):
                odds[k, n] = bool(route.odds)
                key[k:, n] = draws.key("route", route.decision, fork.times)  # of the routes that are not there too
                share[k, n] = self.shares.number((said_by(route),), said_by(route))
                for j in range(k):
                    after[j, k, n] = before(fork, j, k)
        return odds, key, share, after

    def what(self, step: int) -> tuple[Case, str]:
        """The case that a step is taken in, judged again, and its move; empty where none was left."""
        at, move = int(self.step["at"].all[step]), int(self.step["taken"].all[step])
        number = int(self.case["node"].all[at])
        return self._judge(int(self.case["at"].all[at]), number), list(self._names)[move]

    # --- making them ----------------------------------------------------------------------------------------------

    def _block(self, which: str, column: Column, size: int) -> int:
        """Room for so many numbers, none of them made."""
        first = self._counts[which]
        self._counts[which] = first + size
        column[slice(first, first + size)] = -1
        return first

    def _next(self, which: str) -> int:
        self._counts[which] += 1
        return self._counts[which] - 1

    def _make_node(self, number: int, node: Node) -> None:
        place, times, told = node.place, node.state.years_in_place, node.tells
        advices = 1 + len(self.automaton.law.facts["advice"].values) if "advice" in told else 1
        row = {
            "first": self._block("cases", self.cases, advices * ANSWERS << len(chances(node.desk.plan))),
            "place": self.places.number((place,), place.id),
            "work": self.works.number((place, node.measures), (place.id, node.measures)),
            "told": self._told(node),
            "advised": int("advice" in told) * (2 - bool(place.years_to_final)),
            "sitting": self._sitting(node) if "exam_result" in told and has_exam(place) else 0,
            "times": times,
            "sector": SECTORS.index(sector_of(place)),
            "year": draws.key("year", place.id, times),
            "word": draws.word(place.id, node.state.year.start),
            "selects": len(node.selects),
        }
        for n, select in enumerate(node.selects):
            seen, chosen = select_keys(select, place, times)
            row |= {f"select-{n}": self._select(select), f"seen-{n}": seen, f"chosen-{n}": chosen}
        for name in row.keys() - self.node.keys():
            self.node[name] = Column(np.intp if name.startswith("select") else np.uint64)
        for name, column in self.node.items():
            column[number] = row.get(name, 0)

    def _told(self, node: Node) -> int:
        """How the result of a year is told that is not an exam of which the model knows the marks."""
        told = {"year_result", "exam_result"} & set(node.tells)
        if not told or ("exam_result" in told and has_exam(node.place)):
            return 0
        if self.ties.bar_at(node.place, node.state.years_in_place) is not None:
            return BARRED
        return DELAYED if self.ties.delay_at(node.place) is not None else 0

    def _sitting(self, node: Node) -> int:
        """Which exam is sat in a node."""
        track, plan = node.place.track, node.desk.plan
        law = self.automaton.law
        asked = asked_by_exams(law)
        offered = {name: value for name, value in node.desk.offered().items() if name in asked}
        level, year = track.level if track else "", node.state.year.start
        key = ("sitting", level, year, tuple(offered.items()), plan.clock)
        if key not in self._numbers:
            number = self._numbers[key] = self._next("sitting")
            names = profiles(law, level, year) or ("",)
            self.sitting["profiles"][number], self.sitting["key"][number] = len(names), profile_key(level)
            self.sitting["first"][number] = first = self._counts["paper"]
            self._counts["paper"] += len(names)
            for n, name in enumerate(names, first):
                self._paper(n, paper_of(law, level, year, name, plan.clock, offered))
        return self._numbers[key]

    def _paper(self, number: int, paper: Paper) -> None:
        """Put a paper with those that can be judged together with it."""
        key = ("papers", paper.structure)
        if key not in self._numbers:
            self._numbers[key] = len(self.papers)
            self.papers.append(Papers([]))
        papers = self._numbers[key]
        self.paper["papers"][number], self.paper["which"][number] = papers, len(self.papers[papers].all)
        self.papers[papers].all.append(paper)

    def _select(self, select: Select) -> int:
        if id(select) not in self._numbers:
            self._numbers[id(select)] = len(self.selects)
            self.selects.append(select)
        return self._numbers[id(select)]

    def _fork(self, case: Case) -> int:
        state = case.node.state
        fork = fork_of(self.ties, self.automaton.law, state.place, case.after.facts, state.years_in_place)
        if fork is None:
            return 0
        key = (tuple(id(route) for route in fork.routes), fork.times)
        if key not in self._numbers:
            self.forks.append(fork)
            self._numbers[key] = len(self.forks)
        return self._numbers[key]

    def _make_case(self, at: int, number: int) -> None:
        """Judge what comes of a year."""
        case = self._judge(at, number)
        made, fork = self._next("case"), self._fork(case)
        self.cases[at] = made
        self._judged[made] = case
        wanted = 1 + (len(self.forks[fork - 1].routes) if fork else 0)
        self.case["first"][made] = self._block("steps", self.steps, wanted << len(case.node.selects))
        self.case["node"][made], self.case["at"][made], self.case["fork"][made] = number, at, fork
        self.case["mask"][made] = case.mask

    def _judge(self, at: int, number: int) -> Case:
        node = self._node(number)
        count = len(chances(node.desk.plan))
        result, bits = divmod(at - int(self.node["first"].all[number]), 1 << count)
        advice, result = divmod(result, ANSWERS)
        if len(self._judged) >= _KEPT:
            self._judged.clear()
        return node.case(advice - 1, result, tuple(bool(bits >> k & 1) for k in range(count)))

    def _node(self, number: int) -> Node:
        if number not in self._nodes:
            if len(self._nodes) >= _KEPT:
                self._nodes.clear()
            self._nodes[number] = self.automaton.node(number)
        return self._nodes[number]

    def _make_step(self, at: int, number: int) -> None:
        """Judge what is wanted."""
        case = self._judged.get(number)
        if case is None:
            case = self._judge(int(self.case["at"].all[number]), int(self.case["node"].all[number]))
            self._judged[number] = case
        selects, fork = case.node.selects, int(self.case["fork"].all[number])
        which, bits = divmod(at - int(self.case["first"].all[number]), 1 << len(selects))
        wanted = self.forks[fork - 1].routes[which - 1].move if which else ""
        selected = {select.move: bool(bits >> n & 1) for n, select in enumerate(selects)}
        taken, made, place = case.first_open(wanted, selected), self._next("step"), case.node.place
        following = move = 0
        if taken is not None:
            following = self.automaton.number(case.node.desk.plan, taken.state)
            if self.ties.effects_of_move(taken.move.id):
                move = self.moves.number((taken.move.id, place), (taken.move.id, place.id))
        self.steps[at] = made
        self.step["next"][made], self.step["move"][made] = following, move
        self.step["stays"][made] = int(taken is not None and taken.stays)
        name = "" if taken is None else taken.move.id
        self.step["at"][made], self.step["taken"][made] = number, self._names.setdefault(name, len(self._names))
        self.keys.add(keys_of(case, taken))


def asked_by_exams(law: Lawbook) -> frozenset[str]:
    """The facts that measures set and exams ask for."""

    def make() -> frozenset[str]:
        versions = (version for demand in law.demands.values() for version in demand.version)
        asked = {name for version in versions for way in version.ways for name in way.needs}
        return frozenset(fact.id for fact in law.facts.values() if fact.source == "measure" and fact.id in asked)

    return law.kept("asked by exams", make)


__all__ = ["ANSWERS", "BARRED", "DELAYED", "Grid"]
