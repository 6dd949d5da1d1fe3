"""Tables of marks as they are read: what comes out is what was written, whatever the file looks like."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trajectsim.errors import Problems
from trajectsim.exam import intake as intake_module
from trajectsim.exam.grid import LONGEST, Grid
from trajectsim.exam.intake import Group, Intake, Seen, Taken
from trajectsim.exam.judging import judged
from trajectsim.exam.sheets import NUMBERS
from trajectsim.exam.table import COLUMNS, Rows, read_chunks, read_toml, rows_of
from trajectsim.exam.verdicts import SheetVerdict
from trajectsim.law.exams import RATINGS
from trajectsim.law.lawbook import Lawbook
from trajectsim.report.exam import Writer

LAW = Lawbook.load()
HEAD = ",".join(COLUMNS)
HAVO = (
    ("netl", "common"), ("entl", "common"), ("maat", "part"), ("pws", "part"), ("wisa", "profile"), ("econ", "profile"),
    ("gs", "profile"), ("ak", "profile"), ("fatl", "free"), ("nat", "free"), ("lo", "rated"),
)  # fmt: skip
WITHOUT_CE = ("part", "rated")


def tables(data: bytes | str, size: int = 1 << 20) -> list[Rows]:
    """The rows of a file, chunk by chunk."""
    raw = data.encode() if isinstance(data, str) else data
    return [rows_of(chunk) for chunk in read_chunks(io.BytesIO(raw), "f.csv", size)]


def taken(data: bytes | str, *, alike: bool = False) -> Taken:
    """The candidates of a file that is one chunk."""
    (rows,) = tables(data)
    return Intake(LAW, alike=alike).take(rows)


def cells(group: Group, index: int) -> dict[str, dict[str, object]]:
    """The marks of a candidate by subject, in the order of the sheet."""
    batch, shape = group.batch, group.shapes[index]
    found: dict[str, dict[str, object]] = {}
    for row in shape.back:
        told: dict[str, object] = {name: int(column[row, index]) for name, column in batch.numbers.items()}
        told["rating"] = RATINGS[int(batch.ratings[row, index])] if batch.ratings is not None else ""
        found[shape.layout.slots[row].code] = {name: value for name, value in told.items() if value}
    return found


# --- what is written comes back -----------------------------------------------------------------------------

mark = st.integers(10, 100)
names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"), exclude_characters="\ufeff"),
    min_size=1,
    max_size=20,
).map(str.strip).filter(bool)  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn) -> list[tuple[str, list[tuple[str, str, dict[str, int], str]]]]:
    """Candidates with their subjects, in some order, with marks in tenths and a rating."""
    found: list[tuple[str, list[tuple[str, str, dict[str, int], str]]]] = []
    for name in draw(st.lists(names, min_size=1, max_size=6, unique=True)):
        subjects = draw(st.permutations(HAVO))[: draw(st.integers(1, len(HAVO)))]
        resit = draw(st.integers(0, len(subjects) - 1))
        rows: list[tuple[str, str, dict[str, int], str]] = []
        for number, (code, role) in enumerate(subjects):
            marks = {} if role == "rated" else {"se": draw(mark)}
            if role not in WITHOUT_CE:
                marks |= {"ce": draw(mark)} | ({"resit": draw(mark)} if number == resit else {})
            rows.append((code, role, marks, draw(st.sampled_from("OVG")) if role == "rated" else ""))
        found.append((name, rows))
    return found


def written(
    found: list[tuple[str, list[tuple[str, str, dict[str, int], str]]]],
    *,
    delimiter: str = ",",
    comma: bool = False,
    end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> str:
    """Candidates as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(COLUMNS)
    for name, rows in found:
        for code, role, marks, rating in rows:
            texts = [str(Decimal(marks[n]) / 10) if n in marks else "" for n in ("se", "ce", "resit")]
            texts = [text.replace(".", ",") if comma else text for text in texts]
            writer.writerow([name, "havo", "2016", code, role, *texts, rating])
    return out.getvalue()


@given(
    sheets(),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.booleans(),
    st.integers(1, 2000),
)
def test_the_marks_that_were_written_come_back(
    found: list[tuple[str, list[tuple[str, str, dict[str, int], str]]]],
    delimiter: str,
    comma: bool,
    end: str,
    quoting: int,
    marked: bool,
    size: int,
) -> None:
    text = written(found, delimiter=delimiter, comma=comma, end=end, quoting=quoting)
    data = (b"\xef\xbb\xbf" if marked else b"") + text.encode()
    back: list[tuple[str, dict[str, dict[str, object]]]] = []
    intake = Intake(LAW)
    for rows in tables(data, size):
        got = intake.take(rows)
        assert got.problems == []
        here: dict[int, tuple[str, dict[str, dict[str, object]]]] = {}
        for group in got.groups:
            for index, where in enumerate(group.where.tolist()):
                here[where] = (group.names[index], cells(group, index))
        back += [here[where] for where in sorted(here)]
    wanted = [
        (name, {code: {**marks, **({"rating": rating} if rating else {})} for code, _role, marks, rating in rows})
        for name, rows in found
    ]
    assert back == wanted
    assert [list(subjects) for _name, subjects in back] == [list(subjects) for _name, subjects in wanted]


@given(sheets())
def test_a_verdict_is_the_same_when_subjects_are_judged_as_others_of_their_kind(
    found: list[tuple[str, list[tuple[str, str, dict[str, int], str]]]],
) -> None:
    text = written(found)
    lines: list[list[str]] = []
    for alike in (False, True):
        got = taken(text, alike=alike)
        told = [""] * len(got.names)
        for group in got.groups:
            verdicts = judged(group.batch, LAW)
            for where, line in zip(group.where.tolist(), Writer().json(verdicts, group, LAW), strict=True):
                told[where] = line
        lines.append(told)
    assert lines[0] == lines[1]


def test_what_is_said_of_a_candidate_is_what_the_verdict_says() -> None:
    text = written(
        [
            (
                "A",
                [
                    (
                        c,
                        r,
                        {} if r == "rated" else {"se": 61, **({} if r in WITHOUT_CE else {"ce": 58})},
                        "V" * (r == "rated"),
                    )
                    for c, r in HAVO
                ],
            )
        ]
    )
    (group,) = taken(text).groups
    verdict = SheetVerdict(judged(group.batch, LAW), LAW, 0)
    assert verdict.passed
    assert verdict.final == {code: 6 for code, role in HAVO if role != "rated"}


# --- anything at all ----------------------------------------------------------------------------------------

garbage = st.one_of(
    st.binary(max_size=400),
    st.binary(max_size=400).map(lambda data: HEAD.encode() + b"\n" + data),
    st.text(st.sampled_from('a7,;"\n\r\t\0é. '), max_size=200).map(lambda text: f"{HEAD}\n{text}".encode()),
    st.lists(st.lists(st.sampled_from(["", "A", "havo", "2016", "netl", "common", "7", "7,5", '"', "x"]), max_size=11))
    .map(lambda rows: "\n".join([HEAD, *(",".join(row) for row in rows)]).encode()),
)  # fmt: skip


@given(garbage, st.sampled_from([1, 7, 50, 1 << 20]))
@example(HEAD.encode() + b"\nA,havo,2016,netl,common,7,7,,\n" * 3, 1)
@example(HEAD.encode() + b'\n"A,havo,2016,netl,common,7,7,,', 1 << 20)
@example(HEAD.encode() + b"\n\xff,havo,2016,netl,common,7,7,,", 1 << 20)
def test_garbage_is_never_more_than_problems(data: bytes, size: int) -> None:
    intake = Intake(LAW)
    try:
        for rows in tables(data, size):
            for problem in intake.take(rows).problems:
                assert problem.code.startswith("E")
                assert problem.place is not None
                assert str(problem)
    except Problems as error:
        codes = {problem.code[0] for problem in error.problems}
        assert codes == {"E"}


cell = st.text(st.sampled_from('ab7,";é '), max_size=4)


@given(st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=8), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_a_grid_is_what_a_csv_reader_reads(rows: list[tuple[str, str, str]], quote: bool, end: str) -> None:
    """Where a grid can be made its fields are the right ones; where quoting is plain, it can be made."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL).writerows(rows)
    grid = Grid.of(out.getvalue().encode(), ",", 3)
    if grid is None:
        assert any('"' in field for row in rows for field in row)
        return
    assert list(zip(*(grid.texts(column, range(grid.size)) for column in range(3)), strict=True)) == rows


@given(
    st.lists(
        st.tuples(st.text(st.sampled_from("abc"), max_size=30), st.text(st.sampled_from("xyz"), max_size=9)),
        min_size=1,
        max_size=40,
    )
)
def test_a_grid_tells_fields_apart(rows: list[tuple[str, str]]) -> None:
    data = "".join(f"{one},{other}\n" for one, other in rows).encode()
    grid = Grid.of(data, ",", 2)
    assert grid is not None
    which, examples = grid.distinct([0, 1])
    assert [rows[examples[n]] for n in which.tolist()] == rows
    assert len({rows[n] for n in examples}) == len(examples)
    assert grid.changes(0).tolist() == [n for n, row in enumerate(rows) if n == 0 or row[0] != rows[n - 1][0]]


def test_fields_that_share_a_bucket_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trajectsim.exam.grid._BUCKETS", 1)
    rows = [f"{number},{'x' * (number % 20)}" for number in range(200)]
    grid = Grid.of(("\n".join(rows) + "\n").encode(), ",", 2)
    assert grid is not None
    which, examples = grid.distinct([0, 1])
    assert which.tolist() == list(range(200))
    assert examples == list(range(200))


def test_a_long_field_is_read_one_by_one() -> None:
    name = "n" * (LONGEST + 1)
    assert Grid.of(f"{name},b\n".encode(), ",", 2) is None
    assert taken(f"{HEAD}\n{name},havo,2016,netl,common,7,7,,\n").names == (name,)


# --- chunks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 10, 100, 1000])
def test_a_candidate_is_never_cut(size: int) -> None:
    rows = [f"K{n // 5},havo,2016,{code},common,7,7,," for n, code in enumerate("abcde" * 8)]
    found = tables("\n".join([HEAD, *rows]), size)
    assert [name for each in found for name in each.texts("candidate", each.starts().tolist())] == [
        f"K{n}" for n in range(8)
    ]
    assert sum(each.size for each in found) == len(rows)


def test_lines_are_numbered_through_chunks_and_blank_lines() -> None:
    rows = [f"K{n},havo,2016,netl,common,{'vijf' if n % 3 == 2 else '7'},7,,\n" + "\n" * (n % 2) for n in range(30)]
    lines = ("\n\n" + HEAD + "\n" + "".join(rows)).split("\n")
    wanted = [number for number, line in enumerate(lines, 1) if "vijf" in line]
    for size in (1, 60, 300, 1 << 20):
        intake = Intake(LAW)
        problems = [problem for each in tables("\n".join(lines), size) for problem in intake.take(each).problems]
        assert [problem.place.line for problem in problems if problem.place] == wanted


def test_a_line_that_does_not_end_is_a_problem_and_not_all_memory() -> None:
    good = "A,havo,2016,netl,common,7,7,,\n"
    data = f"{HEAD}\n{good}{'x' * (3 << 20)}\n{good.replace('A,', 'B,')}".encode()
    problems = [problem for each in tables(data, 1 << 16) for problem in Intake(LAW).take(each).problems]
    assert [(p.code, p.place.line) for p in problems if p.place] == [("E107", 3)]


def test_candidates_who_come_back_are_known() -> None:
    seen = Seen()

    def ids(*numbers: int) -> bytes:
        return np.array(numbers, np.uint64).tobytes()

    assert seen.again(ids(1, 2, 3)) == []
    assert seen.again(ids(4, 2, 5, 4)) == [1, 3]
    assert seen.again(ids(6)) == []
    assert seen.again(ids(1, 2, 3, 4, 5, 6)) == [0, 1, 2, 3, 4, 5]
    assert seen.again(b"") == []


def test_of_very_many_candidates_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "MOST_SEEN", 100)
    seen = Seen()
    for start in range(0, 1000, 10):
        assert seen.again(np.arange(start, start + 10, dtype=np.uint64).tobytes()) == []
    assert seen.again(np.arange(990, 1000, dtype=np.uint64).tobytes()) == list(range(10))


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "MOST_KEPT", 4)
    intake = Intake(LAW)
    results: list[list[int]] = []
    for _time in range(2):
        for number in range(6):
            rows = "".join(f"A,havo,2016,vak{number}{code},free,7,7,,\n" for code in "abc")
            (group,) = intake.take(tables(f"{HEAD}\n{rows}")[0]).groups
            results.append(judged(group.batch, intake.law).result.tolist())
    assert results == [[2]] * 12
    assert intake.law is not LAW


# --- TOML ---------------------------------------------------------------------------------------------------


def test_a_sheet_in_toml_is_the_same_as_in_csv(tmp_path: Path) -> None:
    file = tmp_path / "noor.toml"
    file.write_text(
        'level = "havo"\nexam = 2016\n[[subject]]\nsubject = "netl"\nrole = "common"\nse = 7\nce = 6.5\n'
        '[[subject]]\nsubject = "lo"\nrole = "rated"\nrating = "g"\n',
        "utf-8",
    )
    one = Intake(LAW).take(read_toml(file))
    other = taken(f'{HEAD}\nnoor,HAVO,2016,NETL, Common ,7.0,"6,5",,\nnoor,havo,2016,lo,rated,,,,G\n')
    for got in (one, other):
        assert got.problems == []
        assert got.names == ("noor",)
    (first,), (second,) = one.groups, other.groups
    assert first.batch.layout == second.batch.layout
    for name in NUMBERS:
        assert np.array_equal(first.batch.numbers.get(name, 0), second.batch.numbers.get(name, 0))
    assert first.batch.ratings is not None
    assert np.array_equal(first.batch.ratings, second.batch.ratings)


@given(st.text(st.sampled_from("abe[]=\"\n1.7-'#{}sjuct "), max_size=150))
def test_any_toml_is_a_sheet_or_problems(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("toml") / "sheet.toml"
    file.write_text(f'level = "havo"\nexam = 2016\n[[subject]]\nsubject = "netl"\n{text}', "utf-8")
    try:
        Intake(LAW).take(read_toml(file))
    except Problems as error:
        assert error.problems  # noqa: PT017


@pytest.mark.parametrize(
    "value", ["1e99999999999", "1e-5000", "9" * 4000, "nan", "true", "[7]", "2016-01-01", "0x7", "7.55"]
)
def test_a_number_that_is_no_mark(tmp_path: Path, value: str) -> None:
    file = tmp_path / "sheet.toml"
    file.write_text(
        f'level = "havo"\nexam = 2016\n[[subject]]\nsubject = "netl"\nrole = "common"\nse = 6\nce = {value}\n', "utf-8"
    )
    try:
        problems = Intake(LAW).take(read_toml(file)).problems
    except Problems as error:
        problems = list(error.problems)
    assert value == "0x7" or [problem.place.line for problem in problems if problem.place] == [7]
