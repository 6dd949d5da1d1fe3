"""Every row of the graph of places and moves has a rule, a case of law and a scenario that would fail without it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from attrs import evolve
from harness import all_cases

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.moves import Versioned
from trajectsim.law.tables import Force, Version, WayText
from trajectsim.scenario.run import run_file

PATHS = Path(__file__).parents[2] / "scenarios" / "paths"
GRAPH: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("graph.toml").read_text("utf-8"))
_REFERENCE = re.compile(r"(?P<rule>[^@#]+)(?:@(?P<year>\d{4}/\d{4})|#(?P<way>.+))?")

Ways = tuple[WayText, ...]


def changed(law: Lawbook, reference: str, instead: Ways) -> Lawbook:
    """The law with other ways for what a reference names: a rule, a version of it, or the ways with an id."""
    named = _REFERENCE.fullmatch(reference)
    assert named is not None, reference
    rule = law.rule(named["rule"])
    assert isinstance(rule, Versioned), reference
    versions = [_changed(version, named["year"], named["way"], instead) for version in rule.version]
    assert tuple(versions) != rule.version, f"nothing of {reference} is there"
    rows = {"move": "moves", "act": "acts", "diploma": "diplomas", "duty": "duties"}[type(rule).__name__.lower()]
    return evolve(law, **{rows: {**getattr(law, rows), rule.id: evolve(rule, version=tuple(versions))}})


def _changed(version: Version, year: str | None, way: str | None, instead: Ways) -> Version:
    if year and SchoolYear.parse(year).start not in version.span:
        return version
    kept = tuple(each for each in version.ways if each.id != way) if way else ()
    return evolve(version, ways=kept + instead if not way or len(kept) < len(version.ways) else kept)


def fails(law: Lawbook, scenarios: list[str]) -> bool:
    """Whether one of the scenarios does not hold under a law."""
    return any(not ran.passed for name in scenarios for ran in run_file(PATHS / name, law))


INSTEAD = {"rules": (), "barred": (WayText(Force.RIGHT),)}
"""What the ways of a rule are changed into: nothing where they open a step, a right where they refuse one."""
REFERENCES = [
    pytest.param(row, each, INSTEAD[kind], id=f"{row} {each}")
    for row, told in GRAPH.items()
    for kind in INSTEAD
    for each in told.get(kind, ())
]


@pytest.mark.parametrize("row", GRAPH)
def test_a_row_of_the_graph_is_told_in_full(row: str) -> None:
    told = GRAPH[row]
    assert set(told) <= {*INSTEAD, "scenarios"}
    assert told["scenarios"]
    assert told.get("rules") or told.get("barred")


@pytest.mark.parametrize("row", GRAPH)
def test_a_row_of_the_graph_has_cases_of_law(row: str) -> None:
    asked = {rule for case in all_cases() if row in case.dossier for rule in case.about}
    told = (each for kind in INSTEAD for each in GRAPH[row].get(kind, ()))
    assert {re.split("[@#]", each)[0] for each in told} <= asked


@pytest.mark.parametrize(("row", "reference", "instead"), REFERENCES)
def test_a_scenario_fails_without_what_a_row_is_encoded_by(
    row: str, reference: str, instead: Ways, law: Lawbook
) -> None:
    scenarios = GRAPH[row]["scenarios"]
    assert not fails(law, scenarios)
    assert fails(changed(law, reference, instead), scenarios)
