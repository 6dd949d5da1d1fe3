"""``trajectsim needed`` as a counsellor calls it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trajectsim import cli

HEAD = "candidate,level,exam,subject,role,se,ce,resit,rating"
MARKS = (
    ("netl", "common", "5.0", ""), ("entl", "common", "5.4", "5.2"), ("maat", "part", "7", ""),
    ("ckv", "part", "7", ""), ("pws", "part", "8", ""), ("lo", "rated", "", ""), ("wisa", "profile", "7.0", "6.2"),
    ("econ", "profile", "7.0", ""), ("gs", "profile", "7.0", "6.2"), ("beco", "profile", "7.0", "6.2"),
    ("ak", "free", "7.0", "6.2"),
)  # fmt: skip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process: exit code, stdout, stderr."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = cli.execute(["needed", *map(str, arguments), "--lang", "en"])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def rows(name: str, **changed: str) -> list[str]:
    """A havo sheet, two central exams and a rating open; ``changed``: by subject, other marks (se,ce,resit,rating)."""
    return [f"{name},havo,2026,{code},{role},{changed.get(code, f'{se},{ce},,')}" for code, role, se, ce in MARKS]


def file_of(folder: Path, *lines: str) -> Path:
    file = folder / "klas.csv"
    file.write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
    return file


def test_the_example_in_the_help_runs_when_it_is_pasted() -> None:
    command = [sys.executable, "-m", "trajectsim", "needed", "--help", "--lang", "en"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (example,) = re.findall(r"^trajectsim needed - <<END\n(?:.*\n)*?END$", told, re.MULTILINE)
    assert len(example.splitlines()) == 5
    script = f'trajectsim() {{ {sys.executable} -m trajectsim "$@"; }}\n{example}\n'
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(["bash"], input=script, capture_output=True, text=True, check=True, env=environment)
    assert (
        "netl, central exam: at least 4.9" in done.stdout
    )  # 6.4 and 4.9 make a 5.65, so a 6; 4.8 would leave the mean 5.45
    assert done.stderr == ""


def test_every_open_mark_has_a_line_and_what_it_assumes_and_the_articles_stand_below(run: Run, tmp_path: Path) -> None:
    code, out, err = run(file_of(tmp_path, *rows("Anna")))
    assert (code, err) == (0, "")
    assert out.splitlines()[:8] == [
        "Anna · havo, exam 2026",
        "  so far: incomplete",
        "To pass: possible by the marks that are open",
        "  each mark by itself, if the other open central exams equal the school exam marks of their subjects:",
        "    netl, central exam: at least 6.0",
        "    econ, central exam: no mark is enough; any mark will do if all other open marks were 10.0",
        "  the 2 open central exams together: on average at least 4.25, a total of 8.5, such as netl 6.0 and econ 2.5",
        "  rated at least V besides: lo",
    ]
    assert "    Core subjects · Uitvoeringsbesluit WVO 2020 art. 3.34 [A]" in out
    assert "For cum laude: the marks that are open can no longer do it" in out
    assert "lowest final mark: 5.0 (required: at least 6.0) · Uitvoeringsbesluit WVO 2020 art. 3.47" in out


def test_what_can_no_longer_be_done_is_said_with_the_check_and_the_resits_that_turn_it(
    run: Run, tmp_path: Path
) -> None:
    sheet = rows("Bo", netl="5.0,5.0,,", econ="7.0,6.2,,", lo=",,,V")
    code, out, _err = run(file_of(tmp_path, *sheet), "--goal", "pass")
    assert code == 0
    assert out == (
        "Bo · havo, exam 2026\n"
        "  so far: failed\n"
        "To pass: not reached\n"
        "    ✗ Core subjects: fives for core subjects: 2 (required: at most 1) · "
        "Uitvoeringsbesluit WVO 2020 art. 3.34 [A]\n"
        "  turned by one of these · Uitvoeringsbesluit WVO 2020 art. 3.38 [A]\n"
        "    resit of entl: at least 5.6 (now 5.2)\n"
        "    resit of netl: at least 6.0 (now 5.0)\n"
        "note: no profile is given, so the package is not checked\n"
    )


def test_a_used_resit_leaves_none(run: Run, tmp_path: Path) -> None:
    sheet = rows("Bo", netl="5.0,5.0,5.2,", econ="7.0,6.2,,", lo=",,,V")
    _code, out, _err = run(file_of(tmp_path, *sheet), "--goal", "pass")
    assert "  no resit that can still be taken turns this · Uitvoeringsbesluit WVO 2020 art. 3.38 [A]" in out


def test_the_data_are_the_same_marks(run: Run, tmp_path: Path) -> None:
    code, out, _err = run(file_of(tmp_path, *rows("Anna")), "--format", "json", "--goal", "pass")
    (answer,) = json.loads(out)["candidates"]
    assert code == 0
    assert (answer["candidate"], answer["result"], list(answer["goals"])) == ("Anna", "incomplete", ["pass"])
    goal = answer["goals"]["pass"]
    assert goal["state"] == "possible"
    assert goal["open"] == [
        {"subject": "netl", "mark": "ce", "least": 6.0, "if_others_stay": 6.0},
        {"subject": "econ", "mark": "ce", "least": 1.0, "if_others_stay": None},
    ]
    assert goal["mean"] == {"total": 8.5, "count": 2, "such_as": [6.0, 2.5]}
    assert goal["rated"] == ["lo"]


def test_a_line_for_each_candidate_and_a_row_for_each_open_mark(run: Run, tmp_path: Path) -> None:
    file = file_of(tmp_path, *rows('"Anna, B."'), *rows("Zoë", netl="6,6,,", econ="7,7,,", lo=",,,V"))
    _code, out, _err = run(file, "--format", "json")
    told = json.loads(out)["candidates"]
    assert [json.loads(line) for line in run(file, "--format", "jsonl")[1].splitlines()] == told
    found = list(csv.DictReader(io.StringIO(run(file, "--format", "csv")[1])))
    assert [(row["candidate"], row["goal"], row["subject"]) for row in found] == [
        ("Anna, B.", "pass", "netl"), ("Anna, B.", "pass", "econ"), ("Anna, B.", "cum-laude", ""),
        ("Zoë", "pass", ""), ("Zoë", "cum-laude", ""),
    ]  # fmt: skip
    goal = told[0]["goals"]["pass"]
    assert [float(row["least"]) for row in found[:2]] == [need["least"] for need in goal["open"]]
    assert {float(row["together"]) for row in found[:2]} == {goal["mean"]["total"]}
    assert [row["state"] for row in found] == [
        each["state"] for one in told for each in one["goals"].values() for _ in each["open"] or [0]
    ]


def test_candidates_come_in_the_order_of_the_sheet_or_one_alone(run: Run, tmp_path: Path) -> None:
    file = file_of(tmp_path, *rows("Zoë"), *reversed(rows("Anna")), *rows("Bo", netl="5.0,5.0,,"))
    _code, out, _err = run(file, "--format", "json")
    found = json.loads(out)["candidates"]
    assert [answer["candidate"] for answer in found] == ["Zoë", "Anna", "Bo"]
    subjects = [[need["subject"] for need in answer["goals"]["pass"]["open"]] for answer in found]
    assert subjects[:2] == [["netl", "econ"], ["econ", "netl"]]
    _code, out, _err = run(file, "--candidate", "Anna", "--format", "json")
    assert json.loads(out)["candidates"] == [found[1]]
    code, out, err = run(file, "--candidate", "Ana")
    assert (code, out) == (2, "")
    assert 'there is no candidate "Ana" on this sheet - did you mean "Anna"?' in err


def test_what_is_wrong_with_one_leaves_the_others_answered(run: Run, tmp_path: Path) -> None:
    file = file_of(tmp_path, *rows("Bad", entl="5.4,11,,"), *rows("Anna"), *rows("Bad"))
    code, out, err = run(file, "--goal", "pass")
    assert code == 0
    assert [line for line in out.splitlines() if "exam 2026" in line] == ["Anna · havo, exam 2026"]
    assert f"{file}:3:" in err
    assert '"11" is no mark' in err
    assert "this candidate had rows before" in err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file"),
        ("", "the file is empty"),
        (f"{HEAD}\nA,havo,2026,netl,common,x,,,\n", '"x" is no mark'),
    ],
)
def test_what_cannot_be_used_exits_2(run: Run, tmp_path: Path, content: str | None, message: str) -> None:
    file = tmp_path / "sheet.csv"
    if content is not None:
        file.write_text(content, "utf-8")
    code, out, err = run(file)
    assert (code, out) == (2, "")
    assert message in err


def test_a_sheet_as_toml_gives_the_same_answer(run: Run, tmp_path: Path) -> None:
    subjects = [
        f'[[subject]]\nsubject = "{code}"\nrole = "{role}"\n'
        + (f"se = {se}\n" if se else "")
        + (f"ce = {ce}\n" if ce else "")
        for code, role, se, ce in MARKS
    ]
    file = tmp_path / "anna.toml"
    file.write_text('candidate = "Anna"\nlevel = "havo"\nexam = 2026\n\n' + "\n".join(subjects), "utf-8")
    assert run(file) == run(file_of(tmp_path, *rows("Anna")))


def test_nothing_of_numpy_on_the_way_to_the_help() -> None:
    code = (
        "import sys\nfrom trajectsim.cli import execute\nexecute(['needed', '--help'])\nprint('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
