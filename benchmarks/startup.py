"""Start-up, measured: whole processes in turn, ``python -c pass`` beside each, the difference in milliseconds.

The bytecode of a module is kept, as it is of any program that is installed; without it compiling ourselves is a quarter
of what is measured. Wall time is what is promised; the time of the processor is what others beside it do not lengthen.

python benchmarks/startup.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

SARA = Path(__file__).parents[1] / "scenarios" / "paths" / "sara.toml"
PROGRAM = Path(sys.executable).with_name("trajectsim")
RUNS = 25
LIMIT = 100
COMMANDS = {
    "--version": ("--version",),
    "check (one file)": ("check", str(SARA)),
    "run (one file)": ("run", str(SARA)),
}


KEEPING = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment, without the word that forbids to keep bytecode."""


def cost(*command: str) -> tuple[float, float]:
    """Milliseconds of one process: on the wall, and of the processor."""
    start, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=KEEPING, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, getrusage(RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, own * 1000


def main() -> None:
    print(f"median of {RUNS} runs in turn, ms beyond `python -c pass`; promised for --version and check: {LIMIT}")
    for name, arguments in COMMANDS.items():
        cost(str(PROGRAM), *arguments)  # writes the bytecode where there is none yet
        pairs = [(cost(sys.executable, "-c", "pass"), cost(str(PROGRAM), *arguments)) for _run in range(RUNS)]
        wall, own = (sorted(ours[n] - bare[n] for bare, ours in pairs) for n in range(2))
        print(f"{name:18} {median(wall):6.1f}   (min {wall[0]:.1f}, max {wall[-1]:.1f}; processor {median(own):.1f})")


if __name__ == "__main__":
    main()
