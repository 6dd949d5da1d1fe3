"""Running scenarios, measured as a user does: 200 with one process, 1,000 generated ones with two.

python benchmarks/scenarios.py
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = """title = "Generated {n}"
tags = ["generated"]
[measures]
{measures}
[given]
advice = "{advice}"
[pupil]
born = {born}
[[expect.at]]
in = "{year}"
place = "po/1"
"""
ADVICE = ("bb", "kb", "kb-gt", "gt-havo", "havo", "havo-vwo", "vwo")
MEASURES = ("skip-year = true", "early-to-vo = true", "early-exam = true", "five-year-vwo = true", "")


def generate(folder: Path, count: int) -> None:
    """So many scenarios, each of another pupil, advice or measure."""
    for n in range(count):
        year = 1996 + n % 14
        told = {"advice": ADVICE[n % 7], "measures": MEASURES[n % 5], "born": f"{year}-0{1 + n % 9}-1{n % 10}"}
        file = folder / f"{n:04}.toml"
        file.write_text(TEXT.format(n=n, **told, year=f"{year + 4}/{year + 5}"), "utf-8")


def timed(count: int, *options: str, promised: str) -> None:
    """Generate, run, and print the wall time of the whole command, the best and the worst of three."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), count)
        command = [sys.executable, "-m", "trajectsim", "run", folder, "-q", *options]
        times: list[float] = []
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        for _round in range(3):
            start = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
            times.append(time.perf_counter() - start)
            assert done.returncode == 0, done.stderr
        spent = (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - spent) / len(times)
        told = f"{min(times):.2f} s to {max(times):.2f} s, {spent:.2f} s of processor; promised {promised}"
        print(f"run of {count} scenarios {' '.join(options):9} {told}")


def main() -> None:
    timed(200, promised="2 s")
    timed(1000, "--jobs", "2", promised="8 s")


if __name__ == "__main__":
    main()
