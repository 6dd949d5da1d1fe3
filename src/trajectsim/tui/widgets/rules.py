"""The list of rules. What is chosen in it is the screen's."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.tui.lawview import Entry, LawView
from trajectsim.tui.widgets.rows import Row, Rows, row


class Rules(Rows):
    """Rules with a sign for how they stand in the year. The keys of its rows are the ids of the rules."""

    def __init__(self) -> None:
        super().__init__("rules")
        self._view: LawView | None = None

    def draw(self, view: LawView) -> None:
        """Show the rules of a view, the one that is read highlighted."""
        self._view = view
        width = self.scrollable_content_region.width
        if width:  # else it is not laid out yet: on_resize draws it
            self.put([each for entry in view.entries for each in _rows(entry, width)], view.rule)

    def on_resize(self) -> None:
        super().on_resize()
        if self._view is not None:
            self.draw(self._view)


def _rows(entry: Entry, width: int) -> Iterator[Row]:
    """A rule in a line, its sort above it where a new one begins."""
    room = width - 5
    label = entry.label if len(entry.label) <= room else entry.label[: room - 1] + "…"
    if entry.head:
        yield row(f"sort/{entry.head}", [(entry.head, "label")], enabled=False)
    yield row(entry.id, [(f" {entry.sign} ", entry.role), (label, "greyed" if entry.role == "greyed" else "")])
