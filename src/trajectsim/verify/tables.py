"""What can be proved of the tables that a reform touches, by looking at every combination of facts they tell apart.

A test compares a fact with a bound, so that a value just below, at and just above each bound stands for all others:
with these the enumeration leaves nothing out. Where the combinations are too many, some are drawn, and it is said so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
from attrs import field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.exams import Demand
from trajectsim.law.facts import Fact
from trajectsim.law.lawbook import CALENDAR, Lawbook
from trajectsim.law.moves import Act, Diploma, Duty, Move, Tabled
from trajectsim.law.places import Place, matches
from trajectsim.law.tables import Check, Force, Table, Test, Way
from trajectsim.verdict import YES, hold, judge
from trajectsim.verify.findings import PROVED, SEARCHED, Counter, Finding
from trajectsim.words import _, listed

MOST_ROWS = 1 << 18
"""Combinations that are looked at of one table; of more, so many are drawn."""
MOST_MEMBERS = 6
MEAN_OVER = 8
"""Over how many marks a mean is tried: any number tells its bound apart."""
SEED = 1

Columns = dict[str, Any]


@frozen(eq=False)
class Pair:
    """A table as the law has it and as the reforms make it, where it is asked, and the facts both tell apart."""

    rule: str
    year: int
    old: Table
    new: Table
    place: Place | None = None
    to: Place | None = None
    facts: Columns = field(factory=dict[str, Any], repr=False)
    rows: int = 1
    whole: bool = True

    @property
    def where(self) -> str:
        """The rule, the place and the year, in words."""
        place = f" · {self.place}" if self.place is not None else ""
        return f"{self.rule}{place} · {SchoolYear(self.year)}"


def pairs(law: Lawbook) -> list[Pair]:
    """The tables that the reforms of an overlay touch, each different one once."""
    under = law.under
    if under is None:
        return []
    found: dict[Any, Pair] = {}
    for reform in law.reforms:
        first = reform.span.first or 0
        last = max(first, law.known.last or 0) if reform.span.last is None else reform.span.last
        for year in range(first, last + 1):
            for pair in _tables(law, under, reform.rule, year):
                # Places of one sector ask the same; those of another can be entry to higher education.
                sectors = [each.track.sector if each and each.track else "" for each in (pair.place, pair.to)]
                found.setdefault((pair.rule, *sectors, _said(pair.old), _said(pair.new)), pair)
    return [_with_facts(pair, law) for pair in found.values()]


def _said(table: Table) -> tuple[Any, ...]:
    return tuple((way.rule, way.force, way.checks, way.practice) for way in table.ways)


def _tables(law: Lawbook, under: Lawbook, rule_id: str, year: int) -> Iterator[Pair]:
    rule = law.rule(rule_id)
    if isinstance(rule, Move | Duty):
        for place in law.places():
            if isinstance(rule, Duty) and not any(matches(pattern, place.id) for pattern in rule.from_):
                continue
            for name, (move, to) in law.moves_from(place).items():
                if name == rule_id or isinstance(rule, Duty):
                    arguments = (place, to, year, year, CALENDAR)
                    old = under.move_table(under.moves[name], *arguments)
                    yield Pair(name, year, old, law.move_table(move, *arguments), place, to)
    elif isinstance(rule, Act | Diploma):
        before = under.rule(rule_id)
        assert isinstance(before, Act | Diploma)
        place = next((p for p in law.places() if any(matches(pattern, p.id) for pattern in rule.from_)), None)
        old, new = under.table(before, year, year, CALENDAR), law.table(rule, year, year, CALENDAR)
        yield Pair(rule_id, year, old, new, place)
    elif isinstance(rule, Demand):
        for level in rule.levels:
            tables = [
                {t.rule: t for t in book.demands_of(level, rule.routes[0], rule.purpose, year, CALENDAR)}
                for book in (under, law)
            ]
            empty = Table(rule_id, year, rule.cite[0], ())
            yield Pair(rule_id, year, tables[0].get(rule_id, empty), tables[1].get(rule_id, empty))
            return


# --- properties ---------------------------------------------------------------------------------------------


def one_version(law: Lawbook) -> Finding:
    """Over all years that the law or a reform speaks of."""
    first, last = law.known.first or 0, law.known.last or 0
    edges = [y for reform in law.reforms for y in (reform.span.first, reform.span.last) if y is not None]
    years = range(min(first, *edges) - 1, max(last, *edges) + 3)
    rules = [rule for rule in map(law.rule, sorted(law.touched)) if isinstance(rule, Tabled)]
    for rule in rules:
        for year in years:
            count = sum(year in version.span for version in rule.version)
            if count != 1:
                told = _("{rule}: {n} versions answer in {year}").format(rule=rule.id, n=count, year=SchoolYear(year))
                return Finding("one-version", PROVED, len(years), Counter(told))
    return Finding("one-version", PROVED, len(rules) * len(years))


def effect(law: Lawbook, some: Sequence[Pair]) -> Finding:
    """A reform after which nothing is decided otherwise anywhere was not meant so."""
    cases, how = 0, PROVED
    for number, reform in enumerate(law.reforms):
        if isinstance(law.rule(reform.rule), Tabled):
            own = [pair for pair in some if reform.rule in (pair.rule, *(way.rule for way in pair.new.ways))]
            cases += sum(pair.rows for pair in own)
            if not any(_differs(pair) for pair in own):
                told = _("reform {n} of {rule} decides nothing otherwise, for anybody, in its years")
                return Finding("effect", how, cases, Counter(told.format(n=number + 1, rule=reform.rule)))
    return Finding("effect", how, cases)


def every_way(some: Sequence[Pair]) -> Finding:
    """A way of the reform that never decides, or one of the law that no longer does."""
    cases = 0
    for pair in some:
        cases += pair.rows
        after, before = _deciders(pair.new, pair), _deciders(pair.old, pair)
        for index, way in enumerate(pair.new.ways):
            did = any(_like(way, pair.old.ways[n]) for n in before)
            if index not in after and way.force is not Force.FORBIDDEN and (way.cite.reform or did):
                masks = _masks(index, pair)
                told = _("{where}: the way {way} never decides; wherever it holds, {others} comes first")
                text = told.format(where=pair.where, way=_way_text(way), others=listed(masks or [_("nothing")]))
                return Finding("every-way", _how(some), cases, Counter(text))
    return Finding("every-way", _how(some), cases)


def offers(law: Lawbook, some: Sequence[Pair]) -> Finding:
    """For each fact that a measure sets: with it, nothing is closed that is open without it."""
    cases = 0
    for pair in some:
        for name in [n for n in pair.facts if law.facts[n].source == "measure"]:
            without, given = ({**pair.facts, name: np.full(pair.rows, value)} for value in (0, 1))
            lost = _open(pair.new, without, pair) & ~_open(pair.new, given, pair)
            lost &= ~(_open(pair.old, without, pair) & ~_open(pair.old, given, pair))  # the law's own doing
            cases += pair.rows
            if lost.any():
                row = _row(given, int(np.flatnonzero(lost)[0]))
                told = _("{where}: open without and closed with {fact}, when {facts}")
                label = law.facts[name].label
                text = told.format(where=pair.where, fact=label, facts=_facts_text(row, law))
                return Finding("offers", _how(some), cases, Counter(text, case_of(pair, row, law)))
    return Finding("offers", _how(some), cases)


def entry(law: Lawbook, some: Sequence[Pair]) -> Finding:
    """A way into higher education from outside it asks for a diploma, or it is one that the law has."""
    cases = 0
    for pair in some:
        if pair.to is None or pair.place is None or pair.to.track is None or pair.to.track.sector != "ho":
            continue
        if pair.place.track is not None and pair.place.track.sector == "ho":
            continue
        for way in pair.new.ways:
            cases += 1
            asks = any(check.fact.id == "diplomas" and check.test is not Test.HAS_NONE for check in way.checks)
            had = any(_like(way, old) for old in pair.old.ways)
            if way.force is not Force.FORBIDDEN and way.cite.reform and not asks and not had:
                told = _("{where}: the way {way} asks for no diploma").format(where=pair.where, way=_way_text(way))
                holds = np.broadcast_to(hold(way.checks, pair.facts), pair.rows) == YES
                row = _row(pair.facts, int(np.flatnonzero(holds)[0])) if holds.any() else {}
                shown = case_of(pair, {**row, "diplomas": 0}, law)
                return Finding("entry", PROVED, cases, Counter(told, shown))
    return Finding("entry", PROVED, cases)


def case_of(pair: Pair, facts: Mapping[str, int], law: Lawbook) -> dict[str, Any]:
    """A pupil of whom these facts hold as near as a scenario can say it, and what the law without the reform lets
    expect; nothing where the table is none of a place."""
    if pair.place is None:
        return {}
    year = SchoolYear(pair.year)
    values = {name: law.facts[name] for name in facts if name in law.facts}
    given = {n: _said_of(f, facts[n]) for n, f in values.items() if f.source == "given"}
    measures = {m.id: True for m in law.measures.values() for n in m.sets if facts.get(n)}
    diplomas = law.facts["diplomas"]
    held = [each.id for rank, each in enumerate(diplomas.values) if facts.get("diplomas", 0) >> rank & 1]
    age = facts.get("age_end", YOUNGEST + pair.place.n)
    start = {"in": str(year), "at": pair.place.id, **({"diplomas": held} if held else {})}
    rule = law.rule(pair.rule)
    outcome = judge(pair.old, {**dict.fromkeys(law.facts, 0), **facts}).outcome.value
    told = {"in": str(year), "move": pair.rule, "outcome": outcome}
    return {
        "pupil": {"born": date(year.end - age, 6, 1)},
        "start": start,
        **({"measures": measures} if measures else {}),
        **({"given": given} if given else {}),
        "expect": {"option": [told]} if isinstance(rule, Move) else {},
    }


YOUNGEST = 4
"""The age that is shown for the first year of a place when nothing asks for another."""


def _said_of(fact: Fact, value: int) -> str | int | bool:
    if fact.kind == "code":
        return fact.values[value].id
    return bool(value) if fact.kind == "bool" else value


# --- how it does it -----------------------------------------------------------------------------------------


def _how(some: Sequence[Pair]) -> str:
    return PROVED if all(pair.whole for pair in some) else SEARCHED


def _open(table: Table, facts: Columns, pair: Pair) -> Any:
    return np.broadcast_to(judge(table, facts).truth, pair.rows) == YES


def _differs(pair: Pair) -> bool:
    """Whether somewhere the outcome, the force or the practice is another."""
    manners: list[Any] = []
    codes: dict[Any, int] = {}
    for table in (pair.old, pair.new):
        verdict = judge(table, pair.facts)
        way = np.broadcast_to(verdict.way, pair.rows)
        named = [(w.force, w.practice) for w in table.ways]
        manner = [codes.setdefault(each, len(codes) + 1) for each in named] + [0]
        manners.append(np.array(manner)[way] * 4 + np.broadcast_to(verdict.truth, pair.rows))
    return bool((manners[0] != manners[1]).any())


def _deciders(table: Table, pair: Pair) -> set[int]:
    """The ways that decide somewhere."""
    way = np.broadcast_to(judge(table, pair.facts).way, pair.rows)
    return {int(index) for index in np.unique(way) if index >= 0}


def _masks(index: int, pair: Pair) -> list[str]:
    """What decides wherever a way holds."""
    way = pair.new.ways[index]
    holds = np.broadcast_to(hold(way.checks, pair.facts), pair.rows) == YES
    decided = np.broadcast_to(judge(pair.new, pair.facts).way, pair.rows)[holds]
    others = (pair.new.ways[int(n)] for n in np.unique(decided) if n >= 0)
    return [f"{other.rule} ({_way_text(other)})" for other in others]


def _like(one: Way, other: Way) -> bool:
    return (one.force, one.practice, one.checks) == (other.force, other.practice, other.checks)


def _way_text(way: Way) -> str:
    """A way as its facts and force, or by its id."""
    facts = ", ".join(dict.fromkeys(check.fact.id for check in way.checks))
    return f"{way.id or way.force.value}: {facts or '-'} · {way.cite}"


def _facts_text(row: Mapping[str, int], law: Lawbook) -> str:
    return listed(f"{law.facts[name].label}: {law.facts[name].text(value)}" for name, value in row.items())


def _row(facts: Columns, row: int) -> dict[str, int]:
    return {name: int(column[row]) for name, column in facts.items()}


def _with_facts(pair: Pair, law: Lawbook) -> Pair:
    """The pair with every combination of the facts that its ways tell apart, or as many as can be looked at."""
    checks = [check for table in (pair.old, pair.new) for way in table.ways for check in way.checks]
    domains = _domains(checks, law)
    size = reduce(lambda n, values: n * len(values), domains.values(), 1)
    if size <= MOST_ROWS:
        grids = np.meshgrid(*(np.array(values) for values in domains.values()), indexing="ij")
        facts = {name: grid.reshape(-1) for name, grid in zip(domains, grids, strict=True)}
        rows = max(size, 1)
    else:
        draw = np.random.default_rng(SEED)
        rows = MOST_ROWS
        facts = {name: draw.choice(np.array(values), rows) for name, values in domains.items()}
    return Pair(pair.rule, pair.year, pair.old, pair.new, pair.place, pair.to, facts, rows, size <= MOST_ROWS)


def _domains(checks: Sequence[Check], law: Lawbook) -> dict[str, list[int]]:
    """By fact, the values that tell the tests apart."""
    domains: dict[str, set[int]] = {}
    for check in checks:
        own = domains.setdefault(check.fact.id, set())
        if isinstance(check.over, str) and check.over:
            domains.setdefault(check.over, set()).add(MEAN_OVER)
            own |= {MEAN_OVER * bound + step for bound in _bounds(check) for step in (-1, 0)}
        elif isinstance(check.bound, str):
            domains.setdefault(check.bound, set()).update((0, 1, 2))
            own |= {0, 1, 2}
        elif check.fact.kind == "set":
            own |= _subsets([check, *(c for c in checks if c.fact.id == check.fact.id)])
        else:
            own |= _values(check.fact, _bounds(check))
    return {name: sorted(values) for name, values in domains.items()}


def _bounds(check: Check) -> tuple[int, ...]:
    return check.bound if isinstance(check.bound, tuple) else (check.bound,) if isinstance(check.bound, int) else ()


def _values(fact: Fact, bounds: Sequence[int]) -> set[int]:
    if fact.kind == "bool":
        return {0, 1}
    if fact.kind == "code":
        return set(range(len(fact.values)))
    return {bound + step for bound in bounds for step in (-1, 0, 1)}


def _subsets(checks: Sequence[Check]) -> set[int]:
    """Every set of the members that are asked for; of many, those of at most two."""
    mask = 0
    for check in checks:
        for each in (*_bounds(check), check.over):
            mask |= each if isinstance(each, int) and check.test is not Test.COUNT else 0
        mask |= check.over if isinstance(check.over, int) else 0
    bits = [1 << n for n in range(mask.bit_length()) if mask >> n & 1]
    most = len(bits) if len(bits) <= MOST_MEMBERS else 2
    return {sum(some) for n in range(most + 1) for some in combinations(bits, n)}
