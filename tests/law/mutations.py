"""Every small thing that can be wrong in the law data: the documents, each with one value changed.

What is changed: numbers, years, forces, kinds, codes, members of sets and lists, patterns, destinations, practices,
roles and subjects of exams, articles, confidence, keys and rows that are left out, and boundaries between two versions
that move together. What is not: words for people (labels, notes, doubts, definitions).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Key
from trajectsim.law.facts import KINDS, SOURCES, TAKES
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import ACTS_ON, FORCE_OF_KIND
from trajectsim.law.places import matches

WORDS = {"label", "note", "doubt", "definition", "place", "report", "nl", "en"}
"""Keys whose values are read by people only."""

_REQUIRED = {
    *("id", "span", "law", "confidence", "force", "ways", "version", "from", "to", "label", "kind", "source"),
    *("sector", "lane", "years", "nominal", "default"),
    *("level", "levels", "check", "counts", "beside", "tally", "of", "profile", "over"),
}
"""Keys that no row of their kind can be without: that the loader misses them is tested once."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "force": ("right", "discretion", "duty", "forbidden"),
    "confidence": ("A", "B", "C"),
    "source": SOURCES,
    "takes": ("default", "choice"),
    "by": ("year", "intake"),
    "default": ("always", "never"),
    "purpose": ("pass", "cum-laude", "early", "certificate", "provisional-list", "fall-back", "on-request"),
    "take": TAKES,
    "acts-on": ACTS_ON,
    "ce": ("always", "never", "either"),
    "ratings": ("O", "V", "G"),
}
_TESTS = (("min", "max"), ("has", "any"), ("any", "none"), ("equal", "not"))
_ORDERED = {"values", "nominal", "moves", "ways"}
_SAME_IF = ("force", "practice", "cite")
"""What two ways have in common when it does not matter which comes first."""
_PLACES = {"from", "to", "at"}
_ROLES = ("common", "profile", "free", "part", "vocational", "profielvak", "keuzevak", "rated", "rekentoets")
_GROUPS = ("pattern", "record", "ce", "combined", "combination", "averaged", "sheet", "core", "dutch", "english")
_MORE: dict[str, tuple[str, ...]] = {
    "levels": ("bb", "kb", "gl", "tl", "havo", "vwo"),
    "routes": ("", "learn-work", "practice"),
    **dict.fromkeys(("combination", "droppable", "beside", "se-in-ce"), _ROLES),
    "best": (*_ROLES, "combination"),
    "kept": ("core", "dutch", "english", "maths", "pws", "maat"),
    "groups": ("core", "dutch", "english", "maths", "modern-language"),
    "counts": _ROLES,
    "averaged": (*_ROLES, "combination"),
}
"""What else a list, or a table of numbers by role, of an exam could hold."""
_NEAR_DESTINATION = {"next": ("same", "next+1"), "next+1": ("next",), "same": ("next",), "out": ("same",)}
_OPEN = ".."
_INSIDE = ("2014/2015", "2025/2026")
"""What closes an open end: the known years begin and end one year further, so that it can be seen."""
_INSIDE_EXAMS = ("2012/2013", "2024/2025")
OF_EXAMS = frozenset({"exams.toml", "demands.toml", "exam_facts.toml", "subjects.toml", "packages.toml"})
"""The files of which the years are those of exams."""


@frozen
class Mutation:
    """One change: the file, the path of keys in it, and what stands there instead (None: it is left out)."""

    file: str
    at: tuple[Key, ...]
    value: Any
    row: frozenset[str]
    """The ids that the row it is in has."""

    def __str__(self) -> str:
        where = ".".join(str(key) for key in self.at)
        return f"{self.file}: {where} " + ("left out" if self.value is None else f"= {self.value!r}")

    @property
    def around(self) -> tuple[tuple[Key, ...], ...]:
        """The places in the data that it is in, from itself to the file."""
        return tuple((self.file, *self.at[:n]) for n in range(len(self.at), -1, -1))

    def applied(self, documents: Mapping[str, Any]) -> dict[str, Any]:
        """The documents with the change; what is not changed is shared."""
        return {**documents, self.file: _replaced(documents[self.file], self.at, self.value)}


def mutations(documents: Mapping[str, Any]) -> Iterator[Mutation]:
    """Every mutation of the documents."""
    places = tuple(place.id for place in Lawbook.of(documents).places())
    for file, document in documents.items():
        vocabulary = _Vocabulary.of(documents, _INSIDE_EXAMS if file in OF_EXAMS else _INSIDE, places)
        for at, value in _changes(document, (), vocabulary):
            yield Mutation(file, at, value, _ids(document, at))


@frozen
class _Vocabulary:
    """The lists that a word of the data is taken from: the values of facts, the practices, the groups of exam marks;
    facts by their kind and whether they are of an exam; the years that lie inside an open end; and the places."""

    lists: tuple[list[str], ...]
    sets: tuple[list[str], ...]
    kinds: Mapping[str, tuple[str, bool]]
    inside: tuple[str, str]
    places: tuple[str, ...]

    @classmethod
    def of(cls, documents: Mapping[str, Any], inside: tuple[str, str], places: tuple[str, ...]) -> _Vocabulary:
        facts = [fact for document in documents.values() for fact in document.get("fact", ())]
        members = [(fact["kind"], [value["id"] for value in fact.get("values", ())]) for fact in facts]
        practices = [practice["id"] for practice in documents["practices.toml"]["practice"]]
        return cls(
            lists=(*(ids for _kind, ids in members if ids), practices, [*_ROLES, *_GROUPS]),
            sets=tuple(ids for kind, ids in members if kind == "set"),
            kinds={fact["id"]: (fact["kind"], fact["source"] == "exam") for fact in facts},
            inside=inside,
            places=places,
        )

    def alike(self, pattern: str, other: str) -> bool:
        """Whether two patterns name the same places, and some."""
        named = [place for place in self.places if matches(pattern, place)]
        return bool(named) and named == [place for place in self.places if matches(other, place)]

    def beside(self, word: str) -> Iterator[str]:
        """The neighbours of a word in every list that has it."""
        for ids in self.lists:
            if word in ids:
                rank = ids.index(word)
                yield from ids[max(rank - 1, 0) : rank] + ids[rank + 1 : rank + 2]

    def others(self, members: list[str]) -> Iterator[str]:
        """What else a list of members of a set could hold."""
        for ids in self.sets:
            if all(member in ids for member in members):
                yield from (other for other in ids if other not in members)

    def next_fact(self, name: str) -> str:
        """The next declared fact of the same kind."""
        alike = [each for each, kind in self.kinds.items() if kind == self.kinds[name]]
        return alike[(alike.index(name) + 1) % len(alike)]


def _replaced(node: Any, at: tuple[Key, ...], value: Any) -> Any:
    if not at:
        return value
    key: Any = at[0]
    copy = dict(node) if isinstance(node, dict) else list(node)
    if len(at) == 1 and value is None:
        del copy[key]
    else:
        copy[key] = _replaced(copy[key], at[1:], value)
    return copy


def _ids(document: Mapping[str, Any], at: tuple[Key, ...]) -> frozenset[str]:
    if len(at) < 2:
        return frozenset({str(at[0])})
    row = document[str(at[0])][at[1]] if isinstance(document[str(at[0])], list) else {}
    if not isinstance(row, dict):
        return frozenset({str(at[0])})
    found = {row["id"]}
    for each in row.get("each", ()):
        name = row["id"]
        for key, word in each.items():
            name = name.replace("{" + key + "}", str(word))
        found.add(name)
    return frozenset(found)


Change = tuple[tuple[Key, ...], Any]


def _changes(node: Any, at: tuple[Key, ...], words: _Vocabulary) -> Iterator[Change]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in WORDS:
                if key not in _REQUIRED and value != {}:  # an empty table left out is the same
                    yield (*at, key), None
                yield from _changes(value, (*at, key), words)
        yield from _other_tests(node, at)
        if at and at[-1] in ("counts", "averaged"):
            yield from ((at, {**node, role: 1}) for role in _MORE[str(at[-1])] if role not in node)
        if at and at[-1] in ("needs", "sets"):
            for name in filter(words.kinds.__contains__, node):
                renamed = words.next_fact(name)
                if renamed not in node:
                    yield at, {(renamed if key == name else key): value for key, value in node.items()}
    elif isinstance(node, list) and at[-1] in ("span", "known", "known-exams"):
        yield from ((at, span) for span in _spans(node, words.inside))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield (*at, index), None
            yield from _changes(value, (*at, index), words)
        if at[-1] in _ORDERED:
            for index in range(len(node) - 1):
                first, second = node[index : index + 2]
                if at[-1] != "ways" or any(first.get(key) != second.get(key) for key in _SAME_IF):
                    yield at, [*node[:index], second, first, *node[index + 2 :]]
        if at[-1] in ("any", "none"):
            yield from ((at, [*node, other]) for other in words.others(node))
        yield from ((at, [*node, other]) for other in _MORE.get(str(at[-1]), ()) if other not in node)
        yield from _moved_boundaries(node, at)
    else:
        yield from ((at, value) for value in _others(node, at, words))


def _others(value: Any, at: tuple[Key, ...], words: _Vocabulary) -> Iterator[Any]:
    """What could stand in place of a plain value."""
    key = next(str(key) for key in reversed(at) if isinstance(key, str))
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | Decimal):
        yield value - 1
        yield value + 1
        if isinstance(value, Decimal) or "mean" in at:
            yield value - Decimal("0.1")
            yield value + Decimal("0.1")
    elif not isinstance(value, str):
        raise TypeError(value)
    elif key == "announced":
        yield from _near(value)
    elif key == "over":
        yield words.next_fact(value)
    elif value in _choices(key, at):
        yield from (other for other in _choices(key, at) if other != value)
    else:
        yield value + "x"
        yield from words.beside(value)
        if key in _PLACES or "/" in value:
            yield from (other for other in _other_places(value) if not words.alike(value, other))


def _choices(key: str, at: tuple[Key, ...]) -> tuple[str, ...]:
    if key == "kind":
        return KINDS if at[0] == "fact" else tuple(FORCE_OF_KIND)
    return _CHOICES.get(key, ())


def _other_places(value: str) -> Iterator[str]:
    yield from _NEAR_DESTINATION.get(value, ())
    head, slash, tail = value.rpartition("/")
    if slash and tail.isdecimal():
        yield from (f"{head}/{int(tail) - 1}", f"{head}/{int(tail) + 1}", f"{head}/*")
    elif slash and tail == "*":
        if head.endswith("*"):
            yield from (f"{head}/1", f"{head}/4", f"{head[:-1]}tl/*", "*/*")
        else:
            yield from (f"{head}/1", f"{head}/2")
    elif slash and tail in _NEAR_DESTINATION:
        yield from (f"{head}/{near}" for near in _NEAR_DESTINATION[tail])


def _other_tests(node: Mapping[str, Any], at: tuple[Key, ...]) -> Iterator[Change]:
    for one, other in _TESTS:
        for name, instead in ((one, other), (other, one)):
            alike = (one, other) == ("has", "any") and isinstance(node.get(name), str)
            if name in node and "force" not in node and not alike:
                yield at, {(instead if key == name else key): value for key, value in node.items()}


def _near(year: str) -> Iterator[str]:
    start = SchoolYear.parse(year)
    yield from (str(start + -1), str(start + 1))


def _spans(span: list[str], inside: tuple[str, str]) -> Iterator[list[str]]:
    for end in (0, 1):
        others = [inside[end]] if span[end] == _OPEN else [*_near(span[end]), _OPEN]
        yield from ([other, span[1]] if end == 0 else [span[0], other] for other in others)


def _moved_boundaries(node: list[Any], at: tuple[Key, ...]) -> Iterator[Change]:
    """Two entries that follow each other in time, with their boundary a year earlier or later."""
    for index in range(len(node) - 1):
        first, second = node[index], node[index + 1]
        if isinstance(first, dict) and "span" in first and _OPEN not in (first["span"][1], second["span"][0]):
            for last, start in zip(_near(first["span"][1]), _near(second["span"][0]), strict=True):
                moved = list(node)
                moved[index] = {**first, "span": [first["span"][0], last]}
                moved[index + 1] = {**second, "span": [start, second["span"][1]]}
                yield at, moved
