"""Every bundled scenario opens on the screen, and its years can be walked from the first to the last."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.read import read, read_all
from trajectsim.scenario.run import play_file
from trajectsim.tui.app import Workbench
from trajectsim.tui.state import State

FOLDER = Path(__file__).parents[2] / "scenarios"
WALKED = [file for file in sorted(FOLDER.rglob("*.toml")) if read_all(file)]
FILES = [file for file in WALKED if read(file).scenario.walks]


@pytest.mark.long
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_bundled_scenario_opens_and_can_be_walked(file: Path, law: Lawbook) -> None:
    played = play_file(file, law)
    years = [step.state.year for step in played.walk.steps]

    async def walked() -> None:
        app = Workbench(State.opened(file, law))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            assert app.view.year == years[0]
            for year in years[1:]:
                await pilot.press("right")
                assert app.view.year == year

    asyncio.run(walked())
