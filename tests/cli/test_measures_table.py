"""`law --measures`: the table of the progress report with what became of it; `law prestatiebox`: the money."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from trajectsim import cli
from trajectsim.law.lawbook import Lawbook

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process: exit code, stdout, stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli.execute([*arguments, "--lang", "en"])
        return code, *capsys.readouterr()

    return call


def row(out: str, name: str) -> str:
    (found,) = [line for line in out.splitlines() if f" {name} " in line]
    return found


def test_the_table_has_every_measure_and_its_state_in_a_year(run: Run, law: Lawbook) -> None:
    code, out, _err = run("law", "--measures", "--at", "2015/2016")
    assert code == 0
    assert len(out.splitlines()) == len(law.measures) + 1
    assert row(out, "early-exam").endswith("lawful")
    assert "2015/2016  since 2014/2015" in row(out, "early-exam")
    assert row(out, "five-year-vwo").endswith("not lawful")
    assert "not named" in row(out, "skip-year")
    assert "no date" in row(out, "plusdocument")
    assert row(out, "regional-network").endswith("no rule needed")


def test_the_same_as_data(run: Run, law: Lawbook) -> None:
    told = {each["id"]: each for each in json.loads(run("law", "--measures", "--format", "json")[1])}
    assert list(told) == list(law.measures)
    assert {name for name, each in told.items() if not each["lawful"]} == {
        *("five-year-vwo", "enriched-vwo", "rule-free-school", "prestatiebox"),
    }
    assert told["skip-year"]["report"] is None
    assert set(told["cum-laude"]["report"]) == {"nl", "en"}
    assert told["flexible-testing"]["acts_on"] == "school"


@pytest.mark.parametrize("more", [("skip-year",), ("--changes", "2014/2015", "2015/2016")])
def test_the_table_stands_alone(run: Run, more: tuple[str, ...]) -> None:
    assert run("law", "--measures", *more)[0] == 2


def test_a_year_that_is_not_known_is_said_to_be_so(run: Run) -> None:
    assert "the nearest known year answers" in run("law", "--measures", "--at", "2031/2032")[1]


def test_the_money_of_a_measure_is_shown_with_what_was_not_found(run: Run) -> None:
    out = run("law", "prestatiebox")[1]
    assert "2015: 62 million euros in all" in out
    assert "2015: 24 million euros in all" in out
    assert "2015/2016: € 81.32 a pupil" in out
    assert "2017/2018: not found" in out


def test_a_walk_totals_what_her_schools_received_in_the_known_years(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "noor.toml"
    start = '[start]\nin = "2013/2014"\nat = "vo/vwo/5"\n'
    file.write_text(f'title = "x"\n[measures]\nprestatiebox = true\n[pupil]\nborn = 1997-05-05\n{start}', "utf-8")
    (vo,) = json.loads(run("explain", str(file), "--format", "json")[1])["received"]
    # Calendar year 2014 for the pupils of October 2013 and 100 euros more in vwo 5; 2015 one amount for all.
    assert vo == {
        "fund": "prestatiebox-vo",
        "cents": 24600 + 18500,
        "by_year": {"2013/2014": 24600, "2014/2015": 18500},
        "not_found": [],
    }
    assert "Prestatiebox vo: € 431.00 in 2 years" in run("explain", str(file))[1]
    file.write_text(file.read_text("utf-8").replace("prestatiebox = true", ""), "utf-8")
    assert "received" not in json.loads(run("explain", str(file), "--format", "json")[1])


def test_every_effect_a_measure_names_is_a_parameter(law: Lawbook) -> None:
    from trajectsim.learning.parameters import shipped

    known = set(shipped())
    assert {name for measure in law.measures.values() for name in measure.effects} <= known


def test_a_measure_that_is_a_draft_reform_names_a_scenario_that_is_there(law: Lawbook) -> None:
    named = [measure.scenario for measure in law.measures.values() if measure.scenario]
    assert named == ["scenarios/policies/flexible-testing.toml"]
    assert all((ROOT / name).is_file() for name in named)


@pytest.mark.parametrize("file", sorted((ROOT / "scenarios" / "measures").glob("*.toml")), ids=lambda file: file.stem)
def test_every_walk_with_a_measure_can_be_told(run: Run, file: Path) -> None:
    assert run("explain", str(file))[0] == 0
    assert run("explain", str(file), "--format", "json")[0] == 0


def test_hours_that_a_plan_does_not_tell_are_said_to_be_unknown(run: Run) -> None:
    out = run("explain", str(ROOT / "scenarios" / "measures" / "extra-activities-2014.toml"))[1]
    assert "60 of 100 extra hours among them" in out
    assert "? Days with teaching: not known: days with teaching" in out
    assert "✗ Teaching time a year: not met: hours of teaching this year: 1020 (required: at least 1040)" in out
