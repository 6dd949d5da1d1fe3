"""What is counted on the way, as whole numbers: sums over pupils do not hang on the order in which they are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from trajectsim.cohort.keys import Keys
from trajectsim.learning.says import Advice
from trajectsim.learning.skills import Rows

THOUSAND = 1000
UNKNOWN = np.int32(-(1 << 30))
"""Stands for the skill of who was never seen in a place."""

COLUMNS: Mapping[str, Any] = {
    "diplomas": np.uint64,
    "last": np.int16,
    "repeats": np.int8,
    "route": np.uint64,
    "acts": np.uint64,
    "entry": np.uint64,
    "laude": np.bool_,
    "marks": np.float32,
    "reached": np.int16,
    "at_age": np.int32,
    "in_grade": np.int32,
}
"""What became of each pupil, by which two policies are compared: ``reached`` is how far in the curriculum each is at a
fixed age, ``at_age`` and ``in_grade`` her skill then, what was taught with it, and in the last year of primary school,
in thousandths."""

Scores = dict[str, NDArray[Any]]
"""Of some exams, by column: ``passed``, ``laude`` and ``resat``, ``marked`` where there is a central exam, and the mean
marks in hundredths: ``se``, ``ce`` and ``final``."""


def blank(name: str, size: int) -> NDArray[Any]:
    """A column of who has done nothing yet."""
    return np.full(size, UNKNOWN if name == "in_grade" else 0, COLUMNS[name])


@define(eq=False)
class Counted:
    """Counts by key, in cells side by side: of a replication, and of some policies."""

    all: list[dict[str, int]] = field(factory=list[dict[str, int]])
    _sums: dict[int, tuple[Keys, NDArray[np.int64]]] = field(factory=dict[int, "tuple[Keys, NDArray[np.int64]]"])

    def count(self, key: str, cell: Rows | None, of: Any, weights: Any = None) -> None:
        """Count pupils: those of a mask, or each by a weight."""
        rows = np.flatnonzero(of)
        if not rows.size:
            return
        amounts = None if weights is None else weights.take(rows)
        if cell is None:
            self._add(0, key, len(rows) if amounts is None else amounts.sum(dtype=np.int64))
            return
        sums = np.bincount(cell.take(rows), amounts)  # exact with amounts too, as doubles, below 2**53
        for n in np.flatnonzero(sums):
            self._add(int(n), key, sums[n])

    def by(self, keys: Keys, owners: Rows, cell: Rows | None, girl: Any, late: Any, known: int) -> None:
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
        width, cells = 4 * (len(which) + 1), np.zeros(1, np.intp)
        if cell is not None:
            here = np.bincount(cell)
            cells = np.flatnonzero(here)
            here[cells] = np.arange(len(cells)) * width
            code += here.take(cell)
        found = np.bincount(code, minlength=width * len(cells)).reshape(len(cells), -1, 2, 2)[:, 1:]
        whole = found.sum(axis=(2, 3))
        told = np.stack((whole, found[:, :, 1].sum(axis=2), found[:, :, :, 0].sum(axis=2)), axis=-1)
        names, sums = keys.counted(which, told.transpose(1, 0, 2))
        self._into(keys, names, cells, sums)

    def _into(self, keys: Keys, names: Rows, cells: Rows, sums: NDArray[np.int64]) -> None:
        _keys, total = self._sums.get(id(keys), (keys, np.zeros((0, 0), np.int64)))
        room = np.maximum(total.shape, (len(keys.names), int(cells.max(initial=0)) + 1))
        if (room > total.shape).any():
            grown = np.zeros(room, np.int64)
            grown[: total.shape[0], : total.shape[1]] = total
            total = grown
        total[np.ix_(names, cells)] += sums
        self._sums[id(keys)] = keys, total

    def advice(self, cell: Rows | None, advice: Advice, names: list[str]) -> None:
        """The advice at the end of primary school."""
        everybody = np.ones(len(advice.code), np.bool_)
        for code in np.flatnonzero(np.bincount(advice.code)):
            self.count(f"advice/{names[code]}", cell, advice.code == code)
        self.count("advised", cell, everybody)
        self.count("test-above", cell, advice.above)
        self.count("raised", cell, advice.raised)

    def exam(self, cell: Rows | None, level: str, scores: Scores) -> None:
        """Exams of a level. Sums of means are in hundredths of a mark."""
        marked = scores["marked"]  # there were years without central exams
        self.count(f"exam/{level}", cell, np.ones(len(marked), np.bool_))
        for name in ("passed", "laude", "resat"):
            self.count(f"{name}/{level}", cell, scores[name])
        self.count(f"marked/{level}", cell, marked)
        for name in ("se", "ce", "final"):
            self.count(f"sum-{name}/{level}", cell, marked, scores[name])
            self.count(f"square-{name}/{level}", cell, marked, scores[name] * scores[name])
        self.count(f"product/{level}", cell, marked, scores["se"] * scores["ce"])

    def of(self, cells: Iterable[int]) -> dict[str, int]:
        """All that was counted in some cells together."""
        counts: dict[str, int] = {}
        own = list(cells)
        for cell in own:
            for key, amount in self.all[cell].items() if cell < len(self.all) else ():
                counts[key] = counts.get(key, 0) + amount
        for keys, total in self._sums.values():
            names = list(keys.names)
            sums = total[:, [cell for cell in own if cell < total.shape[1]]].sum(axis=1)
            for n in np.flatnonzero(sums).tolist():
                counts[names[n]] = counts.get(names[n], 0) + int(sums[n])
        return counts

    def _add(self, cell: int, key: str, amount: Any) -> None:
        if not amount:
            return
        self.all += [{} for _cell in range(len(self.all), cell + 1)]
        counts = self.all[cell]
        counts[key] = counts.get(key, 0) + int(amount)


@define(eq=False)
class Tally:
    """What came of pupils under a policy: counts by key, for each of some replications side by side, and columns of
    what became of each (see ``COLUMNS``). ``lane``: whose replication a pupil is in, None where there is but one."""

    lanes: int
    size: int
    lane: Rows | None = None
    all: list[dict[str, int]] = field(init=False)
    columns: dict[str, NDArray[Any]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.all = [{"pupils": self.size // self.lanes} for _lane in range(self.lanes)]
        self.columns = {name: blank(name, self.size) for name in COLUMNS}

    @property
    def counts(self) -> dict[str, int]:
        """The counts of the first replication."""
        return self.all[0]

    def against(self, other: Tally) -> None:
        """Count for whom anything is otherwise than under another policy, by kind."""
        found = Counted()
        kinds = {"diplomas", "time", "repeats", "route", "marks", "laude", "acts", "entry"}
        named = {("time" if name == "last" else name): name for name in COLUMNS}
        changed = {kind: self.columns[named[kind]] != other.columns[named[kind]] for kind in sorted(kinds)}
        for kind, rows in changed.items():
            found.count(f"changed/{kind}", self.lane, rows)
        self._compare(other, found)
        found.count("changed", self.lane, np.logical_or.reduce(list(changed.values())))
        for own, more in zip(self.all, found.all, strict=False):
            own |= more

    def _compare(self, other: Tally, found: Counted) -> None:
        """The skill of who is further in the curriculum than under another policy, and of who is less far, at the same
        age and in the same grade (P.7 of the dossier, rule 4)."""
        (reached, at_age, in_grade), (other_reached, other_at_age, other_in_grade) = (
            (each.columns["reached"], each.columns["at_age"], each.columns["in_grade"]) for each in (self, other)
        )
        further, both = reached - other_reached, (reached > 0) & (other_reached > 0)
        seen = (in_grade != UNKNOWN) & (other_in_grade != UNKNOWN)
        for name, rows in (("ahead", both & (further > 0)), ("behind", both & (further < 0))):
            found.count(name, self.lane, rows)
            found.count(f"{name}/same-age", self.lane, rows, at_age - other_at_age)
            found.count(f"{name}/graded", self.lane, rows & seen)
            found.count(f"{name}/same-grade", self.lane, rows & seen, in_grade - other_in_grade)
