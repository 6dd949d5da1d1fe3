"""Facts of an exam: totals, numbers and counts over groups of marks, for one set of subjects left out or ignored.

Every set is a *frame*. What a frame counts comes from the composition in the law data, what is tallied from the facts
there; nothing here knows a number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from trajectsim.exam.arithmetic import Finals
from trajectsim.exam.sheets import Batch, Form, Marks
from trajectsim.law.exams import RATINGS
from trajectsim.law.facts import UNKNOWN, Fact, Tally
from trajectsim.marks import TENTHS, whole

Column = Any
"""An int that holds for all candidates, or an integer array."""

COMBINATION = "combination"


@frozen(eq=False)
class Frame:
    """A form without the subjects that are ``dropped`` (left out: as if not sat) and ``spared`` (ignored when the pass
    is judged, but still on the list)."""

    form: Form
    dropped: tuple[int, ...] = ()
    spared: tuple[int, ...] = ()
    _groups: dict[str, Group] = field(factory=dict[str, "Group"], init=False, repr=False)

    def group(self, name: str) -> Group:
        """The marks of a group, as ``law.facts.Tally`` names it."""
        if name not in self._groups:
            self._groups[name] = self._group(name)
        return self._groups[name]

    def _group(self, name: str) -> Group:
        form, composition = self.form, self.form.composition
        inside = {"pattern": self.spared, "ce": self.spared, "combined": self.spared}.get(name, ())
        rows = [row for row in range(len(form.layout.slots)) if row not in self.dropped and row not in inside]

        def of(times: Mapping[str, int]) -> list[int]:
            return [row for row in rows for _time in range(times.get(form.layout.slots[row].role, 0))]

        if name == "sheet":
            return Group(tuple(rows))
        if name in ("pattern", "record"):
            return Group(tuple(of(composition.counts)), (self._mix(inside),))
        if name == "averaged":
            mixed = self._mix(()) if composition.averaged.get(COMBINATION) else None
            best = tuple(row for row in rows if form.layout.slots[row].role in composition.best)
            choice = self._mix(()) if COMBINATION in composition.best else None
            return Group(tuple(of(composition.averaged)), (mixed,), best, choice)
        if name == "ce":
            return Group(tuple(self._once(row for row in rows if row in form.with_ce or row in form.se_in_ce)), ce=True)
        if name == "combined":
            return Group(tuple(row for row in rows if form.layout.slots[row].role in composition.combined))
        if name == COMBINATION:
            return Group((), (self._mix(self.spared),))
        named = set(form.of_roles(name)) | set(form.of_group(name))
        return Group(tuple(row for row in rows if row in named))

    def _once(self, rows: Iterable[int]) -> Iterable[int]:
        """Of subjects that share one central exam, the first."""
        seen: set[str] = set()
        for row in rows:
            subject = self.form.subjects[row]
            shared = subject.shared if subject is not None else ""
            if not shared or shared not in seen:
                yield row
            seen.add(shared)

    def _mix(self, without: Sequence[int]) -> Mix | None:
        """The combination mark. What balances it keeps the weight it has before a part is ignored (art. 60g lid 6)."""
        composition = self.form.composition
        parts = [row for row in self.form.of_roles(*composition.combination) if row not in self.dropped]
        balance = self.form.of_roles(composition.balance) if composition.balance else ()
        weights = [(row, 1) for row in parts] + [(row, len(parts)) for row in balance if row not in self.dropped]
        kept = tuple((row, weight) for row, weight in weights if row not in without and weight)
        return Mix(kept) if kept else None


@frozen
class Mix:
    """The combination mark: rows of the sheet with their weights."""

    weights: tuple[tuple[int, int], ...]

    def mark(self, finals: Marks) -> Marks:
        """The weighted mean, cut to one decimal and rounded to a whole mark; 0 where a part is open."""
        total: Column = 0
        for row, weight in self.weights:
            total = total + finals[row].astype(np.int16) * weight
        mark = whole(total // sum(weight for _row, weight in self.weights)).astype(np.uint8)
        for row, _weight in self.weights:
            mark[finals[row] == 0] = 0
        return mark


@frozen
class Group:
    """Some of the marks of a frame: rows of the sheet (a row as often as it counts), combination marks, and the best of
    some others. ``ce``: the marks for the central exams, not the final ones."""

    rows: tuple[int, ...]
    mixes: tuple[Mix | None, ...] = ()
    best: tuple[int, ...] = ()
    choice: Mix | None = None
    ce: bool = False

    @property
    def number(self) -> int:
        """How many marks it has."""
        return len(self.rows) + sum(mix is not None for mix in self.mixes) + bool(self.best or self.choice)

    def without(self, rows: Collection[int]) -> Group:
        """The same group without the marks of some rows that stand by themselves."""
        return evolve(self, rows=tuple(row for row in self.rows if row not in rows)) if rows else self

    def columns(self, finals: Finals) -> list[Marks]:
        """The marks, a column for each."""
        source = finals.ce if self.ce else finals.final
        columns = [source[row] for row in self.rows]
        columns += [mix.mark(source) for mix in self.mixes if mix is not None]
        if self.best or self.choice:
            choices = [source[row] for row in self.best] + ([self.choice.mark(source)] if self.choice else [])
            columns.append(np.maximum.reduce(choices))
        return columns

    def touched(self) -> set[int]:
        """Every row of the sheet that its marks come from."""
        mixes = [mix for mix in (*self.mixes, self.choice) if mix is not None]
        return {*self.rows, *self.best, *(row for mix in mixes for row, _weight in mix.weights)}


@frozen(eq=False)
class Facts:
    """The facts of a frame: columns by fact id; ``assumed`` are those that no subject of the sheet tells."""

    values: dict[str, Column]
    assumed: frozenset[str]


def facts_of(frame: Frame, batch: Batch, finals: Finals, wanted: Iterable[Fact]) -> Facts:
    """The facts that are wanted, for a frame of a batch. An open mark leaves unknown what hangs on it."""
    values: dict[str, Column] = {}
    assumed: set[str] = set()
    columns: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Marks]] = {}
    for fact in wanted:
        tally = fact.tally
        if tally is None:
            continue
        groups = [frame.group(name).without(frame.form.of_groups(tally.but)) for name in tally.of]
        if fact.assumed is not None and not any(group.number for group in groups):
            values[fact.id] = fact.encode(fact.assumed)
            assumed.add(fact.id)
            continue
        named = (tally.of, tally.but)
        if named not in columns and (tally.marks or tally.take in _OVER_COLUMNS):
            columns[named] = [column for group in groups for column in group.columns(finals)]
        value = _drawn(tally, frame, groups, columns.get(named, []), batch, finals)
        values[fact.id] = _known(value, tally, groups, finals)
    return Facts(values, frozenset(assumed))


def made_of(frame: Frame, wanted: Iterable[Fact]) -> tuple[Any, ...]:
    """All that facts of a frame hang on beside the marks of a sheet: two frames that have it alike draw the same facts
    from the same marks, whatever subjects they are of."""
    size = len(frame.form.layout.slots)
    nothing = np.zeros((size, 1), np.uint8)
    batch, finals = Batch(frame.form.layout, {"se": nothing}), Finals(nothing, nothing, None)
    found: list[Any] = []
    for fact in wanted:
        tally = fact.tally
        if tally is not None:
            groups = [frame.group(name).without(frame.form.of_groups(tally.but)) for name in tally.of]
            columns = [column for group in groups for column in group.columns(finals)]
            value = _drawn(tally, frame, groups, columns, batch, finals)
            found.append((fact.id, tuple(groups), value if isinstance(value, int) else tuple(value.tolist())))
    return tuple(found)


_OVER_COLUMNS = ("total", "least")


def _drawn(
    tally: Tally, frame: Frame, groups: list[Group], columns: list[Marks], batch: Batch, finals: Finals
) -> Column:
    rows = [row for group in groups for row in group.rows]
    if tally.marks:
        return _between(columns, *(mark * TENTHS for mark in tally.marks)) if columns else 0
    if tally.ratings:
        codes = [RATINGS.index(rating) for rating in tally.ratings]
        return _rated(batch.ratings, rows, codes)
    if tally.take == "number":
        return sum(group.number for group in groups)
    if tally.take == "own":
        touched = {row for group in groups for row in group.touched()}
        return sum(not frame.form.layout.slots[row].at for row in touched)
    if tally.take == "early":
        return sum(0 < frame.form.layout.slots[row].year < frame.form.layout.year for row in set(rows))
    if tally.take == "excused":
        return sum(row in frame.form.excused for row in rows)
    if tally.take == "open":
        return 0 if finals.open is None else finals.open[rows].sum(axis=0, dtype=np.uint8)
    if not columns:
        return UNKNOWN if tally.take == "least" else 0
    return _total(columns) if tally.take == "total" else np.minimum.reduce(columns)


def _between(columns: list[Marks], lowest: int, highest: int) -> NDArray[np.uint8]:
    """How many of the marks lie between two bounds. Below the lowest, the difference wraps to something large."""
    count = np.zeros(columns[0].shape, np.uint8)
    for column in columns:
        found = column == lowest if lowest == highest else (column - np.uint8(lowest)) <= highest - lowest
        count += found.view(np.uint8)
    return count


def _rated(ratings: Marks | None, rows: list[int], codes: list[int]) -> Column:
    if ratings is None or not rows:
        return 0
    count = np.zeros(ratings.shape[1], np.uint8)
    for row in rows:
        for code in codes:
            count += (ratings[row] == code).view(np.uint8)
    return count


def _total(columns: list[Marks]) -> NDArray[np.int16]:
    total = np.zeros(columns[0].shape, np.int16)
    for column in columns:
        total += column
    return total


def _known(value: Column, tally: Tally, groups: list[Group], finals: Finals) -> Column:
    """The value, unknown for candidates of whom a mark that it is drawn from is open."""
    if finals.open is None or not (tally.marks or tally.ratings or tally.take in _OVER_COLUMNS):
        return value
    rows = sorted({row for group in groups for row in group.touched()})
    if not rows:
        return value
    open_ = finals.open[rows].any(axis=0)
    return np.where(open_, np.int16(UNKNOWN), np.asarray(value, np.int16)) if open_.any() else value
