"""Everything the path screen shows, computed from a plan, the law, a school year and a cursor. No Textual here.

``replay(plan, law)`` -> Played          both walks and the map: the slow part, off the event loop
``replay_text(document, law)``           the same, from the text of a scenario
``show(played, law, year, cursor)``      -> PathView, what the screen prints
``path_view(plan, law, year, cursor)``   the two together
``flip(document, played, year, measure)``  the document with a measure turned on or off
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from attrs import evolve, frozen

from trajectsim.calendar import SchoolYear, age_on_1_october
from trajectsim.errors import Key, Problem, Problems
from trajectsim.law.lawbook import Clock, Lawbook, measure_span
from trajectsim.law.measures import Measure
from trajectsim.law.tables import Span
from trajectsim.path.options import MeasureState, law_says
from trajectsim.path.plan import Plan, Switch
from trajectsim.path.walk import Trajectory, play
from trajectsim.reading import parse, quoted, value_at
from trajectsim.report.evidence import evidence_lines
from trajectsim.report.linemap import LineMap, line_map
from trajectsim.scenario.edit import drop, put
from trajectsim.scenario.judge import misplaced
from trajectsim.scenario.plans import law_of, plan_of
from trajectsim.scenario.read import Source, read_all_from, read_from
from trajectsim.tui.document import Document
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


@frozen(eq=False)
class Played:
    """A plan that was played, with and without its measures, and drawn; ``law`` is the one it was played under,
    reforms and all, ``source`` the scenario that it came from, if it came from one; ``astray`` is what that says of
    years in which the walk has no pupil in school: ``run`` refuses it, the screens go on."""

    plan: Plan
    walk: Trajectory
    without: Trajectory
    map: LineMap
    law: Lawbook
    source: Source | None = None
    astray: tuple[Problem, ...] = ()


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


def replay(plan: Plan, law: Lawbook, before: Played | None = None) -> Played:
    """Play a plan, and the same pupil without measures, and draw the map. What was played ``before`` spares the
    second walk where no more than switches were turned since."""
    walk, bare = play(plan, law), plan.without(law.measures)
    same = before is not None and before.law is law and _alike(before.without.plan, bare)
    without = before.without if before is not None and same else play(bare, law)
    return Played(plan, walk, without, line_map(walk, without, law), law)


def _alike(plan: Plan, other: Plan) -> bool:
    """Whether two plans are the same; the models that come with plans are the same where both have one."""
    return (plan.learning is None) == (other.learning is None) and evolve(plan, learning=other.learning) == other


def replay_text(document: Document, law: Lawbook, before: Played | None = None) -> Played:
    """Read the scenario of a document and play it, under ``law`` with its reforms. Raises Problems, located."""
    source = read_variant(document.text, document)
    try:
        kept = before if before is not None and before.source is not None else None
        if kept and kept.source and kept.source.variant.document.get("reform") == source.variant.document.get("reform"):
            under = kept.law
        else:
            under = law_of(source.scenario, law)
        played = replay(plan_of(source.scenario), under, before)
    except Problems as found:
        raise Problems(source.variant.located(found.problems)) from None
    astray = source.variant.located(misplaced(source.scenario, played.walk, under))
    return evolve(played, source=source, astray=tuple(astray))


def read_variant(text: str, document: Document) -> Source:
    """The scenario of a text that a document shows. Raises Problems."""
    sources = read_all_from(text, document.file)
    if not sources:
        return read_from(text, document.file)  # which says why
    return next((source for source in sources if source.variant.name == document.variant), sources[0])


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


def flip(document: Document, played: Played, year: SchoolYear, measure: Measure) -> Document:
    """Turn a measure off if it is on in a school year, else on; back as it came means with its dates as well. Raises
    Problems where the scenario says it in a way that a switch cannot change."""
    counted = _counted_in(measure, played.walk, year)
    # The text may be newer than what was played: who is quick flips twice before the first is shown.
    source, base = read_variant(document.text, document), read_variant(document.base, document)
    on = not plan_of(source.scenario).is_on(measure, counted.start)
    at = _written_at(source, measure.id)
    if plan_of(base.scenario).is_on(measure, counted.start) != on:
        text = put(document.text, at, on)
    elif (came := value_at(parse(document.base, document.file), at)) is None:
        text = drop(document.text, at)
    else:
        text = put(document.text, at, came)
    if _said(text) == _said(document.base):
        text = document.base
    said = _("{measure} on") if on else _("{measure} off")
    return document.changed(text, said.format(measure=measure.label), switched=True)


def _said(text: str) -> dict[str, Any]:
    """What a text says, without a section for measures that is empty."""
    return {key: value for key, value in parse(text, "").items() if key != "measures" or value}


def _written_at(source: Source, name: str) -> tuple[Key, ...]:
    """Where a scenario says what a measure is, or would say it."""
    at = ("measures", name)
    if value_at(source.variant.document, at) is None:
        return at
    file, place = source.variant.origin(at)
    if place[:1] == ("matrix",):
        message = _("the matrix of the scenario says how {measure} is").format(measure=quoted(name))
        raise Problems([Problem("S004", message, file, hint=_("change it in the text of the scenario"))])
    return place if file == source.file else at


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
    # What it hangs on and how sure its effect is come first: that is in sight wherever there is room for little.
    about = [("·", kind_text(measure)), ("§", article)]
    about += [("~", text) for text in evidence_lines(measure)]
    about += [("·", dates), ("·", announced), ("·", takes)]
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
