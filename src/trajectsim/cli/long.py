"""Long work on the command line: how far it is, how long it may take, and how it is stopped."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import click

from trajectsim.pace import Pace
from trajectsim.words import _, ngettext


@contextmanager
def interrupted(progress: Progress) -> Generator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed: once lets what is being worked at finish, twice stops at once."""
    asked = threading.Event()

    def press(_signal: int, _frame: Any) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        progress.stopping()

    before = signal.signal(signal.SIGINT, press)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


class Progress:
    """How far a run is and how long it may take, on stderr: on one line where that is a terminal."""

    def __init__(self) -> None:
        self.pace = Pace()
        self.live = sys.stderr.isatty()

    @property
    def all(self) -> int:
        """How many pieces there are; 0 before it is known."""
        return self.pace.all

    def __call__(self, done: float, jobs: int, whole: int | None = None) -> None:
        self.pace.at(done, jobs, whole)
        if self.live:
            click.echo(f"\r{self._text()}\x1b[K", nl=False, err=True)

    def end(self) -> None:
        """Say how it went."""
        took = _("{n} s").format(n=round(self.pace.took))
        text = ngettext("{n} piece of work", "{n} pieces of work", self.all).format(n=self.all)
        click.echo(("\r\x1b[K" if self.live else "") + f"{text}, {took}", err=True)

    def stopping(self) -> None:
        """Say that a run is about to stop."""
        text = _("stopping: what is being worked at is finished first; Ctrl-C once more stops at once")
        click.echo(("\r\x1b[K" if self.live else "") + text, err=True)

    def stopped(self, left: str) -> str:
        """How far a run was when it was stopped, and what is left of it."""
        return _("stopped after {done} of {all} pieces").format(done=self.pace.whole, all=self.all) + "; " + left

    def _text(self) -> str:
        left = self.pace.left
        told = _("{done} of {all}").format(done=self.pace.whole, all=self.all)
        return told if left is None else told + ", " + _("about {n} s left").format(n=round(left))
