"""What notebooks and other programs use: scenarios read and run, walks played, options and routes listed, exams judged,
cohorts counted.

>>> from trajectsim.api import load, run, options
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

Everything here is typed, and nothing of it prints or ends the program: what is wrong comes as ``Problems``. Of a file
with more scenarios than one it is the first; ``trajectsim.scenario.read.read_any`` gives all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

__all__ = ["cohort", "judge", "load", "options", "play", "routes", "run"]

if TYPE_CHECKING:
    from trajectsim.calendar import SchoolYear
    from trajectsim.cohort.figures import Line
    from trajectsim.exam.verdicts import SheetVerdict
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.path.options import Option
    from trajectsim.path.routes import Search
    from trajectsim.path.walk import Step, Trajectory
    from trajectsim.scenario.read import AnySource
    from trajectsim.scenario.run import Played, Ran

    Scenario = AnySource | str | Path
    """A scenario that was loaded, the text of one, or a file."""


def load(scenario: str | Path) -> AnySource:
    """Read and check a scenario: a path, or the text itself where it has more than one line. Raises Problems.

    >>> load('title = "x"\\npupil.born = 2014-03-12').scenario.title
    'x'
    """
    from trajectsim.scenario.read import read_any, read_any_from

    if isinstance(scenario, str) and "\n" in scenario:
        return read_any_from(scenario, "<text>")[0]
    return read_any(Path(scenario))[0]


def run(scenario: Scenario, law: Lawbook | None = None, *, seed: int | None = None) -> Ran:
    """Play a scenario and judge what it expects; ``passed``, ``judged`` and ``problems`` say what came of it. ``seed``:
    where chance starts in a cohort, in the place of its own.

    >>> ran = run('title = "x"\\npupil.born = 2014-03-12\\nexpect.at = [{ in = "2018/2019", age = 5 }]')
    >>> ran.passed, ran.judged[0].observed
    (False, '4')
    """
    from trajectsim.scenario.run import run_source

    return run_source(_source(scenario), law or _law(), seed)


def play(scenario: Scenario, law: Lawbook | None = None) -> Played:
    """Walk a scenario: ``walk`` has steps and diplomas, ``without`` is the same without measures. Raises Problems.

    >>> played = play('title = "x"\\npupil.born = 2000-04-02\\ngiven.advice = "vwo"')
    >>> [earned.diploma for earned in played.walk.earned]
    ['vwo', 'wo-bachelor']
    """
    from trajectsim.scenario.read import walked
    from trajectsim.scenario.run import play_source

    return play_source(walked(_source(scenario)), law or _law())


def options(scenario: Scenario, year: str | SchoolYear, law: Lawbook | None = None) -> tuple[Option, ...]:
    """Every move at the end of a school year of a walk, the refused ones too, each with its verdict. Raises Problems,
    and LookupError for a year in which the pupil is not in school.

    >>> found = options('title = "x"\\npupil.born = 2014-03-12', "2020/2021")
    >>> {option.rule.id: option.outcome.value for option in found}["skip"]
    'not-offered'
    """
    return _step(play(scenario, law).walk, year).moves


def routes(
    scenario: Scenario, to: str, *, year: str | SchoolYear | None = None, most: int = 25, law: Lawbook | None = None
) -> Search:
    """Every lawful route to a place ("ho/wo/1", "ho/wo/*"), a diploma ("vwo") or an age ("18"), the earliest first, in
    ``routes``: from where the walk is in a school year, else from its start. Raises Problems, and LookupError for what
    is no goal and for a year in which the pupil is not in school.

    >>> able = 'title = "x"\\npupil.born = 2014-03-12\\nmeasures.skip-year = true'
    >>> found = routes(able, "vo/vwo/1", year="2024/2025")
    >>> found.earliest.year, found.earliest.years
    (SchoolYear(start=2026), 2)
    """
    from trajectsim.path.routes import goal_of
    from trajectsim.path.routes import routes as searched

    played = play(scenario, law)
    goal = goal_of(to, played.law)
    if goal is None:
        raise LookupError(to)
    return searched(
        played.walk.plan, played.law, goal, start=_step(played.walk, year).state if year else None, most=most
    )


def cohort(
    scenario: Scenario,
    *,
    size: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int = 1,
    law: Lawbook | None = None,
) -> tuple[Line, ...]:
    """Play a birth cohort under each of its policies: a line for every figure, policy and world, with its band and, but
    for the first policy, the difference to that one. What is given takes the place of what the file says; ``jobs`` is
    how many processes play. Raises Problems, also for a scenario that is no cohort.

    >>> lines = cohort('''
    ... title = "x"
    ... cohort = { size = 20, births = [2005], replications = 2 }
    ... policy = [{ id = "none" }, { id = "skip", measures = { skip-year = true } }]
    ... ''', replications=1)
    >>> [(line.policy, line.value.low == line.value.high) for line in lines if line.figure.id == "diploma.vwo"]
    [('none', True), ('skip', True)]
    """
    from attrs import evolve

    from trajectsim.cohort.figures import lines
    from trajectsim.cohort.running import run as played
    from trajectsim.scenario.read import counted

    source, book = counted(_source(scenario)), law or _law()
    source.laws(book)
    given = {"size": size, "replications": replications, "seed": seed}
    whole = evolve(source.cohort, **{name: value for name, value in given.items() if value is not None})
    return tuple(lines(played(whole, book, jobs), book))


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


def _step(walk: Trajectory, year: str | SchoolYear) -> Step:
    from trajectsim.calendar import SchoolYear

    step = walk.at(SchoolYear.parse(year) if isinstance(year, str) else year)
    if step is None:
        raise LookupError(str(year))
    return step


def _source(scenario: Scenario) -> AnySource:
    return load(scenario) if isinstance(scenario, str | Path) else scenario


def _law() -> Lawbook:
    from trajectsim.law.lawbook import Lawbook

    return Lawbook.load()
