"""A plan: who starts where, under which law, in which schools, and what she chooses."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear, year_of_groep_1
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.measures import Measure
from trajectsim.learning.worlds import Chance as Luck
from trajectsim.learning.worlds import Doing, Select, World
from trajectsim.pupil import Pupil, Result

FIRST_PLACE = "po/1"
ALL = Decimal(1)
HALF = Decimal("0.5")
"""In fixed mode, what is as likely as not is a yes."""


@frozen
class Start:
    """Where the walk begins: the school year, the id of the place, how long she has been there, diplomas in hand."""

    year: SchoolYear
    place: str = FIRST_PLACE
    years_in_place: int = 1
    diplomas: tuple[str, ...] = ()


@frozen
class Switch:
    """What a scenario says of a measure: on or off, from and until school years, both included.

    ``subjects`` and ``years`` (of the track) narrow it where they are not empty. ``share`` is the share of schools that
    offer it: for one pupil in fixed mode the likelier of yes and no. ``quality`` is how well it is delivered, from 0 to
    1; law does not ask it.
    """

    on: bool
    first: SchoolYear | None = None
    last: SchoolYear | None = None
    subjects: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    share: Decimal = ALL
    quality: Decimal = ALL

    def holds(self, year: int, n: int = 0) -> bool:
        """Whether the measure is on in the school year that starts in ``year``, in year ``n`` of the track (0: any)."""
        after = self.first is None or self.first.start <= year
        before = self.last is None or year <= self.last.start
        here = not (self.years and n) or n in self.years
        return self.on and after and before and here and self.share >= HALF

    def covers(self, subject: str, law: Lawbook) -> bool:
        """Whether it is on for a subject, by whatever codes the two are named."""
        return not self.subjects or law.subject_id(subject) in map(law.subject_id, self.subjects)


@frozen
class Choice:
    """The move that is chosen at the end of a school year, with what it takes (study)."""

    year: SchoolYear
    move: str
    arguments: tuple[tuple[str, str], ...] = ()


@frozen
class PlannedAct:
    """An act in a school year, with what it takes (subject, level)."""

    year: SchoolYear
    act: str
    arguments: tuple[tuple[str, str], ...] = ()


@frozen
class TimePlan:
    """A school's plan of teaching time for a track: whole clock hours for each of its years, from the first; of them
    ``core`` on core aims; ``extra`` hours of extra activities beside them; ``days`` with teaching in a school year."""

    track: str
    hours: tuple[int, ...]
    extra: tuple[int, ...] = ()
    core: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


@frozen
class Chance:
    """A practice that says yes with a probability; in fixed mode the likelier of yes and no is taken."""

    probability: Decimal


@frozen(eq=False)
class Learning:
    """By which model results come that nobody gave: a world, and which luck in it. Who has a given ability keeps it but
    for measures; others are children of a birth cohort."""

    world: World = field(factory=World)
    luck: Luck = field(factory=Luck)


PracticeUse = str | Chance | dict[str, Any]
""" "always", "never", a chance, or the needs that decide."""


@frozen
class Plan:
    """What ``play`` walks. Measures and practices by id; what is absent is as the law data says. ``learning`` is the
    model of what results nobody gave, ``selects`` whom schools choose for a move, ``doings`` for an act."""

    pupil: Pupil
    start: Start
    clock: Clock = field(factory=Clock)
    measures: Mapping[str, Switch] = field(factory=dict[str, Switch])
    practices: Mapping[str, PracticeUse] = field(factory=dict[str, "PracticeUse"])
    choices: tuple[Choice, ...] = ()
    acts: tuple[PlannedAct, ...] = ()
    results: tuple[Result, ...] = ()
    given: Mapping[str, Any] = field(factory=dict[str, Any])
    learning: Learning | None = None
    selects: tuple[Select, ...] = ()
    doings: tuple[Doing, ...] = ()
    teaching: tuple[TimePlan, ...] = ()

    def is_on(self, measure: Measure, year: int, n: int = 0) -> bool:
        """Whether a measure is on in a school year and a year of the track (0: any), lawful or not."""
        switch = self.measures.get(measure.id)
        return measure.on_by_itself if switch is None else switch.holds(year, n)

    def covers(self, measure: Measure, subject: str, law: Lawbook) -> bool:
        """Whether a measure that is on is so for a subject."""
        switch = self.measures.get(measure.id)
        return switch is None or switch.covers(subject, law)

    def without(self, measures: Mapping[str, Measure]) -> Plan:
        """The same pupil, results and choices with every measure off."""
        return evolve(self, measures={name: Switch(False) for name in measures})


def start_of(pupil: Pupil) -> Start:
    """Groep 1, in the school year in which the child is four on 1 October."""
    return Start(year_of_groep_1(pupil.born))
