"""What a run says: figures as quotients of counts, medians over replications, bands of 80%, paired differences.

The names of the figures stand in ``names.py``, so that a scenario can be checked without a law and without numpy; it is
generated from here (``python -m trajectsim.law.index``), and a test says when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from pprint import pformat
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from trajectsim.cohort.design import Totals
from trajectsim.law.lawbook import Lawbook
from trajectsim.words import N_, _, decimal_comma

if TYPE_CHECKING:
    from trajectsim.cohort.running import Finished

PERCENT, MARK, YEARS, SD, THOUSAND, HOURS, EURO = "%", "mark", "year", "SD", "‰", "hour", "euro"
_UNITS = {MARK: N_("mark"), YEARS: N_("years"), HOURS: N_("hours"), EURO: N_("euros")}
"""The units that are words."""
AGES = range(14, 31)
"""The ages at which the diplomas of secondary and higher education are counted one by one."""
FEWEST = 5
"""Replications from which a band may be taken to say on which side of nothing a difference lies: with nothing to
differ by, all of five lie on one side once in sixteen times."""
LAW = N_("law")
"""Stands for a grade of evidence where a difference hangs on no parameter of the model."""


def unit_text(unit: str) -> str:
    """A unit in words."""
    return _(_UNITS.get(unit, unit))


def by_text(by: str) -> str:
    """What a difference rests on, in words: the grade of its evidence, or the law."""
    return _(LAW) if by == LAW else by


@frozen
class Figure:
    """A figure: ``over`` and ``under`` name counts whose sums are divided, ``scale`` times. ``page``: whether it is
    told on the page of a report; ``sparse``: whether there is no figure where nobody was counted in any replication.
    ``shown_by``: parameters that make the figure of what happened, and so of any difference in it."""

    id: str
    label: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    scale: float = 100.0
    unit: str = PERCENT
    page: bool = False
    sparse: bool = False
    shown_by: tuple[str, ...] = ()

    def of(self, counts: Mapping[str, int]) -> float | None:
        """The figure in one replication, None where there is nothing to divide by."""
        below = sum(counts.get(key, 0) for key in self.under)
        if not below or (self.unit in _NEVER_FREE and not any(key in counts for key in self.over)):
            return None
        return self.scale * sum(counts.get(key, 0) for key in self.over) / below


_NEVER_FREE = (HOURS, EURO)
"""Units of what a policy may say nothing of: then there is no figure, and not a 0."""


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
    """A figure of a policy in a world, and how it differs from the first policy, replication by replication.

    ``evidence`` is the weakest grade behind the value; ``by`` the weakest among the parameters that the policy adds,
    "law" where it adds none, empty for the first policy. ``values`` and ``differences`` are those of the replications.
    """

    world: str
    policy: str
    figure: Figure
    value: Band
    difference: Band | None
    evidence: str
    by: str = ""
    values: tuple[float, ...] = field(default=(), repr=False)
    differences: tuple[float, ...] = field(default=(), repr=False)

    @property
    def sure(self) -> bool:
        """Whether the band of the difference lies to one side of nothing. Of a few replications it says nothing."""
        enough = len(self.differences) >= FEWEST
        return enough and self.difference is not None and (self.difference.low > 0 or self.difference.high < 0)


def _at(ranked: Sequence[float], tenths: int) -> float:
    """The value below which so many tenths of some values lie, linear in between."""
    whole, part = divmod((len(ranked) - 1) * tenths, 10)
    return ranked[whole] if not part else ranked[whole] + (ranked[whole + 1] - ranked[whole]) * part / 10


def figures(law: Lawbook) -> tuple[Figure, ...]:
    """The figures of a run under a law, in the order in which they are told."""
    return tuple(_figures(law))


def lines(done: Finished, law: Lawbook) -> Iterator[Line]:
    """Every figure of every policy and world that has a value."""
    cohort, told = done.cohort, figures(law)
    for world in cohort.worlds:
        for figure in told:
            for policy in cohort.policies:
                found = line(done, figure, world.id, policy.id, cohort.policies[0].id)
                if found is not None:
                    yield found


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
    if not own or (figure.sparse and not any(own) and not any(differences)):
        return None
    found = Line(world, policy, figure, Band.of(own), None, done.evidence[world], values=tuple(own))
    if policy == against:
        return found
    band = Band.of(differences) if differences else None
    by = differs_by(done, world, policy, against, figure.shown_by)
    return evolve(found, difference=band, by=by, differences=tuple(differences))


def differs_by(done: Finished, world: str, policy: str, against: str, shown_by: Sequence[str] = ()) -> str:
    """The weakest evidence among the parameters that a policy has and another has not, and those that a figure is
    ``shown_by``; "law" where there are none."""
    more = done.asked_more(world, policy, against) | set(shown_by)
    return done.weakest(world, more) if more else LAW


def changed(done: Finished, world: str, policy: str) -> dict[str, Line]:
    """For how many children of a thousand anything is otherwise than under the first policy, by kind."""
    first = done.cohort.policies[0].id
    told = {kind: line(done, _changed(kind), world, policy, first) for kind in CHANGED}
    return {kind: each for kind, each in told.items() if each is not None}


def named(law: Lawbook) -> dict[str, Figure]:
    """Every figure that can be asked for, by its id: those that are told, and for how many anything is otherwise."""
    return {figure.id: figure for figure in (*figures(law), *map(_changed, CHANGED))}


def banded(band: Band, unit: str, *, sign: bool = False) -> str:
    """A band in its unit: the median, and in brackets what the others lie between. A difference to one side of nothing
    has the decimals that show it, so that it is not told as 0.0."""
    places = 2 if unit in (MARK, SD) or (sign and unit == YEARS) else 0 if unit == HOURS else 1
    least = min(abs(band.low), abs(band.high))
    if sign and band.low * band.high > 0:
        places = next((more for more in range(places, places + 3) if round(least, more)), places + 2)
    after = (_(" points") if sign else "%") if unit == PERCENT else ""

    def told(value: float) -> str:
        return decimal_comma(f"{value:{'+' if sign else ''}z.{places}f}")

    between = _("{low} to {high}").format(low=told(band.low), high=told(band.high))
    return f"{told(band.median)}{after} ({between})"


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
    "marks": N_("the mean mark of the last exam"),
    "laude": N_("cum laude"),
    "acts": N_("what was done beside the lessons, such as an early exam"),
    "entry": N_("where or when higher education was entered, if at all"),
}


def _replications(done: Finished, world: str) -> list[Totals]:
    return [totals for (name, _n), totals in sorted(done.totals.items()) if name == world]


BORED = ("boredom.b0", "boredom.b1")
PAGE = ("vmbo-bb", "vmbo-kb", "vmbo-gl", "vmbo-tl", "havo", "vwo", "mbo-4", "hbo-bachelor", "wo-bachelor")
"""The diplomas that are told on the page of a report."""


def _figures(law: Lawbook) -> Iterator[Figure]:
    everybody = ("pupils",)
    for diploma in law.diplomas.values():
        name, label = diploma.id, str(diploma.label)
        key, page = (f"diploma/{name}",), name in PAGE
        yield Figure(f"diploma.{name}", _("with {diploma}").format(diploma=label), key, everybody, page=page)
    for diploma in law.diplomas.values():
        name, label = diploma.id, str(diploma.label)
        key, page = (f"diploma/{name}",), name in PAGE[-5:]
        age = _("age at {diploma}").format(diploma=label)
        yield Figure(f"age.{name}", age, (f"age/{name}",), key, 1.0, YEARS, page=page)
        timely = _("{diploma} without having repeated").format(diploma=label)
        yield Figure(f"on-time.{name}", timely, (f"on-time/{name}",), key, page=page)
        for at in AGES:
            text = _("{diploma} at {age}").format(diploma=label, age=at)
            yield Figure(f"age-at.{name}.{at}", text, (f"age-at/{name}/{at}",), everybody, sparse=True)
    yield from _time(law)
    yield from _exams(law)
    yield from _ways(law)
    for act in law.acts.values():
        label = _("who did: {act}").format(act=act.label)
        yield Figure(f"did.{act.id}", label, (f"did/{act.id}",), everybody, page=act.takes == "choice", sparse=True)
    yield Figure("stuck", _("left without a lawful step"), ("stuck",), everybody)
    yield Figure("bored", _("often bored, of school years in vo"), ("bored",), ("years/vo",), page=True, shown_by=BORED)
    top = _("often bored, of school years of the best fifth in vo")
    yield Figure("bored-top", top, ("bored-top",), ("top",), page=True, shown_by=BORED)
    peer = _("peer well-being of who skipped a year")
    yield Figure("peer", peer, ("peer",), ("skipped-years",), 0.001, SD, page=True)
    yield from _compared()
    freed = _("of lesson time in po, freed by compacting")
    yield Figure("freed.po", freed, ("freed",), ("years/po",), 0.1, page=True, sparse=True)
    yield from _means(law)


def _time(law: Lawbook) -> Iterator[Figure]:
    for sector in dict.fromkeys(track.sector for track in law.tracks.values()):
        page = sector in ("po", "vo", "ho")
        repeated = _("school years in {sector} repeated").format(sector=sector)
        yield Figure(f"repeats.{sector}", repeated, (f"repeats/{sector}",), (f"years/{sector}",), page=page)
        years = _("school years in {sector} for each child").format(sector=sector)
        yield Figure(f"years.{sector}", years, (f"years/{sector}",), ("pupils",), 1.0, YEARS, page=page)


def _exams(law: Lawbook) -> Iterator[Figure]:
    for level in dict.fromkeys(exam.level for exam in law.exams.values()):
        sat, page = (f"exam/{level}",), level in ("havo", "vwo", "tl")
        name = law.level_text(level)
        passed = _("exams {level} passed").format(level=name)
        yield Figure(f"passed.{level}", passed, (f"passed/{level}",), sat, page=page)
        laude = _("cum laude of those who passed {level}").format(level=name)
        yield Figure(f"laude.{level}", laude, (f"laude/{level}",), (f"passed/{level}",), page=page)
        resat = _("with a resit, of the exams {level}").format(level=name)
        yield Figure(f"resat.{level}", resat, (f"resat/{level}",), sat)
        for kind, label in (("se", _("mean school exam mark {level}")), ("ce", _("mean central exam mark {level}"))):
            yield Figure(
                f"{kind}.{level}",
                label.format(level=name),
                (f"sum-{kind}/{level}",),
                (f"marked/{level}",),
                0.01,
                MARK,
                page=page and kind == "ce",
            )


def _ways(law: Lawbook) -> Iterator[Figure]:
    """Switches and stacking in secondary school; who enters higher education and what comes of it."""
    year = ("years/vo",)
    yield Figure("switch.vo", _("to another level, of school years in vo"), ("switch/vo",), year, page=True)
    stack = _("stacking: after an exam of vo to another level of vo")
    yield Figure("stack.vo", stack, ("stack/vo",), ("pupils",), page=True)
    entries = ("none", *law.diplomas)
    for name, tracks in (("hbo", ("ho/hbo", "ho/hbo-three")), ("wo", ("ho/wo",))):
        enter = tuple(f"enter/{track}/1/{entry}" for track in tracks for entry in entries)
        left = tuple(f"leave/{track}/1/{entry}" for track in tracks for entry in entries)
        yield Figure(f"enter.{name}", _("entering {name}").format(name=name), enter, ("pupils",), page=True)
        dropped = _("leaving after the first year of {name}").format(name=name)
        yield Figure(f"dropout.{name}", dropped, left, enter, page=True)
        success = _("degrees of {name}, of those who enter it").format(name=name)
        yield Figure(f"success.{name}", success, (f"diploma/{name}-bachelor",), enter, page=True)


def _compared() -> Iterator[Figure]:
    """Skill of who is further in school than under the first policy, or less far, by both ways to compare."""
    ahead, behind = (
        (_("skill of who is ahead at 10, against themselves at the same age"), _("the same, in the same grade")),
        (_("skill of who is behind at 10, against themselves at the same age"), _("the same, in the same grade")),
    )
    for name, (age, grade) in (("ahead", ahead), ("behind", behind)):
        yield Figure(f"{name}.same-age", age, (f"{name}/same-age",), (name,), 0.001, SD, page=True)
        yield Figure(f"{name}.same-grade", grade, (f"{name}/same-grade",), (f"{name}/graded",), 0.001, SD, page=True)


def _means(law: Lawbook) -> Iterator[Figure]:
    """Hours of teaching by the plan of a policy, and money: only where a policy has them."""
    for sector in ("po", "vo"):
        years = (f"hours-years/{sector}",)
        hours = _("hours of teaching in {sector} for each child").format(sector=sector)
        yield Figure(f"hours.{sector}", hours, (f"hours/{sector}",), ("pupils",), 1.0, HOURS, page=True)
        yearly = _("hours of teaching in a school year in {sector}").format(sector=sector)
        yield Figure(f"hours-a-year.{sector}", yearly, (f"hours/{sector}",), years, 1.0, HOURS)
        extra = _("of the hours in {sector}, extra activities").format(sector=sector)
        yield Figure(f"hours-extra.{sector}", extra, (f"hours-extra/{sector}",), (f"hours/{sector}",))
        short = _("of school years in {sector}, below a norm of teaching time").format(sector=sector)
        yield Figure(f"hours-short.{sector}", short, (f"hours-short/{sector}",), years, page=True)
    for fund in law.funds.values():
        label, years = str(fund.label), (f"money-years/{fund.id}",)
        each = _("{fund}, known amounts for each child").format(fund=label)
        yield Figure(f"money.{fund.id}", each, (f"money/{fund.id}",), ("pupils",), 0.01, EURO, page=True)
        unknown = _("{fund}: of school years, those without a known amount").format(fund=label)
        yield Figure(f"money-unknown.{fund.id}", unknown, (f"money-unknown/{fund.id}",), years)


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
