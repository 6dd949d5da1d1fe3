"""The screens, measured in a real terminal: bytes in, and the time until the last bytes of the new picture came out.

python benchmarks/screen.py
"""

from __future__ import annotations

import atexit
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SARA = SCENARIOS / "paths" / "sara.toml"
CLASS = SCENARIOS / "exams" / "havo-2026.csv"
PROGRAM = Path(sys.executable).with_name("trajectsim")
QUIET = 0.3
"""Seconds without output after which a picture is taken to be whole."""
PRESSES = 24
HOME = tempfile.mkdtemp()
"""Nobody's settings."""

SWITCH = (b" ",)
"""The space bar on a measure: the path is played and drawn again."""
MOVES = (b"2", b"1", b"3", b"\x1bOP", b"4", b"1", b"5", b"1", b"6", b"1", b"7", b"1")
"""From the path to every other screen and back; F1 leaves the exam, where a digit is a mark."""
FIRST = {"options": b"2", "exam": b"3", "compare": b"4", "cohort": b"5", "law": b"6", "scenarios": b"7"}
"""Screens that are seen for the first time, each in a workbench that was opened for it."""
IDLE = {"at once": 0.0, "after a second": 1.0}
"""Seconds of doing nothing between the first picture and the key. At once is before anything could be made ready."""
WHOLE = 6000
"""Bytes that no picture of the path is drawn with fewer of."""
VISITS = 5
POINTER = b"\x1b]22;default\x07"
"""Says that the pointer has its usual shape, which is no part of a picture."""
AT_ONCE = 0.05
"""Seconds without output that end a first picture for somebody in a hurry."""
MARK = (b"5", b"u", b"9", b"u")
"""A mark that is typed and taken back: the verdict turns, and what is still needed follows."""


def settled(terminal: int, patience: float, quiet: float = QUIET) -> float | None:
    """When the last output came before a quiet while; None when there was none within ``patience``."""
    last: float | None = None
    while select.select([terminal], [], [], quiet if last else patience)[0]:
        if os.read(terminal, 1 << 16).replace(POINTER, b""):
            last = time.perf_counter()
    return last


def opened(columns: int, lines: int, file: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A workbench in a terminal of this size."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(lines)}
    environment |= {"XDG_STATE_HOME": HOME, "XDG_CONFIG_HOME": HOME}
    program = subprocess.Popen(
        [str(PROGRAM), str(file)], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    atexit.register(ended, program)
    os.close(theirs)
    return program, ours


def ended(program: subprocess.Popen[bytes]) -> None:
    """Nothing that was started stays, however this ends: what runs on would be in the next figures."""
    if program.poll() is None:
        program.kill()
        program.wait()


def left(program: subprocess.Popen[bytes], terminal: int) -> None:
    """Leave a workbench."""
    os.write(terminal, b"\x1bOP")
    settled(terminal, 1, 0.1)
    os.write(terminal, b"q")
    with suppress(OSError):  # the terminal is gone with the program
        while select.select([terminal], [], [], 5)[0]:
            os.read(terminal, 1 << 16)
    with suppress(subprocess.TimeoutExpired):
        program.wait(5)
    ended(program)
    atexit.unregister(ended)
    os.close(terminal)


def visited(columns: int, lines: int, promised: int = 150) -> None:
    """See each screen for the first time, a number of times: what the middle one of them takes."""
    for when, idle in IDLE.items():
        told: list[str] = []
        for name, key in FIRST.items():
            times: list[float] = []
            for _turn in range(VISITS):
                program, terminal = opened(columns, lines, SARA)
                first_picture(terminal)
                time.sleep(idle)
                while select.select([terminal], [], [], 0)[0]:
                    os.read(terminal, 1 << 16)
                pressed = time.perf_counter()
                os.write(terminal, key)
                times.append(((settled(terminal, 3) or 0.0) - pressed) * 1000)
                left(program, terminal)
            told.append(f"{name} {median(times):.0f}")
        print(f"{columns}x{lines}".ljust(8), f"a screen for the first time, {when}: {', '.join(told)} ms", end="")
        print(f" (median of {VISITS}; promised {promised})")


def first_picture(terminal: int) -> float:
    """When the path was drawn: its last output before a little quiet, once there was much of it."""
    read, last = 0, time.perf_counter()
    while read < WHOLE or select.select([terminal], [], [], AT_ONCE)[0]:
        read += len(os.read(terminal, 1 << 16))
        last = time.perf_counter()
    return last


def measured(columns: int, lines: int, file: Path, keys: Sequence[bytes], what: str, promised: int = 100) -> None:
    """Open a file in a terminal of this size, press keys a number of times, leave."""
    started = time.perf_counter()
    program, ours = opened(columns, lines, file)
    ready = settled(ours, 10) or started
    times: list[float] = []
    for n in range(PRESSES):
        pressed = time.perf_counter()
        os.write(ours, keys[n % len(keys)])
        drawn = settled(ours, 2)
        if drawn is not None:
            times.append((drawn - pressed) * 1000)
    left(program, ours)
    size = f"{columns}x{lines}"
    print(f"{size:8} {file.name}: first picture whole after {ready - started:5.2f} s (promised 1.5)")
    told = f"median {median(times):.0f} ms (min {min(times):.0f}, max {max(times):.0f}; promised {promised})"
    print(f"{size:8} {what}, key to last byte, {len(times)} times: {told}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # as a time limit does: what was started is ended too
    remembered = Path(HOME) / "trajectsim" / "remembered.json"
    remembered.parent.mkdir()
    remembered.write_text('{"welcomed": true}')
    for size in ((120, 40), (80, 24)):
        measured(*size, SARA, SWITCH, "a switch")
        measured(*size, SARA, MOVES, "moving between screens", 150)
        visited(*size)
        measured(*size, CLASS, MARK, "a mark, verdict and what is needed")
