"""The page on problems: every code of scenarios is on it, and its examples are as wrong and as right as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.read import Source, counted, read_any_from, walked
from trajectsim.scenario.run import play_source

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "problems.md").read_text("utf-8")
EXAMPLES = re.findall(
    r"^## (S\d{3})[^\n]*\n\n(?:[^`#\n][^\n]*\n)?\n?```toml wrong\n(.*?)```\n\n```toml right\n(.*?)```",
    PAGE,
    re.M | re.S,
)


ASKED = {"S205": walked, "S206": counted}
"""What is asked of a scenario where the problem hangs on that."""


def codes(text: str, law: Lawbook, code: str) -> set[str]:
    try:
        for source in read_any_from(text, "x.toml"):
            if code in ASKED:
                ASKED[code](source)
            elif isinstance(source, Source):
                play_source(source, law)
    except Problems as found:
        return {problem.code if problem.place is not None else "nowhere" for problem in found.problems}
    return set()


@pytest.mark.parametrize(("code", "wrong", "right"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_the_examples_are_wrong_and_right(code: str, wrong: str, right: str, law: Lawbook) -> None:
    assert codes(wrong, law, code) == {code}
    assert codes(right, law, code) == set()


def test_every_code_is_on_the_page() -> None:
    used = {
        code
        for file in (ROOT / "src" / "trajectsim").rglob("*.py")
        for code in re.findall(r'"(S\d{3})"', file.read_text("utf-8"))
    }
    told = set(re.findall(r"\bS\d{3}\b", " ".join(re.findall(r"^## (.*)$", PAGE, re.M))))
    assert used == told


def test_every_code_that_hangs_on_a_text_has_examples() -> None:
    told = set(re.findall(r"\bS\d{3}\b", " ".join(re.findall(r"^## (.*)$", PAGE, re.M))))
    of_files, of_commands = {"S001", "S002", "S003"}, {"S207", "S301", "S302"}
    assert told - {code for code, _wrong, _right in EXAMPLES} == of_files | of_commands
