"""Pictures of a cohort run as SVG: distributions, paired differences with their bands, for whom anything changes.

They take matplotlib (the extra ``report``), which writes SVG without a browser. Equal runs give equal bytes. Colour is
never the only sign: each policy has a marker of its own, and a difference that is not sure is hollow.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence, Sized
from importlib import import_module
from itertools import cycle, islice
from typing import Any

from attrs import frozen

from trajectsim.cohort.design import Policy
from trajectsim.cohort.figures import (
    AGES,
    CHANGED,
    MARK,
    PERCENT,
    SD,
    YEARS,
    Band,
    Line,
    by_text,
    changed,
    differs_by,
    lines,
)
from trajectsim.cohort.running import Finished
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.words import _, decimal_comma

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#7A6F00")
"""Told apart by the colour-blind too (Okabe & Ito 2008); the last is darker than theirs, for paper."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
MOST = 16
"""Figures in one picture."""
DIPLOMAS = ("havo", "vwo", "hbo-bachelor", "wo-bachelor")
"""The diplomas whose ages are drawn."""
GREY, FAINT = "#555555", "#DDDDDD"


def cohort_pictures(title: str, done: Finished, law: Lawbook) -> dict[str, str]:
    """By file name an SVG. Raises Problems where matplotlib is not there."""
    plot = Plot.load()
    told = list(lines(done, law))
    found: dict[str, str] = {}
    several = len(done.cohort.worlds) > 1
    for world in done.cohort.worlds:
        own = [line for line in told if line.world == world.id]
        tail = f"-{world.id}" if several else ""
        head = f"{title} ({world.id})" if several else title
        pictures = {
            "diplomas": _diplomas(plot, head, done, own),
            "ages": _ages(plot, head, done, own, law),
            "differences": _differences(plot, head, done, own),
            "changed": _changed(plot, head, done, world.id),
        }
        found |= {f"{name}{tail}.svg": picture for name, picture in pictures.items() if picture}
    return found


@frozen(eq=False)
class Plot:
    """The charting library, set so that equal pictures are equal bytes."""

    library: Any

    @classmethod
    def load(cls) -> Plot:
        """Raises Problems where it is not there."""
        try:
            library: Any = import_module("matplotlib")
            import_module("matplotlib.figure")
        except ImportError:
            message = _("pictures take matplotlib, which is not there")
            raise Problems([Problem("S302", message, hint="pip install 'trajectsim[report]'")]) from None
        return cls(library)

    def panels(
        self, width: float, height: float, count: int = 1, *, stacked: bool = False, **more: Any
    ) -> tuple[Any, list[Any]]:
        """A picture of a size in inches with some panels, side by side or stacked, without frames."""
        picture = self.library.figure.Figure((width, height), layout="constrained")
        shape = (count, 1) if stacked else (1, count)
        panels = list(picture.subplots(*shape, squeeze=False, **more).flat)
        for panel in panels:
            panel.spines[["top", "right", "left"]].set_visible(False)
            panel.tick_params(length=0, labelsize=8)
            panel.set_axisbelow(True)
        return picture, panels

    def svg(self, picture: Any, title: str) -> str:
        """The picture as text."""
        out = io.StringIO()
        settings = {"svg.hashsalt": "trajectsim", "svg.fonttype": "path", "font.family": "DejaVu Sans"}
        with self.library.rc_context(settings):
            about = {"Title": title, "Date": None, "Creator": "trajectsim"}
            picture.savefig(out, format="svg", metadata=about, facecolor="white")
        return out.getvalue()


# --- one picture each ---------------------------------------------------------------------------------------

Told = Mapping[str, Sequence[tuple[Band | None, bool]]]
"""By policy, row by row: a band, and whether it is filled."""


def _diplomas(plot: Plot, title: str, done: Finished, own: list[Line]) -> str:
    """The share of children with each diploma, policy by policy, with its band."""
    told = [line for line in own if line.figure.id.startswith("diploma.") and line.figure.page]
    found = {(line.figure.id, line.policy): line.value for line in told}
    labels = {line.figure.id: line.figure.label for line in told}
    policies = done.cohort.policies
    cells = {policy.id: [(found.get((row, policy.id)), True) for row in labels] for policy in policies}
    picture, panels = plot.panels(9.0, _height(labels, policies))
    _draw(panels[0], list(labels.values()), cells, _styled(policies))
    panels[0].set_xlabel(_("% of the children"), fontsize=8)
    panels[0].set_xlim(left=0)
    return _finished(plot, picture, panels[0], title, f"{_read(done)} {_graded(own)}")


def _differences(plot: Plot, title: str, done: Finished, own: list[Line]) -> str:
    """The differences to the first policy that are sure for one policy at least, a panel a unit."""
    told = [line for line in own if line.difference is not None and line.figure.page]
    sure = {line.figure.id for line in told if line.sure}
    units = {
        PERCENT: _("points more or less"),
        YEARS: _("years more or less"),
        MARK: _("marks more or less"),
        SD: _("SD more or less"),
    }
    panes = {unit: _largest([e for e in told if e.figure.unit == unit and e.figure.id in sure]) for unit in units}
    panes = {unit: some for unit, some in panes.items() if some}
    if not panes:
        return ""
    styles = _styled(done.cohort.policies)[1:]
    counts = [len({line.figure.id for line in some}) for some in panes.values()]
    height = sum(_height(range(count), styles, margin=0.6) for count in counts) + 0.9
    picture, panels = plot.panels(9.0, height, len(panes), stacked=True, height_ratios=[n + 1 for n in counts])
    for panel, (unit, some) in zip(panels, panes.items(), strict=True):
        labels = {line.figure.id: line.figure.label for line in some}
        found = {(line.figure.id, line.policy): line for line in some}
        by = {row: sorted({line.by for line in some if line.figure.id == row and line.sure}) for row in labels}
        cells = {
            policy.id: [
                (line.difference, line.sure) if (line := found.get((row, policy.id))) else (None, False)
                for row in labels
            ]
            for policy, _colour, _marker in styles
        }
        words = [f"{label}  [{_grades(by[row])}]" for row, label in labels.items()]
        _draw(panel, words, cells, styles)
        panel.axvline(0, color=GREY, linewidth=0.8, zorder=0)
        panel.set_xlabel(units[unit], fontsize=8)
    note = _("Against: {policy}. Hollow: the band holds 0. In brackets the weakest evidence of what the policy adds.")
    note = note.format(policy=done.cohort.policies[0].label)
    return _finished(plot, picture, panels[0], title, f"{_read(done)} {note}")


def _ages(plot: Plot, title: str, done: Finished, own: list[Line], law: Lawbook) -> str:
    """At which age diplomas are earned: the distribution, with bands."""
    found = {(line.figure.id, line.policy): line.value for line in own if line.figure.id.startswith("age-at.")}
    seen = {key for (key, _policy), band in found.items() if band.high > 0}
    ages = {name: [age for age in AGES if f"age-at.{name}.{age}" in seen] for name in DIPLOMAS}
    ages = {name: range(told[0], told[-1] + 1) for name, told in ages.items() if told and name in law.diplomas}
    if not ages:
        return ""
    styles = _styled(done.cohort.policies)
    picture, panels = plot.panels(3.0 * len(ages) + 0.6, 4.0, len(ages))
    for panel, (name, years) in zip(panels, ages.items(), strict=True):
        for n, (policy, colour, marker) in enumerate(styles):
            bands = [found.get((f"age-at.{name}.{age}", policy.id), Band(0, 0, 0)) for age in years]
            where = [age + _shift(n, len(styles)) for age in years]
            panel.vlines(where, [b.low for b in bands], [b.high for b in bands], color=colour, linewidth=1.2)
            panel.plot(where, [b.median for b in bands], marker, color=colour, markersize=4, label=policy.label)
        panel.set_title(str(law.diplomas[name].label), fontsize=9)
        panel.set_xticks(list(years))
        panel.set_ylim(0, 1.05 * max(found[key].high for key in found if key[0].startswith(f"age-at.{name}.")))
        panel.yaxis.set_major_formatter(number)
        panel.grid(axis="y", color=FAINT)
        panel.set_xlabel(_("age on 31 July"), fontsize=8)
    panels[0].set_ylabel(_("% of the children"), fontsize=8)
    return _finished(plot, picture, panels[0], title, f"{_read(done)} {_graded(own)}")


def _changed(plot: Plot, title: str, done: Finished, world: str) -> str:
    """For how many of a thousand children anything is otherwise, by kind."""
    styles = _styled(done.cohort.policies)[1:]
    lines_of = {policy.id: changed(done, world, policy.id) for policy, _colour, _marker in styles}
    found = {policy: {kind: line.value for kind, line in told.items()} for policy, told in lines_of.items()}
    kinds = [kind for kind in CHANGED if any(kind in bands and bands[kind].high > 0 for bands in found.values())]
    if not kinds:
        return ""
    cells = {policy: [(bands.get(kind), True) for kind in kinds] for policy, bands in found.items()}
    picture, panels = plot.panels(9.0, _height(kinds, styles))
    _draw(panels[0], [_(CHANGED[kind]) for kind in kinds], cells, styles)
    text = _("of a thousand children otherwise than under: {policy}")
    panels[0].set_xlabel(text.format(policy=done.cohort.policies[0].label), fontsize=8)
    panels[0].set_xlim(left=0)
    by = sorted({differs_by(done, world, policy.id, done.cohort.policies[0].id) for policy, _c, _m in styles})
    note = _("Weakest evidence of what the policies add: {grades}.").format(grades=_grades(by))
    return _finished(plot, picture, panels[0], title, f"{_read(done)} {note}")


def _read(done: Finished) -> str:
    """How a picture is read, and of how many children it is."""
    times = len({number for _world, number in done.totals})
    told = _("Mark: the median of {n} replications of {size} children; line: what 80% of them lie between.")
    return told.format(n=times, size=done.cohort.size)


def _graded(own: Sequence[Line]) -> str:
    """The weakest evidence behind what is drawn."""
    told = _("Weakest evidence behind it: {grade} (A to D). A distribution, and no advice on a child.")
    return told.format(grade=max(line.evidence for line in own))


def _grades(by: Sequence[str]) -> str:
    return ", ".join(map(by_text, by))


# --- how they are drawn -------------------------------------------------------------------------------------

Style = tuple[Policy, str, str]
"""A policy, its colour, its marker."""


def _styled(policies: Sequence[Policy]) -> list[Style]:
    looks = islice(zip(cycle(COLOURS), cycle(MARKERS), strict=False), len(policies))
    return [(policy, colour, marker) for policy, (colour, marker) in zip(policies, looks, strict=True)]


def _largest(told: list[Line]) -> list[Line]:
    """The lines of the figures that differ most, in the order of the report."""
    size: dict[str, float] = {}
    for line in told:
        if line.difference is not None:
            size[line.figure.id] = max(size.get(line.figure.id, 0.0), abs(line.difference.median))
    kept = set(sorted(size, key=lambda name: -size[name])[:MOST])
    return [line for line in told if line.figure.id in kept]


def _draw(panel: Any, labels: Sequence[str], cells: Told, styles: Sequence[Style]) -> None:
    """Rows from the top down, in each a dot with its band for each policy."""
    for n, (policy, colour, marker) in enumerate(styles):
        for row, (band, filled) in enumerate(cells[policy.id]):
            if band is not None:
                y = row + _shift(n, len(styles))
                panel.hlines(y, band.low, band.high, color=colour, linewidth=1.4)
                fill = colour if filled else "white"
                panel.plot(band.median, y, marker, color=colour, markerfacecolor=fill, markersize=5)
        panel.plot([], [], marker, color=colour, label=policy.label)
    panel.set_yticks(range(len(labels)), [textwrap.fill(label, 46) for label in labels])
    panel.set_ylim(len(labels) - 0.5, -0.5)
    panel.grid(axis="x", color=FAINT)
    for row in range(1, len(labels)):
        panel.axhline(row - 0.5, color=FAINT, linewidth=0.6, zorder=0)


def _shift(n: int, count: int) -> float:
    """Where among its fellows the n-th policy is drawn, so that none hides another."""
    return (n - (count - 1) / 2) * 0.7 / max(count, 1)


def _height(rows: Sized, policies: Sized, margin: float = 1.7) -> float:
    return margin + len(rows) * max(0.34, 0.095 * len(policies) + 0.16)


def _finished(plot: Plot, picture: Any, panel: Any, title: str, note: str) -> str:
    picture.suptitle(textwrap.fill(title, 90), fontsize=10, x=0.01, ha="left")
    handles, labels = panel.get_legend_handles_labels()
    look: dict[str, Any] = {"fontsize": 8, "frameon": False, "ncols": 2 if max(map(len, labels)) > 30 else 3}
    look |= {"title": textwrap.fill(note, int(13 * picture.get_figwidth())), "title_fontsize": 7, "alignment": "left"}
    picture.legend(handles, labels, loc="outside lower left", **look)
    for each in picture.axes:
        each.xaxis.set_major_formatter(number)
    return plot.svg(picture, title)


def number(value: float, _at: int) -> str:
    """A number at an axis, as the language writes it."""
    return decimal_comma(f"{round(value, 6):g}")
