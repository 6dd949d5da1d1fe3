"""The automaton as numbers: columns by state, node, case, step and turn, so that a year of everybody is a few look-ups.

A *node* is what some states are under a policy, where nothing that is asked there tells them apart. A pupil in node n
of whom a year told t is in case ``cases[first(n) + t]``; who wants w there takes the step ``steps[first(case) + w]``,
which has outcome o; of her state s that makes the turn ``turns[first(s) + o]``, which leads to the next state. What is
not there yet is made when it is first asked for. Nodes, cases and steps serve many states, and all of it many policies.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

import numpy as np
from attrs import define, field, frozen

from trajectsim import draws
from trajectsim.cohort.automaton import Automaton, Case, Node, Outcome, chances
from trajectsim.cohort.columns import Column
from trajectsim.cohort.design import of_pupil, policy_plan
from trajectsim.cohort.forks import Forks
from trajectsim.cohort.keys import SECTORS, Keys, keys_of, sector_of
from trajectsim.cohort.likeness import Likeness
from trajectsim.cohort.sittings import Exams, Sittings, asked_by_exams
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.places import OUT
from trajectsim.learning.lanes import Kinds
from trajectsim.learning.pupils import has_exam, select_keys
from trajectsim.learning.sitting import Closed
from trajectsim.learning.skills import Rows
from trajectsim.learning.ties import shipped
from trajectsim.learning.worlds import Select
from trajectsim.path.learner import ending, settled
from trajectsim.path.plan import Plan
from trajectsim.path.walk import start_state
from trajectsim.pupil import State
from trajectsim.pupil.facts import fact_sheet

ANSWERS = 3
"""How many answers a year has to its result: not told, insufficient or failed, sufficient or passed."""
BARRED, DELAYED = 1, 2
"""How an insufficient year is told in a place: by a bar, by a chance."""
_COUNTED = ("state", "node", "case", "step", "turn", "cases", "steps", "turns")
_ROOM = 8
"""How many outcomes of states that are alike there is room for at first."""
_KEPT = 8192
"""How many nodes and cases are kept as they were judged, so that another case or step out of one does not judge it
anew."""


@define(eq=False)
class Alike:
    """States that nothing asked in their place tells apart: their numbers, their outcomes by what tells these apart,
    and for how many each has room."""

    states: list[int] = field(factory=list[int])
    outcomes: dict[Any, int] = field(factory=dict[Any, int])
    room: int = _ROOM


@frozen(eq=False)
class Base:
    """What a plan says that is of no policy: whose year's law answers, and the facts that it gives."""

    clock: Clock
    given: Mapping[str, Any]

    def sheet(self, state: State, law: Lawbook) -> Mapping[str, int]:
        """The facts of a state."""
        return fact_sheet(state, law, self.clock, self.given, ()).values


@define(eq=False)
class AtHand:
    """What can be made again from the rest of a grid, and is not kept with it: what plans say, nodes and cases as they
    were judged."""

    texts: dict[int, tuple[Plan, str]] = field(factory=dict[int, "tuple[Plan, str]"])
    judged: dict[int, Case] = field(factory=dict[int, Case])
    nodes: dict[int, Node] = field(factory=dict[int, Node])

    def __reduce__(self) -> Any:
        return AtHand, ()


@define(eq=False)
class Grid:
    """The numbers of an automaton. Number 0 is out of school, of states, nodes, cases, steps and turns alike."""

    automaton: Automaton
    places: Kinds = field(factory=Kinds)
    works: Kinds = field(factory=Kinds)
    sitters: Kinds = field(factory=Kinds)
    endings: Kinds = field(factory=Kinds)
    keys: Keys = field(factory=Keys)
    owed: Keys = field(factory=Keys)
    selects: list[Select] = field(factory=list[Select])
    acts: dict[str, int] = field(factory=dict[str, int])
    closed: list[Closed] = field(factory=lambda: list[Closed]([()]))
    cases: Column = field(factory=lambda: Column(fill=-1))
    steps: Column = field(factory=lambda: Column(fill=-1))
    turns: Column = field(factory=lambda: Column(fill=-1))
    likeness: Likeness = field(init=False)
    sittings: Sittings = field(factory=Sittings)
    exams: Exams = field(init=False)
    forks: Forks = field(init=False)
    state: dict[str, Column] = field(init=False)
    node: dict[str, Column] = field(init=False)
    case: dict[str, Column] = field(init=False)
    step: dict[str, Column] = field(init=False)
    turn: dict[str, Column] = field(init=False)
    _counts: dict[str, int] = field(factory=lambda: dict.fromkeys(_COUNTED, 1))
    _numbers: dict[Any, int] = field(factory=dict[Any, int])
    _alike: list[Alike] = field(factory=lambda: [Alike()])
    _outcomes: list[Outcome] = field(factory=lambda: [NO_OUTCOME])
    _bases: list[Base] = field(factory=list[Base])
    _first: list[tuple[Plan, int]] = field(factory=lambda: [(policy_plan(), 0)])
    """Of each node the plan and the state that it was made for."""
    _nodes_of: dict[str, Column] = field(factory=dict[str, Column])
    _variants: dict[Any, Plan] = field(factory=dict[Any, Plan])
    _at_hand: AtHand = field(factory=lambda: AtHand())

    def __attrs_post_init__(self) -> None:
        self.likeness, self.forks = Likeness(self.law, shipped()), Forks(self.law, shipped())
        self.exams = Exams(self.law, self.sittings)
        names = (
            "first",
            "place",
            "work",
            "told",
            "advised",
            "times",
            "sector",
            "sitting",
            "sitter",
            "closed",
            "selects",
            "doings",
            "like",
        )
        self.node = {name: Column() for name in names} | {"year": Column(np.uint64)}
        self.state = {name: Column() for name in ("first", "like", "base")} | {"word": Column(np.uint64)}
        self.case = {name: Column() for name in ("first", "node", "at", "fork", "goes-on")} | {
            "mask": Column(np.uint64)
        }
        self.step = {name: Column() for name in ("outcome", "ending", "stays", "made")} | {"acts": Column(np.uint64)}
        self.turn = {name: Column() for name in ("next", "state", "outcome")}
        self.cases[0] = self.steps[0] = self.turns[0] = 0
        self.places.number((OUT,), OUT.id)
        self.works.number((OUT, ()), (OUT.id, ()))
        self.sitters.number((OUT, ()), (OUT.id, ()))
        self.endings.number(("", OUT, (), ()), "")

    # --- from pupils to numbers -----------------------------------------------------------------------------------

    @property
    def law(self) -> Lawbook:
        """The law of all of it."""
        return self.automaton.law

    @property
    def known_turns(self) -> int:
        """How many turns there are, the one of who is out of school with them."""
        return self._counts["turn"]

    @property
    def known_nodes(self) -> int:
        """The same of nodes."""
        return self._counts["node"]

    def variant(self, plan: Plan, offers: tuple[tuple[str, bool], ...]) -> Plan:
        """The plan by what the schools of a pupil offer; one and the same for the same offers."""
        key = (self.text(plan), offers)
        if key not in self._variants:
            self._variants[key] = settled(plan, offers)
        return self._variants[key]

    def start(self, plan: Plan, birth: date) -> int:
        """The number of the state in which a child starts who is born on a day."""
        return self.number(plan, start_state(of_pupil(plan, birth), self.law))

    def number(self, plan: Plan, state: State | None) -> int:
        """The number of a state, 0 for out of school."""
        key = ("base", f"{plan.clock} {plan.given}")
        return self._number(self._numbered(key, self._bases, lambda: Base(plan.clock, plan.given)), state)

    def nodes_of(self, plan: Plan, states: Rows) -> Rows:
        """The nodes of states under a plan."""
        text = self.text(plan)
        if text not in self._nodes_of:
            self._nodes_of[text] = Column(fill=-1)
            self._nodes_of[text][0] = 0
        nodes = self._nodes_of[text]
        nodes.reach(self._counts["state"])
        found = nodes.take(states)
        missing = np.flatnonzero(found < 0)
        if missing.size:
            for state in np.unique(states[missing]).tolist():
                nodes[state] = self._node_number(plan, text, state)
            found = nodes.take(states)
        return found

    def case_of(self, at: Rows, nodes: Rows) -> Rows:
        """The cases of pupils, by where they stand among those of their nodes."""
        return self._found(self.cases, at, nodes, self._make_case)

    def step_of(self, at: Rows, cases: Rows) -> Rows:
        """The steps of pupils, by where they stand among those of their cases."""
        return self._found(self.steps, at, cases, self._make_step)

    def turn_of(self, states: Rows, steps: Rows) -> Rows:
        """The turns of pupils, by their states and steps."""
        at = self.state["first"].take(states) + self.step["outcome"].take(steps)
        found = self.turns.take(at)
        missing = np.flatnonzero(found < 0)
        if missing.size:
            for code, row in zip(*np.unique(at[missing], return_index=True), strict=True):
                which = missing[row]
                self._make_turn(int(code), int(states[which]), int(steps[which]))
            found = self.turns.take(at)
        return found

    def what(self, turn: int) -> tuple[State, Outcome]:
        """The state that a turn was made in, and what became of the year."""
        state, made = int(self.turn["state"].all[turn]), int(self.turn["outcome"].all[turn])
        return self.automaton.state(state), self._outcomes[made]

    # --- making them ----------------------------------------------------------------------------------------------

    def _found(self, column: Column, at: Rows, owners: Rows, make: Any) -> Rows:
        found = column.take(at)
        missing = np.flatnonzero(found < 0)
        if missing.size:
            for code, row in zip(*np.unique(at[missing], return_index=True), strict=True):
                make(int(code), int(owners[missing[row]]))
            found = column.take(at)
        return found

    def text(self, plan: Plan) -> str:
        """All that is told apart of a plan. Plans are kept, so that their ids stay theirs."""
        if id(plan) not in self._at_hand.texts:
            said = (plan.clock, plan.measures, plan.practices, plan.given, plan.selects, plan.doings, plan.teaching)
            self._at_hand.texts[id(plan)] = (plan, repr(said))
        return self._at_hand.texts[id(plan)][1]

    def _block(self, which: str, column: Column, size: int) -> int:
        """Room for so many numbers, none of them made."""
        first = self._counts[which]
        self._counts[which] = first + size
        column[slice(first, first + size)] = -1
        return first

    def _next(self, which: str) -> int:
        self._counts[which] += 1
        return self._counts[which] - 1

    def _set(self, of: str, number: int, row: dict[str, Any]) -> None:
        for name, column in getattr(self, of).items():
            column[number] = row.get(name, 0)

    def _number(self, base: int, state: State | None) -> int:
        clock = self._bases[base].clock
        number = self.automaton.number(base, clock, state)
        if state is not None and number == self._counts["state"]:
            seen = self.likeness.of_state(state, self._bases[base].sheet(state, self.law), clock)
            like = self._numbered(("like", base, seen), self._alike, Alike)
            self._alike[like].states.append(self._next("state"))
            first = self._block("turns", self.turns, self._alike[like].room)
            word = draws.word(state.place.id, state.year.start)
            self._set("state", number, {"first": first, "like": like, "base": base, "word": word})
        return number

    def _numbered(self, key: Hashable, known: list[Any], make: Any) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(known)
            known.append(make())
        return self._numbers[key]

    def _node_number(self, plan: Plan, text: str, number: int) -> int:
        """The node of a state under a plan, made unless there is one for those alike."""
        state = self.automaton.state(number)
        local = ("local", text, state.place.id, state.year.start, state.intake.start)
        if local not in self._numbers:
            at_work = self.likeness.of_plan(plan, state.place, state.year, state.intake)
            self._numbers[local] = self._numbers.setdefault(("at work", at_work), len(self._numbers))
        said: tuple[Any, ...] = ()
        if asked := self.likeness.asked_by_schools(plan):
            values = self._bases[int(self.state["base"].all[number])].sheet(state, self.law)
            said = tuple(values[name] for name in asked)
        key = ("node", int(self.state["like"].all[number]), self._numbers[local], said)
        if key not in self._numbers:
            self._first.append((plan, number))
            self._numbers[key] = self._make_node()
        return self._numbers[key]

    def _make_node(self) -> int:
        number = self._next("node")
        node = self._node(number)
        place, times, told = node.place, node.state.years_in_place, node.tells
        advices = 1 + len(self.law.facts["advice"].values) if "advice" in told else 1
        row = {
            "first": self._block(
                "cases", self.cases, advices * ANSWERS << len(chances(node.desk.plan)) + len(node.doings)
            ),
            "place": self.places.number((place,), place.id),
            "work": self.works.number((place, node.measures), (place.id, node.measures)),
            "told": self._told(node),
            "advised": int("advice" in told) * (2 - bool(place.years_to_final)),
            "sitting": self._sitting(node) if "exam_result" in told and has_exam(place) else 0,
            "sitter": self.sitters.number((place, node.before), (place.id, node.before)) if has_exam(place) else 0,
            "closed": self._numbered(("closed", node.closed), self.closed, lambda: node.closed) if node.closed else 0,
            "times": times,
            "sector": SECTORS.index(sector_of(place)),
            "year": draws.key("year", place.id, times),
            "selects": len(node.selects),
            "doings": len(node.doings),
            "like": int(self.state["like"].all[self._first[number][1]]),
        }
        whom = [("selects", n, select) for n, select in enumerate(node.selects)]
        whom += [("doings", n, each.whom) for n, each in enumerate(node.doings)]
        for what, n, select in whom:
            seen, chosen = select_keys(select, place, times)
            row |= {f"{what}-{n}": self._select(select), f"{what}-seen-{n}": seen, f"{what}-chosen-{n}": chosen}
        for name in row.keys() - self.node.keys():
            self.node[name] = Column(np.uint64 if "-seen-" in name or "-chosen-" in name else np.intp)
        self._set("node", number, row)
        self.owed.add((name, amount, 0) for name, amount in node.yields)
        return number

    def _told(self, node: Node) -> int:
        """How the result of a year is told that is not an exam of which the model knows the marks."""
        told = {"year_result", "exam_result"} & set(node.tells)
        if not told or ("exam_result" in told and has_exam(node.place)):
            return 0
        if self.likeness.ties.bar_at(node.place, node.state.years_in_place) is not None:
            return BARRED
        return DELAYED if self.likeness.ties.delay_at(node.place) is not None else 0

    def _sitting(self, node: Node) -> int:
        """Which exam is sat in a node."""
        track, asked = node.place.track, asked_by_exams(self.law)
        offered = {name: value for name, value in node.desk.offered().items() if name in asked}
        exam = (track.level if track else "", node.state.year.start, node.desk.plan.clock)
        return self.sittings.number(*exam, offered, node.above)

    def _select(self, select: Select) -> int:
        return self._numbered(("select", select), self.selects, lambda: select)

    def _make_case(self, at: int, number: int) -> None:
        """Judge what comes of a year."""
        case = self._judge(at, number)
        made, fork = self._next("case"), self.forks.number(case.after)
        self.cases[at] = made
        self._at_hand.judged[made] = case
        wanted = 1 + self.forks.size(fork)
        first = self._block("steps", self.steps, wanted << len(case.node.selects))
        row = {"first": first, "node": number, "at": at, "fork": fork, "mask": case.mask, "goes-on": case.goes_on}
        self._set("case", made, row)

    def _judge(self, at: int, number: int) -> Case:
        node = self._node(number)
        count, more = len(chances(node.desk.plan)), len(node.doings)
        result, bits = divmod(at - int(self.node["first"].all[number]), 1 << count + more)
        advice, result = divmod(result, ANSWERS)
        if len(self._at_hand.judged) >= _KEPT:
            self._at_hand.judged.clear()
        said = tuple(bool(bits >> k & 1) for k in range(count + more))
        return node.case(advice - 1, result, said[more:], said[:more])

    def _node(self, number: int) -> Node:
        if number not in self._at_hand.nodes:
            if len(self._at_hand.nodes) >= _KEPT:
                self._at_hand.nodes.clear()
            plan, state = self._first[number]
            self._at_hand.nodes[number] = Node.of(plan, self.automaton.state(state), self.law)
        return self._at_hand.nodes[number]

    def _make_step(self, at: int, number: int) -> None:
        """Judge what is wanted."""
        case = self._at_hand.judged.get(number)
        if case is None:
            case = self._judge(int(self.case["at"].all[number]), int(self.case["node"].all[number]))
            self._at_hand.judged[number] = case
        selects, fork = case.node.selects, int(self.case["fork"].all[number])
        which, bits = divmod(at - int(self.case["first"].all[number]), 1 << len(selects))
        wanted = self.forks.move(fork, which)
        outcome = case.outcome(wanted, {select.move: bool(bits >> n & 1) for n, select in enumerate(selects)})
        place, taken = case.node.place, outcome.taken
        ends = None if taken is None else ending(case.after, taken.move, self.likeness.ties)
        end = 0 if ends is None else self.endings.number(ends, ends)
        made = self._numbered(("outcome", place.id, outcome.key), self._outcomes, lambda: outcome)
        like = self._alike[int(self.node["like"].all[int(self.case["node"].all[number])])]
        self.steps[at] = step = self._next("step")
        row = {"outcome": self._outcome(like, made), "ending": end, "stays": outcome.stays, "made": made}
        done = {name for name, _said in outcome.acts}
        row["acts"] = sum(1 << self.acts.setdefault(name, len(self.acts)) % 64 for name in sorted(done))
        self._set("step", step, row)

    def _outcome(self, like: Alike, made: int) -> int:
        """The number of an outcome among those of states that are alike; they get room for it."""
        number = like.outcomes.setdefault(made, len(like.outcomes))
        if number >= like.room:
            room, like.room = like.room, 2 * like.room
            for state in like.states:
                old = int(self.state["first"].all[state])
                new = self._block("turns", self.turns, like.room)
                self.turns[slice(new, new + room)] = self.turns.all[old : old + room]
                self.state["first"][state] = new
        return number

    def _make_turn(self, at: int, number: int, step: int) -> None:
        made = int(self.step["made"].all[step])
        state, outcome = self.automaton.state(number), self._outcomes[made]
        base = int(self.state["base"].all[number])
        following = self._number(base, outcome.follows(state, self.law, self._bases[base].clock))
        self.turns[at] = turn = self._next("turn")
        self._set("turn", turn, {"next": following, "state": number, "outcome": made})
        self.keys.add(keys_of(state, outcome))


NO_OUTCOME = Outcome(0, (), (), None)
"""Stands for what becomes of who is out of school."""

__all__ = ["ANSWERS", "BARRED", "DELAYED", "Grid"]
