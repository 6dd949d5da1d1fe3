"""The law screen: the rules at the left, a year and what the chosen rule says in it at the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from trajectsim.calendar import SchoolYear
from trajectsim.tui.deskkeys import LAW_KEYS, law_help
from trajectsim.tui.help import Chapter
from trajectsim.tui.lawview import LawDesk, LawView, show
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.widgets.map_view import MapView
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.widgets.paint import entitle
from trajectsim.tui.widgets.rows import Rows
from trajectsim.tui.widgets.rules import Rules
from trajectsim.tui.widgets.told import Told
from trajectsim.words import _


class LawScreen(BenchScreen):
    """Shows a LawDesk. Every key gives another one."""

    ID = "law"
    KEYS = LAW_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "year(-1)", priority=True),
        Binding("right", "year(1)", priority=True),
        Binding("home", "year(-1000)", priority=True),
        Binding("end", "year(1000)", priority=True),
        Binding("up", "rule(-1)"),
        Binding("down", "rule(1)"),
        Binding("slash,ctrl+f", "search"),
        Binding("c", "shows('changed')"),
        Binding("m", "shows('measures')"),
        Binding("left_square_bracket", "since(-1)"),
        Binding("right_square_bracket", "since(1)"),
        Binding("escape", "back"),
    ]

    desk: LawDesk | None = None
    view: LawView

    def body(self) -> ComposeResult:
        with Horizontal(id="law"):
            with Vertical(id="index"):
                yield Input(id="asked", compact=True)
                yield Rules()
            with Vertical(id="page"):
                yield MapView()
                yield Outline("rule")
        yield Told("status")

    def entered(self) -> None:
        self.query_one(Rules).focus()

    def read(self, rule: str, year: SchoolYear) -> None:
        """Open at a rule, as it answers in a school year."""
        self._put(self._desk().to(year).reading(rule))

    def show(self) -> None:
        self.desk = desk = self._desk()
        self.view = view = show(desk)
        asked = self.query_one("#asked", Input)
        if asked.value != desk.asked:
            with self.prevent(Input.Changed):
                asked.value = desk.asked
        asked.placeholder = _("/ searches words and articles")
        self.query_one(Rules).draw(view)
        self.query_one(MapView).draw(view.axis, desk.year)
        outline = self.query_one("#rule", Outline)
        outline.draw(view.lines)
        entitle(outline, view.title)
        entitle(self.query_one("#index"), view.counted)
        self.query_one("#status", Told).tell(view.status)

    def _desk(self) -> LawDesk:
        """What is looked at: at first the year of the path, later in the law of what is open then."""
        if self.desk is None:
            return LawDesk.of(self.bench.law, self.bench.state.year)
        return self.desk if self.desk.law is self.bench.law else self.desk.under(self.bench.law)

    def _put(self, desk: LawDesk) -> None:
        if desk != self.desk:
            self.desk = desk
            self.refreshed()

    def idle(self) -> Mapping[str, str]:
        nowhere = self.bench.came_from == "" and not (self.desk and self.desk.asked)
        return {**super().idle(), **({"screen.back": _("you came from no other screen")} if nowhere else {})}

    def chapters(self) -> Iterator[Chapter]:
        return law_help()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed the arrows are for the text."""
        return not (action == "year" and self.query_one("#asked", Input).has_focus)

    @on(Rows.Highlighted, "#rules")
    def _rule_highlighted(self, event: Rows.Highlighted) -> None:
        self._put(self._desk().reading(event.key))

    @on(Rows.Chosen, "#rules")
    def _rule_selected(self) -> None:
        self.query_one("#rule", Outline).focus()

    @on(MapView.YearPicked)
    def _year_picked(self, event: MapView.YearPicked) -> None:
        self._put(self._desk().to(event.year))

    @on(Input.Changed, "#asked")
    def _asked(self, event: Input.Changed) -> None:
        self._put(self._desk().searched(event.value))

    @on(Input.Submitted, "#asked")
    def _found(self) -> None:
        self.query_one(Rules).focus()

    def action_year(self, by: int) -> None:
        desk = self._desk()
        self._put(desk.to(desk.year + by))

    def action_rule(self, by: int) -> None:
        self._put(self._desk().reading(self.view.beside(by)))

    def action_shows(self, what: str) -> None:
        self._put(self._desk().showing(what))

    def action_since(self, by: int) -> None:
        desk = self._desk()
        self._put(desk.against(desk.base + by))

    def action_search(self) -> None:
        self.query_one("#asked", Input).focus()

    async def action_back(self) -> None:
        """Out of the search, then back to the screen that was come from."""
        if self.query_one("#asked", Input).has_focus or self._desk().asked:
            self._put(self._desk().searched(""))
            self.query_one(Rules).focus()
        else:
            await self.bench.go_back()
