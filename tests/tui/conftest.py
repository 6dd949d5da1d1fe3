"""Plans to show on a screen, and scenarios to work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from attrs import evolve

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Choice, Plan, PlannedAct, Start, Switch, start_of
from trajectsim.pupil import Pupil, Result
from trajectsim.tui.document import Document
from trajectsim.tui.state import State


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """English, whatever the machine speaks; and what was spoken before, afterwards."""
    before = words.language()
    words.use("en")
    yield
    words.use(before)


@pytest.fixture
def law() -> Lawbook:
    return Lawbook.load()


@pytest.fixture
def plain() -> Plan:
    """A pupil who walks the nominal path from groep 1."""
    pupil = Pupil(date(2008, 3, 12), "Sara")
    return Plan(pupil, start_of(pupil))


@pytest.fixture
def sara(plain: Plan) -> Plan:
    """She skips groep 4, and does vwo in five years."""
    return evolve(
        plain,
        measures={"skip-year": Switch(True), "five-year-vwo": Switch(True, SchoolYear(2019))},
        choices=(Choice(SchoolYear(2014), "skip"), Choice(SchoolYear(2018), "to-vwo-five-years")),
    )


@pytest.fixture
def repeating(plain: Plan) -> Plan:
    """Her results in groep 5 do not suffice."""
    return evolve(plain, results=(Result(SchoolYear(2016), "insufficient"),))


@pytest.fixture
def from_vwo_4() -> Callable[[int], Plan]:
    """A pupil who starts in vwo 4 in a school year, and asks for an early central exam in it."""

    def plan(start: int) -> Plan:
        year = SchoolYear(start)
        return Plan(
            Pupil(date(start - 15, 3, 12)),
            Start(year, "vo/vwo/4"),
            measures={"early-exam": Switch(True)},
            acts=(PlannedAct(year, "central-exam-early", (("subject", "wiskunde"),)),),
        )

    return plan


PLAIN = """title = "Sara"

[pupil]
name = "Sara"
born = 2008-03-12
"""

SARA = """title = "Sara"

[measures]                       # what her schools offer
skip-year = true
five-year-vwo = { from = "2019/2020" }   # from then on

[pupil]
name = "Sara"
born = 2008-03-12

[[choice]]
in = "2014/2015"
move = "skip"

[[choice]]
in = "2018/2019"
move = "to-vwo-five-years"
"""


@pytest.fixture
def scenario() -> str:
    """The same Sara as the text of a scenario."""
    return SARA


@pytest.fixture
def on_the_bench(law: Lawbook) -> Callable[[str], State]:
    """A workbench with the text of a scenario on it."""
    return lambda text: State.of(Document.of(text, "sara.toml"), law)
