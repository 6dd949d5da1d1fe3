"""What the TOML reader says of a text that is no TOML, in the language of the reader."""

from __future__ import annotations

import re
from functools import cache

from trajectsim.words import N_, _

REASONS = (
    N_("Invalid statement"),
    N_("Invalid value"),
    N_("Invalid date or datetime"),
    N_("Invalid hex value"),
    N_("Invalid initial character for a key part"),
    N_("Expected newline or end of document after a statement"),
    N_("Expected '=' after a key in a key/value pair"),
    N_("Expected ']' at the end of a table declaration"),
    N_("Expected ']]' at the end of an array declaration"),
    N_("Expected {what}"),
    N_("Found invalid character {what}"),
    N_("Illegal character {what}"),
    N_("Cannot declare {what} twice"),
    N_("Cannot overwrite a value"),
    N_("Cannot mutate immutable namespace {what}"),
    N_("Cannot redefine namespace {what}"),
    N_("Duplicate inline table key {what}"),
    N_("Unclosed array"),
    N_("Unclosed inline table"),
    N_("Unterminated string"),
    N_("Unescaped '\\' in a string"),
    N_("Escaped character is not a Unicode scalar value"),
)
"""As ``tomllib`` of the standard library has them; one that is not here is told as it is."""


def reason_told(reason: str) -> str:
    """A reason of the reader, translated where it is known."""
    for pattern, text in _patterns():
        if match := pattern.fullmatch(reason):
            return _(text).replace("{what}", match.groupdict().get("what", ""))
    return reason


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(re.escape(text).replace(r"\{what\}", "(?P<what>.*)")), text) for text in REASONS)
