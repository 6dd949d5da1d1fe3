"""How a role is painted, in the colours of the theme. Colour repeats what a sign says; it never says it alone."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.theme import Theme
from textual.widget import Widget

STYLES = {
    # the line map
    "label": "bold",
    "axis": "$foreground 72%",
    "cursor": "bold $primary",
    "walk": "bold $primary",
    "hollow": "$foreground 68%",
    "hollow-diploma": "$foreground 80%",
    "repeat": "bold $error",
    "diploma": "bold $warning",
    "laude": "bold $warning",
    "act": "bold $accent",
    "resit": "bold $accent",
    "refused": "bold $error",
    "beyond": "$foreground 74%",
    # the year
    "head": "bold",
    "taken": "bold $primary",
    "yes": "$success",
    "no": "$error",
    "maybe": "$warning",
    "article": "$foreground 74%",
    "assumed": "$foreground 80%",
    # the options
    "opens": "bold $accent",
    # what changed
    "new": "$success",
    "gone": "$error",
    # the exam
    "yes-head": "bold $success",
    "no-head": "bold $error",
    "maybe-head": "bold $warning",
    "cell": "bold $background on $primary",
    "cell-wrong": "bold $background on $error",
    "cell-away": "bold on $foreground 20%",
    # the line of screens
    "tab": "$foreground",
    "tab-here": "bold $background on $primary",
    "tab-idle": "$foreground 70%",
    # the switches
    "work": "bold $success",
    "on": "$success",
    "off": "",
    "greyed": "$foreground 72%",
}

SIGN_ONLY = {"yes", "no", "maybe", "assumed", "opens", "new", "gone"}
"""Roles of which only the sign is painted, so that a tree of them stays calm to read."""

PREFIX = "trajectsim-"


DARK = Theme(
    name=PREFIX + "dark",
    primary="#6cb6ff",
    secondary="#8aa4c8",
    accent="#dba0f0",
    warning="#f0c35a",
    error="#ff7b72",
    success="#7ee0a0",
    foreground="#e2e8f0",
    background="#10151c",
    surface="#151c25",
    panel="#202a36",
    dark=True,
)
LIGHT = Theme(
    name=PREFIX + "light",
    primary="#0a58a8",
    secondary="#41597a",
    accent="#85328c",
    warning="#8a5a00",
    error="#b3202a",
    success="#16602c",
    foreground="#1b2430",
    background="#fbfbf8",
    surface="#f3f3ee",
    panel="#e2e4e2",
    dark=False,
)
CONTRAST = Theme(
    name=PREFIX + "contrast",
    primary="#8cd4ff",
    secondary="#cfe3ff",
    accent="#ffb3ff",
    warning="#ffe14d",
    error="#ffa39c",
    success="#8dffb0",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    dark=True,
)
CONTRAST_LIGHT = Theme(
    name=PREFIX + "contrast-light",
    primary="#00357a",
    secondary="#1d3350",
    accent="#5c0066",
    warning="#4d3000",
    error="#7a0008",
    success="#003d14",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#ececec",
    dark=False,
)
# Blue, orange, yellow and grey are told apart with any kind of colour blindness; red and green are not used.
SAFE = Theme(
    name=PREFIX + "safe",
    primary="#6db7f2",
    secondary="#9fb4cc",
    accent="#f0e68c",
    warning="#f2d24b",
    error="#ff9f45",
    success="#8fd0ff",
    foreground="#e8e8e8",
    background="#111111",
    surface="#181818",
    panel="#262626",
    dark=True,
)
SAFE_LIGHT = Theme(
    name=PREFIX + "safe-light",
    primary="#00558c",
    secondary="#3d5166",
    accent="#5b4d00",
    warning="#6b5200",
    error="#963d00",
    success="#004f80",
    foreground="#1a1a1a",
    background="#fcfcfa",
    surface="#f4f4f0",
    panel="#e4e4e0",
    dark=False,
)
THEMES = (DARK, LIGHT, CONTRAST, CONTRAST_LIGHT, SAFE, SAFE_LIGHT)
"""In the order in which they follow each other; those of ``trajectsim.settings``."""

NAMED = {theme.name.removeprefix(PREFIX): theme for theme in THEMES}


def painted(parts: Iterable[tuple[str, str]]) -> Content:
    """Texts with their roles as one line."""
    return Content.assemble(*((text, STYLES.get(role, "")) for text, role in parts))


def entitle(widget: Widget, title: str, beneath: str | None = None) -> None:
    """Titles in its border, above and beneath; with the same ones as before it is not drawn again."""
    above = Content(title)
    if widget.border_title != above.markup:
        widget.border_title = above
    if beneath is not None and widget.border_subtitle != (under := Content(beneath)).markup:
        widget.border_subtitle = under
