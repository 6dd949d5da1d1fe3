"""The workbench: a plan on the path screen, whose flexibilities are flipped and whose years are walked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

from textual.app import App, SystemCommand
from textual.screen import Screen

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan
from trajectsim.tui.keys import KEYS
from trajectsim.tui.screens.path import PathScreen
from trajectsim.tui.viewmodel import PathView, Played, Session, replay, show
from trajectsim.tui.widgets.paint import DARK, LIGHT


class Workbench(App[None]):
    """``view`` is what the screen shows. A flip is played in a thread; only the newest result is shown."""

    CSS_PATH = ["styles/path.tcss"]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, plan: Plan, law: Lawbook, title: str) -> None:
        super().__init__()
        self.title = title
        self.law = law
        self.session = Session.of(plan)
        self.played: Played = replay(plan, law)
        self.view: PathView = show(self.played, law, plan.start.year)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[None]:
        return PathScreen()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The keys again, by name; what only the screen can do is told it there."""
        for key in KEYS:
            if key.action:
                yield SystemCommand(key.text, key.help, partial(self.call_later, self.run_action, key.action))

    def go_to(self, year: SchoolYear) -> None:
        """Select a school year, or the nearest one on the map."""
        self._look(year, self.view.cursor)

    def choose(self, cursor: int) -> None:
        """Highlight a measure; nothing else of the view changes."""
        self.view = self.view.with_cursor(cursor)

    def flip(self) -> None:
        """Turn the highlighted measure on or off, and play again."""
        measure = self.law.measures[self.view.row.id]
        self._take(self.session.flip(measure, self.played, self.law, self.view.year))

    def undo(self) -> None:
        self._take(self.session.undo())

    def redo(self) -> None:
        self._take(self.session.redo())

    def other_language(self) -> None:
        """Speak the other language. Reasons are put in words while a plan is played, so it is played again."""
        words.use(words.LANGUAGES[1 - words.LANGUAGES.index(words.language())])
        self._play()

    def other_theme(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def _take(self, session: Session) -> None:
        if session is not self.session:
            self.session = session
            self._play()

    def _play(self) -> None:
        self.run_worker(partial(self._played_again, self.session.plan), exclusive=True, group="play")

    async def _played_again(self, plan: Plan) -> None:
        # A newer flip cancels this one while it waits for the thread, and its result is dropped.
        self.played = await asyncio.to_thread(replay, plan, self.law)
        self._look(self.view.year, self.view.cursor)

    def _look(self, year: SchoolYear, cursor: int) -> None:
        self.view = show(self.played, self.law, year, cursor)
        for screen in self.screen_stack:
            if isinstance(screen, PathScreen):
                screen.show()


def run_workbench(plan: Plan, law: Lawbook, title: str) -> None:
    """Open the workbench on a plan, until the person leaves it."""
    Workbench(plan, law, title).run()
