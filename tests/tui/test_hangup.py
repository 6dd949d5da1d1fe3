"""A terminal that goes away under the workbench: it ends, and the work is kept."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from trajectsim.tui.hangup import gone

pytestmark = pytest.mark.long

SARA = Path(__file__).parents[2] / "scenarios" / "paths" / "sara.toml"
LONG = 20
"""Seconds after which something never happens."""
QUIET = 1.0
"""Seconds without output after which a picture is whole."""


def deaf() -> None:
    """Hear no signal of the terminal, as under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _env() -> dict[str, str]:
    """Without the size of another terminal than that of the test, which test runners say to their workers."""
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}


class Opened:
    """A workbench on a terminal of its own, with a folder for what it remembers."""

    def __init__(self, folder: Path, *, deaf_to_it: bool) -> None:
        self.work = folder / "trajectsim" / "work"
        self.terminal, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        (folder / "trajectsim").mkdir()
        (folder / "trajectsim" / "remembered.json").write_text('{"welcomed": true}')
        self.program = subprocess.Popen(
            [sys.executable, "-m", "trajectsim", str(SARA)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=deaf if deaf_to_it else None,
            env={**_env(), "TERM": "xterm-256color", "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        )
        os.close(theirs)

    def read(self, until: bytes) -> None:
        """Wait for something on the screen."""
        seen = b""
        while until not in seen:
            assert select.select([self.terminal], [], [], LONG)[0], seen[-2000:]
            seen += os.read(self.terminal, 1 << 16)

    def read_all(self) -> None:
        """Wait until nothing comes any more."""
        while select.select([self.terminal], [], [], QUIET)[0]:
            os.read(self.terminal, 1 << 16)


@pytest.fixture(params=[True, False], ids=["no signal", "a signal"])
def opened(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Opened]:
    bench = Opened(tmp_path, deaf_to_it=request.param)
    yield bench
    if bench.program.poll() is None:
        bench.program.kill()
    bench.program.wait()


def changed(opened: Opened) -> None:
    """Something is on the bench that is not saved."""
    opened.read(b"sara.toml")
    opened.read_all()
    os.write(opened.terminal, b" ")
    opened.read(b"sara.toml")  # it is said there that it is not saved
    opened.read_all()


def kept(opened: Opened) -> str:
    (file,) = opened.work.glob("*.json")
    return json.loads(file.read_text("utf-8"))["text"]


def test_the_work_is_kept_when_the_terminal_is_gone(opened: Opened) -> None:
    changed(opened)
    os.close(opened.terminal)
    opened.program.wait(LONG)
    assert kept(opened) != SARA.read_text("utf-8")


def test_the_work_is_kept_when_the_program_is_asked_to_end(opened: Opened) -> None:
    changed(opened)
    opened.program.terminate()
    opened.read(b"\x1b[?1049l")  # the screen is given back
    opened.program.wait(LONG)
    assert kept(opened) != SARA.read_text("utf-8")
    os.close(opened.terminal)


def test_a_pipe_is_gone_once_nobody_writes_to_it_any_more() -> None:
    ours, theirs = os.pipe()
    assert not gone(ours)
    os.close(theirs)
    assert gone(ours)
    os.close(ours)
