"""What moves a figure of the cohort screen: which parameters, by how much, how surely. No Textual here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from trajectsim.cohort.design import Cohort
from trajectsim.cohort.figures import named, unit_text
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.cohort.running import Finished, Progress
    from trajectsim.cohort.sensitivity import Screening, Sensitivity
    from trajectsim.law.lawbook import Lawbook

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What policies are called, in their order."""
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
        return None if found is None else _tornado(found, self.screening.cohort, self.law)


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


def _tornado(found: Sensitivity, cohort: Cohort, law: Lawbook) -> Tornado:
    from trajectsim.report.cohort_sensitivity import digits_of, head, moved, moving, number
    from trajectsim.report.parameters import parameter_label

    letters = {policy.id: LETTERS[n] for n, policy in enumerate(cohort.policies)}
    shown = moving(found)
    digits = digits_of(shown)
    low, high = (number(end, digits, sign=bool(found.against)) for end in (found.low, found.high))
    said = _("{low} to {high} ({unit}) in {n} worlds").format(
        low=low, high=high, unit=unit_text(found.figure.unit), n=len(cohort.worlds)
    )
    rows = tuple(Row(parameter_label(one.parameter, law), one.move, moved(one, digits), one.grade) for one in shown)
    return Tornado(head(found, letters), said, rows)
