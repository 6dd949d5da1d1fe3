"""What the path screen shows, read from its view model: no terminal is needed for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problems
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.path.plan import Choice, Plan, Switch
from trajectsim.pupil import Result
from trajectsim.scenario.run import play_file
from trajectsim.tui.document import Document
from trajectsim.tui.help import help_text
from trajectsim.tui.viewmodel import MeasureRow, PathView, flip, path_view, replay, replay_text, show
from trajectsim.tui.yearview import Line


def view(plan: Plan, law: Lawbook, year: int, cursor: int = 0) -> PathView:
    return path_view(plan, law, SchoolYear(year), cursor)


def measure(seen: PathView, measure_id: str) -> MeasureRow:
    return seen.rows[seen.index_of(measure_id)]


def line(seen: PathView, key: str) -> Line:
    return next(found for top in seen.lines for found in top.walk() if found.key == key)


def keys(seen: PathView) -> list[str]:
    return [found.key for top in seen.lines for found in top.walk()]


def texts(found: Line) -> str:
    return "\n".join(f"{each.sign} {each.text}" for each in found.walk())


def test_measures_are_grouped_by_sector_and_none_is_missing(sara: Plan, law: Lawbook) -> None:
    seen = view(sara, law, 2018)
    assert [sector.id for sector in seen.sectors] == ["po", "vo", "ho"]
    assert {row.id for row in seen.rows} == {m.id for m in law.measures.values() if m.acts_on == "pupil"}
    assert all(row.sector == sector.id for sector in seen.sectors for row in sector.rows)


def test_a_measure_without_a_rule_for_a_pupil_is_a_switch_only_where_the_plan_names_it(
    sara: Plan, law: Lawbook
) -> None:
    named = evolve(sara, measures={**sara.measures, "compacting": Switch(True)})
    assert "compacting" not in {row.id for row in view(sara, law, 2018).rows}
    assert measure(view(named, law, 2014), "compacting").role == "work"


def test_a_measure_that_is_on_and_at_work(sara: Plan, law: Lawbook) -> None:
    row = measure(view(sara, law, 2014), "skip-year")
    assert (row.box, row.role, row.state) == ("[x]", "work", "on, and used in this year")
    assert "WPO art. 8 lid 1 en 12 [A]" in row.article


def test_a_measure_that_the_law_of_the_year_does_not_know_is_greyed_with_its_dates(sara: Plan, law: Lawbook) -> None:
    row = measure(view(sara, law, 2013), "early-exam")
    assert (row.box, row.role) == ("[-]", "greyed")
    assert row.reason == "in law from 2014/2015"
    assert ("·", "announced for 2015/2016") in row.about
    assert measure(view(sara, law, 2014), "early-exam").lawful


def test_the_calendar_that_was_announced_gives_other_dates(sara: Plan, law: Lawbook) -> None:
    announced = evolve(sara, clock=Clock(dates="announced"))
    assert measure(view(announced, law, 2014), "early-exam").reason == "in law from 2015/2016"


def test_a_measure_by_intake_speaks_of_who_enters(sara: Plan, law: Lawbook) -> None:
    row = measure(view(sara, law, 2013), "five-year-vwo")
    assert row.reason == "for who enters from 2016/2017 to 2021/2022"
    assert row.period == "from 2019/2020"
    entering = measure(view(sara, law, 2018), "five-year-vwo")
    assert (entering.on, entering.use) == (True, "used"), (
        "she enters in the year after, and this year's move hangs on it"
    )


def test_used_offered_and_at_work_are_told_apart(sara: Plan, law: Lawbook) -> None:
    assert measure(view(sara, law, 2015), "skip-year").use == "offered"
    assert measure(view(sara, law, 2014), "skip-year").use == "used"
    assert measure(view(sara, law, 2020), "five-year-vwo").use == "work"
    assert measure(view(sara, law, 2025), "five-year-vwo").use == ""
    assert line(view(sara, law, 2018), "measures").text == "Measures: Skip a year (offered), vwo in five years (used)"


def test_a_right_that_nobody_asked_for_is_not_on_before_its_date(plain: Plan, law: Lawbook) -> None:
    assert measure(view(plain, law, 2013), "cum-laude").box == "[-]"
    assert measure(view(plain, law, 2025), "cum-laude").at_work


def test_what_a_switch_takes_is_said(sara: Plan, law: Lawbook) -> None:
    seen = view(sara, law, 2018)
    chosen = dict.fromkeys(text for _sign, text in measure(seen, "skip-year").about)
    assert "it opens a step: does nothing until the plan chooses that step" in chosen
    itself = dict.fromkeys(text for _sign, text in measure(seen, "vo-teacher-in-po").about)
    assert "it happens to the pupil by itself while it is on" in itself


def test_a_measure_that_is_on_too_early_is_refused_and_explained(plain: Plan, law: Lawbook) -> None:
    asked = evolve(plain, measures={"vo-teacher-in-po": Switch(True)})
    seen = view(asked, law, 2014)
    row = measure(seen, "vo-teacher-in-po")
    assert (row.box, row.role) == ("[!]", "refused")
    refused = line(seen, "asked/measure/vo-teacher-in-po")
    assert refused.sign == "✗"
    assert "school year: 2014/2015 (required: at least 2016/2017)" in refused.text
    assert "§ Besluit bekwaamheidseisen onderwijspersoneel art. 4.1 [A]" in texts(refused)


def test_the_heading_has_year_place_and_age(sara: Plan, law: Lawbook) -> None:
    assert view(sara, law, 2018).heading == "2018/2019 · groep 8 · 10 years old"


def test_the_move_taken_says_why_and_by_which_article(sara: Plan, law: Lawbook) -> None:
    seen = view(sara, law, 2018)
    taken = line(seen, "taken")
    assert taken.text == "Then: To vwo in five years → accelerated vwo 1 · chosen in the plan"
    assert "✓ the school decides: assumed to agree (policy on admission)" in texts(taken)
    assert "§ Beleidsregel versneld en/of verrijkt vwo art. 3, Stcrt. 2015, 27367 [A]" in texts(taken)
    assert line(view(sara, law, 2015), "taken").text.endswith("the usual next step")


def test_a_move_that_a_measure_brings_about_says_so(plain: Plan, law: Lawbook) -> None:
    offered = evolve(plain, measures={"five-year-vwo": Switch(True)})
    assert line(view(offered, law, 2019), "taken").text.endswith("a measure brings it about")


def test_other_moves_are_open_up_to_the_school_or_refused_with_the_reason(sara: Plan, law: Lawbook) -> None:
    seen = view(sara, law, 2018)
    assert "✓ To havo → havo 1 · assumed to agree" in texts(line(seen, "school"))
    refused = line(seen, "refused/leave")
    assert refused.role == "no"
    assert "forbidden while age on 31 July: 11" in refused.text
    assert "Leerplichtwet 1969 art. 3" in texts(refused)
    assert "Also open" in line(view(sara, law, 2023), "open").text


def test_a_practice_that_the_plan_states_is_no_assumption(sara: Plan, law: Lawbook) -> None:
    assert "assumed/promotion" in keys(view(sara, law, 2015))
    stated = evolve(sara, practices={"promotion": "always"})
    seen = view(stated, law, 2015)
    assert "assumed/promotion" not in keys(seen)
    assert "the school decides: agrees" in texts(line(seen, "taken"))


def test_a_school_that_says_no_is_marked(sara: Plan, law: Lawbook) -> None:
    seen = view(evolve(sara, practices={"skip": "never"}), law, 2014)
    assert line(seen, "asked/choice/0").text == "Refused: Skip a year · the school says no"
    assert line(seen, "school/skip").role == "no"


def test_a_diploma_has_age_and_article(sara: Plan, law: Lawbook) -> None:
    earned = line(view(sara, law, 2023), "earned/vwo")
    assert (earned.sign, earned.text) == ("◆", "Earns: vwo diploma, at 16")
    assert "§ Uitvoeringsbesluit WVO 2020 art. 3.34 [A]" in texts(earned)


def test_what_was_not_given_is_said_to_be_assumed(sara: Plan, law: Lawbook) -> None:
    assert line(view(sara, law, 2015), "assumed/year_result").text == "result of the year: sufficient (not given)"
    given = evolve(sara, results=(Result(SchoolYear(2015), "sufficient"),))
    assert "assumed/year_result" not in keys(view(given, law, 2015))


def test_confidence_c_is_said_in_words(sara: Plan, law: Lawbook) -> None:
    assert "[C: not verified]" in texts(line(view(sara, law, 2018), "measures"))


def test_years_beyond_the_known_law_say_so(sara: Plan, law: Lawbook) -> None:
    assert "the law of 2013/2014 answers" in line(view(sara, law, 2012), "beyond").text
    assert "beyond" not in keys(view(sara, law, 2013))


def test_the_hollow_walk_tells_what_it_drops(sara: Plan, law: Lawbook) -> None:
    without = line(view(sara, law, 2018), "without")
    assert without.text == "Without measures: groep 7"
    assert "Dropped there: To vwo in five years" in texts(without)
    assert "without" not in keys(view(evolve(sara, measures={}, choices=()), law, 2018))


def test_acts_done_and_refused(from_vwo_4: Callable[[int], Plan], law: Lawbook) -> None:
    done = view(from_vwo_4(2015), law, 2015)
    assert line(done, "done/0/central-exam-early").text == "Done: Central exam before the final year (wiskunde)"
    refused = line(view(from_vwo_4(2013), law, 2013), "asked/act/0")
    assert "Eindexamenbesluit VO art. 37a" in texts(refused)


def test_after_school_the_screen_still_answers(sara: Plan, law: Lawbook) -> None:
    seen = view(sara, law, 2028)
    assert seen.heading == "2028/2029 · out of school · 20 years old"
    assert "the path ended in 2026/2027" in line(seen, "end").text
    assert line(seen, "without").text == "Without measures: wo bachelor, year 3"
    assert len(seen.rows) == len(view(sara, law, 2018).rows)


@pytest.mark.parametrize("name", ["sara", "plain", "repeating"])
def test_every_year_has_lines_of_their_own_keys(name: str, request: pytest.FixtureRequest, law: Lawbook) -> None:
    played = replay(request.getfixturevalue(name), law)
    for language in words.LANGUAGES:
        words.use(language)
        for year in played.map.years:
            seen = show(played, law, year)
            assert len(keys(seen)) == len(set(keys(seen)))
            assert all(found.text and "{" not in found.text for top in seen.lines for found in top.walk())


def test_cursor_and_year_stay_within_bounds(sara: Plan, law: Lawbook) -> None:
    assert view(sara, law, 1990).year == SchoolYear(2012)
    assert view(sara, law, 2090).year == SchoolYear(2028)
    assert view(sara, law, 2018, -3).cursor == 0
    assert view(sara, law, 2018, 99).cursor == len(view(sara, law, 2018).rows) - 1
    assert view(sara, law, 2018).with_cursor(99).row == view(sara, law, 2018, 99).row


def test_the_status_names_the_measure_that_space_flips(sara: Plan, law: Lawbook) -> None:
    assert view(sara, law, 2018, 1).status == "[ ] Early to vo: off"
    assert (
        view(sara, law, 2013, view(sara, law, 2013).index_of("early-exam")).status
        == "[-] Exam before penultimate year: off · in law from 2014/2015"
    )


def flipped(document: Document, law: Lawbook, measure_id: str, year: int) -> Document:
    """After the switch of a measure was turned while a year is selected."""
    return flip(document, replay_text(document, law), SchoolYear(year), law.measures[measure_id])


def test_a_flip_changes_the_walk_and_undo_brings_it_back(scenario: str, law: Lawbook) -> None:
    document = Document.of(scenario)
    once = flipped(document, law, "skip-year", 2014)
    assert "skip-year = false\n" in once.text
    assert "vwo at 17 (without: 18)" in replay_text(once, law).map.summary
    assert once.undo().text == scenario
    assert once.undo().redo().text == once.text
    assert document.undo() is document
    assert document.redo() is document


@pytest.mark.parametrize("measure_id", ["skip-year", "five-year-vwo", "early-exam", "cum-laude"])
@pytest.mark.parametrize("year", [2013, 2018, 2019, 2025, 2028])
def test_two_flips_are_none(scenario: str, law: Lawbook, measure_id: str, year: int) -> None:
    document = Document.of(scenario)
    once = flipped(document, law, measure_id, year)
    assert replay_text(once, law).plan.measures != replay_text(document, law).plan.measures
    assert flipped(once, law, measure_id, year).text == scenario


def test_a_new_flip_forgets_what_was_undone(scenario: str, law: Lawbook) -> None:
    document = flipped(Document.of(scenario), law, "skip-year", 2014).undo()
    assert flipped(document, law, "early-exam", 2014).future == ()


def test_a_flip_where_no_measures_are_named_makes_a_section_and_takes_it_away_again(law: Lawbook) -> None:
    text = '# hers\ntitle = "x"\n\n# who\n[pupil]\nborn = 2008-03-12\n'
    once = flipped(Document.of(text), law, "skip-year", 2014)
    assert once.text == '# hers\ntitle = "x"\n\n[measures]\nskip-year = true\n\n# who\n[pupil]\nborn = 2008-03-12\n'
    assert flipped(once, law, "skip-year", 2014).text == text


def test_a_flip_in_a_case_is_written_in_that_case(law: Lawbook) -> None:
    text = 'title = "x"\n[pupil]\nborn = 2008-03-12\n[[case]]\nname = "a"\nmeasures.skip-year = true\n'
    once = flipped(Document.of(text), law, "skip-year", 2014)
    assert once.text == text.replace("true", "false")
    assert not replay_text(once, law).plan.measures["skip-year"].on


def test_a_flip_of_what_the_matrix_says_is_refused_with_a_reason(law: Lawbook) -> None:
    text = 'title = "x"\n[pupil]\nborn = 2008-03-12\n[matrix]\nmeasures.skip-year = [true, false]\n'
    with pytest.raises(Problems, match="the matrix of the scenario says"):
        flipped(Document.of(text), law, "skip-year", 2014)


def test_the_walk_without_measures_is_played_once(scenario: str, law: Lawbook) -> None:
    document = Document.of(scenario)
    before = replay_text(document, law)
    after = replay_text(flipped(document, law, "skip-year", 2014), law, before)
    assert after.without is before.without
    other = document.changed(scenario.replace("2008", "2009"), "")
    assert replay_text(other, law, before).without is not before.without


def test_help_explains_what_is_greyed(sara: Plan, law: Lawbook) -> None:
    seen = view(sara, law, 2013)
    chapters = dict(help_text(seen.with_cursor(seen.index_of("early-exam"))))
    told = "\n".join(text for _sign, text in chapters["The chosen measure"])
    assert "it will have no effect here" in told
    assert "in law from 2014/2015" in told
    assert "◇" in dict(chapters["On the map"])


def test_the_screen_speaks_dutch(sara: Plan, law: Lawbook) -> None:
    words.use("nl")
    seen = view(sara, law, 2018)
    assert seen.heading == "2018/2019 · groep 8 · 10 jaar"
    assert measure(seen, "skip-year").label == "Jaar overslaan"
    assert measure(seen, "skip-year").state == "aan, en dit jaar aangeboden"


def test_a_refused_choice_stands_first(plain: Plan, law: Lawbook) -> None:
    seen = view(evolve(plain, choices=(Choice(SchoolYear(2014), "skip"),)), law, 2014)
    assert seen.lines[0].key == "asked/choice/0"
    assert seen.lines[0].role == "refused"


# --- exams


def exam_of(law: Lawbook, name: str, year: int) -> dict[str, Line]:
    """The lines of the exam in a year of a bundled scenario, by key."""
    file = Path(__file__).parents[2] / "scenarios" / "paths" / f"{name}.toml"
    lines = path_view(play_file(file, law).walk.plan, law, SchoolYear(year)).lines
    found = next(line for line in lines if line.key == "exam")
    assert found.shown
    return {each.key: each for each in found.walk()}


def test_the_exam_of_the_year_is_a_tree_with_articles(law: Lawbook) -> None:
    lines = exam_of(law, "exam-failed-by-marks", 2022)
    assert lines["exam"].role == "no"
    assert lines["exam"].text.startswith("exam 2023: failed")
    core = lines["check/core-rule"]
    assert (core.role, core.shown) == ("no", True)
    assert any("art. 3.34" in child.text for child in core.children if child.role == "article")
    mean = next(line for line in lines.values() if line.text == "Mean of the central exams")
    assert (mean.role, mean.shown) == ("yes", False)
    assert "art. 3.34" in mean.aside


def test_what_was_sat_again_and_cum_laude_are_told(law: Lawbook) -> None:
    assert exam_of(law, "exam-resit", 2018)["exam/resits"].text == "Sat again: economics 5.4"
    assert exam_of(law, "exam-resit", 2018)["exam/resits"].sign == "⟲"
    laude = exam_of(law, "cum-laude-2016", 2015)
    assert "cum laude" in laude["exam"].text
    assert any(line.text == "Cum laude" and line.role == "yes" for line in laude.values())
    assert "exam/resits" not in laude
