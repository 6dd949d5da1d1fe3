"""The format of a scenario as a JSON schema, for editors and for linters that know nothing of trajectsim.

It is made from the classes of ``scenario.format`` and the names of the law, and says what a key may be; what sections
have to say together, only ``check`` knows. ``schema/scenario.schema.json`` is committed and made by
``python -m trajectsim.law.index`` with the names; a test says when it is stale.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Union, cast, get_args, get_origin

import attrs

from trajectsim.calendar import SchoolYear
from trajectsim.cohort.names import FIGURES
from trajectsim.law import index, names
from trajectsim.law.facts import UNKNOWN
from trajectsim.reading import key_of
from trajectsim.scenario import format as parts
from trajectsim.scenario.cohorts import KNOWS, CohortFile
from trajectsim.scenario.expand import OF_THE_FILE
from trajectsim.scenario.figures import CohortExpect

FILE = "schema/scenario.schema.json"
"""Where it is committed, from the root of the repository."""
YEAR = r"^[0-9]{4}/[0-9]{4}$"
Schema = dict[str, Any]

FORCES = parts.FORCES
_ENUMS: dict[tuple[str, str], Iterable[str]] = {
    ("LawPart", "dates"): ("enacted", "announced"),
    ("StartPart", "at"): (*names.PLACES, "out"),
    ("StartPart", "diplomas"): names.DIPLOMAS,
    ("ChoicePart", "move"): names.MOVES,
    ("ActPart", "act"): names.ACTS,
    ("ResultPart", "role"): names.ROLES,
    ("ResultPart", "rating"): names.RATINGS,
    ("ResultPart", "outcome"): (*index.values("exam_result"), *index.values("year_result")),
    ("ReformPart", "rule"): names.RULES,
    ("AddPart", "force"): FORCES,
    ("WhichPart", "force"): FORCES,
    ("DiplomaExpected", "level"): names.DIPLOMAS,
    ("AtExpected", "place"): (*names.PLACES, "out"),
    ("AtExpected", "move"): names.MOVES,
    ("AtExpected", "measures"): names.MEASURES,
    ("AtExpected", "diplomas"): names.DIPLOMAS,
    ("AtExpected", "acts"): names.ACTS,
    ("BlockedExpected", "move"): names.MOVES,
    ("BlockedExpected", "act"): names.ACTS,
    ("BlockedExpected", "measure"): names.MEASURES,
    ("OptionExpected", "move"): names.MOVES,
    ("OptionExpected", "act"): names.ACTS,
    ("OptionExpected", "outcome"): parts.OUTCOMES,
    ("OptionExpected", "force"): FORCES,
    ("OptionExpected", "to"): (*names.PLACES, "out"),
    ("VerdictExpected", "result"): parts.RESULTS,
    ("Scenario", "status"): ("wip",),
    ("CohortFile", "status"): ("wip",),
    ("DoingPart", "act"): names.ACTS,
    ("DoingPart", "knows"): tuple(KNOWS),
    ("SelectPart", "move"): names.MOVES,
    ("SelectPart", "knows"): tuple(KNOWS),
    ("FigureExpected", "figure"): tuple(FIGURES),
}
"""The words that a key may have, by class and attribute."""
_TAKES: dict[str, tuple[str, Mapping[str, Mapping[str, str]]]] = {
    "ChoicePart": ("move", names.MOVES),
    "ActPart": ("act", names.ACTS),
    "DoingPart": ("act", names.ACTS),
    "OptionExpected": ("act", names.ACTS),
}
"""By class the key that names a move or an act, and what each of these takes."""
_KEYS: dict[tuple[str, str], Iterable[str]] = {
    ("Scenario", "measures"): names.MEASURES,
    ("Scenario", "practice"): names.PRACTICES,
    ("PolicyPart", "measures"): names.MEASURES,
    ("PolicyPart", "practice"): names.PRACTICES,
    ("PupilPart", "ability"): parts.DOMAINS,
}
"""The keys that a table may have which is no class of its own."""


def schema() -> Schema:
    """The JSON schema of a scenario file."""
    made = _Made()
    of_cohort, of_pupil = (made.table(each)["properties"] for each in (CohortFile, parts.Scenario))
    both = [made.table(each)["properties"] for each in (CohortExpect, parts.ExpectPart)]
    expect = made.named("expect", {**_object({**both[0], **both[1]}, []), **_described(parts.ExpectPart)})
    own = {**of_cohort, **of_pupil, "expect": expect}
    case = {key_of(each.name): own[key_of(each.name)] for each in attrs.fields(parts.Scenario) if each.name != "title"}
    several: Schema = {
        "extends": _text("The file that this one builds on, in this folder or below it."),
        "case": _array(
            _object({"name": _text("What this case is called."), **case}, ["name"]), "Laid over the file, one by one."
        ),
        "matrix": {
            "type": "object",
            "description": "By path (given.advice), the values to try; every combination is a scenario.",
            "properties": {
                name: _array({"type": "object", "additionalProperties": True}, f"Combinations to {name}.")
                for name in ("include", "exclude")
            },
            "additionalProperties": True,
        },
    }
    assert set(several) == set(OF_THE_FILE)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "trajectsim scenario",
        "description": "A pupil, her schools, the law, what she chooses, and what is expected to come of it.",
        **_object({**several, **own}, []),
        "anyOf": [{"required": ["title"]}, {"required": ["extends"]}],
        "definitions": made.definitions,
    }


def schema_text() -> str:
    """The schema as it is committed."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def write() -> None:
    """Write the committed schema, where the code stands in its repository."""
    file = Path(__file__).parents[3] / FILE
    if file.parent.is_dir():
        file.write_text(schema_text(), "utf-8")


# --- how it does it -----------------------------------------------------------------------------------------


class _Made:
    """The definitions that were made on the way: those of the elements of arrays."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def table(self, cls: type[Any], *, element: bool = False) -> Schema:
        """A class as a table. What is missing in a table can come from a parent; an element has to be whole."""
        fields = attrs.fields(attrs.resolve_types(cls))
        properties = {key_of(each.name): self._attribute(cls.__name__, each) for each in fields}
        needed = [key_of(each.name) for each in fields if each.default is attrs.NOTHING] if element else []
        return {**_object(properties, needed), **_described(cls), **self._arguments(cls.__name__)}

    def _arguments(self, owner: str) -> Schema:
        """What the arguments of a move or an act can be, where that is not any word."""
        key, rules = _TAKES.get(owner, ("", {}))
        kinds: dict[tuple[str, str], list[str]] = {}
        for rule, takes in rules.items():
            for each in takes.items():
                kinds.setdefault(each, []).append(rule)
        told: list[Schema] = []
        for (name, kind), named in kinds.items():
            if words := index.words(kind):
                asked: Schema = {"properties": {key: {"enum": named}}, "required": [key]}
                told.append({"if": asked, "then": {"properties": {name: self.value(str, words)}}})
        return {"allOf": told} if told else {}

    def _attribute(self, owner: str, attribute: attrs.Attribute[Any]) -> Schema:
        if attribute.name == "given" and owner in ("Scenario", "PolicyPart"):
            return self.named("given", _object({name: _given(name) for name in index.GIVEN}, []))
        keys = _KEYS.get((owner, attribute.name))
        if keys is not None:
            inner = self.value(get_args(attribute.type)[1], ())
            return self.named(attribute.name, _object(dict.fromkeys(keys, inner), []))
        return self.value(attribute.type, tuple(_ENUMS.get((owner, attribute.name), ())))

    def value(self, kind: Any, words: tuple[str, ...]) -> Schema:
        """A type as a schema; ``words`` are those that a text may be."""
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            some = [self.value(each, words) for each in get_args(kind) if each is not types.NoneType]
            return some[0] if len(some) == 1 else {"anyOf": some}
        if origin is tuple:
            return {"type": "array", "items": self._element(get_args(kind)[0], words)}
        if origin is dict:
            inner = get_args(kind)[1]
            return {"type": "object", "additionalProperties": True if inner is Any else self.value(inner, ())}
        if kind is str and words:
            return self.named(f"one of {' '.join(words[:2])}", {"type": "string", "enum": list(words)})
        if kind is Any:
            return {}
        return dict(_PLAIN[kind]) if kind in _PLAIN else self._table(kind, element=False)

    def _element(self, kind: Any, words: tuple[str, ...]) -> Schema:
        plain = kind in _PLAIN or not attrs.has(kind)
        return self.value(kind, words) if plain else self._table(cast("type[Any]", kind), element=True)

    def _table(self, cls: type[Any], *, element: bool) -> Schema:
        return self.named(cls.__name__, self.table(cls, element=element))

    def named(self, name: str, made: Schema) -> Schema:
        """A reference to a definition of that name; of its like where there is one."""
        key = re.sub(r"[^A-Za-z0-9]+", "-", name)
        while self.definitions.setdefault(key, made) != made:
            key += "-"
        return {"$ref": f"#/definitions/{key}"}


_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    date: {"type": "string", "format": "date"},
    SchoolYear: {"type": "string", "pattern": YEAR},
    parts.BirthDate: {"type": "string", "format": "date"},
    parts.Mark: {"type": "number", "minimum": 1, "maximum": 10},
    parts.Follow: {"type": "string", "pattern": rf"^calendar$|{YEAR}"},
}


def _given(name: str) -> Schema:
    """A fact that can be given, by its kind."""
    kind, _source, values = names.FACTS[name]
    if kind == "bool":
        return {"type": "boolean"}
    if kind == "count":
        return {"type": "integer", "minimum": UNKNOWN + 1, "maximum": -UNKNOWN - 1}
    if kind == "year":
        return dict(_PLAIN[SchoolYear])
    if kind == "mark":
        return dict(_PLAIN[parts.Mark])
    word: Schema = {"type": "string", "enum": list(values)}
    return {"anyOf": [word, {"type": "array", "items": word}]} if kind == "set" else word


def _object(properties: dict[str, Schema], needed: list[str]) -> Schema:
    told: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**told, "required": needed} if needed else told


def _array(items: Schema, description: str) -> Schema:
    return {"type": "array", "description": description, "items": items}


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _described(cls: type[Any]) -> Schema:
    """The first sentence of what a class says of itself."""
    text = " ".join((cls.__doc__ or "").split()).replace("``", "")
    return {"description": f"{text.split('. ')[0].rstrip('.')}."} if text else {}


if __name__ == "__main__":
    write()
