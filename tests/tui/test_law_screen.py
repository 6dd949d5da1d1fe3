"""The law screen, driven by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import SIZES, drive
from textual.pilot import Pilot
from textual.widgets import Input

from trajectsim import words
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.app import Workbench
from trajectsim.tui.examsource import open_file
from trajectsim.tui.lawplain import lines
from trajectsim.tui.lawview import years
from trajectsim.tui.screens.help import HelpScreen
from trajectsim.tui.screens.law import LawScreen
from trajectsim.tui.state import State
from trajectsim.tui.widgets.map_view import MapView
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.widgets.rules import Rules

CLASS = Path(__file__).parents[2] / "scenarios" / "exams" / "havo-2026.csv"


@pytest.fixture
def sara(scenario: str, on_the_bench: Callable[[str], State]) -> State:
    return on_the_bench(scenario)


def shown(app: Workbench) -> LawScreen:
    assert isinstance(app.screen, LawScreen)
    return app.screen


@pytest.mark.parametrize("size", SIZES)
def test_keys_choose_years_and_rules_at_any_size(sara: State, size: tuple[int, int]) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("6")
        screen = shown(app)
        year, rule = screen.view.desk.year, screen.view.rule
        await pilot.press("right", "right", "down")
        assert screen.view.desk.year == year + 2
        assert screen.view.rule == screen.view.entries[1].id != rule
        await pilot.press("c")
        assert {entry.sign for entry in screen.view.entries} == {"±"}
        first = screen.view.desk.base
        await pilot.press("left_square_bracket")
        assert screen.view.desk.base == first + -1

    drive(sara, steps, size)


def test_a_search_is_typed_and_left(sara: State, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("6", "slash", *"laude")
        screen, asked = shown(app), app.screen.query_one("#asked", Input)
        await pilot.press("left")  # moves in the text, not the year
        assert (asked.value, asked.cursor_position) == ("laude", 4)
        year = screen.view.desk.year
        assert 0 < len(screen.view.entries) < 20
        await pilot.press("enter", "right")
        assert app.screen.query_one(Rules).has_focus
        assert screen.view.desk.year == year + 1
        await pilot.press("escape")
        assert asked.value == ""
        assert len(screen.view.entries) == len(list(law.rules()))
        await pilot.press("escape")
        assert app.current_mode == "path"

    drive(sara, steps)


def test_from_a_measure_and_from_a_verdict_to_the_rule_and_back(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("right", "w")
        assert shown(app).view.rule == "skip-year"
        assert shown(app).view.desk.year == app.state.year
        await pilot.press("escape")
        assert app.current_mode == "path"
        outline = app.screen.query_one("#outline", Outline)
        outline.focus()
        outline.highlight("taken/outcome")
        await pilot.press("w")
        assert app.played is not None
        assert app.state.year is not None
        step = app.played.walk.at(app.state.year)
        assert step is not None
        assert step.taken is not None
        assert shown(app).view.rule == step.taken.rule.id

    drive(sara, steps)


def test_a_step_that_a_duty_forbids_leads_to_the_duty(sara: State, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "right")
        outline = app.screen.query_one("#outline", Outline)
        outline.focus()
        outline.highlight("refused/leave")
        await pilot.press("w")
        assert shown(app).view.rule in law.duties

    drive(sara, steps)


def test_from_a_check_of_the_exam_to_its_rule(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        verdict = app.screen.query_one("#verdict", Outline)
        verdict.focus()
        verdict.highlight([row.key for row in verdict.rows if "check/" in row.key][-1])
        rule = verdict.rule
        await pilot.press("w")
        assert rule in law.demands
        assert shown(app).view.rule == rule
        assert shown(app).view.desk.year.start == 2025

    drive(State.of(None, law, open_file(CLASS, law).on(None, law)), steps)


def test_without_a_scenario_the_law_is_there_in_either_language(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("f6", "1")
        assert shown(app).view.desk.year == years(law)[-1]
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape", "l")
        assert words.language() == "nl"
        assert shown(app).view.counted.endswith("regels")

    drive(State.of(None, law), steps, (80, 24))


def test_a_click_on_a_year_and_on_a_rule(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("6")
        screen = shown(app)
        year = years(app.law)[5]
        assert await pilot.click(MapView, offset=(screen.view.axis.column_of(year) + 2, 1))
        await pilot.pause()
        assert screen.view.desk.year == year
        assert await pilot.click(Rules, offset=(6, 3))
        await pilot.pause()
        assert screen.view.rule == screen.view.entries[2].id

    drive(sara, steps)


def test_the_plain_form_tells_what_changed_and_every_rule(sara: State, law: Lawbook) -> None:
    told = "\n".join(lines(sara))
    assert "changed in 2012/2013" in told
    for rule in law.rules():
        assert rule.id in told
    assert f"{len(list(law.rules()))} rules in 2012/2013" in told
