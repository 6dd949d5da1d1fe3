"""What each turn of a pupil counts for: the keys of the tally, with a weight, and of whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from trajectsim.cohort.columns import Column
from trajectsim.law import loading
from trajectsim.law.places import OUT, Place
from trajectsim.learning.skills import Rows
from trajectsim.pupil import Record, State

if TYPE_CHECKING:
    from trajectsim.cohort.automaton import Outcome

SECTORS = ("", *loading.SECTORS)
"""Sectors by number; "" is out of school, and any that are not named here."""

ALL, GIRLS, TIMELY = range(3)
"""Of whom a key counts: everybody, girls, who has not repeated a year before."""

Key = tuple[str, int, int]
"""A key, its weight for one pupil, of whom."""


def sector_of(place: Place) -> str:
    """The sector of a place, "" where it has none."""
    return place.track.sector if place.track else ""


def last_of(record: Record) -> str:
    """The diploma that was earned last, "none" if there is none."""
    return record.diplomas[-1].diploma if record.diplomas else "none"


def keys_of(state: State, outcome: Outcome) -> Iterator[Key]:
    """All that a pupil counts for who is in a state and of whose year an outcome became."""
    place, sector, entry, taken = state.place.id, sector_of(state.place), last_of(state.record), outcome.taken
    yield f"in/{place}", 1, ALL
    yield f"girls/{place}", 1, GIRLS
    yield f"years/{sector}", 1, ALL
    if state.years_in_place == 1:
        yield f"enter/{place}/{entry}", 1, ALL
    for name, _said in outcome.acts:
        yield f"done/{name}", 1, ALL
    for name in outcome.earned:
        yield f"diploma/{name}", 1, ALL
        yield f"age/{name}", state.age_at_end, ALL
        yield f"age-at/{name}/{state.age_at_end}", 1, ALL
        yield f"on-time/{name}", 1, TIMELY
    if taken is None:
        yield "stuck", 1, ALL
        yield f"stuck/{place}", 1, ALL
        return
    yield f"move/{place}/{taken.move}", 1, ALL
    if outcome.stays:
        yield f"repeat/{place}", 1, ALL
        yield f"repeat-girls/{place}", 1, GIRLS
        yield f"repeats/{sector}", 1, ALL
    elif taken.to == OUT:
        yield f"leave/{place}/{entry}", 1, ALL
    else:
        yield from _switched(state.place, taken.to)


def _switched(place: Place, to: Place) -> Iterator[Key]:
    """To another level of the same sector: after its exam (stacking), or on the way; classes that combine levels
    have none."""
    own, other = place.track, to.track
    if own is None or other is None or own.sector != other.sector or not own.level or not other.level:
        return
    if own.level != other.level:
        what = "stack" if not place.years_to_final else "switch"
        yield f"{what}/{own.sector}", 1, ALL
        yield f"{what}/{own.id}/{other.id}", 1, ALL


@define(eq=False)
class Keys:
    """The keys of all turns, or of whatever pupils are counted by: for each where its rows begin, and by row the key,
    the weight and of whom."""

    names: dict[str, int] = field(factory=dict[str, int])
    _first: Column = field(factory=Column)
    _rows: tuple[Column, Column, Column] = field(factory=lambda: (Column(), Column(), Column()))
    _owners: int = 1
    _count: int = 0

    def add(self, keys: Iterator[Key]) -> None:
        """The keys of the next one."""
        for name, *told in keys:
            row = (self.names.setdefault(name, len(self.names)), *told)
            for column, value in zip(self._rows, row, strict=True):
                column[self._count] = value
            self._count += 1
        self._owners += 1
        self._first[self._owners] = self._count

    def counted(self, owners: Rows, counts: NDArray[np.int64]) -> tuple[Rows, NDArray[np.int64]]:
        """The keys that owners have, and sums by key and cell. ``counts``: by owner of keys, cell and of whom."""
        first = self._first.take(owners)
        widths = self._first.take(owners + 1) - first
        owner = np.repeat(np.arange(len(owners)), widths)
        row = np.arange(len(owner)) + np.repeat(first - (np.cumsum(widths) - widths), widths)
        key, weight, who = (column.take(row) for column in self._rows)
        order = np.argsort(key, kind="stable")
        key, weight, who, owner = (each.take(order) for each in (key, weight, who, owner))
        starts = np.flatnonzero(np.concatenate((key[:1] >= 0, key[1:] != key[:-1])))
        if not starts.size:
            return starts, np.zeros((0, counts.shape[1]), np.int64)
        told = counts[owner, :, who]
        told *= weight[:, None]
        return key.take(starts), np.add.reduceat(told, starts, axis=0)
