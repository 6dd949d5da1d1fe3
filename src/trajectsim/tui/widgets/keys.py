"""The keys at the foot of the screen, in the language that is spoken, as many as fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.content import Content
from textual.widget import Widget

from trajectsim.tui.keys import Key

_GAP = 2


class Keys(Widget):
    """One line of keys; what weighs least is left out first, and a click does what the key does."""

    def __init__(self, table: Sequence[Key]) -> None:
        super().__init__()
        self._table = tuple(table)
        self._idle: Collection[str] = ()
        self._drawn: Content | None = None

    def draw(self, idle: Collection[str] = (), table: Sequence[Key] | None = None) -> None:
        """Show the keys, or those of another table, without those of actions that can do nothing now."""
        self._idle = frozenset(idle)
        self._table = self._table if table is None else tuple(table)
        line = self._line()
        if self._drawn is None or (line.plain, line.spans) != (self._drawn.plain, self._drawn.spans):
            self._drawn = line
            self.refresh()

    def on_resize(self) -> None:
        self.draw(self._idle)

    def render(self) -> Content:
        return self._drawn or Content("")

    def _line(self) -> Content:
        room = self.size.width - 2
        shown = [key for key in self._table if key.text and key.action not in self._idle]
        while len(shown) > 1 and sum(len(key.sign) + 1 + len(key.text) + _GAP for key in shown) - _GAP > room:
            shown.remove(max(shown, key=lambda key: key.rank))
        parts = [Content.assemble((key.sign, _linked(key.action)), " ", key.text) for key in shown]
        return Content(" ") + Content(" " * _GAP).join(parts)


def _linked(action: str) -> str:
    return f"bold $primary @click={action}" if action else "bold $primary"
