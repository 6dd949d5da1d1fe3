"""Many random lawful walks: through random years, places and measures, along any move that the law leaves open.

A hundred in the whole run; ten thousand by hand, in a few minutes:

TRAJECTSIM_WALKS=10000 pytest tests/property/test_many_walks.py
"""

from __future__ import annotations

import os
import random
from datetime import date

import pytest
from attrs import evolve
from test_walks import (
    assert_enters_ho_qualified,
    assert_grows,
    assert_keeps_diplomas,
    assert_obeys_study_advice,
    assert_takes_what_is_open,
)

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.places import OUT
from trajectsim.path.audit import audit
from trajectsim.path.plan import Choice, Plan, PlannedAct, Start, Switch
from trajectsim.path.walk import OLDEST, ended, play, start_state
from trajectsim.pupil import Pupil, Result

LAW = Lawbook.load()
PLACES = [place for place in LAW.places() if place.track is not None and place.track.sector in ("po", "vo", "mbo")]
AGE_BEFORE = {"po": 3, "vo": 11, "mbo": 15}
MOST_YEARS = 25


def plan_of(luck: random.Random) -> Plan:
    """A pupil in any place before higher education, of about the usual age, in any year, under any measures."""
    place = luck.choice(PLACES)
    assert place.track is not None
    year = SchoolYear(luck.randint(2010, 2028))
    age = AGE_BEFORE[place.track.sector] + place.n + luck.choice((-1, 0, 0, 0, 1))
    pupil = Pupil(
        date(year.start - age, luck.randint(1, 12), luck.randint(1, 28)), profile=luck.choice(("nt", "em", ""))
    )
    years = [year + luck.randint(0, 12) for _each in range(3)]
    outcomes = luck.sample(("insufficient", "conditional", "sufficient"), 3)
    return Plan(
        pupil,
        Start(year, place.id),
        Clock(
            luck.choice((None, None, None, SchoolYear(luck.randint(2013, 2026)))), luck.choice(("enacted", "announced"))
        ),
        {name: Switch(luck.random() < 0.7) for name in LAW.measures if luck.random() < 0.5},
        dict.fromkeys(LAW.practices, "always"),
        acts=(PlannedAct(year + luck.randint(3, 14), "study-advice"),) if luck.random() < 0.2 else (),
        results=tuple(Result(when, outcome) for when, outcome in zip(years, outcomes, strict=True)),
        given={"advice": luck.choice(LAW.facts["advice"].values).id},
    )


def chosen(plan: Plan, luck: random.Random) -> Plan:
    """The plan with, for every year until she is out for good, one of the moves that are open then."""
    state, choices = start_state(plan, LAW), list[Choice]()
    while state.age < OLDEST - 1 and len(choices) < MOST_YEARS:
        year = ended(state, plan, LAW)
        options = [option for option in year.after.moves() if option.open]
        if not options:
            break
        option = luck.choice(options)
        choices.append(Choice(state.year, option.rule.id))
        state = year.following(option)
        if state.place == OUT and luck.random() < 0.3:
            break
    return evolve(plan, choices=tuple(choices))


@pytest.mark.long
def test_random_lawful_walks_break_no_invariant() -> None:
    seen: set[str] = set()
    for seed in range(int(os.environ.get("TRAJECTSIM_WALKS", "100"))):
        luck = random.Random(seed)
        plan = chosen(plan_of(luck), luck)
        walk = play(plan, LAW)
        taken = [step.taken.rule.id for step in walk.steps if step.taken is not None]
        assert taken[: len(plan.choices)] == [choice.move for choice in plan.choices], seed
        assert audit(walk, LAW) == (), seed
        assert_grows(walk)
        assert_keeps_diplomas(walk)
        assert_enters_ho_qualified(walk)
        assert_takes_what_is_open(walk)
        assert_obeys_study_advice(walk)
        assert len({step.state.year for step in walk.steps}) == len(walk.steps)
        seen |= set(taken)
    assert len(seen) > len(LAW.moves) // 3  # the walks go everywhere
