"""Where the marks on the exam screen come from and go to: files, the clipboard, a walk."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_exams import blank, filled, listed, typed

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.cli import execute
from trajectsim.errors import Problems
from trajectsim.exam.intake import Intake
from trajectsim.exam.judging import judged
from trajectsim.exam.table import read_chunks, rows_of
from trajectsim.exam.verdicts import SheetVerdict
from trajectsim.law.exams import RATINGS
from trajectsim.law.lawbook import CALENDAR, Lawbook
from trajectsim.path.plan import Switch
from trajectsim.report.exam import verdict_of
from trajectsim.scenario.run import play_file
from trajectsim.tui import examsource
from trajectsim.tui.examdesk import Exam, Work
from trajectsim.tui.examkeys import idle
from trajectsim.tui.examlines import look_ahead
from trajectsim.tui.examsheet import RATING, Sheet, cells
from trajectsim.tui.examsource import is_table, of_walk, open_file, open_text, save, table
from trajectsim.tui.examview import show
from trajectsim.tui.viewmodel import replay

ROOT = Path(__file__).parents[2]
CLASS = ROOT / "scenarios" / "exams" / "havo-2026.csv"
LAW = Lawbook.load()

HEAD = "candidate,level,exam,subject,role,se,ce,resit,rating,profile\n"
WRONG = HEAD + "Zoë,havo,2026,netl,common,10.1,vijf,,,\n"


def verdicts(file: Path, law: Lawbook) -> dict[str, SheetVerdict]:
    """What the command verdict says of the candidates of a file."""
    with file.open("rb") as stream:
        found: dict[str, SheetVerdict] = {}
        for chunk in read_chunks(stream, str(file)):
            for group in Intake(law).take(rows_of(chunk)).groups:
                batch = judged(group.batch, law)
                found |= {name: verdict_of(batch, group, law, n) for n, name in enumerate(group.names)}
        return found


@pytest.mark.parametrize("file", sorted((ROOT / "scenarios" / "exams").glob("*.csv")), ids=lambda file: file.stem)
def test_a_class_has_the_verdicts_of_the_command(law: Lawbook, file: Path) -> None:
    exam = open_file(file, law).on(None, law)
    wanted = verdicts(file, law)
    assert [sheet.name for sheet in exam.work.sheets] == list(wanted)
    signs = {"passed": "✓", "failed": "✗", "incomplete": "?"}
    for index, (name, verdict) in enumerate(wanted.items()):
        view = show(exam.page(index))
        assert view.who.startswith(name)
        assert view.result.startswith(signs[verdict.result])
        assert ("★" in view.result) == verdict.cum_laude
        assert {row.code: row.final.strip("()") for row in view.rows if row.final} == {
            code: str(mark) for code, mark in verdict.final.items()
        }


def test_a_candidate_with_a_problem_is_told_and_the_others_are_there(law: Lawbook) -> None:
    opened = open_text(CLASS.read_text("utf-8") + WRONG.partition("\n")[2], law)
    assert len(opened.work.sheets) == 4
    assert (opened.refused, opened.work.partial) == (1, True)
    assert opened.said == (
        "4 candidates from what was pasted; [ and ] page through them; 1 more has a problem, told above the verdict"
    )
    first = show(opened.on(None, law)).verdict[0]
    assert first.text == "2 problems in what was pasted"
    assert "10.1" in first.children[0].text


def test_a_file_of_which_nothing_can_be_used_is_no_exam(law: Lawbook, tmp_path: Path) -> None:
    for name, text in (("wrong.csv", WRONG), ("empty.csv", ""), ("head.csv", HEAD), ("no.csv", "a,b\n1,2\n")):
        file = tmp_path / name
        file.write_text(text, "utf-8")
        with pytest.raises(Problems):
            open_file(file, law)
    with pytest.raises(Problems, match="E101"):
        open_file(tmp_path / "none.csv", law)


def test_a_long_file_is_paged_in_part_and_says_so(law: Lawbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examsource, "MOST", 3)
    opened = open_file(CLASS, law)
    assert len(opened.work.sheets) == 3
    assert opened.work.partial
    assert "the file has more" in opened.said
    monkeypatch.setattr(examsource, "MOST", 4)
    assert not open_file(CLASS, law).work.partial


def test_a_sheet_as_toml_opens_too(law: Lawbook, tmp_path: Path) -> None:
    file = tmp_path / "mees.toml"
    file.write_text('level = "havo"\nexam = 2026\n[[subject]]\nsubject = "netl"\nrole = "common"\nse = 7.5\n', "utf-8")
    exam = open_file(file, law).on(None, law)
    assert (exam.sheet.name, exam.sheet.entries[0].se) == ("mees", 75)


def test_a_table_is_told_from_marks() -> None:
    assert is_table("\ufeffcandidate;level;exam;subject;role;se;ce;resit;rating\n")
    assert not is_table("6,5\n7,0")
    assert not is_table("")


def test_opening_puts_what_was_there_behind_undo(law: Lawbook) -> None:
    exam = typed(blank(law), "6")
    opened = open_file(CLASS, law).on(exam, law)
    assert opened.sheet.name == "Anouk"
    assert opened.undo().sheet == exam.sheet


# --- saving


def reopened(sheets: tuple[Sheet, ...], law: Lawbook) -> tuple[Sheet, ...]:
    return open_text(table(sheets, law, CALENDAR), law).work.sheets


def test_a_class_that_is_saved_and_opened_is_the_same(law: Lawbook, tmp_path: Path) -> None:
    for file in (ROOT / "scenarios" / "exams").glob("*.csv"):
        exam = open_file(file, law).on(None, law)
        saved = save(exam, tmp_path / file.name)
        assert not saved.unsaved
        assert saved.said.startswith(f"{len(exam.work.sheets)} candidate")
        assert open_file(tmp_path / file.name, law).work.sheets == exam.work.sheets


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_marks_that_are_saved_and_opened_are_the_same(data: st.DataObject) -> None:
    profile = data.draw(st.sampled_from(("em", "nt", "cm", "ng")))
    level, exam = data.draw(st.sampled_from((("havo", 2026), ("vwo", 2015), ("vwo", 2021), ("havo", 2020))))
    sheet = listed(LAW, level, exam, profile, "Ann")
    for row, columns in enumerate(cells(sheet, LAW, CALENDAR)):
        for column in columns[:2]:
            values = st.sampled_from(RATINGS) if column == RATING else st.just(0) | st.integers(10, 100)
            if column:
                sheet = sheet.with_entry(row, sheet.entries[row].filled(column, data.draw(values)))
    assert reopened((sheet,), LAW) == (sheet,)


def test_marks_that_are_none_of_the_exam_are_not_in_the_file(law: Lawbook) -> None:
    exam = filled(blank(law), 60, 60).into("havo", 2019, "em")
    (sheet,) = reopened(exam.work.sheets, law)
    assert {entry.ce for entry in sheet.entries} == {0}
    assert {entry.se for entry in sheet.entries} == {0, 60}


def test_a_candidate_without_a_name_gets_a_number(law: Lawbook) -> None:
    assert [sheet.name for sheet in reopened((listed(law),), law)] == ["1"]


def test_a_file_is_not_replaced_by_less_than_it_holds(law: Lawbook, tmp_path: Path) -> None:
    file = tmp_path / "class.csv"
    text = CLASS.read_text("utf-8") + WRONG.partition("\n")[2]
    file.write_text(text, "utf-8")
    exam = open_file(file, law).on(None, law)
    with pytest.raises(Problems, match="would be lost"):
        save(exam, file)
    assert file.read_text("utf-8") == text
    other = save(exam, tmp_path / "other.csv")
    assert not other.work.partial
    assert save(other, tmp_path / "other.csv").said.startswith("4 candidates saved")


def test_what_cannot_be_written_is_told(law: Lawbook, tmp_path: Path) -> None:
    with pytest.raises(Problems, match="cannot be written"):
        save(filled(blank(law), 60), tmp_path / "none" / "class.csv")
    with pytest.raises(Problems, match="saved as a table"):
        save(filled(blank(law), 60), tmp_path / "class.toml")
    assert not list(tmp_path.iterdir())
    assert "screen.save" in idle(blank(law))
    assert "screen.save" not in idle(filled(blank(law), 60))


# --- the exam of a walk


def test_the_exam_of_a_walk_is_the_one_that_was_judged(law: Lawbook) -> None:
    played = play_file(ROOT / "scenarios" / "paths" / "sara.toml", law)
    for year in (SchoolYear(2012), SchoolYear(2023), SchoolYear(2026)):
        exam = of_walk(played.walk, year, law)
        assert (exam.sheet.level, exam.sheet.exam, exam.sheet.name) == ("vwo", 2024, "Sara")
        assert show(exam).result == "✓ Passed ★ cum laude"
        assert not exam.unsaved


def test_cum_laude_that_the_path_turns_off_is_off(law: Lawbook) -> None:
    plan = play_file(ROOT / "scenarios" / "paths" / "sara.toml", law).walk.plan
    walk = replay(evolve(plan, measures={**plan.measures, "cum-laude": Switch(False)}), law).walk
    exam = of_walk(walk, SchoolYear(2023), law)
    assert show(exam).result == "✓ Passed"
    assert look_ahead(exam).laude is None


def test_a_walk_without_marks_has_the_usual_list(law: Lawbook) -> None:
    played = play_file(ROOT / "scenarios" / "paths" / "nominal-havo-hbo.toml", law)
    exam = of_walk(played.walk, SchoolYear(2013), law)
    assert (exam.sheet.level, exam.sheet.exam) == ("havo", 2021)
    assert exam.sheet.entries
    assert show(exam).open
    assert "no profile" in exam.said


def test_a_walk_without_an_exam_has_a_list_to_choose_from(law: Lawbook) -> None:
    plan = play_file(ROOT / "scenarios" / "paths" / "sara.toml", law).walk.plan
    walk = replay(evolve(plan, choices=(), results=()), law).walk
    before = evolve(walk, steps=walk.steps[:4])
    exam = of_walk(before, SchoolYear(2013), law)
    assert "no exam on this path" in exam.said
    assert exam.sheet.entries


@pytest.mark.parametrize("file", sorted((ROOT / "scenarios" / "paths").glob("*.toml")), ids=lambda file: file.stem)
def test_every_scenario_has_an_exam_to_show(law: Lawbook, file: Path) -> None:
    walk = play_file(file, law).walk
    exams = {step: of_walk(walk, step.state.year, law) for step in walk.steps}
    for exam in {exam.sheet.exam: exam for exam in exams.values()}.values():
        assert len(show(exam, look_ahead(exam)).rows) == len(exam.sheet.entries)
    for step, exam in exams.items():
        if step.exam is not None:
            assert show(exam).result[0] == {"passed": "✓", "failed": "✗", "incomplete": "?"}[step.exam.result]
            assert exam.sheet.year == step.state.year.start


# --- on the command line


def test_a_class_is_printed_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute([str(CLASS), "--plain", "--lang", "nl"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Anouk · 1/4 · havo · examen 2026 · Economie en maatschappij · havo-2026.csv\n✓ Geslaagd")
    assert out.count("\nUitslag\n") == 4


def test_marks_that_cannot_be_used_are_told_with_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(WRONG, "utf-8")
    assert execute([str(file), "--plain"]) == 2
    assert "wrong.csv:2:27 error E125" in capsys.readouterr().err


def test_a_sheet_in_toml_is_told_from_a_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mees.toml"
    file.write_text('level = "havo"\nexam = 2026\n[[subject]]\nsubject = "netl"\nrole = "common"\nse = 7.5\n', "utf-8")
    assert execute([str(file), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("mees · havo · exam 2026 · mees.toml\n? Not complete yet")
    assert execute([str(ROOT / "scenarios" / "paths" / "sara.toml"), "--plain", "--lang", "nl"]) == 0
    assert "cum laude op 16 (zonder: 18)" in capsys.readouterr().out


def test_the_work_of_a_path_is_in_the_language_that_is_spoken(law: Lawbook) -> None:
    words.use("nl")
    exam = Exam.of(law, Work((listed(law),)))
    assert show(exam).result.startswith("? Nog niet volledig")
