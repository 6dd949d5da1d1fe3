"""Where the pieces of a run are worked: in this process, in others, or on a Dask cluster (the extra ``cluster``).

Whatever it is, a piece is handed over by ``submit`` and comes back as a future of ``concurrent.futures``; what a piece
gives does not hang on where it was worked. Processes are forks of this one where that is safe, which start at once with
all that this one knows; else they are fresh.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable, Generator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, redirect_stderr
from functools import cache
from hashlib import blake2b
from importlib import import_module
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import Any

from attrs import frozen

from trajectsim.cohort.design import Cohort, Job
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.words import _

HERE, PROCESSES, DASK = "in-process", "processes", "dask://"
"""The names of the places; the last is followed by HOST:PORT."""
CONNECT = 10.0
"""Seconds in which a cluster has to answer."""

Worked = tuple[list[dict[str, dict[str, int]]], dict[str, set[str]]]
"""What a piece gives: for each replication counts by policy and key, and by policy the parameters that were asked
for."""
Part = Callable[[float], None]
"""Told on the way which part of a piece is done."""
Work = Callable[[Cohort, Job, Lawbook, Part], Worked]


def nobody(_part: float) -> None:
    """Nobody who wants to know."""


@frozen(eq=False)
class Hands:
    """``submit`` hands over a piece; ``ahead`` is how many are handed over before the first is back, so that a run
    that is stopped has not started them all. ``parts``: how much is done of the pieces that are not, in pieces."""

    submit: Callable[[Job], Future[Worked]]
    ahead: int = 1
    parts: Callable[[], float] = float


@contextmanager
def hands(where: str, workers: int, cohort: Cohort, law: Lawbook, work: Work, told: Part = nobody) -> Generator[Hands]:
    """Hands to work in a place. ``told``: the part of a piece that is done, where it is worked in this process. Raises
    Problems when there are none to be had, or when they are lost on the way."""
    if where.startswith(DASK):
        with _dask(where, cohort, work) as found:
            yield found
    elif where == PROCESSES:
        with _processes(workers, cohort, law, work) as found:
            yield found
    else:
        yield Hands(lambda job: _done(work, cohort, job, law, told))


def at_hand() -> int:
    """How many processes to share work out to where nobody says: one a core where they start at once, else this one."""
    return len(os.sched_getaffinity(0)) if forks() else 1


def forks() -> bool:
    """Whether other processes are forks of this one: where the system does that well, and no thread would be cut in
    half by it."""
    return sys.platform == "linux" and threading.active_count() == 1


@cache
def stamp() -> str:
    """What a result hangs on beside the cohort: the text of trajectsim and of its data."""
    package = Path(__file__).parents[1]
    digest = blake2b(digest_size=8)
    for pattern in ("*.py", "*.toml"):
        for source in sorted(package.rglob(pattern)):
            digest.update(f"{source.relative_to(package).as_posix()}\0".encode() + source.read_bytes() + b"\0")
    return digest.hexdigest()


# --- in this process ----------------------------------------------------------------------------------------


def _done(work: Work, cohort: Cohort, job: Job, law: Lawbook, told: Part) -> Future[Worked]:
    future: Future[Worked] = Future()
    future.set_result(work(cohort, job, law, told))
    return future


# --- elsewhere ----------------------------------------------------------------------------------------------

_KEPT = threading.local()
"""The cohort that a thread of a worker works at, and its law: what is made on the way is made once."""
_SHARED: list[Any] = []
"""In a worker process the number that it shares with all of them: how much is done of pieces that are not."""
_FORKED: list[tuple[Cohort, Lawbook, Work]] = []
"""In a fork what it works at, as the process that it was made of has it."""


def work_there(packed: bytes, made_by: str, job: Job) -> Worked:
    """One piece, in another process or on another machine. Raises Problems where that has another trajectsim."""
    if made_by != stamp():
        raise Problems([_lost(_("a worker has another version of trajectsim"), _SAME)])
    if getattr(_KEPT, "packed", None) != packed:
        _KEPT.packed, _KEPT.found, _KEPT.law = packed, pickle.loads(packed), Lawbook.load()
    cohort, work = _KEPT.found
    return _told(cohort, job, _KEPT.law, work)


def _work_in_fork(job: Job) -> Worked:
    cohort, law, work = _FORKED[0]
    return _told(cohort, job, law, work)


def _told(cohort: Cohort, job: Job, law: Lawbook, work: Work) -> Worked:
    """One piece, and how far it is."""
    before = 0.0

    def told(part: float) -> None:
        nonlocal before
        for parts in _SHARED:
            with parts.get_lock():
                parts.value += part - before
        before = part

    try:
        return work(cohort, job, law, told)
    finally:
        told(0)


_SAME = "pip install trajectsim"


def _packed(cohort: Cohort, work: Work) -> bytes:
    return pickle.dumps((cohort, work), pickle.HIGHEST_PROTOCOL)


@contextmanager
def _processes(workers: int, cohort: Cohort, law: Lawbook, work: Work) -> Generator[Hands]:
    """Forks of this process, or fresh ones: then what this one has in memory and in threads is none of theirs."""
    forked = forks()
    if not forked:
        with redirect_stderr(sys.__stderr__):  # a screen puts in its place what is no file, and the tracker is given it
            resource_tracker.ensure_running()
    context = get_context("fork" if forked else "spawn")
    parts = context.Value("d")
    executor = ProcessPoolExecutor(workers, context, _begin, (parts, *([(cohort, law, work)] if forked else [])))
    submit: list[Any] = [_work_in_fork] if forked else [work_there, _packed(cohort, work), stamp()]
    try:
        # No piece ahead of the workers: one that waits for them could not be taken back when a run is stopped.
        yield Hands(lambda job: executor.submit(*submit, job), workers, lambda: parts.value)
    except BrokenExecutor:
        raise Problems([_lost(_("a worker process died, perhaps for want of memory"), _FEWER)]) from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


_FEWER = "--jobs 1"


def _begin(parts: Any, *at_work: tuple[Cohort, Lawbook, Work]) -> None:
    import signal

    _SHARED[:], _FORKED[:] = [parts], at_work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that hands out the work stops it
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Once the process that hands out the work is killed nobody asks for it any more, and nobody ends this one."""
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _dask(where: str, cohort: Cohort, work: Work) -> Generator[Hands]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise Problems([_lost(_("a Dask cluster takes dask.distributed, which is not there"), _EXTRA, where)]) from None
    try:
        client = distributed.Client(f"tcp://{where.removeprefix(DASK)}", timeout=CONNECT)
    except (OSError, ValueError) as error:
        message = _("the Dask cluster cannot be reached: {reason}").format(reason=_reason(error))
        raise Problems([_lost(message, _("is its scheduler running there?"), where)]) from None
    packed, made_by = _packed(cohort, work), stamp()
    try:
        executor = client.get_executor(pure=False)
        cores = sum(client.ncores().values())
        if not cores:
            raise Problems([_lost(_("the Dask cluster has no workers"), _("start one: dask worker HOST:PORT"), where)])
        yield Hands(lambda job: executor.submit(work_there, packed, made_by, job), 2 * cores)
    except ImportError as error:
        message = _("a worker lacks {name}").format(name=error.name or str(error))
        raise Problems([_lost(message, _SAME, where)]) from None
    except (distributed.KilledWorker, distributed.CancelledError, OSError) as error:
        message = _("the Dask cluster lost its work: {reason}").format(reason=_reason(error))
        raise Problems([_lost(message, _("are its scheduler and its workers still running?"), where)]) from None
    finally:
        client.close()


def _reason(error: BaseException) -> str:
    """What an error says of itself, on one line; its name where it says nothing."""
    return getattr(error, "strerror", None) or next(iter(str(error).splitlines()), type(error).__name__)


_EXTRA = "pip install 'trajectsim[cluster]'"


def _lost(message: str, hint: str, where: str = "") -> Problem:
    return Problem("S301", message, where, hint=hint)
