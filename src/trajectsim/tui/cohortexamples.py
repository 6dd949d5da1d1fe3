"""Children of a cohort for whom a policy changes something, with both walks. No Textual here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from trajectsim.cohort.design import Cohort, Policy, born, of_pupil
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.worlds import Chance, World
from trajectsim.path.plan import Learning
from trajectsim.path.walk import Trajectory, play
from trajectsim.report.linemap import same
from trajectsim.tui.cohortview import CohortDesk
from trajectsim.words import _

LOOKED_AT = 60
"""Among how many children examples are looked for."""
FOUND = 6
"""How many examples are enough."""


@frozen(eq=False)
class Example:
    """A child by number, with the walk under the first policy and under another."""

    number: int
    one: Trajectory
    other: Trajectory

    @property
    def text(self) -> str:
        """What becomes of it under each."""
        one, other = (_earned(walk) for walk in (self.one, self.other))
        return _("child {n}: {one} → {other}").format(n=self.number, one=one, other=other)


def examples(desk: CohortDesk, policy: str, stop: Callable[[], bool] = bool) -> Iterator[Example]:
    """The first children for whom a policy changes the walk, in the first world and replication."""
    cohort = desk.run
    world = cohort.worlds[desk.world % len(cohort.worlds)]
    plans = [next(each for each in cohort.policies if each.id == name) for name in (cohort.policies[0].id, policy)]
    found = 0
    for number in range(min(LOOKED_AT, cohort.size)):
        if stop() or found >= FOUND:
            return
        one, other = (_walk(each, cohort, world, number, desk.law) for each in plans)
        if not same(one, other):
            found += 1
            yield Example(number, one, other)


def _walk(policy: Policy, cohort: Cohort, world: World, number: int, law: Lawbook) -> Trajectory:
    """The walk of a child of the first replication, as the cohort has it."""
    from trajectsim import draws
    from trajectsim.cohort.lives import days

    words = draws.pupils(cohort.seed or 0, 0, [number])
    birth = born(cohort.births)[int(days(words, len(cohort.births))[0])]
    plan = evolve(of_pupil(policy.plan, birth), learning=Learning(world, Chance(cohort.seed, 0, number)))
    return play(plan, law.overlay(policy.reforms))


def _earned(walk: Trajectory) -> str:
    told = [f"{earned.diploma} {earned.year.start + 1}" for earned in walk.earned]
    return ", ".join(told) or _("no diploma")
