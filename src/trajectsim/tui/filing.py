"""The part of the workbench that sees to it that nothing is lost: opening, saving, keeping work, leaving, crashing."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

from attrs import evolve

from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan
from trajectsim.reading import absolute, path_of, read_text
from trajectsim.tui import hangup
from trajectsim.tui.bench import Bench
from trajectsim.tui.compareview import Side
from trajectsim.tui.document import Document
from trajectsim.tui.memory import Kept, Memory, now
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.screens.prompts import Ask, Name, Recover, Tell, replacing
from trajectsim.tui.state import State
from trajectsim.tui.table import BY_ID
from trajectsim.tui.viewmodel import replay
from trajectsim.words import _, day_and_time

EVERY = 2.0
"""Seconds after which work that is not saved is kept again, if it has changed."""


class Filing(Bench):
    """``memory`` is where work is kept between times; without one nothing is remembered. ``terminal`` is the stream
    that ends when nobody is there any more; None is for one that cannot end."""

    def __init__(self, state: State, memory: Memory | None, *, autosave: bool = True) -> None:
        super().__init__(state)
        self.memory = memory
        self._autosave = autosave
        self._kept: tuple[str, str, str] | None = None
        self.report: Path | None = None
        self._there: str | None = None
        self.terminal: int | None = None

    def there(self) -> Iterable[BenchScreen]:
        """The screens that were made."""
        raise NotImplementedError

    def begin(self) -> None:
        """Once the first screen is there: work that was left is offered, and who is here for the first time greeted."""
        if self.memory is None:
            return
        if self.document is not None and self.document.file:
            self.memory.opened(self.document.file)
        if self._autosave:
            self.set_interval(EVERY, self._keep_changed)
        left = self.memory.left()
        if left:
            self._offer(left)
        elif not self.memory.recalled().get("welcomed"):
            self.memory.remember(welcomed=True)
            self.push_screen(Tell(_("Welcome to trajectsim"), _welcome()))

    # --- opening

    def action_open(self) -> None:
        hint = _("enter opens · → completes · escape leaves it")
        title = _("Open a scenario (TOML) or marks (CSV)")
        self.unless_unsaved(lambda: self.push_screen(Name(title, hint, self.open_file)))

    def open_file(self, name: str) -> str:
        """Put another file on the workbench; what is wrong with that, or nothing."""
        path = path_of(name)
        try:
            self.take(State.opened(path, self.state.base))
        except Problems as error:
            return error.told
        if self.memory is not None:
            self.memory.opened(str(path))
        return ""

    def recent(self) -> list[str]:
        return self.memory.recent() if self.memory is not None else []

    def look_at(self, plan: Plan, law: Lawbook, name: str, beside: Side) -> None:
        def then() -> None:
            played = replay(plan, law)
            state = State(self.state.base, played=played, year=plan.start.year, name=name)
            self.state = evolve(self.state, kept=(*self.state.kept, beside))
            self.take(state)
            self.call_later(self.run_action, BY_ID["path"].action)

        self.unless_unsaved(then)

    def take(self, state: State) -> None:
        """Work on something else; walks that were kept beside stay."""
        self.state = evolve(state, kept=self.state.kept)
        self.looked()
        for screen in self.there():
            screen.taken()
        self.told()

    # --- saving

    def action_save(self) -> None:
        """Save the scenario in its file; a new one is asked for a name."""
        document = self.document
        if document is None:
            self.notify(_("no scenario is open; 7 lists them"))
        elif not document.file:
            self.action_save_as()
        elif self._changed_elsewhere(document):
            told = _("{file} was changed by another program; s once more replaces what is there now")
            self.notify(told.format(file=document.name), severity="warning", timeout=8)
        elif wrong := self._written(Path(document.file)):
            self.notify(wrong, severity="error")
        else:
            self.notify(_("saved: {file}").format(file=document.name))

    def _changed_elsewhere(self, document: Document) -> bool:
        """Whether the file has become another than was opened or saved here, and nobody was told so yet."""
        try:
            there = read_text(Path(document.file))
        except Problems:
            return False
        told, self._there = self._there, there
        return there not in (document.saved, document.text, told)

    def action_save_as(self) -> None:
        document = self.document
        if document is None:
            self.notify(_("no scenario is open; 7 lists them"))
        else:
            hint = _("enter saves · → completes · escape leaves it")
            take = replacing(self._written, document.file)
            self.push_screen(Name(_("Save the scenario as"), hint, take, document.file))

    def _written(self, path: Path) -> str:
        """Write the scenario; what is wrong, or nothing."""
        if self.document is None:
            return ""
        if path.suffix.lower() != ".toml":
            return _("a scenario is saved in a file that ends in .toml")
        try:
            self.edit(self.document.written(path))
        except Problems as error:
            return error.told
        if self.memory is not None:
            self.memory.opened(str(path))
        return ""

    def action_hand_out(self) -> None:
        """A hand-out of the walk: a file that is asked for or, in a browser, one that it is given."""
        from trajectsim.tui import handing

        state = self.state

        def write(path: Path) -> str:
            wrong = handing.write(state, path)
            if not wrong:
                self.notify(_("written, without the name of the pupil: {file}").format(file=path))
            return wrong

        if no_walk := state.lacks(BY_ID["path"]):
            self.notify(no_walk)
        elif self.is_web:
            self.deliver_text(StringIO(handing.page(state)), save_filename=handing.proposed(), mime_type="text/html")
        else:
            title = _("Hand-out without a name: .html (for A4), .md, .svg (map)")
            self.push_screen(
                Name(title, _("enter saves · → completes · escape leaves it"), replacing(write), handing.proposed())
            )

    # --- leaving

    async def action_quit(self) -> None:
        """Stop, at once if nothing is lost by it."""
        self.unless_unsaved(self._leave)

    def _leave(self) -> None:
        if self.memory is not None:
            self.memory.drop()
        self.exit()

    def unless_unsaved(self, then: Callable[[], object]) -> None:
        """Do it, at once or when somebody says that what is not saved may be lost."""
        lost = list(self._lost())

        def take(answer: str | None) -> None:
            if answer:
                then()

        if lost:
            self.push_screen(Ask(_("Go on without saving?"), "\n".join(lost)), take)
        else:
            then()

    def _lost(self) -> Iterator[str]:
        if self.document is not None and self.document.unsaved:
            name = self.document.name or _("new scenario")
            told = _("{file} has changes that are not saved; escape goes back, and there s saves them.")
            yield told.format(file=name)
        yield from filter(None, (screen.unsaved() for screen in self.there()))

    # --- keeping

    def _work(self) -> Kept:
        """What would be lost now."""
        marks = "".join(screen.keeping() for screen in self.there())
        document = self.document
        if document is None or not document.unsaved:
            return Kept(now(), marks=marks)
        file = str(absolute(document.file)) if document.file else ""
        return Kept(now(), file, document.text, document.saved, document.variant, marks)

    def _keep_changed(self) -> None:
        work = self._work()
        if work.work != self._kept:
            self._keep(work)

    def _keep(self, work: Kept) -> None:
        if self.memory is None:
            return
        self._kept = work.work
        if work.text or work.marks:
            self.memory.keep(work)
        else:
            self.memory.drop()

    def _offer(self, left: list[tuple[Path, Kept]]) -> None:
        memory = self.memory

        def take(answer: tuple[str, int] | None) -> None:
            if answer is None or memory is None:
                return
            what, index = answer
            file, kept = left[index]
            if what == "back":
                self._recovered(kept)
                self._keep(self._work())
            memory.forget(file)
            rest = [each for n, each in enumerate(left) if n != index]
            if what == "forget" and rest:
                self._offer(rest)

        self.push_screen(Recover([_told(kept) for _file, kept in left]), take)

    def _recovered(self, kept: Kept) -> None:
        """Go on with work that was left."""
        law, state = self.state.base, self.state
        if kept.text:
            try:
                there = Document.opened(Path(kept.file)).text if kept.file else ""
            except Problems:
                there = ""
            state = State.of(evolve(Document.of(kept.text, kept.file, there), variant=kept.variant), law, state.exam)
        if kept.marks:
            from trajectsim.tui.examsource import open_text

            try:
                opened = open_text(kept.marks, law)
            except Problems as error:
                self.notify(error.told, severity="error")
            else:
                state = evolve(state, exam=evolve(opened.on(None, law), loose=True))
        self.take(state)

    # --- a terminal that goes away

    def listen(self) -> None:
        """End with the work kept when the terminal goes away, or the system asks for it."""
        if self.terminal is None or self._loop is None:
            return
        hangup.watch(self.terminal, self.hung_up)
        for name in ("SIGHUP", "SIGTERM"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                with suppress(NotImplementedError):  # the loop of Windows hears no signals
                    self._loop.add_signal_handler(number, self.hung_up)

    def hung_up(self) -> None:
        """Nobody is there any more: the work is kept, to be offered next time, and all ends. From any thread."""
        self._keep(self._work())
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.exit)

    def panic(self, *renderables: Any) -> None:
        """Where the terminal is gone there is nothing to be read from it any more, and that is no fault."""
        if self.terminal is None or not hangup.gone(self.terminal):
            super().panic(*renderables)

    # --- crashing

    def _handle_exception(self, error: Exception) -> None:
        """Keep the work, write a report without names, and say both, in the place of what Textual prints: that has the
        values of variables, and so the pupil."""
        work = None
        try:
            if self.memory is not None:
                work = self._work()
                self._keep(work)
                about = [("screen", str(self.current_mode)), ("size", str(self.size)), ("theme", str(self.theme))]
                self.report = self.memory.report(error, about, self._names())
        finally:
            self._return_code = 1
            if self._exception is None:
                self._exception = error
                self._exception_event.set()  # pyright: ignore[reportUnknownMemberType]
            self.panic("\n".join(self._crashed(error, kept=bool(work and (work.text or work.marks)))))

    def _crashed(self, error: Exception, *, kept: bool) -> Iterator[str]:
        yield _("trajectsim has stopped by a fault of its own: {error}").format(error=type(error).__name__)
        if kept:
            yield _("Your work is kept: it is offered when you open trajectsim again.")
        if self.report is not None:
            yield _("What went wrong stands, without names of pupils, in {file}").format(file=self.report)

    def _names(self) -> Iterator[str]:
        """What must not be in a report: names of pupils, titles, files, which may have one."""
        played, document = self.state.played, self.document
        if played is not None:
            yield played.plan.pupil.name
        yield self.state.title
        if document is not None:
            yield from filter(None, (document.file, Path(document.file).stem))
        for screen in self.there():
            yield from screen.names()


def _told(kept: Kept) -> str:
    """Work that was left, in a sentence."""
    parts = [Path(kept.file).name or _("new scenario")] if kept.text else []
    parts += [_("marks")] if kept.marks else []
    return _("{when}: {what}").format(when=day_and_time(kept.when), what=", ".join(parts))


def _welcome() -> tuple[tuple[str, str], ...]:
    """What somebody has to know who never used such a program: five keys, and that nothing can be broken."""
    return (
        ("", _("A pupil's path through school, year by year, and what measures would change in it.")),
        ("1-7", _("the screens, named in the line at the top; a click does the same")),
        ("←→↑↓", _("go from year to year, and from line to line")),
        (_("space"), _("turn the chosen measure on or off: the path changes at once")),
        ("u", _("take back whatever you did; nothing is written to a file until you save")),
        ("?", _("what can be done on the screen you are on, and why something cannot")),
        ("q", _("quit")),
    )
