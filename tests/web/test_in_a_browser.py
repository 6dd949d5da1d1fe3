"""The workbench in a browser, as who opens the printed address has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from workbench_served import SARA, Served, Tab, serving

from trajectsim import words
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui import handing
from trajectsim.tui.state import State

pytestmark = pytest.mark.long

Open = Callable[[str], Tab]


def test_a_switch_is_flipped_and_the_map_changes(served: Served, tab: Open, tmp_path: Path) -> None:
    here = tab(served.address)
    before = here.page.screenshot(path=tmp_path / "before.png")
    here.page.keyboard.press("Space")  # the first switch: the year that is skipped
    here.shows("1 jaar gewonnen")
    here.page.wait_for_timeout(500)
    after = here.page.screenshot(path=tmp_path / "after.png")
    assert before != after
    assert (tmp_path / "after.png").stat().st_size > 10_000
    assert here.page.title() == "trajectsim · sara.toml"


def test_nothing_is_fetched_from_elsewhere(served: Served, tab: Open) -> None:
    here = tab(served.address)
    origin = served.address.split("/")[2]
    assert len(here.urls) >= 4
    assert {url.split("/")[2] for url in here.urls} == {origin}
    assert here.page.evaluate("document.fonts.check('16px \"Roboto Mono\"')")


def test_two_sessions_side_by_side_do_not_see_each_others_work(served: Served, tab: Open) -> None:
    one, other = tab(served.address), tab(served.address)
    assert len(served.sessions()) == 2
    one.page.keyboard.press("Space")
    one.shows("1 jaar gewonnen")
    other.page.wait_for_timeout(500)
    assert "1 jaar gewonnen" not in other.drawn
    other.page.keyboard.press("Space")
    other.shows("1 jaar gewonnen")  # and not "no measure changes this path": it began from its own


def test_who_quits_is_told_that_the_session_has_ended_and_can_begin_again(served: Served, tab: Open) -> None:
    here = tab(served.address)
    here.page.keyboard.press("q")
    here.page.wait_for_selector("body.-closed", timeout=30_000)
    assert here.page.locator(".ended").is_visible()
    here.page.get_by_role("button", name="Opnieuw beginnen").click()
    here.page.wait_for_selector("body.-first-byte:not(.-closed)", timeout=30_000)
    here.shows("2 jaar gewonnen")
    assert len(served.sessions()) == 1


def test_what_a_browser_left_unsaved_is_offered_to_it_and_to_no_other(served: Served, tab: Open) -> None:
    here = tab(served.address)
    here.page.keyboard.press("Space")
    here.shows("1 jaar gewonnen")
    here.page.wait_for_timeout(3000)  # longer than it takes to be kept
    here.page.reload()
    here.shows("werk dat niet is opgeslagen")
    other = tab(served.address)
    assert "werk dat niet is opgeslagen" not in other.drawn


def test_a_hand_out_is_given_to_the_browser(served: Served, tab: Open) -> None:
    here = tab(served.address)
    with here.page.expect_popup() as opened, here.page.context.expect_event("download") as given:
        here.page.keyboard.press("h")
    assert opened.value is not None
    page = Path(given.value.path()).read_text("utf-8")
    assert given.value.suggested_filename == "blad.html"
    assert "2 jaar gewonnen" in page
    assert "Sara" not in page


@pytest.mark.parametrize("name", ["sara", "late-bloomer", "advice-raised-unless-motivated", "mbo-levels"])
def test_a_hand_out_prints_on_one_side_of_a4(name: str, browser: Browser, law: Lawbook) -> None:
    words.use("nl")
    state = State.opened(SARA.with_name(f"{name}.toml"), law)
    page = browser.new_page()
    page.set_content(handing.page(state))
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert printed.count(b"/Type /Page\n") == 1


def test_without_a_file_the_library_is_opened(tab: Open) -> None:
    with serving() as served:
        here = tab(served.address)
        here.page.keyboard.press("d")
        here.shows("Scenario's in")
        assert here.page.title() == "trajectsim"
