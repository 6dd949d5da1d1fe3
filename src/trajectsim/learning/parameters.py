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

    A bare number is that number in every replication; a table changes what it names.
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
        old = parameters[key]
        table = {name: getattr(old, name) for name in _FIELDS} | {"exclusive_with": list(old.exclusive_with)}
        for name in told.keys() & set(_ENDS):
            problems.append(
                Problem("L101", _("unknown key {name}").format(name=quoted(name)), at=(*here, name), on_key=True)
            )
        told = {name: value for name, value in told.items() if name not in _ENDS}
        table |= {name: getattr(old, name) for name in _ENDS if math.isfinite(getattr(old, name))}
        parameter, wrong = _parameter((key,), {**_listed(table), **told})
        problems.extend(evolve(each, at=here if plain else (*here, *each.at[1:])) for each in wrong)
        if parameter is not None:
            changed[key] = parameter
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
_FIELDS = ("value", "low", "high", *_WORDS, "fit")
_ENDS = ("least", "most")


def _leaves(document: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The tables that are parameters: those that hold anything but tables."""
    for name, value in document.items():
        here = (*at, name)
        table = cast("dict[str, Any]", value) if isinstance(value, dict) else {name: value}
        if isinstance(value, dict) and table and all(isinstance(each, dict) for each in table.values()):
            yield from _leaves(table, here)
        else:
            yield here, table


def _parameter(at: tuple[str, ...], table: Mapping[str, Any]) -> tuple[Parameter | None, list[Problem]]:
    problems = [
        Problem("L102", _("the passport lacks {name}").format(name=name), at=at)
        for name in ("value", "low", "high", *_WORDS)
        if name not in table
    ]
    known = (*_FIELDS, *_ENDS, "exclusive_with")
    problems += [
        Problem("L101", _("unknown key {name}").format(name=quoted(name)) + did_you_mean(name, known), at=(*at, name))
        for name in table
        if name not in known
    ]
    told: dict[str, Any] = {}
    for name in known:
        if name in table:
            value, expected = _told(name, table[name])
            told[name] = value
            problems += [Problem("L103", _("expected {expected}").format(expected=expected), at=(*at, name))] * bool(
                expected
            )
    if problems:
        return None, problems
    parameter = Parameter(key=".".join(at), **told)
    problems = [Problem("L104", message, at=(*at, name)) for name, message in _nonsense(parameter)]
    return (None if problems else parameter), problems


def _told(name: str, value: Any) -> tuple[Any, str]:
    """A value of a passport, and what was expected where it is none."""
    if name in ("value", "low", "high", *_ENDS):
        many = isinstance(value, list | tuple)
        each: list[Any] = list(cast("list[Any]", value)) if many else [value]
        if not each or not all(_is_number(number) for number in each):
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


def _nonsense(parameter: Parameter) -> Iterator[tuple[str, str]]:
    """What is wrong with a passport that is complete."""
    low, value, high = (_tuple(each) for each in (parameter.low, parameter.value, parameter.high))
    if not len(low) == len(value) == len(high):
        yield "value", _("value, low and high need as many numbers each")
    elif not all(a <= b <= c for a, b, c in zip(low, value, high, strict=True)):
        yield "value", _("the value does not lie from low to high")
    if parameter.dist not in DISTRIBUTIONS:
        yield "dist", _("expected one of {names}").format(names=", ".join(DISTRIBUTIONS))
    if parameter.grade not in GRADES:
        yield "grade", _("expected one of {names}").format(names=", ".join(GRADES))
    if parameter.grade == GRADES[-1] and parameter.dist != "uniform" and low != high:
        yield "dist", _("a guess (grade D) is drawn from its whole range: uniform")
    if parameter.unit in BOUNDED and not all(0 <= number <= 1 for number in (*low, *high)):
        yield "value", _("a {unit} lies from 0 to 1").format(unit=parameter.unit)
    if not all(parameter.least <= number <= parameter.most for number in (*low, *high)):
        if math.isfinite(parameter.most):
            ends = _("from {low} to {high}").format(low=f"{parameter.least:g}", high=f"{parameter.most:g}")
        else:
            ends = _("at least {low}").format(low=f"{parameter.least:g}")
        yield "value", _("expected {expected}").format(expected=ends)
    if not parameter.source or not parameter.unit:
        yield "source", _("a number needs a source and a unit")


BOUNDED = ("share", "share a year", "share of variance", "share of lesson time", "weight", "correlation")
"""Units of numbers from 0 to 1."""


def _strangers(found: Parameters) -> Iterator[Problem]:
    for parameter in found.values():
        for other in parameter.exclusive_with:
            at = (*parameter.key.split("."), "exclusive_with")
            if other not in found:
                message = _("unknown parameter {name}").format(name=quoted(other)) + did_you_mean(other, found)
                yield Problem("L101", message, at=at)
            elif parameter.key not in found[other].exclusive_with:
                yield Problem("L104", _("{name} does not exclude this one").format(name=quoted(other)), at=at)


def _listed(table: dict[str, Any]) -> dict[str, Any]:
    return {name: list(cast("tuple[Any, ...]", v)) if isinstance(v, tuple) else v for name, v in table.items()}


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
