"""Cases of exam law as data: read from ``cases/exams*.toml``, asked of a lawbook, answered with what does not hold.

A *sheet* is a list of marks with its outcome in some exam years; an *average* is a few marks of which only the
arithmetic is asked. A *demand* asks one decision table for facts. *Citations* and *descriptions* say where a rule
stands, and what it is about, by exam year. A *walk* goes over years; of that only its demands are asked here.

Sheets are written short. A base names the subjects, ``"code role [se] [years]"``, each with the mark 6; a row says
which marks are otherwise: ``"netl 5"`` is SE and CE 5 (SE only where no CE is held), ``"netl 5.6/4.9"`` both,
``"netl 5.6/"`` an open CE, ``"netl -"`` an open mark, ``"lo O"`` a rating; then ``resit 5.4``, ``rv 6``, ``cspe 6``,
``at vwo`` or ``sat 2019``; ``"+in free se 7"`` adds a subject, ``"-lo"`` takes one away. Years are ``2016``,
``2016..2018``, ``2018..``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from attrs import Factory, evolve, fields, frozen
from harness import FOLDER, Case, cited

from trajectsim.calendar import SchoolYear
from trajectsim.exam.judging import judged
from trajectsim.exam.sheets import Batch, Layout, Slot
from trajectsim.exam.verdicts import SheetVerdict
from trajectsim.law.exams import Demand, Exclusion, Pick
from trajectsim.law.facts import UNKNOWN, Fact
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.tables import Table
from trajectsim.marks import TENTHS, parse_mark
from trajectsim.verdict import MAYBE, judge

Document = Mapping[str, Any]

EXAMS = range(2012, 2027)
"""The exam years whose law is known."""

WITHOUT_CE = (2020,)
"""Exams without central exams, and those in which the profielvak had none: what a sheet of the year looks like."""
WITHOUT_CSPE = (2021, 2022)

KINDS = ("average", "sheet", "walk")
LEVELS = ("bb", "kb", "gl", "tl", "havo", "vwo")
ROUTES = ("-", "learn-work", "practice")
PURPOSES = ("pass", "cum-laude", "early", "certificate", "provisional-list", "fall-back", "on-request")
CLOCK = Clock()


@cache
def exam_cases() -> tuple[Case, ...]:
    """Every case in ``cases/exams*.toml``."""
    documents = _documents()
    bases = {name: lines for document in documents for name, lines in document.get("base", {}).items()}
    structure = {key: value for document in documents for key, value in document.get("structure", {}).items()}
    groups = (
        (make, group) for document in documents for sort, make in _SORTS.items() for group in document.get(sort, ())
    )
    return (*(case for make, group in groups for case in make(group, bases)), *_descriptions(structure))


@cache
def examples() -> frozenset[str]:
    """The numbers of the dossier's worked examples that some sheet or walk tells."""
    groups = (group for document in _documents() for sort in _SORTS for group in document.get(sort, ()))
    return frozenset(group["no"] for group in groups if "no" in group)


def _documents() -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("exams*.toml"))]


def years(text: str | int) -> list[int]:
    """The exam years of "2016", "2016..2018", "..2015", "2019..", or of several with commas."""
    found: list[int] = []
    for part in str(text).split(","):
        first, dots, last = part.strip().partition("..")
        if not dots:
            last = first
        found.extend(year for year in EXAMS if int(first or EXAMS[0]) <= year <= int(last or EXAMS[-1]))
    return found


# --- sheets -------------------------------------------------------------------------------------------------


@frozen
class Entry:
    """A subject as a case writes it: its slot without what hangs on the year, and its marks in tenths."""

    code: str
    role: str
    alone: bool = False
    se: int = 6 * TENTHS
    ce: int | None = None
    """0 is an open one, None the same as ``se`` where there is one."""
    more: Mapping[str, Any] = Factory(dict)
    rating: str = "V"


_QUESTION = {"name", "no", "kind", "rules", "level", "route", "base", "exams", "marks", "refused"}
_ANSWER = {
    "is",
    "laude",
    "co",
    "final",
    "out",
    "ignored",
    "fails",
    "unsure",
    "by",
    "laude-fails",
    "certificates",
    "request",
}


def _sheets(group: Document, bases: Mapping[str, list[str]]) -> Iterator[Case]:
    common = {key: value for key, value in group.items() if key != "rows"}
    if common.get("kind", "sheet") not in KINDS:
        raise ValueError(group)
    for n, row in enumerate(group.get("rows", [{}]), 1):
        told = {**common, **row}
        strange = set(told) - _QUESTION - _ANSWER
        if strange or ("is" not in told and told.get("kind") == "sheet") or not told["rules"]:
            raise ValueError(f"{told.get('name')}, row {n}: {strange or told}")
        name = f"{told.get('no', '')} {told['name']} ({n}): {told['level']} {told['exams']}".strip()
        batches = {exam: _batch(told, exam, bases) for exam in years(told["exams"])}
        check = partial(_wrong_sheets, batches, told)
        yield Case(name, frozenset({f"exam-{told['level']}"}), check, cost=1)


def _batch(told: Document, exam: int, bases: Mapping[str, list[str]]) -> Batch:
    lines = bases[told["base"]] if "base" in told else []
    entries = {entry.code: entry for line in lines for entry in _based(line, exam)}
    for item in filter(None, (part.strip() for part in told.get("marks", "").split(","))):
        code, *words = item.split()
        if code.startswith("-"):
            del entries[code[1:]]
        elif code.startswith("+"):
            role, *words = words
            alone = words[:1] == ["se"]
            entries[code[1:]] = _marked(Entry(code[1:], role, alone), words[alone:])
        else:
            entries[code] = _marked(entries[code], words)
    slots, rows = zip(*(_row(entry, exam) for entry in entries.values()), strict=True)
    layout = Layout(told["level"], exam - 1, slots, told.get("route", ""))
    return Batch.of_rows(layout, rows)


def _based(line: str, exam: int) -> Iterator[Entry]:
    code, role, *words = line.split()
    alone = words[:1] == ["se"]
    if exam in years(" ".join(words[alone:]) or ".."):
        yield Entry(code, role, alone)


def _marked(entry: Entry, words: Sequence[str]) -> Entry:
    first, *rest = words
    if first in ("O", "V", "G"):
        entry = evolve(entry, rating=first)
    elif first == "-":
        entry = evolve(entry, se=0, ce=0, rating="")
    else:
        se, slash, ce = first.partition("/")
        entry = evolve(entry, se=parse_mark(se), ce=(parse_mark(ce) if ce else 0) if slash else None)
    more = dict(zip(rest[::2], rest[1::2], strict=True))
    return evolve(entry, more=more)


def _row(entry: Entry, exam: int) -> tuple[Slot, dict[str, Any]]:
    sat = int(entry.more.get("sat", exam))
    alone = entry.alone or entry.role in ("part", "keuzevak", "rekentoets") or sat in WITHOUT_CE
    alone = alone or (entry.role == "profielvak" and sat in WITHOUT_CSPE)
    ce = (0 if alone else entry.se) if entry.ce is None else entry.ce
    row: dict[str, Any] = {"se": entry.se, "ce": ce}
    row |= {name: parse_mark(entry.more[name]) for name in ("resit", "rv", "cspe") if name in entry.more}
    if entry.role == "rated":
        row = {"rating": entry.rating}
    year = sat - 1 if sat != exam else 0
    return Slot(entry.code, entry.role, entry.more.get("at", ""), year, bool(ce or row.get("resit"))), row


def _wrong_sheets(batches: Mapping[int, Batch], told: Document, law: Lawbook) -> str:
    wrong = [f"{written} is taken for a mark" for written in told.get("refused", ()) if _is_mark(written)]
    found = ((exam, _wrong_sheet(batch, told, law)) for exam, batch in batches.items())
    return "; ".join([*wrong, *(f"{exam}: {differs}" for exam, differs in found if differs)])


def _wrong_sheet(batch: Batch, told: Document, law: Lawbook) -> str:
    found = SheetVerdict(judged(batch, law), law, 0)
    expected: dict[str, Any] = {
        key: told[key] for key in ("co", "laude-fails", "certificates", "request") if key in told
    }
    if told["kind"] == "sheet":
        expected |= {key: told.get(key, []) for key in ("out", "ignored", "fails", "unsure")}
        expected |= {"is": told["is"], "laude": told.get("laude", False)}
    answer = {
        "is": found.result,
        "laude": found.cum_laude,
        "co": found.combination or 0,
        "out": list(found.left_out),
        "ignored": list(found.ignored),
        "fails": [line.id for line in found.checks if line.ok is False],
        "unsure": [line.id for line in found.checks if line.ok is None],
        "laude-fails": [line.id for line in found.laude if not line.ok],
        "certificates": list(found.certificates),
        "request": found.on_request[0] if found.on_request is not None else "",
    }
    for code, mark in told.get("final", {}).items():
        expected[code], answer[code] = mark, found.final.get(code)
    lines = (*found.checks, *found.laude) if "by" in told else ()
    for check, where in told.get("by", {}).items():
        expected[f"by {check}"] = where
        answer[f"by {check}"] = "; ".join(cited(line.cite) for line in lines if line.id == check)
    return _differences(answer, expected)


def _is_mark(written: str) -> bool:
    try:
        parse_mark(written)
    except ValueError:
        return False
    return True


def _differences(found: Document, expected: Document) -> str:
    return "; ".join(f"{key} {found[key]!r}, not {value!r}" for key, value in expected.items() if found[key] != value)


# --- demands ------------------------------------------------------------------------------------------------


def _demands(group: Document, _bases: Any) -> Iterator[Case]:
    common = {key: value for key, value in group.items() if key != "rows"}
    for n, row in enumerate(group["rows"], 1):
        told = {**common, **row, "facts": {**common.get("facts", {}), **row.get("facts", {})}}
        strange = set(told) - {"demand", "name", "no", "kind", "rules", "exams", "facts", "is", "way"}
        if strange or told["is"] not in ("met", "unmet", "undecided", "forbidden", "none"):
            raise ValueError(f"{told['demand']}, row {n}: {strange or told}")
        name = f"{told.get('no', '')} demand {told['demand']}, {told['name']} ({n}): {told['exams']}".strip()
        yield Case(name, frozenset({told["demand"]}), partial(_wrong_demand, told))


def _wrong_demand(told: Document, law: Lawbook) -> str:
    demand, expected = law.demands[told["demand"]], (told["is"], told.get("way", ""))
    wrong: list[str] = []
    for exam in years(told["exams"]):
        tables = law.demands_of(demand.levels[0], demand.routes[0], demand.purpose, exam - 1, CLOCK)
        table = next((table for table in tables if table.rule == demand.id), None)
        found = ("none", "") if table is None else _answered(table, told["facts"], law)
        wrong += [] if found == expected else [f"{exam}: {found}, not {expected}"]
    return "; ".join(wrong)


def _answered(table: Table, told: Document, law: Lawbook) -> tuple[str, str]:
    """How a table answers, and by which way. It may ask for no fact that is not told."""
    facts = {name: _value(law.facts[name], value) for name, value in told.items()}
    asked = {check.fact.id for way in table.ways for check in way.checks}
    asked |= {str(check.over) for way in table.ways for check in way.checks if check.over}
    if not asked <= set(facts):
        return f"asks for {', '.join(sorted(asked - set(facts)))}", ""
    verdict = judge(table, facts)
    if verdict.truth == MAYBE:
        return "undecided", ""
    if verdict.force is None:
        return "unmet", ""
    way = verdict.deciding
    return ("met" if verdict.force == "right" else str(verdict.force)), way.id if way else ""


def _value(fact: Fact, value: Any) -> int:
    if value == "?":
        return UNKNOWN
    return round(value * TENTHS) if fact.kind == "mark" else fact.encode(value)


# --- where rules stand, and what they are about -------------------------------------------------------------


def _citations(group: Document, _bases: Any) -> Iterator[Case]:
    names = group["rule"] if isinstance(group["rule"], list) else [group["rule"]]
    if set(group) != {"rule", "says"}:
        raise ValueError(group)
    for name in names:
        yield Case(f"citation of {name}", frozenset({name}), partial(_wrong_citation, name, group["says"]))


def _wrong_citation(name: str, says: Mapping[str, str], law: Lawbook) -> str:
    rule = law.rule(name) or law.exclusions[name]
    wrong: list[str] = []
    for span, expected in says.items():
        for exam in years(span):
            found = [cited(cite) for cite in rule.cite if exam - 1 in cite.span]
            wrong += [] if found == [expected] else [f"{exam}: {found}, not {expected!r}"]
    untold = set(EXAMS) - {exam for span in says for exam in years(span)}
    return "; ".join([*wrong, *(f"{exam} is not told" for exam in sorted(untold))])


def _descriptions(document: Document) -> Iterator[Case]:
    yield Case("the exams that are known", frozenset({"known-exams"}), partial(_wrong_years, document["known"]))
    for sort in _DESCRIBED:
        rows: Mapping[str, Any] = document.get(sort, {})
        yield Case(f"every {sort} is told", frozenset(rows), partial(_untold, sort, frozenset(rows)))
        for name, row in rows.items():
            check = partial(_wrong_description, sort, name, row)
            yield Case(f"what the {sort} {name} is", frozenset({name}), check)
    told = {tuple(key.split()): row for key, row in document["asked"].items()}
    ways = {(level, route) for level, route, _purpose in told}
    for key in ((level, route, purpose) for level in LEVELS for route in ROUTES for purpose in PURPOSES):
        expected = {exam: text for span, text in told.get(key, {}).items() for exam in years(span)}
        about = {name.partition("=")[2] for text in expected.values() for name in text.split()}
        check = partial(_wrong_demands if key[:2] in ways else _whole_exam, *key, expected)
        yield Case(f"what is asked, {' '.join(key)}", frozenset(about), check)


def _wrong_years(expected: list[int], law: Lawbook) -> str:
    found = [SchoolYear(year).end for year in (law.known_exams.first, law.known_exams.last) if year is not None]
    return "" if found == expected else f"{found}, not {expected}"


def _asked(level: str, route: str, purpose: str, exam: int, law: Lawbook) -> list[str]:
    tables = law.demands_of(level, "" if route == "-" else route, purpose, exam - 1, CLOCK)
    return [f"{law.demands[table.rule].check}={table.rule}" for table in tables]


def _wrong_demands(level: str, route: str, purpose: str, expected: Mapping[int, str], law: Lawbook) -> str:
    found = {exam: " ".join(_asked(level, route, purpose, exam, law)) for exam in EXAMS}
    wrong = (exam for exam in EXAMS if found[exam] != expected.get(exam, ""))
    return "; ".join(f"{exam}: {found[exam]!r}, not {expected.get(exam, '')!r}" for exam in wrong)


def _whole_exam(level: str, route: str, purpose: str, _expected: Any, law: Lawbook) -> str:
    """Where an exam could be complete by a route that is none."""
    asked = (exam for exam in EXAMS if any("complete=" in name for name in _asked(level, route, purpose, exam, law)))
    return ", ".join(map(str, asked))


def _untold(sort: str, names: frozenset[str], law: Lawbook) -> str:
    found = _rows(law, sort).keys()
    return "" if found == names else f"differs in {sorted(found ^ names)}"


def _wrong_description(sort: str, name: str, row: Document, law: Lawbook) -> str:
    found = _rows(law, sort)[name]
    wrong: list[str] = []
    if isinstance(row, str):
        return "" if (told := _DESCRIBED[sort](found)) == row else f"{told!r}, not {row!r}"
    for key, value in _DESCRIBED[sort](found).items():
        if row[key] != value:
            wrong.append(f"{key} {value!r}, not {row[key]!r}")
    expected = {exam: text for span, text in row["in"].items() for exam in years(span)}
    for exam in EXAMS:
        told = "".join(_version(version) for version in found.version if exam - 1 in version.span)
        if told != expected.get(exam, ""):
            wrong.append(f"{exam}: {told!r}, not {expected.get(exam, '')!r}")
    return "; ".join(wrong)


def _version(version: Any) -> str:
    """A composition, sitting or package in one line: what is not empty, "counts common=1 profile=1; best free"."""
    told: list[str] = []
    for name in (each.name for each in fields(type(version)) if each.name != "span"):
        value = getattr(version, name)
        if value in ((), {}, "", 0):
            continue
        if isinstance(value, dict):
            value = " ".join(f"{key}={times}" for key, times in sorted(value.items()))
        elif isinstance(value, tuple) and isinstance(value[0], Pick):
            value = ", ".join("|".join(pick.of) + (f" x{pick.n}" if pick.n > 1 else "") for pick in value)
        elif isinstance(value, tuple):
            value = " ".join(sorted(value))
        told.append(f"{name.replace('_', '-')} {str(value).lower()}")
    return "; ".join(told)


def _fact(fact: Fact) -> str:
    """A fact in one line: "count of core: marks 5-5", "mark of pattern: total", "count of rated: ratings O, else 0"."""
    told = f"{fact.kind}{f' {fact.unit}' if fact.unit else ''}"
    tally = fact.tally
    if tally is not None:
        drawn = [tally.take] if tally.take else []
        drawn += ["marks " + "-".join(map(str, tally.marks))] if tally.marks else []
        drawn += ["ratings " + " ".join(tally.ratings)] if tally.ratings else []
        but = f" but {' '.join(tally.but)}" if tally.but else ""
        told += f" of {' '.join(tally.of)}{but}: {', '.join(drawn)}"
    return told if fact.assumed is None else f"{told}, else {fact.assumed}"


def _subject(subject: Any) -> str:
    """A subject in one line: "always; core dutch; also ne"."""
    told = [subject.ce, " ".join(subject.groups)]
    told += [f"also {' '.join(subject.also)}"] if subject.also else []
    told += [f"shared {subject.shared}"] if subject.shared else []
    return "; ".join(filter(None, told))


def _exclusion(row: Exclusion) -> str:
    """What does not go together, in one line: "havo vwo: most 1 of sptl sple", from 2023 with ", 2023..";"""
    told = [
        f"{name} {value}" for name, value in (("least", row.least or None), ("most", row.most)) if value is not None
    ]
    told = [f"{' '.join(row.levels)}:", *told, "of", *row.of]
    told += ["with", *row.only_with] if row.only_with else []
    told += ["as", *row.roles] if row.roles else []
    first, last = row.span.first, row.span.last
    if first is not None or last is not None:
        told.append(f"in {'' if first is None else first + 1}..{'' if last is None else last + 1}")
    return " ".join(told)


def _demand(demand: Demand) -> str:
    """Of whom a demand is made, in one line: "pass as core: havo", "pass as dutch: bb (learn-work)"."""
    routes = " ".join(route or "-" for route in demand.routes)
    told = f"{demand.purpose} as {demand.check}: {' '.join(demand.levels)}"
    return told if routes == "-" else f"{told} ({routes})"


_DESCRIBED: dict[str, Callable[[Any], Any]] = {
    "demand": _demand,
    "exam": lambda exam: {"level": exam.level, "on-request": exam.on_request},
    "calendar": lambda calendar: {"levels": list(calendar.levels)},
    "package": lambda package: {"profile": package.profile, "levels": list(package.levels)},
    "exclusion": _exclusion,
    "tally": _fact,
    "subject": _subject,
}


def _rows(law: Lawbook, sort: str) -> Mapping[str, Any]:
    if sort == "tally":
        return {name: fact for name, fact in law.facts.items() if fact.source == "exam"}
    return getattr(law, f"{sort}s")


_SORTS: dict[str, Callable[[Document, Mapping[str, list[str]]], Iterable[Case]]] = {
    "sheet": _sheets,
    "demand": _demands,
    "cite": _citations,
}
