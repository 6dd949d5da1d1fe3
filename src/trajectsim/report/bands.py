"""What drawn futures say of what was modelled, as lines and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trajectsim.calendar import SchoolYear
from trajectsim.marks import TENTHS
from trajectsim.words import _, mark

if TYPE_CHECKING:
    from trajectsim.path.bands import Bands, Ends, MarkBand, YearBand
    from trajectsim.path.walk import Trajectory


def drawn(walk: Trajectory) -> Bands | None:
    """What drawn futures say of a walk, None where nothing was modelled."""
    if not walk.modelled:
        return None
    from trajectsim.path.bands import bands  # few walks have columns behind them

    return bands(walk)


def exam_line(found: Bands, year: SchoolYear) -> str:
    """The marks of a modelled exam in a line: final marks, the futures that pass alike, and the weakest evidence; empty
    where none was modelled."""
    band = found.years.get(year)
    if band is None or not band.marks:
        return ""
    told = _("marks modelled, evidence {grade}; 80% of {n} drawn futures lie in: {marks}")
    marks = ", ".join(f"{each.subject} {_whole(each.final)}" for each in band.marks)
    same = _("the same result {share}").format(share=alike(band, "exam_result"))
    return told.format(grade=found.evidence, n=found.futures, marks=marks) + f"; {same}"


def alike(band: YearBand, fact: str) -> str:
    """In how many of the futures something is told as on the walk; empty where that is not known."""
    if fact not in band.shares:
        return ""
    return _("in {percent}% of the drawn futures").format(percent=round(band.shares[fact]))


def mark_line(each: MarkBand, named: str) -> str:
    """The marks of a subject: school exam, central exam, final."""
    parts = [_("school exam {marks}").format(marks=_tenths(each.se))]
    if each.ce is not None:
        parts.append(_("central exam {marks}").format(marks=_tenths(each.ce)))
    parts.append(_("final mark {marks}").format(marks=_whole(each.final)))
    return f"{named}: {' · '.join(parts)}"


def years_data(found: Bands) -> Iterator[tuple[SchoolYear, dict[str, Any]]]:
    """For each year what the futures say, marks as people write them."""
    for year, band in found.years.items():
        yield (
            year,
            {
                "futures": found.futures,
                "evidence": found.evidence,
                "alike_percent": dict(band.shares),
                "marks": [
                    {
                        "subject": each.subject,
                        "se": _numbers(each.se),
                        "ce": None if each.ce is None else _numbers(each.ce),
                        "final": [end // TENTHS for end in each.final],
                    }
                    for each in band.marks
                ],
            },
        )


def _tenths(ends: Ends) -> str:
    return f"{mark(ends[0])}–{mark(ends[1])}"


def _whole(ends: Ends) -> str:
    low, high = (end // TENTHS for end in ends)
    return str(low) if low == high else f"{low}–{high}"


def _numbers(ends: Ends) -> list[float]:
    return [end / TENTHS for end in ends]
