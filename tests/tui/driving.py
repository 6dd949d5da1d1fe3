"""Driving the workbench by keys and clicks, without a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from trajectsim.tui.app import Workbench
from trajectsim.tui.state import State

Steps = Callable[[Workbench, "Pilot[None]"], Awaitable[None]]

SIZES = [(80, 24), (120, 40), (200, 60), (40, 12)]
"""Columns and lines of the terminals that screens are tried in."""


def drive(state: State, steps: Steps, size: tuple[int, int] = (120, 40), first: str = "") -> None:
    """Open the workbench on a state, and do the steps."""

    async def run() -> None:
        app = Workbench(state, first)
        app.animation_level = "none"
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await steps(app, pilot)

    asyncio.run(run())


async def settle(app: Workbench, pilot: Pilot[None]) -> None:
    """Wait until nothing is worked on any more."""
    while app.workers:
        with suppress(WorkerCancelled):  # one that a later one overtook
            await app.workers.wait_for_complete()
    await pilot.pause()
