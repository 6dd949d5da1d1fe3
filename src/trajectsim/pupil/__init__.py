"""One person: who a pupil is, what is on record, where she is, and the facts that rules read of all that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import asdict, evolve, field, frozen

from trajectsim.calendar import SchoolYear, age_at_end, age_on_1_october
from trajectsim.law.places import Place


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
    cum_laude: bool = False


@frozen
class Done:
    """An act that was done: its id, what the plan said of it, the school year and the place. ``stands``: whether it
    counts later too, as an early central exam does not for who is not promoted."""

    act: str
    arguments: tuple[tuple[str, str], ...]
    year: SchoolYear
    place: Place
    stands: bool = True


@frozen
class Result:
    """A result that is given.

    Either of a school year (``year``, ``outcome``), of a whole exam (``year``, ``level``, ``outcome``) or of a subject
    of it: marks in tenths, ``resit`` of the central exam, ``rating`` O, V or G. ``role`` is what the subject is in the
    exam where that does not follow from the package, ``at`` the higher level it is taken at.
    """

    year: SchoolYear
    outcome: str = ""
    level: str = ""
    subject: str = ""
    se: int | None = None
    ce: int | None = None
    resit: int | None = None
    rating: str = ""
    role: str = ""
    at: str = ""

    @property
    def central(self) -> bool:
        """Whether it has a mark for a central exam."""
        return self.ce is not None or self.resit is not None

    def over(self, earlier: Result) -> Result:
        """This result on top of an earlier one for the same subject: what it does not tell stays as it was."""
        told = {name: value for name, value in asdict(self, recurse=False).items() if value not in (None, "")}
        return evolve(earlier, **{**told, "year": earlier.year})


@frozen
class YearDone:
    """A school year that is over: where it was spent, and its result (the value of the fact ``year_result``)."""

    year: SchoolYear
    place: Place
    result: int


@frozen
class Record:
    """What is on record at the start of a school year. ``po_years`` counts the years in primary school, None when the
    walk began after it; ``closed`` are the subjects of a later exam that are closed already; ``years`` those walked."""

    diplomas: tuple[Earned, ...] = ()
    acts: tuple[Done, ...] = ()
    po_years: int | None = None
    closed: tuple[Result, ...] = ()
    years: tuple[YearDone, ...] = ()


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
