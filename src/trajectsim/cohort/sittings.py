"""The exams that are sat, as numbers: for each its papers by profile, those together that can be judged together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, field

from trajectsim import draws
from trajectsim.cohort.columns import Column
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.learning.pupils import profile_key, profile_of
from trajectsim.learning.sitting import Paper, Papers, paper_of, profiles
from trajectsim.learning.skills import Rows


@define(eq=False)
class Sittings:
    """Of one law. Number 0 is no exam."""

    law: Lawbook
    papers: list[Papers] = field(factory=list[Papers])
    _first: Column = field(factory=Column)
    _profiles: Column = field(factory=Column)
    _key: Column = field(factory=lambda: Column(np.uint64))
    _group: Column = field(factory=Column)
    _which: Column = field(factory=Column)
    _count: int = 0
    _exams: dict[Any, int] = field(factory=dict[Any, int])
    _alike: dict[Any, int] = field(factory=dict[Any, int])

    def number(self, level: str, year: int, clock: Clock, offered: Mapping[str, int]) -> int:
        """The number of an exam of a level in a school year. ``offered``: the facts that measures set."""
        key = (level, year, tuple(offered.items()), clock)
        if key not in self._exams:
            number = self._exams[key] = 1 + len(self._exams)
            names = profiles(self.law, level, year) or ("",)
            self._first[number], self._profiles[number] = self._count, len(names)
            self._key[number] = profile_key(level)
            for name in names:
                self._add(paper_of(self.law, level, year, name, clock, offered))
        return self._exams[key]

    def of(self, sittings: Rows, luck: draws.Words | None) -> tuple[Rows, Rows]:
        """Of pupils who sit exams, which papers hold theirs and which of them it is. ``luck`` tells the profile of
        each; without it that is the first."""
        paper = self._first.take(sittings)
        if luck is not None:
            paper += profile_of(luck, self._key.take(sittings), self._profiles.take(sittings))
        return self._group.take(paper), self._which.take(paper)

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
