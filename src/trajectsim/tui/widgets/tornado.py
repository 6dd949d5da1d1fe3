"""A tornado: the parameters that move a figure most, a bar to one side or the other for each."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from trajectsim.tui.tornado import LEAST, Tornado, drawn_row
from trajectsim.tui.widgets.paint import painted
from trajectsim.words import _


class TornadoBars(Widget):
    """A line for what is moved, and one for each parameter."""

    def __init__(self) -> None:
        super().__init__()
        self._tornado: Tornado | None = None

    def draw(self, tornado: Tornado | None) -> None:
        """Show one."""
        if tornado != self._tornado:
            self._tornado = tornado
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 0 if self._tornado is None else 1 + max(1, len(self._tornado.rows))

    def render(self) -> Content:
        tornado, width = self._tornado, self.size.width
        if tornado is None:
            return Content("")
        parts = [painted([(f" {tornado.said}"[:width], "article")])]
        if not tornado.rows:
            parts.append(painted([(" " + _("No parameter moves it."), "hollow")]))
            return Content("\n").join(parts)
        longest = max(abs(row.move) for row in tornado.rows)
        told = max(len(row.text) for row in tornado.rows)
        least = 2 * LEAST + 1
        name = min(max(len(row.parameter) for row in tornado.rows), max(8, width - told - least - 6))
        for row in tornado.rows:
            called, bar, text = drawn_row(row, longest, name, width - name - told - 6, told)
            parts.append(painted([(f" {called} ", ""), (bar, "taken"), (f" {text}", "")]))
        return Content("\n").join(parts)
