"""Pupils who learn under a model, one or many: the same steps for a walk and for a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.law.lawbook import Clock
from trajectsim.law.places import Place
from trajectsim.learning import growth
from trajectsim.learning.parameters import shipped
from trajectsim.learning.says import Bools, Says
from trajectsim.learning.sitting import MARK, Above, Closed, Early, Papers, Sat, paper_of, profiles, sit
from trajectsim.learning.skills import Column, Rows, Skills
from trajectsim.learning.worlds import Select

Ending = tuple[str, Place, tuple[str, ...], tuple[tuple[tuple[str, ...], float], ...]]
"""What does something at the end of a year: the kind of move out of which place, acts, and the measures that these come
on top of."""


@define(eq=False)
class Pupils:
    """Columns of pupils and what says how they learn. ``gpa``: the mean final mark of the last exam, from the average;
    0 where there was none."""

    says: Says
    skills: Skills
    gpa: Column
    profile: str = ""

    @classmethod
    def born(cls, says: Says, luck: draws.Words) -> Pupils:
        """Children of a birth cohort, by their luck."""
        return cls(says, growth.born(luck, says), np.zeros(len(luck), np.float32))

    @classmethod
    def able(cls, says: Says, luck: draws.Words, ability: Mapping[str, float], profile: str) -> Pupils:
        """A pupil whose ability is given, once for each luck."""
        domains = tuple(domain.id for domain in says.ties.domain)
        return cls(says, growth.able(luck, ability, domains), np.zeros(len(luck), np.float32), profile)

    def take(self, rows: Rows) -> Pupils:
        """Some of the pupils."""
        return Pupils(self.says.take(rows), self.skills.take(rows), self.gpa.take(rows), self.profile)

    def learn(self, age: int, above: Any, delta: Any, timely: Any = None) -> Column:
        """A school year of growth for everybody; gives the under-challenge of the year. ``timely``: by how much
        likelier measures make it to be on time later, as a logit."""
        if timely is not None:
            before = 0.0 if self.skills.timely is None else self.skills.timely
            self.skills.timely = np.maximum(before, np.broadcast_to(timely, len(self.skills))).astype(np.float32)
        return growth.year(self.skills, age, above, delta, self.says)

    def offered(self, measure: str, share: float) -> Bools:
        """Whose schools offer a measure that a share of schools does."""
        return self.says.says_yes(self.skills.luck, share, "offer", measure, 0)

    def exam(
        self,
        level: str,
        year: int,
        times: int,
        more: Any,
        clock: Clock,
        offered: Mapping[str, int],
        closed: Closed = (),
        above: Above = (),
    ) -> Sat:
        """The exam of all of them, who have one profile, in a school year (its start), resits included. ``times``: for
        the how manieth time; ``more``: what measures add to central exam marks; ``closed``: which subjects were closed
        before, ``above``: which are at a higher level. Mean marks are kept."""
        law, n = self.says.law, len(self.skills)
        names = profiles(law, level, year)
        profile = self.profile if self.profile in names else next(iter(names), "")
        if names and self.profile not in names and self.says.mode.noise:
            profile = names[int(profile_of(self.skills.luck, profile_key(level), len(names))[0])]
        papers = Papers([paper_of(law, level, year, profile, clock, offered, above)])
        none, early = np.zeros(n, np.intp), Early((closed,), np.zeros(n, np.intp))
        sat = sit(self.says, self.skills, np.arange(n), papers, none, np.full(n, times), more, early)
        self.gpa[:] = as_gpa(sat.mean, self.says)
        return sat

    def ended(self, ending: Ending) -> None:
        """What the end of a year does to all of them alike."""
        size = self.says.size
        self.touched(np.arange(len(self.skills)), size("ending", *ending), skips=size("skips", *ending) > 0)

    def touched(self, rows: Rows, delta: Any, *, skips: Any) -> None:
        """What the end of a year adds to the skill of some, and whether it weighs on peer well-being."""
        kappa = self.says.take(rows).size("kappa")
        self.skills.z[:, rows] += kappa * delta
        self.skills.f[:, rows] += (np.float32(1) - kappa) * delta
        self.skills.since_skip[rows[skips] if np.ndim(skips) else rows if skips else rows[:0]] = 1


def profile_key(level: str) -> np.uint64:
    """The key of the draw of a profile at a level."""
    return draws.key("profile", level, 0)


def profile_of(luck: draws.Words, key: Any, count: Any) -> Rows:
    """Which of the profiles of her level each pupil has chosen."""
    return draws.below(draws.drawn(luck, key), count)


def as_gpa(mean: NDArray[np.int16], says: Says) -> Column:
    """Mean final marks in hundredths, from the average at which chances are given."""
    average = np.int16(says.ties.marks.average * MARK)
    return (mean - average).astype(np.float32) * np.float32(1 / MARK)


def has_exam(place: Place) -> bool:
    """Whether the model knows the exam of a place."""
    track = place.track
    return track is not None and not place.years_to_final and f"exam.{track.level}.mu_ce" in shipped()


def select_keys(select: Select, place: Place, times: int) -> tuple[np.uint64, np.uint64]:
    """The keys of what schools see of a pupil, and of whom they choose, for a move out of a place."""
    item = f"{select.move}/{place.id}"
    return draws.key("seen", item, times), draws.key("choose", item, times)
