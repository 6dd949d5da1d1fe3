"""The settings: read, checked, written; what is wrong is located and counts as not given."""

from __future__ import annotations

from pathlib import Path

import pytest

from trajectsim import cli, settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = settings.file()
    path.parent.mkdir()
    return path


def test_the_file_is_where_the_system_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from platformdirs import user_config_path

    for home in (str(tmp_path), "", None):
        if home is None:
            monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
        else:
            monkeypatch.setenv("XDG_CONFIG_HOME", home)
        assert settings.file() == user_config_path(settings.APP, appauthor=False) / settings.FILE


def test_without_a_file_everything_is_as_in_the_table(file: Path) -> None:
    values, problems = settings.read()
    assert problems == ()
    assert values == {key: default for key, (default, _about, _wrong) in settings.TABLE.items()}
    assert settings.language() == ""


def test_what_is_written_to_begin_with_says_what_is_so_without_it(file: Path) -> None:
    before = settings.read()[0]
    assert cli.execute(["config", "--init"]) == 0
    assert settings.read() == (before, ())
    assert cli.execute(["config", "--init"]) == 2


def test_what_is_wrong_is_located_and_counts_as_not_given(file: Path, tmp_path: Path) -> None:
    file.write_text('langage = "nl"\ntheme = "drak"\nautosave = 1\nfolder = "/no/such/folder"\n')
    values, problems = settings.read()
    assert [(p.code, p.place and p.place.line) for p in problems] == [
        ("S101", 1), ("S103", 2), ("S103", 3), ("S103", 4)
    ]  # fmt: skip
    assert 'did you mean "language"?' in problems[0].hint
    assert values.theme == "dark"
    assert values.autosave is True
    assert values.folder is None


@pytest.mark.parametrize("text", ["=", 'language = "nl', "language = 3", 'language = "fr"', "\x00", "a=" + "[" * 5000])
def test_a_file_that_is_no_use_breaks_nothing(file: Path, text: str) -> None:
    file.write_text(text)
    assert settings.language() == ""
    assert settings.read()[1]
    assert cli.execute(["config"]) == 2
    assert cli.execute(["--version"]) == 0


def test_the_language_holds_for_every_command_and_an_option_goes_before_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('language = "nl"\n')
    assert cli.execute(["config"]) == 0
    assert "de taal" in capsys.readouterr().out
    assert cli.execute(["config", "--lang", "en"]) == 0
    assert "the language" in capsys.readouterr().out


def test_path_and_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["config", "--path"]) == 0
    assert capsys.readouterr().out == f"{file}\n"
    assert cli.execute(["config", "--format", "json"]) == 0
    assert '"value": "dark"' in capsys.readouterr().out


def test_a_home_of_nobody_is_no_folder(file: Path) -> None:
    file.write_text('folder = "~nobody-of-this-name/x"\n')
    values, problems = settings.read()
    assert values.folder is None
    assert [problem.at for problem in problems] == [("folder",)]


def test_without_any_home_there_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    assert settings.read()[1] == ()
