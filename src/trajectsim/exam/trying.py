"""Choices of marks on a sheet, judged in batches: the least mark that reaches a goal, and the least total of several.

A board is a sheet with cells to put marks in. Choices have a row for each cell and a column for each choice. No rule of
the law is known here, and only this of how exams are judged: a higher mark never harms, and of marks that make the same
final mark only the total of the central exams matters (the group ``ce`` of a frame).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from trajectsim.exam.arithmetic import finals
from trajectsim.exam.judging import Bools, Rules
from trajectsim.exam.sheets import Batch, Marks
from trajectsim.marks import HIGHEST, LOWEST

SCHOOL, CENTRAL, RESIT, PRACTICAL, IMPROVING = "se", "ce", "resit", "cspe", "rv"
"""The columns of a sheet."""

TOO_MUCH = 1_000_000
"""More than any total of marks."""

CHUNK = 100_000
"""How many sheets are judged together."""

STARTS = 8
"""From how many choices the search goes down."""

BOXES = 2_000
"""How many boxes of marks are looked into together."""

Choices = NDArray[np.int16]
Totals = NDArray[np.int64]


@frozen
class Cell:
    """A mark that is chosen: its rows (several where subjects share one exam), its column, and its least."""

    rows: tuple[int, ...]
    column: str
    low: int = LOWEST


def column(sheet: Batch, name: str) -> Marks:
    """A column of marks, all 0 when nobody has one."""
    marks = sheet.of(name)
    return np.zeros_like(sheet.numbers[SCHOOL]) if marks is None else marks


@frozen(eq=False)
class Board:
    """A sheet of one candidate on which nothing is open, its cells, and the goal: who reaches it of a batch.

    A 0 in the cell of a resit means that it is not taken. A *box* is a range of choices (``lows`` to ``highs``); once
    all its cells are looked into, every choice in it makes the same final marks.
    """

    sheet: Batch
    rules: Rules
    goal: Callable[[Batch], Bools]
    cells: tuple[Cell, ...] = ()

    def reached(self, choices: Choices, shown: Choices | None = None) -> Bools:
        """Whether each choice reaches the goal; with ``shown``, if the final marks were as from those marks."""
        found = np.zeros(choices.shape[1], np.bool_)
        for start in range(0, choices.shape[1], CHUNK):
            some = slice(start, start + CHUNK)
            found[some] = self.goal(self._batch(choices[:, some], None if shown is None else shown[:, some]))
        return found

    def leasts(self, others: Sequence[int]) -> list[int | None]:
        """For each cell the least mark that reaches the goal, all others being as given; None where none does."""
        spans = [np.arange(cell.low, HIGHEST + 1) for cell in self.cells]
        blocks: list[Choices] = []
        for n, span in enumerate(spans):
            block = np.repeat(np.array(others, np.int16).reshape(-1, 1), len(span), axis=1)
            block[n] = span
            blocks.append(block)
        parts = split(self.reached(np.hstack(blocks)), blocks)
        return [int(span[found.argmax()]) if found.any() else None for span, found in zip(spans, parts, strict=True)]

    def least_together(self) -> Choices:
        """The central exam marks with the least total that reach the goal, which the highest marks do.

        Boxes are built cell by cell, first of those that a frame can do without. The lows of the cells to come are
        raised as far as they must be; a box is given up once no total below the best that is known could do it.
        """
        best = self._descended()
        todo = sorted(range(len(self.cells)), key=lambda n: bool(self._always[n, 0]))
        lows = np.array([[cell.low] for cell in self.cells], np.int16)
        highs = np.full_like(lows, HIGHEST)
        while todo and lows.size:
            n = todo.pop(0)
            starts, ends = self.steps[n]
            size = lows.shape[1]
            after = np.tile(starts, size) >= np.repeat(lows[n], len(starts))
            lows, highs = np.repeat(lows, len(starts), axis=1), np.repeat(highs, len(ends), axis=1)
            lows[n], highs[n] = np.tile(starts, size), np.tile(ends, size)
            lows, highs = self._tightened(lows[:, after], highs[:, after], todo, int(best.sum()))
        order = np.argsort(lows.sum(axis=0), kind="stable")
        for start in range(0, order.size, BOXES):
            some = order[start : start + BOXES]
            some = some[lows[:, some].sum(axis=0) < best.sum()]
            totals, choices = self.least_totals(lows[:, some], highs[:, some], int(best.sum()))
            if totals.size and totals.min() < best.sum():
                best = choices[:, totals.argmin()]
        return best

    def least_totals(self, lows: Choices, highs: Choices, below: int = TOO_MUCH) -> tuple[Totals, Choices]:
        """For each box the least total that reaches the goal, and marks that do it; at least ``below`` where none does
        that is below it."""
        count, masks = lows.shape[1], len(self.masks)
        base = lows.sum(axis=0, dtype=np.int64)
        best: Totals = base.copy()
        best[~self.reached(lows)] = below  # callers ask of boxes whose lows are below that
        room = np.hstack([(highs - lows) * mask for mask in self.masks])
        spare = np.minimum(room.sum(axis=0), np.tile(best - 1 - base, masks))  # no more than what would still be less
        some = np.flatnonzero(spare > 0)
        some = some[self.reached(_raised(lows[:, some % count], room[:, some], spare[some]))]
        by: Totals = np.full((masks, count), TOO_MUCH, np.int64)
        by.flat[some] = self._least_rise(lows[:, some % count], room[:, some], spare[some])
        frame = np.argmin(by, axis=0)
        rise: Totals = by[frame, np.arange(count)]
        rise[rise == TOO_MUCH] = 0
        total = best.copy()
        total[rise > 0] = (base + rise)[rise > 0]
        return total, _raised(lows, room[:, frame * count + np.arange(count)], rise)

    @cached_property
    def steps(self) -> list[tuple[list[int], list[int]]]:
        """For each cell its stretches of marks with the same final marks: the lowest of each, and the highest."""
        found: list[tuple[list[int], list[int]]] = []
        for n, cell in enumerate(self.cells):
            marks = finals(self._scan(n), self.rules.form).final[list(cell.rows)]
            starts: list[int] = (np.flatnonzero((marks[:, 1:] != marks[:, :-1]).any(axis=0)) + cell.low + 1).tolist()
            found.append(([cell.low, *starts], [start - 1 for start in starts] + [HIGHEST]))
        return found

    @cached_property
    def masks(self) -> list[Choices]:
        """Which cells are among the central exams that are added up: by frame, of those that are alike one."""
        entering = [
            bool(np.ptp(finals(self._scan(n), self.rules.form).ce, axis=1).any()) for n in range(len(self.cells))
        ]
        found: dict[tuple[bool, ...], None] = {}
        for frame in (*self.rules.frames, *self.rules.spared):
            rows = set(frame.group("ce").rows)
            pairs = zip(self.cells, entering, strict=True)
            found[tuple(enters and not rows.isdisjoint(cell.rows) for cell, enters in pairs)] = None
        return [np.array(mask, np.int16).reshape(-1, 1) for mask in found]

    # --- how it does it ---

    def _tightened(self, lows: Choices, highs: Choices, todo: Sequence[int], below: int) -> tuple[Choices, Choices]:
        """The boxes that could reach the goal with a total below something, the lows of the cells to come as far up as
        they must be for that: past every stretch of final marks that is too low."""
        kept: list[tuple[Choices, Choices]] = []
        while True:
            cheap = (lows.sum(axis=0) < below) & (lows <= HIGHEST).all(axis=0)
            lows, highs = lows[:, cheap], highs[:, cheap]
            if not lows.size or not todo:
                break
            trials = np.stack([highs] * len(todo))
            for trial, n in zip(trials, todo, strict=True):
                trial[n] = self._ends[n][lows[n]]
            together = np.hstack(list(trials))
            able = self._could(np.tile(lows, len(todo)), together, below).reshape(len(todo), -1)
            for trial, n, found in zip(trials, todo, able, strict=True):
                lows[n] = np.where(found, lows[n], trial[n] + 1)
            done = np.logical_and.reduce(able)
            kept.append((lows[:, done], highs[:, done]))
            lows, highs = lows[:, ~done], highs[:, ~done]
        if not todo:
            able = self._could(lows, highs, below)
            kept.append((lows[:, able], highs[:, able]))
        kept.append((lows[:, :0], highs[:, :0]))
        return np.hstack([low for low, _high in kept]), np.hstack([high for _low, high in kept])

    def _could(self, lows: Choices, highs: Choices, below: int) -> Bools:
        """Whether a choice between lows and highs could reach the goal with a total below something; where this says
        no, none does.

        The highest final marks there are taken together with all that the total leaves for the central exams. That
        is put where every frame counts it, be it more than a mark can be; where not all fits, every mark is a
        highest one.
        """
        spare = below - 1 - lows.sum(axis=0)
        highs = np.minimum(highs, lows + spare).astype(np.int16)
        school = np.array([[self.sheet.numbers[SCHOOL][list(cell.rows), 0].min()] for cell in self.cells], np.int16)
        room = (school + highs - LOWEST - lows) * self._always
        central = np.where(room.sum(axis=0) >= spare, _raised(lows, room, spare), highs)
        return self.reached(central, highs)

    @cached_property
    def _always(self) -> Choices:
        """Which cells are added up by every frame."""
        return np.minimum.reduce(self.masks)

    @cached_property
    def _ends(self) -> list[Choices]:
        """For each cell, by mark, the highest with the same final mark."""
        found: list[Choices] = []
        for starts, ends in self.steps:
            marks = np.arange(HIGHEST + 1)
            found.append(np.array(ends, np.int16)[np.maximum(np.searchsorted(starts, marks, "right") - 1, 0)])
        return found

    def _descended(self) -> Choices:
        """Marks that reach the goal, none of which can be lower: from one mark for all, or for those that a frame adds
        up, each as low as it goes in turn."""
        span = np.arange(LOWEST, HIGHEST + 1, dtype=np.int16)
        lows = np.array([[cell.low] for cell in self.cells], np.int16)
        same = [np.maximum(lows, span * mask) for mask in (np.ones_like(lows), *self.masks)]
        pairs = zip(same, split(self.reached(np.hstack(same)), same), strict=True)
        firsts = {tuple(marks[:, found.argmax()].tolist()): 0 for marks, found in pairs if found.any()}
        starts: Choices = np.array(sorted(firsts, key=sum)[:STARTS], np.int16).T
        marks = np.hstack([starts, starts])  # the first half goes down from the first cell on, the second from the last
        half = starts.shape[1]
        choice = list(range(2 * half))
        for n in range(len(self.cells)):
            turn = np.repeat([n, len(self.cells) - 1 - n], half)
            choices = np.repeat(marks, len(span), axis=1)
            choices[np.repeat(turn, len(span)), np.arange(choices.shape[1])] = np.tile(span, marks.shape[1])
            marks[turn, choice] = span[self.reached(choices).reshape(-1, len(span)).argmax(axis=1)]
        return marks[:, marks.sum(axis=0).argmin()]

    def _least_rise(self, lows: Choices, room: Choices, enough: Totals) -> Totals:
        """By how much marks have to be raised, of which nothing is too little and ``enough`` is enough."""
        short, long = np.zeros_like(enough), enough
        while (long - short > 1).any():
            middle = (short + long) // 2
            found = self.reached(_raised(lows, room, middle))
            short, long = np.where(found, short, middle), np.where(found, middle, long)
        return long

    def _scan(self, n: int) -> Batch:
        """Every mark of a cell, each of the others the highest."""
        span = np.arange(self.cells[n].low, HIGHEST + 1)
        choices = np.full((len(self.cells), len(span)), HIGHEST, np.int16)
        choices[n] = span
        return self._batch(choices)

    def _batch(self, choices: Choices, shown: Choices | None = None) -> Batch:
        """The sheets of choices. The school exam makes up for what is ``shown``, so that together they are as much."""
        shape = (len(self.sheet.layout.slots), choices.shape[1])
        numbers: dict[str, Marks] = {name: np.broadcast_to(each, shape) for name, each in self.sheet.numbers.items()}
        for name in {cell.column for cell in self.cells}:
            numbers[name] = np.array(np.broadcast_to(column(self.sheet, name), shape))
        for cell, marks in zip(self.cells, choices, strict=True):
            numbers[cell.column][list(cell.rows)] = marks
        if shown is not None:
            numbers[SCHOOL] = np.array(numbers[SCHOOL])
            for cell, more in zip(self.cells, shown - choices, strict=True):
                numbers[SCHOOL][list(cell.rows)] += more.astype(np.uint8)
        ratings = None if self.sheet.ratings is None else np.broadcast_to(self.sheet.ratings, shape)
        return Batch(self.sheet.layout, numbers, ratings)


def split(found: NDArray[Any], parts: Sequence[Choices]) -> list[NDArray[Any]]:
    """What was found for several parts together, by part."""
    return np.split(found, np.cumsum([part.shape[1] for part in parts])[:-1])


def _raised(lows: Choices, room: Choices, by: Totals) -> Choices:
    """Marks raised together by so much, the first as far as it goes, then the next."""
    before = np.cumsum(room, axis=0) - room
    return (lows + np.clip(by - before, 0, room)).astype(np.int16)
