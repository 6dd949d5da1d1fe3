"""Verdicts: a table applied to facts says yes or no, with which force, by which tests, and by which article.

``judge`` serves one pupil (facts are integers) and a cohort (facts are integer arrays of one shape) with the same
lines. Truth has three values, NO, MAYBE and YES, coded so that ``&`` and ``|`` combine them; a fact that is UNKNOWN
makes a test MAYBE, and a table that hangs on it undecided: never a guess. Words are made only for the row that is
asked for.

Inside, a truth is a pair, of bools or of arrays of them: whether it surely holds, and whether it may. The two are one
object where nothing is unknown, and are then computed once. What an array is asked here, numpy answers, but this
module does not import it: most commands have no cohort.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any

from attrs import field, frozen

from trajectsim.law.facts import UNKNOWN, Fact
from trajectsim.law.tables import Check, Cite, Force, Table, Test, Way
from trajectsim.marks import mean_at_least, mean_at_most
from trajectsim.words import N_, _, listed, mean_text

NO, MAYBE, YES = 0b00, 0b01, 0b11

Column = Any
"""An int for one pupil, an integer array for many."""

Pair = tuple[Column, Column]
"""Whether it surely holds and whether it may."""


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
    """A line of a verdict for people, and the lines under it. ``truth`` is None where nothing was judged; ``rule`` is
    the id of a rule of its own."""

    text: str
    truth: int | None = None
    cite: Cite | None = None
    children: tuple[Node, ...] = ()
    rule: str = ""


@frozen(eq=False)
class Verdict:
    """What a table says of facts.

    ``truth`` is NO, MAYBE or YES. It, ``way`` and ``checks`` are columns: ints for one pupil, arrays of one byte a row
    for many; and ints for many where ints alone decide. ``way`` and ``checks`` are made when they are asked for, from
    the facts: arrays among these must not be changed in place.
    """

    table: Table
    facts: Mapping[str, Column] = field(repr=False)
    truth: Column
    _holds: Sequence[Column] = field(repr=False)

    def row(self, i: int) -> Verdict:
        """The verdict of one pupil of many."""
        return judge(self.table, {name: _at(column, i) for name, column in self.facts.items()})

    @cached_property
    def way(self) -> Column:
        """The index of the way that decided, -1 where none did."""
        return _way(self.table, self._holds, self.truth == YES)

    @cached_property
    def checks(self) -> tuple[tuple[Column, ...], ...]:
        """For each way, the truth of each of its tests."""
        return tuple(tuple([_coded(*_test(check, self.facts)) for check in way.checks]) for way in self.table.ways)

    # The rest speaks of one pupil: take a row first.

    @property
    def deciding(self) -> Way | None:
        """The way that decides: the one that holds; else the nearest to holding."""
        if self.way >= 0:
            return self.table.ways[int(self.way)]
        nearest = self.nearest
        return None if nearest is None else self.table.ways[nearest]

    @property
    def nearest(self) -> int | None:
        """The index of the way with the fewest unmet tests that does not forbid.

        Of several, one that only a measure keeps shut; then the one whose first unmet test comes latest, because tests
        stand from the general to the particular; then table order.
        """
        return None if self._nearest is None else self._nearest[0]

    @cached_property
    def _nearest(self) -> tuple[int, list[int]] | None:
        """That index, and which of its tests are unmet, found without ``checks``: that few verdicts are asked for."""
        ranks: list[tuple[int, bool, int, int, list[int]]] = []
        for index, way in enumerate(self.table.ways):
            if way.force is not Force.FORBIDDEN:
                unmet = [n for n, check in enumerate(way.checks) if not _test(check, self.facts)[0]]
                offered = all(way.checks[n].fact.source == "measure" for n in unmet)
                ranks.append((len(unmet), not offered, -unmet[0] if unmet else 0, index, unmet))
        return min(ranks)[-2:] if ranks else None

    @property
    def force(self) -> Force | None:
        """With which force it is open or forbidden; None when no way holds."""
        return self.table.ways[int(self.way)].force if self.way >= 0 else None

    @property
    def cite(self) -> Cite:
        """The citation of the way that decides, or of the rule; of a reform where none holds and it took one away."""
        way = self.deciding
        return self.table.cite if way is None or (self.way < 0 and self.table.cite.reform) else way.cite

    @property
    def unmet(self) -> tuple[Check, ...]:
        """The tests of the deciding way that fail or cannot be told; none when it holds."""
        if self.way >= 0 or self._nearest is None:
            return ()
        index, unmet = self._nearest
        return tuple(self.table.ways[index].checks[n] for n in unmet)

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
        return "; ".join(_found(check, self.facts) for check in self.unmet)

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
        met = dict.fromkeys(f"{c.fact.label}: {observed(c, self.facts)}" for c in way.checks)
        return _("forbidden while {facts}").format(facts=listed(met)) if way.checks else _("forbidden")

    def _line(self, check: Check, truth: int, children: tuple[Node, ...]) -> Node:
        return Node(_found(check, self.facts), truth, children=children)


def judge(table: Table, facts: Mapping[str, Column]) -> Verdict:
    """Apply a table to facts by id: ints, or integer arrays of one shape (ints among them hold for all)."""
    whole = [_every(way.checks, facts) for way in table.ways]
    holds = [sure for sure, _may in whole]
    allowed: Pair = (False, False)
    forbidden: Pair = (False, False)
    for way, pair in zip(table.ways, whole, strict=True):
        if pair[1] is False:  # closed to all rows, as most ways are to one pupil
            continue
        if way.force is Force.FORBIDDEN:
            forbidden = _each(_or, forbidden, pair)
        else:
            allowed = _each(_or, allowed, pair)
    # What may be forbidden is not surely open, and what surely is may not be: the sides cross.
    sure, may = _each(_but_not, allowed, (forbidden[1], forbidden[0]))
    rivals = [(earlier, later) for earlier, later in table.rivals if whole[earlier][0] is not whole[earlier][1]]
    if rivals:  # a way that may hold, before one that does and means something else
        decided = _way(table, holds, sure)
        for earlier, later in rivals:
            sure = _but_not(sure, _and(_but_not(whole[earlier][1], whole[earlier][0]), decided == later))
    return Verdict(table, facts, _coded(sure, may), holds)


def hold(checks: Iterable[Check], facts: Mapping[str, Column]) -> Column:
    """Whether all of some tests hold: NO, MAYBE or YES, for one pupil or many."""
    sure, may = _every(checks, facts)
    return YES if sure is True else NO if may is False else _coded(sure, may)


def _found(check: Check, facts: Mapping[str, Column]) -> str:
    """What was found and, unless that tells it by itself, what is asked for."""
    seen, wanted = observed(check, facts), required(check, facts)
    told = {"fact": check.fact.label, "observed": seen, "required": wanted}
    alone = check.fact.kind == "bool" or check.test is Test.NOT or wanted == seen
    return (_("{fact}: {observed}") if alone else _("{fact}: {observed} (required: {required})")).format(**told)


def required(check: Check, facts: Mapping[str, Column]) -> str:
    """What a test asks for, for people; of a bound that is another fact its name, and what it is where facts say it."""
    fact, beside = check.fact, check.beside
    if beside is not None:
        text = str(beside.label)
        if beside.id in facts:
            text = _("{fact}, here {observed}").format(fact=text, observed=beside.text(int(facts[beside.id])))
        return _(_REQUIRED[check.test]).format(bound=text)
    bound: int | tuple[int, ...] = int(facts[check.bound]) if isinstance(check.bound, str) else check.bound
    if fact.kind == "bool" and check.test is Test.NOT:
        return fact.text(int(not bound))  # what is not no is yes
    if isinstance(bound, tuple):
        text = listed((fact.text(each) for each in bound), _("or"))
    elif fact.kind == "set" and check.test is not Test.COUNT:
        text = listed(fact.members_text(bound), _("and") if check.test is Test.HAS else _("or"))
    else:
        text = str(bound) if check.test is Test.COUNT else fact.text(bound)
    return _(_REQUIRED[check.test]).format(bound=text)


def observed(check: Check, facts: Mapping[str, Column]) -> str:
    """What was found, for people. A mean is cut, not rounded: what is shown as the bound has reached it."""
    value = facts[check.fact.id]
    if not isinstance(check.over, str) or not check.over or UNKNOWN in (value, facts[check.over]):
        return check.fact.text(value)
    count = facts[check.over]
    if not count:
        return _("none")
    mean = mean_text(value, count)
    return _("{mean} ({total} over {count})").format(mean=mean, total=check.fact.text(value), count=count)


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


def _bytes(yes: Column, kind: str = "u1") -> Column:
    """Yes and no as 1 and 0. Arrays stay one byte wide, where a number times an array of bools is eight."""
    return yes if isinstance(yes, int) else yes.view(kind)


def _coded(sure: Column, may: Column) -> Column:
    return _bytes(sure) * YES if sure is may else _bytes(sure) * (YES - MAYBE) + _bytes(may) * MAYBE


def _and(one: Column, other: Column) -> Column:
    """Both. A plain bool decides by itself: numpy takes ten times as long over it and an array as over two arrays."""
    if one is True or other is False:
        return other
    return one if other is True or one is False else one & other


def _or(one: Column, other: Column) -> Column:
    if one is False or other is True:
        return other
    return one if other is False or one is True else one | other


def _but_not(one: Column, other: Column) -> Column:
    return _and(one, other ^ True)


def _each(combine: Callable[[Column, Column], Column], one: Pair, other: Pair) -> Pair:
    sure = combine(one[0], other[0])
    return sure, sure if one[0] is one[1] and other[0] is other[1] else combine(one[1], other[1])


def _every(checks: Iterable[Check], facts: Mapping[str, Column]) -> Pair:
    sure: Column = True
    may: Column = True
    for check in checks:
        surely, maybe = _test(check, facts)
        if surely is True:  # for all rows: it changes nothing
            continue
        if maybe is False:  # for none, by a fact that is one int for all: the other tests cannot matter
            return False, False
        shared = sure is may and surely is maybe
        sure = _and(sure, surely)
        may = sure if shared else _and(may, maybe)
    return sure, may


def _way(table: Table, holds: Sequence[Column], opened: Column) -> Column:
    """The first way that holds: of those that open where it is open, of those that forbid elsewhere; -1 if none."""
    decided: Column = -1
    for index in reversed(range(len(holds))):
        if holds[index] is False:  # nowhere
            continue
        decides = holds[index] if table.ways[index].force is Force.FORBIDDEN else _and(holds[index], opened)
        decided = decided + (index - decided) * _bytes(decides, "i1")
    return decided


def _unknown(column: Column) -> Column:
    """Where a column is UNKNOWN; plain False when it is so nowhere."""
    if isinstance(column, int):
        return column == UNKNOWN
    if column.dtype.itemsize == 1 or column.dtype.kind == "u":  # too narrow for it, or without a sign
        return False
    unknown = column == UNKNOWN
    return unknown if unknown.any() else False


def _test(check: Check, facts: Mapping[str, Column]) -> Pair:
    value = facts[check.fact.id]
    bound: Any = check.bound
    over: Any = check.over
    unknown = value == UNKNOWN if type(value) is int else _unknown(value)
    if type(bound) is str:
        bound = facts[bound]
        unknown = _or(unknown, _unknown(bound))
    if over and type(over) is str:
        over = facts[over]
        unknown = _or(unknown, _unknown(over))
    holds = _TESTS[check.test](value, bound, over)
    return (holds, holds) if unknown is False else (_but_not(holds, unknown), _or(holds, unknown))


def _any(value: Column, bounds: tuple[int, ...], _over: Any) -> Column:
    found: Column = value == bounds[0]
    for bound in bounds[1:]:
        found = found | (value == bound)
    return found


def _bits(number: Column) -> int:
    """How many bits an int has, or a column has room for, its sign apart."""
    if isinstance(number, int):
        return number.bit_length()
    return 8 * number.dtype.itemsize - (number.dtype.kind == "i")


def _in_both(value: Column, mask: int) -> Column:
    """The members that are in both. An array takes no mask with members that it has no room for."""
    return value & (mask if isinstance(value, int) else mask & (1 << _bits(value)) - 1)


def _members(value: Column, least: int, of: int) -> Column:
    count: Column = 0
    for bit in range(of.bit_length()):
        if of >> bit & 1:
            count = count + _bytes(_in_both(value, 1 << bit) != 0)
    return count >= least


def _mean(test: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any, Any], Any]:
    """A test of a mean, with bound and count, where they are arrays, in a type that has room for their product."""

    def widened(total: Column, bound: Column, count: Column) -> Column:
        if isinstance(bound, int) and isinstance(count, int):
            return test(total, bound, count)
        bits = _bits(bound) + _bits(count)
        kind = "i2" if bits < 16 else "i4" if bits < 32 else "i8"
        return test(total, *(each if isinstance(each, int) else each.astype(kind) for each in (bound, count)))

    return widened


_TESTS: dict[Test, Callable[[Any, Any, Any], Any]] = {
    Test.EQUAL: lambda value, bound, _over: value == bound,
    Test.NOT: lambda value, bound, _over: value != bound,
    Test.MIN: lambda value, bound, _over: value >= bound,
    Test.MAX: lambda value, bound, _over: value <= bound,
    Test.ANY: _any,
    Test.NONE: lambda value, bounds, over: _any(value, bounds, over) ^ True,
    Test.HAS: lambda value, mask, _over: _in_both(value, mask) == mask,
    Test.HAS_ANY: lambda value, mask, _over: _in_both(value, mask) != 0,
    Test.HAS_NONE: lambda value, mask, _over: _in_both(value, mask) == 0,
    Test.COUNT: _members,
    Test.MEAN_MIN: _mean(mean_at_least),
    Test.MEAN_MAX: _mean(mean_at_most),
}
