"""Running scenarios: read, play, judge."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from trajectsim import reading
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.walk import Trajectory, play
from trajectsim.positions import Positions
from trajectsim.scenario.judge import Judged, judge_expectations, misplaced
from trajectsim.scenario.plans import law_of, plan_of
from trajectsim.scenario.read import Source, read


@frozen(eq=False)
class Played:
    """A scenario that could be played: the walk, the one without flexibilities, and the law, reforms and all."""

    source: Source
    law: Lawbook
    walk: Trajectory
    without: Trajectory


@frozen(eq=False)
class Ran:
    """What running one file gave: its problems, or the walk with every expectation judged."""

    file: str
    title: str = ""
    problems: tuple[Problem, ...] = ()
    judged: tuple[Judged, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.problems and all(judged.met for judged in self.judged)


def play_file(path: Path, law: Lawbook) -> Played:
    """Read a scenario and play it. Raises Problems."""
    return play_source(read(path), law)


def play_source(source: Source, law: Lawbook) -> Played:
    """Play a scenario that was read. Raises Problems for what only the walk can show."""
    law = _law(source, law)
    walk = _walk(source, law)
    return Played(source, law, walk, play(walk.plan.without(law.measures), law))


def run_file(path: Path, law: Lawbook) -> Ran:
    """Run one scenario; what is wrong with the file comes back as its problems."""
    try:
        source = read(path)
        law = _law(source, law)
        walk = _walk(source, law)
    except Problems as found:
        return Ran(str(path), problems=found.problems)
    judged = tuple(judge_expectations(source.scenario, walk, law))
    positions = None if all(j.met for j in judged) else Positions(source.text)
    places = tuple(source.file if positions is None else _where(source.file, positions, j) for j in judged)
    return Ran(source.file, source.scenario.title, (), judged, places)


def _law(source: Source, law: Lawbook) -> Lawbook:
    try:
        return law_of(source.scenario, law)
    except Problems as found:
        raise Problems(reading.located(found.problems, source.text, source.file)) from None


def _walk(source: Source, law: Lawbook) -> Trajectory:
    walk = play(plan_of(source.scenario), law)
    problems = list(misplaced(source.scenario, walk, law))
    if problems:
        raise Problems(reading.located(problems, source.text, source.file))
    return walk


def _where(file: str, positions: Positions, judged: Judged) -> str:
    place = positions.of(judged.at)
    return f"{file}:{place.line}:{place.column}"
