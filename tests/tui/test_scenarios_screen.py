"""The screen of scenarios: the library, the text with its problems, a few questions, running."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static
from textual.worker import WorkerCancelled

from trajectsim import cli, settings
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.read import read_from
from trajectsim.tui.app import Workbench
from trajectsim.tui.library import faults, found, glance, shelf
from trajectsim.tui.screens.interview import Interview
from trajectsim.tui.screens.path import PathScreen
from trajectsim.tui.screens.prompts import Ask
from trajectsim.tui.screens.scenarios import ScenariosScreen
from trajectsim.tui.state import State
from trajectsim.tui.widgets.editor import Editor
from trajectsim.tui.widgets.notes import Notes
from trajectsim.tui.widgets.rows import Rows
from trajectsim.tui.widgets.told import Told

FOLDER = Path(__file__).parents[2] / "scenarios"
Steps = Callable[[Workbench, "Pilot[None]"], Awaitable[None]]

WRONG = 'title = "wrong"\n[pupil]\nborn = 2008-03-12\n[measures]\nskip-yaer = true\n'
FAILS = 'title = "fails"\n[pupil]\nborn = 2008-03-12\n\n[[expect.at]]\nin = "2012/2013"\nplace = "po/2"\n'


@pytest.fixture
def folder(tmp_path: Path, scenario: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with four scenarios, a class and what is none of ours."""
    here = tmp_path / "mine"
    (here / "sub").mkdir(parents=True)
    for name, text in (("sara", scenario), ("wrong", WRONG), ("fails", FAILS), ("sub/broken", 'title = "x')):
        (here / f"{name}.toml").write_text(text)
    (here / "class.csv").write_text((FOLDER / "exams" / "havo-2026.csv").read_text())
    (here / "sub" / ".hidden.toml").write_text(scenario)
    (here / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (here / "other.csv").write_text("a,b\n1,2\n")
    monkeypatch.chdir(here)
    return here


async def settle(app: Workbench, pilot: Pilot[None]) -> None:
    for _round in range(3):
        await pilot.pause()
        while app.workers:
            with suppress(WorkerCancelled):
                await app.workers.wait_for_complete()
        await pilot.pause()


def drive(state: State, steps: Steps, size: tuple[int, int] = (120, 40)) -> None:
    async def run() -> None:
        app = Workbench(state)
        async with app.run_test(size=size) as pilot:
            await settle(app, pilot)
            await steps(app, pilot)

    asyncio.run(run())


def pick(app: Workbench, name: str) -> None:
    rows = app.screen.query_one("#files", Rows)
    rows.highlight(next(row.key for row in rows.rows if row.key.endswith(name)))


# --- without a screen


def test_the_shelf_has_what_is_ours(folder: Path) -> None:
    items = shelf(folder, [str(folder / "sara.toml")])
    assert {item.shown: item.kind for item in items.items} == {
        "class.csv": "marks",
        "fails.toml": "path",
        "sara.toml": "path",
        "sub/broken.toml": "broken",
        "wrong.toml": "path",
    }
    assert [item.title for item in items.recent] == ["Sara"]
    assert [item.shown for item in found(items.items, "FAILS toml")] == ["fails.toml"]
    assert found(items.items, "no such words") == ()


def test_what_files_begin_with_tells_the_same_as_all_that_is_in_them(folder: Path) -> None:
    begins, whole = (shelf(FOLDER, (), whole=whole) for whole in (False, True))
    assert begins == whole
    assert len(whole.items) > 100
    broken = folder / "sub" / "broken.toml"
    broken.write_text('title = "Begins well"\n[pupil]\nborn = \n')
    assert [item.kind for item in shelf(broken.parent, (), whole=False).items] == ["path"]
    assert [item.kind for item in shelf(broken.parent, ()).items] == ["broken"]


@pytest.mark.parametrize("kind", ["path", "cohort", "marks", "case"])
def test_every_kind_of_file_that_comes_with_it_can_be_glanced_at(kind: str, law: Lawbook) -> None:
    item = next(item for item in shelf(FOLDER, ()).items if item.kind == kind)
    seen = glance(item, law)
    assert seen.problems == ()
    assert (seen.map is not None) is (kind == "path")
    assert seen.notes


def test_a_glance_at_what_is_played_already_is_what_playing_it_shows(law: Lawbook) -> None:
    sara, other = (FOLDER / "paths" / name for name in ("sara.toml", "start-in-havo-4.toml"))
    items = {item.file: item for item in shelf(FOLDER, ()).items}
    before = State.opened(sara, law).played
    assert before is not None
    assert glance(items[str(sara)], law, before).map is before.map
    assert glance(items[str(sara)], law).map == before.map
    assert glance(items[str(other)], law, before).map == glance(items[str(other)], law).map


def test_a_glance_at_what_is_wrong_says_what_and_where(folder: Path, law: Lawbook) -> None:
    for name in ("wrong.toml", "sub/broken.toml"):
        item = next(item for item in shelf(folder, ()).items if item.shown == name)
        assert [problem.place is not None for problem in glance(item, law).problems] == [True]


def test_faults_of_a_text() -> None:
    (problem,) = faults(WRONG, "x.toml")
    assert problem.place is not None
    assert problem.place.line == 5
    assert faults(FAILS, "x.toml") == ()


# --- with one


def test_without_a_file_it_opens_on_the_library_and_enter_opens_a_scenario(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, ScenariosScreen)
        pick(app, "sara.toml")
        app.screen.query_one("#files", Rows).action_choose()
        await settle(app, pilot)
        assert isinstance(app.screen, PathScreen)
        assert app.state.title == "Sara"

    drive(State.of(None, law), steps)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_glance_shows_the_map_of_the_highlighted_file(folder: Path, law: Lawbook, size: tuple[int, int]) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        pick(app, "fails.toml")
        app.screen.query_one("#files", Rows).action_move(1)
        await asyncio.sleep(0.2)
        await settle(app, pilot)
        assert app.screen.query_one("#picture").display
        notes = str(app.screen.query_one("#wrong", Notes).render())
        assert "vwo at 16" in notes

    drive(State.of(None, law), steps, size)


def test_searching_narrows_and_escape_takes_it_back(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        rows = app.screen.query_one("#files", Rows)
        before = len(rows.rows)
        await pilot.press("slash", *"fails")
        assert len(rows.rows) == 2
        await pilot.press(*"zqz")
        await settle(app, pilot)
        panel = app.screen.query_one("#glance")
        assert not str(panel.border_title)  # nothing is found, so nothing is shown of it
        await pilot.press("escape")
        assert len(rows.rows) == before
        assert rows.has_focus

    drive(State.of(None, law), steps)


def test_what_a_search_finds_is_what_is_told_and_shown_and_nothing_where_it_finds_nothing(
    folder: Path, law: Lawbook
) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        def said() -> str:
            return str(app.screen.query_one("#status", Told).render())

        await pilot.press("slash", *"fails")
        await settle(app, pilot)
        assert "fails.toml" in said()
        assert "po/2" in str(app.screen.query_one("#begins", Static).render())
        await pilot.press(*"zzz")
        await settle(app, pilot)
        assert "fails.toml" not in said()
        assert not app.screen.query_one("#picture").display
        assert not app.screen.query_one("#begins").display

    drive(State.of(None, law), steps)


def test_the_text_is_written_with_its_problems_at_their_line(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        editor = app.screen.query_one(Editor)
        assert editor.has_focus  # what cannot be played opens as text
        assert "unknown" in editor.get_line(4).plain
        await pilot.press("f8")
        assert editor.cursor_location == (4, 0)
        await pilot.press("end", *["left"] * 7, "backspace", "backspace", "backspace", *"ear")
        await asyncio.sleep(0.3)
        await settle(app, pilot)
        assert app.document.text == WRONG.replace("yaer", "year")
        assert editor.get_line(4).plain == "skip-year = true"
        assert app.played is not None
        assert not app.state.problems

    drive(State.opened(folder / "wrong.toml", law), steps)


def test_a_letter_that_nobody_has_heard_of_yet_is_not_put_back(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        editor = app.screen.query_one(Editor)
        editor.insert("#", (0, 0))
        app.told()  # somebody else has something to tell before the letter is heard of
        await settle(app, pilot)
        assert editor.text.startswith("#title")
        assert app.document is not None
        assert app.document.text == editor.text
        await pilot.press("ctrl+z")
        await settle(app, pilot)
        assert editor.text == app.document.text == WRONG

    drive(State.opened(folder / "wrong.toml", law), steps)


def test_what_is_typed_is_undone_over_the_screens_and_a_switch_changes_the_text(folder: Path, law: Lawbook) -> None:
    before = (folder / "sara.toml").read_text()

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        await settle(app, pilot)
        await pilot.press("7", "e")
        await settle(app, pilot)
        editor = app.screen.query_one(Editor)
        assert "skip-year = false" in editor.text
        await pilot.press("#", "x")
        assert app.document.text.startswith("#x")
        await pilot.press("ctrl+z")
        assert editor.text == app.document.text
        assert "skip-year = false" in editor.text
        assert not editor.text.startswith("#")
        await pilot.press("ctrl+z")
        await settle(app, pilot)
        assert editor.text == before
        await pilot.press("f1")
        assert app.played.plan.measures["skip-year"].on

    drive(State.opened(folder / "sara.toml", law), steps)


def test_another_file_is_not_opened_over_work_that_is_not_saved(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        await settle(app, pilot)
        await pilot.press("7")
        pick(app, "fails.toml")
        app.screen.query_one("#files", Rows).action_choose()
        await settle(app, pilot)
        assert isinstance(app.screen, Ask)
        await pilot.press("escape")
        assert app.document.name == "sara.toml"

    drive(State.opened(folder / "sara.toml", law), steps)


def test_running_all_tells_what_failed_and_leads_to_the_line(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("R")
        await settle(app, pilot)
        rows = app.screen.query_one("#ran", Rows)
        told = "\n".join(row.text for row in rows.rows)
        assert "✓ Sara" in told
        assert "✗ fails" in told
        assert "1 scenario passed, 1 failed, 2 unusable" in str(app.screen.query_one("#bar").render())
        rows.highlight(next(row.key for row in rows.rows if "fails.toml/e0" in row.key))
        rows.action_choose()
        await settle(app, pilot)
        assert app.document.name == "fails.toml"
        editor = app.screen.query_one(Editor)
        assert editor.has_focus
        assert editor.document.get_line(editor.cursor_location[0]).startswith("place")

    drive(State.of(None, law), steps)


def test_a_few_questions_make_a_scenario(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("n", "down", "enter")
        assert isinstance(app.screen, Interview)
        await pilot.press("enter")
        assert isinstance(app.screen, Interview)  # it has no name yet
        await pilot.press(*"Noor", "enter")
        app.screen.query_one("#answer", Input).value = "yesterday"
        await pilot.press("enter")
        assert isinstance(app.screen, Interview)
        app.screen.query_one("#answer", Input).value = "2009-05-06"
        await pilot.press("enter", *"havo 4", "enter")
        await settle(app, pilot)
        assert isinstance(app.screen, ScenariosScreen)
        assert app.document.file == ""
        assert app.document.unsaved
        scenario = read_from(app.document.text, "x").scenario
        assert scenario.title == "Noor"
        assert scenario.start is not None
        assert scenario.start.at == "vo/havo/4"
        assert app.played is not None

    drive(State.of(None, law), steps)


def test_what_is_typed_takes_the_place_of_a_proposed_answer(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("n", "down", "enter", *"Noor", "enter", *"2009-05-06")
        assert app.screen.query_one("#answer", Input).value == "2009-05-06"

    drive(State.of(None, law), steps)


def test_escape_goes_back_through_the_questions(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("n", "enter", "escape", "escape")
        assert isinstance(app.screen, ScenariosScreen)
        assert app.document is None

    drive(State.of(None, law), steps)


def test_enter_that_comes_before_the_choices_have_the_focus_chooses_nothing(folder: Path, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("n")
        answer = app.screen.query_one("#answer", Input)
        answer.post_message(Input.Submitted(answer, "x"))
        await pilot.pause()
        assert isinstance(app.screen, Interview)
        assert app.screen.query_one("#choices").display
        await pilot.press("escape")
        assert isinstance(app.screen, ScenariosScreen)

    drive(State.of(None, law), steps)


def test_an_empty_folder_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: Lawbook) -> None:
    monkeypatch.chdir(tmp_path)

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        assert "n makes one" in app.screen.query_one("#files", Rows).rows[0].text
        await pilot.press("enter", "e", "r", "R")
        assert isinstance(app.screen, ScenariosScreen)

    drive(State.of(None, law), steps)


def test_the_folder_of_the_settings_is_the_library(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    settings.file().parent.mkdir(parents=True)
    settings.file().write_text(f'folder = "{folder}"\n')
    assert cli.execute([str(folder / "wrong.toml"), "--plain", "--screen", "7"]) == 0
    told = capsys.readouterr().out
    assert "sara.toml: Sara (pupil)" in told
    assert 'wrong.toml:5:1 error S104: unknown measure "skip-yaer"' in told


def test_another_theme_dresses_the_text_at_once(law: Lawbook, folder: Path) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("7")
        await pilot.pause()
        before = app.screen.query_one(Editor).theme
        await pilot.press("d")
        assert app.screen.query_one(Editor).theme == f"of-{app.theme}" != before

    drive(State.opened(folder / "sara.toml", law), steps)


def test_the_space_bar_is_named_where_it_does_nothing(law: Lawbook, folder: Path) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        await pilot.pause()
        (told,) = app._notifications
        assert told.message.startswith("space does nothing here")

    drive(State.of(None, law), steps)


def test_titles_are_cut_for_the_room_that_the_list_has_now(folder: Path, law: Lawbook) -> None:
    title = "A title that has room on eighty columns and none beside a map"
    (folder / "long.toml").write_text(f'title = "{title}"\n[pupil]\nborn = 2008-03-12\n')

    def told(app: Workbench) -> bool:
        rows = app.screen.query_one("#files", Rows).rows
        return any(title in text for row in rows for line in row.lines for text, _role in line)

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        assert not told(app)
        for size, whole in (((80, 24), True), ((120, 40), False), ((80, 24), True)):
            await pilot.resize_terminal(*size)
            await settle(app, pilot)
            assert told(app) is whole, size

    drive(State.of(None, law), steps)

    async def coming(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("7")
        await settle(app, pilot)
        assert told(app)

    drive(State.opened(folder / "long.toml", law), coming, (80, 24))
