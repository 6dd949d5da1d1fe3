"""``trajectsim cohort``: files of cohorts, their problems, and what is told of a run."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from small_cohort import small_cohort

from trajectsim.cli import execute
from trajectsim.errors import Problem, Problems

FILES = sorted((Path(__file__).parents[2] / "scenarios" / "cohorts").glob("*.toml"))
SMALL = small_cohort()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.toml"
    file.write_text(SMALL, "utf-8")
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = execute([*map(str, arguments), "--lang", "en"])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_cohorts_that_come_with_it_are_right(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = run(capsys, "check", file)
    assert code == 0, err


def test_text_tells_figures_differences_and_evidence(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "cohort", small)
    assert code == 0
    assert "40 children, born in 2006; 2 replications, seed 1" in out
    assert "skip: the difference, replication by replication" in out
    assert "The letter is the weakest evidence behind a figure" in out
    assert "Spillover to others is not modelled" in " ".join(out.split())
    assert "1 piece of work" in err


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_fits_a_terminal_of_eighty_columns(
    language: str, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With every figure that there is: hours, money, acts."""
    policy = "measures = { skip-year = true, prestatiebox = true, compacting = true, early-exam = true }\n"
    hours = 'teaching-time = [{ track = "vo/vwo", hours = [1000, 1000, 1000, 1000, 1000, 700], extra = [40] }]\n'
    act = '\n[[policy.act]]\nact = "central-exam-early"\nat = ["vo/vwo/5"]\nsubject = "entl"\n'
    text = SMALL.replace('id = "none"\n', 'id = "none"\n' + hours)
    small.write_text(text.replace("measures = { skip-year = true }\n", policy + hours) + act, "utf-8")
    assert execute(["cohort", str(small), "--replications", "6", "--lang", language]) == 0
    out = capsys.readouterr()[0]
    rows = [line for line in out.splitlines() if re.search(r" ([A-D]|law|wet)$", line)]
    assert len(rows) > 60
    assert [line for line in rows if len(line) > 80] == []
    assert len({len(line) - len(line.rsplit(maxsplit=1)[1]) for line in rows}) == 1  # the letters stand in a column


def test_of_few_replications_no_figure_is_said_to_differ(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Of fewer than 5 replications it is not told which figures differ" in run(capsys, "cohort", small)[1]
    same = SMALL.replace("above = 0.5", "share = 0.0")
    small.write_text(same, "utf-8")
    out = run(capsys, "cohort", small, "--replications", 5)[1]
    assert "figures: no sure difference" in out
    assert "other figures" not in out


def test_json_and_csv_tell_the_same(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.csv"
    code, out, _err = run(capsys, "cohort", small, "--format", "json", "--format", f"csv={target}")
    assert code == 0
    data = json.loads(out)
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8"))))
    assert [f["figure"] for f in data["figures"]] == [row["figure"] for row in rows]
    for told, row in zip(data["figures"], rows, strict=True):
        assert told["value"]["median"] == pytest.approx(float(row["median"]), abs=1e-4)
    assert {f["policy"] for f in data["figures"]} == {"none", "skip"}
    assert data["changed_per_thousand"][0]["anything"]["median"] > 0


def test_size_and_replications_can_be_other_than_in_the_file(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "cohort", small, "--size", 10, "--replications", 1)
    assert code == 0
    assert "10 children, born in 2006; 1 replication, seed 1" in out


def test_a_run_goes_on_from_what_is_kept(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep = tmp_path / "kept"
    first = run(capsys, "cohort", small, "--keep", keep)[1]
    assert len(list(keep.iterdir())) == 1
    assert run(capsys, "cohort", small, "--keep", keep)[1] == first


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("size = 40", "size = 0", "S103", "from 1 to"),
        ("size = 40", "size = 1000000000000", "S103", "from 1 to"),
        ("births = [2006]", "births = []", "S103", "years of birth"),
        ("births = [2006]", "births = [2006, 2006]", "S103", "twice"),
        ("replications = 2", "replications = 0", "S103", "replications"),
        ("skip-year = true", "skip-yeer = true", "S104", "skip-year"),
        ('move = "skip"', 'move = "skp"', "S104", "skip"),
        ('at = ["po/4"]', 'at = ["po/44"]', "S104", "po/4"),
        ("above = 0.5", "share = 1.5", "S103", "0 to 1"),
        ("above = 0.5", 'knows = "some"', "S104", "careful"),
        ('id = "skip"', 'id = "none"', "S105", "twice"),
        ('id = "skip"', 'id = "a/b"', "S103", "letters"),
        ("births = [2006]", "births = [2006]\nsede = 1", "S101", "seed"),
        (
            "above = 0.5\n",
            'above = 0.5\n[[world]]\nid = "w"\neffects = { "measure.skip-year.recovered" = true }\n',
            "L106",
            "two forms of one effect",
        ),
        ("above = 0.5\n", 'above = 0.5\n[[world]]\nid = "w"\nparameters = { phi = 2 }\n', "L104", "from 0 to 1"),
        ("above = 0.5\n", 'above = 0.5\n[[world]]\nid = "w"\nparameters = { phy = 0.9 }\n', "L101", "phi"),
    ],
)
def test_bad_cohorts_are_refused_where_they_are_wrong(
    old: str, new: str, code: str, said: str, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small.write_text(SMALL.replace(old, new), "utf-8")
    for command in ("cohort", "check"):
        status, out, err = run(capsys, command, small)
        told = out + err
        assert status == 2
        assert f"error {code}" in told
        assert said in told
        assert f"{small}:" in told


def test_a_cohort_is_no_walk(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = run(capsys, "explain", small)
    assert code == 2
    assert "S205" in err


def test_a_folder_that_cannot_be_made(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    code, _out, err = run(capsys, "cohort", small, "--keep", tmp_path / "file" / "kept")
    assert code == 2
    assert "S001" in err


def test_as_many_replications_as_a_file_may_ask_and_no_more(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "cohort", small, "--replications", "10001")
    assert (code, out) == (2, "")
    assert "Invalid value for '--replications': expected a number of replications from 1 to 10_000" in err


def test_more_processes_than_there_is_work_are_not_started(
    small: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_told: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("trajectsim.cohort.executors._processes", none)
    code, out, _err = run(capsys, "cohort", small, "--jobs", "100000")
    assert code == 0
    assert "40 children" in out


def test_every_figure_that_there_is_not_is_told(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "cohort", small, "--sensitivity", "diploma.vwo,diploma.wvo,,x")
    assert (code, out) == (2, "")
    assert '\'--sensitivity\': unknown figure "diploma.wvo" - did you mean "diploma.vwo"?' in err
    assert 'unknown figure ""\nunknown figure "x"\n' in err
    assert "--format csv names those of a run" in err


def test_what_cannot_be_written_keeps_nothing_else_back(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trajectsim.report.cohort_pictures.Plot.load", lambda: None)  # which takes an extra
    monkeypatch.setattr("trajectsim.report.cohort_pictures.cohort_pictures", lambda *_told: {"a.svg": "<svg/>"})
    pictures, csv_file = tmp_path / "p", tmp_path / "a.csv"
    more = ("--format", f"csv={csv_file}", "--pictures", pictures)
    code, out, err = run(capsys, "cohort", small, "--format", "json=/dev/full", *more)
    assert code == 2
    assert "/dev/full error S001" in err
    assert out.startswith("x\n")
    assert csv_file.is_file()
    assert (pictures / "a.svg").is_file()


def test_of_a_sensitivity_that_is_stopped_nothing_is_promised(
    small: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_screening: object, _law: object, told: Callable[[float, int, int], None], _stop: object) -> None:
        told(2.5, 9, 1)
        raise KeyboardInterrupt

    monkeypatch.setattr("trajectsim.cohort.sensitivity.planned", lambda *_told: None)  # which takes an extra
    monkeypatch.setattr("trajectsim.cohort.sensitivity.played", stopped)
    code, out, err = run(capsys, "cohort", small, "--sensitivity", "diploma.vwo")
    assert (code, out) == (130, "")
    assert "stopped after 1 of 9 pieces; nothing of it is kept" in err


def test_a_piece_that_could_not_be_kept_does_not_count(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _text: str) -> None:
        raise Problems([Problem(code="S001", message="no room", file=str(path))])

    monkeypatch.setattr("trajectsim.cohort.running.write_file", full)
    code, out, err = run(capsys, "cohort", small, "--keep", tmp_path / "kept", "--jobs", "1")
    assert (code, out) == (2, "")
    assert "stopped after 0 of 1 pieces" in err
    assert "S001: no room" in err
