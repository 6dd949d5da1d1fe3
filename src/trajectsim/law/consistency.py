"""What the rows of the law have to mean together: names that lead somewhere, values that fit, ids that stand once.

A problem is at (section, id of the row, key, ...); ``loading`` knows in which file and line that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trajectsim.errors import Key, Problem
from trajectsim.law import facts as fact_kinds
from trajectsim.law.book import AnyRule, Book
from trajectsim.law.exams import Calendar, Composition, Demand, Exam, Sitting
from trajectsim.law.facts import Fact
from trajectsim.law.loading import LawText
from trajectsim.law.measures import ACTS_ON, FORCE_OF_KIND, PARAMETERS, WAIVER, Measure
from trajectsim.law.moves import WORD, Act, Diploma, Duty, Move, Tabled, Versioned
from trajectsim.law.places import OUT, STEPS, matches
from trajectsim.law.studies import EVERY, TOLD, Study
from trajectsim.law.tables import Force, NeedsError, Span, compile_needs
from trajectsim.law.teaching import Norm
from trajectsim.reading import Unfit, did_you_mean, quoted
from trajectsim.words import N_, _

TAKES = ("default", "choice")
CLOCKS = ("year", "intake")
USES = ("always", "never")

At = tuple[Key, ...]


def faults(rows: LawText) -> Iterator[Problem]:
    """What is wrong with rows by themselves: ids that stand twice, facts of no kind, no span of known years."""
    if rows.known is None or rows.known.first is None or rows.known.last is None:
        yield Problem("L105", _("no file says from which to which school year the law is known"))
    ids = [fact.id for fact in rows.fact]
    for fact in rows.fact:
        at = ("fact", fact.id)
        yield from _unknown(fact.kind, fact_kinds.KINDS, "kind", (*at, "kind"))
        yield from _unknown(fact.source, fact_kinds.SOURCES, "source", (*at, "source"))
        for number, value in enumerate(fact.values):
            if value.id in {earlier.id for earlier in fact.values[:number]}:
                message = _("the id {id} stands twice").format(id=quoted(value.id))
                yield Problem("L102", message, at=(*at, "values", number, "id"))
        if fact.like:
            yield from _unknown(fact.like, ids, _("fact"), (*at, "like"))
        if fact.tally is not None:
            takes = (*fact_kinds.TAKES, *([""] if fact.tally.marks or fact.tally.ratings else []))
            yield from _unknown(fact.tally.take, takes, "take", (*at, "tally", "take"))
    for rule in (*rows.move, *rows.act, *rows.diploma, *rows.duty, *rows.norm):
        yield from _cited_beyond(rule, rows.known or Span())
    walked = (*rows.move, *rows.act, *rows.diploma, *rows.duty, *rows.norm, *rows.measure, *rows.study)
    spoken = (*walked, *rows.exam, *rows.calendar, *rows.demand, *rows.package)
    for group in (rows.fact, rows.track, rows.practice, rows.subject, rows.allowance, rows.fund, spoken):
        seen: set[str] = set()
        for row in group:
            if row.id in seen:
                message = _("the id {id} stands twice").format(id=quoted(row.id))
                yield Problem("L102", message, at=(section_of(row), row.id, "id"))
            seen.add(row.id)


def _cited_beyond(rule: Versioned, known: Span) -> Iterator[Problem]:
    """A citation of a way answers in no known year in which its version does not."""
    years = range(known.first or 0, (known.last or 0) + 1)
    for v, version in enumerate(rule.version):
        for w, way in enumerate(version.ways):
            for c, cite in enumerate(way.cite):
                if any(year in cite.span and year not in version.span for year in years):
                    message = _("a citation of a way for years that its version does not answer for")
                    yield Problem("L106", message, at=(section_of(rule), rule.id, "version", v, "ways", w, "cite", c))


def section_of(row: object) -> str:
    """The name of the section that a row stands in."""
    return type(row).__name__.lower()


def meaningless(law: Book) -> Iterator[Problem]:
    """Names in the data that lead nowhere: facts, values, tracks, practices, kinds."""
    for fact in law.facts.values():
        if fact.assumed is not None:
            yield from _unfit(fact, fact.assumed, ("fact", fact.id, "assumed"))
        for number, needs in enumerate(fact.when):
            yield from _unfit_needs(law, needs, ("fact", fact.id, "when", number))
        for number, pattern in enumerate(fact.at):
            yield from _nowhere(law, pattern, ("fact", fact.id, "at", number))
    for track in law.tracks.values():
        at = ("track", track.id)
        if "sector" in law.facts:
            yield from _unfit(law.facts["sector"], track.sector, (*at, "sector"))
        for number, name in enumerate(track.nominal):
            yield from _unknown(name, law.moves, _("move"), (*at, "nominal", number))
    for rule in law.rules():
        yield from meaningless_rule(law, rule)
    for row in (*law.allowances.values(), *law.funds.values()):
        for number, pattern in enumerate(row.from_):
            yield from _nowhere(law, pattern, (section_of(row), row.id, "from", number))
    for row in law.allowances.values():
        yield from _unknown(row.all_if, law.facts, _("fact"), ("allowance", row.id, "all-if"))
    for fund in law.funds.values():
        for number, pattern in enumerate(fund.extra_in):
            yield from _nowhere(law, pattern, ("fund", fund.id, "extra-in", number))
    for practice in law.practices.values():
        at = ("practice", practice.id, "default")
        if isinstance(practice.default, dict) and practice.default:
            yield from _unfit_needs(law, practice.default, at)
        else:
            yield from _unknown(str(practice.default), USES, _("practice"), at)


def meaningless_rule(law: Book, rule: AnyRule) -> Iterator[Problem]:
    """The same for one rule, which can be one that is not yet in the lawbook."""
    at = (section_of(rule), rule.id)
    yield from _unknown(rule.by, CLOCKS, "by", (*at, "by"))
    if isinstance(rule, Tabled):
        yield from _meaningless_ways(law, rule, at)
    if isinstance(rule, Versioned):
        yield from _nowhere_patterns(law, rule, at)
    if isinstance(rule, Exam | Calendar | Demand):
        yield from _meaningless_exam(law, rule, at)
    if isinstance(rule, Move):
        yield from _no_destination(law, rule, (*at, "to"))
    if isinstance(rule, Diploma) and "diplomas" in law.facts:
        yield from _unfit(law.facts["diplomas"], rule.id, (*at, "id"))
    if isinstance(rule, Act | Move):
        known = (WORD, *law.facts, *law.arguments)
        if isinstance(rule, Act):
            yield from _unknown(rule.takes, TAKES, "takes", (*at, "takes"))
            yield from _unfit_sets(law, rule, (*at, "sets"))
        for name, fact_id in rule.arguments.items():
            yield from _unknown(fact_id, known, _("fact"), (*at, "arguments", name))
    if isinstance(rule, Study):
        yield from _meaningless_study(law, rule, at)
    if isinstance(rule, Measure):
        yield from _meaningless_measure(law, rule, at)


def _meaningless_ways(law: Book, rule: Tabled, at: At) -> Iterator[Problem]:
    for v, version in enumerate(rule.version):
        for w, way in enumerate(version.ways):
            here = (*at, "version", v, "ways", w)
            yield from _unfit_needs(law, way.needs, (*here, "needs"))
            for name in way.needs:
                source = law.facts[name].source if name in law.facts else ""
                if source in _ASKED_BY and not isinstance(rule, _ASKED_BY[source]):
                    message = _(_ONLY[source]).format(fact=quoted(name))
                    yield Problem("L104", message, at=(*here, "needs", name), on_key=True)
            if way.practice:
                yield from _unknown(way.practice, law.practices, _("practice"), (*here, "practice"))
            elif isinstance(rule, Move | Act) and way.force is Force.DISCRETION:
                yield Problem("L103", _("a school decides here, and no practice says how"), at=here)


_ASKED_BY = {"exam": Demand, "plan": Norm}
_ONLY = {
    "exam": N_("only a demand of an exam can ask for {fact}"),
    "plan": N_("only a norm of teaching time can ask for {fact}"),
}


def _meaningless_study(law: Book, study: Study, at: At) -> Iterator[Problem]:
    """Facts that the law does not have, and values that they do not have."""
    yield from (problem for name in TOLD for problem in _unknown(name, law.facts, _("fact"), (*at, "id")))
    if not set(TOLD) <= law.facts.keys():
        return
    for number, name in enumerate(study.free):
        yield from _unfit(law.facts["diplomas"], name, (*at, "free", number))
    if study.area:
        yield from _unfit(law.facts["study_area"], study.area, (*at, "area"))
    asked = ((v, n, demand) for v, version in enumerate(study.version) for n, demand in enumerate(version.demand))
    for v, n, demand in asked:
        here = (*at, "version", v, "demand", n)
        yield from _unknown(demand.subjects, law.facts, _("fact"), (*here, "subjects"))
        if demand.by:
            yield from _unknown(demand.by, law.facts, _("fact"), (*here, "by"))
        for number, name in enumerate(demand.diplomas):
            yield from _unfit(law.facts["diplomas"], name, (*here, "diplomas", number))
        if demand.by not in ("", *law.facts) or demand.subjects not in law.facts:
            continue
        for value, groups in demand.rows():
            row = (*here, "profiles", value) if demand.by else (*here, "asks")
            if demand.by and value != EVERY:
                yield from _unfit(law.facts[demand.by], value, row)
            for g, group in enumerate(groups):
                for number, name in enumerate(group):
                    yield from _unfit(law.facts[demand.subjects], name, (*row, g, number))


def _nowhere_patterns(law: Book, rule: Versioned, at: At) -> Iterator[Problem]:
    patterns = {"from": rule.from_, "to": rule.to if isinstance(rule, Duty) else ()}
    for key, names in patterns.items():
        for number, pattern in enumerate(names):
            yield from _nowhere(law, pattern, (*at, key, number))


def _meaningless_exam(law: Book, rule: Exam | Calendar | Demand, at: At) -> Iterator[Problem]:
    """Levels without an exam, and roles that no subject of it has."""
    levels = [exam.level for exam in law.exams.values()]
    if not isinstance(rule, Exam):
        for number, level in enumerate(rule.levels):
            yield from _unknown(level, levels, _("level"), (*at, "levels", number))
    if isinstance(rule, Exam) and rule.on_request:
        yield from _unknown(rule.on_request, levels, _("level"), (*at, "on-request"))
    if isinstance(rule, Demand):
        yield from _unknown(rule.purpose, PURPOSES, "purpose", (*at, "purpose"))
    for number, version in enumerate(rule.version):
        here = (*at, "version", number)
        if isinstance(version, Composition):
            roles = (*version.counts, *version.combined)
            named = {"droppable": version.droppable, "best": version.best}
            for key, names in named.items():
                for place, name in enumerate(names):
                    yield from _unknown(name, (*roles, "combination"), _("role"), (*here, key, place))
        if isinstance(version, Sitting) and law.subjects:
            known = (*law.subjects, *(group for subject in law.subjects.values() for group in subject.groups))
            for place, name in enumerate(version.kept):
                yield from _unknown(name, known, _("subject or group of subjects"), (*here, "kept", place))


PURPOSES = ("pass", "cum-laude", "early", "certificate", "provisional-list", "fall-back", "on-request")


def _unfit_sets(law: Book, act: Act, at: At) -> Iterator[Problem]:
    """Facts that an act gives the value of another, which has to be of the same kind."""
    for name, source in act.sets.items():
        yield from _unknown(name, law.facts, _("fact"), (*at, name), on_key=True)
        kind = law.facts[name].comparable if name in law.facts else None
        alike = [fact.id for fact in law.facts.values() if fact.comparable == kind]
        yield from _unknown(source, alike, _("fact"), (*at, name))


def _meaningless_measure(law: Book, measure: Measure, at: At) -> Iterator[Problem]:
    yield from _unknown(measure.kind, FORCE_OF_KIND, "kind", (*at, "kind"))
    if "sector" in law.facts:
        yield from _unfit(law.facts["sector"], measure.sector, (*at, "sector"))
    yield from _unknown(measure.takes, TAKES, "takes", (*at, "takes"))
    yield from _unknown(measure.acts_on, ACTS_ON, "acts-on", (*at, "acts-on"))
    for number, name in enumerate(measure.parameters):
        yield from _unknown(name, PARAMETERS, _("parameter"), (*at, "parameters", number))
    for number, name in enumerate(measure.lifts):
        yield from _unknown(name, law.liftable, _("rule"), (*at, "lifts", number))
    for number, name in enumerate(measure.costs):
        yield from _unknown(name, law.funds, _("fund"), (*at, "costs", number))
    if measure.lifts:
        yield from _unknown(WAIVER, law.practices, _("practice"), (*at, "lifts"))
    for number, name in enumerate(measure.moves):
        yield from _unknown(name, law.moves, _("move"), (*at, "moves", number))
    for number, pattern in enumerate(measure.at):
        yield from _nowhere(law, pattern, (*at, "at", number))
    for name, value in measure.sets.items():
        yield from _unknown(name, law.facts, _("fact"), (*at, "sets", name), on_key=True)
        if name in law.facts:
            yield from _unfit(law.facts[name], value, (*at, "sets", name))


def _no_destination(law: Book, move: Move, at: At) -> Iterator[Problem]:
    track_id, slash, year = move.to.rpartition("/")
    if slash:
        yield from _unknown(track_id, law.tracks, _("track"), at)
    years = law.tracks[track_id].years if track_id in law.tracks else 0
    known = (*STEPS, OUT.id) if not slash else (*STEPS, *(str(n + 1) for n in range(years)))
    if not slash or years:
        yield from _unknown(year, known, _("year of the track"), at)


def _nowhere(law: Book, pattern: str, at: At) -> Iterator[Problem]:
    if pattern != OUT.id and not any(matches(pattern, place.id) for place in law.places()):
        yield Problem("L101", _("no place is like {pattern}").format(pattern=quoted(pattern)), at=at)


def _unfit(fact: Fact, value: Any, at: At) -> Iterator[Problem]:
    try:
        fact.encode(value)
    except Unfit as error:
        yield Problem("L104", _("expected {expected}").format(expected=error.expected), at=at, hint=error.hint)


def _unfit_needs(law: Book, needs: Mapping[str, Any], at: At) -> Iterator[Problem]:
    for name, need in needs.items():
        try:
            compile_needs({name: need}, law.facts)
        except NeedsError as error:
            yield Problem("L104", str(error), at=(*at, *error.at), on_key=name not in law.facts)


def _unknown(name: str, known: Iterable[str], what: str, at: At, *, on_key: bool = False) -> Iterator[Problem]:
    names = list(known)
    if name not in names:
        message = _("unknown {what} {name}").format(what=what, name=quoted(name)) + did_you_mean(name, names)
        yield Problem("L101", message, at=at, on_key=on_key)
