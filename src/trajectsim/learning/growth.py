"""Skill from year to year (P.2 of the evidence dossier): what persists, what fades, engagement.

All on columns of equal length, one element a pupil; one pupil is a column of one. Elementwise only, in float32, so that
the same pupil has the same bits in any chunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.learning.parameters import Values

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
    ``anchor``: what ``z`` falls back to, ``ses``: parental education, ``m``: engagement, ``girl``; ``luck``: the word
    that chance is drawn from; ``since_skip``: years since a year was skipped, 0 when none was."""

    z: Column
    f: Column
    anchor: Column
    ses: NDArray[np.int8]
    m: Column
    girl: NDArray[np.bool_]
    luck: draws.Words
    since_skip: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.luck)

    def take(self, rows: Rows) -> Skills:
        """Some of the pupils."""
        wide = (self.z[:, rows], self.f[:, rows], self.anchor[:, rows])
        return Skills(*wide, self.ses[rows], self.m[rows], self.girl[rows], self.luck[rows], self.since_skip[rows])

    def put(self, rows: Rows, some: Skills) -> None:
        """What grew of some of the pupils, back in its place."""
        self.z[:, rows], self.f[:, rows], self.m[rows], self.since_skip[rows] = some.z, some.f, some.m, some.since_skip

    def mean(self) -> Column:
        """Skill over the domains, fading part included."""
        total = self.z + self.f
        return (total[0] + total[1] + total[2]) * np.float32(1 / DOMAINS)


def born(luck: draws.Words, values: Values) -> Skills:
    """Children as they enter groep 1: skill with mean 0 and variance 1, parental education, girl or boy."""
    n = len(luck)
    thirds = draws.words(luck, "birth", "parents", 0) >> np.uint64(32)
    ses = (thirds * np.uint64(3) >> np.uint64(32)).astype(np.int8) - np.int8(1)
    girl = (draws.words(luck, "birth", "girl", 0) >> np.uint64(63)).astype(np.bool_)
    start = _float(values["ses_at_start"])
    rest = np.float32((1 - start * start * SES_VARIANCE) ** 0.5)
    shared = start * start * SES_VARIANCE
    ties = (_float(values["rho_dom"]) - shared) / (1 - shared)
    z = _correlated(luck, "birth", 0, *_loadings(ties)) * rest + np.float32(start) * ses
    zero = np.zeros((DOMAINS, n), np.float32)
    m = draws.normal(luck, "birth", "engagement", 0).astype(np.float32)
    return Skills(z, zero.copy(), zero, ses, m, girl, luck, np.zeros(n, np.int8))


def able(luck: draws.Words, ability: Mapping[str, float], domains: tuple[str, ...]) -> Skills:
    """A pupil whose ability is given: it holds in every year unless a measure moves it."""
    n = len(luck)
    level = np.array([[ability.get(domain, _mean_of(ability))] * n for domain in domains], np.float32)
    zero = np.zeros((DOMAINS, n), np.float32)
    none = np.zeros(n, np.int8)
    return Skills(level.copy(), zero, level, none, np.zeros(n, np.float32), none.astype(np.bool_), luck, none.copy())


def grow(skills: Skills, age: Any, delta: Any, values: Values, mode: Mode) -> None:
    """One year on, in place. ``age``: on 1 October, a column; ``delta``: what measures add this year, in cohort-SD at
    the end of the year, already summed and capped."""
    phi, kappa, rho = (np.float32(_float(values[key])) for key in ("phi", "kappa", "rho_f"))
    if not mode.fade_out:
        kappa = np.float32(1)
    delta = np.asarray(delta, np.float32)
    z = skills.anchor + phi * (skills.z - skills.anchor) + kappa * delta
    lam = np.float32(_float(values["lam_m"]) if mode.hypotheses else 0.0)
    if mode.hypotheses:
        z += lam * skills.m
    if mode.noise:
        own = np.any(skills.anchor != 0, axis=0)  # whose level is given: it says all that parents do
        k = np.where(own, np.float32(0), np.float32(_float(values["k_ses"])))
        year = np.minimum(np.maximum(np.asarray(age) - FIRST_AGE, 0), _YEARS - 1)
        sd, *loadings = (
            np.where(own, np.float32(alone), several[year])
            for alone, several in zip(_of_one(values), _of_cohort(values, mode), strict=True)
        )
        z += k * skills.ses + sd * _correlated(skills.luck, "growth", age, *loadings)
    skills.z[:] = z
    skills.f[:] = rho * skills.f + (np.float32(1) - kappa) * delta
    skills.since_skip += skills.since_skip > 0


def engage(skills: Skills, age: Any, above: Any, values: Values, mode: Mode) -> Column:
    """Engagement a year on, in place; gives the under-challenge of the year. ``above``: mean skill above the mean of
    the class, a parameter of the run without measures."""
    phi = np.float32(_float(values["phi_m"]))
    above = np.asarray(above, np.float32)
    under = np.maximum(above - np.float32(_float(values["reach"])), np.float32(0))
    m = phi * skills.m
    if mode.hypotheses:
        m += np.float32(_float(values["b_za"])) * above - np.float32(_float(values["b_u"])) * under
    if mode.noise:
        spread = _solved(*(_float(values[key]) for key in _SOLVED_BY), mode.hypotheses).engagement
        m += np.float32(spread) * draws.normal(skills.luck, "growth", "engagement", age).astype(np.float32)
    skills.m[:] = m
    return under


def growth_curve(values: Values, groep: int, domain: str) -> float:
    """Growth in cohort-SD from the end of a groep to the end of the next, by domain; knowledge has that of reading."""
    curve = values.get(f"growth.{domain}", values["growth.language"])
    steps = curve if isinstance(curve, tuple) else (curve,)
    return steps[min(max(groep - 3, 0), len(steps) - 1)] if groep < 8 else _float(values["growth.secondary"])


# --- how it does it -----------------------------------------------------------------------------------------

_SOLVED_BY = ("phi", "k_ses", "ses_at_start", "lam_m", "phi_m", "b_za", "rho_dom")
_YEARS = 40


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


def _of_cohort(values: Values, mode: Mode) -> tuple[NDArray[np.float32], ...]:
    """By year since groep 1: the spread of the noise, and the loadings of the domains."""
    noise = _solved(*(_float(values[key]) for key in _SOLVED_BY), mode.hypotheses)
    return _by_year(noise)


@cache
def _by_year(noise: _Noise) -> tuple[NDArray[np.float32], ...]:
    rows = [(spread, *_loadings(rho)) for spread, rho in zip(noise.skill, noise.between, strict=True)]
    return tuple(np.array(column, np.float32) for column in zip(*rows, strict=True))


def _of_one(values: Values) -> tuple[float, ...]:
    """The same for a pupil whose level is given."""
    return ((1 - _float(values["phi"]) ** 2) ** 0.5, *_loadings(_float(values["rho_dom"])))


def _loadings(rho: float) -> tuple[float, float, float, float]:
    """Of the second domain on two independent numbers, and of the third on the second and third."""
    second = max(1e-6, 1 - rho * rho) ** 0.5
    cross = (rho - rho * rho) / second
    return rho, second, cross, max(0.0, 1 - rho * rho - cross * cross) ** 0.5


def _correlated(
    luck: draws.Words, decision: str, occasion: Any, rho: Any, second: Any, cross: Any, third: Any
) -> NDArray[np.float32]:
    """Three standard normal columns with the correlation of the domains."""
    rho, second, cross, third = (np.asarray(each, np.float32) for each in (rho, second, cross, third))
    one, two, three = (draws.normal(luck, decision, f"domain-{n}", occasion).astype(np.float32) for n in range(DOMAINS))
    return np.stack((one, rho * one + second * two, rho * one + cross * two + third * three))


def _mean_of(ability: Mapping[str, float]) -> float:
    return sum(ability.values()) / len(ability) if ability else 0.0


def _float(number: Any) -> float:
    return float(number)
