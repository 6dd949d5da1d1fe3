"""A list of rows of which one is highlighted. A row is one or more lines that are wrapped already; only lines that have
changed are drawn again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import ClassVar

from attrs import frozen
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from trajectsim.tui.widgets.paint import painted

Parts = tuple[tuple[str, str], ...]
"""Texts with their roles: one line."""

_AIR = 2
"""Lines around the highlighted row that are kept in sight."""
_KEPT = 1 << 11
"""How many drawn lines are kept."""


@frozen
class Row:
    """A row by its key; one that is not ``enabled`` is passed over."""

    key: str
    lines: tuple[Parts, ...]
    enabled: bool = True

    @property
    def text(self) -> str:
        return "\n".join("".join(text for text, _role in line) for line in self.lines)


def row(key: str, parts: Iterable[tuple[str, str]], *, enabled: bool = True) -> Row:
    """A row of texts in which a new line begins a new line."""
    lines: list[list[tuple[str, str]]] = [[]]
    for text, role in parts:
        first, *rest = text.split("\n")
        lines[-1].append((first, role))
        lines.extend([(more, role)] for more in rest)
    return Row(key, tuple(tuple(part for part in line if part[0]) for line in lines), enabled)


def hanging(key: str, sign: str, role: str, text: str, width: int) -> Row:
    """A row of a sign with a text that is wrapped beside it."""
    lines = wrap(text, max(16, width - len(sign) - 2)) or [""]
    return row(key, [(f"{sign} ", role), (f"\n{' ' * (len(sign) + 1)}".join(lines), "")])


class Rows(ScrollView, can_focus=True):
    """Arrows move the highlight, enter and a click choose."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--row", "rows--highlighted", "rows--hover"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("home", "move(-100000)", show=False),
        Binding("end", "move(100000)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Highlighted(Message):
        """Another row is highlighted, by somebody and not by ``put``."""

        def __init__(self, rows: Rows, key: str) -> None:
            super().__init__()
            self.rows, self.key = rows, key

        @property
        def control(self) -> Rows:
            return self.rows

    class Chosen(Highlighted):
        """A row is chosen."""

    class Resized(Message):
        """There is other room for the text of rows than there was."""

        def __init__(self, rows: Rows) -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> Rows:
            return self.rows

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self._rows: tuple[Row, ...] = ()
        self._lines: list[tuple[int, Parts]] = []
        self._starts: list[int] = []
        self._at: int | None = None
        self._hover: int | None = None
        self._strips: dict[tuple[Parts, str, int], Strip] = {}

    # --- what it shows

    @property
    def room(self) -> int:
        """Columns for the text of a row."""
        return self.scrollable_content_region.width - 1

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    @property
    def highlighted(self) -> str | None:
        """The key of the highlighted row."""
        return None if self._at is None else self._rows[self._at].key

    def put(self, rows: Sequence[Row], highlighted: str | None = None) -> None:
        """Show these rows, one of them highlighted; without one that is there, the first that can be."""
        old, was = self._lines, self._at
        self._rows = tuple(rows)
        self._lines = [(n, line) for n, each in enumerate(self._rows) for line in each.lines]
        self._starts, start = [], 0
        for each in self._rows:
            self._starts.append(start)
            start += len(each.lines)
        able = [n for n, each in enumerate(self._rows) if each.enabled]
        at = next((n for n in able if self._rows[n].key == highlighted), able[0] if able else None)
        self._at, self._hover = at, None
        self._redraw(old, was)
        if (at, start) != (was, len(old)):
            self._into_view()

    def highlight(self, key: str) -> None:
        """Highlight a row, without telling anybody."""
        for n, each in enumerate(self._rows):
            if each.key == key and n != self._at:
                self._go(n, tell=False)

    def _redraw(self, old: list[tuple[int, Parts]], was: int | None) -> None:
        size = Size(self.scrollable_content_region.width, len(self._lines))
        if size != self.virtual_size:
            if (size.height > self.size.height) == self.show_vertical_scrollbar:
                # Nothing has to be laid out anew for it.
                self.set_reactive(Rows.virtual_size, size)  # pyright: ignore[reportArgumentType]
            else:
                self.virtual_size = size
            self._scroll_update(size)
            self.scroll_y = min(self.scroll_y, self.max_scroll_y)
        top, height = self.scroll_offset.y, self.size.height
        for y in range(top, top + height):
            before = old[y] if y < len(old) else None
            now = self._lines[y] if y < len(self._lines) else None
            lit = (before is not None and before[0] == was, now is not None and now[0] == self._at)
            texts = (before and before[1], now and now[1])
            if texts[0] != texts[1] or lit[0] != lit[1]:
                self.refresh_line(y)

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))
        self._into_view()
        self.post_message(self.Resized(self))

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        y += self.scroll_offset.y
        index, parts = self._lines[y] if y < len(self._lines) else (-1, ())
        kind = "highlighted" if index == self._at and index >= 0 else "hover" if index == self._hover else "row"
        key = (parts, kind, width)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) > _KEPT:
                self._strips.clear()
            style = self.get_visual_style(f"rows--{kind}")
            # One column at the left is air.
            (strip,) = Visual.to_strips(self, painted([(" ", ""), *parts]), width, 1, style)
            strip = self._strips[key] = strip.adjust_cell_length(width, style.rich_style)
        return strip

    # --- moving

    def action_move(self, by: int) -> None:
        able = [n for n, each in enumerate(self._rows) if each.enabled]
        if not able:
            return
        place = able.index(self._at) if self._at in able else 0
        self._go(able[min(max(0, place + by), len(able) - 1)])

    def action_page(self, by: int) -> None:
        """As many rows as there are lines in sight."""
        if self._at is None:
            return
        line = self._starts[self._at] + by * max(1, self.size.height - 1)
        able = [n for n, each in enumerate(self._rows) if each.enabled]
        self._go(min(able, key=lambda n: abs(self._starts[n] - line)))

    def action_choose(self) -> None:
        if self.highlighted is not None:
            self.post_message(self.Chosen(self, self.highlighted))

    def _go(self, index: int, *, tell: bool = True) -> None:
        was, self._at = self._at, index
        for n in {was, index} - {None} if was != index else ():
            self._refresh_row(n)
        self._into_view()
        if tell and was != index:
            self.post_message(self.Highlighted(self, self._rows[index].key))

    def _refresh_row(self, index: int | None) -> None:
        if index is not None and index < len(self._rows):
            self.refresh_lines(self._starts[index], len(self._rows[index].lines))

    def _into_view(self) -> None:
        if self._at is None or not self.is_mounted:
            return
        # What stands over the first row that can be chosen is shown with it.
        first = not any(each.enabled for each in self._rows[: self._at])
        top = 0 if first else self._starts[self._at]
        bottom = self._starts[self._at] + len(self._rows[self._at].lines)
        # A line or two around it stay in sight, where there is room for them.
        air = max(0, min(_AIR, (self.scrollable_content_region.height - (bottom - top)) // 2))
        top, bottom = max(0, top - air), min(len(self._lines), bottom + air)
        region = Region(0, top, self.scrollable_content_region.width, bottom - top)
        self.scroll_to_region(region, force=True, animate=False)

    # --- the mouse

    def _index_at(self, y: int) -> int | None:
        line = y + self.scroll_offset.y
        index = self._lines[line][0] if 0 <= line < len(self._lines) else None
        return index if index is not None and self._rows[index].enabled else None

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        index = None if offset is None else self._index_at(offset.y)
        if index is not None:
            self._go(index)
            self.action_choose()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        offset = event.get_content_offset(self)
        self._hovered(None if offset is None else self._index_at(offset.y))

    def on_leave(self) -> None:
        self._hovered(None)

    def _hovered(self, index: int | None) -> None:
        was, self._hover = self._hover, index
        if was != index:
            self._refresh_row(was)
            self._refresh_row(index)
