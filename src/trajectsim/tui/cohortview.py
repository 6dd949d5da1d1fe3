"""Everything the cohort screen shows: the policies that are run on a birth cohort, what comes of them with bands, and
for one figure the picture of it and children for whom it is otherwise. No Textual here.

``CohortDesk``    what is chosen, and the run that was made of it
``show(desk)``    -> CohortView, what the screen prints
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from trajectsim.cohort.design import Cohort, Policy, policy_plan
from trajectsim.cohort.figures import AGES, Band, Line, banded, by_text, figures, line, unit_text
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.worlds import PLAIN, World
from trajectsim.path.plan import Switch
from trajectsim.tui.tornado import LETTERS, Moves, Tornado
from trajectsim.tui.yearview import Line as Told
from trajectsim.words import N_, _, ngettext

if TYPE_CHECKING:
    from trajectsim.cohort.running import Finished
    from trajectsim.scenario.cohorts import CohortSource

NONE = "none"
"""The policy without measures, where no file says what the others are compared with."""
CHILDREN, REPLICATIONS, AGE = 500, 5, 20
"""What is run where no file says it: enough to see which way a figure goes, and children who reach this age in the last
year whose law is known."""
SIZES = (100, 500, 1000, 2500, 5000, 20_000)
MOST = 26


@frozen(eq=False)
class CohortDesk:
    """``cohort`` has every policy that can be chosen, the first the one the others are compared with; ``chosen`` are
    those that are run, ``done`` what was run and ``figure`` the figure that is looked at."""

    title: str
    cohort: Cohort
    law: Lawbook = field(repr=False)
    chosen: frozenset[str] = frozenset()
    done: Finished | None = None
    figure: str = ""
    world: int = 0
    own: int = 0
    """How many children the file asks for."""
    policy: str = ""
    moves: Moves | None = None
    asked: bool = False
    """Whether it is asked what moves the figure, and of which policy: ``moves`` knows it once it was looked for."""

    @classmethod
    def of_source(cls, source: CohortSource, law: Lawbook) -> CohortDesk:
        """The cohort of a file, every policy of it chosen."""
        ids = frozenset(policy.id for policy in source.cohort.policies)
        return cls(source.title, source.cohort, law, ids, own=source.cohort.size)

    @classmethod
    def of_law(cls, law: Lawbook) -> CohortDesk:
        """Every measure that a pupil can feel, each against none."""
        off = {measure.id: Switch(False) for measure in law.measures.values() if measure.on_by_itself}
        plan = evolve(policy_plan(), measures=off)
        felt = [measure for measure in law.measures.values() if measure.acts_on != "school"]
        policies = (
            Policy(NONE, plan, _("without measures")),
            *(Policy(m.id, evolve(plan, measures={**off, m.id: Switch(True)}), str(m.label)) for m in felt[: MOST - 1]),
        )
        cohort = Cohort(CHILDREN, ((law.known.last or 0) - AGE,), policies, (World(PLAIN),), 1, REPLICATIONS)
        return cls(_("Measures of the law"), cohort, law, frozenset({NONE}))

    @property
    def run(self) -> Cohort:
        """The cohort with the policies that are chosen."""
        first = self.cohort.policies[0].id
        wanted = self.chosen | {first}
        return evolve(self.cohort, policies=tuple(p for p in self.cohort.policies if p.id in wanted))

    @property
    def stale(self) -> bool:
        """Whether what was run is another than what is chosen."""
        return self.done is None or _key(self.done.cohort) != _key(self.run)

    def toggled(self, policy: str) -> CohortDesk:
        """With a policy chosen or not; the first always is."""
        if policy == self.cohort.policies[0].id:
            return self
        return evolve(self, chosen=self.chosen ^ {policy})

    def at(self, figure: str, policy: str = "") -> CohortDesk:
        """Looking at a figure, and at a policy."""
        return evolve(self, figure=figure, policy=policy)

    def asking(self, asked: bool) -> CohortDesk:
        """Asking what moves the figure, or not any more."""
        return evolve(self, asked=asked)

    def moved_by(self, moves: Moves) -> CohortDesk:
        """With what was found out of it."""
        return evolve(self, moves=moves, asked=True)

    @property
    def known_moves(self) -> Moves | None:
        """What is known of what moves the figures of the policies that are chosen."""
        moves = self.moves
        return moves if moves is not None and _played(moves.screening.cohort) == _played(self.run) else None

    def other_world(self) -> CohortDesk:
        """Looking at the next of the worlds."""
        return evolve(self, world=(self.world + 1) % len(self.cohort.worlds))

    @property
    def world_name(self) -> str:
        """The world that is looked at, "" where there is one."""
        return self.cohort.worlds[self.world].id if len(self.cohort.worlds) > 1 else ""

    def spoken(self) -> CohortDesk:
        """The same in the language that is spoken now; a file names its policies itself."""
        if self.own:
            return self
        fresh = CohortDesk.of_law(self.law)
        labels = {policy.id: policy.label for policy in fresh.cohort.policies}
        done = self.done and evolve(self.done, cohort=_renamed(self.done.cohort, labels))
        return evolve(self, title=fresh.title, cohort=_renamed(self.cohort, labels), done=done)

    def ended(self, done: Finished) -> CohortDesk:
        """With what was run."""
        return evolve(self, done=done)

    def sized(self, by: int) -> CohortDesk:
        """With the next larger or smaller number of children."""
        sizes = sorted({*SIZES, self.own or CHILDREN, self.cohort.size})
        at = min(max(sizes.index(self.cohort.size) + by, 0), len(sizes) - 1)
        return evolve(self, cohort=evolve(self.cohort, size=sizes[at]))


def _key(cohort: Cohort) -> tuple[object, ...]:
    """Everything of a run but what its policies are called."""
    policies = tuple((policy.id, policy.plan, policy.reforms) for policy in cohort.policies)
    return cohort.size, cohort.births, policies, cohort.worlds, cohort.seed, cohort.replications


def _played(cohort: Cohort) -> tuple[object, ...]:
    """What a screening is of: its worlds and children are its own."""
    return cohort.births, tuple((p.id, p.plan, p.reforms) for p in cohort.policies), cohort.seed


def _renamed(cohort: Cohort, labels: Mapping[str, str]) -> Cohort:
    policies = (evolve(policy, label=labels.get(policy.id, policy.label)) for policy in cohort.policies)
    return evolve(cohort, policies=tuple(policies))


@frozen
class PolicyRow:
    """A policy that can be chosen."""

    id: str
    letter: str
    label: str
    chosen: bool
    first: bool

    @property
    def box(self) -> str:
        return "[A]" if self.first else f"[{self.letter}]" if self.chosen else "[ ]"


@frozen
class Bar:
    """The band of a policy in a picture: 80% of the replications lie between its ends."""

    letter: str
    label: str
    band: Band
    sure: bool
    text: str


@frozen
class Curve:
    """A share of the children by age, in %, under a policy."""

    letter: str
    ages: tuple[int, ...]
    shares: tuple[float, ...]


def coinciding(curves: Sequence[Curve], within: float) -> Iterator[tuple[int, float]]:
    """Where curves lie on one another, as (age, mean share): no further apart than can be drawn."""
    by_age: dict[int, list[float]] = {}
    for curve in curves:
        for age, share in zip(curve.ages, curve.shares, strict=True):
            by_age.setdefault(age, []).append(share)
    for age, shares in sorted(by_age.items()):
        runs: list[list[float]] = []
        for share in sorted(shares):
            if runs and share - runs[-1][-1] < within:
                runs[-1].append(share)
            else:
                runs.append([share])
        yield from ((age, sum(run) / len(run)) for run in runs if len(run) > 1)


@frozen
class Picture:
    """A figure drawn: its value under each policy and, beside the first, the differences; of a diploma the ages at
    which it is earned."""

    title: str
    values: tuple[Bar, ...]
    differences: tuple[Bar, ...]
    evidence: str
    curves: tuple[Curve, ...] = ()


@frozen(eq=False)
class CohortView:
    """What the cohort screen prints. ``lines`` are the figures, those that surely differ first."""

    title: str
    policies: tuple[PolicyRow, ...]
    lines: tuple[Told, ...]
    picture: Picture | None
    asked: str
    ran: str
    stale: bool
    tornado: Tornado | None = None


def show(desk: CohortDesk, *, running: bool = False) -> CohortView:
    """The screen for a desk, while its policies are being run or not."""
    letters = _letters(desk.run)
    rows = tuple(
        PolicyRow(p.id, letters.get(p.id, ""), p.label or p.id, p.id in letters, n == 0)
        for n, p in enumerate(desk.cohort.policies)
    )
    told = dict(_told(desk)) if desk.done is not None else {}
    lines = tuple(_lines(desk, told)) if desk.done is not None else tuple(_nothing(desk, running))
    listed = [line.key.split("/")[1] for top in lines for line in top.children if line.key.startswith("figure/")]
    figure = desk.figure if desk.figure in told else next(iter(listed), "")
    return CohortView(
        title=desk.title,
        policies=rows,
        lines=lines,
        picture=_picture(desk, figure, told) if figure else None,
        asked=_sized(desk.run),
        ran="" if desk.done is None else _sized(desk.done.cohort),
        stale=desk.stale,
        tornado=_tornado(desk, figure) if figure and desk.asked else None,
    )


def _tornado(desk: CohortDesk, figure: str) -> Tornado | None:
    """What moves a figure: its difference under the policy that is looked at, or else the second one."""
    moves, policies = desk.known_moves, [policy.id for policy in desk.run.policies]
    if moves is None:
        return None
    wanted = desk.policy if desk.policy in policies else policies[min(1, len(policies) - 1)]
    return moves.of(figure, wanted)


def _letters(cohort: Cohort) -> Mapping[str, str]:
    return {policy.id: LETTERS[n] for n, policy in enumerate(cohort.policies)}


def _sized(cohort: Cohort) -> str:
    children = ngettext("{n} child", "{n} children", cohort.size).format(n=cohort.size)
    times = ngettext("{n} replication", "{n} replications", cohort.replications).format(n=cohort.replications)
    return _("{children}, born in {years}; {times}").format(
        children=children, years=", ".join(map(str, cohort.births)), times=times
    )


def _nothing(desk: CohortDesk, running: bool) -> Iterator[Told]:
    """What can be done before anything was run, and what will come of it."""
    if running:
        yield Told("none", _("The chosen policies are being run; what comes of it stands here then."), "head")
    elif len(desk.run.policies) < 2:
        yield Told("none", _("Choose policies with the space bar, then r runs them on a birth cohort."), "head")
    else:
        yield Told("none", _("r runs the chosen policies on a birth cohort."), "head")
    for n, text in enumerate(_TO_COME):
        yield Told(f"none/{n}", _(text), "plain")


_TO_COME = (
    N_("The same children go through school under each policy; A is what the others are compared with."),
    N_("What comes of it: diplomas and the ages at which they are earned, years repeated, marks, costs and more."),
    N_("Each figure has the range that 80% of the replications lie in, and says whether a difference is sure."),
    N_("More children (+) make the figures surer, and a run longer."),
)


# --- the figures --------------------------------------------------------------------------------------------

By = Mapping[str, Line]
"""The lines of a figure by policy."""


def _told(desk: CohortDesk) -> Iterator[tuple[str, By]]:
    """The figures that have a value, by id."""
    done = desk.done
    if done is None or not done.totals:
        return
    cohort = done.cohort
    world, first = cohort.worlds[desk.world % len(cohort.worlds)].id, cohort.policies[0].id
    for figure in figures(desk.law):
        found = {p.id: line(done, figure, world, p.id, first) for p in cohort.policies}
        told = {policy: each for policy, each in found.items() if each is not None}
        if first in told:
            yield figure.id, told


def _lines(desk: CohortDesk, told: Mapping[str, By]) -> Iterator[Told]:
    sure = [name for name, by in told.items() if any(each.sure for each in by.values())]
    rest = [name for name in told if name not in sure]
    page = [name for name in rest if next(iter(told[name].values())).figure.page]
    other = [name for name in rest if name not in page]
    groups = (
        ("sure", ngettext("{n} figure differs", "{n} figures differ", len(sure)), sure, True),
        ("page", ngettext("{n} main figure", "{n} main figures", len(page)), page, True),
        ("other", ngettext("{n} other figure", "{n} other figures", len(other)), other, False),
    )
    for key, title, names, shown in groups:
        if names:
            lines = tuple(_figure(desk, name, told[name]) for name in names)
            yield Told(key, title.format(n=len(names)), "head", lines, shown=shown)
    grade = next(iter(next(iter(told.values())).values())).evidence if told else ""
    if grade:
        text = _(
            "Weakest evidence behind these figures: {grade} (A to D); in brackets behind a difference that of what the "
            "policy adds. A distribution, and no advice on a child."
        )
        yield Told("evidence", text.format(grade=grade), "assumed")


_BESIDE = "\N{NO-BREAK SPACE}" * 2
"""Between a figure and the grade of its evidence, which never stands on a line alone."""


def _figure(desk: CohortDesk, name: str, by: By) -> Told:
    """A figure with its value under the first policy and the differences of the others."""
    assert desk.done is not None
    letters = _letters(desk.done.cohort)
    first = next(iter(by.values()))
    children: list[Told] = []
    for policy, each in by.items():
        if each.difference is None:
            continue
        role = "yes" if each.sure else "maybe"
        text = f"{letters[policy]}: {banded(each.difference, each.figure.unit, sign=True)}{_BESIDE}[{by_text(each.by)}]"
        children.append(Told(f"figure/{name}/{policy}", text, role))
    text = f"{first.figure.label}: {banded(first.value, first.figure.unit)}{_BESIDE}[{first.evidence}]"
    sure = any(each.sure for each in by.values())
    return Told(f"figure/{name}", text, "plain", tuple(children), shown=sure)


def _picture(desk: CohortDesk, name: str, told: Mapping[str, By]) -> Picture:
    assert desk.done is not None
    by = told[name]
    letters = _letters(desk.done.cohort)
    labels = {policy.id: policy.label or policy.id for policy in desk.done.cohort.policies}
    first = next(iter(by.values()))
    unit = first.figure.unit
    values = (
        Bar(letters[policy], labels[policy], each.value, each.sure, banded(each.value, unit))
        for policy, each in by.items()
    )
    differences = (
        Bar(letters[policy], labels[policy], each.difference, each.sure, banded(each.difference, unit, sign=True))
        for policy, each in by.items()
        if each.difference is not None
    )
    title = f"{first.figure.label} ({unit_text(unit)})"
    curves = tuple(_curves(name, told, letters))
    return Picture(title, tuple(values), tuple(differences), first.evidence, curves)


def _curves(name: str, told: Mapping[str, By], letters: Mapping[str, str]) -> Iterator[Curve]:
    """The ages at which the diploma of a figure is earned, policy by policy; none for a figure of something else."""
    sort, _dot, rest = name.partition(".")
    if sort not in OF_DIPLOMAS:
        return
    by_age = {age: told.get(f"age-at.{rest.split('.')[0]}.{age}", {}) for age in AGES}
    seen = [age for age, by in by_age.items() if by]
    if not seen:
        return
    ages = tuple(range(seen[0] - 1, seen[-1] + 2))
    for policy, letter in letters.items():
        lines = [by_age.get(age, {}).get(policy) for age in ages]
        yield Curve(letter, ages, tuple(0.0 if each is None else each.value.median for each in lines))


OF_DIPLOMAS = ("diploma", "age", "on-time", "age-at")
"""The sorts of figures that are about a diploma."""


def scale(bars: Sequence[Bar], *, zero: bool = False) -> tuple[float, float]:
    """The ends of an axis that has room for every band, and for nothing where that is asked."""
    ends = [end for bar in bars for end in (bar.band.low, bar.band.high)] + ([0.0] if zero else [])
    low, high = min(ends), max(ends)
    return (low - 1, high + 1) if low == high else (low, high)


def drawn(bar: Bar, low: float, high: float, width: int) -> str:
    """A band on an axis as a line of text: its ends and its median; hollow where it is not sure."""
    cells = [" "] * width

    def at(value: float) -> int:
        return round((value - low) / (high - low) * (width - 1))

    if low < 0 < high:
        cells[at(0.0)] = "┊"
    first, middle, last = at(bar.band.low), at(bar.band.median), at(bar.band.high)
    for n in range(first, last + 1):
        cells[n] = "─"
    cells[first], cells[last] = ("├", "┤") if first != last else (cells[first], cells[last])
    cells[middle] = "●" if bar.sure else "○"
    return "".join(cells)
