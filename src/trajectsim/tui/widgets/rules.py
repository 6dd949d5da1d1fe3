"""The list of rules. What is chosen in it is the screen's."""

from __future__ import annotations

from collections.abc import Iterator

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trajectsim.tui.lawview import Entry, LawView
from trajectsim.tui.widgets.paint import painted


class Rules(OptionList):
    """Rules with a sign for how they stand in the year. The ids of its options are those of the rules."""

    def __init__(self) -> None:
        super().__init__(id="rules")
        self._view: LawView | None = None
        self._drawn: tuple[object, ...] = ()

    def draw(self, view: LawView) -> None:
        """Show the rules of a view, the one that is read highlighted."""
        self._view = view
        width = self.scrollable_content_region.width
        if not width:  # not laid out yet: on_resize draws it
            return
        drawn = (width, view.entries)
        with self.prevent(OptionList.OptionHighlighted):
            if drawn != self._drawn:
                self._drawn = drawn
                self.clear_options()
                self.add_options(option for entry in view.entries for option in _options(entry, width))
            self.highlighted = self.get_option_index(view.rule) if view.rule else None

    def on_resize(self) -> None:
        if self._view is not None:
            self.draw(self._view)


def _options(entry: Entry, width: int) -> Iterator[Option]:
    """A rule in a line, its sort above it where a new one begins."""
    room = width - 4
    label = entry.label if len(entry.label) <= room else entry.label[: room - 1] + "…"
    if entry.head:
        yield Option(painted([(entry.head, "label")]), disabled=True)
    text = painted([(f" {entry.sign} ", entry.role), (label, "greyed" if entry.role == "greyed" else "")])
    yield Option(text, id=entry.id)
