"""Every case of law holds, and every row of the law has cases; those of exams are in ``test_exams``."""

from __future__ import annotations

import pytest
from harness import all_cases, by_row, failures

from trajectsim.law.lawbook import Lawbook, OfExams
from trajectsim.law.moves import Versioned

CASES = all_cases()
ROWS = by_row(CASES)


@pytest.mark.parametrize("row", ROWS)
def test_cases_of_law(row: str, law: Lawbook) -> None:
    assert failures(law, ROWS[row]) == []


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.id for case in CASES]
    assert len(names) == len(set(names))


def test_every_rule_has_a_verdict(law: Lawbook) -> None:
    asked = {name for case in CASES if " in " in case.id for name in case.about}
    assert {rule.id for rule in law.rules() if not isinstance(rule, OfExams)} <= asked


def test_every_rule_track_and_way_is_cited(law: Lawbook) -> None:
    cited = {case.id.rpartition(", ")[0] for case in CASES if case.id.startswith("citation of ")}
    rules = [rule for rule in law.rules() if not isinstance(rule, OfExams)]
    rows = {f"citation of {row.id}" for row in (*rules, *law.tracks.values())}
    for rule in rules:
        if isinstance(rule, Versioned):
            ways = ((n, way) for version in rule.version for n, way in enumerate(version.ways))
            rows |= {f"citation of {rule.id} way {n}" for n, way in ways if way.cite}
    assert rows == cited
