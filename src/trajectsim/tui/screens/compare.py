"""The compare screen: walks under each other on one axis of years, and beneath them what that comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll

from trajectsim.errors import Problems
from trajectsim.reading import path_of
from trajectsim.tui.comparesides import FILE, FIRST, last_kept, offers, side, with_file
from trajectsim.tui.compareview import LETTERS, CompareView, Side, compare
from trajectsim.tui.deskkeys import COMPARE_KEYS, compare_help
from trajectsim.tui.help import Chapter
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.screens.prompts import Name, Search
from trajectsim.tui.widgets.figures import Figures
from trajectsim.tui.widgets.map_view import MapView
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.widgets.paint import entitle
from trajectsim.tui.widgets.told import Told
from trajectsim.words import _, language

BROAD = 160
"""Columns from which there is room for the figures of more than two walks beside what differs."""


class CompareScreen(BenchScreen):
    """Shows the walks of some words. The scenario is the first of them."""

    ID = "compare"
    KEYS = COMPARE_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "year(-1)", priority=True),
        Binding("right", "year(1)", priority=True),
        Binding("home", "year(-1000)", priority=True),
        Binding("end", "year(1000)", priority=True),
        Binding("up", "side(-1)", priority=True),
        Binding("down", "side(1)", priority=True),
        Binding("a", "add"),
        Binding("x,delete", "remove"),
        Binding("t", "take"),
        Binding("v", "parts"),
    ]

    view: CompareView | None = None

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[str, ...] = FIRST
        self._chosen = 1
        self._sides: tuple[Side, ...] = ()
        self._made_of: tuple[object, ...] = ()

    def body(self) -> ComposeResult:
        with VerticalScroll(id="walks", can_focus=False):
            yield MapView()
        with Horizontal(id="told"):
            yield Figures()
            yield Outline("parts")
        yield Told("status")

    def entered(self) -> None:
        self.query_one(MapView).focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self.refreshed)

    def show(self) -> None:
        state = self.bench.state
        if state.played is None:
            return
        made_of = (state.played, state.kept, self._words, language())
        if made_of != self._made_of:
            self._made_of = made_of
            found = [(word, side(word, state)) for word in self._words]
            self._words = tuple(word for word, made in found if made is not None)
            self._sides = tuple(made for _word, made in found if made is not None)
        self.set_class(len(self._sides) > 2 and self.size.width < BROAD, "-many")
        self.view = view = compare(self._sides, self._chosen, state.year)
        self._chosen = max(1, view.chosen)
        self.query_one(MapView).draw(view.map, view.year)
        entitle(self.query_one("#walks"), _("{n} paths on one axis").format(n=len(self._sides)))
        figures = self.query_one(Figures)
        figures.table.draw(view)
        entitle(figures, _("What it comes to"))
        outline = self.query_one("#parts", Outline)
        outline.draw(view.lines)
        entitle(outline, view.title)
        self.query_one("#status", Told).tell([(f" {view.status}", "head")])

    def idle(self) -> Mapping[str, str]:
        told = dict(super().idle())
        if len(self._words) < 2:
            told["screen.remove"] = told["screen.side(1)"] = _("there is one path; a adds another")
        if len(self._words) >= len(LETTERS):
            told["screen.add"] = _("four paths is the most; x takes one away")
        if self.view is None or not self._sides[self.view.chosen].text:
            told["screen.take"] = _("this path is no scenario of its own: only a branch can be gone on with")
        return told

    def chapters(self) -> Iterator[Chapter]:
        return compare_help()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the figures and in what differs the arrows move up and down there."""
        return not (action == "side" and self.query_one("#told").has_focus_within)

    @on(MapView.YearPicked)
    def _year_picked(self, event: MapView.YearPicked) -> None:
        self._look(event.year.start)

    def _look(self, year: int) -> None:
        if self.view is not None:
            years = self.view.map.years
            self.bench.go_to(years[min(max(year - years[0].start, 0), len(years) - 1)])
            self.refreshed()

    def action_year(self, by: int) -> None:
        if self.view is not None:
            self._look(self.view.year.start + by)

    def action_side(self, by: int) -> None:
        """Hold another walk against the first, and bring it in sight."""
        self._chosen = min(max(1, self._chosen + by), max(1, len(self._sides) - 1))
        self.refreshed()
        view = self.view
        if view is not None:
            rows = view.map.rows
            at = next((n for n, row in enumerate(rows) if (row.kind, row.lane) == ("title", str(view.chosen))), 0)
            end = next((n for n in range(at + 1, len(rows)) if rows[n].kind == "title"), len(rows))
            walks = self.query_one("#walks", VerticalScroll)
            if at < walks.scroll_y or end > walks.scroll_y + walks.size.height:
                walks.scroll_to(y=max(0, end - walks.size.height), animate=False)

    def action_add(self) -> None:
        """Ask for another walk."""

        def answered(word: str | None) -> None:
            if word == FILE:
                hint = _("enter opens · → completes · escape leaves it")
                self.bench.push_screen(Name(_("Compare with the scenario of a file (TOML)"), hint, self._opened))
            elif word is not None:
                self._add(word)

        find = partial(offers, self.bench.state, self._words)
        self.bench.push_screen(Search(_("Compare with"), find, _("type a few letters")), answered)

    def _opened(self, text: str) -> str:
        """Compare with the scenario of a file, or say what is wrong with it."""
        try:
            self.bench.state = with_file(self.bench.state, path_of(text))
        except Problems as error:
            return error.told
        self._add(last_kept(self.bench.state))
        return ""

    def _add(self, word: str) -> None:
        self._words = (*self._words, word)
        self._chosen = len(self._words) - 1
        self.refreshed()

    def action_remove(self) -> None:
        if len(self._words) > 1:
            self._words = (*self._words[: self._chosen], *self._words[self._chosen + 1 :])
            self.refreshed()

    def action_take(self) -> None:
        """Go on with a branch: its text becomes that of the scenario, and undo brings back what was there."""
        if self.view is None:
            return
        chosen = self._sides[self.view.chosen]
        if chosen.text:
            self.bench.change(chosen.text, _("went on with: {name}").format(name=chosen.name))

    def action_parts(self) -> None:
        """Between the figures and the years in which the walks part; without room for both, one of them is in sight."""
        outline, figures = self.query_one("#parts", Outline), self.query_one(Figures)
        reading = not self.has_class("-reading")
        self.set_class(reading, "-reading")
        (outline if reading else figures).focus()
