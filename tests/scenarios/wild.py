"""Documents, texts and sheets of every shape, sound ones bent at some places: what the fuzzer puts in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import tomli_w
from hypothesis import strategies as st

from trajectsim.cohort.names import FIGURES
from trajectsim.exam.chunks import COLUMNS
from trajectsim.law import names
from trajectsim.reading import key_of
from trajectsim.scenario import cohorts, figures
from trajectsim.scenario import format as parts

ROOT = Path(__file__).parents[2]
SECTIONS = [
    cls
    for module in (parts, cohorts, figures)
    for cls in vars(module).values()
    if isinstance(cls, type) and attrs.has(cls) and cls.__module__ == module.__name__
]
KEYS = sorted(
    {key_of(each.name) for cls in SECTIONS for each in attrs.fields(cls)} | {"case", "matrix", "extends", "include"}
)
OF_THE_LAW = (
    names.PLACES[:9],
    [*names.MOVES][:9],
    [*names.MEASURES][:9],
    names.PRACTICES,
    names.ACTS,
    names.RULES[::9],
    [*FIGURES][::9],
)
OTHERS = (
    "2014/2015", "2027/2028", "9999/10000", "calendar", "wip", "open", "right", "mean", "always", "entl", "vwo",
    "", "é", "\u0000", "a\nb", "../x.toml", "x.toml",
)  # fmt: skip
WORDS = [*(word for words in OF_THE_LAW for word in words), *OTHERS]
plain = (
    st.sampled_from(WORDS)
    | st.integers(-3, 2100)
    | st.integers()
    | st.booleans()
    | st.dates(date(1800, 1, 1))
    | st.datetimes()
    | st.floats(allow_nan=True)
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, *WORDS[:40]]), inner, max_size=4)
    ),
    max_leaves=8,
)
documents = st.dictionaries(st.sampled_from(KEYS), values, max_size=5)
PUPIL: dict[str, Any] = {
    "title": "x",
    "pupil": {"born": date(2005, 5, 5)},
    "measures": {"skip-year": True},
    "choice": [{"in": "2013/2014", "move": "skip"}],
    "reform": [{"rule": "cum-laude-vwo", "set": "mean", "from": "2027/2028", "value": 7}],
    "expect": {
        "diploma": [{"level": "vwo"}],
        "option": [{"in": "2014/2015", "move": "promote", "outcome": "open"}],
        "route": [{"to": "vo/vwo/1", "age": 12}],
    },
}
COHORT: dict[str, Any] = {
    "title": "x",
    "cohort": {"size": 5, "births": [2005], "replications": 1},
    "policy": [
        {"id": "a", "measures": {"skip-year": {"share": 0.5}}, "given": {"advice": "vwo"}},
        {
            "id": "b",
            "select": [{"move": "skip", "at": ["po/4"], "above": 1.0, "knows": "lax"}],
            "reform": [{"rule": "cum-laude-vwo", "set": "mean", "from": "2027/2028", "value": 7}],
        },
    ],
    "world": [{"id": "w", "effects": {"measure.plusklas.delta": False}}],
    "expect": {"cohort": [{"figure": "diploma.vwo", "policy": "b", "against": "a", "value": 1, "tolerance": 2}]},
}
SHEET: dict[str, Any] = {
    "level": "vwo",
    "exam": 2024,
    "subject": [{"subject": "netl", "role": "common", "se": 7, "ce": 6.5}, {"subject": "lo", "role": "common"}],
}


@st.composite
def bent(draw: st.DrawFn, sound: dict[str, Any]) -> dict[str, Any]:
    """A sound document with something else at a few places, or the wildest one."""
    if draw(st.integers(0, 4)) == 0:
        return draw(documents)
    document: Any = _copied(sound)
    for _round in range(draw(st.integers(1, 4))):
        at = document
        for _depth in range(draw(st.integers(0, 3))):
            inside = [
                each for each in (at.values() if isinstance(at, dict) else at) if isinstance(each, dict | list) and each
            ]
            if not inside:
                break
            at = draw(st.sampled_from(inside))
        if isinstance(at, dict):
            at[draw(st.sampled_from([*at, *KEYS]))] = draw(values)
        else:
            at[draw(st.integers(0, len(at) - 1))] = draw(values)
    return document


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


def written(document: dict[str, Any]) -> str | None:
    """A document as TOML; None for one that TOML has no place for."""
    try:
        return tomli_w.dumps(document)
    except (ValueError, TypeError):
        return None


FILES = [file.read_text("utf-8") for file in sorted((ROOT / "scenarios").rglob("*.toml"))]
SIGNS = st.sampled_from(
    [*"[]{}=\"\\'#.,\n\r\t\0 \ufeff\x85", '"""', "'''", "[[", "]]", "é", "🎒", "1e999", "-", "0x", "\ud7ff"]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """The text of a scenario of the repository with signs taken out, put in and lines moved."""
    text = draw(st.sampled_from(FILES))
    for _round in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        match draw(st.integers(0, 3)):
            case 0:
                text = text[:at] + draw(SIGNS | st.text(max_size=3)) + text[at:]
            case 1:
                text = text[:at] + text[at + draw(st.integers(1, 30)) :]
            case 2:
                text = text[:at]
            case _:
                lines = text.split("\n")
                line = lines.pop(draw(st.integers(0, len(lines) - 1)))
                text = "\n".join([*lines, line])
    return text


CELLS = st.sampled_from(
    ["", "x", "vwo", "havo", "tl", "2024", "1999", "netl", "entl", "wisb", "common", "part", "6.5", "7,5", "11", "0",
     "V", "nt", "learn-work", '"', '"7,5"', "a b", "\0", "é", "-1", "1e9", "nan", ";", "\r"]
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A CSV of marks, more or less."""
    some = draw(st.lists(st.sampled_from(COLUMNS), unique=True, max_size=len(COLUMNS)))
    columns = draw(st.sampled_from([list(COLUMNS), some]))
    rows = draw(st.lists(st.lists(CELLS, max_size=len(columns) + 1), max_size=6))
    between = draw(st.sampled_from([",", ";", "\t"]))
    text = "\n".join(between.join(row) for row in [columns, *rows])
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf", b"\n\n", b"\xff"])) + text.encode() + draw(st.binary(max_size=2))
