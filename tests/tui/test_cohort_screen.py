"""The cohort screen: what is run, what is shown of it, and children for whom a policy changes something."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from attrs import evolve
from driving import SIZES, drive, settle
from textual.pilot import Pilot

from trajectsim import words
from trajectsim.cohort.design import Cohort, Totals
from trajectsim.cohort.executors import HERE, PROCESSES
from trajectsim.cohort.figures import Band
from trajectsim.cohort.running import Finished, Stopped
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.parameters import shipped
from trajectsim.learning.worlds import World
from trajectsim.path.walk import play
from trajectsim.report.parameters import parameter_label
from trajectsim.scenario.cohorts import read_cohort
from trajectsim.tui.app import Workbench
from trajectsim.tui.cohortexamples import examples
from trajectsim.tui.cohortplain import lines as plain_lines
from trajectsim.tui.cohortview import Bar, CohortDesk, Curve, coinciding, drawn, scale, show
from trajectsim.tui.document import Document
from trajectsim.tui.screens.cohort import CohortScreen
from trajectsim.tui.screens.help import HelpScreen
from trajectsim.tui.screens.prompts import Search
from trajectsim.tui.state import State
from trajectsim.tui.tornado import Row, drawn_row
from trajectsim.tui.widgets.keys import Keys

SKIP = Path(__file__).parents[2] / "scenarios" / "cohorts" / "skip-year.toml"


@pytest.fixture
def desk(law: Lawbook) -> CohortDesk:
    return CohortDesk.of_source(read_cohort(SKIP), law)


@pytest.fixture
def on_file(law: Lawbook) -> State:
    return State.of(Document.opened(SKIP), law)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is worked in other processes here."""
    monkeypatch.setattr(CohortScreen, "where", HERE)


def ran(desk: CohortDesk, shift: int = 20) -> CohortDesk:
    """The desk with a run of which the outcome is known: of a thousand children some more earn a vwo diploma."""
    done = Finished(desk.run)
    world = desk.run.worlds[0].id
    for n in range(6):
        counts = {"pupils": 1000, "diploma/vwo": 200 + n, "age/vwo": 18 * (200 + n), "age-at/vwo/18": 200 + n}
        more = {"pupils": 1000, "diploma/vwo": 200 + n + shift, "age/vwo": 18 * (200 + n + shift)}
        totals = Totals()
        totals.add({"none": counts, "skip": {**more, "age-at/vwo/18": 150, "age-at/vwo/17": 50 + n + shift}})
        done.totals[world, n] = totals
    done.evidence[world] = "C"
    return evolve(desk, done=done)


# --- what it shows ------------------------------------------------------------------------------------------


def test_a_file_has_its_policies_chosen_and_the_law_those_of_its_measures(desk: CohortDesk, law: Lawbook) -> None:
    assert [(row.box, row.id) for row in show(desk).policies] == [("[A]", "none"), ("[B]", "skip")]
    own = show(CohortDesk.of_law(law))
    assert own.policies[0].first
    assert [row.chosen for row in own.policies[1:]] == [False] * (len(own.policies) - 1)
    assert {row.id for row in own.policies[1:]} <= law.measures.keys()
    assert "space bar" in own.lines[0].text


def test_policies_are_chosen_and_left_out_but_the_first_is_always_run(desk: CohortDesk) -> None:
    without = desk.toggled("skip")
    assert [policy.id for policy in without.run.policies] == ["none"]
    assert [policy.id for policy in without.toggled("skip").run.policies] == ["none", "skip"]
    assert desk.toggled("none") is desk


def test_what_was_run_is_stale_when_something_else_is_chosen(desk: CohortDesk) -> None:
    done = ran(desk)
    assert not show(done).stale
    assert show(done.toggled("skip")).stale
    assert show(done.sized(1)).stale
    assert show(done.sized(1).sized(-1)).stale is False


def test_a_figure_that_surely_differs_comes_first(desk: CohortDesk) -> None:
    sure, *_rest = show(ran(desk)).lines
    assert sure.key == "sure"
    line = next(line for line in sure.children if line.key == "figure/diploma.vwo")
    apart = "\N{NO-BREAK SPACE}" * 2  # no line ends there
    assert line.text == f"with vwo diploma: 20.2% (20.1 to 20.4){apart}[C]"
    assert [(child.sign, child.text) for child in line.children] == [
        ("✓", f"B: +2.0 points (+2.0 to +2.0){apart}[law]")
    ]


def test_a_figure_that_may_as_well_not_differ_is_said_to_be_so(desk: CohortDesk) -> None:
    told = show(ran(desk, 0)).lines
    line = next(line for top in told for line in top.walk() if line.key == "figure/diploma.vwo/skip")
    assert line.sign == "?"
    assert "C (A to D)" in told[-1].text


def test_a_diploma_is_drawn_by_age_and_numbers_are_dutch_in_dutch(desk: CohortDesk) -> None:
    words.use("nl")
    picture = show(ran(desk).at("diploma.vwo")).picture
    assert picture is not None
    assert [bar.letter for bar in picture.values] == ["A", "B"]
    assert picture.values[0].text == "20,2% (20,1 tot 20,4)"
    first, second = picture.curves
    assert dict(zip(first.ages, first.shares, strict=True))[17] == 0.0
    assert dict(zip(second.ages, second.shares, strict=True))[18] == 15.0


def test_where_lines_of_policies_coincide_is_known() -> None:
    ages = (17, 18, 19)
    curves = (
        Curve("A", ages, (0.0, 20.0, 5.0)),
        Curve("B", ages, (0.0, 15.0, 5.4)),
        Curve("C", ages, (9.0, 15.0, 9.0)),
    )
    assert list(coinciding(curves, 0.5)) == [(17, 0.0), (18, 15.0), (19, 5.2)]
    assert list(coinciding(curves, 0.3)) == [(17, 0.0), (18, 15.0)]
    assert list(coinciding(curves[:1], 100.0)) == []


def test_a_band_is_drawn_on_its_axis_and_hollow_where_it_is_not_sure() -> None:
    bar = Bar("A", "a", Band(5.0, 0.0, 10.0), True, "")
    assert drawn(bar, 0.0, 10.0, 11) == "├────●────┤"
    assert drawn(evolve(bar, sure=False), -10.0, 10.0, 21) == " " * 10 + "├────○────┤"
    point = evolve(bar, band=Band(5.0, 5.0, 5.0))
    assert drawn(point, *scale((point,)), 11).count("●") == 1
    assert scale((bar,), zero=True) == (0.0, 10.0)


def test_each_world_of_a_file_is_looked_at_by_its_name(law: Lawbook) -> None:
    desk = CohortDesk.of_source(read_cohort(SKIP.with_name("plus-class-worlds.toml")), law)
    names = [desk.world_name, desk.other_world().world_name]
    assert names == [world.id for world in desk.cohort.worlds[:2]]
    assert desk.other_world().other_world().other_world().world == 0


# --- children -----------------------------------------------------------------------------------------------


def test_examples_are_children_whose_walk_is_otherwise_and_can_be_played_again(desk: CohortDesk) -> None:
    found = next(examples(desk, "skip"))
    assert [step.state.place for step in found.one.steps] != [step.state.place for step in found.other.steps]
    assert found.text.startswith(f"child {found.number}: ")
    again = play(found.other.plan, desk.law)
    assert [step.state.place for step in again.steps] == [step.state.place for step in found.other.steps]


def test_examples_are_not_looked_for_once_it_is_stopped(desk: CohortDesk) -> None:
    assert list(examples(desk, "skip", lambda: True)) == []


# --- the screen ---------------------------------------------------------------------------------------------


def shown(app: Workbench) -> CohortScreen:
    assert isinstance(app.screen, CohortScreen)
    return app.screen


@pytest.mark.parametrize("size", SIZES)
def test_policies_figures_and_help_at_any_size(on_file: State, size: tuple[int, int]) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        screen = shown(app)
        await pilot.press("down", "space")
        assert screen.desk is not None
        assert screen.desk.chosen == {"none"}
        await pilot.press("space", "plus")
        screen.desk = ran(screen.desk)
        screen.refreshed()
        await pilot.press("tab", "down", "down")
        await pilot.pause()
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)

    drive(on_file, steps, size, "cohort")


@pytest.mark.long
def test_a_run_is_watched_and_told_while_the_screen_stays_awake(
    on_file: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CohortScreen, "where", PROCESSES)

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        screen = shown(app)
        assert screen.desk is not None
        screen.desk = evolve(screen.desk, cohort=evolve(screen.desk.cohort, size=20, replications=5))
        await pilot.press("r")
        assert "screen.run" in screen.idle()
        await pilot.press("6", "5")  # other screens are there meanwhile
        await settle(app, pilot)
        assert screen.desk.done is not None
        assert screen.view is not None
        assert screen.view.picture is not None
        assert "screen.cancel" in screen.idle()
        await pilot.press("5")
        foot = str(screen.query_one(Keys).render())
        assert "stop" not in foot  # what was running is told no more
        assert "examples" in foot

    drive(on_file, steps, first="cohort")


def test_a_run_that_is_stopped_gives_nothing_and_says_so(on_file: State, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Event()

    def endless(cohort: Cohort, _law: object, *more: Any, stop: Callable[[], bool], **_: object) -> Finished:
        more[2](0.0, 4)
        time.sleep(0.01)
        more[2](1.5, 4)
        while not (stop() and seen.is_set()):
            time.sleep(0.01)
        raise Stopped(Finished(cohort, jobs=1))

    monkeypatch.setattr("trajectsim.cohort.running.run", endless)

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        def status() -> str:
            return str(app.screen.query_one("#status").render())

        await pilot.press("r")
        await asyncio.sleep(0.5)
        assert re.search(r"running: 38%; x stops, about \d+ s left", status())
        await pilot.press("x")
        assert "stopping: what is being worked at is finished first" in status()
        seen.set()
        await settle(app, pilot)
        assert "stopped before it was done" in status()
        assert shown(app).desk.done is None  # type: ignore[union-attr]

    drive(on_file, steps, first="cohort")


def test_a_child_is_opened_on_the_path_screen(on_file: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await settle(app, pilot)
        assert isinstance(app.screen, Search)
        await pilot.press("enter")
        await settle(app, pilot)
        assert app.current_mode == "path"
        assert app.played is not None
        assert app.state.title.startswith("child ")
        assert app.state.kept[-1].name.startswith("child ")

    drive(on_file, steps, first="cohort")


def test_what_was_run_is_stale_under_another_policy_of_the_same_name(desk: CohortDesk) -> None:
    done = ran(desk)
    first, other = done.cohort.policies
    changed = evolve(done.cohort, policies=(first, evolve(other, plan=first.plan)))
    assert show(evolve(done, cohort=changed)).stale
    assert show(evolve(done, cohort=evolve(done.cohort, births=(1999,)))).stale
    assert not show(evolve(done, cohort=evolve(done.cohort, policies=(first, evolve(other, label="x"))))).stale


def test_another_language_keeps_what_was_chosen_and_run(on_file: State, law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        screen = shown(app)
        assert screen.desk is not None
        screen.desk = ran(screen.desk)
        await pilot.press("l")
        await settle(app, pilot)
        assert screen.view is not None
        assert screen.view.picture is not None
        assert not screen.view.stale

    drive(on_file, steps, first="cohort")
    words.use("en")
    chosen = CohortDesk.of_law(law).toggled("skip-year").sized(1)
    done = evolve(chosen, done=Finished(chosen.run))
    words.use("nl")
    spoken = done.spoken()
    assert not spoken.stale
    assert spoken.chosen == chosen.chosen
    assert spoken.title != chosen.title
    assert spoken.done is not None
    assert spoken.done.cohort.policies[0].label == "zonder maatregelen"


def test_a_run_is_not_taken_for_one_of_the_file_that_was_opened_meanwhile(
    on_file: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(cohort: Cohort, _law: object, *_more: object, stop: Callable[[], bool], **_: object) -> Finished:
        until = time.monotonic() + 5
        while not stop() and time.monotonic() < until:
            time.sleep(0.01)
        return Finished(cohort)

    monkeypatch.setattr("trajectsim.cohort.running.run", slow)

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("r")
        await asyncio.sleep(0.1)
        assert app.open_file(str(SKIP.parent / "five-year-vwo.toml")) == ""
        await settle(app, pilot)
        desk = shown(app).desk
        assert desk is not None
        assert desk.title != CohortDesk.of_source(read_cohort(SKIP), app.law).title
        assert desk.done is None

    drive(on_file, steps, first="cohort")


def test_what_was_wrong_with_the_file_is_told_until_it_is_mended(on_file: State) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        assert app.document is not None
        good = app.document.text
        status = shown(app).query_one("#status")
        app.change(good.replace("size", "sise"), "worse")
        await settle(app, pilot)
        assert "missing" in str(status.render())
        app.change(good, "better")
        await settle(app, pilot)
        assert "missing" not in str(status.render())

    drive(on_file, steps, first="cohort")


def test_without_a_file_the_measures_are_there(law: Lawbook) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        screen = shown(app)
        assert "screen.examples" in screen.idle()
        await pilot.press("down", "space")
        assert screen.desk is not None
        assert len(screen.desk.run.policies) == 2
        await pilot.press("l")
        await settle(app, pilot)
        assert words.language() == "nl"
        assert screen.view is not None
        assert screen.view.policies[0].label == "zonder maatregelen"

    drive(State.of(None, law), steps, first="cohort")


def test_the_plain_form_without_a_file_lists_what_can_be_run(law: Lawbook) -> None:
    told = list(plain_lines(State.of(None, law)))
    assert told[2] == "  [A] without measures (none)"
    assert any("(five-year-vwo)" in line for line in told)


# --- what moves a figure ------------------------------------------------------------------------------------

FREE = ("measure.skip-year.repeat_odds", "promotion.e_dec", "selection.careful")


@pytest.fixture
def of_three(desk: CohortDesk) -> CohortDesk:
    """A desk where all but three parameters are known, so that there are few worlds."""
    known = {key: p.value for key, p in shipped().items() if key not in FREE and not isinstance(p.value, tuple)}
    curves = {key: list(p.value) for key, p in shipped().items() if isinstance(p.value, tuple)}
    world = World(parameters=known | curves)
    return evolve(ran(desk), cohort=evolve(desk.cohort, worlds=(world,), size=60))


def test_what_moves_a_figure_is_looked_for_once_and_shown_for_every_figure(
    on_file: State, of_three: CohortDesk, law: Lawbook
) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        screen = shown(app)
        assert "screen.moves" in screen.idle()  # there is no figure yet
        screen.desk = of_three
        screen.refreshed()
        await pilot.pause()
        await pilot.press("w")
        assert screen.desk.moves is not None or "screen.moves" in screen.idle()  # it may be done already
        await settle(app, pilot)
        assert screen.view is not None
        tornado = screen.view.tornado
        assert tornado is not None
        assert {row.parameter for row in tornado.rows} <= {parameter_label(key, law) for key in FREE}
        assert [abs(row.move) for row in tornado.rows]
        assert "worlds" in str(app.screen.query_one("TornadoBars").render())
        moves = screen.desk.moves
        await pilot.press("tab", "down", "down")
        assert screen.desk.moves is moves
        await pilot.press("w")
        assert screen.view.tornado is None
        await pilot.press("w")
        assert screen.view.tornado is not None
        screen.desk = screen.desk.toggled("skip")
        screen.refreshed()
        await pilot.pause()
        assert screen.view.tornado is None  # it was of other policies

    drive(on_file, steps, first="cohort")


def test_it_can_be_stopped(on_file: State, of_three: CohortDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(cohort: Cohort, _law: object, told: Callable[..., None], stop: Callable[[], bool], _where: str) -> None:
        while not stop():
            told(1, 10)
            time.sleep(0.01)
        raise Stopped(Finished(cohort))

    monkeypatch.setattr("trajectsim.tui.tornado.looked_for", endless)

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        screen = shown(app)
        screen.desk = of_three
        screen.refreshed()
        await pilot.pause()
        await pilot.press("w")
        await asyncio.sleep(0.3)
        assert "running: 10%" in str(app.screen.query_one("#status").render())
        await pilot.press("x")
        await settle(app, pilot)
        assert "stopped" in str(app.screen.query_one("#status").render())
        assert screen.desk.moves is None

    drive(on_file, steps, first="cohort")


def test_without_its_library_it_says_what_to_install(
    on_file: State, of_three: CohortDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trajectsim.cohort import sensitivity

    def gone(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(sensitivity, "import_module", gone)

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        screen = shown(app)
        screen.desk = of_three
        screen.refreshed()
        await pilot.pause()
        await pilot.press("w")
        await settle(app, pilot)
        assert "trajectsim[sensitivity]" in str(app.screen.query_one("#status").render())

    drive(on_file, steps, first="cohort")


def test_a_row_of_a_tornado_has_its_bar_on_its_side() -> None:
    left, right = Row("a.b", -2.0, "-2", "C"), Row("a.longer", 1.0, "+1", "D")
    assert drawn_row(left, 2.0, 5, 11, 3)[1] == "█████│     "
    name, bar, told = drawn_row(right, 2.0, 5, 11, 3)
    assert (name, bar, told) == ("a.lo…", "     │██   ", " +1 D")
    assert drawn_row(Row("a", 0.0, "0", "A"), 0.0, 1, 9, 1)[1] == "    │    "
