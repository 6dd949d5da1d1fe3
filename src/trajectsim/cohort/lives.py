"""The lives of some children under one policy, in columns: the steps of a walk, for all of them at once.

Everybody is in the first school year of a child of four at the same time, whatever the calendar says; so a year here is
a year of age, and each child's node knows in which school year it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.cohort.automaton import chances
from trajectsim.cohort.design import DAYS_OF_YEAR
from trajectsim.cohort.grid import ANSWERS, BARRED, DELAYED, Grid
from trajectsim.cohort.keys import SECTORS
from trajectsim.cohort.sittings import Exams
from trajectsim.cohort.tally import THOUSAND, Tally
from trajectsim.learning.lanes import Lanes, Where
from trajectsim.learning.model import Model
from trajectsim.learning.pupils import Pupils, as_gpa
from trajectsim.learning.sitting import Early, Papers, Sat, sit
from trajectsim.learning.skills import FIRST_AGE, Column, Rows
from trajectsim.path.learner import shares
from trajectsim.path.plan import Plan
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
class Lives:
    """Children of a cohort. ``state`` is where each is, 0 out of school, ``node`` what that is under her plan, and
    ``row`` which of all she is; ``tally`` what is counted on the way. ``plans``: by what schools offer, with ``offer``
    which of them is hers (None where there is but one)."""

    grid: Grid
    plans: Sequence[Plan]
    pupils: Pupils
    state: Rows
    tally: Tally
    offer: Rows | None = None
    exams: Exams | None = None
    age: int = FIRST_AGE
    node: Rows = field(init=False)
    row: Rows = field(init=False)
    diplomas: NDArray[np.uint64] = field(init=False)
    route: NDArray[np.uint64] = field(init=False)
    acts: NDArray[np.uint64] = field(init=False)
    entry: NDArray[np.uint64] = field(init=False)
    repeats: NDArray[np.int8] = field(init=False)
    _effects: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        n, self.node = len(self.state), self.state
        self.row, self.repeats = np.arange(n), np.zeros(n, np.int8)
        self.diplomas, self.route, self.acts, self.entry = (np.zeros(n, np.uint64) for _column in range(4))

    @classmethod
    def born(
        cls,
        grid: Grid,
        plan: Plan,
        models: Sequence[Model],
        births: Sequence[date],
        seed: int,
        replications: Sequence[int],
        numbers: NDArray[Any],
        exams: Exams | None = None,
    ) -> Lives:
        """Children by number, on the first day of groep 1, in each of some replications: those of the first, then those
        of the next. ``births``: days of birth, as many a year as there are days that stand for it; each child is born
        on one of them."""
        lane = np.repeat(np.arange(len(models)), len(numbers)) if len(models) > 1 else None
        says = Lanes(tuple(models), lane)
        luck = np.concatenate([draws.pupils(seed, replication, numbers) for replication in replications])
        pupils = Pupils.born(says, luck)
        starts = np.array([grid.start(plan, birth) for birth in births])
        state = starts.take(days(luck, len(births) // len(DAYS_OF_YEAR)))
        plans, offer = _variants(grid, plan, pupils)
        return cls(grid, plans, pupils, state, Tally(len(models), len(luck), lane), offer, exams)

    def live(self, told: Callable[[float], None] | None = None) -> Tally:
        """Every school year until nobody is in school. ``told`` hears about which part of it is behind, never all."""
        while self.year() is not None:
            if told is not None:
                told(min((self.age - FIRST_AGE) / _LIFE, 0.99))
        return self.tally

    def year(self) -> Year | None:
        """One school year of everybody; None when nobody was in school any more."""
        self._make_room()
        if not self.state.size:
            self.tally.sum_up()
            return None
        if self.age >= OLDEST:
            self._break_off()
            return self.year()
        grid = self.grid
        self.node = node = self._nodes()
        under = self._learn()
        mean = self.pupils.skills.mean()
        self._measure(mean)
        told = self._result(mean)
        exams = self._exams(told)
        self._advice(told)
        told = self._answered(told)
        at = grid.node["first"].take(node) + (self._chosen("doings", told) if self.plan.doings else told)
        cases = grid.case_of(at, node)
        self._count(under, mean)
        self.diplomas |= grid.case["mask"].take(cases)
        at = grid.case["first"].take(cases) + self._wanted(cases)
        steps = grid.step_of(at, cases)
        turns = grid.turn_of(self.state, steps)
        year = Year(self.row, turns, exams)
        self._take(steps, turns)
        self.age += 1
        return year

    # --- a year ---------------------------------------------------------------------------------------------------

    @property
    def lanes(self) -> Lanes:
        """What says how the children learn."""
        return self.pupils.says  # pyright: ignore[reportReturnType]

    @property
    def plan(self) -> Plan:
        """The plan of all, whatever schools offer."""
        return self.plans[0]

    def _nodes(self) -> Rows:
        if self.offer is None:
            return self.grid.nodes_of(self.plan, self.state)
        node = np.zeros_like(self.state)
        for n, rows in _by(self.offer, np.arange(len(self.state))):
            node[rows] = self.grid.nodes_of(self.plans[n], self.state.take(rows))
        return node

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

    def _exams(self, told: Rows) -> list[Sat]:
        """The exams of the year, paper by paper; ``told`` gets who failed (1) and who passed (2)."""
        grid, sitting = self.grid, self.grid.node["sitting"].take(self.node)
        rows = np.flatnonzero(sitting)
        found: list[Sat] = []
        if rows.size:
            luck = self.pupils.skills.luck.take(rows) if self.lanes.mode.noise else None
            exams = self.exams or grid.exams
            papers, which = exams.of(sitting.take(rows), luck)
            for n, at in _by(papers, np.arange(len(rows))):
                found.append(self._sit(exams.papers[n], rows.take(at), which.take(at)))
        for sat in found:
            told[sat.rows] = 1 + sat.passed
            self.pupils.gpa[sat.rows] = as_gpa(sat.mean, self.lanes)
            self.tally.exam(self._lane(sat.rows), sat)
            self.tally.laude[self.row.take(sat.rows)] |= sat.laude
        return found

    def _sit(self, papers: Papers, rows: Rows, which: Rows) -> Sat:
        some = self.pupils.take(rows)
        times, closed = (self.grid.node[name].take(self.node.take(rows)) for name in ("times", "closed"))
        more, early = some.says.size("ce", self._where("sitter", rows)), Early(self.grid.closed, closed)
        return sit(some.says, some.skills, rows, papers, which, times, more, early)

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
            self.tally.advice(self._lane(rows.take(final)), advice.take(final), names)

    def _answered(self, told: Rows) -> Rows:
        """With what schools say that decide by chance."""
        luck = self.pupils.skills.luck
        asked = chances(self.plan)
        for n, (name, chance) in enumerate(asked):
            if not n:
                told <<= len(asked)
            told += self.lanes.says_yes(luck, chance, "practice", name, self.age).astype(np.intp) << n
        if asked:
            told *= self.node > 0
        return told

    def _wanted(self, cases: Rows) -> Rows:
        """What each child wants: which of the routes of her fork, and for what she is selected."""
        forks = self.grid.case["fork"].take(cases)
        wanted = np.zeros(len(forks), np.intp)
        rows = np.flatnonzero(forks)
        if rows.size:
            some = self.pupils.take(rows)
            ways = self.grid.forks.ways(forks.take(rows), some.says)
            wanted[rows] = some.says.wanted(ways, some.skills.luck, some.gpa)
        return self._chosen("selects", wanted) if self.plan.selects else wanted

    def _chosen(self, what: str, told: Rows) -> Rows:
        """For which moves or acts of her node each is chosen, below what is told."""
        grid = self.grid
        count = grid.node[what].take(self.node)
        told <<= count
        for n in range(int(count.max(initial=0))):
            rows = np.flatnonzero(count > n)
            for which, own in _by(grid.node[f"{what}-{n}"].take(self.node.take(rows)), rows):
                select, node, some = grid.selects[which], self.node.take(own), self.pupils.take(own)
                keys = grid.node[f"{what}-seen-{n}"].take(node), grid.node[f"{what}-chosen-{n}"].take(node)
                chosen = some.says.chosen(some.skills, select.above, select.knows, select.share, keys)
                told[own] += chosen.astype(np.intp) << n
        return told

    def _take(self, steps: Rows, turns: Rows) -> None:
        """Count the turns, and go where they lead."""
        grid, pupils, lane = self.grid, self.pupils, self.lanes.lane
        girl, late = pupils.skills.girl, self.repeats > 0
        self.tally.by(grid.keys, turns, lane, girl, late, grid.known_turns)
        if grid.likeness.yields(self.plan):
            self.tally.by(grid.owed, self.node, lane, girl, late, grid.known_nodes)
        self.route += grid.state["word"].take(self.state)
        self.repeats += grid.step["stays"].take(steps).astype(np.int8)
        self._note(grid.step["acts"].take(steps))
        endings = grid.step["ending"].take(steps)
        rows = np.flatnonzero(endings)
        if rows.size:
            where = Where(grid.endings, endings.take(rows))
            some = self.lanes.take(rows)
            pupils.touched(rows, some.size("ending", where), skips=some.size("skips", where) > 0)
        following = grid.turn["next"].take(turns)
        left = np.flatnonzero((following == 0) & (self.state > 0))
        self.tally.last[self.row.take(left)] = self.age
        self.state = following

    def _note(self, acts: NDArray[np.uint64]) -> None:
        """What is done for the first time: acts, and entering higher education."""
        rows = np.flatnonzero(acts & ~self.acts)
        if rows.size:
            self._count_acts(rows, acts)
        rows = np.flatnonzero((self.grid.node["sector"].take(self.node) == _HO) & (self.entry == 0))
        self.entry[rows] = self.grid.state["word"].take(self.state.take(rows))

    def _count_acts(self, rows: Rows, acts: NDArray[np.uint64]) -> None:
        new = acts.take(rows) & ~self.acts.take(rows)
        lane = self._lane(rows)
        for name, bit in self.grid.acts.items():
            self.tally.count(f"did/{name}", lane, new >> np.uint64(bit) & np.uint64(1))
        self.acts[rows] |= acts.take(rows)

    # --- what is counted beside turns -----------------------------------------------------------------------------

    def _count(self, under: Column, mean: Column) -> None:
        """Boredom in secondary school, and the peers of who skipped a year."""
        grid, skills, tally = self.grid, self.pupils.skills, self.tally
        sector = grid.node["sector"].take(self.node)
        vo = np.flatnonzero(sector == SECTORS.index("vo"))
        if vo.size:
            says, lane = self.lanes.take(vo), self._lane(vo)
            bored = says.bored(skills.luck.take(vo), under.take(vo), self.age)
            top = says.standard(mean.take(vo)) > _TOP
            for key, of in (("bored", bored), ("top", top), ("bored-top", bored & top)):
                tally.count(key, lane, of)
        if self._measured("freed"):
            freed = _thousandths(self.lanes.size("freed", self._where("work")))
            tally.count("freed", self.lanes.lane, freed > 0, freed)
        young = (sector == SECTORS.index("vo")) | (sector == SECTORS.index("po"))
        skipped = np.flatnonzero(young & (skills.since_skip > 0))
        if skipped.size:
            lane, says = self._lane(skipped), self.lanes.take(skipped)
            peer = says.peer(skills.since_skip.take(skipped), SKIP)
            everybody = np.ones(len(skipped), np.bool_)
            tally.count("skipped-years", lane, everybody)
            tally.count("peer", lane, everybody, _thousandths(peer))

    def _break_off(self) -> None:
        """Nobody is in school for ever."""
        for place, rows in _by(self.grid.node["place"].take(self._nodes()), np.arange(len(self.state))):
            name = self.grid.places.known[place][0].id
            for key in ("broken-off", f"broken-off/{name}") if place else ():
                self.tally.count(key, self._lane(rows), np.ones(len(rows), np.bool_))
        self.tally.last[self.row] = np.maximum(self.tally.last[self.row], self.age * (self.state > 0))
        self.state = np.zeros_like(self.state)

    def _measure(self, mean: Column) -> None:
        """Skill at the age of the last groep but one, what was taught with it, and in the last groep."""
        grid, tally, last = self.grid, self.tally, self.grid.automaton.law.tracks["po"].years
        if self.age == FIRST_AGE + last - 2:
            here = self._where("place")
            tally.reached[self.row] = self.lanes.size("reached", here) * np.float32(10)
            tally.at_age[self.row] = _thousandths(mean + self.lanes.size("taught", here))
        rows = np.flatnonzero(grid.node["advised"].take(self.node) == 2)
        tally.in_grade[self.row.take(rows)] = _thousandths(mean.take(rows))

    def _measured(self, channel: str) -> bool:
        """Whether a measure may be at work through a channel."""
        return self.lanes.does(channel) and any(measures for _place, measures in self.grid.works.known)

    def _lane(self, rows: Rows) -> Rows | None:
        return None if self.lanes.lane is None else self.lanes.lane.take(rows)

    def _make_room(self) -> None:
        """Children out of school leave the columns, when there are many of them."""
        here = np.flatnonzero(self.state)
        if len(here) > _ROOM * len(self.state):
            return
        tally = self.tally
        tally.diplomas[self.row], tally.route[self.row] = self.diplomas, self.route
        tally.acts[self.row], tally.entry[self.row] = self.acts, self.entry
        tally.repeats[self.row], tally.marks[self.row] = self.repeats, self.pupils.gpa
        self.pupils, self.state, self.row = self.pupils.take(here), self.state.take(here), self.row.take(here)
        self.offer = None if self.offer is None else self.offer.take(here)
        self.diplomas, self.route = self.diplomas.take(here), self.route.take(here)
        self.acts, self.entry = self.acts.take(here), self.entry.take(here)
        self.repeats = self.repeats.take(here)


def _thousandths(numbers: Column) -> NDArray[np.int64]:
    """As whole thousandths, so that sums do not hang on their order."""
    return np.floor(numbers * np.float32(THOUSAND) + np.float32(0.5)).astype(np.int64)


def days(luck: draws.Words, years: int) -> Rows:
    """Which of the days of birth each child has: every year alike, days by how many they stand for."""
    total = sum(DAYS_OF_YEAR)
    at = draws.below(draws.words(luck, "birth", "day", 0), total * years)
    year, day = np.divmod(at, total)
    return year * len(DAYS_OF_YEAR) + np.searchsorted(np.cumsum(DAYS_OF_YEAR), day, side="right")


def _variants(grid: Grid, plan: Plan, pupils: Pupils) -> tuple[Sequence[Plan], Rows | None]:
    """The plan by what the schools of pupils offer, where a measure is offered by a share of schools, and whose plan is
    which."""
    shared = shares(plan)
    if not shared:
        return (plan,), None
    code = np.zeros(len(pupils.skills), np.intp)
    for n, (name, share) in enumerate(shared.items()):
        code += pupils.offered(name, share).astype(np.intp) << n
    offers = (tuple((name, bool(bits >> n & 1)) for n, name in enumerate(shared)) for bits in range(1 << len(shared)))
    return tuple(grid.variant(plan, offer) for offer in offers), code


def _by(kind: Rows, rows: Rows) -> Iterator[tuple[int, Rows]]:
    """Rows by their kind, kinds from 0 up and not many; in rising order."""
    if not rows.size:
        return
    counts = np.bincount(kind)
    order = rows.take(np.argsort(kind.astype(np.int16), kind="stable"))
    ends = np.cumsum(counts)
    for n in np.flatnonzero(counts):
        yield int(n), order[ends[n] - counts[n] : ends[n]]
