"""A table of figures: a column for each walk, what differs from the first marked."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from trajectsim.tui.compareview import CompareView, Figure
from trajectsim.tui.widgets.paint import painted

_SIGN = "≠ "
_BROAD = 30
"""Columns of a walk beyond which its figures would stand too far from those of the next."""


class Table(Widget):
    """The lines of the table."""

    def __init__(self) -> None:
        super().__init__()
        self._view: CompareView | None = None

    def draw(self, view: CompareView) -> None:
        """Show the figures of a view."""
        old, self._view = self._view, view
        if old is None or (old.heads, old.figures, old.chosen) != (view.heads, view.figures, view.chosen):
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        view = self._view
        return 1 if view is None else 1 + len(view.figures) * (2 if _widths(view, width)[2] else 1)

    def render(self) -> Content:
        view = self._view
        if view is None:
            return Content("")
        label, column, stacked = _widths(view, self.size.width)
        lines = [painted(_heads(view, label, column))]
        for figure in view.figures:
            named = [(_cell(f" {figure.label}", self.size.width if stacked else label), "article")]
            cells = list(_line(figure, column))
            lines += [painted(named), painted(cells)] if stacked else [painted([*named, *cells])]
        return Content("\n").join(lines)


class Figures(VerticalScroll):
    """The table, scrolled where there is no room for it."""

    def __init__(self) -> None:
        super().__init__(id="figures")
        self.table = Table()

    def compose(self) -> ComposeResult:
        yield self.table


Parts = Iterator[tuple[str, str]]


def _widths(view: CompareView, width: int) -> tuple[int, int, bool]:
    """Columns for the labels and for each walk, and whether a label stands above its figures, because there is no room
    for both: a label has what its walks leave it, and a third at the least; figures are not cut off for it."""
    n = len(view.heads)
    told = max((len(_SIGN) + len(text) + 1 for figure in view.figures for text in figure.cells), default=4)
    named = max(told, *(len(_SIGN) + len(head) + 1 for head in view.heads))
    longest = max((len(figure.label) for figure in view.figures), default=0) + 2
    label = min(longest, max(width // 3, width - n * named))
    if (width - label) // n < told:
        return 0, max(4, width // n), True
    return label, min(max(4, (width - label) // n), max(named, _BROAD)), False


def _heads(view: CompareView, label: int, column: int) -> Parts:
    yield " " * label, ""
    for n, head in enumerate(view.heads):
        yield _cell("  " + head, column), "cursor" if n == view.chosen and n else "head"


def _line(figure: Figure, column: int) -> Parts:
    for text, differs in zip(figure.cells, figure.differs, strict=True):
        yield _cell((_SIGN if differs else " " * len(_SIGN)) + text, column), "act" if differs else ""


def _cell(text: str, width: int) -> str:
    """A text in a column, cut off where it does not fit, with a space behind it."""
    room = max(1, width - 1)
    return (text if len(text) <= room else f"{text[: room - 1]}…").ljust(width)
