"""The grid of marks: a line for a subject, with the cells that it has. What the keys do is the screen's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import frozen
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from trajectsim.tui.examview import Cell, ExamView, Row
from trajectsim.tui.widgets.paint import entitle, painted
from trajectsim.tui.widgets.told import Told

_CELL, _FINAL, _NEEDED = 7, 6, 7
"""Columns of a cell, the space around its mark included, of the final mark and of what is needed, at the least."""

_LEAST, _NAME = 10, 16
"""Columns that the names of the subjects get before it is told what is needed and what a subject counts as; before it
is told what cum laude needs they are whole."""

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
        self.refresh(layout=before is None or _height(before) != _height(view))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, _height(self._view)) if self._view else 1

    def render(self) -> Content:
        view = self._view
        if view is None:
            return Content("")
        columns = Columns.of(view, self.size.width)
        lines = [painted(_line(columns, view, n, self.has_focus)) for n in range(len(view.rows))]
        if view.total is not None:
            lines.append(painted(_total(columns, *view.total)))
        return Content("\n").join(lines)

    def on_key(self, event: events.Key) -> None:
        # Here and not as bindings, which are run later: who types fast would overtake herself.
        if self._press(event.key, event.character):
            event.stop()
            event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        if self._view is not None:
            slot = Columns.of(self._view, self.size.width).slot_at(event.x)
            if slot is not None and event.y < len(self._view.rows):
                self.post_message(self.CellPicked(event.y, slot))


class GridPanel(Vertical):
    """The grid under its heads."""

    def __init__(self, press: Press) -> None:
        super().__init__(id="sheet")
        self._view: ExamView | None = None
        self.heads = Told("heads", line=True)
        self.grid = Grid(press)

    def compose(self) -> ComposeResult:
        yield self.heads
        with VerticalScroll(id="rows", can_focus=False):
            yield self.grid

    def draw(self, view: ExamView) -> None:
        """Show a view, the row of the cursor within sight."""
        self._view = view
        self.grid.draw(view)
        entitle(self, view.title)
        self.call_after_refresh(self._settle)

    def on_resize(self) -> None:
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """Once it is known how much room there is: the heads above their columns, the cursor within sight."""
        if self._view is None:
            return
        self.heads.tell(_heads(Columns.of(self._view, self.grid.size.width), self._view))
        rows = self.query_one("#rows", VerticalScroll)
        row, height = self._view.cursor[0], rows.size.height
        last = self._view.total is not None and row == len(self._view.rows) - 1
        if row < rows.scroll_y:
            rows.scroll_to(y=row, animate=False)
        elif height and row + last >= rows.scroll_y + height:
            rows.scroll_to(y=row + last - height + 1, animate=False)


def _height(view: ExamView) -> int:
    return len(view.rows) + (view.total is not None)


@frozen
class Columns:
    """How wide each column is, 0 where there is no room for it: what cum laude needs goes first, then what a subject
    counts as, then what is needed to pass."""

    name: int
    role: int
    cells: tuple[int, ...]
    final: int
    needed: int
    laude: int

    @classmethod
    def of(cls, view: ExamView, width: int) -> Columns:
        _name, role, *heads, final, needed, laude = view.heads
        cells = tuple(max(_CELL, len(head) + 2) for head in heads)
        told = max((len(row.role) for row in view.rows), default=0)
        whole = 2 + max((len(row.label) for row in view.rows), default=0)
        asked = {
            "needed": max(_NEEDED, len(needed) + 2),
            "role": max(told, len(role)) + 2,
            "laude": max(_NEEDED, len(laude) + 2) if laude else 0,
        }
        last = max(_FINAL, len(final) + 2)
        room = width - sum(cells) - last
        given = dict.fromkeys(asked, 0)
        for part, least in (("needed", _LEAST), ("role", _NAME), ("laude", whole)):
            if room - asked[part] < least:
                break
            given[part], room = asked[part], room - asked[part]
        return cls(max(1, room), given["role"], cells, last, given["needed"], given["laude"])

    def slot_at(self, x: int) -> int | None:
        """The cell in a column of the screen."""
        left = self.name + self.role
        for slot, width in enumerate(self.cells):
            if left <= x < left + width:
                return slot
            left += width
        return None


Parts = Iterator[tuple[str, str]]


def _left(text: str, width: int) -> str:
    """A text in a column, cut off where it does not fit, with a space around it."""
    room = max(0, width - 1)
    return f"{text if len(text) <= room else text[: room - 1] + '…'} ".ljust(width)[:width]


def _right(text: str, width: int) -> str:
    return f"{text} ".rjust(width)[:width]


def _heads(columns: Columns, view: ExamView) -> Parts:
    name, role, *cells, final, needed, laude = view.heads
    yield _left(f" {name}", columns.name) + _left(role, columns.role), "axis"
    last = ((final, columns.final), (needed, columns.needed), (laude, columns.laude))
    for text, width in (*zip(cells, columns.cells, strict=True), *last):
        yield _right(text, width), "axis"


def _line(columns: Columns, view: ExamView, number: int, focused: bool) -> Parts:
    row: Row = view.rows[number]
    here = number == view.cursor[0]
    plain = "head" if here else "" if row.counts else "greyed"
    name = row.label if len(row.label) + 2 <= columns.name else row.short  # what does not fit is known by that too
    yield _left(f" {name}", columns.name), plain
    yield _left(row.role, columns.role), "article" if row.counts else "greyed"
    for slot, (cell, width) in enumerate(zip(row.cells, columns.cells, strict=True)):
        yield from _cell(cell, width, view.typing, focused, here and slot == view.cursor[1] and cell.exists)
    final = row.final if row.final.endswith(")") or not row.final else f"{row.final} "
    yield final.rjust(columns.final), "head" if row.counts else "greyed"
    yield _right(row.needed, columns.needed), "maybe"
    yield _right(row.laude, columns.laude), "laude"


def _cell(cell: Cell, width: int, typing: bool, focused: bool, here: bool) -> Parts:
    """A mark at the right of its column; the one at the cursor between brackets."""
    if not here:
        yield _right(cell.text, width), cell.role
        return
    room = width - 3
    text = f"{cell.text}{_CARET}" if typing else cell.text
    wrong = cell.role == "refused"
    yield " ", ""
    yield f"[{text[-room:]:>{room}}]", ("cell-wrong" if wrong else "cell") if focused else "cell-away"


def _total(columns: Columns, label: str, final: str) -> Parts:
    yield _left(f" {label}", columns.name + columns.role + sum(columns.cells)), "article"
    yield f"{final} ".rjust(columns.final), "head"
    yield " " * (columns.needed + columns.laude), ""
