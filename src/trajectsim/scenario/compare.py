"""Two walks beside each other: where they part, what each earned and when, and what decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from attrs import evolve, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.path.walk import Step, Trajectory, play
from trajectsim.scenario.plans import law_of, plan_of
from trajectsim.scenario.read import Source, read, read_all
from trajectsim.words import _

AS_IT_IS = "law"
"""The word for the law without reforms and as the calendar has it."""


@frozen
class Side:
    """A law to walk under: draft reforms on top of it, or one year of it, or as it is."""

    name: str
    law: Lawbook
    follow: SchoolYear | None = None


@frozen
class Difference:
    """A school year in which two walks are not the same: what was so in each, and what that rests on."""

    year: SchoolYear
    what: str
    one: str
    other: str
    cites: tuple[str, str] = ("", "")


@frozen(eq=False)
class Compared:
    """Two walks, and every difference in the order of the years."""

    name: str
    title: str
    one: Trajectory
    other: Trajectory
    differences: tuple[Difference, ...]


def side(text: str, law: Lawbook) -> Side:
    """The law that a word on the command line means: "law", a school year, or a file with reforms. Raises Problems."""
    if text == AS_IT_IS:
        return Side(text, law)
    try:
        return Side(text, law, SchoolYear.parse(text))
    except ValueError:
        pass
    source = read(Path(text))
    if not source.scenario.reform:
        message = _("there is no [[reform]] in this file; to compare two scenarios leave --over out")
        raise Problems([Problem("S102", message, text)])
    try:
        return Side(source.scenario.title, law_of(source.scenario, law))
    except Problems as found:
        raise Problems(source.variant.located(found.problems)) from None


def over(
    files: Iterable[Path], one: Side, other: Side, takes: Callable[[Source], bool] = lambda source: True
) -> Iterator[Compared]:
    """Each scenario of some files, of those that are asked for, under two laws. Raises Problems."""
    for file in files:
        for source in read_all(file):
            if source.scenario.walks and takes(source):
                walks = (_played(source, each) for each in (one, other))
                yield compared(source.name, source.scenario.title, *walks)


def scenarios(one: Source, other: Source, law: Lawbook) -> Compared:
    """Two scenarios, each under its own law. Raises Problems."""
    walks = (_played(source, Side(source.name, law)) for source in (one, other))
    return compared(f"{one.name} / {other.name}", f"{one.scenario.title} / {other.scenario.title}", *walks)


def compared(name: str, title: str, one: Trajectory, other: Trajectory) -> Compared:
    """Two walks that were played."""
    return Compared(name, title, one, other, tuple(_differences(one, other)))


# --- how it does it -----------------------------------------------------------------------------------------


def _played(source: Source, under: Side) -> Trajectory:
    try:
        plan = plan_of(source.scenario)
        if under.follow is not None:
            plan = evolve(plan, clock=Clock(under.follow, plan.clock.dates))
        return play(plan, law_of(source.scenario, under.law))
    except Problems as found:
        raise Problems(source.variant.located(found.problems)) from None


def _differences(one: Trajectory, other: Trajectory) -> Iterator[Difference]:
    years = sorted({step.state.year for walk in (one, other) for step in walk.steps})
    for year in years:
        steps = (one.at(year), other.at(year))
        parts = [_parts(step) for step in steps]
        for what in dict.fromkeys((*parts[0], *parts[1])):
            (left, left_cite), (right, right_cite) = (part.get(what, ("", "")) for part in parts)
            if left != right:
                yield Difference(year, what, left, right, (left_cite, right_cite))


def _parts(step: Step | None) -> dict[str, tuple[str, str]]:
    """What is so in a year, and the article of it."""
    if step is None:
        return {}
    parts = {_("place"): (str(step.state.place), "")}
    for act in step.done:
        parts[" ".join([act.act, *(value for _name, value in act.arguments)])] = (_("done"), "")
    if step.exam is not None:
        cite = next((str(line.cite) for line in step.exam.checks if line.ok is False), "")
        parts[_("exam")] = (step.exam.result_text, cite)
    for earned, verdict in step.earned:
        laude = " cum laude" if earned.cum_laude else ""
        lines = step.exam.laude if step.exam is not None and earned.cum_laude else ()
        cite = str(lines[0].cite) if lines else str(verdict.cite)
        parts[earned.diploma] = (_("earned") + laude, cite)
    if step.taken is not None:
        parts[_("move")] = (f"{step.taken.rule.label}: {step.taken.outcome.text}", str(step.taken.cite))
    return parts
