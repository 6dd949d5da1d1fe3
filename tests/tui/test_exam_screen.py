"""The exam screen itself, driven by keys, clicks and pastes without a terminal."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input, Static
from textual.worker import WorkerCancelled
from typing_exams import NAMES, blank, filled, marked

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.app import Workbench
from trajectsim.tui.document import Document
from trajectsim.tui.examdesk import Exam
from trajectsim.tui.examsource import open_file, open_text
from trajectsim.tui.screens.exam import ExamScreen
from trajectsim.tui.screens.fill import Fill
from trajectsim.tui.screens.help import HelpScreen
from trajectsim.tui.screens.path import PathScreen
from trajectsim.tui.screens.prompts import Ask, Name, Search
from trajectsim.tui.state import State
from trajectsim.tui.widgets.grid import Grid
from trajectsim.tui.widgets.keys import Keys
from trajectsim.tui.widgets.outline import Outline

SMALL, LARGE, HUGE = (80, 24), (120, 40), (200, 60)
ROOT = Path(__file__).parents[2]
SARA = ROOT / "scenarios" / "paths" / "sara.toml"
CLASS = ROOT / "scenarios" / "exams" / "havo-2026.csv"

Steps = Callable[[Workbench, "Pilot[None]"], Awaitable[None]]


def drive(
    law: Lawbook, exam: Exam | None, steps: Steps, size: tuple[int, int] = LARGE, file: Path | None = None
) -> None:
    async def run() -> None:
        app = Workbench(State.of(Document.opened(file) if file else None, law, exam))
        app.animation_level = "none"
        async with app.run_test(size=size) as pilot:
            await settle(app, pilot)
            await steps(app, pilot)

    asyncio.run(run())


async def settle(app: Workbench, pilot: Pilot[None]) -> None:
    await pilot.pause()
    while app.workers:
        with suppress(WorkerCancelled):  # a key that a later one overtook
            await app.workers.wait_for_complete()
    await pilot.pause()


async def write(app: Workbench, pilot: Pilot[None], text: str) -> None:
    """Type a text and wait for what follows from it."""
    for each in text:
        app.post_message(Key(NAMES.get(each, each), each))
    await settle(app, pilot)


def screen(app: Workbench) -> ExamScreen:
    assert isinstance(app.screen, ExamScreen)
    return app.screen


def shown(app: Workbench, name: str) -> str:
    return str(app.screen.query_one(f"#{name}", Static).render())


def outline(app: Workbench, name: str) -> str:
    options = app.screen.query_one(f"#{name}", Outline)
    return "\n".join(row.text for row in options.rows)


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE, (40, 12)])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_opens_at_any_size(law: Lawbook, size: tuple[int, int], language: str) -> None:
    words.use(language)

    async def steps(app: Workbench, _pilot: Pilot[None]) -> None:
        assert "cum laude" in shown(app, "result")
        assert shown(app, "who").strip() == "Anouk · 1/4"
        assert app.screen.query_one(Grid).has_focus
        assert app.screen.query_one("#needs").display is (size[0] >= 100)
        lines = str(app.screen.query_one(Grid).render()).splitlines()
        assert len({len(each) for each in lines}) == 1  # each row as wide as the grid

    drive(law, open_file(CLASS, law).on(None, law), steps, size)


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
def test_no_subject_is_cut_off(law: Lawbook, size: tuple[int, int]) -> None:
    words.use("nl")

    async def steps(app: Workbench, _pilot: Pilot[None]) -> None:
        lines = str(app.screen.query_one(Grid).render())
        assert "…" not in lines
        assert (" ckv " if size == SMALL else "culturele en kunstzinnige vorming") in lines
        assert "lichamelijke opvoeding" in lines

    drive(law, open_file(CLASS, law).on(None, law), steps, size)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_verdict_turns_as_a_mark_is_typed(law: Lawbook, size: tuple[int, int]) -> None:
    exam = marked(filled(blank(law), 60, 60), "netl", ce=0)

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        assert "1 subject open · can still pass" in shown(app, "result")
        assert "≥ 3.0" in str(app.screen.query_one(Grid).render())
        await write(app, pilot, "2")
        assert "✗ Failed" in shown(app, "result")
        assert "Dutch, resit: at least" in outline(app, "needs" if size == LARGE else "verdict")
        await write(app, pilot, ".")
        assert "✗ Failed" in shown(app, "result")
        await pilot.press("escape")
        assert "1 subject open" in shown(app, "result")
        await write(app, pilot, "7,5")
        assert "✓ Passed" in shown(app, "result")

    drive(law, exam, steps, size)


def test_what_is_no_mark_stays_and_is_named(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await write(app, pilot, "5.55")
        assert "“5.55” is no mark" in shown(app, "status")
        await pilot.press("down", "e", "a", "o", "s", "r")
        assert isinstance(app.screen, ExamScreen)
        assert screen(app).exam.typed == "5.55"
        await pilot.press("u")
        assert screen(app).exam.sheet == blank(law).sheet

    drive(law, blank(law), steps)


def test_a_class_is_paged_and_each_keeps_its_marks(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await write(app, pilot, "]")
        assert shown(app, "who").strip() == "Bilal · 2/4"
        await write(app, pilot, "1")
        assert "✗ Failed" in shown(app, "result")
        await pilot.press("pageup")
        assert "✓ Passed" in shown(app, "result")
        await pilot.press("pagedown")
        assert "✗ Failed" in shown(app, "result")
        await pilot.press("ctrl+z")
        assert "✓ Passed" in shown(app, "result")

    drive(law, open_file(CLASS, law).on(None, law), steps)


def test_a_table_that_is_pasted_is_opened_and_undo_brings_back_what_was_there(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await write(app, pilot, "6")
        app.screen.post_message(Paste(CLASS.read_text("utf-8")))
        await settle(app, pilot)
        assert shown(app, "who").strip() == "Anouk · 1/4"
        app.screen.post_message(Paste("candidate,level,exam,subject,role,se,ce,resit,rating\nX,y,z,,,,,,\n"))
        await settle(app, pilot)
        assert "unknown level" in shown(app, "status")
        await pilot.press("u")
        assert screen(app).exam.sheet.entries[0].se == 60

    drive(law, blank(law), steps)


def test_marks_are_pasted_downwards(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        app.screen.post_message(Paste("6,5\n7"))
        await settle(app, pilot)
        assert [entry.se for entry in screen(app).exam.sheet.entries[:3]] == [65, 70, 0]
        assert "2 marks pasted" in shown(app, "status")

    drive(law, blank(law), steps)


def test_another_exam_is_chosen(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        assert isinstance(app.screen, Fill)
        await pilot.press("right", "down", "left", "enter")
        await settle(app, pilot)
        assert (screen(app).exam.sheet.level, screen(app).exam.sheet.exam) == ("vwo", 2025)
        await pilot.press("e", "escape", "u")
        assert screen(app).exam.sheet == blank(law).sheet

    drive(law, blank(law), steps)


def test_a_subject_is_added_by_its_name_given_a_role_and_taken_off(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("a")
        assert isinstance(app.screen, Search)
        await pilot.press(*"biolog", "enter")
        exam = screen(app).exam
        assert exam.entry is not None
        assert (exam.entry.code, exam.entry.role) == ("bio", "free")
        await pilot.press("r")
        assert isinstance(app.screen, Fill)
        await pilot.press("left", "enter")
        entry = screen(app).exam.entry
        assert entry is not None
        assert (entry.code, entry.role) == ("bio", "profile")
        await pilot.press("x")
        assert screen(app).exam.sheet == blank(law).sheet

    drive(law, blank(law), steps)


def test_a_file_is_opened_and_what_is_wrong_with_it_said(law: Lawbook, tmp_path: Path) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        assert isinstance(app.screen, Name)
        app.screen.query_one(Input).value = str(tmp_path / "none.csv")
        await pilot.press("enter")
        assert isinstance(app.screen, Name)
        assert "cannot be read" in shown(app, "wrong")
        app.screen.query_one(Input).value = str(CLASS)
        await pilot.press("enter")
        await settle(app, pilot)
        assert shown(app, "who").strip() == "Anouk · 1/4"

    drive(law, blank(law), steps)


def test_marks_are_saved_and_another_file_is_not_replaced_unasked(law: Lawbook, tmp_path: Path) -> None:
    there = tmp_path / "there.csv"
    there.write_text("something else", "utf-8")

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await write(app, pilot, "6")
        await pilot.press("s")
        assert isinstance(app.screen, Name)
        app.screen.query_one(Input).value = str(there)
        await pilot.press("enter")
        assert "enter once more" in shown(app, "wrong")
        assert there.read_text("utf-8") == "something else"
        await pilot.press("enter")
        await settle(app, pilot)
        assert "1 candidate saved" in shown(app, "status")
        assert open_file(there, law).work.sheets[0].entries[0].se == 60
        await pilot.press("q")
        assert not app.is_running or not isinstance(app.screen, Ask)

    drive(law, blank(law), steps)


def test_leaving_asks_when_something_would_be_lost(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await write(app, pilot, "6")
        for key in ("q", "ctrl+q"):
            await pilot.press(key)
            assert isinstance(app.screen, Ask)
            await pilot.press("escape")
            assert screen(app).exam.sheet.entries[0].se == 60
        await pilot.press("q", "enter")
        await pilot.pause()
        assert app.return_code == 0

    drive(law, blank(law), steps)


def test_the_foot_has_only_what_can_be_done_and_the_help_says_why(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        foot = str(app.screen.query_one(Keys).render())
        assert "undo" not in foot
        assert "next candidate" not in foot
        assert "path" not in foot
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        told = app.screen.query_one("#help").children
        text = "\n".join(str(each.render()) for each in told)
        assert "nothing was changed yet" in " ".join(text.split())
        assert "no scenario is open" in " ".join(text.split())
        await pilot.press("escape", "6")
        assert "undo" in str(app.screen.query_one(Keys).render())

    drive(law, blank(law), steps, HUGE)


def test_escape_goes_to_the_verdict_and_back(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("escape")
        verdict = app.screen.query_one("#verdict", Outline)
        assert verdict.has_focus
        assert "cell-away" not in str(app.screen.query_one(Grid).render())
        unfolded = len(verdict.rows)
        verdict.highlight("check/ce-mean")
        await pilot.press("enter")
        assert len(verdict.rows) > unfolded
        await pilot.press("escape")
        assert app.screen.query_one(Grid).has_focus

    drive(law, filled(blank(law), 60, 60), steps, SMALL)


def test_a_click_picks_a_cell(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        grid = app.screen.query_one(Grid)
        line = str(grid.render()).splitlines()[3]
        assert await pilot.click(Grid, offset=(line.index("6.0") + 1, 3))
        assert screen(app).exam.cursor == (3, 0)
        assert await pilot.click(Grid, offset=(line.rindex("6.0") + 1, 3))
        assert screen(app).exam.cursor == (3, 1)
        assert await pilot.click(Grid, offset=(1, 5))
        assert screen(app).exam.cursor == (3, 1)

    drive(law, filled(blank(law), 60, 60), steps)


def test_a_click_on_a_key_at_the_foot_does_what_the_key_does(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        async def click(text: str) -> None:
            foot = app.screen.query_one(Keys)
            assert await pilot.click(foot, offset=(str(foot.render()).index(f" {text}") - 1, 0))
            await settle(app, pilot)

        await click("remove")
        assert len(screen(app).exam.sheet.entries) == len(blank(law).sheet.entries) - 1
        await click("undo")
        assert screen(app).exam.sheet == filled(blank(law), 60).sheet
        await click("exam")
        assert isinstance(app.screen, Fill)
        await pilot.press("escape")
        await click("verdict")
        assert app.screen.query_one("#verdict", Outline).has_focus

    drive(law, filled(blank(law), 60), steps, HUGE)


def test_a_second_enter_that_comes_too_soon_is_no_second_answer(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("escape", "e")
        form = app.screen
        assert isinstance(form, Fill)
        for _time in range(3):
            app.post_message(Key("enter", None))
        form.dismiss(None)
        form.dismiss(None)
        await settle(app, pilot)
        assert isinstance(app.screen, ExamScreen)

    drive(law, blank(law), steps)


def test_the_language_and_the_theme_change_live(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("l", "d")
        await settle(app, pilot)
        assert words.language() == "nl"
        assert "Geslaagd" in shown(app, "result")
        assert "6,0" in str(app.screen.query_one(Grid).render())
        assert not app.current_theme.dark
        await pilot.press("right_square_bracket", "l")
        assert "candidate" not in shown(app, "status")

    drive(law, filled(blank(law), 60, 60), steps)


def test_the_cursor_stays_within_sight_in_a_small_terminal(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        rows = app.screen.query_one("#rows")
        for _row in range(len(screen(app).exam.sheet.entries) + 3):
            at = screen(app).exam.cursor[0]
            assert rows.scroll_y <= at < rows.scroll_y + rows.size.height
            await pilot.press("down")
            await pilot.pause()

    drive(law, blank(law, "gl", 2026, "eo"), steps, (80, 16))


# --- with a path


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_it_says_that_marks_of_another_exam_change_no_path(law: Lawbook, size: tuple[int, int]) -> None:
    told = "Marks typed here do not change the path"

    async def beside_a_path(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await settle(app, pilot)
        await write(app, pilot, "6")
        assert told not in outline(app, "verdict")
        await pilot.press("e", "right", "enter")  # of the exam of another level
        await settle(app, pilot)
        await write(app, pilot, "6")
        assert " ".join(outline(app, "verdict").split()).startswith(f"~ {told}")

    async def alone(app: Workbench, pilot: Pilot[None]) -> None:
        await write(app, pilot, "6")
        assert "the path" not in outline(app, "verdict")

    drive(law, None, beside_a_path, size, SARA)
    drive(law, blank(law), alone, size)


def test_marks_typed_for_the_exam_of_the_path_change_the_scenario_and_the_path_bends(
    law: Lawbook, tmp_path: Path
) -> None:
    file = tmp_path / "sara.toml"
    file.write_text(SARA.read_text("utf-8"), "utf-8")

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        def marks() -> list[str]:
            return [line for line in app.document.text.splitlines() if line not in before.splitlines()]

        before = app.document.text
        ends = app.played.map.summary
        await pilot.press("3")
        await settle(app, pilot)
        await write(app, pilot, "1,4")
        assert marks() == ["se = 1.4"]
        assert "Passed" in shown(app, "result")  # 1.4 and 7.6 come to a 4.5, with the rest high
        await pilot.press("down")
        await write(app, pilot, "1")
        await pilot.press("right")
        await write(app, pilot, "1")
        assert "✗ Failed" in shown(app, "result")
        assert app.played.map.summary != ends
        assert app.document.text.count("#") == before.count("#")
        await pilot.press("u")
        await settle(app, pilot)
        assert marks() == ["se = 1.4", "se = 1"]
        assert screen(app).exam.sheet.entries[1].ce == 79
        await pilot.press("f1")
        assert "mark for" in app.document.now.said
        await pilot.press("ctrl+y", "3")  # done again on another screen
        await settle(app, pilot)
        assert "✗ Failed" in shown(app, "result")
        await pilot.press("s")
        await settle(app, pilot)
        assert file.read_text("utf-8") == app.document.text
        await pilot.press("f1", "u", "u", "u")
        await settle(app, pilot)
        assert (app.document.text, app.played.map.summary) == (before, ends)

    drive(law, None, steps, file=file)


def test_3_opens_the_exam_of_the_path_and_1_goes_back(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, PathScreen)
        await pilot.press("3")
        await settle(app, pilot)
        assert "✓ Passed ★ cum laude" in shown(app, "result")
        assert shown(app, "who").strip() == "Sara"
        await pilot.press("escape", "1")
        assert isinstance(app.screen, PathScreen)
        await pilot.press("f3")
        assert isinstance(app.screen, ExamScreen)
        await pilot.press("f1", "right", "3", "f1")
        assert isinstance(app.screen, PathScreen)

    drive(law, None, steps, file=SARA)


def test_nothing_that_is_typed_is_lost_on_the_path(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await write(app, pilot, "1")
        assert screen(app).exam.sheet.entries[0].se == 10
        await pilot.press("f1", "end", "3")  # she does the year again: that exam is shown
        await settle(app, pilot)
        assert screen(app).exam.sheet.exam == 2025
        await pilot.press("f1", "home", "3")
        await settle(app, pilot)
        assert (screen(app).exam.sheet.exam, screen(app).exam.sheet.entries[0].se) == (2024, 10)
        assert "se = 1\n" in app.document.text
        await pilot.press("f1", "q")
        assert isinstance(app.screen, Ask)
        await pilot.press("escape")
        assert isinstance(app.screen, PathScreen)

    drive(law, None, steps, file=SARA)


def test_a_flip_that_changes_the_exam_is_followed(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        app.go_to(SchoolYear(2023))
        await pilot.press("3", "f1")
        app.choose(app.view.index_of("cum-laude"))
        await pilot.press("space")
        await settle(app, pilot)
        await pilot.press("3")
        await settle(app, pilot)
        assert shown(app, "result").strip() == "✓ Passed"
        await pilot.press("u")
        await settle(app, pilot)
        assert "★ cum laude" in shown(app, "result")

    drive(law, None, steps, file=SARA)


def test_a_screen_that_is_not_there_says_so(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("f1", "f2", "escape", "1", "f9")
        assert isinstance(app.screen, ExamScreen)
        assert app.screen.query(Outline)

    drive(law, blank(law), steps)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_keys_in_any_order_leave_it_standing_at_any_size(
    law: Lawbook, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # s and a name save, and a scenario that is open is saved too
    own = tmp_path / SARA.name
    own.write_bytes(SARA.read_bytes())
    exam = open_text(CLASS.read_text("utf-8"), law).on(None, law)
    keys = [*"0123456789.,vgo[]uxearsld?", "up", "down", "left", "right", "enter", "tab", "shift+tab", "home", "end"]
    keys += ["backspace", "delete", "pageup", "pagedown", "escape", "escape", "ctrl+y", "f1", "f3", "f2"]

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        for n, key in enumerate(random.Random(seed).choices(keys, k=240)):
            if n % 24 == 0:
                await pilot.resize_terminal(*(SMALL, LARGE, (60, 16), HUGE)[n // 24 % 4])
            name = {"?": "question_mark", **NAMES}.get(key, key)
            app.post_message(Key(name, key if len(key) == 1 else None))
            await asyncio.sleep(0.002)  # faster than anyone types
        await settle(app, pilot)
        assert app.is_running
        shown = [each.exam for each in app.screen_stack if isinstance(each, ExamScreen)]
        assert all(not exam.sheet.entries or exam.column for exam in shown)

    drive(law, exam, steps, SMALL, own if seed == 1 else None)
