"""Where the trouble is in a text that the TOML parser gives up on without saying where."""

from __future__ import annotations

import re

from trajectsim.errors import Place

_SKIPPED = r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*'
_KEY_PARTS = re.compile(_SKIPPED + r"|(?P<part>[\w-]+)|(?P<dot>\.)|(?P<end>[^\s])|\n", re.DOTALL)
_BRACKETS = re.compile(_SKIPPED + r"|[\[\]{}]", re.DOTALL)
_NUMBERS = re.compile(_SKIPPED + r"|(?P<number>(?<![\w.-])[+-]?(?:(?:inf|nan)\b(?!\s*[=.-])|\d[\w.:+-]*))", re.DOTALL)


def deep_key(text: str, deepest: int) -> Place | None:
    """The dot at which a dotted key has more parts than that, or None."""
    parts = dots = 0
    for token in _KEY_PARTS.finditer(text):
        if token["dot"]:
            dots += 1
        elif token["end"] or token[0] == "\n" or parts > dots:
            parts = dots = 0
        else:
            parts += 1
        if dots > deepest:
            return _place(text, token.start())
    return None


def too_deep(text: str, deepest: int) -> Place:
    """The bracket or dot at which arrays and tables lie deeper inside each other than that."""
    depth = 0
    for token in _BRACKETS.finditer(text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > deepest:
            return _place(text, token.start())
    return deep_key(text, deepest // 2) or Place(1, 1)


def unusable_numbers(text: str, longest: int) -> list[Place]:
    """Every inf and nan that is a value and every number longer than that, else the longest number."""
    tokens = [m for m in _NUMBERS.finditer(text) if m["number"]]
    found = [m for m in tokens if m["number"].lstrip("+-") in ("inf", "nan") or len(m["number"]) > longest]
    found = found or sorted(tokens, key=lambda m: -len(m["number"]))[:1]
    return [_place(text, m.start(), min(len(m["number"]), 40)) for m in found] or [Place(1, 1)]


def _place(text: str, offset: int, width: int = 1) -> Place:
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), width)
