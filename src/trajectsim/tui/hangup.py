"""A terminal that goes away under the workbench: its window is closed, its connection is cut. No Textual here.

The system tells that with a signal, or only by a stream that has ended, which would be read for ever after.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from time import sleep

PATIENCE = 5.0
"""Seconds for the workbench to end by itself: what it still prints goes nowhere, and may wait for that for ever."""

HUNG_UP = 129
"""How a program ends whose terminal is gone: as by the signal that says so."""


def gone(stream: int, patience: float | None = 0.0) -> bool:
    """Whether nobody is at the other end of a stream any more, or that becomes so within seconds; None is for ever."""
    if sys.platform == "win32":
        return False
    ends = select.poll()
    ends.register(stream, 0)  # an end is told unasked, and nothing else is
    with suppress(OSError):
        return bool(ends.poll(None if patience is None else patience * 1000))
    return False


def watch(stream: int, then: Callable[[], None]) -> None:
    """Do something once nobody is at the other end of a stream, in a thread of its own, and see to it that the process
    ends."""

    def watched() -> None:
        if gone(stream, None):
            then()
            sleep(PATIENCE)
            os._exit(HUNG_UP)

    Thread(target=watched, name="hangup", daemon=True).start()
