"""Expectations of exams: of the walk, of a candidate on a sheet of marks, of a whole sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Key, Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.walk import Trajectory
from trajectsim.reading import did_you_mean, quoted
from trajectsim.scenario.expand import outside
from trajectsim.scenario.format import VerdictExpected
from trajectsim.scenario.judge import Judged, because, ground_of_exam
from trajectsim.words import N_, _, listed, ngettext

if TYPE_CHECKING:
    from trajectsim.exam.verdicts import SheetVerdict

At = tuple[Key, ...]


def judge_verdict(
    expected: VerdictExpected, walk: Trajectory | None, law: Lawbook, file: str, at: At
) -> Iterator[Judged]:
    """An expectation of an exam. Raises Problems where there is no such exam, sheet or candidate."""
    if expected.exam is not None:
        step = walk.at(SchoolYear(expected.exam - 1)) if walk is not None else None
        exam = step.exam if step is not None else None
        if exam is None:
            message = _("in {year} the walk has no exam of which marks are given").format(year=expected.exam)
            raise Problems([Problem("S201", message, at=(*at, "exam"))])
        yield from _one(expected, exam, _("exam {year}").format(year=expected.exam), at)
        return
    verdicts = _sheet(expected.sheet, law, file, at)
    if expected.candidate:
        if expected.candidate not in verdicts:
            message = _("there is no candidate {name} on this sheet").format(name=quoted(expected.candidate))
            message += did_you_mean(expected.candidate, verdicts)
            raise Problems([Problem("S201", message, at=(*at, "candidate"))])
        yield from _one(expected, verdicts[expected.candidate], expected.candidate, at)
        return
    for key, what in _COUNTED.items():
        wanted: int | None = getattr(expected, key)
        if wanted is not None:
            names = [name for name, each in verdicts.items() if _counts(each, key)]
            seen = f"{len(names)} ({listed(names)})" if 0 < len(names) <= MOST_NAMES else str(len(names))
            yield Judged((*at, key), f"{expected.sheet}: {_(what)}", wanted == len(names), str(wanted), seen)


def _counts(verdict: SheetVerdict, key: str) -> bool:
    return verdict.cum_laude if key == "distinctions" else verdict.result == key


MOST_NAMES = 10
"""How many candidates a failed count names."""
_COUNTED = {
    "passed": N_("candidates passed"),
    "failed": N_("candidates failed"),
    "incomplete": N_("candidates without a whole exam"),
    "distinctions": N_("candidates cum laude"),
}


def _one(expected: VerdictExpected, exam: SheetVerdict, what: str, at: At) -> Iterator[Judged]:
    ground = ground_of_exam(exam)
    laude = {True: _("cum laude"), False: _("not cum laude"), None: ""}
    told: list[tuple[str, str, str]] = [
        ("result", expected.result, exam.result),
        ("cum-laude", laude[expected.cum_laude], laude[exam.cum_laude]),
        ("combination", _number(expected.combination), _number(exam.combination)),
        *((f"final.{code}", _number(mark), _number(exam.final.get(code))) for code, mark in expected.final.items()),
    ]
    if expected.left_out is not None:
        none = _("none")
        told.append(("left-out", listed(expected.left_out or [none]), listed(exam.left_out or [none])))
    for key, wanted, found in told:
        if wanted:
            met = wanted == found
            place = (*at, *key.split("."))
            yield Judged(place, f"{what}: {key}", met, wanted, found or _("none"), ground, () if met else exam.nodes())
    yield from because(expected.because, ground, at)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _sheet(name: str, law: Lawbook, file: str, at: At) -> dict[str, SheetVerdict]:
    """The verdicts on a sheet of marks by candidate. Raises Problems."""
    from trajectsim.exam.chunks import read_chunks
    from trajectsim.exam.intake import Intake
    from trajectsim.exam.table import read_toml, rows_of
    from trajectsim.exam.verdicts import SheetVerdict, judged

    wrong = outside(name, Path(file))
    if wrong:
        raise Problems([Problem("S110", wrong, at=(*at, "sheet"))])
    path = Path(file).parent / name
    verdicts: dict[str, SheetVerdict] = {}
    try:
        with path.open("rb") as stream:
            tables = [read_toml(path)] if path.suffix == ".toml" else map(rows_of, read_chunks(stream, str(path)))
            for rows in tables:
                taken = Intake(law).take(rows)
                if taken.problems:
                    count = len(taken.problems)
                    more = ngettext("{n} problem on the sheet", "{n} problems on the sheet", count).format(n=count)
                    first = taken.problems[0]
                    raise Problems([Problem("S110", f"{more}: {first.where} {first.message}", at=(*at, "sheet"))])
                for group in taken.groups:
                    judgement = judged(group.batch, law)
                    each = ((n, SheetVerdict(judgement, law, n)) for n in range(group.batch.size))
                    verdicts |= {group.names[n]: verdict for n, verdict in each}
    except OSError as error:
        message = _("cannot be read: {reason}").format(reason=error.strerror or type(error).__name__)
        raise Problems([Problem("S110", message, at=(*at, "sheet"))]) from None
    return verdicts
