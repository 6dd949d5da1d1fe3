"""A run whose process is killed leaves no process behind, and the same command goes on to the same bytes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from small_cohort import small_cohort

pytestmark = pytest.mark.long
PATIENCE = 90.0
"""Seconds in which a busy machine has to come to it."""


def command(file: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "trajectsim", "cohort", str(file), "--format", "json", *more]


def workers_of(pid: int) -> set[int]:
    """The processes that a process has started."""
    told = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (line.split() for line in told.splitlines())
    return {int(own) for own, parent in pairs if int(parent) == pid}


def running() -> set[int]:
    """The processes that have not ended."""
    told = subprocess.run(["ps", "-e", "-o", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    return {int(pid) for pid, state in (line.split()[:2] for line in told.splitlines()) if not state.startswith("Z")}


def waited_for(what: Callable[[], object]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def test_a_killed_run_leaves_nobody_behind_and_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    file, keep = tmp_path / "c.toml", tmp_path / "kept"
    file.write_text(small_cohort(20_000, 10))
    run = subprocess.Popen(
        command(file, "--keep", str(keep), "--jobs", "2"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert waited_for(lambda: len(list(keep.glob("*.piece"))) >= 1)
    workers = workers_of(run.pid)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert workers
    assert waited_for(lambda: not workers & running())
    kept = {each.name: each.read_bytes() for each in keep.glob("*.piece")}
    told = [
        subprocess.run(command(file, *more), capture_output=True, check=True).stdout
        for more in (("--keep", str(keep)), ())
    ]
    assert told[0] == told[1]
    assert all(
        (keep / name).read_bytes() == content for name, content in kept.items()
    )  # what was done is not done anew
