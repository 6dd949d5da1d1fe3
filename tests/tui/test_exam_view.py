"""What the exam screen prints: grid, verdict, what is needed, what is wrong; as numbers and words, without a screen."""

from __future__ import annotations

import pytest
from attrs import evolve
from typing_exams import blank, filled, listed, marked, row_of, typed

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.exam.verdicts import judge_sheet
from trajectsim.law.lawbook import CALENDAR, Clock, Lawbook
from trajectsim.tui import examsheet
from trajectsim.tui.examdesk import Exam, Work
from trajectsim.tui.examform import ExamForm, SubjectForm, subjects
from trajectsim.tui.examlines import look_ahead
from trajectsim.tui.examplain import pages
from trajectsim.tui.examview import ExamView, Row, show
from trajectsim.tui.yearview import Line


def seen(exam: Exam) -> ExamView:
    """The screen once it is worked out what is needed."""
    return show(exam, look_ahead(exam))


def row(exam: Exam, code: str) -> Row:
    return seen(exam).rows[row_of(exam, code)]


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [each.text for line in lines for each in line.walk()]


def line(lines: tuple[Line, ...], text: str) -> Line:
    return next(each for line in lines for each in line.walk() if each.text.startswith(text))


# --- the grid


def test_the_usual_list_of_every_exam_has_cells_to_fill_in(law: Lawbook) -> None:
    for level in examsheet.levels(law):
        for year in examsheet.years(law):
            for profile in examsheet.profiles(law, level, year):
                exam = blank(law, level, examsheet.exam_of(year), profile)
                view = show(exam)
                assert len(view.rows) == len(exam.sheet.entries) > 0
                assert view.open
                assert not any(line.role == "refused" for line in view.verdict), (level, year, profile)


def test_a_row_tells_subject_role_marks_and_final_mark(law: Lawbook) -> None:
    maths = row(marked(filled(blank(law), 65, 60), "wisa", se=58, ce=51), "wisa")
    assert (maths.label, maths.role) == ("maths A", "profile")
    assert [cell.text for cell in maths.cells] == ["5.8", "5.1", "·"]
    assert maths.final == "5"
    words.use("nl")
    dutch = row(marked(filled(blank(law), 65, 60), "wisa", se=58, ce=51), "wisa")
    assert (dutch.label, [cell.text for cell in dutch.cells]) == ("wiskunde A", ["5,8", "5,1", "·"])


def test_open_cells_wait_and_those_that_do_not_exist_are_struck(law: Lawbook) -> None:
    exam = blank(law)
    assert [cell.text for cell in row(exam, "netl").cells] == ["___", "___", "·"]
    assert [cell.text for cell in row(exam, "maat").cells] == ["___", "–", "–"]
    assert [cell.exists for cell in row(exam, "lo").cells] == [True, False, False]


def test_the_third_cell_is_an_rv_toets_in_2020(law: Lawbook) -> None:
    view = seen(blank(law, "havo", 2020))
    assert view.heads[4] == "RV"
    assert [cell.exists for cell in view.rows[0].cells] == [True, False, True]


def test_the_combination_mark_stands_beneath(law: Lawbook) -> None:
    exam = filled(blank(law), 70, 70)
    assert seen(exam).total == ("Combination mark", "7")
    assert seen(filled(blank(law, "tl", 2026, examsheet.profiles(law, "tl", 2025)[0]), 70, 70)).total is None


def test_a_subject_that_is_left_out_has_its_mark_in_brackets(law: Lawbook) -> None:
    exam = filled(blank(law), 60, 60).add("in")
    exam = marked(exam, "in", se=30)
    view = seen(exam)
    assert view.result == "✓ Passed · not cum laude · left out of the result: computer science"
    assert row(exam, "in").final == "(3)"
    assert not row(exam, "in").counts


# --- the verdict


def test_it_turns_while_it_is_typed(law: Lawbook) -> None:
    exam = marked(filled(blank(law), 60, 60), "netl", ce=0)
    exam = exam.at(row_of(exam, "netl"), 1)
    assert seen(exam).result.startswith("? Not complete yet · 1 subject open · can still pass")
    assert seen(typed(exam, "6")).result.startswith("✓ Passed")
    assert seen(typed(exam, "1")).result.startswith("✗ Failed")
    assert seen(typed(exam, "1", "0")).result.startswith("✓ Passed")
    assert seen(typed(exam, "1", "1")).result.startswith("? Not complete yet")  # 11 is no mark


def test_the_screen_says_what_the_engine_says(law: Lawbook) -> None:
    words_of = {"passed": "✓ Passed", "failed": "✗ Failed", "incomplete": "? Not complete yet"}
    for se in range(40, 80, 7):
        for ce in range(40, 80, 7):
            exam = marked(filled(blank(law, "vwo", 2025, "nt"), se, ce), "nat", ce=38)
            verdict = judge_sheet(exam.sheet.batch(law, exam.clock), law, exam.clock)
            assert seen(exam).result.startswith(words_of[verdict.result])


def test_every_check_has_its_article_folded_or_not(law: Lawbook) -> None:
    view = seen(marked(filled(blank(law), 60, 60), "netl", ce=20))
    checks = [each for each in view.verdict if each.key.startswith("check/")]
    assert len(checks) >= 6
    for check in checks:
        assert "art." in check.aside
        assert [each.role for each in check.children].count("article") == 1
    assert line(view.verdict, "Core subjects").shown
    assert not line(view.verdict, "Complete exam").shown
    assert line(show(filled(blank(law), 60, 60), roomy=True).verdict, "Complete exam").shown


def test_cum_laude(law: Lawbook) -> None:
    assert seen(filled(blank(law), 80, 80)).result == "✓ Passed ★ cum laude"
    assert "laude" in seen(blank(law)).heads
    before = seen(filled(blank(law, "havo", 2015), 80, 80))
    assert before.result == "✓ Passed"
    assert "laude" not in before.heads


def test_what_a_path_does_not_offer_is_not_given(law: Lawbook) -> None:
    exam = filled(blank(law), 80, 80)
    without = evolve(exam, work=evolve(exam.work, offered={"cum_laude_offered": 0}))
    assert seen(without).result == "✓ Passed"
    assert look_ahead(without).laude is None


# --- what is needed


def test_each_open_exam_has_the_least_mark_beside_it(law: Lawbook) -> None:
    exam = marked(filled(blank(law), 60, 60), "netl", se=50, ce=0)
    assert row(exam, "netl").needed == "≥ 4.0"
    passing = typed(exam.at(row_of(exam, "netl"), 1), "4.0")
    assert seen(passing).result.startswith("✓ Passed")
    assert seen(typed(exam.at(row_of(exam, "netl"), 1), "3.9")).result.startswith("✗ Failed")


def test_for_cum_laude_too(law: Lawbook) -> None:
    exam = marked(filled(blank(law), 85, 85), "netl", ce=0)
    laude = row(exam, "netl").laude
    assert laude.startswith("≥ ")
    least = laude.removeprefix("≥ ")
    cell = exam.at(row_of(exam, "netl"), 1)
    assert "cum laude" in seen(typed(cell, least)).result
    assert "★" not in seen(typed(cell, f"{float(least) - 0.1:.1f}")).result


def test_a_mark_that_no_longer_matters_may_be_any(law: Lawbook) -> None:
    exam = marked(filled(blank(law), 80, 80), "ak", ce=0)
    assert "passes whatever the open marks become" in seen(exam).result
    exam = marked(exam, "netl", se=60, ce=0)
    assert row(exam, "netl").needed.startswith("≥")
    assert row(exam, "ak").needed == "any"


def test_where_no_mark_is_enough_a_cross_says_so(law: Lawbook) -> None:
    exam = filled(blank(law), 55)
    exam = marked(marked(exam, "netl", se=30), "entl", se=30)
    assert row(exam, "gs").needed == "✗"
    told = texts(seen(exam).needs)
    assert any(text.startswith("history, CE: no mark is enough; with tens for the rest") for text in told)


def test_the_mean_of_the_open_exams_is_told(law: Lawbook) -> None:
    told = texts(seen(filled(blank(law), 60)).needs)
    assert any(text.startswith("7 open central exams together: on average at least") for text in told)
    told = texts(seen(blank(law)).needs)
    assert any("with tens for the open school exams: on average at least" in text for text in told)


def test_the_resit_that_turns_the_result_is_told_and_does(law: Lawbook) -> None:
    exam = marked(filled(blank(law), 60, 60), "netl", ce=20)
    view = seen(exam)
    assert view.result.startswith("✗ Failed")
    resit = line(view.needs, "Dutch, resit: at least ")
    assert resit.text.endswith("(now 2.0)")
    least = resit.text.removeprefix("Dutch, resit: at least ").split()[0]
    cell = exam.at(row_of(exam, "netl"), 2)
    assert seen(typed(cell, least)).result.startswith("✓ Passed")
    assert not seen(typed(cell, f"{float(least) - 0.1:.1f}")).result.startswith("✓ Passed")
    assert any(each.role == "article" for each in line(view.needs, "Any of these").children)


def test_it_is_said_when_nothing_turns_it(law: Lawbook) -> None:
    assert "No resit is enough" in texts(seen(filled(blank(law), 30, 30)).needs)


def test_a_list_that_lacks_something_cannot_be_told(law: Lawbook) -> None:
    exam = filled(blank(law), 60, 60)
    exam = typed(exam.at(row_of(exam, "netl"), 0), "x")
    view = seen(exam)
    assert view.result.startswith("? Not complete yet · the list lacks something")
    assert any(text.startswith("To pass: cannot be told") for text in texts(view.needs))


def test_what_is_needed_of_earlier_marks_is_known_to_be_old(law: Lawbook) -> None:
    exam = blank(law)
    assert show(exam).waiting
    wanted = look_ahead(exam)
    assert not show(exam, wanted).waiting
    assert show(typed(exam, "6"), wanted).waiting
    other = Exam.of(law, Work((listed(law, profile="nt"),)))
    assert texts(show(other, wanted).needs) == ["What is still needed is being worked out ..."]


def test_in_one_tree_what_asks_for_attention_comes_first(law: Lawbook) -> None:
    failed = [each.text for each in seen(marked(filled(blank(law), 60, 60), "netl", ce=20)).lines]
    assert failed.index("Core subjects") < failed.index("To pass: not reached") < failed.index("Complete exam")
    assert seen(filled(blank(law), 60)).lines[0].text == "To pass: possible"
    assert seen(filled(blank(law), 60, 60)).lines[0].text == "Complete exam"


# --- what is wrong


def test_text_that_is_no_mark_is_named_at_the_cell(law: Lawbook) -> None:
    view = seen(typed(blank(law), "10.5"))
    assert view.rows[0].cells[0].text == "10.5"
    assert view.rows[0].cells[0].role == "refused"
    assert view.status.startswith("✗ “10.5” is no mark")


def test_a_resit_too_many_is_named_at_its_cells(law: Lawbook) -> None:
    exam = marked(marked(filled(blank(law), 60, 60), "netl", resit=70), "entl", resit=70)
    view = seen(exam)
    assert {row(exam, code).cells[2].text for code in ("netl", "entl")} & {"!7.0"}
    assert any(line.role == "refused" and "resit" in line.text for line in view.verdict)
    bad = next(n for n, each in enumerate(view.rows) if each.cells[2].text.startswith("!"))
    assert seen(exam.at(bad, 2)).status.startswith("✗")


def test_a_package_that_does_not_fit_is_told_with_its_article(law: Lawbook) -> None:
    exam = filled(blank(law), 60, 60)
    without = typed(exam.at(row_of(exam, "econ"), 0), "x")
    wrong = [each for each in seen(without).verdict if each.role == "refused"]
    assert any("economics" in each.text for each in wrong)
    assert all("art." in child.text for each in wrong for child in each.children)


def test_where_the_law_of_one_year_is_followed_the_subjects_are_not_checked(law: Lawbook) -> None:
    exam = blank(law, "kb", 2016, "techniek")
    frozen = Exam.of(law, evolve(exam.work, sheets=(evolve(exam.sheet, year=2020),)), Clock(follow=SchoolYear(2015)))
    view = seen(frozen)
    assert not any(line.role == "refused" for line in view.verdict)
    assert any("subjects are not checked" in text for text in texts(view.verdict))
    assert any(line.role == "refused" for line in seen(evolve(frozen, clock=CALENDAR)).verdict)


def test_marks_that_do_not_count_are_told(law: Lawbook) -> None:
    exam = filled(blank(law), 60, 60).into("havo", 2019, "em")
    assert any("kept, but not part of this exam" in text for text in texts(seen(exam).verdict))


def test_the_empty_list_says_what_to_do(law: Lawbook) -> None:
    exam = Exam.of(law, Work((evolve(listed(law), entries=()),)))
    assert "a adds one" in seen(exam).result
    assert seen(exam).status == "a adds a subject"


# --- the prompts


def test_a_form_turns_from_value_to_value_and_stops_at_the_ends(law: Lawbook) -> None:
    form = ExamForm.of(blank(law))
    assert form.text("year") == "2026"
    assert form.ends("year") == (True, False)
    assert form.turn("year", 1) == form
    assert form.turn("year", -1).text("year") == "2025"
    for _level in examsheet.levels(law):
        form = form.turn("level", 1)
        assert form.profile in form.values("profile")
        assert form.route in form.values("route")
    assert form.ends("level")[1] is False
    assert form.on(blank(law)).sheet.level == form.level


def test_a_list_without_a_profile_stays_without_one_in_another_year(law: Lawbook) -> None:
    sheet = evolve(filled(blank(law), 60, 60).sheet, profile="")
    exam = Exam.of(law, Work((sheet,)))
    form = ExamForm.of(exam).turn("year", -1)
    assert form.text("profile") == "not chosen"
    other = form.on(exam)
    assert other.sheet.exam == 2025
    assert other.sheet.entries == sheet.entries
    assert form.turn("profile", 1).profile in form.values("profile")


def test_what_a_subject_is_can_be_changed(law: Lawbook) -> None:
    exam = blank(law).at(2, 0)
    form = SubjectForm.of(exam)
    assert form is not None
    assert form.title == "maths A"
    assert form.on(exam).sheet == exam.sheet
    assert form.turn("at", 1).text("at") == "vwo"
    assert form.turn("sat", -1).text("sat") == "2025"
    changed = form.turn("role", 1).turn("at", 1).on(exam)
    assert changed.entry is not None
    assert (changed.entry.role, changed.entry.at) == ("free", "vwo")
    assert seen(changed).rows[changed.cursor[0]].label == "maths A (vwo)"
    assert SubjectForm.of(Exam.of(law, Work((evolve(listed(law), entries=()),)))) is None


def test_subjects_are_found_by_code_and_by_name_in_both_languages(law: Lawbook) -> None:
    sheet = listed(law)
    for text in ("gs", "geschied", "history", " HISTORY "):
        assert "gs" in dict(subjects(law, sheet, text))
    assert "on the list already" in dict(subjects(law, sheet, "gs"))["gs"]
    assert next(code for code, _label in subjects(law, sheet, "in")) == "in"
    assert dict(subjects(law, sheet, "xyz")).keys() == {"xyz"}
    assert not subjects(law, sheet, "x y")


# --- as plain text


def test_the_plain_form_says_what_the_screen_says(law: Lawbook) -> None:
    exam = Exam.of(law, Work((listed(law, name="Ann"), listed(law, "vwo", 2025, "nt", "Bo"))))
    first, second = pages(filled(exam, 60, 60))
    assert first.startswith("Ann · 1/2 · havo · exam 2026 · Economy and society\n✓ Passed")
    assert second.startswith("Bo · 2/2 · vwo · exam 2025 · Nature and technology\n? Not complete yet")
    for text in ("Subject", "maths A", "Combination mark", "Mean of the central exams · ", "Still needed"):
        assert text in first


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_column_of_the_plain_table_is_as_wide_as_its_widest(law: Lawbook, language: str) -> None:
    words.use(language)
    (page,) = pages(filled(blank(law), 60))
    table = page.split("\n\n")[1].splitlines()
    ends = {each.rfind("6,0" if language == "nl" else "6.0") for each in table[1:-2]}
    assert len(ends) == 1
