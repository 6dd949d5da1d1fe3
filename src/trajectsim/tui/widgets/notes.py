"""Signs in a column with what they mean beside them, wrapped under each other."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from trajectsim.tui.widgets.paint import painted


class Notes(Widget):
    """Entries of a sign and a text; ``column`` is the width of the signs, ``name`` its id for styles."""

    def __init__(self, entries: Iterable[tuple[str, str]] = (), column: int = 2, name: str | None = None) -> None:
        super().__init__(id=name)
        self._entries = tuple(entries)
        self._column = column

    def write(self, entries: Iterable[tuple[str, str]]) -> None:
        """Show these entries. The same ones again cost nothing."""
        written = tuple(entries)
        if written != self._entries:
            before, self._entries = self._height(self.size.width), written
            self.refresh(layout=self._height(self.size.width) != before)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._height(width)

    def _height(self, width: int) -> int:
        return max(1, sum(len(self._wrapped(text, width)) for _sign, text in self._entries))

    def render(self) -> Content:
        parts: list[tuple[str, str]] = []
        rest = "\n" + " " * self._column
        for sign, text in self._entries:
            parts.append((("\n" if parts else "") + sign.ljust(self._column), "taken"))
            parts.append((rest.join(self._wrapped(text, self.size.width)), ""))
        return painted(parts)

    def _wrapped(self, text: str, width: int) -> list[str]:
        return wrap(text, max(12, width - self._column)) or [""]
