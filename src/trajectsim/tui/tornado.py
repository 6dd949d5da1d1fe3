"""What moves a figure of the cohort screen: which parameters, by how much, how surely. No Textual here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from trajectsim.cohort.design import Cohort
from trajectsim.cohort.figures import EURO, HOURS, MARK, YEARS, named
from trajectsim.words import N_, _

if TYPE_CHECKING:
    from trajectsim.cohort.running import Finished, Progress
    from trajectsim.cohort.sensitivity import Screening, Sensitivity
    from trajectsim.law.lawbook import Lawbook

UNITS = {MARK: N_("mark"), YEARS: N_("years"), HOURS: N_("hours"), EURO: N_("euros")}
"""The units of figures that are words."""
LEAST = 4
"""Characters that a side of a tornado gets at the least."""


@frozen(eq=False)
class Moves:
    """A screening that was played: it tells of any figure and policy what moves it. What was asked is kept."""

    screening: Screening
    done: Finished
    law: Lawbook = field(repr=False)
    _kept: dict[str, tuple[Sensitivity, ...]] = field(factory=dict[str, "tuple[Sensitivity, ...]"], repr=False)

    def of(self, figure: str, policy: str) -> Tornado | None:
        """The tornado of a figure under a policy, None where it has no value in some world."""
        if figure not in self._kept:
            from trajectsim.cohort.sensitivity import screened

            self._kept[figure] = tuple(screened(self.screening, self.done, named(self.law)[figure]))
        found = next((each for each in self._kept[figure] if each.policy == policy), None)
        return None if found is None else _tornado(found, self.screening.cohort)


@frozen
class Row:
    """A parameter: how far the figure moves over its range, and with what evidence it stands there."""

    parameter: str
    move: float
    text: str
    grade: str


@frozen
class Tornado:
    """The parameters that move a figure most, the largest first. ``said``: where the figure lies in all worlds."""

    title: str
    said: str
    rows: tuple[Row, ...]


def looked_for(cohort: Cohort, law: Lawbook, told: Progress, stop: Callable[[], bool], where: str) -> Moves:
    """Play every world of a screening of a cohort, of at most as many children as are enough. Raises Problems where
    SALib is not there, and Stopped."""
    from trajectsim.cohort.sensitivity import CHILDREN, planned, played

    screening = planned(evolve(cohort, size=min(cohort.size, CHILDREN)), law)
    return Moves(screening, played(screening, law, told, stop, where=where), law)


def drawn_row(row: Row, longest: float, name: int, room: int, told: int) -> tuple[str, str, str]:
    """A row in three parts, as wide as they may be: the parameter, its bar on the axis, what it comes to."""
    side = max(LEAST, (room - 1) // 2)
    bar = "█" * max(1, round(side * abs(row.move) / longest)) if longest and row.move else ""
    left, right = (bar, "") if row.move < 0 else ("", bar)
    called = row.parameter if len(row.parameter) <= name else row.parameter[: name - 1] + "…"
    return f"{called:<{name}}", f"{left:>{side}}│{right:<{side}}", f"{row.text:>{told}} {row.grade}"


def _tornado(found: Sensitivity, cohort: Cohort) -> Tornado:
    from trajectsim.report.cohort_sensitivity import head, moving, number

    labels = {policy.id: policy.label or policy.id for policy in cohort.policies}
    ends = (number(found.low, sign=bool(found.against)), number(found.high, sign=bool(found.against)))
    unit = found.figure.unit
    said = _("{low} to {high} ({unit}) in {n} worlds").format(
        low=ends[0], high=ends[1], unit=_(UNITS.get(unit, unit)), n=len(cohort.worlds)
    )
    rows = tuple(
        Row(one.parameter, one.move, f"{number(one.move, sign=True)} ± {number(one.unsure)}", one.grade)
        for one in moving(found)
    )
    return Tornado(head(found, labels), said, rows)
