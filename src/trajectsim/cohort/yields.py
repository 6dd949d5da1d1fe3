"""What a school year of a pupil comes to beside learning, by node: hours of teaching, money. Whole numbers."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.path.money import due
from trajectsim.path.options import Desk
from trajectsim.path.teaching import teaching_time


def yields(desk: Desk) -> tuple[tuple[str, int], ...]:
    """By key what one pupil in a year adds to it: hours that count, norms that are not met, cents of funds."""
    return (*_hours(desk), *_money(desk))


def _hours(desk: Desk) -> Iterator[tuple[str, int]]:
    if not desk.plan.teaching or desk.state.place.track is None:
        return
    time, sector = teaching_time(desk), desk.state.place.track.sector
    if time is None or time.this_year is None:
        return
    yield f"hours/{sector}", time.this_year.counted
    yield f"hours-extra/{sector}", time.this_year.extra_counted
    yield f"hours-years/{sector}", 1
    if any(not norm.open for norm in time.norms):
        yield f"hours-short/{sector}", 1


def _money(desk: Desk) -> Iterator[tuple[str, int]]:
    for fund, cents in due(desk.state, desk.plan, desk.law):
        yield f"money-years/{fund.id}", 1
        if cents is None:
            yield f"money-unknown/{fund.id}", 1
        else:
            yield f"money/{fund.id}", cents
