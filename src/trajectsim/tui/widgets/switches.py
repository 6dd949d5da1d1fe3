"""The measures as switches, grouped by sector."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from trajectsim.tui.viewmodel import MeasureRow, PathView
from trajectsim.tui.widgets.rows import Row, Rows, row

_INDENT = 4


class Switches(Rows):
    """A list of measures; choosing one (enter, a click) flips it. The keys of its rows are the ids of the measures."""

    def __init__(self) -> None:
        super().__init__("switches")
        self._view: PathView | None = None

    def draw(self, view: PathView) -> None:
        """Show the measures of a view, its cursor highlighted."""
        before, self._view = self._view, view
        if not self.scrollable_content_region.width:  # not laid out yet: on_resize draws it
            return
        if before is not None and before.sectors is view.sectors and self.rows:
            self.highlight(view.row.id)
        else:
            self.put(tuple(self._made(view)), view.row.id)

    def on_resize(self) -> None:
        if self._view is not None and self.scrollable_content_region.width:
            self.put(tuple(self._made(self._view)), self._view.row.id)

    def _made(self, view: PathView) -> Iterator[Row]:
        for n, sector in enumerate(view.sectors):
            yield row(f"sector-{sector.id}", [("\n" if n else "", ""), (sector.label, "head")], enabled=False)
            yield from (row(each.id, self._parts(each)) for each in sector.rows)

    def _parts(self, measure: MeasureRow) -> Iterator[tuple[str, str]]:
        yield f"{measure.box} ", measure.role
        yield self._wrapped(measure.label), "greyed" if measure.role == "greyed" else ""
        if measure.at_work:
            yield " ◂", "work"
        for extra, role in ((measure.reason, measure.role), (measure.period, "article")):
            if extra:
                yield f"\n{' ' * _INDENT}{self._wrapped(extra)}", role

    def _wrapped(self, text: str) -> str:
        room = max(12, self.scrollable_content_region.width - _INDENT - 3)
        return f"\n{' ' * _INDENT}".join(wrap(text, room))
