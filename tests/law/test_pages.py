"""The pages of the law, and what is said of the tests and scenarios that touch a rule, are as the data has it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from trajectsim.law.lawbook import Lawbook
from trajectsim.law.touching import TOUCHING

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_the_pages_of_the_law_are_current(law: Lawbook) -> None:
    """Else: python tools/law_pages.py"""
    spec = importlib.util.spec_from_file_location("law_pages", ROOT / "tools" / "law_pages.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.stale(tool.written(law)) == []


def test_every_rule_is_touched_by_a_test_and_what_touches_it_exists() -> None:
    for rule, (cases, scenarios) in TOUCHING.items():
        assert cases, rule
        assert all((ROOT / "tests" / "law" / "cases" / name).is_file() for name in cases)
        assert all((ROOT / "scenarios" / name).is_file() for name in scenarios)


def test_a_scenario_touches_what_its_walk_hangs_on_though_it_does_not_speak_of_it() -> None:
    assert "paths/sara.toml" in TOUCHING["promote"][1]
    assert "promote" not in (ROOT / "scenarios" / "paths" / "sara.toml").read_text("utf-8")
