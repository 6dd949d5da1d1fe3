"""The hand-out from the workbench."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input

from trajectsim import words
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui import handing
from trajectsim.tui.app import Workbench
from trajectsim.tui.state import State

SARA = Path(__file__).parents[2] / "scenarios" / "paths" / "sara.toml"


def test_a_key_writes_what_the_screen_shows_and_asks_before_it_replaces(
    law: Lawbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def pressed() -> None:
        app = Workbench(State.opened(SARA, law))
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await pilot.press("space")  # the year is not skipped
            await app.workers.wait_for_complete()
            await pilot.press("h")
            await pilot.pause()
            assert app.screen.query_one(Input).value == "hand-out.html"
            await pilot.press("enter")
            await pilot.pause()
            page = (tmp_path / "hand-out.html").read_text("utf-8")
            assert "1 year gained" in page
            assert "Sara" not in page
            (tmp_path / "hand-out.html").write_text("mine", "utf-8")
            await pilot.press("h", "enter")
            assert (tmp_path / "hand-out.html").read_text("utf-8") == "mine"
            await pilot.press("enter")
            await pilot.pause()
            assert (tmp_path / "hand-out.html").read_text("utf-8") == page

    asyncio.run(pressed())


def test_the_name_of_the_file_says_the_format_and_what_cannot_be_is_said(law: Lawbook, tmp_path: Path) -> None:
    state = State.opened(SARA, law)
    assert handing.write(state, tmp_path / "map.SVG") == ""
    assert (tmp_path / "map.SVG").read_text("utf-8").startswith("<svg")
    assert handing.write(state, tmp_path / "page.md") == ""
    assert handing.write(state, tmp_path / "page.pdf") == "the name ends in one of: .html, .md, .svg"
    assert not (tmp_path / "page.pdf").exists()
    assert "cannot be written" in handing.write(state, tmp_path / "none" / "page.html")


def test_the_proposed_name_is_in_the_language_and_not_of_the_scenario() -> None:
    for language, name in (("nl", "blad.html"), ("en", "hand-out.html")):
        words.use(language)
        assert handing.proposed() == name


def test_without_a_walk_the_key_says_why_there_is_none(law: Lawbook, tmp_path: Path) -> None:
    cohort = Path(__file__).parents[2] / "scenarios" / "cohorts" / "skip-year.toml"

    async def pressed() -> None:
        app = Workbench(State.opened(cohort, law))
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            assert "about a cohort" in app.idle()["app.hand_out"]
            await pilot.press("h")
            await pilot.pause()
            assert not app.screen.query(Input)

    asyncio.run(pressed())
