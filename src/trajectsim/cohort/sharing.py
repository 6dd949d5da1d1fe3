"""Rows that stand for several policies at once: a child is followed once for as long as nothing is different for her.

Every child begins as one row for all policies. Before each year she is told apart by what the year is to her under
each (her *node*), and after an exam by what it came to under the law of each; rows for which a year came to the same
are one again. What is counted is counted for the set of policies that a row stands for, and so is what is asked of the
parameters: each policy has what it would have alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from trajectsim.cohort.grid import Grid
from trajectsim.cohort.sittings import Exams
from trajectsim.cohort.tally import COLUMNS, Counted, Tally, blank
from trajectsim.learning.lanes import Lanes
from trajectsim.learning.pupils import Pupils
from trajectsim.learning.skills import Rows
from trajectsim.path.learner import shares
from trajectsim.path.plan import Plan


@frozen(eq=False)
class Way:
    """A policy as it is lived: its plan, and what its law makes of exams (None: what the law of the grid does)."""

    plan: Plan
    exams: Exams | None = None


@define(eq=False)
class Sets:
    """Sets of policies by number; a set is a mask of their places in a row. Number 0 is all of them."""

    count: int
    masks: list[int] = field(init=False)
    _numbers: dict[int, int] = field(factory=dict[int, int])

    def __attrs_post_init__(self) -> None:
        self.masks = [(1 << self.count) - 1]
        self._numbers[self.masks[0]] = 0

    def number(self, mask: int) -> int:
        """The number of a set."""
        if mask not in self._numbers:
            self._numbers[mask] = len(self.masks)
            self.masks.append(mask)
        return self._numbers[mask]

    def members(self, number: int) -> list[int]:
        """The policies of a set, in order."""
        return [n for n in range(self.count) if self.masks[number] >> n & 1]

    def having(self, policy: int) -> list[int]:
        """The sets that have a policy."""
        return [number for number, mask in enumerate(self.masks) if mask >> policy & 1]

    def changed(self, whose: Rows, change: Callable[[int], int]) -> Rows:
        """Other sets in their place, mask by mask."""
        told = np.zeros(len(self.masks), np.intp)
        for number in np.flatnonzero(np.bincount(whose)).tolist():
            told[number] = self.number(change(self.masks[number]))
        return told.take(whose)

    def joined(self, whose: Rows, other: Rows) -> Rows:
        """Of each two sets the one that has both."""
        count = len(self.masks)
        pairs, which = told_apart(whose * count + other)
        return np.array([self.number(self.masks[p // count] | self.masks[p % count]) for p in pairs]).take(which)


@frozen(eq=False)
class Copies:
    """Rows that were made of others in a year: where they begin, and of which rows."""

    first: int
    of: Rows


@define(eq=False)
class Shared:
    """Rows of children, each for a set of policies. ``state`` is where she is, 0 out of school, ``node`` what that is
    under her policies, and ``row`` which child she is; ``became`` what is kept of each (see ``COLUMNS``)."""

    grid: Grid
    ways: Sequence[Way]
    pupils: Pupils
    state: Rows
    tallies: Sequence[Tally]
    row: Rows
    whose: Rows
    sets: Sets
    offers: Sequence[tuple[Sequence[Plan], Rows | None]]
    """By policy: plans by what schools offer, and which of them is that of each child (None where there is but one)."""
    counted: Counted = field(factory=Counted)
    node: Rows = field(init=False)
    became: dict[str, NDArray[Any]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.node = self.state
        self.became = {name: blank(name, len(self.state)) for name in COLUMNS if name != "marks"}
        self.stand_for(self.whose)

    @property
    def lanes(self) -> Lanes:
        """What says how the children learn."""
        return self.pupils.says  # pyright: ignore[reportReturnType]

    def stand_for(self, whose: Rows) -> None:
        """Let rows be of these sets of policies."""
        self.whose = whose
        if self.sets.count > 1:
            self.pupils.says = self.lanes.asked_by(whose)

    def keep(self, rows: Rows) -> None:
        """These rows, in the place of all; one may be there more than once."""
        self.pupils = self.pupils.take(rows)
        self.state, self.node, self.row, self.whose = (
            each.take(rows) for each in (self.state, self.node, self.row, self.whose)
        )
        self.became = {name: column.take(rows) for name, column in self.became.items()}

    def copy(self, rows: Rows, whose: Rows, rest: Rows) -> Copies:
        """Copies of some rows after all of them, for these sets of policies; ``rest``: those of the rows that were
        there."""
        made, before = Copies(len(self.state), rows), np.arange(len(self.state))
        self.keep(np.concatenate((before, rows)))
        self.stand_for(np.concatenate((rest, whose)))
        return made

    def settle(self, rows: Rows) -> None:
        """What became of some rows, for their policies."""
        for number, own in by_kind(self.whose.take(rows), rows):
            who, marks = self.row.take(own), self.pupils.gpa.take(own)
            for policy in self.sets.members(number):
                for name, column in self.tallies[policy].columns.items():
                    column[who] = marks if name == "marks" else self.became[name].take(own)

    def part(self) -> list[Copies]:
        """Find the nodes of all; who has others under some of her policies becomes a row for each."""
        if len({id(offer) for offer in self.offers}) == 1:  # all say the same
            self.node = self._nodes(0, np.arange(len(self.state)))
            return []
        whose, self.node = self.whose.copy(), np.zeros_like(self.state)
        found: list[tuple[Rows, Rows, Rows]] = []
        for number, rows in by_kind(self.whose, np.arange(len(self.state))):
            found += self._parted(number, rows, whose)
        if not found:
            return []
        rows, numbers, nodes = (np.concatenate(each) for each in zip(*found, strict=True))
        made = self.copy(rows, numbers, whose)
        self.node[made.first :] = nodes
        sizes = [len(rows) for rows, _numbers, _nodes in found]
        firsts = made.first + np.cumsum([0, *sizes[:-1]])
        return [Copies(first, rows) for first, (rows, _numbers, _nodes) in zip(firsts.tolist(), found, strict=True)]

    def join(self, copies: Sequence[Copies]) -> None:
        """Rows that came to the same as those they were made of are one with them again."""
        gone = np.zeros(len(self.state), np.bool_)
        whose = self.whose.copy()
        for made in copies:
            at = np.flatnonzero(self._alike(made))
            own, of = made.first + at, made.of.take(at)
            whose[of] = self.sets.joined(whose.take(of), whose.take(own)) if at.size else whose[of]
            gone[own] = True
        if gone.any():
            self.stand_for(whose)
            self.keep(np.flatnonzero(~gone))

    # --- how it does it -------------------------------------------------------------------------------------------

    def _nodes(self, policy: int, rows: Rows) -> Rows:
        plans, offer = self.offers[policy]
        state = self.state.take(rows)
        if offer is None:
            return self.grid.nodes_of(plans[0], state)
        node = np.zeros_like(state)
        for n, own in by_kind(offer.take(self.row.take(rows)), np.arange(len(rows))):
            node[own] = self.grid.nodes_of(plans[n], state.take(own))
        return node

    def _parted(self, number: int, rows: Rows, whose: Rows) -> Iterator[tuple[Rows, Rows, Rows]]:
        """Of rows for a set of policies those that need copies, for which sets and with which nodes; ``whose`` gets the
        sets that are left for them."""
        plans: dict[int, list[int]] = {}
        for policy in self.sets.members(number):
            plans.setdefault(id(self.offers[policy]), []).append(policy)
        kinds = list(plans.values())
        nodes = np.stack([self._nodes(policies[0], rows) for policies in kinds])
        self.node[rows] = nodes[0]
        other = np.flatnonzero((nodes[1:] != nodes[0]).any(axis=0))
        if not other.size:
            return
        nodes, rows = nodes.take(other, axis=1), rows.take(other)
        code, patterns = np.zeros(len(rows), np.intp), [()]  # by kind the first that has the same node
        for n in range(len(kinds)):
            same = np.argmax(nodes[: n + 1] == nodes[n], axis=0)
            mixed, code = told_apart(code * len(kinds) + same)
            patterns = [(*patterns[m // len(kinds)], m % len(kinds)) for m in mixed]
        for told, at in by_kind(code, np.arange(len(rows))):
            for first in dict.fromkeys(patterns[told]):
                mask = sum(1 << p for n, policies in enumerate(kinds) if patterns[told][n] == first for p in policies)
                own = self.sets.number(mask)
                if first:
                    yield rows.take(at), np.full(len(at), own), nodes[first].take(at)
                else:
                    whose[rows.take(at)] = own

    def _alike(self, made: Copies) -> NDArray[np.bool_]:
        """Which of some copies are in all as the rows that they were made of."""
        own, of = np.arange(made.first, made.first + len(made.of)), made.of
        skills = self.pupils.skills
        learnt = [skills.since_skip, skills.m, *skills.z, *skills.f]
        learnt += [] if skills.timely is None else [skills.timely]
        columns = [self.state, *self.became.values(), self.pupils.gpa, *learnt]
        for column in columns:
            same = np.flatnonzero(column.take(own) == column.take(of))
            if len(same) < len(own):
                own, of = own.take(same), of.take(same)
        found = np.zeros(len(made.of), np.bool_)
        found[own - made.first] = True
        return found


def offers_of(grid: Grid, ways: Sequence[Way], pupils: Pupils) -> list[tuple[Sequence[Plan], Rows | None]]:
    """For each policy the plans by what schools offer, where a measure is offered by a share of schools, and which of
    them is that of each child. Policies that say the same have them in common."""
    made: dict[str, tuple[Sequence[Plan], Rows | None]] = {}
    for way in ways:
        if grid.text(way.plan) not in made:
            made[grid.text(way.plan)] = _variants(grid, way.plan, pupils)
    return [made[grid.text(way.plan)] for way in ways]


def _variants(grid: Grid, plan: Plan, pupils: Pupils) -> tuple[Sequence[Plan], Rows | None]:
    shared = shares(plan)
    if not shared:
        return (plan,), None
    code = np.zeros(len(pupils.skills), np.intp)
    for n, (name, share) in enumerate(shared.items()):
        code += pupils.offered(name, share).astype(np.intp) << n
    offers = (tuple((name, bool(bits >> n & 1)) for n, name in enumerate(shared)) for bits in range(1 << len(shared)))
    return tuple(grid.variant(plan, offer) for offer in offers), code


def told_apart(codes: Rows) -> tuple[list[int], Rows]:
    """Which codes there are, from 0 up and not many, in rising order, and for each row which of them."""
    number = np.bincount(codes)
    present = np.flatnonzero(number)
    number[present] = np.arange(len(present))
    return present.tolist(), number.take(codes)


def by_kind(kind: Rows, rows: Rows) -> Iterator[tuple[int, Rows]]:
    """Rows by their kind, kinds from 0 up and not many; in rising order."""
    if not rows.size:
        return
    counts = np.bincount(kind)
    present = np.flatnonzero(counts)
    if len(present) == 1:
        yield int(present[0]), rows
        return
    order = rows.take(np.argsort(kind.astype(np.int16), kind="stable"))
    ends = np.cumsum(counts)
    for n in present:
        yield int(n), order[ends[n] - counts[n] : ends[n]]
