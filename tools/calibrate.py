"""Fits the free parameters of the learning model to the published figures, and writes them.

    python tools/calibrate.py [--children N] [--steps N...] [--only-tell]

The run is the one without measures, parameters at their value, with chance. SciPy's least squares (trust region,
within bounds) makes the residuals small: each is what the model gives less the target, in tolerances; a weak pull to
where each parameter stands keeps apart those that no figure tells apart. The children and their luck are the same in
every run, so the residuals are smooth but for single children, and the same seed gives the same file. For the slopes
every parameter is moved a little in a run of its own, side by side with the others. Of the points that were judged on
the way the one is kept with the most figures within their tolerance, of equals the one with the least residuals.

The mean skill of the candidates of a level and its spread are no free parameters: they are told by the run, before each
of some fits and after the last.

Nothing but ``calibration_targets.csv`` is fitted to. ``docs/calibration.md`` gets every target, what the model gives,
and what is left; what is outside the tolerance is named with an explanation. It also gets what the parameters come to
for other children, whom they were not fitted to.
"""

from __future__ import annotations

import argparse
import math
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
from calibration_figures import SILENT, targets, value_of, why
from numpy.typing import NDArray
from scipy.optimize import least_squares

from trajectsim.cohort.automaton import Automaton
from trajectsim.cohort.design import born, policy_plan
from trajectsim.cohort.grid import Grid
from trajectsim.cohort.lives import Lives
from trajectsim.cohort.sharing import Way
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning import parameters as numbers
from trajectsim.learning.model import Model
from trajectsim.learning.sitting import Papers, Sat
from trajectsim.learning.skills import Rows
from trajectsim.learning.worlds import Chance, World, model_of

ROOT = Path(__file__).resolve().parent.parent
PARAMETERS = ROOT / "src" / "trajectsim" / "learning" / "parameters.toml"
TOLD = ROOT / "docs" / "calibration.md"
SEED, BIRTHS = 20_240_601, (1999,)
"""Born in 1999: vmbo exam in 2015, havo in 2016, vwo in 2017, all before corona, as the figures are."""
OTHERS = (1, 2, 3)
"""Seeds of the children whom the parameters are judged by and were not fitted to."""
LEVELS = {"b": "bb", "k": "kb", "g": "gl", "t": "tl"}
DOUBLE = {"b-k": "bb-kb", "k-gt": "kb-gt"}
PLAN = policy_plan()
"""One and the same in every run, so that the law is asked once."""
Counts = Mapping[str, int]
MARKS = 100
SLOPES = 20_000
"""Children by whom slopes are taken: it is the same ones who are compared, so that fewer do than for the figures."""
BESIDE = 8
"""Runs side by side."""
PULL = 0.1
"""How strongly a parameter is pulled to where it stood, in tolerances a unit of its step."""

STEPS: dict[str, tuple[float, float, float]] = {
    "exam.*.mu_ce": (0.05, 4.0, 9.0),
    "exam.*.mu_se": (0.05, 4.0, 9.0),
    "exam.*.sd_ce": (0.05, 0.3, 1.5),
    "exam.*.sd_se": (0.05, 0.3, 1.5),
    "exam.*.own": (0.1, 0.0, 1.5),
    "exam.lambda": (0.03, 0.8, 0.93),
    "exam.r_sece": (0.04, 0.5, 0.75),
    "exam.b_m": (0.04, 0.2, 0.5),
    "resit.bonus": (0.1, 0.0, 0.3),
    "bar.lower": (0.1, -4.0, 1.0),
    "bar.vmbo": (0.1, -4.0, 1.0),
    "bar.havo": (0.1, -4.0, 1.0),
    "bar.vwo": (0.1, -4.0, 1.0),
    "promotion.girls": (0.1, 0.0, 0.5),
    "advice.r_adv": (0.02, 0.8, 0.9),
    "advice.p_raise": (0.03, 0.2, 0.35),
    "advice.cut.*": (0.05, -3.0, 3.0),
    "place.*": (0.05, 0.02, 0.98),
    "route.step-down": (0.05, 0.05, 0.8),
    "route.vwo-to-*": (0.02, 0.01, 0.99),
    "route.havo-to-hbo": (0.02, 0.01, 0.99),
    "route.tl-to-havo": (0.02, 0.01, 0.99),
    "route.mbo-to-hbo": (0.02, 0.01, 0.99),
    "dropout.hbo.*": (0.1, -6.0, 2.0),
    "boredom.*": (0.3, -20.0, 20.0),
}
"""The free parameters: the step by which the slope is taken, and what they stay between: the range of the evidence
where there is one, else what can be."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--children", type=int, default=100_000)
    asked.add_argument(
        "--steps", type=int, nargs="+", default=[6, 6, 4], help="of each fit: refs are told anew before it"
    )
    asked.add_argument("--only-tell", action="store_true", help="fit nothing: only write the table")
    said = asked.parse_args()
    grid = Grid(Automaton(Lawbook.load()))
    found = dict(numbers.values(numbers.shipped()))
    if not said.only_tell:
        for steps in said.steps:
            found |= candidates(grid, found, said.children)
            found = fitted(grid, found, said.children, steps)
        write_parameters(found | candidates(grid, found, said.children))
        numbers.shipped.cache_clear()
        found = dict(numbers.values(numbers.shipped()))
    write_table({seed: played(grid, [found], said.children, seed)[0] for seed in (SEED, *OTHERS)}, said.children)


class Watched(Lives):
    """Lives whose candidates are looked at: ``seen`` are the skills of who sat the exam of a level."""

    seen: dict[str, list[NDArray[np.float32]]]

    def _sit(self, papers: Papers, rows: Rows, which: Rows, whose: Rows | None) -> Sat:
        skills = self.pupils.skills
        self.seen.setdefault(papers.first.level, []).append((skills.z + skills.f).take(rows, axis=1))
        return super()._sit(papers, rows, which, whose)


def candidates(grid: Grid, found: Mapping[str, Any], children: int) -> dict[str, float]:
    """The mean skill and its spread among the candidates of each level: parameters, so that no run asks its own pupils
    for them."""
    lives = Watched.born(grid, [Way(PLAN)], [_pinned(grid, found)], born(BIRTHS), SEED, [0], np.arange(children))
    lives.seen = {}
    lives.live()
    told: dict[str, float] = {}
    for level, parts in lives.seen.items():
        skill = np.concatenate(parts, axis=1).astype(np.float64)
        told[f"exam.{level}.ref"] = round(float(skill.mean()), 3)
        told[f"exam.{level}.spread"] = round(float(skill.std(axis=1).mean()), 3)
    return {key: value for key, value in told.items() if key in found}


def _pinned(grid: Grid, found: Mapping[str, Any]) -> Model:
    pinned = {key: list(v) if isinstance(v, tuple) else v for key, v in found.items()}
    world = World("fit", {key: {"value": v, "low": v, "high": v} for key, v in pinned.items()})
    return model_of(world, Chance(SEED, 0), grid.automaton.law)


def played(grid: Grid, points: Sequence[Mapping[str, Any]], children: int, seed: int = SEED) -> list[Counts]:
    """The counts of a run for each of some sets of parameters, at their value: the same children with the same luck."""
    models, told = [_pinned(grid, found) for found in points], []
    for first in range(0, len(models), BESIDE):
        some = models[first : first + BESIDE]
        lives = Lives.born(grid, [Way(PLAN)], some, born(BIRTHS), seed, [0] * len(some), np.arange(children))
        told += [counts for tally in lives.live() for counts in tally.all]
    return told


# --- the fit --------------------------------------------------------------------------------------------------


def fitted(grid: Grid, start: dict[str, Any], children: int, steps: int) -> dict[str, Any]:
    """The parameters, free ones moved to where the residuals are smallest. A point is told in steps from the start."""
    free = {key: spec for key in start if (spec := _spec(key)) is not None}
    size = np.array([step for step, _low, _high in free.values()])
    middle = np.array([min(max(start[key], low), high) for key, (_s, low, high) in free.items()])
    low, high = (np.array([spec[n] for spec in free.values()]) for n in (1, 2))

    def at(point: NDArray[np.float64]) -> dict[str, Any]:
        found = np.clip(middle + point * size, low, high)
        return start | dict(zip(free, (round(value, 3) for value in found.tolist()), strict=True))

    seen: list[tuple[int, float, dict[str, Any]]] = []

    def residuals(point: NDArray[np.float64]) -> NDArray[np.float64]:
        asked = at(point)
        (counts,) = played(grid, [asked], children)
        rest = np.concatenate((_residuals(counts), PULL * point))
        seen.append((_within(counts), -float((rest**2).sum()), asked))
        print(f"{seen[-1][0]} within tolerance, sum of squares {-seen[-1][1]:.0f}", flush=True)
        return rest

    def slopes(point: NDArray[np.float64]) -> NDArray[np.float64]:
        signs = np.where(middle + (point + 1) * size <= high, 1.0, -1.0)
        moved = [point + np.eye(len(point))[n] * signs[n] for n in range(len(point))]
        base, *others = played(grid, [at(each) for each in (point, *moved)], min(children, SLOPES))
        told = np.stack([_residuals(counts) - _residuals(base) for counts in others], axis=1) * signs
        return np.concatenate((told, PULL * np.eye(len(point))))

    bounds = ((low - middle) / size - 1e-9, (high - middle) / size + 1e-9)
    least_squares(residuals, np.zeros(len(free)), slopes, bounds, x_scale=10.0, loss="soft_l1", max_nfev=steps)
    return max(seen, key=lambda each: each[:2])[2]


def _spec(key: str) -> tuple[float, float, float] | None:
    """What is said of a parameter that is free."""
    return next((spec for pattern, spec in STEPS.items() if fnmatchcase(key, pattern)), None)


def _kept_within(parameter: numbers.Parameter) -> bool:
    """Whether a parameter is fitted within the very range that its evidence gives it."""
    spec = _spec(parameter.key)
    return spec is not None and spec[1:] == (parameter.low, parameter.high)


def _residuals(counts: Counts) -> NDArray[np.float64]:
    """What the model gives less the target, in tolerances; of figures that the model has."""
    return np.array([(model - target) / tolerance for _row, model, target, tolerance in _held(counts)])


def _within(counts: Counts) -> int:
    return sum(abs(model - target) <= tolerance for _row, model, target, tolerance in _held(counts))


def _held(counts: Counts) -> Iterator[tuple[dict[str, str], float, float, float]]:
    for row in targets():
        if row["part"] not in SILENT:
            model = gives(row["part"], row["measure"], counts)
            yield row, 0.0 if math.isnan(model) else model, value_of(row), float(row["tolerance"])


# --- what a run gives -------------------------------------------------------------------------------------------


def share(counts: Counts, over: list[str], under: list[str]) -> float:
    below = total(counts, under)
    return 100 * total(counts, over) / below if below else math.nan


def total(counts: Counts, patterns: list[str]) -> int:
    return sum(n for key, n in counts.items() if any(re.fullmatch(pattern, key) for pattern in patterns))


def mean(counts: Counts, name: str, level: str) -> float:
    sat = counts.get(f"marked/{level}", 0)
    return counts.get(f"sum-{name}/{level}", 0) / sat / MARKS if sat else math.nan


def spread(counts: Counts, name: str, level: str) -> float:
    sat = counts.get(f"marked/{level}", 0)
    if sat < 2:
        return math.nan
    square = counts[f"square-{name}/{level}"] / sat / MARKS**2 - mean(counts, name, level) ** 2
    return math.sqrt(max(square, 0.0))


def correlation(counts: Counts, level: str) -> float:
    sat = counts.get(f"marked/{level}", 0)
    both = spread(counts, "se", level) * spread(counts, "ce", level)
    if not sat or not both:
        return math.nan
    product = counts[f"product/{level}"] / sat / MARKS**2
    return (product - mean(counts, "se", level) * mean(counts, "ce", level)) / both


YEAR_3 = ["in/vo/(bb|kb|gl|tl|havo|vwo|vwo-five)/3"]
REPEATS: dict[str, tuple[list[str], list[str]]] = {
    "repeats, all vo": (["repeats/vo"], ["years/vo"]),
    "repeats vmbo 3-4": (["repeat/vo/(bb|kb|gl|tl)/[34]"], ["in/vo/(bb|kb|gl|tl)/[34]"]),
    "repeats vwo 3-6": (["repeat/vo/vwo/[3456]"], ["in/vo/vwo/[3456]"]),
    "repeats havo 3-5 girls": (["repeat-girls/vo/havo/[345]"], ["girls/vo/havo/[345]"]),
}
ROUTES: dict[str, tuple[list[str], list[str]]] = {
    "vwo -> wo direct": (["move/vo/vwo/6/to-wo"], ["diploma/vwo"]),
    "vwo -> hbo direct": (["move/vo/vwo/6/to-hbo"], ["diploma/vwo"]),
    "havo -> hbo voltijd direct": (["move/vo/havo/5/to-hbo"], ["diploma/havo"]),
    "mbo4 bol -> hbo voltijd direct": (["move/mbo/4/3/to-hbo"], ["diploma/mbo-4"]),
    "vmbo-t -> mbo": (["move/vo/tl/4/to-mbo.*"], ["diploma/vmbo-tl"]),
    "vmbo-t -> havo": (["move/vo/tl/4/.*havo.*"], ["diploma/vmbo-tl"]),
    "hbo drop-out after 1 year, all": (["leave/ho/hbo/1/.*"], ["enter/ho/hbo/1/.*"]),
    "hbo drop-out after 1 year, mbo": (["leave/ho/hbo/1/mbo-4"], ["enter/ho/hbo/1/mbo-4"]),
    "hbo drop-out after 1 year, havo": (["leave/ho/hbo/1/havo"], ["enter/ho/hbo/1/havo"]),
    "hbo drop-out after 1 year, vwo": (["leave/ho/hbo/1/vwo"], ["enter/ho/hbo/1/vwo"]),
    "bored often, all vo": (["bored"], ["years/vo"]),
    "bored often, toptalents vo": (["bored-top"], ["top"]),
    "test advice above initial advice": (["test-above"], ["advised"]),
    "advice raised": (["raised"], ["advised"]),
}


def gives(part: str, measure: str, counts: Counts) -> float:
    """What the model gives for a target; nan where it has no such figure."""
    if part in REPEATS or part in ROUTES:
        return share(counts, *(REPEATS | ROUTES)[part])
    if part == "repeats havo 3-5 boys":
        repeats = total(counts, ["repeat/vo/havo/[345]"]) - total(counts, ["repeat-girls/vo/havo/[345]"])
        boys = total(counts, ["in/vo/havo/[345]"]) - total(counts, ["girls/vo/havo/[345]"])
        return 100 * repeats / max(1, boys)
    if part.startswith("advice "):
        name = part.removeprefix("advice ").replace("vmbo-", "").replace("/", "-")
        return share(counts, [f"advice/{(LEVELS | DOUBLE).get(name, name)}"], ["advised"])
    if part.startswith("year 3 "):
        name = part.removeprefix("year 3 ").removeprefix("vmbo-")
        return share(counts, [f"in/vo/{LEVELS.get(name, name)}/3"], YEAR_3)
    level = part.split()[-1].removeprefix("vmbo-")
    level = LEVELS.get(level, level)
    if part.startswith("pass rate"):
        return share(counts, [f"passed/{level}"], [f"exam/{level}"])
    if part.startswith("mean "):
        return mean(counts, part.split()[1].lower(), level)
    if "SD" in part:
        name = next(name for name in ("SE", "CE", "final") if f"mean {name}" in part)
        return spread(counts, name.lower(), level)
    return correlation(counts, level) if part.startswith("correlation") else math.nan


# --- what it writes -----------------------------------------------------------------------------------------


def write_parameters(found: Mapping[str, Any]) -> None:
    """New values in the parameter file, their ranges moved with them; the rest of the file stays as it is."""
    text = PARAMETERS.read_text("utf-8")
    for key, old in numbers.shipped().items():
        if isinstance(old.value, tuple) or found[key] == old.value:
            continue
        value = round(found[key], 3)
        low, high = old.low, old.high
        if old.fit and not _kept_within(old):  # the range of a study stays
            low, high = round(value - (old.value - old.low), 3), round(value + (old.high - old.value), 3)
        low, high = min(max(low, old.least), value), max(min(high, old.most), value)
        head = re.escape(f"[{key}]\n")
        body = rf"({head})value = .*\nlow = .*\nhigh = .*\n"
        text = re.sub(body, lambda m, v=value, a=low, b=high: f"{m[1]}value = {v}\nlow = {a}\nhigh = {b}\n", text)
    numbers.read(text, PARAMETERS.name)  # refuses what cannot be before anything is written
    PARAMETERS.write_text(text, "utf-8")


def write_table(by_seed: Mapping[int, Counts], children: int) -> None:
    rows: list[str] = []
    outside: dict[str, list[str]] = {}
    for row, model, target, tolerance in _held(by_seed[SEED]):
        residual = model - target
        within = abs(residual) <= tolerance
        if not within:
            outside.setdefault(why(row), []).append(f"{_named(row)}: {residual:+.2f}")
        cells = (row["id"], row["part"], row["year"], f"{target:g}", f"{model:.2f}", f"{residual:+.2f}")
        rows.append(f"| {' | '.join(cells)} | {tolerance:g} | {'' if within else 'outside'} |")
    far = sum(map(len, outside.values()))
    told = [
        "# Calibration",
        "",
        "Written by `tools/calibrate.py`. Fitted to these figures and to no others; the run is the one without",
        f"measures, {children} children born in {BIRTHS[0]}, every parameter at its value. A share is in %.",
        "",
        f"{len(rows) - far} of {len(rows)} figures are within their tolerance, {far} are outside.",
        "",
        "| | figure | year | target | model | residual | tolerance | |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        *_judged(by_seed),
        "",
        "## Outside the tolerance",
        "",
    ]
    for reason, names in outside.items():
        told += [textwrap.fill(reason, 120), "", *(f"* {name}" for name in names), ""]
    told += ["## Figures that the model does not have", ""]
    told += [f"* {_named(row)}: {SILENT[row['part']]}" for row in targets() if row["part"] in SILENT]
    TOLD.write_text("\n".join([*told, ""]), "utf-8")


def _named(row: Mapping[str, str]) -> str:
    return f"{row['id']} {row['part']}, {row['year']}"


def _judged(by_seed: Mapping[int, Counts]) -> Iterator[str]:
    """How many figures are within their tolerance for the children of each seed, and which are not so as for those whom
    the parameters were fitted to."""
    held = {seed: list(_held(counts)) for seed, counts in by_seed.items()}
    far = {seed: [abs(model - target) > tolerance for _row, model, target, tolerance in held[seed]] for seed in held}
    moved = max(abs(one[1] - two[1]) / one[3] for s in OTHERS for one, two in zip(held[s], held[SEED], strict=True))
    text = (
        "The same parameters, judged by as many other children, with other luck, to whom nothing was fitted. No figure"
        f" of theirs lies further than {moved:.2f} of its tolerance from that of the children above: that is luck, and"
        " as much of it is in the table above."
    )
    yield from ("## For other children", "", textwrap.fill(text, 120), "")
    yield from ("| seed | within | otherwise than above |", "|---|---|---|")
    for seed, rows in held.items():
        pairs = zip(rows, far[seed], far[SEED], strict=True)
        other = [
            f"{_named(r)}: {m - t:+.2f}, {'outside' if own else 'within'}"
            for (r, m, t, _), own, was in pairs
            if own != was
        ]
        name = f"{seed} (fitted to)" if seed == SEED else str(seed)
        yield f"| {name} | {far[seed].count(False)} of {len(rows)} | {'; '.join(other) or '-'} |"


if __name__ == "__main__":
    main()
