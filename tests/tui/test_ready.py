"""Screens that are made before they are asked for, and keys that come before a screen is whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from driving import drive, settle
from textual.pilot import Pilot
from textual.widgets import OptionList

from trajectsim.tui.app import Workbench
from trajectsim.tui.ready import REST
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.screens.compare import CompareScreen
from trajectsim.tui.state import State
from trajectsim.tui.table import BY_ID, SCREENS, Entry

OnTheBench = Callable[[str], State]


def opened(state: State, eager: bool) -> set[str]:
    """The screens that were made once nothing is worked on any more."""

    async def run() -> set[str]:
        app = Workbench(state, eager=eager)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await settle(app, pilot)
            assert app.screen is app._made["path"]
            return {screen.ID for screen in app.there() if screen.is_mounted}

    return asyncio.run(run())


def test_every_screen_is_made_behind_the_first_one(on_the_bench: OnTheBench, scenario: str) -> None:
    assert opened(on_the_bench(scenario), eager=True) == {entry.id for entry in SCREENS}
    assert opened(on_the_bench(scenario), eager=False) == {"path"}


def test_nothing_is_made_while_keys_come(
    on_the_bench: OnTheBench, scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    clock = iter(range(1, 1000))
    monkeypatch.setattr("trajectsim.tui.ready.monotonic", lambda: next(clock) * REST / 4)

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def behind(entry: object) -> None:
        waited.append(0.0)

    monkeypatch.setattr("trajectsim.tui.ready.asyncio.sleep", sleep)

    still = [True, True]

    class Heard:
        heard = 0.0

        @property
        def busy(self) -> bool:
            return bool(still) and still.pop()

        put_behind = staticmethod(behind)

    from trajectsim.tui.ready import make_ready

    asyncio.run(make_ready(Heard(), SCREENS[:1], lambda entry: ""))
    # Busy at the first two looks of a quarter of the rest each, and then the rest after the second of them.
    assert [each > 0 for each in waited] == [True] * 4 + [False]


def test_modules_are_read_at_once_and_wait_for_a_key_that_comes_between(monkeypatch: pytest.MonkeyPatch) -> None:
    from trajectsim.tui import ready

    done: list[str] = []

    class Heard:
        heard = 0.0
        busy = False

        async def put_behind(self, entry: Entry) -> None:
            done.append(f"made {entry.id}")

    bench = Heard()

    def read(entry: Entry) -> None:
        done.append(f"read {entry.id}")
        bench.heard = 1.0

    async def waited(_bench: Heard) -> None:
        done.append("waited")

    monkeypatch.setattr(ready, "_read", read)
    monkeypatch.setattr(ready, "quiet", waited)
    asyncio.run(ready.make_ready(bench, [BY_ID["options"], BY_ID["law"]], lambda entry: ""))
    assert done == ["read options", "waited", "read law", "waited", "made options", "waited", "made law"]


def test_a_screen_out_of_sight_is_printed_when_it_comes_in_sight(on_the_bench: OnTheBench, scenario: str) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("4", "1")
        await settle(app, pilot)
        compare = app._made["compare"]
        assert isinstance(compare, CompareScreen)
        before = compare.view
        await pilot.press("space")
        await settle(app, pilot)
        assert compare.view is before
        await pilot.press("4")
        await settle(app, pilot)
        assert compare.view is not before

    drive(on_the_bench(scenario), steps)


def test_a_key_that_comes_before_a_screen_is_whole_does_nothing(on_the_bench: OnTheBench, scenario: str) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        for screen, action in (("path", "measure(1)"), ("scenarios", "write"), ("exam", "panel"), ("law", "search")):
            made = app.switch_mode(screen)
            assert isinstance(app.screen, BenchScreen)
            await app.run_action(f"screen.{action}", app.screen)
            await made
            assert app.screen.is_mounted

    drive(on_the_bench(scenario), steps, first="options")


def test_a_switch_is_drawn_once_and_a_text_before_it_is_played(on_the_bench: OnTheBench, scenario: str) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        for screen, times in (("1", 1), ("7", 2)):
            await pilot.press(screen)
            await settle(app, pilot)
            before = app.changes
            app.flip()
            await settle(app, pilot)
            assert app.changes - before == times

    drive(on_the_bench(scenario), steps)


def test_a_page_in_a_list_without_room_is_none(on_the_bench: OnTheBench, scenario: str) -> None:
    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+p")
        options = app.screen.query_one(OptionList)
        options.styles.display = "none"
        await pilot.pause()
        options.clear_options()
        options.add_options(["one", "another"])
        options.set_reactive(OptionList.highlighted, 0)
        for action in (options.action_page_up, options.action_page_down):
            action()
            assert options.highlighted == 0

    drive(on_the_bench(scenario), steps)
