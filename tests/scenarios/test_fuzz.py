"""Documents of every shape: read and run, or refused at a place; never anything else.

By hand at any length, in pieces: python tools/fuzz.py --inputs 100000
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from wild import COHORT, PUPIL, SHEET, bent, tables, texts, written

from trajectsim import reading
from trajectsim.errors import Problem, Problems
from trajectsim.exam.chunks import read_chunks
from trajectsim.exam.intake import Intake
from trajectsim.exam.table import read_toml, rows_of
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.mend import formatted, mended
from trajectsim.scenario.read import Source, read_any_from
from trajectsim.scenario.run import run_source


def located(problems: Iterable[Problem]) -> None:
    """Every problem has its file and its place in it, and says something."""
    for problem in problems:
        assert problem.place is not None, problem
        assert problem.file.endswith("x.toml")
        assert problem.message


def is_run_or_refused(text: str) -> None:
    """A text is run, or refused at a place; so it is once its names are mended, and once it is laid out."""
    law = Lawbook.load()
    found: list[Problem] = []
    try:
        for source in read_any_from(text, "x.toml"):
            if isinstance(source, Source):
                found += run_source(source, law).problems
            else:
                source.laws(law)  # a whole cohort takes seconds
    except Problems as error:
        found += error.problems
    located(found)
    mended(text, [problem for problem in found if problem.fix])
    try:
        new = formatted(text, "x.toml")
    except Problems as error:
        located(error.problems)
    else:
        assert reading.parse(new, "x.toml") == reading.parse(text, "x.toml")
        assert formatted(new, "x.toml") == new


@given(bent(PUPIL))
def test_every_document_is_run_or_refused_at_a_place(document: dict[str, Any]) -> None:
    text = written(document)
    if text is not None:
        is_run_or_refused(text)


@given(bent(COHORT))
def test_every_cohort_is_read_or_refused_at_a_place(document: dict[str, Any]) -> None:
    text = written(document)
    if text is not None:
        is_run_or_refused(text)


@given(texts())
def test_every_text_is_run_or_refused_at_a_place(text: str) -> None:
    is_run_or_refused(text)


@given(tables())
def test_every_table_of_marks_is_judged_or_refused_at_a_place(table: bytes) -> None:
    law, found = Lawbook.load(), list[Problem]()
    try:
        for chunk in read_chunks(io.BytesIO(table), "x.csv"):
            found += Intake(law).take(rows_of(chunk)).problems
    except Problems as error:
        found += [problem for problem in error.problems if problem.code != "E102"]  # an empty file has no lines
    for problem in found:
        assert problem.place is not None, problem
        assert problem.message


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sheets") / "x.toml"


@given(document=bent(SHEET))
def test_every_sheet_is_judged_or_refused_at_a_place(document: dict[str, Any], sheet: Path) -> None:
    text = written(document)
    if text is None:
        return
    sheet.write_text(text, "utf-8")
    try:
        located(Intake(Lawbook.load()).take(read_toml(sheet)).problems)
    except Problems as error:
        located(error.problems)
