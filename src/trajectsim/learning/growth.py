"""Skill from year to year (P.2 of the evidence dossier): what persists, what fades, engagement.

All on columns of equal length, one element a pupil; one pupil is a column of one. Elementwise only, in float32, so that
the same pupil has the same bits in any chunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.learning.parameters import Values

if TYPE_CHECKING:
    from trajectsim.learning.model import Model
    from trajectsim.learning.says import Says

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


FIXED = Mode(noise=False)


@define(eq=False)
class Skills:
    """What is known of pupils. ``z``: persistent skill by domain in cohort-SD, ``f``: what is left of recent measures,
    ``anchor``: what ``z`` falls back to where a level is given, ``ses``: parental education, ``m``: engagement,
    ``girl``; ``luck``: the word that chance is drawn from; ``since_skip``: years since a year was skipped, 0 when none
    was."""

    z: Column
    f: Column
    anchor: Column | None
    ses: NDArray[np.int8]
    m: Column
    girl: NDArray[np.bool_]
    luck: draws.Words
    since_skip: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.luck)

    def take(self, rows: Rows) -> Skills:
        """Some of the pupils."""
        anchor = None if self.anchor is None else self.anchor.take(rows, axis=1)
        wide = (self.z.take(rows, axis=1), self.f.take(rows, axis=1), anchor)
        narrow = (each.take(rows) for each in (self.ses, self.m, self.girl, self.luck, self.since_skip))
        return Skills(*wide, *narrow)  # pyright: ignore[reportArgumentType]

    def mean(self) -> Column:
        """Skill over the domains, fading part included."""
        total = self.z + self.f
        mean = total[0] + total[1]
        mean += total[2]
        mean *= np.float32(1 / DOMAINS)
        return mean


def born(luck: draws.Words, says: Says) -> Skills:
    """Children as they enter groep 1: skill with mean 0 and variance 1, parental education, girl or boy."""
    size, n = says.size, len(luck)
    family = draws.words(luck, "birth", "family", 0)
    ses = draws.below(family, 3).astype(np.int8) - np.int8(1)
    girl = (family & np.uint64(1)).astype(np.bool_)
    one, two, three, m = draws.normals(draws.words(luck, "birth", "skill", 0))
    shared = size("birth", "shared") * one
    z = np.stack(
        (
            size("birth", "first") * one,
            shared + size("birth", "second") * two,
            shared + size("birth", "cross") * two + size("birth", "third") * three,
        )
    )
    z += size("ses_at_start") * ses
    return Skills(z, np.zeros((DOMAINS, n), np.float32), None, ses, m, girl, luck, np.zeros(n, np.int8))


def able(luck: draws.Words, ability: Mapping[str, float], domains: tuple[str, ...]) -> Skills:
    """A pupil whose ability is given: it holds in every year unless a measure moves it."""
    n = len(luck)
    level = np.array([[ability.get(domain, _mean_of(ability))] * n for domain in domains], np.float32)
    zero = np.zeros((DOMAINS, n), np.float32)
    none = np.zeros(n, np.int8)
    return Skills(level.copy(), zero, level, none, np.zeros(n, np.float32), none.astype(np.bool_), luck, none.copy())


def year(skills: Skills, age: int, above: Any, delta: Any, says: Says) -> Column:
    """One year on, in place; gives the under-challenge of the year. ``age``: on 1 October; ``above``: mean skill above
    the mean of the class, a parameter of the run without measures; ``delta``: what measures add this year, in
    cohort-SD at the end of the year, already summed and capped."""
    size, mode = says.size, says.mode
    above = np.asarray(above, np.float32)
    under = np.maximum(above - size("reach"), np.float32(0))
    m, z = skills.m, skills.z
    m *= size("phi_m")
    if mode.hypotheses:
        m += size("b_za") * above - size("b_u") * under
    if skills.anchor is None:
        z *= size("phi")
    else:  # whose level is given
        z[:] = skills.anchor + size("phi") * (z - skills.anchor)
    kappa = size("kappa")
    z += kappa * delta
    if mode.noise:
        one, two, three, four = draws.normals(draws.words(skills.luck, "growth", "year", age))
        m += size("engagement") * four
        sort, when = ("noise", min(max(age - FIRST_AGE, 0), _YEARS - 1)) if skills.anchor is None else ("alone", 0)
        if skills.anchor is None:  # a given level says all that parents do
            z += size("k_ses") * skills.ses
        shared = size(sort, "shared", when) * one
        z[0] += size(sort, "first", when) * one
        z[1] += shared + size(sort, "second", when) * two
        z[2] += shared + size(sort, "cross", when) * two + size(sort, "third", when) * three
    if mode.hypotheses:
        z += size("lam_m") * m
    skills.f *= size("rho_f")
    skills.f += (np.float32(1) - kappa) * delta
    skills.since_skip += skills.since_skip > 0
    return under


def growth_curve(values: Values, groep: int, domain: str) -> float:
    """Growth in cohort-SD from the end of a groep to the end of the next, by domain; knowledge has that of reading."""
    curve = values.get(f"growth.{domain}", values["growth.language"])
    steps = curve if isinstance(curve, tuple) else (curve,)
    return steps[min(max(groep - 3, 0), len(steps) - 1)] if groep < 8 else _float(values["growth.secondary"])


def noise_at_birth(model: Model, part: str) -> float:
    """A loading of the skill at birth beside what it owes to parents."""
    owed = _float(model.values["ses_at_start"]) ** 2 * SES_VARIANCE
    return _loading(part, (1 - owed) ** 0.5, (_float(model.values["rho_dom"]) - owed) / (1 - owed))


def noise(model: Model, part: str, when: int) -> float:
    """A loading of the yearly noise of skill, by years since groep 1."""
    solved = _solved_of(model)
    return _loading(part, solved.skill[when], solved.between[when])


def noise_of_one(model: Model, part: str, _when: int) -> float:
    """The same for a pupil whose level is given."""
    return _loading(part, (1 - _float(model.values["phi"]) ** 2) ** 0.5, _float(model.values["rho_dom"]))


def noise_of_engagement(model: Model) -> float:
    """The spread of the yearly noise of engagement."""
    return _solved_of(model).engagement


# --- how it does it -----------------------------------------------------------------------------------------

_SOLVED_BY = ("phi", "k_ses", "ses_at_start", "lam_m", "phi_m", "b_za", "rho_dom")
_YEARS = 40


def _solved_of(model: Model) -> _Noise:
    return _solved(*(_float(model.values[key]) for key in _SOLVED_BY), model.mode.hypotheses)


def _loading(part: str, spread: float, rho: float) -> float:
    names = ("shared", "second", "cross", "third")
    return spread * (loadings(rho)[names.index(part)] if part in names else 1.0)


@frozen(eq=False)
class _Noise:
    """The yearly noise that keeps variance and correlation: by year since groep 1 for skill, and for engagement."""

    skill: tuple[float, ...]
    between: tuple[float, ...]
    engagement: float


@cache
def _solved(
    phi: float, k: float, start: float, lam: float, phi_m: float, b_za: float, rho: float, hypotheses: bool
) -> _Noise:
    """Noise solved so that skill and engagement keep variance 1, and the domains their correlation, without measures.

    With the hypotheses on, engagement is solved as in a class of the cohort's mean and without under-challenge, which
    no study tells (P.8).
    """
    if not hypotheses:
        lam = b_za = 0.0
    shared = (1 + 2 * rho) / 3  # covariance of one domain with the mean of three
    with_ses, with_m, ses_m = start * SES_VARIANCE, 0.0, 0.0
    spreads: list[float] = []
    between: list[float] = []
    for _year in range(_YEARS):
        common = k**2 * SES_VARIANCE + lam**2 + 2 * (phi * k * with_ses + phi * lam * with_m + k * lam * ses_m)
        left = max(1e-6, 1 - phi**2 - common)
        spreads.append(left**0.5)
        between.append(min(1.0, max(-0.5, (rho * (1 - phi**2) - common) / left)))
        new_m = phi * phi_m * with_m + phi * b_za * shared + lam * phi_m + lam * b_za * with_m
        ses_m, with_m = phi_m * ses_m + b_za * with_ses, new_m
        with_ses = phi * with_ses + k * SES_VARIANCE + lam * ses_m
    told_m = phi_m**2 + b_za**2 * shared + 2 * phi_m * b_za * with_m
    return _Noise(tuple(spreads), tuple(between), max(0.0, 1 - told_m) ** 0.5)


def loadings(rho: float) -> tuple[float, float, float, float]:
    """Of the second domain on two independent numbers, and of the third on the second and third."""
    second = max(1e-6, 1 - rho * rho) ** 0.5
    cross = (rho - rho * rho) / second
    return rho, second, cross, max(0.0, 1 - rho * rho - cross * cross) ** 0.5


def _mean_of(ability: Mapping[str, float]) -> float:
    return sum(ability.values()) / len(ability) if ability else 0.0


def _float(number: Any) -> float:
    return float(number)
