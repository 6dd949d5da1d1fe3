"""From rows to batches: the candidates of a table, grouped by layout, without those whose sheet has a problem.

    intake = Intake(law)
    intake.take(rows) -> Taken    batches to judge, every problem, and which candidate stands where

Candidates of one layout are judged together, so what is known of a row or a layout is found once and kept. Rows in
another order are the same layout wherever the order says nothing; where only results are asked for, a subject can also
stand for all of its kind, as physics for biology, so that few layouts are left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from trajectsim.errors import Problem
from trajectsim.exam.checks import (
    MOST_ROWS,
    STILL,
    Entry,
    Finding,
    entry_of,
    notes,
    profile_of,
    route_of,
    sheet_findings,
)
from trajectsim.exam.faults import UNREADABLE, Fault, faults
from trajectsim.exam.sheets import NUMBERS, Batch, Form, Layout, Marks, Slot
from trajectsim.exam.table import CANDIDATE, Rows
from trajectsim.law.exams import RATINGS
from trajectsim.law.lawbook import CALENDAR, Lawbook
from trajectsim.marks import parse_mark
from trajectsim.reading import quoted
from trajectsim.words import _

SAID = ("level", "exam", "subject", "role", "profile", "route", "at", "sat")
"""The columns that say what a row is about."""

MOST_KEPT = 5000
"""Layouts, or sorts of rows, that are remembered; with more they are forgotten and found anew."""


@frozen(eq=False)
class Shape:
    """The rows of a sheet. ``layout``: its subjects, in the order in which they are judged; ``judged``: the same with
    for each subject one of its kind, None when not even its marks can be looked at. ``order``: for each subject its row
    on the sheet, ``back``: for each row its subject. ``notes``: what is not checked. Where rows are no sheet together,
    the layout is of those that could be, so that their marks are looked at."""

    layout: Layout
    judged: Layout | None
    order: tuple[int, ...] = ()
    back: tuple[int, ...] = ()
    findings: tuple[tuple[int, Finding], ...] = ()
    notes: tuple[str, ...] = ()


@frozen(eq=False)
class Group:
    """Candidates of one layout: their batch, and for each where in the table and under what name. ``runs`` are the
    shapes of their sheets, each with where its candidates begin and end."""

    batch: Batch
    where: NDArray[np.intp]
    names: tuple[str, ...]
    runs: tuple[tuple[Shape, int, int], ...]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of each candidate's sheet."""
        return tuple(shape for shape, start, stop in self.runs for _candidate in range(start, stop))


@frozen(eq=False)
class Taken:
    """The candidates of a table: their ``names`` in its order, those that can be judged in ``groups``."""

    names: tuple[str, ...]
    groups: tuple[Group, ...]
    problems: list[Problem] = field(repr=False)

    @property
    def refused(self) -> int:
        """How many candidates have a problem."""
        return len(self.names) - sum(group.where.size for group in self.groups)


class Intake:
    """Takes tables in, one after the other. ``alike``: whether a subject may be judged as another of its kind; the
    layout of a batch then names other subjects than the sheets, which ``Shape.layout`` still does."""

    def __init__(self, law: Lawbook, *, alike: bool = False) -> None:
        self.law = law
        self.alike = alike
        self._entries: list[Entry] = []
        self._sorts: dict[tuple[str, ...], _Numbered] = {}
        self._shapes: dict[bytes, Shape] = {}
        self._kinds: dict[tuple[str, bool], Slot] = {}

    def take(self, rows: Rows, again: Collection[int] = ()) -> Taken:
        """The candidates of a table. ``again``: those, by their place, that have had rows before."""
        if max(len(self._shapes), len(self._entries)) > MOST_KEPT:
            self._forget()
        return _Taking(self, rows).taken(again)

    def numbers(self, rows: Rows) -> NDArray[np.int32]:
        """For each row which entry it is: the number of the one with a central exam; the next is without."""
        columns = tuple(filter(rows.has, SAID))
        if columns not in self._sorts:
            self._sorts[columns] = _Numbered(columns, self._entries, self.law)
        which, texts = rows.distinct(columns)
        return np.array([self._sorts[columns][each] for each in texts], np.int32)[which]

    def either(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Of which rows the marks alone tell whether there is a central exam."""
        return np.array([entry.either for entry in self._entries], np.bool_)[numbers]

    def shape(self, key: bytes) -> Shape:
        """The shape of a sheet whose rows have these numbers."""
        if key not in self._shapes:
            numbers: list[int] = np.frombuffer(key, np.int32).tolist()
            self._shapes[key] = self._shape([self._entries[n] for n in numbers])
        return self._shapes[key]

    def _shape(self, entries: Sequence[Entry]) -> Shape:
        found = tuple(sheet_findings(entries, self.law))
        rows = _sound(entries, found)
        if not rows:
            return Shape(Layout("", 0, ()), None, findings=found)
        first = entries[rows[0]]

        def rank(row: int) -> tuple[bool, int, str, str]:
            entry = entries[row]
            return entry.ordered, row if entry.ordered else 0, entry.kind, entry.slot.code

        order = tuple(sorted(rows, key=rank))
        slots = tuple(entries[row].slot for row in order)
        layout = Layout(first.level, first.year, slots, route_of(entries), profile_of(entries))
        kinds = ((entries[row].kind, entries[row].slot.given_ce) for row in order)
        alike = tuple(self._kinds.setdefault(kind, slot) for kind, slot in zip(kinds, slots, strict=True))
        judged = evolve(layout, slots=alike, profile="") if self.alike else layout
        back = tuple(order.index(row) for row in rows)
        return Shape(layout, judged, order, back, found, () if found else notes(entries, self.law))

    def _forget(self) -> None:
        self.law = evolve(self.law)  # its copy remembers no layout either
        self._entries.clear()
        self._sorts.clear()
        self._shapes.clear()
        self._kinds.clear()


def _sound(entries: Sequence[Entry], findings: Sequence[tuple[int, Finding]]) -> list[int]:
    """The rows that could be one sheet: all, or where something is wrong with some, the others of a level and year."""
    wrong = {row for row, finding in findings if finding.code not in STILL}
    if not wrong or len(entries) > MOST_ROWS:
        return [] if wrong else list(range(len(entries)))
    rows = [row for row in range(len(entries)) if row not in wrong]
    exam = {(entries[row].level, entries[row].year): None for row in rows}
    return [row for row in rows if (entries[row].level, entries[row].year) == next(iter(exam))]


class _Numbered(dict[tuple[str, ...], int]):
    """Entries by what their rows say, each with the same without a central exam after it."""

    def __init__(self, columns: tuple[str, ...], entries: list[Entry], law: Lawbook) -> None:
        super().__init__()
        self._columns, self._known, self._law = columns, entries, law

    def __missing__(self, texts: tuple[str, ...]) -> int:
        entry = entry_of(dict(zip(self._columns, texts, strict=True)), self._law)
        without = evolve(entry, slot=evolve(entry.slot, given_ce=False)) if entry.either else entry
        self._known += (entry, without)
        self[texts] = len(self._known) - 2
        return self[texts]


class _Read(dict[str, int]):
    """Numbers by their text: 0 for none, UNREADABLE for what is none. Only short texts are kept."""

    def __init__(self, read: Callable[[str], int]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> int:
        plain = text.strip()
        number = self._read(plain) if plain else 0
        if number != UNREADABLE and len(text) < 8:
            self[text] = number
        return number


def _mark(text: str) -> int:
    try:
        return parse_mark(text)
    except ValueError:
        return UNREADABLE


def _rating(text: str) -> int:
    return RATINGS.index(text.upper()) if text.upper() in RATINGS else UNREADABLE


_MARKS, _RATED = _Read(_mark), _Read(_rating)


class _Taking:
    """One table while it is taken in."""

    def __init__(self, intake: Intake, rows: Rows) -> None:
        self.intake, self.rows = intake, rows
        self.starts = rows.starts()
        self.names = tuple(name.strip() for name in rows.texts(CANDIDATE, self.starts.tolist()))
        self.refused: NDArray[np.bool_] = np.zeros(self.starts.size, np.bool_)
        self.problems: list[Problem] = []
        self.marks = {name: self._column(name, _MARKS) for name in filter(rows.has, NUMBERS)}
        self.marks = {name: column for name, column in self.marks.items() if name == "se" or column.any()}
        ratings = self._column("rating", _RATED)
        self.ratings: Marks | None = ratings if ratings.any() else None

    def _column(self, name: str, read: _Read) -> Marks:
        which, texts = self.rows.distinct((name,))
        return np.array([read[text] for (text,) in texts], np.uint8)[which]

    def taken(self, again: Collection[int]) -> Taken:
        self._whole(again)
        self._read()
        groups: dict[Layout, list[tuple[Shape, list[int]]]] = defaultdict(list)
        for key, candidates in self._keys().items():
            shape = self.intake.shape(key)
            for row, finding in shape.findings:
                for candidate in candidates:
                    self._refuse(candidate, int(self.starts[candidate]) + row, finding)
            if shape.judged is not None:
                groups[shape.judged].append((shape, candidates))
        judged = [group for layout, shapes in groups.items() if (group := self._group(layout, shapes)) is not None]
        return Taken(self.names, tuple(judged), self.rows.finished(self.problems))

    def _whole(self, again: Collection[int]) -> None:
        """What is wrong with candidates, whatever their rows say."""
        for row, problem in self.rows.unreadable.items():
            self.problems.append(problem)
            self.refused[self._candidate(row)] = True
        for candidate in range(len(self.names)) if "" in self.names else ():
            if not self.names[candidate] and not self.refused[candidate]:
                finding = Finding(CANDIDATE, "E110", _("there is no candidate on this row"))
                self._refuse(candidate, int(self.starts[candidate]), finding)
        for candidate in filter(self.names.__getitem__, again):
            message = _("this candidate had rows before, with another between; these are not judged")
            hint = _("the rows of a candidate stand together; sort the file by candidate")
            self._refuse(candidate, int(self.starts[candidate]), Finding(CANDIDATE, "E111", message, hint))

    def _read(self) -> None:
        """What is no mark or rating."""
        for name, marks in self.marks.items():
            for row in np.flatnonzero(marks == UNREADABLE).tolist():
                message = _("{text} is no mark from 1 to 10 with at most one decimal")
                text = quoted(self.rows.texts(name, [row])[0].strip())
                self._refuse(self._candidate(row), row, Finding(name, "E125", message.format(text=text)))
        for row in [] if self.ratings is None else np.flatnonzero(self.ratings == UNREADABLE).tolist():
            message = _("{text} is no rating: O, V or G")
            text = quoted(self.rows.texts("rating", [row])[0].strip())
            self._refuse(self._candidate(row), row, Finding("rating", "E126", message.format(text=text)))

    def _keys(self) -> Mapping[bytes, list[int]]:
        """The candidates by the numbers of their rows."""
        numbers = self.intake.numbers(self.rows)
        either = self.intake.either(numbers)
        if either.any():
            given = np.zeros(self.rows.size, np.bool_)
            for name in ("ce", "resit", "cspe"):
                given |= self.marks[name] > 0 if name in self.marks else False
            numbers = numbers + (either & ~given)
        numbers = numbers.astype(np.int32, copy=False)
        unreadable = {int(self._candidate(row)) for row in self.rows.unreadable}
        text = numbers.tobytes()
        bounds = [*(self.starts * numbers.itemsize).tolist(), len(text)]
        found: dict[bytes, list[int]] = defaultdict(list)
        for candidate, (start, end) in enumerate(pairwise(bounds)):
            found[text[start:end]].append(candidate)
        if unreadable:  # of rows that cannot be read nothing more is said
            found = {key: [c for c in candidates if c not in unreadable] for key, candidates in found.items()}
        return {key: candidates for key, candidates in found.items() if candidates}

    def _group(self, layout: Layout, shapes: Sequence[tuple[Shape, list[int]]]) -> Group | None:
        where = np.concatenate([np.array(candidates, np.intp) for _shape, candidates in shapes])
        parts = [self.starts[candidates] + np.array(shape.order, np.intp)[:, None] for shape, candidates in shapes]
        index = np.concatenate(parts, axis=1)
        marks = {name: column[index] for name, column in self.marks.items()}
        ratings = None if self.ratings is None else self.ratings[index]
        law = self.intake.law
        for fault in faults(Form.of(layout, law, CALENDAR), marks, ratings):
            self._faulty(fault, where, index, shapes)
        kept = ~self.refused[where]
        if not kept.any():
            return None
        runs: list[tuple[Shape, int, int]] = []
        bounds = np.cumsum([0, *(len(candidates) for _shape, candidates in shapes)])
        for shape, size in zip(shapes, np.add.reduceat(kept, bounds[:-1], dtype=np.intp).tolist(), strict=True):
            start = runs[-1][2] if runs else 0
            if size:
                runs.append((shape[0], start, start + size))
        if not kept.all():
            where = where[kept]
            marks = {name: column[:, kept] for name, column in marks.items()}
            ratings = None if ratings is None else ratings[:, kept]
        names = tuple(map(self.names.__getitem__, where.tolist()))
        return Group(Batch(layout, marks, ratings), where, names, tuple(runs))

    def _faulty(
        self,
        fault: Fault,
        where: NDArray[np.intp],
        index: NDArray[np.intp],
        shapes: Sequence[tuple[Shape, list[int]]],
    ) -> None:
        told = [shape for shape, candidates in shapes for _candidate in candidates]
        for subject, column in np.argwhere(fault.where).tolist():
            form = Form.of(told[column].layout, self.intake.law, CALENDAR)  # with the subject itself
            finding = Finding(fault.column, fault.code, fault.told(form, subject), fault.hint)
            self._refuse(int(where[column]), int(index[subject, column]), finding)

    def _candidate(self, row: int) -> int:
        return int(np.searchsorted(self.starts, row, "right")) - 1

    def _refuse(self, candidate: int, row: int, finding: Finding) -> None:
        self.refused[candidate] = True
        problem = self.rows.problem(row, finding.column, finding.code, finding.message, finding.hint)
        self.problems.append(problem)


MOST_SEEN = 1 << 22
"""How many candidates of a table are remembered, to know them when they come back."""


class Seen:
    """Candidates that have had rows, as numbers of eight bytes; of very many, the latest."""

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []

    def again(self, ids: bytes) -> list[int]:
        """Which of these, in the order of the table, were there before. From here on, all of them were."""
        new = np.frombuffer(ids, np.uint64)
        run, firsts = np.unique(new, return_index=True)
        before = np.ones(new.size, np.bool_)
        before[firsts] = False
        for old in self._runs:
            before |= old[np.minimum(np.searchsorted(old, new), old.size - 1)] == new
        self._runs.append(run)
        while len(self._runs) > 1 and self._runs[-2].size < 2 * self._runs[-1].size:
            last = self._runs.pop()
            self._runs[-1] = np.sort(np.concatenate((self._runs[-1], last)))
        while len(self._runs) > 1 and sum(each.size for each in self._runs) > MOST_SEEN:
            self._runs.pop(0)
        return np.flatnonzero(before).tolist()
