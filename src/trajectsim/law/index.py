"""The names of the law, without the law: enough to check a scenario, at a fraction of the start-up time.

``names.py`` is generated from the data (``python -m trajectsim.law.index``); a test says when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trajectsim.law import names

if TYPE_CHECKING:
    from trajectsim.law.facts import Fact
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.law.measures import Measure
    from trajectsim.law.moves import Tabled
    from trajectsim.law.tables import WayText

FILE = Path(names.__file__)

GIVEN = tuple(name for name, (_kind, source, _values) in names.FACTS.items() if source == "given")
"""The facts that a scenario may give."""


_HEAD = '''"""Generated from the law data by ``python -m trajectsim.law.index``; do not edit."""

# fmt: off
# ruff: noqa: E501
'''


def values(fact_id: str) -> tuple[str, ...]:
    """The values of a fact, or the members of a set."""
    return names.FACTS[fact_id][2]


def words(kind: str) -> tuple[str, ...] | None:
    """What an argument of a kind can be; None where it can be anything."""
    return values(kind) if kind in names.FACTS else names.ARGUMENTS.get(kind)


def called(kind: str) -> dict[str, str]:
    """What people call arguments of a kind, in small letters, and the name of each."""
    return names.CALLED.get(kind, {})


def fact(fact_id: str) -> Fact:
    """A fact without its words: enough to say whether a value fits it."""
    from trajectsim.law.facts import Fact, Value  # only needed where a scenario gives a fact
    from trajectsim.words import Label

    kind, source, ids = names.FACTS[fact_id]
    nothing = Label("", "")
    return Fact(fact_id, kind, source, nothing, nothing, values=tuple(Value(each, "", "") for each in ids))


def built(law: Lawbook) -> str:
    """The text of ``names.py`` for a lawbook."""
    from pprint import pformat  # these are only needed where the file is made

    from trajectsim.law.exams import RATINGS

    walked = (
        fact for fact in law.facts.values() if fact.source not in ("exam", "plan")
    )  # a scenario has no word for these
    facts = {f.id: (f.kind, f.source, tuple(value.id for value in f.values)) for f in walked}
    tables: dict[str, tuple[str, object]] = {
        "PLACES": ("tuple[str, ...]", tuple(place.id for place in law.places())),
        "RULES": ("tuple[str, ...]", tuple(rule.id for rule in law.rules())),
        "MOVES": ("dict[str, dict[str, str]]", {move.id: move.arguments for move in law.moves.values()}),
        "ARGUMENTS": ("dict[str, tuple[str, ...]]", dict(law.arguments)),
        "CALLED": ("dict[str, dict[str, str]]", {kind: _called(names, law) for kind, names in law.arguments.items()}),
        "MEASURES": ("dict[str, dict[str, str]]", {m.id: _parameters(m, law) for m in law.measures.values()}),
        "PRACTICES": ("tuple[str, ...]", tuple(law.practices)),
        "DIPLOMAS": ("tuple[str, ...]", tuple(law.diplomas)),
        "NORMS": ("tuple[str, ...]", tuple(law.norms)),
        "LEVELS": ("tuple[str, ...]", tuple(dict.fromkeys(t.level for t in law.tracks.values() if t.level))),
        "ROLES": ("tuple[str, ...]", _roles(law)),
        "RATINGS": ("tuple[str, ...]", tuple(filter(None, RATINGS))),
        "ACTS": ("dict[str, dict[str, str]]", {act.id: act.arguments for act in law.acts.values()}),
        "FACTS": ("dict[str, tuple[str, str, tuple[str, ...]]]", facts),
    }
    return _HEAD + "".join(
        f"{name}: {kind} = {pformat(table, width=110, sort_dicts=False)}\n" for name, (kind, table) in tables.items()
    )


def _parameters(measure: Measure, law: Lawbook) -> dict[str, str]:
    """What a switch may say of a measure, and of which kind names in it are: subjects are as the acts say them that the
    measure opens."""
    from trajectsim.law.moves import WORD

    acts = (act for act in law.acts.values() if any(measure.sets.keys() & way.needs.keys() for way in _ways(act)))
    kinds = {kind for act in acts for name, kind in act.arguments.items() if name == "subject"}
    kind = kinds.pop() if len(kinds) == 1 else WORD
    return {name: kind if name == "subjects" else "" for name in measure.parameters}


def _called(known: tuple[str, ...], law: Lawbook) -> dict[str, str]:
    """The labels of arguments, of each that has one name alone."""
    rows = {**law.studies, **law.subjects}
    told: dict[str, set[str]] = {}
    for row in (rows[name] for name in known if name in rows):
        for label in (row.label.nl, row.label.en):
            told.setdefault(label.lower(), set()).add(row.id)
    return {label: name for label, (name, *more) in told.items() if not more and label not in known}


def _ways(rule: Tabled) -> Iterator[WayText]:
    return (way for version in rule.version for way in version.ways)


def _roles(law: Lawbook) -> tuple[str, ...]:
    """Every role that a subject can have in some exam."""
    compositions = [version for exam in law.exams.values() for version in exam.version]
    sittings = [version for calendar in law.calendars.values() for version in calendar.version]
    counted = [role for version in compositions for role in (*version.counts, *version.combined)]
    return tuple(dict.fromkeys((*counted, *(role for version in sittings for role in version.beside))))


if __name__ == "__main__":
    import subprocess
    import sys

    from trajectsim.law.lawbook import Lawbook

    FILE.write_text(built(Lawbook.load()), "utf-8")
    # What is made from these names follows them: each in a process of its own, which reads the new ones.
    for module in ("trajectsim.cohort.figures", "trajectsim.scenario.schema"):
        subprocess.run([sys.executable, "-m", module], check=True)
