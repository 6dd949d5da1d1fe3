"""What running scenarios gave, for people and as data: text, json, jsonl, markdown, csv."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from trajectsim.report.ci import github, junit, sarif
from trajectsim.report.plain import cite_data, node_data
from trajectsim.report.text import tree
from trajectsim.scenario.judge import Judged
from trajectsim.scenario.run import Ran
from trajectsim.words import _, ngettext


class Status(StrEnum):
    """What became of a scenario."""

    PASSED = "passed"
    FAILED = "failed"
    WIP = "wip"
    WIP_PASSED = "wip-passed"
    UNUSABLE = "unusable"


def status_of(ran: Ran) -> Status:
    """What became of it: one in progress is to fail, and one that no longer does fails the run."""
    if ran.problems:
        return Status.UNUSABLE
    if ran.wip:
        return Status.WIP_PASSED if ran.met else Status.WIP
    return Status.PASSED if ran.met else Status.FAILED


def run_text(runs: Iterable[Ran], *, quiet: bool = False) -> str:
    """A line for a scenario that passed; for one that failed each expectation with the verdict behind it. Quiet: only
    what failed, a line for each. What is wrong with unusable ones is told elsewhere."""
    return "".join(f"{line}\n" for ran in runs for line in _lines(ran, quiet=quiet))


def failure_text(judged: Judged) -> str:
    """An expectation that is not met, on a line: what was expected, what was found, and the article behind that."""
    found = _("{what}: expected {expected}, found {observed}")
    told = found.format(what=judged.what, expected=judged.expected, observed=judged.observed)
    return f"{told} · {judged.ground.text}" if judged.ground.text else told


def passed_early_text(ran: Ran) -> str:
    """What is to be said of a scenario in progress that passes."""
    told = _("in progress ({reason}), and yet every expectation is met: take the status out")
    return told.format(reason=ran.wip)


def summary(runs: Iterable[Ran]) -> str:
    """How many passed, failed, are in progress, are unusable."""
    found = [status_of(ran) for ran in runs]
    passed = found.count(Status.PASSED)
    failed = found.count(Status.FAILED) + found.count(Status.WIP_PASSED)
    wip, unusable = found.count(Status.WIP), found.count(Status.UNUSABLE)
    parts = [ngettext("{n} scenario passed", "{n} scenarios passed", passed).format(n=passed)]
    parts += [_("{n} failed").format(n=failed)] if failed else []
    parts += [_("{n} in progress").format(n=wip)] if wip else []
    parts += [_("{n} unusable").format(n=unusable)] if unusable else []
    return ", ".join(parts)


def run_data(runs: Sequence[Ran]) -> dict[str, Any]:
    """What running scenarios gave; problems are never left out."""
    found = [status_of(ran) for ran in runs]
    return {
        "passed": found.count(Status.PASSED),
        "failed": found.count(Status.FAILED) + found.count(Status.WIP_PASSED),
        "wip": found.count(Status.WIP),
        "unusable": found.count(Status.UNUSABLE),
        "scenarios": [ran_data(ran) for ran in runs],
    }


def ran_data(ran: Ran) -> dict[str, Any]:
    """One scenario: what became of it, its problems, each expectation."""
    return {
        "file": ran.file,
        "variant": ran.variant,
        "title": ran.title,
        "tags": list(ran.tags),
        "status": status_of(ran).value,
        "passed": ran.passed,
        "seconds": round(ran.seconds, 6),
        "problems": [problem.data() for problem in ran.problems],
        "expectations": [_expectation(ran, n) for n in range(len(ran.judged))],
    }


def run_markdown(runs: Sequence[Ran]) -> str:
    """A table of the scenarios and a list of what failed, for the summary of a job or a comment."""
    rows = [f"| {_SIGN[status_of(ran)]} | {_cell(ran.name)} | {_cell(ran.title)} |" for ran in runs]
    scenario, title = _("scenario"), _("title")
    lines = [f"**{summary(runs)}**", "", f"| | {scenario} | {title} |", "|---|---|---|", *rows]
    for ran in runs:
        told = [*(f"{p.where} {p.code}: {p.message}" for p in ran.problems), *_failures(ran)]
        if told:
            lines += ["", f"### {_cell(ran.name)}", "", *(f"* {_cell(each)}" for each in told)]
    return "\n".join(lines) + "\n"


def run_csv(runs: Iterable[Ran]) -> str:
    """A row for each expectation, and for each problem."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["file", "variant", "title", "status", "line", "at", "what", "met", "expected", "observed", "cite"])
    for ran in runs:
        head = [ran.file, ran.variant, ran.title, status_of(ran).value]
        for problem in ran.problems:
            line = problem.place.line if problem.place else ""
            rows.writerow([*head, line, "", problem.code, "", "", problem.message, ""])
        for (_file, place), judged in zip(ran.places, ran.judged, strict=True):
            at = ".".join(map(str, judged.at))
            met = str(judged.met).lower()
            ground = judged.ground.text
            rows.writerow([*head, place.line, at, judged.what, met, judged.expected, judged.observed, ground])
    return out.getvalue()


Writer = Callable[[Sequence[Ran]], str]

WRITERS: Mapping[str, Writer] = {
    "text": run_text,
    "json": lambda runs: json.dumps(run_data(runs), ensure_ascii=False, indent=2) + "\n",
    "jsonl": lambda runs: "".join(json.dumps(ran_data(ran), ensure_ascii=False) + "\n" for ran in runs),
    "junit": lambda runs: junit(runs, failures, located=True),
    "xunit": lambda runs: junit(runs, failures, located=False),
    "sarif": lambda runs: sarif(runs, failures),
    "github": lambda runs: github(runs, failures),
    "markdown": run_markdown,
    "csv": run_csv,
}
"""Every format of a run, by name."""


def failures(ran: Ran) -> list[tuple[str, tuple[str, int, int], str]]:
    """What failed in a scenario that could be run: in a sentence, where (file, line, column), and why as lines."""
    if status_of(ran) is Status.WIP_PASSED:
        return [(passed_early_text(ran), (ran.file, ran.line, 1), "")]
    if ran.wip:
        return []
    unmet = [n for n, judged in enumerate(ran.judged) if not judged.met]
    return [
        (failure_text(ran.judged[n]), (ran.places[n][0], ran.places[n][1].line, ran.places[n][1].column), why)
        for n in unmet
        for why in ["\n".join(_why(ran.judged[n]))]
    ]


# --- how it does it -----------------------------------------------------------------------------------------

_SIGN = {
    Status.PASSED: "ok",
    Status.FAILED: "FAIL",
    Status.WIP: "wip",
    Status.WIP_PASSED: "FAIL",
    Status.UNUSABLE: "ERROR",
}


def _lines(ran: Ran, *, quiet: bool) -> Iterator[str]:
    status = status_of(ran)
    if status is Status.UNUSABLE:
        return
    if status in (Status.PASSED, Status.WIP):
        count = len(ran.judged)
        told = ngettext("{n} expectation met", "{n} expectations met", count).format(n=count)
        if ran.wip:
            told = _("in progress: {reason}").format(reason=ran.wip)
        if not quiet:
            yield f"{_SIGN[status]:5} {ran.name}  {ran.title} ({told})"
        return
    if status is Status.WIP_PASSED:
        yield f"FAIL  {ran.name}  {ran.title}: {passed_early_text(ran)}"
        return
    for number, judged in enumerate(ran.judged):
        if not judged.met:
            variant = f" [{ran.variant}]" if ran.variant else ""
            key = ".".join(str(k) for k in judged.at if isinstance(k, str))
            yield f"FAIL  {ran.where(number)}{variant}  {ran.title}  {key}: {failure_text(judged)}"
            yield from () if quiet else _why(judged)


def _why(judged: Judged) -> Iterator[str]:
    yield from (f"      {line}" for line in tree(judged.why, 0))


def _failures(ran: Ran) -> Iterator[str]:
    for text, (file, line, column), why in failures(ran):
        yield f"{file}:{line}:{column} {text}" + (f"\n\n```\n{why}\n```" if why else "")


def _expectation(ran: Ran, number: int) -> dict[str, Any]:
    judged = ran.judged[number]
    return {
        "at": ".".join(map(str, judged.at)),
        "where": ran.file if judged.met else ran.where(number),
        "what": judged.what,
        "met": judged.met,
        "expected": judged.expected,
        "observed": judged.observed,
        "rules": list(judged.ground.rules),
        "cites": [cite_data(cite) for cite in judged.ground.cites],
        "why": [node_data(node) for node in judged.why],
    }


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
