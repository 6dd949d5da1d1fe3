"""The exam screen as plain text, for pipes and for readers that cannot see a screen. No Textual here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from trajectsim.tui.examdesk import Exam, Work
from trajectsim.tui.examlines import look_ahead
from trajectsim.tui.examsource import blank, of_walk
from trajectsim.tui.examview import ExamView, show
from trajectsim.tui.state import State
from trajectsim.tui.yearview import Line
from trajectsim.words import _


def lines(state: State) -> Iterator[str]:
    """What the screen shows: of the marks that are open, else of the exam of the path."""
    exam = state.exam
    if exam is None and state.played is not None and state.year is not None:
        exam = of_walk(state.played.walk, state.year, state.law)
    if exam is None:
        exam = Exam.of(state.law, Work((blank(state.law),)))
    for n, page in enumerate(pages(exam)):
        yield from ([""] if n else [])
        yield from page.splitlines()


def pages(exam: Exam) -> Iterator[str]:
    """What the screen shows of each candidate, one after the other."""
    for index in range(len(exam.work.sheets)):
        page = evolve(exam, work=evolve(exam.work, index=index, problems=()), cursor=(0, 0), said="")
        yield "\n".join(_page(show(page, look_ahead(page)))) + "\n"


def _page(view: ExamView) -> Iterator[str]:
    yield " · ".join(filter(None, (view.who, view.title)))
    yield view.result
    yield ""
    yield from _table(view)
    for title, lines in ((_("Verdict"), view.verdict), (_("Still needed"), view.needs)):
        yield ""
        yield title
        yield from _tree(lines, 1)


def _table(view: ExamView) -> Iterator[str]:
    """The marks: names at the left, the rest at the right of its column."""
    rows = [view.heads]
    for row in view.rows:
        cells = (cell.text for cell in row.cells)
        rows.append((row.label, row.role, *cells, row.final, row.needed, row.laude))
    if view.total is not None:
        label, mark = view.total
        blank = ("",) * (len(view.heads) - _NAMES - _AFTER)
        rows.append((label, "", *blank, mark, "", ""))
    widths = [max(len(row[n]) for row in rows) for n in range(len(view.heads))]
    for row in rows:
        pairs = list(zip(row, widths, strict=True))
        names = [text.ljust(width) for text, width in pairs[:_NAMES]]
        yield "  ".join(["", *names, *(text.rjust(width) for text, width in pairs[_NAMES:])]).rstrip()


_NAMES, _AFTER = 2, 3
"""Columns before and after those of the marks."""


def _tree(lines: Iterable[Line], depth: int) -> Iterator[str]:
    """Lines with what is under them, of those that start folded what stands behind them in its place."""
    for line in lines:
        sign = f"{line.sign} " if line.sign else ""
        unfolded = line.children and (line.shown or not line.aside)
        yield "  " * depth + sign + line.text + (f" · {line.aside}" if line.aside and not unfolded else "")
        if unfolded:
            yield from _tree(line.children, depth + 1)
