"""Draft reforms in scenarios: played, told as a reform wherever they decide, and nothing without them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trajectsim import cli
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.read import read_from
from trajectsim.scenario.run import play_source
from trajectsim.tui.viewmodel import replay

POLICIES = Path(__file__).parents[2] / "scenarios" / "policies"
CUM_LAUDE = POLICIES / "cum-laude-7-5.toml"


@pytest.mark.parametrize("file", sorted(POLICIES.glob("*.toml")), ids=lambda file: file.name)
def test_every_policy_scenario_fails_without_its_reforms(file: Path, tmp_path: Path) -> None:
    assert cli.execute(["run", str(file)]) == 0
    text, bare = file.read_text("utf-8"), tmp_path / file.name
    bare.write_text(text[: text.index("[[reform]]")] + text[text.index("[pupil]") :], "utf-8")
    assert cli.execute(["run", str(bare)]) == 1


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_reform_is_told_as_one_where_it_decides(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    assert cli.execute(["explain", str(CUM_LAUDE), "--lang", lang]) == 0
    told = {"en": 'draft reform "Cum laude vanaf 7,5", which changes', "nl": 'voorstel "Cum laude vanaf 7,5", dat '}
    lines = [line for line in capsys.readouterr().out.splitlines() if told[lang] in line]
    assert len(lines) == 1
    assert "Cum laude" in lines[0]
    assert cli.execute(["explain", str(CUM_LAUDE), "--in", "2027/2028", "--lang", lang]) == 0
    assert told[lang] in capsys.readouterr().out
    assert cli.execute(["explain", str(CUM_LAUDE), "--format", "json"]) == 0
    year = json.loads(capsys.readouterr().out)["walk"]["years"][0]
    assert [check["cite"].split(",")[0] for check in year["exam"]["cum_laude_checks"]] == [
        'draft reform "Cum laude vanaf 7'
    ]


def test_the_screen_replays_under_the_reform(law: Lawbook) -> None:
    played = play_source(read_from(CUM_LAUDE.read_text("utf-8"), "x.toml"), law)
    again = replay(played.walk.plan, played.law)
    assert [earned.cum_laude for earned in again.walk.earned] == [True, False]
    assert [earned.cum_laude for earned in played.walk.earned] == [True, False]
    assert [earned.cum_laude for earned in played.without.earned] == [False, False]


def test_a_reform_of_the_sitting_is_told_with_the_exam(law: Lawbook) -> None:
    text = CUM_LAUDE.read_text("utf-8")
    reform = 'title = "Twee herkansingen"\nrule = "sitting-havo-vwo"\nfrom = "2027/2028"\nset = "resits"\nvalue = 2\n'
    played = play_source(read_from(text.replace("[pupil]", f"[[reform]]\n{reform}\n[pupil]"), "x.toml"), law)
    exam = played.walk.steps[0].exam
    assert exam is not None
    assert [(label, cite.law) for label, cite in exam.reforms] == [
        ("Sitting and resits, havo and vwo", "Twee herkansingen")
    ]
    assert any("Twee herkansingen" in note for note in exam.notes)
