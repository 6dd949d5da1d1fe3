"""Bands in words: a difference that is there is never told as nothing."""

from __future__ import annotations

import pytest

from trajectsim.cohort.figures import PERCENT, YEARS, Band, banded


@pytest.mark.parametrize(
    ("band", "unit", "told"),
    [
        (Band(-0.14, -0.2, -0.11), YEARS, "-0.14 (-0.20 to -0.11)"),
        (Band(-0.04, -0.06, -0.02), YEARS, "-0.04 (-0.06 to -0.02)"),
        (Band(0.006, 0.004, 0.018), PERCENT, "+0.006 points (+0.004 to +0.018)"),
        (Band(0.00001, 0.000001, 0.2), YEARS, "+0.0000 (+0.0000 to +0.2000)"),  # decimals end
        (Band(-0.01, -0.2, 0.1), YEARS, "-0.01 (-0.20 to +0.10)"),  # on both sides of nothing
    ],
)
def test_a_difference_to_one_side_of_nothing_has_the_decimals_that_show_it(band: Band, unit: str, told: str) -> None:
    assert banded(band, unit, sign=True) == told


def test_a_value_has_the_decimals_of_its_unit_and_no_negative_nothing() -> None:
    assert banded(Band(-0.01, -0.04, 0.02), YEARS) == "0.0 (0.0 to 0.0)"
