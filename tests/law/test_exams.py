"""Every case of exam law holds, and every rule of the exams has cases."""

from __future__ import annotations

import pytest
from exam_harness import exam_cases, examples
from harness import by_row, failures

from trajectsim.law.exams import Exclusion
from trajectsim.law.lawbook import Lawbook, OfExams

CASES = exam_cases()
ROWS = by_row(CASES)


@pytest.mark.parametrize("row", ROWS)
def test_cases_of_exam_law(row: str, law: Lawbook) -> None:
    assert failures(law, ROWS[row]) == []


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.id for case in CASES]
    assert len(names) == len(set(names))


def test_every_worked_example_of_the_dossier_is_told() -> None:
    assert examples() == {f"E{n}" for n in range(1, 44)}


def test_every_rule_of_exams_is_cited_and_described(law: Lawbook) -> None:
    rules = {rule.id for rule in (*law.rules(), *law.exclusions.values()) if isinstance(rule, OfExams | Exclusion)}
    for what in ("citation of ", "what the "):
        assert rules <= {name for case in CASES if case.id.startswith(what) for name in case.about}


def test_every_demand_is_asked(law: Lawbook) -> None:
    asked = {name for case in CASES if " demand " in f" {case.id}" for name in case.about}
    assert set(law.demands) == asked
