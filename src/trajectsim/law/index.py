"""The names of the law, without the law: enough to check a scenario, at a hundredth of the start-up time.

``index.json`` is generated from the data (``python -m trajectsim.law.index``); a test says when it is stale.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from trajectsim.law.facts import Fact, Value
from trajectsim.words import Label

if TYPE_CHECKING:
    from trajectsim.law.lawbook import Lawbook

FILE = Path(__file__).with_name("index.json")


@frozen
class Index:
    """Ids by what they name. ``acts`` has for each act its arguments, and for each argument the fact it fills in."""

    places: tuple[str, ...]
    moves: tuple[str, ...]
    measures: tuple[str, ...]
    practices: tuple[str, ...]
    diplomas: tuple[str, ...]
    levels: tuple[str, ...]
    acts: dict[str, dict[str, str]]
    facts: dict[str, Fact]

    @property
    def given(self) -> tuple[str, ...]:
        """The facts that a scenario may give."""
        return tuple(name for name, fact in self.facts.items() if fact.source == "given")


@cache
def read() -> Index:
    """The index that comes with trajectsim."""
    raw: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    facts = {name: _fact(name, row) for name, row in raw.pop("facts").items()}
    acts: dict[str, dict[str, str]] = raw.pop("acts")
    return Index(acts=acts, facts=facts, **{name: tuple(ids) for name, ids in raw.items()})


def built(law: Lawbook) -> str:
    """The text of the index for a lawbook."""
    raw: dict[str, Any] = {
        "places": [place.id for place in law.places()],
        "moves": list(law.moves),
        "measures": list(law.measures),
        "practices": list(law.practices),
        "diplomas": list(law.diplomas),
        "levels": sorted({track.level for track in law.tracks.values() if track.level}),
        "acts": {act.id: act.arguments for act in law.acts.values()},
        "facts": {
            fact.id: [fact.kind, fact.source, [value.id for value in fact.values]] for fact in law.facts.values()
        },
    }
    return json.dumps(raw, indent=1) + "\n"


def _fact(name: str, row: list[Any]) -> Fact:
    kind, source, values = row
    nothing = Label("", "")
    return Fact(name, kind, source, nothing, nothing, values=tuple(Value(value, "", "") for value in values))


if __name__ == "__main__":
    from trajectsim.law.lawbook import Lawbook

    FILE.write_text(built(Lawbook.load()), "utf-8")
