"""Measures: the flexibilities. A measure has no code: it sets facts, and rows of the tables ask for them."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.moves import Rule
from trajectsim.law.tables import Force, Span
from trajectsim.words import Label

FORCE_OF_KIND = {
    "right": Force.RIGHT,
    "permission": Force.DISCRETION,
    "practice": Force.DISCRETION,
    "funding": Force.RIGHT,
}


@frozen(kw_only=True)
class Measure(Rule):
    """A flexibility, dated twice: ``announced`` in the progress report of 2015, ``span`` in law.

    ``kind`` right is on unless a scenario says false, the others are off until one turns them on. ``takes`` says
    whether it happens to the pupil when it is on (``default``, by the moves it names) or has to be chosen
    (``choice``). ``at`` names the places where it is at work, ``sets`` the facts it sets while it is in effect.
    """

    sector: str
    kind: str
    span: Span
    announced: SchoolYear | None = None
    takes: str = "choice"
    at: tuple[str, ...] = ()
    sets: dict[str, Any] = field(factory=dict[str, Any])
    moves: tuple[str, ...] = ()

    @property
    def on_by_itself(self) -> bool:
        """Whether it is on without a scenario turning it on."""
        return self.kind == "right"


@frozen(kw_only=True)
class Practice:
    """How schools use a discretion when a scenario does not say: "always", "never", or the needs that decide."""

    id: str
    label: Label
    default: str | dict[str, Any]
    note: Label | None = None
