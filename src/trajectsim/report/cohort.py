"""A cohort run, told: a page of text, plain data, or rows."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterator
from typing import Any

from trajectsim.calendar import SchoolYear
from trajectsim.cohort.design import Cohort, Policy
from trajectsim.cohort.figures import ANYTHING, FEWEST, Band, Line, banded, by_text, changed, differs_by, lines
from trajectsim.cohort.running import Finished
from trajectsim.law.lawbook import Lawbook
from trajectsim.words import _, decimal_comma, ngettext

LABEL = 43
"""Columns of what a figure is called, so that its row fits a terminal of eighty."""
FORMAT = 1
"""The number of the layout of the json; it rises when a key changes its meaning or goes."""


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
        blocks += ["\n".join(_against(done, world.id, policy, own)) for policy in cohort.policies[1:]]
    blocks.append("\n".join(_below(cohort, law)))
    return "\n\n".join(blocks) + "\n"


def cohort_data(title: str, done: Finished, law: Lawbook) -> dict[str, Any]:
    """The run as plain data; ``docs/cohorts.md`` tells what each key is."""
    cohort = done.cohort
    return {
        "format": FORMAT,
        "title": title,
        "size": cohort.size,
        "births": list(cohort.births),
        "seed": cohort.seed,
        "replications": cohort.replications,
        "policies": [{"id": policy.id, "label": policy.label} for policy in cohort.policies],
        "worlds": [world.id for world in cohort.worlds],
        "evidence": done.evidence,
        "spillover": "not modelled",
        "figures": [_line_data(line) for line in lines(done, law)],
        "changed_per_thousand": [
            {
                "world": world.id,
                "policy": policy.id,
                "evidence_of_difference": differs_by(done, world.id, policy.id, cohort.policies[0].id),
                **{kind: _band(line.value) for kind, line in changed(done, world.id, policy.id).items()},
            }
            for world in cohort.worlds
            for policy in cohort.policies[1:]
        ],
    }


COLUMNS = ("world", "policy", "figure", "unit", "median", "low", "high")
DIFFERENCE = ("difference_median", "difference_low", "difference_high")
EVIDENCE = ("evidence", "evidence_of_difference")


def cohort_rows(done: Finished, law: Lawbook) -> Iterator[dict[str, Any]]:
    """A row for each figure, policy and world: what a CSV and a Parquet file hold."""
    for line in lines(done, law):
        told = (line.world, line.policy, line.figure.id, line.figure.unit)
        bands = (*_ends(line.value), *_ends(line.difference))
        names = (*COLUMNS, *DIFFERENCE, *EVIDENCE)
        yield dict(zip(names, (*told, *bands, line.evidence, line.by), strict=True)) | {
            "values": line.values,
            "differences": line.differences,
        }


def cohort_csv(done: Finished, law: Lawbook) -> str:
    """The rows without those of single replications."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = (*COLUMNS, *DIFFERENCE, *EVIDENCE)
    writer.writerow(names)
    for row in cohort_rows(done, law):
        writer.writerow([_cell(row[name]) for name in names])
    return out.getvalue()


# --- the page -----------------------------------------------------------------------------------------------


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


def _below(cohort: Cohort, law: Lawbook) -> Iterator[str]:
    told = _(
        "The letter is the weakest evidence behind a figure, from A (several credible studies, register data) to D (a "
        "guess); behind a difference, the weakest among what the policy adds, or the law where it adds nothing else. "
        "Spillover to others is not modelled. Policies whose bands overlap are not ranked."
    )
    yield " ".join([told, *_beyond(cohort, law)])


def _beyond(cohort: Cohort, law: Lawbook) -> Iterator[str]:
    """Which law answers in the years whose own is not known; nothing where one year is frozen."""
    if cohort.policies[0].plan.clock.follow is None:
        first, last = law.known.first or 0, law.known.last or 0
        told = _("Years before {first} are judged by the law of that year, those after {last} by the law of that.")
        yield told.format(first=SchoolYear(first), last=SchoolYear(last))


def _first(cohort: Cohort, own: list[Line]) -> Iterator[str]:
    first = cohort.policies[0]
    yield first.label
    for line in own:
        if line.policy == first.id and line.figure.page:
            yield _row(line.figure.label, banded(line.value, line.figure.unit), line.evidence)


def _against(done: Finished, world: str, policy: Policy, own: list[Line]) -> Iterator[str]:
    """The differences whose band lies to one side of nothing, then the number of the others."""
    yield _("{policy}: the difference, replication by replication").format(policy=policy.label)
    sure = others = 0
    alone: list[str] = []
    for line in own:
        if line.policy != policy.id or not line.figure.page:
            continue
        if line.difference is None:
            alone.append(_row(line.figure.label, banded(line.value, line.figure.unit), line.evidence))
        elif line.sure:
            sure += 1
            yield _row(line.figure.label, banded(line.difference, line.figure.unit, sign=True), by_text(line.by))
        else:
            others += 1
    if done.cohort.replications < FEWEST:
        text = _("Of fewer than {n} replications it is not told which figures differ.").format(n=FEWEST)
    elif sure:
        text = ngettext("{n} other figure: no sure difference", "{n} other figures: no sure difference", others)
    else:
        text = ngettext("{n} figure: no sure difference", "{n} figures: no sure difference", others)
    yield "  " + text.format(n=others)
    yield from _changed(done, world, policy.id)
    if alone:
        yield "  " + _("No difference but the figure itself, which the first policy does not have:")
        yield from alone


def _changed(done: Finished, world: str, policy: str) -> Iterator[str]:
    found = changed(done, world, policy)
    if ANYTHING in found:
        line = found[ANYTHING]
        label = _("of a thousand children, those for whom anything is otherwise")
        yield _row(label, banded(line.value, line.figure.unit), by_text(line.by))
    kinds = [line for kind, line in found.items() if kind != ANYTHING and line.value.high > 0]
    if kinds:
        told = ", ".join(f"{line.figure.label} {decimal_comma(f'{line.value.median:z.1f}')}" for line in kinds)
        yield "    " + told


def _row(label: str, told: str, grade: str) -> str:
    *first, last = textwrap.wrap(label, LABEL, initial_indent="  ", subsequent_indent="    ")
    return "\n".join([*first, f"{last:<{LABEL}} {told:<31} {grade}"])


# --- plain data ---------------------------------------------------------------------------------------------


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "world": line.world,
        "policy": line.policy,
        "figure": line.figure.id,
        "label": line.figure.label,
        "unit": line.figure.unit,
        "value": _band(line.value),
        "difference": None if line.difference is None else {**_band(line.difference), "sure": line.sure},
        "evidence": line.evidence,
        "evidence_of_difference": line.by or None,
    }


def _band(band: Band) -> dict[str, float]:
    return {name: rounded(getattr(band, name)) for name in ("median", "low", "high")}


def rounded(value: float) -> float:
    """A figure in four decimals; what rounds to nothing has no sign."""
    return round(value, 4) + 0.0


def _ends(band: Band | None) -> tuple[float | None, ...]:
    return (None, None, None) if band is None else (band.median, band.low, band.high)


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:z.4f}" if isinstance(value, float) else str(value)
