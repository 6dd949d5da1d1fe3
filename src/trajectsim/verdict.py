"""Verdicts: a table applied to facts says yes or no, with which force, by which tests, and by which article.

``judge`` serves one pupil (facts are integers) and a cohort (facts are integer arrays of one shape) with the same
lines. Truth has three values, NO, MAYBE and YES, coded so that ``&`` and ``|`` combine them; a fact that is UNKNOWN
makes a test MAYBE, and a table that hangs on it undecided: never a guess. A verdict keeps its columns; words are made
only for the row that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from attrs import field, frozen

from trajectsim.law.facts import UNKNOWN, Fact
from trajectsim.law.tables import Check, Cite, Force, Table, Test, Way
from trajectsim.marks import mean_at_least, mean_at_most
from trajectsim.words import N_, _, listed

NO, MAYBE, YES = 0b00, 0b01, 0b11

Column = Any
"""An int for one pupil, an integer array for many."""


class Outcome(StrEnum):
    """What a verdict means for a step that a pupil might take."""

    OPEN = "open"
    SCHOOL_DECIDES = "school-decides"
    NOT_OFFERED = "not-offered"
    NEEDS_UNMET = "needs-unmet"
    UNLAWFUL = "unlawful"
    UNDECIDED = "undecided"

    @property
    def text(self) -> str:
        return _(_OUTCOME_TEXT[self])

    @property
    def refused(self) -> bool:
        """Whether the step cannot be taken, whatever the school wants."""
        return self in (Outcome.NOT_OFFERED, Outcome.NEEDS_UNMET, Outcome.UNLAWFUL)


_OUTCOME_TEXT = {
    Outcome.OPEN: N_("open"),
    Outcome.SCHOOL_DECIDES: N_("the school decides"),
    Outcome.NOT_OFFERED: N_("not offered"),
    Outcome.NEEDS_UNMET: N_("needs not met"),
    Outcome.UNLAWFUL: N_("not lawful"),
    Outcome.UNDECIDED: N_("undecided"),
}


@frozen
class Node:
    """A line of a verdict for people, and the lines under it. ``truth`` is None where nothing was judged."""

    text: str
    truth: int | None = None
    cite: Cite | None = None
    children: tuple[Node, ...] = ()


@frozen(eq=False)
class Verdict:
    """What a table says of facts.

    ``truth`` is NO, MAYBE or YES; ``way`` the index of the way that decided it, -1 where none did. ``checks`` has, for
    each way, the truth of each of its tests. All are columns: ints for one pupil, arrays for many.
    """

    table: Table
    facts: Mapping[str, Column] = field(repr=False)
    truth: Column
    way: Column
    checks: tuple[tuple[Column, ...], ...] = field(repr=False)

    def row(self, i: int) -> Verdict:
        """The verdict of one pupil of many."""
        facts = {name: _at(column, i) for name, column in self.facts.items()}
        checks = tuple(tuple(_at(column, i) for column in way) for way in self.checks)
        return Verdict(self.table, facts, _at(self.truth, i), _at(self.way, i), checks)

    # The rest speaks of one pupil: take a row first.

    @property
    def deciding(self) -> Way | None:
        """The way that decides: the one that holds; else the nearest to holding."""
        if self.way >= 0:
            return self.table.ways[int(self.way)]
        nearest = self.nearest
        return None if nearest is None else self.table.ways[nearest]

    @cached_property
    def nearest(self) -> int | None:
        """The index of the way with the fewest unmet tests that does not forbid.

        Of several, one that only a measure keeps shut; then the one whose first unmet test comes latest, because tests
        stand from the general to the particular; then table order.
        """
        ranks: list[tuple[int, bool, int, int]] = []
        for index, (way, truths) in enumerate(zip(self.table.ways, self.checks, strict=True)):
            unmet = [n for n, truth in enumerate(truths) if truth != YES]
            offered = all(way.checks[n].fact.source == "measure" for n in unmet)
            if way.force is not Force.FORBIDDEN:
                ranks.append((len(unmet), not offered, -unmet[0] if unmet else 0, index))
        return min(ranks)[-1] if ranks else None

    @property
    def force(self) -> Force | None:
        """With which force it is open or forbidden; None when no way holds."""
        return self.table.ways[int(self.way)].force if self.way >= 0 else None

    @property
    def cite(self) -> Cite:
        """The citation of the way that decides, or of the rule."""
        way = self.deciding
        return self.table.cite if way is None else way.cite

    @property
    def unmet(self) -> tuple[Check, ...]:
        """The tests of the deciding way that fail or cannot be told; none when it holds."""
        way = self.deciding
        if way is None or self.way >= 0:
            return ()
        return tuple(c for c, truth in zip(way.checks, self.checks[self.nearest or 0], strict=True) if truth != YES)

    @property
    def outcome(self) -> Outcome:
        """Open, school decides, or why not."""
        if self.truth == YES:
            return Outcome.SCHOOL_DECIDES if self.force is Force.DISCRETION else Outcome.OPEN
        if self.truth == MAYBE:
            return Outcome.UNDECIDED
        if self.force is Force.FORBIDDEN or self.nearest is None:
            return Outcome.UNLAWFUL
        offers = all(check.fact.source == "measure" for check in self.unmet)
        return Outcome.NOT_OFFERED if offers else Outcome.NEEDS_UNMET

    def why(self, under: Callable[[Fact], tuple[Node, ...]] = lambda _fact: ()) -> tuple[Node, ...]:
        """The tests of the way that decides, as lines; ``under`` adds what is behind a fact, such as a measure."""
        way = self.deciding
        if way is None:
            return ()
        index = self.way if self.way >= 0 else (self.nearest or 0)
        pairs = zip(way.checks, self.checks[index], strict=True)
        return tuple(self._line(check, truth, under(check.fact)) for check, truth in pairs)

    def why_not(self) -> str:
        """In one sentence what is missing; empty when nothing is."""
        if self.way >= 0:
            return self._forbidden_text() if self.force is Force.FORBIDDEN else ""
        if not self.unmet:
            return self._unknown_text() if self.truth == MAYBE else _("the law of this year does not know it")
        return "; ".join(
            _("{fact}: {required} required, {observed} found").format(
                fact=check.fact.label,
                required=required(check, self.facts),
                observed=observed(check, self.facts),
            )
            for check in self.unmet
        )

    def what_would_change(self) -> dict[str, str]:
        """By fact, what would have to be otherwise for the nearest way to hold."""
        return {check.fact.id: required(check, self.facts) for check in self.unmet}

    def _unknown_text(self) -> str:
        """Nothing is missing where it would be open, but elsewhere something unknown could forbid or change it."""
        pairs = zip(self.table.ways, self.checks, strict=True)
        open_ones = (c for way, truths in pairs for c, t in zip(way.checks, truths, strict=True) if t == MAYBE)
        facts = dict.fromkeys(str(check.fact.label) for check in open_ones)
        return _("not known: {facts}").format(facts=listed(facts))

    def _forbidden_text(self) -> str:
        way = self.table.ways[int(self.way)]
        met = (f"{c.fact.label}: {observed(c, self.facts)}" for c in way.checks)
        return _("forbidden while {facts}").format(facts=listed(met)) if way.checks else _("forbidden")

    def _line(self, check: Check, truth: int, children: tuple[Node, ...]) -> Node:
        seen = observed(check, self.facts)
        wanted = required(check, self.facts)
        text = f"{check.fact.label}: {seen}"
        if truth != YES or wanted != seen:
            text = _("{fact}: {observed} ({required} required)").format(
                fact=check.fact.label, observed=seen, required=wanted
            )
        return Node(text, truth, children=children)


def judge(table: Table, facts: Mapping[str, Column]) -> Verdict:
    """Apply a table to facts by id: ints, or integer arrays of one shape (ints among them hold for all)."""
    checks = tuple(tuple(_check(check, facts) for check in way.checks) for way in table.ways)
    forbidden: Column = NO
    allowed: Column = NO
    forbidding: Column = -1
    allowing: Column = -1
    doubt: Column = False
    whole: list[Column] = []
    for index in reversed(range(len(table.ways))):
        truth: Column = YES
        for column in checks[index]:
            truth = truth & column
        whole.append(truth)
        if table.ways[index].force is Force.FORBIDDEN:
            forbidden = forbidden | truth
            forbidding = forbidding + (index - forbidding) * (truth == YES)
        else:
            allowed = allowed | truth
            allowing = allowing + (index - allowing) * (truth == YES)
    whole.reverse()
    for earlier, later in table.rivals:  # a way that may hold, before one that does and means something else
        doubt = doubt | ((whole[earlier] == MAYBE) & (allowing == later))
    truth = allowed & _not(forbidden)
    truth = truth - (YES - MAYBE) * ((truth == YES) & doubt)
    decided = forbidding + (allowing - forbidding) * ((forbidden != YES) & (truth == YES))
    return Verdict(table, facts, truth, decided, checks)


def hold(checks: Iterable[Check], facts: Mapping[str, Column]) -> Column:
    """Whether all of some tests hold: NO, MAYBE or YES, for one pupil or many."""
    truth: Column = YES
    for check in checks:
        truth = truth & _check(check, facts)
    return truth


def required(check: Check, facts: Mapping[str, Column]) -> str:
    """What a test asks for, for people."""
    fact = check.fact
    bound: int | tuple[int, ...] = int(facts[check.bound]) if isinstance(check.bound, str) else check.bound
    if isinstance(bound, tuple):
        text = listed((fact.text(each) for each in bound), _("or"))
    elif fact.kind == "set" and check.test is not Test.COUNT:
        text = listed(fact.members_text(bound), _("and") if check.test is Test.HAS else _("or"))
    else:
        text = str(bound) if check.test is Test.COUNT else fact.text(bound)
    return _(_REQUIRED[check.test]).format(bound=text)


def observed(check: Check, facts: Mapping[str, Column]) -> str:
    """What was found, for people."""
    return check.fact.text(facts[check.fact.id])


_REQUIRED = {
    Test.EQUAL: N_("{bound}"),
    Test.NOT: N_("not {bound}"),
    Test.MIN: N_("at least {bound}"),
    Test.MAX: N_("at most {bound}"),
    Test.ANY: N_("{bound}"),
    Test.NONE: N_("other than {bound}"),
    Test.HAS: N_("{bound}"),
    Test.HAS_ANY: N_("{bound}"),
    Test.HAS_NONE: N_("without {bound}"),
    Test.COUNT: N_("at least {bound} of them"),
    Test.MEAN_MIN: N_("on average at least {bound}"),
    Test.MEAN_MAX: N_("on average at most {bound}"),
}


def _at(column: Column, i: int) -> int:
    return column if isinstance(column, int) else int(column[i] if getattr(column, "ndim", 0) else column)


def _not(truth: Column) -> Column:
    return YES * (truth == NO) | MAYBE * (truth == MAYBE)


def _check(check: Check, facts: Mapping[str, Column]) -> Column:
    value = facts[check.fact.id]
    known = value != UNKNOWN
    bound: Any = check.bound
    if isinstance(bound, str):
        bound = facts[bound]
        known = known & (bound != UNKNOWN)
    over: Any = check.over
    if isinstance(over, str) and over:
        over = facts[over]
        known = known & (over != UNKNOWN)
    return YES * (_TESTS[check.test](value, bound, over) & known) | MAYBE * (known ^ True)


def _any(value: Column, bounds: tuple[int, ...], _over: Any) -> Column:
    found: Column = value == bounds[0]
    for bound in bounds[1:]:
        found = found | (value == bound)
    return found


def _members(value: Column, least: int, of: int) -> Column:
    count: Column = 0
    for bit in range(of.bit_length()):
        count = count + ((value & of) >> bit & 1)
    return count >= least


_TESTS: dict[Test, Callable[[Any, Any, Any], Any]] = {
    Test.EQUAL: lambda value, bound, _over: value == bound,
    Test.NOT: lambda value, bound, _over: value != bound,
    Test.MIN: lambda value, bound, _over: value >= bound,
    Test.MAX: lambda value, bound, _over: value <= bound,
    Test.ANY: _any,
    Test.NONE: lambda value, bounds, over: _any(value, bounds, over) ^ True,
    Test.HAS: lambda value, mask, _over: (value & mask) == mask,
    Test.HAS_ANY: lambda value, mask, _over: (value & mask) != 0,
    Test.HAS_NONE: lambda value, mask, _over: (value & mask) == 0,
    Test.COUNT: _members,
    Test.MEAN_MIN: mean_at_least,
    Test.MEAN_MAX: mean_at_most,
}
