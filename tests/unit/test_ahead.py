"""What lies ahead of a pupil: what may be done with its article, what not, and what would open it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.tables import Force, Span
from trajectsim.path.ahead import Ahead, Outlook, ahead, year_spoken_of
from trajectsim.path.plan import Choice, Plan, Start, Switch
from trajectsim.path.walk import play
from trajectsim.pupil import Pupil, Result
from trajectsim.verdict import Outcome


def outlook(law: Lawbook, born: str, year: str, place: str, **more: Any) -> Outlook:
    when = SchoolYear.parse(year)
    plan = Plan(Pupil(date.fromisoformat(born)), Start(when, place, diplomas=more.pop("diplomas", ())), **more)
    step = play(plan, law).at(when)
    assert step is not None
    return ahead(step, law)


def named(some: tuple[Ahead, ...]) -> dict[str, Ahead]:
    return {each.option.rule.id: each for each in some}


def failed(year: str, level: str) -> tuple[Result, ...]:
    return (Result(SchoolYear.parse(year), "failed", level), Result(SchoolYear.parse(year), "insufficient"))


def test_a_havo_diploma_is_a_right_to_vwo_5_from_the_law_of_2020(law: Lawbook) -> None:
    before = named(outlook(law, "2002-05-01", "2018/2019", "vo/havo/5").lawful)["havo-diploma-to-vwo-5"]
    after = named(outlook(law, "2003-05-01", "2019/2020", "vo/havo/5").lawful)["havo-diploma-to-vwo-5"]
    assert (before.option.outcome, before.option.cite.law) == (Outcome.SCHOOL_DECIDES, "none")
    assert (after.option.verdict.force, after.option.cite.article) == (Force.RIGHT, "27a")
    assert before.openings == after.openings == ()


def test_who_fails_may_repeat_and_not_go_where_the_diploma_leads(law: Lawbook) -> None:
    found = outlook(law, "2006-05-01", "2022/2023", "vo/havo/5", results=failed("2022/2023", "havo"))
    assert "repeat" in named(found.lawful)
    refused = named(found.refused)
    assert {"to-hbo", "havo-diploma-to-vwo-5"} <= refused.keys()
    assert all(each.option.why_not() for each in refused.values())
    assert refused["havo-diploma-to-vwo-5"].openings == ()  # no year and no measure does without the diploma


def test_at_17_without_a_basic_qualification_nobody_leaves_school(law: Lawbook) -> None:
    born, results = "2006-01-10", failed("2022/2023", "havo")
    leave = named(outlook(law, born, "2022/2023", "vo/havo/5", results=results).refused)["leave"]
    assert leave.option.outcome is Outcome.UNLAWFUL
    assert "Leerplichtwet" in leave.option.cite.law
    assert "leave" in named(outlook(law, born, "2022/2023", "vo/havo/5").lawful)
    assert "leave" in named(outlook(law, "2005-01-10", "2022/2023", "vo/havo/5", results=results).lawful)


def test_a_step_that_a_measure_opens_is_said_to_be(law: Lawbook) -> None:
    found = named(outlook(law, "2006-05-01", "2013/2014", "po/6").refused)["skip"]
    assert [(each.measure and each.measure.id, each.now) for each in found.openings] == [("skip-year", True)]
    on = outlook(law, "2006-05-01", "2013/2014", "po/6", measures={"skip-year": Switch(True)})
    assert "skip" in named(on.lawful)


def test_a_step_that_other_years_know_is_said_to_be(law: Lawbook) -> None:
    found = named(outlook(law, "2000-05-01", "2014/2015", "po/8", given={"advice": "bb"}).refused)["to-vwo"]
    assert [each.years for each in found.openings if each.measure is None] == [(Span(None, 2014),)]
    assert not any(each.now for each in found.openings if each.measure is None)


def test_what_is_said_to_open_a_step_does(law: Lawbook) -> None:
    """With the measure on, or under the law of a year that is named, the step is lawful; under others it is not."""
    for place in ("po/6", "po/8", "vo/tl/4", "vo/havo/3", "vo/vwo/4", "mbo/2/2", "ho/hbo/1"):
        found = outlook(law, "2004-05-01", "2017/2018", place, results=failed("2017/2018", "tl"))
        plan = found.step.after.plan
        moves = [each for each in found.refused if each.kind == "move"]
        assert moves
        for each in moves:
            for opening in each.openings:
                if opening.now and opening.measure is not None:
                    on = {**plan.measures, opening.measure.id: Switch(True)}
                    more = {"measures": on, "results": plan.results}
                    again = outlook(law, "2004-05-01", "2017/2018", place, **more)
                    assert each.option.rule.id in named(again.lawful)


def test_an_act_is_told_with_what_makes_it_lawful(law: Lawbook) -> None:
    offered = {"higher-level-subject": Switch(True)}
    found = outlook(law, "2004-05-01", "2018/2019", "vo/tl/3", measures=offered)
    told = [each.option.arguments for each in found.lawful if each.option.rule.id == "subject-at-higher-level"]
    assert told == [(("level", "havo"),), (("level", "vwo"),)]


def test_every_move_and_act_is_told_once(law: Lawbook) -> None:
    found = outlook(law, "2004-05-01", "2018/2019", "vo/havo/4")
    assert {each.option.rule.id for each in found.ahead if each.kind == "move"} == {o.rule.id for o in found.step.moves}
    assert {each.option.rule.id for each in found.ahead if each.kind == "act"} == {o.rule.id for o in found.step.acts}
    assert len(found.lawful) + len(found.undecided) + len(found.refused) == len(found.ahead)
    assert [each.option for each in found.ahead if each.taken] == [found.step.taken]


@pytest.mark.parametrize(
    ("choices", "year"), [((), "2018/2019"), ((Choice(SchoolYear(2019), "promote"),), "2019/2020")]
)
def test_the_year_that_a_plan_speaks_of(choices: tuple[Choice, ...], year: str, law: Lawbook) -> None:
    plan = Plan(Pupil(date(2004, 5, 1)), Start(SchoolYear(2018), "vo/havo/3"), choices=choices)
    assert str(year_spoken_of(play(plan, law))) == year
