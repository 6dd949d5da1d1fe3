"""What a cohort run is: how many children, born when, under which policies and in which worlds. No numpy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import evolve, field, frozen

from trajectsim.law.lawbook import Clock
from trajectsim.law.reforms import Reform
from trajectsim.learning.worlds import World
from trajectsim.path.plan import Plan, start_of
from trajectsim.pupil import Pupil

DAYS = ((3, 15), (9, 1), (11, 15))
"""Days of birth that stand for a year: on either side of 1 August and 1 October, between which no age that the law asks
for changes."""
DAYS_OF_YEAR = (212, 61, 92)
"""How many days of the year each of them stands for: until 31 July, from then until 30 September, and after."""
PIECES = 2
"""A multiple of which the pieces are that the replications of a small cohort are cut in, for two to share out."""
FEW = 30_000
"""Children, in all replications, that are not worth sharing out: what a piece costs apart from its children is more."""
MOST = 20_000_000
"""Children that a cohort can have."""
MOST_APART = 12
"""By how many things of one kind a policy can tell children apart: every combination of them is a life of its own."""


@frozen(eq=False)
class Policy:
    """A policy: a plan without a pupil, and draft reforms that are laid over the law it is played under."""

    id: str
    plan: Plan
    label: str = ""
    reforms: tuple[Reform, ...] = ()


@frozen(eq=False)
class Cohort:
    """A run. The first policy is the one the others are compared with. ``seed`` None is fixed mode: one life for
    all."""

    size: int
    births: tuple[int, ...]
    policies: tuple[Policy, ...]
    worlds: tuple[World, ...] = (World(),)
    seed: int = 1
    replications: int = 40
    chunk: int = 90_000
    fingerprint: str = ""

    def jobs(self) -> Iterator[Job]:
        """The pieces of work, in order: replication by replication, so that a run that is stopped has whole ones. Of a
        small cohort several replications are one piece, but not so many that there is nothing to share out."""
        beside = self._beside()
        for replication in range(0, self.replications, beside):
            for world in self.worlds:
                for first in range(0, self.size, self.chunk):
                    count, lanes = min(self.chunk, self.size - first), min(beside, self.replications - replication)
                    yield Job(world.id, replication, first, count, lanes)

    def _beside(self) -> int:
        """How many replications are one piece: as many as fit, alike in all pieces, of which there is an even number
        unless one will do."""
        most = max(1, self.chunk // self.size)
        if self.size * self.replications <= min(FEW, self.chunk):
            return self.replications
        pieces = -(-self.replications // most)
        pieces += pieces % PIECES if most > 1 else 0
        return -(-self.replications // pieces)


@frozen
class Job:
    """Some children in one world: by number, from ``first``; in some replications, from ``replication``."""

    world: str
    replication: int
    first: int
    count: int
    beside: int = 1

    @property
    def replications(self) -> tuple[int, ...]:
        """By number."""
        return tuple(range(self.replication, self.replication + self.beside))

    @property
    def name(self) -> str:
        """A name for a file."""
        return f"{self.world}-{self.replication:04}x{self.beside}-{self.first:09}"


def born(births: tuple[int, ...]) -> tuple[date, ...]:
    """Every day on which a child of a cohort can be born."""
    return tuple(date(year, month, day) for year in births for month, day in DAYS)


def of_pupil(plan: Plan, birth: date) -> Plan:
    """The plan of a policy for a child who is born on a day."""
    pupil = Pupil(birth)
    return evolve(plan, pupil=pupil, start=start_of(pupil))


NOBODY = Pupil(date(1, 1, 1))
"""Stands in the plan of a policy until a child takes its place."""


def policy_plan(clock: Clock | None = None) -> Plan:
    """An empty plan for a policy."""
    return Plan(NOBODY, start_of(NOBODY), clock or Clock())


@frozen(eq=False)
class Totals:
    """What was counted: by policy and key."""

    counts: dict[str, dict[str, int]] = field(factory=dict[str, dict[str, int]])

    def add(self, other: dict[str, dict[str, int]]) -> None:
        """Add the counts of a job."""
        for policy, counts in other.items():
            own = self.counts.setdefault(policy, {})
            for key, count in counts.items():
                own[key] = own.get(key, 0) + count
