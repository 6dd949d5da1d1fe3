"""How long work may take yet: by what was done since it began."""

from __future__ import annotations

import pytest

from trajectsim.pace import Pace


def test_what_is_left_goes_as_fast_as_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    pace = Pace(began=100.0)
    pace.at(4, 12)  # four were there before
    now[0] += 10
    assert (pace.all, pace.left) == (12, None)
    pace.at(6.5, 12)
    assert pace.took == 10
    assert pace.left == pytest.approx(10 / 2.5 * 5.5)
    pace.at(12, 12)
    assert pace.left == 0
