"""Cohorts, measured: pupil-years a second on the full model, beside Mesa and a plain numpy floor; memory; cold starts.

python benchmarks/cohorts.py [--memory | --cold]      (the extra bench for the peer)

CPU time is told beside wall time, for a machine is seldom alone. A *pupil-year* is one school year of one child under
all rules and the whole learning model. The peers do far less, and say what.
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from trajectsim.cohort.design import Cohort, Policy, policy_plan
from trajectsim.cohort.executors import PROCESSES, hands
from trajectsim.cohort.running import work
from trajectsim.law.lawbook import Lawbook

BIRTH_YEAR, BAND, SAMPLE = 175_000, 40, 3_500
SIZES = (10_000, 175_000, 2_000_000)
AGENTS, YEARS, RUNS = 2_000, 15, 4


def cohort(size: int, replications: int = 1) -> Cohort:
    """Children of 2005 under the law alone."""
    return Cohort(size, (2005,), (Policy("none", policy_plan()),), seed=7, replications=replications)


def years(counts: dict[str, int]) -> int:
    """The school years of a run."""
    return sum(count for key, count in counts.items() if key.startswith("in/"))


def told(what: str, count: int, cpu: float, wall: float) -> None:
    """One line."""
    print(f"{what:58} {count:10,} years {wall:7.2f} s wall {cpu:7.2f} s CPU: {count / cpu:12,.0f} a CPU second")


def timed(what: str, action: Callable[[], int]) -> None:
    """The best of some runs, after one that makes everything warm."""
    action()
    found: list[tuple[float, float, int]] = []
    for _run in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        count = action()
        found.append((time.perf_counter() - wall, time.process_time() - cpu, count))
    wall, cpu, count = min(found)
    told(what, count, cpu, wall)


def here(made: Cohort, law: Lawbook) -> int:
    """All pieces in this process."""
    return sum(years(counts["none"]) for job in made.jobs() for counts in work(made, job, law)[0])


def pool(made: Cohort, law: Lawbook, what: str) -> None:
    """All pieces in two processes that have been at it before. CPU time is that of both."""
    with hands(PROCESSES, 2, made, law, work) as found:
        for run in range(RUNS + 2):  # either process sees either piece before it counts
            wall, cpu = time.perf_counter(), children()
            futures = [found.submit(job) for job in made.jobs()]
            count = sum(years(counts["none"]) for future in futures for counts in future.result()[0])
            wall, cpu = time.perf_counter() - wall, children() - cpu
            told(f"{what}, {'cold' if not run else f'run {run}'}", count, cpu, wall)


def children() -> float:
    """CPU seconds of the processes under this one, from /proc where there is one."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return max(total, 1e-9)


# --- peers ------------------------------------------------------------------------------------------------------


def floor() -> int:
    """A plain numpy floor: growth with noise and a bar to pass, three groups of places, no law, no exam, no counts."""
    rng, n = np.random.default_rng(1), BIRTH_YEAR
    skill, place = rng.standard_normal(n, np.float32), np.zeros(n, np.int8)
    for _year in range(YEARS):
        skill *= np.float32(0.94)
        skill += np.float32(0.34) * rng.standard_normal(n, np.float32)
        place += skill + np.float32(0.3) * rng.standard_normal(n, np.float32) > -1.5
    return n * YEARS


def mesa() -> Callable[[], int] | None:
    """The same little model with an agent for each child, as Mesa's tutorial has it; None where it is not installed."""
    try:
        found: Any = importlib.import_module("mesa")
    except ImportError:
        return None

    class Child(found.Agent):
        def __init__(self, model: Any) -> None:
            super().__init__(model)
            self.skill, self.place = self.random.gauss(0, 1), 0

        def step(self) -> None:
            self.skill = 0.94 * self.skill + self.random.gauss(0, 0.34)
            self.place += self.skill + self.random.gauss(0, 0.3) > -1.5

    class School(found.Model):
        def __init__(self) -> None:
            super().__init__(rng=1)
            for _child in range(AGENTS):
                Child(self)

        def step(self) -> None:
            self.agents.shuffle_do("step")

    def play() -> int:
        school = School()
        for _year in range(YEARS):
            school.step()
        return AGENTS * YEARS

    return play


# --- memory -----------------------------------------------------------------------------------------------------


def memory() -> None:
    """The most that a process of its own has held, for cohorts of some sizes."""
    for size in SIZES:
        done = subprocess.run(
            [sys.executable, __file__, "--size", str(size)], capture_output=True, text=True, check=True
        )
        print(f"memory of a run of {size:>9,} children: {done.stdout.strip()}")


def one(size: int) -> None:
    """A run of a size, and the most that this process has held."""
    wall, count = time.perf_counter(), here(cohort(size), Lawbook.load())
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{held:,.0f} MB at most, {count:,} pupil-years in {time.perf_counter() - wall:.1f} s, cold")


# --- cold starts ------------------------------------------------------------------------------------------------


def cold() -> None:
    """Each bundled cohort by the command, in a process of its own: with nothing kept, and again."""
    for file in sorted((Path(__file__).parents[1] / "scenarios" / "cohorts").glob("*.toml")):
        with tempfile.TemporaryDirectory() as cache:
            told = [f"{file.stem:20}"]
            for which in ("first", "second", "third"):
                before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                command = [sys.executable, "-m", "trajectsim", "cohort", str(file), "--format", "csv"]
                subprocess.run(command, env={**os.environ, "XDG_CACHE_HOME": cache}, capture_output=True, check=True)
                after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - wall
                cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                told.append(f"{which} {cpu:5.2f} s CPU {wall:5.2f} s wall")
        print("  ".join(told))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--memory", action="store_true", help="only memory, which takes minutes")
    asked.add_argument("--cold", action="store_true", help="only first and second runs of the bundled cohorts")
    asked.add_argument("--size", type=int, help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.size:
        return one(said.size)
    if said.memory:
        return memory()
    if said.cold:
        return cold()
    law = Lawbook.load()
    timed("numpy floor: growth and a bar, one process", floor)
    peer = mesa()
    if peer is None:
        print("mesa is not installed (pip install 'trajectsim[bench]'): no peer")
    else:
        timed(f"Mesa: the same, {AGENTS:,} agents, one process", peer)
    whole, band = cohort(BIRTH_YEAR), cohort(SAMPLE, BAND)
    timed("trajectsim: a birth year, one policy, one draw, one process", lambda: here(whole, law))
    timed(f"trajectsim: {BAND} draws of {SAMPLE:,} children, one process", lambda: here(band, law))
    pool(whole, law, "a birth year, two processes")
    pool(band, law, f"{BAND} draws of {SAMPLE:,}, two processes")
    return None


if __name__ == "__main__":
    main()
