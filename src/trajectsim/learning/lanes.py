"""Several replications side by side: pupils of each in columns of their own, with the parameters of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.model import Model
from trajectsim.learning.says import Says
from trajectsim.learning.skills import Column, Mode, Rows
from trajectsim.learning.ties import Ties


@define(eq=False)
class Kinds:
    """Things that sizes are of, each numbered once: places, with what is at work there."""

    known: list[tuple[Any, ...]] = field(factory=list[tuple[Any, ...]])
    _numbers: dict[Any, int] = field(factory=dict[Any, int])

    def number(self, of: tuple[Any, ...], key: Any) -> int:
        """The number of a thing, by a key of it."""
        if key not in self._numbers:
            self._numbers[key] = len(self.known)
            self.known.append(of)
        return self._numbers[key]


@frozen(eq=False)
class Where:
    """For each pupil the number of what a size is of."""

    kinds: Kinds
    which: Rows

    def take(self, rows: Rows) -> Where:
        """For some of them."""
        return Where(self.kinds, self.which.take(rows))


@define(eq=False)
class Lanes(Says):
    """The models of some replications, and for each pupil which of them is hers (None where there is but one)."""

    models: tuple[Model, ...]
    lane: Rows | None = None
    mode: Mode = field(init=False)
    ties: Ties = field(init=False)
    law: Lawbook = field(init=False, repr=False)
    tables: dict[Any, NDArray[np.float32]] = field(factory=dict[Any, NDArray[np.float32]])
    _kept: dict[Any, Any] = field(factory=dict[Any, Any], init=False)

    def __attrs_post_init__(self) -> None:
        one = self.models[0]  # all of them have these alike
        self.mode, self.ties, self.law = one.mode, one.ties, one.law

    def take(self, rows: Rows) -> Lanes:
        """For some of the pupils."""
        if self.lane is None:
            return self
        return Lanes(self.models, self.lane.take(rows), tables=self.tables)

    def size(self, name: str, *of: Any) -> Any:
        """A size by its name: of each pupil's own model, and of where she is."""
        if of and isinstance(of[0], Where):
            return self._of_where(name, of[0], of[1:])
        if self.lane is None:
            return self.models[0].size(name, *of)
        key = (name, *of)
        if key not in self._kept:
            self._kept[key] = self._of_all(key).take(self.lane)
        return self._kept[key]

    def _of_all(self, key: tuple[Any, ...]) -> NDArray[np.float32]:
        if key not in self.tables:
            self.tables[key] = np.array([model.reckon(*key) for model in self.models], np.float32)
        return self.tables[key]

    def _of_where(self, name: str, where: Where, rest: Sequence[Any]) -> Column:
        """By kind and lane, from a table that is filled as kinds are asked for."""
        key, known, lanes = (name, id(where.kinds), *rest), where.kinds.known, len(self.models)
        table = self.tables.get(key)
        if table is None or table.shape[0] < len(known):
            grown = np.full((2 * len(known), lanes), np.nan, np.float32)
            if table is not None:
                grown[: len(table)] = table
            table = self.tables[key] = grown
        at = where.which if self.lane is None else where.which * lanes + self.lane
        found = table.reshape(-1).take(at)
        missing = np.isnan(found)
        if missing.any():
            for kind in np.flatnonzero(np.bincount(where.which[missing])):
                table[kind] = [model.reckon(name, *known[kind], *rest) for model in self.models]
            found = table.reshape(-1).take(at)
        return found

    def does(self, channel: str) -> bool:
        """Whether anything that is used works through a channel, in all of them alike."""
        return self.models[0].does(channel)

    def asked(self) -> set[str]:
        """The parameters that were asked for."""
        return set[str]().union(*(model.values.asked for model in self.models))


__all__ = ["Kinds", "Lanes", "Where"]
