"""Long work on the command line: how far it is, how long it may take, and how it is stopped."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import click

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
        self.began = time.monotonic()
        self.before = self.done = 0.0
        self.all = 0
        self.live = sys.stderr.isatty()

    def __call__(self, done: float, jobs: int) -> None:
        if not self.all:
            self.before = done
        self.done, self.all = done, jobs
        if self.live:
            click.echo(f"\r{self._text()}\x1b[K", nl=False, err=True)

    def end(self) -> None:
        """Say how it went."""
        took = _("{n} s").format(n=round(time.monotonic() - self.began))
        text = ngettext("{n} piece of work", "{n} pieces of work", self.all).format(n=self.all)
        click.echo(("\r\x1b[K" if self.live else "") + f"{text}, {took}", err=True)

    def stopping(self) -> None:
        """Say that a run is about to stop."""
        text = _("stopping: what is being worked at is finished first; Ctrl-C once more stops at once")
        click.echo(("\r\x1b[K" if self.live else "") + text, err=True)

    def stopped(self, left: str) -> str:
        """How far a run was when it was stopped, and what is left of it."""
        return _("stopped after {done} of {all} pieces").format(done=int(self.done), all=self.all) + "; " + left

    def _text(self) -> str:
        fresh = self.done - self.before
        left = (time.monotonic() - self.began) / fresh * (self.all - self.done) if fresh else None
        told = _("{done} of {all}").format(done=int(self.done), all=self.all)
        return told if left is None else told + ", " + _("about {n} s left").format(n=round(left))
