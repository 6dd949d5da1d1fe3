"""Mark sheets as columns: a layout (which subjects, in which roles) and the marks of all candidates who share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from trajectsim.calendar import SchoolYear
from trajectsim.law.exams import RATINGS, Composition, Sitting, Subject
from trajectsim.law.lawbook import Clock, Lawbook

Marks = NDArray[np.uint8]
"""Tenths; 0 where there is none. Two dimensions: a row for a subject, a column for a candidate."""

NUMBERS = ("se", "ce", "resit", "rv", "cspe")
"""The columns of a sheet that hold marks."""


@frozen(cache_hash=True)
class Slot:
    """A subject on a sheet. ``at`` is the higher level it is taken at, ``year`` the school year (its start) in which it
    is closed, ``given_ce`` whether the sheet has a central exam mark for it."""

    code: str
    role: str
    at: str = ""
    year: int = 0
    given_ce: bool = True


@frozen(cache_hash=True)
class Layout:
    """What the sheets of a batch have in common. ``year`` is the start of the school year of the exam."""

    level: str
    year: int
    slots: tuple[Slot, ...]
    route: str = ""
    profile: str = ""

    @property
    def exam(self) -> int:
        """The exam year: the calendar year in which the school year ends."""
        return SchoolYear(self.year).end


@frozen(eq=False)
class Form:
    """A layout under the law of its year: what each of its subjects is, and how it is closed."""

    layout: Layout
    composition: Composition
    sitting: Sitting
    subjects: tuple[Subject | None, ...]
    sittings: tuple[Sitting, ...] = field(repr=False)

    @classmethod
    def of(cls, layout: Layout, law: Lawbook, clock: Clock) -> Form:
        """The form of a layout, made once."""

        def make() -> Form:
            years = (slot.year or layout.year for slot in layout.slots)
            return cls(
                layout,
                law.composition(layout.level, layout.year, clock),
                law.sitting(layout.level, layout.year, clock),
                tuple(law.subject(slot.code) for slot in layout.slots),
                tuple(law.sitting(layout.level, year, clock) for year in years),
            )

        return law.kept(("form", layout, clock), make)

    def of_roles(self, *roles: str) -> tuple[int, ...]:
        """The rows that have one of some roles, in the order of the sheet."""
        return tuple(row for row, slot in enumerate(self.layout.slots) if slot.role in roles)

    def of_group(self, group: str) -> tuple[int, ...]:
        """The rows whose subject is in a group of subjects, or has that code."""
        return tuple(
            row
            for row, (slot, subject) in enumerate(zip(self.layout.slots, self.subjects, strict=True))
            if slot.code == group or (subject is not None and (group == subject.id or group in subject.groups))
        )

    def of_groups(self, groups: Sequence[str]) -> frozenset[int]:
        """The rows whose subject is in one of some groups."""
        return frozenset(row for group in groups for row in self.of_group(group))

    @cached_property
    def graded(self) -> tuple[int, ...]:
        """The rows that get a final mark and count in the result."""
        composition = self.composition
        return self.of_roles(*composition.counts, *composition.combined)

    @cached_property
    def with_ce(self) -> tuple[int, ...]:
        """The rows that are closed with a central exam."""
        alone = (*self.composition.combination, *self.sitting.beside)
        rows: list[int] = []
        for row in self.graded:
            slot, subject, sitting = self.layout.slots[row], self.subjects[row], self.sittings[row]
            if slot.role in alone or not sitting.ce or slot.role in sitting.se_in_ce:
                continue
            if self._has_ce(slot, subject):
                rows.append(row)
        return tuple(rows)

    @cached_property
    def excused(self) -> tuple[int, ...]:
        """The rows closed in an earlier year in which no central exam was held, and that else have one."""
        return tuple(
            row
            for row in self.graded
            if not self.sittings[row].ce
            and self.sitting.ce
            and self.layout.slots[row].role not in self.composition.combination
            and self._has_ce(self.layout.slots[row], self.subjects[row])
        )

    @cached_property
    def se_in_ce(self) -> tuple[int, ...]:
        """The rows whose school exam mark enters the mean of the central exams."""
        return tuple(row for row in self.graded if self.layout.slots[row].role in self.sittings[row].se_in_ce)

    @cached_property
    def cspe_later(self) -> tuple[int, ...]:
        """The rows closed by a school exam in an earlier year for which the right to a cspe remains."""
        earlier = (row for row in self.se_in_ce if self.layout.slots[row].year not in (0, self.layout.year))
        return tuple(row for row in earlier if self.sittings[row].cspe_later)

    def resits(self, marks: Mapping[str, Marks]) -> Any:
        """How many resits of central exams each candidate has by right: fewer for who improved marks in an earlier year
        instead (Eindexamenbesluit VO art. 60f). The programme is no matter for that."""
        sitting = self.sitting
        if not sitting.resit_lost_after:
            return sitting.resits
        rows = [row for row in self.graded if self.sittings[row].improvements and not sitting.improvements]
        rows = [row for row in rows if self.layout.slots[row].role not in PRACTICAL]
        given = [marks[name] for name in ("rv", "resit") if name in marks]  # of such a year a resit is an improvement
        improved = sum(np.maximum.reduce([each[row] for each in given]) > 0 for row in rows) if given else 0
        return sitting.resits - (np.asarray(improved) >= sitting.resit_lost_after)

    def _has_ce(self, slot: Slot, subject: Subject | None) -> bool:
        if slot.role in self.practical:
            return True
        ce = subject.ce if subject is not None else "either"
        return ce == "always" or (ce == "either" and slot.given_ce)

    @property
    def practical(self) -> tuple[str, ...]:
        """The roles that are closed with a cspe."""
        return PRACTICAL


PRACTICAL = ("vocational", "profielvak")


@frozen(eq=False)
class Batch:
    """Sheets of one layout. Columns of marks that nobody has are absent."""

    layout: Layout
    numbers: Mapping[str, Marks]
    ratings: Marks | None = None
    names: Sequence[str] = ()

    @property
    def size(self) -> int:
        """How many candidates."""
        return next(iter(self.numbers.values())).shape[1]

    @classmethod
    def of_rows(cls, layout: Layout, rows: Sequence[Mapping[str, Any]], name: str = "") -> Batch:
        """The sheet of one candidate: for each subject its marks in tenths by column, and ``rating``."""
        given = [column for column in NUMBERS if any(row.get(column) for row in rows)]
        numbers = {column: _column([row.get(column) or 0 for row in rows]) for column in ("se", *given)}
        ratings = [RATINGS.index(row.get("rating") or "") for row in rows]
        return cls(layout, numbers, _column(ratings) if any(ratings) else None, (name,))

    def of(self, column: str) -> Marks | None:
        """A column of marks, or None when nobody has one."""
        return self.numbers.get(column)

    def take(self, rows: Any) -> Batch:
        """Some of the candidates."""
        numbers = {name: column[:, rows] for name, column in self.numbers.items()}
        ratings = None if self.ratings is None else self.ratings[:, rows]
        return Batch(self.layout, numbers, ratings)


def _column(values: Sequence[int]) -> Marks:
    return np.array(values, np.uint8).reshape(-1, 1)
