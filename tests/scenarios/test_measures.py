"""Every measure is shown: one scenario fails without it; of what acts on a pupil one is refused by an earlier law."""

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
IN_LESSONS = [measure for measure in LAW.measures.values() if measure.acts_on == "lesson"]
IN_SCHOOLS = [measure for measure in LAW.measures.values() if measure.acts_on == "school"]
NO_GAIN = {"compacting", "honours", "streaming"}
"""Measures of lessons without which a pupil learns as much, by the evidence: nothing of a walk can hang on them."""
FIRST = 2013


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Every scenario of a walk, as text, by file."""
    files, _problems = find(FOLDERS)
    return tuple((str(file), file.read_text("utf-8")) for file in files)


def failing(text: str, file: str, *, without: str = "", also: tuple[str, ...] = ()) -> list[str]:
    """The expectations of a scenario that are not met, those that only say the measure is in effect apart; ``also``
    counts these too."""
    scenario = read_from(text, file).scenario
    if without:
        scenario = evolve(scenario, measures={**scenario.measures, without: False})
    law = law_of(scenario, LAW)
    judged = judge_expectations(scenario, play(plan_of(scenario), law), law)
    return [str(each.at) for each in judged if not each.met and each.at[-1] not in {"measures"}.difference(also)]


def told(measure: Measure) -> list[tuple[str, str]]:
    """The scenarios that name a measure, or all where it is on without being named."""
    return [(file, text) for file, text in texts() if measure.on_by_itself or measure.id in text]


@pytest.mark.parametrize("measure", ON_PUPILS, ids=lambda measure: measure.id)
def test_a_scenario_fails_without_the_measure(measure: Measure) -> None:
    shown = (
        file for file, text in told(measure) if not failing(text, file) and failing(text, file, without=measure.id)
    )
    assert next(shown, None), f"no scenario in {[folder.name for folder in FOLDERS]} shows what {measure.id} changes"


@pytest.mark.parametrize("measure", [*IN_LESSONS, *IN_SCHOOLS], ids=lambda measure: measure.id)
def test_a_scenario_fails_without_what_has_no_rule_for_a_pupil(measure: Measure) -> None:
    """Where lessons are so much better that she goes to another place, that fails too; else that it is in effect."""
    also = ("measures",) if measure in IN_SCHOOLS or measure.id in NO_GAIN else ()
    shown = (
        file
        for file, text in told(measure)
        if not failing(text, file, also=also) and failing(text, file, without=measure.id, also=also)
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
