"""What a file of the library shows at a glance: notes, its map, what is wrong with it, and where there is room how its
text begins."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from trajectsim.tui.library import Glance
from trajectsim.tui.widgets.map_view import MapView
from trajectsim.tui.widgets.notes import Notes
from trajectsim.tui.widgets.paint import entitle
from trajectsim.words import _


class GlancePanel(VerticalScroll, can_focus=False):
    """Draws a glance."""

    def __init__(self) -> None:
        super().__init__(id="glance")

    def compose(self) -> ComposeResult:
        yield Notes(name="seen")
        yield MapView("picture")
        yield Notes(name="wrong")
        yield Static(id="begins", markup=False)

    def draw(self, seen: Glance) -> None:
        """Show one; what has no map has no room for it."""
        entitle(self, seen.title)
        self.query_one("#seen", Notes).write(seen.notes)
        picture = self.query_one("#picture", MapView)
        picture.display = seen.map is not None
        if seen.map is not None:
            picture.draw(seen.map, seen.map.years[0])
        self.query_one("#wrong", Notes).write(seen.beneath)
        begins = self.query_one("#begins", Static)
        begins.set_class(not seen.begins, "-away")
        entitle(begins, _("The text"))
        begins.update(seen.begins)
