"""A cohort is run in other processes while a screen has taken the place of standard error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "scenarios" / "cohorts" / "skip-year.toml"
RUN = """
import asyncio, sys
from pathlib import Path
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.app import Workbench
from trajectsim.tui.state import State

async def run():
    app = Workbench(State.opened(Path(sys.argv[1]), Lawbook.load()))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("5")
        await pilot.pause()
        await pilot.press("minus", "minus", "minus", "r")
        await app.workers.wait_for_complete()
        return app.screen.desk.done

if __name__ == "__main__":
    print("ended" if asyncio.run(run()) else "not ended")
"""


@pytest.mark.long
def test_a_run_from_the_screen_ends() -> None:
    """In a process of its own, where nothing was started before the screen was there."""
    command = [sys.executable, "-c", RUN, str(FILE)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert ran.stdout == "ended\n", ran.stderr[-2000:]
