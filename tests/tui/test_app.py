"""The workbench itself, driven by keys and clicks without a terminal."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Static
from textual.worker import WorkerCancelled

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.app import Workbench
from trajectsim.tui.document import Document
from trajectsim.tui.screens.help import HelpScreen
from trajectsim.tui.state import State
from trajectsim.tui.widgets.map_view import MapView
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.widgets.switches import Switches

SMALL, LARGE, HUGE = (80, 24), (120, 40), (200, 60)

Steps = Callable[[Workbench, "Pilot[None]"], Awaitable[None]]


def drive(text: str, law: Lawbook, steps: Steps, size: tuple[int, int] = LARGE) -> None:
    async def run() -> None:
        app = Workbench(State.of(Document.of(text, "sara.toml"), law))
        app.animation_level = "none"
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await steps(app, pilot)

    asyncio.run(run())


async def settle(app: Workbench, pilot: Pilot[None]) -> None:
    while app.workers:
        with suppress(WorkerCancelled):  # a flip that a later one overtook
            await app.workers.wait_for_complete()
    await pilot.pause()


def status(app: Workbench) -> str:
    return str(app.screen.query_one("#status", Static).render())


@pytest.mark.parametrize("size", [SMALL, LARGE, (40, 12), (200, 60)])
def test_it_starts_at_any_size(scenario: str, law: Lawbook, size: tuple[int, int]) -> None:
    async def steps(app: Workbench, _pilot: Pilot[None]) -> None:
        assert app.screen.query_one("#drawer").display is (size[0] >= 100)
        assert "Skip a year" in status(app)
        assert app.screen.query_one(Outline).rows

    drive(scenario, law, steps, size)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_arrows_walk_the_years_wherever_the_focus_is(scenario: str, law: Lawbook, size: tuple[int, int]) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        for _panel in range(4):
            before = app.view.year
            await pilot.press("right", "right", "left")
            assert app.view.year == before + 1
            await pilot.press("tab")
        await pilot.press("end")
        assert app.view.year == SchoolYear(2028)
        await pilot.press("right")
        assert app.view.year == SchoolYear(2028)
        await pilot.press("home", "left")
        assert app.view.year == SchoolYear(2012)

    drive(scenario, law, steps, size)


def test_space_flips_the_highlighted_measure_and_the_map_changes(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        before = app.view.map
        await pilot.press("space")
        await settle(app, pilot)
        assert "[ ] Skip a year" in status(app)
        assert app.view.map != before
        assert "vwo at 17 (without: 18)" in app.view.map.summary
        await pilot.press("u")
        await settle(app, pilot)
        assert app.view.map == before
        await pilot.press("ctrl+y")
        await settle(app, pilot)
        assert "vwo at 17 (without: 18)" in app.view.map.summary

    drive(scenario, law, steps)


def test_a_flip_is_redrawn_in_time(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        taken: list[float] = []
        for _flip in range(5):
            shown, start = app.view, time.perf_counter()
            app.flip()
            while app.view is shown:
                await asyncio.sleep(0.001)
            taken.append(time.perf_counter() - start)
            await pilot.pause()
        assert min(taken) < 0.1  # the least of five: a busy machine is no reason to fail

    drive(scenario, law, steps)


def test_only_the_newest_of_many_flips_counts(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        before = app.view.map
        for _flip in range(9):
            app.flip()
        await settle(app, pilot)
        assert app.view.map.summary != before.summary
        app.flip()
        await settle(app, pilot)
        assert app.view.map == before
        assert app.document.text == scenario

    drive(scenario, law, steps)


def test_up_and_down_choose_a_measure_with_the_drawer_shut_too(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("down", "down")
        assert "vo subject teacher in po" in status(app)
        await pilot.press("up", "space")
        await settle(app, pilot)
        assert "[x] Early to vo" in status(app)

    drive(scenario, law, steps, SMALL)
    drive(scenario, law, steps, LARGE)


def test_the_drawer_opens_and_shuts(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        drawer = app.screen.query_one("#drawer")
        shown = drawer.display
        await pilot.press("m")
        await pilot.pause()
        assert drawer.display is not shown
        await pilot.press("m")
        await pilot.pause()
        assert drawer.display is shown
        await pilot.press("right")
        assert app.view.year == SchoolYear(2013)

    drive(scenario, law, steps, SMALL)
    drive(scenario, law, steps, LARGE)


def test_a_panel_has_the_focus_whatever_the_terminal_becomes(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        for size in (SMALL, LARGE, (60, 16), HUGE):
            await pilot.resize_terminal(*size)
            await settle(app, pilot)
            assert app.focused is not None
            assert app.focused.region.size

    drive(scenario, law, steps, HUGE)


def test_the_selected_year_stays_in_view_beside_the_drawer(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("m")
        for year in app.view.map.years:
            app.go_to(year)
            await pilot.pause()
            ages = str(app.screen.query_one(MapView).render()).splitlines()[0]
            assert f"[{year.start - 2008}]" in ages

    drive(scenario, law, steps, SMALL)


def test_help_opens_and_keeps_the_keys_to_itself(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("right", "space")
        assert app.view.year == SchoolYear(2012)
        assert app.document.text == scenario
        await pilot.press("escape")
        assert not isinstance(app.screen, HelpScreen)

    drive(scenario, law, steps)


def test_the_language_changes_live(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("l")
        await settle(app, pilot)
        assert words.language() == "nl"
        assert "Jaar overslaan" in status(app)
        assert "groep 1" in app.view.heading
        await pilot.press("l")
        await settle(app, pilot)
        assert "Skip a year" in status(app)

    drive(scenario, law, steps)


def test_dark_and_light(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        assert app.current_theme.dark
        await pilot.press("d")
        assert not app.current_theme.dark

    drive(scenario, law, steps)


def test_a_click_on_a_year_selects_it(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        view = app.screen.query_one(MapView)
        assert view.wide is not None
        assert await pilot.click(view, offset=(view.wide.column_of(SchoolYear(2020)) + 2, 0))
        await pilot.pause()
        assert app.view.year == SchoolYear(2020)

    drive(scenario, law, steps, SMALL)
    drive(scenario, law, steps, LARGE)


def test_a_click_on_a_switch_flips_it(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        assert await pilot.click(Switches, offset=(8, 2))
        await settle(app, pilot)
        assert "[x] Early to vo" in status(app)

    drive(scenario, law, steps)


def test_enter_folds_a_line_and_it_stays_folded(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        outline = app.screen.query_one(Outline)
        outline.focus()
        outline.highlight("taken")
        unfolded = len(outline.rows)
        await pilot.press("enter")
        folded = len(outline.rows)
        assert folded < unfolded
        await pilot.press("right", "left")
        assert len(outline.rows) == folded

    drive(scenario, law, steps)


def test_the_system_commands_are_the_keys(scenario: str, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        commands["Turn the chosen measure on or off, and see the path change"].callback()
        await settle(app, pilot)
        assert app.document.text != scenario

    drive(scenario, law, steps)


@pytest.mark.long
def test_any_keys_in_any_order_leave_it_standing_at_any_size(scenario: str, law: Lawbook) -> None:
    walk = ["left", "right", "up", "down", "home", "end", "tab", "shift+tab", "escape"]
    change = ["space", "enter", "m", "u", "ctrl+z", "ctrl+y", "l", "d", "question_mark"]

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        for n, key in enumerate(random.Random(1).choices(walk + change, k=500)):
            if n % 50 == 0:
                await pilot.resize_terminal(*(SMALL, LARGE, (60, 16))[n // 50 % 3])
            app.post_message(Key(key, {"space": " ", "question_mark": "?"}.get(key)))
            await asyncio.sleep(0.001)  # faster than anyone types
        await settle(app, pilot)
        assert app.is_running
        assert app.view.year in app.view.map.years
        assert app.played.source.text == app.document.text

    drive(scenario, law, steps)
