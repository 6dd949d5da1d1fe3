"""Moves from place to place, acts in a place, diplomas earned in it, and duties that forbid leaving it."""

from __future__ import annotations

from attrs import field, frozen

from trajectsim.law.places import Place
from trajectsim.law.tables import Cite, Version
from trajectsim.words import Label

WORD, SUBJECT, LEVEL = "word", "subject", "act_level"
"""Kinds of arguments: any name, a subject of the exams, the level of an act."""


@frozen(kw_only=True)
class Rule:
    """What every rule has. ``by`` is the school year its dates count in: the ``year`` that the pupil is in, or the
    ``intake``, the year in which the pupil enters the track."""

    id: str
    label: Label
    cite: tuple[Cite, ...]
    by: str = "year"
    doubt: Label | None = None


@frozen(kw_only=True)
class Tabled(Rule):
    """A rule that answers with ways, other ones in other years."""

    version: tuple[Version, ...]


@frozen(kw_only=True)
class Versioned(Tabled):
    """The same, in the places that its patterns name."""

    from_: tuple[str, ...]


@frozen(kw_only=True)
class Move(Versioned):
    """A step to the place of the next school year. ``to`` is read by ``places.destination``. ``arguments`` are as those
    of an act, but a plan may leave them out. ``repeats``: whether one that stays in the place does the year again."""

    to: str
    repeats: bool = True
    arguments: dict[str, str] = field(factory=dict[str, str])

    def enters(self, place: Place, to: Place) -> bool:
        """Whether it leads into a track anew: into another, or into the own one by an intake."""
        return to.track is not place.track or self.by == "intake"


@frozen(kw_only=True)
class Act(Versioned):
    """Something a pupil does in a place. ``arguments`` names what a plan has to say, and the fact that carries it
    ("word" for a name that no rule reads yet, "subject" for a subject of the exams, "study/wo" for a study of a level).
    One that ``takes`` by ``default`` happens by itself where it is open; ``sets`` gives facts the value that another
    fact has."""

    arguments: dict[str, str] = field(factory=dict[str, str])
    takes: str = "choice"
    sets: dict[str, str] = field(factory=dict[str, str])


@frozen(kw_only=True)
class Diploma(Versioned):
    """What is earned at the end of a year; its id is a member of the fact ``diplomas``."""


@frozen(kw_only=True)
class Duty(Versioned):
    """While one of its ways holds, every move that leads outside ``to`` is forbidden."""

    to: tuple[str, ...]
