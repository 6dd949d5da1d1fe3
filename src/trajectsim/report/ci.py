"""Runs as CI servers read them: JUnit, SARIF 2.1.0, and the annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from trajectsim import __version__
from trajectsim.scenario.run import Ran

Failure = tuple[str, tuple[str, int, int], str]
"""What failed in a sentence, where (file, line, column), and why as lines."""
Failures = Callable[[Ran], list[Failure]]

EXPECTATION = "expectation"
"""The name of the rule that an expectation breaks that is not met; problems have their own codes."""


def junit(runs: Sequence[Ran], failures: Failures, *, located: bool) -> str:
    """A suite for each file, a case for each scenario. ``located``: with file and line on each case, which GitLab and
    annotating actions read, but the schema of Jenkins' xUnit plugin does not know."""
    suites = [_suite(file, [*own], failures, located) for file, own in groupby(runs, lambda ran: ran.file)]
    totals = {
        "tests": len(runs),
        "failures": sum(bool(failures(ran)) for ran in runs if not ran.problems),
        "errors": sum(bool(ran.problems) for ran in runs),
        "time": _time(runs),
    }
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + _element("testsuites", {"name": "trajectsim", **totals}, "".join(suites))


def sarif(runs: Sequence[Ran], failures: Failures) -> str:
    """A log of static analysis: a result for each problem and each expectation that is not met."""
    results = [each for ran in runs for each in (*_problem_results(ran), *_failure_results(ran, failures))]
    rules = [{"id": name} for name in dict.fromkeys(result["ruleId"] for result in results)]
    driver = {"name": "trajectsim", "version": __version__, "semanticVersion": __version__, "rules": rules}
    successful = not any(ran.problems for ran in runs)
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": successful}],
                "results": results,
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def github(runs: Iterable[Ran], failures: Failures) -> str:
    """A workflow command for each problem and each expectation that is not met: an annotation at its line."""
    lines: list[str] = []
    for ran in runs:
        for problem in ran.problems:
            place = problem.place
            where = {"file": problem.file, "line": place.line if place else 1, "col": place.column if place else 1}
            text = f"{problem.message}\n{problem.hint}".strip()
            lines.append(_command({**where, "title": problem.code}, text))
        for text, (file, line, column), why in [] if ran.problems else failures(ran):
            title = ran.title if not ran.variant else f"{ran.title} [{ran.variant}]"
            where = {"file": file, "line": line, "col": column, "title": title}
            lines.append(_command(where, f"{text}\n{why}".strip()))
    return "".join(f"{line}\n" for line in lines)


# --- JUnit --------------------------------------------------------------------------------------------------


def _suite(file: str, runs: Sequence[Ran], failures: Failures, located: bool) -> str:
    told = {ran.name: [] if ran.problems else failures(ran) for ran in runs}
    totals = {
        "name": file,
        "tests": len(runs),
        "failures": sum(map(bool, told.values())),
        "errors": sum(bool(ran.problems) for ran in runs),
        "skipped": sum(bool(ran.wip) and not told[ran.name] and not ran.problems for ran in runs),
        "time": _time(runs),
        "file": file,
    }
    return _element("testsuite", totals, "".join(_case(ran, told[ran.name], located) for ran in runs))


def _case(ran: Ran, failures: Sequence[Failure], located: bool) -> str:
    line = next((line for _text, (_file, line, _column), _why in failures), ran.line)
    line = next((problem.place.line for problem in ran.problems if problem.place), line)
    named = f"{ran.title} [{ran.variant}]" if ran.variant else ran.title or ran.file
    attributes: dict[str, Any] = {
        "name": named,
        "classname": Path(ran.file).with_suffix("").as_posix().replace("/", "."),
        "time": f"{ran.seconds:.3f}",
        **({"file": ran.file, "line": line} if located else {}),
    }
    inside = [_told("error", f"{p.code}: {p.message}", str(p), p.code) for p in ran.problems]
    inside += [
        _told("failure", text, f"{file}:{line}:{column} {text}\n{why}".rstrip(), EXPECTATION)
        for text, (file, line, column), why in failures
    ]
    if ran.wip and not inside:
        inside.append(_element("skipped", {"message": ran.wip}, ""))
    return _element("testcase", attributes, "".join(inside))


def _told(tag: str, message: str, text: str, kind: str) -> str:
    return _element(tag, {"type": kind, "message": message}, _escaped(text))


def _element(tag: str, attributes: dict[str, Any], inside: str) -> str:
    told = "".join(f' {name}="{_escaped(str(value))}"' for name, value in attributes.items())
    return f"<{tag}{told}>{inside}</{tag}>\n" if inside else f"<{tag}{told}/>\n"


def _escaped(text: str) -> str:
    """Text for XML 1.0: what it has no place for is shown as a question mark."""
    signs = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
    return "".join(signs.get(c) or (c if _fits(ord(c)) else "?") for c in text)


def _fits(point: int) -> bool:
    return 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or point >= 0x10000


def _time(runs: Iterable[Ran]) -> str:
    return f"{sum(ran.seconds for ran in runs):.3f}"


# --- SARIF --------------------------------------------------------------------------------------------------


def _problem_results(ran: Ran) -> Iterator[dict[str, Any]]:
    for problem in ran.problems:
        place = problem.place
        text = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
        region = (place.line, place.column, place.column + place.width) if place else (1, 1, 1)
        yield _result(problem.code, text, problem.file, *region)


def _failure_results(ran: Ran, failures: Failures) -> Iterator[dict[str, Any]]:
    for text, (file, line, column), why in [] if ran.problems else failures(ran):
        yield _result(EXPECTATION, f"{text}\n{why}".rstrip(), file, line, column)


def _result(rule: str, text: str, file: str, line: int, column: int, end: int = 0) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": column, **({"endColumn": end} if end > column else {})}
    uri = quote(Path(file).as_posix())
    place = {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
    return {"ruleId": rule, "level": "error", "message": {"text": text}, "locations": [place]}


# --- GitHub -------------------------------------------------------------------------------------------------


def _command(properties: dict[str, Any], message: str) -> str:
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::error {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
