"""Every bundled scenario opens on the screen, and the years of a life can be walked wherever it leads."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import drive
from textual.pilot import Pilot

from trajectsim.law.lawbook import Lawbook
from trajectsim.law.places import Place
from trajectsim.scenario.read import read, read_all
from trajectsim.scenario.run import play_file
from trajectsim.tui.app import Workbench
from trajectsim.tui.state import State

FOLDER = Path(__file__).parents[2] / "scenarios"
WALKED = [file for file in sorted(FOLDER.rglob("*.toml")) if read_all(file)]
FILES = [file for file in WALKED if read(file).scenario.walks]


@pytest.mark.long
def test_bundled_scenarios_open_and_can_be_walked(law: Lawbook) -> None:
    """One after the other on the same workbench; year by year where one comes to a place that none was in before."""
    seen: set[Place] = set()

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        for file in FILES:
            assert app.open_file(str(file)) == ""
            await pilot.pause()
            walked = play_file(file, law).walk.steps
            assert app.view.year == walked[0].state.year, file.stem
            if (places := {step.state.place for step in walked}) <= seen:
                continue
            seen.update(places)
            for step in walked[1:]:
                await pilot.press("right")
                assert app.view.year == step.state.year, file.stem

    drive(State.opened(FILES[0], law), steps, size=(80, 24))
