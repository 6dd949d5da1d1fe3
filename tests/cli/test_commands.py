"""The commands as a user and a CI job call them: what they print, where, and how they exit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trajectsim import cli
from trajectsim.scenario.read import read_any

ROOT = Path(__file__).parents[2]
SARA = ROOT / "scenarios" / "paths" / "sara.toml"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process: exit code, stdout, stderr."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = cli.execute([str(a) for a in arguments if a != ""] + ["--lang", "en"])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def process(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Runs the program as a process of its own."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "trajectsim", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, **options)


def test_every_scenario_of_the_repository_passes_one_line_each(run: Run) -> None:
    code, out, err = run("run", ROOT / "scenarios")
    sources = [source for file in sorted((ROOT / "scenarios").rglob("*.toml")) for source in read_any(file)]
    assert code == 0
    assert len(sources) >= 10
    assert [line.split()[1] for line in out.splitlines()] == [source.file for source in sources]
    wip = sum(bool(source.scenario.status) for source in sources)
    assert f"{len(sources) - wip} scenarios passed" + (f", {wip} in progress" if wip else "") in err


def test_a_false_expectation_exits_1_and_says_expected_observed_and_the_article(run: Run, tmp_path: Path) -> None:
    false = tmp_path / "false.toml"
    false.write_text(SARA.read_text("utf-8").replace("exam = 2024\nage", "exam = 2025\nage"), "utf-8")
    code, out, err = run("run", false)
    assert code == 1
    line, *why = out.splitlines()
    assert any("Uitvoeringsbesluit WVO 2020" in each for each in why)
    row = 1 + next(i for i, text in enumerate(false.read_text("utf-8").splitlines()) if "[[expect.diploma]]" in text)
    assert line.startswith(f"FAIL  {false}:{row}:")
    for part in ("expect.diploma", "expected vwo diploma exam 2025 at 16", "found vwo diploma exam 2024 at 16"):
        assert part in line
    assert "Uitvoeringsbesluit WVO 2020 art. 3.34" in line
    assert "1 failed" in err


def test_a_wrong_reason_fails(run: Run, tmp_path: Path) -> None:
    false = tmp_path / "false.toml"
    false.write_text(
        SARA.read_text("utf-8").replace("Beleidsregel versneld en/of verrijkt vwo", "WPO art. 99"), "utf-8"
    )
    code, out, _err = run("run", false)
    assert code == 1
    assert "expected WPO art. 99" in out


def test_a_refused_choice_that_nothing_expects_fails_the_scenario(run: Run, tmp_path: Path) -> None:
    text = SARA.read_text("utf-8").replace("skip-year = true", "skip-year = false")
    file = tmp_path / "refused.toml"
    file.write_text(text[: text.index("# Her exam")], "utf-8")
    code, out, _err = run("run", file)
    assert code == 1
    assert "open in 2014/2015" in out
    assert "not offered" in out


def test_unusable_input_beats_a_failed_expectation(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("title = 1\n", "utf-8")
    (tmp_path / "false.toml").write_text(
        SARA.read_text("utf-8").replace("exam = 2024\nage", "exam = 2025\nage"), "utf-8"
    )
    code, out, err = run("run", tmp_path)
    assert code == 2
    assert "FAIL" in out
    assert "bad.toml:1:9 error S103" in err


def test_json_never_hides_a_problem(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("title = 1\n", "utf-8")
    code, out, _err = run("run", tmp_path, "--format", "json")
    data = json.loads(out)
    assert code == 2
    assert data["unusable"] == 1
    problem = next(p for p in data["scenarios"][0]["problems"] if p["code"] == "S103")
    assert problem == {
        "file": str(tmp_path / "bad.toml"),
        "line": 1,
        "column": 9,
        "code": "S103",
        "message": "expected a text in quotes, found the number 1",
        "hint": "",
    }


def test_check_says_everything_and_as_json_too(run: Run, tmp_path: Path) -> None:
    assert run("check", SARA)[:2] == (0, "")
    (tmp_path / "bad.toml").write_text('title = "x"\nzz = 1\n[pupil]\nborn = 2005-05-05\nnme = "x"\n', "utf-8")
    code, out, err = run("check", tmp_path, "--format", "json")
    assert code == 2
    assert [(p["line"], p["column"], p["code"]) for p in json.loads(out)] == [(2, 1, "S101"), (5, 1, "S101")]
    assert "1 scenario checked, 2 problems" in err


def test_several_formats_in_one_run(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    code, out, _err = run("run", SARA, "--format", "text", "--format", f"json={target}")
    assert code == 0
    assert out.startswith("ok ")
    assert json.loads(target.read_text("utf-8"))["passed"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", SARA, "--format", "jsn"),
        ("run", SARA, "--format", "text", "--format", "json"),
        ("run",),
        ("explain", SARA, "--in", "2014"),
        ("explain", SARA, "--in", "2040/2041"),
        ("law", "no-such-rule"),
        ("rum",),
        ("run", SARA, "--nothing"),
        ("run", SARA, "--format", "json=/nowhere/at/all.json"),
        ("explain", "nowhere.toml"),
    ],
)
def test_usage_errors_exit_2_without_a_traceback(run: Run, arguments: tuple[str, ...]) -> None:
    code, _out, err = run(*arguments)
    assert code == 2
    assert err.strip()
    assert "Traceback" not in err


def test_a_mistyped_command_is_not_taken_for_a_file(run: Run) -> None:
    code, _out, err = run("rum")
    assert code == 2
    assert 'did you mean "run"?' in err


def test_explain_prints_every_year_with_its_article(run: Run) -> None:
    code, out, _err = run("explain", SARA)
    assert code == 0
    for part in (
        "2018/2019    10  groep 8",
        "Stcrt. 2015, 27367 [A]",
        "only with the Minister's consent",
        "◆ vwo diploma cum laude",
        "vwo cum laude at 16 (without: 18)",
        "2 years gained",
        "Without measures these choices fall away",
        "Assumed, because nothing was given",
    ):
        assert part in out


def test_explain_of_one_year_shows_the_refused_ones_too(run: Run) -> None:
    code, out, _err = run("explain", SARA, "--in", "2018/2019")
    assert code == 0
    assert "← taken" in out
    assert "✗ Leave school: not lawful: forbidden while" in out


def test_explain_as_json_has_every_option(run: Run) -> None:
    code, out, _err = run("explain", SARA, "--format", "json")
    data = json.loads(out)
    assert code == 0
    assert data["years_gained"] == 2
    year = next(y for y in data["walk"]["years"] if y["year"] == "2018/2019")
    outcomes = {move["id"]: move["outcome"] for move in year["moves"]}
    assert outcomes["to-vwo-five-years"] == "school-decides"
    assert outcomes["leave"] == "unlawful"


def test_law_shows_versions_articles_and_confidence(run: Run) -> None:
    code, out, _err = run("law", "havo-diploma-to-vwo-5")
    assert code == 0
    for part in (
        "up to 2019/2020:",
        "since 2020/2021:",
        "right",
        "WVO art. 27a, Stb. 2020, 121 [A]",
        "no rule in law [B]",
    ):
        assert part in out
    code, out, _err = run("law", "havo-diploma-to-vwo-5", "--at", "2021/2022")
    assert "27a" in out
    assert "8.9" not in out
    code, out, _err = run("law", "havo-diploma-to-vwo-5", "--at", "2040/2041")
    assert "The law of 2040/2041 is not known here" in out


def test_law_says_what_changed_between_two_years(run: Run) -> None:
    code, out, _err = run("law", "--changes", "2019/2020", "2020/2021")
    assert code == 0
    assert "sitting-havo-vwo" in out
    assert out.splitlines()[:4] == [
        "stacking · Right to stack diplomas",
        "  2019/2020: no rule in law [B] - the school decides; a sector code asked an average until 2016/2017",
        "    not lawful",
        "  2020/2021: WVO art. 27a, Stb. 2020, 121 [A]",
    ]
    lines = out.splitlines()
    first = lines.index("havo-diploma-to-vwo-5 · Move on to vwo 5")
    assert lines[first : first + 5] == [
        "havo-diploma-to-vwo-5 · Move on to vwo 5",
        "  2019/2020: no rule in law [B] - no rule; schools decide",
        "    the school decides (policy on admission) - diplomas: havo",
        "  2020/2021: WVO art. 27a, Stb. 2020, 121 [A]",
        "    right - diplomas: havo; right to stack diplomas: yes",
    ]
    renumbered = run("law", "--changes", "2021/2022", "2022/2023", "--format", "json")[1]
    # A new act with new numbers; beside it a last intake, the exams without their exceptions, and entry to hbo change.
    last_intake = ["five-year-vwo", "enriched-vwo"]
    entry = ["to-hbo", "to-associate-degree", "pabo"]
    assert json.loads(renumbered) == [*last_intake, *entry, "sitting-havo-vwo", "sitting-tl-gl", "sitting-bb-kb"]
    told = run("law", "--changes", "2022/2023", "2023/2024")[1].splitlines()
    rules = [line.split(" · ")[0] for line in told if " · " in line and not line.startswith(" ")]
    assert [rule for rule in rules if not rule.startswith("conditionally-")] == ["raise-advice"]
    assert run("law", "--changes", "2023/2024", "2024/2025")[1] == "Nothing changed.\n"
    assert run("law", "skip", "--changes", "2019/2020", "2020/2021")[0] == 2


def test_marks_that_do_not_make_a_whole_exam_are_shown_as_such(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "marks.toml"
    head = 'title = "x"\n[pupil]\nborn = 2004-05-05\n[start]\nin = "2021/2022"\nat = "vo/vwo/6"\n'
    result = '[[result]]\nexam = 2022\nlevel = "vwo"\nsubject = "entl"\nse = 7.3\nce = 6.1\n'
    file.write_text(head + result, "utf-8")
    _code, out, _err = run("explain", file)
    assert "exam 2022: incomplete · entl 7" in out
    assert "vwo diploma (result assumed)" in out
    data = json.loads(run("explain", file, "--format", "json")[1])
    exam = data["walk"]["years"][0]["exam"]
    assert (exam["result"], exam["final"]) == ("incomplete", {"entl": 7})
    assert cli.execute(["explain", str(file), "--lang", "nl"]) == 0


def test_every_rule_can_be_shown(run: Run) -> None:
    _code, listing, _err = run("law")
    ids = [line.split()[0] for line in listing.splitlines()]
    assert len(ids) > 30
    for name in ids:
        code, out, _err = run("law", name)
        assert code == 0
        assert out.startswith(f"{name} · ")
    _code, out, _err = run("law", "--format", "json")
    assert [rule["id"] for rule in json.loads(out)] == ids


def test_the_language_follows_the_option_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--lang", "nl", "law", "leerplicht"], ["law", "leerplicht", "--lang=nl"]):
        assert cli.execute(arguments) == 0
        assert "Leerplicht" in capsys.readouterr().out
    assert cli.execute(["law", "leerplicht", "--lang", "fr"]) == 2


def test_without_a_terminal_a_file_is_explained() -> None:
    done = process(SARA, stdin=subprocess.DEVNULL)
    assert done.returncode == 0
    assert "vwo cum laude at 16 (without: 18)" in done.stdout


def test_version_and_help() -> None:
    assert process("--version").stdout.startswith("trajectsim 0.")
    done = process("--help")
    assert done.returncode == 0
    for command in cli.COMMANDS:
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize("command", [f"explain {SARA} --format json", f"{SARA} --plain", "law"])
def test_a_closed_pipe_ends_silently(command: str) -> None:
    """Whether a command writes all at once or line by line."""
    command = f"{sys.executable} -m trajectsim {command} | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [[], ["--lang", "nl"], ["--lang=nl"]])
def test_without_a_file_a_terminal_opens_the_workbench(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(cli, "_on_a_terminal", lambda: True)
    monkeypatch.setattr("trajectsim.cli.open.state_of", opened.append)
    monkeypatch.setattr("trajectsim.cli.open._plain", lambda _state, _screen: cli.OK)
    assert cli.execute(arguments) == cli.OK
    assert opened == [None]


def test_a_fault_of_ours_exits_3(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def fault(*_arguments: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("trajectsim.scenario.run.play_source", fault)
    code, _out, err = run("explain", SARA)
    assert code == 3
    assert "This is a fault in trajectsim" in err


def test_an_interrupt_exits_130(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("trajectsim.scenario.run.play_source", interrupted)
    assert run("explain", SARA)[0] == 130
