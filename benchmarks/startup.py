"""Start-up, measured: whole processes in turn, ``python -c pass`` beside each, the difference in milliseconds.

python benchmarks/startup.py
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
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


def wall(*command: str) -> float:
    """Milliseconds of one process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    print(f"median of {RUNS} runs in turn, ms beyond `python -c pass`; promised for --version and check: {LIMIT}")
    for name, arguments in COMMANDS.items():
        pairs = [(wall(sys.executable, "-c", "pass"), wall(str(PROGRAM), *arguments)) for _run in range(RUNS)]
        beyond = sorted(ours - bare for bare, ours in pairs)
        bare = median(bare for bare, _ours in pairs)
        print(f"{name:18} {median(beyond):6.1f}   (min {beyond[0]:.1f}, max {beyond[-1]:.1f}; bare Python {bare:.1f})")


if __name__ == "__main__":
    main()
