"""The law as a whole: loaded from ``data/``, checked, and asked for the tables that answer in a school year."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from importlib import resources
from typing import Any, TypeVar

from attrs import evolve, field, fields, frozen
from cattrs import Converter

from trajectsim import reading
from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problem, Problems
from trajectsim.law import facts as fact_kinds
from trajectsim.law.facts import Fact, Facts
from trajectsim.law.measures import FORCE_OF_KIND, Measure, Practice
from trajectsim.law.moves import Act, Diploma, Duty, Move, Rule, Versioned
from trajectsim.law.places import OUT, Place, Track, destination, matches
from trajectsim.law.tables import (
    Check,
    Cite,
    Force,
    NeedsError,
    Span,
    Table,
    Test,
    Version,
    Way,
    at,
    compile_needs,
    compile_way,
    holes,
)
from trajectsim.words import Label, _


@frozen(cache_hash=True)
class Clock:
    """Which year's law answers: the calendar's or one frozen year, by the dates in law or those once announced."""

    follow: SchoolYear | None = None
    dates: str = "enacted"


@frozen(kw_only=True)
class LawText:
    """The rows of one law file, or of all of them together."""

    known: Span | None = None
    fact: tuple[Fact, ...] = ()
    track: tuple[Track, ...] = ()
    move: tuple[Move, ...] = ()
    act: tuple[Act, ...] = ()
    diploma: tuple[Diploma, ...] = ()
    duty: tuple[Duty, ...] = ()
    measure: tuple[Measure, ...] = ()
    practice: tuple[Practice, ...] = ()


AnyRule = Move | Act | Diploma | Duty | Measure
R = TypeVar("R", Act, Diploma, Duty)
T = TypeVar("T")


@frozen(kw_only=True, eq=False)
class Lawbook:
    """The law of all years. Tables are compiled when they are first asked for and kept."""

    known: Span
    facts: Facts
    tracks: dict[str, Track]
    moves: dict[str, Move]
    acts: dict[str, Act]
    diplomas: dict[str, Diploma]
    duties: dict[str, Duty]
    measures: dict[str, Measure]
    practices: dict[str, Practice]
    _cache: dict[Any, Any] = field(factory=dict[Any, Any], init=False, repr=False)

    @classmethod
    def load(cls) -> Lawbook:
        """The law that comes with trajectsim. Raises Problems when its data is not right."""
        return _shipped()

    @classmethod
    def of(cls, documents: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str] | None = None) -> Lawbook:
        """A lawbook of plain documents by file name; ``texts`` let problems be located. Raises Problems."""
        return _assembled(documents, texts or {})

    def rule(self, rule_id: str) -> AnyRule | None:
        """A rule by its id, of whatever sort."""
        for rules in (self.moves, self.measures, self.acts, self.diplomas, self.duties):
            if rule_id in rules:
                return rules[rule_id]
        return None

    def rules(self) -> Iterator[AnyRule]:
        """Every rule, sort by sort, in the order of the data."""
        for rules in (self.measures, self.moves, self.acts, self.diplomas, self.duties):
            yield from rules.values()

    def place(self, place_id: str) -> Place | None:
        """A place by its id."""
        track_id, _slash, n = place_id.rpartition("/")
        track = self.tracks.get(track_id)
        if place_id == OUT.id:
            return OUT
        return Place(track, int(n)) if track and n.isdecimal() and 1 <= int(n) <= track.years else None

    def places(self) -> Iterator[Place]:
        """Every place in school."""
        return (Place(track, n) for track in self.tracks.values() for n in range(1, track.years + 1))

    def moves_from(self, place: Place) -> tuple[tuple[Move, Place], ...]:
        """The moves that the tables know out of a place, with where they lead, in the order of the data."""
        return self.kept(("moves", place.id), lambda: tuple(self._moves_from(place)))

    def acts_in(self, place: Place) -> tuple[Act, ...]:
        """The acts that the tables know in a place."""
        return self.kept(("acts", place.id), lambda: _there(self.acts, place))

    def diplomas_in(self, place: Place) -> tuple[Diploma, ...]:
        """The diplomas that can be earned in a place."""
        return self.kept(("diplomas", place.id), lambda: _there(self.diplomas, place))

    def law_year(self, year: int, clock: Clock) -> tuple[int, bool]:
        """The year whose law answers for a school year, and whether that is beyond what is known."""
        asked = clock.follow.start if clock.follow else year
        known = self.known.clamp(asked)
        return known, known != asked

    def table(self, rule: Versioned, year: int, intake: int, clock: Clock) -> Table:
        """The table of an act or a diploma for a school year and the intake of the pupil."""
        return self.kept((rule.id, year, intake, clock), lambda: self._table(rule, year, intake, clock, ()))

    def move_table(self, move: Move, place: Place, to: Place, year: int, intake: int, clock: Clock) -> Table:
        """The table of a move out of a place, the duties that forbid it on top."""

        def make() -> Table:
            law_year, _beyond = self.law_year(year, clock)
            duties = (d for d in _there(self.duties, place) if not any(matches(p, to.id) for p in d.to))
            forbidden = (
                compile_way(way, duty.id, duty.cite, law_year, self.facts)
                for duty in duties
                for way in at(duty.version, law_year).ways
            )
            return self._table(move, year, intake, clock, tuple(forbidden))

        return self.kept((move.id, place.id, year, intake, clock), make)

    def measure_table(self, measure: Measure, year: int, intake: int, clock: Clock) -> Table:
        """The table that says whether the law knows a measure: one way, with its dates as tests."""

        def make() -> Table:
            law_year, beyond = self._clocked(measure, year, intake, clock)
            fact = self.facts["law_intake" if measure.by == "intake" else "law_year"]
            span = measure_span(measure, clock)
            bounds = ((Test.MIN, span.first), (Test.MAX, span.last))
            checks = tuple(Check(fact, test, bound) for test, bound in bounds if bound is not None)
            cite = at(measure.cite, law_year)
            way = Way(measure.id, FORCE_OF_KIND[measure.kind], checks, cite)
            return Table(measure.id, law_year, cite, (way,), beyond)

        return self.kept((measure.id, year, intake, clock), make)

    def gaps(self) -> list[str]:
        """Every year of the known span for which not exactly one version or citation of a rule answers, in words."""
        years = range(self.known.first or 0, (self.known.last or 0) + 1)
        found: list[str] = []
        for rule in (*self.rules(), *self.tracks.values()):
            dated: list[tuple[str, list[Span]]] = [("cite", [c.span for c in rule.cite])]
            if isinstance(rule, Versioned):
                dated.append(("version", [v.span for v in rule.version]))
                ways = [way for version in rule.version for way in version.ways if way.cite]
                dated.extend((f"cite of way {n}", [c.span for c in way.cite]) for n, way in enumerate(ways))
            for what, spans in dated:
                found.extend(f"{rule.id}: {n} x {what} in {SchoolYear(y)}" for y, n in holes(spans, years))
        return found

    def changes(self, first: SchoolYear, second: SchoolYear) -> list[str]:
        """The ids of the rules that do not answer alike in two years. A renumbered article is no change."""
        return [rule.id for rule in self.rules() if _answer(rule, first.start) != _answer(rule, second.start)]

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """What ``make`` gives, made once for a key: for what depends on the law and the key alone."""
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def _moves_from(self, place: Place) -> Iterator[tuple[Move, Place]]:
        for move in self.moves.values():
            to = destination(move.to, place, self.tracks) if _is_there(move, place) else None
            if to is not None:
                yield move, to

    def _clocked(self, rule: Rule, year: int, intake: int, clock: Clock) -> tuple[int, bool]:
        return self.law_year(intake if rule.by == "intake" else year, clock)

    def _table(self, rule: Versioned, year: int, intake: int, clock: Clock, first: tuple[Way, ...]) -> Table:
        law_year, beyond = self._clocked(rule, year, intake, clock)
        own = (compile_way(w, rule.id, rule.cite, law_year, self.facts) for w in at(rule.version, law_year).ways)
        return Table(rule.id, law_year, at(rule.cite, law_year), (*first, *own), beyond)


def measure_span(measure: Measure, clock: Clock) -> Span:
    """The school years in which a measure counts, by the calendar that the clock asks for."""
    if clock.dates == "announced" and measure.announced:
        return Span(SchoolYear.parse(measure.announced).start, measure.span.last)
    return measure.span


# --- loading ------------------------------------------------------------------------------------------------


@cache
def _shipped() -> Lawbook:
    documents: dict[str, dict[str, Any]] = {}
    texts: dict[str, str] = {}
    folder = resources.files("trajectsim.law") / "data"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            texts[file.name] = file.read_text("utf-8")
            documents[file.name] = reading.parse(texts[file.name], file.name)
    return _assembled(documents, texts)


def law_converter() -> Converter:
    """How law data is structured: strictly, with spans as two school years."""
    converter = reading.strict_converter()
    converter.register_structure_hook(Span, _structure_span)
    converter.register_structure_hook(Force, _structure_force)
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


def _structure_plain(value: Any, _kind: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise reading.Unfit(_("a table"))
    return value  # pyright: ignore[reportUnknownVariableType]


def _assembled(documents: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str]) -> Lawbook:
    converter = law_converter()
    problems: list[Problem] = []
    parts: list[LawText] = []
    for file, document in documents.items():
        rows, origins = _expanded(document)
        part, found = reading.structure(rows, LawText, converter)
        if part is None:
            back = [_at_origin(problem, origins) for problem in found]
            problems.extend(reading.located(back, texts.get(file, ""), file))
        else:
            parts.append(part)
    if problems:
        raise Problems(problems)
    known = next((part.known for part in parts if part.known), Span())
    rows = {f.name: [row for part in parts for row in getattr(part, f.name)] for f in fields(LawText)[1:]}
    problems.extend(Problem("L102", f"the id {row.id} stands twice") for row in _doubles(rows))
    by_id: dict[str, Any] = {name: {row.id: row for row in found} for name, found in rows.items()}
    lawbook = Lawbook(
        known=known,
        facts=Facts({f.id: f.with_values_of(by_id["fact"].get(f.like)) for f in rows["fact"]}),
        tracks=by_id["track"],
        moves=by_id["move"],
        acts=by_id["act"],
        diplomas=by_id["diploma"],
        duties=by_id["duty"],
        measures=by_id["measure"],
        practices=by_id["practice"],
    )
    problems.extend(_meaningless(lawbook))
    if problems:
        raise Problems(problems)
    return lawbook


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
            plain: dict[str, Any] = {k: v for k, v in row.items() if k != "each"}  # pyright: ignore
            for words in row.get("each", [{}]):  # pyright: ignore
                origins[name, len(out)] = index  # pyright: ignore[reportUnknownArgumentType]
                out.append(_filled(plain, words))  # pyright: ignore
    return rows, origins


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for key, word in words.items():
            value = value.replace("{" + key + "}", word)
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


def _doubles(rows: Mapping[str, list[Any]]) -> Iterator[Any]:
    spoken = [row for name in ("move", "act", "diploma", "duty", "measure") for row in rows[name]]
    for group in (rows["fact"], rows["track"], rows["practice"], spoken):
        seen: set[str] = set()
        for row in group:
            if row.id in seen:
                yield row
            seen.add(row.id)


def _meaningless(law: Lawbook) -> Iterator[Problem]:
    """Names in the data that lead nowhere: facts, values, tracks, practices, kinds."""

    def wrong(rule: Any, message: str) -> Problem:
        return Problem("L101", f"{rule.id}: {message}")

    for fact in law.facts.values():
        if fact.kind not in fact_kinds.KINDS or fact.source not in fact_kinds.SOURCES:
            yield wrong(fact, f"unknown kind or source {fact.kind}, {fact.source}")
        elif fact.assumed is not None:
            yield from _unfit(fact, [(fact, fact.assumed)])
    for track in law.tracks.values():
        yield from (wrong(track, f"unknown move {name}") for name in track.nominal if name not in law.moves)
    for rule in law.rules():
        if rule.by not in ("year", "intake"):
            yield wrong(rule, f"unknown clock {rule.by}")
        if isinstance(rule, Versioned):
            yield from _meaningless_ways(law, rule)
        if isinstance(rule, Move):
            track = rule.to.rpartition("/")[0]
            if track and track not in law.tracks:
                yield wrong(rule, f"unknown track {track}")
        if isinstance(rule, Act):
            names = rule.arguments.values()
            yield from (wrong(rule, f"unknown fact {n}") for n in names if n != "word" and n not in law.facts)
        if isinstance(rule, Measure):
            yield from (wrong(rule, f"unknown move {name}") for name in rule.moves if name not in law.moves)
            unknown = [name for name in rule.sets if name not in law.facts]
            yield from (wrong(rule, f"unknown fact {name}") for name in unknown)
            yield from _unfit(rule, [(law.facts[n], v) for n, v in rule.sets.items() if n in law.facts])
            if rule.kind not in FORCE_OF_KIND or rule.takes not in ("default", "choice"):
                yield wrong(rule, f"unknown kind or takes {rule.kind}, {rule.takes}")
    for practice in law.practices.values():
        if isinstance(practice.default, dict):
            yield from _unfit_needs(law, practice, practice.default)


def _unfit(rule: Any, values: Iterable[tuple[Fact, Any]]) -> Iterator[Problem]:
    for fact, value in values:
        try:
            fact.encode(value)
        except reading.Unfit as error:
            yield Problem("L101", f"{rule.id}: {fact.id} expects {error.expected}")


def _unfit_needs(law: Lawbook, rule: Any, needs: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        compile_needs(needs, law.facts)
    except NeedsError as error:
        yield Problem("L101", f"{rule.id}: {'.'.join(map(str, error.at))}: {error}")


def _meaningless_ways(law: Lawbook, rule: Versioned) -> Iterator[Problem]:
    for way in itertools.chain.from_iterable(version.ways for version in rule.version):
        yield from _unfit_needs(law, rule, way.needs)
        if way.practice and way.practice not in law.practices:
            yield Problem("L101", f"{rule.id}: unknown practice {way.practice}")
        if isinstance(rule, Move) and way.force is Force.DISCRETION and not way.practice:
            yield Problem("L101", f"{rule.id}: a school decides here, and no practice says how")
    for pattern in (*rule.from_, *(rule.to if isinstance(rule, Duty) else ())):
        if pattern != OUT.id and not any(matches(pattern, place.id) for place in law.places()):
            yield Problem("L101", f"{rule.id}: no place is like {pattern}")


def _is_there(rule: Versioned, place: Place) -> bool:
    return any(matches(pattern, place.id) for pattern in rule.from_)


def _there(rules: Mapping[str, R], place: Place) -> tuple[R, ...]:
    return tuple(rule for rule in rules.values() if _is_there(rule, place))


def _answer(rule: AnyRule, year: int) -> Any:
    if not isinstance(rule, Versioned):
        return year in rule.span
    return [evolve(way, cite=()) for way in at(rule.version, year).ways]


__all__ = ["Cite", "Clock", "LawText", "Lawbook", "Version", "law_converter", "measure_span"]
