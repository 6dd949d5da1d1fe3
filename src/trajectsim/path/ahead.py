"""What a pupil may do next: every step with its verdict, and for a refused one when and under which measure it opens.

``ahead(step)`` is asked of a school year of a walk. A step opens *in another year* when the law of that year, all else
the same, would let this pupil take it; *under a measure* when that alone would. Both are found by judging, over the
years of the known law and the measures that a rule hangs on; nothing is read off the text of a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Act, Move
from trajectsim.law.tables import Span
from trajectsim.path.options import Desk, Option
from trajectsim.path.plan import PlannedAct, Switch
from trajectsim.path.walk import Step, Trajectory
from trajectsim.verdict import YES, Outcome

Arguments = tuple[tuple[str, str], ...]


@frozen
class Opening:
    """Where a refused step would be open: in which years of law, and with which measure, or none, turned on."""

    years: tuple[Span, ...]
    measure: Measure | None = None
    now: bool = False
    """Whether the law of this very year is among them."""


@frozen(eq=False)
class Ahead:
    """A step that lies ahead, and for a refused one what would open it; none where nothing known does."""

    option: Option
    taken: bool = False
    openings: tuple[Opening, ...] = ()

    @property
    def lawful(self) -> bool:
        """Whether the law lets her take it, by right or when the school agrees."""
        return self.option.verdict.truth == YES

    @property
    def kind(self) -> str:
        """``move`` or ``act``."""
        return "move" if isinstance(self.option.rule, Move) else "act"


@frozen(eq=False)
class Outlook:
    """All that lies ahead in a school year: the lawful moves and acts, those that cannot be told, the refused ones."""

    step: Step
    ahead: tuple[Ahead, ...]

    @property
    def lawful(self) -> tuple[Ahead, ...]:
        return tuple(each for each in self.ahead if each.lawful)

    @property
    def undecided(self) -> tuple[Ahead, ...]:
        return tuple(each for each in self.ahead if each.option.outcome is Outcome.UNDECIDED)

    @property
    def refused(self) -> tuple[Ahead, ...]:
        return tuple(each for each in self.ahead if each.option.outcome.refused)


def ahead(step: Step, law: Lawbook, *, opened: bool = True) -> Outlook:
    """What lies ahead in a school year of a walk, in the order of the tables: moves first, then acts. What would open
    the refused ones (``opened``) takes most of the time."""
    lenses = _Lenses(step, law)
    found: list[Ahead] = []
    for option in (*step.moves, *_acts(step, law)):
        refused = option.outcome.refused
        openings = tuple(_openings(option, lenses, law)) if refused and opened else ()
        found.append(Ahead(option, option is step.taken, openings))
    return Outlook(step, tuple(found))


def year_spoken_of(walk: Trajectory) -> SchoolYear:
    """The last year of the walk in which its plan chooses, acts or gives a result; the first year when none does."""
    plan = walk.plan
    spoken = [each.year for each in (*plan.choices, *plan.acts, *plan.results) if walk.at(each.year) is not None]
    return max(spoken, default=walk.steps[0].state.year)


def _acts(step: Step, law: Lawbook) -> Iterator[Option]:
    """The acts of the plan, and every act with each value that its arguments can have and that makes it lawful."""
    planned = {(option.rule.id, option.arguments) for option in step.acts if option.arguments}
    yield from (option for option in step.acts if option.arguments)
    for act in law.acts_in(step.state.place):
        tried = [step.before.act(act, PlannedAct(step.state.year, act.id, each)) for each in _arguments(act, law)]
        told = [option for option in tried if (act.id, option.arguments) not in planned]
        lawful = [option for option in told if option.verdict.truth == YES]
        yield from lawful or sorted(told, key=lambda option: len(option.verdict.unmet))[:1]


def _arguments(act: Act, law: Lawbook) -> list[Arguments]:
    """What a plan could say for the arguments of an act that rules read; words that none reads are left open."""
    choices: list[Arguments] = [()]
    for name, fact_id in act.arguments.items():
        fact = law.facts.get(fact_id)
        if fact is not None:
            choices = [(*some, (name, value.id)) for some in choices for value in fact.values]
    return choices


@frozen(eq=False)
class _Lenses:
    """The same pupil under the law of another year, or with a measure on that is off."""

    step: Step
    law: Lawbook
    _desks: dict[tuple[int, str, bool], Desk] = field(factory=dict[tuple[int, str, bool], Desk], init=False)

    def option(self, option: Option, year: int, measure: Measure | None) -> Option | None:
        """An option as it would be judged."""
        if isinstance(option.rule, Move):
            return self._desk(year, measure, after=True).move(option.rule.id)
        planned = PlannedAct(self.step.state.year, option.rule.id, option.arguments)
        act = self.law.acts[option.rule.id]
        return self._desk(year, measure, after=False).act(act, planned)

    def _desk(self, year: int, measure: Measure | None, *, after: bool) -> Desk:
        key = (year, measure.id if measure else "", after)
        if key not in self._desks:
            desk = self.step.after if after else self.step.before
            plan = evolve(desk.plan, clock=Clock(SchoolYear(year), desk.plan.clock.dates))
            if measure is not None:
                plan = evolve(plan, measures={**plan.measures, measure.id: Switch(True)})
            sheet = evolve(desk.sheet, values={**desk.sheet.values, **_dates(self.law, year)})
            self._desks[key] = Desk(desk.state, plan, self.law, sheet, answers=desk.answers)
        return self._desks[key]


def _dates(law: Lawbook, year: int) -> Mapping[str, int]:
    return {"law_year": law.law_year(year, Clock(SchoolYear(year)))[0]}


def _openings(option: Option, lenses: _Lenses, law: Lawbook) -> Iterator[Opening]:
    """The years that open it as things are, then those that only a measure adds."""
    here, last = law.known.first or 0, law.known.last or 0
    years = range(here, last + 1)
    now = _law_year(option, lenses.step, law)
    without: set[int] = set()
    for measure in (None, *_behind(option, law)):
        found = {year for year in years if _is_open(lenses.option(option, year, measure))} - without
        if measure is None:
            without = found
        if found:
            yield Opening(tuple(_open_ended(span, years) for span in spans(found)), measure, now in found)


def _law_year(option: Option, step: Step, law: Lawbook) -> int:
    """The year whose law answers a step as the plan has it."""
    return option.verdict.facts["law_intake" if option.rule.by == "intake" else "law_year"]


def _is_open(option: Option | None) -> bool:
    return option is not None and option.verdict.truth == YES


def _behind(option: Option, law: Lawbook) -> Iterator[Measure]:
    """The measures that can turn a rule in any year: those that set a fact which one of its ways asks, or lift it."""
    rules = (option.rule, *law.duties.values()) if isinstance(option.rule, Move) else (option.rule,)
    asked = {name for rule in rules for version in rule.version for way in version.ways for name in way.needs}
    lifting = law.lifters(option.rule.id)
    for measure in law.measures.values():
        if measure in lifting or asked & measure.sets.keys():
            yield measure


def _open_ended(span: Span, years: range) -> Span:
    """A span that reaches an end of what is known is open there, for beyond it the same answers."""
    return Span(
        None if span.first == years[0] else span.first,
        None if span.last == years[-1] else span.last,
    )


def spans(found: Iterable[int]) -> Iterator[Span]:
    """Years, as the spans that they make."""
    runs: list[list[int]] = []
    for year in sorted(found):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    yield from (Span(run[0], run[-1]) for run in runs)
