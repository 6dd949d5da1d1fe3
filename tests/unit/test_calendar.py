"""School years and ages on reference dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear, age_at_end, age_on, age_on_1_october, year_of_groep_1

BIRTHS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
YEARS = st.integers(1, 9998).map(SchoolYear)


@given(YEARS)
def test_a_school_year_prints_and_reads_back(year: SchoolYear) -> None:
    assert SchoolYear.parse(str(year)) == year
    assert year.end == year.start + 1
    assert (year + 3) - year == 3
    assert year < year + 1


@pytest.mark.parametrize(
    "text",
    [
        "", "2015", "2015/2017", "2015/2015", "2016/2015", "15/16", "2015/16", "2015-2016", "2015/2016 ", " 2015/2016",
        "2015/2016\n", "0000/0001", "02015/02016", "2015 / 2016", "+015/2016", "abcd/efgh", "2015/2016/2017",
    ],
)  # fmt: skip
def test_what_is_no_school_year_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        SchoolYear.parse(text)


@pytest.mark.parametrize("text", ["٢٠١٥/٢٠١٦", "２０１５/２０１６"])
def test_a_school_year_is_written_in_plain_digits(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        SchoolYear.parse(text)


@given(st.text(max_size=12))
def test_a_text_that_reads_as_a_school_year_is_that_school_year(text: str) -> None:
    try:
        year = SchoolYear.parse(text)
    except ValueError:
        return
    assert str(year) == text


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2015, 7, 31), 2014), (date(2015, 8, 1), 2015), (date(2015, 12, 31), 2015), (date(2016, 1, 1), 2015)],
)
def test_a_school_year_runs_from_1_august_to_31_july(day: date, start: int) -> None:
    assert SchoolYear.on(day) == SchoolYear(start)


@given(BIRTHS, st.integers(0, 90))
def test_the_day_before_a_birthday_a_person_is_a_year_younger(born: date, age: int) -> None:
    year = born.year + age
    leap_day = (born.month, born.day) == (2, 29)
    birthday = date(year, 3, 1) if leap_day and not _is_leap(year) else date(year, born.month, born.day)
    assert age_on(born, birthday) == age
    assert age_on(born, birthday - timedelta(days=1)) == age - 1


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2008, 2, 29), 0), (date(2009, 2, 28), 0), (date(2009, 3, 1), 1), (date(2012, 2, 28), 3),
        (date(2012, 2, 29), 4), (date(2026, 2, 28), 17), (date(2026, 3, 1), 18),
    ],
)  # fmt: skip
def test_who_was_born_on_29_february(day: date, age: int) -> None:
    assert age_on(date(2008, 2, 29), day) == age


@given(BIRTHS, st.integers(1900, 2190).map(SchoolYear))
def test_age_rises_by_one_a_year(born: date, year: SchoolYear) -> None:
    assert age_on_1_october(born, year + 1) == age_on_1_october(born, year) + 1
    assert age_at_end(born, year + 1) == age_at_end(born, year) + 1
    assert age_at_end(born, year) - age_on_1_october(born, year) in (0, 1)


@given(BIRTHS)
def test_groep_1_is_the_one_year_in_which_a_child_is_four(born: date) -> None:
    year = year_of_groep_1(born)
    assert age_on_1_october(born, year) == 4
    assert [age_on_1_october(born, year + n) for n in (-1, 1)] == [3, 5]


@pytest.mark.parametrize(
    ("born", "first"), [(date(2008, 10, 1), 2012), (date(2008, 10, 2), 2013), (date(2008, 3, 12), 2012)]
)
def test_who_is_four_on_1_october_is_in_groep_1(born: date, first: int) -> None:
    assert year_of_groep_1(born) == SchoolYear(first)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
