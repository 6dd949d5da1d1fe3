"""A figure that comes to nothing is told without a minus."""

from __future__ import annotations

import json

import pytest

from trajectsim.cohort.figures import PERCENT, Band, banded
from trajectsim.report import cohort, cohort_sensitivity
from trajectsim.report.cohort import rounded

JUST_BELOW = -0.00001


@pytest.mark.parametrize("unit", [PERCENT, "years", "hours per year", "mark"])
@pytest.mark.parametrize("sign", [False, True])
def test_a_band_has_no_minus_before_nothing(unit: str, sign: bool) -> None:
    told = banded(Band(JUST_BELOW, JUST_BELOW, JUST_BELOW), unit, sign=sign)
    assert "0" in told
    assert "-" not in told
    assert "-" in banded(Band(-3.0, -3.0, -3.0), unit, sign=sign)


def test_no_row_and_no_json_has_it_either() -> None:
    assert cohort._cell(JUST_BELOW) == "0.0000"  # pyright: ignore[reportPrivateUsage]
    assert cohort_sensitivity.number(JUST_BELOW, 2, sign=True) == "+0.00"
    assert json.dumps(rounded(JUST_BELOW)) == "0.0"
    assert rounded(-0.25) == -0.25
