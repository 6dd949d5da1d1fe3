"""``trajectsim report``: files as they are asked for, and nothing lost by it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from trajectsim import cli

ROOT = Path(__file__).parents[2]
SARA = ROOT / "scenarios" / "paths" / "sara.toml"


def run(*arguments: str | Path) -> int:
    return cli.execute([*map(str, arguments), "--lang", "en"])


def test_every_format_goes_into_its_file_and_html_is_what_is_meant_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {name: tmp_path / f"hand-out.{name}" for name in ("html", "md", "svg")}
    formats = [part for name, file in files.items() for part in ("--format", f"{name}={file}")]
    assert run("report", SARA, *formats) == 0
    assert capsys.readouterr() == ("", "")
    assert files["html"].read_text("utf-8").startswith("<!DOCTYPE html>")
    assert files["md"].read_text("utf-8").startswith("# The pupil: groep overgeslagen")
    assert files["svg"].read_text("utf-8").startswith("<svg")
    assert sorted(tmp_path.iterdir()) == sorted(files.values())
    assert run("report", SARA) == 0
    assert capsys.readouterr() == (files["html"].read_text("utf-8"), "")


def test_the_language_is_that_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["report", str(SARA), "--lang", "nl"]) == 0
    assert '<html lang="nl">' in capsys.readouterr().out


def test_on_a_terminal_it_is_told_how_a_page_is_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run("report", SARA) == 0
    assert "--format html=" in capsys.readouterr().err


def test_what_is_wrong_is_told_where_it_is_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(SARA.read_text("utf-8").replace('move = "skip"', 'move = "skp"'), "utf-8")
    before = sorted(tmp_path.iterdir())
    assert run("report", wrong, "--format", f"html={tmp_path / 'page.html'}") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{wrong}:" in err
    assert "S104" in err
    assert "skip" in err
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.toml",), "nowhere.toml"),
        ((SARA, "--format", "pdf"), "pdf"),
        ((SARA, "--format", "html", "--format", "md"), "only one format can go to standard output"),
        ((SARA, "--format", "html=/nowhere/page.html"), "cannot be written"),
        ((ROOT / "scenarios" / "exams" / "havo-2026.csv",), "havo-2026.csv"),
        ((ROOT / "scenarios" / "exams-of-2026.toml",), "there is no pupil who could walk"),
    ],
)
def test_what_cannot_be_used_is_said_and_exits_2(
    arguments: tuple[str | Path, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_the_scenario_itself_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario, link = tmp_path / "mine.toml", tmp_path / "link.html"
    scenario.write_text(SARA.read_text("utf-8"), "utf-8")
    link.symlink_to(scenario)
    for target in (scenario, link):
        assert run("report", scenario, "--format", f"html={target}") == 2
        assert "is what is read here, and would be written over" in capsys.readouterr().err
    assert scenario.read_text("utf-8") == SARA.read_text("utf-8")


def test_an_older_hand_out_is_replaced_in_one_go(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("old", "utf-8")
    assert run("report", SARA, "--format", f"html={page}") == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert stat.S_IMODE(page.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [page]
