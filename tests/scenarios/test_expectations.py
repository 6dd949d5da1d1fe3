"""Expectations: what holds them, what breaks them, and what ``because`` means."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from trajectsim.law.lawbook import Lawbook
from trajectsim.path.walk import play
from trajectsim.reading import parse
from trajectsim.scenario.judge import judge_expectations
from trajectsim.scenario.plans import plan_of
from trajectsim.scenario.read import read_from
from trajectsim.scenario.run import run_file

BASE = """title = "x"
[measures]
early-exam = true
[pupil]
born = 2000-04-02
[start]
in = "2014/2015"
at = "vo/vwo/4"
"""
ACT = '[[act]]\nin = "{year}"\nact = "central-exam-early"\nsubject = "entl"\n'


def judged(text: str, law: Lawbook) -> dict[str, bool]:
    """Whether each expectation is met, by where it stands."""
    scenario = read_from(text, "x.toml").scenario
    walk = play(plan_of(scenario), law)
    return {".".join(map(str, j.at)): j.met for j in judge_expectations(scenario, walk, law)}


@pytest.mark.parametrize(
    ("expectation", "met"),
    [
        ('[[expect.diploma]]\nlevel = "vwo"', True),
        ('[[expect.diploma]]\nlevel = "vwo"\nexam = 2017\nage = 17', True),
        ('[[expect.diploma]]\nlevel = "vwo"\nexam = 2016', False),
        ('[[expect.diploma]]\nlevel = "vwo"\nage = 18', False),
        ('[[expect.diploma]]\nlevel = "havo"', False),
        ('[[expect.diploma]]\nlevel = "vwo"\nbecause = "vwo"', True),
        ('[[expect.diploma]]\nlevel = "vwo"\nbecause = "Eindexamenbesluit VO art. 50"', True),
        ('[[expect.diploma]]\nlevel = "vwo"\nbecause = "Eindexamenbesluit VO art. 5"', False),
        ('[[expect.at]]\nin = "2015/2016"\nplace = "vo/vwo/5"\nage = 15\nmove = "promote"', True),
        ('[[expect.at]]\nin = "2015/2016"\nplace = "vo/vwo/4"', False),
        ('[[expect.at]]\nin = "2015/2016"\nage = 16', False),
        ('[[expect.at]]\nin = "2015/2016"\nmove = "repeat"', False),
        ('[[expect.at]]\nin = "2015/2016"\nmeasures = ["early-exam"]', True),
        ('[[expect.at]]\nin = "2015/2016"\nmeasures = ["skip-year"]', False),
        ('[[expect.at]]\nin = "2016/2017"\ndiplomas = ["vwo"]', True),
        ('[[expect.at]]\nin = "2015/2016"\ndiplomas = ["vwo"]', False),
        ('[[expect.at]]\nin = "2015/2016"\nacts = ["central-exam-early"]', False),
        ('[[expect.at]]\nin = "2030/2031"\nplace = "out"', True),
        ('[[expect.blocked]]\nin = "2015/2016"\nmove = "skip"', True),
        ('[[expect.blocked]]\nin = "2015/2016"\nmove = "promote"', False),
        ('[[expect.blocked]]\nin = "2015/2016"\nmove = "to-wo"', True),
        ('[[expect.blocked]]\nin = "2014/2015"\nmove = "leave"\nbecause = "leerplicht"', True),
        ('[[expect.blocked]]\nin = "2014/2015"\nmove = "leave"\nbecause = "kwalificatieplicht"', False),
        ('[[expect.blocked]]\nin = "2014/2015"\nmeasure = "early-exam"', False),
        ('[[expect.blocked]]\nin = "2014/2015"\nmeasure = "skip-year"', True),
    ],
)
def test_an_expectation_is_met_or_not(expectation: str, met: bool, law: Lawbook) -> None:
    assert all(judged(f"{BASE}{expectation}\n", law).values()) is met


def test_an_act_that_is_done_counts_and_one_that_is_refused_must_be_expected(law: Lawbook) -> None:
    done = BASE + ACT.format(year="2014/2015") + '[[expect.at]]\nin = "2014/2015"\nacts = ["central-exam-early"]\n'
    assert all(judged(done, law).values())
    refused = BASE + ACT.format(year="2016/2017")
    assert judged(refused, law) == {"act.0.act": False}
    expected = '[[expect.blocked]]\nin = "2016/2017"\nact = "central-exam-early"\n'
    assert judged(refused + expected, law) == {"expect.blocked.0": True}


def test_every_bundled_scenario_expects_something(law: Lawbook) -> None:
    for file in sorted((Path(__file__).parents[2] / "scenarios").rglob("*.toml")):
        assert all(ran.judged and not ran.problems for ran in run_file(file, law)), file


SARA = Path(__file__).parents[2] / "scenarios" / "paths" / "sara.toml"


@pytest.mark.parametrize(("start", "met"), [("2015/2016", True), ("2023/2024", True), ("2024/2025", False)])
def test_saras_cum_laude_hangs_on_its_date(start: str, met: bool) -> None:
    """Her exam is of 2024: school year 2023/2024."""
    folder = resources.files("trajectsim.law") / "data"
    files = {file.name: parse(file.read_text("utf-8"), file.name) for file in folder.iterdir() if "toml" in file.name}
    for measure in files["measures.toml"]["measure"]:
        measure["span"] = [start, ".."] if measure["id"] == "cum-laude" else measure["span"]
    found = judged(SARA.read_text("utf-8"), Lawbook.of(files))
    unmet = {name for name, holds in found.items() if not holds}
    assert unmet == (set() if met else {"expect.diploma.0", "expect.diploma.0.because"})
