"""The values that a scenario may have, each of its own kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, cast

from cattrs import Converter

from trajectsim import reading
from trajectsim.calendar import SchoolYear
from trajectsim.marks import parse_mark
from trajectsim.reading import Unfit
from trajectsim.scenario.format import AddPart, BirthDate, Follow, Mark, SwitchPart, UsePart, WhichPart
from trajectsim.words import _, language

EARLIEST_BIRTH = date(1900, 1, 1)
YEARS = range(EARLIEST_BIRTH.year, EARLIEST_BIRTH.year + 300)
"""The years in which the school years start that a scenario may speak of."""
BIRTHS = range(1990, 1990 + 41)
"""The years in which the children of a cohort may be born."""


def converter() -> Converter:
    """How a scenario is structured: strictly, with school years, dates of birth and marks as people write them."""
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
        tuple[str, ...] | None: _or_none(converter, tuple[str, ...]),
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
