"""What every screen of the workbench has: the line of screens above, the keys beneath, help, undo, language, theme.

A screen is a subclass with a row in ``tui.table`` and a table of ``KEYS``; it composes ``body()`` and prints in
``show()`` what the state of the workbench holds. ``show()`` is called whenever that may have changed, once the screen
is in sight; what is the same again has to cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import ScreenResume
from textual.screen import Screen

from trajectsim.tui.bench import Bench
from trajectsim.tui.help import Chapter, common_help, keys_help
from trajectsim.tui.keys import COMMON, TYPING, Key
from trajectsim.tui.screens.help import HelpScreen
from trajectsim.tui.screens.late import late
from trajectsim.tui.widgets.keys import Keys
from trajectsim.tui.widgets.tabs import Tabs

WIDE = 100
"""Columns from which there is room for two things side by side."""

TALL = 32
"""Lines from which there is room for air."""


_WIDTHS, _HEIGHTS = [(0, "-narrow"), (WIDE, "-wide")], [(0, "-short"), (TALL, "-tall")]

_LEAVE = "screen.back"
"""What every screen does while text is typed."""


class BenchScreen(Screen[None]):
    """A screen with a number."""

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u,ctrl+z", "app.undo"),
        Binding("ctrl+y", "app.redo"),
        Binding("s,ctrl+s", "app.save"),
        Binding("S", "app.save_as"),
        Binding("o,ctrl+o", "app.open"),
        Binding("h", "app.hand_out"),
        Binding("l", "language"),
        Binding("d", "theme"),
        Binding("question_mark", "help"),
        Binding("q", "app.quit"),
    ]

    ID: ClassVar[str] = ""
    """Its id in ``tui.table``."""
    START: ClassVar[str] = ""
    """Classes that it begins with."""
    TEXT: ClassVar[bool] = False
    """Whether it shows the text of the scenario."""
    KEYS: ClassVar[Sequence[Key]] = ()
    """Its own keys, as they are told; those that all screens have come after them."""

    def __init__(self) -> None:
        size = self.app.size  # pyright: ignore[reportUnknownMemberType]
        room = [
            max(name for name in at if name[0] <= n)[1] for at, n in ((_WIDTHS, size.width), (_HEIGHTS, size.height))
        ]
        # With the classes that it is going to have: for each that comes later every widget is styled once more.
        super().__init__(classes=" ".join((*room, self.START)))
        # It gets the styles as they are now; all of them are read again for it otherwise.
        self._css_update_count = self.bench.dressed
        self._seen_changes = self._resumed_with = -1

    def compose(self) -> ComposeResult:
        yield Tabs(self.ID)
        yield from self.body()
        yield Keys(self.told_keys())

    @classmethod
    def beforehand(cls) -> None:
        """Read what takes long and can be kept, in a thread, before a screen is made."""

    def body(self) -> ComposeResult:
        """The widgets between the line of screens and the keys."""
        raise NotImplementedError

    def show(self) -> None:
        """Print what the workbench holds, in the language that is spoken."""
        raise NotImplementedError

    def idle(self) -> Mapping[str, str]:
        """By action of a key, why it can do nothing now."""
        return self.bench.idle()

    def unsaved(self) -> str:
        """What would be lost on leaving that is no part of the scenario, in a sentence; empty when nothing would."""
        return ""

    def keeping(self) -> str:
        """The same as a text by which it can be brought back."""
        return ""

    def names(self) -> Iterable[str]:
        """Names of people that it knows of beside the pupil of the scenario: they go in no report."""
        return ()

    def taken(self) -> None:
        """Something else is worked on now."""

    def chapters(self) -> Iterator[Chapter]:
        """The help of this screen beside its keys: what is selected, what the signs mean."""
        yield from ()

    @property
    def bench(self) -> Bench:
        return cast("Bench", self.app)  # pyright: ignore[reportUnknownMemberType]

    def told_keys(self) -> tuple[Key, ...]:
        """Its keys and those of all screens; of two for the same sign its own."""
        own = {key.name for key in self.KEYS}
        return (*self.KEYS, *(key for key in COMMON if key.name not in own))

    def refreshed(self) -> None:
        """Print everything, once the screen is there."""
        if self.query(Keys):
            self._seen_changes = self.bench.changes
            with late():
                self.query_one(Tabs).draw(self.bench.state)
                self.show()
                self._show_keys()  # after what they are about

    def _show_keys(self) -> None:
        """The keys at the foot: while text is typed only those that are no letters."""
        typing = any(field.has_focus for field in self.query("Input, TextArea"))
        self.query_one(Keys).draw(self.idle(), self._typing_keys() if typing else self.told_keys())

    def _typing_keys(self) -> tuple[Key, ...]:
        """The keys while text is typed, without those of other screens."""
        own = {key.action for key in self.KEYS}
        return tuple(key for key in TYPING if not key.action.startswith("screen.") or key.action in {*own, _LEAVE})

    def on_descendant_focus(self) -> None:
        with late():
            self._show_keys()

    def on_descendant_blur(self) -> None:
        with late():
            self._show_keys()

    def entered(self) -> None:
        """It is shown for the first time: what has the focus."""

    def on_mount(self) -> None:
        self.refreshed()
        with late():
            self.entered()

    def _compositor_refresh(self) -> None:
        """A picture that nobody would see is not drawn."""
        if self.bench.unseen:
            self.refresh()
        else:
            super()._compositor_refresh()

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Styled anew only when there are other styles: it is told twice that it comes in sight, the first time."""
        event.refresh_styles = event.refresh_styles and self._resumed_with != self.bench.dressed
        self._resumed_with = self.bench.dressed
        if self._seen_changes != self.bench.changes:
            self.refreshed()

    def action_language(self) -> None:
        self.bench.other_language()

    def action_theme(self) -> None:
        self.bench.other_theme()

    def action_help(self) -> None:
        first, *more = (*self.chapters(), *common_help(self.idle()))
        self.bench.push_screen(HelpScreen((first, keys_help(self.told_keys(), self.idle()), *more)))
