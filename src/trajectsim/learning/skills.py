"""What is known of pupils, on columns of equal length, one element a pupil; one pupil is a column of one."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from trajectsim import draws

Column = NDArray[Any]
"""Of float32: the type checker takes sums of them for float64."""
Rows = NDArray[np.intp]

DOMAINS = 3
FIRST_AGE = 4
"""The age on 1 October in groep 1: the year that skill starts to grow."""
SES_VARIANCE = 2.0 / 3.0
"""Of parental education, in three equal groups: lower, middle, higher (-1, 0, 1)."""


@frozen
class Mode:
    """``noise``: whether there is chance. The switches are those of a world (P.7 and P.8 of the dossier)."""

    noise: bool = True
    hypotheses: bool = False
    fade_out: bool = True


@define(eq=False)
class Skills:
    """What is known of pupils. ``z``: persistent skill by domain in cohort-SD, ``f``: what is left of recent measures,
    ``anchor``: what ``z`` falls back to where a level is given, ``ses``: parental education, ``m``: engagement,
    ``girl``; ``luck``: the word that chance is drawn from; ``since_skip``: years since a year was skipped, 0 when none
    was; ``timely``: by how much likelier she is to be on time later by measures, as a logit, None where none does."""

    z: Column
    f: Column
    anchor: Column | None
    ses: NDArray[np.int8]
    m: Column
    girl: NDArray[np.bool_]
    luck: draws.Words
    since_skip: NDArray[np.int8]
    timely: Column | None = None

    def __len__(self) -> int:
        return len(self.luck)

    def take(self, rows: Rows) -> Skills:
        """Some of the pupils."""
        anchor = None if self.anchor is None else self.anchor.take(rows, axis=1)
        wide = (self.z.take(rows, axis=1), self.f.take(rows, axis=1), anchor)
        narrow = (each.take(rows) for each in (self.ses, self.m, self.girl, self.luck, self.since_skip))
        timely = None if self.timely is None else self.timely.take(rows)
        return Skills(*wide, *narrow, timely=timely)  # pyright: ignore[reportArgumentType]

    def mean(self) -> Column:
        """Skill over the domains, fading part included."""
        total = self.z + self.f
        mean = total[0] + total[1]
        mean += total[2]
        mean *= np.float32(1 / DOMAINS)
        return mean
