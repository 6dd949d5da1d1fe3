"""The path screen: measures left, the line map above, the selected school year below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll

from trajectsim.tui.help import Chapter, help_text
from trajectsim.tui.keys import KEYS
from trajectsim.tui.screens.base import WIDE, BenchScreen
from trajectsim.tui.viewmodel import PathView
from trajectsim.tui.widgets.map_view import MapPanel, MapView
from trajectsim.tui.widgets.notes import Notes
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.widgets.paint import entitle
from trajectsim.tui.widgets.rows import Rows
from trajectsim.tui.widgets.switches import Switches
from trajectsim.tui.widgets.told import Told
from trajectsim.words import _


class PathScreen(BenchScreen):
    """Shows the PathView of the workbench."""

    ID = "path"
    KEYS = KEYS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "year(-1)", priority=True),
        Binding("right", "year(1)", priority=True),
        Binding("home", "year(-1000)", priority=True),
        Binding("end", "year(1000)", priority=True),
        Binding("space", "flip", priority=True),
        Binding("up", "measure(-1)"),
        Binding("down", "measure(1)"),
        Binding("m", "drawer"),
        Binding("w", "law"),
    ]

    def body(self) -> ComposeResult:
        with Horizontal(id="bench"):
            with Vertical(id="drawer"):
                yield Switches()
                with VerticalScroll(id="about", can_focus=False):
                    yield Notes()
            with Vertical(id="main"):
                yield MapPanel()
                yield Outline()
        yield Told("status", line=True)

    def entered(self) -> None:
        (self.query_one(Switches) if self.bench.size.width >= WIDE else self.query_one(MapView)).focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._focus_what_is_there)

    def _focus_what_is_there(self) -> None:
        """The list of measures had the focus, and there is no room for it any more."""
        if self.focused is None and self.is_current:
            self.query_one(MapView).focus()

    def show(self) -> None:
        view = self.bench.view
        if view is None:
            return
        self.query_one(MapPanel).draw(view.map, view.year)
        self.query_one(Outline).draw(view.lines)
        entitle(self.query_one(MapPanel), self.bench.state.title)
        entitle(self.query_one(Outline), view.heading)
        entitle(self.query_one("#drawer"), _("Measures"))
        self._show_measure(view)

    def _show_measure(self, view: PathView) -> None:
        row = view.row
        self.query_one(Switches).draw(view)
        self.query_one("#about", VerticalScroll).query_one(Notes).write(row.about)
        status = ((f" {row.box} ", row.role), (row.label, "head"), (f": {row.state}", ""))
        self.query_one("#status", Told).tell(status)

    @on(Rows.Highlighted, "#switches")
    def _measure_highlighted(self, event: Rows.Highlighted) -> None:
        self._choose(event.key)

    @on(Rows.Chosen, "#switches")
    def _measure_selected(self, event: Rows.Chosen) -> None:
        self._choose(event.key)
        self.action_flip()

    def _choose(self, measure_id: str) -> None:
        view = self.bench.view
        if view is not None:
            self.bench.choose(view.index_of(measure_id))
            self._show_measure(self.bench.view or view)

    @on(MapView.YearPicked)
    def _year_picked(self, event: MapView.YearPicked) -> None:
        self.bench.go_to(event.year)

    def action_year(self, years: int) -> None:
        if self.bench.view is not None:
            self.bench.go_to(self.bench.view.year + years)

    def action_measure(self, by: int) -> None:
        view = self.bench.view
        if view is not None:
            self.bench.choose(view.cursor + by)
            self._show_measure(self.bench.view or view)

    def action_flip(self) -> None:
        self.bench.flip()

    async def action_law(self) -> None:
        """The rule behind the chosen line of the year, else behind the chosen measure."""
        outline, view = self.query_one(Outline), self.bench.view
        rule = outline.rule if outline.has_focus else view.row.id if view is not None and view.rows else ""
        if rule and view is not None:
            await self.bench.read_rule(rule, view.year)

    def action_drawer(self) -> None:
        """Narrow, the drawer opens; wide, it closes. Its switches have the focus while it is open."""
        drawer = self.query_one("#drawer")
        narrow = self.has_class("-narrow")
        self.toggle_class("-drawer-open" if narrow else "-drawer-shut")
        opened = self.has_class("-drawer-open") if narrow else not self.has_class("-drawer-shut")
        if opened:
            self.query_one(Switches).focus()
        elif drawer.has_focus_within:
            self.query_one(MapView).focus()

    def chapters(self) -> Iterator[Chapter]:
        view = self.bench.view
        yield from help_text(view) if view is not None else ()
