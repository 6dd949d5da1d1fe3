"""Which year's law answers, and by which dates a measure counts."""

from __future__ import annotations

from attrs import frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.measures import Measure
from trajectsim.law.tables import Span


@frozen(cache_hash=True)
class Clock:
    """Which year's law answers: the calendar's or one frozen year, by the dates in law or those once announced."""

    follow: SchoolYear | None = None
    dates: str = "enacted"


CALENDAR = Clock()
"""The law as the calendar has it: what holds unless a scenario says otherwise."""


def measure_span(measure: Measure, clock: Clock) -> Span:
    """The school years in which a measure counts, by the calendar that the clock asks for."""
    if clock.dates == "announced" and measure.announced:
        return Span(measure.announced.start, measure.span.last)
    return measure.span
