"""What a switch says of a measure besides on and off: subjects, years of the track, share of schools, quality."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan, PlannedAct, Start, Switch
from trajectsim.path.walk import Step, play
from trajectsim.pupil import Pupil
from trajectsim.scenario.plans import plan_of
from trajectsim.scenario.read import read_from
from trajectsim.verdict import Outcome

FLEUR = Pupil(date(2002, 5, 1), "Fleur")
YEAR = SchoolYear(2016)


def early(law: Lawbook, switch: Switch, *subjects: str) -> Step:
    """Vwo 4 in 2016/2017 with early exams by a switch, in which an early exam in some subjects is planned."""
    acts = tuple(PlannedAct(YEAR, "central-exam-early", (("subject", each),)) for each in subjects)
    walk = play(Plan(FLEUR, Start(YEAR, "vo/vwo/4"), measures={"early-exam": switch}, acts=acts), law)
    return walk.steps[0]


def test_a_subject_that_the_switch_does_not_name_is_not_offered(law: Lawbook) -> None:
    step = early(law, Switch(True, subjects=("en",)), "en", "nl")
    assert [dict(done.arguments) for done in step.done] == [{"subject": "en"}]
    refused = next(option for option in step.acts if ("subject", "nl") in option.arguments)
    assert refused.outcome is Outcome.NOT_OFFERED
    (measure,) = [node for line in refused.why() for node in line.children]
    assert measure.truth == 0  # off for this subject, not on and yet without effect


def test_a_switch_without_subjects_is_for_all(law: Lawbook) -> None:
    assert len(early(law, Switch(True), "en", "nl").done) == 2


@pytest.mark.parametrize(("years", "open_"), [((), True), ((4,), True), ((3, 5), False)])
def test_years_of_the_track(law: Lawbook, years: tuple[int, ...], open_: bool) -> None:
    assert bool(early(law, Switch(True, years=years), "en").done) is open_


@pytest.mark.parametrize(("share", "open_"), [("0", False), ("0.49", False), ("0.5", True), ("1", True)])
def test_for_one_pupil_the_share_of_schools_is_the_likelier_of_yes_and_no(
    law: Lawbook, share: str, open_: bool
) -> None:
    assert bool(early(law, Switch(True, share=Decimal(share)), "en").done) is open_


def test_quality_is_nothing_that_law_asks(law: Lawbook) -> None:
    poor, well = (early(law, Switch(True, quality=Decimal(quality)), "en") for quality in ("0", "1"))
    assert [option.outcome for option in poor.acts] == [option.outcome for option in well.acts]


def test_a_scenario_says_all_of_it() -> None:
    text = """title = "x"
    [measures.differentiation]
    from = "2016/2017"
    until = "2018/2019"
    subjects = ["maths"]
    years = [5, 6]
    share = 0.4
    quality = 0.8
    [measures.early-to-vo]
    share = 1
    [pupil]
    born = 2008-05-05
    """
    measures = plan_of(read_from(text, "x.toml").scenario).measures
    assert measures["differentiation"] == Switch(
        True, SchoolYear(2016), SchoolYear(2018), ("maths",), (5, 6), Decimal("0.4"), Decimal("0.8")
    )
    assert measures["early-to-vo"] == Switch(True)
