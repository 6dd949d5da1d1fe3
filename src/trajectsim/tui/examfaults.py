"""What is wrong with a sheet as it is typed: the checks that a file of marks gets, told at the cell.

No Textual here.
"""

from __future__ import annotations

from attrs import evolve, field, frozen

from trajectsim.exam.checks import Entry, entry_of, faults, notes, sheet_findings
from trajectsim.exam.sheets import Form, Layout
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.tui import examsheet
from trajectsim.tui.examsheet import Sheet
from trajectsim.words import _, language


@frozen
class Wrong:
    """Something wrong with a subject. ``column`` is that of a mark, or says what else of the subject it is about."""

    row: int
    column: str
    message: str
    hint: str = ""


@frozen
class Checked:
    """What is wrong with a sheet, and what of it is taken for granted."""

    wrong: tuple[Wrong, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())

    def at(self, row: int, column: str) -> Wrong | None:
        """What is wrong with a mark."""
        return next((each for each in self.wrong if (each.row, each.column) == (row, column)), None)


def checked(sheet: Sheet, law: Lawbook, clock: Clock) -> Checked:
    """Look at the subjects of a sheet, and at the marks that have a cell. The subjects are checked by the law of the
    year alone, and so not where the law of another is followed."""
    batch = sheet.batch(law, clock)
    subjects = Checked(notes=(_("the law of one year is followed, and the subjects are not checked"),))
    if clock.follow is None:
        subjects = law.kept(("checked", batch.layout, language()), lambda: _subjects(batch.layout, law))
    form = Form.of(batch.layout, law, clock)
    marks = [
        Wrong(row, fault.column, fault.told(form, row), fault.hint)
        for fault in faults(form, batch.numbers, batch.ratings)
        for row in range(len(sheet.entries))
        if fault.where[row, 0]
    ]
    return evolve(subjects, wrong=(*subjects.wrong, *marks))


def higher_levels(law: Lawbook, level: str, year: int) -> tuple[str, ...]:
    """The levels at which the law lets a candidate take a subject, beside the own one."""
    said = {"level": level, "exam": str(examsheet.exam_of(year)), "subject": "", "role": ""}
    tried = ((at, entry_of({**said, "at": at}, law)) for at in examsheet.levels(law))
    return tuple(at for at, entry in tried if entry.slot.at == at)


def _subjects(layout: Layout, law: Lawbook) -> Checked:
    entries = tuple(_entry(layout, row, law) for row in range(len(layout.slots)))
    found = sheet_findings(entries, law)
    wrong = tuple(Wrong(row, finding.column, finding.message, finding.hint) for row, finding in found)
    return Checked(wrong, notes(entries, law))


def _entry(layout: Layout, row: int, law: Lawbook) -> Entry:
    """A subject as the checks see it: as a row of a table."""
    slot = layout.slots[row]
    said = {"level": layout.level, "exam": str(layout.exam), "profile": layout.profile, "route": layout.route}
    sat = str(examsheet.exam_of(slot.year)) if slot.year else ""
    entry = entry_of({**said, "subject": slot.code, "role": slot.role, "at": slot.at, "sat": sat}, law)
    return evolve(entry, slot=evolve(entry.slot, given_ce=slot.given_ce or not entry.either))
