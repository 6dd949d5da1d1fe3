"""Text on a terminal ends its lines between words, and a table stays a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.cli.fitting import fitted, on_terminal

WIDTH = 40


@given(st.text("ab ✓·:\n", max_size=400), st.integers(10, 80))
def test_no_word_is_broken_or_lost(text: str, width: int) -> None:
    told = fitted(text, width)
    assert told.split() == text.split()
    longest = max(map(len, text.split()), default=0)
    assert all(len(line) <= max(width, len(line) - len(line.lstrip()) + longest) for line in told.splitlines())


@given(st.text("ab ✓·:\n─", max_size=400))
def test_what_fits_stays_as_it_is(text: str) -> None:
    assert fitted(text, max(map(len, text.split("\n")))) == text


def test_a_line_goes_on_under_its_own_beginning() -> None:
    told = fitted("  ✓ To a wo bachelor: open · WHW art. 7.24 lid 1 [C: not verified]\n", WIDTH)
    assert told == "  ✓ To a wo bachelor: open · WHW art.\n      7.24 lid 1 [C: not verified]\n"


def test_columns_move_together_where_there_is_room_between_them() -> None:
    figures = (("vwo diploma", "9.1%"), ("havo diploma", "16.2%"))
    rows = "".join(f"  {label:30}{value:12}D\n" for label, value in figures)
    told = fitted(rows, WIDTH).splitlines()
    assert [len(line) for line in told] == [WIDTH, WIDTH]
    assert told[0].index("9.1%") == told[1].index("16.2%")


def test_a_map_is_not_broken() -> None:
    drawn = " vwo   " + "●───" * 20
    assert fitted(drawn, WIDTH) == drawn


def test_a_line_of_a_file_keeps_what_stands_under_it() -> None:
    shown = (
        "    7 | a key that is long enough to be too wide = true\n      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
    )
    assert fitted(shown, WIDTH) == shown


def test_only_a_terminal_is_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "word " * 30
    assert on_terminal(line) == line
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    assert max(map(len, on_terminal(line).splitlines())) <= WIDTH
