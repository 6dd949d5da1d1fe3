"""How large the chance in skill is: solved so that variance and correlation stay, without measures, what they were."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

from attrs import frozen

from trajectsim.learning.parameters import Values
from trajectsim.learning.skills import SES_VARIANCE, Mode


class Numbers(Protocol):
    """The parameters of a run and the switches of its world."""

    @property
    def values(self) -> Values: ...

    @property
    def mode(self) -> Mode: ...


def at_birth(model: Numbers, part: str) -> float:
    """A loading of the skill at birth beside what it owes to parents."""
    owed = _float(model.values["ses_at_start"]) ** 2 * SES_VARIANCE
    return _loading(part, (1 - owed) ** 0.5, (_float(model.values["rho_dom"]) - owed) / (1 - owed))


def yearly(model: Numbers, part: str, when: int) -> float:
    """A loading of the yearly noise of skill, by years since groep 1."""
    solved = _solved_of(model)
    return _loading(part, solved.skill[when], solved.between[when])


def of_one(model: Numbers, part: str, _when: int) -> float:
    """The same for a pupil whose level is given."""
    return _loading(part, (1 - _float(model.values["phi"]) ** 2) ** 0.5, _float(model.values["rho_dom"]))


def of_engagement(model: Numbers) -> float:
    """The spread of the yearly noise of engagement."""
    return _solved_of(model).engagement


# --- how it does it -----------------------------------------------------------------------------------------

_SOLVED_BY = ("phi", "k_ses", "ses_at_start", "lam_m", "phi_m", "b_za", "rho_dom")
YEARS = 40


def _solved_of(model: Numbers) -> _Noise:
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
    for _year in range(YEARS):
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


def _float(number: Any) -> float:
    return float(number)
