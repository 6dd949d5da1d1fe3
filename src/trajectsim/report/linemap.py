"""The line map: a walk as a picture in lanes, the walk without measures hollow beneath it.

    ``line_map(walk, without, law)`` -> LineMap

A LineMap is rows of segments, each a text with a role. ``str`` gives the picture as plain text; a screen paints the
roles. No role changes a sign: what colour says, a sign says as well (``LineMap.legend`` explains the ones in use).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest

from attrs import evolve, frozen

from trajectsim.calendar import SchoolYear, age_on_1_october
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.walk import End, Step, Trajectory, gained, last_of_both
from trajectsim.words import N_, _, ngettext

LANES = ("wo", "hbo", "mbo", "vwo", "havo", "vmbo", "po")
"""The lanes from the top; a lane that the law data adds is drawn above them."""

CELL = 3
"""Columns of a school year: two of the line that leads to its station, then the station."""

WIDEST = 6
"""Columns of a school year where there is room for more, and from which its name stands there in full."""

SIGNS = {
    "station": ("●", N_("a school year on the path")),
    "hollow": ("○", N_("a school year on the path without measures")),
    "repeat": ("↻", N_("the year is repeated")),
    "skip": ("━", N_("a year is skipped")),
    "diploma": ("◆", N_("a diploma")),
    "laude": ("◈", N_("a diploma cum laude")),
    "hollow-diploma": ("◇", N_("a diploma on the path without measures")),
    "act": ("★", N_("something extra is done: an early exam, a subject at a higher level")),
    "resit": ("⟲", N_("a central exam is sat again")),
    "refused": ("✗", N_("something that was asked for is refused")),
    "beyond": ("*", N_("the law of that year is not known; the nearest known year answers")),
}
"""The sign of each role, and what it means."""


@frozen
class Segment:
    """A run of characters with one role: space, label, axis, cursor, walk, hollow, repeat, diploma, laude,
    hollow-diploma, act, resit, refused or beyond."""

    text: str
    role: str


@frozen
class Row:
    """A line of the map; ``kind`` is ages, walk, hollow, years or beyond, ``lane`` the lane of a walk."""

    kind: str
    lane: str
    segments: tuple[Segment, ...]

    def __str__(self) -> str:
        return "".join(segment.text for segment in self.segments).rstrip()


@frozen
class Stop:
    """A school year of a walk on the map. ``sign`` is the role of the station, ``marks`` those of the signs behind it.

    ``skips`` says that a year is skipped after it; ``earned`` names the diplomas at its end, with the age.
    """

    year: SchoolYear
    lane: str
    place: str
    solid: bool
    sign: str
    marks: tuple[str, ...] = ()
    skips: bool = False
    earned: tuple[str, ...] = ()


@frozen
class LineMap:
    """The picture. ``left`` is the width of the labels, ``width`` that of every row; ``stops`` are the stations of both
    walks, the chosen one first, ``beyond`` the years whose law is not known, ``parts`` the walk in words, ``gain`` the
    years in which the last diploma of both walks is earned, with measures and without, where they differ; ``cell``
    the columns of a school year, ``plain`` the rows without the brackets around ``cursor``."""

    years: tuple[SchoolYear, ...]
    left: int
    width: int
    rows: tuple[Row, ...]
    parts: tuple[str, ...]
    note: str = ""
    stops: tuple[Stop, ...] = ()
    beyond: frozenset[SchoolYear] = frozenset()
    gain: tuple[SchoolYear, SchoolYear] | None = None
    cell: int = CELL
    plain: tuple[Row, ...] = ()
    cursor: SchoolYear | None = None

    @property
    def summary(self) -> str:
        """The parts on a line."""
        return " ▸ " + " · ".join(self.parts) if self.parts else ""

    def __str__(self) -> str:
        return "\n".join([*map(str, self.rows), *filter(None, (self.note, self.summary))])

    def column_of(self, year: SchoolYear) -> int:
        """The first of the columns of a school year; its station stands in the last of them."""
        return self.left + self.cell * (year - self.years[0])

    def year_at(self, column: int) -> SchoolYear | None:
        """The school year that a column belongs to, or None for the labels."""
        index = (column - self.left) // self.cell
        # A diploma of the last year stands one column past it, and belongs to it.
        return self.years[min(index, len(self.years) - 1)] if 0 <= index <= len(self.years) else None

    def with_cursor(self, year: SchoolYear) -> LineMap:
        """The map with brackets around a school year, above and below."""
        if year not in self.years:
            return self
        first, plain = self.column_of(year), self.plain or self.rows
        rows = tuple(_bracketed(row, first, self.cell) for row in plain)
        return evolve(self, rows=rows, plain=plain, cursor=year)

    def within(self, width: int) -> LineMap:
        """The map with school years as wide as a width has room for, up to WIDEST."""
        cell = min(WIDEST, max(self.cell, (width - self.left - self.cell + 1) // len(self.years)))
        if cell == self.cell:
            return self
        rows = tuple(_stretched(row, self, cell) for row in self.plain or self.rows)
        wide = self.left + cell * len(self.years) + self.width - self.left - self.cell * len(self.years)
        drawn = evolve(self, rows=rows, plain=rows, cell=cell, width=wide)
        return drawn if self.cursor is None else drawn.with_cursor(self.cursor)

    def legend(self) -> tuple[tuple[str, str], ...]:
        """The signs that stand on this map, and what they mean."""
        drawn = {sign for row in self.rows for segment in row.segments for sign in segment.text}
        return tuple((sign, _(meaning)) for sign, meaning in SIGNS.values() if sign in drawn)


def line_map(walk: Trajectory, without: Trajectory | None, law: Lawbook) -> LineMap:
    """Draw a walk, and beneath it the walk without measures where the two differ."""
    hollow = without if without is not None and not same(walk, without) else None
    walks = [walk, hollow] if hollow else [walk]
    first = min(w.steps[0].state.year for w in walks)
    last = max(w.steps[-1].state.year for w in walks)
    years = tuple(first + n for n in range(last - first + 1))
    lanes = {lane for w in walks for lane in lanes_of(w)}
    canvas = Canvas.of(years, (*lanes, _("age"), _("year")))
    beyond = {year for year in years if law.law_year(year.start, walk.plan.clock)[1]}
    beyond |= {step.state.year for w in walks for step in w.steps if step.extrapolated}
    stops = (*_stops(walk, solid=True), *(_stops(hollow, solid=False) if hollow else ()))
    ages = (str(age_on_1_october(walk.plan.pupil.born, year)) for year in years)
    rows = [canvas.axis("ages", _("age"), ages)]
    for lane in sorted(lanes, key=_height):
        if lane in lanes_of(walk):
            rows.append(canvas.lane(lane, walk, solid=True))
        if hollow and lane in lanes_of(hollow):
            rows.append(canvas.lane(lane, hollow, solid=False, named=lane not in {row.lane for row in rows}))
    rows.append(canvas.axis("years", _("year"), (f"{year.start % 100:02}" for year in years)))
    if beyond:
        rows.append(canvas.axis("beyond", "", ("*" if year in beyond else "" for year in years), "beyond"))
    note = f" * {_(SIGNS['beyond'][1])}" if beyond else ""
    parts = tuple(summary(walk, without, law))
    both = last_of_both(walk, hollow) if hollow else None
    gain = (both[0].year, both[1].year) if both and both[0].year != both[1].year else None
    return LineMap(years, canvas.left, canvas.width, tuple(rows), parts, note, stops, frozenset(beyond), gain)


def lanes_of(walk: Trajectory) -> tuple[str, ...]:
    """The lanes that a walk is on, from the top."""
    lanes = {step.state.place.lane for step in walk.steps if step.state.place.lane}
    return tuple(sorted(lanes, key=_height))


def same(walk: Trajectory, other: Trajectory) -> bool:
    """Whether two walks are in the same places and do and earn the same there."""

    def traces(steps: Iterable[Step]) -> list[object]:
        return [(s.state.year, s.state.place.id, s.done, [earned for earned, _verdict in s.earned]) for s in steps]

    return traces(walk.steps) == traces(other.steps) and walk.end is other.end


def summary(walk: Trajectory, without: Trajectory | None, law: Lawbook) -> Iterator[str]:
    """The diplomas of a walk with the age on 31 July, beside those of the walk without measures."""
    compared = without if without is not None and not same(walk, without) else None
    names = _names(law)
    for earned in walk.earned:
        name = f"{names[earned.diploma]} cum laude" if earned.cum_laude else names[earned.diploma]
        here = {"diploma": name, "age": walk.age_at(earned)}
        if compared is None:
            yield _("{diploma} at {age}").format(**here)
            continue
        other = compared.diploma(earned.diploma)
        there = _("not earned") if other is None else str(compared.age_at(other))
        yield _("{diploma} at {age} (without: {without})").format(**here, without=there)
    for earned in compared.earned if compared else ():
        if walk.diploma(earned.diploma) is None:
            lost = _("{diploma} not earned (without: {without})")
            yield lost.format(diploma=names[earned.diploma], without=walk.age_at(earned))
    if not walk.earned:
        yield _("no diploma")
    if walk.end is not End.LEFT:
        yield walk.ended
    yield from _difference(walk, without, compared)


def _difference(walk: Trajectory, without: Trajectory | None, compared: Trajectory | None) -> Iterator[str]:
    if without is not None and compared is None:
        yield _("no measure changes this path")
    elif compared is not None and any(compared.diploma(earned.diploma) for earned in walk.earned):
        years = gained(walk, compared)
        if years > 0:
            yield ngettext("{n} year gained", "{n} years gained", years).format(n=years)
        elif years < 0:
            yield ngettext("{n} year lost", "{n} years lost", -years).format(n=-years)
        else:
            yield _("no year gained")


def _height(lane: str) -> int:
    return LANES.index(lane) if lane in LANES else -1


class Canvas:
    """Makes rows on an axis of school years: a row is a character and a role for every column, put together to segments
    at the end."""

    def __init__(self, years: tuple[SchoolYear, ...], left: int, width: int) -> None:
        self.years, self.left, self.width = years, left, width

    @classmethod
    def of(cls, years: tuple[SchoolYear, ...], labels: Iterable[str]) -> Canvas:
        """With room for these labels at the left."""
        left = max(map(len, labels)) + 2
        return cls(years, left, left + CELL * len(years) + CELL - 1)

    def axis(self, kind: str, label: str, texts: Iterable[str], role: str = "axis") -> Row:
        return self.cells(kind, label, ((text.rjust(CELL), role) for text in texts))

    def cells(self, kind: str, label: str, texts: Iterable[tuple[str, str]]) -> Row:
        """A row with a text for each school year, as wide as its columns, and the role of each."""
        cells = self._blank(label)
        for index, (text, role) in enumerate(texts):
            _put(cells, self.left + CELL * index, text, role)
        return Row(kind, "", _segments(cells))

    def lane(self, lane: str, walk: Trajectory, *, solid: bool, named: bool = True) -> Row:
        """The stops of a walk in a lane."""
        cells = self._blank(lane if named else "")
        way = "walk" if solid else "hollow"
        stops = [stop for stop in _stops(walk, solid=solid) if stop.lane == lane]
        for stop, following in zip_longest(stops, stops[1:]):
            station = self.left + CELL * (stop.year - self.years[0]) + CELL - 1
            if following is not None and following.year == stop.year + 1:
                _put(cells, station + 1, _link(stop), way)
            role = "repeat" if stop.sign == "repeat" and stop.solid else way
            _put(cells, station, SIGNS[stop.sign][0], role)
            for offset, mark in enumerate(stop.marks[: CELL - 1], start=1):
                if station + offset < self.width:
                    _put(cells, station + offset, SIGNS[mark][0], mark)
        return Row(way, lane, _segments(cells))

    def _blank(self, label: str) -> list[tuple[str, str]]:
        cells = [(" ", "space")] * self.width
        _put(cells, 1, label, "label")
        return cells


def _names(law: Lawbook) -> dict[str, str]:
    return {value.id: str(value.label) for value in law.facts["diplomas"].values}


def _stops(walk: Trajectory, *, solid: bool) -> Iterator[Stop]:
    """The stations of a walk; where she is in no lane she is in no school."""
    refused = {refusal.year for refusal in walk.refusals} if solid else set[SchoolYear]()
    for step in walk.steps:
        place, to = step.state.place, step.taken.to if step.taken else None
        if not place.lane:
            continue
        sign = "repeat" if walk.repeats(step) else "station" if solid else "hollow"
        names = _names(step.after.law) if step.earned else {}
        earned = tuple(f"{names[earned.diploma]} ({walk.age_at(earned)})" for earned, _verdict in step.earned)
        marks = tuple(_marks(step, solid, step.state.year in refused))
        skips = to is not None and to.track is place.track and to.n > place.n + 1
        yield Stop(step.state.year, place.lane, str(place), solid, sign, marks, skips, earned)


def _link(stop: Stop) -> str:
    return "━━" if stop.skips else "──" if stop.solid else "╌╌"


def _marks(step: Step, solid: bool, refused: bool) -> Iterator[str]:
    """The signs behind a station; not all fit before the next one, so what weighs most comes first."""
    laude = any(earned.cum_laude for earned, _verdict in step.earned)
    lapsed = any(not closed.stands for closed in step.closed)
    if step.earned:
        yield ("laude" if laude else "diploma") if solid else "hollow-diploma"
    if refused or (solid and lapsed):
        yield "refused"
    if step.done:
        yield "act"
    if solid and step.resat:
        yield "resit"


def _put(cells: list[tuple[str, str]], column: int, text: str, role: str) -> None:
    cells[column : column + len(text)] = [(char, "space" if char == " " else role) for char in text]


def _segments(cells: Iterable[tuple[str, str]]) -> tuple[Segment, ...]:
    runs = groupby(cells, key=lambda cell: cell[1])
    return tuple(Segment("".join(char for char, _role in run), role) for role, run in runs)


def _cells(row: Row) -> list[tuple[str, str]]:
    return [(char, segment.role) for segment in row.segments for char in segment.text]


def _bracketed(row: Row, first: int, cell: int) -> Row:
    if row.kind not in ("ages", "years"):
        return row
    cells = _cells(row)
    text = "".join(char for char, _role in cells[first : first + cell]).strip()
    _put(cells, first + cell - 1 - len(text), f"[{text}]", "cursor")
    return Row(row.kind, row.lane, _segments(cells))


def _stretched(row: Row, drawn: LineMap, cell: int) -> Row:
    """A row with more columns for each school year: a line is drawn on to its station, a text stays at the right."""
    cells, blank = _cells(row), (" ", "space")
    if row.kind == "title":
        return Row(row.kind, row.lane, _segments(cells + [blank] * (cell - drawn.cell) * len(drawn.years)))
    out = cells[: drawn.left]
    for n, year in enumerate(drawn.years):
        own = cells[drawn.left + n * drawn.cell :][: drawn.cell]
        if row.kind in _ON_LINES:
            lines = [each for each in own[:-1] if each[0] in _LINES]
            out += own[:-1] + [lines[-1] if lines else blank] * (cell - len(own)) + own[-1:]
            continue
        if row.kind == "years" and cell >= WIDEST:
            own = [(char, own[-1][1]) for char in year.short]
        out += [blank] * (cell - len(own)) + own
    return Row(row.kind, row.lane, _segments(out + cells[drawn.left + drawn.cell * len(drawn.years) :]))


_ON_LINES = ("walk", "hollow", "rule")
"""The kinds of rows that have lines with stations; the others have a text at the end of the columns of a year."""

_LINES = "━─╌"
