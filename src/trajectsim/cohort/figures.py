"""What a run says: figures as quotients of counts, medians over replications, bands of 80%, paired differences.

The names of the figures stand in ``names.py``, so that a scenario can be checked without a law and without numpy; it is
generated from here (``python -m trajectsim.law.index``), and a test says when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from pprint import pformat
from typing import TYPE_CHECKING

from attrs import frozen

from trajectsim.cohort.design import Totals
from trajectsim.law.lawbook import Lawbook
from trajectsim.words import N_, _, decimal_comma

if TYPE_CHECKING:
    from trajectsim.cohort.running import Finished

PERCENT, MARK, YEARS, SD, THOUSAND = "%", "mark", "year", "SD", "‰"


@frozen
class Figure:
    """A figure: ``over`` and ``under`` name counts whose sums are divided, ``scale`` times."""

    id: str
    label: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    scale: float = 100.0
    unit: str = PERCENT

    def of(self, counts: Mapping[str, int]) -> float | None:
        """The figure in one replication, None where there is nothing to divide by."""
        below = sum(counts.get(key, 0) for key in self.under)
        return None if not below else self.scale * sum(counts.get(key, 0) for key in self.over) / below


@frozen
class Band:
    """A figure over replications: the median, and the values that 80% of them lie between."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Band:
        """Of at least one value."""
        ranked = sorted(values)
        return cls(_at(ranked, 5), _at(ranked, 1), _at(ranked, 9))


@frozen
class Line:
    """A figure of a policy in a world, and how it differs from the first policy, replication by replication."""

    world: str
    policy: str
    figure: Figure
    value: Band
    difference: Band | None
    evidence: str

    @property
    def sure(self) -> bool:
        """Whether the band of the difference lies to one side of nothing."""
        return self.difference is not None and (self.difference.low > 0 or self.difference.high < 0)


def _at(ranked: Sequence[float], tenths: int) -> float:
    """The value below which so many tenths of some values lie, linear in between."""
    whole, part = divmod((len(ranked) - 1) * tenths, 10)
    return ranked[whole] if not part else ranked[whole] + (ranked[whole + 1] - ranked[whole]) * part / 10


def figures(law: Lawbook) -> tuple[Figure, ...]:
    """The figures of a run under a law, in the order in which they are told."""
    return tuple(_figures(law))


def lines(done: Finished, law: Lawbook) -> Iterator[Line]:
    """Every figure of every policy and world that has a value."""
    cohort = done.cohort
    for world in cohort.worlds:
        for figure in figures(law):
            for policy in cohort.policies:
                found = line(done, figure, world.id, policy.id, cohort.policies[0].id)
                if found is not None:
                    yield found


def changed(done: Finished, world: str, policy: str) -> dict[str, Band]:
    """For how many children of a thousand anything is otherwise than under the first policy, by kind."""
    first = done.cohort.policies[0].id
    told = {kind: line(done, _changed(kind), world, policy, first) for kind in CHANGED}
    return {kind: each.value for kind, each in told.items() if each is not None}


def named(law: Lawbook) -> dict[str, Figure]:
    """Every figure that can be asked for, by its id: those that are told, and for how many anything is otherwise."""
    return {figure.id: figure for figure in (*figures(law), *map(_changed, CHANGED))}


def banded(band: Band, unit: str, *, sign: bool = False) -> str:
    """A band in its unit: the median, and in brackets what the others lie between."""
    places = 2 if unit in (MARK, SD) else 1
    after = (_(" points") if sign else "%") if unit == PERCENT else ""

    def told(value: float) -> str:
        return decimal_comma(f"{value:{'+' if sign else ''}.{places}f}")

    return f"{told(band.median)}{after} ({told(band.low)} – {told(band.high)})"


def _changed(kind: str) -> Figure:
    key = "changed" if kind == ANYTHING else f"changed/{kind}"
    return Figure(f"changed.{kind}", _(CHANGED[kind]), (key,), ("pupils",), 1000.0, THOUSAND)


ANYTHING = "anything"
CHANGED = {
    ANYTHING: N_("anything at all"),
    "diplomas": N_("diplomas"),
    "time": N_("the last school year"),
    "repeats": N_("years repeated"),
    "route": N_("the places on the way"),
}


def line(done: Finished, figure: Figure, world: str, policy: str, against: str) -> Line | None:
    """A figure of a policy in a world and how it differs from another; None where it has no value."""
    own: list[float] = []
    differences: list[float] = []
    for totals in _replications(done, world):
        value, base = figure.of(totals.counts[policy]), figure.of(totals.counts[against])
        if value is not None:
            own.append(value)
        if value is not None and base is not None:
            differences.append(value - base)
    if not own:
        return None
    difference = Band.of(differences) if policy != against and differences else None
    return Line(world, policy, figure, Band.of(own), difference, done.evidence[world])


def _replications(done: Finished, world: str) -> list[Totals]:
    return [totals for (name, _n), totals in sorted(done.totals.items()) if name == world]


def _figures(law: Lawbook) -> Iterator[Figure]:
    everybody = ("pupils",)
    for diploma in law.diplomas.values():
        name, label = diploma.id, str(diploma.label)
        key = (f"diploma/{name}",)
        yield Figure(f"diploma.{name}", _("with {diploma}").format(diploma=label), key, everybody)
    for diploma in law.diplomas.values():
        name, label = diploma.id, str(diploma.label)
        key = (f"diploma/{name}",)
        age = _("age at {diploma}").format(diploma=label)
        yield Figure(f"age.{name}", age, (f"age/{name}",), key, 1.0, YEARS)
        timely = _("{diploma} without having repeated").format(diploma=label)
        yield Figure(f"on-time.{name}", timely, (f"on-time/{name}",), key)
    for sector in dict.fromkeys(track.sector for track in law.tracks.values()):
        repeated = _("of school years in {sector} repeated").format(sector=sector)
        yield Figure(f"repeats.{sector}", repeated, (f"repeats/{sector}",), (f"years/{sector}",))
        years = _("school years in {sector} for each child").format(sector=sector)
        yield Figure(f"years.{sector}", years, (f"years/{sector}",), everybody, 1.0, YEARS)
    for level in dict.fromkeys(exam.level for exam in law.exams.values()):
        sat = (f"exam/{level}",)
        yield Figure(f"passed.{level}", _("passed of the exams {level}").format(level=level), (f"passed/{level}",), sat)
        laude = _("cum laude of those who passed {level}").format(level=level)
        yield Figure(f"laude.{level}", laude, (f"laude/{level}",), (f"passed/{level}",))
        for name, label in (("se", _("mean school exam mark {level}")), ("ce", _("mean central exam mark {level}"))):
            yield Figure(f"{name}.{level}", label.format(level=level), (f"sum-{name}/{level}",), sat, 0.01, MARK)
    yield Figure("stuck", _("left without a lawful step"), ("stuck",), everybody)
    yield Figure("bored", _("often bored, of school years in vo"), ("bored",), ("years/vo",))
    top = _("often bored, of school years of the best fifth in vo")
    yield Figure("bored-top", top, ("bored-top",), ("top",))
    yield Figure("peer", _("peer well-being of who skipped a year"), ("peer",), ("skipped-years",), 0.001, SD)


# --- the names of figures -----------------------------------------------------------------------------------

NAMES = Path(__file__).with_name("names.py")
_HEAD = '''"""Generated from the figures by ``python -m trajectsim.law.index``; do not edit."""

# fmt: off

'''


def names_text(law: Lawbook) -> str:
    """The text of ``names.py``: the unit of each figure that can be asked for, by its id."""
    units = {figure.id: figure.unit for figure in named(law).values()}
    return f"{_HEAD}FIGURES: dict[str, str] = {pformat(units, width=110, sort_dicts=False)}\n"


if __name__ == "__main__":
    NAMES.write_text(names_text(Lawbook.load()), "utf-8")
