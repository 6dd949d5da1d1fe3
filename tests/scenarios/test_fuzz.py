"""Documents of every shape: read and run, or refused at a place; never anything else.

By hand at any length: HYPOTHESIS_PROFILE=dev pytest tests/scenarios/test_fuzz.py
"""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.errors import Problems
from trajectsim.law import names
from trajectsim.law.lawbook import Lawbook
from trajectsim.reading import key_of
from trajectsim.scenario import format as parts
from trajectsim.scenario.read import read_all_from
from trajectsim.scenario.run import run_source

SECTIONS = [cls for cls in vars(parts).values() if isinstance(cls, type) and attrs.has(cls)]
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
SOUND: dict[str, Any] = {
    "title": "x",
    "pupil": {"born": date(2005, 5, 5)},
    "measures": {"skip-year": True},
    "choice": [{"in": "2013/2014", "move": "skip"}],
    "reform": [{"rule": "cum-laude-vwo", "set": "mean", "from": "2027/2028", "value": 7}],
    "expect": {"diploma": [{"level": "vwo"}], "option": [{"in": "2014/2015", "move": "promote", "outcome": "open"}]},
}


@st.composite
def bent(draw: st.DrawFn) -> dict[str, Any]:
    """A sound document with something else at a few places, or the wildest one."""
    if draw(st.integers(0, 4)) == 0:
        return draw(documents)
    document: Any = _copied(SOUND)
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


@given(bent())
def test_every_document_is_run_or_refused_at_a_place(document: dict[str, Any]) -> None:
    try:
        text = tomli_w.dumps(document)
    except (ValueError, TypeError):
        return
    law = Lawbook.load()
    try:
        found = [problem for source in read_all_from(text, "x.toml") for problem in run_source(source, law).problems]
    except Problems as error:
        found = list(error.problems)
    for problem in found:
        assert problem.place is not None
        assert problem.file == "x.toml"
        assert problem.message
