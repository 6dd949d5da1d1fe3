"""Random TOML documents in many ways of writing, for the tests of reading and positions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

BARE = re.compile(r"[A-Za-z0-9_-]+")
KEYS = st.one_of(
    st.sampled_from(["a", "b", "c", "move", "in", "years-in-place", "1", "3-4_x"]),
    st.sampled_from(["", "a.b", "é", "sleutel 🎒", 'quo"te', "it's", "tab\tkey", "[x]", "#", "a = 1"]),
)
TEXTS = st.one_of(
    st.sampled_from(
        ["", "skip", "a # b", "🎒🏫 vwo", 'say "x"', "it's", "two\nlines", "\n\nx\n", "back\\slash", "[a]\nb = 1"]
    ),
    st.text(max_size=8),
)
SCALARS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.booleans(),
    TEXTS,
    st.decimals(-1000, 1000, places=2),
    st.dates(),
    st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
    st.times().map(lambda moment: moment.replace(microsecond=0)),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=3),
        st.lists(st.dictionaries(KEYS, inner, max_size=2), min_size=1, max_size=3),
    ),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=5)


@st.composite
def written(draw: Draw) -> tuple[dict[str, Any], str]:
    """A document and one of the many texts that say it."""
    document = draw(DOCUMENTS)
    lines = _table(draw, (), document)
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n# the end 🏁"]))
    return document, text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


def _table(draw: Draw, path: tuple[str, ...], table: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    headed: list[str] = []
    for name, value in table.items():
        way = draw(st.sampled_from(_ways(value)))
        if way in ("header", "rows"):
            headed += _headed(draw, (*path, name), value, way)
        elif way == "dotted":
            lines += _dotted(draw, (name,), value)
        else:
            lines.append(_pair(draw, (name,), value))
        lines += draw(st.sampled_from([[], [], [], ["# 🎒 skip = 1"], [""], ["  \t"]]))
    return lines + headed


def _ways(value: Any) -> list[str]:
    if isinstance(value, dict):
        return ["inline", "header", "dotted"] if value else ["inline", "header"]
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return ["inline", "rows"]
    return ["inline"]


def _headed(draw: Draw, path: tuple[str, ...], value: Any, way: str) -> list[str]:
    lines: list[str] = []
    opening, closing = ("[", "]") if way == "header" else ("[[", "]]")
    for table in [value] if way == "header" else value:
        indent, after = draw(st.sampled_from([("", ""), ("  ", "  # 🏫"), ("\t", " #")]))
        lines.append(f"{indent}{opening}{_keys(draw, path)}{closing}{after}")
        lines += _table(draw, path, table)
    return lines


def _dotted(draw: Draw, path: tuple[str, ...], table: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for name, value in table.items():
        deeper = isinstance(value, dict) and value and draw(st.booleans())
        lines += _dotted(draw, (*path, name), value) if deeper else [_pair(draw, (*path, name), value)]
    return lines


def _pair(draw: Draw, path: tuple[str, ...], value: Any) -> str:
    indent, equals, after = draw(st.sampled_from([("", " = ", ""), ("  ", "=", " # é 🎒"), ("\t", "  =\t", "#")]))
    return f"{indent}{_keys(draw, path)}{equals}{_value(draw, value)}{after}"


def _keys(draw: Draw, path: tuple[str, ...]) -> str:
    return draw(st.sampled_from([".", ".", " . ", "\t."])).join(_key(draw, name) for name in path)


def _key(draw: Draw, name: str) -> str:
    ways = [_basic(name)]
    if BARE.fullmatch(name):
        ways += [name, name]
    if _literal(name):
        ways.append(f"'{name}'")
    return draw(st.sampled_from(ways))


def _value(draw: Draw, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        plain = [str(value), f"{value:_}", f"{value:+}"]
        return draw(st.sampled_from(plain if value < 0 else [*plain, hex(value), oct(value), bin(value)]))
    if isinstance(value, Decimal):
        return draw(st.sampled_from([f"{value:f}", f"{value:f}e0", f"{value:.2e}" if _same(value) else f"{value:f}"]))
    if isinstance(value, datetime):
        return draw(st.sampled_from([value.isoformat(), value.isoformat(" ")]))
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        return draw(st.sampled_from(_strings(value)))
    if isinstance(value, list):
        return _array(draw, value)
    return "{" + ", ".join(f"{_key(draw, k)} = {_value(draw, v)}" for k, v in value.items()) + "}"


def _same(value: Decimal) -> bool:
    return Decimal(f"{value:.2e}") == value


def _array(draw: Draw, values: list[Any]) -> str:
    opening, between, closing = draw(
        st.sampled_from([("[", ", ", "]"), ("[ ", ",", ",]"), ("[\n  # 🎒 [1, 2]\n  ", ", # é\n  ", ",\n]")])
    )
    if not values:
        return "[" + closing.replace(",", "")
    return opening + between.join(_value(draw, each) for each in values) + closing


def _strings(text: str) -> list[str]:
    escaped = _basic(text)[1:-1]
    ways = [
        f'"{escaped}"',
        f'"""\n{_escaped(text, keep=chr(10))}"""',
        f'"""\\\n  \n {escaped}"""' if text.strip() == text else f'"{escaped}"',
    ]
    if _literal(text):
        ways.append(f"'{text}'")
    if "''" not in text and not text.endswith("'") and _literal(text.replace("'", "").replace("\n", "")):
        ways.append(f"'''\n{text}'''")
    if '""' not in text and "\\" not in text and not text.endswith('"') and _plain(text.replace("\n", "")):
        ways.append(f'"""\n{text}"""')
    return ways


def _basic(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str, keep: str = "") -> str:
    special = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    return "".join(c if c in keep else special.get(c, c if _plain(c) else f"\\u{ord(c):04x}") for c in text)


def _plain(text: str) -> bool:
    return all(c >= " " and c != "\x7f" for c in text)


def _literal(text: str) -> bool:
    return "'" not in text and _plain(text.replace("\t", ""))
