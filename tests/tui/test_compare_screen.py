"""The compare screen: what it shows, and which walks there are to compare with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import SIZES, drive, settle
from textual.pilot import Pilot

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan
from trajectsim.report.linemap import CELL
from trajectsim.tui.app import Workbench
from trajectsim.tui.compareplain import lines as plain_lines
from trajectsim.tui.comparesides import BARE, FIRST, NOW, offers, side, with_file
from trajectsim.tui.compareview import CompareView, Figure, Side, compare
from trajectsim.tui.screens.compare import CompareScreen
from trajectsim.tui.screens.help import HelpScreen
from trajectsim.tui.state import State
from trajectsim.tui.viewmodel import replay
from trajectsim.tui.widgets.figures import Figures
from trajectsim.tui.widgets.map_view import MapView

HAVO = Path(__file__).parents[2] / "scenarios" / "paths" / "nominal-havo-hbo.toml"


@pytest.fixture
def sara(scenario: str, on_the_bench: Callable[[str], State]) -> State:
    return on_the_bench(scenario)


def made(state: State, *wanted: str) -> list[Side]:
    sides = [side(word, state) for word in wanted]
    assert None not in sides
    return [each for each in sides if each is not None]


def figure(view: CompareView, label: str) -> Figure:
    return next(figure for figure in view.figures if figure.label == label)


# --- what it shows ------------------------------------------------------------------------------------------


def test_walks_stand_under_each_other_on_one_axis(sara: State) -> None:
    view = compare(made(sara, *FIRST))
    kinds = [row.kind for row in view.map.rows]
    assert kinds.count("years") == kinds.count("ages") == 1
    assert [row.lane for row in view.map.rows if row.kind == "title"] == ["0", "1"]
    assert view.heads == ("A the scenario", "B without measures")
    assert view.map.years[-1] == SchoolYear(2028)


def test_a_year_that_differs_is_marked_under_the_walk(sara: State) -> None:
    view = compare(made(sara, *FIRST))
    row = next(row for row in view.map.rows if row.kind == "differs")
    marked = {year for year in view.map.years if "≠" in str(row)[view.map.column_of(year) :][:3]}
    assert SchoolYear(2013) not in marked
    assert SchoolYear(2014) in marked  # the step that is taken
    assert SchoolYear(2015) in marked  # the place that it leads to
    assert view.status == f"B (without measures) differs from A (the scenario) in {len(marked)} years"


def test_it_is_summed_up_what_is_gained(sara: State) -> None:
    view = compare(made(sara, *FIRST))
    assert figure(view, "diploma vwo").cells == ("2024, at 16", "2026, at 18")
    assert figure(view, "diploma vwo").differs == (False, True)
    assert figure(view, "years gained on A").cells == ("–", "-2")
    assert figure(view, "years in po").cells == ("7", "8")
    assert figure(view, "years in ho").differs == (False, False)
    assert figure(view, "asked for and refused").cells == ("0", "2")


def test_the_other_way_round_years_are_gained(sara: State) -> None:
    view = compare(made(sara, BARE, NOW))
    assert figure(view, "years gained on A").cells == ("–", "+2")


def test_money_is_told_as_far_as_it_is_known(sara: State) -> None:
    view = compare(made(sara, NOW, "on/plus-class"))
    told = [figure for figure in view.figures if figure.label.startswith("received: ")]
    for each in told:
        assert each.cells[0] == "–"
        assert each.cells[1].startswith("€ ")


def test_the_same_walk_twice_differs_nowhere(sara: State) -> None:
    view = compare(made(sara, NOW, NOW))
    assert not any(any(figure.differs) for figure in view.figures)
    assert view.status == "B (the scenario) is the same as A (the scenario)"
    assert [line.text for line in view.lines] == ["They are the same in every year."]


def test_where_two_part_it_says_what_each_does_and_by_which_article(sara: State) -> None:
    view = compare(made(sara, *FIRST))
    first = view.lines[0]
    assert first.text == "2014/2015"
    texts = [line.text for line in first.walk()]
    assert "A: Skip a year: the school decides" in texts
    assert any(line.sign == "§" and line.text.startswith("WPO art. 8") for line in first.walk())


def test_pupils_born_apart_have_ages_of_their_own(plain: Plan, law: Lawbook) -> None:
    from datetime import date

    from attrs import evolve

    from trajectsim.path.plan import start_of
    from trajectsim.pupil import Pupil

    other = Pupil(date(2010, 3, 12))
    walks = [replay(each, law).walk for each in (plain, evolve(plain, pupil=other, start=start_of(other)))]
    view = compare([Side("one", walks[0], law), Side("two", walks[1], law)])
    assert [row.kind for row in view.map.rows].count("ages") == 2


def test_one_walk_alone_says_how_to_add_another(sara: State) -> None:
    view = compare(made(sara, NOW))
    assert view.chosen == 0
    assert "a adds another" in view.lines[0].text


# --- which walks there are ----------------------------------------------------------------------------------


def test_a_measure_that_is_on_is_offered_off_and_the_others_on(sara: State) -> None:
    offered = dict(offers(sara, FIRST))
    assert offered["off/skip-year"] == "without Skip a year"
    assert offered["on/early-exam"] == "with Exam before penultimate year"
    assert BARE not in offered
    assert dict(offers(sara, (), "early to")).keys() == {"on/early-to-vo"}
    (without,) = made(sara, "off/skip-year")
    diploma = without.walk.diploma("vwo")
    assert diploma is not None
    assert without.walk.age_at(diploma) == 17


def test_a_kept_branch_is_offered_under_what_was_done(sara: State) -> None:
    kept = sara.keeping()
    assert offers(kept, FIRST)[0] == ("kept/0", "as it was opened")
    assert made(kept, "kept/0")[0].text == sara.document.text  # type: ignore[union-attr]
    assert side("kept/7", kept) is None


def test_another_scenario_is_kept_beside_or_refused_with_the_reason(sara: State, tmp_path: Path) -> None:
    state = with_file(sara, HAVO)
    (other,) = made(state, "kept/0")
    assert other.walk.diploma("havo") is not None
    bad = tmp_path / "bad.toml"
    bad.write_text('title = "x"\n[pupil]\nborn = "then"\n', "utf-8")
    with pytest.raises(Problems):
        with_file(sara, bad)
    with pytest.raises(Problems):
        with_file(sara, tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["cohorts/skip-year.toml", "exams-of-2026.toml", "exams/havo-2026.csv"])
def test_a_file_in_which_nobody_walks_is_refused_with_a_reason(sara: State, name: str) -> None:
    with pytest.raises(Problems) as found:
        with_file(sara, HAVO.parents[1] / name)
    assert found.value.problems


# --- the screen ---------------------------------------------------------------------------------------------


def shown(app: Workbench) -> CompareScreen:
    assert isinstance(app.screen, CompareScreen)
    return app.screen


def heads(app: Workbench) -> tuple[str, ...]:
    view = shown(app).view
    assert view is not None
    return view.heads


@pytest.mark.parametrize("size", SIZES)
def test_walks_are_added_chosen_and_taken_away_at_any_size(sara: State, size: tuple[int, int]) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("a", *"without skip", "enter")
        assert heads(app)[2] == "C without Skip a year"
        await pilot.press("up", "x")
        assert heads(app) == ("A the scenario", "B without Skip a year")
        await pilot.press("right", "right")
        assert app.state.year == SchoolYear(2014)
        await pilot.press("v", "down", "v", "question_mark")
        assert isinstance(app.screen, HelpScreen)

    drive(sara, steps, size, "compare")


def test_four_is_the_most_and_one_the_least(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        for text in ("without skip", "without vwo in"):
            await pilot.press("a", *text, "enter")
        assert len(heads(app)) == 4
        assert "four paths" in shown(app).idle()["screen.add"]
        await pilot.press("a")
        assert isinstance(app.screen, CompareScreen)
        await pilot.press("x", "x", "x", "x")
        assert len(heads(app)) == 1
        assert "screen.remove" in shown(app).idle()

    drive(sara, steps, first="compare")


def test_a_branch_is_gone_on_with_and_undo_brings_the_scenario_back(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        app.keep()
        app.flip()
        await settle(app, pilot)
        assert app.document is not None
        flipped = app.document.text
        await pilot.press("4", "a", *"as it was", "enter")
        assert "screen.take" not in shown(app).idle()
        await pilot.press("t")
        await settle(app, pilot)
        assert app.document.text == sara.document.text  # type: ignore[union-attr]
        await pilot.press("u")
        await settle(app, pilot)
        assert app.document.text == flipped

    drive(sara, steps)


def test_a_file_is_compared_with_by_its_name(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("a", *"another", "enter", *str(HAVO), "enter")
        await settle(app, pilot)
        assert len(heads(app)) == 3

    drive(sara, steps, first="compare")


def test_a_click_chooses_a_year_and_dutch_is_spoken(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        drawn = app.screen.query_one(MapView).wide
        assert drawn is not None
        assert drawn.cell > CELL
        assert [str(row).strip() for row in drawn.rows if row.kind == "title"] == [*heads(app)]
        assert await pilot.click(MapView, offset=(drawn.column_of(SchoolYear(2020)) + 2, 3))
        await pilot.pause()
        assert app.state.year == SchoolYear(2020)
        await pilot.press("l")
        await settle(app, pilot)
        assert words.language() == "nl"
        assert heads(app)[1] == "B zonder maatregelen"

    drive(sara, steps, first="compare")


def test_the_figures_of_three_walks_have_the_room_and_are_not_cut(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        figures, parts = app.screen.query_one(Figures), app.screen.query_one("#parts")
        assert parts.display
        await pilot.press("a", "down", "enter")
        await settle(app, pilot)
        assert (figures.display, parts.display) == (True, False)
        view = shown(app).view
        assert view is not None
        told = figures.table.render().plain
        assert all(cell in told for figure in view.figures for cell in (figure.label, *figure.cells))
        await pilot.press("v")
        await settle(app, pilot)
        assert (figures.display, parts.display) == (False, True)
        await pilot.press("v")
        await pilot.resize_terminal(200, 60)
        await settle(app, pilot)
        assert figures.display
        assert parts.display

    drive(sara, steps, first="compare")


def test_the_plain_form_has_the_map_the_figures_and_where_they_part(sara: State) -> None:
    told = list(plain_lines(sara))
    assert any(line.split() == ["years", "gained", "on", "A", "–", "≠", "-2"] for line in told)
    assert "Where B parts from A" in told
    assert any("≠" in line and line.strip().startswith("differs") for line in told)
