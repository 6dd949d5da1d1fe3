"""The rows of the law that are kept are those of the text as it is, whatever stands where they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import fields

from trajectsim.law import keeping
from trajectsim.law.keeping import kept_in, kept_rows
from trajectsim.law.lawbook import Draft, Lawbook
from trajectsim.law.loading import LawText, Memo, shipped


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "user_cache_path", lambda name: tmp_path / "cache" / name)


@pytest.fixture(scope="module")
def rows() -> LawText:
    return Draft.of(*shipped()).loaded.rows


def test_what_is_kept_comes_back_and_is_not_made_again(rows: LawText) -> None:
    assert kept_rows(lambda: rows) == rows
    assert kept_rows(lambda: pytest.fail("made again")) == rows


@pytest.mark.parametrize("content", [b"", b"nothing", b"\x80\x05N.", b"\x80\x05cos\nsystem_\n."])
def test_what_cannot_be_read_is_made_again(content: bytes, rows: LawText) -> None:
    kept_rows(lambda: rows)
    kept_in().write_bytes(content)
    assert kept_rows(lambda: rows) == rows
    assert kept_rows(lambda: pytest.fail("not mended")) == rows


def test_where_nothing_can_be_written_the_law_is_read_each_time(tmp_path: Path, rows: LawText) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert kept_rows(lambda: rows) == rows


def test_another_text_is_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept_in()
    (tmp_path / "law" / "data").mkdir(parents=True)
    monkeypatch.setattr(keeping, "PACKAGE", tmp_path)
    names = {before, kept_in()}
    for text in ("a = 1", "a = 2"):
        (tmp_path / "law" / "data" / "x.toml").write_text(text)
        names.add(kept_in())
    assert len(names) == 4


def test_no_more_than_some_are_kept(rows: LawText) -> None:
    folder = kept_in().parent
    folder.mkdir(parents=True)
    for n in range(12):
        (folder / f"law-{n}.rows").write_bytes(b"")
    kept_rows(lambda: rows)
    assert len(list(folder.glob("*.rows"))) == keeping.MOST
    assert kept_rows(lambda: pytest.fail("taken away")) == rows


def test_the_law_that_is_loaded_is_the_law_that_was_checked(law: Lawbook) -> None:
    checked = Lawbook.of(*shipped())
    for name in (field.name for field in fields(Lawbook) if not field.name.startswith("_")):
        assert getattr(law, name) == getattr(checked, name), name


def test_of_a_law_like_another_only_the_row_that_differs_is_structured(rows: LawText) -> None:
    documents, _texts = shipped()
    memo = Memo.of(documents)
    same = Draft.of(documents, memo=memo).loaded
    assert same.rows == rows
    assert same.origins == Draft.of(documents).loaded.origins
    practices = documents["practices.toml"]["practice"]
    changed = {**documents, "practices.toml": {"practice": [{**practices[0], "default": "never"}, *practices[1:]]}}
    found = Draft.of(changed, memo=memo).loaded.rows
    assert found.practice[0].default == "never"
    assert found.practice[1:] == rows.practice[1:]
    assert all(one is other for one, other in zip(found.practice[1:], same.rows.practice[1:], strict=True))
    assert all(one is other for one, other in zip(found.move, same.rows.move, strict=True))
