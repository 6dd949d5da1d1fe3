"""How soon a goal could be reached at best, by what is little: a place, the diplomas in hand, the school year, the age.

All else that rules read (how she came there, what measures bound to her intake set) counts as not known: a move is left
aside only where its rule says no whatever that is. So no state is given up from which a route leads on; and what is
found hangs on no single pupil, is kept with the law, and serves the next search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


@define(eq=False)
class Bound:
    """Of a plan's pupil and a goal. ``distances`` is how many moves at least lie between a place and the goal."""

    plan: Plan
    law: Lawbook
    goal: Goal
    start: State
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
    _refuted: dict[tuple[str, int, int], int] = field(factory=dict[tuple[str, int, int], int], init=False)
    _proven: dict[tuple[str, int, int], int] = field(factory=dict[tuple[str, int, int], int], init=False)

    def __attrs_post_init__(self) -> None:
        plan, law = self.plan, self.law
        self.distances = self.goal.distances(plan, law)
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

    def within(self, place: Place, diplomas: int, depth: int, left: int) -> bool:
        """Whether the goal could be reached in so many moves, ``depth`` school years after the start, with diplomas in
        hand, be they not known."""
        if self.distances.get(place.id, OLDEST) > left:
            return False
        if self.goal.age:
            return self.goal.age - self.start.age - depth <= left
        if self.goal.is_place(place.id):
            return True
        if diplomas != UNKNOWN:  # first without them: the places are few, the sets of diplomas many
            if diplomas & self._wanted:
                return True
            if not self.within(place, UNKNOWN, depth, left):
                return False
        key = (place.id, diplomas, min(depth, self._still))
        if left <= self._refuted.get(key, -1):
            return False
        if left >= self._proven.get(key, OLDEST + 1):
            return True
        found = any(
            held & self._wanted or (left > 0 and any(self._through(place, each, depth, left)))
            for each, held in self._ends(place, diplomas, depth)
        )
        (self._proven if found else self._refuted)[key] = left
        return found

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

    def _through(self, place: Place, held: int, depth: int, left: int) -> Iterator[bool]:
        """Of every move that may be lawful and is asked for, whether the goal could be reached through it."""
        key = self._key(place, held, depth)
        opened = self._opened.setdefault(key, {})
        for name, (move, to) in self.law.moves_from(place).items():
            if self.distances.get(to.id, OLDEST) < left:
                if name not in opened:
                    opened[name] = self._may_open(move, place, to, held, depth)
                yield opened[name] and self.within(to, held, depth + 1, left - 1)

    def _may_open(self, move: Move, place: Place, to: Place, held: int, depth: int) -> bool:
        year = (self.start.year + depth).start
        if self.law.lifters(move.id):
            return True
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

    def _with(self, place: Place, diplomas: int, depth: int) -> dict[str, int]:
        """The facts of a place and a school year with diplomas in hand."""
        key = self._key(place, diplomas, depth)
        if key not in self._facts:
            values = {**self._at(place, depth), "diplomas": diplomas}
            self._facts[key] = {**values, **derived(self.law, values)}
        return self._facts[key]

    def _at(self, place: Place, depth: int) -> dict[str, int]:
        """The facts of a place and a school year, as far as these tell them."""
        year = self.start.year + depth
        key = self._key(place, 0, depth)
        if key not in self._places:
            plan, law = self.plan, self.law
            state = State(plan.pupil, Record(), year, place, year)
            values = dict(fact_sheet(state, law, plan.clock, plan.given, plan.results).values)
            values.update(dict.fromkeys(self._unknown, UNKNOWN))
            for measure in law.measures.values():
                asked = measure.on_by_itself or measure.id in plan.measures
                known = measure.by == "year" and not (
                    plan.is_on(measure, year.start) and law_says(measure, year, year, plan.clock, law).truth == YES
                )
                values.update(dict.fromkeys(measure.sets if asked and not known else (), UNKNOWN))
            marked = (r for r in plan.results if r.subject and r.year == year and r.level == level_of(state))
            values.update({"exam_result": UNKNOWN} if any(marked) else {})
            self._places[key] = values
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
