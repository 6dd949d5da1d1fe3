"""Changing a scenario as text: it says what was asked for, and everything else stays as it was, comments too."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.errors import Problems
from trajectsim.reading import parse
from trajectsim.scenario.edit import append, drop, put, written

FOLDER = Path(__file__).parents[2] / "scenarios"
FILES = sorted(FOLDER.rglob("*.toml"))
CHOICE = {"in": "2020/2021", "move": "repeat"}


def comments(text: str) -> list[str]:
    return re.findall(r"(?m)(?:^|\s)#.*$", text)


def kept(old: str, new: str) -> bool:
    """Whether every line of the old text is in the new one, in its order."""
    lines = iter(new.split("\n"))
    return all(any(line == each for each in lines) for line in old.rstrip("\n").split("\n"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_choice_more_and_a_choice_less_in_every_bundled_scenario(file: Path) -> None:
    text = file.read_text("utf-8")
    before = parse(text, "")
    more = append(text, "choice", CHOICE)
    assert parse(more, "") == {**before, "choice": [*before.get("choice", []), CHOICE]}
    assert kept(text, more)
    less = drop(more, ("choice", len(before.get("choice", []))))
    assert parse(less, "").get("choice", []) == before.get("choice", [])
    assert comments(less) == comments(text)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_measure_in_every_bundled_scenario(file: Path) -> None:
    text = file.read_text("utf-8")
    before = parse(text, "")
    here = before.get("measures", {}).get("skip-year")
    for value in (True, False, {"from": "2015/2016"}):
        new = put(text, ("measures", "skip-year"), value)
        assert parse(new, "") == {**before, "measures": {**before.get("measures", {}), "skip-year": value}}
        assert comments(new) == comments(text)
        if here is None:
            assert kept(text, new)
            back = parse(drop(new, ("measures", "skip-year")), "")
            assert {key: each for key, each in back.items() if key != "measures" or each} == before


def test_a_new_section_has_its_place_before_the_comment_of_the_next() -> None:
    text = 'title = "x"\n\n# who she is\n[pupil]\nborn = 2008-03-12\n'
    new = put(text, ("measures", "skip-year"), True)
    assert new == 'title = "x"\n\n[measures]\nskip-year = true\n\n# who she is\n[pupil]\nborn = 2008-03-12\n'
    assert append(text, "choice", CHOICE).endswith(
        'born = 2008-03-12\n\n[[choice]]\nin = "2020/2021"\nmove = "repeat"\n'
    )


def test_what_is_not_there_is_dropped_without_a_change() -> None:
    assert drop("a = 1\n", ("b",)) == "a = 1\n"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("measures = { skip-year = true, other = false }\n", ("measures", "new")),
        ("a = 1\n", ("a", "b")),
        ("[[case]]\nname = 'a'\n", ("case", 3, "measures", "x")),
        ("[measures]\nx = [\n 1,\n]; \n", ("measures", "x")),
    ],
)
def test_what_cannot_be_changed_is_refused_and_never_damaged(text: str, at: tuple[Any, ...]) -> None:
    with pytest.raises(Problems):
        put(text, at, True)


LEAVES = st.one_of(
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.decimals(-1000, 1000, places=2).filter(lambda d: d != 0 or not d.is_signed()),
    st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    st.text(max_size=20),
)
VALUES = st.recursive(
    LEAVES,
    lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(st.text(max_size=8), inside, max_size=3)),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_that_is_written_is_read_again(value: Any) -> None:
    (read,) = parse(f"x = {written(value)}\n", "").values()
    assert read == value
    assert type(read) is type(value)


@given(st.text(min_size=1, max_size=8), VALUES, st.sampled_from(FILES))
def test_any_value_can_be_put_under_any_name(name: str, value: Any, file: Path) -> None:
    text = file.read_text("utf-8")
    new = put(text, ("given", name), value)
    assert parse(new, "")["given"][name] == value
    assert put(new, ("given", name), Decimal("1.5")).count("\n") == new.count("\n")
