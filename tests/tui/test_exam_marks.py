"""Marks that are typed for an exam on the path stand in the text of the scenario, and nothing else of it changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from driving import drive
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from typing_exams import typed

from trajectsim.calendar import SchoolYear
from trajectsim.cli import execute
from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.app import Workbench
from trajectsim.tui.document import Document
from trajectsim.tui.examdesk import Exam
from trajectsim.tui.exammarks import with_marks
from trajectsim.tui.examsource import of_walk
from trajectsim.tui.examview import show
from trajectsim.tui.screens.exam import ExamScreen
from trajectsim.tui.state import State

LAW = Lawbook.load()
SIGNS = {"passed": "✓", "failed": "✗", "incomplete": "?"}

BRAM = """title = "Bram"  # a pupil

[pupil]
born = 2010-09-14
profile = "em"
# what he is called stays out

[start]
in = "2026/2027"
at = "vo/havo/4"

[[expect.diploma]]
level = "havo"
exam = 2028
"""

GIVEN = """
# his exam
[[result]]
exam = 2027                      # closed a year early
level = "havo"
subject = "ckv"
se = 7

[[result]]
exam = 2028
level = "havo"
subject = "netl"
se = 6.5                         # as it was told
ce = 5
"""


def opened(text: str, year: int = 2027) -> tuple[State, Exam]:
    state = State.of(Document.of(text, "bram.toml"), LAW)
    assert state.played is not None
    return state, of_walk(state.played.walk, SchoolYear(year), state.law)


def put(state: State, before: Exam, after: Exam) -> tuple[State, Exam]:
    """Marks put into the scenario, which is played again; and its exam as it is then."""
    assert state.document is not None
    now = state.replayed(with_marks(state.document, before.sheet, after.sheet, state.law))
    assert now.problems == ()
    assert now.played is not None
    return now, of_walk(now.played.walk, SchoolYear(before.sheet.year), now.law)


def added(state: State, before: str) -> list[str]:
    assert state.document is not None
    return [line for line in state.document.text.splitlines() if line and line not in before.splitlines()]


def test_the_first_mark_is_a_result_in_its_place() -> None:
    state, exam = opened(BRAM)
    after, again = put(state, exam, typed(exam, "7,5"))
    code = exam.sheet.entries[exam.cursor[0]].code
    assert added(after, BRAM) == ["[[result]]", f'subject = "{code}"', "se = 7.5"]
    assert after.document.text.index("[[result]]") < after.document.text.index("[[expect.diploma]]")
    assert again.sheet.marked == typed(exam, "7,5").sheet.marked
    assert len(again.sheet.entries) == len(exam.sheet.entries)  # the others wait


def test_a_mark_that_is_given_is_changed_where_it_stands() -> None:
    state, exam = opened(BRAM + GIVEN)
    row = next(n for n, entry in enumerate(exam.sheet.entries) if entry.code == "netl")
    after, _exam = put(state, exam, typed(evolve(exam, cursor=(row, 0)), "8"))
    assert after.document.text == (BRAM + GIVEN).replace("se = 6.5 ", "se = 8 ")
    row = next(n for n, entry in enumerate(exam.sheet.entries) if entry.code == "ckv")
    after, _exam = put(state, exam, typed(evolve(exam, cursor=(row, 0)), "6"))
    assert after.document.text == (BRAM + GIVEN).replace("se = 7\n", "se = 6\n")


def test_a_mark_that_is_emptied_is_gone_and_the_last_of_a_subject_takes_its_result_with_it() -> None:
    state, exam = opened(BRAM + GIVEN)
    row = next(n for n, entry in enumerate(exam.sheet.entries) if entry.code == "netl")
    after, exam_ = put(state, exam, evolve(exam, cursor=(row, 1)).clear())
    assert after.document.text == (BRAM + GIVEN).replace("ce = 5\n", "")
    row = next(n for n, entry in enumerate(exam_.sheet.entries) if entry.code == "netl")
    none, _exam = put(after, exam_, evolve(exam_, cursor=(row, 0)).clear())
    assert "netl" not in none.document.text
    assert "ckv" in none.document.text
    off, _exam = put(state, exam, evolve(exam, cursor=(row, 0)).remove())
    assert "netl" not in off.document.text


def test_modelled_marks_stand_in_the_scenario_once_one_is_typed() -> None:
    text = BRAM.replace("# what", "ability = { language = 0.5, maths-science = 0.5, knowledge = 0.5 }\n# what")
    state, exam = opened(text)
    assert "modelled" in exam.said
    after, again = put(state, exam, typed(exam, "1"))
    assert again.sheet.marked == typed(exam, "1").sheet.marked
    assert "modelled" not in again.said
    assert after.document.text.count("[[result]]") == len([e for e in exam.sheet.entries if e.marks])


def test_a_profile_that_nobody_told_is_told_with_the_first_mark_and_another_is_chosen() -> None:
    state, exam = opened(BRAM.replace('profile = "em"\n', ""))
    after, again = put(state, exam, typed(exam, "7"))
    assert f'profile = "{exam.sheet.profile}"' in after.document.text
    other = again.into("havo", 2027, "nt")
    assert other.work.walked
    assert not again.into("vwo", 2027, "nt").work.walked
    assert not again.into("havo", 2026, "em").work.walked
    turned, _exam = put(after, again, other)
    assert 'profile = "nt"' in turned.document.text


def test_what_a_scenario_cannot_say_from_here_is_refused(tmp_path: Path) -> None:
    (tmp_path / "under.toml").write_text(BRAM + GIVEN, "utf-8")
    text = 'extends = "under.toml"\ntitle = "Over"\n'
    state = State.of(Document.of(text, str(tmp_path / "over.toml")), LAW)
    exam = of_walk(state.played.walk, SchoolYear(2027), LAW)
    with pytest.raises(Problems, match=r"S004.*under.toml"):
        with_marks(state.document, exam.sheet, typed(exam, "7").sheet, LAW)
    sheet = exam.sheet.with_entry(0, exam.sheet.entries[0].filled("rv", 70))
    with pytest.raises(Problems, match="no place for this mark"):
        with_marks(opened(BRAM)[0].document, exam.sheet, sheet, LAW)


MARKS = st.one_of(st.just(0), st.integers(10, 100), st.integers(50, 70))


@given(st.data())
def test_the_verdict_of_the_screen_is_that_of_the_scenario(data: st.DataObject) -> None:
    """Marks of all subjects, or some left open: the scenario that is played with them says the same."""
    state, exam = opened(data.draw(st.sampled_from([BRAM, BRAM + GIVEN])))
    whole = data.draw(st.booleans())
    sheet = exam.sheet
    for row, columns in enumerate(exam.cells):
        for column in columns[:2]:
            if column == "rating":
                value: int | str = data.draw(st.sampled_from(["V", "G", "O"] + ([] if whole else [""])))
            elif column:
                value = data.draw(st.integers(10, 100) if whole else MARKS)
            else:
                continue
            sheet = sheet.with_entry(row, sheet.entries[row].filled(column, value))
    done = evolve(exam, work=exam.work.with_sheet(sheet))
    after, again = put(state, exam, done)
    step = after.played.walk.at(SchoolYear(2027))
    assert again.sheet.marked == sheet.marked
    result = step.exam.result if step.exam is not None else "incomplete"
    assert show(done).result[0] == show(again).result[0] == SIGNS[result]
    if whole:
        assert step.exam.judged.batch.layout.slots
        assert (step.exam.result == "failed") == (
            after.played.walk.at(SchoolYear(2028)).state.place == step.state.place
        )


def test_what_is_typed_and_saved_is_what_explain_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state, exam = opened(BRAM)
    for mark, told in ((70, "passed"), (40, "failed")):
        sheet = exam.sheet
        for row, columns in enumerate(exam.cells):
            filled = sheet.entries[row]
            for column in filter(None, columns[:2]):
                filled = filled.filled(column, "V" if column == "rating" else mark)
            sheet = sheet.with_entry(row, filled)
        file = tmp_path / f"{told}.toml"
        with_marks(state.document, exam.sheet, sheet, LAW).written(file)
        assert execute(["explain", str(file), "--in", "2027/2028", "--lang", "en"]) == 0
        assert told in capsys.readouterr().out.lower()


def test_a_subject_that_was_taken_off_an_exam_that_is_not_complete_stays_off_until_it_has_marks() -> None:
    """The list is filled up with the usual subjects, which wait for their marks; who took one off does not want it."""

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        screen = app.screen
        assert isinstance(screen, ExamScreen)

        def codes() -> list[str]:
            return [entry.code for entry in screen.exam.sheet.entries]

        screen.put(screen.exam.at(codes().index("entl"), 0))
        screen.put(screen.exam.remove())
        assert "entl" not in codes()
        screen.put(screen.exam.at(codes().index("netl"), 0))
        await pilot.press("7")
        assert screen.exam.sheet.entries[codes().index("netl")].se == 70
        await pilot.press("u")  # the path is played again, and its exam is another
        assert screen.exam.sheet.entries[codes().index("netl")].se == 65
        assert "entl" not in codes()
        screen.put(screen.exam.add("entl"))
        await pilot.press("8", "enter")
        await pilot.press("u", "u")
        assert "entl" in codes()

    drive(opened(BRAM + GIVEN)[0], steps, first="exam")
