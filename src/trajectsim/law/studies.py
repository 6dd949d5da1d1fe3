"""Studies: what a programme of mbo or higher education asks of a profile and of subjects, beside the diploma.

A study is a table of its own, with a way for each diploma and profile that fits; a move that names a study reads what
the table says as the fact ``requirements``. Whether that is a duty or a choice of the institution is in the move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import field, frozen

from trajectsim.law.facts import UNKNOWN, Facts
from trajectsim.law.moves import Rule
from trajectsim.law.tables import Check, Force, Span, Table, Test, Way, at

Groups = tuple[tuple[str, ...], ...]
"""Of each group one subject is asked."""


EVERY = "every"
"""In the place of a value: whatever it is."""


@frozen(kw_only=True)
class StudyDemand:
    """What is asked of who comes with one of some ``diplomas``.

    ``profiles`` has the groups for each value of the fact ``by`` (a profile or a sector); a value that is not named is
    closed, "every" has those that do whatever the value. Without ``by``, ``asks`` has the groups. ``subjects`` is the
    fact that has the subjects.
    """

    diplomas: tuple[str, ...]
    subjects: str
    by: str = ""
    profiles: dict[str, Groups] = field(factory=dict[str, Groups])
    asks: Groups = ()

    def rows(self) -> Iterator[tuple[str, Groups]]:
        """The groups by value of ``by``; one row of no value without it."""
        yield from self.profiles.items() if self.by else [("", self.asks)]


@frozen(kw_only=True)
class StudyVersion:
    """What is asked while the span lasts."""

    span: Span
    demand: tuple[StudyDemand, ...] = ()


@frozen(kw_only=True)
class Study(Rule):
    """A programme, or several that ask the same. ``fixus``: its places are limited; ``free`` are the diplomas that it
    asks nothing more of."""

    by: str = "intake"
    level: str
    area: str = ""
    fixus: bool = False
    free: tuple[str, ...] = ()
    version: tuple[StudyVersion, ...]


ARGUMENT = "study/"
"""What the kind of an argument that names a study begins with; the level follows."""


def study_table(study: Study, year: int, beyond: bool, facts: Facts) -> Table:
    """The table of what a study asks in a year of law, which may be ``beyond`` what is known."""
    cite = at(study.cite, year)
    held = facts["diplomas"]
    ways: list[Way] = []
    if study.free:
        free = Check(held, Test.HAS_ANY, held.mask(list(study.free)))
        ways.append(Way(study.id, Force.RIGHT, (free,), cite))
    for demand in at(study.version, year).demand:
        ways.extend(Way(study.id, Force.RIGHT, checks, cite) for checks in _checks(demand, facts))
    return Table(study.id, year, cite, tuple(ways), beyond)


def _checks(demand: StudyDemand, facts: Facts) -> Iterator[tuple[Check, ...]]:
    held, subjects = facts["diplomas"], facts[demand.subjects]
    title = Check(held, Test.HAS_ANY, held.mask(list(demand.diplomas)))
    for value, groups in demand.rows():
        named = demand.by and value != EVERY
        by = (Check(facts[demand.by], Test.EQUAL, facts[demand.by].encode(value)),) if named else ()
        asked = (Check(subjects, Test.HAS_ANY, subjects.mask(list(group))) for group in groups)
        yield (title, *by, *asked)


def by_argument(studies: Sequence[Study]) -> dict[str, tuple[str, ...]]:
    """The ids of studies by the kind of the argument that names them."""
    kinds = dict.fromkeys(f"{ARGUMENT}{study.level}" for study in studies)
    return {kind: tuple(study.id for study in studies if f"{ARGUMENT}{study.level}" == kind) for kind in kinds}


TOLD = ("diplomas", "requirements", "study_area", "fixus")
"""The facts that a study asks for and tells."""
REQUIREMENTS = "requirements"
"""The fact that says whether what a study asks is met."""


def told(study: Study, met: bool | None, facts: Facts) -> Mapping[str, int]:
    """The facts that a study tells; ``met`` is whether its table holds (None: not known)."""
    requirements = facts[REQUIREMENTS]
    values = {True: requirements.encode("met"), False: requirements.encode("unmet"), None: UNKNOWN}
    return {
        REQUIREMENTS: values[met],
        "study_area": facts["study_area"].encode(study.area or "none"),
        "fixus": int(study.fixus),
    }
