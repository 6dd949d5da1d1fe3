"""What the keys of the exam screen do to the marks, and why one of them can do nothing now. No Textual here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trajectsim.law.exams import RATINGS
from trajectsim.tui.examdesk import Exam
from trajectsim.tui.examsheet import RATING
from trajectsim.words import _


def press(exam: Exam, key: str, character: str | None) -> Exam | None:
    """The exam after a key in the grid, by its name and the character it makes; None when it means nothing there, or
    when it leaves the grid."""
    if key == "escape":
        return exam.cancel() if exam.typed else None
    if key in ("tab", "shift+tab"):
        return exam.tab(1 if key == "tab" else -1)
    if key in _KEYS:
        return _KEYS[key](exam)
    if character is None or not character.isprintable():
        return None
    rating = exam.column == RATING and character.upper() in RATINGS[1:]
    return exam.type(character) if rating or character in _TYPED else None


_TYPED = "0123456789,.vVgG"
"""What is typed in a cell, O in that of a rating apart; other letters are keys of the screen."""

_KEYS: Mapping[str, Callable[[Exam], Exam]] = {
    "up": lambda exam: exam.move(-1, 0),
    "down": lambda exam: exam.move(1, 0),
    "left": lambda exam: exam.move(0, -1),
    "right": lambda exam: exam.move(0, 1),
    "enter": Exam.enter,
    "home": lambda exam: exam.edge(last=False),
    "end": lambda exam: exam.edge(last=True),
    "backspace": Exam.erase,
    "delete": Exam.clear,
    "pageup": lambda exam: exam.page(-1),
    "pagedown": lambda exam: exam.page(1),
    "left_square_bracket": lambda exam: exam.page(-1),
    "right_square_bracket": lambda exam: exam.page(1),
    "u": Exam.undo,
    "ctrl+z": Exam.undo,
    "ctrl+y": Exam.redo,
    "x": Exam.remove,
}


def idle(exam: Exam) -> Mapping[str, str]:
    """By action of a key, why it can do nothing now."""
    told: dict[str, str] = {}
    if exam.entry is None:
        told["screen.subject"] = told["screen.press('x')"] = _("there is no subject on the list")
    if not exam.past:
        told["screen.press('u')"] = _("nothing was changed yet")
    if len(exam.work.sheets) == 1:
        only = _("there is one candidate; o opens the marks of a class")
        told["screen.press('left_square_bracket')"] = told["screen.press('right_square_bracket')"] = only
    if not any(entry.marks for sheet in exam.work.sheets for entry in sheet.entries):
        told["screen.save"] = _("there are no marks yet")
    return told
