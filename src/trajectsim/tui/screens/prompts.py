"""The prompts: type and pick, name a file, be asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from trajectsim.reading import path_of
from trajectsim.tui.screens.asking import Asking
from trajectsim.tui.screens.late import late
from trajectsim.tui.widgets.files import Files
from trajectsim.tui.widgets.notes import Notes
from trajectsim.tui.widgets.options import Options
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.tui.examform import Choice


class _Prompt(Asking[str | None]):
    """A box over the screen; escape closes it without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title, self._hint = title, hint

    def box(self) -> Vertical:
        """The box, with its title above and its keys beneath."""
        box = Vertical(classes="prompt")
        box.border_title = Content(self._title)
        box.border_subtitle = Content(self._hint)
        return box


class Search(_Prompt):
    """Choices that are narrowed down by typing; answers the id of the highlighted one."""

    def __init__(self, title: str, find: Callable[[str], tuple[Choice, ...]], placeholder: str) -> None:
        super().__init__(title, _("↑↓ and enter choose · escape leaves it"))
        self._find, self._placeholder = find, placeholder

    def compose(self) -> ComposeResult:
        with self.box():
            yield Input(placeholder=self._placeholder)
            yield Options()

    def on_mount(self) -> None:
        with late():
            self._narrow("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    @on(Input.Submitted)
    def _entered(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted_option is not None:
            self.dismiss(options.highlighted_option.id)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def on_key(self, event: events.Key) -> None:
        """The arrows move through the choices while the text is typed."""
        moves = {"down": OptionList.action_cursor_down, "up": OptionList.action_cursor_up}
        if event.key in moves and self.query_one(Input).has_focus:
            event.stop()
            moves[event.key](self.query_one(OptionList))

    def _narrow(self, text: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(Content(label), id=name) for name, label in self._find(text))
        options.highlighted = 0 if options.option_count else None
        if not options.option_count:
            options.add_option(Option(Content(_("nothing found")), disabled=True))


class Name(_Prompt):
    """The name of a file; ``take`` says what is wrong with it, and the prompt stays, or nothing, and it is taken."""

    def __init__(self, title: str, hint: str, take: Callable[[str], str], name: str = "") -> None:
        super().__init__(title, hint)
        self._take, self._name = take, name

    def compose(self) -> ComposeResult:
        with self.box():
            yield Input(self._name, placeholder=_("path of the file"), suggester=Files(), select_on_focus=False)
            yield Static(id="wrong", markup=False)

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one("#wrong", Static).update("")

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        name = event.value.strip()
        wrong = self._take(name) if name else ""
        if wrong:
            self.query_one("#wrong", Static).update(wrong)
        elif name:
            self.dismiss(name)


def replacing(write: Callable[[Path], str], own: str = "") -> Callable[[str], str]:
    """What ``Name`` does with the name of a file that is to be written: one that is there is replaced when it is named
    once more, its ``own`` at once."""
    asked: list[Path] = []

    def take(text: str) -> str:
        path = path_of(text)
        if os.path.exists(path) and str(path) != own and path not in asked:
            asked.append(path)
            return _("There is a file of that name: enter once more replaces it.")
        return write(path)

    return take


class Tell(_Prompt):
    """Some signs with what they mean; enter or escape closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space,q", "dismiss(None)", show=False)]

    def __init__(self, title: str, entries: tuple[tuple[str, str], ...]) -> None:
        super().__init__(title, _("enter closes this"))
        self._entries = entries

    def compose(self) -> ComposeResult:
        with self.box():
            yield Notes(self._entries, column=8)

    def on_click(self) -> None:
        self.dismiss(None)


class Recover(Asking[tuple[str, int] | None]):
    """Work that was left: answers "back" or "forget" and which; nothing when it is to be asked again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("x,delete", "forget", show=False),
    ]

    def __init__(self, told: Sequence[str]) -> None:
        super().__init__()
        self._told = tuple(told)

    def compose(self) -> ComposeResult:
        box = Vertical(classes="prompt")
        box.border_title = Content(_("There is work that was not saved"))
        box.border_subtitle = Content(_("enter brings it back · x throws it away · escape: another time"))
        with box:
            yield Static(_("trajectsim ended before it could ask. What was being worked on:"), markup=False)
            yield Options(*(Option(Content(text)) for text in self._told))

    def on_mount(self) -> None:
        with late():
            options = self.query_one(OptionList)
            options.highlighted = 0
            options.focus()

    @on(OptionList.OptionSelected)
    def _back(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(("back", event.option_index))

    def action_forget(self) -> None:
        self.dismiss(("forget", self.query_one(OptionList).highlighted or 0))


class Ask(_Prompt):
    """A question; enter says yes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,y,j", "dismiss('yes')", show=False)]

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title, _("enter: yes · escape: no"))
        self._text = text

    def compose(self) -> ComposeResult:
        with self.box():
            yield Static(self._text, markup=False)
