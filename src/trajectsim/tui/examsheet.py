"""A mark sheet as it is typed: its subjects with their marks, the cells each of them has, other exams for it.

No Textual here. A sheet is judged as a batch of one (``trajectsim.exam``); marks that have no cell in the exam of its
year are kept, and do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.exam.packages import template
from trajectsim.exam.sheets import NUMBERS, Batch, Form, Layout, Slot
from trajectsim.law.exams import RATINGS
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.words import N_, _

RATING = "rating"
COLUMNS = 3
"""How many cells a subject has at most: school exam (or a rating), central exam, and what is done again."""

AGAIN = COLUMNS - 1
"""The last of them: it need not be filled in."""

ROLES: Mapping[str, tuple[str, str]] = {
    "common": (N_("common"), N_("common part, with a mark")),
    "profile": (N_("profile"), N_("profile or sector part")),
    "free": (N_("free"), N_("free part, every extra subject included")),
    "part": (N_("combined"), N_("part of the combination mark")),
    "vocational": (N_("vocational"), N_("vocational programme")),
    "profielvak": (N_("profielvak"), N_("profielvak")),
    "keuzevak": (N_("keuzevak"), N_("keuzevak")),
    "rated": (N_("rated"), N_("a rating, no mark: O, V or G")),
    "rekentoets": (N_("rekentoets"), N_("rekentoets")),
}
"""What a subject is in the exam: in a word, and in a sentence."""


@frozen
class Entry:
    """A subject on the list: marks in tenths, 0 where there is none. ``at`` is the higher level it is taken at, ``sat``
    the school year (its start) in which it was closed, 0 for that of the exam."""

    code: str
    role: str
    at: str = ""
    sat: int = 0
    se: int = 0
    ce: int = 0
    resit: int = 0
    rv: int = 0
    cspe: int = 0
    rating: str = ""

    @property
    def marks(self) -> dict[str, int | str]:
        """What is filled in, by column."""
        return {name: value for name in (*NUMBERS, RATING) if (value := getattr(self, name))}

    def number(self, column: str) -> int:
        """The mark in a column, in tenths."""
        found = self.marks.get(column, 0)
        return found if isinstance(found, int) else 0

    def filled(self, column: str, value: int | str) -> Entry:
        """With another mark or rating in a column."""
        return evolve(self, **{column: value})  # pyright: ignore[reportArgumentType]


@frozen
class Sheet:
    """The list of one candidate. ``year`` is the start of the school year of the exam."""

    level: str
    year: int
    profile: str = ""
    route: str = ""
    entries: tuple[Entry, ...] = ()
    name: str = field(default="")

    @property
    def exam(self) -> int:
        """The exam year."""
        return exam_of(self.year)

    @property
    def marked(self) -> tuple[object, ...]:
        """Which exam it is, and its subjects that have marks: what of it stands in a scenario."""
        marks = ((entry.code, entry.at, entry.sat, entry.marks) for entry in self.entries if entry.marks)
        return self.level, self.year, self.profile, sorted(marks, key=lambda each: each[0])

    def with_entry(self, row: int, entry: Entry) -> Sheet:
        """With another entry in a row."""
        return evolve(self, entries=(*self.entries[:row], entry, *self.entries[row + 1 :]))

    def layout(self, *, bare: bool = False) -> Layout:
        """What is judged; ``bare``: as if every subject that can have a central exam had a mark for one."""
        slots = tuple(Slot(e.code, e.role, e.at, e.sat, bare or bool(e.ce or e.resit or e.cspe)) for e in self.entries)
        return Layout(self.level, self.year, slots, self.route, self.profile)

    def batch(self, law: Lawbook, clock: Clock) -> Batch:
        """The sheet for the engine, with the marks that have a cell."""
        pairs = zip(self.entries, cells(self, law, clock), strict=True)
        rows = [{name: value for name, value in entry.marks.items() if name in columns} for entry, columns in pairs]
        return Batch.of_rows(self.layout(), rows, self.name)


def exam_of(year: int) -> int:
    """The exam year of a school year, given by its start."""
    return SchoolYear(year).end


def cells(sheet: Sheet, law: Lawbook, clock: Clock) -> tuple[tuple[str, ...], ...]:
    """For each subject the column behind each of its three cells, "" where it has none."""
    form = Form.of(sheet.layout(bare=True), law, clock)
    return law.kept(
        ("cells", form.layout, clock), lambda: tuple(_cells(form, row) for row in range(len(sheet.entries)))
    )


def retaken(sheet: Sheet, law: Lawbook, clock: Clock) -> str:
    """What the third cell is for in the year of a sheet: a resit or, where no central exam was held, an RV-toets."""
    return "rv" if law.sitting(sheet.level, sheet.year, clock).improvements else "resit"


def _cells(form: Form, row: int) -> tuple[str, ...]:
    slot, sitting = form.layout.slots[row], form.sitting
    if slot.role == "rated":
        return (RATING, "", "")
    if slot.role == "rekentoets":
        return ("se", "", "resit")
    central = row in form.with_ce
    again = ""
    if sitting.improvements:
        again = "rv" if row in form.graded else ""
    elif row in form.cspe_later or (slot.role in form.practical and sitting.practical_resits):
        again = "cspe"
    elif central and sitting.resits:
        again = "resit"
    return ("se", "ce" if central else "", again)


# --- which exam ---------------------------------------------------------------------------------------------


def levels(law: Lawbook) -> tuple[str, ...]:
    """The levels that have an exam, in the order of the data."""
    return tuple(exam.level for exam in law.exams.values())


def years(law: Lawbook) -> tuple[int, ...]:
    """The exam years whose law is known, as the start of their school year."""
    first, last = law.known_exams.first or 0, law.known_exams.last or 0
    return tuple(range(first, last + 1))


def profiles(law: Lawbook, level: str, year: int) -> tuple[str, ...]:
    """The profiles or sectors of a level in a school year."""
    known = law.known_exams.clamp(year)
    rows = (row for row in law.packages.values() if row.profile and level in row.levels)
    return tuple(dict.fromkeys(row.profile for row in rows if any(known in v.span for v in row.version)))


def profile_text(law: Lawbook, level: str, profile: str) -> str:
    """The name of a profile or sector of a level."""
    rows = (row for row in law.packages.values() if row.profile == profile and level in row.levels)
    found = next(rows, None)
    return str(found.label).partition(" (")[0] if found else profile


ROUTES: Mapping[str, str] = {
    "": N_("ordinary"),
    "learn-work": N_("leer-werktraject"),
    "practice": N_("praktijkgericht vak"),
}


def routes(law: Lawbook, level: str, year: int, clock: Clock) -> tuple[str, ...]:
    """The routes of a level that the law of a year knows."""
    return tuple(
        route
        for route in ROUTES
        if any(
            way.force != "forbidden"
            for table in law.demands_of(level, route, "pass", year, clock)
            if law.demands[table.rule].check == "complete"
            for way in table.ways
        )
    )


def roles(law: Lawbook, level: str, year: int, clock: Clock) -> tuple[str, ...]:
    """The roles that subjects can have in the exam of a level and year."""
    composition, sitting = law.composition(level, year, clock), law.sitting(level, year, clock)
    known = {*composition.counts, *composition.combined, *composition.droppable, *sitting.beside}
    return tuple(role for role in ROLES if role in known)


def usual(law: Lawbook, level: str, year: int, profile: str) -> tuple[Entry, ...]:
    """The subjects of the usual package, without marks."""
    return tuple(Entry(code, role) for code, role in template(law, level, year, profile))


def subject_text(law: Lawbook, code: str) -> str:
    """The name of a subject, or its code where the law data knows no subject of it."""
    subject = law.subject(code)
    return str(subject.label) if subject else code


def same_subject(law: Lawbook, code: str, other: str) -> bool:
    """Whether two codes stand for one subject."""
    one, two = law.subject(code), law.subject(other)
    return code == other or (one is not None and one is two)


def find(law: Lawbook, sheet: Sheet, code: str) -> int | None:
    """The row of a subject on a sheet."""
    return next((n for n, e in enumerate(sheet.entries) if same_subject(law, e.code, code)), None)


def turned(sheet: Sheet, law: Lawbook, clock: Clock, level: str, year: int, profile: str, route: str) -> Sheet:
    """The sheet for another exam: its usual package, with the marks of the subjects that stay, and what was added."""
    before = usual(law, sheet.level, sheet.year, sheet.profile)
    after = usual(law, level, year, profile)
    if (sheet.level, sheet.profile) == (level, profile):
        after = tuple(entry for entry in after if not _missing(law, before, sheet.entries, entry))
    kept = tuple(_carried(law, sheet, entry) for entry in after)
    known = roles(law, level, year, clock)
    added = tuple(e for e in _others(law, sheet.entries, before) if e.role in known and not _is_in(law, e.code, kept))
    return Sheet(level, year, profile, route, in_order((*kept, *added)), sheet.name)


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries by role, in the order in which ``ROLES`` stand; those of one role as they come."""
    order = list(ROLES)
    return tuple(sorted(entries, key=lambda e: order.index(e.role) if e.role in order else len(order)))


def lost(sheet: Sheet, after: Sheet, law: Lawbook) -> tuple[str, ...]:
    """The codes of subjects with marks that are not on another sheet."""
    return tuple(e.code for e in sheet.entries if e.marks and not _is_in(law, e.code, after.entries))


def _carried(law: Lawbook, sheet: Sheet, entry: Entry) -> Entry:
    row = find(law, sheet, entry.code)
    return entry if row is None else evolve(sheet.entries[row], role=entry.role)


def _missing(law: Lawbook, before: Sequence[Entry], entries: Sequence[Entry], entry: Entry) -> bool:
    """Whether a subject of the usual package was taken off the list."""
    return _is_in(law, entry.code, before) and not _is_in(law, entry.code, entries)


def _others(law: Lawbook, entries: Sequence[Entry], usual: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if not _is_in(law, entry.code, usual))


def _is_in(law: Lawbook, code: str, entries: Sequence[Entry]) -> bool:
    return any(same_subject(law, code, entry.code) for entry in entries)


# --- from the engine ----------------------------------------------------------------------------------------


def sheets_of(batch: Batch) -> tuple[Sheet, ...]:
    """The sheets of the candidates of a batch."""
    layout = batch.layout
    columns = {name: marks for name in NUMBERS if (marks := batch.of(name)) is not None}
    found: list[Sheet] = []
    for n in range(batch.size):
        entries: list[Entry] = []
        for row, slot in enumerate(layout.slots):
            marks = {name: int(column[row, n]) for name, column in columns.items()}
            rating = "" if batch.ratings is None else RATINGS[int(batch.ratings[row, n])]
            sat = 0 if slot.year == layout.year else slot.year
            if slot.role == "rekentoets":  # one mark, wherever it is written
                marks = {**marks, "se": max(marks["se"], marks.get("ce", 0)), "ce": 0}
            entries.append(Entry(slot.code, slot.role, slot.at, sat, **marks, rating=rating))
        name = batch.names[n] if n < len(batch.names) else ""
        found.append(Sheet(layout.level, layout.year, layout.profile, layout.route, tuple(entries), name))
    return tuple(found)


MARKS = (*NUMBERS, RATING)
"""The columns of what is filled in."""


def mark_label(column: str) -> str:
    """The name of a column in full."""
    return _(_COLUMNS[column])


_COLUMNS = {
    "se": N_("school exam"),
    "ce": N_("central exam"),
    "resit": N_("resit"),
    "rv": N_("RV-toets"),
    "cspe": N_("cspe done again"),
    RATING: N_("rating"),
}
