"""What notebooks and other programs use: scenarios read and run, walks played, exams judged, options listed.

>>> from trajectsim import load, run, options
>>> scenario = load('''
... title = "Vwo na groep 7"
... measures.early-to-vo = true
... given.advice = "vwo"
... pupil.born = 2006-11-04
... choice = [{ in = "2017/2018", move = "to-vwo" }]
... expect.diploma = [{ level = "vwo", exam = 2024 }]
... ''')
>>> run(scenario).passed
True
>>> [option.rule.id for option in options(scenario, "2017/2018") if option.open][:2]
['promote', 'repeat']

Everything here is typed, and nothing of it prints or ends the program: what is wrong comes as ``Problems``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trajectsim.calendar import SchoolYear
    from trajectsim.exam.verdicts import SheetVerdict
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.path.options import Option
    from trajectsim.scenario.read import Source
    from trajectsim.scenario.run import Played, Ran

    Scenario = Source | str | Path
    """A scenario that was loaded, the text of one, or a file."""


def load(scenario: str | Path) -> Source:
    """Read and check a scenario: a path, or the text itself where it has more than one line. Raises Problems.

    >>> load('title = "x"\\npupil.born = 2014-03-12').scenario.title
    'x'
    """
    from trajectsim.scenario.read import read, read_from

    if isinstance(scenario, str) and "\n" in scenario:
        return read_from(scenario, "<text>")
    return read(Path(scenario))


def run(scenario: Scenario, law: Lawbook | None = None) -> Ran:
    """Play a scenario and judge what it expects; ``passed``, ``judged`` and ``problems`` say what came of it.

    >>> ran = run('title = "x"\\npupil.born = 2014-03-12\\nexpect.at = [{ in = "2018/2019", age = 5 }]')
    >>> ran.passed, ran.judged[0].observed
    (False, '4')
    """
    from trajectsim.scenario.run import run_source

    return run_source(_source(scenario), law or _law())


def play(scenario: Scenario, law: Lawbook | None = None) -> Played:
    """Walk a scenario: ``walk`` has steps and diplomas, ``without`` is the same without flexibilities. Raises Problems.

    >>> played = play('title = "x"\\npupil.born = 2000-04-02\\ngiven.advice = "vwo"')
    >>> [earned.diploma for earned in played.walk.earned]
    ['vwo', 'wo-bachelor']
    """
    from trajectsim.scenario.run import play_source

    return play_source(_source(scenario), law or _law())


def options(scenario: Scenario, year: str | SchoolYear, law: Lawbook | None = None) -> tuple[Option, ...]:
    """Every move at the end of a school year of a walk, the refused ones too, each with its verdict. Raises Problems,
    and LookupError for a year in which the pupil is not in school.

    >>> found = options('title = "x"\\npupil.born = 2014-03-12', "2020/2021")
    >>> {option.rule.id: option.outcome.value for option in found}["skip"]
    'not-offered'
    """
    from trajectsim.calendar import SchoolYear

    walk = play(scenario, law).walk
    step = walk.at(SchoolYear.parse(year) if isinstance(year, str) else year)
    if step is None:
        raise LookupError(str(year))
    return step.moves


def judge(
    level: str, exam: int, subjects: dict[str, dict[str, object]], *, profile: str = "", law: Lawbook | None = None
) -> SheetVerdict:
    """The verdict on one sheet of marks: by subject code its marks as people write them and, where it does not follow
    from the package, its ``role``. Marks are not checked here as ``trajectsim verdict`` does.

    >>> verdict = judge("vwo", 2024, {"netl": {"se": 7.1, "ce": 6.3}, "entl": {"se": 8.0, "ce": 7.4}})
    >>> verdict.result, verdict.final
    ('incomplete', {'netl': 7, 'entl': 8})
    """
    from decimal import Decimal

    from trajectsim.exam.packages import roles_of
    from trajectsim.exam.sheets import NUMBERS, Batch, Layout, Slot
    from trajectsim.exam.verdicts import judge_sheet
    from trajectsim.marks import parse_mark

    lawbook, year = law or _law(), exam - 1
    roles = roles_of(lawbook, level, year, profile, list(subjects))
    slots = tuple(
        Slot(code, str(told.get("role") or role), given_ce=bool(told.get("ce")))
        for (code, told), role in zip(subjects.items(), roles, strict=True)
    )
    rows = [
        {
            **{name: parse_mark(Decimal(str(told[name]))) for name in NUMBERS if told.get(name)},
            "rating": told.get("rating", ""),
        }
        for told in subjects.values()
    ]
    return judge_sheet(Batch.of_rows(Layout(level, year, slots, profile=profile), rows), lawbook)


def _source(scenario: Scenario) -> Source:
    return load(scenario) if isinstance(scenario, str | Path) else scenario


def _law() -> Lawbook:
    from trajectsim.law.lawbook import Lawbook

    return Lawbook.load()
