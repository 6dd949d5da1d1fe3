"""A fan: every future of it is a walk in drawn mode, shares add up, and it is the same each time."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from trajectsim.calendar import SchoolYear
from trajectsim.cli import execute
from trajectsim.cohort.design import of_pupil, policy_plan
from trajectsim.cohort.fan import Fan, Share, Unfit, fan
from trajectsim.cohort.figures import Band
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.worlds import Chance, World
from trajectsim.path.plan import Learning, Plan
from trajectsim.path.walk import play
from trajectsim.pupil import Pupil
from trajectsim.report.fan import fan_text

FUTURES = 40
SARA = Path(__file__).parents[2] / "scenarios" / "paths" / "sara.toml"


def plan(level: str) -> Plan:
    pupil = Pupil(date(2005, 3, 15), ability={"language": Decimal(level)})
    return evolve(of_pupil(policy_plan(), pupil.born), pupil=pupil, learning=Learning())


@pytest.fixture(scope="module")
def found(law: Lawbook) -> Fan:
    return fan(plan("0.7"), law, FUTURES, 3)


def test_every_future_is_a_drawn_walk(law: Lawbook, found: Fan) -> None:
    walks = [
        play(evolve(plan("0.7"), learning=Learning(World(), Chance(3, number % 25, number // 25))), law)
        for number in range(FUTURES)
    ]
    earned = Counter(name for walk in walks for name in {e.diploma for e in walk.earned})
    assert {fate.diploma: round(fate.share.percent * FUTURES / 100) for fate in found.diplomas} == earned
    there = Counter((step.state.year, step.state.place.id) for walk in walks for step in walk.steps)
    told = {
        (year, place): round(share.percent * FUTURES / 100)
        for year, places in found.places.items()
        for place, share in places.items()
    }
    assert told == there
    assert found.evidence == "D"


def test_shares_and_bands_are_possible(found: Fan) -> None:
    for places in found.places.values():
        assert sum(share.percent for share in places.values()) <= 100 + 1e-6
        assert all(0 <= s.band.low <= s.band.median <= s.band.high <= 100 for s in places.values())
    assert sum(share.percent for share in found.ends.values()) == pytest.approx(100)
    for fate in found.diplomas:
        assert sum(fate.ages.values()) == round(fate.share.percent * FUTURES / 100)
        assert min(fate.ages) <= fate.age(1) <= fate.age(5) <= fate.age(9) <= max(fate.ages)
    assert (found.futures, found.sets) == (FUTURES, 25)


def test_the_same_seed_is_the_same_fan_and_another_is_another(law: Lawbook) -> None:
    one, two, three = (fan(plan("0.7"), law, 12, seed) for seed in (1, 1, 2))
    assert one.places == two.places
    assert one.places != three.places


def test_a_share_lies_in_its_band_however_few_futures_there_are(law: Lawbook) -> None:
    found = fan(plan("0.7"), law, 40, 3)
    shares = [share for places in found.places.values() for share in places.values()]
    assert any(share.band.low < share.percent for share in shares)
    assert all(share.band.low <= share.percent <= share.band.high for share in shares)


def test_more_ability_is_more_often_a_vwo_diploma(law: Lawbook) -> None:
    shares = [
        next((fate.share.percent for fate in fan(plan(level), law, 20).diplomas if fate.diploma == "vwo"), 0.0)
        for level in ("-0.5", "2.0")
    ]
    assert shares[0] < shares[1]


def test_a_fan_that_is_stopped_has_what_was_played(law: Lawbook) -> None:
    seen: list[int] = []
    found = fan(plan("0.7"), law, 30, told=lambda done, _all: seen.append(done), stop=lambda: len(seen) >= 4)
    assert found.futures == 4


def test_without_an_ability_there_is_no_fan(law: Lawbook) -> None:
    without = plan("0.7")
    with pytest.raises(Unfit):
        fan(evolve(without, pupil=Pupil(without.pupil.born)), law, 3)


def test_explain_tells_a_fan(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", str(SARA), "--fan", "10", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "10 futures of Sara, in 10 sets of parameters" in out
    assert "no advice about a child" in out
    assert execute(["explain", str(SARA), "--fan", "10", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["futures"] == 10
    assert data["places"]["2012/2013"] == {"po/1": {"percent": 100.0, "low": 100.0, "high": 100.0}}


def test_explain_of_a_pupil_without_ability_refuses_a_fan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    file.write_text('title = "x"\n[pupil]\nborn = 2006-01-01\n', "utf-8")
    assert execute(["explain", str(file), "--fan", "10", "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "S207" in err


def test_what_is_left_of_shares_that_do_not_add_up_to_the_last_bit_is_not_told(law: Lawbook, found: Fan) -> None:
    third = Share(100 / 3 - 1e-13, Band(30.0, 30.0, 30.0))
    places = dict.fromkeys(("vo/vwo/1", "vo/havo/1", "vo/tl/1"), third)
    told = fan_text("x", evolve(found, places={SchoolYear(2017): places}), law)
    assert "33%" in told
    assert "0.0%" not in told
    assert "out of school" not in told.split("Where she is")[1].split("\n\n")[0]
