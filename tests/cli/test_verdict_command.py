"""``trajectsim verdict`` as a school calls it: every kind of bad input at its place, and the others judged."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trajectsim import cli
from trajectsim.cli.verdict import Judge, _Helpers
from trajectsim.exam import chunks

ROOT = Path(__file__).parents[2]
SHEETS = ROOT / "scenarios" / "exams"
HEAD = "candidate,level,exam,subject,role,se,ce,resit,rating,profile,route,at,sat,rv,cspe"
HAVO = (
    ("netl", "common", "6.4,5.9"), ("entl", "common", "7.1,6.6"), ("maat", "part", "7,"), ("ckv", "part", "6,"),
    ("pws", "part", "8,"), ("lo", "rated", ","), ("wisa", "profile", "6.0,5.5"), ("econ", "profile", "7,7"),
    ("gs", "profile", "6.5,6"), ("ak", "profile", "6,6"), ("fatl", "free", "6.2,7"),
)  # fmt: skip
KB = (
    ("netl", "common", "6.4,5.9"), ("entl", "common", "7,6"), ("maat", "common", "7,"), ("lo", "rated", ","),
    ("wi", "profile", "6,6"), ("nask1", "profile", "6,6"), ("bwi", "profielvak", "6,6"), ("k1", "keuzevak", "7,"),
    ("k2", "keuzevak", "6,"), ("k3", "keuzevak", "7,"), ("k4", "keuzevak", "6,"),
)  # fmt: skip

Run = Callable[..., tuple[int, str, str]]


def sheet(
    name: str, level: str = "havo", exam: int = 2019, subjects: tuple[tuple[str, str, str], ...] = HAVO
) -> list[str]:
    """The rows of a whole sheet."""
    return [
        f"{name},{level},{exam},{code},{role},{marks},,{'V' if role == 'rated' else ''},,,,,,"
        for code, role, marks in subjects
    ]


def file_of(folder: Path, *rows: str, head: str = HEAD, name: str = "klas.csv") -> Path:
    """A table with these rows."""
    file = folder / name
    file.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return file


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process: exit code, stdout, stderr."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = cli.execute(["verdict", *map(str, arguments), "--lang", "en"])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def process(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Runs the program as a process of its own."""
    command = [sys.executable, "-m", "trajectsim", "verdict", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}, **options)  # type: ignore[call-overload]


# --- bad input ----------------------------------------------------------------------------------------------

BAD_MARKS = [
    ("0.9", "no mark from 1 to 10"), ("10.1", "no mark from 1 to 10"), ("5.55", "no mark from 1 to 10"),
    ("vijf", "no mark from 1 to 10"), ("-6", "no mark from 1 to 10"), ("6e0", "no mark from 1 to 10"),
    ("٦", "no mark from 1 to 10"), ("11", "no mark from 1 to 10"), ("0", "no mark from 1 to 10"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD_MARKS)
@pytest.mark.parametrize("column", ["se", "ce", "resit"])
def test_a_bad_mark_is_named_at_its_place_and_the_others_are_judged(
    run: Run, tmp_path: Path, text: str, message: str, column: str
) -> None:
    rows = sheet("Bad")
    fields = rows[1].split(",")
    fields[HEAD.split(",").index(column)] = text
    rows[1] = ",".join(fields)
    file = file_of(tmp_path, *sheet("Anna"), *rows, *sheet("Zoë"))
    code, out, err = run(file, "--format", "jsonl")
    place = len(",".join(fields[: HEAD.split(",").index(column)])) + 2
    assert code == 0
    assert f'{file}:14:{place} error E125: "Bad", column {column}: "{text}" is {message}' in err
    assert [json.loads(line)["candidate"] for line in out.splitlines()] == ["Anna", "Zoë"]
    assert "3 candidates: 2 passed, 0 failed, 0 incomplete, 1 not judged because of a problem" in err
    assert run(file, "--format", "jsonl", "--strict")[:2] == (2, out)


BAD_ROWS = [
    # what stands in the row; the column that is named; the code; what is said
    ("Bad,hav,2019,netl,common,6,6,,,,,,,,", "level", "E120", 'unknown level "hav" - did you mean "havo"?'),
    ("Bad,,2019,netl,common,6,6,,,,,,,,", "level", "E120", 'unknown level ""'),
    ("Bad,havo,1989,netl,common,6,6,,,,,,,,", "exam", "E121", "no exam year from 1990 to 2100"),
    ("Bad,havo,2101,netl,common,6,6,,,,,,,,", "exam", "E121", "no exam year from 1990 to 2100"),
    ("Bad,havo,19,netl,common,6,6,,,,,,,,", "exam", "E121", "no exam year from 1990 to 2100"),
    ("Bad,havo,2018/2019,netl,common,6,6,,,,,,,,", "exam", "E121", "no exam year from 1990 to 2100"),
    ("Bad,kb,2019,netl,common,6,6,,,,learn-work,,,,", "route", "E122", 'no route "learn-work" for kb in exam 2019'),
    ("Bad,gl,2019,netl,common,6,6,,,,practice,,,,", "route", "E122", 'no route "practice" for gl in exam 2019'),
    ("Bad,bb,2019,netl,common,6,6,,,,work,,,,", "route", "E122", 'unknown route "work"'),
    ("Bad,havo,2019,netl,comon,6,6,,,,,,,,", "role", "E123", "did you mean"),
    ("Bad,tl,2019,wi,part,6,,,,,,,,,", "role", "E123", 'the role "part" is not known for tl in exam 2019'),
    ("Bad,kb,2019,bwi,vocational,6,6,,,,,,,,", "role", "E123", 'the role "vocational" is not known for kb'),
    ("Bad,kb,2017,bwi,profielvak,6,6,,,,,,,,", "role", "E123", 'the role "profielvak" is not known for kb'),
    ("Bad,havo,2020,rek,rekentoets,6,,,,,,,,,", "role", "E123", 'the role "rekentoets" is not known for havo'),
    ("Bad,havo,2019,,common,6,6,,,,,,,,", "subject", "E124", "there is no subject code"),
    ("Bad,havo,2019,lo,rated,,,,X,,,,,,", "rating", "E126", '"X" is no rating: O, V or G'),
    ("Bad,havo,2019,maat,part,6,6,,,,,,,,", "ce", "E127", "(maat) has no central exam"),
    ("Bad,havo,2019,wisd,free,6,6,,,,,,,,", "ce", "E127", "(wisd) has no central exam"),
    ("Bad,havo,2019,wisd,free,6,,6,,,,,,,", "resit", "E127", "(wisd) has no central exam"),
    ("Bad,havo,2020,netl,common,6,6,,,,,,,,", "ce", "E127", "no central exams were held in 2020"),
    ("Bad,kb,2019,k1,keuzevak,6,6,,,,,,,,", "ce", "E127", "a subject with the role keuzevak has no central exam"),
    ("Bad,havo,2019,x1,part,6,6,,,,,,,,", "ce", "E127", "a subject with the role part has no central exam"),
    ("Bad,kb,2021,bwi,profielvak,6,6,,,,,,,,", "ce", "E127", "there was no cspe in 2021"),
    ("Bad,havo,2019,lo,rated,,6,,V,,,,,,", "ce", "E127", "a subject with the role rated has a rating and no mark"),
    ("Bad,havo,2019,lo,rated,6,,,V,,,,,,", "se", "E135", "a subject with the role rated has a rating and no mark"),
    ("Bad,havo,2019,netl,common,6,6,,V,,,,,,", "rating", "E135", "the role common has a mark and no rating"),
    ("Bad,havo,2019,netl,common,6,6,,,,,,,7,", "rv", "E129", "a subject closed in exam 2019 has no RV mark"),
    ("Bad,havo,2020,netl,common,6,6,,,,,,2019,7,", "rv", "E129", "a subject closed in exam 2019 has no RV mark"),
    ("Bad,havo,2020,netl,common,6,,7,,,,,,7,", "rv", "E129", "two RV marks"),
    ("Bad,havo,2019,netl,common,6,6,,,,,,,,7", "cspe", "E130", "only the roles vocational and profielvak have a cspe"),
    ("Bad,havo,2019,netl,common,6,6,,,,,tl,,,", "at", "E131", "a subject of havo cannot be taken at tl"),
    ("Bad,vwo,2019,netl,common,6,6,,,,,vwo,,,", "at", "E131", "a subject of vwo cannot be taken at vwo"),
    ("Bad,gl,2019,netl,common,6,6,,,,,tl,,,", "at", "E131", "a subject of gl cannot be taken at tl"),
    ("Bad,gl,2019,netl,common,6,6,,,,,mavo,,,", "at", "E131", 'unknown level "mavo"'),
    ("Bad,havo,2019,netl,common,6,6,,,,,,2020,,", "sat", "E132", "2020 is later than the exam itself, 2019"),
    ("Bad,havo,2019,netl,common,6,6,,,,,,vorig,,", "sat", "E132", "no exam year from 1990 to 2100"),
    ("Bad,havo,2019,netl,common,6,6,,,xx,,,,,", "profile", "E133", "xx"),
    (",havo,2019,netl,common,6,6,,,,,,,,", "candidate", "E110", "there is no candidate on this row"),
    ("Bad,havo,2019,netl,common,6,6,,", "", "E106", "15 fields expected, one a column; 9 found"),
    ("Bad,havo,2019,netl,common,6,5,6,5,,,,,,,,", "", "E106", "15 fields expected, one a column; 17 found"),
    ('Bad,havo,2019,"netl,common,6,6,,,,,,,,', "", "E107", "a quote is not closed on it"),
    ("Bad,havo,2019,netl,com\0mon,6,6,,,,,,,,", "", "E107", "this line cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "column", "code", "message"), BAD_ROWS, ids=lambda value: str(value)[:40])
def test_a_bad_row_is_named_at_its_place_and_the_others_are_judged(
    run: Run, tmp_path: Path, row: str, column: str, code: str, message: str
) -> None:
    file = file_of(tmp_path, *sheet("Anna"), row, *sheet("Zoë", "kb", 2019, KB))
    status, out, err = run(file, "--format", "json")
    data = json.loads(out)
    assert status == 0
    assert [candidate["candidate"] for candidate in data["candidates"]] == ["Anna", "Zoë"]
    found = [problem for problem in data["problems"] if problem["code"] == code and message in problem["message"]]
    assert len(found) == 1, data["problems"]
    assert found[0]["line"] == 13
    if column:
        fields = row.split(",")
        assert found[0]["column"] == len(",".join(fields[: HEAD.split(",").index(column)])) + 1 + (
            column != "candidate"
        )
        assert f"column {column}: " in found[0]["message"]
    assert f"{file}:13:" in err
    assert message in err
    assert "Traceback" not in err
    assert run(file, "--format", "csv", "--strict")[0] == 2


BAD_SHEETS = [
    # rows in place of those with the same number, and more; the row that is named, the column, the code, what is said
    ({1: ("level", "vwo")}, 1, "level", "E112", 'rows of two levels: "havo" and "vwo"'),
    ({3: ("exam", "2018")}, 3, "exam", "E112", 'rows of two exam years: "2019" and "2018"'),
    ({0: ("profile", "em"), 2: ("profile", "nt")}, 2, "profile", "E112", 'rows of two profiles: "em" and "nt"'),
    ({0: ("subject", "entl")}, 1, "subject", "E124", 'the subject "entl" stands twice'),
    ({0: ("subject", "en")}, 1, "subject", "E124", 'the subject "entl" stands twice'),
    ({0: ("resit", "7"), 1: ("resit", "7")}, 1, "resit", "E128", "exam 2019 has 1 resit, and there are more here"),
    ({0: ("profile", "nt")}, 0, "profile", "E133", "lacks"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "row", "column", "code", "message"), BAD_SHEETS)
def test_rows_that_are_no_sheet_together(
    run: Run, tmp_path: Path, changes: dict[int, tuple[str, str]], row: int, column: str, code: str, message: str
) -> None:
    rows = [line.split(",") for line in sheet("Bad")]
    for number, (name, value) in changes.items():
        rows[number][HEAD.split(",").index(name)] = value
    file = file_of(tmp_path, *sheet("Anna"), *(",".join(fields) for fields in rows))
    status, out, _err = run(file, "--format", "json")
    data = json.loads(out)
    assert status == 0
    assert [candidate["candidate"] for candidate in data["candidates"]] == ["Anna"]
    told = [
        (p["line"], message in p["message"])
        for p in data["problems"]
        if p["code"] == code and f"column {column}:" in p["message"]
    ]
    assert (13 + row, True) in told


def test_the_resits_of_each_level_and_year(run: Run, tmp_path: Path) -> None:
    def problems(
        exam: int, level: str, subjects: tuple[tuple[str, str, str], ...], cells: dict[int, dict[str, str]]
    ) -> list[str]:
        rows = [line.split(",") for line in sheet("A", level, exam, subjects)]
        for number, named in cells.items():
            for name, value in named.items():
                rows[number][HEAD.split(",").index(name)] = value
        _code, out, _err = run(file_of(tmp_path, *(",".join(fields) for fields in rows)), "--format", "json")
        return [problem["code"] for problem in json.loads(out)["problems"]]

    one, two, three = ({n: {"resit": "7"} for n in rows} for rows in ([0], [0, 1], [0, 1, 6]))
    assert problems(2019, "havo", HAVO, one) == []
    assert problems(2019, "havo", HAVO, two) == ["E128"]
    assert problems(2022, "havo", HAVO, two) == []
    assert problems(2022, "havo", HAVO, three) == ["E128"]
    early = {0: {"resit": "7", "sat": "2018"}, 1: {"resit": "7"}}
    assert problems(2019, "havo", HAVO, early) == []  # the earlier year had a resit of its own
    assert problems(2019, "kb", KB, {0: {"resit": "7"}, 6: {"cspe": "7"}}) == []
    assert problems(2019, "kb", KB, {0: {"resit": "7"}, 6: {"resit": "7"}}) == []
    assert problems(2019, "kb", KB, {0: {"resit": "7"}, 1: {"resit": "7"}}) == ["E128"]
    assert problems(2019, "kb", KB, {0: {"resit": "7"}, 6: {"resit": "7", "cspe": "7"}}) == ["E128"]
    corona = tuple((code, role, marks.split(",")[0] + ",") for code, role, marks in HAVO)
    assert problems(2020, "havo", corona, two) == []
    assert problems(2020, "havo", corona, three) == ["E129"]
    assert problems(2020, "havo", corona, {0: {"rv": "7"}, 1: {"resit": "7"}}) == []
    closed = (("dutl", "free", "6,"), ("sptl", "free", "6,"))
    improved = {11: {"rv": "7", "sat": "2020"}, 12: {"rv": "7", "sat": "2020"}}
    less = {11: {"rv": "7", "sat": "2020"}, 12: {"sat": "2020"}}
    assert problems(2021, "havo", HAVO + closed, {**one, **improved}) == []
    assert problems(2021, "havo", HAVO + closed, {**two, **improved}) == ["E128"]  # one fewer for who had two RV marks
    assert problems(2022, "havo", HAVO + closed, {**two, **less}) == []


def test_more_subjects_to_leave_out_than_can_be_tried(run: Run, tmp_path: Path) -> None:
    more = tuple((f"x{n}", "free", "6,6") for n in range(12))
    _code, _out, err = run(file_of(tmp_path, *sheet("A", subjects=HAVO + more), *sheet("B")))
    assert ':24:17 error E134: "A", column role: 13 subjects could be left out' in err
    _code, _out, err = run(
        file_of(tmp_path, *sheet("A", subjects=tuple((f"x{n}", "common", "6,6") for n in range(61))))
    )
    assert "E113" in err


def test_a_candidate_who_comes_back_is_judged_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_of(tmp_path, *sheet("A"), *sheet("B"), *sheet("A")[:3], *sheet("C"))
    for size in (chunks.CHUNK, 300):
        monkeypatch.setattr(chunks, "CHUNK", size)
        code, out, err = run(file, "--format", "jsonl")
        assert code == 0
        assert [json.loads(line)["candidate"] for line in out.splitlines()] == ["A", "B", "C"]
        assert f'{file}:24:1 error E111: "A", column candidate: this candidate had rows before' in err


def test_two_files_can_have_the_same_candidates(run: Run, tmp_path: Path) -> None:
    files = [file_of(tmp_path, *sheet("A"), name=name) for name in ("one.csv", "two.csv")]
    code, out, err = run(*files, "--format", "jsonl", "--strict")
    assert code == 0
    assert len(out.splitlines()) == 2
    assert "error" not in err


def test_every_problem_of_a_sheet_is_told_at_once(run: Run, tmp_path: Path) -> None:
    rows = sheet("A")
    rows[0] = rows[0].replace("6.4,5.9", "64,5.95")
    rows[2] = rows[2].replace("7,", "7,7")
    rows[4] = rows[3]
    code, _out, err = run(file_of(tmp_path, *rows))
    assert code == 2
    assert re.findall(r":(\d+):\d+ error (E\d+)", err) == [("2", "E125"), ("2", "E125"), ("4", "E127"), ("6", "E124")]


@pytest.mark.parametrize(
    ("exam", "role", "message"),
    [
        (2018, "part", "CKV has a rating and no mark up to exam 2018"),
        (2019, "rated", ""),  # repeaters, for the last time
        (2019, "part", ""),
        (2020, "rated", "CKV has a mark from exam 2020 on, in the combination mark"),
    ],
)
def test_ckv_in_the_role_of_another_year(run: Run, tmp_path: Path, exam: int, role: str, message: str) -> None:
    """Said whether or not there is a profile, since the verdict would be wrong."""
    rows = [row.replace(",2019,", f",{exam},") for row in sheet("A") if ",ckv," not in row]
    marks = "6,,,,,,,,," if role == "part" else ",,,V,,,,,,"
    _code, _out, err = run(file_of(tmp_path, *rows, f"A,havo,{exam},ckv,{role},{marks}"))
    assert (f'error E133: "A", column subject: {message}' in err) is bool(message)


def test_marks_are_looked_at_beside_a_row_that_fits_no_sheet(run: Run, tmp_path: Path) -> None:
    rows = sheet("A")
    rows[0] = rows[0].replace(",common,", ",comon,")
    rows[2] = rows[2].replace("7,", "7,7")
    rows[4] = rows[4].replace(",havo,", ",vwo,")
    code, _out, err = run(file_of(tmp_path, *rows))
    assert code == 2
    assert re.findall(r":(\d+):\d+ error (E\d+)", err) == [("2", "E123"), ("4", "E127"), ("6", "E112")]


BAD_FILES = [
    (b"", "E102", "the file is empty"),
    (b"\n\n", "E102", "the file is empty"),
    (b"\xef\xbb\xbf", "E102", "the file is empty"),
    (HEAD.encode(), "E102", "there is no candidate below the header"),
    (HEAD.encode() + b"\n\n,,,,,,,,,,,,,,\n", "E102", "there is no candidate below the header"),
    (b"a,b,c\n1,2,3\n", "E104", "no header"),
    (HEAD.replace("role,", "").encode() + b"\nA\n", "E104", 'the column "role" is missing'),
    (HEAD.replace("rating", "resit").encode() + b"\nA\n", "E105", 'the column "resit" stands twice'),
    (HEAD.replace("cspe", "csepe").encode() + b"\nA\n", "E105", 'unknown column "csepe" - did you mean "cspe"?'),
    (HEAD.encode("utf-16"), "E103", "not UTF-8"),
    (bytes(range(256)) * 50, "E103", "not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "message"), BAD_FILES)
def test_a_file_that_cannot_be_used(run: Run, tmp_path: Path, data: bytes, code: str, message: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(data)
    status, _out, err = run(file)
    assert status == 2
    assert code in err
    assert message in err
    assert "Traceback" not in err
    good = file_of(tmp_path, *sheet("A"))
    status, out, err = run(file, good, "--format", "csv")
    assert status == 0
    assert len(out.splitlines()) == 2
    assert run(file, good, "--strict")[0] == 2


def test_a_path_that_is_no_file(run: Run, tmp_path: Path) -> None:
    for name in (tmp_path / "nowhere.csv", tmp_path, tmp_path / "nowhere.toml", "x" * 5000):
        code, _out, err = run(name)
        assert code == 2
        assert "error" in err
        assert "Traceback" not in err


def test_a_line_that_is_not_utf_8_takes_out_its_candidate(run: Run, tmp_path: Path) -> None:
    file = file_of(tmp_path, *sheet("A"), *sheet("Zoë"), *sheet("B"))
    file.write_bytes(file.read_bytes().replace("ë".encode(), b"\xeb"))
    code, out, err = run(file, "--format", "csv")
    assert code == 0
    assert [line.split(",")[0] for line in out.splitlines()[1:]] == ["A", "B"]
    assert f"{file}:13:3 error E103: this line is not UTF-8 text" in err


def test_many_problems_are_counted_and_json_hides_none(run: Run, tmp_path: Path) -> None:
    rows = [row for n in range(70) for row in sheet(f"K{n}", subjects=(("netl", "common", "77,6"),))]
    code, out, err = run(file_of(tmp_path, *rows), "--format", "json")
    assert code == 2
    assert err.count("error E125") == 50
    assert "and 20 problems more" in err
    assert len(json.loads(out)["problems"]) == 70


# --- what is read -------------------------------------------------------------------------------------------


def test_semicolons_and_decimal_commas(run: Run, tmp_path: Path) -> None:
    plain = file_of(tmp_path, *sheet("A"))
    lines = plain.read_text("utf-8").splitlines()
    other = tmp_path / "other.csv"
    text = "\r\n".join(re.sub(r"(\d)\.(\d)", r"\1,\2", line.replace(",", ";")) for line in lines)
    other.write_bytes(b"\xef\xbb\xbf" + text.encode())
    wanted = run(plain, "--format", "jsonl")[1]
    assert run(other, "--format", "jsonl")[1] == wanted
    other.write_text("\n".join(line.replace(",", "\t") for line in lines), "utf-8")
    assert run(other, "--format", "jsonl")[1] == wanted
    quoted = ",".join(f'"{name}"' for name in HEAD.upper().split(","))
    other.write_text("\n".join([quoted, *(re.sub(r"(\d)\.(\d)", r'"\1,\2"', line) for line in lines[1:])]), "utf-8")
    assert run(other, "--format", "jsonl")[1] == wanted


def test_columns_in_another_order_and_columns_of_the_school(run: Run, tmp_path: Path) -> None:
    names = HEAD.split(",")
    order = sorted(range(len(names)), key=lambda n: names[n])
    lines = [[row.split(",")[n] for n in order] for row in sheet("A")]
    file = file_of(
        tmp_path, *(",".join(["5H", *line]) for line in lines), head=",".join(["klas", *(names[n] for n in order)])
    )
    code, out, err = run(file, "--format", "jsonl")
    assert code == 0
    assert json.loads(out)["result"] == "passed"
    assert "not read, because these columns are not known: klas" in err


def test_what_is_absent_is_said_once(run: Run, tmp_path: Path) -> None:
    head = ",".join(HEAD.split(",")[:9])
    rows = [",".join(row.split(",")[:9]) for row in [*sheet("A"), *sheet("B")]]
    _code, out, err = run(file_of(tmp_path, *rows, head=head), "--format", "json")
    (line,) = [line for line in err.splitlines() if "not checked" in line]
    for name in ("profile", "route", "at", "sat", "rv", "cspe"):
        assert f"({name})" in line
    notes = json.loads(out)["candidates"][0]["notes"]
    assert "no profile is given, so the package is not checked" in notes
    assert any("rekentoets" in note for note in notes)
    _code, out, err = run(file_of(tmp_path, *sheet("A")))
    assert "not checked" not in err


def test_standard_input(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = file_of(tmp_path, *sheet("A"), "B,havo").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    code, out, err = run("-", "--format", "csv")
    assert code == 0
    assert out.splitlines()[1] == "A,havo,2019,passed,false,7,,,"
    assert "<stdin>:13:" in err


def test_a_toml_sheet_and_its_problems(run: Run, tmp_path: Path) -> None:
    text = 'candidate = "Noor"\nlevel = "havo"\nexam = 2019\n'
    for code, role, marks in HAVO:
        se, _comma, ce = marks.partition(",")
        text += f'[[subject]]\nsubject = "{code}"\nrole = "{role}"\n'
        text += 'rating = "V"\n' if role == "rated" else f"se = {se}\n" + (f"ce = {ce}\n" if ce else "")
    file = tmp_path / "noor.toml"
    file.write_text(text, "utf-8")
    code, out, err = run(file, "--format", "jsonl")
    assert code == 0
    assert json.loads(out) | {"checks": 0} == {
        "candidate": "Noor", "result": "passed", "cum_laude": False, "combination": 7, "left_out": [], "ignored": [],
        "final": {
            "netl": 6, "entl": 7, "maat": 7, "ckv": 6, "pws": 8, "wisa": 6, "econ": 7, "gs": 6, "ak": 6, "fatl": 7,
        },
        "checks": 0,
    }  # fmt: skip
    file.write_text(text.replace("ce = 5.9", "ce = 59"), "utf-8")
    code, _out, err = run(file)
    assert code == 2
    assert f'{file}:8:6 error E125: "Noor", ce: "59" is no mark' in err
    file.write_text(text.replace("exam = 2019", "exm = 2019"), "utf-8")
    code, _out, err = run(file)
    assert code == 2
    assert ":3:1 error S101" in err


# --- what is written ----------------------------------------------------------------------------------------


def test_jsonl_has_exactly_the_keys_that_are_promised(run: Run, tmp_path: Path) -> None:
    failed = tuple((code, role, "3.0,3.0" if code == "netl" else marks) for code, role, marks in HAVO)
    open_ = tuple((code, role, "6," if code == "netl" else marks) for code, role, marks in HAVO)
    extra = (*HAVO, ("nat", "free", "3,3"))
    rows = [*sheet("F", subjects=failed), *sheet("O", subjects=open_), *sheet("X", subjects=extra)]
    _code, out, _err = run(file_of(tmp_path, *rows), "--format", "jsonl")
    found = [json.loads(line) for line in out.splitlines()]
    for each in found:
        assert list(each) == [
            "candidate", "result", "cum_laude", "final", "combination", "left_out", "ignored", "checks",
        ]  # fmt: skip
        assert [check["id"] for check in each["checks"]] == [
            "complete", "ce-mean", "core", "pattern", "parts", "rated", "rekentoets",
        ]  # fmt: skip
        for check in each["checks"]:
            assert list(check) == ["id", "ok", "required", "observed", "cite"]
            assert check["ok"] in (True, False, None)
            assert all(isinstance(check[name], str) and check[name] for name in ("required", "observed", "cite"))
    assert [each["result"] for each in found] == ["failed", "incomplete", "passed"]
    assert [each["left_out"] for each in found] == [[], [], ["nat"]]
    assert "netl" not in found[1]["final"]
    assert [check["ok"] for check in found[1]["checks"]][:4] == [False, None, None, None]


def test_csv_has_a_row_a_candidate(run: Run, tmp_path: Path) -> None:
    failed = tuple((code, role, "3.0,3.0" if code == "netl" else marks) for code, role, marks in HAVO)
    rows = [*sheet('"Ab, ""C"""', subjects=failed), *sheet("Z", "kb", 2019, KB)]
    _code, out, _err = run(file_of(tmp_path, *rows), "--format", "csv")
    assert out.splitlines() == [
        "candidate,level,exam,result,cum_laude,combination,left_out,ignored,failed_checks",
        '"Ab, ""C""",havo,2019,failed,false,7,,,core pattern',
        "Z,kb,2019,passed,false,7,,,",
    ]


def test_text_tells_the_whole_verdict_of_a_few_candidates_and_a_line_of_many(run: Run, tmp_path: Path) -> None:
    failed = tuple((code, role, "3.0,3.0" if code == "netl" else marks) for code, role, marks in HAVO)
    file = file_of(tmp_path, *sheet("Anna"), *sheet("Bo", subjects=failed))
    _code, out, _err = run(file)
    for part in (
        "Anna · havo, exam 2019\n✓ passed\n  netl 6 · entl 7 · maat 7 · ckv 6 · pws 8 · lo V · wisa 6",
        "combination mark 7",
        "✗ Core subjects · Eindexamenbesluit VO art. 50",
        "required: core subjects below 5: 0; fives for core subjects: at most 1",
        "found: core subjects below 5: 1; fives for core subjects: 0",
        "note: rekentoets taken: ",
    ):
        assert part in out
    many = [row for n in range(21) for row in sheet(f"K{n:02}")]
    _code, out, _err = run(file_of(tmp_path, *many, *sheet("Bo", subjects=failed)))
    lines = out.splitlines()
    assert lines[0] == "✓ K00 · havo 2019 · passed"
    assert lines[21] == "✗ Bo · havo 2019 · failed · not met: core, pattern"
    assert lines[-1] == "22 candidates: 21 passed, 1 failed, 0 incomplete"
    extra = (*HAVO, ("nat", "free", "3,3"))
    _code, out, _err = run(file_of(tmp_path, *many, *sheet("Xi", subjects=extra)))
    assert "✓ Xi · havo 2019 · passed · left out: nat" in out


def test_dutch_speaks_dutch(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.execute(["verdict", str(file_of(tmp_path, *sheet("A"))), "--lang", "nl"]) == 0
    assert "Kernvakken" in capsys.readouterr().out


def test_several_formats_at_once_and_files_that_are_replaced_whole(run: Run, tmp_path: Path) -> None:
    file = file_of(tmp_path, *sheet("A"))
    targets = {name: tmp_path / f"out.{name}" for name in ("json", "csv", "text")}
    targets["csv"].write_text("old", "utf-8")
    formats = [part for name, target in targets.items() for part in ("--format", f"{name}={target}")]
    code, out, _err = run(file, "--format", "jsonl", *formats)
    assert code == 0
    assert json.loads(out)["candidate"] == "A"
    assert json.loads(targets["json"].read_text("utf-8"))["candidates"][0]["candidate"] == "A"
    assert targets["csv"].read_text("utf-8").endswith("A,havo,2019,passed,false,7,,,\n")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["klas.csv", "out.csv", "out.json", "out.text"]
    code, _out, err = run(file, "--format", f"csv={targets['csv']}", "--format", f"jsonl={tmp_path / 'no' / 'x'}")
    assert code == 2
    assert "E108: cannot be written" in err
    assert targets["csv"].read_text("utf-8").endswith("A,havo,2019,passed,false,7,,,\n")


def test_a_device_is_written_to_and_not_replaced(run: Run, tmp_path: Path) -> None:
    before = os.stat(os.devnull).st_ino
    assert run(file_of(tmp_path, *sheet("A")), "--format", f"csv={os.devnull}")[0] == 0
    assert os.stat(os.devnull).st_ino == before


@pytest.mark.parametrize(
    "arguments",
    [(), ("x.csv", "--format", "xml"), ("x.csv", "--jobs", "0"), ("x.csv", "--jobs", "two"), ("--nothing",)],
)
def test_usage_errors_exit_2(run: Run, arguments: tuple[str, ...]) -> None:
    code, _out, err = run(*arguments)
    assert code == 2
    assert "Traceback" not in err


# --- many ---------------------------------------------------------------------------------------------------


def klas(folder: Path, number: int, name: str = "large.csv") -> Path:
    """A table of many candidates with all sorts of marks; some have a problem, and one comes back."""
    templates: list[str] = []
    for n in range(70):
        marks = [f"{3 + (n * 7 + row * 3) % 70 // 10}.{(n + row) % 10}" for row in range(len(HAVO))]
        rows = [line.replace(",6,6,", f",{m},{m},") for line, m in zip(sheet("@"), marks, strict=True)]
        templates.append("\n".join(rows).replace(",7,7,", f",{marks[n % 7]},6.6,") + "\n")
    file = folder / name
    with file.open("w", encoding="utf-8") as stream:
        stream.write(HEAD + "\n")
        for n in range(number):
            stream.write(templates[n % 70].replace("@", f"K{n:06}" if n % 5000 != 4999 else "K000001"))
            if n % 1000 == 500:
                stream.write(f"K{n:06},havo,2019,nat,free,11,6,,,,,,,,\n")
    return file


def test_several_processes_write_what_one_does(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = klas(tmp_path, 5500)
    monkeypatch.setattr(chunks, "CHUNK", 1 << 17)
    judge, here, helpers = Judge.chunk, [0], list[Any]()

    def waiting(*arguments: object) -> object:
        here[0] += 1
        for ready in (ready for each in helpers for ready in each._ready):
            ready.result()  # else all is judged here before the others are there
        return judge(*arguments)  # type: ignore[arg-type]

    class Watched(_Helpers):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            helpers.append(self)

    monkeypatch.setattr(Judge, "chunk", waiting)
    monkeypatch.setattr("trajectsim.cli.verdict._Helpers", Watched)
    small = file_of(tmp_path, *sheet("A"), "A,havo,2019,nat,free,11,6,,,,,,,,")
    wanted: tuple[object, ...] = ()
    judged: list[int] = []
    for jobs in (1, 3):
        here[0] = 0
        targets = {name: tmp_path / f"{jobs}.{name}" for name in ("jsonl", "csv", "text")}
        formats = [part for name, target in targets.items() for part in ("--format", f"{name}={target}")]
        code, _out, err = run(small, file, *formats, "--jobs", jobs)
        found = (code, err, *(target.read_bytes() for target in targets.values()))
        wanted = wanted or found
        assert found == wanted
        judged.append(here[0])
    assert "K000001" in str(wanted[1])
    assert judged[0] > judged[1] > 0


@pytest.mark.long
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    code = (
        "import resource, sys\n"
        "from trajectsim.cli import execute\n"
        "execute(sys.argv[1:])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks: list[int] = []
    for number in (30_000, 120_000):
        file = klas(tmp_path, number)
        target = tmp_path / "out.jsonl"
        command = [sys.executable, "-c", code, "verdict", str(file), "--format", f"jsonl={target}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout.split()[-1]) // (1024 if sys.platform != "darwin" else 1024 * 1024))
        assert target.stat().st_size > number * 500
    assert peaks[1] - peaks[0] < 40, f"{peaks} MB"


def test_a_closed_pipe_ends_silently(tmp_path: Path) -> None:
    file = klas(tmp_path, 2000)
    command = f"{sys.executable} -m trajectsim verdict {file} --format jsonl 2>/dev/null | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout)["candidate"] == "K000000"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_a_full_disk_is_a_problem_and_no_traceback(tmp_path: Path) -> None:
    file = file_of(tmp_path, *sheet("A"))
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "trajectsim", "verdict", str(file), "--lang", "en"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "E108: cannot be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_exits_130_and_leaves_nothing(tmp_path: Path, jobs: str) -> None:
    file = klas(tmp_path, 30_000)
    folder = tmp_path / "out"
    folder.mkdir()
    command = [
        sys.executable,
        "-m",
        "trajectsim",
        "verdict",
        str(file),
        "--jobs",
        jobs,
        "--format",
        f"json={folder / 'x'}",
    ]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background has it ignored
    running = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    while not any(folder.iterdir()) and running.poll() is None:
        time.sleep(0.02)
    time.sleep(0.2)
    os.killpg(running.pid, signal.SIGINT)
    _out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in err
    assert list(folder.iterdir()) == []


# --- help and examples --------------------------------------------------------------------------------------


def test_the_example_in_the_help_runs_when_it_is_pasted() -> None:
    told = process("--help").stdout.decode()
    (example,) = re.findall(r"^trajectsim verdict - <<END\n(?:.*\n)*?END$", told, re.MULTILINE)
    assert len(example.splitlines()) == 1 + 5 + 1
    script = f'trajectsim() {{ {sys.executable} -m trajectsim "$@"; }}\n{example}\n'
    done = subprocess.run(
        ["bash"], input=script, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    assert done.returncode == 0
    assert "✓ passed" in done.stdout
    assert "✗ failed" in done.stdout
    assert "certificates on leaving school: zw" in done.stdout
    assert "error" not in done.stderr
    assert "2 candidates: 1 passed, 1 failed, 0 incomplete" in done.stderr


@pytest.mark.parametrize("file", sorted(SHEETS.glob("*")), ids=lambda file: file.name)
def test_the_sheets_of_the_repository_can_be_judged(run: Run, file: Path) -> None:
    code, out, err = run(file, "--format", "jsonl", "--strict")
    assert code == 0, err
    assert out
    before = "-se-" in file.name  # a class that has its school exams alone
    assert all((json.loads(line)["result"] == "incomplete") is before for line in out.splitlines())


def test_there_are_sheets_in_the_repository() -> None:
    assert len(list(SHEETS.glob("*.csv"))) >= 2


def test_nothing_of_numpy_on_the_way_to_the_help() -> None:
    code = (
        "import sys\nfrom trajectsim.cli import execute\nexecute(['verdict', '--help'])\nprint('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
