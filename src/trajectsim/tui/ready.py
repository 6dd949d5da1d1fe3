"""Screens that are made before somebody asks for them, one after the other, in moments in which nobody presses a key.

The first visit of a screen takes its modules, what it reads, its styles and its widgets; once it was made it takes a
picture. Modules and what is read come first, as soon as the first picture is there: they are in nobody's way.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Protocol

from trajectsim.tui.table import Entry

REST = 0.5
"""Seconds without a key after which the next part is made: longer than somebody takes who presses one key after the
other, and no more than one part is ever in the way of a key."""

SOON = 0.03
"""Seconds after which it is looked again whether what followed from the last key is done."""

ORDER = ("scenarios", "options", "law", "exam", "compare", "cohort", "path")
"""The screens that take long and those that are gone to first; what is not named comes last."""


class Ready(Protocol):
    """What can be made ready: it knows when a key was heard, whether something follows from it still, and how to put a
    screen behind the one that is shown."""

    heard: float

    @property
    def busy(self) -> bool: ...

    async def put_behind(self, entry: Entry) -> None: ...


async def make_ready(bench: Ready, entries: Iterable[Entry], lacks: Callable[[Entry], str]) -> None:
    """Make screens that can be shown now. Their modules come in a thread, so that keys are heard meanwhile."""
    rank, heard = {name: n for n, name in enumerate(ORDER)}, bench.heard
    coming = [entry for entry in sorted(entries, key=lambda entry: rank.get(entry.id, len(rank))) if not lacks(entry)]
    for entry in coming:
        if bench.heard != heard:
            await quiet(bench)
        await asyncio.to_thread(_read, entry)
    for entry in coming:
        await quiet(bench)
        await bench.put_behind(entry)
        gc.freeze()  # a screen stays, and is not looked through for garbage while somebody waits


async def quiet(bench: Ready) -> None:
    """Wait until no key was pressed for a while, and what followed from the last one is on the screen."""
    worked = 0.0
    while True:
        if bench.busy:
            worked = monotonic()
        wait = max(bench.heard, worked) + REST - monotonic()
        if wait <= 0:
            return
        await asyncio.sleep(min(wait, SOON))


def _read(entry: Entry) -> None:
    entry.made(entry.screen).beforehand()
