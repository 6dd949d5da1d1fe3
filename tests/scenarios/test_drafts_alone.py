"""A file that is nothing but a draft reform: a cohort of the law as it is beside the law with the draft."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim import cli
from trajectsim.calendar import SchoolYear, first_born_for, year_of_groep_1
from trajectsim.cohort.design import born
from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.cohorts import CohortSource, read_cohort_from
from trajectsim.scenario.read import is_cohort, read_any_from, read_from
from trajectsim.verify.drafts import drafts

DRAFT = """title = "Cum laude at 7.5"

[[reform]]
rule = "cum-laude-vwo"
set = "mean"
from = "2027/2028"
value = 7.5
"""


@given(st.integers(2000, 2034))
def test_its_children_meet_it_from_their_first_school_day(start: int) -> None:
    source = read_cohort_from(DRAFT.replace("2027/2028", f"{start}/{start + 1}"), "x.toml")
    years = {year_of_groep_1(day) for day in born(source.cohort.births)}
    assert min(years) == SchoolYear(start)
    assert first_born_for(SchoolYear(start)) == source.cohort.births[0]


def test_it_is_a_cohort_with_and_without(law: Lawbook) -> None:
    (source,) = read_any_from(DRAFT, "x.toml")
    assert isinstance(source, CohortSource)
    assert is_cohort(DRAFT)
    now, draft = source.cohort.policies
    assert (now.id, now.reforms, draft.id, draft.label) == ("now", (), "draft", "Cum laude at 7.5")
    assert [reform.rule for reform in draft.reforms] == ["cum-laude-vwo"]
    assert source.laws(law)["draft"] is not law


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("cum-laude-vwo", "cum-lauda-vwo", "S104", (4, 8)),
        ('set = "mean"', 'zet = "mean"', "S101", (5, 1)),
        ("2027/2028", "2027/2029", "S103", (6, 8)),
        ('title = "Cum laude at 7.5"\n', "", "S102", (1, 1)),
        ('title = "Cum laude at 7.5"\n', 'title = "x"\nstatus = "wip"\n', "S102", (2, 10)),
    ],
)
def test_what_is_wrong_is_told_where_it_was_written(old: str, new: str, code: str, place: tuple[int, int]) -> None:
    with pytest.raises(Problems) as error:
        read_any_from(DRAFT.replace(old, new), "x.toml")
    (problem,) = error.value.problems
    assert problem.place is not None
    assert (problem.code, (problem.place.line, problem.place.column)) == (code, place)


def test_what_only_the_law_can_show_is_told_there_too(law: Lawbook) -> None:
    source = read_cohort_from(DRAFT.replace('"mean"', '"median"'), "x.toml")
    with pytest.raises(Problems) as error:
        source.laws(law)
    assert [problem.place.line for problem in error.value.problems if problem.place] == [5]


@pytest.mark.parametrize("more", ["pupil.born = 2010-01-01\n", "[[expect.verdict]]\nsheet = 'x.csv'\npassed = 1\n"])
def test_with_a_pupil_or_sheets_it_is_none(more: str) -> None:
    text = f"{more}{DRAFT}" if more.startswith("pupil") else f"{DRAFT}{more}"
    assert not is_cohort(text)
    assert read_from(text, "x.toml").scenario.reform


def test_it_is_checked_put_to_the_proof_and_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], law: Lawbook
) -> None:
    file = tmp_path / "draft.toml"
    file.write_text(DRAFT)
    assert [(draft.title, draft.part) for draft in drafts(file, law)] == [("Cum laude at 7.5", "draft")]
    assert cli.execute(["check", str(file)]) == cli.OK
    assert cli.execute(["cohort", str(file), "--size", "60", "--replications", "1", "--lang", "en"]) == cli.OK
    told = " ".join(capsys.readouterr().out.split())
    assert "60 children, born in 2023" in told
    assert "The law as it is" in told
    assert "of a thousand children, those for whom anything is otherwise" in told
    assert "after 2026/2027" in told
