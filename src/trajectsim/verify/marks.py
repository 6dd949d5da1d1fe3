"""What a reform does to exams: looked for on mark sheets of the packages of its years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear
from trajectsim.exam.judging import PASSED, judged
from trajectsim.exam.packages import template
from trajectsim.exam.sheets import Batch, Form, Layout, Slot
from trajectsim.exam.verdicts import SheetVerdict
from trajectsim.law.exams import RATINGS, Calendar, Demand, Exam
from trajectsim.law.lawbook import CALENDAR, Lawbook
from trajectsim.marks import TENTHS
from trajectsim.verify.findings import PROVED, SEARCHED, Counter, Finding
from trajectsim.verify.search import BrokenError, searching
from trajectsim.words import _, mark

HIGHEST = 10 * TENTHS
STEPS = (1, 5, 10)
"""By how many tenths marks are raised."""
USUAL = range(55, 95, 5)
ODD = range(35, HIGHEST + 1, 5)
MOST_ODD = 4
"""What most marks of a sheet are in tenths, what a few are, and how few: sheets on either side of what is asked."""


@frozen
class Paper:
    """A package in an exam year: what a sheet of it has."""

    level: str
    year: int
    profile: str
    layout: Layout
    with_ce: tuple[int, ...]
    graded: tuple[int, ...]

    def batch(self, se: list[int], ce: list[int]) -> Batch:
        """The sheet with these marks, a V for what is rated."""
        size = len(self.layout.slots)
        rows: list[dict[str, Any]] = [{"rating": RATINGS[2]} for _row in range(size)]
        for at, row in enumerate(self.graded):
            rows[row] = {"se": se[at], **({"ce": ce[at]} if row in self.with_ce else {})}
        return Batch.of_rows(self.layout, rows)


def papers(law: Lawbook) -> list[Paper]:
    """The packages of the exams that the reforms of an overlay touch, in the first year of each."""
    found: dict[Any, Paper] = {}
    for reform in law.reforms:
        rule, year = law.rule(reform.rule), reform.span.first or 0
        levels = rule.levels if isinstance(rule, Demand | Calendar) else (rule.level,) if isinstance(rule, Exam) else ()
        for package in law.packages.values():
            for level in levels:
                if level in package.levels:
                    paper = _paper(law, level, year, package.profile)
                    if paper is not None:
                        found.setdefault((level, year, package.profile), paper)
    return list(found.values())


def possible(law: Lawbook, some: list[Paper]) -> Finding:
    """The sheet of tens, of each package."""
    for number, paper in enumerate(some):
        tens = [HIGHEST] * len(paper.graded)
        verdict = SheetVerdict(judged(paper.batch(tens, tens), law), law)
        under = law.under
        before = SheetVerdict(judged(paper.batch(tens, tens), under), under) if under is not None else None
        if before is not None and before.passed and not verdict.passed:
            unmet = ", ".join(f"{line.id}: {line.required}" for line in verdict.checks if line.ok is not True)
            told = _("{paper}: a ten for everything is {result} ({unmet})")
            text = told.format(paper=_named(paper), result=verdict.result_text, unmet=unmet)
            shown = _scenario(law, paper, tens, tens, {"result": "passed"})
            return Finding("possible", PROVED, number + 1, Counter(text, shown))
    return Finding("possible", PROVED, len(some))


def marks(law: Lawbook, some: list[Paper], examples: int) -> Finding:
    """Every single raise of every mark on the sheets that are tried."""
    tried = 0
    broken: list[tuple[Paper, Lost]] = []
    if not some:
        return Finding("marks", SEARCHED, 0)

    @searching(examples)
    @given(st.data())
    def search(data: st.DataObject) -> None:
        nonlocal tried
        paper = data.draw(st.sampled_from(some))
        width = len(paper.graded)
        usual = data.draw(st.sampled_from(USUAL))
        odd = data.draw(st.dictionaries(st.integers(0, width - 1), st.sampled_from(ODD), max_size=MOST_ODD))
        se = [odd.get(at, usual) for at in range(width)]
        ce = list(se)
        for at in data.draw(st.sets(st.integers(0, width - 1), max_size=MOST_ODD)):
            ce[at] = data.draw(st.sampled_from(ODD))
        tried += 1
        found = _lost(law, paper, se, ce)
        if found is not None:
            broken.append((paper, found))
            raise BrokenError

    try:
        search()
    except BrokenError:
        paper, lost = broken[-1]
        shown = _scenario(law, paper, lost.se, lost.ce, lost.expected)
        return Finding("marks", SEARCHED, tried, Counter(f"{_named(paper)}: {lost.text}", shown))
    return Finding("marks", SEARCHED, tried)


@frozen
class Lost:
    """What a raise of one mark loses: in words, the marks after it, and what was so before."""

    text: str
    se: list[int]
    ce: list[int]
    expected: dict[str, Any]


def _lost(law: Lawbook, paper: Paper, se: list[int], ce: list[int]) -> Lost | None:
    """What the first raise of one mark loses that loses anything."""
    raises = list(_raises(paper, se, ce))
    sheets = [paper.batch(se, ce), *(paper.batch(*after) for _told, after in raises)]
    numbers = {name: np.hstack([batch.numbers[name] for batch in sheets]) for name in sheets[0].numbers}
    ratings = sheets[0].ratings
    whole = None if ratings is None else np.hstack([ratings] * len(sheets))
    result = judged(Batch(paper.layout, numbers, whole, ("",) * len(sheets)), law)
    passes = result.result == PASSED
    kept: list[tuple[str, Any, dict[str, Any]]] = [
        (_("passed"), passes, {"result": "passed"}),
        (_("cum laude"), result.laude & passes, {"cum-laude": True}),
    ]
    for name, column, expected in kept:
        if column[0] and not column.all():
            told, after = raises[int(np.flatnonzero(~column)[0]) - 1]
            text = _("{what} with the marks of this scenario but one, no longer with {raised}")
            return Lost(text.format(what=name, raised=told), *after, expected)
    return None


def _raises(paper: Paper, se: list[int], ce: list[int]) -> Iterator[tuple[str, tuple[list[int], list[int]]]]:
    for at, row in enumerate(paper.graded):
        for name, column in (("se", se), ("ce", ce)):
            for step in STEPS if name == "se" or row in paper.with_ce else ():
                new = min(column[at] + step, HIGHEST)
                if new > column[at]:
                    changed = [*column[:at], new, *column[at + 1 :]]
                    told = f"{paper.layout.slots[row].code} {name} {mark(new)}"
                    yield told, (changed, ce) if name == "se" else (se, changed)


def _paper(law: Lawbook, level: str, year: int, profile: str) -> Paper | None:
    seats = template(law, level, year, profile)
    if not seats:
        return None
    layout = Layout(level, year, tuple(Slot(code, role) for code, role in seats), profile=profile)
    form = Form.of(layout, law, CALENDAR)
    return Paper(level, year, profile, layout, form.with_ce, form.graded)


def _named(paper: Paper) -> str:
    exam = SchoolYear(paper.year).end
    return _("{level}, exam {year}, {profile}").format(level=paper.level, year=exam, profile=paper.profile)


def _scenario(law: Lawbook, paper: Paper, se: list[int], ce: list[int], expected: dict[str, Any]) -> dict[str, Any]:
    """The sheet as a scenario: the pupil in her last year, with these results, and what is expected of them."""
    exam = SchoolYear(paper.year).end
    track = next(t for t in law.tracks.values() if t.level == paper.level)
    results: list[dict[str, Any]] = []
    for row, slot in enumerate(paper.layout.slots):
        told: dict[str, Any] = {"exam": exam, "level": paper.level, "subject": slot.code, "role": slot.role}
        if row in paper.graded:
            at = paper.graded.index(row)
            central = {"ce": Decimal(ce[at]) / TENTHS} if row in paper.with_ce else {}
            results.append({**told, "se": Decimal(se[at]) / TENTHS, **central})
        else:
            results.append({**told, "rating": RATINGS[2]})
    return {
        "pupil": {"born": date(exam - ADULT, 6, 1), "profile": paper.profile},
        "start": {"in": str(SchoolYear(paper.year)), "at": f"{track.id}/{track.years}"},
        "result": results,
        "expect": {"verdict": [{"exam": exam, **expected}]},
    }


ADULT = 18
"""The age that is shown for who sits an exam."""
