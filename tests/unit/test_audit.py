"""The audit passes every walk that was played, and none that was tampered with."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.audit import audit
from trajectsim.path.plan import Plan, PlannedAct, Start, Switch, start_of
from trajectsim.path.walk import Step, Trajectory, play
from trajectsim.pupil import Done, Earned, Pupil, Result


@pytest.fixture
def walk(law: Lawbook) -> Trajectory:
    """From groep 1 to a degree, nominal."""
    pupil = Pupil(date(2004, 3, 1))
    found = play(Plan(pupil, start_of(pupil), given={"advice": "vwo"}), law)
    assert [earned.diploma for earned in found.earned] == ["vwo", "wo-bachelor"]
    assert audit(found, law) == ()
    return found


def tampered(walk: Trajectory, n: int, step: Step) -> Trajectory:
    return evolve(walk, steps=(*walk.steps[:n], step, *walk.steps[n + 1 :]))


def index(walk: Trajectory, place: str) -> int:
    return next(n for n, step in enumerate(walk.steps) if step.state.place.id == place)


def test_a_year_that_is_skipped_is_found(walk: Trajectory, law: Lawbook) -> None:
    found = audit(evolve(walk, steps=(*walk.steps[:5], *walk.steps[6:])), law)
    assert [str(breach.year) for breach in found] == ["2013/2014"]
    assert "the step before led to" in found[0].text


def test_a_second_enrolment_in_a_year_is_found(walk: Trajectory, law: Lawbook) -> None:
    assert audit(evolve(walk, steps=(*walk.steps[:5], walk.steps[4], *walk.steps[5:])), law)


def test_a_diploma_that_is_lost_is_found(walk: Trajectory, law: Lawbook) -> None:
    n = index(walk, "ho/wo/2")
    before = walk.steps[n].before
    bare = evolve(before, state=evolve(before.state, record=evolve(before.state.record, diplomas=())))
    found = audit(tampered(walk, n, evolve(walk.steps[n], before=bare)), law)
    assert ["vwo is lost" in breach.text for breach in found] == [True]


def test_a_diploma_that_is_not_due_is_found(walk: Trajectory, law: Lawbook) -> None:
    n = index(walk, "vo/vwo/5")
    final = walk.steps[index(walk, "vo/vwo/6")]
    early = [(Earned("vwo", walk.steps[n].state.year), verdict) for _earned, verdict in final.earned]
    found = audit(tampered(walk, n, evolve(walk.steps[n], earned=tuple(early))), law)
    assert "the diploma vwo is not due" in [breach.text for breach in found]


def test_a_diploma_that_is_due_and_left_out_is_found(walk: Trajectory, law: Lawbook) -> None:
    n = index(walk, "vo/vwo/6")
    found = audit(tampered(walk, n, evolve(walk.steps[n], earned=())), law)
    assert found[0].text == "the diploma vwo is due and not earned"


def test_a_move_that_the_law_refuses_is_found(walk: Trajectory, law: Lawbook) -> None:
    n = index(walk, "po/4")
    skip = next(option for option in walk.steps[n].moves if option.rule.id == "skip")
    found = audit(tampered(walk, n, evolve(walk.steps[n], taken=skip)), law)
    assert len(found) == 1
    assert "is not lawful" in found[0].text


def test_a_move_from_elsewhere_is_found(walk: Trajectory, law: Lawbook) -> None:
    n, other = index(walk, "po/4"), walk.steps[index(walk, "vo/vwo/6")].taken
    found = audit(tampered(walk, n, evolve(walk.steps[n], taken=other)), law)
    assert "does not start in groep 4" in found[0].text


def test_an_act_that_the_law_refuses_is_found(walk: Trajectory, law: Lawbook) -> None:
    n = index(walk, "vo/vwo/2")
    state = walk.steps[n].state
    done = Done("central-exam-early", (("subject", "netl"),), state.year, state.place)
    found = audit(tampered(walk, n, evolve(walk.steps[n], done=(done,))), law)
    assert "is not lawful" in found[0].text


def test_a_walk_of_another_law_is_found(law: Lawbook) -> None:
    """The same steps where the measure that they hang on is off."""
    pupil = Pupil(date(2004, 3, 1))
    plan = Plan(pupil, start_of(pupil), measures={"early-to-vo": Switch(True)}, given={"advice": "vwo"})
    early = play(plan, law)
    assert audit(early, law) == ()
    off = evolve(plan, measures={})
    steps = tuple(evolve(step, before=evolve(step.before, plan=off)) for step in early.steps)
    assert (audit(evolve(early, plan=off, steps=steps), law) == ()) == (
        [step.state.place for step in play(off, law).steps] == [step.state.place for step in early.steps]
    )


def test_walks_with_results_acts_and_measures_pass(law: Lawbook) -> None:
    year = SchoolYear(2020)
    results = (Result(year, "insufficient"), Result(year + 2, "failed", "havo"), Result(year + 2, "insufficient"))
    acts = (PlannedAct(year, "subject-at-higher-level", (("subject", "netl"), ("level", "vwo"))),)
    measures = {"higher-level-subject": Switch(True)}
    plan = Plan(Pupil(date(2004, 3, 1)), Start(year, "vo/havo/4"), measures=measures, acts=acts, results=results)
    assert audit(play(plan, law), law) == ()
