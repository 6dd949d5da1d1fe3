"""The measures as the progress report of 2015 lists them, with what became of them in law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.tables import at
from trajectsim.report.money import fund_lines
from trajectsim.report.text import span_text
from trajectsim.words import N_, _, listed

KIND = {
    "right": N_("right"),
    "permission": N_("permission"),
    "practice": N_("practice"),
    "funding": N_("funding"),
}
_ACTS_ON = {
    "pupil": N_("changes what a pupil may do: a rule hangs on it"),
    "lesson": N_("changes the lessons: no rule for a pupil hangs on it"),
    "school": N_("changes the school: no rule for a pupil hangs on it"),
}


def measures_table(law: Lawbook, year: SchoolYear) -> str:
    """A line a measure: its name, announced, enacted, kind, and its state in the law of a year."""
    head = (_("measure"), _("id"), _("announced"), _("in law"), _("kind"), str(year))
    rows = [head, *(_row(measure, law, year) for measure in law.measures.values())]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    lines = ["  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    beyond = year.start not in law.known
    note = _("The law of {year} is not known here; the nearest known year answers.").format(year=year)
    return "\n".join([*lines, *(["", note] if beyond else [])]) + "\n"


def measures_data(law: Lawbook, year: SchoolYear) -> list[dict[str, Any]]:
    """The same as data, with what the report says in both languages (null where it does not name the measure)."""
    return [
        {
            "id": measure.id,
            "label": {"nl": measure.label.nl, "en": measure.label.en},
            "report": {"nl": measure.report.nl, "en": measure.report.en} if measure.report else None,
            "sector": measure.sector,
            "kind": measure.kind,
            "acts_on": measure.acts_on,
            "usual": measure.usual,
            "announced": str(measure.announced or ""),
            "enacted": _years(measure),
            "at": str(year),
            "extrapolated": year.start not in law.known,
            "lawful": _lawful(measure, law, year),
            "parameters": list(measure.parameters),
            "lifts": list(measure.lifts),
            "effects": list(measure.effects),
            "costs": list(measure.costs),
            "scenario": measure.scenario,
        }
        for measure in law.measures.values()
    ]


def measure_lines(measure: Measure, law: Lawbook) -> Iterator[str]:
    """What a rule's page says of a measure: the report's words, where it acts, what a switch takes, lifts, money."""
    yield _("progress report of 2015: {words}").format(words=measure.report or _("does not name it"))
    yield _(_ACTS_ON[measure.acts_on])
    if measure.usual:
        yield _("schools commonly offer it: on, unless a scenario says false")
    if measure.lifts:
        rules = (rule for name in measure.lifts if (rule := law.rule(name)) is not None)
        yield _("lifts: {rules}").format(rules=listed(f"{rule.label} ({rule.id})" for rule in rules))
        yield from (_("that it lifts these: {cite}").format(cite=cite.noted) for cite in measure.lifting)
    for name in measure.costs:
        yield ""
        yield from fund_lines(law.funds[name])


def writing_lines(measure: Measure) -> Iterator[str]:
    """What who writes a scenario needs to know of a measure: what its switch takes, its parameters, a draft of it."""
    if measure.parameters:
        yield _("a switch may say: {names}").format(names=", ".join(("from", "until", *measure.parameters)))
    if measure.effects:
        yield _("learning parameters: {names}").format(names=", ".join(measure.effects))
    if measure.scenario:
        yield _("as a draft reform: {file}").format(file=measure.scenario)


def announced_text(measure: Measure) -> str:
    """The date in the progress report, or why there is none."""
    if measure.announced:
        return str(measure.announced)
    return _("no date") if measure.report else _("not named")


def _row(measure: Measure, law: Lawbook, year: SchoolYear) -> tuple[str, ...]:
    told = (str(measure.label), measure.id, announced_text(measure), span_text(measure.span), _(KIND[measure.kind]))
    return (*told, _state(measure, law, year))


def _state(measure: Measure, law: Lawbook, year: SchoolYear) -> str:
    """Whether the law of a year knows it; what no rule speaks of is nobody's permission to give."""
    if not _lawful(measure, law, year):
        return _("not lawful")
    ruled = at(measure.cite, law.known.clamp(year.start)).law != "none"
    return _("lawful") if ruled else _("no rule needed")


def _lawful(measure: Measure, law: Lawbook, year: SchoolYear) -> bool:
    return law.known.clamp(year.start) in measure.span


def _years(measure: Measure) -> list[str]:
    ends = (measure.span.first, measure.span.last)
    return [".." if end is None else str(SchoolYear(end)) for end in ends]
