"""Everything the path screen shows, computed from a plan, the law, a school year and a cursor. No Textual here.

``replay(plan, law)`` -> Played          both walks and the map: the slow part, off the event loop
``show(played, law, year, cursor)``      -> PathView, what the screen prints
``path_view(plan, law, year, cursor)``   the two together
``Session``                              a plan whose measures are flipped, with undo and redo
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear, age_on_1_october
from trajectsim.law.lawbook import Clock, Lawbook, measure_span
from trajectsim.law.measures import Measure
from trajectsim.law.tables import Span
from trajectsim.path.options import MeasureState, law_says
from trajectsim.path.plan import Plan, Switch
from trajectsim.path.walk import Trajectory, play
from trajectsim.report.evidence import evidence_lines
from trajectsim.report.linemap import LineMap, line_map
from trajectsim.tui.yearview import Line, use_of, year_lines
from trajectsim.words import N_, _


@frozen
class MeasureRow:
    """A measure as a switch in a school year. ``refused``: the plan asks for it here and the law does not know it;
    ``use`` is one of yearview.USES or nothing; ``period`` is when the plan has it on, if not always."""

    id: str
    label: str
    sector: str
    on: bool
    lawful: bool
    use: str
    refused: bool
    reason: str
    article: str
    period: str
    about: tuple[tuple[str, str], ...]

    @property
    def at_work(self) -> bool:
        """Whether the year would be another without it."""
        return self.use in ("used", "work")

    @property
    def box(self) -> str:
        """On, off, on but not in the law of the year, off and not in it: told apart without colour."""
        if self.lawful:
            return "[x]" if self.on else "[ ]"
        return "[!]" if self.on else "[-]"

    @property
    def role(self) -> str:
        """How it is painted: work, on, off, refused or greyed."""
        if self.lawful:
            return "work" if self.at_work else "on" if self.on else "off"
        return "refused" if self.refused else "greyed"

    @property
    def state(self) -> str:
        """In words what it does in this year."""
        if not self.lawful:
            said = _("on, without effect") if self.on else _("off")
            return f"{said} · {self.reason}"
        if not self.on:
            return _("off")
        return _(_STATES[self.use])


_STATES = {
    "used": N_("on, and used in this year"),
    "offered": N_("on, and offered in this year"),
    "work": N_("on, and at work in this year"),
    "": N_("on, but nothing in this year hangs on it"),
}


@frozen
class Sector:
    """The measures of a sector."""

    id: str
    label: str
    rows: tuple[MeasureRow, ...]


@frozen
class Played:
    """A plan that was played, with and without its flexibilities, and drawn."""

    plan: Plan
    walk: Trajectory
    without: Trajectory
    map: LineMap


@frozen
class PathView:
    """What the path screen prints for a school year; ``cursor`` is the index of the highlighted measure."""

    map: LineMap
    year: SchoolYear
    heading: str
    sectors: tuple[Sector, ...]
    cursor: int
    lines: tuple[Line, ...]

    @property
    def rows(self) -> tuple[MeasureRow, ...]:
        """The measures in the order of the screen."""
        return tuple(row for sector in self.sectors for row in sector.rows)

    @property
    def row(self) -> MeasureRow:
        """The highlighted measure."""
        return self.rows[self.cursor]

    @property
    def status(self) -> str:
        """Which measure the space bar flips, and what it does now."""
        return f"{self.row.box} {self.row.label}: {self.row.state}"

    def with_cursor(self, cursor: int) -> PathView:
        """The same year with another measure highlighted: the first or the last beyond the ends."""
        return evolve(self, cursor=min(max(cursor, 0), len(self.rows) - 1))

    def index_of(self, measure_id: str) -> int:
        """Where a measure stands on the screen."""
        return next(n for n, row in enumerate(self.rows) if row.id == measure_id)


def replay(plan: Plan, law: Lawbook) -> Played:
    """Play a plan, and the same pupil without flexibilities, and draw the map."""
    walk, without = play(plan, law), play(plan.without(law.measures), law)
    return Played(plan, walk, without, line_map(walk, without, law))


def show(played: Played, law: Lawbook, year: SchoolYear, cursor: int = 0) -> PathView:
    """The screen for a school year; a year that is not on the map becomes the nearest one that is."""
    year = min(max(year, played.map.years[0]), played.map.years[-1])
    sectors = tuple(_sectors(played, law, year))
    lines = year_lines(played.walk, played.without, law, year)
    drawn = played.map.with_cursor(year)
    return PathView(drawn, year, _heading(played, year), sectors, 0, lines).with_cursor(cursor)


def path_view(plan: Plan, law: Lawbook, year: SchoolYear | None = None, cursor: int = 0) -> PathView:
    """The screen for a plan in a school year; without one, in the first year of the walk."""
    return show(replay(plan, law), law, year or plan.start.year, cursor)


@frozen
class Session:
    """A plan in the hands of somebody who flips switches. ``original`` is the plan as it came."""

    plan: Plan
    original: Plan
    past: tuple[Plan, ...] = field(default=())
    future: tuple[Plan, ...] = field(default=())

    @classmethod
    def of(cls, plan: Plan) -> Session:
        return cls(plan, plan)

    def flip(self, measure: Measure, played: Played, law: Lawbook, year: SchoolYear) -> Session:
        """Turn a measure off if it is on in a school year, else on; back as it came means with its dates as well."""
        counted = _counted_in(measure, played.walk, year)
        plan = self.plan.flipped(measure, counted.start)
        if plan.is_on(measure, counted.start) == self.original.is_on(measure, counted.start):
            came = self.original.measures.get(measure.id)
            rest = {name: switch for name, switch in plan.measures.items() if name != measure.id}
            plan = evolve(plan, measures=rest if came is None else {**rest, measure.id: came})
        return Session(plan, self.original, (*self.past, self.plan), ())

    def undo(self) -> Session:
        """Take back the last flip; the same session when there is none."""
        if not self.past:
            return self
        return Session(self.past[-1], self.original, self.past[:-1], (self.plan, *self.future))

    def redo(self) -> Session:
        """Flip again what was taken back."""
        if not self.future:
            return self
        return Session(self.future[0], self.original, (*self.past, self.plan), self.future[1:])


def _heading(played: Played, year: SchoolYear) -> str:
    step = played.walk.at(year)
    place = str(step.state.place) if step else _("out of school")
    age = age_on_1_october(played.plan.pupil.born, year)
    return _("{year} · {place} · {age} years old").format(year=year, place=place, age=age)


_SECTORS = {
    "po": N_("Primary education (po)"),
    "vo": N_("Secondary education (vo)"),
    "mbo": N_("Vocational education (mbo)"),
    "ho": N_("Higher education (ho)"),
}
_KINDS = {
    "right": N_("a right: on, unless the plan turns it off"),
    "permission": N_("a permission: the school may offer it"),
    "practice": N_("a practice of schools"),
    "funding": N_("a way of funding"),
}


def kind_text(measure: Measure) -> str:
    """What a measure is: a right, a permission ..."""
    return _(_KINDS[measure.kind])


def _sectors(played: Played, law: Lawbook, year: SchoolYear) -> Iterator[Sector]:
    """The measures that a pupil can feel by a rule, and those that the plan names: the others are read, not flipped."""
    known = [value.id for value in law.facts["sector"].values]
    shown = [m for m in law.measures.values() if m.acts_on == "pupil" or m.id in played.plan.measures]
    for sector in sorted({measure.sector for measure in shown}, key=known.index):
        measures = [measure for measure in shown if measure.sector == sector]
        rows = tuple(_row(_state(measure, played, law, year), played, year) for measure in measures)
        yield Sector(sector, _(_SECTORS[sector]), rows)


def _row(state: MeasureState, played: Played, year: SchoolYear) -> MeasureRow:
    measure, plan = state.measure, played.plan
    dates = _dates(measure, plan.clock)
    switch = plan.measures.get(measure.id)
    if measure.takes == "choice":
        takes = _("it opens a step: does nothing until the plan chooses that step")
    else:
        takes = _("it happens to the pupil by itself while it is on")
    announced = _("announced for {year}").format(year=measure.announced) if measure.announced else ""
    article = state.verdict.cite.noted
    about = [("·", kind_text(measure)), ("·", takes), ("·", announced), ("·", dates), ("§", article)]
    about += [("~", text) for text in evidence_lines(measure)]
    return MeasureRow(
        id=measure.id,
        label=str(measure.label),
        sector=measure.sector,
        # A right that nobody asked for is not "on" in a year that does not know it.
        on=state.on and (state.lawful or measure.id in plan.measures),
        lawful=state.lawful,
        use=use_of(state, step) if (step := played.walk.at(year)) else "",
        refused=any(r.kind == "measure" and r.id == measure.id and r.year == year for r in played.walk.refusals),
        reason="" if state.lawful else dates,
        article=article,
        period=_period(switch) if switch else "",
        about=tuple((sign, text) for sign, text in about if text),
    )


def _state(measure: Measure, played: Played, law: Lawbook, year: SchoolYear) -> MeasureState:
    """A measure in a school year, out of school too, where it stands as it would for who enters a track next."""
    step = played.walk.at(year)
    if step is not None:
        return next(state for state in step.measures if state.measure.id == measure.id)
    counted = _counted_in(measure, played.walk, year)
    ask = partial(law_says, measure, year, counted, played.plan.clock, law)
    return MeasureState(measure, played.plan.is_on(measure, counted.start), False, ask)


def _counted_in(measure: Measure, walk: Trajectory, year: SchoolYear) -> SchoolYear:
    """The school year that the switch of a measure is read in: for some, that in which the pupil enters the track."""
    if measure.by == "year":
        return year
    step = walk.at(year)
    here = step is not None and any(state.here and state.measure.id == measure.id for state in step.measures)
    return step.state.intake if step is not None and here else year + 1


def _dates(measure: Measure, clock: Clock) -> str:
    """Since when and until when the law knows a measure, by the calendar in use."""
    span = measure_span(measure, clock)
    entering = measure.by == "intake"
    if span == Span():
        return _("in every year that is known")
    if span.last is None:
        text = _("for who enters from {first}") if entering else _("in law from {first}")
    elif span.first is None:
        text = _("for who enters until {last}") if entering else _("in law until {last}")
    else:
        text = _("for who enters from {first} to {last}") if entering else _("in law from {first} to {last}")
    ends = {"first": span.first, "last": span.last}
    return text.format(**{name: SchoolYear(year) for name, year in ends.items() if year is not None})


def _period(switch: Switch) -> str:
    """When a plan has a measure on, where that is not in every year."""
    if not switch.on or (switch.first is None and switch.last is None):
        return ""
    if switch.last is None:
        return _("from {first}").format(first=switch.first)
    if switch.first is None:
        return _("until {last}").format(last=switch.last)
    return _("from {first} to {last}").format(first=switch.first, last=switch.last)
