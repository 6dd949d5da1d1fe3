"""The peer: the havo pass rule of exam year 2019 in OpenFisca, to be measured beside ours.

Install with `pip install openfisca-core`; then: python benchmarks/openfisca_havo.py

A candidate is a group entity and each of his subject rows is a member, as a household has persons. Marks are whole
tenths, so every figure is exact. No subject is left out and none is rated; this is the rule, not the choice around it.

The simulation is filled in one of two ways. `by_builder` is the one that OpenFisca documents for data in columns and
that its survey manager uses; it walks through every identity and every role in Python. `by_arrays` writes the same
into the populations as OpenFisca's own generator of test simulations does, which is far faster and less known.
"""
# ruff: noqa: N801, N805 - in OpenFisca a variable is a class in small letters, a formula a function of a population

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from numpy.typing import NDArray
from openfisca_core.entities import build_entity
from openfisca_core.model_api import YEAR, ParameterNode, Variable, max_, not_, where
from openfisca_core.parameters import ParameterNodeAtInstant
from openfisca_core.periods import Instant, Period
from openfisca_core.populations import GroupPopulation, Population
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

Marks = NDArray[np.uint8]
Verdicts = NDArray[np.bool_]
Parameters = Callable[[Instant | Period | str], ParameterNodeAtInstant]

EXAM = "2019"
SUBJECTS = ("netl", "entl", "wisa", "econ", "gesc", "beco", "dutl", "maat", "ckv", "pws")
CORE = ("netl", "entl", "wisa")
PARTS = ("maat", "ckv", "pws")
RUNS = 15

Subject = build_entity("subject", "subjects", "A subject on the grade list of one candidate", is_person=True)
Candidate = build_entity(
    "candidate", "candidates", "A candidate with all his subjects", roles=[{"key": "subject", "plural": "subjects"}]
)


# What is given


class se(Variable):
    value_type = int
    entity = Subject
    definition_period = YEAR
    label = "School exam mark, in tenths"


class ce(Variable):
    value_type = int
    entity = Subject
    definition_period = YEAR
    label = "Central exam mark, in tenths; 0 where there is none"


class is_core(Variable):
    value_type = bool
    entity = Subject
    definition_period = YEAR
    label = "Dutch, English, or maths A, B or C"


class is_part(Variable):
    value_type = bool
    entity = Subject
    definition_period = YEAR
    label = "A part of the combination mark"


# What follows for a subject


class final_mark(Variable):
    value_type = int
    entity = Subject
    definition_period = YEAR
    label = "Final mark: the mean, cut to one decimal, then rounded"
    reference = "Eindexamenbesluit VO, art. 47"

    def formula(subject: Population, period: Period) -> NDArray[np.int32]:
        se = subject("se", period)
        ce = subject("ce", period)
        tenths = where(ce > 0, (se + ce) // 2, se)
        return (tenths + 5) // 10


class points_short(Variable):
    value_type = int
    entity = Subject
    definition_period = YEAR
    label = "How far the final mark is below a 6"

    def formula(subject: Population, period: Period, parameters: Parameters) -> NDArray[np.int32]:
        return max_(parameters(period).sufficient - subject("final_mark", period), 0)


# What follows for a candidate


class combination_mark(Variable):
    value_type = int
    entity = Candidate
    definition_period = YEAR
    label = "Combination mark: the mean of the whole final marks of its parts, cut to one decimal, then rounded"
    reference = "Eindexamenbesluit VO, art. 50, lid 2"

    def formula(candidate: GroupPopulation, period: Period) -> NDArray[np.int64]:
        is_part = candidate.members("is_part", period)
        total = candidate.sum(is_part * candidate.members("final_mark", period)).astype(int)
        tenths = 10 * total // candidate.sum(is_part).astype(int)
        return (tenths + 5) // 10


class ce_mean_enough(Variable):
    value_type = bool
    entity = Candidate
    definition_period = YEAR
    label = "The mean of the central exam marks, not rounded, is at least 5.5"
    reference = "Eindexamenbesluit VO, art. 50, lid 1, a"

    def formula(candidate: GroupPopulation, period: Period, parameters: Parameters) -> Verdicts:
        ce = candidate.members("ce", period)
        return candidate.sum((ce > 0) * (ce - parameters(period).ce_mean)) >= 0


class core_enough(Variable):
    value_type = bool
    entity = Candidate
    definition_period = YEAR
    label = "At most one 5 in the core subjects, and nothing lower"
    reference = "Eindexamenbesluit VO, art. 50, lid 1"

    def formula(candidate: GroupPopulation, period: Period, parameters: Parameters) -> Verdicts:
        is_core = candidate.members("is_core", period)
        points_short = candidate.members("points_short", period)
        return candidate.sum(is_core * points_short) <= parameters(period).core_points_short


class parts_enough(Variable):
    value_type = bool
    entity = Candidate
    definition_period = YEAR
    label = "Every part of the combination mark is at least a 4"
    reference = "Eindexamenbesluit VO, art. 50, lid 1, d"

    def formula(candidate: GroupPopulation, period: Period, parameters: Parameters) -> Verdicts:
        is_part = candidate.members("is_part", period)
        final_mark = candidate.members("final_mark", period)
        return not_(candidate.any(is_part * (final_mark < parameters(period).lowest_part)))


class pattern_enough(Variable):
    value_type = bool
    entity = Candidate
    definition_period = YEAR
    label = "At most one 5; or one 4, two 5s, or a 4 and a 5, with a mean of at least 6.0"
    reference = "Eindexamenbesluit VO, art. 50, lid 1"

    def formula(candidate: GroupPopulation, period: Period, parameters: Parameters) -> Verdicts:
        sufficient = parameters(period).sufficient
        counts = not_(candidate.members("is_part", period))
        final_mark = candidate.members("final_mark", period)
        combination = candidate("combination_mark", period)

        points = candidate.sum(counts * candidate.members("points_short", period)) + max_(sufficient - combination, 0)
        marks = candidate.sum(counts * (final_mark < sufficient)) + (combination < sufficient)
        surplus = candidate.sum(counts * (final_mark - sufficient)) + (combination - sufficient)

        no_3 = points - marks <= 1  # of one mark or two, three points short at most
        return (points <= 1) | ((points <= 3) & (marks <= 2) & no_3 & (surplus >= 0))


class passed_exam(Variable):
    value_type = bool
    entity = Candidate
    definition_period = YEAR
    label = "The candidate has passed"
    reference = "Eindexamenbesluit VO, art. 50"

    def formula(candidate: GroupPopulation, period: Period) -> Verdicts:
        return (
            candidate("ce_mean_enough", period)
            * candidate("core_enough", period)
            * candidate("parts_enough", period)
            * candidate("pattern_enough", period)
        )


def havo() -> TaxBenefitSystem:
    """The law of the havo exam as an OpenFisca system."""
    system = TaxBenefitSystem([Subject, Candidate])
    system.parameters = ParameterNode(
        data={
            "ce_mean": {"values": {"2012-01-01": {"value": 55}}},
            "core_points_short": {"values": {"2013-01-01": {"value": 1}}},
            "sufficient": {"values": {"2012-01-01": {"value": 6}}},
            "lowest_part": {"values": {"2012-01-01": {"value": 4}}},
        }
    )
    system.add_variables(se, ce, is_core, is_part, final_mark, points_short, combination_mark)
    system.add_variables(ce_mean_enough, core_enough, parts_enough, pattern_enough, passed_exam)
    return system


HAVO = havo()
COMPUTED = [name for name, variable in HAVO.variables.items() if variable.formulas]


def by_builder(se: Marks, ce: Marks) -> Simulation:
    """Fill a simulation by the builder, the rows of a candidate side by side: the order that it joins fastest."""
    rows, candidates = se.shape
    builder = SimulationBuilder()
    builder.create_entities(HAVO)
    builder.declare_person_entity("subject", range(rows * candidates))
    population = builder.declare_entity("candidate", range(candidates))
    of_candidate = np.repeat(np.arange(candidates), rows)
    builder.join_with_persons(population, of_candidate, roles=np.zeros(rows * candidates, dtype=np.int8))
    simulation = builder.build(HAVO)
    simulation.set_input("se", EXAM, se.T.ravel())
    simulation.set_input("ce", EXAM, ce.T.ravel())
    simulation.set_input("is_core", EXAM, np.tile(np.isin(SUBJECTS, CORE), candidates))
    simulation.set_input("is_part", EXAM, np.tile(np.isin(SUBJECTS, PARTS), candidates))
    return simulation


def by_arrays(se: Marks, ce: Marks) -> Simulation:
    """Fill a simulation by writing the populations' arrays, subject after subject: the order of the columns."""
    rows, candidates = se.shape
    simulation = Simulation(HAVO, HAVO.instantiate_entities())
    simulation.persons.count = rows * candidates
    simulation.persons.ids = np.arange(rows * candidates)
    simulation.candidate.count = candidates
    simulation.candidate.ids = np.arange(candidates)
    simulation.candidate.members_entity_id = np.tile(simulation.candidate.ids, rows)
    simulation.set_input("se", EXAM, se.ravel())
    simulation.set_input("ce", EXAM, ce.ravel())
    simulation.set_input("is_core", EXAM, np.repeat(np.isin(SUBJECTS, CORE), candidates))
    simulation.set_input("is_part", EXAM, np.repeat(np.isin(SUBJECTS, PARTS), candidates))
    return simulation


Fill = Callable[[Marks, Marks], Simulation]


def passed(se: Marks, ce: Marks, fill: Fill = by_builder) -> Verdicts:
    """Who has passed, from columns of marks in tenths by subject and candidate; ce is 0 where there is none."""
    return fill(se, ce).calculate("passed_exam", EXAM)


def passed_prepared(se: Marks, ce: Marks, fill: Fill = by_arrays) -> Callable[[], Verdicts]:
    """The calculation alone: a function that forgets what was computed from these marks and computes it again."""
    simulation = fill(se, ce)

    def again() -> Verdicts:
        for name in COMPUTED:
            simulation.delete_arrays(name)
        return simulation.calculate("passed_exam", EXAM)

    return again


def columns(n: int, seed: int) -> tuple[Marks, Marks]:
    """Random marks in tenths of n candidates, by subject: the parts have whole marks and no central exam."""
    generator = np.random.default_rng(seed)
    parts = np.isin(SUBJECTS, PARTS)
    size = (len(SUBJECTS), n)
    se = np.clip(np.rint(generator.normal(65, 10, size)), 10, 100)
    se[parts] = np.rint(se[parts] / 10) * 10
    ce = np.clip(np.rint(generator.normal(63, 11, size)), 10, 100)
    ce[parts] = 0
    return se.astype(np.uint8), ce.astype(np.uint8)


def timed(what: str, candidates: int, action: Callable[[], object], runs: int = RUNS) -> None:
    """Print the candidates a second of an action, and the median and range of its milliseconds."""
    times: list[float] = []
    for _run in range(runs):
        gc.collect()  # a simulation refers to itself: what the last one left is not to be paid for by this one
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    middle, least, most = median(times), min(times), max(times)
    speed = f"{candidates / middle:12,.0f} candidates a second"
    print(f"{what:24} {speed}   ({middle * 1000:.1f} ms, min {least * 1000:.1f}, max {most * 1000:.1f})")


def main() -> None:
    n = 100_000
    marks = columns(n, seed=1)
    timed("by the builder", n, lambda: passed(*marks))
    timed("by arrays", n, lambda: passed(*marks, fill=by_arrays))
    timed("without set-up", n, passed_prepared(*marks))


if __name__ == "__main__":
    main()
