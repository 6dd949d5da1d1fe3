"""The lives of some children under some policies, in columns: the steps of a walk, for all of them at once.

Everybody is in the first school year of a child of four at the same time, whatever the calendar says; so a year here is
a year of age, and each child's node knows in which school year it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.cohort.automaton import chances
from trajectsim.cohort.design import DAYS_OF_YEAR
from trajectsim.cohort.examined import Examined, Results, levels_of
from trajectsim.cohort.grid import ANSWERS, BARRED, DELAYED, Grid
from trajectsim.cohort.keys import SECTORS
from trajectsim.cohort.sharing import Sets, Way, by_kind, offers_of
from trajectsim.cohort.tally import THOUSAND, Tally
from trajectsim.learning.lanes import Lanes, Where
from trajectsim.learning.model import Model
from trajectsim.learning.pupils import Pupils, as_gpa
from trajectsim.learning.sitting import Sat
from trajectsim.learning.skills import FIRST_AGE, Column, Rows
from trajectsim.path.walk import OLDEST

SKIP = "skip"
_HO = SECTORS.index("ho")
_TOP = np.float32(0.8416)
"""From how far above the mean a pupil is one of the best fifth of the birth cohort, in SD."""
_LIFE = 24
"""In how many school years nearly everybody has left, to tell how far a run is."""
_ROOM = 0.85
"""Which part of the columns has to be of children in school, or the others go."""


@frozen(eq=False)
class Year:
    """What became of some children in a school year: their rows in the cohort, their turns, and the exams they sat
    (whose rows are of those)."""

    rows: Rows
    turns: Rows
    exams: Sequence[Sat]


@define(eq=False)
class Lives(Examined):
    """Children of a cohort under some policies, in columns: ``ways``, of one grid."""

    age: int = FIRST_AGE

    @classmethod
    def born(
        cls,
        grid: Grid,
        ways: Sequence[Way],
        models: Sequence[Model],
        births: Sequence[date],
        seed: int,
        replications: Sequence[int],
        numbers: NDArray[Any],
    ) -> Lives:
        """Children by number, on the first day of groep 1, in each of some replications: those of the first, then those
        of the next. ``births``: days of birth, as many a year as there are days that stand for it; each child is born
        on one of them."""
        lane = np.repeat(np.arange(len(models)), len(numbers)) if len(models) > 1 else None
        luck = np.concatenate([draws.pupils(seed, replication, numbers) for replication in replications])
        pupils = Pupils.born(Lanes(tuple(models), lane), luck)
        day = days(luck, len(births) // len(DAYS_OF_YEAR))
        starts = [np.array([grid.start(way.plan, birth) for birth in births]).take(day) for way in ways]
        return cls.begun(grid, ways, pupils, starts)

    @classmethod
    def begun(cls, grid: Grid, ways: Sequence[Way], pupils: Pupils, starts: Sequence[Rows]) -> Lives:
        """Children who start in states, by policy."""
        lanes: Lanes = pupils.says  # pyright: ignore[reportAssignmentType]
        children, sets = len(pupils.skills), Sets(len(ways))
        tallies = [Tally(len(lanes.models), children, lanes.lane) for _way in ways]
        offers, rows = offers_of(grid, ways, pupils), np.arange(children)
        made = cls(grid, ways, pupils, starts[0], tallies, rows, np.zeros_like(rows), sets, offers)
        alike = [next(n for n, other in enumerate(starts) if np.array_equal(other, own)) for own in starts]
        masks = {first: sum(1 << n for n, other in enumerate(alike) if other == first) for first in alike}
        if len(masks) > 1:  # whose law has another calendar
            made.keep(np.tile(rows, len(masks)))
            made.stand_for(np.repeat([sets.number(mask) for mask in masks.values()], children))
            made.state = np.concatenate([starts[first] for first in masks])
        return made

    def live(self, told: Callable[[float], None] | None = None) -> Sequence[Tally]:
        """Every school year until nobody is in school: what came of it, by policy. ``told`` hears about which part of
        it is behind, never all."""
        while self.year() is not None:
            if told is not None:
                told(min((self.age - FIRST_AGE) / _LIFE, 0.99))
        count = len(self.lanes.models)
        for policy, tally in enumerate(self.tallies):
            for lane, counts in enumerate(tally.all):
                counts |= self.counted.of(number * count + lane for number in self.sets.having(policy))
        return self.tallies

    def asked(self, policy: int) -> set[str]:
        """The parameters that were asked for under a policy."""
        return self.lanes.asked(self.sets.having(policy))

    def year(self) -> Year | None:
        """One school year of everybody; None when nobody was in school any more."""
        self._make_room()
        if not self.state.size:
            return None
        if self.age >= OLDEST:
            self._break_off()
            return self.year()
        grid, copies = self.grid, self.part()
        under = self._learn()
        mean = self.pupils.skills.mean()
        self._measure(mean)
        told = self._result(mean)
        results, rows = self.examine()
        if rows is not None:
            under, mean, told = (each.take(rows) for each in (under, mean, told))
        self._passed(results, told)
        node = self.node
        self._advice(told)
        told = self._answered(told)
        at = grid.node["first"].take(node) + (self._chosen("doings", told) if self._any("doings") else told)
        cases = grid.case_of(at, node)
        exams = self._concluded(results, cases)
        self._count(under, mean)
        self.became["diplomas"] |= grid.case["mask"].take(cases)
        at = grid.case["first"].take(cases) + self._wanted(cases)
        steps = grid.step_of(at, cases)
        turns = grid.turn_of(self.state, steps)
        year = Year(self.row, turns, exams)
        self._take(steps, turns)
        self.age += 1
        self.join(copies)
        return year

    # --- a year ---------------------------------------------------------------------------------------------------

    def _any(self, what: str) -> bool:
        """Whether any plan says of whom schools choose for something."""
        return any(getattr(way.plan, what) for way in self.ways)

    def _where(self, name: str, rows: Rows | None = None) -> Where:
        kinds = {"place": self.grid.places, "work": self.grid.works, "sitter": self.grid.sitters}[name]
        node = self.node if rows is None else self.node.take(rows)
        return Where(kinds, self.grid.node[name].take(node))

    def _learn(self) -> Column:
        size = self.lanes.size
        above = self.pupils.skills.mean() - size("reference", self._where("place"))
        work = self._where("work")
        timely = size("timely", work) if self._measured("on-time") else None
        return self.pupils.learn(self.age, above, size("delta", work), timely)

    def _result(self, mean: Column) -> Rows:
        """For each child how her year went: 0 where it is not told here, 1 insufficient, 2 sufficient."""
        grid, skills, says = self.grid, self.pupils.skills, self.lanes
        how = grid.node["told"].take(self.node)
        told = np.zeros(len(how), np.intp)
        for kind in (BARRED, DELAYED):
            rows = np.flatnonzero(how == kind)
            if not rows.size:
                continue
            some, where = says.take(rows), self._where("place", rows)
            bits = draws.drawn(skills.luck.take(rows), grid.node["year"].take(self.node.take(rows)))
            if kind == BARRED:
                girl, since = skills.girl.take(rows), skills.since_skip.take(rows)
                timely = None if skills.timely is None else skills.timely.take(rows)
                low = some.is_below(mean.take(rows), girl, since, where, bits, timely)
            else:
                low = some.is_delayed(self.pupils.gpa.take(rows), where, bits)
            told[rows] = 2 - low.astype(np.intp)
        return told

    def _passed(self, results: Results, told: Rows) -> None:
        """What exams came to; ``told`` gets who failed (1) and who passed (2)."""
        told[results.rows] = 1 + results.scores["passed"]
        self.pupils.gpa[results.rows] = as_gpa(results.scores["final"].astype(np.int16), self.lanes)

    def _concluded(self, results: Results, cases: Rows) -> list[Sat]:
        """Count the exams that are over this year, and give them: who spreads hers has the result in the next."""
        goes_on = self.grid.case["goes-on"].take(cases)
        over = np.flatnonzero(goes_on.take(results.rows) == 0)
        if len(over) < len(results.rows):
            results = results.take(over)
            self.sat = [sat.take(np.flatnonzero(goes_on.take(sat.rows) == 0)) for sat in self.sat]
        self.became["laude"][results.rows] |= results.scores["laude"]
        for level, rows, scores in levels_of(results, [each.level for each in self.grid.sittings.all]):
            self.counted.exam(self._cell(rows), level, scores)
        return self.sat

    def _advice(self, told: Rows) -> None:
        """The advice, where there is one; ``told`` has it above the answer to the year."""
        advised = self.grid.node["advised"].take(self.node)
        rows = np.flatnonzero(advised)
        if not rows.size:
            return
        some = self.pupils.take(rows)
        advice = some.says.advice(some.skills)
        told[rows] += ANSWERS * (advice.code.astype(np.intp) + 1)
        final = np.flatnonzero(advised.take(rows) == 2)
        if final.size:
            names = [value.id for value in self.grid.automaton.law.facts["advice"].values]
            self.counted.advice(self._cell(rows.take(final)), advice.take(final), names)

    def _answered(self, told: Rows) -> Rows:
        """With what schools say that decide by chance. Policies under which they say it otherwise share no row."""
        by_set = [chances(self.ways[self.sets.members(number)[0]].plan) for number in range(len(self.sets.masks))]
        if not any(by_set):
            return told
        for number, rows in by_kind(self.whose, np.arange(len(told))):
            asked, own, luck = by_set[number], told.take(rows), self.pupils.skills.luck.take(rows)
            own <<= len(asked)
            for n, (name, chance) in enumerate(asked):
                own += self.lanes.says_yes(luck, chance, "practice", name, self.age).astype(np.intp) << n
            told[rows] = own
        return told * (self.node > 0)

    def _wanted(self, cases: Rows) -> Rows:
        """What each child wants: which of the routes of her fork, and for what she is selected."""
        forks = self.grid.case["fork"].take(cases)
        wanted = np.zeros(len(forks), np.intp)
        rows = np.flatnonzero(forks)
        if rows.size:
            some = self.pupils.take(rows)
            ways = self.grid.forks.ways(forks.take(rows), some.says)
            wanted[rows] = some.says.wanted(ways, some.skills.luck, some.gpa)
        return self._chosen("selects", wanted) if self._any("selects") else wanted

    def _chosen(self, what: str, told: Rows) -> Rows:
        """For which moves or acts of her node each is chosen, below what is told."""
        grid = self.grid
        count = grid.node[what].take(self.node)
        told <<= count
        for n in range(int(count.max(initial=0))):
            rows = np.flatnonzero(count > n)
            for which, own in by_kind(grid.node[f"{what}-{n}"].take(self.node.take(rows)), rows):
                select, node, some = grid.selects[which], self.node.take(own), self.pupils.take(own)
                keys = grid.node[f"{what}-seen-{n}"].take(node), grid.node[f"{what}-chosen-{n}"].take(node)
                chosen = some.says.chosen(some.skills, select.above, select.knows, select.share, keys)
                told[own] += chosen.astype(np.intp) << n
        return told

    def _take(self, steps: Rows, turns: Rows) -> None:
        """Count the turns, and go where they lead."""
        grid, pupils, cell = self.grid, self.pupils, self.lanes.cell
        girl, late = pupils.skills.girl, self.became["repeats"] > 0
        self.counted.by(grid.keys, turns, cell, girl, late, grid.known_turns)
        if any(owing := [grid.likeness.yields(way.plan) for way in self.ways]):
            owed = np.array([owing[self.sets.members(number)[0]] for number in range(len(self.sets.masks))])
            self.counted.by(grid.owed, self.node * owed.take(self.whose), cell, girl, late, grid.known_nodes)
        self.became["route"] += grid.state["word"].take(self.state)
        self.became["repeats"] += grid.step["stays"].take(steps).astype(np.int8)
        self._note(grid.step["acts"].take(steps))
        endings = grid.step["ending"].take(steps)
        rows = np.flatnonzero(endings)
        if rows.size:
            where = Where(grid.endings, endings.take(rows))
            some = self.lanes.take(rows)
            pupils.touched(rows, some.size("ending", where), skips=some.size("skips", where) > 0)
        following = grid.turn["next"].take(turns)
        left = np.flatnonzero((following == 0) & (self.state > 0))
        self.became["last"][left] = self.age
        self.state = following

    def _note(self, acts: NDArray[np.uint64]) -> None:
        """What is done for the first time: acts, and entering higher education."""
        rows = np.flatnonzero(acts & ~self.became["acts"])
        if rows.size:
            self._count_acts(rows, acts)
        rows = np.flatnonzero((self.grid.node["sector"].take(self.node) == _HO) & (self.became["entry"] == 0))
        self.became["entry"][rows] = self.grid.state["word"].take(self.state.take(rows))

    def _count_acts(self, rows: Rows, acts: NDArray[np.uint64]) -> None:
        done, cell = self.became["acts"], self._cell(rows)
        new = acts.take(rows) & ~done.take(rows)
        for name, bit in self.grid.acts.items():
            self.counted.count(f"did/{name}", cell, new >> np.uint64(bit) & np.uint64(1))
        done[rows] |= acts.take(rows)

    # --- what is counted beside turns -----------------------------------------------------------------------------

    def _count(self, under: Column, mean: Column) -> None:
        """Boredom in secondary school, and the peers of who skipped a year."""
        grid, skills, counted = self.grid, self.pupils.skills, self.counted
        sector = grid.node["sector"].take(self.node)
        vo = np.flatnonzero(sector == SECTORS.index("vo"))
        if vo.size:
            says = self.lanes.take(vo)
            bored = says.bored(skills.luck.take(vo), under.take(vo), self.age)
            top = says.standard(mean.take(vo)) > _TOP
            for key, of in (("bored", bored), ("top", top), ("bored-top", bored & top)):
                counted.count(key, says.cell, of)
        if self._measured("freed"):
            freed = _thousandths(self.lanes.size("freed", self._where("work")))
            counted.count("freed", self.lanes.cell, freed > 0, freed)
        young = (sector == SECTORS.index("vo")) | (sector == SECTORS.index("po"))
        skipped = np.flatnonzero(young & (skills.since_skip > 0))
        if skipped.size:
            says = self.lanes.take(skipped)
            peer = says.peer(skills.since_skip.take(skipped), SKIP)
            everybody = np.ones(len(skipped), np.bool_)
            counted.count("skipped-years", says.cell, everybody)
            counted.count("peer", says.cell, everybody, _thousandths(peer))

    def _break_off(self) -> None:
        """Nobody is in school for ever."""
        self.part()
        for place, rows in by_kind(self.grid.node["place"].take(self.node), np.arange(len(self.state))):
            name = self.grid.places.known[place][0].id
            for key in ("broken-off", f"broken-off/{name}") if place else ():
                self.counted.count(key, self._cell(rows), np.ones(len(rows), np.bool_))
        self.became["last"] = np.maximum(self.became["last"], np.int16(self.age) * (self.state > 0))
        self.state = np.zeros_like(self.state)

    def _measure(self, mean: Column) -> None:
        """Skill at the age of the last groep but one, what was taught with it, and in the last groep."""
        grid, became, last = self.grid, self.became, self.grid.automaton.law.tracks["po"].years
        if self.age == FIRST_AGE + last - 2:
            here = self._where("place")
            became["reached"][:] = self.lanes.size("reached", here) * np.float32(10)
            became["at_age"][:] = _thousandths(mean + self.lanes.size("taught", here))
        rows = np.flatnonzero(grid.node["advised"].take(self.node) == 2)
        became["in_grade"][rows] = _thousandths(mean.take(rows))

    def _measured(self, channel: str) -> bool:
        """Whether a measure may be at work through a channel."""
        return self.lanes.does(channel) and any(measures for _place, measures in self.grid.works.known)

    def _cell(self, rows: Rows) -> Rows | None:
        return None if self.lanes.cell is None else self.lanes.cell.take(rows)

    def _make_room(self) -> None:
        """Children out of school leave the columns, when there are many of them."""
        here = np.flatnonzero(self.state)
        if len(here) <= _ROOM * len(self.state):
            self.settle(np.flatnonzero(self.state == 0))
            self.keep(here)


def _thousandths(numbers: Column) -> NDArray[np.int64]:
    """As whole thousandths, so that sums do not hang on their order."""
    return np.floor(numbers * np.float32(THOUSAND) + np.float32(0.5)).astype(np.int64)


def days(luck: draws.Words, years: int) -> Rows:
    """Which of the days of birth each child has: every year alike, days by how many they stand for."""
    total = sum(DAYS_OF_YEAR)
    at = draws.below(draws.words(luck, "birth", "day", 0), total * years)
    year, day = np.divmod(at, total)
    return year * len(DAYS_OF_YEAR) + np.searchsorted(np.cumsum(DAYS_OF_YEAR), day, side="right")
