"""A screen over another that asks something."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Asking(ModalScreen[ScreenResultType]):
    """It is answered once: a key that comes before it is gone is no second answer, which would take away what lies
    beneath."""

    _is_answered = False

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        if self._is_answered:
            return AwaitComplete.nothing()
        self._is_answered = True
        return super().dismiss(result)
