"""Which parameter moves an outcome most: the screening of Morris (1991), by SALib, on a modest sample.

    ``planned(cohort, law, trajectories)`` -> Screening
    ``played(screening, law)``             -> Finished           every world, some side by side
    ``screened(screening, done, figure)``  -> Sensitivity...     one for each policy

Every point of the sample is a world in which each parameter stands somewhere in its range, and all worlds have the same
children with the same luck. It tells of each parameter how far the outcome moves when it goes from the low to the high
end of its range, the others being anywhere in theirs; of two that work together it tells only that they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from attrs import evolve, field, frozen

from trajectsim.cohort.design import Cohort, Job
from trajectsim.cohort.executors import HERE, Part, Worked, hands, nobody
from trajectsim.cohort.figures import Figure
from trajectsim.cohort.running import Finished, Progress, Stopped, beside, work, worked
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning import parameters as numbers
from trajectsim.learning.worlds import World
from trajectsim.words import _

TRAJECTORIES = 4
"""How often each parameter is moved."""
LEVELS = 4
"""Into how many values a range is cut."""
CHILDREN = 1000
"""How many children are enough: they are the same in every world, so that little is left to chance."""
LOOK = 200
"""Children by whom it is found which parameters a cohort asks for."""


@frozen(eq=False)
class Screening:
    """A cohort whose worlds are the points of a sample."""

    cohort: Cohort
    keys: tuple[str, ...]
    sample: Any = field(repr=False)


@frozen
class Influence:
    """How a parameter moves an outcome. ``move``: by how much over its range, on average, with its sign; ``size``: the
    same without signs, by which they are ranked; ``unsure``: half the 95% interval of it; ``spread``: how differently
    it moves from place to place, which other parameters and bends cause."""

    parameter: str
    move: float
    size: float
    unsure: float
    spread: float
    grade: str


@frozen
class Sensitivity:
    """What moves an outcome: of the first policy its value, of another its difference to the first."""

    figure: Figure
    policy: str
    against: str
    low: float
    high: float
    influences: tuple[Influence, ...]


def planned(cohort: Cohort, law: Lawbook, trajectories: int = TRAJECTORIES) -> Screening:
    """The screening of a cohort in its first world: of the parameters that it asks for and that have a range. Raises
    Problems where SALib is not there."""
    sampler = library("sample")
    base = cohort.worlds[0]
    found = numbers.overridden(numbers.shipped(), base.parameters)
    few = min(cohort.size, LOOK)
    _counts, asked = work(evolve(cohort, size=few, worlds=(base,)), Job(base.id, 0, 0, few), law)
    keys = tuple(key for key in sorted(set[str]().union(*asked.values())) if found[key].low != found[key].high)
    sample = sampler.sample(_space(keys), trajectories, num_levels=LEVELS, seed=cohort.seed % 2**32)
    worlds = tuple(_world(base, found, keys, point, number) for number, point in enumerate(sample.tolist()))
    return Screening(evolve(cohort, worlds=worlds, replications=1, chunk=cohort.size), keys, sample)


def played(
    screening: Screening,
    law: Lawbook,
    told: Progress | None = None,
    stop: Callable[[], bool] = bool,
    *,
    where: str = HERE,
) -> Finished:
    """Every world of a screening, as ``run`` has them, but some dozens side by side, in a place to work (see
    ``executors``). Raises Stopped, and Problems when the workers are lost."""
    cohort, done = screening.cohort, Finished(screening.cohort)
    count = len(cohort.worlds)
    blocks = [Job("", first, 0, cohort.size, min(BESIDE, count - first)) for first in range(0, count, BESIDE)]

    def tell(part: float) -> None:
        if told is not None:
            told(min(done.jobs + BESIDE * part, count), count, done.jobs)

    with hands(where, 1, cohort, law, block, tell) as found:
        for job, (counts, asked) in worked(found, blocks, stop, tell):
            for number, own in zip(job.replications, counts, strict=True):
                world = cohort.worlds[number].id
                done.add(Job(world, 0, 0, cohort.size), [own], asked)
            tell(0)
    if done.jobs < count:
        raise Stopped(done)
    done.order()
    return done


def block(cohort: Cohort, job: Job, law: Lawbook, told: Part = nobody) -> Worked:
    """Some worlds of a cohort, by their numbers, side by side."""
    numpy: Any = import_module("numpy")
    return beside(cohort, [(cohort.worlds[n], 0) for n in job.replications], numpy.arange(job.count), law, told)


BESIDE = 32
"""Worlds that are played side by side."""


def screened(screening: Screening, done: Finished, figure: Figure) -> Iterator[Sensitivity]:
    """What moves a figure, policy by policy; nothing of a policy under which it has no value somewhere."""
    analyse = library("analyze").analyze
    first = screening.cohort.policies[0].id
    shipped = numbers.shipped()
    for policy in screening.cohort.policies:
        told = [_outcome(done, world.id, policy.id, first, figure) for world in screening.cohort.worlds]
        values = [value for value in told if value is not None]
        if len(values) < len(told):
            continue
        numpy: Any = import_module("numpy")
        space, seed = _space(screening.keys), screening.cohort.seed % 2**32
        found = analyse(space, screening.sample, numpy.array(values), num_levels=LEVELS, seed=seed)
        influences = [
            Influence(key, *(float(found[name][n]) for name in _MEASURES), grade=shipped[key].grade)
            for n, key in enumerate(screening.keys)
        ]
        ranked = sorted(influences, key=lambda each: (-each.size, each.parameter))
        against = "" if policy.id == first else first
        yield Sensitivity(figure, policy.id, against, min(values), max(values), tuple(ranked))


def library(part: str) -> Any:
    """A part of SALib's Morris. Raises Problems where it is not there."""
    try:
        return import_module(f"SALib.{part}.morris")
    except ImportError:
        message = _("sensitivity takes SALib, which is not there")
        raise Problems([Problem("S302", message, hint="pip install 'trajectsim[sensitivity]'")]) from None


# --- how it does it -----------------------------------------------------------------------------------------


def _space(keys: Sequence[str]) -> dict[str, Any]:
    """Each parameter from 0 to 1: the share of its distribution that lies below, so that its likely values count."""
    return {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}


def _world(base: World, found: numbers.Parameters, keys: Sequence[str], point: Sequence[float], number: int) -> World:
    changes: dict[str, Any] = {}
    for key, share in zip(keys, point, strict=True):
        value = found[key].drawn(share)
        value = list(value) if isinstance(value, tuple) else value
        changes[key] = {"value": value, "low": value, "high": value}
    return evolve(base, id=f"point-{number:04}", parameters={**base.parameters, **changes})


_MEASURES = ("mu", "mu_star", "mu_star_conf", "sigma")
"""What SALib calls the numbers of an influence, in their order."""


def _outcome(done: Finished, world: str, policy: str, first: str, figure: Figure) -> float | None:
    counts = done.totals[world, 0].counts
    value, base = figure.of(counts[policy]), figure.of(counts[first])
    if policy == first or value is None or base is None:
        return value
    return value - base
