"""Every measure that acts on a pupil is shown: one scenario fails without it, one is refused by an earlier law."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.path.walk import play
from trajectsim.scenario.judge import judge_expectations
from trajectsim.scenario.plans import law_of, plan_of
from trajectsim.scenario.read import find, read_from

FOLDERS = [Path(__file__).parents[2] / "scenarios" / name for name in ("paths", "measures")]
LAW = Lawbook.load()
ON_PUPILS = [measure for measure in LAW.measures.values() if measure.acts_on == "pupil"]
FIRST = 2013


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Every scenario of a walk, as text, by file."""
    files, _problems = find(FOLDERS)
    return tuple((str(file), file.read_text("utf-8")) for file in files)


def failing(text: str, file: str, *, without: str = "") -> list[str]:
    """The expectations of a scenario that are not met, those that only say the measure is in effect apart."""
    scenario = read_from(text, file).scenario
    if without:
        scenario = evolve(scenario, measures={**scenario.measures, without: False})
    law = law_of(scenario, LAW)
    judged = judge_expectations(scenario, play(plan_of(scenario), law), law)
    return [str(each.at) for each in judged if not each.met and each.at[-1] != "measures"]


def told(measure: Measure) -> list[tuple[str, str]]:
    """The scenarios that name a measure, or all where it is on without being named."""
    return [(file, text) for file, text in texts() if measure.on_by_itself or measure.id in text]


@pytest.mark.parametrize("measure", ON_PUPILS, ids=lambda measure: measure.id)
def test_a_scenario_fails_without_the_measure(measure: Measure) -> None:
    shown = (
        file for file, text in told(measure) if not failing(text, file) and failing(text, file, without=measure.id)
    )
    assert next(shown, None), f"no scenario in {[folder.name for folder in FOLDERS]} shows what {measure.id} changes"


@pytest.mark.parametrize(
    "measure", [m for m in ON_PUPILS if (m.span.first or 0) > FIRST], ids=lambda measure: measure.id
)
def test_a_scenario_shows_that_the_law_of_an_earlier_year_refuses_it(measure: Measure) -> None:
    assert measure.span.first is not None
    refused = [
        (file, blocked.in_.start)
        for file, text in told(measure)
        for blocked in read_from(text, file).scenario.expect.blocked
        if blocked.measure == measure.id
    ]
    early = [file for file, year in refused if year < measure.span.first and not failing(dict(texts())[file], file)]
    assert early, f"no scenario has {measure.id} refused before {measure.span.first}"
