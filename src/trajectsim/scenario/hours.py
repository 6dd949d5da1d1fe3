"""What is wrong with the plans of teaching time of a scenario. It knows the names of the law, not the law."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.errors import Key, Problem
from trajectsim.law import names
from trajectsim.reading import did_you_mean, quoted
from trajectsim.scenario.format import Scenario, TimePart
from trajectsim.words import _

MOST_HOURS = 8760
"""No year has more hours."""
MOST_DAYS = 366


def hours_problems(scenario: Scenario) -> Iterator[Problem]:
    """What is wrong with the plans of teaching time of a scenario, and with what is expected of them."""
    yield from plans_problems(scenario.teaching_time)
    for number, expected in enumerate(scenario.expect.teaching_time):
        at: tuple[Key, ...] = ("expect", "teaching-time", number)
        if not expected.norm and expected.hours is None:
            yield Problem("S107", _("this expectation names nothing that could be so or not"), at=at)
        elif expected.norm:
            yield from _unknown(expected.norm, names.NORMS, _("norm"), (*at, "norm"))


def plans_problems(plans: tuple[TimePart, ...], before: tuple[Key, ...] = ()) -> Iterator[Problem]:
    """What is wrong with some plans. ``before``: the keys that lead to them in the file."""
    seen: set[str] = set()
    for number, plan in enumerate(plans):
        at: tuple[Key, ...] = (*before, "teaching-time", number)
        if plan.track in seen:
            message = _("a second plan for {track}: there is one a track").format(track=quoted(plan.track))
            yield Problem("S105", message, at=(*at, "track"))
        seen.add(plan.track)
        yield from _plan_problems(plan, at)


def _plan_problems(plan: TimePart, at: tuple[Key, ...]) -> Iterator[Problem]:
    tracks = dict.fromkeys(place.rpartition("/")[0] for place in names.PLACES)
    yield from _unknown(plan.track, tracks, _("track"), (*at, "track"))
    years = sum(place.rpartition("/")[0] == plan.track for place in names.PLACES)
    if not plan.hours:
        yield Problem("S103", _("expected hours for at least the first year"), at=(*at, "hours"))
    for key, most in (("hours", MOST_HOURS), ("extra", MOST_HOURS), ("core", MOST_HOURS), ("days", MOST_DAYS)):
        values: tuple[int, ...] = getattr(plan, key)
        if years and len(values) > years:
            message = _("{track} has {n} years").format(track=quoted(plan.track), n=years)
            yield Problem("S103", message, at=(*at, key))
        for number, value in enumerate(values):
            if not 0 <= value <= most:
                yield Problem(
                    "S103", _("expected a whole number from 0 to {most}").format(most=most), at=(*at, key, number)
                )


def _unknown(name: str, known: tuple[str, ...] | dict[str, None], what: str, at: tuple[Key, ...]) -> Iterator[Problem]:
    if name not in known:
        message = _("unknown {what} {name}").format(what=what, name=quoted(name)) + did_you_mean(name, known)
        yield Problem("S104", message, at=at, hint=_("known: {names}").format(names=", ".join(known)))
