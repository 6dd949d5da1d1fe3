"""What moves an outcome, told: a tornado as text, as plain data, as rows, and as a picture (SVG)."""

from __future__ import annotations

import csv
import io
import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from trajectsim.cohort.design import Cohort
from trajectsim.cohort.figures import unit_text
from trajectsim.cohort.sensitivity import Influence, Screening, Sensitivity
from trajectsim.law.lawbook import Lawbook
from trajectsim.report.cohort import FORMAT, rounded
from trajectsim.report.parameters import parameter_label
from trajectsim.words import _, decimal_comma

MOST = 12
"""Parameters in a tornado."""
FINEST = 4
"""Decimals of a tornado at the most."""
BAR = 11
"""Characters of the longest bar to one side."""
COLUMNS = ("policy", "against", "figure", "unit", "parameter", "move", "size", "unsure", "spread", "evidence")


def sensitivity_text(title: str, screening: Screening, found: Sequence[Sensitivity], law: Lawbook) -> str:
    """A tornado for each policy and figure: the parameters that move it most."""
    labels = {policy.id: policy.label for policy in screening.cohort.policies}
    told = _(
        "Each bar: by how much the outcome moves when a parameter goes from the low to the high end of its range, the "
        "others being anywhere in theirs; ± half the 95% interval of its size. The letter is the evidence of the "
        "parameter, from A to D. Every world has the same {n} children."
    ).format(n=screening.cohort.size)
    blocks = [title + "\n" + told]
    blocks += ["\n".join(_tornado(each, labels, law)) for each in found]
    if not any(each.influences and each.influences[0].size for each in found):
        blocks.append(_("No parameter moves it."))
    return "\n\n".join(blocks) + "\n"


def sensitivity_data(title: str, screening: Screening, found: Sequence[Sensitivity], law: Lawbook) -> dict[str, Any]:
    """The same as plain data, every parameter included."""
    cohort = screening.cohort
    return {
        "format": FORMAT,
        "title": title,
        "method": "Morris",
        "size": cohort.size,
        "worlds": len(cohort.worlds),
        "seed": cohort.seed,
        "outcomes": [
            {
                "figure": each.figure.id,
                "label": each.figure.label,
                "unit": each.figure.unit,
                "policy": each.policy,
                "against": each.against or None,
                "low": rounded(each.low),
                "high": rounded(each.high),
                "parameters": [_influence_data(one, law) for one in each.influences],
            }
            for each in found
        ],
    }


def sensitivity_csv(found: Sequence[Sensitivity]) -> str:
    """A row for each parameter of each outcome."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in found:
        for one in each.influences:
            told = (each.policy, each.against, each.figure.id, each.figure.unit, one.parameter)
            sizes = (f"{value:z.4f}" for value in (one.move, one.size, one.unsure, one.spread))
            writer.writerow([*told, *sizes, one.grade])
    return out.getvalue()


def sensitivity_pictures(
    title: str, screening: Screening, found: Sequence[Sensitivity], law: Lawbook
) -> dict[str, str]:
    """By file name a tornado for each policy and figure that anything moves. Raises Problems where matplotlib is not
    there."""
    from trajectsim.report.cohort_pictures import COLOURS, FAINT, GREY, Plot
    from trajectsim.report.cohort_pictures import number as tick

    plot = Plot.load()
    pictures: dict[str, str] = {}
    for each in found:
        rows = moving(each)
        if not rows:
            continue
        picture, (panel,) = plot.panels(9.0, 1.6 + 0.3 * len(rows))
        at = range(len(rows))
        colours = [COLOURS[0] if one.move >= 0 else COLOURS[1] for one in rows]
        panel.barh(list(at), [one.move for one in rows], color=colours, height=0.6)
        for y, one in zip(at, rows, strict=True):
            panel.hlines(y, one.move - one.unsure, one.move + one.unsure, color=GREY, linewidth=1)
        panel.set_yticks(list(at), [f"{parameter_label(one.parameter, law)}  [{one.grade}]" for one in rows])
        panel.set_ylim(len(rows) - 0.5, -0.5)
        panel.axvline(0, color=GREY, linewidth=0.8)
        panel.grid(axis="x", color=FAINT)
        panel.xaxis.set_major_formatter(tick)
        told = _("over the range of the parameter, in {unit}").format(unit=unit_text(each.figure.unit))
        panel.set_xlabel(told, fontsize=8)
        picture.suptitle(textwrap.fill(f"{title} · {head(each, _labels(screening.cohort))}", 95), fontsize=10)
        pictures[f"sensitivity-{each.figure.id}-{each.policy}.svg"] = plot.svg(picture, title)
    return pictures


# --- how it does it -----------------------------------------------------------------------------------------


def _labels(cohort: Cohort) -> dict[str, str]:
    return {policy.id: policy.label for policy in cohort.policies}


def head(each: Sensitivity, labels: dict[str, str]) -> str:
    """What it is that is moved."""
    what = _("{figure}, under {policy}").format(figure=each.figure.label, policy=labels[each.policy])
    if each.against:
        what = _("{figure}: the difference, {policy} against {other}").format(
            figure=each.figure.label, policy=labels[each.policy], other=labels[each.against]
        )
    return what


def _tornado(each: Sensitivity, labels: dict[str, str], law: Lawbook) -> Iterator[str]:
    rows = moving(each)
    called = [parameter_label(one.parameter, law) for one in rows]
    digits = digits_of(rows)
    low, high = (number(end, digits, sign=bool(each.against)) for end in (each.low, each.high))
    span = _("from {low} to {high} ({unit}) in all the worlds").format(
        low=low, high=high, unit=unit_text(each.figure.unit)
    )
    yield f"{head(each, labels)}: {span}"
    longest = max((abs(one.move) for one in rows), default=0.0)
    name = max(map(len, called), default=0)
    for one, words in zip(rows, called, strict=True):
        bar = "█" * max(1, round(BAR * abs(one.move) / longest)) if longest else ""
        sides = f"{bar:>{BAR}}│{'':<{BAR}}" if one.move < 0 else f"{'':>{BAR}}│{bar:<{BAR}}"
        told = moved(one, digits)
        yield f"  {words:<{name}} {sides} {told:<16} {one.grade}"
    if rows:
        names = ", ".join(one.parameter for one in rows)
        yield "  " + _("In a scenario they are called, in this order: {names}.").format(names=names)


def moving(each: Sensitivity) -> list[Influence]:
    """The parameters of a tornado: those whose size is seen in its figures."""
    rows = [one for one in each.influences[:MOST] if one.size > 0]
    digits = digits_of(rows)
    return [one for one in rows if round(one.size, digits) > 0]


def digits_of(rows: Sequence[Influence]) -> int:
    """How many decimals a tornado has: two, or what the largest size needs to be told in two figures."""
    longest = max((one.size for one in rows), default=0.0)
    return min(max(2, 1 - math.floor(math.log10(longest))), FINEST) if longest else 2


def moved(one: Influence, digits: int) -> str:
    """How far a parameter moves a figure, and half the interval of it."""
    return f"{number(one.move, digits, sign=True)} ± {number(one.unsure, digits)}"


def number(value: float, digits: int, *, sign: bool = False) -> str:
    """As the language writes it."""
    return decimal_comma(f"{value:{'+' if sign else ''}z.{digits}f}")


def _influence_data(one: Influence, law: Lawbook) -> dict[str, Any]:
    sizes = {"move": one.move, "size": one.size, "unsure": one.unsure, "spread": one.spread}
    called = {"parameter": one.parameter, "label": parameter_label(one.parameter, law)}
    return {**called, **{name: rounded(v) for name, v in sizes.items()}, "evidence": one.grade}
