"""The screen of scenarios: the library; beside it what a file shows, its text, or what came of running it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from time import monotonic
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import ScreenResume
from textual.widgets import Input, TextArea
from textual.worker import Worker

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Place, Problem
from trajectsim.reading import absolute
from trajectsim.report.runs import status_of, summary
from trajectsim.scenario.run import Ran, run_file
from trajectsim.scenario.templates import begun
from trajectsim.tui.document import Document
from trajectsim.tui.help import Chapter, library_help
from trajectsim.tui.keys import SCENARIO_KEYS
from trajectsim.tui.library import (
    Glance,
    Item,
    Shelf,
    Told,
    empty,
    faults,
    found,
    glance,
    library_folder,
    progress,
    run_lines,
    runnable,
    said_of_file,
    said_of_text,
    shelf,
    short,
)
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.screens.interview import Interview
from trajectsim.tui.screens.late import late
from trajectsim.tui.state import State
from trajectsim.tui.widgets.editor import Editor
from trajectsim.tui.widgets.glance import GlancePanel
from trajectsim.tui.widgets.paint import entitle
from trajectsim.tui.widgets.rows import Row, Rows, hanging, row
from trajectsim.tui.widgets.shelf import shelf_rows
from trajectsim.tui.widgets.told import Told as Status
from trajectsim.words import _

GLANCING, WRITING, RUNNING = "glancing", "writing", "running"
PAUSE = 0.12
"""Seconds without a key after which a text is looked through, and a file is looked at that comes soon after another."""
REST = 1.0
"""Seconds without a key after which what is typed next is taken back by itself."""


class ScenariosScreen(BenchScreen):
    """Shows the library and the text of the document of the workbench."""

    ID = "scenarios"
    START = f"-{GLANCING}"
    TEXT = True
    KEYS = SCENARIO_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back"),
        Binding("slash", "search"),
        Binding("e", "write"),
        Binding("n", "new"),
        Binding("r", "run(False)"),
        Binding("R", "run(True)"),
        Binding("f8", "next_fault"),
        Binding("up", "pick(-1)"),
        Binding("down", "pick(1)"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._shelf = Shelf(library_folder(), (), ())
        self._read = False
        self._ran: list[Ran] = []
        self._results: dict[str, Told] = {}
        self._faults: tuple[Problem, ...] = ()
        self._seen: tuple[str, str] = ("", "")
        self._job: Worker[None] | None = None
        self._glances = 0.0

    @classmethod
    def beforehand(cls) -> None:
        """Files that were read are known until they change."""
        shelf(library_folder(), (), whole=False)

    def body(self) -> ComposeResult:
        with Horizontal(id="library"):
            with Vertical(id="shelf"):
                yield Input(id="find", compact=True)
                yield Rows("files")
            with Vertical(id="right"):
                yield GlancePanel()
                with Vertical(id="writing"):
                    yield Editor()
                    wrong = Rows("faults")
                    wrong.display = False
                    yield wrong
                with Vertical(id="running"):
                    yield Status("bar", line=True)
                    yield Rows("ran")
        yield Status("status", line=True)

    def entered(self) -> None:
        if self.bench.state.problems:
            self.action_write()
        else:
            self.query_one("#files", Rows).focus()

    # --- what it shows

    @property
    def mode(self) -> str:
        """What is at the right: one of GLANCING, WRITING, RUNNING."""
        return next((mode for mode in (WRITING, RUNNING) if self.has_class(f"-{mode}")), GLANCING)

    def show(self) -> None:
        document, editor = self.bench.document, self.query_one(Editor)
        self.query_one("#find", Input).placeholder = _("/ searches: title, tag, file")
        if document is not None:
            with self.prevent(TextArea.Changed):
                editor.put(document.text, fresh=document.file != self._seen[1] or not self._seen[0])
            if (document.text, document.file) != self._seen:
                self._look_through()
        theme = self.bench.current_theme
        if editor.theme != f"of-{theme.name}":
            editor.dress(theme)
        self._list()

    def idle(self) -> Mapping[str, str]:
        told = dict(super().idle())
        if self.bench.document is None and not self._picked():
            told["screen.write"] = told["screen.run(False)"] = _("no scenario is chosen")
        if not self._shelf.items:
            told["screen.run(True)"] = _("there is no scenario in this folder")
        if not self._faults:
            told["screen.next_fault"] = _("nothing is wrong with the text")
        return told

    def chapters(self) -> Iterator[Chapter]:
        yield from library_help()

    def _entitle(self) -> None:
        document = self.bench.document
        entitle(self.query_one("#shelf"), _("Scenarios in {folder}").format(folder=short(library_folder())))
        name = "" if document is None else document.file or _("new scenario")
        entitle(self.query_one("#writing"), name + (" ●" if document and document.unsaved else ""))
        entitle(self.query_one("#running"), _("Results"))
        self.query_one("#status", Status).tell([(" ", ""), *self._said()])

    def _said(self) -> Iterator[tuple[str, str]]:
        if self.mode == WRITING:
            return said_of_text(len(self._faults))
        if self.mode == RUNNING:
            return iter([(_("enter goes to the place in the file · esc goes back"), "")])
        return said_of_file(self._picked(), self._shelf if self._read and not self._shelf.items else None)

    # --- the list

    @on(ScreenResume)
    def _reread(self) -> None:
        """Look at the folder again: files come and go."""
        self.run_worker(self._looked_again, exclusive=True, group="shelf")

    async def _looked_again(self) -> None:
        """The first time by what the files begin with, and by all that is in them once there is time for it."""
        whole = self._read
        there = await asyncio.to_thread(shelf, library_folder(), self.bench.recent(), whole=whole)
        if not self._read or there != self._shelf:
            self._shelf, self._read = there, True
            self.refreshed()
        if not whole:
            self.run_worker(self._looked_closer, exclusive=True, group="closer")

    async def _looked_closer(self) -> None:
        await asyncio.sleep(REST)
        await self._looked_again()

    def _list(self) -> None:
        rows, asked = self.query_one("#files", Rows), self.query_one("#find", Input).value
        made = shelf_rows(self._shelf, asked, self._is_open, rows.scrollable_content_region.width)
        if not made:
            nothing = empty(library_folder()) if self._read else _("looking ...")
            text = _("nothing has all of these words") if asked else nothing
            made = [row("none", [(text, "greyed")], enabled=False)]
        rows.put(made, rows.highlighted or self._of_document(made))
        self._glance_later()
        self._entitle()

    def _of_document(self, made: Iterable[Row]) -> str | None:
        """The row of the file that is open."""
        keys = (each.key for each in made if each.enabled)
        return next((key for key in keys if self._is_open(key.partition("/")[2])), None)

    def _is_open(self, file: str) -> bool:
        """Whether a file is the one of the scenario that is open."""
        document = self.bench.document
        return document is not None and bool(document.file) and absolute(document.file) == absolute(file)

    @on(Rows.Resized, "#files")
    def _other_room(self) -> None:
        """Titles are cut for the room there is, which is known only once the list has its place."""
        self.call_after_refresh(self.refreshed)

    def _picked(self) -> Item | None:
        rows = self.query("#files")
        key = rows.first(Rows).highlighted if rows else None
        file = key.partition("/")[2] if key else ""
        return next((item for item in (*self._shelf.recent, *self._shelf.items) if item.file == file), None)

    @on(Input.Changed, "#find")
    def _asked(self) -> None:
        self._list()

    @on(Input.Submitted, "#find")
    def _searched(self) -> None:
        self.query_one("#files", Rows).focus()

    @on(Rows.Highlighted, "#files")
    def _highlighted(self) -> None:
        if self.mode != WRITING:
            self._turn(GLANCING)
        self._glance_later()
        self._entitle()

    @on(Rows.Chosen, "#files")
    def _chosen(self) -> None:
        item = self._picked()
        if item is not None:
            self._open(item.file, then=self._go_on)

    async def _go_on(self) -> None:
        """To the screen that shows what was opened."""
        await self.bench.run_action("app.show_first")

    def _open(self, file: str, then: object = None, place: Place | None = None) -> None:
        """Put a file on the bench, unless it is there; then do what comes after."""

        def opened() -> None:
            wrong = self.bench.open_file(file)
            if wrong:
                self.notify(wrong, severity="error", timeout=8)
            else:
                after()

        def after() -> None:
            if place is not None:
                self.query_one(Editor).go_to(place.line, place.column)
            if callable(then):
                self.call_later(then)

        if self._is_open(file):
            after()
        else:
            self.bench.unless_unsaved(opened)

    # --- a glance

    def _glance_later(self) -> None:
        item = self._picked()
        if item is None:
            self.query_one(GlancePanel).draw(Glance(""))
        elif self.mode == GLANCING:
            before, self._glances = self._glances, monotonic()
            patience = PAUSE if self._glances - before < PAUSE else 0.0
            self.run_worker(partial(self._glanced, item, patience), exclusive=True, group="glance")

    async def _glanced(self, item: Item, patience: float) -> None:
        await asyncio.sleep(patience)
        seen = await asyncio.to_thread(glance, item, self.bench.state.base, self.bench.played)
        with late():
            self.query_one(GlancePanel).draw(seen)

    # --- the text

    @on(TextArea.Changed)
    def _typed(self) -> None:
        document, text = self.bench.document, self.query_one(Editor).heard()
        if document is not None and text != document.text:
            self.bench.edit(document.changed(text, _("typed"), typed=True), patience=PAUSE)
            self.run_worker(self._rested, exclusive=True, group="rest")

    async def _rested(self) -> None:
        await asyncio.sleep(REST)
        self.bench.pause()

    def _look_through(self) -> None:
        document = self.bench.document
        if document is not None:
            self._seen = (document.text, document.file)
            self.run_worker(partial(self._looked, document.text, document.file), exclusive=True, group="faults")

    async def _looked(self, text: str, file: str) -> None:
        await asyncio.sleep(PAUSE)
        before, self._faults = self._faults, await asyncio.to_thread(faults, text, file)
        if not before and not self._faults:
            return  # nothing was wrong, and nothing is: there is nothing to draw
        with late():
            self.query_one(Editor).tell(problem for problem in self._faults if problem.file in ("", file))
            self.query_one("#faults", Rows).display = bool(self._faults)
            self._list_faults()
            self._entitle()

    @on(Rows.Resized, "#faults")
    def _list_faults(self) -> None:
        rows = self.query_one("#faults", Rows)
        told = (hanging(str(n), "✗", "no", each.told, rows.room) for n, each in enumerate(self._faults))
        rows.put([*told], rows.highlighted)

    @on(Rows.Chosen, "#faults")
    def _fault_chosen(self, event: Rows.Chosen) -> None:
        self._go_to(self._faults[int(event.key)].place)

    def _go_to(self, place: Place | None) -> None:
        if place is not None:
            editor = self.query_one(Editor)
            editor.go_to(place.line, place.column)
            editor.focus()

    # --- running

    async def _run(self, files: list[str]) -> None:
        law, self._ran, self._results = self.bench.state.base, [], {}
        bar, rows = self.query_one("#bar", Status), self.query_one("#ran", Rows)
        for n, file in enumerate(files):
            bar.tell(progress(n, len(files)))
            for ran in await asyncio.to_thread(run_file, Path(file), law):
                self._ran.append(ran)
                for each in run_lines(ran):
                    self._results[each.key] = each
            self._list_results()
        bar.tell([(summary(self._ran), "head")])
        rows.put(rows.rows, next((ran.name for ran in self._ran if status_of(ran).value in _SORRY), None))

    @on(Rows.Resized, "#ran")
    def _list_results(self) -> None:
        rows = self.query_one("#ran", Rows)
        told = self._results.values()
        rows.put([hanging(e.key, e.sign, e.role, e.text, rows.room) for e in told], rows.highlighted)

    @on(Rows.Chosen, "#ran")
    def _result_chosen(self, event: Rows.Chosen) -> None:
        told = self._results.get(event.key)
        if told is not None:
            self._open(told.file, then=self.action_write, place=told.place)

    # --- keys

    def _turn(self, mode: str) -> None:
        for each in (GLANCING, WRITING, RUNNING):
            self.set_class(each == mode, f"-{each}")

    def action_search(self) -> None:
        self.query_one("#find", Input).focus()

    def action_pick(self, by: int) -> None:
        self.query_one("#files", Rows).action_move(by)

    def action_back(self) -> None:
        """From the text, the results or the search to the list; what runs is stopped."""
        if self._job is not None and self._job.is_running:
            self._job.cancel()
            self.query_one("#bar", Status).tell([(_("stopped; {summary}").format(summary=summary(self._ran)), "head")])
            return
        asked = self.query_one("#find", Input)
        if asked.has_focus and asked.value:
            asked.value = ""
        self._turn(GLANCING)
        self.query_one("#files", Rows).focus()
        self._glance_later()
        self._entitle()

    def action_write(self) -> None:
        """The text of what is chosen."""
        item, document = self._picked(), self.bench.document
        listed = self.query_one("#files").has_focus_within or self.query_one("#files").has_focus
        if item is not None and item.kind != "marks" and (document is None or (listed and self.mode == GLANCING)):
            self._open(item.file, then=self._write)
        elif document is not None:
            self._write()
        else:
            self.notify(
                _("no scenario is chosen") if item is None else _("marks have their own screen: enter opens it")
            )

    def _write(self) -> None:
        self._turn(WRITING)
        self.query_one(Editor).focus()
        self._entitle()

    def action_next_fault(self) -> None:
        """To the next problem after the cursor, around the end."""
        row_, column = self.query_one(Editor).cursor_location
        places = [problem.place for problem in self._faults if problem.place is not None]
        after = [place for place in places if (place.line - 1, place.column - 1) > (row_, column)]
        self._write()
        self._go_to(next(iter((*after, *places)), None))

    def action_run(self, every: bool) -> None:
        """Run what is chosen, or all that is listed."""
        item, document = self._picked(), self.bench.document
        if not every and document is not None and (self.mode == WRITING or item is None) and document.file:
            files = [document.file]
        else:
            files = runnable(found(self._shelf.items, self.query_one("#find", Input).value) if every else [item])
        if not files:
            self.notify(_("a cohort is run on screen 5, marks are judged on screen 3"))
            return
        if document is not None and document.unsaved and any(map(self._is_open, files)):
            self.notify(_("what is not saved is not run: s saves it first"), severity="warning")
        self._turn(RUNNING)
        self.query_one("#ran", Rows).focus()
        self._entitle()
        self._job = self.run_worker(partial(self._run, files), exclusive=True, group="run")

    def action_new(self) -> None:
        """A few questions, and then its text."""

        def take(answer: tuple[str, str, str, str] | None) -> None:
            if answer is not None:
                template, title, born, at = answer
                year = SchoolYear.on(date.today()) if template == "start" else None
                text = begun(template, title, born, at=at or "po/1", year=year)
                self.bench.take(State.of(Document.of(text), self.bench.state.base, self.bench.state.exam))
                self._write()

        self.bench.unless_unsaved(lambda: self.bench.push_screen(Interview(self.bench.state.base), take))


_SORRY = frozenset({"failed", "unusable", "wip-passed"})
