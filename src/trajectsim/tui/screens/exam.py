"""The exam screen: the marks, the verdict that turns as they are typed, and what is still needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar

from attrs import evolve
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problems
from trajectsim.reading import path_of
from trajectsim.tui import examform
from trajectsim.tui.bench import Bench
from trajectsim.tui.examdesk import Exam, Work
from trajectsim.tui.examform import ExamForm, Form, SubjectForm
from trajectsim.tui.examkeys import idle, press
from trajectsim.tui.examlines import Wanted, look_ahead
from trajectsim.tui.exammarks import with_marks
from trajectsim.tui.examsheet import Sheet
from trajectsim.tui.examsource import blank, is_table, of_walk, open_file, open_text, save, table
from trajectsim.tui.examview import ExamView, show
from trajectsim.tui.help import Chapter, exam_help
from trajectsim.tui.keys import EXAM_KEYS
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.screens.fill import Fill
from trajectsim.tui.screens.prompts import Name, Search, replacing
from trajectsim.tui.state import State
from trajectsim.tui.viewmodel import Played
from trajectsim.tui.widgets.grid import Grid, GridPanel
from trajectsim.tui.widgets.keys import Keys
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.widgets.paint import entitle
from trajectsim.tui.widgets.told import Told
from trajectsim.words import _

ROOMY = 50
"""Lines from which there is room for what is behind a check that is met."""

PAUSE = 0.03
"""Seconds without a key after which it is worked out what is still needed."""


class ExamScreen(BenchScreen):
    """Shows an Exam. Every key gives another one; what is needed follows from a thread, the newest alone is shown."""

    ID = "exam"
    KEYS = EXAM_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,tab,shift+tab", "panel"),
        Binding("left_square_bracket", "press('left_square_bracket')"),
        Binding("right_square_bracket", "press('right_square_bracket')"),
        Binding("u,ctrl+z", "press('u')"),
        Binding("ctrl+y", "press('ctrl+y')"),
        Binding("x", "press('x')"),
        Binding("e", "form"),
        Binding("a", "add"),
        Binding("r", "subject"),
        Binding("w", "law"),
        Binding("o,ctrl+o", "open"),
        Binding("s,ctrl+s", "save"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.exam: Exam = _first(self.bench.state)
        self._offered = self.exam.work
        self._off: dict[tuple[str, int], set[str]] = {}
        self._followed: tuple[Played | None, SchoolYear | None] | None = None
        self.wanted: Wanted | None = None
        self.view: ExamView = self._shown()

    def body(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Told("result")
            yield Told("who")
        with Horizontal(id="exam"):
            with Vertical(id="left"):
                yield GridPanel(self._pressed)
                yield Outline("needs")
            yield Outline("verdict")
        yield Told("status", line=True)

    def entered(self) -> None:
        self.query_one(Grid).focus()
        self._look_ahead()

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    def _follow(self) -> None:
        """The exam of the path as it is played now, in the place of what it was; marks of one's own make place for it
        and come back with undo, and a class stays on the desk."""
        state = self.bench.state
        played, self._followed = self._followed, (state.played, state.year)
        if played == self._followed or state.played is None or state.year is None:
            return
        exam = of_walk(state.played.walk, state.year, state.law, self._off)
        offered, self._offered = self._offered, exam.work
        before = self.exam
        if before.work.walked:
            self.exam = before.instead(exam)
        elif exam.work != offered and not before.work.file:
            said = _("The exam of the path; u brings back what was here.")
            self.exam = before.opened(exam.work).saying(said)
        if _judged(self.exam) != _judged(before):
            self._look_ahead()

    def put(self, exam: Exam) -> None:
        """Another exam on the screen; marks of one on the path are put into the scenario."""
        if exam == self.exam:
            return
        before, self.exam = self.exam, exam
        document = self.bench.document
        if document is not None and exam.work.walked and before.work.walked and exam.sheet != before.sheet:
            try:
                marks = with_marks(document, before.sheet, exam.sheet, exam.law, typed=bool(exam.typed))
            except Problems as error:
                self.exam = before.saying(_told(error))
            else:
                self.exam = evolve(exam, kept=exam.work.sheets)
                self._take_off(before.sheet, exam.sheet)
                self.bench.edit(marks)
        elif exam.work.walked and not before.work.walked:
            self._followed = None  # it is older than the scenario may be
        if before.typed and not exam.typed:
            self.bench.pause()
        self.show()
        if _judged(self.exam) != _judged(before):
            self._look_ahead()

    def _take_off(self, before: Sheet, after: Sheet) -> None:
        """Remember what is on the list no more, which is else filled up again while the exam is not complete."""
        was, now = ({entry.code for entry in sheet.entries} for sheet in (before, after))
        off = self._off.setdefault((after.level, after.year), set())
        off |= was - now
        off -= now

    def show(self) -> None:
        """Print the exam, in the language that is spoken."""
        if not self.query(Outline):
            return
        self._follow()
        self.query_one(Keys).draw(self.idle())
        wide = self.has_class("-wide")
        self.view = view = self._shown(roomy=wide and self.size.height >= ROOMY)
        self.query_one("#result", Told).tell(view.headline)
        self.query_one("#who", Told).tell([(f"  {view.who} " if view.who else "", "head")])
        self.query_one("#status", Told).tell([(" ", ""), *view.prompt])
        self.query_one(GridPanel).draw(view)
        verdict, needs = self.query_one("#verdict", Outline), self.query_one("#needs", Outline)
        verdict.draw(view.verdict if wide else view.lines)
        needs.draw(view.needs if wide else ())
        entitle(verdict, _("Verdict") if wide else _("Verdict and what is needed"))
        entitle(needs, _("Still needed") + (" …" if view.waiting else ""))

    def _shown(self, *, roomy: bool = False) -> ExamView:
        beside = ""
        if self.bench.played is not None and self.exam.unsaved and not self.exam.work.walked:
            beside = _("Marks typed here do not change the path: its own stand in the scenario (7)")
        elif self.exam.work.walked and (wrong := self.bench.state.problems):
            beside = _("The path cannot be played with these marks: {problem}").format(problem=wrong[0].message)
        return show(self.exam, self.wanted, roomy=roomy, beside=beside)

    def idle(self) -> Mapping[str, str]:
        """By action of a key, why it can do nothing now."""
        own, bench = idle(self.exam), self.bench.idle()
        if self._in_scenario:
            own = {action: reason for action, reason in own.items() if action not in ("screen.save", _UNDO)}
            own |= {_UNDO: bench["app.undo"]} if "app.undo" in bench else {}
        return {**own, **bench}

    @property
    def _in_scenario(self) -> bool:
        """Whether the marks are those of the scenario, which undo and save are about then."""
        return self.bench.document is not None and self.exam.work.walked and not self.exam.loose

    # --- what is still needed

    def _look_ahead(self) -> None:
        self.run_worker(partial(self._looked_ahead, self.exam), exclusive=True, group="needed")

    async def _looked_ahead(self, exam: Exam) -> None:
        # A newer key cancels this one while it waits, and its result is dropped.
        await asyncio.sleep(PAUSE)
        self.wanted = await asyncio.to_thread(look_ahead, exam)
        self.show()

    # --- keys

    def _pressed(self, key: str, character: str | None) -> bool:
        """A key in the grid."""
        if key in _BACK and self._in_scenario and not self.exam.wrong:
            self.put(self.exam.done())
            _BACK[key](self.bench)
            self.put(self.exam.saying(self.bench.said))
            return True
        exam = press(self.exam, key, character)
        if exam is None:
            return False
        self.put(exam)
        return True

    @on(Grid.CellPicked)
    def _cell_picked(self, event: Grid.CellPicked) -> None:
        self.put(self.exam.at(event.row, event.slot))

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        """Narrow, what has the focus has the room."""
        self.set_class(any(outline.has_focus for outline in self.query(Outline)), "-reading")

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if not is_table(event.text):
            self.put(self.exam.paste(event.text))
            return
        try:
            self.put(open_text(event.text, self.exam.law).on(self.exam, self.exam.law))
        except Problems as error:
            self.put(self.exam.saying(_told(error)))

    def action_press(self, key: str) -> None:
        self._pressed(key, None)

    def action_panel(self) -> None:
        """From the marks to the verdict, to what is needed where that stands apart, and back."""
        outlines = (self.query_one("#verdict"), self.query_one("#needs"))
        panels = [self.query_one(Grid), *(outline for outline in outlines if outline.display)]
        here = next((n for n, panel in enumerate(panels) if panel.has_focus), -1)
        panels[(here + 1) % len(panels)].focus()

    async def action_law(self) -> None:
        """The rule behind the chosen line of the verdict, in the year of the exam."""
        rule = next((outline.rule for outline in self.query(Outline) if outline.has_focus), "")
        if rule and self._ready():
            await self.bench.read_rule(rule, SchoolYear(self.exam.sheet.exam - 1))

    def action_form(self) -> None:
        def take(form: Form | None) -> None:
            if form is not None:
                self.put(form.on(self.exam))

        if self._ready():
            self.bench.push_screen(Fill(ExamForm.of(self.exam)), take)

    def action_add(self) -> None:
        def take(code: str | None) -> None:
            if code:
                self.put(self.exam.add(code))

        if self._ready():
            find = partial(examform.subjects, self.exam.law, self.exam.sheet)
            self.bench.push_screen(Search(_("Add a subject"), find, _("code or name: econ, economie ...")), take)

    def action_subject(self) -> None:
        def take(form: Form | None) -> None:
            if form is not None:
                self.put(form.on(self.exam))

        if self._ready():
            form = SubjectForm.of(self.exam)
            if form is not None:
                self.bench.push_screen(Fill(form), take)

    def action_open(self) -> None:
        def take(text: str) -> str:
            return self._tried(lambda: open_file(path_of(text), self.exam.law).on(self.exam, self.exam.law))

        if self._ready():
            hint = _("enter opens · → completes · escape leaves it")
            self.bench.push_screen(Name(_("Open a table of marks (CSV) or a sheet (TOML)"), hint, take))

    def action_save(self) -> None:
        def write(path: Path) -> str:
            return self._tried(lambda: save(self.exam, path))

        if self._in_scenario and self._ready():
            self.call_later(self.bench.run_action, "app.save")
        elif self._ready() and "screen.save" not in self.idle():
            hint = _("enter saves · → completes · escape leaves it")
            name = self.exam.work.file if self.exam.work.file.lower().endswith(".csv") else ""
            self.bench.push_screen(
                Name(_("Save the marks as a table (CSV)"), hint, replacing(write, self.exam.work.file), name)
            )

    def _tried(self, make: Callable[[], Exam]) -> str:
        """Put what is made on the screen, or say what is wrong."""
        try:
            self.put(make())
        except Problems as error:
            return error.told
        return ""

    def action_language(self) -> None:
        self.exam = self.exam.saying("")  # it was said in the other one
        super().action_language()

    def chapters(self) -> Iterator[Chapter]:
        yield from exam_help()

    def unsaved(self) -> str:
        """The marks that stand in no file."""
        told = _("There are marks that were typed and not saved. On the exam screen (3), s saves them.")
        return told if self.exam.unsaved else ""

    def keeping(self) -> str:
        return _marks(self.exam) if self.exam.unsaved else ""

    def names(self) -> Iterable[str]:
        return [sheet.name for sheet in self.exam.work.sheets]

    def taken(self) -> None:
        self._off.clear()  # it was of another exam
        if self.bench.state.exam is not None:
            self.put(self.bench.state.exam)
        self._followed = None

    def _ready(self) -> bool:
        """Whether nothing wrong is being typed; what is typed is done with."""
        self.put(self.exam.done())
        return not self.exam.typed


_UNDO = "screen.press('u')"
_BACK: Mapping[str, Callable[[Bench], None]] = {
    "u": Bench.undo,
    "ctrl+z": Bench.undo,
    "ctrl+y": Bench.redo,
}
"""Keys that are of the scenario where the marks are."""


def _judged(exam: Exam) -> object:
    """What a verdict hangs on."""
    return exam.sheet, exam.work.offered


def _marks(exam: Exam) -> str:
    """All marks as a table."""
    return table(exam.work.sheets, exam.law, exam.clock)


def _first(state: State) -> Exam:
    """What is shown at first: the marks that were opened, the exam of the walk, an empty list."""
    if state.exam is not None:
        return state.exam
    if state.played is not None and state.year is not None:
        return of_walk(state.played.walk, state.year, state.law)
    return Exam.of(state.law, Work((blank(state.law),)))


def _told(error: Problems) -> str:
    first, *more = error.problems
    text = f"{first.where} {first.message}"
    return _("{problem} (and {n} more)").format(problem=text, n=len(more)) if more else text
