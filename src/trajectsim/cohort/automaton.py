"""The law as an automaton: what is open to a pupil hangs on a few facts, and pupils who share them share the verdict.

A *state* is all that the law and the school can know of a pupil at the start of a school year, but for who she is. A
*node* is a state with a policy, a *case* a node with what came of the year, an *outcome* a case with the move that ends
it. Nodes stand for all that are alike in what is asked there (``cohort.likeness``): each is judged once, when the first
pupil needs it, by the desk, the tables and the order of wishes of ``path``, and kept as a number (``cohort.grid``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from attrs import define, evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.cohort.yields import yields
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.moves import Move
from trajectsim.law.places import OUT, Place, matches
from trajectsim.learning.sitting import Above, Closed
from trajectsim.learning.worlds import Doing, Select
from trajectsim.path.learner import (
    acts_done,
    at_higher_level,
    closed_early,
    doing,
    ends,
    facts_to_tell,
    looked_back_on,
    measures_at_work,
    told_by_advice,
)
from trajectsim.path.options import Desk
from trajectsim.path.plan import Chance, Plan
from trajectsim.path.walk import MODELLED, next_state, record_after, wishes
from trajectsim.path.years import concluded, goes_on, standing
from trajectsim.pupil import Done, Earned, Record, State, YearDone
from trajectsim.pupil.facts import carried, fact_sheet


@frozen(eq=False)
class Taken:
    """A move that can be taken in a case, and where it leads; ``again``: whether the year is done again."""

    move: str
    to: Place
    enters: bool
    again: bool = False


@frozen(eq=False)
class Outcome:
    """What becomes of a school year: its result, the acts that happened and the diplomas that were earned, and the move
    that ends it; None where no lawful one was left."""

    result: int
    acts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    earned: tuple[str, ...]
    taken: Taken | None

    @property
    def key(self) -> Any:
        """What it is told apart by."""
        taken = self.taken
        move = () if taken is None else (taken.move, taken.to.id, taken.enters)
        return self.result, self.acts, self.earned, move

    @property
    def stays(self) -> bool:
        """Whether the year is done again."""
        return self.taken is not None and self.taken.again

    def follows(self, state: State, law: Lawbook, clock: Clock) -> State | None:
        """The state after; None is out of school."""
        if self.taken is None or self.taken.to == OUT:
            return None
        to, done = self.taken.to, (Done(act, said, state.year, state.place) for act, said in self.acts)
        earned = (Earned(diploma, SOME_YEAR) for diploma in self.earned)
        record = record_after(state, self.result, done, earned)
        record = digest(standing(record, state, to, law, clock), law)
        return next_state(state, record, to, enters=self.taken.enters)


@frozen(eq=False)
class Case:
    """A node with what came of its year. ``after`` is the desk once the diplomas of the year are on record."""

    node: Node
    after: Desk
    acts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    earned: tuple[str, ...]
    law: Lawbook = field(repr=False)
    _taken: dict[str, Taken | None] = field(factory=dict[str, "Taken | None"], init=False, repr=False)

    @property
    def mask(self) -> int:
        """The diplomas that are earned, as the fact ``diplomas`` has them."""
        return self.law.facts["diplomas"].mask(list(self.earned))

    @property
    def goes_on(self) -> bool:
        """Whether the exam of the year has its result in the next."""
        return goes_on(self.after)

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
            option, taken = self.after.move(name), None
            if option is not None and option.open and isinstance(option.rule, Move):
                again = option.rule.repeats and option.to == self.node.place and not option.enters
                taken = Taken(name, option.to or OUT, option.enters, again)
            self._taken[name] = taken
        return self._taken[name]

    def outcome(self, wanted: str, selected: Mapping[str, bool]) -> Outcome:
        """With the first move that a pupil wants, is selected for, and that is open. ``wanted``: what the model
        says."""
        result = self.after.sheet.values["year_result"]
        for wish in self.wishes:
            name = wanted if wish == MODELLED else wish
            taken = self.take(name) if name and selected.get(name, True) else None
            if taken is not None:
                return Outcome(result, self.acts, self.earned, taken)
        return Outcome(result, self.acts, self.earned, None)


@define(eq=False)
class Node:
    """A state under a policy. ``tells`` are the facts that the model tells here; ``selects`` whom schools select for a
    move, ``doings`` for an act; ``before``: the acts that were done before."""

    desk: Desk
    law: Lawbook = field(repr=False)

    @classmethod
    def of(cls, plan: Plan, state: State, law: Lawbook) -> Node:
        """The node of a state."""
        return cls(Desk(state, plan, law, fact_sheet(state, law, plan.clock, plan.given, plan.results)), law)

    @property
    def state(self) -> State:
        return self.desk.state

    @property
    def place(self) -> Place:
        return self.desk.state.place

    @property
    def before(self) -> tuple[str, ...]:
        return acts_done(self.state)

    @property
    def closed(self) -> Closed:
        """The subjects that were closed before the exam of this year."""
        return closed_early(self.state, self.law)

    @property
    def above(self) -> Above:
        """The subjects of it that are at a higher level."""
        return at_higher_level(self.state, self.law)

    @cached_property
    def tells(self) -> tuple[str, ...]:
        return facts_to_tell(self.state, self.desk.sheet.assumed)

    @cached_property
    def selects(self) -> tuple[Select, ...]:
        return tuple(select for select in self.desk.plan.selects if select.here(self.place))

    @cached_property
    def doings(self) -> tuple[Doing, ...]:
        return tuple(each for each in self.desk.plan.doings if each.whom.here(self.place))

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

    def case(self, advice: int, result: int, answers: tuple[bool, ...], done: tuple[bool, ...]) -> Case:
        """What comes of a year. ``advice``: the code of the fact, -1 where it is not told; ``result``: of the year or
        the exam, 0 where it is not told, 1 insufficient or failed, 2 sufficient or passed; ``answers``: what schools
        that decide by chance say, ``done``: for which acts she is chosen, both in the order of the plan."""
        facts: dict[str, int] = {}
        for name in self.tells:
            if name == "advice" and advice >= 0:
                facts |= told_by_advice(advice, self.law, self.desk.sheet.assumed)
            elif name != "advice" and result:
                facts[name] = ends(self.law.facts[name])[result - 1]
        said = dict(zip((name for name, _chance in chances(self.desk.plan)), answers, strict=True))
        desk = self.desk.with_facts(facts).answered(said)
        over = concluded(doing(desk, (each for each, yes in zip(self.doings, done, strict=True) if yes)))
        acts = ((each.act, each.arguments) for each in over.done)
        earned = (each.diploma for each, _v in over.earned)
        return Case(self, over.after, tuple(acts), tuple(earned), self.law)


@define(eq=False)
class Automaton:
    """The states that pupils are in under one law, each numbered once, from 1; 0 is out of school."""

    law: Lawbook
    states: list[State] = field(factory=list[State])
    _numbers: dict[Any, int] = field(factory=dict[Any, int])

    def number(self, base: int, clock: Clock, state: State | None) -> int:
        """The number of a state, 0 for out of school. ``base``: what a plan says that is of no policy, as a number."""
        if state is None:
            return 0
        record, held = state.record, [earned.diploma for earned in state.record.diplomas]
        schooling = min(record.po_years or 0, self.law.tracks["po"].years)  # longer counts no less
        key = (
            base,
            state.pupil.born,
            state.year.start,
            state.place.id,
            state.intake.start,
            state.years_in_place,
            frozenset(held),
            *held[-1:],
            tuple((done.act, done.arguments, done.place.id, done.stands) for done in record.acts),
            schooling,
            carried(state, self.law, clock),
        )
        if key not in self._numbers:
            self.states.append(state)
            self._numbers[key] = len(self.states)
        return self._numbers[key]

    def state(self, number: int) -> State:
        """A state by its number."""
        return self.states[number - 1]


def chances(plan: Plan) -> tuple[tuple[str, float], ...]:
    """The practices that say yes with a chance, in the order of the plan."""
    uses = plan.practices.items()
    return tuple((name, float(use.probability)) for name, use in uses if isinstance(use, Chance))


def digest(record: Record, law: Lawbook) -> Record:
    """A record without what no fact asks for, so that pupils who share all else share a state.

    When a diploma was earned and an act was done goes; of the years the last stays, and for each fact that looks at
    them the last and the highest that it sees.
    """
    looked_at: tuple[tuple[str, ...], ...] = law.kept(
        "looked at", lambda: tuple(fact.at for fact in law.facts.values() if fact.at)
    )
    back = looked_back_on(law)
    acts = {
        (done.act, done.arguments if done.act in back else ()): evolve(done, year=SOME_YEAR)
        if done.act in back
        else Done(done.act, (), SOME_YEAR, OUT)
        for done in record.acts
    }
    diplomas = tuple(evolve(earned, year=SOME_YEAR) for earned in record.diplomas)
    years = _years(record.years, looked_at, ends(law.facts["year_result"])[1])
    return evolve(record, diplomas=diplomas, years=years, acts=tuple(acts[act] for act in sorted(acts)))


def _years(years: tuple[YearDone, ...], looked_at: Iterable[tuple[str, ...]], enough: int) -> tuple[YearDone, ...]:
    kept, everywhere = {len(years) - 1}, set[int]()
    for patterns in looked_at:
        seen = [n for n, done in enumerate(years) if any(matches(each, done.place.id) for each in patterns)]
        everywhere.update(seen)
        height = {n: (years[n].place.n - (years[n].result < enough), n) for n in seen}
        kept |= {seen[-1], max(seen, key=height.__getitem__)} if seen else set()
    return tuple(
        YearDone(SOME_YEAR, done.place, done.result) if n in everywhere else NOTHING
        for n, done in enumerate(years)
        if n in kept
    )


SOME_YEAR = SchoolYear(1)
NOTHING = YearDone(SOME_YEAR, OUT, 0)
"""Stands for a year that no fact looks at."""
