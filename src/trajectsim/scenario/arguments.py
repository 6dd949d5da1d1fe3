"""What a choice or an act of a scenario says beside its move or act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trajectsim.errors import Key, Problem
from trajectsim.law import index
from trajectsim.reading import quoted
from trajectsim.scenario.faults import unknown
from trajectsim.scenario.format import ARGUMENTS
from trajectsim.words import _


def arguments(part: Any) -> tuple[tuple[str, str], ...]:
    """What a part says, by argument."""
    return tuple((name, value) for name in ARGUMENTS if (value := getattr(part, name, "")))


def argument_problems(
    part: Any, takes: Mapping[str, str], at: tuple[Key, ...], *, whole: bool = True
) -> Iterator[Problem]:
    """What is wrong with the arguments of a part with a ``move`` or an ``act``; ``takes``: what that takes. What an act
    needs has to be there where the part is to be ``whole``; a move can do without."""
    for name in ARGUMENTS:
        value: str = getattr(part, name, "")
        if getattr(part, "act", ""):
            needs, takes_no = _("the act {act} needs {name}"), _("the act {act} takes no {name}")
            told = {"act": quoted(part.act), "name": name}
        else:
            needs, takes_no = "", _("the move {move} takes no {name}")
            told = {"move": quoted(part.move), "name": name}
        if name in takes and needs and whole and not value:
            yield Problem("S102", needs.format(**told), at=at)
        elif value and name not in takes:
            yield Problem("S101", takes_no.format(**told), at=(*at, name), on_key=True)
        elif value and (words := index.words(takes[name])) is not None:
            yield from unknown(value, words, _(name), (*at, name), called=index.called(takes[name]))
