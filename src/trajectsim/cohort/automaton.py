"""The law as an automaton: what is open to a pupil hangs on a few facts, and pupils who share them share the verdict.

A *node* is all that the law and the school can know of a pupil at the start of a school year: the state of a walk, but
for who she is. A *case* is a node with what came of the year. Both are made when the first pupil needs them, by the
desk, the tables and the order of wishes of ``path``, and kept: a cohort asks the law once for each, however large.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from attrs import define, evolve, field, fields, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.cohort.design import of_pupil
from trajectsim.cohort.yields import yields
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Move
from trajectsim.law.places import OUT, Place, matches
from trajectsim.learning.worlds import Select
from trajectsim.path.learner import ends, facts_to_tell, measures_at_work, settled
from trajectsim.path.options import Desk
from trajectsim.path.plan import Chance, Plan
from trajectsim.path.walk import MODELLED, OLDEST, earned_in, next_state, record_after, start_state, wishes
from trajectsim.pupil import Record, State, YearDone
from trajectsim.pupil.facts import fact_sheet

_KEY = tuple(each.name for each in fields(State) if each.name != "pupil")


@frozen(eq=False)
class Taken:
    """A move that can be taken in a case, and the node that it leads to; -1 is out of school."""

    move: Move
    node: int
    stays: bool


@frozen(eq=False)
class Case:
    """A node with what came of its year. ``after`` is the desk once the diplomas of the year are on record."""

    node: Node
    after: Desk
    earned: tuple[str, ...]
    _automaton: Automaton = field(repr=False)
    _taken: dict[str, Taken | None] = field(factory=dict[str, "Taken | None"], init=False, repr=False)

    @cached_property
    def mask(self) -> int:
        """The diplomas that are earned, as the fact ``diplomas`` has them."""
        return self._automaton.law.facts["diplomas"].mask(list(self.earned))

    @cached_property
    def wishes(self) -> tuple[str, ...]:
        """Moves in the order in which a pupil wants them, up to one that everybody can take."""
        found: list[str] = []
        for name, _reason in wishes(self.after):
            if name not in found:
                found.append(name)
            if name != MODELLED and name not in self.node.governed and self.take(name) is not None:
                break
        return tuple(found)

    def take(self, name: str) -> Taken | None:
        """A move, None where it is not open."""
        if name not in self._taken:
            option = self.after.move(name)
            taken = None
            if option is not None and option.open and isinstance(option.rule, Move):
                taken = self._leads(option.rule, option.to or OUT, enters=option.enters)
            self._taken[name] = taken
        return self._taken[name]

    def _leads(self, move: Move, to: Place, *, enters: bool) -> Taken:
        state, automaton = self.node.state, self._automaton
        record = automaton.digest(self.after.state.record)
        following = None if to == OUT else next_state(state, record, to, enters=enters)
        return Taken(move, automaton.node(self.node.desk.plan, following), to == state.place and not enters)


@define(eq=False)
class Node:
    """A state that pupils are in. ``tells`` are the facts that the model tells here; ``selects`` whom schools
    select."""

    number: int
    desk: Desk
    automaton: Automaton
    cases: dict[tuple[int, ...], Case] = field(factory=dict[tuple[int, ...], Case])

    @property
    def state(self) -> State:
        return self.desk.state

    @property
    def place(self) -> Place:
        return self.desk.state.place

    @cached_property
    def tells(self) -> tuple[str, ...]:
        return facts_to_tell(self.state, self.desk.sheet.assumed)

    @cached_property
    def selects(self) -> tuple[Select, ...]:
        return tuple(select for select in self.desk.plan.selects if select.here(self.place))

    @cached_property
    def governed(self) -> frozenset[str]:
        """The moves that not everybody is selected for."""
        return frozenset(select.move for select in self.selects)

    @cached_property
    def chances(self) -> tuple[tuple[str, float], ...]:
        """The practices that say yes with a chance, in the order of the plan."""
        practices = self.desk.plan.practices.items()
        return tuple((name, float(use.probability)) for name, use in practices if isinstance(use, Chance))

    @cached_property
    def measures(self) -> tuple[tuple[Measure, float], ...]:
        return measures_at_work(self.desk)

    @cached_property
    def offered(self) -> Mapping[str, int]:
        return self.desk.offered()

    @cached_property
    def entry(self) -> str:
        """The diploma that was earned last before this year, "none" if there is none."""
        held = self.state.record.diplomas
        return held[-1].diploma if held else "none"

    @cached_property
    def offers(self) -> tuple[tuple[str, int], ...]:
        """The facts that measures set, to compare nodes by."""
        return tuple(sorted(self.offered.items()))

    @cached_property
    def yields(self) -> tuple[tuple[str, int], ...]:
        """What a year here comes to beside learning, for each pupil."""
        return yields(self.desk)

    @cached_property
    def beyond(self) -> bool:
        """Whether a walk is broken off before this year."""
        return self.state.age >= OLDEST

    def case(self, told: tuple[int, ...]) -> Case:
        """What comes of a year: the facts that the model tells, then what schools that decide by chance say."""
        if told not in self.cases:
            names = self.tells
            facts = {name: value for name, value in zip(names, told, strict=False) if value >= 0}
            answers = {name: bool(yes) for (name, _p), yes in zip(self.chances, told[len(names) :], strict=True)}
            desk = evolve(self.desk.with_facts(facts), answers=answers)
            earned, _assumed = earned_in(desk, cum_laude=False)
            after = desk.with_record(record_after(desk, (), [each for each, _verdict in earned]))
            self.cases[told] = Case(self, after, tuple(each.diploma for each, _v in earned), self.automaton)
        return self.cases[told]


@define(eq=False)
class Automaton:
    """The nodes of the policies of a run, under one law."""

    law: Lawbook
    nodes: list[Node] = field(factory=list[Node])
    _numbers: dict[Any, int] = field(factory=dict[Any, int])
    _plans: list[Plan] = field(factory=list[Plan])  # kept, so that their ids stay theirs
    _variants: dict[Any, tuple[Plan, Plan]] = field(factory=dict[Any, tuple[Plan, Plan]])

    def start(self, plan: Plan, birth: date) -> int:
        """The node in which a child starts who is born on a day."""
        key = (id(plan), birth)
        if key not in self._numbers:
            own = of_pupil(plan, birth)
            self._plans.append(plan)
            self._numbers[key] = self.node(own, start_state(own, self.law))
        return self._numbers[key]

    def variant(self, plan: Plan, offers: tuple[tuple[str, bool], ...]) -> Plan:
        """The plan by what the schools of a pupil offer; one and the same for the same offers."""
        key = (id(plan), offers)
        if key not in self._variants:
            self._variants[key] = (plan, settled(plan, offers))
        return self._variants[key][1]

    def digest(self, record: Record) -> Record:
        """A record without what no fact asks for, so that pupils who share all else share a node.

        When a diploma was earned goes; of the years the last stays, and for each fact that looks at them the last and
        the highest that it sees.
        """
        kept = {len(record.years) - 1}
        for patterns in self._looked_at:
            seen = [n for n, done in enumerate(record.years) if any(matches(each, done.place.id) for each in patterns)]
            kept |= {seen[-1], max(seen, key=lambda n: self._height(record.years[n]))} if seen else set()
        years = tuple(
            evolve(done, year=SOME_YEAR) if self._is_looked_at(done) else NOTHING
            for n, done in enumerate(record.years)
            if n in kept
        )
        diplomas = tuple(evolve(earned, year=SOME_YEAR) for earned in record.diplomas)
        return evolve(record, diplomas=diplomas, years=years)

    @cached_property
    def _looked_at(self) -> tuple[tuple[str, ...], ...]:
        """The places that facts look back at, fact by fact."""
        return tuple(fact.at for fact in self.law.facts.values() if fact.at)

    def _height(self, done: YearDone) -> tuple[int, int]:
        return done.place.n - (done.result < ends(self.law.facts["year_result"])[1]), done.place.n

    def _is_looked_at(self, done: YearDone) -> bool:
        return any(matches(pattern, done.place.id) for patterns in self._looked_at for pattern in patterns)

    def node(self, plan: Plan, state: State | None) -> int:
        """The number of the node of a state, -1 for out of school."""
        if state is None:
            return -1
        key = (id(plan), *(_plain(getattr(state, name)) for name in _KEY))
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.nodes)
            sheet = fact_sheet(state, self.law, plan.clock, plan.given, plan.results)
            self.nodes.append(Node(number, Desk(state, plan, self.law, sheet), self))
        return number


SOME_YEAR = SchoolYear(1)
NOTHING = YearDone(SOME_YEAR, OUT, 0)
"""Stands for a year that no fact looks at."""


def _plain(value: Any) -> Any:
    return value.id if isinstance(value, Place) else value
