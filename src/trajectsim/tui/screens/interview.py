"""A few questions for a new scenario: what it begins as, what it is called, who it is about, where she is now."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.templates import ABOUT, asked, begun, usual_birth
from trajectsim.tui.screens.asking import Asking
from trajectsim.tui.screens.late import late
from trajectsim.tui.widgets.options import Options
from trajectsim.words import N_, _

Answer = tuple[str, str, str, str]
"""The template, the title, the date of birth, the place where she is now or nothing."""

QUESTIONS = {
    "template": N_("What is it about?"),
    "title": N_("What is it called?"),
    "born": N_("When was the pupil born? Year-month-day."),
    "at": N_("Where is the pupil now? Type a few letters: vwo 4, groep 7 ..."),
}


class Interview(Asking[Answer | None]):
    """One question at a time; escape goes back to the one before."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", show=False)]

    def __init__(self, law: Lawbook) -> None:
        super().__init__()
        self._places = {place.id: str(place) for place in law.places()}
        self._answers = {"template": "", "title": "", "born": usual_birth(date.today()), "at": ""}
        self._asked = "template"

    def compose(self) -> ComposeResult:
        box = Vertical(classes="prompt")
        box.border_title = Content(_("New scenario"))
        box.border_subtitle = Content(_("enter: on · escape: back"))
        with box:
            yield Static(id="question", markup=False)
            yield Input(id="answer")
            yield Options(id="choices")
            yield Static(id="wrong", markup=False)

    def on_mount(self) -> None:
        with late():
            self._ask("template")

    @property
    def _questions(self) -> list[str]:
        return [name for name in QUESTIONS if name in ("template", *asked(self._answers["template"]))]

    def _ask(self, name: str) -> None:
        self._asked = name
        n = self._questions.index(name) + 1
        self.query_one("#question", Static).update(f"{n}. {_(QUESTIONS[name])}")
        self.query_one("#wrong", Static).update("")
        answer, choices = self.query_one("#answer", Input), self.query_one("#choices", OptionList)
        answer.display, choices.display = name != "template", name in ("template", "at")
        answer.value = self._answers[name]
        answer.cursor_position = len(answer.value)
        self._narrow()
        (choices if name == "template" else answer).focus()
        answer.select_all()  # what is typed takes the place of what is proposed

    @on(Input.Changed, "#answer")
    def _narrow(self) -> None:
        """The choices that go with what is typed."""
        choices = self.query_one("#choices", OptionList)
        words = self.query_one("#answer", Input).value.casefold().split()
        told = {key: _(text) for key, text in ABOUT.items()} if self._asked == "template" else self._places
        fitting = {k: t for k, t in told.items() if all(word in f"{k} {t}".casefold() for word in words)}
        choices.clear_options()
        choices.add_options(Option(Content(text), id=key) for key, text in fitting.items())
        choices.highlighted = 0 if fitting else None

    def on_key(self, event: events.Key) -> None:
        """The arrows move through the choices while text is typed."""
        choices = self.query_one("#choices", OptionList)
        if event.key in ("up", "down") and choices.display and not choices.has_focus:
            event.stop()
            (choices.action_cursor_up if event.key == "up" else choices.action_cursor_down)()

    @on(Input.Submitted, "#answer")
    def _typed(self, event: Input.Submitted) -> None:
        if self._asked == "template":  # who is quick presses enter before the choices have the focus
            return
        option = self.query_one("#choices", OptionList).highlighted_option
        if self._asked != "at":
            self._answered(event.value.strip())
        elif option is not None and option.id is not None:
            self._answered(option.id)

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self._answered(str(event.option_id))

    def _answered(self, value: str) -> None:
        """Take an answer, and go on to the next question or be done."""
        wrong = self._wrong(value)
        self.query_one("#wrong", Static).update(wrong)
        if wrong:
            return
        self._answers[self._asked] = value
        left = self._questions[self._questions.index(self._asked) + 1 :]
        if left:
            self._ask(left[0])
        else:
            answers = self._answers
            self.dismiss((answers["template"], answers["title"], answers["born"], answers["at"]))

    def _wrong(self, value: str) -> str:
        if self._asked == "title" and not value:
            return _("give it a name by which you find it again")
        if self._asked == "born":
            try:
                begun("path", "-", value)
            except ValueError:
                return _("{text} is no date such as 2014-03-12").format(text=value)
        return ""

    def action_back(self) -> None:
        before = self._questions[: self._questions.index(self._asked)]
        if before:
            self._ask(before[-1])
        else:
            self.dismiss(None)
