"""Exams on a walk: marks decide over diplomas, early central exams stand or lapse, what is not whole is assumed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.path.plan import Choice, Plan, PlannedAct, Start, Switch
from trajectsim.path.walk import Step, Trajectory, play
from trajectsim.pupil import Pupil, Result
from trajectsim.report.linemap import line_map
from trajectsim.report.plain import step_data
from trajectsim.report.text import year_text

HAVO = ("netl", "entl", "wisa", "econ", "gs", "mo", "dutl")
PARTS = ("maat", "pws", "ckv")
GRADED_CKV = 2019


def year(start: int) -> SchoolYear:
    return SchoolYear(start)


def marks(exam: int, mark: int = 65, **other: int) -> tuple[Result, ...]:
    """A whole havo exam of one mark, but for the subjects that are named."""
    found = [
        Result(year(exam - 1), level="havo", subject=s, se=other.get(s, mark), ce=other.get(s, mark)) for s in HAVO
    ]
    parts = [Result(year(exam - 1), level="havo", subject=s, se=other.get(s, 70)) for s in PARTS]
    ckv = parts[-1] if exam >= GRADED_CKV else Result(year(exam - 1), level="havo", subject="ckv", rating="V")
    return (*found, *parts[:-1], ckv)


def havo_5(results: tuple[Result, ...], exam: int = 2019, **more: Any) -> Plan:
    pupil = Pupil(date(exam - 17, 3, 3), profile="em")
    return Plan(pupil, Start(year(exam - 1), "vo/havo/5"), results=results, **more)


def first(walk: Trajectory) -> Step:
    return walk.steps[0]


def test_marks_pass_or_fail_the_exam(law: Lawbook) -> None:
    assert play(havo_5(marks(2019)), law).diploma("havo") is not None
    failed = play(havo_5(marks(2019, econ=30)), law)
    assert not first(failed).earned
    exam = first(failed).exam
    assert exam is not None
    assert exam.result == "failed"
    assert first(failed).taken is not None
    assert "exam_result" not in first(failed).assumed


def test_a_whole_exam_is_not_assumed_and_half_of_one_is(law: Lawbook) -> None:
    assert "exam_result" not in first(play(havo_5(marks(2019)), law)).assumed
    half = play(havo_5(marks(2019)[:4]), law)
    assert "exam_result" in first(half).assumed
    assert half.diploma("havo") is not None


def test_cum_laude_stands_on_the_diploma_since_2016_and_where_the_measure_is_not_off(law: Lawbook) -> None:
    high = {"mark": 85}
    for exam, expected in ((2015, False), (2016, True)):
        earned = play(havo_5(marks(exam, **high), exam), law).diploma("havo")
        assert earned is not None
        assert earned.cum_laude is expected
    off = play(havo_5(marks(2016, **high), 2016, measures={"cum-laude": Switch(False)}), law).diploma("havo")
    assert off is not None
    assert not off.cum_laude
    frozen = havo_5(marks(2015, **high), 2015, clock=Clock(follow=SchoolYear(2019)))
    earned = play(frozen, law).diploma("havo")
    assert earned is not None
    assert earned.cum_laude


def test_a_resit_is_told_on_the_map(law: Lawbook) -> None:
    results = marks(2019, econ=44, gs=44)
    plain = play(havo_5(results), law)
    assert not first(plain).earned
    again = [Result(r.year, level=r.level, subject=r.subject, se=r.se, ce=r.ce, resit=75) for r in results[3:4]]
    walk = play(havo_5((*results[:3], *again, *results[4:])), law)
    assert first(walk).resat == ("econ",)
    assert "⟲" in str(line_map(walk, None, law))


def early(start: int, *, promoted: bool) -> Plan:
    """English in havo 4, and the rest a year later (or two, when havo 4 is repeated)."""
    pupil = Pupil(date(start - 15, 3, 3), profile="em")
    final = start + (2 if promoted else 3)
    return Plan(
        pupil,
        Start(year(start), "vo/havo/4"),
        acts=(PlannedAct(year(start), "central-exam-early", (("subject", "entl"),)),),
        choices=() if promoted else (Choice(year(start), "repeat"),),
        results=(
            Result(year(start), level="havo", subject="entl", se=70, ce=70),
            *(result for result in marks(final) if result.subject != "entl"),
        ),
    )


@pytest.mark.parametrize(
    ("start", "promoted", "result"),
    [
        (2013, True, "passed"),
        (2013, False, "passed"),  # E43: no rule on lapsing before 18 March 2015
        (2014, True, "passed"),
        (2014, False, "incomplete"),  # lapsed, so English is open
        (2015, False, "incomplete"),
    ],
)
def test_an_early_central_exam_stands_when_the_pupil_is_promoted(
    start: int, promoted: bool, result: str, law: Lawbook
) -> None:
    walk = play(early(start, promoted=promoted), law)
    (closed,) = first(walk).closed
    assert closed.stands is (result == "passed")
    exam = next(step.exam for step in walk.steps if step.exam is not None)
    assert exam.result == result
    assert ("entl" in exam.final) is closed.stands
    assert "37a" in year_text(first(walk), law) or closed.verdict is not None
    assert ("✗" in str(line_map(walk, None, law))) is not closed.stands


@pytest.mark.parametrize("promoted", [True, False])
def test_what_was_closed_early_in_2020_lapses_too(promoted: bool, law: Lawbook) -> None:
    """It has no mark of a central exam, since there was none (Besluit eindexamens vo 2020, art. 6)."""
    plan = early(2019, promoted=promoted)
    results = tuple(evolve(result, ce=None) if result.year == year(2019) else result for result in plan.results)
    (closed,) = first(play(evolve(plan, results=results), law)).closed
    assert closed.stands is promoted
    assert closed.verdict is not None
    assert "Besluit eindexamens vo 2020" in str(closed.verdict.cite)


def test_a_mark_of_the_exam_year_is_added_to_what_was_closed(law: Lawbook) -> None:
    plan = early(2013, promoted=True)
    resit = Result(year(2014), level="havo", subject="entl", resit=90)
    walk = play(Plan(plan.pupil, plan.start, acts=plan.acts, results=(*plan.results, resit)), law)
    exam = next(step.exam for step in walk.steps if step.exam is not None)
    assert exam.final["entl"] == 8  # 7.0 and 9.0


def test_the_walk_as_data_has_the_exam(law: Lawbook) -> None:
    data = step_data(first(play(havo_5(marks(2019, econ=30)), law)))
    assert data["exam"]["result"] == "failed"
    assert [check["id"] for check in data["exam"]["checks"] if check["ok"] is False] == ["pattern"]
    assert data["diplomas"] == []
