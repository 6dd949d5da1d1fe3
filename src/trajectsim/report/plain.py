"""Walks, runs and rules as plain data, ready for json: ids and numbers, and words in the language spoken."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import asdict

from trajectsim.calendar import SchoolYear
from trajectsim.law.exams import Composition, PackageVersion, Sitting
from trajectsim.law.lawbook import AnyRule, Lawbook, OfExams
from trajectsim.law.measures import Measure
from trajectsim.law.studies import StudyVersion
from trajectsim.law.tables import Cite, Span, Version
from trajectsim.marks import TENTHS
from trajectsim.path.money import received
from trajectsim.path.options import MeasureState, Option
from trajectsim.path.walk import Refusal, Step, Trajectory, gained
from trajectsim.report.bands import drawn, years_data
from trajectsim.report.money import received_data
from trajectsim.report.rules import touching
from trajectsim.scenario.run import Played
from trajectsim.verdict import MAYBE, YES, Node

if TYPE_CHECKING:
    from trajectsim.exam.verdicts import CheckLine, SheetVerdict
    from trajectsim.path.exams import Closed
    from trajectsim.path.teaching import TeachingTime

TRUTH = {None: None, YES: True, MAYBE: "unknown", 0: False}


def walk_data(played: Played) -> dict[str, Any]:
    """A walk and the one without measures."""
    return {
        "file": played.source.file,
        "title": played.source.scenario.title,
        "walk": _walk(played.walk),
        "without": _walk(played.without),
        "years_gained": gained(played.walk, played.without),
        **({"received": received_data(told)} if (told := received(played.walk, played.law)) else {}),
    }


def step_data(step: Step, walk: Trajectory | None = None) -> dict[str, Any]:
    """One school year of a walk: every move, act and measure with its verdict; of a walk also what drawn futures say of
    what was modelled."""
    found = drawn(walk) if walk is not None and step.modelled else None
    years = dict(years_data(found)) if found is not None else {}
    return {
        "year": str(step.state.year),
        "place": step.state.place.id,
        "age": step.state.age,
        "years_in_place": step.state.years_in_place,
        "move": step.taken.rule.id if step.taken else None,
        "why": step.reason.value if step.reason else None,
        "extrapolated": step.extrapolated,
        "assumed": list(step.assumed),
        "modelled": list(step.modelled),
        **({"drawn": years[step.state.year]} if step.state.year in years else {}),
        "diplomas": [{"level": e.diploma, "cum_laude": e.cum_laude, "cite": cite_data(v.cite)} for e, v in step.earned],
        "exam": exam_data(step.exam) if step.exam else None,
        "closed": [_closed(closed) for closed in step.closed],
        **({"teaching_time": _teaching(step.teaching)} if step.teaching else {}),
        "acts_done": [{"act": d.act, **dict(d.arguments)} for d in step.done],
        "moves": [option_data(option) for option in step.moves],
        "acts": [option_data(option) for option in step.acts],
        "measures": [_measure(state) for state in step.measures],
    }


def rule_data(rule: AnyRule, law: Lawbook, year: SchoolYear | None) -> dict[str, Any]:
    """A rule with its versions and citations; with a year, those that answer in it."""
    span = law.known_exams if isinstance(rule, OfExams) else law.known
    known = None if year is None else span.clamp(year.start)
    data: dict[str, Any] = {
        "id": rule.id,
        "sort": type(rule).__name__.lower(),
        "label": {"nl": rule.label.nl, "en": rule.label.en},
        "by": rule.by,
        "cite": [cite_data(cite) for cite in rule.cite if known is None or known in cite.span],
        "doubt": str(rule.doubt) if rule.doubt else "",
    }
    if isinstance(rule, Measure):
        more = {"acts_on": rule.acts_on, "parameters": rule.parameters, "lifts": rule.lifts, "effects": rule.effects}
        data |= {
            **more,
            "costs": rule.costs,
            "report": str(rule.report or ""),
            "kind": rule.kind,
            "announced": str(rule.announced or ""),
            "span": span_data(rule.span),
        }
    else:
        versions = [version for version in rule.version if known is None or known in version.span]
        data["versions"] = [{"span": span_data(version.span), **_version(version)} for version in versions]
    cases, scenarios = touching(rule)
    data |= {"tests": list(cases), "scenarios": list(scenarios)}
    if year is not None:
        data |= {"at": str(year), "extrapolated": year.start not in span}
    return data


def _version(version: Version | Composition | Sitting | PackageVersion | StudyVersion) -> dict[str, Any]:
    """The ways of a version, or what an exam consists of in its years."""
    if isinstance(version, Version):
        return {"ways": [{"force": way.force.value, "needs": way.needs} for way in version.ways]}
    return asdict(version, filter=lambda field, _value: field.name != "span")


def cite_data(cite: Cite) -> dict[str, Any]:
    """A citation."""
    note = str(cite.note) if cite.note else ""
    parts = {"law": cite.law, "article": cite.article, "published": cite.published, "note": note}
    return {"span": span_data(cite.span), "confidence": cite.confidence, **{k: v for k, v in parts.items() if v}}


def span_data(span: Span) -> list[str]:
    """A span as the law data writes it."""
    return [str(SchoolYear(year)) if year is not None else ".." for year in (span.first, span.last)]


def _walk(walk: Trajectory) -> dict[str, Any]:
    return {
        "years": [step_data(step, walk) for step in walk.steps],
        "end": walk.end.value,
        "left_early": cite_data(walk.left_early) if walk.left_early else None,
        "diplomas": [
            {
                "level": e.diploma,
                "cum_laude": e.cum_laude,
                "exam": e.year.end,
                "year": str(e.year),
                "age": walk.age_at(e),
            }
            for e in walk.earned
        ],
        "refused": [_refusal(refusal) for refusal in walk.refusals],
        "assumed": list(walk.assumed),
        "modelled": list(walk.modelled),
        "evidence": walk.evidence or None,
        "assumed_practices": list(walk.practices),
    }


def exam_data(exam: SheetVerdict) -> dict[str, Any]:
    """The verdict on an exam: the result, whole final marks, and each demand."""
    return {
        "result": exam.result,
        "cum_laude": exam.cum_laude,
        "final": exam.final,
        "combination": exam.combination,
        "left_out": list(exam.left_out),
        "ignored": list(exam.ignored),
        "checks": [check_data(line) for line in exam.checks],
        "cum_laude_checks": [check_data(line) for line in exam.laude],
        "reforms": [{"rule": label, "cite": cite_data(cite)} for label, cite in exam.reforms],
    }


def check_data(line: CheckLine) -> dict[str, Any]:
    """A demand of an exam: whether it is met (null: not known), what it asks and what was found."""
    parts = {"required": line.required, "observed": line.observed, "cite": str(line.cite)}
    return {"id": line.id, "ok": line.ok, **parts}


def _closed(closed: Closed) -> dict[str, Any]:
    """A subject closed before its exam, with marks as people write them, exactly: 7.1 and not 71."""
    result = closed.result
    marks = {"se": result.se, "ce": result.ce, "resit": result.resit}
    told = {name: float(Decimal(value) / TENTHS) for name, value in marks.items() if value is not None}
    return {"subject": result.subject, **told, "stands": closed.stands}


def _teaching(time: TeachingTime) -> dict[str, Any]:
    """The hours of a year and of the course so far (null: not known), and each norm."""
    year = time.this_year
    return {
        "hours": year.hours if year else None,
        "extra": year.extra if year else None,
        "counted": year.counted if year else None,
        "course": time.course,
        "norms": [{key: value for key, value in option_data(norm).items() if key != "to"} for norm in time.norms],
    }


def option_data(option: Option) -> dict[str, Any]:
    """A move or an act with its verdict."""
    return {
        "id": option.rule.id,
        **({"to": option.to.id} if option.to else {}),
        **dict(option.arguments),
        "outcome": option.outcome.value,
        "open": option.open,
        "school_says": option.granted,
        "practice_assumed": option.assumed_practice,
        "why_not": option.why_not(),
        "would_change": option.verdict.what_would_change(),
        "cite": cite_data(option.cite),
        "checks": [node_data(node) for node in option.why()],
    }


def _measure(state: MeasureState) -> dict[str, Any]:
    return {
        "id": state.measure.id,
        "on": state.on,
        "lawful": state.lawful,
        "in_effect": state.in_effect,
        "cite": cite_data(state.verdict.cite),
    }


def node_data(node: Node) -> dict[str, Any]:
    """A line of a verdict, and those under it."""
    return {
        "text": node.text,
        "ok": TRUTH[node.truth],
        **({"cite": cite_data(node.cite)} if node.cite else {}),
        **({"under": [node_data(child) for child in node.children]} if node.children else {}),
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "kind": refusal.kind,
        "id": refusal.id,
        "year": str(refusal.year),
        "outcome": refusal.outcome.value,
        "reason": refusal.reason,
    }
