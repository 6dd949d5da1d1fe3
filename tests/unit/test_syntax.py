"""Text that is no TOML: the reader's reason in the language of the person who reads it."""

from __future__ import annotations

import tomllib

import pytest

from trajectsim import words
from trajectsim.errors import Problems
from trajectsim.reading import parse

BROKEN = (
    "a =",
    "a = x",
    "a = 2000-13-01",
    '"""',
    "= 1",
    "a = 1 b = 2",
    "a 1",
    "[a",
    "[[a]",
    "a = [1",
    "a = {b = 1",
    "a = {b = 1, b = 2}",
    'a = "x',
    'a = "x\n"',
    'a = "\\q"',
    'a = "\\ud800"',
    'a = "\\u00z0"',
    "a = 1\na = 2",
    "[a]\n[a]",
    "a = {}\n[a.b]",
    "[[a]]\n[a]",
    "a = [1]\n[[a]]",
    "a = 1\n[a.b]",
    "\x00",
    "a = 'x",
)


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_wrong_with_it_is_told_in_dutch(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    english = str(raised.value).partition(" (at ")[0]
    words.use("nl")
    with pytest.raises(Problems) as error:
        parse(text, "x.toml")
    (problem,) = error.value.problems
    assert english not in problem.message, problem.message


def test_a_reason_that_is_not_known_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_text: str, **_options: object) -> None:
        raise tomllib.TOMLDecodeError("Something new (at line 1, column 1)")

    monkeypatch.setattr(tomllib, "loads", failing)
    with pytest.raises(Problems, match="Something new"):
        parse("a", "x.toml")
