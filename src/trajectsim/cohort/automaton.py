"""The law as an automaton: what is open to a pupil hangs on a few facts, and pupils who share them share the verdict.

A *node* is all that the law and the school can know of a pupil at the start of a school year: the state of a walk, but
for who she is. A *case* is a node with what came of the year, a *step* a case with what she wants. Each is made when
the first pupil needs it, by the desk, the tables and the order of wishes of ``path``, and kept as a number in tables
(``cohort.grid``): a cohort asks the law once for each, however large.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from attrs import define, evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.cohort.design import of_pupil
from trajectsim.cohort.yields import yields
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.moves import Move
from trajectsim.law.places import OUT, Place, matches
from trajectsim.learning.worlds import Select
from trajectsim.path.learner import ends, facts_to_tell, measures_at_work, settled, told_by_advice
from trajectsim.path.options import Desk
from trajectsim.path.plan import Chance, Plan
from trajectsim.path.walk import MODELLED, next_state, start_state, wishes
from trajectsim.path.years import concluded
from trajectsim.pupil import Done, Record, State, YearDone
from trajectsim.pupil.facts import carried, fact_sheet


@frozen(eq=False)
class Taken:
    """A move that can be taken in a case, and the state that it leads to; None is out of school."""

    move: Move
    state: State | None
    stays: bool


@frozen(eq=False)
class Case:
    """A node with what came of its year. ``after`` is the desk once the diplomas of the year are on record."""

    node: Node
    after: Desk
    earned: tuple[str, ...]
    _law: Lawbook = field(repr=False)
    _taken: dict[str, Taken | None] = field(factory=dict[str, "Taken | None"], init=False, repr=False)

    @property
    def mask(self) -> int:
        """The diplomas that are earned, as the fact ``diplomas`` has them."""
        return self._law.facts["diplomas"].mask(list(self.earned))

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

    def first_open(self, wanted: str, selected: Mapping[str, bool]) -> Taken | None:
        """The first move that a pupil wants, is selected for, and that is open. ``wanted``: what the model says."""
        for wish in self.wishes:
            name = wanted if wish == MODELLED else wish
            taken = self.take(name) if name and selected.get(name, True) else None
            if taken is not None:
                return taken
        return None

    def _leads(self, move: Move, to: Place, *, enters: bool) -> Taken:
        state = self.node.state
        record = digest(self.after.state.record, self._law)
        following = None if to == OUT else next_state(state, record, to, enters=enters)
        return Taken(move, following, to == state.place and not enters)


@define(eq=False)
class Node:
    """A state that pupils are in. ``tells`` are the facts that the model tells here; ``selects`` whom schools
    select."""

    desk: Desk
    law: Lawbook = field(repr=False)

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
    def measures(self) -> tuple[tuple[tuple[str, ...], float], ...]:
        return measures_at_work(self.desk)

    @cached_property
    def yields(self) -> tuple[tuple[str, int], ...]:
        """What a year here comes to beside learning, for each pupil."""
        return yields(self.desk)

    @property
    def entry(self) -> str:
        """The diploma that was earned last before this year, "none" if there is none."""
        held = self.state.record.diplomas
        return held[-1].diploma if held else "none"

    def case(self, advice: int, result: int, answers: tuple[bool, ...]) -> Case:
        """What comes of a year. ``advice``: the code of the fact, -1 where it is not told; ``result``: of the year or
        the exam, 0 where it is not told, 1 insufficient or failed, 2 sufficient or passed; ``answers``: what schools
        that decide by chance say, in the order of the plan."""
        facts: dict[str, int] = {}
        for name in self.tells:
            if name == "advice" and advice >= 0:
                facts |= told_by_advice(advice, self.law, self.desk.sheet.assumed)
            elif name != "advice" and result:
                facts[name] = ends(self.law.facts[name])[result - 1]
        said = dict(zip((name for name, _chance in chances(self.desk.plan)), answers, strict=True))
        over = concluded(evolve(self.desk.with_facts(facts), answers=said))
        return Case(self, over.after, tuple(each.diploma for each, _v in over.earned), self.law)


@define(eq=False)
class Automaton:
    """The states that pupils are in under one law, each numbered once, from 1; 0 is out of school."""

    law: Lawbook
    states: list[tuple[Plan, State]] = field(factory=list[tuple[Plan, State]])
    _numbers: dict[Any, int] = field(factory=dict[Any, int])
    _plans: list[Plan] = field(factory=list[Plan])  # kept, so that their ids stay theirs
    _variants: dict[Any, tuple[Plan, Plan]] = field(factory=dict[Any, tuple[Plan, Plan]])

    def start(self, plan: Plan, birth: date) -> int:
        """The number of the state in which a child starts who is born on a day."""
        key = (id(plan), birth)
        if key not in self._numbers:
            own = of_pupil(plan, birth)
            self._plans += [plan, own]
            self._numbers[key] = self.number(own, start_state(own, self.law))
        return self._numbers[key]

    def variant(self, plan: Plan, offers: tuple[tuple[str, bool], ...]) -> Plan:
        """The plan by what the schools of a pupil offer; one and the same for the same offers."""
        key = (id(plan), offers)
        if key not in self._variants:
            self._variants[key] = (plan, settled(plan, offers))
        return self._variants[key][1]

    def number(self, plan: Plan, state: State | None) -> int:
        """The number of a state under the plan of a pupil, 0 for out of school."""
        if state is None:
            return 0
        record, held = state.record, tuple(earned.diploma for earned in state.record.diplomas)
        schooling = min(record.po_years or 0, self.law.tracks["po"].years)  # longer counts no less
        key = (
            id(plan),
            state.year.start,
            state.place.id,
            state.intake.start,
            state.years_in_place,
            frozenset(held),
            held[-1:],
            tuple(done.act for done in record.acts),
            schooling,
            carried(state, self.law, plan.clock),
        )
        if key not in self._numbers:
            self.states.append((plan, state))
            self._numbers[key] = len(self.states)
        return self._numbers[key]

    def node(self, number: int) -> Node:
        """The node of a state by its number."""
        plan, state = self.states[number - 1]
        sheet = fact_sheet(state, self.law, plan.clock, plan.given, plan.results)
        return Node(Desk(state, plan, self.law, sheet), self.law)


def chances(plan: Plan) -> tuple[tuple[str, float], ...]:
    """The practices that say yes with a chance, in the order of the plan."""
    uses = plan.practices.items()
    return tuple((name, float(use.probability)) for name, use in uses if isinstance(use, Chance))


def digest(record: Record, law: Lawbook) -> Record:
    """A record without what no fact asks for, so that pupils who share all else share a node.

    When a diploma was earned and an act was done goes; of the years the last stays, and for each fact that looks at
    them the last and the highest that it sees.
    """
    kept = {len(record.years) - 1}
    looked_at = law.kept("looked at", lambda: tuple(fact.at for fact in law.facts.values() if fact.at))
    enough = ends(law.facts["year_result"])[1]
    for patterns in looked_at:
        seen = [n for n, done in enumerate(record.years) if any(matches(each, done.place.id) for each in patterns)]
        height = {n: (record.years[n].place.n - (record.years[n].result < enough), n) for n in seen}
        kept |= {seen[-1], max(seen, key=height.__getitem__)} if seen else set()
    everywhere = [pattern for patterns in looked_at for pattern in patterns]
    years = tuple(
        evolve(done, year=SOME_YEAR) if any(matches(each, done.place.id) for each in everywhere) else NOTHING
        for n, done in enumerate(record.years)
        if n in kept
    )
    acts = {done.act: Done(done.act, (), SOME_YEAR, OUT) for done in record.acts}
    diplomas = tuple(evolve(earned, year=SOME_YEAR) for earned in record.diplomas)
    return evolve(record, diplomas=diplomas, years=years, acts=tuple(acts[act] for act in sorted(acts)))


SOME_YEAR = SchoolYear(1)
NOTHING = YearDone(SOME_YEAR, OUT, 0)
"""Stands for a year that no fact looks at."""
