"""A text with roles, painted; the same text again costs nothing."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widgets import Static

from trajectsim.tui.widgets.paint import painted


class Told(Static):
    """Some texts with their roles. ``name`` is its id for styles; one that is a ``line`` by those stays as high."""

    def __init__(self, name: str, *, line: bool = False) -> None:
        super().__init__(id=name, markup=False)
        self._line = line
        self._told: tuple[tuple[str, str], ...] = ()

    def tell(self, parts: Iterable[tuple[str, str]]) -> None:
        """Show these parts."""
        told = tuple(parts)
        if told != self._told:
            self._told = told
            self.update(painted(told), layout=not self._line)
