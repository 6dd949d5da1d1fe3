"""The exams that are sat, as numbers: for each its papers by profile, those together that can be judged together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.cohort.columns import Column
from trajectsim.law.exams import Demand
from trajectsim.law.lawbook import AnyRule, Clock, Lawbook, OfExams
from trajectsim.law.reforms import Reform
from trajectsim.law.tables import Span
from trajectsim.learning.pupils import profile_key, profile_of
from trajectsim.learning.sitting import Above, Paper, Papers, paper_of, profiles
from trajectsim.learning.skills import Rows


@frozen
class Sitting:
    """An exam of a level in a school year (its start). ``offered``: the facts that measures set; ``above``: subjects at
    a higher level."""

    level: str
    year: int
    clock: Clock
    offered: tuple[tuple[str, int], ...]
    above: Above = ()


@define(eq=False)
class Sittings:
    """The exams that are sat, by number, whatever the law says of them. Number 0 is no exam."""

    all: list[Sitting] = field(factory=list[Sitting])
    _numbers: dict[Sitting, int] = field(factory=dict[Sitting, int])

    def number(self, level: str, year: int, clock: Clock, offered: Mapping[str, int], above: Above) -> int:
        """The number of an exam."""
        sitting = Sitting(level, year, clock, tuple(offered.items()), above)
        if sitting not in self._numbers:
            self.all.append(sitting)
            self._numbers[sitting] = len(self.all)
        return self._numbers[sitting]


@define(eq=False)
class Exams:
    """The papers of sittings under one law."""

    law: Lawbook
    sittings: Sittings
    papers: list[Papers] = field(factory=list[Papers])
    _first: Column = field(factory=Column)
    _profiles: Column = field(factory=Column)
    _key: Column = field(factory=lambda: Column(np.uint64))
    _group: Column = field(factory=Column)
    _which: Column = field(factory=Column)
    _count: int = 0
    _alike: dict[Any, int] = field(factory=dict[Any, int])
    _same: dict[int, Any] = field(factory=dict[int, Any])

    def of(self, sittings: Rows, luck: draws.Words | None) -> tuple[Rows, Rows]:
        """Of pupils who sit exams, which papers hold theirs and which of them it is. ``luck`` tells the profile of
        each; without it that is the first."""
        for number in np.flatnonzero(np.bincount(sittings)).tolist():
            if number > len(self._profiles.all) - 1 or not self._profiles.all[number]:
                self._make(number)
        paper = self._first.take(sittings)
        if luck is not None:
            paper += profile_of(luck, self._key.take(sittings), self._profiles.take(sittings))
        return self._group.take(paper), self._which.take(paper)

    def same(self, other: Exams) -> NDArray[np.bool_]:
        """By sitting, whether another law says the same of it."""
        _kept, known = self._same.setdefault(id(other), (other, [True]))
        known += [
            _said(self.law, sitting) == _said(other.law, sitting) for sitting in self.sittings.all[len(known) - 1 :]
        ]
        return np.array(known)

    def _make(self, number: int) -> None:
        """The papers of a sitting."""
        sitting = self.sittings.all[number - 1]
        level, year = sitting.level, sitting.year
        names = profiles(self.law, level, year) or ("",)
        self._first[number], self._profiles[number] = self._count, len(names)
        self._key[number] = profile_key(level)
        for name in names:
            self._add(paper_of(self.law, level, year, name, sitting.clock, dict(sitting.offered), sitting.above))

    def _add(self, paper: Paper) -> None:
        """Put a paper with those that can be judged together with it."""
        made = ("made of", paper.made_of)
        if made not in self._alike:  # of what is made alike the structure is, which takes long to find
            self._alike[made] = self._alike.setdefault(paper.structure, len(self.papers))
            if self._alike[made] == len(self.papers):
                self.papers.append(Papers([]))
        papers = self.papers[self._alike[made]]
        self._group[self._count], self._which[self._count] = self._alike[made], len(papers.all)
        self._count += 1
        papers.all.append(paper)


def _said(law: Lawbook, sitting: Sitting) -> Any:
    """What a law says of an exam: what it consists of, how it is sat, what it demands."""
    level, year, clock = sitting.level, sitting.year, sitting.clock
    rows = (law.composition(level, year, clock), law.sitting(level, year, clock))
    tables = (table for purpose in ("pass", "cum-laude") for table in law.demands_of(level, "", purpose, year, clock))
    demands = [(table.rule, [(way.force, way.checks) for way in table.ways]) for table in tables]
    others = (law.exams, law.calendars) if sitting.above else ()
    return [evolve(row, span=Span()) for row in rows], demands, law.packages, others


def asked_by_exams(law: Lawbook) -> frozenset[str]:
    """The facts that measures set and exams ask for."""

    def make() -> frozenset[str]:
        versions = (version for demand in law.demands.values() for version in demand.version)
        asked = {name for version in versions for way in version.ways for name in way.needs}
        return frozenset(fact.id for fact in law.facts.values() if fact.source == "measure" and fact.id in asked)

    return law.kept("asked by exams", make)


def but_for_exams(law: Lawbook, reforms: Sequence[Reform]) -> tuple[Reform, ...]:
    """The reforms without those that only the judging of an exam can notice: under what is left pupils go the same
    ways, as long as they pass and fail the same exams."""
    rest = tuple(reform for reform in reforms if not _of_an_exam(law.rule(reform.rule)))
    same = asked_by_exams(law.overlay(reforms)) == asked_by_exams(law.overlay(rest))
    return rest if same else tuple(reforms)  # what an exam asks for is told apart on the way to it


def _of_an_exam(rule: AnyRule | None) -> bool:
    return isinstance(rule, OfExams) and not (isinstance(rule, Demand) and rule.purpose == "early")
