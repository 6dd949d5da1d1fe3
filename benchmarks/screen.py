"""The screens, measured in a real terminal: bytes in, and the time until the last bytes of the new picture came out.

python benchmarks/screen.py
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SARA = SCENARIOS / "paths" / "sara.toml"
CLASS = SCENARIOS / "exams" / "havo-2026.csv"
PROGRAM = Path(sys.executable).with_name("trajectsim")
QUIET = 0.3
"""Seconds without output after which a picture is taken to be whole."""
PRESSES = 20
HOME = tempfile.mkdtemp()
"""Nobody's settings."""

SWITCH = (b" ",)
"""The space bar on a measure: the path is played and drawn again."""
MOVES = (b"7", b"1", b"6", b"1", b"2", b"1")
"""From the path to the scenarios, the law, the options and back: the first time a screen is made, then it is there."""
MARK = (b"5", b"u", b"9", b"u")
"""A mark that is typed and taken back: the verdict turns, and what is still needed follows."""


def settled(terminal: int, patience: float) -> float | None:
    """When the last output came before a quiet while; None when there was none within ``patience``."""
    last: float | None = None
    while select.select([terminal], [], [], QUIET if last else patience)[0]:
        os.read(terminal, 1 << 16)
        last = time.perf_counter()
    return last


def measured(columns: int, lines: int, file: Path, keys: Sequence[bytes], what: str, promised: int = 100) -> None:
    """Open a file in a terminal of this size, press keys a number of times, leave."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(lines)}
    environment |= {"XDG_STATE_HOME": HOME, "XDG_CONFIG_HOME": HOME}
    started = time.perf_counter()
    program = subprocess.Popen(
        [str(PROGRAM), str(file)], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    ready = settled(ours, 10) or started
    times: list[float] = []
    for n in range(PRESSES):
        pressed = time.perf_counter()
        os.write(ours, keys[n % len(keys)])
        drawn = settled(ours, 2)
        if drawn is not None:
            times.append((drawn - pressed) * 1000)
    os.write(ours, b"q")
    settled(ours, 1)
    program.wait(5)
    size = f"{columns}x{lines}"
    print(f"{size:8} {file.name}: first picture whole after {ready - started:5.2f} s (promised 1.5)")
    told = f"median {median(times):.0f} ms (min {min(times):.0f}, max {max(times):.0f}; promised {promised})"
    print(f"{size:8} {what}, key to last byte, {len(times)} times: {told}")


if __name__ == "__main__":
    remembered = Path(HOME) / "trajectsim" / "remembered.json"
    remembered.parent.mkdir()
    remembered.write_text('{"welcomed": true}')
    for size in ((120, 40), (80, 24)):
        measured(*size, SARA, SWITCH, "a switch")
        measured(*size, SARA, MOVES, "moving between screens", 150)
        measured(*size, CLASS, MARK, "a mark, verdict and what is needed")
