"""From a plain document to a whole file of sections: strictly, with every problem, those behind others too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeVar, cast

from attrs import evolve

from trajectsim import reading
from trajectsim.errors import Problem
from trajectsim.scenario.values import converter

T = TypeVar("T")
MOST_ROUNDS = 10
"""Dropping a value can make the table around it wrong, and so on outwards: no deeper than a scenario is."""


def structured(
    document: Mapping[str, Any],
    cls: type[T],
    checks: Callable[[T], Iterable[Problem]],
    needed: Mapping[str, Any],
) -> tuple[T | None, list[Problem]]:
    """The document as an object of a class, and what is wrong with it, not yet located. ``checks`` tells what its
    sections say together; ``needed`` is what stands in for what no document can do without, to see what else is wrong.
    """
    found, problems = reading.structure(document, cls, converter())
    if found is None:
        return None, [*problems, *_behind(document, problems, cls, checks, needed)]
    return found, list(checks(found))


def _behind(
    document: Mapping[str, Any],
    found: Sequence[Problem],
    cls: type[T],
    checks: Callable[[T], Iterable[Problem]],
    needed: Mapping[str, Any],
) -> list[Problem]:
    """What is wrong with the sections that could be read, when others could not."""
    mended, structural = reading.Mended(document), list(found)
    for _round in range(MOST_ROUNDS):
        for problem in found:
            mended.drop(problem)
        mended.close()
        _fill(mended.document, document, needed)
        whole, found = reading.structure(mended.document, cls, converter())
        if whole is not None:
            more = [evolve(problem, at=mended.original(problem.at)) for problem in checks(whole)]
            return [p for p in more if not any(first.at[: len(p.at)] == p.at for first in structural)]
    return []


def _fill(left: dict[str, Any], whole: Mapping[str, Any], needed: Mapping[str, Any]) -> None:
    """Put in what is needed where it is missing in what is left of a document, or nothing is left of it."""
    for key, value in needed.items():
        inside, was = left.get(key), whole.get(key)
        if inside is None or (inside == [] and was):
            left[key] = deepcopy(value)
        elif isinstance(inside, dict) and isinstance(value, Mapping):
            part = cast("Mapping[str, Any]", was if isinstance(was, Mapping) else {})
            _fill(cast("dict[str, Any]", inside), part, cast("Mapping[str, Any]", value))
