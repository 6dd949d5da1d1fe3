"""Expectations: what holds them, what breaks them, and what ``because`` means."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.walk import play
from trajectsim.reading import parse
from trajectsim.scenario.judge import judge_expectations
from trajectsim.scenario.plans import plan_of
from trajectsim.scenario.read import read_all, read_all_from, read_from
from trajectsim.scenario.run import run_file, run_source

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
    for file in filter(read_all, sorted((Path(__file__).parents[2] / "scenarios").rglob("*.toml"))):
        assert all(ran.judged and not ran.problems for ran in run_file(file, law)), file


SARA = Path(__file__).parents[2] / "scenarios" / "paths" / "sara.toml"


@pytest.mark.parametrize(("start", "met"), [("2015/2016", True), ("2023/2024", True), ("2024/2025", False)])
def test_saras_cum_laude_hangs_on_its_date(start: str, met: bool) -> None:
    """Her exam is of 2024: school year 2023/2024."""
    folder = resources.files("trajectsim.law") / "data"
    files = {file.name: parse(file.read_text("utf-8"), file.name) for file in folder.iterdir() if "toml" in file.name}
    for measure in files["measures_vo.toml"]["measure"]:
        measure["span"] = [start, ".."] if measure["id"] == "cum-laude" else measure["span"]
    found = judged(SARA.read_text("utf-8"), Lawbook.of(files))
    unmet = {name for name, holds in found.items() if not holds}
    assert unmet == (set() if met else {"expect.diploma.0", "expect.diploma.0.because"})


ROUTE = """title = "x"
measures.five-year-vwo = true
given.advice = "vwo"
pupil.born = 2006-03-12
start = { in = "2017/2018", at = "po/8" }
expect.route = [{ __ }]
"""


@pytest.mark.parametrize(
    ("told", "met"),
    [
        ('to = "vwo", year = "2022/2023"', {"year": True}),
        ('to = "vwo", year = "2021/2022"', {"year": False}),
        ('to = "vwo", age = 17', {"age": True}),
        ('to = "vwo", age = 15', {"age": False}),
        ('to = "vo/vwo/4", year = "2021/2022", age = 15', {"year": True, "age": True}),
        ('to = "vo/vwo/4", year = "2021/2022", age = 16', {"year": True, "age": False}),
        ('to = "vwo", in = "2020/2021", year = "2022/2023"', {"year": True}),
        ('to = "vwo", open = true, because = "five-year-vwo"', {"open": True, "because": True}),
        ('to = "vwo", because = "skip"', {"because": False}),
        ('to = "vwo", open = false', {"open": False}),
        ('to = "po/1", open = false', {"open": True}),
        ('to = "po/1", open = true', {"open": False}),
        ('to = "po/1", year = "2021/2022"', {"year": False}),
    ],
)
def test_what_is_expected_of_the_earliest_route(told: str, met: dict[str, bool], law: Lawbook) -> None:
    (source,) = read_all_from(ROUTE.replace("__", told), "x.toml")
    ran = run_source(source, law)
    assert not ran.problems
    assert {str(each.at[-1]): each.met for each in ran.judged} == met
    unmet = [each for each in ran.judged if not each.met and each.at[-1] != "because"]
    assert all(each.why for each in unmet) or 'to = "po/1"' in told


@pytest.mark.parametrize(
    ("told", "code", "column"),
    [
        ('to = "wvo", year = "2026/2027"', "S104", 24),
        ('to = "vwo"', "S107", 17),
        ('to = "vwo", open = false, age = 17', "S101", 51),
        ('to = "vwo", age = 17, repeats = -1', "S103", 51),
        ('to = "0", open = true', "S104", 24),
        ('to = "9999999999", open = true', "S104", 24),
    ],
)
def test_what_can_be_wrong_with_an_expected_route(told: str, code: str, column: int) -> None:
    with pytest.raises(Problems) as error:
        read_all_from(ROUTE.replace("__", told), "x.toml")
    assert [(p.code, p.place.line, p.place.column) for p in error.value.problems if p.place] == [(code, 6, column)]


def test_a_route_from_a_year_without_school_is_no_expectation(law: Lawbook) -> None:
    (source,) = read_all_from(ROUTE.replace("__", 'to = "vwo", in = "2060/2061", open = true'), "x.toml")
    assert [problem.code for problem in run_source(source, law).problems] == ["S201"]
