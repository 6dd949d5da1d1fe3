"""Rules as plain text for people: versions, ways, articles, what changed between two years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from attrs import fields

from trajectsim.calendar import SchoolYear
from trajectsim.law.exams import Composition, Demand, Exam, PackageVersion, Pick, Sitting
from trajectsim.law.lawbook import AnyRule, Lawbook, OfExams
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Act, Duty, Move, Versioned
from trajectsim.law.studies import EVERY, Study, StudyDemand, StudyVersion
from trajectsim.law.tables import Version, WayText, at, compile_needs
from trajectsim.law.teaching import Norm
from trajectsim.reading import key_of
from trajectsim.report.measures import KIND, announced_text, measure_lines, writing_lines
from trajectsim.report.text import span_text
from trajectsim.verdict import Node, required
from trajectsim.words import N_, _, listed


def rule_text(rule: AnyRule, law: Lawbook, year: SchoolYear | None) -> str:
    """A rule with its versions and articles; with a year, only what answers in it."""
    lines = [f"{rule.id} · {rule.label} · {sort_text(rule)}", *about_lines(rule)]
    lines.extend((*measure_lines(rule, law), *writing_lines(rule)) if isinstance(rule, Measure) else ())
    known = law.known_exams if isinstance(rule, OfExams) else law.known
    for version in () if isinstance(rule, Measure) else rule.version:
        if year is None or known.clamp(year.start) in version.span:
            lines += ["", f"{span_text(version.span)}:", *_indented(version_nodes(version, rule, law), 1)]
    lines += ["", _("Articles") + ":"]
    cites = rule.cite if year is None else [at(rule.cite, known.clamp(year.start))]
    for cite in cites:
        lines.append(f"  {span_text(cite.span)}: {cite.noted}")
    if rule.doubt:
        lines += ["", _("Doubt: {doubt}").format(doubt=rule.doubt)]
    cases, scenarios = touching(rule)
    lines += ["", _("Tests: {names}").format(names=", ".join(cases))] if cases else []
    lines += [_("Scenarios: {names}").format(names=", ".join(scenarios))] if scenarios else []
    if year is not None and year.start not in known:
        lines += ["", _("The law of {year} is not known here; the nearest known year answers.").format(year=year)]
    return "\n".join(lines) + "\n"


def touching(rule: AnyRule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files of cases in tests/law/cases and the bundled scenarios that touch a rule."""
    from trajectsim.law.touching import TOUCHING  # long, and only asked for here

    return TOUCHING.get(rule.id, ((), ()))


def changes_text(law: Lawbook, changed: Iterable[str], first: SchoolYear, second: SchoolYear) -> str:
    """The rules that changed between two years, as they answer in each."""
    blocks = [
        "\n".join(
            [
                f"{rule.id} · {rule.label}",
                *(line for year in (first, second) for line in _answer_lines(rule, year, law)),
            ]
        )
        for rule_id in changed
        if (rule := law.rule(rule_id)) is not None
    ]
    return "\n\n".join(blocks or [_("Nothing changed.")]) + "\n"


def rule_list(law: Lawbook) -> str:
    """Every rule, a line each."""
    rows = [(rule.id, sort_text(rule), str(rule.label)) for rule in law.rules()]
    width = max(len(row[0]) for row in rows)
    kind_width = max(len(row[1]) for row in rows)
    return "\n".join(f"{name:{width}}  {kind:{kind_width}}  {label}" for name, kind, label in rows) + "\n"


def sort_text(rule: AnyRule) -> str:
    """What sort of rule it is: a move, an act, a demand of an exam ..."""
    return _(_SORT[type(rule).__name__])


def about_lines(rule: AnyRule) -> Iterator[str]:
    """Where a rule holds and by which date it counts; of a measure its kind, and since when it is law."""
    if rule.by == "intake":
        yield _("counts by the school year in which a pupil enters")
    yield from _rule_lines(rule)


def version_nodes(version: AnyVersion, rule: AnyRule, law: Lawbook) -> Iterator[Node]:
    """What a version of a rule says: its ways, each over the articles it has of its own; a node with an article has
    the years of it as its text."""
    if isinstance(version, StudyVersion):
        yield from (_demand_node(demand, law) for demand in version.demand)
        return
    if not isinstance(version, Version):
        for field in fields(type(version)):
            value = getattr(version, field.name)
            if field.name != "span" and value not in ((), {}, "", 0):
                yield Node(f"{key_of(field.name)}: {_plain(value)}")
        return
    yield from (_way_node(way, law) for way in version.ways)
    if not version.ways:
        yield Node(_("no demand") if isinstance(rule, Demand | Norm) else _("the law does not know it"))


# --- rules --------------------------------------------------------------------------------------------------

_SORT = {
    "Move": N_("move"),
    "Act": N_("act"),
    "Duty": N_("duty"),
    "Diploma": N_("diploma"),
    "Measure": N_("measure"),
    "Exam": N_("exam"),
    "Calendar": N_("sitting"),
    "Demand": N_("demand"),
    "Norm": N_("norm of teaching time"),
    "Package": N_("package"),
    "Study": N_("study"),
}


def _rule_lines(rule: AnyRule) -> Iterator[str]:
    if isinstance(rule, Measure):
        yield _("kind: {kind}; sector: {sector}").format(kind=_(KIND[rule.kind]), sector=rule.sector)
        yield _("announced in 2015: {year}").format(year=announced_text(rule))
        yield _("in law: {span}").format(span=span_text(rule.span))
        return
    if isinstance(rule, Study):
        yield _("level: {level}; area: {area}").format(level=rule.level, area=rule.area or _("none"))
        return
    if not isinstance(rule, Versioned):
        yield _("exams of {levels}").format(levels=", ".join([rule.level] if isinstance(rule, Exam) else rule.levels))
        return
    where = ", ".join(rule.from_)
    if isinstance(rule, Move):
        yield _("from {places} to {place}").format(places=where, place=rule.to)
    elif isinstance(rule, Duty):
        yield _("in {places}: forbids every move that does not lead to {to}").format(
            places=where, to=", ".join(rule.to)
        )
    else:
        takes = f" ({', '.join(rule.arguments)})" if isinstance(rule, Act) and rule.arguments else ""
        yield _("in {places}").format(places=where) + takes


def _way_node(way: WayText, law: Lawbook) -> Node:
    checks = compile_needs(way.needs, law.facts)
    needs = [f"{c.fact.label}: {required(c, {})}" for c in checks]
    practice = f" ({law.practices[way.practice].label})" if way.practice else ""
    cites = tuple(Node(span_text(cite.span), cite=cite) for cite in way.cite)
    return Node(f"{way.force.text}{practice}" + (f" - {'; '.join(needs)}" if needs else ""), children=cites)


def _indented(nodes: Iterable[Node], depth: int) -> Iterator[str]:
    for node in nodes:
        yield "  " * depth + (f"{node.text}: {node.cite.sure}" if node.cite else node.text)
        yield from _indented(node.children, depth + 2)


def _answer_lines(rule: AnyRule, year: SchoolYear, law: Lawbook) -> Iterator[str]:
    known = (law.known_exams if isinstance(rule, OfExams) else law.known).clamp(year.start)
    yield f"  {year}: {at(rule.cite, known).noted}"
    if isinstance(rule, Measure):
        lawful = _("lawful") if known in rule.span else _("not lawful")
        yield f"    {lawful}"
        return
    for version in rule.version:
        if known in version.span:
            yield from _indented(version_nodes(version, rule, law), 2)


def _demand_node(demand: StudyDemand, law: Lawbook) -> Node:
    """What a study asks of each profile, under the diplomas that it asks it of."""
    held, subjects = law.facts["diplomas"], law.facts[demand.subjects]
    children: list[Node] = []
    for value, groups in demand.rows():
        by = law.facts[demand.by] if demand.by and value != EVERY else None
        who = by.text(by.encode(value)) if by else _("whatever the profile")
        asked = (listed((subjects.text(subjects.encode(name)) for name in group), _("or")) for group in groups)
        children.append(Node(f"{who}: " + ("; ".join(asked) or _("nothing more"))))
    head = listed((held.text(held.encode(name)) for name in demand.diplomas), _("or"))
    return Node(f"{head}:", children=tuple(children))


AnyVersion = Version | Composition | Sitting | PackageVersion | StudyVersion


def _plain(value: Any) -> str:
    """A value of a composition as the law data has it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{name} × {times}" for name, times in cast("dict[str, int]", value).items())
    if isinstance(value, tuple):
        return ", ".join(_plain(each) for each in cast("tuple[Any, ...]", value))
    if isinstance(value, Pick):
        return (f"{value.n} × " if value.n > 1 else "") + "/".join(value.of)
    return str(value)
