"""The workbench: a plan on the path screen, its exam or a class on the exam screen, and what goes between them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
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
from trajectsim.tui.screens.prompts import Ask
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
    plan there is no path, and it opens on the exam. Each screen is a mode, so that what lies over it stays with it."""

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
        self._exam = exam
        self._path_screen: PathScreen | None = None
        self._exam_screen: ExamScreen | None = None
        if plan is not None:
            self.session = Session.of(plan)
            self.played = replay(plan, law)
            self.view = show(self.played, law, plan.start.year)
            self._path_screen = PathScreen()
        for name, shown in ((PATH, self._path_shown), (EXAM, self._exam_shown)):
            self.add_mode(name, shown)  # pyright: ignore[reportUnknownMemberType]
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    async def on_mount(self) -> None:
        await self.switch_mode(PATH if self.has_path else EXAM)

    @property
    def has_path(self) -> bool:
        """Whether a scenario is open."""
        return self._path_screen is not None

    def idle(self) -> Mapping[str, str]:
        """By action of a key, why it can do nothing now."""
        no_path = _("no scenario is open; start with: trajectsim and the file of one")
        return {} if self.has_path else {"app.show_path": no_path}

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The keys again, by name; what only the screen can do is told it there."""
        for key in KEYS if isinstance(screen, PathScreen) else EXAM_KEYS:
            if key.action:
                yield SystemCommand(
                    key.text or key.help, key.help, partial(self.call_later, self.run_action, key.action)
                )

    async def action_show_path(self) -> None:
        """The path of the scenario."""
        if self.has_path:
            await self.switch_mode(PATH)
        else:
            self.notify(self.idle()["app.show_path"])

    async def action_show_exam(self) -> None:
        """The exam: what was on that screen; at first, and when another exam year is selected, that of the walk."""
        if not isinstance(self.screen, PathScreen):
            return
        if self._exam_screen is not None:
            self._exam_screen.offer(self._exam_of_walk())
        await self.switch_mode(EXAM)

    def action_show_nothing(self) -> None:
        """A screen of which the key is known, and nothing else yet."""
        self.notify(_("This screen is not there yet: 1 shows the path, 3 the exam."))

    async def action_quit(self) -> None:
        """Stop, at once if nothing is lost by it."""

        def take(answer: str | None) -> None:
            if answer:
                self.exit()

        if self._exam_screen is not None and self._exam_screen.exam.unsaved:
            text = _("There are marks that were typed and not saved; they go when you quit. On the exam, s saves them.")
            self.push_screen(Ask(_("Quit?"), text), take)
        else:
            self.exit()

    def _path_shown(self) -> Screen[None]:
        assert self._path_screen is not None
        return self._path_screen

    def _exam_shown(self) -> Screen[None]:
        # Here and not above: the exam needs columns of marks, which the path can do without.
        from trajectsim.tui.screens.exam import ExamScreen

        if self._exam_screen is None:
            self._exam_screen = ExamScreen(self._exam or self._exam_of_walk())
        return self._exam_screen

    def _exam_of_walk(self) -> Exam:
        from trajectsim.tui.examsource import of_walk

        return of_walk(self.played.walk, self.view.year, self.law)

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
        if self._path_screen is not None:
            self._path_screen.show()


def run_workbench(plan: Plan | None, law: Lawbook, title: str, exam: Exam | None = None) -> None:
    """Open the workbench on a plan or on an exam, until the person leaves it."""
    Workbench(plan, law, title, exam).run()
