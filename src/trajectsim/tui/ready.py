"""Screens that are made before somebody asks for them, one after the other, in moments in which nobody presses a key.

The first visit of a screen takes its modules, its styles and its widgets; once it was made it takes a picture.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, Protocol

from trajectsim.tui.table import Entry

REST = 0.2
"""Seconds without a key after which the next part is made: no more than one part is ever in the way of a key."""

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
    rank = {name: n for n, name in enumerate(ORDER)}
    for entry in sorted(entries, key=lambda entry: rank.get(entry.id, len(rank))):
        if not lacks(entry):
            await quiet(bench)
            await asyncio.to_thread(_imported, entry)
            await quiet(bench)
            await bench.put_behind(entry)
            gc.freeze()  # a screen stays, and is not looked through for garbage while somebody waits


async def quiet(bench: Ready) -> None:
    """Wait until no key was pressed for a while, and what followed from the last one is on the screen."""
    while (wait := bench.heard + REST - monotonic()) > 0 or bench.busy:
        await asyncio.sleep(max(wait, SOON))


def _imported(entry: Entry) -> Any:
    return entry.made(entry.screen)
