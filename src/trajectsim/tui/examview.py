"""Everything the exam screen shows, computed from the marks on the desk and the law. No Textual here.

``show(exam, wanted)`` -> ExamView, what the screen prints; the verdict is judged here, in a millisecond, and what is
still needed is told of ``examlines.look_ahead``, which is slower and off the event loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from trajectsim.exam.needed import Needs, State
from trajectsim.exam.verdicts import CheckLine, SheetVerdict, judge_sheet
from trajectsim.marks import LOWEST
from trajectsim.tui import examsheet
from trajectsim.tui.examdesk import EXAMPLE, Exam
from trajectsim.tui.examfaults import Checked, checked
from trajectsim.tui.examlines import (
    Wanted,
    check_name,
    has_laude,
    needs_lines,
    open_count,
    outside,
    verdict_lines,
)
from trajectsim.tui.examsheet import AGAIN, RATING, ROLES, Entry, Sheet
from trajectsim.tui.yearview import Line
from trajectsim.words import N_, _, listed, mark, ngettext

Parts = tuple[tuple[str, str], ...]
"""Texts, each with the role it is painted in."""

APART = "apart"
"""The key of the line that tells of the path beside the marks."""
OPEN, NONE, SPARE = "___", "–", "·"
"""A cell that waits for a mark; where there is no cell; a cell that need not be filled in."""


@frozen
class Cell:
    """A cell as it is printed. ``exists`` is False where the subject has none; ``slot`` is its place in the row."""

    text: str
    role: str = ""
    exists: bool = True


@frozen
class Row:
    """A subject in the grid, ``short`` by its abbreviation. ``needed`` is the least mark if the others stay at their
    school exam, ``laude`` the same for cum laude."""

    code: str
    label: str
    short: str
    role: str
    cells: tuple[Cell, ...]
    final: str = ""
    needed: str = ""
    laude: str = ""
    counts: bool = True


@frozen
class ExamView:
    """What the exam screen prints. ``who`` is the candidate; ``heads`` are those of the grid, ``total`` the line
    beneath it; ``open``: whether something is to be filled in before there is a result."""

    title: str
    who: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    total: tuple[str, str] | None
    cursor: tuple[int, int]
    typing: bool
    headline: Parts
    prompt: Parts
    verdict: tuple[Line, ...]
    needs: tuple[Line, ...]
    open: bool = False
    passed: bool = False
    waiting: bool = False

    @property
    def result(self) -> str:
        """The headline as plain text."""
        return "".join(text for text, _role in self.headline)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The verdict and what is needed in one tree, what asks for attention first: what is wrong, what a list that
        fails does not meet, what is needed."""
        urgent = ("refused",) if self.open or self.passed else ("refused", "no")
        first = tuple(line for line in self.verdict if line.role in urgent or line.key == APART)
        rest = tuple(line for line in self.verdict if line not in first)
        return (*first, *rest, *self.needs) if self.passed else (*first, *self.needs, *rest)

    @property
    def status(self) -> str:
        """The prompt as plain text."""
        return "".join(text for text, _role in self.prompt)


def show(exam: Exam, wanted: Wanted | None = None, *, roomy: bool = False, beside: str = "") -> ExamView:
    """The screen for the marks on the desk. ``wanted`` may be of an earlier state of the same list; ``roomy``: whether
    there is room for the tests and articles behind what is met; ``beside``: what there is to say
    of the path beside the marks."""
    law, sheet = exam.law, exam.sheet
    title, who = _title(exam), _who(exam)
    if not sheet.entries:
        empty = ((_("No subjects on the list: a adds one, e chooses another exam"), "maybe"),)
        said = _prompt(exam, Checked())
        return ExamView(title, who, _heads(exam), (), None, exam.cursor, False, empty, said, (), ())
    found = checked(sheet, law, exam.clock)
    verdict = judge_sheet(sheet.batch(law, exam.clock), law, exam.clock, exam.work.offered)
    current = wanted if wanted is not None and wanted.fits(exam) else None
    alike = wanted if wanted is not None and _alike(wanted.sheet, sheet) else None
    return ExamView(
        title=title,
        who=who,
        heads=_heads(exam),
        rows=tuple(_rows(exam, verdict, found, current or alike)),
        total=None if verdict.combination is None else (_("Combination mark"), str(verdict.combination)),
        cursor=exam.cursor,
        typing=bool(exam.typed),
        headline=tuple(_headline(verdict, exam, current)),
        prompt=_prompt(exam, found),
        verdict=(
            *((Line(APART, beside, "assumed"),) if beside else ()),
            *verdict_lines(exam, verdict, found, roomy=roomy),
        ),
        needs=tuple(needs_lines(current or alike, verdict, exam)),
        open=open_count(verdict) > 0,
        passed=verdict.passed,
        waiting=current is None,
    )


# --- the grid -----------------------------------------------------------------------------------------------


def _title(exam: Exam) -> str:
    sheet = exam.sheet
    parts = [exam.law.level_text(sheet.level), _("exam {year}").format(year=sheet.exam)]
    if sheet.profile:
        parts.append(examsheet.profile_text(exam.law, sheet.level, sheet.profile))
    if sheet.route:
        parts.append(_(examsheet.ROUTES[sheet.route]))
    if exam.work.file:
        parts.append(exam.work.name + (" *" if exam.unsaved else ""))
    return " · ".join(parts)


def _who(exam: Exam) -> str:
    """Who the candidate is, and which of how many."""
    work = exam.work
    count = f"{work.index + 1}/{len(work.sheets)}" if len(work.sheets) > 1 else ""
    return " · ".join(filter(None, (exam.sheet.name, count)))


def _heads(exam: Exam) -> tuple[str, ...]:
    again = _("RV") if examsheet.retaken(exam.sheet, exam.law, exam.clock) == "rv" else _("resits")
    laude = _("laude") if has_laude(exam) else ""
    return (_("Subject"), _("counts as"), _("SE"), _("CE"), again, _("final"), _("needed"), laude)


def _rows(exam: Exam, verdict: SheetVerdict, found: Checked, wanted: Wanted | None) -> Iterator[Row]:
    staying = _staying(wanted.passing if wanted else None)
    laude = _staying(wanted.laude if wanted else None)
    outside = {*verdict.left_out, *verdict.ignored}
    for n, (entry, columns) in enumerate(zip(exam.sheet.entries, exam.cells, strict=True)):
        final = verdict.final.get(entry.code)
        counts = entry.code not in outside
        text = "" if final is None else str(final) if counts else f"({final})"
        cells = tuple(_cell(exam, found, n, slot) for slot in range(len(columns)))
        role = _(ROLES[entry.role][0]) if entry.role in ROLES else entry.role
        label, short = (_called(name, entry) for name in (examsheet.subject_text(exam.law, entry.code), entry.code))
        yield Row(entry.code, label, short, role, cells, text, staying.get(n, ""), laude.get(n, ""), counts)


def _called(name: str, entry: Entry) -> str:
    """A subject by a name, with the level and the exam it is closed at where those are others."""
    extra = [entry.at] if entry.at else []
    extra += [str(examsheet.exam_of(entry.sat))] if entry.sat else []
    return f"{name} ({', '.join(extra)})" if extra else name


def _cell(exam: Exam, found: Checked, row: int, slot: int) -> Cell:
    column, entry = exam.cells[row][slot], exam.sheet.entries[row]
    if not column:
        return Cell(NONE, "greyed", exists=False)
    if exam.cursor == (row, slot) and exam.typed:
        return Cell(exam.typed, "refused" if exam.wrong else "typed")
    text = entry.rating if column == RATING else mark(entry.number(column)) if entry.number(column) else ""
    if found.at(row, column) is not None:
        return Cell(f"!{text}", "refused")
    return Cell(text, "") if text else Cell(SPARE if slot == AGAIN else OPEN, "greyed")


def _staying(found: Needs | None) -> dict[int, str]:
    """By row what is needed if the others stay at their school exam."""
    if found is None or found.state is not State.POSSIBLE:
        return {}
    told: dict[int, str] = {}
    for need in found.open:
        if need.if_others_stay is not None:
            told[need.row] = _("any") if need.if_others_stay == LOWEST else f"≥ {mark(need.if_others_stay)}"
        elif need.stays:
            told[need.row] = "✗"
    return told


def _alike(sheet: Sheet, other: Sheet) -> bool:
    """Whether two sheets are the same list of the same candidate, be it with other marks."""
    return sheet.layout(bare=True) == other.layout(bare=True) and sheet.name == other.name


def _prompt(exam: Exam, found: Checked) -> Parts:
    """What is wrong, else what the last key says, else what can be typed here."""
    if exam.wrong:
        return (("✗ ", "no"), (exam.wrong, ""), (" · " + _("escape takes it back"), "article"))
    if exam.said:
        return (("· ", "taken"), (exam.said, ""))
    entry = exam.entry
    if entry is None or not exam.column:
        return ((_("a adds a subject"), ""),)
    here = f"{examsheet.subject_text(exam.law, entry.code)}, {examsheet.mark_label(exam.column)}: "
    wrong = found.at(exam.cursor[0], exam.column)
    if wrong is not None:
        return (("✗ ", "no"), (here, "head"), (wrong.message, ""))
    asks = _("a mark such as {mark}; enter goes down").format(mark=mark(EXAMPLE))
    return ((here, "head"), (_("O, V or G") if exam.column == RATING else asks, ""))


# --- the result ---------------------------------------------------------------------------------------------

_SIGNS = {"passed": ("✓", "yes"), "failed": ("✗", "no"), "incomplete": ("?", "maybe")}
_RESULTS = {"passed": N_("Passed"), "failed": N_("Failed"), "incomplete": N_("Not complete yet")}
_CHANCES = {
    State.REACHED: N_("passes whatever the open marks become"),
    State.POSSIBLE: N_("can still pass"),
    State.IMPOSSIBLE: N_("cannot pass any more by the open marks"),
    State.INCOMPLETE: N_("the list lacks something that the exam needs"),
}


def _headline(verdict: SheetVerdict, exam: Exam, wanted: Wanted | None) -> Iterator[tuple[str, str]]:
    law = exam.law
    sign, role = _SIGNS[verdict.result]
    yield f"{sign} {_(_RESULTS[verdict.result])}", f"{role}-head"
    if verdict.cum_laude:
        yield " ★ " + _("cum laude"), "laude"
    elif verdict.passed and has_laude(exam):
        yield " · " + _("not cum laude"), ""
    if verdict.result == "failed":
        yield f" · {listed(check_name(law, line) for line in _unmet(verdict.checks))}", ""
    if verdict.result == "incomplete":
        yield from ((f" · {text}", "") for text in _incomplete(verdict, wanted))
    for text in outside(verdict, law):
        yield f" · {text}", ""


def _incomplete(verdict: SheetVerdict, wanted: Wanted | None) -> Iterator[str]:
    count = open_count(verdict)
    if count:
        yield ngettext("{n} subject open", "{n} subjects open", count).format(n=count)
    if wanted is not None:
        yield _(_CHANCES[wanted.passing.state])


def _unmet(lines: Iterable[CheckLine]) -> tuple[CheckLine, ...]:
    return tuple(line for line in lines if line.ok is False)
