"""Measures: the flexibilities. A measure has no code: it sets facts, and rows of the tables ask for them."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.moves import Rule
from trajectsim.law.tables import Cite, Force, Span
from trajectsim.words import Label

FORCE_OF_KIND = {
    "right": Force.RIGHT,
    "permission": Force.DISCRETION,
    "practice": Force.DISCRETION,
    "funding": Force.RIGHT,
}


ACTS_ON = ("pupil", "lesson", "school")
PARAMETERS = ("subjects", "years", "share", "quality")
"""What a switch may say of a measure that takes it: which subjects, which years of the track, the share of schools that
offer it, how well it is delivered from 0 to 1."""
WAIVER = "waiver"
"""The practice that decides whether a school uses the freedom of a measure that lifts a rule."""


@frozen(kw_only=True)
class Measure(Rule):
    """A flexibility, dated twice: ``announced`` in the progress report of 2015, ``span`` in law.

    ``kind`` right is on unless a scenario says false, the others are off until one turns them on (but see ``usual``).
    ``takes`` says whether it happens to the pupil when it is on (``default``, by the moves it names) or has to be
    chosen (``choice``). ``at`` names the places where it is at work, ``sets`` the facts it sets while it is in effect,
    ``lifts`` the rules whose demands are then for the school to waive.

    ``acts_on`` is one of ACTS_ON: the ``pupil`` (a rule for her hangs on it), her ``lesson`` (no rule does) or the
    ``school`` (nothing of a single pupil). ``parameters`` are what a switch may say besides on, from and until;
    ``effects`` and ``costs`` the keys of learning parameters and of money. ``report`` is what the progress report of
    2015 says of it, None where it does not name it; ``scenario`` a bundled scenario that has it as a draft reform.
    ``usual`` says that schools commonly offer it: then it is on unless a scenario says false, like a right. ``lifting``
    is where it stands that a lifted rule may be waived, where that is known otherwise than the measure itself.
    """

    sector: str
    kind: str
    span: Span
    announced: SchoolYear | None = None
    takes: str = "choice"
    usual: bool = False
    at: tuple[str, ...] = ()
    sets: dict[str, Any] = field(factory=dict[str, Any])
    moves: tuple[str, ...] = ()
    acts_on: str = "pupil"
    parameters: tuple[str, ...] = ()
    lifts: tuple[str, ...] = ()
    lifting: tuple[Cite, ...] = ()
    effects: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    report: Label | None = None
    scenario: str = ""

    @property
    def on_by_itself(self) -> bool:
        """Whether it is on without a scenario turning it on."""
        return self.kind == "right" or self.usual


@frozen(kw_only=True)
class Practice:
    """How schools use a discretion when a scenario does not say: "always", "never", or the needs that decide."""

    id: str
    label: Label
    default: str | dict[str, Any]
    note: Label | None = None
