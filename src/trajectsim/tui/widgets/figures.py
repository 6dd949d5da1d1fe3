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
        return 1 if self._view is None else 1 + len(self._view.figures)

    def render(self) -> Content:
        view = self._view
        if view is None:
            return Content("")
        label, column = _widths(view, self.size.width)
        lines = [painted(_heads(view, label, column))]
        lines += [painted(_line(figure, label, column)) for figure in view.figures]
        return Content("\n").join(lines)


class Figures(VerticalScroll):
    """The table, scrolled where there is no room for it."""

    def __init__(self) -> None:
        super().__init__(id="figures")
        self.table = Table()

    def compose(self) -> ComposeResult:
        yield self.table


Parts = Iterator[tuple[str, str]]


def _widths(view: CompareView, width: int) -> tuple[int, int]:
    """Columns for the labels and for each walk: a label has what its walks leave it, and a third at the least."""
    told = [len(_SIGN) + len(text) + 1 for figure in view.figures for text in figure.cells]
    longest = max((len(figure.label) for figure in view.figures), default=0) + 2
    label = min(longest, max(width // 3, width - len(view.heads) * max(told, default=4)))
    return label, max(4, (width - label) // len(view.heads))


def _heads(view: CompareView, label: int, column: int) -> Parts:
    yield " " * label, ""
    for n, head in enumerate(view.heads):
        yield _cell("  " + head, column), "cursor" if n == view.chosen and n else "head"


def _line(figure: Figure, label: int, column: int) -> Parts:
    yield _cell(f" {figure.label}", label), "article"
    for text, differs in zip(figure.cells, figure.differs, strict=True):
        yield _cell((_SIGN if differs else " " * len(_SIGN)) + text, column), "act" if differs else ""


def _cell(text: str, width: int) -> str:
    """A text in a column, cut off where it does not fit, with a space behind it."""
    room = max(1, width - 1)
    return (text if len(text) <= room else f"{text[: room - 1]}…").ljust(width)
