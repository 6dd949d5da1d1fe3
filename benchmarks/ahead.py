"""What lies ahead, measured: options in every year of every bundled scenario, routes to several goals from its start.

python benchmarks/ahead.py [N]    of every n-th scenario
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from attrs import evolve

from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.ahead import ahead
from trajectsim.path.plan import Plan
from trajectsim.path.routes import goal_of, routes
from trajectsim.path.walk import Step, Trajectory
from trajectsim.report.outlook import outlook_text
from trajectsim.report.routes import search_text
from trajectsim.scenario.run import play_file

FOLDER = Path(__file__).parents[1] / "scenarios"
GOALS = ("wo-bachelor", "mbo-4", "21")
LIMIT, FULL = 100, 1000


def walks(law: Lawbook, every: int) -> Iterator[tuple[str, Trajectory, Lawbook]]:
    """Every bundled scenario of one pupil, played, with the law as it lays it."""
    for file in sorted(FOLDER.rglob("*.toml"))[::every]:
        try:
            played = play_file(file, law)
        except Problems:  # of a cohort or an exam, or wrong on purpose
            continue
        yield file.stem, played.walk, played.law


def cost(action: Callable[[], object]) -> float:
    """Milliseconds of this process: what others do beside it does not count."""
    start = time.process_time()
    action()
    return (time.process_time() - start) * 1000


def told(what: str, promised: int, times: dict[str, float]) -> None:
    """Print the median and the longest, and how many keep the promise."""
    worst = max(times, key=times.__getitem__)
    kept = sum(each <= promised for each in times.values())
    print(f"{what:46} {median(times.values()):7.1f} ms   (max {times[worst]:.1f}: {worst})")
    print(f"{'':46} {kept} of {len(times)} within {promised} ms")


def main() -> None:
    gc.set_threshold(100_000)  # as the program has it
    law = Lawbook.load()
    first: dict[str, float] = {}
    outlooks: dict[str, float] = {}
    searches: dict[str, float] = {}
    for name, walk, own in walks(law, int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        for step in walk.steps:
            outlooks[f"{name} {step.state.year}"] = min([cost(partial(look, step, own)) for _run in range(3)][1:])
        for word in GOALS:
            own._cache.clear()  # what the law keeps: the first time is as in a fresh process
            times = [cost(partial(search, walk.plan, own, word)) for _run in range(3)]
            first[f"{name} {word}"], searches[f"{name} {word}"] = times[0], min(times)
    told("options of a school year, with its text, warm", LIMIT, outlooks)
    told("routes to a goal, with their text, warm", LIMIT, searches)
    told("the same, the first time the law is asked", FULL, first)


def look(step: Step, law: Lawbook) -> str:
    return outlook_text(ahead(evolve(step), law))  # a step that was not asked yet


def search(plan: Plan, law: Lawbook, word: str) -> str:
    goal = goal_of(word, law)
    assert goal is not None
    return search_text(routes(plan, law, goal), plan, law)


if __name__ == "__main__":
    main()
