"""NO_COLOR: nothing that is drawn has a colour, and what only a background said is said otherwise."""

from __future__ import annotations

import pytest
from driving import drive, settle
from textual.pilot import Pilot

from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan
from trajectsim.tui.app import Workbench
from trajectsim.tui.state import State
from trajectsim.tui.table import SCREENS
from trajectsim.tui.viewmodel import replay
from trajectsim.tui.widgets.rules import Rules


def styles(app: Workbench) -> list[tuple[str, object]]:
    """Every text on the screen with its style, as it goes to the terminal."""
    strips = app.screen._compositor.render_strips()
    return [(part.text, part.style) for strip in strips for part in strip if part.style is not None]


@pytest.mark.parametrize(
    "theme", ["trajectsim-dark", "trajectsim-light", "trajectsim-contrast", "trajectsim-safe-light"]
)
def test_no_screen_has_a_colour(monkeypatch: pytest.MonkeyPatch, sara: Plan, law: Lawbook, theme: str) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    state = State(law, played=replay(sara, law), year=sara.start.year)

    async def steps(app: Workbench, pilot: Pilot[None]) -> None:
        app.theme = theme
        assert "NO_COLOR" in app.idle()["screen.theme"]
        for entry in SCREENS:
            await app.action_show_screen(entry.id)
            await settle(app, pilot)
            drawn = styles(app)
            assert drawn
            assert [text for text, style in drawn if style.color is not None or style.bgcolor is not None] == []
            if entry.id == "path":
                assert any(style.reverse and "Skip" in text for text, style in drawn), "the highlighted line"
            if entry.id == "law":
                chosen = app.screen.query_one(Rules).highlighted
                label = str(getattr(law.rule(chosen or ""), "label", "-"))
                assert any(style.reverse and label in text for text, style in drawn), "the highlighted rule"

    drive(state, steps)
