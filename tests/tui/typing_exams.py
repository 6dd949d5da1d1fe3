"""Exams to type in, for the tests of the exam screen."""

from __future__ import annotations

from trajectsim.law.lawbook import Lawbook
from trajectsim.tui import examsheet
from trajectsim.tui.examdesk import Exam, Work
from trajectsim.tui.examkeys import press
from trajectsim.tui.examsheet import Sheet, in_order, usual

NAMES = {"[": "left_square_bracket", "]": "right_square_bracket", ",": "comma", ".": "full_stop"}
"""What the keys of some characters are called."""


def listed(law: Lawbook, level: str = "havo", exam: int = 2026, profile: str = "em", name: str = "") -> Sheet:
    """The usual list of an exam, without marks."""
    year = exam - 1
    return Sheet(level, year, profile, "", in_order(usual(law, level, year, profile)), name)


def blank(law: Lawbook, level: str = "havo", exam: int = 2026, profile: str = "em") -> Exam:
    """That list on the desk."""
    return Exam.of(law, Work((listed(law, level, exam, profile),)))


def filled(exam: Exam, se: int, ce: int = 0) -> Exam:
    """With the same marks, in tenths, for every subject, and a V for what is rated; ``ce`` 0 leaves those open."""
    sheet = exam.sheet
    for row, columns in enumerate(exam.cells):
        for column, value in (("se", se), ("ce", ce), (examsheet.RATING, "V")):
            if column in columns and value:
                sheet = sheet.with_entry(row, sheet.entries[row].filled(column, value))
    return Exam.of(exam.law, exam.work.with_sheet(sheet))


def marked(exam: Exam, code: str, **marks: int | str) -> Exam:
    """With other marks for a subject."""
    row = examsheet.find(exam.law, exam.sheet, code)
    assert row is not None
    entry = exam.sheet.entries[row]
    for column, value in marks.items():
        entry = entry.filled(column, value)
    return Exam.of(exam.law, exam.work.with_sheet(exam.sheet.with_entry(row, entry)))


def typed(exam: Exam, *keys: str) -> Exam:
    """After keys in the grid; a text of more characters than a key has is typed one by one."""
    for key in keys:
        for each in (key,) if len(key) == 1 or key.isalpha() or "+" in key else tuple(key):
            exam = press(exam, NAMES.get(each, each), each if len(each) == 1 else None) or exam
    return exam


def row_of(exam: Exam, code: str) -> int:
    """The row of a subject."""
    row = examsheet.find(exam.law, exam.sheet, code)
    assert row is not None
    return row
