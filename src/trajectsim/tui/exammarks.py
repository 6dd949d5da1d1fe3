"""Marks that are typed for an exam on the path, put into the text of the scenario as its ``[[result]]``s. No Textual.

The list on the screen and the results of the text are held against each other subject by subject, and only what differs
is changed: comments, order and what stands beside it stay. A subject without marks is in no result.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from attrs import frozen

from trajectsim.errors import Problem, Problems
from trajectsim.exam.packages import roles_of
from trajectsim.exam.sheets import NUMBERS
from trajectsim.law.lawbook import Lawbook
from trajectsim.marks import TENTHS
from trajectsim.scenario import edit
from trajectsim.scenario.format import ResultPart
from trajectsim.scenario.read import Source
from trajectsim.tui import examsheet
from trajectsim.tui.document import Document
from trajectsim.tui.examsheet import RATING, Entry, Sheet
from trajectsim.tui.viewmodel import read_variant
from trajectsim.words import _

MARKS = ("se", "ce", "resit", RATING)
"""What a result of a scenario can say of a subject."""

_ARITHMETIC = "rekentoets"
"""Its one mark may be written at either exam; the screen has one cell for it."""

RESULT = "result"


@frozen
class _Given:
    """What a text says of a subject: the results, by their place among all, the newest last."""

    entry: Entry
    parts: tuple[tuple[int, ResultPart], ...]

    def says(self, key: str) -> Any:
        """The value of a key as it counts: the last that is told."""
        told = [value for _n, part in self.parts if (value := getattr(part, key)) not in (None, "")]
        return told[-1] if told else None


def with_marks(document: Document, before: Sheet, after: Sheet, law: Lawbook, *, typed: bool = False) -> Document:
    """The document with the marks of a sheet, of which ``before`` was shown until now. Raises Problems where the
    scenario has no place for them, or says them in a way that cannot be changed from here."""
    source = read_variant(document.text, document)
    _refuse(source, after, document)
    given = [_given(source, after, entry, law) for entry in after.entries]
    text = document.text
    if after.profile and _names_profile(source, before, after):
        text = edit.put(text, ("pupil", "profile"), after.profile)
    roles = _roles(after, law)
    gone: list[int] = []
    for each in given:
        if not each.entry.marks:
            gone += [n for n, _part in each.parts]
        elif each.parts:
            text, empty = _changed(text, each, _said(each.entry, roles))
            gone += empty
    listed = {n for each in given for n, _part in each.parts}
    gone += [n for n, _part in _own(source, after) if n not in listed]
    for each in given:
        if each.entry.marks and not each.parts:
            told = {key: _written(key, value) for key, value in _said(each.entry, roles).items() if value is not None}
            year = examsheet.exam_of(each.entry.sat) if each.entry.sat else after.exam
            text = edit.append(text, RESULT, {"exam": year, "level": after.level, "subject": each.entry.code, **told})
    for n in sorted(gone, reverse=True):
        text = edit.drop(text, (RESULT, n))
    return document.changed(text, _told(before, after, law), typed=typed)


def _refuse(source: Source, sheet: Sheet, document: Document) -> None:
    """What cannot be said from here."""
    hint = _("change it in the text of the scenario")
    other = [entry for entry in sheet.entries for name in entry.marks if name not in MARKS]
    if other:
        raise Problems([Problem("S004", _("a scenario has no place for this mark"), document.file, hint=hint)])
    file, at = source.variant.origin((RESULT,))
    if source.scenario.result and (file, at) != (source.file, (RESULT,)):
        message = _("the results stand in {file}, or in a case of the scenario").format(file=file)
        raise Problems([Problem("S004", message, document.file, hint=hint)])


def _names_profile(source: Source, before: Sheet, after: Sheet) -> bool:
    """Whether the pupil has to be given a profile: another was chosen, or she has none."""
    pupil = source.scenario.pupil
    return pupil is None or not pupil.profile or before.profile != after.profile


def _own(source: Source, sheet: Sheet) -> Iterator[tuple[int, ResultPart]]:
    """The results of subjects for an exam, those that were closed in an earlier year too."""
    for n, part in enumerate(source.scenario.result):
        if part.subject and part.level == sheet.level and part.exam is not None and part.exam <= sheet.exam:
            yield n, part


def _given(source: Source, sheet: Sheet, entry: Entry, law: Lawbook) -> _Given:
    own = _own(source, sheet)
    return _Given(entry, tuple(each for each in own if examsheet.same_subject(law, each[1].subject, entry.code)))


def _roles(sheet: Sheet, law: Lawbook) -> dict[str, str]:
    """The role of each subject where it follows from the others."""
    codes = [entry.code for entry in sheet.entries]
    return dict(zip(codes, roles_of(law, sheet.level, sheet.year, sheet.profile, codes), strict=True))


def _said(entry: Entry, roles: dict[str, str]) -> dict[str, Any]:
    """What a result says of a subject, by its key, marks in tenths; None for what it leaves out."""
    told: dict[str, Any] = {"role": entry.role if entry.role != roles[entry.code] else None, "at": entry.at or None}
    return told | {name: entry.marks.get(name) for name in MARKS}


def _written(key: str, value: Any) -> Any:
    """A value as the text says it."""
    return Decimal(value) / TENTHS if key in NUMBERS else value


def _changed(text: str, given: _Given, said: dict[str, Any]) -> tuple[str, list[int]]:
    """The text with what a subject has otherwise than its results say; those of them that have no mark left."""
    left = {n: {name for name in MARKS if getattr(part, name) not in (None, "")} for n, part in given.parts}
    for key, value in said.items():
        if key == "role" and value is None and given.says("role") == given.entry.role:
            continue  # it is told, and would follow by itself
        stray = key == "ce" and given.entry.role == _ARITHMETIC
        if value == given.says(key) and not stray:
            continue
        have = [n for n, part in given.parts if getattr(part, key) not in (None, "")]
        if value is None:
            for n in have:
                text = edit.drop(text, (RESULT, n, key))
                left[n].discard(key)
        else:
            n = (have or [n for n, _part in given.parts])[-1]
            text = edit.put(text, (RESULT, n, key), _written(key, value))
            left[n].add(key)
    return text, [n for n, names in left.items() if not names]


def _told(before: Sheet, after: Sheet, law: Lawbook) -> str:
    """What was done, as undo tells it."""
    was = {entry.code: entry.marks for entry in before.entries}
    other = [entry.code for entry in after.entries if entry.marks != was.get(entry.code)]
    if len(other) == 1:
        return _("mark for {subject}").format(subject=examsheet.subject_text(law, other[0]))
    return _("marks of the exam of {year}").format(year=after.exam)
