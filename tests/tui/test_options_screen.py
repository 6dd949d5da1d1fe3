"""The options screen: what it shows, and what choosing does to the scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from driving import SIZES, drive, settle
from textual.pilot import Pilot

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.ahead import Ahead, ahead
from trajectsim.tui.app import Workbench
from trajectsim.tui.document import Document
from trajectsim.tui.optionsplain import lines as plain_lines
from trajectsim.tui.optionsview import OptionsView, questions, show, take
from trajectsim.tui.screens.help import HelpScreen
from trajectsim.tui.screens.options import OptionsScreen
from trajectsim.tui.screens.prompts import Search
from trajectsim.tui.state import State
from trajectsim.tui.viewmodel import Played
from trajectsim.tui.widgets.life import Life
from trajectsim.tui.widgets.outline import Outline
from trajectsim.tui.yearview import Line


@pytest.fixture
def sara(scenario: str, on_the_bench: Callable[[str], State]) -> State:
    return on_the_bench(scenario)


def played(state: State) -> Played:
    assert state.played is not None
    return state.played


def view(state: State, year: int, *, full: bool = True) -> OptionsView:
    walk, law = played(state).walk, played(state).law
    step = walk.at(SchoolYear(year))
    return show(walk, law, SchoolYear(year), ahead(step, law) if full and step is not None else None)


def walked(seen: OptionsView) -> Iterator[Line]:
    for line in seen.lines:
        yield from line.walk()


def line(seen: OptionsView, key: str) -> Line:
    return next(each for each in walked(seen) if each.key == key)


def after(state: State, year: int, key: str, *said: tuple[str, str]) -> State:
    """The state once a step was chosen."""
    assert state.document is not None
    each = view(state, year, full=False).choices[key]
    return state.replayed(take(state.document, played(state).plan, each, said))


# --- what it shows ------------------------------------------------------------------------------------------


def test_the_life_says_what_is_chosen_and_what_follows_by_itself(sara: State) -> None:
    life = {row.year.start: row for row in view(sara, 2014).life}
    assert [row.year for row in life.values()] == [step.state.year for step in played(sara).walk.steps]
    assert (life[2014].chosen, life[2014].step) == (True, "Skip a year")
    assert life[2015].chosen is False
    assert ("◆", "diploma") in life[2023].signs


def test_every_step_of_the_tables_is_there_once(sara: State, law: Lawbook) -> None:
    for step in played(sara).walk.steps:
        seen = view(sara, step.state.year.start, full=False)
        keys = [each.key for each in walked(seen)]
        assert len(keys) == len(set(keys))
        for option in step.moves:
            assert f"move/{option.rule.id}" in keys


def test_a_lawful_step_has_force_and_article_and_a_refused_one_the_reason_and_what_opens_it(sara: State) -> None:
    seen = view(sara, 2014)
    skip, vwo = line(seen, "move/skip"), line(seen, "move/to-vwo")
    assert skip.text == "Skip a year → groep 5 · assumed to agree ◂ chosen"
    assert "WPO art. 8" in skip.aside
    group = next(each for each in walked(seen) if vwo in each.children)
    assert "not offered: early passage to vo offered: no" in group.text
    assert group.aside == "open with the measure Early to vo"
    opener = group.children[0]
    assert (opener.sign, opener.text) == ("▹", "open with the measure Early to vo")
    assert seen.openers[opener.key].id == "early-to-vo"
    leave = line(seen, "move/leave")
    assert leave.rule == "compulsory-schooling" or "not lawful: forbidden" in leave.text


def test_before_it_is_known_what_opens_a_step_the_rest_is_there(sara: State) -> None:
    quick, full = view(sara, 2014, full=False), view(sara, 2014)
    assert (quick.waiting, full.waiting) == (True, False)
    assert not quick.openers
    assert quick.choices.keys() == full.choices.keys()


def test_the_first_line_is_the_step_that_is_taken(sara: State) -> None:
    assert view(sara, 2014).first == "move/skip"
    assert view(sara, 2015).first == "move/promote"


def test_out_of_school_it_is_said_how_it_ended(sara: State) -> None:
    seen = view(sara, 2028)
    assert [each.text for each in seen.lines] == [
        "Not in school in 2028/2029; the path ended in 2026/2027: education finished"
    ]
    assert seen.cursor == len(seen.life) - 1


# --- choosing -----------------------------------------------------------------------------------------------


def test_a_choice_is_written_in_the_scenario_and_taken_back_by_choosing_again(sara: State) -> None:
    assert sara.document is not None
    chosen = after(sara, 2016, "move/repeat")
    assert chosen.document is not None
    assert 'in = "2016/2017"\nmove = "repeat"' in chosen.document.text
    assert "# what her schools offer" in chosen.document.text
    assert played(chosen).walk.at(SchoolYear(2017)).state.place.id == "po/6"  # type: ignore[union-attr]
    back = after(chosen, 2016, "move/repeat")
    assert back.document is not None
    assert "repeat" not in back.document.text
    assert [each.state.place for each in played(back).walk.steps] == [s.state.place for s in played(sara).walk.steps]


def test_another_move_takes_the_place_of_the_one_that_was_chosen(sara: State) -> None:
    other = after(sara, 2014, "move/repeat")
    plan = played(other).plan
    assert [choice.move for choice in plan.choices if choice.year == SchoolYear(2014)] == ["repeat"]


def test_an_unlawful_choice_is_taken_up_marked_and_explained(sara: State) -> None:
    unlawful = after(sara, 2016, "move/leave")
    seen = view(unlawful, 2016)
    assert seen.lines[0].role == "refused"
    assert seen.lines[0].text.startswith("Refused: Leave school · forbidden")
    row = next(row for row in seen.life if row.year == SchoolYear(2016))
    assert ("✗", "refused") in row.signs
    assert row.chosen
    assert line(seen, "move/leave").text.endswith("◂ chosen")


def test_an_act_is_done_with_its_arguments_and_taken_back(sara: State) -> None:
    seen = view(sara, 2023, full=False)
    early = seen.choices["act/ho-course"]
    asked = questions(early, played(sara).law)
    assert [(each.name, each.label) for each in asked] == [("subject", "subject")]
    assert asked[0].find("wiskunde b") == asked[0].find("maths b") == (("wisb", "maths B"),)
    done = after(sara, 2023, "act/ho-course", ("subject", "wisb"))
    assert done.document is not None
    assert 'act = "ho-course"\nsubject = "wisb"' in done.document.text
    again = after(done, 2023, "act/ho-course/wisb")
    assert again.document is not None
    assert "ho-course" not in again.document.text


def test_a_move_into_a_study_asks_which_and_takes_none(sara: State) -> None:
    move = view(sara, 2023, full=False).choices["move/to-wo"]
    asked = questions(move, played(sara).law)
    assert [each.name for each in asked] == ["study"]
    first, *studies = asked[0].find("")
    assert first == ("-", "no study in particular")
    assert {word for word, _label in studies} == {
        study.id for study in played(sara).law.studies.values() if study.level == "wo"
    }


def test_choices_that_stand_elsewhere_are_left_to_who_wrote_them(scenario: str, law: Lawbook) -> None:
    text = f'{scenario}\n[[case]]\nname = "later"\nchoice = [{{ in = "2015/2016", move = "skip" }}]\n'
    state = State.of(Document.of(text, "cases.toml"), law)
    assert state.document is not None
    each: Ahead = view(state, 2016, full=False).choices["move/repeat"]
    with pytest.raises(Problems, match="another place"):
        take(state.document, played(state).plan, each)


# --- the screen ---------------------------------------------------------------------------------------------


def shown(app: Workbench) -> OptionsScreen:
    assert isinstance(app.screen, OptionsScreen)
    return app.screen


def at(app: Workbench, key: str) -> None:
    outline = app.screen.query_one("#ahead", Outline)
    outline.focus()
    outline.highlight(key)


@pytest.mark.parametrize("size", SIZES)
def test_years_steps_and_a_choice_at_any_size(sara: State, size: tuple[int, int]) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "right", "right")
        await settle(app, pilot)
        assert shown(app).view is not None
        assert app.state.year == SchoolYear(2016)
        at(app, "move/repeat")
        await pilot.press("space")
        await settle(app, pilot)
        assert app.document is not None
        assert 'move = "repeat"' in app.document.text
        await pilot.press("u")
        await settle(app, pilot)
        assert app.document.text == sara.document.text  # type: ignore[union-attr]

    drive(sara, steps, size, "options")


def test_around_a_step_there_is_always_some_of_its_surroundings(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "right", "right")
        await settle(app, pilot)
        outline = app.screen.query_one("#ahead", Outline)
        for _n in range(len(outline.rows)):
            await pilot.press("down")
            top, height = outline.scroll_offset.y, outline.scrollable_content_region.height
            at = next(n for n, each in enumerate(outline.rows) if each.key == outline.highlighted)
            first = sum(len(each.lines) for each in outline.rows[:at])
            last, whole = first + len(outline.rows[at].lines), sum(len(each.lines) for each in outline.rows)
            assert top <= max(0, first - 2)
            assert min(whole, last + 2) <= top + height

    drive(sara, steps, (80, 24), "options")


def test_what_would_open_a_step_is_turned_on_from_its_line(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right")
        await settle(app, pilot)
        view = shown(app).view
        assert view is not None
        opener = next(iter(view.openers))
        group = opener.rpartition("/opens/")[0]
        at(app, group)
        await pilot.press("enter")
        at(app, opener)
        await pilot.press("space")
        await settle(app, pilot)
        assert app.document is not None
        assert "early-to-vo = true" in app.document.text

    drive(sara, steps, first="options")


def test_an_argument_is_asked_for(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press(*["right"] * 11)
        await settle(app, pilot)
        at(app, "move/to-wo")
        await pilot.press("space")
        assert isinstance(app.screen, Search)
        await pilot.press("escape")
        assert app.document is sara.document
        await pilot.press("space", "enter")
        await settle(app, pilot)
        assert app.document is not None
        assert 'in = "2023/2024"\nmove = "to-wo"\n' in app.document.text

    drive(sara, steps, first="options")


def test_a_branch_is_kept_and_the_rule_of_a_step_is_read(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "b")
        await settle(app, pilot)
        assert [side.name for side in app.state.kept] == ["as it was opened"]
        at(app, "move/leave")
        await pilot.press("w")
        assert app.current_mode == "law"
        await pilot.press("escape", "question_mark")
        assert isinstance(app.screen, HelpScreen)

    drive(sara, steps, first="options")


def test_years_are_chosen_in_the_life_with_keys_and_mouse(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("shift+tab")
        assert app.screen.query_one(Life).has_focus
        await pilot.press("down", "down")
        assert app.state.year == SchoolYear(2014)
        assert await pilot.click(Life, offset=(4, 6))
        await pilot.pause()
        assert app.state.year == SchoolYear(2017)
        await settle(app, pilot)

    drive(sara, steps, first="options")


def test_dutch(sara: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("l")
        await settle(app, pilot)
        assert words.language() == "nl"
        view = shown(app).view
        assert view is not None
        assert view.heading.startswith("2012/2013 · groep 1 · 4 jaar")

    drive(sara, steps, first="options")


def test_the_plain_form_has_the_life_and_what_lies_ahead(sara: State) -> None:
    told = "\n".join(plain_lines(sara))
    assert "2014/2015  groep 3" in told
    assert "● Skip a year" in told
    assert "The school decides:" in told


def test_a_bound_that_is_another_fact_is_named_with_what_it_is(sara: State, law: Lawbook) -> None:
    played = sara.played
    assert played is not None
    told = show(played.walk, law, SchoolYear(2018))
    text = next(line.text for top in told.lines for line in top.walk() if line.key == "act/raise-advice")
    assert "(required: at most test advice, here none)" in text
