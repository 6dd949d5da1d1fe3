"""The help: what can be done here, and why something is greyed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from trajectsim.tui.help import Chapter
from trajectsim.tui.screens.asking import Asking
from trajectsim.tui.widgets.notes import Notes
from trajectsim.words import _


class HelpScreen(Asking[None]):
    """Shown over a screen; any of escape, ?, q and enter closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss", show=False)]

    def __init__(self, chapters: Iterable[Chapter]) -> None:
        super().__init__()
        self._chapters = tuple(chapters)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as box:
            box.border_title = _("What can be done here")
            box.border_subtitle = _("escape closes")
            for title, entries in self._chapters:
                yield Static(Content(title), classes="title")
                yield Notes(entries, column=8)
