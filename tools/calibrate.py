"""Fits the parameters of the learning model that name a target (``fit``) to the published figures, and writes them.

    python tools/calibrate.py [--children N] [--rounds N] [--only-tell]

One run without flexibilities, parameters at their value, with chance; the same seed, so the same result. Each round
moves every free parameter by what its own figure lacks (an exact step for a linear one, half a probit or logit for a
chance), and then plays the run again. Nothing but ``calibration_targets.csv`` is fitted to. ``docs/calibration.md``
gets every target, what the model gives, and what is left; what is outside the tolerance is named.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from trajectsim.cohort.automaton import Automaton
from trajectsim.cohort.design import born, policy_plan
from trajectsim.cohort.grid import Grid
from trajectsim.cohort.lives import Lives
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning import parameters as numbers
from trajectsim.learning.worlds import Chance, World, model_of
from trajectsim.path.plan import Plan

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ROOT / "tools" / "calibration_targets.csv"
PARAMETERS = ROOT / "src" / "trajectsim" / "learning" / "parameters.toml"
TOLD = ROOT / "docs" / "calibration.md"
SEED, BIRTHS = 20_240_601, (2005,)
LEVELS = {"b": "bb", "k": "kb", "g": "gl", "t": "tl"}
DOUBLE = {"b-k": "bb-kb", "k-gt": "kb-gt"}
Counts = Mapping[str, int]
PROBIT = NormalDist()
MARKS = 100
NAMES = (*(f"vmbo-{name}" for name in LEVELS), "havo", "vwo")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--children", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=6)
    asked.add_argument("--only-tell", action="store_true", help="fit nothing: only write the table")
    said = asked.parse_args()
    law, found = Lawbook.load(), dict(numbers.values(numbers.shipped()))
    grid = Grid(Automaton(law))
    plan = policy_plan()
    for _round in range(0 if said.only_tell else said.rounds):
        found = stepped(found, played(grid, plan, found, said.children))
    if not said.only_tell:
        write_parameters(found)
    write_table(played(grid, plan, found, said.children), said.children)


def played(grid: Grid, plan: Plan, found: dict[str, Any], children: int) -> Counts:
    """The counts of a run with some parameters, each at its value."""
    changes = {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}
    fixed = World("fit", {key: {"value": v, "low": v, "high": v} for key, v in changes.items()})
    model = model_of(fixed, Chance(SEED, 0), grid.automaton.law)
    return Lives.born(grid, plan, [model], born(BIRTHS), SEED, [0], np.arange(children)).live().counts


# --- what a run gives -------------------------------------------------------------------------------------------


def share(counts: Counts, over: list[str], under: list[str]) -> float:
    below = total(counts, under)
    return 100 * total(counts, over) / below if below else math.nan


def total(counts: Counts, patterns: list[str]) -> int:
    return sum(n for key, n in counts.items() if any(re.fullmatch(pattern, key) for pattern in patterns))


def mean(counts: Counts, name: str, level: str) -> float:
    sat = counts.get(f"exam/{level}", 0)
    return counts.get(f"sum-{name}/{level}", 0) / sat / MARKS if sat else math.nan


def spread(counts: Counts, name: str, level: str) -> float:
    sat = counts.get(f"exam/{level}", 0)
    if sat < 2:
        return math.nan
    square = counts[f"square-{name}/{level}"] / sat / MARKS**2 - mean(counts, name, level) ** 2
    return math.sqrt(max(square, 0.0))


def correlation(counts: Counts, level: str) -> float:
    sat = counts.get(f"exam/{level}", 0)
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


def targets() -> Iterator[dict[str, str]]:
    with TARGETS.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def value_of(row: Mapping[str, str]) -> float:
    """The target; the middle of one that is a range."""
    ends = [float(each) for each in row["value"].split("-") if each]
    return sum(ends) / len(ends)


def aim(part: str) -> float:
    """The mean of the targets of a part over their years."""
    values = [value_of(row) for row in targets() if row["part"] == part]
    return sum(values) / len(values)


# --- one round ----------------------------------------------------------------------------------------------


def stepped(found: dict[str, Any], counts: Counts) -> dict[str, Any]:
    """The parameters, each moved by what its own figure lacks."""
    new = dict(found)
    for level, name in (*((v, f"vmbo-{k}") for k, v in LEVELS.items()), ("havo", "havo"), ("vwo", "vwo")):
        key = f"exam.{level}"
        new[f"{key}.mu_ce"] = aim(f"mean CE {name}")
        slope = found[f"{key}.sd_ce"] * found["exam.lambda"] / found[f"{key}.spread"]
        new[f"{key}.ref"] += finite((mean(counts, "ce", level) - new[f"{key}.mu_ce"]) / slope)
        new[f"{key}.mu_se"] += finite(aim(f"mean SE {name}") - mean(counts, "se", level)) / 2
        for mark in ("ce", "se"):
            wanted = aim(f"within-school SD of a candidate's mean {mark.upper()} {name}")
            ratio = finite(wanted / max(spread(counts, mark, level), 0.05), 1.0)
            new[f"{key}.sd_{mark}"] *= min(max(ratio, 0.8), 1.25)
    both = [f"correlation mean SE - mean CE, within school {name}" for name in NAMES]
    more = sum(finite(gives(part, "", counts) - aim(part)) for part in both) / len(both)
    new["exam.r_sece"] = min(max(found["exam.r_sece"] - more / 5, 0.5), 0.75)
    new["exam.b_m"] = min(max(found["exam.b_m"] + more / 5, 0.2), 0.5)
    final = [aim(f"mean final {name}") - mean(counts, "final", name) for name in ("havo", "vwo")]
    new["exam.combined"] = min(max(found["exam.combined"] + finite(sum(final)), 0.0), 0.7)
    for bar, part in (("vmbo", "repeats vmbo 3-4"), ("vwo", "repeats vwo 3-6"), ("lower", "repeats, all vo")):
        new[f"bar.{bar}"] += half(PROBIT.inv_cdf, aim(part), gives(part, "", counts))
    havo = [f"repeats havo 3-5 {who}" for who in ("boys", "girls")]
    boys, girls = (half(PROBIT.inv_cdf, aim(part), gives(part, "", counts)) for part in havo)
    new["bar.havo"] += (boys + girls) / 2
    new["promotion.girls"] = min(max(new["promotion.girls"] + (boys - girls) / 2, 0.0), 0.5)
    above = gives("test advice above initial advice", "", counts)
    lacks = aim("test advice above initial advice") - above
    new["advice.r_adv"] = min(max(found["advice.r_adv"] - lacks / 400, 0.8), 0.9)
    new["advice.p_raise"] = min(max(aim("advice raised") / above, 0.2), 0.35)
    names = ["b", "b/k", "k", "k/gt", "gt", "gt/havo"]
    gone = sum(aim(f"advice {name}") for name in ("vso", "pro"))
    below, model, order = gone, 0.0, [f"vmbo-{name}" for name in names] + ["havo", "havo/vwo", "vwo"]
    cuts = [key for key in found if key.startswith("advice.cut.")]
    for part, key in zip(order[:-1], cuts, strict=True):
        below, model = below + aim(f"advice {part}"), model + gives(f"advice {part}", "", counts)
        new[key] += 2 * half(PROBIT.inv_cdf, 100 * below / (gone + sum(aim(f"advice {p}") for p in order)), model)
    vwo = aim("year 3 vwo") + aim("year 3 havo/vwo mixed") / 2
    new["place.higher"] = min(max(found["place.higher"] + (vwo - gives("year 3 vwo", "", counts)) / 60, 0.05), 0.95)
    gl, tl = aim("year 3 vmbo-g"), aim("year 3 vmbo-t")
    is_gl = share(counts, ["in/vo/gl/3"], ["in/vo/(gl|tl)/3"]) / 100
    new["place.gl"] = min(max(found["place.gl"] + gl / (gl + tl) - is_gl, 0.05), 0.95)
    for entry, who in (("mbo", "mbo"), ("havo", "havo"), ("vwo", "vwo")):
        part = f"hbo drop-out after 1 year, {who}"
        new[f"dropout.hbo.{entry}"] += 2 * half(logit, aim(part), gives(part, "", counts))
    all_bored = half(logit, aim("bored often, all vo"), gives("bored often, all vo", "", counts))
    top = half(logit, aim("bored often, toptalents vo"), gives("bored often, toptalents vo", "", counts))
    new["boredom.b0"] += all_bored
    new["boredom.b1"] = max(0.0, new["boredom.b1"] + (top - all_bored))
    return new


def half(scale: Callable[[float], float], wanted: float, has: float) -> float:
    """Half the way, on a scale of shares, from what a run has (in %) to what is wanted; 0 where it has none."""
    if math.isnan(has):
        return 0.0
    one, other = (min(max(each / 100, 0.001), 0.999) for each in (wanted, has))
    return (scale(one) - scale(other)) / 2


def logit(share_: float) -> float:
    return math.log(share_ / (1 - share_))


def finite(number: float, otherwise: float = 0.0) -> float:
    return number if math.isfinite(number) else otherwise


# --- what it writes -----------------------------------------------------------------------------------------


def write_parameters(found: Mapping[str, Any]) -> None:
    """New values in the parameter file, their ranges moved with them; the rest of the file stays as it is."""
    text = PARAMETERS.read_text("utf-8")
    for key, old in numbers.shipped().items():
        if isinstance(old.value, tuple) or found[key] == old.value:
            continue
        value = round(found[key], 3)
        low, high = round(value - (old.value - old.low), 3), round(value + (old.high - old.value), 3)
        if old.unit in numbers.BOUNDED:
            low, high = max(low, 0.0), min(high, 1.0)
        low, high = min(low, value), max(high, value)
        head = re.escape(f"[{key}]\n")
        body = rf"({head})value = .*\nlow = .*\nhigh = .*\n"
        text = re.sub(body, lambda m, v=value, a=low, b=high: f"{m[1]}value = {v}\nlow = {a}\nhigh = {b}\n", text)
    numbers.read(text, PARAMETERS.name)  # refuses what cannot be before anything is written
    PARAMETERS.write_text(text, "utf-8")


def write_table(counts: Counts, children: int) -> None:
    rows, outside, silent = [], [], []
    for row in targets():
        model, target, tolerance = gives(row["part"], row["measure"], counts), value_of(row), float(row["tolerance"])
        name = f"{row['id']} {row['part']}, {row['year']}"
        if math.isnan(model):
            silent.append(name)
            continue
        residual = model - target
        within = abs(residual) <= tolerance
        outside += [] if within else [name]
        cells = (row["id"], row["part"], row["year"], f"{target:g}", f"{model:.2f}", f"{residual:+.2f}")
        rows.append(f"| {' | '.join(cells)} | {tolerance:g} | {'' if within else 'outside'} |")
    told = [
        "# Calibration",
        "",
        "Written by `tools/calibrate.py`. Fitted to these figures and to no others; the run is the one without",
        f"flexibilities, {children} children born in {BIRTHS[0]}, every parameter at its value. A share is in %.",
        "",
        f"{len(rows) - len(outside)} of {len(rows)} figures are within their tolerance, {len(outside)} are outside.",
        "",
        "| | figure | year | target | model | residual | tolerance | |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        "## Outside the tolerance",
        "",
        *(f"* {name}" for name in outside),
        "",
        "## Figures that the model does not have",
        "",
        *(f"* {name}" for name in silent),
        "",
    ]
    TOLD.write_text("\n".join(told), "utf-8")


if __name__ == "__main__":
    main()
