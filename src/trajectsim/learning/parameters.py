"""The numbers of the learning model, each with its passport: range, unit, evidence grade, source.

``shipped()`` reads ``parameters.toml``. In fixed mode a parameter is its ``value``; a replication draws it from its
range, by the distribution that its passport names. This module knows no numpy: ``check`` reads overrides with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, cast

from attrs import evolve, frozen

from trajectsim import reading
from trajectsim.errors import Key, Problem, Problems
from trajectsim.reading import did_you_mean, quoted
from trajectsim.words import _

GRADES = ("A", "B", "C", "D")
"""From several credible causal studies or Dutch register data down to a guess."""
DISTRIBUTIONS = ("triangular", "uniform")

Number = float | tuple[float, ...]
Values = Mapping[str, Number]
"""Parameters by key, as a run uses them."""


@frozen(kw_only=True)
class Parameter:
    """One number, or one curve, with its passport.

    ``least`` and ``most``: beyond these it means nothing; ``versus``: what an effect is measured against; ``fit``: the
    targets it was fitted to, if any; ``exclusive_with``: other forms of the same effect, of which a run has one.
    """

    key: str
    value: Number
    low: Number
    high: Number
    dist: str
    unit: str
    versus: str
    grade: str
    source: str
    note: str
    fit: str = ""
    least: float = -math.inf
    most: float = math.inf
    exclusive_with: tuple[str, ...] = ()

    def drawn(self, share: float) -> Number:
        """The number at a share (0 to 1) of its distribution; a curve is drawn as a whole."""
        low, mode, high = (_tuple(each) for each in (self.low, self.value, self.high))
        found = tuple(_quantile(self.dist, *ends, share) for ends in zip(low, mode, high, strict=True))
        return found if isinstance(self.value, tuple) else found[0]


Parameters = Mapping[str, Parameter]


class Told(dict[str, Number]):
    """Parameters as a run uses them; ``asked`` are those that it did use."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> Number:
        self.asked.add(key)
        return super().__getitem__(key)


@cache
def shipped() -> Parameters:
    """The parameters that come with trajectsim. Raises Problems with everything that is wrong with them."""
    name = "parameters.toml"
    return read((resources.files("trajectsim.learning") / name).read_text("utf-8"), name)


def read(text: str, file: str) -> Parameters:
    """Parameters of a text. Raises Problems, located."""
    document = reading.parse(text, file)
    found: dict[str, Parameter] = {}
    problems: list[Problem] = []
    for at, table in _leaves(document):
        parameter, wrong = _parameter(at, table)
        problems.extend(wrong)
        if parameter is not None:
            found[parameter.key] = parameter
    problems.extend(_strangers(found))
    if problems:
        raise Problems(reading.located(problems, text, file))
    return found


def overridden(parameters: Parameters, changes: Mapping[str, Any], at: tuple[Key, ...] = ()) -> Parameters:
    """The same with some values or passports changed, as a scenario writes them. Raises Problems, not located.

    A bare number is that number in every replication; a table changes what it names. What reaches beyond the range of
    the study is a guess, unless the change says what grade its evidence has.
    """
    problems: list[Problem] = []
    changed = dict(parameters)
    for key, change in changes.items():
        here = (*at, key)
        if key not in parameters:
            message = _("unknown parameter {name}").format(name=quoted(key)) + did_you_mean(key, parameters)
            problems.append(Problem("L101", message, at=here, on_key=True))
            continue
        plain: Any = not isinstance(change, dict)
        told = {"value": change, "low": change, "high": change} if plain else cast("dict[str, Any]", change)
        parameter, wrong = _parameter((key,), told, parameters[key])
        problems.extend(dict.fromkeys(evolve(each, at=here if plain else (*here, *each.at[1:])) for each in wrong))
        if parameter is not None:
            guessed = "grade" not in told and not _within(parameter, parameters[key])
            changed[key] = evolve(parameter, grade=GRADES[-1]) if guessed else parameter
    if problems:
        raise Problems(problems)
    return changed


def values(parameters: Parameters) -> Values:
    """Every parameter at its value."""
    return {key: parameter.value for key, parameter in parameters.items()}


def weakest(parameters: Parameters, keys: Iterable[str]) -> str:
    """The weakest evidence grade among some parameters; "A" where there are none."""
    return max((parameters[key].grade for key in keys), default=GRADES[0])


# --- how it does it -----------------------------------------------------------------------------------------

_WORDS = ("dist", "unit", "versus", "grade", "source", "note")
_NUMBERS = ("value", "low", "high")
_FIELDS = (*_NUMBERS, *_WORDS, "fit")
_ENDS = ("least", "most")
_CHANGED = (*_NUMBERS, "dist", "versus", "grade", "source", "note")
"""What a scenario can say otherwise. The unit, what it was fitted to and the other forms of an effect stay."""


def _leaves(document: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The tables that are parameters: those that hold anything but tables."""
    for name, value in document.items():
        here = (*at, name)
        table = cast("dict[str, Any]", value) if isinstance(value, dict) else {name: value}
        if isinstance(value, dict) and table and all(isinstance(each, dict) for each in table.values()):
            yield from _leaves(table, here)
        else:
            yield here, table


def _parameter(
    at: tuple[str, ...], table: Mapping[str, Any], old: Parameter | None = None
) -> tuple[Parameter | None, list[Problem]]:
    """The parameter of a table, or what a table makes of an ``old`` one: what it names, and no more than can change."""
    known = (*_FIELDS, *_ENDS, "exclusive_with") if old is None else _CHANGED
    problems: list[Problem] = []
    for name in (name for name in table if name not in known):
        message = _("unknown key {name}").format(name=quoted(name)) + did_you_mean(name, known)
        hint = "" if old is None else _("a scenario changes {names}").format(names=", ".join(known))
        problems.append(Problem("L101", message, at=(*at, name), on_key=True, hint=hint))
    told: dict[str, Any] = {}
    for name in (name for name in known if name in table):
        told[name], expected = _told(name, table[name], None if old is None else old.value)
        if expected:
            problems.append(Problem("L103", _("expected {expected}").format(expected=expected), at=(*at, name)))
    if old is None:
        lacking = [name for name in (*_NUMBERS, *_WORDS) if name not in table]
        problems += [Problem("L102", _("the passport lacks {name}").format(name=name), at=at) for name in lacking]
    if any(problem.code != "L101" for problem in problems):
        return None, problems
    if old is None:
        ends = zip(_ENDS, LIMITS.get(told["unit"], (-math.inf, math.inf)), strict=True)
        parameter = Parameter(key=".".join(at), **{**dict[str, Any](ends), **told})
    else:
        parameter = evolve(old, **told)
    problems += [Problem("L104", message, at=(*at, name), hint=hint) for name, message, hint in _nonsense(parameter)]
    return (None if problems else parameter), problems


def _within(new: Parameter, old: Parameter) -> bool:
    """Whether a range goes nowhere beyond another."""
    lows, highs = (zip(_tuple(getattr(new, end)), _tuple(getattr(old, end)), strict=True) for end in ("low", "high"))
    return all(own >= of for own, of in lows) and all(own <= of for own, of in highs)


def _told(name: str, value: Any, old: Number | None) -> tuple[Any, str]:
    """A value of a passport, and what was expected where it is none; ``old``: a number, or a curve of as many."""
    if name in (*_NUMBERS, *_ENDS):
        many = isinstance(value, list | tuple)
        each: list[Any] = list(cast("list[Any]", value)) if many else [value]
        fits = bool(each) and all(_is_number(number) for number in each)
        curve = len(old) if isinstance(old, tuple) else 0
        if old is not None and not (fits and curve == (len(each) if many else 0)):
            return None, _("an array of {n} numbers").format(n=curve) if curve else _("a number")
        if not fits:
            return None, _("a number, or an array of numbers")
        numbers = tuple(float(number) for number in each)
        return (numbers if many else numbers[0]), ""
    if name == "exclusive_with":
        names = cast("list[Any]", value) if isinstance(value, list) else [None]
        fits = all(isinstance(each, str) for each in names)
        return tuple(names), "" if fits else _("an array of keys of parameters")
    return value, "" if isinstance(value, str) else _("a text in quotes")


def _is_number(value: Any) -> bool:
    return type(value) in (int, float, Decimal) and abs(value) < 1e6


def _nonsense(parameter: Parameter) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a passport that is complete: where, why, and what to do."""
    by_name = {name: _tuple(getattr(parameter, name)) for name in _NUMBERS}
    value, low, high = by_name.values()
    if parameter.unit not in LIMITS:
        yield "unit", _("unknown unit {name}").format(name=quoted(parameter.unit)), ""
    if not len(low) == len(value) == len(high):
        yield "value", _("value, low and high need as many numbers each"), ""
    elif not all(a <= b <= c for a, b, c in zip(low, value, high, strict=True)):
        told = [", ".join(f"{number:g}" for number in numbers) for numbers in (value, low, high)]
        message = _("the value {value} does not lie from {low} to {high}").format(
            value=told[0], low=told[1], high=told[2]
        )
        yield "value", message, _("write value, low and high, or a number alone: then it is that in every replication")
    if parameter.dist not in DISTRIBUTIONS:
        yield "dist", _("expected one of {names}").format(names=", ".join(DISTRIBUTIONS)), ""
    if parameter.grade not in GRADES:
        yield "grade", _("expected one of {names}").format(names=", ".join(GRADES)), ""
    if parameter.grade == GRADES[-1] and parameter.dist != "uniform" and low != high:
        yield "dist", _("a guess (grade D) is drawn from its whole range: uniform"), ""
    for name, numbers in by_name.items():
        if any(number < parameter.least or number > parameter.most for number in numbers):
            message = _("expected a number from {low} to {high}: beyond these it means nothing")
            yield name, message.format(low=f"{parameter.least:g}", high=f"{parameter.most:g}"), ""
    if not parameter.source or not parameter.unit:
        yield "source", _("a number needs a source and a unit"), ""


LIMITS = {
    "share": (0, 1),
    "share a year": (0, 1),
    "share of variance": (0, 1),
    "share of lesson time": (0, 1),
    "share of the skipped year": (0, 2),
    "correlation": (0, 1),
    "factor": (0, 1),
    "odds ratio": (0.01, 100),
    "logit": (-20, 20),
    "logit at a mean final mark of 6.5": (-20, 20),
    "logit at average skill": (-20, 20),
    "logit at the mean": (-20, 20),
    "logit of on-time vwo": (-20, 20),
    "logit per cohort-SD": (-20, 20),
    "logit per mark": (-20, 20),
    "SD": (-5, 5),
    "SD per cohort-SD": (-5, 5),
    "cohort-SD": (-5, 5),
    "cohort-SD a year": (-2, 2),
    "cohort-SD from the mean of the track": (-10, 10),
    "cohort-SD per SD of engagement": (-2, 2),
    "cohort-SD per missing year": (-2, 2),
    "CE marks": (-9, 9),
    "marks": (-9, 10),
    "school years": (0, 20),
}
"""By unit what a number of it lies between, whatever a scenario says of it, where its passport has no ends of its own:
a school year brings less than two SD of a birth cohort, nobody is at five; a bar beyond all is one for nobody."""


def _strangers(found: Parameters) -> Iterator[Problem]:
    for parameter in found.values():
        for other in parameter.exclusive_with:
            at = (*parameter.key.split("."), "exclusive_with")
            if other not in found:
                message = _("unknown parameter {name}").format(name=quoted(other)) + did_you_mean(other, found)
                yield Problem("L101", message, at=at)
            elif parameter.key not in found[other].exclusive_with:
                yield Problem("L104", _("{name} does not exclude this one").format(name=quoted(other)), at=at)


def _tuple(number: Number) -> tuple[float, ...]:
    return number if isinstance(number, tuple) else (number,)


def _quantile(dist: str, low: float, mode: float, high: float, share: float) -> float:
    if low == high:
        return mode
    if dist == "uniform":
        return low + share * (high - low)
    turn = (mode - low) / (high - low)
    if share < turn:
        return low + (share * (high - low) * (mode - low)) ** 0.5
    return high - ((1 - share) * (high - low) * (high - mode)) ** 0.5
