"""Reading a scenario: static and light. It knows the names of the law, not the law, and finds every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

from attrs import evolve, frozen
from cattrs import Converter

from trajectsim import reading
from trajectsim.calendar import SchoolYear, year_of_groep_1
from trajectsim.errors import Key, Problem, Problems
from trajectsim.law import index, names
from trajectsim.marks import parse_mark
from trajectsim.reading import Unfit, did_you_mean, quoted
from trajectsim.scenario.format import (
    DOMAINS,
    MOST_ABLE,
    ActPart,
    AddPart,
    BirthDate,
    BlockedExpected,
    Follow,
    Mark,
    ReformPart,
    ResultPart,
    Scenario,
    SwitchPart,
    UsePart,
    WhichPart,
)
from trajectsim.scenario.switches import parameter_problems
from trajectsim.words import _, language

EARLIEST_BIRTH = date(1900, 1, 1)
YEARS = range(EARLIEST_BIRTH.year, EARLIEST_BIRTH.year + 300)
"""The years in which the school years start that a scenario may speak of."""


@frozen
class Source:
    """A scenario and the file it was read from."""

    file: str
    text: str
    scenario: Scenario


def read(path: Path) -> Source:
    """Read and check one scenario. Raises Problems with everything that is wrong, located."""
    return read_from(reading.read_text(path), str(path))


def read_from(text: str, file: str) -> Source:
    """The same, from a text that is already there."""
    document = reading.parse(text, file)
    scenario, problems = reading.structure(document, Scenario, _converter())
    if scenario is None:
        problems += _behind(document, problems)
    else:
        problems = list(_problems(scenario))
    if problems or scenario is None:
        raise Problems(reading.located(problems, text, file))
    return Source(file, text, scenario)


def find(paths: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """The scenario files under paths, in order, and a problem for each path that holds none."""
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(p for p in path.rglob("*.toml") if p.is_file())
        files.extend(inside)
        if not inside:
            message = _("the folder has no scenarios (files that end in .toml)")
            problems.append(Problem("S001", message, str(path), hint=_("name a folder with scenarios, or a file")))
    return list(dict.fromkeys(files)), problems


def _behind(document: dict[str, Any], found: Sequence[Problem]) -> list[Problem]:
    """What is wrong with the sections that could be read, when others could not."""
    mended, converter, structural = reading.Mended(document), _converter(), list(found)
    unsure: set[str] = set()
    for _round in range(MOST_ROUNDS):
        for problem in found:
            mended.drop(problem)
        mended.close()
        if "pupil" not in mended.document:
            unsure = {"S106", "S108"}  # a stand-in pupil says nothing of dates
        for name, stand_in in _STAND_INS.items():
            mended.document.setdefault(name, stand_in)
        scenario, found = reading.structure(mended.document, Scenario, converter)
        if scenario is not None:
            more = [p for p in _problems(scenario) if p.code not in unsure]
            more = [evolve(problem, at=mended.original(problem.at)) for problem in more]
            return [p for p in more if not any(first.at[: len(p.at)] == p.at for first in structural)]
    return []


MOST_ROUNDS = 10
"""Dropping a value can make the table around it wrong, and so on outwards: no deeper than a scenario is."""
_STAND_INS: dict[str, Any] = {"title": "-", "pupil": {"born": EARLIEST_BIRTH}}  # read, never changed


# --- values -------------------------------------------------------------------------------------------------


def _converter() -> Converter:
    return _converter_in(language())


@cache
def _converter_in(_language: str) -> Converter:
    """Made once for a language: what it expects is said in words."""
    converter = reading.strict_converter()
    hooks: dict[Any, Callable[[Any, Any], Any]] = {
        SchoolYear: _school_year,
        BirthDate: _birth_date,
        Follow: _follow,
        Mark: _mark,
        int | None: _or_none(converter, int),
        Mark | None: _or_none(converter, Mark),
        SchoolYear | None: _or_none(converter, SchoolYear),
        Decimal | None: _or_none(converter, Decimal),
        dict[str, Any]: _plain_table,
        dict[str, Any] | None: _plain_table,
        bool | None: _or_none(converter, bool),
        bool | SwitchPart: _either(
            converter, bool, SwitchPart, _("true, false, or a table with from, until and what the measure takes")
        ),
        AddPart | None: _or_none(converter, AddPart),
        str | WhichPart | None: _either(converter, str, WhichPart, _("the id of a way, or a table of what it says")),
        str | UsePart: _either(converter, str, UsePart, _('"always", "never", or a table with probability or when')),
    }
    for kind, hook in hooks.items():
        converter.register_structure_hook_func(_is(kind), hook)
    return converter


def _is(kind: Any) -> Callable[[Any], bool]:
    return lambda other: other is kind or other == kind


def _or_none(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    return lambda value, _kind: converter.structure(value, kind)


def _either(converter: Converter, plain: type, table: type, expected: str) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _kind: Any) -> Any:
        if isinstance(value, dict):
            return cast(object, converter.structure(value, table))
        if type(value) is not plain:
            raise Unfit(expected)
        return value

    return hook


def _plain_table(value: Any, _kind: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unfit(_("a table"))
    return value  # pyright: ignore[reportUnknownVariableType]


def _school_year(value: Any, _kind: Any) -> SchoolYear:
    year = reading.school_year(value)
    if year.start not in YEARS:
        raise Unfit(_("a school year from {first} to {last}").format(first=YEARS[0], last=YEARS[-1]))
    return year


def _follow(value: Any, kind: Any) -> str:
    try:
        return value if value == "calendar" else str(_school_year(value, kind))
    except Unfit:
        raise Unfit(_('"calendar" or a school year such as "2015/2016"')) from None


def _date(value: Any, _kind: Any) -> date:
    if type(value) is not date:
        raise Unfit(_("a date such as 2008-03-12, without quotes"))
    return value


def _birth_date(value: Any, kind: Any) -> date:
    born = _date(value, kind)
    if born > date.today():
        raise Unfit(_("a date of birth that does not lie in the future"))
    if born < EARLIEST_BIRTH:
        raise Unfit(_("a date of birth since {first}").format(first=EARLIEST_BIRTH))
    return born


def _mark(value: Any, _kind: Any) -> int:
    try:
        if type(value) in (int, Decimal):
            return parse_mark(value)
    except ValueError:
        pass
    raise Unfit(_("a mark from 1 to 10 with at most one decimal, such as 7.5"))


# --- what the sections say together -------------------------------------------------------------------------


def _problems(scenario: Scenario) -> Iterator[Problem]:
    yield from _law_problems(scenario)
    for number, reform in enumerate(scenario.reform):
        yield from _reform_problems(reform, ("reform", number))
    yield from _pupil_problems(scenario)
    yield from _switch_problems(scenario)
    yield from _step_problems(scenario)
    for number, result in enumerate(scenario.result):
        yield from _result_problems(result, ("result", number))
    yield from _expectation_problems(scenario)


def _law_problems(scenario: Scenario) -> Iterator[Problem]:
    if scenario.law.dates not in ("enacted", "announced"):
        yield _wrong(("law", "dates"), _('expected "enacted" or "announced"'))


def _reform_problems(reform: ReformPart, at: tuple[Key, ...]) -> Iterator[Problem]:
    """What is wrong with a reform by itself; what it does to its rule, the law says when it is laid over it."""
    yield from _unknown(reform.rule, names.RULES, _("rule"), (*at, "rule"))
    if reform.until is not None and reform.until < reform.from_:
        yield _wrong((*at, "until"), _("the reform ends before it starts"))
    told = [name for name in ("set", "add", "remove") if getattr(reform, name) not in ("", None)]
    if len(told) != 1:
        message = _("a reform does one thing: set (with value), add or remove")
        yield Problem("S102" if not told else "S103", message, at=(*at, *told[1:2]))
        return
    if reform.set and reform.value is None:
        yield Problem("S102", _("the key {key} is missing").format(key=quoted("value")), at=at)
    beside = (("value", reform.value), ("way", reform.way)) if not reform.set else ()
    for name, value in beside:
        if value is not None:
            message = _("{key} belongs to set").format(key=quoted(name))
            yield Problem("S101", message, at=(*at, name), on_key=True)
    if reform.add is not None:
        from trajectsim.law.tables import Force  # only needed where a reform adds a way

        yield from _unknown(reform.add.force, list(Force), _("force"), (*at, "add", "force"))


def _pupil_problems(scenario: Scenario) -> Iterator[Problem]:
    born, start = scenario.pupil.born, scenario.start
    for domain, level in scenario.pupil.ability.items():
        at = ("pupil", "ability", domain)
        yield from _unknown(domain, DOMAINS, _("domain"), at, on_key=True)
        if abs(level) > MOST_ABLE:
            yield _wrong(
                at, _("expected standard deviations within the birth cohort, from -{n} to {n}").format(n=MOST_ABLE)
            )
    if start is None:
        return
    yield from _unknown(start.at, names.PLACES, _("place"), ("start", "at"))
    for number, diploma in enumerate(start.diplomas):
        yield from _unknown(diploma, names.DIPLOMAS, _("diploma"), ("start", "diplomas", number))
    if start.years_in_place < 1:
        yield _wrong(("start", "years-in-place"), _("expected 1 (the first year there) or more"))
    if start.in_ < year_of_groep_1(born):
        message = _("the walk starts before the pupil can be in groep 1, in {year}").format(year=year_of_groep_1(born))
        yield Problem("S106", message, at=("start", "in"))


def _switch_problems(scenario: Scenario) -> Iterator[Problem]:
    for name, switch in scenario.measures.items():
        yield from _unknown(name, names.MEASURES, _("measure"), ("measures", name), on_key=True)
        if isinstance(switch, SwitchPart):
            yield from parameter_problems(name, switch, ("measures", name))
    for name, use in scenario.practice.items():
        yield from _unknown(name, names.PRACTICES, _("practice"), ("practice", name), on_key=True)
        if isinstance(use, str):
            if use not in ("always", "never"):
                yield _wrong(("practice", name), _('expected "always" or "never"'))
        elif (use.probability is None) == (use.when is None):
            yield _wrong(("practice", name), _("expected either probability or when"))
        elif use.probability is not None and not 0 <= use.probability <= 1:
            yield _wrong(("practice", name, "probability"), _("expected a number from 0 to 1"))
        if isinstance(use, UsePart) and use.when is not None:
            yield from _needs_problems(use.when, ("practice", name, "when"))
    for name, value in scenario.given.items():
        at = ("given", name)
        yield from _unknown(name, index.GIVEN, _("fact that can be given"), at, on_key=True)
        if name in index.GIVEN:
            try:
                index.fact(name).encode(value)
            except Unfit as error:
                yield Problem("S103", _("expected {expected}").format(expected=error.expected), at=at, hint=error.hint)


def _needs_problems(needs: dict[str, Any], at: tuple[Key, ...]) -> Iterator[Problem]:
    """What is wrong with the needs that decide a practice: they are read as those of the law data are."""
    from trajectsim.law.facts import Facts  # only needed where a scenario has such needs
    from trajectsim.law.tables import NeedsError, compile_needs

    if not needs:
        yield _wrong(at, _("expected {expected}").format(expected=_("at least one test")))
    facts = Facts({name: index.fact(name) for name in names.FACTS})
    for name, need in needs.items():
        try:
            compile_needs({name: need}, facts)
        except NeedsError as error:
            unknown = name not in names.FACTS
            yield Problem("S104" if unknown else "S103", str(error), at=(*at, *error.at), on_key=unknown)


def _step_problems(scenario: Scenario) -> Iterator[Problem]:
    start = scenario.start
    first = start.in_ if start else year_of_groep_1(scenario.pupil.born)
    chosen: dict[SchoolYear, int] = {}
    for number, choice in enumerate(scenario.choice):
        at = ("choice", number)
        yield from _unknown(choice.move, names.MOVES, _("move"), (*at, "move"))
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
            yield from _argument_problems(act, at)
        if act in done:
            yield Problem("S105", _("the same act stands twice"), at=at)
        done.add(act)


def _argument_problems(act: ActPart, at: tuple[Key, ...]) -> Iterator[Problem]:
    takes = names.ACTS[act.act]
    for name in ("subject", "level"):
        value: str = getattr(act, name)
        if name in takes and not value:
            message = _("the act {act} needs {name}").format(act=quoted(act.act), name=name)
            yield Problem("S102", message, at=at)
        elif value and name not in takes:
            message = _("the act {act} takes no {name}").format(act=quoted(act.act), name=name)
            yield Problem("S101", message, at=(*at, name), on_key=True)
        elif value and takes[name] in names.FACTS:
            yield from _unknown(value, index.values(takes[name]), name, (*at, name))


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


def _expectation_problems(scenario: Scenario) -> Iterator[Problem]:
    expect = scenario.expect
    for number, diploma in enumerate(expect.diploma):
        yield from _unknown(diploma.level, names.DIPLOMAS, _("diploma"), ("expect", "diploma", number, "level"))
    for number, here in enumerate(expect.at):
        at = ("expect", "at", number)
        named = (("place", [here.place], (*names.PLACES, "out")), ("move", [here.move], names.MOVES))
        lists = (
            ("measures", here.measures, names.MEASURES),
            ("diplomas", here.diplomas, names.DIPLOMAS),
            ("acts", here.acts, names.ACTS),
        )
        for key, values, known in named:
            for value in filter(None, values):
                yield from _unknown(value, known, key, (*at, key))
        for key, values, known in lists:
            for place, value in enumerate(values):
                yield from _unknown(value, known, key.rstrip("s"), (*at, key, place))
        if here.age is None and not (here.place or here.move or here.measures or here.diplomas or here.acts):
            yield _nothing(at)
    for number, blocked in enumerate(expect.blocked):
        yield from _blocked_problems(blocked, ("expect", "blocked", number))


def _blocked_problems(blocked: BlockedExpected, at: tuple[Key, ...]) -> Iterator[Problem]:
    named = [name for name in ("move", "act", "measure") if getattr(blocked, name)]
    if len(named) != 1:
        yield _nothing(at) if not named else _wrong(at, _("expected one of move, act and measure"))
        return
    kind, name = blocked.what
    known = {"move": names.MOVES, "act": names.ACTS, "measure": names.MEASURES}[kind]
    yield from _unknown(name, known, kind, (*at, kind))


def _nothing(at: tuple[Key, ...]) -> Problem:
    return Problem("S107", _("this expectation names nothing that could be so or not"), at=at)


def _too_early(year: SchoolYear, first: SchoolYear, at: tuple[Key, ...]) -> Iterator[Problem]:
    if year < first:
        message = _("in {year} the pupil is not in school; the walk starts in {first}").format(year=year, first=first)
        yield Problem("S108", message, at=(*at, "in"))


def _unknown(
    name: str, known: Iterable[str], what: str, at: tuple[Key, ...], *, on_key: bool = False
) -> Iterator[Problem]:
    names = list(known)
    if name in names:
        return
    hint = _("known: {names}").format(names=", ".join(names)) if len(names) <= 20 else ""
    if not name:
        message = _("the {what} is missing").format(what=what)
    else:
        message = _("unknown {what} {name}").format(what=what, name=quoted(name)) + did_you_mean(name, names)
    yield Problem("S104" if name else "S102", message, at=at, on_key=on_key, hint=hint)


def _wrong(at: tuple[Key, ...], message: str) -> Problem:
    return Problem("S103", message, at=at)
