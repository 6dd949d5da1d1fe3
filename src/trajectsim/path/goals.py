"""Where routes lead: a place, a diploma, an age; and how far at least a place lies from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from trajectsim.law.lawbook import Lawbook
from trajectsim.law.moves import Move
from trajectsim.law.places import OUT, Place, matches
from trajectsim.law.studies import ARGUMENT, Study
from trajectsim.path.plan import Plan
from trajectsim.path.walk import Ended
from trajectsim.pupil import State


@frozen
class Goal:
    """Where routes lead: to a place (a pattern such as "ho/wo/*"), to a diploma by its id, to an age on 1 October, or
    into a study by its id, whose demands then count: to one of its ``entries``, the places in which it begins."""

    place: str = ""
    diploma: str = ""
    age: int = 0
    study: str = ""
    entries: tuple[str, ...] = ()

    def reached(self, state: State, year: Callable[[], Ended]) -> bool:
        """Whether a school year reaches it: by being in the place, at the age, or by what is earned at its end."""
        if self.place or self.study:
            return self.is_place(state.place.id)
        if self.diploma:
            return any(earned.diploma == self.diploma for earned in year().after.state.record.diplomas)
        return state.age >= self.age

    def age_of(self, state: State) -> int:
        """How old the pupil is when a school year reaches it: at a diploma at its end, else on 1 October."""
        return state.age_at_end if self.diploma else state.age

    def distances(self, plan: Plan, law: Lawbook, never: str = "") -> Mapping[str, int]:
        """By the id of a place, how many moves at least lie between it and the goal, whatever the pupil; places from
        which no chain of moves leads there are left out. ``never``: a place that no move may lead to."""
        shut = frozenset(move.id for move in law.moves.values() if not _can_open(move, plan, law))
        return law.kept(("distances", self, shut, never), lambda: dict(self._distances(law, shut, never)))

    def reach(self, law: Lawbook) -> Mapping[str, int]:
        """The same over all moves, those that only a measure would open included."""
        return law.kept(("reach", self), lambda: dict(self._distances(law, frozenset(), "")))

    def _distances(self, law: Lawbook, shut: frozenset[str], never: str) -> Iterator[tuple[str, int]]:
        places = [*law.places(), OUT]
        into: dict[str, list[str]] = {place.id: [] for place in places}
        for place in places:
            for move, to in law.moves_from(place).values():
                if move.id not in shut and to.id != never:
                    into[to.id].append(place.id)
        here = [place.id for place in places if self._is_at(place, law)]
        seen = set(here)
        distance = 0
        while here:
            yield from ((name, distance) for name in here)
            here = list(dict.fromkeys(before for name in here for before in into[name] if before not in seen))
            seen |= set(here)
            distance += 1

    def is_place(self, name: str) -> bool:
        """Whether a place is where it leads to."""
        return matches(self.place, name) if self.place else name in self.entries

    def _is_at(self, place: Place, law: Lawbook) -> bool:
        if self.place or self.study:
            return self.is_place(place.id)
        if self.age:
            return True
        return any(diploma.id == self.diploma for diploma in law.diplomas_in(place))


def goal_of(text: str, law: Lawbook) -> Goal | None:
    """The goal that a word stands for: an age in digits, a diploma (also as "wo/bachelor") or a study by its id, a
    place, a track, or a pattern of places. None where it is none of these."""
    if text in law.studies:
        moves = entering(law.studies[text], law)
        places = (*law.places(), OUT)
        steps = (step for place in places for step in law.moves_from(place).values() if step[0].id in moves)
        return Goal(study=text, entries=tuple(dict.fromkeys(to.id for _move, to in steps)))
    return goal_among(text, law.diplomas, [place.id for place in law.places()])


def goal_among(text: str, diplomas: Collection[str], places: Sequence[str]) -> Goal | None:
    """The same, where only the names of diplomas and places are known."""
    if text.isdecimal():
        return Goal(age=int(text)) if len(text) <= _DIGITS and int(text) else None
    if text in diplomas:
        return Goal(diploma=text)
    sectors = dict.fromkeys(place.partition("/")[0] for place in places)
    for pattern in (text, f"{text}/*", *(f"{sector}/{text}/*" for sector in sectors)):
        if any(matches(pattern, place) for place in places):
            return Goal(place=pattern)
    diploma = text.replace("/", "-")
    return Goal(diploma=diploma) if diploma in diplomas else None


_DIGITS = 3
"""How many an age can have."""


def entering(study: Study, law: Lawbook) -> dict[str, str]:
    """The moves that can name a study, with the argument that does."""
    kind = f"{ARGUMENT}{study.level}"
    return {move.id: name for move in law.moves.values() for name, each in move.arguments.items() if each == kind}


def _can_open(move: Move, plan: Plan, law: Lawbook) -> bool:
    """Whether some way of a move asks for nothing that only a measure sets which the plan never has on."""
    on = [m for m in law.measures.values() if m.on_by_itself or m.id in plan.measures]
    offered = {name for measure in on for name in measure.sets}
    if any(measure in on for measure in law.lifters(move.id)):
        return True
    ways = (way for version in move.version for way in version.ways)
    return any(not _only_offered(way.needs, law) - offered for way in ways)


def _only_offered(needs: Mapping[str, Any], law: Lawbook) -> set[str]:
    """The facts of measures that needs want to be true."""
    return {name for name, need in needs.items() if need is True and law.facts[name].source == "measure"}
