"""What is wrong with a mark sheet, apart from its marks being too low.

====  ==========================================================================================================
E101  a file cannot be opened or read
E102  there is nothing in it: an empty file, a header alone, a sheet without subjects
E103  it is not UTF-8
E104  a column is missing, or there is no header
E105  a column stands twice, or has a name that looks like a known one
E106  a row has more or fewer fields than there are columns
E107  a line that cannot be read: binary, too long, a quote that is not closed
E108  a file cannot be written
E110  a candidate without a name
E111  a candidate who comes back: rows of one candidate stand together
E112  a candidate with rows of two levels, exam years, routes or profiles
E113  a candidate with more rows than any exam has
E120  no level of the vmbo, havo or vwo
E121  no exam year
E122  no route, or none of this level and year
E123  a role that this level and year do not know
E124  no subject code, or a subject that stands twice
E125  no mark
E126  no rating
E127  a central exam mark where there is no central exam
E128  more resits than the law gives
E129  an RV mark where there are none, or more than the law gives
E130  a retake of a cspe where there is none
E131  no level, or one that a subject cannot be taken at
E132  no exam year in which a subject was sat, or one after the exam
E133  a profile that is not known, or that the package does not fit
E134  more subjects that could be left out than can be tried
E135  a mark where there is a rating, or the other way round
====  ==========================================================================================================

``entry_of`` looks at what a row says of its subject, ``sheet_findings`` at the rows of a candidate together;
``exam.faults`` looks at the marks of all candidates with the same layout. Which line it is, ``exam.intake`` adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from trajectsim.calendar import SchoolYear
from trajectsim.exam.faults import Fault, faults
from trajectsim.exam.judging import COMPLETE, MOST_DROPPED
from trajectsim.exam.sheets import PRACTICAL, Slot
from trajectsim.law.exams import Subject
from trajectsim.law.lawbook import CALENDAR, Lawbook
from trajectsim.law.tables import Force
from trajectsim.reading import did_you_mean, quoted
from trajectsim.verdict import YES, Verdict, judge
from trajectsim.words import N_, _, listed

FIRST_EXAM, LAST_EXAM = 1990, 2100
"""Exam years that a sheet can be of; which of them the law here knows is said with the verdict."""
MOST_ROWS = 60
"""Rows that a candidate can have."""

HIGHER = "subject-at-higher-level"
"""The act by which a subject is taken at a higher level."""


@frozen
class Finding:
    """Something wrong in a column of a row; ``column`` is empty when it is about the row."""

    column: str
    code: str
    message: str
    hint: str = ""


@frozen
class Entry:
    """What a row says of its subject. ``year`` is the school year of the exam, 0 when it cannot be told. ``either``:
    whether it has a central exam is told by its marks alone. ``ordered``: where it stands on the sheet can matter.
    ``kind``: a subject of which the law of exams says the same, which can be judged in its place."""

    level: str
    year: int
    route: str
    profile: str
    slot: Slot
    either: bool = False
    ordered: bool = False
    findings: tuple[Finding, ...] = ()
    kind: str = ""


# --- a row by itself ----------------------------------------------------------------------------------------


def entry_of(texts: Mapping[str, str], law: Lawbook) -> Entry:
    """What a row says in its columns of text, the marks apart."""
    said = {name: text.strip().lower() for name, text in texts.items()}
    level, role, code = said["level"], said["role"], said["subject"]
    found: list[Finding] = []
    exam = _exam(said["exam"])
    levels = [each.level for each in law.exams.values()]
    if level not in levels:
        found.append(_unknown("level", "E120", _("unknown level {name}"), level, levels))
    if exam is None:
        found.append(Finding("exam", "E121", _no_exam(said["exam"])))
    if not code:
        found.append(Finding("subject", "E124", _("there is no subject code")))
    route, profile = said.get("route", ""), said.get("profile", "")
    if level not in levels or exam is None:
        return Entry(level, 0, route, profile, Slot(code, role), findings=tuple(found))
    year = exam - 1
    composition, sitting = law.composition(level, year, CALENDAR), law.sitting(level, year, CALENDAR)
    roles = law.roles(level, year, CALENDAR)
    if role not in roles:
        what = _("the role {name} is not known for {level} in exam {year}")
        found.append(_unknown("role", "E123", what, role, roles, level=level, year=exam))
    found += _route(route, level, year, law)
    at, beyond = _at(said.get("at", ""), level, year, levels, law)
    subject = law.subject(code)
    ce = "never" if role in (*composition.combination, *sitting.beside) else "always" if role in PRACTICAL else "either"
    if ce == "either" and subject is not None:
        ce = subject.ce
    sat, late = _sat(said.get("sat", ""), exam)
    slot = Slot(code, role, at, sat)
    either = ce == "either" and law.sitting(level, sat or year, CALENDAR).ce
    shared = subject is not None and bool(subject.shared)
    ordered = role in composition.droppable or bool(sitting.spared) or shared
    kind = _kind(slot, subject, law)
    return Entry(level, year, route, profile, slot, either, ordered, (*found, *beyond, *late), kind)


def _kind(slot: Slot, subject: Subject | None, law: Lawbook) -> str:
    """All that a rule on exams can ask about a subject; its own name only where a rule names it."""

    def make() -> frozenset[str]:
        tallied = (name for fact in law.facts.values() if fact.tally for name in (*fact.tally.of, *fact.tally.but))
        kept = (name for calendar in law.calendars.values() for sitting in calendar.version for name in sitting.kept)
        return frozenset((*tallied, *kept))

    named = law.kept("subjects that rules name", make)
    names = (slot.code, subject.id, *subject.groups) if subject is not None else (slot.code,)
    about = (subject.ce, subject.shared) if subject is not None else None
    return repr((slot.role, slot.at, slot.year, about, [name for name in names if name in named]))


def _exam(text: str) -> int | None:
    year = int(text) if re.fullmatch(r"[0-9]{4}", text) else 0
    return year if FIRST_EXAM <= year <= LAST_EXAM else None


def _no_exam(text: str) -> str:
    message = _("{text} is no exam year from {first} to {last}")
    return message.format(text=quoted(text), first=FIRST_EXAM, last=LAST_EXAM)


def _unknown(column: str, code: str, what: str, name: str, known: Iterable[str], **others: object) -> Finding:
    names = tuple(dict.fromkeys(known))
    message = what.format(name=quoted(name), **others) + did_you_mean(name, names)
    return Finding(column, code, message, _("known here: {names}").format(names=", ".join(names)))


def _route(route: str, level: str, year: int, law: Lawbook) -> Iterator[Finding]:
    """What is wrong with a route: unknown, or one by which no exam of this level and year is complete."""
    if not route:
        return
    known = tuple(dict.fromkeys(name for demand in law.demands.values() for name in demand.routes if name))
    if route not in known:
        yield _unknown("route", "E122", _("unknown route {name}"), route, known)
        return
    tables = law.demands_of(level, route, "pass", year, CALENDAR)
    whole = [way for table in tables if law.demands[table.rule].check == COMPLETE for way in table.ways]
    if all(way.force is Force.FORBIDDEN for way in whole):
        message = _("there is no route {name} for {level} in exam {year}")
        yield Finding("route", "E122", message.format(name=quoted(route), level=level, year=SchoolYear(year).end))


def _at(text: str, level: str, year: int, levels: Sequence[str], law: Lawbook) -> tuple[str, list[Finding]]:
    if not text:
        return "", []
    if text not in levels:
        return "", [_unknown("at", "E131", _("unknown level {name}"), text, levels)]
    own = law.facts["own_level"].encode(level)
    verdicts = {
        other: _act(HIGHER, year, {"own_level": own, "act_level": law.facts["act_level"].encode(other)}, law)
        for other in levels
    }
    if verdicts[text].truth == YES:
        return text, []
    message = _("a subject of {level} cannot be taken at {other}").format(level=level, other=text)
    higher = [other for other, verdict in verdicts.items() if verdict.truth == YES]
    can = _("{cite}: at {levels}").format(cite=verdicts[text].cite, levels=listed(higher, _("or"))) if higher else ""
    return "", [Finding("at", "E131", message, can or str(verdicts[text].cite))]


def _sat(text: str, exam: int) -> tuple[int, list[Finding]]:
    """The school year in which a subject was sat, 0 when that is the year of the exam (ADR 0029: how early is not
    refused on a sheet)."""
    if not text or text == str(exam):
        return 0, []
    sat = _exam(text)
    if sat is None:
        return 0, [Finding("sat", "E132", _no_exam(text))]
    if sat > exam:
        message = _("{sat} is later than the exam itself, {exam}").format(sat=sat, exam=exam)
        return 0, [Finding("sat", "E132", message)]
    return sat - 1, []


def _act(name: str, year: int, facts: Mapping[str, int], law: Lawbook) -> Verdict:
    """Whether an act was open in a school year, at a school that offers what the law lets it offer."""

    def make() -> dict[str, int]:
        offered = {fact.id: 0 for fact in law.facts.values() if fact.source == "measure"}
        for measure in law.measures.values():
            law_year = law.law_year(year, CALENDAR)[0]
            known = {"law_year": law_year, "law_intake": law_year}
            if judge(law.measure_table(measure, year, year, CALENDAR), known).truth == YES:
                offered |= {fact: law.facts[fact].encode(value) for fact, value in measure.sets.items()}
        return offered

    offered = law.kept(("lawful offers", year), make)
    return judge(law.table(law.acts[name], year, year, CALENDAR), {**offered, **facts})


# --- the rows of a candidate --------------------------------------------------------------------------------


def sheet_findings(entries: Sequence[Entry], law: Lawbook) -> list[tuple[int, Finding]]:
    """What is wrong with rows as the sheet of one candidate, and in which of them."""
    found = [(row, finding) for row, entry in enumerate(entries) for finding in entry.findings]
    if len(entries) > MOST_ROWS:
        message = _("{n} rows are more than any exam has subjects").format(n=len(entries))
        found.append((MOST_ROWS, Finding("", "E113", message)))
    found += _differing(entries)
    found += _twice(entries, law)
    if not found:
        found += _too_many(entries, law)
        found += [(row, finding) for row, finding in _package(entries, law)]
    return found


STILL = ("E122", "E124", "E133", "E134")
"""The codes of findings with which the marks can still be looked at."""


def profile_of(entries: Sequence[Entry]) -> str:
    """The profile that rows name, one of them or all."""
    return next((entry.profile for entry in entries if entry.profile), "")


def route_of(entries: Sequence[Entry]) -> str:
    """The route that rows name."""
    return next((entry.route for entry in entries if entry.route), "")


_DIFFER = {
    "level": N_("rows of two levels: {one} and {other}"),
    "exam": N_("rows of two exam years: {one} and {other}"),
    "route": N_("rows of two routes: {one} and {other}"),
    "profile": N_("rows of two profiles: {one} and {other}"),
}


def _differing(entries: Sequence[Entry]) -> Iterator[tuple[int, Finding]]:
    values: dict[str, list[str]] = {
        "level": [entry.level for entry in entries],
        "exam": [str(SchoolYear(entry.year).end) if entry.year else "" for entry in entries],
        "route": [entry.route for entry in entries],
        "profile": [entry.profile for entry in entries],
    }
    for column, texts in values.items():
        wrong = [row for row, entry in enumerate(entries) if any(each.column == column for each in entry.findings)]
        texts = ["" if row in wrong else text for row, text in enumerate(texts)]
        one = next(filter(None, texts), "")  # a blank says nothing, and so nothing else
        row = next((row for row, text in enumerate(texts) if text and text != one), None)
        if row is not None:
            yield row, Finding(column, "E112", _(_DIFFER[column]).format(one=quoted(one), other=quoted(texts[row])))


def _twice(entries: Sequence[Entry], law: Lawbook) -> Iterator[tuple[int, Finding]]:
    seen: dict[str, str] = {}
    for row, entry in enumerate(entries):
        code = entry.slot.code
        subject = law.subject(code)
        name = subject.id if subject is not None else code
        if name in seen and code:
            message = _("the subject {code} stands twice").format(code=quoted(code))
            also = _("{one} and {other} are one subject").format(one=quoted(seen[name]), other=quoted(code))
            yield row, Finding("subject", "E124", message, also if seen[name] != code else "")
        seen.setdefault(name, code)


def _too_many(entries: Sequence[Entry], law: Lawbook) -> Iterator[tuple[int, Finding]]:
    roles = law.composition(entries[0].level, entries[0].year, CALENDAR).droppable
    rows = [row for row, entry in enumerate(entries) if entry.slot.role in roles]
    if len(rows) > MOST_DROPPED:
        message = _("{found} subjects could be left out of the result, and {n} are the most that can be tried")
        yield rows[MOST_DROPPED], Finding("role", "E134", message.format(found=len(rows), n=MOST_DROPPED))


def _package(entries: Sequence[Entry], law: Lawbook) -> Iterator[tuple[int, Finding]]:
    from trajectsim.exam.packages import check_package, misplaced

    profile, first = profile_of(entries), entries[0]
    slots = [(entry.slot.code, entry.slot.role) for entry in entries]
    found = (
        check_package(law, first.level, first.year, profile, slots)
        if profile
        else misplaced(law, first.level, first.year, slots)
    )
    for misfit in found:
        column = "profile" if misfit.index is None else "subject"
        hint = " · ".join(filter(None, [misfit.hint, str(misfit.cite) if misfit.cite else ""]))
        yield misfit.index or 0, Finding(column, "E133", misfit.message, hint)


def notes(entries: Sequence[Entry], law: Lawbook) -> tuple[str, ...]:
    """What of a sheet is taken for granted or not checked."""
    alone = [entry.slot.code for entry in entries if not entry.slot.given_ce]
    text = _("without a mark for a central exam, and so taken as subjects that have none: {codes}")
    taken = (text.format(codes=", ".join(alone)),) if alone else ()
    return (*taken, *_package_notes(entries, law))


def _package_notes(entries: Sequence[Entry], law: Lawbook) -> tuple[str, ...]:
    """What of the package is not checked."""
    profile, first = profile_of(entries), entries[0]
    if not profile:
        return (_("no profile is given, so the package is not checked"),)
    from trajectsim.exam.packages import missing

    slots = [(entry.slot.code, entry.slot.role) for entry in entries]
    lacking = missing(law, first.level, first.year, profile, slots)
    text = _("not on the sheet, which is right for who is exempt: {subjects}")
    return (text.format(subjects=", ".join(lacking)),) if lacking else ()


__all__ = ["Entry", "Fault", "Finding", "entry_of", "faults", "notes", "profile_of", "route_of", "sheet_findings"]
