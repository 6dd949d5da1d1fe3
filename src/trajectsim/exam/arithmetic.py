"""From the marks of a batch to final marks, exactly: whole tenths, the rounding of ``marks``, best of all tries."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from trajectsim.exam.sheets import Batch, Form, Marks
from trajectsim.marks import final, whole


@frozen(eq=False)
class Finals:
    """``final``: whole final marks in tenths; ``ce``: the marks that enter the mean of the central exams. Both 0 where
    there is none. ``open``: whether a mark or rating is missing that the exam needs, or None when nothing is."""

    final: Marks
    ce: Marks
    open: Marks | None

    def take(self, rows: Any) -> Finals:
        """The marks of some of the candidates."""
        return Finals(self.final[:, rows], self.ce[:, rows], None if self.open is None else self.open[:, rows])


def finals(batch: Batch, form: Form) -> Finals:
    """The final marks of every subject of every candidate."""
    se = batch.numbers["se"]
    ce = _best(batch, "ce", "resit", "cspe")
    finals = np.zeros(se.shape, np.uint8)
    means = np.zeros(se.shape, np.uint8)
    with_ce, alone = list(form.with_ce), [row for row in form.graded if row not in form.with_ce]
    if with_ce:
        rows = _rows(with_ce)
        finals[rows] = final(se[rows], ce[rows])
        means[rows] = ce[rows]
    for row in alone:
        finals[row] = _alone(batch, form, row, means)
    for row in form.of_roles("rekentoets"):
        finals[row] = whole(np.maximum(se[row], ce[row]))
    return Finals(finals, means, _open(batch, form, finals, ce))


def _alone(batch: Batch, form: Form, row: int, means: Marks) -> Marks:
    """The final mark of a subject without a central exam: the school exam, better with what improves it."""
    se, sitting = batch.numbers["se"][row], form.sittings[row]
    if row in form.se_in_ce:
        retaken = batch.of("cspe")
        best = se if retaken is None else np.maximum(se, retaken[row])
        means[row] = best
        return whole(best)
    mark: Marks = whole(se)
    if sitting.improvements:
        improving = _best(batch, "rv", "resit")[row]  # a resit in such a year is the mark that improves
        mark = np.where(improving > 0, np.maximum(mark, final(se, improving)), mark)
    return mark


def _best(batch: Batch, *columns: str) -> Marks:
    found = [marks for name in columns if (marks := batch.of(name)) is not None]
    if not found:
        return np.zeros_like(batch.numbers["se"])
    best = found[0]
    for marks in found[1:]:
        best = np.maximum(best, marks)
    return best


def _open(batch: Batch, form: Form, finals: Marks, ce: Marks) -> Marks | None:
    """Where something is missing; the final mark is taken away there, since half of it is none."""
    se = batch.numbers["se"]
    missing = np.zeros(se.shape, np.bool_)
    graded = _rows(list(form.graded))
    missing[graded] = se[graded] == 0
    if form.with_ce:
        rows = _rows(list(form.with_ce))
        missing[rows] |= ce[rows] == 0
    for row in form.of_roles("rekentoets"):
        missing[row] = finals[row] == 0
    for row in form.of_roles("rated"):
        missing[row] = batch.ratings[row] == 0 if batch.ratings is not None else True
    if not missing.any():
        return None
    finals[missing] = 0
    return missing.view(np.uint8)


def _rows(rows: list[int]) -> slice | list[int]:
    """Rows that follow each other as a slice, which needs no copy."""
    if rows and rows == list(range(rows[0], rows[-1] + 1)):
        return slice(rows[0], rows[-1] + 1)
    return rows
