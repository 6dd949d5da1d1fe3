"""The grid of marks: a line for a subject, with the cells that it has. What the keys do is the screen's."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from trajectsim.tui.examview import Cell, ExamView, Row
from trajectsim.tui.widgets.paint import painted

CELL = 7
"""Columns of a cell, the space around its mark included."""

_ROLE, _FINAL, _NEEDED = 11, 6, 8
_NARROW = 60
"""Columns below which it is not said what a subject counts as."""
_CARET = "▏"


Press = Callable[[str, str | None], bool]


class Grid(Widget, can_focus=True):
    """Draws the rows of a view. ``press`` is told each key and says whether it was of use; a click picks a cell."""

    class CellPicked(Message):
        """A cell was clicked."""

        def __init__(self, row: int, slot: int) -> None:
            super().__init__()
            self.row, self.slot = row, slot

    def __init__(self, press: Press) -> None:
        super().__init__(id="grid")
        self._press = press
        self._view: ExamView | None = None

    def draw(self, view: ExamView) -> None:
        """Show the rows of a view."""
        before, self._view = self._view, view
        sizes = [(len(each.rows), each.total is None) for each in (before, view) if each is not None]
        taller = len(sizes) == 1 or sizes[0] != sizes[1]
        self.refresh(layout=taller)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._view.rows) + (self._view.total is not None)) if self._view else 1

    def render(self) -> Content:
        view = self._view
        if view is None:
            return Content("")
        lines = [_line(row, view, n, self.size.width) for n, row in enumerate(view.rows)]
        if view.total is not None:
            lines.append(_total(*view.total, self.size.width))
        return Content("\n").join(lines)

    def on_key(self, event: events.Key) -> None:
        # Here and not as bindings, which are run later: who types fast would overtake herself.
        if self._press(event.key, event.character):
            event.stop()
            event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        left = _left(self.size.width)
        slot = (event.x - left) // CELL
        if (
            self._view is not None
            and event.x >= left
            and event.y < len(self._view.rows)
            and slot < len(self._view.heads) - _WORDS
        ):
            self.post_message(self.CellPicked(event.y, slot))


_WORDS = 4
"""Heads that are not of a cell: subject, role, final mark, what is needed."""


class GridPanel(Vertical):
    """The grid under its heads."""

    def __init__(self, press: Press) -> None:
        super().__init__(id="sheet")
        self._view: ExamView | None = None
        self.heads = Static(id="heads")
        self.grid = Grid(press)

    def compose(self) -> ComposeResult:
        yield self.heads
        with VerticalScroll(id="rows", can_focus=False):
            yield self.grid

    def draw(self, view: ExamView) -> None:
        """Show a view, the row of the cursor within sight."""
        self._view = view
        self.grid.draw(view)
        self.border_title = Content(view.title)
        self.border_subtitle = Content(view.place)
        self.call_after_refresh(self._settle)

    def on_resize(self) -> None:
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """Once it is known how much room there is: the heads above their columns, the cursor within sight."""
        if self._view is None:
            return
        self.heads.update(painted([(_heads(self._view.heads, self.grid.size.width), "axis")]))
        rows = self.query_one("#rows", VerticalScroll)
        row, height = self._view.cursor[0], rows.size.height
        if row < rows.scroll_y:
            rows.scroll_to(y=row, animate=False)
        elif height and row >= rows.scroll_y + height:
            rows.scroll_to(y=row - height + 1, animate=False)


def _left(width: int) -> int:
    """Where the cells begin."""
    return max(8, width - 3 * CELL - _FINAL - _NEEDED)


def _name(label: str, role: str, width: int) -> str:
    """The columns left of the cells."""
    left = _left(width)
    told = role if width >= _NARROW else ""
    room = left - 1 - (_ROLE if told or width >= _NARROW else 0)
    text = label if len(label) < room else f"{label[: room - 2]}…"
    return f" {text}".ljust(room + 1) + told.ljust(left - room - 1)


def _heads(heads: tuple[str, ...], width: int) -> str:
    subject, role, *cells, final, needed = heads
    columns = "".join(f" {text:^{CELL - 2}.{CELL - 1}} " for text in cells)
    return f"{_name(subject, role, width)}{columns}{final:^{_FINAL}}{needed:^{_NEEDED}}"


def _line(row: Row, view: ExamView, number: int, width: int) -> Content:
    here = number == view.cursor[0]
    plain = "" if row.counts else "greyed"
    parts = [(_name(row.label, row.role, width), "head" if here else plain)]
    for slot, cell in enumerate(row.cells):
        at = here and slot == view.cursor[1] and cell.exists
        parts.append((_cell(cell, at, view.typing), _role(cell, at)))
    parts.append((f"{row.final:^{_FINAL}}", "head" if row.counts else "greyed"))
    parts.append((f"{row.needed:^{_NEEDED}}", "maybe"))
    return painted(parts)


def _total(label: str, final: str, width: int) -> Content:
    name = _name(label, "", width) + " " * 3 * CELL
    return painted([(name, "article"), (f"{final:^{_FINAL}}", "head")])


def _cell(cell: Cell, here: bool, typing: bool) -> str:
    if not here:
        return f" {cell.text:^{CELL - 2}} "
    text = cell.text + _CARET if typing else cell.text
    return f"[{text:^{CELL - 2}}]"


def _role(cell: Cell, here: bool) -> str:
    if not here:
        return cell.role
    return "cell-wrong" if cell.role == "refused" else "cell"
