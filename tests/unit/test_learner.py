"""Walks of pupils whose ability is given: what nobody gave comes from the model, and the walk says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.worlds import Chance as Luck
from trajectsim.learning.worlds import Select, World, model_of
from trajectsim.path.plan import Chance, Learning, Plan, Switch, start_of
from trajectsim.path.walk import Reason, Trajectory, play
from trajectsim.pupil import Pupil, Result

LAW = Lawbook.load()
BORN = date(2006, 3, 1)


def walk(level: str, **changes: object) -> Trajectory:
    pupil = Pupil(BORN, ability={"language": Decimal(level)})
    plan = Plan(pupil, start_of(pupil), learning=Learning())
    return play(evolve(plan, **changes), LAW)


@pytest.mark.parametrize(
    ("level", "diploma"),
    [("1.5", "wo-bachelor"), ("0.3", "hbo-bachelor"), ("-0.3", "mbo-4"), ("-1.4", "mbo-2"), ("-1.9", "pro")],
)
def test_who_is_able_goes_far(level: str, diploma: str) -> None:
    assert walk(level).diploma(diploma) is not None


def test_a_groep_is_done_twice_at_most() -> None:
    """Who was below the bar every year stayed in groep 1 until she was fourteen."""
    places = [step.state.place.id for step in walk("-2.4").steps]
    assert max(places.count(place) for place in set(places)) == 2


def test_what_the_model_told_is_said_with_its_evidence() -> None:
    found = walk("1.5")
    assert set(found.modelled) >= {"advice", "year_result", "exam_result"}
    assert found.evidence == "D"
    assert not {"advice", "year_result"} & set(found.assumed)
    exam = next(step for step in found.steps if step.exam is not None)
    assert exam.exam is not None
    assert exam.exam.passed
    assert "exam_result" in exam.modelled


def test_a_model_asks_for_the_same_parameters_whether_or_not_another_reckoned_its_sizes() -> None:
    """Sizes are shared by the models of a world: by which evidence a walk is told must not hang on who came first."""

    def asked(world: World) -> tuple[set[str], list[float]]:
        model = model_of(world, Luck(), LAW)
        sizes = [float(model.size(*name)) for name in names]
        return model.values.asked, sizes

    level = LAW.place("vo/havo/4")
    names = [("kappa",), ("reference", level), ("bar", level), ("skipped",), ("taught", level)]
    other = World(parameters={"cap": 0.1}, fade_out=False)
    for world in (World(), other):
        LAW._cache.clear()
        first = asked(world)
        assert first[0]
        assert asked(world) == first
    assert asked(World())[1] != asked(other)[1]


def test_given_results_count_as_they_are() -> None:
    given = (Result(SchoolYear(2013), "insufficient"),)
    found = walk("1.5", results=given, given={"advice": "havo"})
    repeated = found.at(SchoolYear(2013))
    assert repeated is not None
    assert repeated.taken is not None
    assert repeated.taken.rule.id == "repeat"
    assert "year_result" not in repeated.modelled
    assert "advice" not in found.modelled
    assert found.diploma("havo") is not None


def test_without_a_model_nothing_is_modelled() -> None:
    found = walk("1.5", learning=None)
    assert not found.modelled
    assert found.evidence == ""
    assert "year_result" in found.assumed


def test_who_is_weak_for_the_place_repeats() -> None:
    found = walk("-2.5")
    assert any(step.taken is not None and step.taken.rule.id == "repeat" for step in found.steps)


def test_a_selection_keeps_others_out() -> None:
    """Whom schools do not take to be good enough does not go to vwo in five years, though the school offers it."""
    select = Select("to-vwo-five-years", ("po/*",), above=1.4)
    offered = {"measures": {"five-year-vwo": Switch(True)}, "selects": (select,)}
    chosen, left = walk("1.6", **offered), walk("1.2", **offered)
    assert any(step.state.place.id.startswith("vo/vwo-five") for step in chosen.steps)
    assert not any(step.state.place.id.startswith("vo/vwo-five") for step in left.steps)
    taken = next(s for s in chosen.steps if s.taken is not None and s.taken.rule.id == "to-vwo-five-years")
    assert taken.reason is Reason.CHOICE


def test_luck_makes_another_future_and_always_the_same() -> None:
    futures = [
        [s.state.place.id for s in walk("0.2", learning=Learning(luck=Luck(5, n))).steps] for n in (0, 1, 2, 3, 4, 0)
    ]
    assert futures[0] == futures[5]
    assert len({tuple(each) for each in futures}) > 1


def test_a_practice_with_a_chance_is_drawn() -> None:
    """In fixed mode it is the likelier; drawn, some are promoted and some are not."""
    practices = {"practices": {"promotion": Chance(Decimal("0.7"))}}
    assert not any(s.taken is not None and s.taken.rule.id == "repeat" for s in walk("1.5", **practices).steps)
    repeats = [
        sum(s.taken is not None and s.taken.rule.id == "repeat" for s in play_drawn(n, practices).steps)
        for n in range(6)
    ]
    assert max(repeats) > 0


def play_drawn(n: int, changes: dict[str, object]) -> Trajectory:
    return walk("1.5", learning=Learning(World(), Luck(1, n)), **changes)
