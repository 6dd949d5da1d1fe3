"""Money as text and data: the amounts of a fund, and what of them came in for one pupil."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trajectsim.law.teaching import Amount, Fund
from trajectsim.path.money import Received
from trajectsim.words import _, euros


def fund_lines(fund: Fund) -> Iterator[str]:
    """The amounts of a fund, a line a year; what was not found is said to be so."""
    yield f"{fund.label}" + (f" - {fund.note}" if fund.note else "")
    for total in fund.total:
        told = _("{year}: {n} million euros in all ({source}) [{confidence}]")
        parts = {"year": total.year, "n": total.millions, "source": total.source, "confidence": total.confidence}
        yield "  " + told.format(**parts)
    for amount in fund.amount:
        yield f"  {amount.year}: {_amount(amount, fund)} · {amount.cite.sure}"


def received_text(told: tuple[Received, ...]) -> str:
    """What came in for one pupil, a line a fund, with the years for which no amount was found."""
    lines = [_("Received by the schools for this pupil, as far as the amounts are known:")]
    for each in told:
        years = len(each.cents)
        line = _("{fund}: {euros} in {n} years").format(fund=each.fund.label, euros=euros(each.total), n=years)
        if each.unknown:
            line += "; " + _("not found: {years}").format(years=", ".join(map(str, each.unknown)))
        lines.append(f"  {line}")
    return "\n".join(lines)


def received_data(told: tuple[Received, ...]) -> list[dict[str, Any]]:
    """The same as data, in cents."""
    return [
        {
            "fund": each.fund.id,
            "cents": each.total,
            "by_year": {str(year): cents for year, cents in each.cents.items()},
            "not_found": [str(year) for year in each.unknown],
        }
        for each in told
    ]


def _amount(amount: Amount, fund: Fund) -> str:
    if amount.cents is None:
        return _("not found")
    told = [_("{euros} a pupil").format(euros=euros(amount.cents))]
    if amount.extra:
        places = ", ".join(fund.extra_in)
        told.append(_("{euros} more in {places}").format(euros=euros(amount.extra), places=places))
    if amount.school:
        told.append(_("{euros} a school").format(euros=euros(amount.school)))
    return " + ".join(told)
