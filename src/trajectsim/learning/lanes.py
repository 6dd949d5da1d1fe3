"""Several replications side by side: pupils of each in columns of their own, with the parameters of theirs."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Factory, define, field, frozen
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
class Sizes:
    """The sizes of some models side by side, each reckoned when it is first asked for. ``parameters``: by size those
    it hangs on; ``askers``: on whose behalf it was asked for. ``tables``: sizes by what they are of, and by asker and
    model in one, not a number until they are asked for. ``before``: what was reckoned of the same models for others,
    each with the parameters it hangs on."""

    models: tuple[Model, ...]
    before: dict[Any, tuple[NDArray[np.float32], set[str]]] = field(factory=dict[Any, Any])
    parameters: dict[Any, set[str]] = field(factory=dict[Any, "set[str]"])
    askers: dict[Any, set[int]] = field(factory=dict[Any, "set[int]"])
    tables: dict[Any, NDArray[np.float32]] = field(factory=dict[Any, NDArray[np.float32]])
    _told: dict[Any, NDArray[np.float32]] = field(factory=dict[Any, NDArray[np.float32]])

    def of_all(self, key: Any, name: str, *of: Any) -> NDArray[np.float32]:
        """A size by its name, of each model."""
        told = self._told.get(key)
        if told is None:
            found = self.before.get(key)
            if found is None:
                found = self._reckoned(name, of)
                if key == (name, *of):  # else it is of a number that only this one gave
                    self.before[key] = found
            told, self.parameters[key] = found
            self._told[key], self.askers[key] = told, set()
        return told

    def _reckoned(self, name: str, of: tuple[Any, ...]) -> tuple[NDArray[np.float32], set[str]]:
        asked = set[str]()
        told: list[float] = []
        for model in self.models:
            model.values.asked = set()
            told.append(model.reckon(name, *of))
            asked |= model.values.asked
        return np.array(told, np.float32), asked

    def table(self, key: Any, kinds: int, width: int) -> NDArray[np.float32]:
        """The table of a size, with room for so many kinds, and askers and models."""
        table = self.tables.get(key)
        if table is None or table.shape[0] < kinds or table.shape[1] < width:
            room = (kinds, width) if table is None else np.maximum(table.shape, (kinds, width))
            grown = np.full((2 * room[0], room[1]), np.nan, np.float32)
            if table is not None:
                grown[: table.shape[0], : table.shape[1]] = table
            table = self.tables[key] = grown
        return table


@define(eq=False)
class Lanes(Says):
    """The models of some replications, for each pupil which of them is hers (None where there is but one), and on whose
    behalf she is asked about, as a number (None where it is all the same)."""

    models: tuple[Model, ...]
    lane: Rows | None = None
    whose: Rows | None = None
    sizes: Sizes = field(default=Factory(lambda self: Sizes(self.models), takes_self=True), repr=False)
    mode: Mode = field(init=False)
    ties: Ties = field(init=False)
    law: Lawbook = field(init=False, repr=False)
    _kept: dict[Any, Any] = field(factory=dict[Any, Any], init=False)

    def __attrs_post_init__(self) -> None:
        one = self.models[0]  # all of them have these alike
        self.mode, self.ties, self.law = one.mode, one.ties, one.law

    def take(self, rows: Rows) -> Lanes:
        """For some of the pupils."""
        if self.cell is None:
            return self
        lane, whose = (None if column is None else column.take(rows) for column in (self.lane, self.whose))
        return Lanes(self.models, lane, whose, self.sizes)

    def asked_by(self, whose: Rows | None) -> Lanes:
        """The same, on behalf of others."""
        return Lanes(self.models, self.lane, whose, self.sizes)

    @cached_property
    def askers(self) -> set[int]:
        """On whose behalf anything is asked."""
        return {0} if self.whose is None else set(np.flatnonzero(np.bincount(self.whose)).tolist())

    @cached_property
    def cell(self) -> Rows | None:
        """For each pupil whose she is and in which lane, in one number; None where it is all the same."""
        if self.whose is None or self.lane is None:
            return self.whose if self.lane is None else self.lane
        return self.whose * len(self.models) + self.lane

    def size(self, name: str, *of: Any) -> Any:
        """A size by its name: of each pupil's own model, and of where she is."""
        if of and isinstance(of[0], Where):
            return self._of_where(name, of[0], of[1:])
        key = (name, *of)
        if key not in self._kept:
            told = self.sizes.of_all(key, *key)
            self.sizes.askers[key] |= self.askers
            self._kept[key] = told[0] if self.lane is None else told.take(self.lane)
        return self._kept[key]

    def _of_where(self, name: str, where: Where, rest: Sequence[Any]) -> Column:
        """From a table that is filled as kinds are asked for, and by whom."""
        key, known, lanes = (name, id(where.kinds), *rest), where.kinds.known, len(self.models)
        table = self.sizes.table(key, len(known), lanes * (1 + max(self.askers, default=0)))
        at = where.which * table.shape[1] if table.shape[1] > 1 else where.which
        if self.cell is not None:
            at = at + self.cell
        found = table.reshape(-1).take(at)
        missing = np.isnan(found)
        if missing.any():
            askers = table.shape[1] // lanes
            whose = 0 if self.whose is None else self.whose[missing]
            for number in np.flatnonzero(np.bincount(where.which[missing] * askers + whose)).tolist():
                kind, asker = divmod(number, askers)
                told = self.sizes.of_all((key, kind), name, *known[kind], *rest)
                self.sizes.askers[key, kind].add(asker)
                table[kind, asker * lanes : (asker + 1) * lanes] = told
            found = table.reshape(-1).take(at)
        return found

    def does(self, channel: str) -> bool:
        """Whether anything that is used works through a channel, in all of them alike."""
        return self.models[0].does(channel)

    def asked(self, whose: Container[int] | None = None) -> set[str]:
        """The parameters that were asked for, on behalf of some or of all."""
        askers = self.sizes.askers.items()
        asked = (self.sizes.parameters[key] for key, own in askers if whose is None or any(n in whose for n in own))
        return set[str]().union(*asked)


__all__ = ["Kinds", "Lanes", "Sizes", "Where"]
