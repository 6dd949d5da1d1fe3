"""What the screens know of the workbench: the state, how it is changed, and who is told. It knows no screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from attrs import evolve
from textual.app import App

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan
from trajectsim.tui.compareview import Side
from trajectsim.tui.document import Document
from trajectsim.tui.state import State
from trajectsim.tui.table import BY_ID
from trajectsim.tui.viewmodel import PathView, Played, flip
from trajectsim.tui.widgets.paint import THEMES
from trajectsim.words import _


class Bench(App[None]):
    """Holds the state. A change is shown at once where it is one of the text, and played in a thread; only the newest
    result is shown. ``told`` is called after each change of what is shown."""

    state: State
    view: PathView | None = None
    said: str = ""
    """What was said last about what was done; the status line of a screen shows it."""

    changes: int = 0
    """How often something that is shown has changed."""

    came_from: str = ""
    """The screen that was shown before this one."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state
        self.looked()

    @property
    def dressed(self) -> int:
        """How many times the styles were changed: a screen that is made now has them all."""
        return self._css_update_count

    @property
    def unseen(self) -> bool:
        """Whether what is drawn now would not be shown, because more is to come."""
        return self._batch_count > 0

    @property
    def law(self) -> Lawbook:
        """The law that the scenario is played under, reforms and all."""
        return self.state.law

    @property
    def document(self) -> Document | None:
        return self.state.document

    @property
    def played(self) -> Played | None:
        return self.state.played

    def told(self) -> None:
        """Something that is shown has changed."""
        raise NotImplementedError

    def written(self) -> None:
        """The text of the scenario has changed, and what follows from it is going to be told."""
        raise NotImplementedError

    async def go_back(self) -> None:
        """To the screen that was shown before this one."""
        raise NotImplementedError

    async def read_rule(self, rule: str, year: SchoolYear) -> None:
        """A rule on the law screen, as it answers in a school year."""
        raise NotImplementedError

    # --- files

    def recent(self) -> list[str]:
        """Files that were opened, the last one first."""
        raise NotImplementedError

    def open_file(self, name: str) -> str:
        """Put another file on the workbench; what is wrong with that, or nothing."""
        raise NotImplementedError

    def take(self, state: State) -> None:
        """Work on something else."""
        raise NotImplementedError

    def unless_unsaved(self, then: Callable[[], object]) -> None:
        """Do it, at once or when somebody says that what is not saved may be lost."""
        raise NotImplementedError

    def look_at(self, plan: Plan, law: Lawbook, name: str, beside: Side) -> None:
        """Put the walk of a plan on the path screen, with another kept beside to compare it with."""
        raise NotImplementedError

    # --- changing the scenario

    def edit(self, document: Document, patience: float = 0.0) -> None:
        """Take another version of the scenario: its text at once, what follows from it as soon as it is played, or
        after seconds in which nothing else comes."""
        if document is self.document:
            return
        self.state = evolve(self.state, document=document)
        self.run_worker(partial(self._played_again, document, patience), exclusive=True, group="play")
        self.written()

    def change(self, text: str, said: str) -> None:
        """Give the scenario another text; ``said`` is what was done, in words, as undo tells it."""
        if self.document is not None:
            self.edit(self.document.changed(text, said))

    def attempt(self, make: Callable[[Document], Document]) -> None:
        """Change the scenario in a way that may turn out not to be possible; then it is said why."""
        if self.document is None:
            self.notify(_("no scenario is open; 7 lists them"))
            return
        try:
            self.edit(make(self.document))
        except Problems as found:
            self.notify("\n".join(f"{each.message}. {each.hint}" for each in found.problems), severity="warning")

    def flip(self) -> None:
        """Turn the highlighted measure on or off."""
        played, view = self.played, self.view
        if played is not None and view is not None and view.rows:
            self.attempt(lambda document: flip(document, played, view.year, self.law.measures[view.row.id]))

    def keep(self) -> None:
        """Keep this walk beside, to compare with what becomes of the scenario."""
        self.state = self.state.keeping()
        if self.state.kept:
            self.notify(_("kept: {name}; 4 compares").format(name=self.state.kept[-1].name))
            self.told()

    def undo(self) -> None:
        """Take back the last change, whichever screen made it."""
        if self.document is not None:
            undone = self.document.now.said
            self._stepped(self.document.undo(), _("undone: {what}").format(what=undone) if undone else "")

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.document is not None:
            after = self.document.redo()
            self._stepped(after, _("done again: {what}").format(what=after.now.said) if after.now.said else "")

    def _stepped(self, document: Document, said: str) -> None:
        same = document is self.document
        self.said = _("nothing to undo or to do again") if same else said
        if same:
            self.told()
        else:
            self.edit(document)

    def pause(self) -> None:
        """What is typed from here on is taken back by itself."""
        if self.document is not None:
            self.state = evolve(self.state, document=self.document.paused())

    async def _played_again(self, document: Document, patience: float = 0.0) -> None:
        # A newer change cancels this one while it waits, and its result is dropped.
        if patience:
            await asyncio.sleep(patience)
        state = await asyncio.to_thread(self.state.replayed, document)
        now = self.document
        if now is not None and now.text == document.text:
            self.state = evolve(self.state, played=state.played, problems=state.problems, year=state.year)
            self.looked()
            self.told()

    # --- looking

    def go_to(self, year: SchoolYear) -> None:
        """Select a school year, or the nearest one on the map."""
        before, self.state = self.state.year, self.state.at(year)
        if self.state.year != before:
            self.looked()
            self.told()

    def choose(self, cursor: int) -> None:
        """Highlight a measure; nothing else of the view changes."""
        if self.view is not None:
            self.view = self.view.with_cursor(cursor)
            self.state = evolve(self.state, cursor=self.view.cursor)

    def other_language(self) -> None:
        """Speak the other language. Reasons are put in words while a plan is played, so it is played again."""
        words.use(words.LANGUAGES[1 - words.LANGUAGES.index(words.language())])
        self.looked()
        if self.document is not None:
            self.run_worker(partial(self._played_again, self.document), exclusive=True, group="play")
        self.told()

    def other_theme(self) -> None:
        """The next of the themes."""
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.told()

    def looked(self) -> None:
        """Make the view of the path anew."""
        self.view = self.state.view() if self.state.played is not None else None

    # --- what can be done

    def idle(self) -> Mapping[str, str]:
        """By action of a key, why it can do nothing now."""
        told = {entry.action: reason for entry in BY_ID.values() if (reason := self.state.lacks(entry))}
        if no_walk := self.state.lacks(BY_ID["path"]):
            told["app.hand_out"] = no_walk
        document = self.document
        if document is None or not document.past:
            told["app.undo"] = _("nothing was changed yet")
        if document is None or not document.future:
            told["app.redo"] = _("nothing was taken back")
        if self.no_color:
            told["screen.theme"] = _("there are no colours, for NO_COLOR is set")
        return told
