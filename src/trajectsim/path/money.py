"""What a pupil's schools received for her: the known amounts of a fund, year by year along a walk."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.places import Place, matches
from trajectsim.law.teaching import Amount, Fund
from trajectsim.path.plan import Plan
from trajectsim.path.walk import Trajectory
from trajectsim.pupil import State


@frozen
class Received:
    """What came in for one pupil from a fund: ``cents`` by school year; ``unknown`` are the years in its places for
    which no amount was found."""

    fund: Fund
    cents: dict[SchoolYear, int]
    unknown: tuple[SchoolYear, ...]

    @property
    def total(self) -> int:
        """The known cents together."""
        return sum(self.cents.values())


def received(walk: Trajectory, law: Lawbook) -> tuple[Received, ...]:
    """The funds that the measures of a plan name, where the pupil is in one of their places while they are on."""
    found: dict[str, Fund] = {}
    by_fund: dict[str, dict[SchoolYear, int | None]] = {}
    for step in walk.steps:
        for fund, cents in due(step.state, walk.plan, law):
            found[fund.id] = fund
            by_fund.setdefault(fund.id, {})[step.state.year] = cents
    return tuple(
        Received(
            fund,
            {year: cents for year, cents in by_fund[name].items() if cents is not None},
            tuple(year for year, cents in by_fund[name].items() if cents is None),
        )
        for name, fund in found.items()
    )


def due(state: State, plan: Plan, law: Lawbook) -> Iterator[tuple[Fund, int | None]]:
    """What comes in for a pupil in a school year: the fund, and cents where the amount is known."""
    for measure in law.measures.values():
        if measure.costs and measure.id in plan.measures and plan.is_on(measure, state.year.start):
            for fund in (law.funds[name] for name in measure.costs):
                if _in(fund.from_, state.place):
                    known = (each for each in fund.amount if each.cents is not None)
                    amount = next((each for each in known if counted_in(each) == state.year), None)
                    yield fund, None if amount is None else _cents(fund, amount, state.place)


def counted_in(amount: Amount) -> SchoolYear:
    """The school year whose pupils an amount is for: of a calendar year, those of 1 October of the year before."""
    return SchoolYear.parse(amount.year) if "/" in amount.year else SchoolYear(int(amount.year) - 1)


def _cents(fund: Fund, amount: Amount, place: Place) -> int:
    return (amount.cents or 0) + (amount.extra if _in(fund.extra_in, place) else 0)


def _in(patterns: tuple[str, ...], place: Place) -> bool:
    return any(matches(pattern, place.id) for pattern in patterns)
