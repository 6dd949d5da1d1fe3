"""The cohort screen: policies at the left, what comes of them at the right, a figure drawn beneath it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from trajectsim.errors import Problems
from trajectsim.pace import Pace
from trajectsim.tui.cohortview import CohortDesk, CohortView, show
from trajectsim.tui.compareview import Side
from trajectsim.tui.deskkeys import COHORT_KEYS, cohort_help
from trajectsim.tui.help import Chapter
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.screens.prompts import Search
from trajectsim.tui.widgets.bands import Figure
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.widgets.paint import entitle
from trajectsim.tui.widgets.policies import Policies
from trajectsim.tui.widgets.rows import Rows
from trajectsim.tui.widgets.told import Told
from trajectsim.words import N_, _, language

if TYPE_CHECKING:  # what runs a cohort is imported when one is run: it takes as long as the screen itself
    from trajectsim.tui.cohortexamples import Example

STOPPED = N_("stopped before it was done")
TICK = 0.2
"""Seconds between two looks at how far a run is."""


class CohortScreen(BenchScreen):
    """Shows a CohortDesk. A run is made by another process and watched from here, so that the screen stays awake."""

    ID = "cohort"
    KEYS = COHORT_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "choose", priority=True),
        Binding("r", "run"),
        Binding("x,escape", "cancel"),
        Binding("plus,equals_sign", "size(1)"),
        Binding("minus", "size(-1)"),
        Binding("e", "examples"),
        Binding("v", "world"),
        Binding("w", "moves"),
    ]

    where: ClassVar[str] = "processes"
    """Where a run is worked, one of ``cohort.executors``."""

    view: CohortView | None = None

    def __init__(self) -> None:
        super().__init__()
        self.desk: CohortDesk | None = None
        self._made_of = ("", "")
        self._busy = False
        self._stop = False
        self._pace = Pace()
        self._said = ""

    def body(self) -> ComposeResult:
        with Horizontal(id="cohort"):
            yield Policies()
            with Vertical(id="outcome"):
                yield Outline("figures-of")
                yield Figure()
        yield Told("status")

    def on_mount(self) -> None:
        self.query_one(Policies).focus()
        self.set_interval(TICK, self._tick)

    def on_unmount(self) -> None:
        self._stop = True  # what is being worked at is finished, and no more

    def show(self) -> None:
        self._take_up()
        desk = self.desk
        if desk is None:
            return
        self.view = view = show(desk, running=self._busy)
        policies = self.query_one(Policies)
        policies.draw(view)
        entitle(policies, _("The policies"))
        outline = self.query_one("#figures-of", Outline)
        outline.draw(view.lines)
        world = " · " + _("world {id}").format(id=desk.world_name) if desk.world_name else ""
        old = " · " + _("not of what is chosen now") if view.ran and view.stale else ""
        entitle(outline, _("What comes of it") + world + old)
        figure = self.query_one(Figure)
        figure.draw(view.picture, view.tornado)
        figure.display = view.picture is not None
        title = view.picture.title if view.picture is not None else ""
        entitle(figure, view.tornado.title if view.tornado is not None else title)
        self._tell()

    def _take_up(self) -> None:
        """The cohort of the file that is open; without one, the measures of the law."""
        document, state = self.bench.document, self.bench.state
        text = document.text if document is not None and state.is_cohort(document) else ""
        # Where a file of one pupil comes after, the run stays to be looked at.
        made_of = (text or self._made_of[0], language())
        if self.desk is not None and made_of == self._made_of:
            return
        before, self._made_of, self._said = self._made_of, made_of, ""
        if self.desk is not None and made_of[0] == before[0] and (self.desk.own or not text):
            self.desk = self.desk.spoken()
            return
        self._stop = True
        if text and document is not None:
            from trajectsim.scenario.cohorts import read_cohort_from

            try:
                self.desk = CohortDesk.of_source(read_cohort_from(text, document.file), state.base)
                return
            except Problems as found:
                self._said = found.problems[0].told
        self.desk = CohortDesk.of_law(state.base)

    # --- what is told

    def _tell(self) -> None:
        view = self.view
        if view is None:
            return
        if self._busy:
            done, jobs = self._pace.done, self._pace.all
            told = _("running: {share}; x stops").format(share=f"{done / jobs:.0%}" if jobs else "…")
            if self._pace.left is not None:
                told = _("{running}, about {n} s left").format(running=told, n=round(self._pace.left))
            if self._stop:
                told = _("stopping: what is being worked at is finished first")
            width = 20
            bar = "█" * int(done * width / jobs if jobs else 0)
            self.query_one("#status", Told).tell([(" ", ""), (f"{bar:░<{width}} ", "taken"), (told, "")])
        else:
            said = self._said or (view.ran if view.ran and not view.stale else view.asked)
            self.query_one("#status", Told).tell([(f" {said}", "head" if not self._said else "maybe")])

    def _tick(self) -> None:
        if self._busy and self.is_current:
            self._tell()

    def idle(self) -> Mapping[str, str]:
        told = dict(super().idle())
        if self.desk is None or not self.desk.world_name:
            told["screen.world"] = _("there is one world")
        if self._busy:
            busy = _("a run is going on; x stops it")
            told |= dict.fromkeys(("screen.run", "screen.choose", "screen.examples", "screen.moves"), busy)
        else:
            told["screen.cancel"] = _("nothing is running")
            if self.view is None or self.view.picture is None:
                told["screen.moves"] = _("run the policies first: it is about a figure")
            if self._other() is None:
                told["screen.examples"] = _(
                    "choose a second policy first: examples are children for whom it changes something"
                )
        return told

    def chapters(self) -> Iterator[Chapter]:
        return cohort_help()

    # --- keys

    @on(Rows.Chosen, "#policies")
    def _policy_chosen(self, event: Rows.Chosen) -> None:
        self._toggle(event.key)

    @on(Rows.Highlighted, "#figures-of")
    def _figure_highlighted(self) -> None:
        trail = self.query_one("#figures-of", Outline).trail
        keys = [line.key.split("/") for line in trail if line.key.startswith("figure/")]
        if self.desk is not None and keys:
            policy = next((key[2] for key in keys if len(key) > 2), "")
            self.desk = self.desk.at(keys[0][1], policy)
            self.refreshed()

    def action_choose(self) -> None:
        policy = self.query_one(Policies).highlighted
        if policy is not None:
            self._toggle(policy)

    def _toggle(self, policy: str) -> None:
        if self.desk is not None and not self._busy:
            self.desk, self._said = self.desk.toggled(policy), ""
            self.refreshed()

    def action_size(self, by: int) -> None:
        """More or fewer children."""
        if self.desk is not None and not self._busy:
            self.desk, self._said = self.desk.sized(by), ""
            self.refreshed()

    def action_world(self) -> None:
        """Another of the worlds of the file."""
        if self.desk is not None:
            self.desk = self.desk.other_world()
            self.refreshed()

    def action_run(self) -> None:
        if self.desk is not None:
            self._busy, self._stop, self._pace, self._said = True, False, Pace(), ""
            _ready_for_processes()
            self.run_worker(partial(self._run, self.desk), group="cohort", exclusive=True)
            self.refreshed()

    async def _run(self, desk: CohortDesk) -> None:
        from trajectsim.cohort.running import Stopped, run

        work = partial(run, desk.run, desk.law, 1, None, self._pace.at, where=self.where, stop=lambda: self._stop)
        try:
            finished = await asyncio.to_thread(work)
            if self._stop:  # or another file was opened since
                self._said = _(STOPPED)
            elif self.desk is not None:
                self.desk = self.desk.ended(finished).spoken()
        except Stopped:
            self._said = _(STOPPED)
        except Problems as found:
            self._said = found.problems[0].told
        self._busy = False
        self.refreshed()

    def action_moves(self) -> None:
        """What moves the figure: looked for once, then shown, or the figure itself again."""
        desk = self.desk
        if desk is None or self.view is None or self.view.picture is None:
            return
        if self.view.tornado is not None or desk.known_moves is not None:
            self.desk = desk.asking(self.view.tornado is None)
        else:
            self._busy, self._stop, self._pace, self._said = True, False, Pace(), ""
            _ready_for_processes()
            self.run_worker(partial(self._look_for, desk), group="cohort", exclusive=True)
        self.refreshed()

    async def _look_for(self, desk: CohortDesk) -> None:
        """Play the worlds of a screening in another process."""
        from trajectsim.cohort.running import Stopped
        from trajectsim.tui.tornado import looked_for

        try:
            moves = await asyncio.to_thread(
                looked_for, desk.run, desk.law, self._pace.at, lambda: self._stop, self.where
            )
            if self.desk is not None and not self._stop:
                self.desk = self.desk.moved_by(moves)
        except Stopped:
            self._said = _(STOPPED)
        except Problems as found:
            self._said = found.problems[0].told
        self._busy = False
        self.refreshed()

    def action_cancel(self) -> None:
        self._stop = True
        self._tell()

    def _other(self) -> str | None:
        """The policy whose examples are looked for: that of the chosen line, else the highlighted one, else the second
        that is run."""
        desk = self.desk
        if desk is None or not self.is_mounted:
            return None
        wanted = [policy.id for policy in desk.run.policies[1:]]
        trail = self.query_one("#figures-of", Outline).trail
        line = next((line.key.split("/")[-1] for line in trail if line.key.count("/") == 2), None)
        return next(
            (each for each in (line, self.query_one(Policies).highlighted) if each in wanted), next(iter(wanted), None)
        )

    def action_examples(self) -> None:
        policy = self._other()
        if self.desk is not None and policy is not None:
            self._busy, self._stop, self._pace = True, False, Pace()
            self.run_worker(partial(self._examples, self.desk, policy), group="cohort", exclusive=True)
            self.refreshed()

    async def _examples(self, desk: CohortDesk, policy: str) -> None:
        """Look for children, and open the walk of the one that is chosen."""
        from trajectsim.tui.cohortexamples import examples

        some: list[Example] = []
        with suppress(Problems):
            some = await asyncio.to_thread(lambda: list(examples(desk, policy, lambda: self._stop)))
        self._busy = False
        self.refreshed()
        if self._stop:
            return
        if not some:
            self.notify(_("among the first children there is none for whom it changes anything"))
            return
        labels = {each.id: each.label or each.id for each in desk.run.policies}
        first = labels[desk.run.policies[0].id]
        told = {str(each.number): each for each in some}

        def find(text: str) -> tuple[tuple[str, str], ...]:
            return tuple((name, each.text) for name, each in told.items() if text.lower() in each.text.lower())

        def answered(name: str | None) -> None:
            if name is not None:
                each = told[name]
                called = _("child {n}, {policy}")
                title = called.format(n=name, policy=labels[policy])
                beside = Side(called.format(n=name, policy=first), each.one, desk.law)
                self.bench.look_at(each.other.plan, each.other.steps[0].after.law, title, beside)

        self.bench.push_screen(
            Search(_("Children for whom it changes something"), find, _("type a few letters")), answered
        )


def _ready_for_processes() -> None:
    """Start what Python starts beside other processes while the real stderr is in its place: the one that stands there
    under a screen has no number, which it would ask for."""
    from multiprocessing import resource_tracker

    with redirect_stderr(sys.__stderr__):
        resource_tracker.ensure_running()
