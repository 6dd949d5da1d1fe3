"""What a run of a cohort leaves: Parquet as the CSV, pictures that can be read, and nothing lost for want of room."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as Xml
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from trajectsim.cli import execute

SMALL = """title = "Een jaar overslaan"

[cohort]
size = 60
births = [2006]
replications = 6

[[policy]]
id = "none"
measures = { prestatiebox = true }
teaching-time = [{ track = "vo/havo", hours = [1000, 1000, 1000, 1000, 700], extra = [40] }]

[[policy]]
id = "skip"
measures = { skip-year = true, prestatiebox = true }

[[policy.select]]
move = "skip"
at = ["po/4"]
above = 0.5
"""

Run = tuple[int, str, str]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the file and its finished pieces: what is written is made of one run."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "small.toml").write_text(SMALL, "utf-8")
    assert execute(["cohort", str(folder / "small.toml"), "--keep", str(folder / "kept")]) == 0
    return folder


def run(kept: Path, capsys: pytest.CaptureFixture[str], *arguments: object) -> Run:
    told = ["cohort", kept / "small.toml", "--keep", kept / "kept", *arguments, "--lang", "en"]
    code = execute(list(map(str, told)))
    return code, *capsys.readouterr()


def test_parquet_has_the_rows_of_the_csv(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out.parquet"
    code, out, _err = run(kept, capsys, "--format", "csv", "--format", f"parquet={file}")
    assert code == 0
    table = pyarrow.parquet.read_table(file)
    assert table.schema.metadata[b"title"] == b"Een jaar overslaan"
    rows: list[dict[str, Any]] = table.to_pylist()
    for told, row in zip(csv.DictReader(io.StringIO(out)), rows, strict=True):
        assert [told[name] for name in ("world", "policy", "figure", "unit", "evidence")] == [
            row[name] for name in ("world", "policy", "figure", "unit", "evidence")
        ]
        for name in ("median", "low", "high", "difference_median"):
            assert told[name] == ("" if row[name] is None else f"{row[name]:.4f}")
        assert row["low"] <= row["median"] <= row["high"]
        assert min(row["values"]) <= row["median"] <= max(row["values"])
        assert len(row["values"]) <= 6


def test_hours_and_money_are_told_where_a_policy_has_them(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(kept, capsys, "--format", "csv")
    assert code == 0
    rows = {(row["policy"], row["figure"]): row for row in csv.DictReader(io.StringIO(out))}
    assert float(rows["none", "hours.vo"]["median"]) > 0
    assert ("skip", "hours.vo") not in rows
    assert float(rows["none", "money.prestatiebox-po"]["median"]) > 0
    less = rows["skip", "money.prestatiebox-po"]
    assert less["difference_median"] != ""
    assert less["evidence_of_difference"] == "D"


def test_pictures_are_whole_and_the_same_each_time(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        assert run(kept, capsys, "--pictures", tmp_path / name)[0] == 0
    files = sorted((tmp_path / "one").iterdir())
    assert [file.name for file in files] == ["ages.svg", "changed.svg", "differences.svg", "diplomas.svg"]
    for file in files:
        root = Xml.fromstring(file.read_text("utf-8"))
        assert root.tag.endswith("}svg")
        assert "Een jaar overslaan" in file.read_text("utf-8")
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


@pytest.mark.parametrize("format_", ["parquet", "pictures"])
def test_what_is_not_installed_is_said_before_the_run(
    format_: str, kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> Any:
        if name.split(".")[0] in ("pyarrow", "matplotlib"):
            raise ImportError(name)
        return import_module(name)

    monkeypatch.setattr("trajectsim.report.cohort_table.import_module", absent)
    monkeypatch.setattr("trajectsim.report.cohort_pictures.import_module", absent)
    asked = ("--pictures", tmp_path) if format_ == "pictures" else ("--format", f"parquet={tmp_path / 'x'}")
    code, out, err = run(kept, capsys, *asked)
    assert (code, out) == (2, "")
    assert "S302" in err
    assert "pip install" in err
    assert "pieces of work" not in err


def test_no_folder_is_said_before_the_run(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(kept, capsys, "--format", f"csv={tmp_path / 'none' / 'x.csv'}")
    assert (code, out) == (2, "")
    assert "S001" in err
    assert "pieces of work" not in err


def test_no_room_for_a_file_loses_nothing(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are written, and the page goes to standard output."""
    other = tmp_path / "x.csv"
    code, out, err = run(kept, capsys, "--format", "json=/dev/full", "--format", f"csv={other}")
    assert code == 2
    assert "No space left" in err
    assert "60 children" in out
    assert other.read_text("utf-8").startswith("world,policy")


def test_a_parquet_file_is_no_text(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(kept, capsys, "--format", "parquet")
    assert (code, out) == (2, "")
    assert "parquet=FILE" in err
