"""No dead passport: every number of the learning model is read by something that is played here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from attrs import evolve

from trajectsim.calendar import SchoolYear
from trajectsim.cohort.design import Cohort, Policy, policy_plan
from trajectsim.cohort.running import run
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.model import Model
from trajectsim.learning.parameters import shipped
from trajectsim.learning.worlds import Doing, Select, World
from trajectsim.path.learner import Learner
from trajectsim.path.plan import Learning, Plan, PlannedAct, Switch, start_of
from trajectsim.path.walk import play
from trajectsim.pupil import Pupil

OTHER_FORMS = {
    "measure.plusklas": ("delta", "on_time"),
    "measure.skip-year": ("delta", "recovered"),
}
SELECTS = (
    Select("skip", ("po/4",), 0.0, 0.5),
    Select("skip", ("po/5", "vo/*/2"), 0.0, 0.5, "selection.lax"),
    Select("to-vwo-five-years", ("po/8",), 0.5, 0.5),
)
TEN_FOURTEEN = Select("to-ten-fourteen", ("po/8",), -3.0, 0.5)
DOINGS = tuple(
    Doing(act, Select(act, ("vo/vwo/*",), 0.0), (("subject", "entl"),)) for act in ("central-exam-early", "ho-course")
)


def test_every_parameter_is_read(law: Lawbook) -> None:
    on = {name: Switch(True) for name in law.measures}
    plans = {
        "all": evolve(policy_plan(), measures=on, selects=SELECTS, doings=DOINGS),
        "ten-fourteen": evolve(policy_plan(), measures=on, selects=(TEN_FOURTEEN,)),
    }
    forms = {f"{key}.{form}": form != old for key, (old, new) in OTHER_FORMS.items() for form in (old, new)}
    teacher = {"measure.vo-teacher-in-po.delta": False, "measure.specialist-timetable.delta": True}
    worlds = (World(hypotheses=True), World("forms", effects=forms | teacher))
    policies = tuple(Policy(name, plan) for name, plan in plans.items())
    done = run(Cohort(150, (2005, 2009), policies, worlds, replications=1), law)
    asked = set[str]().union(*(done.asked_more(w.id, p.id, "") for w in worlds for p in policies))
    assert shipped().keys() - asked - spread(law) == set()


def spread(law: Lawbook) -> set[str]:
    """What a walk asks for whose exam is spread over two years."""
    pupil = Pupil(date(2003, 3, 1), ability={"language": Decimal("1.5")})
    year = SchoolYear(2020)
    plan = Plan(
        pupil,
        start_of(pupil),
        measures={"spread-exam": Switch(True)},
        acts=(PlannedAct(year, "exam-spread"),),
        given={"kept_away": True},
        learning=Learning(),
    )
    walk = play(plan, law)
    done = [act for step in walk.steps for act in step.done]
    assert [act.act for act in done] == ["exam-spread"]
    learner = Learner.of(plan, Learning(), law)
    model = learner.model
    assert isinstance(model, Model)
    place = law.place("vo/vwo/6")
    assert model.size("ce", place, ("exam-spread",)) > model.size("ce", place)
    return model.values.asked
