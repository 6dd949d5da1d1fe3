"""What commands that are about one scenario do with a file of several, and with what they would write over."""

from __future__ import annotations

from pathlib import Path

import pytest

from trajectsim import cli

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SEVERAL = SCENARIOS / "paths" / "coming-back.toml"
COHORTS = """title = "x"
cohort = { size = 5, births = [2006], replications = 1 }
policy = [{ id = "none" }]

[[case]]
name = "short"

[[case]]
name = "long"
cohort.size = 7
"""
EXPLAIN, OPTIONS, REPORT, ROUTES = ("explain",), ("options",), ("report",), ("routes", "--to", "ho/wo/1")


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path, lang: str = "en") -> tuple[int, str, str]:
    code = cli.execute([*map(str, arguments), "--lang", lang])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def cohorts(tmp_path: Path) -> Path:
    file = tmp_path / "cohorts.toml"
    file.write_text(COHORTS, "utf-8")
    return file


@pytest.mark.parametrize("command", [EXPLAIN, OPTIONS, REPORT, ROUTES], ids=lambda command: command[0])
def test_the_first_of_several_is_taken_and_that_is_said(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, first, err = run(capsys, *command, SEVERAL)
    assert code == 0
    assert "[een tussenjaar na het vwo] is the first of " in err
    assert "-k WORDS" in err
    code, same, err = run(capsys, *command, SEVERAL, "-k", "Tussenjaar vwo")
    assert (code, same) == (0, first)
    assert "-k" not in err
    code, other, err = run(capsys, *command, SEVERAL, "-k", "startkwalificatie")
    assert code == 0
    assert other != first
    assert "-k" not in err


def test_words_that_no_scenario_has_are_answered_with_those_there_are(
    cohorts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, file, name in (("explain", SEVERAL, "een tussenjaar na het vwo"), ("cohort", cohorts, "short, long")):
        code, out, err = run(capsys, command, file, "-k", "nowhere")
        assert (code, out) == (2, "")
        assert name in err


def test_a_cohort_of_several_is_chosen_too(cohorts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "cohort", cohorts)
    assert code == 0
    assert "5 children" in out
    assert "[short] is the first of 2" in err
    code, out, err = run(capsys, "cohort", cohorts, "-k", "long")
    assert code == 0
    assert "7 children" in out
    assert "first of" not in err


def test_a_pupil_is_no_cohort_and_that_is_all_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = run(capsys, "cohort", SCENARIOS / "paths" / "sara.toml")
    assert code == 2
    assert err.count(" error ") == 1
    assert "S206" in err


@pytest.mark.parametrize(
    ("command", "source", "kind"),
    [
        *((each, "paths/sara.toml", "json") for each in (EXPLAIN, OPTIONS, ROUTES, ("run",), ("check",))),
        (("cohort",), "cohorts/skip-year.toml", "json"),
        (("verify",), "cohorts/cum-laude-7-5.toml", "json"),
        (("verdict",), "exams/havo-2026.csv", "csv"),
        (("needed",), "exams/havo-2026.csv", "csv"),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_nothing_is_written_over_what_is_read(
    command: tuple[str, ...], source: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (SCENARIOS / source).read_text("utf-8")
    file = tmp_path / Path(source).name
    file.write_text(text, "utf-8")
    code, out, err = run(capsys, *command, file, "--format", f"{kind}={file}")
    assert (code, out) == (2, "")
    assert f"{file} error S001: is what is read here, and would be written over" in err
    assert file.read_text("utf-8") == text


def test_neither_side_of_a_comparison_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (SCENARIOS / "paths" / "sara.toml").read_text("utf-8")
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    for file in (one, other):
        file.write_text(text, "utf-8")
    for target in (one, other):
        assert run(capsys, "compare", one, other, "--format", f"json={target}")[0] == 2
    assert one.read_text("utf-8") == other.read_text("utf-8") == text


def test_a_folder_in_the_place_of_a_file_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = run(capsys, "explain", tmp_path)
    assert code == 2
    assert "name a file that is in it" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cohort", "--jobs", "0"), "0 is geen geheel getal van 1 of meer"),
        (("routes", "--to", "vwo", "--most", "x"), "x is geen geheel getal van 1 tot en met 10000"),
        (("explain", "--fan"), "sara.toml is geen geheel getal van 1 tot en met 100000"),
    ],
)
def test_a_number_that_is_none_is_told_in_the_language_that_is_spoken(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *arguments, SCENARIOS / "paths" / "sara.toml", lang="nl")
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "x", "y"), "Te veel argumenten: y"),
        (("explain", "x", "--seed"), "De optie '--seed' vraagt om een waarde."),
        (("explain", "x", "--sed", "3"), "Bedoelde u '--seed'?"),
        (("explain", "x", "--fromat", "3"), "Bedoelde u een van: '--fan', '--format'?"),
        (("run", "x", "--fail-on", "y"), "'y' is geen van: 'wip', "),
        (("cohort", "x", "--keep", Path(__file__)), "is een bestand"),
    ],
)
def test_what_the_library_says_is_in_the_language_too(
    arguments: tuple[str | Path, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.execute(["--lang", "nl", *map(str, arguments)])  # first: what is last may want a value
    assert code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "--fan", "3", "--in", "2016/2017"), "each stand alone"),
        (("explain", "--fan", "3", "--audit"), "each stand alone"),
        (("explain", "--audit", "--in", "2016/2017"), "each stand alone"),
        (("compare", "law", "2015/2016", "--over"), "nothing walks here"),
    ],
)
def test_what_would_be_passed_over_in_silence_is_refused(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = "cohorts/skip-year.toml" if "--over" in arguments else "paths/sara.toml"
    code, out, err = run(capsys, *arguments, SCENARIOS / file)
    assert (code, out) == (2, "")
    assert said in err


def test_a_year_of_the_law_is_asked_of_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "law", "--at", "2016/2017")
    assert (code, out) == (2, "")
    assert "--at goes with an ID or with --measures" in err
    assert run(capsys, "law", "--measures", "--at", "2016/2017")[0] == 0


def test_a_comparison_is_of_what_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "compare", SEVERAL, SEVERAL, "-k", "startkwalificatie")
    assert (code, out) == (0, "")
    assert "is the first of" not in err
    both, other = (
        run(capsys, "compare", "2014/2015", "2023/2024", "--over", SCENARIOS / "paths", *words, "--format", "json")[1]
        for words in ((), ("-k", "sara"))
    )
    assert both.count('"scenario"') > other.count('"scenario"') == 1
    code, _out, err = run(capsys, "compare", "law", "law", "--over", SEVERAL, "-k", "no-such-word")
    assert code == 2
    assert "no scenario here has these words" in err


@pytest.mark.parametrize(("lang", "usage"), [("nl", "[OPTIES] BESTAND"), ("en", "[OPTIONS] FILE")])
def test_what_stands_for_a_value_is_said_in_the_language(
    lang: str, usage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("explain", "report", "cohort"):
        code, out, _err = run(capsys, command, "--help", lang=lang)
        assert code == 0
        assert usage in out
    assert ("NAAM[=BESTAND]" if lang == "nl" else "NAME[=FILE]") in out
