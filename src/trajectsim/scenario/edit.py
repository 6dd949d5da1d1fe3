"""Changing a scenario as text: one value, key or table at a time; comments, order and layout stay as they are.

    put(text, ("measures", "skip-year"), True)       a value, in the place of what is there or as a new key
    drop(text, ("choice", 2))                        a key or a table less
    append(text, "choice", {"in": "2017/2018", "move": "to-vwo"})    a [[table]] more

Each gives the new text, or raises Problems (S004) when the result would be another document than was asked for: a
text that cannot be changed in this way is left to whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any, cast

from trajectsim.errors import Key, Problem, Problems
from trajectsim.positions import Positions
from trajectsim.reading import parse, value_at
from trajectsim.words import _

Path = tuple[Key, ...]

ORDER = (
    "law",
    "reform",
    "measures",
    "practice",
    "pupil",
    "given",
    "start",
    "choice",
    "act",
    "result",
    "teaching-time",
    "expect",
)
"""The sections in the order in which a scenario has them; a new one goes before the first that comes after it."""


def put(text: str, at: Path, value: Any) -> str:
    """The text with a value at a path; a table around it that is not there is made."""
    parse(text, "")  # a text that is none has no places
    *around, key = at

    def change(document: dict[str, Any]) -> None:
        inside: Any = document
        for part in around:
            inside = inside.setdefault(part, {}) if isinstance(part, str) else inside[part]
        inside[key] = value

    return _checked(text, _put(text, at, value), change)


def drop(text: str, at: Path) -> str:
    """The text without a key, or without a table of an array; the same text when it has no such thing."""
    parse(text, "")
    positions = Positions(text)
    parts = text.encode().split(b"\n")
    table = positions.table_span(at)
    if table is not None:
        first, last = _line(text, table[0]), _line(text, table[1])
        while last + 1 < len(parts) and not parts[last + 1].strip():
            last += 1
    elif (value := positions.span(at)) is not None and (key := positions.key_span(at)) is not None:
        first, last = _line(text, key[0]), _line(text, value[1])
    else:
        return text
    new = b"\n".join(parts[:first] + parts[last + 1 :]).decode()

    def change(document: dict[str, Any]) -> None:
        inside: Any = document
        around: Any = document
        for part in at[:-1]:
            around, inside = inside, inside[part]
        del inside[at[-1]]
        if isinstance(inside, list) and not inside:  # the last [[table]] takes its name with it
            del around[at[-2]]

    return _checked(text, new, change)


def append(text: str, name: str, entry: Mapping[str, Any]) -> str:
    """The text with one more [[name]]: after the others of that name, else where the section has its place."""
    block = "\n".join([f"[[{name}]]", *(f"{_bare(key)} = {written(value)}" for key, value in entry.items())])
    have: list[Any] = value_at(parse(text, ""), (name,)) or []
    last = Positions(text).table_span((name, len(have) - 1)) if have else None
    new = _after_line(text, _line(text, last[1]), f"\n{block}") if last else _section(text, name, block)
    return _checked(text, new, lambda document: document.setdefault(name, []).append(dict(entry)))


def written(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_ESCAPED.get(c) or (c if c >= " " else f"\\u{ord(c):04x}") for c in value) + '"'
    if isinstance(value, Mapping):
        inside = cast("Mapping[str, Any]", value)
        return "{ " + ", ".join(f"{_bare(key)} = {written(each)}" for key, each in inside.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, cast("Iterable[Any]", value))) + "]"
    assert isinstance(value, int | Decimal | date)
    return str(value)


_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\x7f": "\\u007f"}


def _bare(key: str) -> str:
    plain = key.isascii() and all(c.isalnum() or c in "-_" for c in key) and key
    return key if plain else written(key)


def _put(text: str, at: Path, value: Any) -> str:
    """The text with a value at a path, not yet looked through again."""
    positions = Positions(text)
    span = positions.span(at)
    raw = text.encode()
    if span is not None:
        return (raw[: span[0]] + written(value).encode() + raw[span[1] :]).decode()
    *around, key = at
    line = f"{_bare(str(key))} = {written(value)}"
    table = positions.table_span(tuple(around))
    if table is not None:
        return _after_line(text, _line(text, table[1]), line)
    if not around:
        return f"{line}\n{text}" if not text.startswith("#:") else _after_line(text, 0, line)
    return _section(text, str(around[0]), f"[{'.'.join(_bare(str(part)) for part in around)}]\n{line}")


def _section(text: str, name: str, block: str) -> str:
    """The text with a new section before those that come after it in a scenario, and before the comment above them."""
    positions, lines = Positions(text), text.split("\n")
    later = ORDER[ORDER.index(name) + 1 :] if name in ORDER else ()
    starts = [_line(text, positions.header_of(part)) for part in later if positions.header_of(part) is not None]
    if not starts:
        return f"{text.rstrip()}\n\n{block}\n"
    at = min(starts)
    while at and lines[at - 1].startswith("#") and not lines[at - 1].startswith("#:"):
        at -= 1
    return "\n".join([*lines[:at], *block.split("\n"), "", *lines[at:]])


def _after_line(text: str, line: int, more: str) -> str:
    lines = text.split("\n")
    return "\n".join([*lines[: line + 1], *more.split("\n"), *lines[line + 1 :]])


def _line(text: str, offset: int | None) -> int:
    return text.encode()[:offset].count(b"\n")


def _checked(text: str, new: str, change: Callable[[dict[str, Any]], None]) -> str:
    """The new text, when it says what the old one says with the change."""
    document = deepcopy(parse(text, ""))
    try:
        change(document)
        if parse(new, "") == document:
            return new
    except (Problems, KeyError, IndexError, TypeError, AttributeError):
        pass
    message, hint = _("this cannot be changed without changing more"), _("change it in the text of the scenario")
    raise Problems([Problem("S004", message, hint=hint)])
