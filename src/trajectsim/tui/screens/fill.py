"""The prompt that fills in a form."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trajectsim.tui.examform import Form
from trajectsim.tui.screens.asking import Asking
from trajectsim.tui.screens.late import late
from trajectsim.tui.widgets.options import Options
from trajectsim.tui.widgets.paint import painted
from trajectsim.words import _


class Fill(Asking[Form | None]):
    """A form: up and down choose a field, left and right its value, enter takes them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("left", "turn(-1)", show=False, priority=True),
        Binding("right", "turn(1)", show=False, priority=True),
    ]

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form

    def compose(self) -> ComposeResult:
        box = Vertical(classes="prompt")
        box.border_title = Content(self._form.title)
        box.border_subtitle = Content(_("↑↓ field · ←→ value · enter takes it · escape leaves it"))
        with box:
            yield Options(*(Option("", id=name) for name in self._form.fields))

    def on_mount(self) -> None:
        with late():
            self._show()
            self.query_one(OptionList).highlighted = 0

    def action_turn(self, by: int) -> None:
        option = self.query_one(OptionList).highlighted_option
        if option is not None and option.id is not None:
            self._form = self._form.turn(option.id, by)
            self._show()

    @on(OptionList.OptionSelected)
    def _taken(self) -> None:
        self.dismiss(self._form)

    def _show(self) -> None:
        options, fields = self.query_one(OptionList), self._form.fields
        width = max(len(_(label)) for label in fields.values())
        for name, label in fields.items():
            before, after = self._form.ends(name)
            value = f"{'◂' if before else ' '} {self._form.text(name)} {'▸' if after else ' '}"
            line = painted([(f"{_(label):<{width}}   ", ""), (value, "cursor")])
            options.replace_option_prompt(name, line)
