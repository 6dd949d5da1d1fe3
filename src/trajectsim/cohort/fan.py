"""A fan: one pupil, many drawn futures. A distribution over careers under the model, and no advice about a child.

    ``fan(plan, law, futures)`` -> Fan       raises Unfit for a pupil whose ability is not given

The futures come in sets. In each set the parameters of the model are drawn once from their ranges, and every future
of it has luck of its own: so a share has a band, which is what it is from set to set. A future is a walk as ``play``
has it, with the plan's choices, results and measures; nothing of it is known beforehand but what the plan gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.cohort.figures import Band
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.worlds import Chance, World
from trajectsim.path.plan import Learning, Plan
from trajectsim.path.walk import Trajectory, play

SETS = 25
"""How many sets of parameters a fan has at most."""

Progress = Callable[[int, int], None]
"""Told after each future: how many are played, and how many there are."""


class Unfit(ValueError):
    """A pupil without a given ability: her results are assumed, and no chance is in them."""


@frozen
class Share:
    """How many of the futures, in %: over all of them, and the band from set to set, which has that in it: where there
    are few futures, most sets may have none of what one in twenty has."""

    percent: float
    band: Band


@frozen
class Fate:
    """A diploma: the share of the futures in which it is earned, and the ages at which, in numbers of futures."""

    diploma: str
    share: Share
    ages: Mapping[int, int]

    def age(self, tenths: int) -> int:
        """The age below or at which so many tenths of those futures have it."""
        wanted, seen = tenths * sum(self.ages.values()), 0
        for age, count in sorted(self.ages.items()):
            seen += count
            if 10 * seen >= wanted:
                return age
        return max(self.ages)


@frozen
class Fan:
    """What became of a pupil in her futures. ``places``: by school year the share of the futures in each place;
    ``ends`` how they end, by the name of ``End``; ``fixed`` is the walk without noise, which is none of them."""

    fixed: Trajectory = field(repr=False)
    futures: int
    sets: int
    seed: int
    diplomas: tuple[Fate, ...]
    places: Mapping[SchoolYear, Mapping[str, Share]]
    ends: Mapping[str, Share]
    evidence: str


def fan(
    plan: Plan,
    law: Lawbook,
    futures: int,
    seed: int = 1,
    told: Progress | None = None,
    stop: Callable[[], bool] = bool,
) -> Fan:
    """The fan of a plan. ``stop`` is asked after each future: then the fan is of those that were played. Raises
    Unfit."""
    if not plan.pupil.ability:
        raise Unfit
    world = plan.learning.world if plan.learning is not None else World()
    sets = min(SETS, futures)
    played: list[tuple[int, _Future]] = []
    for number in range(futures):
        if played and stop():
            break
        luck = Chance(seed, number % sets, number // sets)
        played.append((luck.replication, _future(play(evolve(plan, learning=Learning(world, luck)), law))))
        if told is not None:
            told(number + 1, futures)
    return _fan(play(evolve(plan, learning=Learning(world)), law), played, law, seed)


# --- how it does it -----------------------------------------------------------------------------------------


@frozen
class _Future:
    """What is kept of a walk."""

    places: Mapping[SchoolYear, str]
    ages: Mapping[str, int]
    end: str
    evidence: str


def _future(walk: Trajectory) -> _Future:
    places = {step.state.year: step.state.place.id for step in walk.steps}
    ages: dict[str, int] = {}
    for earned in walk.earned:
        ages.setdefault(earned.diploma, walk.age_at(earned))
    return _Future(places, ages, walk.end.value, walk.evidence)


def _fan(fixed: Trajectory, played: Sequence[tuple[int, _Future]], law: Lawbook, seed: int) -> Fan:
    sizes = Counter(number for number, _future in played)

    def share(numbers: Iterator[int]) -> Share:
        """Of the sets, with repetition, of the futures in which something is so."""
        found = Counter(numbers)
        percents = [100 * found[number] / size for number, size in sizes.items()]
        percent, band = 100 * sum(found.values()) / len(played), Band.of(percents)
        return Share(percent, Band(band.median, min(band.low, percent), max(band.high, percent)))

    def has(diploma: str) -> Iterator[int]:
        return (number for number, future in played if diploma in future.ages)

    def ages(diploma: str) -> dict[int, int]:
        return dict(sorted(Counter(f.ages[diploma] for _n, f in played if diploma in f.ages).items()))

    earned = {diploma for _number, future in played for diploma in future.ages}
    there: dict[SchoolYear, dict[str, list[int]]] = {}
    ends: dict[str, list[int]] = {}
    for number, future in played:
        ends.setdefault(future.end, []).append(number)
        for year, place in future.places.items():
            there.setdefault(year, {}).setdefault(place, []).append(number)
    return Fan(
        fixed=fixed,
        futures=len(played),
        sets=len(sizes),
        seed=seed,
        diplomas=tuple(Fate(name, share(has(name)), ages(name)) for name in law.diplomas if name in earned),
        places={
            year: {place: share(iter(numbers)) for place, numbers in _ranked(places)}
            for year, places in sorted(there.items())
        },
        ends={end: share(iter(numbers)) for end, numbers in _ranked(ends)},
        evidence=max((future.evidence for _number, future in played), default=""),
    )


def _ranked(found: Mapping[str, list[int]]) -> list[tuple[str, Any]]:
    """The most common first; of equals the one whose name comes first."""
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
