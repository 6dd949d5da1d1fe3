"""A cohort run, told: a page of text, plain data, or rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from trajectsim.cohort.design import Cohort
from trajectsim.cohort.figures import CHANGED, THOUSAND, Band, Line, banded, changed, lines
from trajectsim.cohort.running import Finished
from trajectsim.law.lawbook import Lawbook
from trajectsim.words import _, ngettext


def cohort_text(title: str, done: Finished, law: Lawbook) -> str:
    """The run on a page: for each world the figures of the first policy, and what the others change."""
    cohort = done.cohort
    blocks = ["\n".join([title, *_head(cohort, done)])]
    told = list(lines(done, law))
    for world in cohort.worlds:
        own = [line for line in told if line.world == world.id]
        if len(cohort.worlds) > 1:
            blocks.append(_("World {id}").format(id=world.id))
        blocks.append("\n".join(_first(cohort, own)))
        for policy in cohort.policies[1:]:
            blocks.append("\n".join(_against(policy.id, policy.label, own)))
            blocks.append("\n".join(_changed(done, world.id, policy.id)))
        evidence = _("Weakest evidence behind these figures: {grade} (A to D). Spillover to others is not modelled.")
        blocks.append(evidence.format(grade=done.evidence.get(world.id, "")))
    return "\n\n".join(blocks) + "\n"


def cohort_data(title: str, done: Finished, law: Lawbook) -> dict[str, Any]:
    """The run as plain data."""
    cohort = done.cohort
    return {
        "title": title,
        "size": cohort.size,
        "births": list(cohort.births),
        "seed": cohort.seed,
        "replications": cohort.replications,
        "evidence": done.evidence,
        "figures": [_line_data(line) for line in lines(done, law)],
        "changed_per_thousand": [
            {
                "world": world.id,
                "policy": policy.id,
                **{k: _band(b) for k, b in changed(done, world.id, policy.id).items()},
            }
            for world in cohort.worlds
            for policy in cohort.policies[1:]
        ],
    }


def cohort_csv(done: Finished, law: Lawbook) -> str:
    """A row for each figure, policy and world."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    bands = ("median", "low", "high")
    writer.writerow(["world", "policy", "figure", "unit", *bands, *(f"difference_{b}" for b in bands), "evidence"])
    for line in lines(done, law):
        row = [line.world, line.policy, line.figure.id, line.figure.unit]
        writer.writerow([*row, *_cells(line.value), *_cells(line.difference), line.evidence])
    return out.getvalue()


def _head(cohort: Cohort, done: Finished) -> Iterator[str]:
    children = ngettext("{n} child", "{n} children", cohort.size).format(n=cohort.size)
    replications = len({number for _world, number in done.totals})
    times = ngettext("{n} replication", "{n} replications", replications).format(n=replications)
    years = ", ".join(map(str, cohort.births))
    yield _("{children}, born in {years}; {times}, seed {seed}").format(
        children=children, years=years, times=times, seed=cohort.seed
    )
    yield _(
        "Medians, with in brackets what 80% of the replications lie between. A distribution, and no advice on a child."
    )


def _first(cohort: Cohort, own: list[Line]) -> Iterator[str]:
    first = cohort.policies[0]
    yield first.label
    for line in own:
        if line.policy == first.id:
            yield f"  {line.figure.label:<58} {banded(line.value, line.figure.unit)}"


def _against(policy: str, label: str, own: list[Line]) -> Iterator[str]:
    """The differences whose band lies to one side of nothing, then the number of the others."""
    yield _("{policy}: the difference, replication by replication").format(policy=label)
    others = 0
    for line in own:
        if line.policy == policy and line.difference is not None:
            if line.sure:
                yield f"  {line.figure.label:<58} {banded(line.difference, line.figure.unit, sign=True)}"
            else:
                others += 1
    text = ngettext("{n} other figure may as well not differ", "{n} other figures may as well not differ", others)
    yield "  " + text.format(n=others)


def _changed(done: Finished, world: str, policy: str) -> Iterator[str]:
    yield "  " + _("Of a thousand children otherwise than without it:")
    for kind, band in changed(done, world, policy).items():
        yield f"    {_(CHANGED[kind]):<56} {banded(band, THOUSAND)}"


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "world": line.world,
        "policy": line.policy,
        "figure": line.figure.id,
        "unit": line.figure.unit,
        "value": _band(line.value),
        "difference": None if line.difference is None else _band(line.difference),
        "evidence": line.evidence,
    }


def _band(band: Band) -> dict[str, float]:
    return {"median": round(band.median, 4), "low": round(band.low, 4), "high": round(band.high, 4)}


def _cells(band: Band | None) -> list[str]:
    return ["", "", ""] if band is None else [f"{value:.4f}" for value in (band.median, band.low, band.high)]
