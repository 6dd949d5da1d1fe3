"""Every theme can be read: what is painted stands out enough from what is behind it, and no sign is a colour alone."""

from __future__ import annotations

import re

import pytest
from textual.color import Color
from textual.theme import Theme

from trajectsim import settings
from trajectsim.tui.widgets.bands import COLOURS
from trajectsim.tui.widgets.colourless import contrast
from trajectsim.tui.widgets.paint import NAMED, SIGN_ONLY, STYLES, THEMES
from trajectsim.tui.yearview import SIGNS

ENOUGH, HIGH = 4.5, 7.0
"""What the Web Content Accessibility Guidelines ask of text: level AA, level AAA."""


def colour(theme: Theme, name: str) -> Color:
    return Color.parse(getattr(theme, name))


def painted(theme: Theme, style: str, behind: Color) -> tuple[Color, Color]:
    """The colours of a text in a style over a background, and of what is behind it."""
    ink, _on, paper = style.partition("on ")
    for part in re.findall(r"\$(\w+)(?: (\d+)%)?", paper):
        behind = behind.blend(colour(theme, part[0]), int(part[1] or 100) / 100)
    front = colour(theme, "foreground")
    for part in re.findall(r"\$(\w+)(?: (\d+)%)?", ink):
        front = behind.blend(colour(theme, part[0]), int(part[1] or 100) / 100)
    return front, behind


def test_contrast_is_as_the_guidelines_give_it() -> None:
    """Black on white is the most; #767676 is the lightest grey of level AA on white."""
    white = Color.parse("#ffffff")
    assert contrast(Color.parse("#000000"), white) == contrast(white, Color.parse("#000000")) == pytest.approx(21)
    assert contrast(Color.parse("#767676"), white) >= ENOUGH > contrast(Color.parse("#777777"), white)


def test_the_themes_are_those_of_the_settings() -> None:
    assert tuple(NAMED) == settings.THEMES


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("role", STYLES)
def test_every_role_stands_out_in_every_theme(theme: Theme, role: str) -> None:
    quiet = role in ("greyed", "hollow", "tab-idle")  # less than the rest on purpose
    least = HIGH if "contrast" in theme.name and not quiet else ENOUGH
    for name in ("background", "surface", "panel"):
        front, behind = painted(theme, STYLES[role], colour(theme, name))
        assert contrast(front, behind) >= least, name


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", COLOURS)
def test_the_lines_of_a_plot_stand_out_in_every_theme(theme: Theme, name: str) -> None:
    least = HIGH if "contrast" in theme.name else ENOUGH
    assert contrast(colour(theme, name), colour(theme, "background")) >= least


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_highlighted_line_can_be_read(theme: Theme) -> None:
    for ground, share in (("primary", 0.28), ("foreground", 0.10)):
        behind = colour(theme, "background").blend(colour(theme, ground), share)
        for role in ("", *SIGN_ONLY, "refused", "head", "article"):
            front, _behind = painted(theme, STYLES.get(role, ""), behind)
            assert contrast(front, behind) >= 3.0, role


SEEING = {
    "protanopia": ((0.567, 0.433, 0.0), (0.558, 0.442, 0.0), (0.0, 0.242, 0.758)),
    "deuteranopia": ((0.625, 0.375, 0.0), (0.7, 0.3, 0.0), (0.0, 0.3, 0.7)),
    "tritanopia": ((0.95, 0.05, 0.0), (0.0, 0.433, 0.567), (0.0, 0.475, 0.525)),
}
"""How colours are mixed for who sees them so: a common approximation."""


@pytest.mark.parametrize("kind", SEEING)
@pytest.mark.parametrize("name", ["safe", "safe-light"])
def test_yes_and_no_are_far_apart_for_who_is_colour_blind(name: str, kind: str) -> None:
    def seen(shade: Color) -> tuple[float, ...]:
        return tuple(sum(w * c for w, c in zip(row, shade.normalized, strict=True)) for row in SEEING[kind])

    yes, no = (seen(colour(NAMED[name], role)) for role in ("success", "error"))
    assert sum(abs(a - b) for a, b in zip(yes, no, strict=True)) > 0.3


def test_what_colour_says_a_sign_says_too() -> None:
    assert set(SIGNS) >= SIGN_ONLY
    assert len({SIGNS[role] for role in ("yes", "no", "maybe", "assumed")}) == 4
