"""The page on problems: every code of scenarios is on it, and its examples are as wrong and as right as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.read import read_all_from
from trajectsim.scenario.run import play_source

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "problems.md").read_text("utf-8")
EXAMPLES = re.findall(r"^## (S\d{3})[^\n]*\n\n```toml wrong\n(.*?)```\n\n```toml right\n(.*?)```", PAGE, re.M | re.S)


def codes(text: str, law: Lawbook) -> set[str]:
    try:
        for source in read_all_from(text, "x.toml"):
            play_source(source, law)
    except Problems as found:
        return {problem.code if problem.place is not None else "nowhere" for problem in found.problems}
    return set()


@pytest.mark.parametrize(("code", "wrong", "right"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_the_examples_are_wrong_and_right(code: str, wrong: str, right: str, law: Lawbook) -> None:
    assert codes(wrong, law) == {code}
    assert codes(right, law) == set()


def test_every_code_is_on_the_page() -> None:
    used = {
        code
        for file in (ROOT / "src" / "trajectsim").rglob("*.py")
        for code in re.findall(r'"(S\d{3})"', file.read_text("utf-8"))
    }
    told = set(re.findall(r"\bS\d{3}\b", " ".join(re.findall(r"^## (.*)$", PAGE, re.M))))
    assert used == told
