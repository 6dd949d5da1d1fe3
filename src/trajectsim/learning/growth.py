"""Skill from year to year (P.2 of the evidence dossier): what persists, what fades, engagement.

All on columns of equal length, one element a pupil; one pupil is a column of one. Elementwise only, in float32, so that
the same pupil has the same bits in any chunk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trajectsim import draws
from trajectsim.learning.noise import YEARS
from trajectsim.learning.parameters import Values
from trajectsim.learning.says import Says
from trajectsim.learning.skills import DOMAINS, FIRST_AGE, Column, Skills


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
        sort, when = ("noise", min(max(age - FIRST_AGE, 0), YEARS - 1)) if skills.anchor is None else ("alone", 0)
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


def taught(values: Values, years: float, domains: Sequence[str]) -> float:
    """Growth in cohort-SD from groep 3 to the curriculum of so many years since groep 1, over the domains."""
    whole = int(years)
    parts = [(groep, 1.0) for groep in range(FIRST_CURVE, whole)] + [(whole, years - whole)] * (whole >= FIRST_CURVE)
    return sum(part * growth_curve(values, groep, domain) for groep, part in parts for domain in domains) / len(domains)


FIRST_CURVE = 3
"""The groep at the end of which the first year of growth begins that was measured."""
LAST_GROEP = 8
"""After which growth is that of secondary school."""


def growth_curve(values: Values, groep: int, domain: str) -> float:
    """Growth in cohort-SD from the end of a groep to the end of the next, by domain; knowledge has that of reading."""
    if groep >= LAST_GROEP:
        return _float(values["growth.secondary"])
    own = f"growth.{domain}"
    curve = values[own if own in values else "growth.language"]
    steps = curve if isinstance(curve, tuple) else (curve,)
    return steps[min(max(groep - FIRST_CURVE, 0), len(steps) - 1)]


def _mean_of(ability: Mapping[str, float]) -> float:
    return sum(ability.values()) / len(ability) if ability else 0.0


def _float(number: Any) -> float:
    return float(number)
