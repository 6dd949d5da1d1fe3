"""The forks that pupils come to, as numbers: which routes are open to them, for the model to say who takes which."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.lanes import Kinds, Where
from trajectsim.learning.says import ABSENT, Fork, Says, Ways, before, fork_of, said_by
from trajectsim.learning.skills import Rows
from trajectsim.learning.ties import Ties
from trajectsim.path.options import Desk


@define(eq=False)
class Forks:
    """Of one law. Number 0 is no fork."""

    law: Lawbook
    ties: Ties
    shares: Kinds = field(factory=Kinds)
    _known: list[Fork] = field(factory=list[Fork])
    _numbers: dict[Any, int] = field(factory=dict[Any, int])
    _columns: tuple[NDArray[Any], ...] = ()

    def __attrs_post_init__(self) -> None:
        self.shares.number((ABSENT,), ABSENT)

    def number(self, desk: Desk) -> int:
        """The number of the fork at a desk."""
        state = desk.state
        fork = fork_of(self.ties, self.law, state.place, desk.facts, state.years_in_place)
        if fork is None:
            return 0
        key = (tuple(self.ties.route.index(route) for route in fork.routes), fork.times)
        if key not in self._numbers:
            self._known.append(fork)
            self._numbers[key] = len(self._known)
        return self._numbers[key]

    def size(self, number: int) -> int:
        """How many routes a fork has."""
        return len(self._known[number - 1].routes) if number else 0

    def move(self, number: int, which: int) -> str:
        """The move of a route of a fork, from 1; empty for 0, none of them."""
        return self._known[number - 1].routes[which - 1].move if which else ""

    def ways(self, forks: Rows, says: Says) -> Ways:
        """The forks of pupils as columns, by what the model says of them."""
        if not self._columns or self._columns[0].shape[1] < len(self._known) + 1:
            self._columns = self._all()
        odds, key, share, after = self._columns
        count = range(len(odds))
        return Ways(
            [row.take(forks) for row in odds],
            [says.size("chance", Where(self.shares, row.take(forks))) for row in share],
            [row.take(forks) for row in key],
            [[after[j, k].take(forks) if j < k else False for k in count] for j in count],
        )

    def _all(self) -> tuple[NDArray[Any], ...]:
        most, count = max(len(fork.routes) for fork in self._known), len(self._known) + 1
        odds, after = np.zeros((most, count), np.bool_), np.zeros((most, most, count), np.bool_)
        key, share = np.zeros((most, count), np.uint64), np.zeros((most, count), np.intp)
        for n, fork in enumerate(self._known, 1):
            for k, route in enumerate(fork.routes):
                odds[k, n] = bool(route.odds)
                key[k:, n] = draws.key("route", route.decision, fork.times)  # of the routes that are not there too
                share[k, n] = self.shares.number((said_by(route),), said_by(route))
                for j in range(k):
                    after[j, k, n] = before(fork, j, k)
        return odds, key, share, after
