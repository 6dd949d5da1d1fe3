"""A served workbench to ask and a browser to look with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, WebSocket, sync_playwright
from workbench_served import SARA, Served, Tab, serving

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def served() -> Iterator[Served]:
    """Sara's scenario, served."""
    with serving(SARA) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser of the system, without a window. Its loop runs in this thread as long as it lives: not beside tests of
    other modules, which have one of their own."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip("no chromium on this machine: apt-get install chromium runs the tests of serve in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[[str], Tab]]:
    """Opens an address in a browser profile of its own."""
    contexts: list[BrowserContext] = []

    def opened(address: str) -> Tab:
        context = browser.new_context(viewport={"width": 1300, "height": 800})
        contexts.append(context)
        page = context.new_page()
        found = Tab(page, [], [])

        def connected(socket: WebSocket) -> None:
            socket.on("framereceived", lambda frame: found.said.append(_text(frame)))

        page.on("websocket", connected)
        page.on("request", lambda request: found.urls.append(request.url))
        page.goto(address)
        page.wait_for_selector("body.-first-byte", timeout=30_000)
        found.shows("Welkom bij trajectsim")  # who is here for the first time is greeted
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        return found

    yield opened
    for context in contexts:
        context.close()


def _text(frame: str | bytes) -> str:
    return frame.decode("utf-8", "replace") if isinstance(frame, bytes) else frame
