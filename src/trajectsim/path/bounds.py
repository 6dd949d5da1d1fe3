"""How soon a goal could be reached at best, by what is little: a place, the diplomas in hand, the school year, the age.

All else that rules read (how she came there, what measures bound to her intake set) counts as not known: a move is left
aside only where its rule says no whatever that is. So no state is given up from which a route leads on; and what is
found hangs on no single pupil, is kept with the law, and serves the next search.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from trajectsim.law.facts import UNKNOWN
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.moves import Move
from trajectsim.law.places import Place
from trajectsim.law.studies import TOLD
from trajectsim.law.tables import Check, Force, Table, Test
from trajectsim.path.goals import Goal
from trajectsim.path.options import law_says
from trajectsim.path.plan import Plan
from trajectsim.path.walk import OLDEST
from trajectsim.pupil import Record, State
from trajectsim.pupil.facts import derived, diploma_mask, fact_sheet, facts_read, level_of, of_history
from trajectsim.verdict import MAYBE, NO, YES, hold

Key = tuple[str, int, int, int]
"""A place, the diplomas in hand as the fact ``diplomas`` has them, a school year, the age at its end."""
Ends = tuple[tuple[int, int], ...]
"""The diplomas with which a school year may end: as they are known, and at most."""
ACTS = ("acts", "acts_now")
NEVER = 10 * OLDEST
"""More moves than there are school years."""


@define(eq=False)
class _Spot:
    """A place, with diplomas in hand, at a depth. In fewer than ``low`` moves the goal is surely not reached from it,
    in ``high`` it could be: what lies between is not found out yet."""

    place: Place
    held: int
    depth: int
    low: int
    high: int
    onward: list[_Onward] | None = None


@define(eq=False)
class _Onward:
    """A move to the spot of the next school year, with the diplomas in hand by then; whether it may be ``open`` is
    found out once it matters."""

    move: str
    held: int
    to: _Spot
    open: bool | None = None


@define(eq=False)
class Bound:
    """Of a plan's pupil and a goal. ``never`` is a place that no move may lead to; ``distances`` is how many moves at
    least lie between a place and the goal."""

    plan: Plan
    law: Lawbook
    goal: Goal
    start: State
    never: str = ""
    distances: Mapping[str, int] = field(init=False)
    _wanted: int = field(init=False)
    _possible: int = field(init=False)
    _unknown: tuple[str, ...] = field(init=False)
    _age: int = field(init=False)
    _last: tuple[int, int] = field(init=False)
    _still: int = field(init=False)
    """The depth after which neither the year nor the age changes anything."""
    _places: dict[Key, dict[str, int]] = field(init=False)
    _facts: dict[Key, dict[str, int]] = field(init=False)
    _ended: dict[Key, Ends] = field(init=False)
    _opened: dict[Key, dict[str, bool]] = field(init=False)
    _spots: dict[tuple[str, int, int], _Spot] = field(init=False)

    def __attrs_post_init__(self) -> None:
        plan, law = self.plan, self.law
        self.distances = self.goal.distances(plan, law, self.never)
        self._wanted = diploma_mask([self.goal.diploma], law) if self.goal.diploma else 0
        planned = {act.act for act in plan.acts} | {done.act for done in self.start.record.acts}
        happen = [act for act in law.acts.values() if act.takes == "default" or act.id in planned]
        known = {value.id for value in law.facts["acts"].values}
        self._possible = law.facts["acts"].mask(sorted(known & {*planned, *(act.id for act in happen)}))
        named = TOLD if self.goal.study else ()  # of a study, its own table tells them
        self._unknown = (*of_history(law), *named, *(name for act in happen for name in act.sets))
        self._age = self.start.age_at_end
        self._last = year, age = self._nothing_new()
        self._still = max(year - self.start.year.start, age - self._age)
        told = (plan.clock, sorted(plan.measures.items()), sorted(plan.given.items()), plan.results, plan.choices)
        config = (repr(told), plan.pupil.profile, self._possible)
        self._places = law.kept(("facts of places", config), dict[Key, dict[str, int]])
        self._facts = law.kept(("facts with diplomas", config), dict[Key, dict[str, int]])
        self._ended = law.kept(("what may be earned", config), dict[Key, Ends])
        self._opened = law.kept(("what may be open", config), dict[Key, dict[str, bool]])
        since = (self.start.year.start, self._age, self.never)
        self._spots = law.kept(("how near", self.goal, since, config), dict[tuple[str, int, int], _Spot])

    def within(self, place: Place, diplomas: int, depth: int, left: int) -> bool:
        """Whether the goal could be reached in so many moves, ``depth`` school years after the start, with diplomas in
        hand, be they not known."""
        if self.distances.get(place.id, OLDEST) > left:
            return False
        if self.goal.age:
            return self.goal.age - self.start.age - depth <= left
        return self._reaches(self._spot(place, diplomas, min(depth, self._still)), left)

    def _reaches(self, spot: _Spot, left: int) -> bool:
        """Whether the goal could be reached from a spot in so many moves; what is found out of it is kept there."""
        if left < spot.low:
            return False
        if left >= spot.high:
            return True
        if spot.held != UNKNOWN:  # first without them: the places are few, the sets of diplomas many
            bare = self._spot(spot.place, UNKNOWN, spot.depth)
            if not self._reaches(bare, left):
                spot.low = bare.low
                return False
        if spot.onward is None:
            spot.onward = self._onward(spot)
            if left >= spot.high:
                return True
        low = NEVER
        for onward in spot.onward:
            if onward.to.low < left:
                if onward.open is None:
                    onward.open = self._may_open(onward, spot)
                if onward.open and self._reaches(onward.to, left - 1):
                    spot.high = onward.to.high + 1
                    return True
            if onward.open is not False and onward.to.low + 1 < low:
                low = onward.to.low + 1
        spot.low = low
        return False

    def _spot(self, place: Place, held: int, depth: int) -> _Spot:
        key = (place.id, held, depth)
        spot = self._spots.get(key)
        if spot is None:
            near = self.distances.get(place.id, OLDEST)
            there = self.goal.is_place(place.id) or (held != UNKNOWN and held & self._wanted)
            spot = self._spots[key] = _Spot(place, held, depth, near, near if there else NEVER)
        return spot

    def _onward(self, spot: _Spot) -> list[_Onward]:
        """What moves could lead on to from a spot after its school year, the nearest to the goal first. Where what may
        be earned in it is the goal, the spot is as near as can be."""
        ends = self._ends(spot.place, spot.held, spot.depth)
        if any(most & self._wanted for _held, most in ends):
            spot.high = spot.low
            return []
        depth, moves = min(spot.depth + 1, self._still), self.law.moves_from(spot.place)
        onward = [
            _Onward(name, held, self._spot(to, held, depth))
            for held, _most in ends
            for name, (_move, to) in moves.items()
            if to.id in self.distances and to.id != self.never
        ]
        return sorted(onward, key=lambda each: self.distances[each.to.place.id])

    def _nothing_new(self) -> tuple[int, int]:
        """A school year and an age after which no later one makes a difference."""
        plan, law = self.plan, self.law
        ages = [bound for need in facts_read(law).get("age_end", ()) for bound in _bounds(need)]
        known = all(isinstance(bound, int) for bound in ages)
        told = [each.start for switch in plan.measures.values() for each in (switch.first, switch.last) if each]
        told += [each.year.start for each in plan.results]
        return max([law.last_change, *told]) + 1, max(ages, default=0) + 1 if known else OLDEST

    def _ends(self, place: Place, diplomas: int, depth: int) -> Ends:
        """The diplomas that may be in hand after a school year; where they are not known, those that may be new."""
        key = self._key(place, diplomas, depth)
        if key not in self._ended:
            year = (self.start.year + depth).start
            held = self._earned(place, diplomas, year, self._with(place, diplomas, depth))
            self._ended[key] = ((UNKNOWN, max(held)),) if diplomas == UNKNOWN else tuple((each, each) for each in held)
        return self._ended[key]

    def _may_open(self, onward: _Onward, spot: _Spot) -> bool:
        """Whether a move may be lawful, whatever is not known."""
        place, held, depth = spot.place, onward.held, spot.depth
        opened = self._opened.setdefault(self._key(place, held, depth), {})
        if onward.move not in opened:
            move, to = self.law.moves_from(place)[onward.move]
            opened[onward.move] = bool(self.law.lifters(move.id)) or self._opens(move, place, to, held, depth)
        return opened[onward.move]

    def _opens(self, move: Move, place: Place, to: Place, held: int, depth: int) -> bool:
        year = (self.start.year + depth).start
        table = self.law.move_table(move, place, to, year, year + 1, self.plan.clock)
        return self._truth(table, self._with(place, held, depth)) != NO

    def _key(self, place: Place, diplomas: int, depth: int) -> Key:
        year, age = self._last
        return place.id, diplomas, min(self.start.year.start + depth, year), min(self._age + depth, age)

    def _earned(self, place: Place, diplomas: int, year: int, values: Mapping[str, int]) -> list[int]:
        """The diplomas that may be in hand at the end of a year; of those that are not known, these that may be new."""
        found = [0 if diplomas == UNKNOWN else diplomas]
        for diploma in self.law.diplomas_in(place):
            bit = diploma_mask([diploma.id], self.law)
            if found[0] & bit:
                continue
            sure = diploma.by == "year"
            truth = self._truth(self.law.table(diploma, year, year, self.plan.clock), values) if sure else MAYBE
            if truth != NO:
                found = [*(found if truth == MAYBE else ()), *(held | bit for held in found)]
        return found

    def _with(self, place: Place, diplomas: int, depth: int) -> Mapping[str, int]:
        """The facts of a place and a school year with diplomas in hand, which decide few of the others."""
        there = self._at(place, depth)
        if diplomas == UNKNOWN:
            return there
        key = self._key(place, diplomas, depth)
        found = self._facts.get(key)
        if found is None:
            held = {"diplomas": diplomas}
            found = self._facts[key] = held | derived(self.law, {**there, **held}, held)
        return {**there, **found}

    def _at(self, place: Place, depth: int) -> dict[str, int]:
        """The facts of a place and a school year, as far as these tell them; diplomas are not known."""
        key = self._key(place, UNKNOWN, depth)
        if key not in self._places:
            plan, law, year = self.plan, self.law, self.start.year + depth
            state = State(plan.pupil, Record(), year, place, year)
            values = dict(fact_sheet(state, law, plan.clock, plan.given, plan.results).values)
            values.update(dict.fromkeys((*self._unknown, "diplomas"), UNKNOWN))
            for measure in law.measures.values():
                asked = measure.on_by_itself or measure.id in plan.measures
                known = measure.by == "year" and not (
                    plan.is_on(measure, year.start) and law_says(measure, year, year, plan.clock, law).truth == YES
                )
                values.update(dict.fromkeys(measure.sets if asked and not known else (), UNKNOWN))
            marked = (r for r in plan.results if r.subject and r.year == year and r.level == level_of(state))
            values.update({"exam_result": UNKNOWN} if any(marked) else {})
            self._places[key] = {**values, **derived(law, values)}
        return self._places[key]

    def _truth(self, table: Table, values: Mapping[str, int]) -> int:
        """Whether a table is open: NO and YES only where that is sure."""
        opened = forbidden = NO
        for way in table.ways:
            truth = YES
            for check in way.checks:
                truth &= self._holds(check, values)
                if truth == NO:
                    break
            if way.force is Force.FORBIDDEN:
                forbidden |= truth
            else:
                opened |= truth
        return NO if forbidden == YES else opened & (YES if forbidden == NO else MAYBE)

    def _holds(self, check: Check, values: Mapping[str, int]) -> int:
        if check.fact.id not in ACTS:
            return hold((check,), values)
        if check.test is Test.HAS:
            return MAYBE if self._possible & check.bound == check.bound else NO  # pyright: ignore
        if check.test is Test.HAS_ANY:
            return MAYBE if self._possible & check.bound else NO  # pyright: ignore
        return MAYBE


def _bounds(need: Any) -> list[Any]:
    """The values in a need."""
    values = list(need.values()) if isinstance(need, dict) else [need]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return [each for value in values for each in (value if isinstance(value, list) else [value])]  # pyright: ignore
