"""``options`` and ``routes`` as they are called: what they print, as what, and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trajectsim import cli

PATHS = Path(__file__).parents[2] / "scenarios" / "paths"
HAVO_4 = PATHS / "start-in-havo-4.toml"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = cli.execute([*map(str, arguments), "--lang", "en"])
    out, err = capsys.readouterr()
    return code, out, err


def test_options_has_the_lawful_steps_first_and_says_what_opens_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "options", PATHS / "advice-too-low.toml", "-k", "kb-gt", "--in", "2015/2016")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "2015/2016 · groep 8 · age 11"
    lawful, refused = out.split("\nNot possible:\n")
    assert "✓ To vmbo-kb" in lawful
    assert "✗ To vwo: needs not met: school advice" in refused
    assert "Inrichtingsbesluit WVO art. 3 lid 2 [A]" in refused
    assert "open under the law of other years: up to 2014/2015" in refused
    assert "open with the measure Skip a year" not in out  # groep 8 is the last


def test_options_chooses_the_last_year_that_is_spoken_of_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "options", PATHS / "failed-exam-and-repeat.toml", "--format", "json")
    data = json.loads(out)
    assert code == 0
    assert data["year"] in err
    assert {"lawful", "undecided", "refused"} <= data.keys()
    assert all(each["cite"] and each["why_not"] for each in data["refused"])


def test_routes_tells_the_earliest_first_with_what_it_hangs_on(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "routes", HAVO_4, "--to", "vwo")
    assert (code, err) == (0, "")
    assert out.startswith("From havo 4 in 2026/2027 to: vwo diploma\n")
    assert "no place twice" in out.splitlines()[1]
    assert "\n1. vwo diploma in 20" in out
    assert "· assumed, result of the exam: passed: " in out
    data = json.loads(run(capsys, "routes", HAVO_4, "--to", "vwo", "--most", "1000", "--format", "json")[1])
    moves = [[step["move"] for step in route["steps"]] for route in data["routes"]]
    assert ["promote", "havo-diploma-to-vwo-5", "promote"] in moves
    assert data["earliest"] == data["routes"][0]["year"] == min(route["year"] for route in data["routes"])
    assert not data["more"]
    assert all(step["cite"] for route in data["routes"] for step in route["steps"])


def test_routes_may_start_later_be_bounded_and_be_counted(capsys: pytest.CaptureFixture[str]) -> None:
    one = run(capsys, "routes", HAVO_4, "--to", "wo", "--most", "1")[1].splitlines()
    assert one[0] == "From havo 4 in 2026/2027 to: wo bachelor"  # a track has its name, not the pattern of its places
    assert one[1].startswith("the first route; there are more; ")
    later = json.loads(run(capsys, "routes", HAVO_4, "--to", "vwo", "--in", "2027/2028", "--format", "json")[1])
    assert later["from"] == {"year": "2027/2028", "place": "vo/havo/5"}
    code, out, _err = run(capsys, "routes", HAVO_4, "--to", "vwo", "--max-years", "0")
    assert code == 0
    assert "No lawful route leads there; of at most 0 school years, no place twice." in out
    few = json.loads(run(capsys, "routes", HAVO_4, "--to", "18", "--most", "2", "--format", "json")[1])
    assert len(few["routes"]) == 2
    assert few["more"]


@pytest.mark.parametrize("goal", ["vw", "0", "ho/wo/9"])
def test_a_goal_that_is_none_is_told(goal: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "routes", HAVO_4, "--to", goal)
    assert (code, out) == (2, "")
    assert "is no place, diploma, study or age" in err


def test_a_year_out_of_the_walk_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (("options", HAVO_4), ("routes", HAVO_4, "--to", "vwo")):
        code, _out, err = run(capsys, *command, "--in", "2010/2011")
        assert code == 2
        assert "in 2010/2011 the pupil is not in school" in err
