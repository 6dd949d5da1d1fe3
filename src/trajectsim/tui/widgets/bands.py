"""A figure of a cohort drawn: a band for each policy on one axis, and the plotting widget where there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import cycle
from textwrap import wrap
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.theme import Theme
from textual.widget import Widget

from trajectsim.tui.cohortview import Bar, Picture, coinciding, drawn, scale
from trajectsim.tui.tornado import Tornado
from trajectsim.tui.widgets.paint import painted
from trajectsim.tui.widgets.tornado import TornadoBars
from trajectsim.words import _, decimal_comma

_TICK, _AXIS = 4, 10
"""Columns that the name of a tick needs, and those of a plot that are not of its axis."""

_TALL, _BELOW, _FRAME = 1.25, 0.1, 5
"""How tall a plot is and how far it goes below zero, over its top; the lines of it that are not of its axes."""

_LEAST = 6
"""Columns that an axis gets at the least."""


class Bands(Widget):
    """The values, then the differences: a line a policy, its band on the axis and in numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None

    def draw(self, picture: Picture | None) -> None:
        """Show a figure."""
        if picture != self._picture:
            self._picture = picture
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        picture = self._picture
        if picture is None:
            return 1
        between = len(_between(width)) if picture.differences else 0
        return len(picture.values) + between + len(picture.differences)

    def render(self) -> Content:
        picture = self._picture
        if picture is None:
            return Content("")
        parts = [*_lines(picture.values, self.size.width, zero=False)]
        if picture.differences:
            parts += (painted([(f" {line}", "article")]) for line in _between(self.size.width))
            parts += _lines(picture.differences, self.size.width, zero=True)
        return Content("\n").join(parts)


def _between(width: int) -> list[str]:
    """What stands between the values and the differences."""
    return wrap(_("difference from A by replication; ○: not sure"), max(_LEAST, width - 1))


def _lines(bars: tuple[Bar, ...], width: int, *, zero: bool) -> Iterator[Content]:
    low, high = scale(bars, zero=zero)
    told = max(len(bar.text) for bar in bars)
    room = max(_LEAST, width - told - 6)
    for bar in bars:
        role = "taken" if bar.sure or not zero else "hollow"
        line = drawn(bar, low, high, room) if zero else drawn_solid(bar, low, high, room)
        yield painted([(f" {bar.letter} ", "label"), (line, role), (f"  {bar.text:>{told}}", "")])


def drawn_solid(bar: Bar, low: float, high: float, width: int) -> str:
    """A value is as it is: its median is never hollow."""
    return drawn(bar, low, high, width).replace("○", "●")


class Figure(VerticalScroll):
    """The bands, and beside them the plot of the plotting widget where there is one and room for it."""

    def __init__(self) -> None:
        super().__init__(id="figure")
        self.bands = Bands()
        self.tornado = TornadoBars()
        self.plot: Any = _plot()
        self._shown: tuple[Picture | None, str] = (None, "")

    def compose(self) -> ComposeResult:
        with Horizontal(id="drawn"):
            yield self.bands
            yield self.tornado
            if self.plot is not None:
                yield self.plot

    def draw(self, picture: Picture | None, tornado: Tornado | None = None) -> None:
        """Show a figure, or what moves it."""
        self.bands.draw(picture)
        self.tornado.draw(tornado)
        self.bands.display, self.tornado.display = tornado is None, tornado is not None
        if self.plot is not None:
            self.plot.set_class(tornado is not None, "-away")
        shown = (picture, self._theme.name)
        if self.plot is not None and picture is not None and shown != self._shown:
            self._shown = shown
            self.call_after_refresh(self._plot, picture)  # it draws what it has room for, which is known then

    @property
    def _theme(self) -> Theme:
        return self.app.current_theme  # pyright: ignore[reportUnknownMemberType]

    def _plot(self, picture: Picture) -> None:
        """The ages at a diploma as a line for each policy; of anything else the values as points with their bands."""
        self.plot.clear()  # of its lines; its labels stay
        self.plot.set_xlabel("")
        self.plot.set_ylabel("")
        self.plot.set_y_formatter(_formatter(None))
        if picture.curves:
            self._ages(picture)
        else:
            self._points(picture)

    def _ages(self, picture: Picture) -> None:
        colours, fine = (
            cycle(getattr(self._theme, name) for name in COLOURS),
            import_module("textual_plot").HiResMode.BRAILLE,
        )
        ages = picture.curves[0].ages
        top = max(share for curve in picture.curves for share in curve.shares)
        one_line = top * _TALL / max(1, self.plot.size.height - _FRAME)
        same = list(coinciding(picture.curves, one_line))
        for curve, colour in zip(picture.curves, colours, strict=False):
            self.plot.plot(curve.ages, curve.shares, line_style=colour, hires_mode=fine)
            points = zip(curve.ages, curve.shares, strict=True)
            alone = [(age, y) for age, y in points if all(age != at or abs(y - z) >= one_line for at, z in same)]
            if alone:
                self.plot.scatter(*zip(*alone, strict=True), marker=curve.letter, marker_style=f"bold {colour}")
        if same:
            self.plot.scatter(*zip(*same, strict=True), marker=SAME, marker_style="bold")
        self.plot.set_xlimits(ages[0] - 0.5, ages[-1] + 0.5)
        self.plot.set_ylimits(-top * _BELOW, top * (_TALL - _BELOW) or 1.0)
        apart = -(-_TICK * len(ages) // max(1, self.plot.size.width - _AXIS))
        self.plot.set_xticks([float(age) for age in ages[:: max(1, apart)]])
        step = next(step for step in (1, 2, 5, 10, 20, 50) if top <= 2 * step or step == 50)
        self.plot.set_yticks([float(share) for share in range(0, int(top * (_TALL - _BELOW)) + 1, step)])
        self.plot.set_ylabel(_("% of the children"))
        self.plot.set_xlabel(_("{sign}: lines that coincide").format(sign=SAME) if same else "")
        self.plot.set_x_formatter(_formatter({age: str(age) for age in ages}))

    def _points(self, picture: Picture) -> None:
        bars = picture.values
        places = [float(n) for n in range(len(bars))]
        middles = [(bar.band.low + bar.band.high) / 2 for bar in bars]
        reach = [(bar.band.high - bar.band.low) / 2 for bar in bars]
        medians = [bar.band.median for bar in bars]
        style = "bold"
        self.plot.errorbar(places, middles, yerr=reach, marker_style=style)
        self.plot.scatter(places, medians, marker="●", marker_style=style)
        low, high = scale(bars)
        air = (high - low) / 8
        self.plot.set_xlimits(-0.5, len(bars) - 0.5)
        self.plot.set_ylimits(low - air, high + air)
        self.plot.set_xticks(places)
        self.plot.set_x_formatter(_formatter({n: bar.letter for n, bar in enumerate(bars)}))


def _plot() -> Any:
    """The plotting widget; None where it is not installed, and then the bands alone are drawn."""
    try:
        widget: Any = import_module("textual_plot").PlotWidget
    except ImportError:
        return None
    return widget(id="plot-of-figure", allow_pan_and_zoom=False)


SAME = "="
"""Where lines of policies coincide; the letter of only one would be seen there."""
COLOURS = ("primary", "warning", "accent", "success", "error", "secondary")
"""The colours of the theme for the lines of policies, whose letters tell them apart as well."""


def _formatter(names: Mapping[int, str] | None) -> Any:
    """Names at the ticks of an axis; without them the numbers, as the language writes them."""
    formatter: Any = import_module("textual_plot").NumericAxisFormatter()
    numbers: Callable[[Sequence[float]], list[str]] = formatter.get_labels_for_ticks

    def labels(ticks: Sequence[float]) -> list[str]:
        if names is None:
            return [decimal_comma(text) for text in numbers(ticks)]
        return [names.get(round(tick), "") for tick in ticks]

    formatter.get_labels_for_ticks = labels
    return formatter
