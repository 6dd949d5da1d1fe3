"""The workbench: a plan on the path screen, its exam or a class on the exam screen, and what goes between them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan
from trajectsim.tui.keys import EXAM_KEYS, KEYS
from trajectsim.tui.screens.path import PathScreen
from trajectsim.tui.viewmodel import PathView, Played, Session, replay, show
from trajectsim.tui.widgets.paint import DARK, LIGHT
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.tui.examdesk import Exam
    from trajectsim.tui.screens.exam import ExamScreen

PATH, EXAM = "path", "exam"
"""The screens by name."""


class Workbench(App[None]):
    """``view`` is what the path screen shows. A flip is played in a thread; only the newest result is shown. Without a
    plan there is no path, and it opens on the exam."""

    CSS_PATH = ["styles/path.tcss", "styles/exam.tcss"]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1,f1", "show_path", show=False),
        Binding("3,f3", "show_exam", show=False),
        Binding("2,4,5,6,7,f2,f4,f5,f6,f7", "show_nothing", show=False),
    ]

    session: Session
    played: Played
    view: PathView

    def __init__(self, plan: Plan | None, law: Lawbook, title: str, exam: Exam | None = None) -> None:
        super().__init__()
        self.title = title
        self.law = law
        self.has_path = plan is not None
        if plan is not None:
            self.session = Session.of(plan)
            self.played = replay(plan, law)
            self.view = show(self.played, law, plan.start.year)
            self.install_screen(PathScreen(), PATH)  # pyright: ignore[reportUnknownMemberType]
        self._exam = exam
        self._exam_screen: ExamScreen | None = None
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[None]:
        return self.get_screen(PATH, PathScreen) if self.has_path else self._exam_shown()  # pyright: ignore[reportUnknownMemberType]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The keys again, by name; what only the screen can do is told it there."""
        for key in KEYS if isinstance(screen, PathScreen) else EXAM_KEYS:
            if key.action:
                yield SystemCommand(key.text, key.help, partial(self.call_later, self.run_action, key.action))

    async def action_show_path(self) -> None:
        """The path of the scenario."""
        if not self.has_path:
            self.notify(_("No scenario is open: start with trajectsim and the file of one."))
        elif not isinstance(self.screen, PathScreen):
            await self.switch_screen(PATH)  # pyright: ignore[reportUnknownMemberType]

    async def action_show_exam(self) -> None:
        """The exam: what was on that screen; at first, and when another exam year is selected, that of the walk."""
        if self._exam_screen is None or self.screen is not self._exam_screen:
            self._exam_shown()
            await self.switch_screen(EXAM)  # pyright: ignore[reportUnknownMemberType]

    def action_show_nothing(self) -> None:
        """A screen of which the key is known, and nothing else yet."""
        self.notify(_("This screen is not there yet: 1 shows the path, 3 the exam."))

    def _exam_shown(self) -> ExamScreen:
        # Here and not above: the exam needs columns of marks, which the path can do without.
        from trajectsim.tui.examsource import of_walk
        from trajectsim.tui.screens.exam import ExamScreen

        exam = of_walk(self.played.walk, self.view.year, self.law) if self.has_path else self._exam
        if self._exam_screen is None:
            assert exam is not None
            self._exam_screen = ExamScreen(exam if self._exam is None else self._exam)
            self.install_screen(self._exam_screen, EXAM)  # pyright: ignore[reportUnknownMemberType]
        elif exam is not None:
            self._exam_screen.offer(exam)
        return self._exam_screen

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
        if self.has_path:
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


def run_workbench(plan: Plan | None, law: Lawbook, title: str, exam: Exam | None = None) -> None:
    """Open the workbench on a plan or on an exam, until the person leaves it."""
    Workbench(plan, law, title, exam).run()
