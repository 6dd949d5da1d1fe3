"""Beside what the model tells of one pupil in fixed mode stands what her drawn futures say."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from trajectsim.calendar import SchoolYear
from trajectsim.cli import execute
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.parameters import shipped
from trajectsim.learning.worlds import Chance, World
from trajectsim.path.bands import Bands
from trajectsim.path.bands import bands as bands_of
from trajectsim.path.plan import Learning, Plan, Switch, start_of
from trajectsim.path.walk import Trajectory, play
from trajectsim.pupil import Pupil, Result
from trajectsim.tui.yearview import year_lines

VWO = SchoolYear(2021)


def walk(law: Lawbook, learning: Learning | None = None, **changes: object) -> Trajectory:
    pupil = Pupil(date(2004, 3, 1), profile="nt", ability={"language": Decimal("0.6"), "maths-science": Decimal("0.9")})
    plan = Plan(pupil, start_of(pupil), learning=learning or Learning())
    return play(evolve(plan, **changes), law)


def bands(found: Trajectory) -> Bands:
    told = bands_of(found)
    assert told is not None
    return told


def test_bands_are_the_same_whatever_walk_was_asked_of_before() -> None:
    first, second = Lawbook.load(), Lawbook.load()
    skipped = Switch(on=True)
    for measures in ({}, {"skip-year": skipped}):
        bands(walk(first, measures=measures))
    assert bands(walk(first)) == bands(walk(second))
    assert bands(walk(first)).evidence == bands(walk(second)).evidence


def test_marks_that_are_modelled_have_a_band_that_they_lie_in_or_near(law: Lawbook) -> None:
    found = walk(law)
    step = found.at(VWO)
    assert step is not None
    assert step.exam is not None
    band = bands(found).years[VWO]
    assert [each.subject for each in band.marks] == list(step.exam.final)
    for each in band.marks:
        low, high = each.final
        assert 0 < high - low <= 40
        assert low <= 10 * step.exam.final[each.subject] <= high
        assert each.ce is None or each.se[0] < each.se[1] <= 100
    assert any(each.ce is None for each in band.marks)
    assert 60 < band.shares["exam_result"] < 100
    assert bands(found).evidence == "D"


def test_the_band_is_of_luck_and_of_what_is_not_known(law: Lawbook) -> None:
    """With every parameter at its value only luck is left."""
    pinned = {key: {"low": p.value, "high": p.value} for key, p in shipped().items() if not isinstance(p.value, tuple)}
    vague = {"exam.vwo.mu_ce": {"low": 5.0, "high": 8.0}}
    whole, luck = (bands(walk(law, Learning(World(name, changes)))) for name, changes in (("v", vague), ("p", pinned)))
    width = [sum(m.ce[1] - m.ce[0] for m in each.years[VWO].marks if m.ce) for each in (whole, luck)]
    assert 0 < width[1] < width[0]


def test_a_measure_moves_the_band(law: Lawbook) -> None:
    always = {"measure.plusklas.delta": {"value": 0.1, "low": 0.1, "high": 0.1}}
    learning = Learning(World(parameters=always))
    without, with_it = (bands(walk(law, learning, measures=m)) for m in ({}, {"plus-class": Switch(True)}))
    ends = [sum(m.se[0] + m.se[1] for m in each.years[VWO].marks) for each in (without, with_it)]
    assert ends[1] > ends[0]


def test_there_is_none_where_nothing_was_modelled_or_luck_was_drawn(law: Lawbook) -> None:
    assert bands_of(walk(law, Learning(luck=Chance(1, 0, 0)))) is None
    pupil = Pupil(date(2004, 3, 1))
    assert bands_of(play(Plan(pupil, start_of(pupil)), law)) is None


def test_an_exam_that_was_given_has_no_band(law: Lawbook) -> None:
    marks = tuple(Result(VWO, level="vwo", subject=code, se=70, ce=70) for code in ("netl", "entl"))
    band = bands(walk(law, results=marks)).years.get(VWO)
    assert band is None or not band.marks


def test_it_is_told_on_the_screen_and_in_both_formats(
    law: Lawbook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = walk(law)
    told = [line for top in year_lines(found, found, law, VWO) for line in top.walk()]
    texts = [line.text for line in told]
    assert any("evidence D" in text and "drawn futures" in text for text in texts)
    assert any("central exam" in line.text and line.role == "assumed" for line in told)
    file = tmp_path / "able.toml"
    file.write_text('title = "x"\n[pupil]\nborn = 2004-03-01\nprofile = "nt"\nability = { language = 0.6 }\n')
    assert execute(["explain", str(file), "--lang", "en"]) == 0
    assert "marks modelled, evidence D; 80% of 200 drawn futures" in capsys.readouterr().out
    assert execute(["explain", str(file), "--in", "2021/2022", "--format", "json", "--lang", "en"]) == 0
    drawn = json.loads(capsys.readouterr().out)["drawn"]
    assert drawn["futures"] == 200
    assert all(1 <= mark <= 10 for each in drawn["marks"] for mark in (*each["se"], *each["final"]))
