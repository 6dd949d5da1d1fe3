"""One person: who a pupil is, what is on record, where she is, and the facts that rules read of all that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from trajectsim.calendar import SchoolYear, age_at_end, age_on_1_october
from trajectsim.law.places import Place
from trajectsim.marks import final


@frozen
class Pupil:
    """Who it is. ``ability`` is in standard deviations within the birth cohort, by domain."""

    born: date
    name: str = ""
    profile: str = ""
    ability: Mapping[str, Decimal] = field(factory=dict[str, Decimal])


@frozen
class Earned:
    """A diploma, and the school year at whose end it was earned."""

    diploma: str
    year: SchoolYear


@frozen
class Done:
    """An act that was done: its id, what the plan said of it, the school year and the place."""

    act: str
    arguments: tuple[tuple[str, str], ...]
    year: SchoolYear
    place: Place


@frozen
class Result:
    """A result that is given.

    Either of a school year (``year``, ``outcome``), of a whole exam (``exam``, ``level``, ``outcome``) or of a subject
    of it (``subject``, marks in tenths).
    """

    year: SchoolYear
    outcome: str = ""
    level: str = ""
    subject: str = ""
    se: int | None = None
    ce: int | None = None

    @property
    def final(self) -> int | None:
        """The final mark in tenths; None while one of the two marks is open."""
        return None if self.se is None or self.ce is None else final(self.se, self.ce)


@frozen
class Record:
    """What is on record at the start of a school year. ``po_years`` counts the years in primary school, None when the
    walk began after it."""

    diplomas: tuple[Earned, ...] = ()
    acts: tuple[Done, ...] = ()
    po_years: int | None = None


@frozen
class State:
    """Where a pupil is in a school year. ``intake`` is the year in which she entered the track."""

    pupil: Pupil
    record: Record
    year: SchoolYear
    place: Place
    intake: SchoolYear
    years_in_place: int = 1

    @property
    def age(self) -> int:
        """The age on 1 October, as the axis shows it."""
        return age_on_1_october(self.pupil.born, self.year)

    @property
    def age_at_end(self) -> int:
        """The age on 31 July, the last day of the school year."""
        return age_at_end(self.pupil.born, self.year)
