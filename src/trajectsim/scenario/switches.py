"""What is wrong with what a scenario says of a measure. It knows the names of the law, not the law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trajectsim.errors import Key, Problem
from trajectsim.law import names
from trajectsim.reading import quoted
from trajectsim.scenario.format import SwitchPart
from trajectsim.words import _


def parameter_problems(name: str, switch: SwitchPart, at: tuple[Key, ...]) -> Iterator[Problem]:
    """What is wrong with what a scenario says of a measure besides that it is on."""
    if switch.from_ and switch.until and switch.until < switch.from_:
        yield _wrong(at, _("the measure ends before it starts"))
    takes = names.MEASURES.get(name)
    for key in ("subjects", "years", "share", "quality"):
        value: Any = getattr(switch, key)
        if value in ((), None):
            continue
        if takes is not None and key not in takes:
            message = _("the measure {measure} takes no {name}").format(measure=quoted(name), name=key)
            hint = _("it takes: {names}").format(names=", ".join(("from", "until", *takes)))
            yield Problem("S101", message, at=(*at, key), on_key=True, hint=hint)
        elif key in ("share", "quality") and not 0 <= value <= 1:
            yield _wrong((*at, key), _("expected a number from 0 to 1"))
        elif key == "years" and min(value) < 1:
            yield _wrong((*at, key), _("expected years of the track, from 1"))


def _wrong(at: tuple[Key, ...], message: str) -> Problem:
    return Problem("S103", message, at=at)
