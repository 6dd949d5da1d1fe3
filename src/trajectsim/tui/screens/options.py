"""The options screen: the life at the left, and what may be done in the selected year at the right."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.ahead import Ahead, Outlook, ahead
from trajectsim.path.walk import Step
from trajectsim.tui.deskkeys import OPTIONS_KEYS, options_help
from trajectsim.tui.help import Chapter
from trajectsim.tui.optionsview import NOTHING, Arguments, Asked, OptionsView, is_chosen, questions, show, take
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.screens.prompts import Search
from trajectsim.tui.viewmodel import flip
from trajectsim.tui.widgets.keys import Keys
from trajectsim.tui.widgets.life import Life
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.widgets.paint import entitle
from trajectsim.tui.widgets.rows import Rows
from trajectsim.tui.widgets.told import Told
from trajectsim.verdict import Outcome
from trajectsim.words import _

PAUSE = 0.05
"""Seconds in one year after which it is worked out what would open its refused steps."""


class OptionsScreen(BenchScreen):
    """Shows what lies ahead in the selected year. What would open the refused steps follows from a thread."""

    ID = "options"
    KEYS = OPTIONS_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "year(-1)", priority=True),
        Binding("right", "year(1)", priority=True),
        Binding("home", "year(-1000)", priority=True),
        Binding("end", "year(1000)", priority=True),
        Binding("space", "take", priority=True),
        Binding("b", "branch"),
        Binding("w", "law"),
    ]

    view: OptionsView | None = None

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[Step, Outlook] = {}

    def body(self) -> ComposeResult:
        with Horizontal(id="options"):
            yield Life()
            yield Outline("ahead")
        yield Told("status")

    def entered(self) -> None:
        self.query_one("#ahead", Outline).focus()

    def show(self) -> None:
        played, year = self.bench.played, self.bench.state.year
        if played is None or year is None:
            return
        step = played.walk.at(year)
        known = self._known.get(step) if step is not None else None
        self.view = view = show(played.walk, played.law, year, known)
        if step is not None and known is None:
            self.run_worker(partial(self._look_ahead, step, played.law), exclusive=True, group="ahead")
        self.query_one(Life).draw(view)
        entitle(self.query_one(Life), _("School career"))
        outline = self.query_one("#ahead", Outline)
        outline.draw(view.lines, view.first)
        entitle(outline, view.heading, _("looking for what opens more …") if view.waiting else "")
        self._tell()

    async def _look_ahead(self, step: Step, law: Lawbook) -> None:
        # A newer year cancels this one while it waits, and its result is dropped.
        await asyncio.sleep(PAUSE)
        outlook = await asyncio.to_thread(ahead, step, law)
        played = self.bench.played
        steps = played.walk.steps if played is not None else ()
        self._known = {each: known for each, known in self._known.items() if each in steps}
        self._known[step] = outlook
        self.refreshed()

    def _tell(self) -> None:
        """What the space bar does, and what was done last."""
        view = self.view
        if view is None:
            return
        opener, each = self._chosen()
        if opener:
            told = [(" [ ] ", "opens"), (_("space turns this measure on"), "")]
        elif each is not None:
            told = [(f" {each.option.rule.label}: ", "head"), self._space(each)]
        else:
            told = [(f" {view.heading}", "head")]
        if view.counted:
            told.append((f" · {view.counted}", "article"))
        self.query_one("#status", Told).tell(told)
        self.query_one(Keys).draw(self.idle())

    def _space(self, each: Ahead) -> tuple[str, str]:
        """What the space bar does to a step, with its role."""
        played = self.bench.played
        if played is not None and self.view is not None and is_chosen(played.plan, self.view.year, each):
            return _("chosen; space takes the choice back"), ""
        if each.lawful or each.option.outcome is Outcome.UNDECIDED:
            return _("space chooses this step"), ""
        return _("space chooses it all the same: it will be refused"), "no"

    def _chosen(self) -> tuple[str, Ahead | None]:
        """The key of a measure that would open a step, or the step, behind the highlighted line."""
        view = self.view
        trail = self.query_one("#ahead", Outline).trail if view is not None else ()
        if view is None or not trail:
            return "", None
        if trail[0].key in view.openers:
            return trail[0].key, None
        return "", next((view.choices[line.key] for line in trail if line.key in view.choices), None)

    def idle(self) -> Mapping[str, str]:
        told = dict(super().idle())
        if self.is_mounted and self._chosen() == ("", None):
            told["screen.take"] = _("choose a step first, with the arrows")
        return told

    def chapters(self) -> Iterator[Chapter]:
        return options_help()

    @on(Rows.Highlighted, "#ahead")
    def _step_highlighted(self) -> None:
        self._tell()

    @on(Rows.Highlighted, "#life")
    def _year_chosen(self, event: Rows.Highlighted) -> None:
        self.bench.go_to(SchoolYear.parse(event.key))

    def action_year(self, by: int) -> None:
        if self.bench.state.year is not None:
            self.bench.go_to(self.bench.state.year + by)

    def action_take(self) -> None:
        """Choose the step, after asking what has to be said of it; or turn on what would open it."""
        played, view = self.bench.played, self.view
        opener, each = self._chosen()
        if played is None or view is None:
            return
        if opener:
            measure = view.openers[opener]
            self.bench.attempt(lambda document: flip(document, played, view.year, measure))
        elif each is not None:
            self._ask(each, list(questions(each, played.law)), ())

    def _ask(self, each: Ahead, asked: list[Asked], said: Arguments) -> None:
        played = self.bench.played
        if played is None:
            return
        if not asked:
            self.bench.attempt(lambda document: take(document, played.plan, each, said))
            return
        question, *rest = asked

        def answered(word: str | None) -> None:
            if word is not None:
                self._ask(each, rest, (*said, *([(question.name, word)] if word != NOTHING else [])))

        title = f"{each.option.rule.label}: {question.label}"
        self.bench.push_screen(Search(title, question.find, _("type a few letters")), answered)

    def action_branch(self) -> None:
        self.bench.keep()

    async def action_law(self) -> None:
        rule = self.query_one("#ahead", Outline).rule
        if rule and self.view is not None:
            await self.bench.read_rule(rule, self.view.year)
