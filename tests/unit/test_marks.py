"""Marks: the final mark on every pair, means without division, and what may be written as a mark."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.marks import HIGHEST, LOWEST, final, mean_at_least, mean_at_most, parse_mark, whole

TENTHS = range(10, 101)
MARKS = st.integers(10, 100)


def by_decree(se: int, ce: int) -> int:
    """The final mark as the decree words it, in decimals: the mean, cut to one decimal, that decimal rounds."""
    mean = (Decimal(se) / 10 + Decimal(ce) / 10) / 2
    cut = mean.quantize(Decimal("0.1"), rounding=ROUND_FLOOR)
    return int(cut.quantize(Decimal(1), rounding=ROUND_HALF_UP)) * 10


@pytest.fixture(scope="module")
def pairs() -> list[tuple[int, int]]:
    return list(product(TENTHS, TENTHS))


def test_the_final_mark_of_every_pair_is_that_of_the_decree(pairs: list[tuple[int, int]]) -> None:
    assert len(pairs) == 8281
    assert [final(se, ce) for se, ce in pairs] == [by_decree(se, ce) for se, ce in pairs]


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.int64])
def test_a_column_gives_the_same_final_marks_in_one_call(pairs: list[tuple[int, int]], kind: type) -> None:
    se, ce = np.array(pairs, dtype=kind).T
    finals = final(se, ce)
    assert finals.dtype == kind
    assert finals.tolist() == [final(s, c) for s, c in pairs]


@pytest.mark.parametrize(
    ("se", "ce", "mark"),
    [
        (54, 55, 50),
        (55, 55, 60),
        (54, 56, 60),
        (10, 10, 10),
        (100, 100, 100),
        (64, 65, 60),
        (94, 95, 90),
        (95, 95, 100),
    ],
)
def test_final_marks_at_the_edge(se: int, ce: int, mark: int) -> None:
    assert final(se, ce) == mark


@given(MARKS, MARKS)
def test_a_higher_mark_never_lowers_the_final_mark(se: int, ce: int) -> None:
    assert final(se, ce) == final(ce, se)
    if se < HIGHEST:
        assert final(se, ce) <= final(se + 1, ce)


def test_a_whole_mark_is_within_half_a_point_and_halves_go_up() -> None:
    for mark in TENTHS:
        assert whole(mark) % 10 == 0
        assert -5 <= mark - whole(mark) <= 4
        assert whole(whole(mark)) == whole(mark)
    assert (whole(54), whole(55)) == (50, 60)


@given(st.lists(MARKS, min_size=1, max_size=20), MARKS)
def test_a_mean_is_compared_exactly(marks: list[int], bound: int) -> None:
    mean = Fraction(sum(marks), len(marks))
    assert bool(mean_at_least(sum(marks), bound, len(marks))) == (mean >= bound)
    assert bool(mean_at_most(sum(marks), bound, len(marks))) == (mean <= bound)


def test_three_marks_that_are_55_on_average_reach_55() -> None:
    assert mean_at_least(51 + 55 + 59, 55, 3)
    assert not mean_at_least(51 + 55 + 58, 55, 3)


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 20)), min_size=1, max_size=30), MARKS)
def test_means_of_columns_are_those_of_their_rows(rows: list[tuple[int, int]], bound: int) -> None:
    total, count = np.array(rows, dtype=np.int16).T
    for compare in (mean_at_least, mean_at_most):
        assert compare(total, bound, count).tolist() == [bool(compare(t, bound, c)) for t, c in rows]


@pytest.mark.parametrize("compare", [mean_at_least, mean_at_most])
def test_a_mean_of_nothing_reaches_no_bound(compare) -> None:
    assert not compare(0, 55, 0)


@pytest.mark.parametrize(
    ("written", "tenths"),
    [
        ("8,1", 81), ("8.1", 81), (8, 80), (Decimal("8.1"), 81), (Decimal("8.10"), 81), ("8", 80), ("1", 10),
        ("10", 100), ("10,0", 100), (Decimal(1), 10), (Decimal("1E+1"), 100),
    ],
)  # fmt: skip
def test_a_mark_is_read(written: int | Decimal | str, tenths: int) -> None:
    assert parse_mark(written) == tenths


@given(MARKS)
def test_every_mark_reads_back(tenths: int) -> None:
    point = f"{tenths // 10}.{tenths % 10}"
    assert parse_mark(point) == parse_mark(point.replace(".", ",")) == parse_mark(Decimal(point)) == tenths


@pytest.mark.parametrize(
    "written",
    [
        True, False, 0, 11, -8, "0,9", "10.1", Decimal("0.9"), Decimal("10.1"), Decimal("5.55"), "5,55", "5.5.5",
        "5,5,5", "vijf", "", " ", "nan", "inf", "-inf", "sNaN", Decimal("nan"), Decimal("inf"), Decimal("-Infinity"),
        "1e999999", "1e-999999", "1e99999999999999999999", "1e-99999999999999999999", Decimal("1e999999"), "9" * 10000,
    ],
)  # fmt: skip
def test_what_is_no_mark_is_a_value_error(written: int | Decimal | str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the value itself
        parse_mark(written)


def test_a_number_of_thousands_of_digits_is_a_value_error() -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse_mark(10**5000)


@pytest.mark.parametrize(
    "written",
    [
        "8.1000000000000000000000000000001",
        Decimal("8.1000000000000000000000000000001"),
        "0.99999999999999999999999999999999999",
        "10.0000000000000000000000000000000001",
        "1_0",
    ],
)
def test_a_mark_has_one_decimal_however_far_the_second_stands(written: Decimal | str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse_mark(written)


@given(st.one_of(st.text(max_size=12), st.decimals(), st.integers()))
def test_anything_is_a_mark_or_a_value_error(written: int | Decimal | str) -> None:
    try:
        tenths = parse_mark(written)
    except ValueError:
        return
    assert LOWEST <= tenths <= HIGHEST
    exact = Decimal(written.replace(",", ".") if isinstance(written, str) else written)
    assert Fraction(exact) == Fraction(tenths, 10)
