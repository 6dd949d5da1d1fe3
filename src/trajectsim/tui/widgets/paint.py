"""How a role is painted, in the colours of the theme. Colour repeats what a sign says; it never says it alone."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.theme import Theme

STYLES = {
    # the line map
    "label": "bold",
    "axis": "$foreground 70%",
    "cursor": "bold $primary",
    "walk": "bold $primary",
    "hollow": "$foreground 55%",
    "hollow-diploma": "$foreground 75%",
    "repeat": "bold $error",
    "diploma": "bold $warning",
    "laude": "bold $warning",
    "act": "bold $accent",
    "resit": "bold $accent",
    "refused": "bold $error",
    "beyond": "$foreground 70%",
    # the year
    "head": "bold",
    "taken": "bold $primary",
    "yes": "$success",
    "no": "$error",
    "maybe": "$warning",
    "article": "$foreground 70%",
    "assumed": "$foreground 80%",
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
    "tab-idle": "$foreground 62%",
    # the switches
    "work": "bold $success",
    "on": "$success",
    "off": "",
    "greyed": "$foreground 62%",
}

SIGN_ONLY = {"yes", "no", "maybe", "assumed", "new", "gone"}
"""Roles of which only the sign is painted, so that a tree of them stays calm to read."""

DARK = Theme(
    name="trajectsim-dark",
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
    name="trajectsim-light",
    primary="#0a58a8",
    secondary="#41597a",
    accent="#85328c",
    warning="#8a5a00",
    error="#b3202a",
    success="#1c6b34",
    foreground="#1b2430",
    background="#fbfbf8",
    surface="#f3f3ee",
    panel="#e2e4e2",
    dark=False,
)
THEMES = (DARK, LIGHT)
"""In the order in which they follow each other."""


def painted(parts: Iterable[tuple[str, str]]) -> Content:
    """Texts with their roles as one line."""
    return Content.assemble(*((text, STYLES.get(role, "")) for text, role in parts))
