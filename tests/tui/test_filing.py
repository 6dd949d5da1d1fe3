"""Nothing is lost: saving, leaving, work that is kept, a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.app import Workbench
from trajectsim.tui.document import Document
from trajectsim.tui.memory import Kept, Memory
from trajectsim.tui.screens.path import PathScreen
from trajectsim.tui.screens.prompts import Ask, Name, Recover, Tell
from trajectsim.tui.state import State

Steps = Callable[[Workbench, "Pilot[None]"], Awaitable[None]]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """What is remembered, by somebody who has been here before."""
    kept = Memory(tmp_path / "state")
    kept.remember(welcomed=True)
    return kept


@pytest.fixture
def file(tmp_path: Path, scenario: str) -> Path:
    path = tmp_path / "sara.toml"
    path.write_text(scenario)
    return path


def drive(state: State, memory: Memory, steps: Steps, first: str = "") -> Workbench:
    app = Workbench(state, first, memory)

    async def run() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            await steps(app, pilot)

    try:
        asyncio.run(run())
    finally:
        memory.let_go()
    return app


async def flip(app: Workbench, pilot: Pilot[None]) -> None:
    await pilot.press("space")
    await app.workers.wait_for_complete()
    await pilot.pause()


def test_saving_keeps_comments_and_leaves_nothing_to_ask(law: Lawbook, memory: Memory, file: Path) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await flip(app, pilot)
        assert app.document.unsaved
        await pilot.press("q")
        assert isinstance(app.screen, Ask)
        await pilot.press("escape", "s")
        assert "skip-year = false\n" in file.read_text()
        assert "# what her schools offer" in file.read_text()
        assert not app.document.unsaved
        await pilot.press("q")
        assert not app.is_running

    drive(State.opened(file, law), memory, steps)
    assert memory.recent() == [str(file)]


def test_a_new_scenario_is_asked_for_a_name_and_another_file_is_not_replaced_unasked(
    law: Lawbook, memory: Memory, file: Path, scenario: str, tmp_path: Path
) -> None:
    before = file.read_text()

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("s")
        assert isinstance(app.screen, Name)
        for name, there in ((str(file), True), (str(tmp_path / "x.csv"), True), (str(tmp_path / "new.toml"), False)):
            app.screen.query_one(Input).value = name
            await pilot.press("enter")
            assert isinstance(app.screen, Name) is there
        assert file.read_text() == before
        assert app.document.file == str(tmp_path / "new.toml")

    drive(State.of(Document.of(scenario), law), memory, steps)
    assert (tmp_path / "new.toml").read_text() == scenario


def test_a_file_that_cannot_be_written_is_said_and_the_work_stays(
    law: Lawbook, memory: Memory, scenario: str, tmp_path: Path
) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await flip(app, pilot)
        await pilot.press("s")
        assert app.document.unsaved
        assert app.is_running

    drive(State.of(Document.of(scenario, str(tmp_path / "none" / "x.toml")), law), memory, steps)


@pytest.mark.parametrize("name", ["~nobody-of-this-name/x", "x" * 300 + ".toml"])
@pytest.mark.parametrize("key", ["o", "S", "h", "4a"])
def test_a_name_that_no_file_can_have_is_told(law: Lawbook, memory: Memory, file: Path, name: str, key: str) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        if key == "4a":
            await pilot.press("4", "a", *"another", "enter")
        else:
            await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, Name)
        asked = app.screen.query_one(Input)
        asked.value = name
        await asyncio.sleep(0.1)
        await app.workers.wait_for_complete()
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert str(app.screen.query_one("#wrong").render())

    drive(State.opened(file, law), memory, steps)


def test_what_another_program_wrote_meanwhile_is_not_replaced_unasked(law: Lawbook, memory: Memory, file: Path) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await flip(app, pilot)
        file.write_text("# of another program\n")
        await pilot.press("s")
        assert file.read_text() == "# of another program\n"
        assert app.document is not None
        assert app.document.unsaved
        await pilot.press("s")
        assert "skip-year = false\n" in file.read_text()
        file.unlink()  # one that is gone is written anew
        await flip(app, pilot)
        await pilot.press("s")
        assert file.exists()

    drive(State.opened(file, law), memory, steps)


def test_a_folder_that_is_gone_ends_no_workbench(
    law: Lawbook, memory: Memory, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("7")
        await pilot.pause(0.3)
        await pilot.press("enter", "1")
        await flip(app, pilot)
        await pilot.pause(2.2)  # work is kept meanwhile
        assert app.is_running

    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    drive(State.opened(file, law), memory, steps)
    drive(State.of(None, law), memory, steps)


def test_undo_and_redo_go_over_what_was_saved(law: Lawbook, memory: Memory, file: Path, scenario: str) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await flip(app, pilot)
        await pilot.press("s", "u")
        assert app.document.text == scenario
        assert app.document.unsaved
        await pilot.press("ctrl+y")
        assert not app.document.unsaved

    drive(State.opened(file, law), memory, steps)


def test_work_that_was_left_is_offered_and_brought_back(law: Lawbook, memory: Memory, file: Path) -> None:
    work = file.read_text().replace("true", "false")
    left = Memory(memory.folder)
    left.keep(Kept("2026-11-24T21:40:00", str(file), work, "", "", ""))
    left.let_go()

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, Recover)
        await pilot.press("enter")
        assert isinstance(app.screen, PathScreen)
        assert app.document.text == work
        assert app.document.file == str(file)
        assert app.document.unsaved
        assert app.played.plan.measures["skip-year"].on is False

    drive(State.opened(file, law), memory, steps)
    assert [kept.text for _file, kept in Memory(memory.folder).left()] == [work]  # this one was not left with q


def test_work_that_was_left_can_be_thrown_away(law: Lawbook, memory: Memory, file: Path) -> None:
    left = Memory(memory.folder)
    left.keep(Kept("2026-11-24T21:40:00", "", "title = 'x'", "", "", ""))
    left.let_go()

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("x")
        assert isinstance(app.screen, PathScreen)

    drive(State.opened(file, law), memory, steps)
    assert Memory(memory.folder).left() == []


def test_work_is_kept_while_it_is_done_and_dropped_when_it_is_saved(law: Lawbook, memory: Memory, file: Path) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await flip(app, pilot)
        app._keep_changed()
        (kept,) = (memory.folder / "work").glob("*.json")
        assert "skip-year = false" in kept.read_text()
        await pilot.press("s")
        app._keep_changed()
        assert not list((memory.folder / "work").glob("*.json"))

    drive(State.opened(file, law), memory, steps)


def test_marks_that_were_typed_are_kept_and_brought_back(law: Lawbook, memory: Memory) -> None:
    async def typed(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("8", "enter")
        app._keep_changed()

    drive(State.of(None, law), memory, typed, "exam")

    async def back(app: Workbench, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, Recover)
        await pilot.press("enter")
        exam = app.state.exam
        assert exam is not None
        assert exam.unsaved
        assert exam.sheet.entries[0].se == 80

    drive(State.of(None, law), Memory(memory.folder), back, "exam")


def test_a_crash_keeps_the_work_and_names_nobody(law: Lawbook, memory: Memory, file: Path) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await flip(app, pilot)

        def broken() -> None:
            raise RuntimeError("Sara is no number")

        app.call_later(broken)
        await pilot.pause()

    with pytest.raises(RuntimeError):
        drive(State.opened(file, law), memory, steps)
    ((_file, kept),) = Memory(memory.folder).left()
    assert "skip-year = false" in kept.text
    (report,) = (memory.folder / "crashes").iterdir()
    assert "RuntimeError" in report.read_text()
    assert "Sara" not in report.read_text()
    assert str(file) not in report.read_text()


def test_who_is_here_for_the_first_time_is_greeted_once(law: Lawbook, tmp_path: Path, file: Path) -> None:
    async def greeted(app: Workbench, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, Tell)
        await pilot.press("enter")
        assert isinstance(app.screen, PathScreen)
        await pilot.press("d")

    async def known(app: Workbench, _pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, PathScreen)
        assert app.theme == "trajectsim-light"

    drive(State.opened(file, law), Memory(tmp_path / "s"), greeted)
    drive(State.opened(file, law), Memory(tmp_path / "s"), known)
