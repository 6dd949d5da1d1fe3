"""Walks, measured: one explained walk warm, 200 path scenarios from files.

python benchmarks/walks.py
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from trajectsim.law.lawbook import Lawbook
from trajectsim.path.walk import play
from trajectsim.report.text import walk_text
from trajectsim.scenario.plans import plan_of
from trajectsim.scenario.read import read
from trajectsim.scenario.run import play_source, run_file

FOLDER = Path(__file__).parents[1] / "scenarios" / "paths"
SARA = FOLDER / "sara.toml"
RUNS = 30


def timed(what: str, promised: str, action: Callable[[], object], runs: int = RUNS) -> None:
    """Print the median and the range of an action, in milliseconds of this process: what others do does not count."""
    times: list[float] = []
    for _run in range(runs):
        start = time.process_time()
        action()
        times.append((time.process_time() - start) * 1000)
    print(f"{what:44} {median(times):8.1f} ms   (min {min(times):.1f}, max {max(times):.1f}; promised {promised})")


def two_hundred(law: Lawbook) -> None:
    """Run 200 copies of the bundled path scenarios."""
    files = sorted(FOLDER.glob("*.toml"))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(200):
            source = files[number % len(files)]
            Path(folder, f"{number:03}.toml").write_bytes(source.read_bytes())
        copies = sorted(Path(folder).glob("*.toml"))
        timed("run of 200 path scenarios", "2000", lambda: [run_file(f, law) for f in copies], runs=3)


def main() -> None:
    gc.set_threshold(100_000)  # as the program has it
    law = Lawbook.load()
    source = read(SARA)
    plan = plan_of(source.scenario)
    timed("a walk, groep 1 to a degree, warm", "5", lambda: play(plan, law))
    timed("the same, with the walk without and its text", "-", lambda: walk_text(play_source(source, law), law))
    two_hundred(law)


if __name__ == "__main__":
    main()
