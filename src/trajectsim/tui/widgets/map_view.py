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
from trajectsim.report.linemap import LineMap, Row
from trajectsim.tui.widgets.notes import Notes
from trajectsim.tui.widgets.paint import painted

_MARGIN = 2
"""School years beside the selected one that stay in sight."""


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
        self._made: tuple[LineMap, int, LineMap] | None = None
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
        drawn = self.wide
        if drawn is None or self._year is None:
            return Content("")
        self._keep_in_view(drawn, drawn.column_of(self._year))
        return Content("\n").join(self._line(drawn, row) for row in drawn.rows)

    @property
    def wide(self) -> LineMap | None:
        """The map as wide as there is room for."""
        if self._map is None:
            return None
        wide = self._made
        if wide is None or wide[0] is not self._map or wide[1] != self.size.width:
            self._made = wide = (self._map, self.size.width, self._map.within(self.size.width))
        return wide[2]

    def on_click(self, event: events.Click) -> None:
        drawn = self.wide
        if drawn is None:
            return
        left = drawn.left
        year = drawn.year_at(event.x if event.x < left else event.x + self._shift)
        if year is not None:
            self.post_message(self.YearPicked(year))

    def _keep_in_view(self, drawn: LineMap, column: int) -> None:
        """Shift the years as little as shows the selected one and its neighbours, and by whole years."""
        cell, margin = drawn.cell, drawn.cell * _MARGIN
        room = max(cell, self.size.width - drawn.left)
        x = column - drawn.left
        last = max(0, drawn.width - drawn.left - room)
        if x - margin < self._shift:
            self._shift = x - margin
        if x + cell + margin > self._shift + room:
            self._shift = -(-(x + cell + margin - room) // cell) * cell
        self._shift = min(max(0, self._shift), -(-last // cell) * cell)

    def _line(self, drawn: LineMap, row: Row) -> Content:
        line = painted((segment.text, segment.role) for segment in row.segments)
        if row.kind == "title":  # it goes over the years, and is not shifted with them
            return line[: self.size.width]
        if self._year is not None:
            start = drawn.column_of(self._year)
            line = line.stylize("on $primary 22%", start, start + drawn.cell + 1)
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
