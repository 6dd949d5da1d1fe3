"""Exams as the law describes them: subjects, what an exam consists of, what it demands, and packages by profile.

A *composition* says which marks count and how often; a *demand* is a decision table over facts that are tallied from
those marks (``facts.Tally``). None of this knows a candidate: that is ``trajectsim.exam``.
"""

from __future__ import annotations

from attrs import field, frozen

from trajectsim.law.moves import Rule, Tabled
from trajectsim.law.tables import Span
from trajectsim.words import Label

RATINGS = ("", "O", "V", "G")
"""Ratings as a sheet writes them: onvoldoende, voldoende, goed; inside, a rating is its rank here, 0 for none."""


@frozen(kw_only=True)
class Subject:
    """A subject of the exam. ``also`` are other codes it is known by, ``groups`` the names that rules know it by
    (core, dutch, english, ...). ``ce`` says whether it has a central exam: always, never or either; subjects with the
    same ``shared`` share one."""

    id: str
    label: Label
    also: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    ce: str = "either"
    shared: str = ""


@frozen(kw_only=True)
class Composition:
    """Which marks count in an exam of a level while the span lasts.

    ``counts``: by role, how often its final mark stands among the marks of the result. ``combination``: the roles
    whose marks are averaged into the one combination mark; ``balance`` a role that weighs as much in it as all those
    together. ``droppable``: roles of which subjects can be left out. ``averaged``: by role, how often a mark counts
    for cum laude, and ``best`` the roles of which only the best mark does.
    """

    span: Span
    counts: dict[str, int]
    combination: tuple[str, ...] = ()
    balance: str = ""
    droppable: tuple[str, ...] = ()
    averaged: dict[str, int] = field(factory=dict[str, int])
    best: tuple[str, ...] = ()

    @property
    def combined(self) -> tuple[str, ...]:
        """The roles of the parts of the combination mark."""
        return (*self.combination, self.balance) if self.balance else self.combination


@frozen(kw_only=True)
class Exam(Rule):
    """The exam of a level, composed otherwise in other years. ``on_request``: another level of which the same subjects
    can earn the diploma too."""

    level: str
    on_request: str = ""
    version: tuple[Composition, ...]


@frozen(kw_only=True)
class Sitting:
    """How exams are sat while the span lasts.

    ``ce``: whether central exams were held; ``se_in_ce``: roles closed by a school exam whose mark enters the mean of
    the central exams, and ``cspe_later``: how many cspe's who closed one so has by right in a later year. ``beside``:
    roles that stand outside the marks of the result. ``resits``, ``practical_resits`` (of the cspe) and
    ``improvements`` (the RV-toetsen of 2020): how many there are by right; ``resit_lost_after``: from how many
    improvements in an earlier year there is one resit less. ``spared``: how many subjects may be ignored, none of
    those in ``kept`` (groups or codes of subjects).
    """

    span: Span
    beside: tuple[str, ...]
    ce: bool = True
    se_in_ce: tuple[str, ...] = ()
    cspe_later: int = 0
    resits: int = 0
    practical_resits: int = 0
    improvements: int = 0
    resit_lost_after: int = 0
    spared: int = 0
    kept: tuple[str, ...] = ()


@frozen(kw_only=True)
class Calendar(Rule):
    """How the exams of some levels are sat, by year."""

    levels: tuple[str, ...]
    version: tuple[Sitting, ...]


@frozen(kw_only=True)
class Demand(Tabled):
    """Something that an exam asks of its marks, at some levels and routes.

    ``check`` is the name by which a verdict tells it; ``purpose`` what it decides: ``pass`` the exam, ``cum-laude``
    the distinction, ``early`` whether an early central exam stands, ``certificate`` what a subject alone is worth,
    ``provisional-list`` what stands on that list, ``fall-back`` the exam at the own level, ``on-request`` a
    diploma beside the own one. A version without ways makes
    no demand in its years.
    """

    check: str
    levels: tuple[str, ...]
    routes: tuple[str, ...] = ("",)
    purpose: str = "pass"


@frozen
class Pick:
    """So many subjects of a list."""

    of: tuple[str, ...]
    n: int = 1


@frozen(kw_only=True)
class PackageVersion:
    """What a package holds while the span lasts: by role, picks that all have to be met by different subjects."""

    span: Span
    common: tuple[Pick, ...] = ()
    profile: tuple[Pick, ...] = ()
    part: tuple[Pick, ...] = ()


@frozen(kw_only=True)
class Package(Rule):
    """A profile (havo, vwo), sector (vmbo to exam 2017) or vmbo profile (from 2018), at some levels."""

    profile: str
    levels: tuple[str, ...]
    version: tuple[PackageVersion, ...]


@frozen(kw_only=True)
class Exclusion(Rule):
    """Subjects that do not go together in an exam of some levels while the span lasts.

    Counted are the subjects of ``of`` that have one of the ``roles`` (any, where there are none): at most ``most`` and
    at least ``least`` of them, and none without a subject of ``only_with``.
    """

    levels: tuple[str, ...]
    span: Span
    of: tuple[str, ...]
    roles: tuple[str, ...] = ()
    most: int | None = None
    least: int = 0
    only_with: tuple[str, ...] = ()
