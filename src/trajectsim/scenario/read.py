"""Reading a scenario: static and light. It knows the names of the law, not the law, and finds every problem at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from trajectsim import reading
from trajectsim.calendar import SchoolYear, year_of_groep_1
from trajectsim.errors import Key, Problem, Problems
from trajectsim.law import index, names
from trajectsim.reading import quoted
from trajectsim.scenario.alone import REFORM, alone
from trajectsim.scenario.arguments import argument_problems
from trajectsim.scenario.expand import Variant, expand
from trajectsim.scenario.expected import expectation_problems, head_problems, reform_problems, settled
from trajectsim.scenario.faults import COHORT, no_cohort
from trajectsim.scenario.faults import unknown as _unknown
from trajectsim.scenario.faults import wrong as _wrong
from trajectsim.scenario.format import (
    DOMAINS,
    MOST_ABLE,
    ActPart,
    ExpectPart,
    ProblemExpected,
    ResultPart,
    Scenario,
)
from trajectsim.scenario.hours import hours_problems
from trajectsim.scenario.structured import structured
from trajectsim.scenario.switches import switch_problems
from trajectsim.scenario.values import EARLIEST_BIRTH, converter
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.scenario.cohorts import CohortSource


@frozen
class Source:
    """A scenario and the file it was read from; ``variant`` is which of the file's it is, and where it was written."""

    file: str
    text: str
    scenario: Scenario
    variant: Variant

    @property
    def name(self) -> str:
        """The file, and in brackets which of its scenarios it is where there are more."""
        return self.variant.named(self.file)


if TYPE_CHECKING:  # CohortSource is only loaded where there is one
    AnySource = Source | CohortSource
    """A scenario of one pupil, or of a cohort."""


def read(path: Path) -> Source:
    """Read and check the scenarios of a file, and give the first. Raises Problems with everything wrong, located."""
    return read_from(reading.read_text(path), str(path))


def read_from(text: str, file: str) -> Source:
    """The same, from a text that is already there."""
    return walked(read_any_from(text, file)[0])


def walked(source: AnySource) -> Source:
    """A scenario as one of a pupil. Raises Problems, located, for a cohort."""
    if isinstance(source, Source):
        return source
    hint = _("play it with: trajectsim cohort FILE")
    problem = Problem("S205", _("this is a cohort, and no walk of one pupil"), at=(COHORT,), on_key=True, hint=hint)
    raise Problems(source.variant.located([problem]))


def counted(source: AnySource) -> CohortSource:
    """A scenario as one of a cohort. Raises Problems, located, for one of a pupil."""
    if not isinstance(source, Source):
        return source
    raise Problems(source.variant.located([no_cohort()]))


def read_all(path: Path) -> list[Source]:
    """Every scenario of one pupil in a file: it has more when it has cases or a matrix. Raises Problems."""
    return read_all_from(reading.read_text(path), str(path))


def read_all_from(text: str, file: str) -> list[Source]:
    """The same, from a text that is already there."""
    return [source for source in read_any_from(text, file) if isinstance(source, Source)]


def read_any(path: Path) -> list[AnySource]:
    """Every scenario of a file, those of cohorts too. Raises Problems."""
    return read_any_from(reading.read_text(path), str(path))


def read_any_from(text: str, file: str) -> list[AnySource]:
    """The same, from a text that is already there."""
    problems: list[Problem] = []
    sources: list[AnySource] = []
    for variant in map(alone, expand(text, file)):
        source, found = _source(file, text, variant)
        problems += variant.located(found) if found else []
        if source is not None:
            sources.append(source)
    if problems:
        raise Problems(dict.fromkeys(problems))
    return sources


def _source(file: str, text: str, variant: Variant) -> tuple[AnySource | None, list[Problem]]:
    if COHORT in variant.document:
        from trajectsim.scenario.cohorts import cohort_source  # only needed where there is one

        return cohort_source(file, text, variant)
    scenario, found = structured(variant.document, Scenario, _problems, {"title": "-"})
    return None if scenario is None else Source(file, text, scenario, variant), found


def problems_expected(path: Path) -> tuple[ProblemExpected, ...]:
    """What a file that cannot be used says is wrong with it; nothing where even that cannot be read."""
    try:
        document = reading.parse(reading.read_text(path), str(path))
    except Problems:
        return ()
    said: dict[str, Any] = {"problem": reading.value_at(document, ("expect", "problem")) or []}
    expected, _wrong = reading.structure(said, ExpectPart, converter())
    return expected.problem if expected is not None else ()


def unexpected(path: Path, found: Iterable[Problem]) -> list[Problem]:
    """The problems of a file that it does not expect, and those that it expects and that are not there; of the latter
    only what can be seen without playing it."""
    expected = problems_expected(path)
    left, there = settled(found, expected)
    absent = [
        Problem("S107", _("expected {code}, and there is no such problem").format(code=each.code), at=at)
        for n, (each, met) in enumerate(zip(expected, there, strict=True))
        for at in [("expect", "problem", n)]
        if not met and not each.code.startswith(PLAYED)
    ]
    return [*left, *(reading.located(absent, reading.read_text(path), str(path)) if absent else [])]


def is_cohort(text: str) -> bool:
    """Whether a text, one that cannot be read too, looks as if it were about a cohort, or a draft reform by itself."""
    if COHORT not in text and REFORM not in text:  # most are not, and there may be many files to look through
        return False
    heads = {match[1] for match in _HEADS.finditer(text)}
    return COHORT in heads or (REFORM in heads and not heads & {"pupil", "expect", "extends"})


_HEADS = re.compile(r"^[ \t]*(?:\[{1,2}[ \t]*)?(\w[\w-]*+)[ \t]*[\].=]", re.MULTILINE)
"""What lines begin with: the heads of sections, and keys."""
PLAYED = "S2"
"""What the codes of problems begin with that only a walk can show."""


def find(paths: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """The scenario files under paths, in order, and a problem for each path that holds none."""
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(p for p in path.rglob("*.toml") if p.is_file() and not p.name.startswith(PARENTS))
        files.extend(inside)
        if not inside:
            message = _("the folder has no scenarios (files that end in .toml)")
            problems.append(Problem("S001", message, str(path), hint=_("name a folder with scenarios, or a file")))
    return list(dict.fromkeys(files)), problems


PARENTS = "_"
"""What the names of files begin with that are there to be extended, and are no scenarios by themselves."""


# --- what the sections say together -------------------------------------------------------------------------


def _problems(scenario: Scenario) -> Iterator[Problem]:
    yield from head_problems(scenario)
    for number, reform in enumerate(scenario.reform):
        yield from reform_problems(reform, ("reform", number))
    yield from _pupil_problems(scenario)
    yield from switch_problems(scenario)
    yield from _step_problems(scenario)
    for number, result in enumerate(scenario.result):
        yield from _result_problems(result, ("result", number))
    yield from expectation_problems(scenario)
    yield from hours_problems(scenario)


def _pupil_problems(scenario: Scenario) -> Iterator[Problem]:
    born, start = _born(scenario), scenario.start
    if scenario.pupil is None and scenario.walks:
        yield Problem("S102", _("the key {key} is missing").format(key=quoted("pupil")), on_key=True)
    for domain, level in scenario.pupil.ability.items() if scenario.pupil is not None else ():
        at = ("pupil", "ability", domain)
        yield from _unknown(domain, DOMAINS, _("domain"), at, on_key=True)
        if abs(level) > MOST_ABLE:
            yield _wrong(
                at, _("expected standard deviations within the birth cohort, from -{n} to {n}").format(n=MOST_ABLE)
            )
    if start is None:
        return
    yield from _unknown(start.at, (*names.PLACES, "out"), _("place"), ("start", "at"))
    for number, diploma in enumerate(start.diplomas):
        yield from _unknown(diploma, names.DIPLOMAS, _("diploma"), ("start", "diplomas", number))
    if start.years_in_place < 1:
        yield _wrong(("start", "years-in-place"), _("expected 1 (the first year there) or more"))
    first = year_of_groep_1(born)
    if start.in_ < (first + -1 if start.at == "home/1" else first):
        message = _("the walk starts before the pupil can be in groep 1, in {year}").format(year=first)
        yield Problem("S106", message, at=("start", "in"))


def _born(scenario: Scenario) -> date:
    """The date of birth; where there is none, one that says nothing of the dates of others."""
    return scenario.pupil.born if scenario.pupil is not None else EARLIEST_BIRTH


def _step_problems(scenario: Scenario) -> Iterator[Problem]:
    start = scenario.start
    first = start.in_ if start else year_of_groep_1(_born(scenario))
    chosen: dict[SchoolYear, int] = {}
    for number, choice in enumerate(scenario.choice):
        at = ("choice", number)
        yield from _unknown(choice.move, names.MOVES, _("move"), (*at, "move"))
        if choice.move in names.MOVES:
            yield from argument_problems(choice, names.MOVES[choice.move], at)
        yield from _too_early(choice.in_, first, at)
        if choice.in_ in chosen:
            message = _("a second move in {year}: there is one a school year").format(year=choice.in_)
            yield Problem("S105", message, at=(*at, "in"))
        chosen.setdefault(choice.in_, number)
    done: set[ActPart] = set()
    for number, act in enumerate(scenario.act):
        at = ("act", number)
        yield from _unknown(act.act, names.ACTS, _("act"), (*at, "act"))
        yield from _too_early(act.in_, first, at)
        if act.act in names.ACTS:
            yield from argument_problems(act, names.ACTS[act.act], at)
        if act in done:
            yield Problem("S105", _("the same act stands twice"), at=at)
        done.add(act)


def _result_problems(result: ResultPart, at: tuple[Key, ...]) -> Iterator[Problem]:
    hint = _("in + outcome, or exam + level + outcome, or exam + level + subject + marks (se, ce, resit or rating)")
    if (result.in_ is None) == (result.exam is None):
        yield Problem("S102", _("a result is of a school year (in) or of an exam year (exam)"), at=at, hint=hint)
        return
    if result.exam is not None and not EARLIEST_BIRTH.year <= result.exam <= 9999:
        yield _wrong((*at, "exam"), _("expected a calendar year such as 2024"))
    if result.in_ is not None:
        wrong = [n for n in ("level", "subject", *_OF_A_SUBJECT) if getattr(result, n) not in ("", None)]
        yield from (Problem("S101", _("a result of a year takes no {name}").format(name=n), at=(*at, n)) for n in wrong)
        yield from _unknown(result.outcome, index.values("year_result"), _("outcome"), (*at, "outcome"))
        return
    yield from _unknown(result.level, names.LEVELS, _("level"), (*at, "level"))
    told = [name for name in _OF_A_SUBJECT if getattr(result, name) not in ("", None)]
    if result.subject:
        if result.outcome or not any(name in _MARKS for name in told):
            yield Problem("S102", _("a result of a subject has marks: se, ce or resit, or a rating"), at=at, hint=hint)
        yield from _told_problems(result, at)
    elif told:
        yield Problem("S102", _("these marks name no subject"), at=at, hint=hint)
    else:
        yield from _unknown(result.outcome, index.values("exam_result"), _("outcome"), (*at, "outcome"))


_MARKS = ("se", "ce", "resit", "rating")
_OF_A_SUBJECT = (*_MARKS, "role", "at")


def _told_problems(result: ResultPart, at: tuple[Key, ...]) -> Iterator[Problem]:
    """What is wrong with the words of a subject's result."""
    known = (("rating", names.RATINGS), ("role", names.ROLES), ("at", index.values("act_level")))
    for name, words in known:
        if getattr(result, name):
            yield from _unknown(getattr(result, name), words, name, (*at, name))


def _too_early(year: SchoolYear, first: SchoolYear, at: tuple[Key, ...]) -> Iterator[Problem]:
    if year < first:
        message = _("in {year} the pupil is not in school; the walk starts in {first}").format(year=year, first=first)
        yield Problem("S108", message, at=(*at, "in"))
