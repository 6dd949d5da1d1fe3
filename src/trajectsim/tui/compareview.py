"""Everything the compare screen shows: two to four walks under each other on one axis of years, where they differ from
the first, and what that adds up to. No Textual here.

``Side``             a walk with a name
``compare(sides)``   -> CompareView, what the screen prints
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from trajectsim.calendar import SchoolYear, age_on_1_october
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.money import received
from trajectsim.path.walk import Trajectory, gained
from trajectsim.report.linemap import Canvas, LineMap, Row, Segment, lanes_of
from trajectsim.scenario.compare import Difference, compared
from trajectsim.tui.yearview import Line
from trajectsim.words import N_, _, euros, mean_text, ngettext

if TYPE_CHECKING:
    from trajectsim.exam.verdicts import SheetVerdict

LETTERS = "ABCD"
"""The walks by name: at most so many are compared."""


@frozen(eq=False)
class Side:
    """A walk that is compared, under its law. ``text`` is the scenario that it comes from, "" where it comes from none
    of its own."""

    name: str
    walk: Trajectory
    law: Lawbook = field(repr=False)
    text: str = field(default="", repr=False)


@frozen
class Figure:
    """What there is to say of each walk in one respect; ``differs``: which are otherwise than the first."""

    label: str
    cells: tuple[str, ...]
    differs: tuple[bool, ...]


@frozen(eq=False)
class CompareView:
    """What the compare screen prints. ``chosen`` is the walk that is held against the first, ``lines`` where the two
    part, year by year."""

    map: LineMap
    year: SchoolYear
    heads: tuple[str, ...]
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    chosen: int
    title: str
    status: str


def compare(sides: Sequence[Side], chosen: int = 1, year: SchoolYear | None = None) -> CompareView:
    """The screen for at least one walk; ``chosen`` is the one that is held against the first, ``year`` the year that is
    looked at."""
    chosen = min(max(chosen, 1), len(sides) - 1) if len(sides) > 1 else 0
    differences = [compared("", "", sides[0].walk, side.walk).differences if n else () for n, side in enumerate(sides)]
    drawn = _map(sides, differences)
    seen = min(max(year or drawn.years[0], drawn.years[0]), drawn.years[-1])
    lines = tuple(_lines(sides, chosen, differences[chosen])) if chosen else (Line("one", _alone(), "head"),)
    return CompareView(
        map=drawn.with_cursor(seen),
        year=seen,
        heads=tuple(f"{LETTERS[n]} {side.name}" for n, side in enumerate(sides)),
        figures=tuple(_figures(sides)),
        lines=lines,
        chosen=chosen,
        title=_("Where {other} parts from {first}").format(other=LETTERS[chosen], first=LETTERS[0]) if chosen else "",
        status=_status(sides, chosen, differences[chosen]),
    )


def _alone() -> str:
    return _("There is one path; a adds another: without measures, with one more, a branch, a file.")


# --- the map ------------------------------------------------------------------------------------------------


def _map(sides: Sequence[Side], differences: Sequence[tuple[Difference, ...]]) -> LineMap:
    """The walks under each other, each with its name above it and, beneath it, the years in which it differs."""
    first = min(side.walk.steps[0].state.year for side in sides)
    last = max(side.walk.steps[-1].state.year for side in sides)
    years = tuple(first + n for n in range(last - first + 1))
    lanes = {lane for side in sides for lane in lanes_of(side.walk)}
    labels = (*lanes, _("age"), _("year"), _("differs"))
    canvas = Canvas.of(years, labels)
    births = {side.walk.plan.pupil.born for side in sides}
    rows = [canvas.axis("years", _("year"), (f"{year.start % 100:02}" for year in years))]
    if len(births) == 1:
        rows.append(_ages(canvas, sides[0]))
    for n, side in enumerate(sides):
        title = f" {LETTERS[n]} {side.name}"
        rows.append(Row("title", str(n), (Segment(title.ljust(canvas.width), "head"),)))
        if len(births) > 1:
            rows.append(_ages(canvas, side))
        rows.extend(canvas.lane(lane, side.walk, solid=True) for lane in lanes_of(side.walk))
        apart = {difference.year for difference in differences[n]}
        if apart:
            marks = (("  ≠", "act") if year in apart else ("   ", "space") for year in years)
            rows.append(canvas.cells("differs", _("differs"), marks))
    return LineMap(years, canvas.left, canvas.width, tuple(rows), ())


def _ages(canvas: Canvas, side: Side) -> Row:
    ages = (str(age_on_1_october(side.walk.plan.pupil.born, year)) for year in canvas.years)
    return canvas.axis("ages", _("age"), ages)


# --- what it adds up to -------------------------------------------------------------------------------------

_SECTORS = {
    "po": N_("years in po"),
    "vo": N_("years in vo"),
    "mbo": N_("years in mbo"),
    "ho": N_("years in ho"),
}


def _figures(sides: Sequence[Side]) -> Iterator[Figure]:
    """A row for whatever one of the walks has."""
    first = sides[0].walk
    names = {value.id: str(value.label) for value in sides[0].law.facts["diplomas"].values}
    for level in dict.fromkeys(earned.diploma for side in sides for earned in side.walk.earned):
        yield _figure(_("diploma {level}").format(level=names[level]), [_diploma(side, level) for side in sides])
    gains = ("–", *(_years_gained(side.walk, first) for side in sides[1:]))
    yield Figure(_("years gained on A"), gains, tuple(cell not in ("–", "0") for cell in gains))
    yield _figure(_("years until the end"), [str(len(side.walk.steps)) for side in sides])
    for sector, label in _SECTORS.items():
        counts = [_in_sector(side.walk, sector) for side in sides]
        if any(counts):
            yield _figure(_(label), [str(n) for n in counts])
    yield from _marks(sides)
    for label, count in _COUNTS.items():
        counts = [count(side.walk) for side in sides]
        if any(counts):
            yield _figure(_(label), [str(n) for n in counts])
    yield from _money(sides)
    yield _figure(_("ends"), [side.walk.ended for side in sides])


def _figure(label: str, cells: Sequence[str]) -> Figure:
    return Figure(label, tuple(cells), tuple(cell != cells[0] and cell != "" for cell in cells))


def _diploma(side: Side, level: str) -> str:
    earned = side.walk.diploma(level)
    if earned is None:
        return _("not earned")
    told = _("{year}, at {age}").format(year=earned.year.start + 1, age=side.walk.age_at(earned))
    return f"{told} ◈" if earned.cum_laude else told


def _years_gained(walk: Trajectory, first: Trajectory) -> str:
    if not any(first.diploma(earned.diploma) for earned in walk.earned):
        return "–"
    years = gained(walk, first)
    return f"{years:+}" if years else "0"


def _in_sector(walk: Trajectory, sector: str) -> int:
    tracks = (step.state.place.track for step in walk.steps)
    return sum(track is not None and track.sector == sector for track in tracks)


_COUNTS: Mapping[str, Callable[[Trajectory], int]] = {
    N_("years repeated"): lambda walk: sum(map(walk.repeats, walk.steps)),
    N_("extra: early exams, higher levels"): lambda walk: sum(len(step.done) for step in walk.steps),
    N_("asked for and refused"): lambda walk: len({(r.kind, r.index) for r in walk.refusals}),
    N_("assumptions"): lambda walk: len(walk.assumed) + len(walk.practices),
}


def _marks(sides: Sequence[Side]) -> Iterator[Figure]:
    """The exams that have marks: the result, and the mean of the final marks."""
    told = [{exam.judged.batch.layout.level: exam for exam in _exams(side.walk)} for side in sides]
    for level in dict.fromkeys(level for each in told for level in each):
        cells: list[str] = []
        for each in told:
            exam = each.get(level)
            finals = tuple(exam.final.values()) if exam is not None else ()
            mean = f"{mean_text(10 * sum(finals), len(finals))}, " if finals else ""
            cells.append(f"{mean}{exam.result_text}" if exam is not None else "–")
        yield _figure(_("exam {level}, mean").format(level=level), cells)


def _exams(walk: Trajectory) -> Iterator[SheetVerdict]:
    return (step.exam for step in walk.steps if step.exam is not None)


def _money(sides: Sequence[Side]) -> Iterator[Figure]:
    """What schools received for the pupil, by fund, as far as the amounts are known."""
    told = [{each.fund.id: each for each in received(side.walk, side.law)} for side in sides]
    funds = {each.fund.id: each.fund for side in told for each in side.values()}
    for name, fund in funds.items():
        cells: list[str] = []
        for side in told:
            each = side.get(name)
            n = len(each.unknown) if each is not None else 0
            more = ngettext(", {n} year unknown", ", {n} years unknown", n).format(n=n) if n else ""
            cells.append("–" if each is None else f"{euros(each.total)}{more}")
        yield _figure(_("received: {fund}").format(fund=fund.label), cells)


# --- where they part ----------------------------------------------------------------------------------------


def _lines(sides: Sequence[Side], chosen: int, differences: Iterable[Difference]) -> Iterator[Line]:
    """The differences of a walk from the first, a line a year over what is otherwise in it."""
    years: dict[SchoolYear, list[Difference]] = {}
    for difference in differences:
        years.setdefault(difference.year, []).append(difference)
    if not years:
        yield Line("same", _("They are the same in every year."), "head")
    for year, some in years.items():
        children = tuple(line for n, each in enumerate(some) for line in _difference(f"{year}/{n}", each, chosen))
        yield Line(str(year), str(year), "head", children, shown=True)


def _difference(key: str, difference: Difference, chosen: int) -> Iterator[Line]:
    sides = (
        (LETTERS[0], difference.one, difference.cites[0]),
        (LETTERS[chosen], difference.other, difference.cites[1]),
    )
    yield Line(
        key,
        difference.what,
        "plain",
        tuple(
            Line(f"{key}/{letter}", f"{letter}: {text or '–'}", "plain", _cited(f"{key}/{letter}", cite), shown=True)
            for letter, text, cite in sides
        ),
        shown=True,
    )


def _cited(key: str, cite: str) -> tuple[Line, ...]:
    return (Line(f"{key}/cite", cite, "article"),) if cite else ()


def _status(sides: Sequence[Side], chosen: int, differences: Sequence[Difference]) -> str:
    if not chosen:
        return sides[0].name
    years = {difference.year for difference in differences}
    n = len(years)
    names = {"first": f"{LETTERS[0]} ({sides[0].name})", "other": f"{LETTERS[chosen]} ({sides[chosen].name})"}
    if not n:
        return _("{other} is the same as {first}").format(**names)
    told = ngettext("{other} differs from {first} in {n} year", "{other} differs from {first} in {n} years", n)
    return told.format(n=n, **names)
