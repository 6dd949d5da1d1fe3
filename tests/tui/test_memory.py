"""What the workbench remembers: recent files, work that was left, crashes without names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from trajectsim.tui.memory import Kept, Memory


def test_recent_files_are_those_that_are_there_the_last_one_first(tmp_path: Path) -> None:
    memory, files = Memory(tmp_path / "state"), [tmp_path / f"{n}.toml" for n in range(15)]
    for file in files:
        file.touch()
        memory.opened(str(file))
    memory.opened(str(files[5]))
    files[14].unlink()
    recent = Memory(tmp_path / "state").recent()
    assert recent[:2] == [str(files[5]), str(files[13])]
    assert len(recent) == len(set(recent)) == 11


def test_nothing_that_stands_in_the_folder_is_trusted(tmp_path: Path) -> None:
    for text in ("", "[", "[1]", '{"recent": 3}', '{"recent": [1, null]}', "\x00"):
        (tmp_path / "remembered.json").write_text(text)
        assert Memory(tmp_path).recent() == []
    work = tmp_path / "work"
    work.mkdir()
    for n, text in enumerate(("", "[1]", '{"what": 1}')):
        (work / f"{n}.json").write_text(text)
    assert Memory(tmp_path).left() == []


def test_work_is_found_once_its_workbench_is_no_more_and_not_while_it_is(tmp_path: Path) -> None:
    kept = Kept("2026-11-24T12:00:00", "a.toml", 'title = "x"', "", "", "")
    code = (
        "import sys, pathlib\n"
        "from trajectsim.tui.memory import Kept, Memory\n"
        f"memory = Memory(pathlib.Path({str(tmp_path)!r}))\n"
        f"memory.keep({kept!r})\n"
        "print('kept', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"kept\n"
        assert Memory(tmp_path).left() == []
        other.kill()
    ((file, found),) = Memory(tmp_path).left()
    assert found == kept
    assert file.stat().st_mode & 0o077 == 0
    Memory.forget(file)
    assert Memory(tmp_path).left() == []
    assert not any((tmp_path / "work").iterdir())


def test_work_that_is_dropped_is_gone(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.keep(Kept(text="x"))
    memory.keep(Kept(text="y"))
    assert json.loads(next((tmp_path / "work").glob("*.json")).read_text())["text"] == "y"
    memory.drop()
    assert not any((tmp_path / "work").iterdir())
    memory.drop()


def test_a_crash_is_written_without_names(tmp_path: Path) -> None:
    try:
        raise ValueError("no place for Sara van der Berg in 'sara van'")  # as a message might have it
    except ValueError as error:
        file = Memory(tmp_path).report(error, [("screen", "path")], ["Sara van der Berg", "Al"])
    assert file is not None
    text = file.read_text()
    assert "Sara" not in text
    assert "Berg" not in text
    assert "ValueError" in text
    assert "screen: path" in text


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    there = tmp_path / "file"
    there.touch()
    memory = Memory(there / "state")
    memory.keep(Kept(text="x"))
    memory.opened("a.toml")
    memory.drop()
    assert memory.recent() == memory.left() == []
    assert memory.report(ValueError(), [], []) is None
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_nobody_may_look_in_is_as_if_nothing_were_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory(tmp_path / "state")
    file = tmp_path / "a.toml"
    file.touch()
    memory.opened(str(file))

    def refused(*_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "stat", refused)
    assert memory.left() == []
    assert memory.recent() == []
