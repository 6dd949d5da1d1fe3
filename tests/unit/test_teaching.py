"""The ledger of teaching time: what counts by year and for the course, and what a plan leaves open."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Choice, Plan, Start, Switch, TimePlan
from trajectsim.path.teaching import TeachingTime
from trajectsim.path.walk import play
from trajectsim.pupil import Pupil
from trajectsim.verdict import Outcome

FLEUR = Pupil(date(2002, 5, 1), "Fleur")
LAW = Lawbook.load()


def ledger(plan: TimePlan, year: int, place: str, *more: TimePlan, extra: bool = False) -> TeachingTime:
    """The ledger in a place, of who entered its track on time."""
    switches = {"extra-activities": Switch(extra)}
    start = Start(SchoolYear(year), place)
    time = play(Plan(FLEUR, start, measures=switches, teaching=(plan, *more)), LAW).steps[0].teaching
    assert time is not None
    return time


@pytest.mark.parametrize(
    ("year", "extra", "counted"),
    [(2014, 100, 60), (2014, 60, 60), (2014, 59, 59), (2014, 0, 0), (2015, 100, 0)],
)
def test_without_the_measure_extra_hours_count_up_to_60_and_from_2015_not_at_all(
    year: int, extra: int, counted: int
) -> None:
    for on in (False, True) if year == 2014 else (False,):  # in 2014/2015 the law does not know the measure
        told = ledger(TimePlan("vo/havo", (900,), (extra,)), year, "vo/havo/1", extra=on).this_year
        assert told is not None
        assert (told.extra_counted, told.counted) == (counted, 900 + counted)


def test_each_year_counts_by_the_law_of_its_own_school_year() -> None:
    """Havo 3 in 2016/2017: years 1 and 2 fell in 2014/2015 and 2015/2016."""
    plan = TimePlan("vo/havo", (900, 900, 900), (100, 100, 100))
    assert [year.counted for year in ledger(plan, 2016, "vo/havo/3", extra=True).years if year] == [960, 1000, 1000]
    assert ledger(plan, 2016, "vo/havo/3", extra=True).course == 2960
    assert ledger(plan, 2016, "vo/havo/3").course == 2760


def test_a_plan_that_ends_before_leaves_the_course_open() -> None:
    time = ledger(TimePlan("vo/havo", (940, 940)), 2019, "vo/havo/5")
    assert (time.this_year, time.course) == (None, None)
    assert {norm.rule.id: norm.outcome for norm in time.norms}["teaching-time-course"] is Outcome.UNDECIDED


def test_a_track_without_a_plan_has_no_ledger() -> None:
    plan = Plan(FLEUR, Start(SchoolYear(2016), "vo/vwo/4"), teaching=(TimePlan("vo/havo", (940,)),))
    assert play(plan, LAW).steps[0].teaching is None
    assert play(Plan(FLEUR, Start(SchoolYear(2016), "vo/vwo/4")), LAW).steps[0].teaching is None


def test_a_skipped_year_is_part_of_the_course() -> None:
    plan = Plan(
        FLEUR,
        Start(SchoolYear(2014), "vo/vwo/1"),
        measures={"skip-year": Switch(True)},
        choices=(Choice(SchoolYear(2015), "skip"),),
        teaching=(TimePlan("vo/vwo", (1000,) * 6),),
    )
    last = next(step for step in play(plan, LAW).steps if step.state.place.id == "vo/vwo/6")
    assert last.teaching is not None
    assert last.teaching.course == 6000


def test_an_accelerated_group_leans_on_the_regular_course() -> None:
    five, regular = TimePlan("vo/vwo-five", (900,) * 5), TimePlan("vo/vwo", (950,) * 6)
    alone = {norm.rule.id: norm for norm in ledger(five, 2020, "vo/vwo-five/5").norms}["teaching-time-course"]
    assert alone.outcome is Outcome.NEEDS_UNMET
    plan = Plan(
        FLEUR,
        Start(SchoolYear(2020), "vo/vwo-five/5"),
        measures={"five-year-vwo": Switch(True)},
        teaching=(five, regular),
    )
    time = play(plan, LAW).steps[0].teaching
    assert time is not None
    assert {norm.rule.id: norm.open for norm in time.norms}["teaching-time-course"]


HOURS = st.lists(st.integers(0, 1500), min_size=6, max_size=6).map(tuple)


@given(hours=HOURS, extra=HOURS, more=st.integers(0, 500), k=st.integers(0, 5), on=st.booleans())
def test_more_hours_never_turn_a_norm_that_is_met_into_one_that_is_not(
    hours: tuple[int, ...], extra: tuple[int, ...], more: int, k: int, on: bool
) -> None:
    grown = tuple(hour + more * (n == k) for n, hour in enumerate(hours))
    before = ledger(TimePlan("vo/vwo", hours, extra), 2019, "vo/vwo/6", extra=on)
    after = ledger(TimePlan("vo/vwo", grown, extra), 2019, "vo/vwo/6", extra=on)
    met = {norm.rule.id for norm in before.norms if norm.open}
    assert met <= {norm.rule.id for norm in after.norms if norm.open}


@given(hours=HOURS, extra=HOURS, year=st.integers(2010, 2030))
def test_turning_the_measure_on_never_makes_fewer_hours_count(
    hours: tuple[int, ...], extra: tuple[int, ...], year: int
) -> None:
    off, on = (ledger(TimePlan("vo/vwo", hours, extra), year, "vo/vwo/6", extra=each) for each in (False, True))
    assert (off.course or 0) <= (on.course or 0)
