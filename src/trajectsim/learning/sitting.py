"""Exams under the learning model: the marks of a sheet, the resit, and what the law says of them, on columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.exam.arithmetic import Finals
from trajectsim.exam.judging import Judged, Rules, honoured, judged
from trajectsim.exam.packages import template
from trajectsim.exam.sheets import Batch, Form, Layout, Slot
from trajectsim.law.exams import RATINGS
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.tables import at
from trajectsim.learning.says import Bools, Says
from trajectsim.learning.skills import Rows, Skills
from trajectsim.learning.ties import Ties
from trajectsim.marks import HIGHEST, LOWEST, TENTHS, final

MARK = 100
"""Mean marks of pupils are kept in hundredths of a mark."""


Closed = tuple[tuple[str, str, int], ...]
"""Subjects whose exam was sat before the final year: the act, the subject, and how many years were missing."""
Above = tuple[tuple[str, str], ...]
"""Subjects that are taken at a higher level than that of the exam, and that level."""


@frozen(eq=False)
class Early:
    """Which subjects pupils have closed before: by number, and for each pupil the number."""

    known: Sequence[Closed]
    which: Rows


@frozen(eq=False)
class Sat:
    """The exam of some pupils: ``rows`` says which they are, ``batch`` has the marks as they were judged first,
    ``second`` those of who sat one again (their place among the rows in ``again``). ``mean`` is the mean final mark in
    hundredths."""

    paper: Paper
    rows: Rows
    batch: Batch
    passed: Bools
    laude: Bools
    again: Rows
    second: Batch | None
    mean: NDArray[np.int16]

    def take(self, rows: Rows) -> Sat:
        """The exam of some of them."""
        where = np.full(len(self.rows), -1)
        where[self.again] = np.arange(len(self.again))
        some = where.take(rows)
        again = np.flatnonzero(some >= 0)
        second = None if self.second is None else self.second.take(some[again])
        told = (self.passed.take(rows), self.laude.take(rows), again, second, self.mean.take(rows))
        return Sat(self.paper, self.rows.take(rows), self.batch.take(rows), *told)

    @property
    def last(self) -> Judged:
        """The whole verdict on the last marks of all, where all sat again or none did."""
        paper, batch = self.paper, self.second or self.batch
        return judged(batch, paper.law, paper.clock, paper.offered)


@frozen(eq=False)
class Paper:
    """The usual whole sheet of a profile under the law of a year. ``offered``: the facts that measures set."""

    form: Form
    law: Lawbook = field(repr=False)
    clock: Clock
    offered: Mapping[str, int]

    @property
    def level(self) -> str:
        """The level of the exam."""
        return self.form.layout.level

    @cached_property
    def structure(self) -> Any:
        """Papers that have this alike can be judged together; roles and domains apart."""
        rules = Rules.of(self.form.layout, self.law, self.clock, self.offered)
        return rules.structure, tuple((slot.role, slot.at) for slot in self.form.layout.slots)

    @property
    def made_of(self) -> Any:
        """What the structure is made of: the subjects, and by their dates the rows of the law that say what counts."""
        layout, form = self.form.layout, self.form
        slots = tuple((slot.code, slot.role, slot.at, slot.given_ce, slot.year - layout.year) for slot in layout.slots)
        dated = tuple(row.span for row in (form.composition, form.sitting, *form.sittings))
        asked = (layout.level, layout.route)
        found = (self.law.demands_of(*asked, purpose, layout.year, self.clock) for purpose in ("pass", "cum-laude"))
        tables = (table for each in found for table in each)
        demands = tuple((t.rule, at(self.law.demands[t.rule].version, t.year).span) for t in tables)
        return asked, slots, dated, demands, tuple(self.offered.items())

    def keys(self, time: int) -> draws.Words:
        """The keys of the draws of each subject, for who sits the exam for the how manieth time."""
        codes = [slot.code for slot in self.form.layout.slots]
        return np.array([draws.key("exam", f"{self.level}/{code}", time) for code in codes])

    @cached_property
    def above(self) -> Mapping[str, list[int]]:
        """By higher level the rows of the subjects that are taken at it: their marks are those of its exam."""
        slots = self.form.layout.slots
        return {
            at: [n for n, slot in enumerate(slots) if slot.at == at]
            for at in sorted({slot.at for slot in slots} - {""})
        }

    def level_of(self, row: int) -> str:
        """The level at which a subject is taken."""
        return self.form.layout.slots[row].at or self.level

    def row(self, code: str) -> int:
        """The row of a subject, -1 where there is none."""
        rows = self.form.of_group(code)
        return rows[0] if rows else -1

    def domains(self, ties: Ties) -> Rows:
        """The domain of skill of each subject."""
        return np.array([ties.domain_of(subject) for subject in self.form.subjects], np.intp)


@define(eq=False)
class Papers:
    """Papers of one structure, of different profiles and years. The first stands for all when they are judged."""

    all: list[Paper]
    _keys: dict[int, list[draws.Words]] = field(factory=dict[int, "list[draws.Words]"], init=False)
    _domains: list[Rows] = field(factory=list[Rows], init=False)

    @property
    def first(self) -> Paper:
        """The one that stands for all."""
        return self.all[0]

    def keys(self, which: Rows, times: Rows) -> draws.Words:
        """The keys of the draws of each subject of each pupil's paper: a row a subject."""
        known: list[int] = np.flatnonzero(np.bincount(times)).tolist()
        tables: list[draws.Words] = []
        for time in known:
            made = self._keys.setdefault(time, [])
            made += [paper.keys(time) for paper in self.all[len(made) :]]
            tables += made
        table = np.stack(tables, axis=1)
        if table.shape[1] == 1:
            return table
        at: Rows = np.searchsorted(np.array(known), times) if len(known) > 1 else np.zeros_like(which)
        return table.take(at * len(self.all) + which, axis=1)

    def of_domain(self, ties: Ties, which: Rows, columns: NDArray[Any]) -> NDArray[Any]:
        """For each subject of each pupil's paper the number of its domain, from three rows of numbers."""
        self._domains += [paper.domains(ties) for paper in self.all[len(self._domains) :]]
        table = np.stack(self._domains, axis=1)
        if (table == table[:, :1]).all():
            return columns.take(table[:, 0], axis=0)
        of_whom = np.arange(len(which))
        return columns.reshape(-1).take(table.take(which, axis=1) * len(of_whom) + of_whom)


def paper_of(
    law: Lawbook, level: str, year: int, profile: str, clock: Clock, offered: Mapping[str, int], above: Above = ()
) -> Paper:
    """The paper of a profile in a school year (its start), made once. ``above``: subjects at a higher level."""

    def make() -> Paper:
        return Paper(Form.of(usual_layout(law, level, year, profile, above), law, clock), law, clock, offered)

    return law.kept(("paper", level, year, profile, clock, tuple(sorted(offered.items())), above), make)


def sit(
    says: Says, skills: Skills, rows: Rows, papers: Papers, which: Rows, times: Rows, more: Any, early: Early
) -> Sat:
    """The exam, resits included. ``skills`` are those of the rows, ``which`` their paper, ``more`` what measures add to
    central exam marks, ``early`` what was closed before."""
    paper = papers.first
    sheet = Sheet.of(says, skills, papers, which, times, more, early)
    rules = (paper.law, paper.clock, paper.offered)
    passed, laude, finals = honoured(sheet.batch, *rules)
    mean = _mean_mark(finals, paper.form)
    again, second = np.flatnonzero(~passed), None
    if again.size and paper.form.sitting.resits and paper.form.with_ce:
        second = sheet.resits(says, again)
        passed[again], laude[again], finals = honoured(second, *rules)
        mean[again] = _mean_mark(finals, paper.form)
    return Sat(paper, rows, sheet.batch, passed, laude, again if second is not None else again[:0], second, mean)


@frozen(eq=False)
class Sheet:
    """The marks of some pupils, before resits. ``bits``: the luck of each in each subject; ``central``: central exam
    marks but for luck, in marks."""

    paper: Paper
    batch: Batch
    bits: draws.Words
    central: NDArray[np.float32]

    @classmethod
    def of(cls, says: Says, skills: Skills, papers: Papers, which: Rows, times: Rows, more: Any, early: Early) -> Sheet:
        """The sheet of each pupil on her paper."""
        paper, form = papers.first, papers.first.form
        skill = skills.z + skills.f
        bits = draws.drawn(skills.luck, papers.keys(which, times))
        bare = [row for row in range(len(form.layout.slots)) if row not in form.with_ce]
        alone = [row for row in bare if row in form.graded]

        def at_level(level: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            size = says.size
            se = papers.of_domain(says.ties, which, size("mark by skill", level, "se") * skill)
            se += size("mark", level, "se") + size("mark by engagement", level) * skills.m
            se[alone] += size("own", level)
            central = papers.of_domain(says.ties, which, size("mark by skill", level, "ce") * skill)
            central += size("mark", level, "ce") + more
            return se, central

        se, central = at_level(paper.level)
        for other, rows in paper.above.items():
            for own, higher in zip((se, central), at_level(other), strict=True):
                own[rows] = higher[rows]
        for row, own, act, years in _closed(papers, which, early):
            for sort, marks in (("se", se), ("ce", central)):
                marks[row, own] -= says.take(own).size("short", act, paper.level_of(row), sort) * np.float32(years)
        ce = central
        if says.mode.noise:
            se += _by_luck(says, paper, "se", len(skills)) * draws.normal(bits, 0)
            ce = central + _by_luck(says, paper, "ce", len(skills)) * draws.normal(bits, 1)
        numbers = {"se": _tenths(se), "ce": _tenths(ce)}
        numbers["ce"][bare] = 0
        return cls(paper, Batch(form.layout, numbers, _ratings(form, len(skills))), bits, central)

    def resits(self, says: Says, again: Rows) -> Batch:
        """The sheets of some, with a resit of the lowest final mark, of equals the lowest central exam mark."""
        form = self.paper.form
        some, batch = says.take(again), self.batch.take(again)
        rows = np.array(form.with_ce, np.intp)
        se, marks = batch.numbers["se"][rows].astype(np.int16), batch.numbers["ce"][rows].astype(np.int16)
        worst = rows[np.argmin(final(se, marks) * HIGHEST + marks, axis=0)]
        mark = self.central[worst, again] + some.size("resit.bonus")
        if says.mode.noise:
            spread = _by_luck(some, self.paper, "ce", len(again))
            spread = spread[worst, np.arange(len(again))] if np.ndim(spread) > 1 else spread
            mark += spread * draws.normal(self.bits[worst, again], 2)
        resit = np.zeros_like(batch.numbers["se"])
        resit[worst, np.arange(len(again))] = _tenths(mark)
        return Batch(batch.layout, {**batch.numbers, "resit": resit}, batch.ratings)


def profiles(law: Lawbook, level: str, year: int) -> tuple[str, ...]:
    """The profiles that an exam of a school year knows, in the order of the law data."""

    def make() -> tuple[str, ...]:
        rows = (row for row in law.packages.values() if level in row.levels and row.profile)
        return tuple(dict.fromkeys(row.profile for row in rows if any(year in v.span for v in row.version)))

    return law.kept(("profiles", level, year), make)


def usual_layout(law: Lawbook, level: str, year: int, profile: str, above: Above = ()) -> Layout:
    """The sheet of the usual whole package of a profile, with subjects at a higher level where they are on it."""

    def make() -> Layout:
        asked, higher = law.exam_year(year, Clock())[0], dict(above)
        subjects = template(law, level, asked, profile)
        slots = tuple(Slot(code, role, higher.get(law.subject_id(code), ""), year) for code, role in subjects)
        return Layout(level, year, slots, profile=profile)

    return law.kept(("usual layout", level, year, profile, above), make)


# --- how it does it -----------------------------------------------------------------------------------------


def _closed(papers: Papers, which: Rows, early: Early) -> Iterator[tuple[int, Rows, str, int]]:
    """The subjects that some have closed before: the row on their sheet, who they are, by which act, and how many years
    were missing."""
    for n in np.flatnonzero(np.bincount(early.which)).tolist():
        for act, subject, years in early.known[n]:
            row = np.array([paper.row(subject) for paper in papers.all], np.intp).take(which)
            row[early.which != n] = -1
            for own in np.unique(row[row >= 0]).tolist():
                yield own, np.flatnonzero(row == own), act, years


def _by_luck(says: Says, paper: Paper, sort: str, n: int) -> Any:
    """Marks for an SD of luck: for all subjects alike, or for each of them where some are of a higher level."""
    own = says.size("mark by luck", paper.level, sort)
    if not paper.above:
        return own
    spread = np.empty((len(paper.form.layout.slots), n), np.float32)
    spread[:] = own
    for level, rows in paper.above.items():
        spread[rows] = says.size("mark by luck", level, sort)
    return spread


def _ratings(form: Form, n: int) -> NDArray[np.uint8] | None:
    rated = form.of_roles("rated")
    if not rated:
        return None
    ratings = np.zeros((len(form.layout.slots), n), np.uint8)
    ratings[list(rated)] = RATINGS.index("V")
    return ratings


def _tenths(marks: NDArray[Any]) -> NDArray[np.uint8]:
    """Marks in tenths, to the nearest, from 1.0 to 10.0."""
    tenths = marks * np.float32(TENTHS)
    tenths += np.float32(0.5)
    np.minimum(np.maximum(tenths, np.float32(LOWEST), out=tenths), np.float32(HIGHEST), out=tenths)
    return tenths.astype(np.uint8)  # cut to a whole number, which is down: none is below 0


def _mean_mark(finals: Finals, form: Form) -> NDArray[np.int16]:
    """The mean of the final marks of each candidate, in hundredths of a mark."""
    total = finals.final[list(form.graded)].sum(axis=0, dtype=np.int32)
    return (total * (MARK // TENTHS) // max(1, len(form.graded))).astype(np.int16)
