"""The ledger of teaching time: what of a school's plan counts, year by year, and whether it reaches the norms.

A plan is of a track: hours for each of its years. What counts in a year is decided by the law of the school year in
which that year of the track is given to this pupil's class: year 2 of a pupil who is in year 5 was given three years
ago. So the course of a pupil who skips a year holds that year too, as the norm is about what the school offers.
"""

from __future__ import annotations

from attrs import evolve, frozen

from trajectsim.law.facts import UNKNOWN
from trajectsim.law.places import Place, matches
from trajectsim.law.tables import at
from trajectsim.path.options import Desk, Option
from trajectsim.path.plan import TimePlan
from trajectsim.verdict import Outcome
from trajectsim.words import _

LAST = 4
"""How many years back the fact ``hours_last_four`` looks."""


@frozen
class YearHours:
    """One year of a track: the hours of its programme and of extra activities, and how many of these count."""

    hours: int
    extra: int
    extra_counted: int

    @property
    def counted(self) -> int:
        """The hours that count."""
        return self.hours + self.extra_counted


@frozen(eq=False)
class TeachingTime:
    """The ledger in a school year: each year of the track up to this one (None where the plan ends before), and the
    norms that a plan has to reach here."""

    years: tuple[YearHours | None, ...]
    norms: tuple[Option, ...]

    @property
    def this_year(self) -> YearHours | None:
        """The year that the pupil is in."""
        return self.years[-1]

    @property
    def course(self) -> int | None:
        """The hours of the course up to this year that count, or None where some are not known."""
        return _known(_total(self.years))


def teaching_time(desk: Desk) -> TeachingTime | None:
    """The ledger of the track that the pupil is in; None where the plan has no hours for it."""
    place = desk.state.place
    track = place.track
    plans = {plan.track: plan for plan in desk.plan.teaching}
    if track is None or track.id not in plans:
        return None
    plan = plans[track.id]
    years = _years(desk, plan, place.n)
    regular = next((p for name, p in plans.items() if name != track.id and _level(desk, name) == track.level), None)
    facts = {
        "hours_year": _total(years[-1:]),
        "hours_course": _total(years),
        "hours_last_four": _total(years[-LAST:]),
        "core_hours": sum(plan.core[: place.n]) if len(plan.core) >= place.n else UNKNOWN,
        "teaching_days": plan.days[place.n - 1] if len(plan.days) >= place.n else UNKNOWN,
        "regular_hours": _regular(desk, regular) if regular else UNKNOWN,
    }
    return TeachingTime(years, desk.norms(facts))


def norm_text(norm: Option) -> str:
    """Whether a norm is met, in words, with what is missing."""
    if norm.open:
        return _("met")
    if norm.outcome is Outcome.UNDECIDED:
        return norm.why_not()
    return _("not met: {reason}").format(reason=norm.why_not())


def _regular(desk: Desk, plan: TimePlan) -> int:
    """The hours of a whole course, given to who enters it when this pupil entered hers."""
    track = desk.law.tracks[plan.track]
    there = evolve(desk.state, year=desk.state.intake + (track.years - 1), place=Place(track, track.years))
    return _total(_years(evolve(desk, state=there), plan, track.years))


def _level(desk: Desk, track_id: str) -> str:
    return desk.law.tracks[track_id].level


def _years(desk: Desk, plan: TimePlan, n: int) -> tuple[YearHours | None, ...]:
    return tuple(_year(desk, plan, k) if k <= len(plan.hours) else None for k in range(1, n + 1))


def _year(desk: Desk, plan: TimePlan, k: int) -> YearHours:
    """Year ``k`` of the track, under the law of the school year in which it is given."""
    extra = plan.extra[k - 1] if k <= len(plan.extra) else 0
    return YearHours(plan.hours[k - 1], extra, _counted(desk, k, extra) if extra else 0)


def _counted(desk: Desk, k: int, extra: int) -> int:
    """How many of some extra hours in year ``k`` of the track count."""
    state, law = desk.state, desk.law
    there = Place(state.place.track, k)
    year = state.year + (k - state.place.n)
    for allowance in law.allowances.values():
        if any(matches(pattern, there.id) for pattern in allowance.from_):
            if evolve(desk, state=evolve(state, year=year, place=there), states={}).offered()[allowance.all_if]:
                return extra
            return min(extra, at(allowance.version, law.law_year(year.start, desk.plan.clock)[0]).hours)
    return 0


def _total(years: tuple[YearHours | None, ...]) -> int:
    """The hours that count in some years; UNKNOWN where the plan does not tell of one of them."""
    counted = [year.counted for year in years if year is not None]
    return sum(counted) if len(counted) == len(years) else UNKNOWN


def _known(hours: int) -> int | None:
    return None if hours == UNKNOWN else hours
