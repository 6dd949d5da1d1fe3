"""From the files of ``data/`` to the rows of the law: parsed, written out, structured. What rows mean together is
checked in ``consistency``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib import resources
from typing import Any, get_args

from attrs import evolve, field, fields, frozen, resolve_types
from cattrs import Converter

from trajectsim import reading
from trajectsim.calendar import SchoolYear
from trajectsim.errors import Key, Problem, Problems
from trajectsim.law.exams import Calendar, Demand, Exam, Exclusion, Package, Subject
from trajectsim.law.facts import Fact
from trajectsim.law.measures import Measure, Practice
from trajectsim.law.moves import Act, Diploma, Duty, Move
from trajectsim.law.places import Track
from trajectsim.law.studies import Study
from trajectsim.law.tables import CONFIDENCES, Confidence, Force, Span
from trajectsim.law.teaching import Allowance, Fund, Norm
from trajectsim.words import Label, _, language

Documents = dict[str, dict[str, Any]]
"""Plain documents by file name."""


@frozen(kw_only=True)
class LawText:
    """The rows of one law file, or of all of them together."""

    known: Span | None = None
    known_exams: Span | None = None
    fact: tuple[Fact, ...] = ()
    track: tuple[Track, ...] = ()
    move: tuple[Move, ...] = ()
    act: tuple[Act, ...] = ()
    diploma: tuple[Diploma, ...] = ()
    duty: tuple[Duty, ...] = ()
    measure: tuple[Measure, ...] = ()
    practice: tuple[Practice, ...] = ()
    subject: tuple[Subject, ...] = ()
    exam: tuple[Exam, ...] = ()
    calendar: tuple[Calendar, ...] = ()
    demand: tuple[Demand, ...] = ()
    package: tuple[Package, ...] = ()
    exclusion: tuple[Exclusion, ...] = ()
    study: tuple[Study, ...] = ()
    norm: tuple[Norm, ...] = ()
    allowance: tuple[Allowance, ...] = ()
    fund: tuple[Fund, ...] = ()


def shipped() -> tuple[Documents, dict[str, str]]:
    """The documents that come with trajectsim, and their texts. Raises Problems."""
    documents: Documents = {}
    texts: dict[str, str] = {}
    folder = resources.files("trajectsim.law") / "data"
    for file in sorted(folder.iterdir(), key=lambda f: _order(f.name)):
        if file.name.endswith(".toml"):
            texts[file.name] = file.read_text("utf-8")
            documents[file.name] = reading.parse(texts[file.name], file.name)
    return documents, texts


SECTORS = ("po", "vo", "vavo", "mbo", "ho")
"""The sectors as a pupil meets them: what a file is of ends its name ("moves_within_vo.toml"), and rows stand so."""


def _order(name: str) -> tuple[str, int, str]:
    """Files of one sort stand together: first what is of all sectors, then the sectors in turn, then the rest."""
    sort, *of = name.removesuffix(".toml").split("_")
    rank = -1 if not of else SECTORS.index(of[-1]) if of[-1] in SECTORS else len(SECTORS)
    return sort, rank, name


@frozen
class Loaded:
    """The rows of all files, and where each stands: by section and id, the file and the index in its section."""

    rows: LawText
    texts: Mapping[str, str]
    origins: Mapping[tuple[Key, Key], tuple[str, int]]

    def placed(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems at (section, id of the row, ...), with file, line and column where there is a text."""
        placed: list[Problem] = []
        for problem in problems:
            if not problem.at:
                placed.append(problem)
                continue
            section, row_id, *rest = problem.at
            file, index = self.origins[section, row_id]
            there = evolve(problem, at=(section, index, *rest), file=file)
            placed.extend(reading.located([there], self.texts[file], file) if file in self.texts else [there])
        return list(dict.fromkeys(placed))  # a row that is written out many times is wrong once


@frozen
class Memo:
    """What was made of documents before: by identity of a document its rows by section with their origins, by section
    and identity of a plain row the structured ones. Of a law that is like it but for a row, only that row is made."""

    documents: Mapping[int, _Part]
    rows: Mapping[tuple[str, int], tuple[Any, ...]]
    _kept: Mapping[str, Mapping[str, Any]] = field(repr=False)
    """The documents themselves: what is kept keeps its identity."""

    @classmethod
    def of(cls, documents: Mapping[str, Mapping[str, Any]]) -> Memo:
        """Raises whatever is wrong with documents that are not right."""
        rows: dict[tuple[str, int], tuple[Any, ...]] = {}
        parts = {id(some): _part(file, some, law_converter(), {}, rows) for file, some in documents.items()}
        return cls(parts, rows, documents)


def load(documents: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str], memo: Memo | None = None) -> Loaded:
    """Structure documents. Raises Problems, located where there is a text."""
    converter = law_converter()
    where: dict[tuple[Key, Key], tuple[str, int]] = {}
    problems: list[Problem] = []
    spans: dict[str, Any] = dict.fromkeys(_SPANS.values())
    rows: dict[str, list[Any]] = {name: [] for name in _SECTIONS}
    for file, document in documents.items():
        part = memo.documents.get(id(document)) if memo is not None else None
        try:
            part = part or _part(file, document, converter, memo.rows if memo is not None else {})
        except Exception:  # whatever is wrong: a second look at the whole document says it all
            problems.extend(_problems(file, document, texts, converter))
            continue
        where |= part.origins
        for name, some in part.rows.items():
            rows[name].extend(some)
        spans |= {name: spans[name] or span for name, span in part.spans.items()}
    if problems:
        raise Problems(problems)
    told: dict[str, Any] = {**spans, **{name: tuple(some) for name, some in rows.items()}}
    return Loaded(LawText(**told), texts, where)


@frozen
class _Part:
    """What one document comes to: rows by section, where each stands, spans by name."""

    rows: dict[str, list[Any]] = field(factory=dict[str, list[Any]])
    origins: dict[tuple[Key, Key], tuple[str, int]] = field(factory=dict[tuple[Key, Key], tuple[str, int]])
    spans: dict[str, Any] = field(factory=dict[str, Any])


def _part(
    file: str,
    document: Mapping[str, Any],
    converter: Converter,
    known: Mapping[tuple[str, int], tuple[Any, ...]],
    made: dict[tuple[str, int], tuple[Any, ...]] | None = None,
) -> _Part:
    """One document structured, but for the rows that are ``known``; ``made`` is told what came of each plain row."""
    part = _Part()
    for name, value in document.items():
        if name not in _SECTIONS:
            part.spans[_SPANS[name]] = converter.structure(value, Span)
            continue
        for index, row in enumerate(value):
            some = known.get((name, id(row)))
            if some is None:
                some = tuple(converter.structure(each, _SECTIONS[name]) for each in _written_out(row))
            if made is not None:
                made[name, id(row)] = some
            part.origins.update(((name, each.id), (file, index)) for each in some)
            part.rows.setdefault(name, []).extend(some)
    return part


_SPANS = {"known": "known", "known-exams": "known_exams"}
"""Keys of a document that are no section, and what they are called in ``LawText``."""
_SECTIONS: dict[str, type[Any]] = {
    each.name: get_args(each.type)[0] for each in fields(resolve_types(LawText)) if each.name not in _SPANS.values()
}


def _problems(
    file: str, document: Mapping[str, Any], texts: Mapping[str, str], converter: Converter
) -> Iterable[Problem]:
    rows, origins = _expanded(document)
    _part, found = reading.structure(rows, LawText, converter)
    return reading.located([_at_origin(problem, origins) for problem in found], texts.get(file, ""), file)


def law_converter() -> Converter:
    """How law data is structured: strictly, with spans as two school years."""
    return _converter_in(language())


@cache
def _converter_in(_language: str) -> Converter:
    """Made once for a language: what it expects is said in words."""
    converter = reading.strict_converter()
    converter.register_structure_hook(Span, _structure_span)
    converter.register_structure_hook(Force, _structure_force)
    converter.register_structure_hook_func(lambda kind: kind is Confidence, _structure_confidence)
    converter.register_structure_hook_func(lambda kind: kind == (SchoolYear | None), reading.school_year)
    plain = converter.get_structure_hook(Label)
    label = partial(_structure_label, plain)
    converter.register_structure_hook(Label, label)
    converter.register_structure_hook_func(lambda kind: kind == (Label | None), label)
    converter.register_structure_hook_func(lambda kind: kind == dict[str, Any], _structure_plain)
    as_it_is = (str | int | bool | None, str | dict[str, Any])  # checked against the facts once all are known
    converter.register_structure_hook_func(lambda kind: kind in as_it_is, lambda value, _kind: value)
    return converter


def _structure_label(plain: Callable[[Any, Any], Label], value: Any, _kind: Any) -> Label:
    """A name that is the same in both languages may be written once."""
    return Label(value, value) if isinstance(value, str) else plain(value, Label)


def _structure_span(value: Any, _kind: Any) -> Span:
    if not (isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value)):  # pyright: ignore
        raise reading.Unfit(_('two school years, such as ["2015/2016", ".."]'))
    try:
        first, last = (None if v == ".." else SchoolYear.parse(v).start for v in value)  # pyright: ignore
    except ValueError:
        raise reading.Unfit(_('two school years, such as ["2015/2016", ".."]')) from None
    if first is not None and last is not None and last < first:
        raise reading.Unfit(_("a span that ends after it starts"))
    return Span(first, last)


def _structure_force(value: Any, _kind: Any) -> Force:
    if value not in list(Force):
        raise reading.Unfit(_("one of {names}").format(names=", ".join(Force)))
    return Force(value)


def _structure_confidence(value: Any, _kind: Any) -> Confidence:
    if value not in CONFIDENCES:
        raise reading.Unfit(_("one of {names}").format(names=", ".join(CONFIDENCES)))
    return Confidence(value)


def _structure_plain(value: Any, _kind: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise reading.Unfit(_("a table"))
    return value  # pyright: ignore[reportUnknownVariableType]


def _expanded(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[tuple[str, int], int]]:
    """The document with every row that has ``each`` written out, and where each row came from."""
    rows: dict[str, Any] = {}
    origins: dict[tuple[str, int], int] = {}
    for name, value in document.items():
        if not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):  # pyright: ignore
            rows[name] = value
            continue
        rows[name] = out = []
        for index, row in enumerate(value):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            for each in _written_out(row):
                origins[name, len(out)] = index  # pyright: ignore[reportUnknownArgumentType]
                out.append(each)  # pyright: ignore[reportUnknownMemberType]
    return rows, origins


def _written_out(row: Any) -> Iterable[dict[str, Any]]:
    """The rows that a row with ``each`` stands for; any other stands for itself."""
    if "each" not in row:
        return [row]
    plain = {key: value for key, value in row.items() if key != "each"}
    return [_filled(plain, words) for words in row["each"]]


def _filled(value: Any, words: Mapping[str, str | int]) -> Any:
    if not words:
        return value
    if isinstance(value, str):
        for key, word in words.items():
            if value == "{" + key + "}":
                return word  # a number stays one
            value = value.replace("{" + key + "}", str(word))
        return value
    if isinstance(value, list):
        return [_filled(each, words) for each in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {key: _filled(each, words) for key, each in value.items()}  # pyright: ignore
    return value


def _at_origin(problem: Problem, origins: Mapping[tuple[str, int], int]) -> Problem:
    if len(problem.at) > 1 and (problem.at[0], problem.at[1]) in origins:
        first, second, *rest = problem.at
        return evolve(problem, at=(first, origins[str(first), int(second)], *rest))
    return problem
