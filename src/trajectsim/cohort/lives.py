"""The lives of some children under one policy, in columns: the steps of a walk, group by group of who share a node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import define
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.cohort.automaton import Automaton, Case, Node, Taken
from trajectsim.cohort.design import DAYS_OF_YEAR
from trajectsim.cohort.tally import Tally
from trajectsim.law.places import Place
from trajectsim.learning.growth import Rows
from trajectsim.learning.model import Model
from trajectsim.learning.pupils import Pupils
from trajectsim.path.learner import ends, shares
from trajectsim.path.plan import Plan
from trajectsim.path.walk import MODELLED


@define(eq=False)
class Lives:
    """Children of a cohort. ``node`` is where each is, -1 out of school; ``tally`` what is counted on the way."""

    automaton: Automaton
    pupils: Pupils
    node: NDArray[np.int32]
    tally: Tally

    @classmethod
    def born(
        cls,
        automaton: Automaton,
        plan: Plan,
        model: Model,
        births: Sequence[date],
        seed: int,
        replication: int,
        numbers: Any,
    ) -> Lives:
        """Children by number, on the first day of groep 1. ``births``: days of birth, as many a year as there are days
        that stand for it; each child is born on one of them."""
        pupils = Pupils.born(model, seed, replication, numbers)
        day = days(pupils.skills.luck, len(births) // len(DAYS_OF_YEAR))
        node = np.full(len(pupils.skills), -1, np.int32)
        for variant, rows in _variants(automaton, plan, pupils):
            for n, birth in enumerate(births):
                own = rows[day[rows] == n]
                if own.size:
                    node[own] = automaton.start(variant, birth)
        return cls(automaton, pupils, node, Tally(len(pupils.skills), pupils))

    def live(self) -> Tally:
        """Every school year until nobody is in school."""
        while self.year():
            pass
        return self.tally

    def year(self) -> bool:
        """One school year of everybody who is in the first year that anybody is in; whether anybody was in school."""
        here = np.flatnonzero(self.node >= 0)
        if not here.size:
            return False
        nodes, which = self._nodes(here)
        first = min(node.state.year.start for node in nodes)
        if any(node.state.year.start != first for node in nodes):  # who starts school later waits
            now = np.array([node.state.year.start == first for node in nodes])[which]
            here = here[now]
            nodes, which = self._nodes(here)
        if any(node.beyond for node in nodes):
            gone = np.array([node.beyond for node in nodes])[which]
            self.tally.broken_off(nodes, which[gone])
            self.node[here[gone]] = -1
            here = here[~gone]
            nodes, which = self._nodes(here)
        if here.size:
            self._learn(here, nodes, which)
            for rows, of in self._places(here, nodes, which):
                self._place(rows, nodes, of)
        return True

    def _nodes(self, rows: Rows) -> tuple[list[Node], Rows]:
        """The nodes that pupils are in, and for each pupil which of them."""
        found, which = _compact(self.node[rows], len(self.automaton.nodes))
        return [self.automaton.nodes[n] for n in found], which

    def _learn(self, here: Rows, nodes: Sequence[Node], which: Rows) -> None:
        """Growth, in one go for all: the same elements as one by one."""
        pupils, model = self.pupils, self.pupils.model
        told = [(n.state.age, pupils.year_delta(n.place, n.measures), model.reference(n.place)) for n in nodes]
        age, delta, ref = (np.array(column) for column in zip(*told, strict=True))
        some = pupils if len(here) == len(pupils.skills) else Pupils(model, pupils.skills.take(here), pupils.mark[here])
        above = some.skills.mean() - ref.astype(np.float32)[which]
        under = some.learn(age[which], above, delta.astype(np.float32)[which])
        if some is not pupils:
            pupils.skills.put(here, some.skills)
        self.tally.year(here, nodes, which, under, age)

    def _places(self, here: Rows, nodes: Sequence[Node], which: Rows) -> Iterator[tuple[Rows, Rows]]:
        """Who are in one place: their rows, in rising order, and their nodes."""
        order = {place: n for n, place in enumerate(dict.fromkeys(node.place.id for node in nodes))}
        place = np.array([order[node.place.id] for node in nodes], np.int16)[which]
        by_place = np.argsort(place, kind="stable")
        ends = np.cumsum(np.bincount(place, minlength=len(order))).tolist()
        for start, end in zip([0, *ends[:-1]], ends, strict=True):
            part = by_place[start:end]
            yield here[part], which[part]

    def _place(self, rows: Rows, nodes: Sequence[Node], of: Rows) -> None:
        """The end of the year in one place: results, diplomas, move."""
        present, of = _compact(of, len(nodes))
        own = [nodes[n] for n in present]
        first, place = own[0], own[0].place
        times = np.array([node.state.years_in_place for node in own])[of]
        ages = np.array([node.state.age for node in own])[of]
        told = [self._told(rows, own, of, times, name) for name in first.tells]
        for name, chance in first.chances:
            some = self.pupils.skills.take(rows)
            told.append(self.pupils.model.says_yes(some, chance, "practice", name, ages).astype(np.int16))
        cases: list[Case] = []
        case = np.zeros(len(rows), np.intp)
        for values, inside in _distinct([of, *told]):
            case[inside] = len(cases)
            cases.append(own[values[0]].case(values[1:]))
        self.tally.earned(rows, cases, case)
        moves, wanted = self._wanted(rows, place, times, cases, case)
        selects = {s.move: self.pupils.selected(rows, place, times, s).astype(np.int16) for s in first.selects}
        for values, inside in _distinct([case, wanted, *selects.values()]):
            chosen = dict(zip(selects, values[2:], strict=True))
            taken = _first_open(cases[values[0]], moves[values[1]] if values[1] >= 0 else "", chosen)
            self._move(cases[values[0]].node, taken, rows[inside])

    def _told(self, rows: Rows, nodes: Sequence[Node], of: Rows, times: Any, name: str) -> NDArray[np.int16]:
        """A fact that the model tells, as ``path.learner`` tells it of one pupil; -1 where it does not."""
        place, column = nodes[0].place, np.full(len(rows), -1, np.int16)
        if name == "advice":
            advice = self.pupils.advice(rows)
            self.tally.advice(place, advice)
            column[:] = advice.code
        elif name == "exam_result" and self.pupils.has_exam(place):
            fact, year = self.automaton.law.facts[name], nodes[0].state.year.start
            codes = np.array([fact.encode("failed"), fact.encode("passed")], np.int16)
            kinds = list(dict.fromkeys(node.offers for node in nodes))
            kind = np.array([kinds.index(node.offers) for node in nodes])[of]
            for n in range(len(kinds)):
                inside = np.flatnonzero(kind == n)
                some, node = rows[inside], next(node for node in nodes if node.offers == kinds[n])
                clock = node.desk.plan.clock
                for exam in self.pupils.exams(some, place, year, times[inside], clock, node.offered):
                    self.tally.exam(place, exam)
                    column[np.searchsorted(rows, exam.rows)] = codes[exam.passed.astype(np.intp)]
        else:
            low = self.pupils.insufficient(rows, place, times)
            if low is not None:
                column[:] = np.where(low, *ends(self.automaton.law.facts[name]))
        return column

    def _wanted(
        self, rows: Rows, place: Place, times: Any, cases: Sequence[Case], case: Rows
    ) -> tuple[tuple[str, ...], NDArray[np.int8]]:
        """The move that the model has each pupil want: moves, and which of them, -1 for none."""
        routes = self.pupils.model.ties.routes_from(place, self.automaton.law)
        if not routes:
            return (), np.full(len(rows), -1, np.int8)
        asked = dict.fromkeys(check.fact.id for _route, checks in routes for check in checks)
        facts = {name: np.array([each.after.facts[name] for each in cases], np.int32)[case] for name in asked}
        return self.pupils.wishes(rows, place, times, facts)

    def _move(self, node: Node, taken: Taken | None, rows: Rows) -> None:
        self.node[rows] = -1 if taken is None else taken.node
        self.tally.moved(node, taken, rows)
        if taken is not None:
            self.pupils.moved(rows, taken.move, node.place)


def _first_open(case: Case, wanted: str, selected: Mapping[str, int]) -> Taken | None:
    """The first move that a pupil wants, is selected for, and that is open."""
    for wish in case.wishes:
        name = wanted if wish == MODELLED else wish
        taken = case.take(name) if name and selected.get(name, 1) else None
        if taken is not None:
            return taken
    return None


def _compact(numbers: NDArray[Any], count: int) -> tuple[list[int], Rows]:
    """The different ones among small numbers below ``count``, in rising order, and for each number which of them."""
    present = np.zeros(count, np.bool_)
    present[numbers] = True
    found = np.flatnonzero(present)
    where = np.zeros(count, np.intp)
    where[found] = np.arange(len(found))
    return found.tolist(), where[numbers]


def days(luck: draws.Words, years: int) -> NDArray[np.intp]:
    """Which of the days of birth each child has: every year alike, days by how many they stand for."""
    drawn = (draws.words(luck, "birth", "day", 0) >> np.uint64(32)).astype(np.int64)
    total = sum(DAYS_OF_YEAR)
    at = drawn * (total * years) >> 32
    day = at % total
    part = np.searchsorted(np.cumsum(DAYS_OF_YEAR), day, side="right")
    return at // total * len(DAYS_OF_YEAR) + part


def _variants(automaton: Automaton, plan: Plan, pupils: Pupils) -> Iterator[tuple[Plan, Rows]]:
    """The plan by what the schools of pupils offer, where a measure is offered by a share of schools."""
    shared = shares(plan)
    offers = [pupils.offered(name, share).astype(np.int16) for name, share in shared.items()]
    everybody = np.zeros(len(pupils.skills), np.int16)
    for values, rows in _distinct([everybody, *offers]):
        bits = (bool(value) for value in values[1:])
        yield automaton.variant(plan, tuple(zip(shared, bits, strict=True))), rows


def _distinct(columns: Sequence[NDArray[Any]]) -> Iterator[tuple[tuple[int, ...], Rows]]:
    """The different rows of some columns of small integers, from -1 up, with who has them, in rising order."""
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        code = code * (int(column.max(initial=0)) + 2) + (column + 1)
    order = np.argsort(code, kind="stable")
    ranked = code[order]
    cuts = np.flatnonzero(ranked[1:] != ranked[:-1]) + 1
    for inside in np.split(order, cuts):
        if inside.size:
            yield tuple(int(column[inside[0]]) for column in columns), inside
