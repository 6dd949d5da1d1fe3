"""What is wrong with the marks of a scenario: the checks of a sheet of marks, told at the result they are of."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.errors import Key, Problem
from trajectsim.exam.checks import Finding, entry_of, faults, sheet_findings
from trajectsim.exam.verdicts import SheetVerdict
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.walk import Trajectory

_KEYS = {"sat": "exam", "rv": "resit", "cspe": "ce", "": "subject"}
"""The key of a result for a column of a sheet that is named otherwise."""


def mark_problems(exam: SheetVerdict, walk: Trajectory, law: Lawbook) -> Iterator[Problem]:
    """What is wrong with the marks of an exam on a walk. The package is checked once the exam is whole."""
    layout, form, batch = exam.judged.batch.layout, exam.judged.rules.form, exam.judged.batch
    profile = layout.profile if exam.result != "incomplete" else ""
    said = {"level": layout.level, "exam": str(layout.exam), "profile": profile}
    entries = [
        entry_of({**said, "subject": slot.code, "role": slot.role, "at": slot.at, "sat": str(slot.year + 1)}, law)
        for slot in layout.slots
    ]
    found = sheet_findings(entries, law)
    if not found:
        for fault in faults(form, batch.numbers, batch.ratings):
            rows = (row for row in range(len(layout.slots)) if fault.where[row, exam.index])
            found += [(row, Finding(fault.column, fault.code, fault.told(form, row), fault.hint)) for row in rows]
    for row, finding in found:
        yield Problem("S204", finding.message, at=_place(exam, row, finding, walk), hint=finding.hint)


def _place(exam: SheetVerdict, row: int, finding: Finding, walk: Trajectory) -> tuple[Key, ...]:
    """Where it is said: in the newest result that has the mark, or at the profile of the pupil."""
    if finding.column == "profile":
        return ("pupil", "profile")
    code, level = exam.slots[row].code, exam.judged.batch.layout.level
    key = _KEYS.get(finding.column, finding.column)
    own = [n for n, result in enumerate(walk.plan.results) if result.subject == code and result.level == level]
    until = [n for n in own if walk.plan.results[n].year.start <= exam.judged.batch.layout.year]
    told = [n for n in until if getattr(walk.plan.results[n], key, None) not in (None, "")]
    return ("result", (told or until or own)[-1], key)
