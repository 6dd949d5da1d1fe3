"""What is wrong with the marks of candidates who share a layout: marks where there is none, and more than there are.

``faults(form, marks, ratings)`` -> Fault...    each a matrix of where it is; the codes stand in ``exam.checks``
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from trajectsim.calendar import SchoolYear
from trajectsim.exam.sheets import PRACTICAL, Form, Marks
from trajectsim.law.exams import Sitting
from trajectsim.words import _, listed, ngettext

RATED, REKENTOETS = "rated", "rekentoets"

UNREADABLE = 255
"""Stands for a mark or rating that is none; a mark is at most 100."""


@frozen(eq=False)
class Fault:
    """Something wrong with marks: where, a row for a subject and a column for a candidate, and what is said of a row
    of a form."""

    where: NDArray[np.bool_]
    column: str
    code: str
    told: Callable[[Form, int], str]
    hint: str = ""


def faults(form: Form, marks: Mapping[str, Marks], ratings: Marks | None) -> Iterator[Fault]:
    """What is wrong with marks and ratings, of which those that cannot be read are told elsewhere."""
    rated, rekentoets = form.of_roles(RATED), form.of_roles(REKENTOETS)
    improving = tuple(row for row in form.graded if form.sittings[row].improvements and row not in form.with_ce)
    practical = tuple(row for row in form.of_roles(*PRACTICAL) if row in form.with_ce or row in form.se_in_ce)
    allowed = {
        "se": _others(form, rated),
        "ce": (*form.with_ce, *rekentoets),
        "resit": (*form.with_ce, *rekentoets, *improving),
        "rv": improving,
        "cspe": practical,
    }
    for column, rows in allowed.items():
        if column in marks:
            yield from _where(marks[column], rows, column, form)
    if ratings is not None:
        where = _masked(ratings, rated)
        if where.any():
            yield Fault(where, "rating", "E135", _rating_text)
    yield from _resits(form, marks)
    yield from _improvements(form, marks, improving)


def _others(form: Form, rows: Sequence[int]) -> tuple[int, ...]:
    return tuple(row for row in range(len(form.layout.slots)) if row not in rows)


def _masked(marks: Marks, rows: Sequence[int]) -> NDArray[np.bool_]:
    """Where there is a mark, but in these rows. One that cannot be read is not told twice."""
    where = (marks > 0) & (marks != UNREADABLE)
    where[list(rows)] = False
    return where


def _where(marks: Marks, rows: Sequence[int], column: str, form: Form) -> Iterator[Fault]:
    where = _masked(marks, rows)
    if where.any():
        code, told = _NONE_THERE[column]
        hint = ""
        if column in ("ce", "resit") and set(form.se_in_ce) & set(np.flatnonzero(where.any(axis=1)).tolist()):
            hint = _("a retake of a part of the profielvak stands in the column cspe")
        yield Fault(where, column, code, told, hint)


def _ce_text(form: Form, row: int) -> str:
    slot, subject, sitting = form.layout.slots[row], form.subjects[row], form.sittings[row]
    year = _exam_of(form, row)
    if slot.role == RATED:
        return _rated_text(form, row)
    if not sitting.ce:
        return _("no central exams were held in {year}").format(year=year)
    if slot.role in sitting.se_in_ce:
        return _("there was no cspe in {year}; the school exam counts in its place").format(year=year)
    if subject is not None and subject.ce == "never":
        return _("{subject} has no central exam").format(subject=f"{subject.label} ({slot.code})")
    return _("a subject with the role {role} has no central exam").format(role=slot.role)


def _rated_text(_form: Form, _row: int) -> str:
    return _("a subject with the role {role} has a rating and no mark").format(role=RATED)


def _rating_text(form: Form, row: int) -> str:
    return _("a subject with the role {role} has a mark and no rating").format(role=form.layout.slots[row].role)


def _rv_text(form: Form, row: int) -> str:
    if form.layout.slots[row].role == RATED:
        return _rated_text(form, row)
    return _("a subject closed in exam {year} has no RV mark").format(year=_exam_of(form, row))


def _cspe_text(form: Form, row: int) -> str:
    if not form.sittings[row].ce:
        return _ce_text(form, row)
    return _("only the roles {roles} have a cspe").format(roles=listed(PRACTICAL))


_NONE_THERE: dict[str, tuple[str, Callable[[Form, int], str]]] = {
    "se": ("E135", _rated_text),
    "ce": ("E127", _ce_text),
    "resit": ("E127", _ce_text),
    "rv": ("E129", _rv_text),
    "cspe": ("E130", _cspe_text),
}


def _saying(message: str) -> Callable[[Form, int], str]:
    return lambda _form, _row: message


def _exam_of(form: Form, row: int) -> int:
    return SchoolYear(form.layout.slots[row].year or form.layout.year).end


def _resits(form: Form, marks: Mapping[str, Marks]) -> Iterator[Fault]:
    """Who has more resits than the law gives: of central exams, and of the cspe where that has one of its own."""
    resit, cspe = marks.get("resit"), marks.get("cspe")
    if resit is None and cspe is None:
        return
    for year, rows, sitting in _by_year(form, (*form.with_ce, *form.se_in_ce)):
        theory = [row for row in rows if form.layout.slots[row].role not in PRACTICAL]
        practical = [row for row in rows if row not in theory]
        retakes = _number(cspe, practical) + _number(resit, practical)
        beyond = np.maximum(retakes - sitting.practical_resits, 0)
        found = _number(resit, theory) + beyond
        own = form.resits(marks) if year == form.layout.exam else sitting.resits
        wrong = np.asarray(found > own)
        if wrong.any():
            message = ngettext(
                "exam {year} has {n} resit, and there are more here",
                "exam {year} has {n} resits, and there are more here",
                sitting.resits,
            ).format(year=year, n=sitting.resits)
            hint = _("besides, the cspe can be taken again") if sitting.practical_resits and not form.se_in_ce else ""
            if sitting.resit_lost_after:
                hint = _("one fewer for who had {n} RV marks in an earlier year").format(n=sitting.resit_lost_after)
            yield from _beyond(wrong, rows, {"resit": resit, "cspe": cspe}, "E128", message, hint)


def _improvements(form: Form, marks: Mapping[str, Marks], improving: Sequence[int]) -> Iterator[Fault]:
    """Who has more RV marks than there are, or two for one subject."""
    resit, rv = marks.get("resit"), marks.get("rv")
    used = [found for found in (resit, rv) if found is not None]
    if not used or not improving:
        return
    if len(used) > 1:
        both = (used[0] > 0) & (used[1] > 0)
        both[list(_others(form, improving))] = False
        if both.any():
            yield Fault(both, "rv", "E129", _saying(_("two RV marks: one in resit is read as such here")))
    for year, rows, sitting in _by_year(form, improving):
        improved = np.zeros((len(rows), used[0].shape[1]), np.bool_)
        for found in used:
            improved |= found[rows] > 0
        wrong = np.asarray(np.count_nonzero(improved, axis=0) > sitting.improvements)
        if wrong.any():
            message = ngettext(
                "exam {year} has {n} RV mark, and there are more here",
                "exam {year} has {n} RV marks, and there are more here",
                sitting.improvements,
            ).format(year=year, n=sitting.improvements)
            yield from _beyond(wrong, rows, {"resit": resit, "rv": rv}, "E129", message)


def _beyond(
    wrong: NDArray[np.bool_],
    rows: Sequence[int],
    columns: Mapping[str, Marks | None],
    code: str,
    message: str,
    hint: str = "",
) -> Iterator[Fault]:
    """Who has more marks than there are, at the last of them in the first column that has any."""
    for column, marks in columns.items():
        if marks is not None and wrong.any():
            where = _last(marks, rows) & wrong
            wrong = wrong & ~where.any(axis=0)
            yield Fault(where, column, code, _saying(message), hint)


def _by_year(form: Form, rows: Iterable[int]) -> Iterator[tuple[int, list[int], Sitting]]:
    """The rows by the exam year in which they are closed, which has its own resits."""
    years: dict[int, list[int]] = {}
    for row in sorted(rows):
        years.setdefault(_exam_of(form, row), []).append(row)
    return ((year, found, form.sittings[found[0]]) for year, found in years.items())


def _number(marks: Marks | None, rows: Sequence[int]) -> NDArray[np.int64]:
    return np.zeros(1, np.int64) if marks is None else np.count_nonzero(marks[list(rows)], axis=0)


def _last(marks: Marks, rows: Sequence[int]) -> NDArray[np.bool_]:
    """For each candidate the last of some rows that has a mark."""
    where = np.zeros(marks.shape, np.bool_)
    found = marks[list(rows)][::-1] > 0
    where[np.array(rows)[::-1][found.argmax(axis=0)], np.arange(marks.shape[1])] = found.any(axis=0)
    return where
