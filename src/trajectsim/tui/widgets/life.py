"""The years of a life as a list. What choosing one does is the screen's."""

from __future__ import annotations

from trajectsim.tui.optionsview import LifeRow, OptionsView
from trajectsim.tui.widgets.rows import Row, Rows, row


class Life(Rows):
    """A line a school year, which is its key."""

    def __init__(self) -> None:
        super().__init__("life")
        self._view: OptionsView | None = None

    def draw(self, view: OptionsView) -> None:
        """Show the life of a view, its year highlighted."""
        self._view = view
        width = self.scrollable_content_region.width
        if width:  # else it is not laid out yet: on_resize draws it
            self.put([_row(each, width) for each in view.life], str(view.life[view.cursor].year))

    def on_resize(self) -> None:
        super().on_resize()
        if self._view is not None:
            self.draw(self._view)


def _row(life: LifeRow, width: int) -> Row:
    """The year, the place, the step that follows as far as there is room, and the signs at the end."""
    signs = [(f" {sign}", role) for sign, role in life.signs]
    year = str(life.year) if width >= _BROAD else life.year.short
    room = width - len(f"{year} ") - 2 * len(signs) - 1
    place = _cut(life.place, room)
    step = f" {'●' if life.chosen else '→'} {life.step}"
    step = _cut(step, room - len(place)) if room - len(place) >= _LEAST else ""
    parts = [(f"{year} ", "axis"), (place, ""), (step, "taken" if life.chosen else "article")]
    return row(str(life.year), [*parts, (" " * (room - len(place) - len(step)), ""), *signs])


_BROAD = 40
"""Columns from which a school year is written in full."""
_LEAST = 8
"""Columns in which a step can still be told."""


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"
