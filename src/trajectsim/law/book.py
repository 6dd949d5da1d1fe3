"""The law as rows and tables: asked for what answers in a school year. Where rows come from is in ``lawbook``."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any, Self, TypeVar

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.clock import CALENDAR, Clock, measure_span
from trajectsim.law.exams import Calendar, Composition, Demand, Exam, Exclusion, Package, Sitting, Subject
from trajectsim.law.facts import Fact, Facts
from trajectsim.law.lifting import Lifters, lifted, lifters
from trajectsim.law.measures import FORCE_OF_KIND, Measure, Practice
from trajectsim.law.moves import SUBJECT, Act, Diploma, Duty, Move, Rule, Tabled, Versioned
from trajectsim.law.places import OUT, Place, Track, destination, named
from trajectsim.law.reforms import Reform
from trajectsim.law.studies import Study, by_argument, study_table
from trajectsim.law.tables import (
    Check,
    Cite,
    Span,
    Table,
    Test,
    Version,
    Way,
    at,
    compile_way,
    holes,
)
from trajectsim.law.teaching import Allowance, Fund, Norm

AnyRule = Move | Act | Diploma | Duty | Norm | Measure | Study | Exam | Calendar | Demand | Package
R = TypeVar("R", Act, Diploma, Duty, Norm)
T = TypeVar("T")


@frozen(kw_only=True, eq=False)
class Book:
    """The law of all years. Tables are compiled when they are first asked for and kept.

    With ``reforms`` it is an overlay on the book ``under`` it, and shares with it every rule that no reform touches.
    """

    known: Span
    known_exams: Span
    facts: Facts
    tracks: dict[str, Track]
    moves: dict[str, Move]
    acts: dict[str, Act]
    diplomas: dict[str, Diploma]
    duties: dict[str, Duty]
    norms: dict[str, Norm]
    measures: dict[str, Measure]
    practices: dict[str, Practice]
    subjects: dict[str, Subject]
    exams: dict[str, Exam]
    calendars: dict[str, Calendar]
    demands: dict[str, Demand]
    packages: dict[str, Package]
    exclusions: dict[str, Exclusion]
    studies: dict[str, Study] = field(factory=dict[str, Study])
    allowances: dict[str, Allowance] = field(factory=dict[str, Allowance])
    funds: dict[str, Fund] = field(factory=dict[str, Fund])
    reforms: tuple[Reform, ...] = ()
    under: Self | None = field(default=None, repr=False)
    _cache: dict[Any, Any] = field(factory=dict[Any, Any], init=False, repr=False)

    def rule(self, rule_id: str) -> AnyRule | None:
        """A rule by its id, of whatever sort."""
        return next((rules[rule_id] for rules in self._sorts if rule_id in rules), None)

    def rules(self) -> Iterator[AnyRule]:
        """Every rule, sort by sort, in the order of the data."""
        for rules in self._sorts:
            yield from rules.values()

    @property
    def _sorts(self) -> tuple[Mapping[str, AnyRule], ...]:
        walked = (self.measures, self.moves, self.acts, self.diplomas, self.duties, self.norms, self.studies)
        return (*walked, self.exams, self.calendars, self.demands, self.packages)

    def place(self, place_id: str) -> Place | None:
        """A place by its id."""
        track_id, _slash, n = place_id.rpartition("/")
        track = self.tracks.get(track_id)
        if place_id == OUT.id:
            return OUT
        return next((Place(track, k) for k in range(1, track.years + 1) if str(k) == n), None) if track else None

    def places(self) -> Iterator[Place]:
        """Every place in school."""
        return (Place(track, n) for track in self.tracks.values() for n in range(1, track.years + 1))

    def moves_from(self, place: Place) -> Mapping[str, tuple[Move, Place]]:
        """The moves that the tables know out of a place by id, with where they lead, in the order of the data."""
        return self.kept(("moves", place.id), lambda: {move.id: (move, to) for move, to in self._moves_from(place)})

    def acts_in(self, place: Place) -> tuple[Act, ...]:
        """The acts that the tables know in a place."""
        return self.kept(("acts", place.id), lambda: _there(self.acts, place))

    def diplomas_in(self, place: Place) -> tuple[Diploma, ...]:
        """The diplomas that can be earned in a place."""
        return self.kept(("diplomas", place.id), lambda: _there(self.diplomas, place))

    def duties_in(self, place: Place) -> tuple[Duty, ...]:
        """The duties of who is in a place."""
        return self.kept(("duties", place.id), lambda: _there(self.duties, place))

    def norms_in(self, place: Place) -> tuple[Norm, ...]:
        """The norms of teaching time that a plan has to reach by a place."""
        return self.kept(("norms", place.id), lambda: _there(self.norms, place))

    def subject(self, code: str) -> Subject | None:
        """The subject that a code stands for, be it one of the other codes that schools use."""

        def make() -> dict[str, Subject]:
            rows = self.subjects.values()
            return {name: row for row in rows for name in row.also} | {row.id: row for row in rows}

        return self.kept("subject codes", make).get(code)

    def level_text(self, level: str) -> str:
        """The level of an exam as people say it: tl is vmbo-tl."""
        return next((str(value.label) for value in self.facts["own_level"].values if value.id == level), level)

    @property
    def arguments(self) -> Mapping[str, tuple[str, ...]]:
        """By kind what an argument can be that is no fact: a study of a level, a subject by any of its codes."""
        codes = (code for row in self.subjects.values() for code in (row.id, *row.also))
        return {**by_argument(tuple(self.studies.values())), SUBJECT: tuple(codes)}

    def subject_id(self, code: str) -> str:
        """The id of the subject that a code stands for, the code itself where it is none."""
        found = self.subject(code)
        return code if found is None else found.id

    def composition(self, level: str, year: int, clock: Clock) -> Composition:
        """Which marks count in the exam of a level in a school year. Raises StopIteration when no exam is of it."""
        exam = next(exam for exam in self.exams.values() if exam.level == level)
        return at(exam.version, self.answering(exam, self.exam_year(year, clock)[0]))

    def sitting(self, level: str, year: int, clock: Clock) -> Sitting:
        """How the exam of a level is sat in a school year. Raises StopIteration when no exam is of it."""
        calendar = next(calendar for calendar in self.calendars.values() if level in calendar.levels)
        return at(calendar.version, self.answering(calendar, self.exam_year(year, clock)[0]))

    def roles(self, level: str, year: int, clock: Clock) -> tuple[str, ...]:
        """The roles that a subject can have in the exam of a level in a school year."""
        composition = self.composition(level, year, clock)
        return (*composition.counts, *composition.combined, *self.sitting(level, year, clock).beside)

    def exam_reforms(self, level: str, year: int, clock: Clock) -> tuple[tuple[AnyRule, Cite], ...]:
        """The rules on what an exam of a level consists of and how it is sat that a reform changes in a school year."""
        rows = (*(e for e in self.exams.values() if e.level == level), *self.calendars.values())
        asked = [row for row in rows if isinstance(row, Exam) or level in row.levels]
        cites = [(row, at(row.cite, self.answering(row, self.exam_year(year, clock)[0]))) for row in asked]
        return tuple((row, cite) for row, cite in cites if cite.reform)

    def demands_of(self, level: str, route: str, purpose: str, year: int, clock: Clock) -> tuple[Table, ...]:
        """The tables of what an exam demands in a school year, in the order of the data; only those that do."""

        def make() -> tuple[Table, ...]:
            law_year, beyond = self.exam_year(year, clock)
            rows = (row for row in self.demands.values() if row.purpose == purpose)
            asked = (row for row in rows if level in row.levels and route in row.routes)
            tables = (self._own_table(row, law_year, beyond) for row in asked)
            return tuple(table for table in tables if table.ways)

        return self.kept(("demands", level, route, purpose, year, clock), make)

    def law_year(self, year: int, clock: Clock) -> tuple[int, bool]:
        """The year whose law answers for a school year, and whether that is beyond what is known."""
        return self.kept(("law year", year, clock), lambda: self._within(self.known, year, clock))

    def exam_year(self, year: int, clock: Clock) -> tuple[int, bool]:
        """The same for exams, whose law is known further back."""
        return self._within(self.known_exams, year, clock)

    def table(self, rule: Versioned, year: int, intake: int, clock: Clock, lifted_by: Lifters = ()) -> Table:
        """The table of an act or a diploma for a school year and the intake of the pupil."""
        if self.under is not None and not self.touched & {rule.id, *lifted_by}:
            return self.under.table(rule, year, intake, clock, lifted_by)
        key = (rule.id, year, intake, clock, lifted_by)
        return self.kept(key, lambda: self._lifted(self._table(rule, year, intake, clock, ()), lifted_by, year, clock))

    def move_table(
        self, move: Move, place: Place, to: Place, year: int, intake: int, clock: Clock, lifted_by: Lifters = ()
    ) -> Table:
        """The table of a move out of a place, the duties that forbid it on top."""
        if self.under is not None and not self.touched & {move.id, *self.duties, *lifted_by}:
            return self.under.move_table(move, place, to, year, intake, clock, lifted_by)

        def make() -> Table:
            answering = self.law_year(year, clock)
            # what answers alike is one table: most years ahead have the law of the last that is known
            told = answering if move.by == "year" else (*answering, *self.law_year(intake, clock))
            own = self.kept(("own", move.id, place.id, told), own_table)
            return self._lifted(own, lifted_by, year, clock)

        def own_table() -> Table:
            law_year, _beyond = self.law_year(year, clock)
            duties = (d for d in self.duties_in(place) if not named(d.to, to.id))
            forbidden = (way for duty in duties for way in self._own_ways(duty, self.answering(duty, law_year)))
            return self._table(move, year, intake, clock, tuple(forbidden))

        return self.kept((move.id, place.id, year, intake, clock, lifted_by), make)

    def study_table(self, study: Study, intake: int, clock: Clock) -> Table:
        """The table of what a study asks of who enters it in a school year."""
        key = (study.id, intake, clock)
        return self.kept(key, lambda: study_table(study, *self.law_year(intake, clock), self.facts))

    def lifters(self, rule_id: str) -> tuple[Measure, ...]:
        """The measures that lift the demands of a rule while they are in effect."""
        return self.kept("lifters", lambda: lifters(self.measures.values())).get(rule_id, ())

    @property
    def liftable(self) -> tuple[str, ...]:
        """The rules that a measure can lift: what a school demands, not what is earned or forbidden."""
        return (*self.moves, *self.acts, *self.norms)

    def measure_table(self, measure: Measure, year: int, intake: int, clock: Clock) -> Table:
        """The table that says whether the law knows a measure: a way for each span, with its dates as tests."""

        def make() -> Table:
            law_year, beyond = self._clocked(measure, year, intake, clock)
            fact = self.facts["law_intake" if measure.by == "intake" else "law_year"]
            cite = at(measure.cite, self.answering(measure, law_year))
            ways = tuple(
                Way(measure.id, FORCE_OF_KIND[measure.kind], _dated(fact, span), cite)
                for span in self.measure_spans(measure, clock)
            )
            return Table(measure.id, law_year, cite, ways, beyond)

        return self.kept((measure.id, year, intake, clock), make)

    def measure_spans(self, measure: Measure, clock: Clock) -> tuple[Span, ...]:
        """The school years in which the law, with its reforms, knows a measure, by the calendar of the clock."""
        spans = (
            self.under.measure_spans(measure, clock) if self.under else (self._opened(measure_span(measure, clock)),)
        )
        for reform in self.reforms:
            spans = reform.lawful_spans(spans) if reform.rule == measure.id else spans
        return spans

    def _opened(self, span: Span) -> Span:
        """A span without bounds where nothing is known beyond: the nearest known year answers there, reform or not."""
        first, last = self.known.first or 0, self.known.last or 0
        return Span(
            None if span.first is None or span.first <= first else span.first,
            None if span.last is None or span.last >= last else span.last,
        )

    def gaps(self, only: Container[str] | None = None) -> list[str]:
        """Every year of the known span for which not exactly one version or citation of a rule answers, in words; of
        all rules and tracks, or of ``only`` some by their ids."""
        found: list[str] = []
        for rule in (*self.rules(), *self.tracks.values()):
            if only is not None and rule.id not in only:
                continue
            known = self.known_exams if isinstance(rule, OfExams) else self.known
            years = range(known.first or 0, (known.last or 0) + 1)
            dated: list[tuple[str, list[Span]]] = [("cite", [c.span for c in rule.cite])]
            if isinstance(rule, Tabled | Exam | Calendar | Study):
                dated.append(("version", [v.span for v in rule.version]))
            if isinstance(rule, Tabled):
                found.extend(_holes_of_ways(rule, years))
            if isinstance(rule, Measure) and rule.lifting:
                dated.append(("lifting", [cite.span for cite in rule.lifting]))
            for what, spans in dated:
                found.extend(f"{rule.id}: {n} x {what} in {SchoolYear(y)}" for y, n in holes(spans, years))
        return found

    def changes(self, first: SchoolYear, second: SchoolYear) -> list[str]:
        """The ids of the rules that do not answer alike in two years. A renumbered article is no change."""
        answers = zip(self._dated, self._answers(first.start), self._answers(second.start), strict=True)
        # As a rule the same version answers, and is not read.
        return [rule.id for rule, one, other in answers if one != other and _said(one) != _said(other)]

    def _answers(self, year: int) -> list[bool | list[Any]]:
        """What answers in a year of each rule that can answer otherwise in another."""
        return self.kept(("answers", year), lambda: [self._answering(rule, year) for rule in self._dated])

    @property
    def _dated(self) -> list[AnyRule]:
        """The rules that can answer otherwise in another year: most have one version for all years."""

        def dated(rule: AnyRule) -> bool:
            return isinstance(rule, Measure) or any(version.span != Span() for version in rule.version)

        return self.kept("dated", lambda: [rule for rule in self.rules() if dated(rule)])

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
        return self._own_table(rule, *self._clocked(rule, year, intake, clock), first)

    def _lifted(self, table: Table, lifted_by: Lifters, year: int, clock: Clock) -> Table:
        lifting = [self.measures[name] for name in lifted_by]
        law_year, _beyond = self.law_year(year, clock)
        return lifted(table, [(m, at(m.lifting or m.cite, self.answering(m, law_year))) for m in lifting], self.facts)

    def _own_table(self, rule: Tabled, law_year: int, beyond: bool, first: tuple[Way, ...] = ()) -> Table:
        year = self.answering(rule, law_year)
        return Table(rule.id, year, at(rule.cite, year), (*first, *self._own_ways(rule, year)), beyond)

    def _own_ways(self, rule: Tabled, year: int) -> tuple[Way, ...]:
        """The ways of a rule in a year, compiled once for all the places that it is asked in."""

        def make() -> tuple[Way, ...]:
            return tuple(compile_way(way, rule.id, rule.cite, year, self.facts) for way in at(rule.version, year).ways)

        return self.kept(("ways", rule.id, year), make)

    @property
    def last_change(self) -> int:
        """The year after which the law does not change any more: the last that is known, or that a reform speaks of."""
        return max(self.known.last or 0, self.kept("edges", lambda: _edges(self))[1])

    @property
    def touched(self) -> frozenset[str]:
        """The ids of the rules that a reform changes."""
        return self.kept("touched", lambda: frozenset(reform.rule for reform in self.reforms))

    def answering(self, rule: Rule, year: int) -> int:
        """The year whose version of a rule answers: one in which the law is known, or a reform says something."""
        if rule.id in self.touched:
            return year
        return self.under.answering(rule, year) if self.under else self._known(rule).clamp(year)

    def _known(self, rule: Rule) -> Span:
        return self.known_exams if isinstance(rule, OfExams) else self.known

    def _within(self, known: Span, year: int, clock: Clock) -> tuple[int, bool]:
        """The year that answers, which reforms can carry beyond the years in which the law is known."""
        asked = clock.follow.start if clock.follow else year
        first, last = self.kept("edges", lambda: _edges(self))
        # the year before the first change answers for what lies before it
        horizon = Span(min(known.first or 0, first - 1), max(known.last or 0, last)) if last else known
        return horizon.clamp(asked), asked not in known

    def _answering(self, rule: AnyRule, year: int) -> bool | list[Any]:
        """The versions of a rule that answer in a year; of a measure whether there is it."""
        answering = self.answering(rule, self._within(self._known(rule), year, CALENDAR)[0])
        if isinstance(rule, Measure):
            return any(answering in span for span in self.measure_spans(rule, CALENDAR))
        return [version for version in rule.version if answering in version.span]


def _said(versions: bool | list[Any]) -> Any:
    """What versions say, their years and the articles of ways apart."""
    if isinstance(versions, bool):
        return versions
    return [
        [evolve(way, cite=()) for way in version.ways] if isinstance(version, Version) else evolve(version, span=Span())
        for version in versions
    ]


OfExams = Exam | Calendar | Demand | Package


def _edges(law: Book) -> tuple[int, int]:
    """The first and the last year in which a reform makes the law other than it was in the year before; 0 for none."""
    spans = [reform.span for reform in law.reforms]
    years = [year for span in spans for year in (span.first, span.last + 1 if span.last else None) if year is not None]
    first, last = _edges(law.under) if law.under else (0, 0)
    return min(filter(None, [first, *years]), default=0), max([last, *years])


def _dated(fact: Fact, span: Span) -> tuple[Check, ...]:
    bounds = ((Test.MIN, span.first), (Test.MAX, span.last))
    return tuple(Check(fact, test, bound) for test, bound in bounds if bound is not None)


def _holes_of_ways(rule: Tabled, years: range) -> Iterator[str]:
    """A way that has citations of its own needs one in every year of its version."""
    for version in rule.version:
        for way in version.ways if version.ways else ():
            spans = [cite.span for cite in way.cite]
            asked = [year for year in years if spans and year in version.span]
            yield from (f"{rule.id}: {n} x cite of a way in {SchoolYear(y)}" for y, n in holes(spans, asked))


def _is_there(rule: Versioned, place: Place) -> bool:
    return named(rule.from_, place.id)


def _there(rules: Mapping[str, R], place: Place) -> tuple[R, ...]:
    return tuple(rule for rule in rules.values() if _is_there(rule, place))
