"""Known experiments, played as cohorts (P.7 rule 8 of the evidence dossier): what studies found comes out of a run with
the measure beside one without. That shows that the model does with its numbers what they say, not that they are so."""

from __future__ import annotations

from statistics import median as middle
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from trajectsim.cohort.automaton import Automaton
from trajectsim.cohort.design import Cohort, Policy, born, policy_plan
from trajectsim.cohort.figures import Line, line, named
from trajectsim.cohort.grid import Grid
from trajectsim.cohort.lives import Lives
from trajectsim.cohort.running import Finished, run
from trajectsim.cohort.sharing import Way
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.parameters import shipped
from trajectsim.learning.worlds import Chance, Select, World, model_of
from trajectsim.path.plan import Plan, Switch

pytestmark = pytest.mark.long

WITHOUT, FIVE, TEACHER, COMPACTING, HONOURS = "without", "five", "teacher", "compacting", "honours"
ENRICHED, PLUS, SKIPPING = "enriched", "plus", "skipping"
ABLE = Select("to-vwo-five-years", ("po/8",), 1.2)
INSTEAD = {"measure.specialist-timetable.delta": True, "measure.vo-teacher-in-po.delta": False}
WORLDS = (
    World("plain"),
    World("instead", effects=INSTEAD),
    World("off", effects={"repeating.delta": False}),
    World("on-time", effects={"measure.plusklas.delta": False, "measure.plusklas.on_time": True}),
    World("zero", {f"measure.{measure}.delta": 0.0 for measure in (COMPACTING, HONOURS)}),
)


def plan(selects: tuple[Select, ...] = (), **switches: Switch) -> Plan:
    on = {name.replace("_", "-"): switch for name, switch in switches.items()}
    return evolve(policy_plan(), measures=on, selects=selects)


@pytest.fixture(scope="module")
def done(law: Lawbook) -> Finished:
    on = Switch(True)
    policies = {
        WITHOUT: plan(),
        FIVE: plan((ABLE,), five_year_vwo=on),
        TEACHER: plan(vo_teacher_in_po=on),
        COMPACTING: plan(compacting=on),
        HONOURS: plan(honours=on),
        ENRICHED: plan(enriched_vwo=on),
        PLUS: plan(plus_class=on),
        SKIPPING: plan((Select("skip", ("po/4",), 1.0),), skip_year=on),
    }
    ready = tuple(Policy(name, each) for name, each in policies.items())
    return run(Cohort(1000, (2005,), ready, WORLDS, seed=5, replications=9), law)


def told(done: Finished, law: Lawbook, figure: str, policy: str, world: str = "plain") -> Line:
    found = line(done, named(law)[figure], world, policy, WITHOUT)
    assert found is not None
    assert found.difference is not None
    return found


def middling(done: Finished, law: Lawbook, figure: str, policy: str, world: str = "plain") -> float:
    return middle(told(done, law, figure, policy, world).differences)


def test_a_compressed_track_lowers_marks_and_has_more_repeat_but_graduation_is_flat(
    done: Finished, law: Lawbook
) -> None:
    """G8 (Huebener & Marcus 2017): pupils of the track, who would be in it anyway."""
    assert -0.25 < middling(done, law, "ce.vwo", FIVE) < 0
    assert middling(done, law, "repeats.vo", FIVE) > 0
    assert abs(middling(done, law, "diploma.vwo", FIVE)) < 1
    assert middling(done, law, "age.vwo", FIVE) < -0.2


def test_a_specialist_timetable_costs_and_an_extra_teacher_does_little(done: Finished, law: Lawbook) -> None:
    """Fryer 2018; Hwang & Kisida 2022: in the place of the class teacher. On top of one: no study, -0.02 to 0.05."""
    assert middling(done, law, "diploma.vwo", TEACHER, "instead") < 0
    assert done.asked_more("instead", TEACHER, WITHOUT) == {"measure.specialist-timetable.delta"}
    assert middling(done, law, "diploma.vwo", TEACHER) > middling(done, law, "diploma.vwo", TEACHER, "instead")


def test_repeating_a_year_costs(done: Finished, law: Lawbook) -> None:
    """Goos 2021, systems that track: -0.18 against the same age. The same children, with the effect and without it."""
    worse = {"passed.havo": -1, "diploma.havo": -1, "repeats.vo": 1}  # at havo most have repeated
    for figure, sign in worse.items():
        found = [line(done, named(law)[figure], world, WITHOUT, WITHOUT) for world in ("plain", "off")]
        with_it, without = (each.values for each in found if each is not None)
        assert sign * middle(a - b for a, b in zip(with_it, without, strict=True)) > 0


@pytest.mark.parametrize("measure", [COMPACTING, HONOURS])
def test_compacting_and_honours_do_nothing_to_achievement(measure: str, done: Finished, law: Lawbook) -> None:
    """Reis 1998: no loss and no gain; van Broekhoven 2021: growth not different once the start is measured. What a
    student learns beside her study no figure reads: there the number itself has to be nothing, give or take."""
    effect = shipped()[f"measure.{measure}.delta"]
    assert (effect.value, effect.low) == (0, -effect.high)  # pyright: ignore[reportOperatorIssue]
    for figure in ("diploma.vwo", "ce.vwo", "ce.havo", "success.wo", "repeats.vo"):
        assert abs(middling(done, law, figure, measure)) < (0.03 if figure.startswith("ce.") else 1.5)
        assert set(told(done, law, figure, measure, "zero").differences) == {0.0}


def test_enrichment_raises_marks_near_the_cutoff_a_little(done: Finished, law: Lawbook) -> None:
    """Booij, Haan & Plug 2017: a programme in secondary school, 0.2 SD of the mean mark near the cutoff, which is 0.11
    of a mark; the one parameter is a yearly effect that fades, and here it lasts all of vwo."""
    assert 0.05 < middling(done, law, "ce.vwo", ENRICHED) < 0.3
    assert told(done, law, "ce.vwo", ENRICHED).sure
    assert middling(done, law, "diploma.vwo", ENRICHED) >= 0
    assert done.asked_more("plain", ENRICHED, WITHOUT) >= {"measure.enriched-vwo.delta"}


def test_a_plus_class_has_one_of_its_two_forms(done: Finished, law: Lawbook) -> None:
    """De Graaf 2019 (SEO): 6 points more who do vwo in six years, as a yearly effect or as a logit; never as both."""
    for world, form, other in (("plain", "delta", "on_time"), ("on-time", "on_time", "delta")):
        assert middling(done, law, "diploma.vwo", PLUS, world) > 0
        asked = done.asked_more(world, PLUS, WITHOUT)
        assert f"measure.plusklas.{form}" in asked
        assert f"measure.plusklas.{other}" not in asked


def test_compacting_frees_lesson_time(done: Finished, law: Lawbook) -> None:
    """Reis 1998: 40 to 50% of what is taught was dropped."""
    found = line(done, named(law)["freed.po"], "plain", COMPACTING, WITHOUT)
    assert found is not None
    assert 30 <= found.value.low <= found.value.high <= 50


def test_a_year_skipped_is_compared_by_age_and_by_grade(done: Finished, law: Lawbook) -> None:
    """P.7, rule 4. Steenbergen-Hu 2016: 0.70 against the same age, which is a year more of the curriculum, and about
    nothing against older classmates: one effect, looked at from two sides."""
    sides = {
        side: line(done, named(law)[f"ahead.same-{side}"], "plain", SKIPPING, WITHOUT) for side in ("age", "grade")
    }
    age, grade = sides["age"], sides["grade"]
    assert age is not None
    assert grade is not None
    assert 0.3 < age.value.median < 0.9
    assert abs(grade.value.median) < 0.2
    assert age.value.median - grade.value.median > 0.3
    assert line(done, named(law)["behind.same-age"], "plain", SKIPPING, WITHOUT) is None


def test_repeating_is_compared_by_age_and_by_grade(law: Lawbook) -> None:
    """Goos 2021: less favourable against the same age than against younger classmates. Here beside schools where
    everybody goes on, whatever the year was."""
    onwards = evolve(plan(), practices={"promotion": "always"})
    worlds = (World(parameters={"bar.po": -1.0}),)
    cohort = Cohort(400, (2005,), (Policy(WITHOUT, onwards), Policy("usual", plan())), worlds, seed=5, replications=5)
    done = run(cohort, law)
    age, grade = (line(done, named(law)[f"behind.same-{side}"], "plain", "usual", WITHOUT) for side in ("age", "grade"))
    assert age is not None
    assert grade is not None
    assert age.value.median < grade.value.median < 0


def timely(law: Lawbook, measures: dict[str, Switch], effects: dict[str, bool]) -> tuple[Any, Any]:
    """Skill at the age of groep 8, and who earns vwo at the age of who never lost a year, with no parameter drawn."""
    known = {key: list(p.value) if isinstance(p.value, tuple) else p.value for key, p in shipped().items()}
    pinned = {key: {"value": value, "low": value, "high": value} for key, value in known.items()}
    model = model_of(World("pinned", pinned, effects), Chance(5, 0), law)
    many, vwo = 6000, np.uint64(law.facts["diplomas"].mask(["vwo"]))
    grid = Grid(Automaton(law))
    lives = Lives.born(grid, [Way(plan(**measures))], [model], born((2003,)), 5, [0], np.arange(many))
    skill, on_time = np.full(many, -9.0), np.zeros(many, np.bool_)
    while lives.age <= NOMINAL:
        if lives.age == LAST_OF_PO:
            skill[lives.row] = lives.pupils.skills.mean()
        lives.year()
    on_time[lives.row] = (lives.became["diplomas"] & vwo) > 0
    return skill, on_time


LAST_OF_PO, NOMINAL = 11, 17


@pytest.mark.parametrize(
    "effects", [{}, {"measure.plusklas.delta": False, "measure.plusklas.on_time": True}], ids=["delta", "on-time"]
)
def test_a_plus_class_has_more_of_the_best_do_vwo_in_six_years(effects: dict[str, bool], law: Lawbook) -> None:
    """De Graaf 2019 (SEO): of pupils with a test result of 549 or 550, 6 points more on somewhat over 70%; -1 to 13."""
    skill, before = timely(law, {}, effects)
    _skill, after = timely(law, {"plus_class": Switch(True)}, effects)
    best = skill > np.quantile(skill, 0.9)
    assert 60 < 100 * before[best].mean() < 90
    assert 1 < 100 * (after[best].mean() - before[best].mean()) < 9
