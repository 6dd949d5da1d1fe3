"""What is counted on the way, as whole numbers: sums over pupils do not hang on the order in which they are made."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from trajectsim.cohort.keys import Keys
from trajectsim.learning.says import Advice
from trajectsim.learning.sitting import Sat
from trajectsim.learning.skills import Rows

THOUSAND = 1000
UNKNOWN = np.int32(-(1 << 30))
"""Stands for the skill of who was never seen in a place."""


@define(eq=False)
class Tally:
    """Counts by key, for each of some replications side by side, and columns of what became of each pupil, by which two
    policies are compared: ``reached`` is how far in the curriculum each is at a fixed age, ``at_age`` and ``in_grade``
    her skill then, what was taught with it, and in the last year of primary school, in thousandths. ``lane``: whose
    replication a pupil is in, None where there is but one."""

    lanes: int
    size: int
    lane: Rows | None = None
    all: list[dict[str, int]] = field(init=False)
    diplomas: NDArray[np.uint64] = field(init=False)
    last: NDArray[np.int16] = field(init=False)
    repeats: NDArray[np.int8] = field(init=False)
    route: NDArray[np.uint64] = field(init=False)
    acts: NDArray[np.uint64] = field(init=False)
    entry: NDArray[np.uint64] = field(init=False)
    laude: NDArray[np.bool_] = field(init=False)
    marks: NDArray[np.float32] = field(init=False)
    reached: NDArray[np.int16] = field(init=False)
    at_age: NDArray[np.int32] = field(init=False)
    in_grade: NDArray[np.int32] = field(init=False)
    _owners: list[tuple[Keys, Rows, NDArray[np.int64]]] = field(
        factory=list[tuple[Keys, Rows, NDArray[np.int64]]], init=False
    )

    def __attrs_post_init__(self) -> None:
        self.all = [{"pupils": self.size // self.lanes} for _lane in range(self.lanes)]
        self.diplomas, self.route, self.acts, self.entry = (np.zeros(self.size, np.uint64) for _column in range(4))
        self.repeats, self.last = np.zeros(self.size, np.int8), np.zeros(self.size, np.int16)
        self.laude, self.marks = np.zeros(self.size, np.bool_), np.zeros(self.size, np.float32)
        self.reached, self.at_age = np.zeros(self.size, np.int16), np.zeros(self.size, np.int32)
        self.in_grade = np.full(self.size, UNKNOWN, np.int32)

    @property
    def counts(self) -> dict[str, int]:
        """The counts of the first replication."""
        return self.all[0]

    def count(self, key: str, lane: Rows | None, of: Any, weights: Any = None) -> None:
        """Count pupils: those of a mask, or each by a weight."""
        rows = np.flatnonzero(of)
        if not rows.size:
            return
        amounts = None if weights is None else weights.take(rows)
        if lane is None:
            self._add(0, key, len(rows) if amounts is None else amounts.sum(dtype=np.int64))
            return
        whose = lane.take(rows)
        sums = np.bincount(whose, amounts, self.lanes)  # exact with amounts too, as doubles, below 2**53
        for n in np.flatnonzero(sums):
            self._add(int(n), key, sums[n])

    def by(self, keys: Keys, owners: Rows, lane: Rows | None, girl: Any, late: Any, known: int) -> None:
        """What pupils count for in a year by the owners of keys that they have; ``known``: how many there are. Owner 0
        is of who is out of school."""
        seen = np.zeros(known, np.bool_)
        seen[owners] = True
        seen[0] = False
        which = np.flatnonzero(seen)
        number = np.zeros(known, np.intp)
        number[which] = np.arange(1, len(which) + 1)
        code = number.take(owners)
        code += code
        code += girl
        code += code
        code += late
        cells = 4 * (len(which) + 1)
        if lane is not None:
            code += lane * cells
        found = np.bincount(code, minlength=cells * self.lanes).reshape(self.lanes, -1, 2, 2)[:, 1:]
        whole = found.sum(axis=(2, 3))
        told = np.stack((whole, found[:, :, 1].sum(axis=2), found[:, :, :, 0].sum(axis=2)), axis=-1)
        self._owners.append((keys, which, told.transpose(1, 0, 2)))

    def sum_up(self) -> None:
        """All that was counted by owners of keys, by these keys."""
        for keys in {id(keys): keys for keys, _which, _told in self._owners}.values():
            own = [(which, told) for other, which, told in self._owners if other is keys]
            sums = keys.counted(*(np.concatenate(each) for each in zip(*own, strict=True)))
            names = list(keys.names)
            for lane, row in enumerate(sums):
                for n in np.flatnonzero(row):
                    self._add(lane, names[n], row[n])
        self._owners.clear()

    def advice(self, lane: Rows | None, advice: Advice, names: list[str]) -> None:
        """The advice at the end of primary school."""
        everybody = np.ones(len(advice.code), np.bool_)
        for code in np.flatnonzero(np.bincount(advice.code)):
            self.count(f"advice/{names[code]}", lane, advice.code == code)
        self.count("advised", lane, everybody)
        self.count("test-above", lane, advice.above)
        self.count("raised", lane, advice.raised)

    def exam(self, lane: Rows | None, sat: Sat) -> None:
        """The exam of a group. Sums of means are in hundredths of a mark."""
        level, everybody = sat.paper.level, np.ones(len(sat.rows), np.bool_)
        resat = np.zeros(len(sat.rows), np.bool_)
        resat[sat.again] = True
        for name, rows in (("exam", everybody), ("passed", sat.passed), ("laude", sat.laude), ("resat", resat)):
            self.count(f"{name}/{level}", lane, rows)
        marks = list(sat.paper.form.with_ce)
        if not marks:
            return
        self.count(f"marked/{level}", lane, everybody)  # there were years without central exams
        numbers = sat.batch.numbers
        means = {n: numbers[n][marks].sum(axis=0, dtype=np.int64) * 10 // len(marks) for n in ("se", "ce")}
        means["final"] = sat.mean.astype(np.int64)
        for name, column in means.items():
            self.count(f"sum-{name}/{level}", lane, everybody, column)
            self.count(f"square-{name}/{level}", lane, everybody, column * column)
        self.count(f"product/{level}", lane, everybody, means["se"] * means["ce"])

    def against(self, other: Tally) -> None:
        """Count for whom anything is otherwise than under another policy, by kind."""
        changed = {
            "diplomas": self.diplomas != other.diplomas,
            "time": self.last != other.last,
            "repeats": self.repeats != other.repeats,
            "route": self.route != other.route,
            "marks": self.marks != other.marks,
            "laude": self.laude != other.laude,
            "acts": self.acts != other.acts,
            "entry": self.entry != other.entry,
        }
        for name, rows in changed.items():
            self.count(f"changed/{name}", self.lane, rows)
        self._compare(other)
        self.count("changed", self.lane, np.logical_or.reduce(list(changed.values())))

    def _compare(self, other: Tally) -> None:
        """The skill of who is further in the curriculum than under another policy, and of who is less far, at the same
        age and in the same grade (P.7 of the dossier, rule 4)."""
        further, both = self.reached - other.reached, (self.reached > 0) & (other.reached > 0)
        seen = (self.in_grade != UNKNOWN) & (other.in_grade != UNKNOWN)
        for name, rows in (("ahead", both & (further > 0)), ("behind", both & (further < 0))):
            self.count(name, self.lane, rows)
            self.count(f"{name}/same-age", self.lane, rows, self.at_age - other.at_age)
            self.count(f"{name}/graded", self.lane, rows & seen)
            self.count(f"{name}/same-grade", self.lane, rows & seen, self.in_grade - other.in_grade)

    def _add(self, lane: int, key: str, amount: Any) -> None:
        counts = self.all[lane]
        counts[key] = counts.get(key, 0) + int(amount)
