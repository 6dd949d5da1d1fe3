"""The line map on the screen: labels stay, the years scroll sideways so that the selected one is in view."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from trajectsim.calendar import SchoolYear
from trajectsim.report.linemap import CELL, LineMap, Row
from trajectsim.tui.widgets.notes import Notes
from trajectsim.tui.widgets.paint import painted

_MARGIN = CELL * 2


class MapView(Widget, can_focus=True):
    """Draws a line map. A click on a column picks its school year."""

    class YearPicked(Message):
        """A school year was clicked."""

        def __init__(self, year: SchoolYear) -> None:
            super().__init__()
            self.year = year

    def __init__(self, name: str | None = None) -> None:
        super().__init__(id=name)
        self._map: LineMap | None = None
        self._year: SchoolYear | None = None
        self._shift = 0

    def draw(self, drawn: LineMap, year: SchoolYear) -> None:
        """Show a map, and this year of it."""
        taller = self._map is None or len(self._map.rows) != len(drawn.rows)
        self._map, self._year = drawn, year
        self.refresh(layout=taller)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._map.rows) if self._map else 1

    def render(self) -> Content:
        if self._map is None or self._year is None:
            return Content("")
        self._keep_in_view(self._map, self._map.column_of(self._year))
        return Content("\n").join(self._line(self._map, row) for row in self._map.rows)

    def on_click(self, event: events.Click) -> None:
        if self._map is None:
            return
        left = self._map.left
        year = self._map.year_at(event.x if event.x < left else event.x + self._shift)
        if year is not None:
            self.post_message(self.YearPicked(year))

    def _keep_in_view(self, drawn: LineMap, column: int) -> None:
        """Shift the years as little as shows the selected one and its neighbours, and by whole years."""
        room = max(CELL, self.size.width - drawn.left)
        x = column - drawn.left
        last = max(0, drawn.width - drawn.left - room)
        if x - _MARGIN < self._shift:
            self._shift = x - _MARGIN
        if x + CELL + _MARGIN > self._shift + room:
            self._shift = -(-(x + CELL + _MARGIN - room) // CELL) * CELL
        self._shift = min(max(0, self._shift), -(-last // CELL) * CELL)

    def _line(self, drawn: LineMap, row: Row) -> Content:
        line = painted((segment.text, segment.role) for segment in row.segments)
        if row.kind == "title":  # it goes over the years, and is not shifted with them
            return line[: self.size.width]
        if self._year is not None:
            start = drawn.column_of(self._year)
            line = line.stylize("on $primary 22%", start, start + CELL + 1)
        label, rest = line[: drawn.left], line[drawn.left :]
        room = self.size.width - drawn.left
        shown = rest[self._shift : self._shift + room]
        if row.kind in ("ages", "years"):
            if self._shift:
                label = label[:-1] + painted([("‹", "cursor")])
            if self._shift + room < len(rest):
                shown = shown[:-1] + painted([("›", "cursor")])
        return label + shown


class MapPanel(VerticalScroll, can_focus=False):
    """The map and, beneath it, what it says in words."""

    def __init__(self) -> None:
        super().__init__(id="map")
        self.view = MapView()
        self.summary = Notes(name="summary")

    def compose(self) -> ComposeResult:
        yield self.view
        yield self.summary

    def draw(self, drawn: LineMap, year: SchoolYear) -> None:
        self.view.draw(drawn, year)
        sign, text = drawn.summary.strip().split(" ", 1)
        self.summary.write([(sign, text)])
