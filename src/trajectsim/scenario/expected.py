"""What is wrong with expectations and with draft reforms by themselves. It knows the names of the law, not the law."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from trajectsim.errors import Key, Problem
from trajectsim.law import names
from trajectsim.reading import did_you_mean, key_of, quoted
from trajectsim.scenario.arguments import argument_problems
from trajectsim.scenario.faults import nothing, unknown, wrong
from trajectsim.scenario.format import (
    FORCES,
    OUTCOMES,
    RESULTS,
    BlockedExpected,
    LawPart,
    OptionExpected,
    ProblemExpected,
    ReformPart,
    RouteExpected,
    Scenario,
    VerdictExpected,
)
from trajectsim.words import _


class Headed(Protocol):
    """A scenario of one pupil or of a cohort."""

    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def law(self) -> LawPart: ...


def head_problems(scenario: Headed) -> Iterator[Problem]:
    """What is wrong with what every scenario says of itself: its status, and the law it is under."""
    if scenario.status not in ("", "wip"):
        yield wrong(("status",), _('expected "wip", or no status at all'))
    if (scenario.status == "wip") != bool(scenario.reason.strip()):
        message = _("a scenario in progress (status) has a reason, and only such a one")
        yield Problem("S102", message, at=("reason",) if scenario.reason else ("status",))
    if scenario.law.dates not in ("enacted", "announced"):
        yield wrong(("law", "dates"), _('expected "enacted" or "announced"'))


def expectation_problems(scenario: Scenario) -> Iterator[Problem]:
    """Expectations of names that are unknown, or of nothing at all."""
    expect = scenario.expect
    for number, diploma in enumerate(expect.diploma):
        yield from unknown(diploma.level, names.DIPLOMAS, _("diploma"), ("expect", "diploma", number, "level"))
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
                yield from unknown(value, known, key, (*at, key))
        for key, values, known in lists:
            for place, value in enumerate(values):
                yield from unknown(value, known, key.rstrip("s"), (*at, key, place))
        if here.age is None and not (here.place or here.move or here.measures or here.diplomas or here.acts):
            yield nothing(at)
    for number, blocked in enumerate(expect.blocked):
        yield from _blocked_problems(blocked, ("expect", "blocked", number))
    for number, option in enumerate(expect.option):
        yield from _option_problems(option, ("expect", "option", number))
    for number, verdict in enumerate(expect.verdict):
        yield from _verdict_problems(verdict, ("expect", "verdict", number))
    for number, route in enumerate(expect.route):
        yield from _route_problems(route, ("expect", "route", number))
    yield from code_problems(expect.problem)


def code_problems(expected: Iterable[ProblemExpected]) -> Iterator[Problem]:
    """Expected problems of which there is no such code."""
    for number, problem in enumerate(expected):
        if not re.fullmatch(r"[SL][0-9]{3}", problem.code):
            yield wrong(("expect", "problem", number, "code"), _("expected the code of a problem, such as S104"))


MOST_REPEATS = 10
"""How often a route can be let to come to a place again."""


def _route_problems(route: RouteExpected, at: tuple[Key, ...]) -> Iterator[Problem]:
    """A goal that is none, or an earliest route of which nothing is said."""
    from trajectsim.path.goals import goal_among  # only needed where a route is expected

    if goal_among(route.to, names.DIPLOMAS, names.PLACES) is None:
        known = (*names.DIPLOMAS, *names.PLACES)
        message = _("{goal} is no place, diploma or age").format(goal=quoted(route.to)) + did_you_mean(route.to, known)
        yield Problem("S104", message, at=(*at, "to"), hint=_('such as "ho/wo/*", "vwo" or "18"'))
    told = [key for key in ("year", "age", "because") if getattr(route, key) not in (None, "")]
    if route.open is None and not told:
        yield nothing(at)
    elif route.open is False and told:
        yield Problem(
            "S101", _("{key} is said of a route that there is").format(key=quoted(told[0])), at=(*at, told[0])
        )
    if not 0 <= route.repeats <= MOST_REPEATS:
        yield wrong((*at, "repeats"), _("expected a number from 0 to {most}").format(most=MOST_REPEATS))


def _blocked_problems(blocked: BlockedExpected, at: tuple[Key, ...]) -> Iterator[Problem]:
    named = [name for name in ("move", "act", "measure") if getattr(blocked, name)]
    if len(named) != 1:
        yield nothing(at) if not named else wrong(at, _("expected one of move, act and measure"))
        return
    kind, name = blocked.what
    known = {"move": names.MOVES, "act": names.ACTS, "measure": names.MEASURES}[kind]
    yield from unknown(name, known, kind, (*at, kind))


def _option_problems(option: OptionExpected, at: tuple[Key, ...]) -> Iterator[Problem]:
    if bool(option.move) == bool(option.act):
        yield wrong(at, _("expected one of move and act")) if option.move else nothing(at)
        return
    kind, known = ("move", names.MOVES) if option.move else ("act", names.ACTS)
    yield from unknown(option.move or option.act, known, kind, (*at, kind))
    if (name := option.move or option.act) in known:
        yield from argument_problems(option, known[name], at, whole=False)
    told = (("outcome", OUTCOMES), ("force", FORCES), ("to", (*names.PLACES, "out")))
    for key, values in told:
        if getattr(option, key):
            yield from unknown(getattr(option, key), values, key, (*at, key))
    if not any(getattr(option, key) for key, _values in told):
        yield nothing(at)


COUNTS = ("passed", "failed", "incomplete", "distinctions")
"""How many candidates of a sheet."""
_OF_ONE = ("result", "cum_laude", "combination", "final", "left_out")


def _verdict_problems(verdict: VerdictExpected, at: tuple[Key, ...]) -> Iterator[Problem]:
    if (verdict.exam is None) == (not verdict.sheet):
        yield Problem("S102", _("a verdict is on an exam of the walk (exam) or on a sheet of marks (sheet)"), at=at)
        return
    counted = [key for key in COUNTS if getattr(verdict, key) is not None]
    of_one = [key for key in _OF_ONE if getattr(verdict, key) not in ("", None, {})]
    alone = verdict.exam is not None or bool(verdict.candidate)
    for key in counted if alone else [*of_one, *(["because"] if verdict.because else [])]:
        message = _("{key} is said of one candidate") if not alone else _("{key} is said of a whole sheet")
        yield Problem("S101", message.format(key=quoted(key_of(key))), at=(*at, key_of(key)), on_key=True)
    if verdict.result:
        yield from unknown(verdict.result, RESULTS, "result", (*at, "result"))
    if not (of_one if alone else counted):
        yield nothing(at)


def settled(found: Iterable[Problem], expected: Iterable[ProblemExpected]) -> tuple[list[Problem], list[bool]]:
    """The problems of a file that nothing in it expects, and for each that it expects whether it is there."""
    left, asked = list(found), list(expected)
    there = [[problem for problem in left if _is_it(problem, each)] for each in asked]
    return [problem for problem in left if not any(problem in some for some in there)], [bool(some) for some in there]


def _is_it(problem: Problem, expected: ProblemExpected) -> bool:
    line = problem.place.line if problem.place else None
    return problem.code == expected.code and expected.line in (None, line)


def reform_problems(reform: ReformPart, at: tuple[Key, ...]) -> Iterator[Problem]:
    """What is wrong with a reform by itself; what it does to its rule, the law says when it is laid over it."""
    yield from unknown(reform.rule, names.RULES, _("rule"), (*at, "rule"))
    if reform.until is not None and reform.until < reform.from_:
        yield wrong((*at, "until"), _("the reform ends before it starts"))
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

        yield from unknown(reform.add.force, list(Force), _("force"), (*at, "add", "force"))
