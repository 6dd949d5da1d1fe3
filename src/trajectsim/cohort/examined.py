"""The exams of rows that stand for several policies: sat once where the laws of all of them make the same of it, and
else under each; who has other results under another law becomes a row of her own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import define, field, frozen

from trajectsim.cohort.sharing import Shared, by_kind, told_apart
from trajectsim.cohort.sittings import Exams
from trajectsim.cohort.tally import Scores
from trajectsim.learning.lanes import Where
from trajectsim.learning.sitting import Early, Papers, Sat, sit
from trajectsim.learning.skills import Rows


@frozen(eq=False)
class Results:
    """What the exams of a year came to: whose they are, which exam each sat, and what came of it."""

    rows: Rows
    sitting: Rows
    scores: Scores

    def take(self, which: Rows) -> Results:
        """Some of them."""
        scores = {name: column.take(which) for name, column in self.scores.items()}
        return Results(self.rows.take(which), self.sitting.take(which), scores)


@define(eq=False)
class Examined(Shared):
    """``laws``: what the laws of the policies make of exams, each once; ``sat``: the exams of the year."""

    laws: list[Exams] = field(init=False)
    sat: list[Sat] = field(factory=list[Sat], init=False)
    _law_of: list[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        laws = [way.exams or self.grid.exams for way in self.ways]
        self.laws = list({id(law): law for law in laws}.values())
        self._law_of = [next(n for n, own in enumerate(self.laws) if own is law) for law in laws]

    def examine(self) -> tuple[Results, Rows | None]:
        """The exams of the year. Where there are more rows after it, it is told which row each was before."""
        sitting, self.sat = self.grid.node["sitting"].take(self.node), []
        rows = np.flatnonzero(sitting)
        sitting = sitting.take(rows)
        if len(self.laws) == 1:
            scores = _blank(len(rows))
            self._sit_all(self.laws[0], rows, sitting, None, np.arange(len(rows)), scores)
            return Results(rows, sitting, scores), None
        return self._under_each(rows, sitting)

    def _under_each(self, rows: Rows, sitting: Rows) -> tuple[Results, Rows | None]:
        whose, scores = self.whose.take(rows), _blank(len(rows))
        firsts = np.array([self._law_of[self.sets.members(n)[0]] for n in range(len(self.sets.masks))])
        first, left = firsts.take(whose), whose.copy()
        again: list[tuple[Rows, int, Rows]] = []
        for law in range(len(self.laws)):
            has = np.array([bool(mask & self._policies(law)) for mask in self.sets.masks])
            apart = has.take(whose) & (first != law)
            for other in told_apart(first[apart])[0]:
                same = self.laws[law].same(self.laws[other]).take(sitting)
                at = np.flatnonzero(apart & (first == other) & ~same)
                if at.size:
                    again.append((at, law, self._only(law, whose.take(at))))
                    left[at] = self._without(law, left.take(at))
        for law, at in by_kind(first, np.arange(len(rows))):
            self._sit_all(self.laws[law], rows.take(at), sitting.take(at), left.take(at), at, scores)
        rest, parts = self.whose.copy(), list[tuple[Rows, Rows, Scores]]()
        for at, law, own in again:
            other = _blank(len(at))
            self._sit_all(self.laws[law], rows.take(at), sitting.take(at), own, np.arange(len(at)), other)
            differs = np.logical_or.reduce([scores[name].take(at) != other[name] for name in other])
            new = np.flatnonzero(differs)
            if new.size:
                which = at.take(new)
                rest[rows.take(which)] = self._without(law, rest.take(rows.take(which)))
                parts.append((which, own.take(new), {name: column.take(new) for name, column in other.items()}))
        if not parts:
            return Results(rows, sitting, scores), None
        which, own = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        before = len(self.state)
        made = self.copy(rows.take(which), own, rest)
        scores = {name: np.concatenate((column, *(part[2][name] for part in parts))) for name, column in scores.items()}
        rows = np.concatenate((rows, np.arange(made.first, len(self.state))))
        sitting = np.concatenate((sitting, sitting.take(which)))
        return Results(rows, sitting, scores), np.concatenate((np.arange(before), made.of))

    # --- how it does it -------------------------------------------------------------------------------------------

    def _policies(self, law: int) -> int:
        """The policies that have a law, as a mask."""
        return sum(1 << policy for policy, own in enumerate(self._law_of) if own == law)

    def _only(self, law: int, whose: Rows) -> Rows:
        return self.sets.changed(whose, lambda mask: mask & self._policies(law))

    def _without(self, law: int, whose: Rows) -> Rows:
        return self.sets.changed(whose, lambda mask: mask & ~self._policies(law))

    def _sit_all(self, law: Exams, rows: Rows, sitting: Rows, whose: Rows | None, at: Rows, into: Scores) -> None:
        """The exams of rows under a law, on behalf of their policies or of others, paper by paper; their scores go
        where these have theirs."""
        if not rows.size:
            return
        luck = self.pupils.skills.luck.take(rows) if self.lanes.mode.noise else None
        papers, which = law.of(sitting, luck)
        for n, own in by_kind(papers, np.arange(len(rows))):
            on_behalf = None if whose is None else whose.take(own)
            sat = self._sit(law.papers[n], rows.take(own), which.take(own), on_behalf)
            self.sat.append(sat)
            for name, column in _scores(sat).items():
                into[name][at.take(own)] = column

    def _sit(self, papers: Papers, rows: Rows, which: Rows, whose: Rows | None) -> Sat:
        some = self.pupils.take(rows)
        says = self.lanes.take(rows) if whose is None else self.lanes.take(rows).asked_by(whose)
        node = self.node.take(rows)
        times, closed, sitter = (self.grid.node[name].take(node) for name in ("times", "closed", "sitter"))
        more, early = says.size("ce", Where(self.grid.sitters, sitter)), Early(self.grid.closed, closed)
        return sit(says, some.skills, rows, papers, which, times, more, early)


_SCORES = {"passed": np.bool_, "laude": np.bool_, "resat": np.bool_, "marked": np.bool_}
_MEANS = ("se", "ce", "final")


def _blank(size: int) -> Scores:
    return {**{n: np.zeros(size, kind) for n, kind in _SCORES.items()}, **{n: np.zeros(size, np.int64) for n in _MEANS}}


def _scores(sat: Sat) -> Scores:
    """What an exam came to; means of the marks as they were judged first, the final one as it stands."""
    scores, marks = _blank(len(sat.rows)), list(sat.paper.form.with_ce)
    scores["passed"], scores["laude"], scores["marked"][:] = sat.passed, sat.laude, bool(marks)
    scores["resat"][sat.again] = True
    for name in ("se", "ce") if marks else ():
        scores[name] = sat.batch.numbers[name][marks].sum(axis=0, dtype=np.int64) * 10 // len(marks)
    scores["final"] = sat.mean.astype(np.int64)
    return scores


def levels_of(results: Results, levels: list[str]) -> Iterator[tuple[str, Rows, Scores]]:
    """Results by level, whose name ``levels`` has by exam."""
    names = sorted(set(levels))
    number: Any = np.array([names.index(level) for level in levels], np.intp)
    for n, at in by_kind(number.take(results.sitting - 1), np.arange(len(results.rows))):
        yield names[n], results.rows.take(at), {name: column.take(at) for name, column in results.scores.items()}
