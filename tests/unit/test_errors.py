"""Problems: how they print, in which order they stand, and which name was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.errors import Place, Problem, Problems, nearest


def test_a_problem_prints_with_its_line_a_caret_and_a_hint() -> None:
    problem = Problem(
        "S104",
        'unknown move "skp"',
        "x.toml",
        place=Place(12, 8, 5),
        excerpt='move = "skp"',
        hint="known here: skip",
    )
    assert str(problem).splitlines() == [
        'x.toml:12:8 error S104: unknown move "skp"',
        '   12 | move = "skp"',
        "      |        ^^^^^",
        "      = known here: skip",
    ]


@given(st.integers(1, 99_999), st.integers(1, 30), st.integers(1, 10))
def test_the_caret_stands_under_what_it_means(line: int, column: int, width: int) -> None:
    excerpt = "." * (column - 1) + "x" * width
    shown = str(Problem("S1", "m", "f", place=Place(line, column, width), excerpt=excerpt)).splitlines()
    assert [i for i, c in enumerate(shown[2]) if c == "^"] == [i for i, c in enumerate(shown[1]) if c == "x"]


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("S001", "there is no such file", "x.toml"), "x.toml error S001: there is no such file"),
        (Problem("S001", "odd"), "error S001: odd"),
        (Problem("S001", "odd", "x", place=Place(3, 5)), "x:3:5 error S001: odd"),
        (Problem("S001", "odd", hint="try"), "error S001: odd\n      = try"),
    ],
)
def test_a_problem_prints_what_is_known_of_it(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_problems_stand_in_the_order_of_the_file() -> None:
    late = Problem("S1", "late", "a", place=Place(9, 1))
    early = Problem("S1", "early", "a", place=Place(2, 5))
    nowhere = Problem("S1", "nowhere", "a")
    other = Problem("S1", "other", "b", place=Place(1, 1))
    error = Problems([other, late, early, nowhere])
    assert [p.message for p in error.problems] == ["nowhere", "early", "late", "other"]
    assert str(error) == "\n".join(map(str, error.problems))


@pytest.mark.parametrize(
    ("word", "meant"),
    [("skp", "skip"), ("leav", "leave"), ("repaet", "repeat"), ("xyzzy", None), ("", None), ("skip", "skip")],
)
def test_the_nearest_name(word: str, meant: str | None) -> None:
    assert nearest(word, ["skip", "repeat", "leave", "promote"]) == meant


def test_nothing_is_near_when_nothing_is_known() -> None:
    assert nearest("skip", []) is None
