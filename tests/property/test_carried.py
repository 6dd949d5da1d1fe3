"""What a state carries of the years before is all that rules can read of them: nothing else needs to be told apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan, Start
from trajectsim.path.walk import ended, start_state
from trajectsim.pupil import Pupil, State
from trajectsim.pupil.facts import carried, fact_sheet, facts_read, of_history
from trajectsim.verdict import YES

LAW = Lawbook.load()
FROM = {"po/1": 4, "vo/kb/1": 12, "vo/havo/4": 15, "mbo/entree/1": 16}


def facts(state: State, plan: Plan) -> dict[str, int]:
    """The facts of a state that some rule reads."""
    values = fact_sheet(state, LAW, plan.clock, {}, ()).values
    return {name: values[name] for name in facts_read(LAW) if name in values}


def onwards(state: State, plan: Plan, move: str) -> State | None:
    """The state of the next school year, where a move is lawful."""
    year = ended(state, plan, LAW)
    option = year.after.move(move)
    return year.following(option) if option is not None and option.verdict.truth == YES else None


@pytest.mark.long
@given(data=st.data(), place=st.sampled_from(list(FROM)))
@settings(max_examples=8)
def test_states_that_carry_the_same_have_the_same_facts_and_keep_them(data: Any, place: str) -> None:
    """Every state that can be reached in some years, held against the first that carries the same in the same place."""
    year = SchoolYear(data.draw(st.integers(2013, 2020)))
    plan = Plan(Pupil(date(year.start - FROM[place], 3, 1)), Start(year, place))
    layer = [start_state(plan, LAW)]
    for _depth in range(data.draw(st.integers(2, 9))):
        first: dict[Any, State] = {}
        following: list[State] = []
        for state in layer:
            moves = [move for move in LAW.moves_from(state.place) if onwards(state, plan, move) is not None]
            some = data.draw(st.lists(st.sampled_from(moves), min_size=1, max_size=3, unique=True)) if moves else []
            following += [found for move in some if (found := onwards(state, plan, move)) is not None]
        for state in following:
            other = first.setdefault((state.place.id, carried(state, LAW, plan.clock)), state)
            assert facts(state, plan) == facts(other, plan)
            for move in LAW.moves_from(state.place) if other is not state else ():
                one, two = onwards(state, plan, move), onwards(other, plan, move)
                assert (one is None) == (two is None)
                if one is not None and two is not None:
                    assert carried(one, LAW, plan.clock) == carried(two, LAW, plan.clock)
        layer = following[:12]


def test_every_fact_of_a_state_is_told_by_what_it_carries_or_by_where_it_is() -> None:
    """Two pupils in one place and year that share no history: what differs of them is of history."""
    plan = Plan(Pupil(date(2004, 3, 1)), Start(SchoolYear(2016), "mbo/2/1"))
    new = start_state(plan, LAW)
    old = ended(evolve(new, year=SchoolYear(2015), place=LAW.place("vo/kb/4")), plan, LAW).after.state
    late = evolve(new, intake=SchoolYear(2014), record=evolve(old.record, po_years=7))
    differing = {name for name, value in facts(new, plan).items() if value != facts(late, plan)[name]}
    derived = {fact.id for fact in LAW.facts.values() if fact.source == "derived"}
    assert {"diplomas", "school_years", "vmbo_track"} <= differing
    assert differing - derived <= set(of_history(LAW))


def test_every_fact_that_looks_back_has_its_places_in_the_law() -> None:
    """A fact of the data that names places is one that is folded over the years, and the other way round."""
    named = {fact.id for fact in LAW.facts.values() if fact.at}
    assert named <= set(of_history(LAW)) <= {fact.id for fact in LAW.facts.values() if fact.source == "state"}
