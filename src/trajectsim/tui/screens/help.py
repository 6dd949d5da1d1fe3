"""The help: what can be done here, and why something is greyed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from trajectsim.tui.help import help_text
from trajectsim.tui.viewmodel import PathView
from trajectsim.tui.widgets.notes import Notes
from trajectsim.words import _


class HelpScreen(ModalScreen[None]):
    """Shown over the path screen; any of escape, ?, q and enter closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss", show=False)]

    def __init__(self, view: PathView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as box:
            box.border_title = _("What can be done here")
            box.border_subtitle = _("escape closes")
            for title, entries in help_text(self._view):
                yield Static(Content(title), classes="title")
                yield Notes(entries, column=8)
