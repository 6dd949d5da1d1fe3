"""The sections of a scenario, as they stand in the file.

They are made at every start of a command, and every method that attrs writes for them takes time: they have no more
than they need. Their types are types, not texts that are to be looked up at every start.
"""

from datetime import date
from decimal import Decimal
from typing import Any, NewType

from attrs import field, frozen

from trajectsim.calendar import SchoolYear

DOMAINS = ("language", "maths-science", "knowledge")
"""The domains of skill that an ability can be given in."""
MOST_ABLE = 5
"""How far from the mean an ability can be."""
Follow = NewType("Follow", str)
""" "calendar", or a school year."""
BirthDate = NewType("BirthDate", date)
Mark = NewType("Mark", int)
"""A mark, in tenths; written 8 or 8.1."""


@frozen(eq=False, repr=False, slots=False)
class LawPart:
    """``follow`` is "calendar" or one school year; ``dates`` "enacted" or "announced"."""

    follow: Follow = Follow("calendar")
    dates: str = "enacted"


@frozen(eq=False, repr=False, slots=False)
class SwitchPart:
    """A measure that is on in some years only, or more than on: which keys it takes is said in the law data."""

    from_: SchoolYear | None = None
    until: SchoolYear | None = None
    subjects: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    share: Decimal | None = None
    quality: Decimal | None = None


@frozen(eq=False, repr=False, slots=False)
class UsePart:
    """How schools use a discretion: with a probability, or when facts are so."""

    probability: Decimal | None = None
    when: dict[str, Any] | None = None


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class PupilPart:
    """Who it is. ``ability``: standard deviations within the birth cohort, by domain."""

    born: BirthDate
    name: str = ""
    profile: str = ""
    ability: dict[str, Decimal] = field(factory=dict[str, Decimal])


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class StartPart:
    """Where the walk begins, when not in groep 1."""

    in_: SchoolYear
    at: str
    years_in_place: int = 1
    diplomas: tuple[str, ...] = ()


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class ChoicePart:
    """A move, chosen in the school year of the place that is left, with its arguments."""

    in_: SchoolYear
    move: str
    study: str = ""


@frozen(kw_only=True)
class ActPart:
    """An act in a school year, with its arguments."""

    in_: SchoolYear
    act: str
    subject: str = ""
    level: str = ""


ARGUMENTS = ("subject", "level", "study")
"""What a choice or an act can say beside its move or act; each has the ones that its rule takes."""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class ResultPart:
    """A result that is given: of a school year (``in``), or of an exam year and a level; of a subject with marks.

    ``role`` and ``at`` (a higher level) are needed only where they do not follow from the package."""

    in_: SchoolYear | None = None
    exam: int | None = None
    outcome: str = ""
    level: str = ""
    subject: str = ""
    se: Mark | None = None
    ce: Mark | None = None
    resit: Mark | None = None
    rating: str = ""
    role: str = ""
    at: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class WhichPart:
    """A way of a rule, described by what it says: its force, its practice, some of its needs."""

    force: str = ""
    practice: str = ""
    needs: dict[str, Any] = field(factory=dict[str, Any])


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class AddPart:
    """A way that a reform adds to a rule, as the law data writes one."""

    force: str
    needs: dict[str, Any] = field(factory=dict[str, Any])
    practice: str = ""
    id: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class ReformPart:
    """A draft reform of one rule, from a school year on: ``set`` a ``value`` (of the ways that ``way`` describes, else
    of all), ``add`` a way, or ``remove`` one. A way is described by its id or by what it says."""

    rule: str
    from_: SchoolYear
    until: SchoolYear | None = None
    title: str = ""
    set: str = ""
    value: Any = None
    way: str | WhichPart | None = None
    add: AddPart | None = None
    remove: str | WhichPart | None = None
    note: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class TimePart:
    """A school's plan of teaching time for a track: whole clock hours for each of its years, from the first."""

    track: str
    hours: tuple[int, ...]
    extra: tuple[int, ...] = ()
    core: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class DiplomaExpected:
    """A diploma that is to be earned; ``exam`` is the calendar year, ``age`` the age on 31 July of it."""

    level: str
    exam: int | None = None
    age: int | None = None
    cum_laude: bool | None = None
    because: str = ""
    note: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class AtExpected:
    """What is to be so in a school year. ``measures`` are to be in effect, ``diplomas`` in hand at its end."""

    in_: SchoolYear
    place: str = ""
    age: int | None = None
    move: str = ""
    measures: tuple[str, ...] = ()
    diplomas: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    because: str = ""
    note: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class BlockedExpected:
    """A move, act or measure that is to be refused in a school year."""

    in_: SchoolYear
    move: str = ""
    act: str = ""
    measure: str = ""
    because: str = ""
    note: str = ""

    @property
    def what(self) -> tuple[str, str]:
        """Which of move, act and measure it is, and its id."""
        return next((name, value) for name in ("move", "act", "measure") if (value := getattr(self, name)))


OUTCOMES = ("open", "school-decides", "not-offered", "needs-unmet", "unlawful", "undecided")
FORCES = ("right", "discretion", "duty", "forbidden")
RESULTS = ("failed", "passed", "incomplete")
"""What an option, a way and an exam can be: those of ``verdict.Outcome``, ``law.tables.Force``, ``exam.judging``."""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class OptionExpected:
    """How a move or an act is to stand in a school year: its outcome ("open", "school-decides", "not-offered",
    "needs-unmet", "unlawful", "undecided"), the force with which it does, where it leads."""

    in_: SchoolYear
    move: str = ""
    act: str = ""
    subject: str = ""
    level: str = ""
    outcome: str = ""
    force: str = ""
    to: str = ""
    because: str = ""
    note: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class NormExpected:
    """A norm of teaching time that the plan is to reach in a school year, or not; ``hours`` that count in it."""

    in_: SchoolYear
    norm: str = ""
    met: bool = True
    hours: int | None = None
    because: str = ""
    note: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class VerdictExpected:
    """What is to come of an exam: of the walk, by its calendar year; of a ``candidate`` on a ``sheet``; or, with
    a sheet alone, how many candidates of it pass, fail, have no whole exam, get cum laude."""

    exam: int | None = None
    sheet: str = ""
    candidate: str = ""
    result: str = ""
    cum_laude: bool | None = None
    combination: int | None = None
    final: dict[str, int] = field(factory=dict[str, int])
    left_out: tuple[str, ...] | None = None
    passed: int | None = None
    failed: int | None = None
    incomplete: int | None = None
    distinctions: int | None = None
    because: str = ""
    note: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class RouteExpected:
    """What is to be so of the earliest lawful route to a place, a diploma or an age: the school ``year`` that reaches
    it, and how old the pupil is then: at a diploma on 31 July of that year, else on 1 October. ``open`` false: that
    there is no route. From where the walk is in a school year (``in``), else from its start; a place is come to again
    at most ``repeats`` times."""

    to: str
    in_: SchoolYear | None = None
    open: bool | None = None
    year: SchoolYear | None = None
    age: int | None = None
    repeats: int = 0
    because: str = ""
    note: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class ProblemExpected:
    """Something that is to be wrong with this very file: the code of the problem, and the line it is on."""

    code: str
    line: int | None = None
    note: str = ""


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class ExpectPart:
    """What is expected. ``snapshot``: that the walk is the one that is kept beside the file."""

    diploma: tuple[DiplomaExpected, ...] = ()
    at: tuple[AtExpected, ...] = ()
    blocked: tuple[BlockedExpected, ...] = ()
    option: tuple[OptionExpected, ...] = ()
    verdict: tuple[VerdictExpected, ...] = ()
    route: tuple[RouteExpected, ...] = ()
    problem: tuple[ProblemExpected, ...] = ()
    teaching_time: tuple[NormExpected, ...] = ()
    snapshot: bool = False


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Scenario:
    """A whole scenario. With ``status`` "wip" it is expected to fail, for a ``reason``. Only one that expects nothing
    but verdicts on sheets of marks has no pupil."""

    title: str
    pupil: PupilPart | None = None
    tags: tuple[str, ...] = ()
    status: str = ""
    reason: str = ""
    law: LawPart = field(factory=LawPart)
    reform: tuple[ReformPart, ...] = ()
    measures: dict[str, bool | SwitchPart] = field(factory=dict[str, "bool | SwitchPart"])
    practice: dict[str, str | UsePart] = field(factory=dict[str, "str | UsePart"])
    given: dict[str, Any] = field(factory=dict[str, Any])
    start: StartPart | None = None
    choice: tuple[ChoicePart, ...] = ()
    act: tuple[ActPart, ...] = ()
    result: tuple[ResultPart, ...] = ()
    teaching_time: tuple[TimePart, ...] = ()
    expect: ExpectPart = field(factory=ExpectPart)

    @property
    def walks(self) -> bool:
        """Whether there is a pupil to walk, or something is said that needs one."""
        said = (self.start, self.choice, self.act, self.result, self.given, self.measures, self.practice)
        expect = self.expect
        expected = (expect.diploma, expect.at, expect.blocked, expect.option, expect.route, expect.snapshot)
        sheets = bool(expect.verdict) and all(verdict.sheet for verdict in expect.verdict)
        return self.pupil is not None or any(said) or any(expected) or not sheets
