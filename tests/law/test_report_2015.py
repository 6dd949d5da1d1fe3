"""Every line of the progress report of 2015 stands with a measure, with its date and its words: a second reading."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from trajectsim.law.lawbook import Lawbook

READ: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("report_2015.toml").read_text("utf-8"))
LAW = Lawbook.load()


def test_every_measure_was_read() -> None:
    assert READ.keys() == LAW.measures.keys()


@pytest.mark.parametrize("name", READ)
def test_a_measure_says_what_the_report_says(name: str) -> None:
    measure, told = LAW.measures[name], READ[name]
    assert str(measure.announced or "") == told.get("announced", "")
    assert (measure.report is not None) is ("says" in told)
    if measure.report is not None:
        assert [words for words in told["says"] if words.lower() not in measure.report.en.lower()] == []
        numbers = {word for word in measure.report.en.replace("/", " ").replace("-", " ").split() if word.isdecimal()}
        assert all(number in measure.report.nl for number in numbers)


@pytest.mark.parametrize("name", READ)
def test_a_switch_can_say_what_is_asked_of_the_measure(name: str) -> None:
    assert list(LAW.measures[name].parameters) == READ[name]["takes"]
