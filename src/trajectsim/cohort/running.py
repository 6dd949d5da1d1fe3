"""Running a cohort: jobs handed to an executor, each finished one kept, so that a run that is stopped can go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from attrs import define, field

from trajectsim.cohort.automaton import Automaton
from trajectsim.cohort.design import Cohort, Job, Totals, born
from trajectsim.cohort.lives import Lives
from trajectsim.cohort.tally import Tally
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning import parameters as numbers
from trajectsim.learning.worlds import Chance, model_of
from trajectsim.words import _
from trajectsim.writing import write_file

Counts = dict[str, dict[str, int]]
"""By policy and key."""
Progress = Callable[[int, int], None]
"""Told after each job: how many are finished, and how many there are."""


@define(eq=False)
class Finished:
    """What a run has given: totals by world and replication, and the weakest evidence behind them by world."""

    cohort: Cohort
    totals: dict[tuple[str, int], Totals] = field(factory=dict[tuple[str, int], Totals])
    evidence: dict[str, str] = field(factory=dict[str, str])
    jobs: int = 0
    _asked: dict[str, set[str]] = field(factory=dict[str, set[str]])

    def add(self, job: Job, counts: Counts, asked: set[str]) -> None:
        """Add a job; order does not matter, all are whole numbers."""
        self.totals.setdefault((job.world, job.replication), Totals()).add(counts)
        own = self._asked.setdefault(job.world, set())
        own |= asked
        self.evidence[job.world] = numbers.weakest(numbers.shipped(), own)
        self.jobs += 1


def run(
    cohort: Cohort, law: Lawbook, workers: int = 1, keep: Path | None = None, told: Progress | None = None
) -> Finished:
    """Run all jobs that are not kept yet. With one worker in this process, else in so many.

    ``keep``: a folder for finished jobs; a run that finds them there goes on from them. Raises KeyboardInterrupt when
    it is stopped, after keeping what is finished, and Problems when it cannot be kept.
    """
    done = Finished(cohort)
    jobs = list(cohort.jobs())
    open_jobs: list[Job] = []
    for job in jobs:
        kept = _kept(cohort, job, keep)
        if kept is None:
            open_jobs.append(job)
        else:
            done.add(job, *kept)
    if told is not None:
        told(done.jobs, len(jobs))
    for job, counts, asked in _worked(cohort, open_jobs, law, workers):
        _keep(cohort, job, keep, counts, asked)
        done.add(job, counts, asked)
        if told is not None:
            told(done.jobs, len(jobs))
    return done


def work(cohort: Cohort, job: Job, law: Lawbook) -> tuple[Counts, set[str]]:
    """One job: every policy on the same children, and the parameters that were asked for."""
    world = next(world for world in cohort.worlds if world.id == job.world)
    births = born(cohort.births)
    children = np.arange(job.first, job.first + job.count)
    automaton = _automaton(cohort, law)
    counts: Counts = {}
    asked: set[str] = set()
    baseline: Tally | None = None
    for policy in cohort.policies:
        model = model_of(world, Chance(cohort.seed, job.replication), law)
        lives = Lives.born(automaton, policy.plan, model, births, cohort.seed, job.replication, children)
        tally = lives.live()
        if baseline is None:
            baseline = tally
        else:
            tally.against(baseline)
        counts[policy.id] = dict(sorted(tally.counts.items()))
        asked |= model.values.asked
    return counts, asked


# --- how it does it -----------------------------------------------------------------------------------------

_AHEAD = 2
"""How many jobs a worker has waiting, so that a run that is stopped has not started them all."""


def _worked(cohort: Cohort, jobs: list[Job], law: Lawbook, workers: int) -> Iterator[tuple[Job, Counts, set[str]]]:
    if workers <= 1 or len(jobs) <= 1:
        for job in jobs:
            yield (job, *work(cohort, job, law))
        return
    with _processes(cohort, workers) as executor:
        yield from spread(executor, jobs, workers)


def spread(executor: Executor, jobs: list[Job], workers: int) -> Iterator[tuple[Job, Counts, set[str]]]:
    """Hand jobs to an executor whose workers know the cohort, a few ahead, and give them as they finish."""
    waiting = iter(jobs)
    running: dict[Future[tuple[Counts, set[str]]], Job] = {}

    def fill() -> None:
        while len(running) < workers * _AHEAD and (job := next(waiting, None)) is not None:
            running[executor.submit(_work_here, job)] = job

    fill()
    while running:
        finished, _rest = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            job = running.pop(future)
            yield (job, *future.result())
        fill()


@contextmanager
def _processes(cohort: Cohort, workers: int) -> Generator[Executor]:
    """Fresh processes: what this one has in memory and in threads is none of theirs."""
    executor = ProcessPoolExecutor(workers, get_context("spawn"), begin, (cohort,))
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


_HERE: list[tuple[Cohort, Lawbook]] = []


def begin(cohort: Cohort) -> None:
    """Make a worker ready: it loads the law and keeps the cohort."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that hands out the work stops it
    _HERE[:] = [(cohort, Lawbook.load())]


def _work_here(job: Job) -> tuple[Counts, set[str]]:
    cohort, law = _HERE[0]
    return work(cohort, job, law)


_AUTOMATA: list[tuple[Cohort, Automaton]] = []


def _automaton(cohort: Cohort, law: Lawbook) -> Automaton:
    """The automaton of a cohort, kept from job to job."""
    if not _AUTOMATA or _AUTOMATA[0][0] is not cohort or _AUTOMATA[0][1].law is not law:
        _AUTOMATA[:] = [(cohort, Automaton(law))]
    return _AUTOMATA[0][1]


def _file(cohort: Cohort, job: Job, keep: Path) -> Path:
    return keep / f"{cohort.fingerprint}-{job.name}-{job.count}.json"


def _kept(cohort: Cohort, job: Job, keep: Path | None) -> tuple[Counts, set[str]] | None:
    """A job that was finished before; a file that is not whole counts as none."""
    if keep is None:
        return None
    try:
        found: Any = json.loads(_file(cohort, job, keep).read_text("utf-8"))
        return found["counts"], set(found["asked"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(cohort: Cohort, job: Job, keep: Path | None, counts: Counts, asked: set[str]) -> None:
    if keep is not None:
        try:
            keep.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            message = _("cannot be made: {reason}").format(reason=reason)
            raise Problems([Problem("S001", message, str(keep))]) from None
        write_file(_file(cohort, job, keep), json.dumps({"counts": counts, "asked": sorted(asked)}) + "\n")
