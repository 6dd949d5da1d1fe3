"""Marks being typed: the sheets on the desk, the cell that is typed in, undo and redo. No Textual here.

An ``Exam`` is frozen: each of its methods gives the exam after a key. Text that is no mark stays in its cell, where it
counts as nothing and is said to be wrong, until it is changed or taken back; no other key works before that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import PurePath

from attrs import evolve, field, frozen

from trajectsim.errors import Problem
from trajectsim.law.exams import RATINGS
from trajectsim.law.lawbook import CALENDAR, Clock, Lawbook
from trajectsim.marks import HIGHEST, LOWEST, TENTHS, parse_mark
from trajectsim.tui import examsheet
from trajectsim.tui.examsheet import AGAIN, COLUMNS, RATING, Entry, Sheet
from trajectsim.words import _, listed, mark, ngettext

KEPT = 500
"""How many changes can be taken back."""

_POINTS = ",."


@frozen
class Work:
    """What a change changes and undo gives back: the sheets, which of them is shown, and the file they came from.

    ``partial``: whether the file holds candidates that are not here. ``offered``: facts that the measures of a path set
    for its pupil; None for those of the law itself. ``walked``: whether it is an exam of the path that is open.
    """

    sheets: tuple[Sheet, ...]
    index: int = 0
    file: str = ""
    problems: tuple[Problem, ...] = ()
    partial: bool = False
    offered: Mapping[str, int] | None = None
    walked: bool = False

    @property
    def sheet(self) -> Sheet:
        return self.sheets[self.index]

    @property
    def name(self) -> str:
        """The name of the file."""
        return PurePath(self.file).name

    def with_sheet(self, sheet: Sheet) -> Work:
        """With another sheet in the place of the one that is shown."""
        return evolve(self, sheets=(*self.sheets[: self.index], sheet, *self.sheets[self.index + 1 :]))


Cursor = tuple[int, int]
"""A subject and which of its cells."""


@frozen
class Exam:
    """Sheets in the hands of somebody who types. ``typed`` is the text in the cell at the cursor while it is being
    typed, ``said`` what the last key has to say; ``past`` and ``future`` are what undo and redo give back. ``kept``:
    the sheets as they were opened or saved; ``loose``: whether others, that were not saved, made place for them."""

    law: Lawbook = field(repr=False, eq=False)
    work: Work
    clock: Clock = CALENDAR
    cursor: Cursor = (0, 0)
    typed: str = ""
    said: str = ""
    past: tuple[tuple[Work, Cursor], ...] = field(default=(), repr=False)
    future: tuple[tuple[Work, Cursor], ...] = field(default=(), repr=False)
    kept: tuple[Sheet, ...] = field(default=(), repr=False)
    loose: bool = False

    @classmethod
    def of(cls, law: Lawbook, work: Work, clock: Clock = CALENDAR, said: str = "") -> Exam:
        """An exam with the cursor in its first open cell."""
        return cls(law, work, clock, said=said, kept=work.sheets)._at_first_open()

    @property
    def sheet(self) -> Sheet:
        """The sheet that is shown."""
        return self.work.sheet

    @cached_property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """For each subject the column behind each of its cells, "" where there is none."""
        return examsheet.cells(self.sheet, self.law, self.clock)

    @property
    def entry(self) -> Entry | None:
        """The subject at the cursor; None when the list is empty."""
        return self.sheet.entries[self.cursor[0]] if self.sheet.entries else None

    @property
    def column(self) -> str:
        """The column at the cursor, "" when there is no cell."""
        row, slot = self.cursor
        return self.cells[row][slot] if row < len(self.cells) else ""

    @property
    def wrong(self) -> str:
        """Why the text that is being typed is no mark; empty when it is one."""
        if not self.typed or _read(self.typed):
            return ""
        text = _("{text} is no mark: {lowest} to {highest}, at most one decimal")
        return text.format(text=f"“{self.typed}”", lowest=LOWEST // TENTHS, highest=HIGHEST // TENTHS)

    @property
    def unsaved(self) -> bool:
        """Whether there is something that would be lost on leaving."""
        return self.loose or self.work.sheets != self.kept

    def saying(self, text: str) -> Exam:
        """The same, with something to say."""
        return evolve(self, said=text)

    # --- typing

    def type(self, key: str) -> Exam:
        """A character typed in the cell at the cursor."""
        entry = self.entry
        if entry is None or not self.column:
            return evolve(self, said=_("no subject to type a mark for; a adds one"))
        if self.column == RATING:
            if key.upper() not in RATINGS[1:]:
                return evolve(self, said=_("type O, V or G: this subject has a rating and no mark"))
            return self._changed(self._filled(key.upper()))._stepped_after_rating()
        if not (key.isdigit() and key.isascii()) and key not in _POINTS:
            return evolve(self, said=_("type a mark such as {example}").format(example=mark(EXAMPLE)))
        if len(self.typed) >= _LONGEST:
            return evolve(self, said="")
        first = self if self.typed else self._changed(self.work)
        typed = first.typed + key
        return evolve(first, typed=typed, said="", work=self._filled(_read(typed)))

    def erase(self) -> Exam:
        """Take back the last character that was typed; a cell that is not being typed in is emptied."""
        if not self.typed:
            return self.clear()
        typed = self.typed[:-1]
        return evolve(self, typed=typed, said="", work=self._filled(_read(typed)))._without_nothing()

    def clear(self) -> Exam:
        """Empty the cell at the cursor."""
        if self.typed:
            return evolve(self, typed="", work=self._filled(0))._without_nothing()
        if self.entry is None or not self.entry.marks.get(self.column):
            return evolve(self, said="")
        return self._changed(self._filled("" if self.column == RATING else 0))

    def cancel(self) -> Exam:
        """Take back what is being typed in the cell."""
        if not self.typed:
            return self
        work, cursor = self.past[-1]
        return evolve(self, work=work, cursor=cursor, typed="", said="", past=self.past[:-1])

    def done(self) -> Exam:
        """Nothing is being typed any more; unchanged when the text is no mark."""
        if not self.typed or self.wrong:
            return self
        return evolve(self, typed="", said="")._without_nothing()

    def _filled(self, value: int | str) -> Work:
        row = self.cursor[0]
        return self.work.with_sheet(self.sheet.with_entry(row, self.sheet.entries[row].filled(self.column, value)))

    def _changed(self, work: Work, said: str = "", cursor: Cursor | None = None) -> Exam:
        """With other work; what was there is put with what undo gives back."""
        past = (*self.past, (self.work, self.cursor))[-KEPT:]
        after = evolve(self, work=work, typed="", said=said, past=past, future=(), cursor=cursor or self.cursor)
        return after._on_a_cell()

    def _without_nothing(self) -> Exam:
        """A change that changes nothing is none."""
        if not self.typed and self.past and self.past[-1][0] == self.work:
            return evolve(self, past=self.past[:-1])
        return self

    # --- moving

    def move(self, rows: int, slots: int) -> Exam:
        """To the next cell in a direction; the same when there is none."""
        ready = self._ready()
        if ready is None:
            return self
        row, slot = self.cursor
        if slots:
            found = [n for n in range(COLUMNS) if (n - slot) * slots > 0 and self._has(row, n)]
            return ready._to((row, found[0] if slots > 0 else found[-1])) if found else ready
        steps = range(row + 1, len(self.cells)) if rows > 0 else range(row - 1, -1, -1)
        target = next((n for n in steps if self._has(n, slot)), None)
        return ready if target is None else ready._to((target, slot))

    def enter(self) -> Exam:
        """Down to the next cell of the column; from the last one to the top of the next column."""
        ready = self._ready()
        if ready is None:
            return self
        order = sorted(ready._all(), key=lambda cell: (cell[1], cell[0]))
        return ready._next_of(order)

    def tab(self, by: int = 1) -> Exam | None:
        """To the next or the previous cell as one reads; None when there is none."""
        ready = self._ready()
        if ready is None:
            return self
        order = ready._all() if by > 0 else ready._all()[::-1]
        return ready._next_of(order) if ready.cursor in order[:-1] else None

    def edge(self, last: bool) -> Exam:
        """To the first or the last subject that has the cell."""
        ready = self._ready()
        if ready is None:
            return self
        rows = [row for row, slot in ready._all() if slot == self.cursor[1]]
        return ready._to((rows[-1 if last else 0], self.cursor[1])) if rows else ready

    def at(self, row: int, slot: int) -> Exam:
        """To a cell; the same when there is no such cell."""
        ready = self._ready()
        return self if ready is None else ready._to((row, slot)) if ready._has(row, slot) else ready

    def page(self, by: int) -> Exam:
        """To another candidate."""
        ready = self._ready()
        if ready is None:
            return self
        index = min(max(self.work.index + by, 0), len(self.work.sheets) - 1)
        if index == self.work.index:
            only = len(self.work.sheets) == 1
            return evolve(ready, said=_("there is one candidate") if only else _("there are no more candidates"))
        return evolve(ready, work=evolve(ready.work, index=index), said="")._on_a_cell()

    def _ready(self) -> Exam | None:
        """Done with typing, or None when what is typed is no mark."""
        done = self.done()
        return None if done.typed else evolve(done, said="")

    def _has(self, row: int, slot: int) -> bool:
        return 0 <= row < len(self.cells) and 0 <= slot < COLUMNS and bool(self.cells[row][slot])

    def _all(self) -> list[Cursor]:
        return [(row, slot) for row in range(len(self.cells)) for slot in range(COLUMNS) if self._has(row, slot)]

    def _to(self, cursor: Cursor) -> Exam:
        return evolve(self, cursor=cursor)

    def _next_of(self, order: Sequence[Cursor]) -> Exam:
        place = order.index(self.cursor) + 1 if self.cursor in order else 0
        return self._to(order[place]) if place < len(order) else self

    def _stepped_after_rating(self) -> Exam:
        return evolve(self.move(1, 0), said="")

    def _on_a_cell(self) -> Exam:
        """With the cursor on a cell: where it is, else in the nearest row that has one."""
        cells = self._all()
        if self.cursor in cells or not cells:
            return self if cells else self._to((0, 0))
        row, slot = self.cursor
        return self._to(min(cells, key=lambda cell: (abs(cell[0] - row), abs(cell[1] - slot))))

    def _at_first_open(self) -> Exam:
        cells = sorted((cell for cell in self._all() if cell[1] != AGAIN), key=lambda cell: (cell[1], cell[0]))
        open_ = (cell for cell in cells if not self.sheet.entries[cell[0]].marks.get(self.cells[cell[0]][cell[1]]))
        return self._to(next(open_, cells[0]))._on_a_cell() if cells else self

    # --- undo

    def undo(self) -> Exam:
        """Take back the last change; of text that is no mark, the typing."""
        ready = self._ready()
        if ready is None:
            return self.cancel()
        if not ready.past:
            return evolve(ready, said=_("nothing to undo"))
        (work, cursor), here = ready.past[-1], (ready.work, ready.cursor)
        return evolve(ready, work=work, cursor=cursor, past=ready.past[:-1], future=(here, *ready.future))

    def redo(self) -> Exam:
        """Do again what was taken back."""
        ready = self._ready()
        if ready is None:
            return self
        if not ready.future:
            return evolve(ready, said=_("nothing to redo"))
        (work, cursor), here = ready.future[0], (ready.work, ready.cursor)
        return evolve(ready, work=work, cursor=cursor, past=(*ready.past, here), future=ready.future[1:])

    # --- the list

    def add(self, code: str, role: str = "") -> Exam:
        """With a subject more; on the list already, the cursor goes there."""
        ready, name = self._ready(), examsheet.subject_text(self.law, code)
        if ready is None:
            return self
        row = examsheet.find(self.law, self.sheet, code)
        if row is not None:
            there = ready.at(row, 0)
            return evolve(there, said=_("{subject} is on the list already").format(subject=name))
        entry = Entry(code, role or self.role_for(code))
        entries = examsheet.in_order((*self.sheet.entries, entry))
        work = ready.work.with_sheet(evolve(self.sheet, entries=entries))
        said = _("{subject} added as: {role}; r gives it another role").format(subject=name, role=role_text(entry.role))
        return ready._changed(work, said, (entries.index(entry), 0))

    def remove(self) -> Exam:
        """Without the subject at the cursor."""
        ready, entry = self._ready(), self.entry
        if ready is None or entry is None:
            return self
        row = self.cursor[0]
        entries = (*self.sheet.entries[:row], *self.sheet.entries[row + 1 :])
        said = _("{subject} is off the list; u brings it back").format(
            subject=examsheet.subject_text(self.law, entry.code)
        )
        return ready._changed(ready.work.with_sheet(evolve(self.sheet, entries=entries)), said)

    def counting_as(self, role: str, at: str, sat: int) -> Exam:
        """With another role, level or year for the subject at the cursor."""
        ready = self._ready()
        if ready is None or ready.entry is None:
            return self if ready is None else ready
        entry = evolve(ready.entry, role=role, at=at, sat=sat)
        if entry == ready.entry:
            return ready
        entries = list(self.sheet.entries)
        entries[self.cursor[0]] = entry
        ordered = examsheet.in_order(entries)
        work = ready.work.with_sheet(evolve(self.sheet, entries=ordered))
        return ready._changed(work, cursor=(ordered.index(entry), self.cursor[1]))

    def role_for(self, code: str) -> str:
        """The role that a subject has in the usual packages of this exam, else that of an extra subject."""
        sheet = self.sheet
        known = examsheet.roles(self.law, sheet.level, sheet.year, self.clock)
        for profile in examsheet.profiles(self.law, sheet.level, sheet.year):
            usual = examsheet.usual(self.law, sheet.level, sheet.year, profile)
            for entry in usual:
                if examsheet.same_subject(self.law, entry.code, code) and entry.role != "profile":
                    return entry.role
        return next((role for role in ("free", "keuzevak") if role in known), known[0])

    def into(self, level: str, year: int, profile: str, route: str = "") -> Exam:
        """The sheet for another exam, with the marks of the subjects that stay."""
        ready, sheet = self._ready(), self.sheet
        if ready is None or (level, year, profile, route) == (sheet.level, sheet.year, sheet.profile, sheet.route):
            return self if ready is None else ready
        after = examsheet.turned(sheet, self.law, self.clock, level, year, profile, route)
        work = ready.work if year == sheet.year else evolve(ready.work, offered=None)
        if (level, year, route) != (sheet.level, sheet.year, sheet.route):
            work = evolve(work, walked=False)
        gone = examsheet.lost(sheet, after, self.law)
        names = [examsheet.subject_text(self.law, code) for code in gone]
        said = _("not on the list of this exam: {subjects}; u brings the marks back")
        said = said.format(subjects=listed(names)) if gone else ""
        return ready._changed(work.with_sheet(after), said)

    # --- what comes from elsewhere

    def opened(self, work: Work) -> Exam:
        """Other sheets on the desk; what was there comes back with undo."""
        return evolve(self._changed(work), kept=work.sheets, loose=self.unsaved)._at_first_open()

    def instead(self, exam: Exam) -> Exam:
        """The exam of the path as it has become, in the place of what it was: what is being typed and where, if the
        marks are the same."""
        if exam.sheet.marked == self.sheet.marked:
            work = evolve(self.work, offered=exam.work.offered)
            return evolve(self, law=exam.law, clock=exam.clock, work=work, kept=work.sheets)
        there = (self.sheet.level, self.sheet.year) == (exam.sheet.level, exam.sheet.year)
        return evolve(exam, cursor=self.cursor)._on_a_cell() if there else exam

    def saved(self, file: str) -> Exam:
        """The same once all its sheets stand in a file."""
        work = evolve(self.work, file=file, problems=(), partial=False)
        return evolve(self, work=work, kept=work.sheets, loose=False)

    def paste(self, text: str) -> Exam:
        """Marks put in from the cursor down, cells of a row apart by tabs or semicolons. What is no mark is said."""
        ready = self._ready()
        if ready is None or self.entry is None:
            return self
        lines = [line.replace(";", "\t").split("\t") for line in text.strip("\n").splitlines()]
        rows = [row for row, slot in self._all() if slot == self.cursor[1] and row >= self.cursor[0]]
        work, wrong, put = ready.work, list[str](), 0
        for row, line in zip(rows, lines, strict=False):
            for slot, cell in enumerate(line, self.cursor[1]):
                value = _value(cell.strip(), self.cells[row][slot]) if self._has(row, slot) else None
                if value is None or (cell.strip() and not value):
                    wrong.extend([cell.strip()] if cell.strip() else [])
                elif value:
                    work, put = work.with_sheet(_put(work.sheet, row, self.cells[row][slot], value)), put + 1
        wrong.extend(cell.strip() for line in lines[len(rows) :] for cell in line if cell.strip())
        said = ngettext("{n} mark pasted", "{n} marks pasted", put).format(n=put)
        if wrong:
            said = _("{said}; not used: {cells}").format(said=said, cells=listed(f"“{cell}”" for cell in wrong))
        return ready._changed(work, said) if put else evolve(ready, said=said)


def role_text(role: str) -> str:
    """A role in a sentence."""
    return _(examsheet.ROLES[role][1]) if role in examsheet.ROLES else role


EXAMPLE = 65
"""A mark to show how one is typed."""

_LONGEST = 6


def _put(sheet: Sheet, row: int, column: str, value: int | str) -> Sheet:
    return sheet.with_entry(row, sheet.entries[row].filled(column, value))


def _value(text: str, column: str) -> int | str | None:
    """What a pasted text is in a column: a mark, a rating; None or nothing where it is none."""
    if column == RATING:
        return text.upper() if text.upper() in RATINGS else None
    return _read(text)


def _read(typed: str) -> int:
    """Tenths of what is typed, 0 when it is no mark; a mark may still wait for its decimal."""
    text = typed[:-1] if typed[-1:] in tuple(_POINTS) and typed.count(typed[-1]) == 1 else typed
    try:
        return parse_mark(text)
    except ValueError:
        return 0
