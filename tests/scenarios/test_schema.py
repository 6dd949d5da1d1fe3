"""The JSON schema of scenarios: current, named by every scenario, and right by linters that know only TOML."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from trajectsim import cli
from trajectsim.scenario.schema import FILE, schema, schema_text
from trajectsim.verdict import Outcome

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "scenarios").rglob("*.toml"))
VALIDATOR = jsonschema.Draft7Validator(schema(), format_checker=jsonschema.FormatChecker())


def plain(value: Any) -> Any:
    """A TOML value as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def errors(text: str) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(plain(tomllib.loads(text)))]


def test_the_committed_schema_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert (ROOT / FILE).read_text("utf-8") == schema_text(), "run: python -m trajectsim.law.index"
    assert cli.execute(["schema"]) == 0
    assert capsys.readouterr().out == schema_text()
    jsonschema.Draft7Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_scenario_names_the_schema_and_is_valid_by_it(file: Path) -> None:
    text = file.read_text("utf-8")
    line = f"#:schema {Path(os.path.relpath(ROOT / FILE, file.parent)).as_posix()}"
    assert text.splitlines()[0] == line, f"the first line of {file} should be: {line}"
    assert errors(text) == []


PUPIL = 'title = "x"\n[pupil]\nborn = 2005-05-05\n'


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("nme = 5\n" + PUPIL, "$"),
        (PUPIL + "[measures]\nskip-yaer = true\n", "$.measures"),
        (PUPIL + '[measures]\nskip-year = "yes"\n', "$.measures['skip-year']"),
        (PUPIL + '[[choice]]\nin = "2012/2013"\nmove = "skp"\n', "$.choice[0].move"),
        (PUPIL + '[[choice]]\nmove = "skip"\n', "$.choice[0]"),
        (PUPIL + '[[choice]]\nin = "2012"\nmove = "skip"\n', "$.choice[0].in"),
        (PUPIL + '[given]\nadvice = "gymnasium"\n', "$.given.advice"),
        (PUPIL + '[[result]]\nexam = 2022\nlevel = "vwo"\nsubject = "entl"\nse = 11\n', "$.result[0].se"),
        (PUPIL + '[[case]]\nname = "a"\n[case.given]\nadvice = "gymnasium"\n', "$.case[0].given.advice"),
        (PUPIL + '[[expect.option]]\nin = "2012/2013"\nmove = "skip"\noutcome = "opn"\n', "$.expect.option[0].outcome"),
        ("[pupil]\nborn = 2005-05-05\n", "$"),
        (PUPIL + '[[act]]\nin = "2020/2021"\nact = "central-exam-early"\nsubject = "engels"\n', "$.act[0].subject"),
        (PUPIL + '[[choice]]\nin = "2020/2021"\nmove = "to-wo"\nstudy = "rchten"\n', "$.choice[0].study"),
    ],
)
def test_what_is_wrong_is_seen_by_the_schema_too(text: str, path: str) -> None:
    assert path in errors(text)


def test_a_child_needs_no_title_and_no_date_of_birth() -> None:
    assert errors('extends = "_base.toml"\n[pupil]\nname = "y"\n') == []


def test_the_outcomes_of_the_format_are_those_of_a_verdict() -> None:
    from trajectsim.exam.judging import RESULTS
    from trajectsim.law.tables import Force
    from trajectsim.scenario import format as parts

    assert tuple(Outcome) == parts.OUTCOMES
    assert tuple(Force) == parts.FORCES
    assert parts.RESULTS == RESULTS


def test_the_flags_that_a_run_takes_are_those_that_a_scenario_can_have() -> None:
    from trajectsim.cli import run
    from trajectsim.report.runs import WRITERS
    from trajectsim.scenario.run import FLAGS

    assert run.FLAGS == FLAGS
    assert tuple(WRITERS) == run.FORMATS


def test_an_independent_linter_finds_nothing_wrong_and_finds_what_is(tmp_path: Path) -> None:
    tombi = Path(sys.executable).with_name("tombi")
    lint = [str(tombi), "lint", "--offline", "--error-on-warnings"]
    assert subprocess.run([*lint, str(ROOT / "scenarios")], capture_output=True).returncode == 0
    bad = tmp_path / "bad.toml"
    bad.write_text(f"#:schema {ROOT / FILE}\n{PUPIL}[measures]\nskip-yaer = true\n", "utf-8")
    assert subprocess.run([*lint, str(bad)], capture_output=True).returncode != 0
