"""The line map as a drawing: the stops of a LineMap as SVG that stands alone, on paper and in a page.

    ``drawing(map, title)`` -> str     an ``<svg>`` with its title, its description and its legend

What colour says, a form says as well. Nothing in it is fetched from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from itertools import groupby, pairwise

from attrs import frozen

from trajectsim.calendar import SchoolYear
from trajectsim.report.linemap import LANES, SIGNS, LineMap, Stop
from trajectsim.words import N_, _, ngettext

YEAR, LEFT, RIGHT = 46, 64, 40
"""Units across of a school year, of the names of the lanes, and of what stands behind the last station."""
AXIS, LANE, HOLLOW, GAIN, KEY = 26, 46, 30, 30, 20
"""Units down of an axis, of the lines in a lane, of the arrow of years gained, and of a line of the legend."""
SIGN = 280
"""Units across of a sign of the legend with its meaning."""
LETTER = 7.6
"""Units across of a letter of a diploma's name."""
NARROWEST = 620
"""Units across of a map of few years."""

INK, SOLID, FAINT, EARNED, REFUSED, BAND = "#1a1a1a", "#0b4f8a", "#59636e", "#8a4b00", "#b00020", "#f1f4f7"
_ROOT = {
    "xmlns": "http://www.w3.org/2000/svg",
    "role": "img",
    "font-family": "'DejaVu Sans', 'Segoe UI', Verdana, Arial, sans-serif",
    "font-size": "12",
    "fill": INK,
}


@frozen
class _Plan:
    """Where things stand: the middle of the line of a walk in a lane, by lane and by whether it is the chosen one."""

    map: LineMap
    lines: dict[tuple[str, bool], float]
    bands: dict[str, tuple[float, float]]
    bottom: float
    width: float

    @classmethod
    def of(cls, drawn: LineMap) -> _Plan:
        lines: dict[tuple[str, bool], float] = {}
        bands: dict[str, tuple[float, float]] = {}
        y: float = AXIS
        known = {stop.lane for stop in drawn.stops}
        for lane in (*sorted(known - {*LANES}), *(lane for lane in LANES if lane in known)):
            top = y
            for solid, height in ((True, LANE), (False, HOLLOW)):
                if any(stop.lane == lane and stop.solid is solid for stop in drawn.stops):
                    lines[lane, solid] = y + height / 2 + (4 if solid else 0)
                    y += height
            bands[lane] = (top, y)
        return cls(drawn, lines, bands, y, max(LEFT + YEAR * len(drawn.years) + RIGHT, NARROWEST))

    def x(self, year: SchoolYear) -> float:
        """The middle of a school year."""
        return LEFT + YEAR * (year - self.map.years[0]) + YEAR / 2

    def at(self, stop: Stop) -> tuple[float, float]:
        return self.x(stop.year), self.lines[stop.lane, stop.solid]


def drawing(drawn: LineMap, title: str, *, prefix: str = "map") -> str:
    """The map as SVG; ``prefix`` begins the ids, which are to be unique in a page."""
    plan = _Plan.of(drawn)
    legend, across = list(_legend(drawn)), int(plan.width // SIGN)
    rows = -(-len(legend) // across)
    top = plan.bottom + AXIS + (GAIN if drawn.gain else 0) + 8
    height = top + KEY * rows + 6
    told = {"viewBox": f"0 0 {plan.width:g} {height:g}", "aria-labelledby": f"{prefix}-title {prefix}-desc"} | _ROOT
    parts = [
        f"<svg{_attributes(told)}>",
        f'<title id="{prefix}-title">{escape(title)}</title>',
        f'<desc id="{prefix}-desc">{escape(described(drawn))}</desc>',
        f'<rect width="{plan.width:g}" height="{height:g}" fill="#ffffff"/>',
        *_bands(plan),
        *_axes(plan),
        *_lines(plan, solid=False),
        *_lines(plan, solid=True),
        *_gain(plan),
        *_key(legend, top, across),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def described(drawn: LineMap) -> str:
    """The map in words, for who does not see it: each walk lane by lane, and what they come to."""
    walks = [(True, _("The path: {lanes}.")), (False, _("Without measures: {lanes}."))]
    told = [
        text.format(lanes=", ".join(_runs([stop for stop in drawn.stops if stop.solid is solid])))
        for solid, text in walks
        if any(stop.solid is solid for stop in drawn.stops)
    ]
    return " ".join([*told, "; ".join(drawn.parts) + "."])


def _runs(stops: Iterable[Stop]) -> Iterator[str]:
    for lane, run in groupby(stops, key=lambda stop: stop.lane):
        first, *rest = run
        last = rest[-1] if rest else first
        if first is last:
            yield _("{lane} in {year}").format(lane=lane, year=first.year)
        else:
            yield _("{lane} from {first} to {last}").format(lane=lane, first=first.year, last=last.year)


# --- the ground ---------------------------------------------------------------------------------------------


def _bands(plan: _Plan) -> Iterator[str]:
    for number, (lane, (top, bottom)) in enumerate(plan.bands.items()):
        if number % 2 == 0:
            yield f'<rect x="0" y="{top:g}" width="{plan.width:g}" height="{bottom - top:g}" fill="{BAND}"/>'
        yield _text(8, plan.lines.get((lane, True), (top + bottom) / 2) + 4, lane, weight="bold")


def _axes(plan: _Plan) -> Iterator[str]:
    drawn = plan.map
    ages = next(row for row in drawn.rows if row.kind == "ages")
    yield _text(8, AXIS - 9, _("age"), fill=FAINT)
    yield _text(8, plan.bottom + 17, _("year"), fill=FAINT)
    for year, age in zip(drawn.years, str(ages).split()[1:], strict=True):
        x = plan.x(year)
        dash = ' stroke-dasharray="1 3"' if year in drawn.beyond else ""
        yield f'<path d="M{x:g} {AXIS - 4:g}V{plan.bottom:g}" stroke="#c9d1d9"{dash}/>'
        yield _text(x, AXIS - 9, age, anchor="middle")
        star = SIGNS["beyond"][0] if year in drawn.beyond else ""
        yield _text(x, plan.bottom + 17, f"{year.short}{star}", anchor="middle", size=11)


def _gain(plan: _Plan) -> Iterator[str]:
    """An arrow from the year of the last diploma without measures to the one with them."""
    if plan.map.gain is None:
        return
    here, there = plan.map.gain
    n = there - here
    gained, lost = ngettext("{n} year gained", "{n} years gained", n), ngettext("{n} year lost", "{n} years lost", -n)
    y, start, end = plan.bottom + AXIS + 10, plan.x(there), plan.x(here)
    tip = 7 if n > 0 else -7
    yield (
        f'<path d="M{start:g} {y:g}H{end:g}m{tip} -5l{-tip} 5l{tip} 5" fill="none" stroke="{EARNED}" stroke-width="2"/>'
    )
    yield _text(
        (start + end) / 2,
        y + 16,
        (gained if n > 0 else lost).format(n=abs(n)),
        anchor="middle",
        weight="bold",
        fill=EARNED,
    )


# --- the walks ----------------------------------------------------------------------------------------------


def _lines(plan: _Plan, *, solid: bool) -> Iterator[str]:
    stops = [stop for stop in plan.map.stops if stop.solid is solid]
    for stop, following in pairwise(stops):
        if following.year == stop.year + 1:
            yield _link(plan.at(stop), plan.at(following), stop)
    for stop in stops:
        x, y = plan.at(stop)
        again = "hollow-repeat" if stop.sign == "repeat" and not solid else stop.sign
        inside = [f"<title>{escape(_told(stop))}</title>", _FORMS[again](x, y)]
        # What stands behind a station stands on the line to the next one.
        inside += [_FORMS[mark](x + 15 + 13 * n, y) for n, mark in enumerate(stop.marks)]
        if stop.earned:
            colour, down = (EARNED, -13) if solid else (FAINT, 20)
            text = ", ".join(stop.earned)
            side, here = ("end", x + 12) if LETTER * len(text) < x else ("start", x - 7)
            inside.append(_text(here, y + down, text, side, 11, "bold", colour))
        yield f"<g>{''.join(inside)}</g>"


def _told(stop: Stop) -> str:
    """A station in words: the year, the place, what is earned and what its signs mean."""
    again, skipped = ["repeat"] * (stop.sign == "repeat"), ["skip"] * stop.skips
    meanings = (_(SIGNS[role][1]) for role in (*again, *stop.marks, *skipped))
    return "; ".join([f"{stop.year}: {stop.place}", *stop.earned, *meanings])


def _link(start: tuple[float, float], end: tuple[float, float], stop: Stop) -> str:
    """The line to the next station; into another lane it bends."""
    (x, y), (to_x, to_y) = start, end
    bend = f"C{x + YEAR * 0.6:g} {y:g} {to_x - YEAR * 0.6:g} {to_y:g} {to_x:g} {to_y:g}" if y != to_y else f"H{to_x:g}"
    if not stop.solid:
        return f'<path d="M{x:g} {y:g}{bend}" fill="none" stroke="{FAINT}" stroke-width="2" stroke-dasharray="5 4"/>'
    width = 9 if stop.skips else 4
    return f'<path d="M{x:g} {y:g}{bend}" fill="none" stroke="{SOLID}" stroke-width="{width}"/>'


def _disc(fill: str, stroke: str, radius: float, width: float) -> Callable[[float, float], str]:
    return lambda x, y: (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"/>'
    )


def _shape(path: str, fill: str, stroke: str) -> Callable[[float, float], str]:
    """A form around the origin, moved to where it stands."""
    return lambda x, y: (
        f'<path transform="translate({x:g} {y:g})" d="{path}" fill="{fill}" stroke="{stroke}" stroke-width="1.6"/>'
    )


def _rings(colour: str) -> Callable[[float, float], str]:
    return lambda x, y: _disc("#ffffff", colour, 9, 2)(x, y) + _disc(colour, colour, 4.5, 1)(x, y)


_DIAMOND = "M0 -8L8 0L0 8L-8 0Z"
_STAR = "M0 -8L2 -2.6L7.6 -2.5L3.2 1L4.7 6.5L0 3.3L-4.7 6.5L-3.2 1L-7.6 -2.5L-2 -2.6Z"
_FORMS: dict[str, Callable[[float, float], str]] = {
    "station": _disc(SOLID, SOLID, 7, 1),
    "hollow": _disc("#ffffff", FAINT, 5.6, 2),
    "repeat": _rings(SOLID),
    "hollow-repeat": _rings(FAINT),
    "skip": lambda x, y: f'<path d="M{x - 10:g} {y:g}H{x + 10:g}" stroke="{SOLID}" stroke-width="9"/>',
    "diploma": _shape(_DIAMOND, EARNED, EARNED),
    "laude": lambda x, y: _shape(_DIAMOND, "#ffffff", EARNED)(x, y) + _disc(EARNED, EARNED, 3, 1)(x, y),
    "hollow-diploma": _shape(_DIAMOND, "#ffffff", FAINT),
    "act": _shape(_STAR, "#ffd54d", INK),
    "refused": _shape("M-6 -6L6 6M-6 6L6 -6", "none", REFUSED),
    "resit": _shape("M5.6 -3A6.4 6.4 0 1 0 6.4 1M6 -8V-3H1", "none", EARNED),
    "beyond": lambda x, y: _text(x, y + 5, SIGNS["beyond"][0], anchor="middle", size=16),
}
"""How each role of the map is drawn."""


# --- the legend ---------------------------------------------------------------------------------------------


def _legend(drawn: LineMap) -> Iterator[tuple[str, str]]:
    """The roles that stand on the map, and what they mean."""
    roles = {role for stop in drawn.stops for role in (stop.sign, *stop.marks)}
    roles |= {"skip"} if any(stop.skips for stop in drawn.stops if stop.solid) else set()
    roles |= {"beyond"} if drawn.beyond else set()
    return ((role, _(_BRIEF.get(role, SIGNS[role][1]))) for role in SIGNS if role in roles)


_BRIEF = {
    "hollow": N_("the path without measures"),
    "station": N_("a school year on the path"),
    "hollow-diploma": N_("a diploma without measures"),
    "act": N_("something extra, such as an early exam"),
    "beyond": N_("law of that year not known"),
}
"""Shorter than on a screen, where there is a line for each."""


def _key(legend: list[tuple[str, str]], top: float, across: int) -> Iterator[str]:
    for number, (role, text) in enumerate(legend):
        x, y = 18 + SIGN * (number % across), top + KEY * (number // across) + KEY / 2
        yield _FORMS[role](x, y)
        yield _text(x + 16, y + 4, text, size=11)


def _text(
    x: float, y: float, text: str, anchor: str = "start", size: int = 12, weight: str = "normal", fill: str = INK
) -> str:
    told = {"text-anchor": anchor, "font-size": str(size), "font-weight": weight, "fill": fill}
    usual = {"start", "12", "normal", INK}
    more = _attributes({name: value for name, value in told.items() if value not in usual})
    return f'<text x="{x:g}" y="{y:g}"{more}>{escape(text)}</text>'


def _attributes(told: Mapping[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in told.items())
