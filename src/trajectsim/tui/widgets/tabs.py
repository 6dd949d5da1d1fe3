"""The line of screens at the top: which there are, which one this is, what cannot be shown now, what is not saved."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from trajectsim.tui.state import State
from trajectsim.tui.table import SCREENS, Entry
from trajectsim.tui.widgets.paint import STYLES
from trajectsim.words import _, ngettext

ROOMY = 100
"""Columns from which there is space between the screens."""


class Tabs(Widget):
    """One line; a click on a screen goes there."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self._here = here
        self._state: State | None = None
        self._drawn: Content | None = None

    def draw(self, state: State) -> None:
        """Show it for a state."""
        self._state = state
        line = self._line(state)
        old = self._drawn
        if old is None or (line.plain, line.spans) != (old.plain, old.spans):
            self._drawn = line
            self.refresh()

    def on_resize(self) -> None:
        if self._state is not None:
            self.draw(self._state)

    def render(self) -> Content:
        return self._drawn or Content("")

    def _line(self, state: State) -> Content:
        tabs = [self._tab(entry, state) for entry in sorted(SCREENS, key=lambda entry: entry.number)]
        between = Content(" " if self.size.width >= ROOMY else "")
        line = between.join([between, *tabs])
        right = Content.assemble(*((text, STYLES.get(role, "")) for text, role in self._right(state, len(line))))
        gap = self.size.width - len(line) - len(right)
        return line + Content(" " * max(0, gap)) + right

    def _tab(self, entry: Entry, state: State) -> Content:
        text = f" {entry.number} {entry.label} "
        if entry.id == self._here:
            return Content.assemble((f"[{text[1:-1]}]", STYLES["tab-here"]))
        role = "tab-idle" if state.lacks(entry) else "tab"
        return Content.assemble((text, f"{STYLES[role]} @click={entry.action}"))

    def _right(self, state: State, taken: int) -> list[tuple[str, str]]:
        """What is wrong, which file it is and whether it is saved, as far as there is room."""
        document = state.document
        if document is None:
            return []
        parts: list[tuple[str, str]] = []
        room = self.size.width - taken - 1
        if state.problems:
            wrong = ngettext("{n} problem", "{n} problems", len(state.problems)).format(n=len(state.problems))
            parts.append((f"✗ {wrong} ", "refused"))
        name = document.name or _("new scenario")
        parts.append((name, "article"))
        if document.unsaved:
            parts.append((" ●", "maybe"))
        parts.append((" ", ""))
        short = [part for part in parts if part[1] != "article"]
        for some in (parts, short):
            if sum(len(text) for text, _role in some) <= room:
                return some
        return []
