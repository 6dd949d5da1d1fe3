"""Marks being typed: what the keys do to them."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_exams import NAMES, blank, filled, listed, row_of, typed

from trajectsim import words
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.examdesk import Exam, Work
from trajectsim.tui.examkeys import idle, press
from trajectsim.tui.examsheet import RATING

LAW = Lawbook.load()


def mark_of(exam: Exam, code: str, column: str) -> int:
    return exam.sheet.entries[row_of(exam, code)].number(column)


@pytest.mark.parametrize(
    ("text", "tenths"), [("7.5", 75), ("7,5", 75), ("7", 70), ("10", 100), ("7,", 70), ("1,0", 10)]
)
def test_a_mark_is_typed_with_a_point_or_a_comma(law: Lawbook, text: str, tenths: int) -> None:
    exam = typed(blank(law), text)
    assert mark_of(exam, "netl", "se") == tenths
    assert not exam.wrong
    assert exam.typed == text


@pytest.mark.parametrize("text", ["0", "0.9", "10.1", "11", "5.55", "7..5", ",", "100"])
def test_what_is_no_mark_stays_in_its_cell_and_counts_as_nothing(law: Lawbook, text: str) -> None:
    exam = typed(blank(law), text)
    assert exam.typed == text
    assert f"“{text}” is no mark: 1 to 10, at most one decimal" in exam.wrong
    assert mark_of(exam, "netl", "se") == 0
    for key in ("down", "enter", "tab", "pagedown", "x", "ctrl+y"):
        assert typed(exam, key).cursor == exam.cursor
        assert typed(exam, key).typed == text
    taken_back = typed(exam, "escape")
    assert not taken_back.typed
    assert taken_back.sheet == blank(law).sheet


def test_words_are_said_to_be_no_marks(law: Lawbook) -> None:
    assert typed(blank(law), "v").said == "type a mark such as 6.5"
    words.use("nl")
    assert "6,5" in typed(blank(law), "v").said


def test_a_rating_takes_its_letters_alone(law: Lawbook) -> None:
    exam = blank(law)
    exam = exam.at(row_of(exam, "lo"), 0)
    assert exam.column == RATING
    assert typed(exam, "g").sheet.entries[row_of(exam, "lo")].rating == "G"
    assert typed(exam, "o").sheet.entries[row_of(exam, "lo")].rating == "O"
    seven = typed(exam, "7")
    assert seven.sheet == exam.sheet
    assert "O, V or G" in seven.said


def test_enter_goes_down_a_column_and_then_to_the_top_of_the_next(law: Lawbook) -> None:
    exam = blank(law)
    rows = [row for row, columns in enumerate(exam.cells) if columns[0]]
    seen = [exam.cursor]
    for _row in rows:
        exam = typed(exam, "enter")
        seen.append(exam.cursor)
    assert seen[:-1] == [(row, 0) for row in rows]
    assert seen[-1] == (row_of(exam, "netl"), 1)


def test_cells_that_are_not_there_are_passed_over(law: Lawbook) -> None:
    exam = blank(law)
    alone = row_of(exam, "maat")  # no central exam; the subjects above it have one
    assert exam.cells[alone] == ("se", "", "")
    assert exam.at(alone, 1).cursor == exam.cursor
    assert typed(exam.at(alone - 1, 1), "down").cursor == (alone - 1, 1)
    assert typed(exam.at(alone, 0), "right").cursor == (alone, 0)
    assert typed(exam.at(alone - 1, 2), "tab").cursor == (alone, 0)


def test_typing_over_a_mark_replaces_it_and_undo_brings_it_back(law: Lawbook) -> None:
    exam = typed(blank(law), "6.5", "enter")
    again = typed(exam, "up", "7")
    assert mark_of(exam, "netl", "se") == 65
    assert mark_of(again, "netl", "se") == 70
    back = typed(again, "u")
    assert mark_of(back, "netl", "se") == 65
    assert mark_of(typed(back, "u"), "netl", "se") == 0
    assert mark_of(typed(back, "u", "ctrl+y", "ctrl+y"), "netl", "se") == 70


def test_backspace_takes_a_character_and_delete_the_mark(law: Lawbook) -> None:
    exam = typed(blank(law), "6.5")
    assert typed(exam, "backspace").typed == "6."
    assert mark_of(typed(exam, "backspace", "backspace"), "netl", "se") == 60
    assert mark_of(typed(exam, "delete"), "netl", "se") == 0
    nothing = typed(exam, "backspace", "backspace", "backspace")
    assert not nothing.past  # a change that changes nothing is none
    assert mark_of(typed(exam, "enter", "up", "delete"), "netl", "se") == 0


def test_a_subject_is_added_with_the_role_it_usually_has(law: Lawbook) -> None:
    exam = blank(law, profile="nt")
    more = exam.add("econ")
    assert more.sheet.entries[row_of(more, "econ")].role == "free"
    assert more.column
    assert more.entry is not None
    assert more.entry.code == "econ"
    assert "r gives it another role" in more.said
    assert more.add("econ").sheet == more.sheet
    assert "on the list already" in more.add("econ").said
    assert typed(more, "x").sheet == exam.sheet


def test_the_last_subject_can_go_and_one_can_come_again(law: Lawbook) -> None:
    exam = blank(law)
    for _entry in exam.sheet.entries:
        exam = typed(exam, "x")
    assert exam.sheet.entries == ()
    assert exam.entry is None
    assert "a adds one" in typed(exam, "6").said
    for key in ("up", "down", "left", "right", "enter", "tab", "home", "end", "backspace", "delete", "x"):
        assert typed(exam, key).sheet.entries == ()
    assert {"screen.subject", "screen.press('x')"} <= set(idle(exam))
    assert [entry.code for entry in exam.add("netl").sheet.entries] == ["netl"]


def test_another_exam_keeps_the_marks_of_the_subjects_that_stay(law: Lawbook) -> None:
    exam = filled(blank(law, "havo", 2026, "em"), 65, 60)
    other = exam.into("havo", 2025, "cm")
    assert other.sheet.exam == 2026
    assert mark_of(other, "netl", "ce") == 60
    assert "maths A and business economics" in other.said
    assert mark_of(typed(other, "u"), "beco", "se") == 65


def test_marks_that_another_year_does_not_have_are_kept_and_come_back(law: Lawbook) -> None:
    exam = filled(blank(law, "havo", 2026, "em"), 65, 60)
    corona = exam.into("havo", 2019, "em")
    assert corona.sheet.exam == 2020
    assert corona.cells[row_of(corona, "netl")] == ("se", "", "rv")
    assert mark_of(corona, "netl", "ce") == 60
    back = corona.into("havo", 2025, "em")
    assert back.cells[row_of(back, "netl")] == ("se", "ce", "resit")
    assert mark_of(back, "netl", "ce") == 60


def test_pages_turn_and_stop_at_the_ends(law: Lawbook) -> None:
    exam = Exam.of(law, Work((listed(law, name="Ann"), listed(law, name="Bo"))))
    assert typed(exam, "]").sheet.name == "Bo"
    assert typed(exam, "]", "]").said == "there are no more candidates"
    assert typed(exam, "]", "[", "[").sheet.name == "Ann"
    assert typed(blank(law), "]").said == "there is one candidate"


def test_what_is_typed_of_one_candidate_leaves_the_others(law: Lawbook) -> None:
    exam = Exam.of(law, Work((listed(law, name="Ann"), listed(law, name="Bo"))))
    both = typed(exam, "6", "]", "7", "enter")
    assert [sheet.entries[0].se for sheet in both.work.sheets] == [60, 70]


def test_a_column_is_pasted_downwards(law: Lawbook) -> None:
    exam = blank(law).paste("6,5\n7\n8.1")
    assert [entry.se for entry in exam.sheet.entries[:4]] == [65, 70, 81, 0]
    assert exam.said == "3 marks pasted"
    assert typed(exam, "u").sheet == blank(law).sheet


def test_rows_are_pasted_with_tabs_or_semicolons_and_what_is_no_mark_is_told(law: Lawbook) -> None:
    exam = blank(law).paste("6,5\t7,0\nzes;7.1")
    assert (exam.sheet.entries[0].se, exam.sheet.entries[0].ce) == (65, 70)
    assert (exam.sheet.entries[1].se, exam.sheet.entries[1].ce) == (0, 71)
    assert exam.said == "3 marks pasted; not used: “zes”"


def test_more_lines_than_subjects_are_told(law: Lawbook) -> None:
    lines = ["6"] * (len(blank(law).sheet.entries) + 2)
    assert "not used" in blank(law).paste("\n".join(lines)).said


def test_a_role_a_level_and_a_year_are_given(law: Lawbook) -> None:
    exam = blank(law).at(0, 0)
    other = exam.counting_as("free", "vwo", 2024)
    entry = other.entry
    assert entry is not None
    assert (entry.code, entry.role, entry.at, entry.sat) == ("netl", "free", "vwo", 2024)
    assert typed(other, "u").sheet == exam.sheet


def test_what_is_not_saved_is_known(law: Lawbook) -> None:
    exam = blank(law)
    assert not exam.unsaved
    six = typed(exam, "6")
    assert six.unsaved
    assert not typed(six, "u").unsaved
    over = six.opened(Work((listed(law, name="Bo"),), file="other.csv"))
    assert over.unsaved  # undo still has what was typed before
    assert not six.saved("mine.csv").unsaved
    assert typed(six.saved("mine.csv"), "7").unsaved


KEYS = st.sampled_from(
    (
        *"0123456789.,vgo[]ux",
        *("up", "down", "left", "right", "enter", "tab", "shift+tab", "home", "end", "backspace"),
        *("delete", "pageup", "pagedown", "escape", "ctrl+y", "ctrl+z"),
    )
)


@given(st.lists(KEYS, max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_keys_leave_a_cell_under_the_cursor_and_marks_that_are_marks(keys: list[str]) -> None:
    exam = Exam.of(LAW, Work((listed(LAW, name="Ann"), listed(LAW, profile="nt", name="Bo"))))
    for key in keys:
        before = exam
        exam = press(exam, NAMES.get(key, key), key if len(key) == 1 else None) or exam
        row, slot = exam.cursor
        assert not exam.sheet.entries or exam.cells[row][slot]
        assert len(exam.past) <= len(before.past) + 1
        for entry in (entry for sheet in exam.work.sheets for entry in sheet.entries):
            assert all(10 <= value <= 100 for value in entry.marks.values() if isinstance(value, int))
        if exam.wrong:
            assert exam.column not in exam.sheet.entries[row].marks


@given(st.lists(KEYS, max_size=40))
@settings(max_examples=60, deadline=None)
def test_undo_to_the_end_brings_back_the_beginning_and_redo_the_end(keys: list[str]) -> None:
    start = Exam.of(LAW, Work((listed(LAW, name="Ann"), listed(LAW, profile="nt", name="Bo"))))
    exam = start
    for key in keys:
        exam = press(exam, NAMES.get(key, key), key if len(key) == 1 else None) or exam
    end = exam.cancel().done()
    back = end
    while back.past:
        back = back.undo()
    assert back.work.sheets == start.work.sheets
    while back.future:
        back = back.redo()
    ahead = evolve(end, future=())
    assert len(ahead.past) <= len(back.past)
    while end.future:
        end = end.redo()
    assert back.work.sheets == end.work.sheets
