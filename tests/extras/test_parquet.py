"""A Parquet file is judged as the CSV with the same table; its problems are named by row and column."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from trajectsim import cli
from trajectsim.exam import parquet as ours
from trajectsim.exam.parquet import ArrowRows, read_parquet

HEAD = ("candidate", "level", "exam", "subject", "role", "se", "ce", "resit", "rating")
HAVO = (
    ("netl", "common", 6.4, 5.9), ("entl", "common", 7.1, 6.6), ("maat", "part", 7, None), ("ckv", "part", 6, None),
    ("pws", "part", 8, None), ("lo", "rated", None, None), ("wisa", "profile", 6.0, 5.5), ("econ", "profile", 7, 7),
    ("gs", "profile", 6.5, 6), ("ak", "profile", 6, 6), ("fatl", "free", 6.2, 7), ("rek", "rekentoets", 6, None),
)  # fmt: skip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process: exit code, stdout, stderr."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = cli.execute([*map(str, arguments), "--lang", "en"])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def sheet(name: Any, **marks: float) -> list[tuple[Any, ...]]:
    """The rows of a whole sheet, with other school exam marks for some subjects."""
    return [
        (name, "havo", 2019, code, role, marks.get(code, se), ce, None, "V" if role == "rated" else None)
        for code, role, se, ce in HAVO
    ]


def table(rows: Sequence[tuple[Any, ...]], types: Mapping[str, Any] | None = None) -> Any:
    columns = dict(zip(HEAD, zip(*rows, strict=True), strict=True))
    given_types = {"resit": arrow.float64(), **(types or {})}
    return arrow.table({name: arrow.array(column, given_types.get(name)) for name, column in columns.items()})


def stored(folder: Path, rows: Sequence[tuple[Any, ...]], types: Mapping[str, Any] | None = None) -> Path:
    parquet.write_table(table(rows, types), folder / "klas.parquet")
    return folder / "klas.parquet"


def written(folder: Path, rows: Sequence[tuple[Any, ...]]) -> Path:
    lines = (",".join("" if value is None else str(value) for value in row) for row in rows)
    (folder / "klas.csv").write_text("\n".join([",".join(HEAD), *lines]) + "\n", "utf-8")
    return folder / "klas.csv"


CLASS = [row for n in range(40) for row in sheet(f"K{n:02}", netl=4.5 + n / 10, econ=1 + n % 9)]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("form", ["jsonl", "csv", "text"])
def test_it_is_judged_as_the_csv_is(run: Run, tmp_path: Path, form: str, jobs: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(ours, "AT_ONCE", 50)  # several chunks, and candidates across them
    options = ("--format", form, "--jobs", jobs)
    code, out, _err = run("verdict", stored(tmp_path, CLASS), *options)
    assert code == 0
    assert out == run("verdict", written(tmp_path, CLASS), *options)[1]
    assert out.count("K3") >= 10


@pytest.mark.parametrize(
    "types",
    [
        {"se": arrow.float32(), "ce": arrow.float32(), "exam": arrow.float64()},
        {"se": arrow.decimal128(4, 2), "ce": arrow.decimal128(4, 1)},
        {"candidate": arrow.large_string(), "exam": arrow.int16()},
        {name: arrow.dictionary(arrow.int8(), arrow.string()) for name in ("level", "subject", "role", "rating")},
    ],
)
def test_marks_and_names_may_be_of_any_type(run: Run, tmp_path: Path, types: dict[str, Any]) -> None:
    rows = sheet("A")
    wanted = run("verdict", written(tmp_path, rows), "--format", "jsonl")
    if arrow.types.is_decimal(types.get("se", arrow.null())):
        rows = [(*row[:5], *(value and Decimal(str(value)) for value in row[5:7]), *row[7:]) for row in rows]
    found = run("verdict", stored(tmp_path, rows, types), "--format", "jsonl")
    assert found[:2] == wanted[:2]


def test_candidates_may_be_numbers_and_text_may_have_blanks(run: Run, tmp_path: Path) -> None:
    code, out, _err = run("verdict", stored(tmp_path, sheet(123456)), "--format", "csv")
    assert (code, out.splitlines()[1].split(",")[0]) == (0, "123456")
    blanks = [(f"A{' ' * (n % 2)}", " havo", *row[2:]) for n, row in enumerate(sheet("A"))]
    code, out, _err = run("verdict", stored(tmp_path, blanks), "--format", "csv")
    assert (code, len(out.splitlines())) == (0, 2)


def test_a_problem_is_named_by_row_and_column_and_the_others_are_judged(run: Run, tmp_path: Path) -> None:
    rows = [*sheet("A"), *sheet("B", netl=10.1, entl=5.55), *sheet("C")]
    file = stored(tmp_path, rows)
    code, out, err = run("verdict", file, "--format", "jsonl")
    assert code == 0
    assert [json.loads(line)["candidate"] for line in out.splitlines()] == ["A", "C"]
    assert f'{file}:13:6 error E125: "B", column se: "10.1" is no mark' in err
    assert f'{file}:14:6 error E125: "B", column se: "5.55" is no mark' in err
    assert run("verdict", file, "--strict")[0] == 2


def test_a_candidate_who_comes_back_is_judged_once(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(ours, "AT_ONCE", 12)
    _code, out, err = run("verdict", stored(tmp_path, [*sheet("A"), *sheet("B"), *sheet("A")]), "--format", "csv")
    assert "E111" in err
    assert len(out.splitlines()) == 3


def test_a_file_that_cannot_be_used(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.parquet"
    file.write_bytes(b"candidate,level\n")
    cases = {
        "cannot be read": None,
        "no candidate": table(sheet("A"))[:0],
        '"role" is missing': table(sheet("A")).drop(["role"]),
    }
    cases["neither text nor numbers"] = table(sheet("A")).set_column(5, "se", arrow.array([[6.0]] * len(HAVO)))
    for message, content in cases.items():
        if content is not None:
            parquet.write_table(content, file)
        code, _out, err = run("verdict", file)
        assert (code, message in err, "Traceback" in err) == (2, True, False), err
    assert "there is no such file" in run("verdict", tmp_path / "none.parquet")[2]


def test_without_pyarrow_it_is_said_what_to_do(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    def absent(name: str) -> Any:
        raise ImportError(name)

    file = stored(tmp_path, sheet("A"))
    monkeypatch.setattr(ours, "import_module", absent)
    code, _out, err = run("verdict", file)
    assert code == 2
    assert "trajectsim[table]" in err


def test_needed_reads_it_too(run: Run, tmp_path: Path) -> None:
    rows = [row if row[3] != "netl" else (*row[:6], None, *row[7:]) for row in sheet("A")]
    found = run("needed", stored(tmp_path, rows), "--format", "json")
    assert found[:2] == run("needed", written(tmp_path, rows), "--format", "json")[:2]


@settings(max_examples=40)
@given(names=st.lists(st.sampled_from(["A", "B", "C "]), min_size=1, max_size=60), size=st.integers(1, 20))
def test_a_candidate_is_never_cut(names: list[str], size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = [(name, "havo", 2019, f"s{n}", "free", 6.0, None, None, None) for n, name in enumerate(names)]
    file = str(stored(tmp_path_factory.mktemp("cut"), rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ours, "AT_ONCE", size)
        chunks = list(read_parquet(file))
    texts = [ArrowRows(chunk).texts("candidate", range(ArrowRows(chunk).size)) for chunk in chunks]
    assert [name for part in texts for name in part] == [name.strip() for name in names]
    assert all(one[-1] != other[0] for one, other in pairwise(texts))
    assert [chunk.line for chunk in chunks] == [1 + sum(map(len, texts[:n])) for n in range(len(chunks))]
