"""What each step of a pupil counts for: the keys of the tally, with a weight, and of whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from trajectsim.cohort.columns import Column
from trajectsim.law import loading
from trajectsim.law.places import Place
from trajectsim.learning.skills import Rows

if TYPE_CHECKING:
    from trajectsim.cohort.automaton import Case, Taken

SECTORS = ("", *loading.SECTORS)
"""Sectors by number; "" is out of school, and any that are not named here."""

ALL, GIRLS, TIMELY = range(3)
"""Of whom a key counts: everybody, girls, who has not repeated a year before."""

Key = tuple[str, int, int]
"""A key, its weight for one pupil, of whom."""


def sector_of(place: Place) -> str:
    """The sector of a place, "" where it has none."""
    return place.track.sector if place.track else ""


def keys_of(case: Case, taken: Taken | None) -> Iterator[Key]:
    """All that a pupil counts for who takes a step; None where no lawful one was left."""
    node = case.node
    place, sector, state = node.place.id, sector_of(node.place), node.state
    yield f"in/{place}", 1, ALL
    yield f"girls/{place}", 1, GIRLS
    yield f"years/{sector}", 1, ALL
    if state.years_in_place == 1:
        yield f"enter/{place}/{node.entry}", 1, ALL
    for key, amount in node.yields:
        yield key, amount, ALL
    for name in case.earned:
        yield f"diploma/{name}", 1, ALL
        yield f"age/{name}", state.age_at_end, ALL
        yield f"age-at/{name}/{state.age_at_end}", 1, ALL
        yield f"on-time/{name}", 1, TIMELY
    if taken is None:
        yield "stuck", 1, ALL
        yield f"stuck/{place}", 1, ALL
        return
    yield f"move/{place}/{taken.move.id}", 1, ALL
    if taken.stays:
        yield f"repeat/{place}", 1, ALL
        yield f"repeat-girls/{place}", 1, GIRLS
        yield f"repeats/{sector}", 1, ALL
    elif taken.state is None:
        yield f"leave/{place}/{node.entry}", 1, ALL
    else:
        yield from _switched(node.place, taken.state.place)


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
    """The keys of all steps: for each step where its rows begin, and by row the key, the weight and of whom."""

    names: dict[str, int] = field(factory=dict[str, int])
    _first: Column = field(factory=Column)
    _rows: tuple[Column, Column, Column] = field(factory=lambda: (Column(), Column(), Column()))
    _steps: int = 1
    _count: int = 0

    def add(self, keys: Iterator[Key]) -> None:
        """The keys of the next step."""
        for name, *told in keys:
            row = (self.names.setdefault(name, len(self.names)), *told)
            for column, value in zip(self._rows, row, strict=True):
                column[self._count] = value
            self._count += 1
        self._steps += 1
        self._first[self._steps] = self._count

    def counted(self, steps: Rows, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Sums by lane and key. ``counts``: by step, lane and of whom."""
        first = self._first.take(steps)
        widths = self._first.take(steps + 1) - first
        owner = np.repeat(np.arange(len(steps)), widths)
        row = np.arange(len(owner)) + np.repeat(first - (np.cumsum(widths) - widths), widths)
        key, weight, who = (column.take(row) for column in self._rows)
        order = np.argsort(key, kind="stable")
        key, weight, who, owner = (each.take(order) for each in (key, weight, who, owner))
        starts = np.flatnonzero(np.concatenate((key[:1] >= 0, key[1:] != key[:-1])))
        sums = np.zeros((counts.shape[1], len(self.names)), np.int64)
        for lane, own in enumerate(sums):
            if starts.size:
                own[key.take(starts)] = np.add.reduceat(counts[owner, lane, who] * weight, starts)
        return sums
