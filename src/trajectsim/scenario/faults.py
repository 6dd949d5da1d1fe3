"""What is said of a name or a value that a scenario cannot have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from trajectsim.errors import Key, Problem, nearest, spelled
from trajectsim.reading import did_you_mean, quoted
from trajectsim.words import _

COHORT = "cohort"
"""The section that makes a scenario one of a birth cohort: it has policies and worlds in the place of a pupil."""


NOTHING: Mapping[str, str] = {}


def unknown(
    name: str,
    known: Iterable[str],
    what: str,
    at: tuple[Key, ...],
    *,
    on_key: bool = False,
    called: Mapping[str, str] = NOTHING,
) -> Iterator[Problem]:
    """Nothing for a known name, else that it is unknown, with the nearest that is. ``called``: by what people call
    them, in small letters, their names."""
    names = list(dict.fromkeys(known))
    if name in names:
        return
    hint = _("known: {names}").format(names=", ".join(names)) if len(names) <= 20 else ""
    if not name:
        message = _("the {what} is missing").format(what=what)
    else:
        meant = called.get(nearest(name.lower(), (*names, *called)) or "")
        message = _("unknown {what} {name}").format(what=what, name=quoted(name))
        message += did_you_mean(meant, (meant,)) if meant else did_you_mean(name, names)
    fix = spelled(name, names) or called.get(name.lower(), "")
    yield Problem("S104" if name else "S102", message, at=at, on_key=on_key, hint=hint, fix=fix)


def wrong(at: tuple[Key, ...], message: str) -> Problem:
    """A value that is not what its place asks for."""
    return Problem("S103", message, at=at)


def nothing(at: tuple[Key, ...]) -> Problem:
    """An expectation that could neither hold nor fail."""
    return Problem("S107", _("this expectation names nothing that could be so or not"), at=at)


def no_cohort() -> Problem:
    """A scenario of one pupil where a cohort is asked for."""
    hint = _("a cohort has [cohort] with size and births, and policies, in the place of a pupil")
    return Problem("S206", _("this is a scenario of one pupil, and no cohort"), at=("title",), hint=hint)
