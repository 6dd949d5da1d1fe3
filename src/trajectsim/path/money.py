"""What a pupil's schools received for her: the known amounts of a fund, year by year along a walk."""

from __future__ import annotations

from attrs import frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.places import Place, matches
from trajectsim.law.teaching import Amount, Fund
from trajectsim.path.walk import Trajectory


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
    plan = walk.plan
    told: list[Received] = []
    for measure in law.measures.values():
        if measure.id not in plan.measures:
            continue
        for fund in (law.funds[name] for name in measure.costs):
            on = [step.state for step in walk.steps if plan.is_on(measure, step.state.year.start)]
            there = [state for state in on if _in(fund.from_, state.place)]
            amounts = {counted_in(amount): amount for amount in fund.amount if amount.cents is not None}
            known = [(state, amounts[state.year]) for state in there if state.year in amounts]
            cents = {state.year: _cents(fund, amount, state.place) for state, amount in known}
            unknown = tuple(state.year for state in there if state.year not in amounts)
            if there:
                told.append(Received(fund, cents, unknown))
    return tuple(told)


def counted_in(amount: Amount) -> SchoolYear:
    """The school year whose pupils an amount is for: of a calendar year, those of 1 October of the year before."""
    return SchoolYear.parse(amount.year) if "/" in amount.year else SchoolYear(int(amount.year) - 1)


def _cents(fund: Fund, amount: Amount, place: Place) -> int:
    return (amount.cents or 0) + (amount.extra if _in(fund.extra_in, place) else 0)


def _in(patterns: tuple[str, ...], place: Place) -> bool:
    return any(matches(pattern, place.id) for pattern in patterns)
