"""The path screen: flexibilities left, the line map above, the selected school year below."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static

from trajectsim.tui.help import help_text
from trajectsim.tui.keys import KEYS
from trajectsim.tui.screens.help import HelpScreen
from trajectsim.tui.viewmodel import PathView
from trajectsim.tui.widgets.keys import Keys
from trajectsim.tui.widgets.map_view import MapPanel, MapView
from trajectsim.tui.widgets.notes import Notes
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.widgets.paint import painted
from trajectsim.tui.widgets.switches import Switches
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.tui.app import Workbench

WIDE = 100
"""Columns from which the flexibilities stand beside the map without being asked for."""

TALL = 32
"""Lines from which there is room for air around the map."""


class PathScreen(Screen[None]):
    """Shows a PathView; what the keys do is the workbench's."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "year(-1)", priority=True),
        Binding("right", "year(1)", priority=True),
        Binding("home", "year(-1000)", priority=True),
        Binding("end", "year(1000)", priority=True),
        Binding("space", "flip", priority=True),
        Binding("up", "measure(-1)"),
        Binding("down", "measure(1)"),
        Binding("m", "drawer"),
        Binding("u,ctrl+z", "undo"),
        Binding("ctrl+y", "redo"),
        Binding("l", "language"),
        Binding("d", "theme"),
        Binding("question_mark", "help"),
        Binding("q", "app.quit"),
    ]

    def compose(self) -> ComposeResult:
        with Horizontal(id="bench"):
            with Vertical(id="drawer"):
                yield Switches()
                yield Notes(name="about")
            with Vertical(id="main"):
                yield MapPanel()
                yield Outline()
        yield Static(id="status", markup=False)
        yield Keys(KEYS)

    def on_screen_resume(self) -> None:
        self.show()

    def on_mount(self) -> None:
        self.show()
        (self.query_one(Switches) if self.bench.size.width >= WIDE else self.query_one(MapView)).focus()

    @property
    def bench(self) -> Workbench:
        return cast("Workbench", self.app)  # pyright: ignore[reportUnknownMemberType]

    def show(self) -> None:
        """Print the view of the workbench."""
        if not self.query(Keys):  # a flip may arrive while the screen is taken down
            return
        view = self.bench.view
        self.query_one(MapPanel).draw(view.map, view.year)
        self.query_one(Outline).draw(view.lines)
        self.query_one(MapPanel).border_title = Content(self.bench.title)
        self.query_one(Outline).border_title = Content(view.heading)
        self.query_one("#drawer").border_title = Content(_("Flexibilities"))
        self.query_one(Keys).draw()
        self._show_measure(view)

    def _show_measure(self, view: PathView) -> None:
        row = view.row
        self.query_one(Switches).draw(view)
        self.query_one("#about", Notes).write(row.about)
        status = painted([(f" {row.box} ", row.role), (row.label, "head"), (f": {row.state}", "")])
        self.query_one("#status", Static).update(status)

    @on(OptionList.OptionHighlighted, "#switches")
    def _measure_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is not None:
            self.bench.choose(self.bench.view.index_of(event.option_id))
            self._show_measure(self.bench.view)

    @on(OptionList.OptionSelected, "#switches")
    def _measure_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self.bench.choose(self.bench.view.index_of(event.option_id))
            self.action_flip()

    @on(MapView.YearPicked)
    def _year_picked(self, event: MapView.YearPicked) -> None:
        self.bench.go_to(event.year)

    def action_year(self, years: int) -> None:
        self.bench.go_to(self.bench.view.year + years)

    def action_measure(self, by: int) -> None:
        self.bench.choose(self.bench.view.cursor + by)
        self._show_measure(self.bench.view)

    def action_flip(self) -> None:
        self.bench.flip()

    def action_undo(self) -> None:
        self.bench.undo()

    def action_redo(self) -> None:
        self.bench.redo()

    def action_language(self) -> None:
        self.bench.other_language()

    def action_theme(self) -> None:
        self.bench.other_theme()

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

    def action_help(self) -> None:
        self.bench.push_screen(HelpScreen(help_text(self.bench.view)))
