"""Running a cohort: jobs handed to an executor, each finished one kept, so that a run that is stopped can go on."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from attrs import define, field, frozen

from trajectsim import draws
from trajectsim.cohort.automaton import Automaton
from trajectsim.cohort.design import Cohort, Job, Policy, Totals, born
from trajectsim.cohort.executors import HERE, PROCESSES, Hands, Part, Worked, at_hand, forks, hands, nobody, stamp
from trajectsim.cohort.grid import Grid
from trajectsim.cohort.keeping import keep_grid, kept_grid, mark_of
from trajectsim.cohort.lives import Lives
from trajectsim.cohort.sharing import Way
from trajectsim.cohort.sittings import Exams, but_for_exams
from trajectsim.cohort.tally import Tally
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning import parameters as numbers
from trajectsim.learning.worlds import Chance, World, model_of
from trajectsim.writing import try_folder, write_file

Counts = dict[str, dict[str, int]]
"""By policy and key."""
Asked = dict[str, set[str]]
"""By policy the parameters that were asked for."""
Progress = Callable[[float, int, int], None]
"""Told on the way: how many jobs are done, with the parts of those that are not, how many there are, and how many of
them are whole."""


@define(eq=False)
class Finished:
    """What a run has given: totals by world and replication, and the weakest evidence behind them by world."""

    cohort: Cohort
    totals: dict[tuple[str, int], Totals] = field(factory=dict[tuple[str, int], Totals])
    evidence: dict[str, str] = field(factory=dict[str, str])
    jobs: int = 0
    _asked: dict[str, Asked] = field(factory=dict[str, Asked])
    _passports: dict[str, numbers.Parameters] = field(factory=dict[str, numbers.Parameters])

    def add(self, job: Job, counts: list[Counts], asked: Asked) -> None:
        """Add a job; order does not matter, all are whole numbers."""
        for replication, found in zip(job.replications, counts, strict=True):
            self.totals.setdefault((job.world, replication), Totals()).add(found)
        own = self._asked.setdefault(job.world, {})
        for policy, keys in asked.items():
            own.setdefault(policy, set()).update(keys)
        self.evidence[job.world] = self.weakest(job.world, set[str]().union(*own.values()))
        self.jobs += 1

    def order(self) -> None:
        """Put worlds and replications in the order of the cohort, in whatever order jobs were done."""
        worlds = [world.id for world in self.cohort.worlds]
        self.totals = dict(sorted(self.totals.items(), key=lambda each: (worlds.index(each[0][0]), each[0][1])))
        self.evidence = {world: self.evidence[world] for world in worlds if world in self.evidence}

    def weakest(self, world: str, keys: Iterable[str]) -> str:
        """The weakest grade of some parameters, as a world has them."""
        if world not in self._passports:
            told = next(each for each in self.cohort.worlds if each.id == world)
            self._passports[world] = numbers.overridden(numbers.shipped(), told.parameters)
        return numbers.weakest(self._passports[world], keys)

    def asked_more(self, world: str, policy: str, against: str) -> frozenset[str]:
        """The parameters that a policy asks for in a world and another does not: what they differ by."""
        own = self._asked.get(world, {})
        return frozenset(own.get(policy, set()) - own.get(against, set()))


class Stopped(Exception):
    """A run that was stopped; ``done`` is what was finished, and kept where there is a folder for it."""

    def __init__(self, done: Finished) -> None:
        super().__init__()
        self.done = done


def run(
    cohort: Cohort,
    law: Lawbook,
    workers: int = 1,
    keep: Path | None = None,
    told: Progress | None = None,
    *,
    where: str = "",
    stop: Callable[[], bool] = bool,
    cached: bool = True,
) -> Finished:
    """Run all jobs that are not kept yet, in a place to work (see ``executors``): with one worker in this process, with
    0 in as many as are at hand; never in more than have something to do.

    ``keep``: a folder for finished jobs; a run that finds them there goes on from them. ``stop`` is asked on the way:
    once it says yes, what is being worked at is finished and kept, and then Stopped is raised. ``cached``: what was
    found out of the law in earlier runs is used, and what is found out is kept in the user's cache. A law other than
    the one that comes with trajectsim judges in this process, and nothing of it is kept: workers and kept answers have
    that one alone. Raises Problems when nothing can be kept, or when the workers are lost.
    """
    if law is not Lawbook.load():
        where, cached = HERE, False
    done = Finished(cohort)
    jobs = list(cohort.jobs())
    folder = None
    if keep is not None:
        try_folder(keep, make=True)
        folder = _Folder(keep, cohort)
    open_jobs: list[Job] = []
    for job in jobs:
        kept = folder.kept(job) if folder is not None else None
        if kept is None:
            open_jobs.append(job)
        else:
            done.add(job, *kept)
    seen = 0.0

    def tell(parts: float) -> None:
        nonlocal seen
        seen = max(seen, done.jobs + parts)  # a job that is done may be no part any more before it is back
        if told is not None:
            told(seen, len(jobs), done.jobs)

    tell(0)
    working = partial(work, cached=cached)
    workers = max(1, min(workers or at_hand(), len(open_jobs)))
    where = where or (HERE if workers == 1 else PROCESSES)
    if where == PROCESSES and forks():  # which have what is read and made before they are
        draws.prepare()
        for policy in cohort.policies:
            _grid(cohort, policy, law, cached=cached)
    with hands(where, workers, cohort, law, working, tell) as found:
        for job, (counts, asked) in worked(found, open_jobs, stop, tell):
            if folder is not None:
                folder.keep(job, counts, asked)
            done.add(job, counts, asked)
            tell(0)
    done.order()
    if cached and where == HERE:  # workers keep what they find out
        _keep_grids(_ANY)
    if done.jobs < len(jobs):
        raise Stopped(done)
    return done


def work(cohort: Cohort, job: Job, law: Lawbook, told: Part = nobody, *, cached: bool = False) -> Worked:
    """One job: every policy on the same children, and the parameters that were asked for. ``told`` hears how far it is;
    ``cached`` as in ``run``."""
    world = next(world for world in cohort.worlds if world.id == job.world)
    children = np.arange(job.first, job.first + job.count)
    lanes = [(world, number) for number in job.replications]
    return beside(cohort, lanes, children, law, told, cached=cached)


def beside(
    cohort: Cohort,
    lanes: Sequence[tuple[World, int]],
    children: Any,
    law: Lawbook,
    told: Part = nobody,
    *,
    cached: bool = False,
) -> Worked:
    """Some worlds, each in a replication, side by side: every policy on the same children. Counts for each of them, and
    the parameters that were asked for. ``told`` and ``cached`` as in ``work``."""
    births, numbered = born(cohort.births), [number for _world, number in lanes]
    tallies, asked = dict[str, Tally](), Asked()
    grids: dict[int, tuple[Grid, dict[str, Way]]] = {}
    for policy in cohort.policies:
        grid, exams = _grid(cohort, policy, law, cached=cached)
        grids.setdefault(id(grid), (grid, {}))[1][policy.id] = Way(policy.plan, exams)
    for before, (grid, ways) in enumerate(grids.values()):
        models = [model_of(world, Chance(cohort.seed, number), grid.law) for world, number in lanes]
        lives = Lives.born(grid, list(ways.values()), models, births, cohort.seed, numbered, children)
        found = lives.live(lambda part, before=before: told((before + part) / len(grids)))
        tallies |= zip(ways, found, strict=True)
        asked |= {policy: lives.asked(n) for n, policy in enumerate(ways)}
    baseline, *others = (tallies[policy.id] for policy in cohort.policies)
    for tally in others:
        tally.against(baseline)
    if cached:
        _keep_grids(_MUCH)
    counts = [{p.id: dict(sorted(tallies[p.id].all[n].items())) for p in cohort.policies} for n in range(len(lanes))]
    return counts, asked


# --- how it does it -----------------------------------------------------------------------------------------

_TICK = 0.1
"""Seconds between two looks at whether a run is to stop."""


def worked(found: Hands, jobs: list[Job], stop: Callable[[], bool], told: Part) -> Iterator[tuple[Job, Worked]]:
    """Hand jobs over, a few ahead, and give them as they finish; those that are not begun when a run stops are left."""
    waiting = iter(jobs)
    running: dict[Future[Worked], Job] = {}

    def fill() -> None:
        while len(running) < found.ahead and not stop() and (job := next(waiting, None)) is not None:
            running[found.submit(job)] = job

    fill()
    while running:
        finished, _rest = wait(running, _TICK, FIRST_COMPLETED)
        if not finished:
            told(found.parts())
        for future in finished:
            yield running.pop(future), future.result()
        if stop():
            for future in [each for each in running if each.cancel()]:
                del running[future]
        fill()


_KEPT = threading.local()
_MUCH, _ANY = 1.05, 1.02
"""How many times as many turns a grid has as when it was kept last, before it is kept anew, which takes a tenth of a
second: when a job is done, for a worker may have no more of them, and at the end of a run."""


@define
class _Known:
    """A grid, the key it is kept by, and how much of it is kept; and the exams by what reforms say of them."""

    grid: Grid
    key: str
    kept: int
    exams: dict[str, Exams]


def _grid(cohort: Cohort, policy: Policy, law: Lawbook, *, cached: bool) -> tuple[Grid, Exams]:
    """The automaton of a policy and its exams, kept from job to job. Policies share one whose reforms are alike but for
    what only an exam can notice; each thread that works has its own."""
    if getattr(_KEPT, "of", None) != (id(cohort), id(law)):
        _KEPT.of, _KEPT.kept, _KEPT.grids = (id(cohort), id(law)), (cohort, law), dict[str, _Known]()
    grids: dict[str, _Known] = _KEPT.grids
    reforms = but_for_exams(law, policy.reforms)
    name, whole = repr(reforms), repr(policy.reforms)
    if name not in grids:
        own, key = law.overlay(reforms), ""
        if cached:
            told = f"{stamp()} {name} {cohort.births}"
            key = blake2b(told.encode(), digest_size=12).hexdigest()
        found = kept_grid(key, own) if cached else None
        grid = found or Grid(Automaton(own))
        grids[name] = _Known(grid, key, 0 if found is None else grid.known_turns, {name: grid.exams})
    known = grids[name]
    if whole not in known.exams:
        known.exams[whole] = Exams(law.overlay(policy.reforms), known.grid.sittings)
    return known.grid, known.exams[whole]


def _keep_grids(grown: float) -> None:
    grids: dict[str, _Known] = getattr(_KEPT, "grids", {})
    for known in grids.values():
        if known.key and known.grid.known_turns > grown * known.kept:
            keep_grid(known.key, known.grid)
            known.kept = known.grid.known_turns


@frozen(eq=False)
class _Folder:
    """Finished jobs as files, named by what they hang on: the cohort, and the text of trajectsim and its data."""

    path: Path
    cohort: Cohort

    def file(self, job: Job) -> Path:
        whole = blake2b(f"{self.cohort.fingerprint} {stamp()}".encode(), digest_size=8).hexdigest()
        return self.path / f"{whole}-{job.name}-{job.count}.piece"

    def kept(self, job: Job) -> Worked | None:
        """A job that was finished before; a file that is not as it was written counts as none."""
        try:
            mark, told = self.file(job).read_text("utf-8").split("\n", 1)
        except (OSError, ValueError):
            return None
        if mark != mark_of(told.encode()).hex():
            return None
        found: Any = json.loads(told)
        return found["counts"], {policy: set(keys) for policy, keys in found["asked"].items()}

    def keep(self, job: Job, counts: list[Counts], asked: Asked) -> None:
        """Raises Problems when there is no room; what was kept before stays."""
        whole = {"counts": counts, "asked": {policy: sorted(keys) for policy, keys in asked.items()}}
        told = json.dumps(whole) + "\n"
        write_file(self.file(job), f"{mark_of(told.encode()).hex()}\n{told}")
