"""Running scenarios: read, play, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from trajectsim.errors import Place, Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.walk import Trajectory, play
from trajectsim.positions import Positions
from trajectsim.scenario.expected import settled
from trajectsim.scenario.format import ProblemExpected, Scenario
from trajectsim.scenario.judge import Judged, judge_expectations, misplaced
from trajectsim.scenario.plans import law_of, plan_of
from trajectsim.scenario.read import Source, problems_expected, read, read_any
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.scenario.cohorts import CohortSource
    from trajectsim.scenario.read import AnySource


@frozen(eq=False)
class Played:
    """A scenario that could be played: the walk, the one without measures, and the law, reforms and all."""

    source: Source
    law: Lawbook
    walk: Trajectory
    without: Trajectory


@frozen(eq=False)
class Ran:
    """What running one scenario gave: its problems, or the walk with every expectation judged.

    ``places`` has, for each expectation, file, line and column; ``line`` is where the scenario begins. ``wip`` is the
    reason why it is expected to fail, ``snapshot`` the walk as it would be kept, ``flags`` what else can be held
    against it (see FLAGS).
    """

    file: str
    title: str = ""
    problems: tuple[Problem, ...] = ()
    judged: tuple[Judged, ...] = ()
    places: tuple[tuple[str, Place], ...] = ()
    variant: str = ""
    tags: tuple[str, ...] = ()
    wip: str = ""
    snapshot: str = ""
    seconds: float = 0.0
    line: int = 1
    flags: frozenset[str] = frozenset()

    @property
    def met(self) -> bool:
        """Whether every expectation is met."""
        return all(judged.met for judged in self.judged)

    @property
    def passed(self) -> bool:
        """Whether it did what it is expected to: meet its expectations, or not yet where it is in progress."""
        return not self.problems and self.met is not bool(self.wip)

    def held_against(self, flags: Iterable[str]) -> Ran:
        """The same with an expectation that fails for each of these flags that it has."""
        found = [flag for flag in flags if flag in self.flags]
        more = [Judged((), _("--fail-on {flag}").format(flag=flag), False, _("no"), _("yes")) for flag in found]
        places = ((self.file, Place(self.line, 1)) for _flag in found)
        wip = "" if "wip" in found else self.wip
        return evolve(self, judged=(*self.judged, *more), places=(*self.places, *places), wip=wip) if more else self

    @property
    def name(self) -> str:
        """The file, and in brackets which of its scenarios it is where there are more."""
        return f"{self.file} [{self.variant}]" if self.variant else self.file

    def where(self, index: int) -> str:
        """file:line:column of an expectation."""
        file, place = self.places[index]
        return f"{file}:{place.line}:{place.column}"


def play_file(path: Path, law: Lawbook) -> Played:
    """Read a scenario and play it, of a file with more the first. Raises Problems."""
    return play_source(read(path), law)


def play_source(source: Source, law: Lawbook) -> Played:
    """Play a scenario that was read. Raises Problems for what only the walk can show."""
    law, walk = _walk(source, law)
    return Played(source, law, walk, play(walk.plan.without(law.measures), law))


def run_file(
    path: Path, law: Lawbook, takes: Callable[[AnySource], bool] = lambda _source: True, seed: int | None = None
) -> list[Ran]:
    """Run the scenarios of a file that are taken; what is wrong with it comes back as its problems, unless it expects
    them. ``seed``: see ``run_source``."""
    try:
        sources = read_any(path)
    except Problems as found:
        return [_refused(Ran(str(path)), found.problems, problems_expected(path))]
    return [run_source(source, law, seed) for source in sources if takes(source)]


def run_source(source: AnySource, law: Lawbook, seed: int | None = None) -> Ran:
    """Run one scenario that was read. ``seed``: where chance starts in a cohort, in the place of its own; the walk of
    one pupil is played without chance."""
    begin, scenario, name = perf_counter(), source.scenario, source.variant.name
    ran = Ran(source.file, scenario.title, variant=name, tags=scenario.tags, wip=scenario.reason, line=_line(source))
    try:
        ran = _walked(ran, source, law) if isinstance(source, Source) else _counted(ran, source, law, seed)
    except Problems as found:
        return evolve(_refused(ran, found.problems, scenario.expect.problem), seconds=perf_counter() - begin)
    judged = [*ran.judged, *(_expected_problem(n, each, False) for n, each in enumerate(scenario.expect.problem))]
    places, seconds = tuple(_places(source, judged)), perf_counter() - begin
    return evolve(ran, judged=tuple(judged), places=places, seconds=seconds)


def _walked(ran: Ran, source: Source, law: Lawbook) -> Ran:
    """What a scenario of one pupil expects, held against her walk. Raises Problems, located."""
    scenario, snapshot = source.scenario, ""
    law, walk = _walk(source, law) if scenario.walks else (_law(source, law), None)
    judged = judge_expectations(scenario, walk, law) if walk else []
    if walk and scenario.expect.route:
        from trajectsim.scenario.routes import judge_route  # only where one is expected

        for number, route in enumerate(scenario.expect.route):
            judged += judge_route(route, walk, law, ("expect", "route", number))
    judged += _verdicts(source, walk, law)
    if scenario.expect.snapshot and walk:
        from trajectsim.scenario.snapshots import judge_snapshot, walk_snapshot

        snapshot = walk_snapshot(walk)
        judged.append(judge_snapshot(ran.variant, source.file, snapshot))
    return evolve(ran, judged=tuple(judged), snapshot=snapshot, flags=frozenset(_flags(scenario, walk)))


def _counted(ran: Ran, source: CohortSource, law: Lawbook, seed: int | None) -> Ran:
    """What a scenario of a cohort expects, held against its figures. Raises Problems, located."""
    from trajectsim.scenario.cohortrun import judge_cohort  # only where there is one

    flags = frozenset(["wip"] if source.scenario.status else [])
    return evolve(ran, judged=tuple(judge_cohort(source, law, seed)), flags=flags)


FLAGS = ("wip", "extrapolated", "assumed", "unverified")
"""What can be held against a scenario beside its expectations: that it is in progress; that its walk goes through years
whose law is not known; that it hangs on what was assumed; that it rests on an article that was not verified."""


def _flags(scenario: Scenario, walk: Trajectory | None) -> Iterator[str]:
    if scenario.status:
        yield "wip"
    if walk is None:
        return
    if any(step.extrapolated for step in walk.steps):
        yield "extrapolated"
    if walk.assumed or walk.practices:
        yield "assumed"
    taken = [step.taken.cite for step in walk.steps if step.taken is not None]
    earned = [verdict.cite for step in walk.steps for _earned, verdict in step.earned]
    if any(cite.confidence == "C" for cite in (*taken, *earned)):
        yield "unverified"


def _line(source: AnySource) -> int:
    """The line on which a scenario begins: its case, or the matrix it comes from."""
    own = next((layer.at for layer in reversed(source.variant.layers) if layer.at[:1] == ("case",)), ())
    return Positions(source.text).of(own).line if own else 1


def _verdicts(source: Source, walk: Trajectory | None, law: Lawbook) -> list[Judged]:
    """What the scenario expects of exams. Raises Problems, located."""
    expected = source.scenario.expect.verdict
    if not expected:
        return []
    from trajectsim.scenario.sheets import judge_verdict  # only where there are columns to judge

    judged: list[Judged] = []
    problems: list[Problem] = []
    for number, each in enumerate(expected):
        at = ("expect", "verdict", number)
        try:
            judged += judge_verdict(each, walk, law, source.variant.origin(at)[0], at)
        except Problems as found:
            problems += source.variant.located(found.problems)
    if problems:
        raise Problems(problems)
    return judged


def _refused(ran: Ran, found: Iterable[Problem], expected: Sequence[ProblemExpected]) -> Ran:
    """A scenario that cannot be run: what is wrong with it, apart from what it expects to be wrong."""
    left, there = settled(found, expected)
    judged = tuple(_expected_problem(n, each, met) for n, (each, met) in enumerate(zip(expected, there, strict=True)))
    return evolve(ran, problems=tuple(left), judged=judged, places=tuple((ran.file, Place(1, 1)) for _each in judged))


def _expected_problem(number: int, expected: ProblemExpected, met: bool) -> Judged:
    where = _("line {n}").format(n=expected.line) if expected.line is not None else ""
    found = expected.code if met else _("no such problem")
    wanted = " ".join(filter(None, (expected.code, where)))
    return Judged(("expect", "problem", number), _("refused"), met, wanted, found)


def _law(source: Source, law: Lawbook) -> Lawbook:
    """The law with the scenario's reforms. Raises Problems, located."""
    try:
        return law_of(source.scenario, law)
    except Problems as found:
        raise Problems(source.variant.located(found.problems)) from None


def _walk(source: Source, law: Lawbook) -> tuple[Lawbook, Trajectory]:
    """The law with the scenario's reforms, and the walk under it. Raises Problems, located."""
    law = _law(source, law)
    try:
        walk = play(plan_of(source.scenario), law)
        problems = list(misplaced(source.scenario, walk, law))
        if problems:
            raise Problems(problems)
    except Problems as found:
        raise Problems(source.variant.located(found.problems)) from None
    return law, walk


def _places(source: AnySource, judged: Iterable[Judged]) -> Iterator[tuple[str, Place]]:
    """Where expectations stand; their texts are looked through only for one that is not met."""
    positions: dict[str, Positions] = {}
    for each in judged:
        if each.met:
            yield source.file, Place(1, 1)
        else:
            file, at = source.variant.origin(each.at)
            positions.setdefault(file, Positions(source.variant.texts[file]))
            yield file, positions[file].of(at)
