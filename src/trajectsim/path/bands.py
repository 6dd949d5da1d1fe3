"""How far what a model told may lie from what comes: bands from drawn futures on the way of a walk.

    ``bands(walk)`` -> Bands, None where nothing was modelled

A walk in fixed mode has one number where there may be many. Here the pupil goes the way of the walk again, place by
place and move by move, some hundreds of times side by side: in sets with parameters drawn from their ranges, and in
each set with luck of her own. So a band is of her marks if she sits this exam in this year, and not of whether she
comes to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from attrs import frozen

from trajectsim import draws
from trajectsim.calendar import SchoolYear
from trajectsim.exam.judging import judged
from trajectsim.exam.sheets import Batch
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.lanes import Lanes, Sizes
from trajectsim.learning.model import Model
from trajectsim.learning.parameters import shipped, weakest
from trajectsim.learning.pupils import Pupils
from trajectsim.learning.sitting import Sat
from trajectsim.learning.worlds import Chance, World, model_of
from trajectsim.path.learner import end_year, ends, learn_year, sit_exam

if TYPE_CHECKING:
    from trajectsim.path.walk import Step, Trajectory

SETS, EACH, SEED = 20, 10, 1
"""Sets of parameters, futures in each of them, and their luck."""

Ends = tuple[int, int]
"""Marks in tenths that 80% of the futures lie between, both included."""


@frozen
class MarkBand:
    """The marks of a subject; ``ce`` (the better of two where it was sat again) is None where there is no such exam."""

    subject: str
    se: Ends
    ce: Ends | None
    final: Ends


@frozen
class YearBand:
    """What was modelled of a school year: marks of the exam, and for each fact in how many % of the futures it is told
    as on the walk."""

    marks: tuple[MarkBand, ...]
    shares: Mapping[str, float]


@frozen
class Bands:
    """Of a walk, by school year. ``evidence``: the weakest grade behind them."""

    years: Mapping[SchoolYear, YearBand]
    futures: int
    evidence: str


def bands(walk: Trajectory) -> Bands | None:
    """The bands of a walk in fixed mode whose results a model told. They are kept as long as the walk is."""
    if walk not in _KEPT:
        _KEPT[walk] = _bands(walk)
    return _KEPT[walk]


# --- how it does it -----------------------------------------------------------------------------------------

_KEPT: WeakKeyDictionary[Trajectory, Bands | None] = WeakKeyDictionary()


def _bands(walk: Trajectory) -> Bands | None:
    learning, law = walk.plan.learning, walk.steps[0].after.law
    if learning is None or learning.luck.seed is not None or not walk.modelled:
        return None
    models, before = _models(learning.world, law)
    lanes = Lanes(models, np.repeat(np.arange(SETS), EACH), sizes=Sizes(models, before))
    luck = np.concatenate([draws.pupils(SEED, number, np.arange(EACH)) for number in range(SETS)])
    plan = walk.plan
    ability = {domain: float(level) for domain, level in plan.pupil.ability.items()}
    futures = _Futures(walk, lanes, Pupils.able(lanes, luck, ability, plan.pupil.profile))
    years = dict(futures.years())
    return Bands(years, len(luck), weakest(shipped(), lanes.asked()))


def _models(world: World, law: Lawbook) -> tuple[tuple[Model, ...], dict[Any, Any]]:
    """The models of a world, and what was reckoned of them before."""
    return law.kept(
        ("models of futures", repr(world)),
        lambda: (tuple(model_of(world, Chance(SEED, number), law) for number in range(SETS)), dict[Any, Any]()),
    )


@frozen(eq=False)
class _Futures:
    walk: Trajectory
    lanes: Lanes
    pupils: Pupils

    def years(self) -> Iterator[tuple[SchoolYear, YearBand]]:
        for step in self.walk.steps:
            learn_year(self.pupils, step.before)
            sat = self._sat(step) if step.marks_modelled else None
            if step.modelled:
                shares = {name: _percent(told) for name, told in self._alike(step, sat)}
                yield step.state.year, YearBand(tuple(_marks(sat)) if sat is not None else (), shares)
            if step.taken is not None:
                end_year(self.pupils, step.after, step.taken.rule.id)

    def _sat(self, step: Step) -> Sat:
        assert step.exam is not None
        self.pupils.profile = step.exam.judged.batch.layout.profile
        return sit_exam(self.pupils, step.before)

    def _alike(self, step: Step, sat: Sat | None) -> Iterator[tuple[str, Any]]:
        """For each fact that was modelled in which futures it is told alike, where that is known."""
        state, pupils, facts = step.state, self.pupils, step.before.law.facts
        for name, value in step.modelled.items():
            if name == "advice":
                yield name, self.lanes.advice(pupils.skills).code == value
            elif sat is not None and name == "exam_result":
                yield name, sat.passed == (value == facts[name].encode("passed"))
            elif name in ("year_result", "exam_result"):
                low = self.lanes.insufficient(pupils.skills, state.place, pupils.gpa, state.years_in_place)
                if low is not None:
                    yield name, low == (value == ends(facts[name])[0])


def _percent(told: Any) -> float:
    return 100 * int(np.count_nonzero(told)) / len(told)


def _marks(sat: Sat) -> Iterator[MarkBand]:
    """The marks of each subject that has a final mark, resits included."""
    paper, numbers = sat.paper, sat.batch.numbers
    resit = np.zeros_like(numbers["se"])
    if sat.second is not None:
        resit[:, sat.again] = sat.second.numbers["resit"]
    whole = Batch(sat.batch.layout, {**numbers, "resit": resit}, sat.batch.ratings)
    finals = judged(whole, paper.law, paper.clock, paper.offered).finals.final
    central = np.maximum(numbers["ce"], resit)
    for row in paper.form.graded:
        code = paper.form.layout.slots[row].code
        ce = _ends(central[row]) if row in paper.form.with_ce else None
        yield MarkBand(code, _ends(numbers["se"][row]), ce, _ends(finals[row]))


def _ends(marks: Any) -> Ends:
    ranked = sorted(marks.tolist())
    last = len(ranked) - 1
    return ranked[last // 10], ranked[last - last // 10]
