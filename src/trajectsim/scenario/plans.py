"""From a scenario to the plan that ``path`` plays."""

from __future__ import annotations

from collections.abc import Iterable

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.reforms import Reform, Which
from trajectsim.law.tables import Force, Span, WayText
from trajectsim.path.plan import (
    ALL,
    Chance,
    Choice,
    Learning,
    Plan,
    PlannedAct,
    PracticeUse,
    Start,
    Switch,
    TimePlan,
    start_of,
)
from trajectsim.pupil import Pupil, Result
from trajectsim.scenario.arguments import arguments
from trajectsim.scenario.format import (
    AddPart,
    ReformPart,
    ResultPart,
    Scenario,
    SwitchPart,
    UsePart,
    WhichPart,
)
from trajectsim.words import _


def plan_of(scenario: Scenario) -> Plan:
    """The plan that a checked scenario describes; choices, acts and results keep their order. Raises Problems."""
    who = scenario.pupil
    if who is None:
        hint = _("only verdicts on sheets of marks are expected here; run it")
        raise Problems([Problem("S102", _("there is no pupil who could walk"), hint=hint)])
    pupil = Pupil(who.born, who.name, who.profile, who.ability)
    start, follow = scenario.start, scenario.law.follow
    return Plan(
        pupil=pupil,
        start=Start(start.in_, start.at, start.years_in_place, start.diplomas) if start else start_of(pupil),
        clock=Clock(None if follow == "calendar" else SchoolYear.parse(follow), scenario.law.dates),
        measures={name: switch_of(part) for name, part in scenario.measures.items()},
        practices={name: use_of(part) for name, part in scenario.practice.items()},
        choices=tuple(Choice(choice.in_, choice.move, arguments(choice)) for choice in scenario.choice),
        acts=tuple(PlannedAct(act.in_, act.act, arguments(act)) for act in scenario.act),
        results=tuple(_result(result) for result in scenario.result),
        given=scenario.given,
        learning=Learning() if who.ability else None,
        teaching=tuple(TimePlan(p.track, p.hours, p.extra, p.core, p.days) for p in scenario.teaching_time),
    )


def law_of(scenario: Scenario, law: Lawbook) -> Lawbook:
    """The law that a scenario is played under: with its reforms over it. Raises Problems, not yet located."""
    return law.overlay(reforms_of(scenario.reform, scenario.title)) if scenario.reform else law


def reforms_of(parts: Iterable[ReformPart], title: str) -> tuple[Reform, ...]:
    """Draft reforms, called by the title of what they stand in where they have none of their own."""
    return tuple(_reform(part, title) for part in parts)


def _reform(part: ReformPart, title: str) -> Reform:
    return Reform(
        rule=part.rule,
        title=part.title or title,
        span=Span(part.from_.start, part.until.start if part.until else None),
        set=part.set,
        value=part.value,
        way=_which(part.way),
        add=_way(part.add),
        remove=_which(part.remove),
    )


def _which(part: str | WhichPart | None) -> Which | None:
    if part is None or isinstance(part, str):
        return Which(id=part) if part else None
    return Which(force=part.force, practice=part.practice, needs=part.needs)


def _way(part: AddPart | None) -> WayText | None:
    return WayText(Force(part.force), part.needs, part.id, part.practice) if part else None


def switch_of(part: bool | SwitchPart) -> Switch:
    """What a scenario says of a measure."""
    if not isinstance(part, SwitchPart):
        return Switch(part)
    share, quality = (ALL if value is None else value for value in (part.share, part.quality))
    return Switch(True, part.from_, part.until, part.subjects, part.years, share, quality)


def use_of(part: str | UsePart) -> PracticeUse:
    """What a scenario says of a practice."""
    if isinstance(part, str):
        return part
    return Chance(part.probability) if part.probability is not None else part.when or {}


def _result(part: ResultPart) -> Result:
    year = part.in_ or SchoolYear((part.exam or 1) - 1)
    marks = (part.se, part.ce, part.resit, part.rating, part.role, part.at)
    return Result(year, part.outcome, part.level, part.subject, *marks)
