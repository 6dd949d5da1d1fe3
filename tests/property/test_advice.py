"""The definitive advice: never below the provisional one, and a higher test never lowers it."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan, Start
from trajectsim.path.walk import play
from trajectsim.pupil import Pupil

LAW = Lawbook.load()
ADVICES = [value.id for value in LAW.facts["advice"].values]


def definitive(year: SchoolYear, given_: dict[str, Any], practice: str) -> int:
    pupil = Pupil(date(year.start - 12, 3, 1))
    plan = Plan(pupil, Start(year, "po/8"), practices={"reconsideration": practice}, given=given_)
    return play(plan, LAW).steps[0].after.facts["advice"]


@given(
    st.integers(2010, 2030).map(SchoolYear),
    st.sampled_from(ADVICES),
    st.lists(st.sampled_from(ADVICES), min_size=2, max_size=2),
    st.booleans(),
    st.sampled_from(["always", "never"]),
)
def test_a_test_never_lowers_an_advice(
    year: SchoolYear, advice: str, tests: list[str], withheld: bool, practice: str
) -> None:
    low, high = sorted(tests, key=ADVICES.index)
    given_ = {"advice": advice, "raise_withheld": withheld}
    found = [definitive(year, {**given_, "test": test}, practice) for test in (low, high)]
    assert ADVICES.index(advice) <= found[0] <= found[1]
