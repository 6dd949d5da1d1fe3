"""Decision tables: dated versions of ordered ways, each an *and* of tests on facts, with a force and a citation.

A table knows how to be written down and compiled, not how to be judged: that is ``trajectsim.verdict``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, NewType, Protocol, TypeVar

from attrs import field, frozen

from trajectsim.errors import Key
from trajectsim.law.facts import Fact, Facts
from trajectsim.reading import Unfit, did_you_mean, quoted
from trajectsim.words import N_, Label, _


class Force(StrEnum):
    """What a way that holds means for the pupil."""

    RIGHT = "right"
    DISCRETION = "discretion"
    DUTY = "duty"
    FORBIDDEN = "forbidden"

    @property
    def text(self) -> str:
        return _(_FORCE_TEXT[self])


_FORCE_TEXT = {
    Force.RIGHT: N_("right"),
    Force.DISCRETION: N_("the school decides"),
    Force.DUTY: N_("duty"),
    Force.FORBIDDEN: N_("forbidden"),
}


@frozen
class Span:
    """School years from ``first`` to ``last``, both included and given as the year they start in; None is open."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, year: int) -> bool:
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)

    def clamp(self, year: int) -> int:
        """The year of this span that is nearest to a year."""
        if self.first is not None and year < self.first:
            return self.first
        return self.last if self.last is not None and year > self.last else year

    def common(self, other: Span) -> Span | None:
        """The years of both."""
        first = max((span.first for span in (self, other) if span.first is not None), default=None)
        last = min((span.last for span in (self, other) if span.last is not None), default=None)
        return None if first is not None and last is not None and last < first else Span(first, last)

    def pieces(self, cut: Span) -> Iterator[tuple[Span, bool]]:
        """This span in pieces before, in and after the years of another, and whether a piece is in it."""
        sides = (
            (Span(None, cut.first - 1) if cut.first is not None else None, False),
            (cut, True),
            (Span(cut.last + 1, None) if cut.last is not None else None, False),
        )
        for side, inside in sides:
            piece = self.common(side) if side is not None else None
            if piece is not None:
                yield piece, inside


Confidence = NewType("Confidence", str)
CONFIDENCES = ("A", "B", "C")
REFORM = Confidence("reform")
"""The confidence of what is no law: a draft reform that a scenario lays over it."""


@frozen
class Cite:
    """Where a rule stands, while the span lasts. ``confidence``: A read in the law, B official page, C memory; or it is
    REFORM, and then ``law`` is the title of the reform and ``published`` the article that it changes."""

    span: Span
    law: str
    confidence: Confidence
    article: str = ""
    published: str = ""
    note: Label | None = None

    def __str__(self) -> str:
        if self.reform:
            told = _('draft reform "{title}"').format(title=self.law)
            changes = _("{reform}, which changes {article}")
            return changes.format(reform=told, article=self.published) if self.published else told
        if self.law == "none":
            return _("no rule in law")
        article = _("{law} art. {article}").format(law=self.law, article=self.article)
        return ", ".join(filter(None, [article if self.article else self.law, self.published]))

    @property
    def reform(self) -> bool:
        """Whether it is a draft reform, and no law."""
        return self.confidence == REFORM

    @property
    def sure(self) -> str:
        """The citation with its confidence; what was not verified is said to be so, and a reform says it itself."""
        if self.reform:
            return str(self)
        return (
            _("{cite} [C: not verified]").format(cite=self) if self.confidence == "C" else f"{self} [{self.confidence}]"
        )

    @property
    def noted(self) -> str:
        """The same, with the note on what it says."""
        return f"{self.sure} - {self.note}" if self.note else self.sure


class Test(StrEnum):
    """The named tests. The first six are about one value, the next four about a set, the last two about a mean."""

    __test__ = False  # the name is no invitation to pytest

    EQUAL = "equal"
    NOT = "not"
    MIN = "min"
    MAX = "max"
    ANY = "any"
    NONE = "none"
    HAS = "has"
    HAS_ANY = "has-any"
    HAS_NONE = "has-none"
    COUNT = "count"
    MEAN_MIN = "mean-min"
    MEAN_MAX = "mean-max"


@frozen
class Check:
    """One test on one fact.

    ``bound`` is an integer (tenths for a mark, a mask for a set), several of them for ANY and NONE, or the name of
    another fact, which is then ``beside``. ``over`` is, for a mean, the fact that counts, and for COUNT the mask that
    is counted in.
    """

    fact: Fact
    test: Test
    bound: int | str | tuple[int, ...]
    over: str | int = ""
    beside: Fact | None = None


@frozen
class WayText:
    """A way as it is written in the law data."""

    force: Force
    needs: dict[str, Any] = field(factory=dict[str, Any])
    id: str = ""
    practice: str = ""
    cite: tuple[Cite, ...] = ()


@frozen
class Version:
    """The ways that answer while the span lasts."""

    span: Span
    ways: tuple[WayText, ...]


@frozen
class Way:
    """A compiled way. ``rule`` is the rule it was written in: a duty's way can stand in the table of a move."""

    rule: str
    force: Force
    checks: tuple[Check, ...]
    cite: Cite
    practice: str = ""
    id: str = ""


@frozen
class Table:
    """The ways that answer for one rule in one school year, in order; a forbidden way that holds beats them all."""

    rule: str
    year: int
    cite: Cite
    ways: tuple[Way, ...]
    extrapolated: bool = False

    @cached_property
    def rivals(self) -> tuple[tuple[int, int], ...]:
        """Pairs of ways, the earlier first, that open the same differently: by another force or another practice."""
        manners = [(way.force, way.practice) for way in self.ways]
        opening = [n for n, way in enumerate(self.ways) if way.force is not Force.FORBIDDEN]
        return tuple((n, m) for n in opening for m in opening if n < m and manners[n] != manners[m])


class HasSpan(Protocol):
    """Something that answers while its span lasts."""

    @property
    def span(self) -> Span: ...


Dated = TypeVar("Dated", bound=HasSpan)


def at(dated: Iterable[Dated], year: int) -> Dated:
    """The one entry whose span holds the year."""
    return next(entry for entry in dated if year in entry.span)


def holes(spans: Sequence[Span], years: Iterable[int]) -> list[tuple[int, int]]:
    """The years that not exactly one of the spans answers for, with how many do."""
    counts = ((year, sum(year in span for span in spans)) for year in years)
    return [(year, count) for year, count in counts if count != 1]


def compile_way(way: WayText, rule: str, cites: Iterable[Cite], year: int, facts: Facts) -> Way:
    """The way as it answers in a school year; the citation of the rule serves where it has none of its own."""
    return Way(rule, way.force, compile_needs(way.needs, facts), at(way.cite or cites, year), way.practice, way.id)


def compile_needs(needs: Mapping[str, Any], facts: Facts) -> tuple[Check, ...]:
    """The checks that a table of needs asks for. Raises NeedsError at the first that means nothing."""
    checks: list[Check] = []
    for name, need in needs.items():
        fact = facts.get(name)
        if fact is None:
            raise NeedsError((name,), _("unknown fact {name}").format(name=quoted(name)) + did_you_mean(name, facts))
        try:
            checks.extend(_checks(fact, need, facts))
        except Unfit as error:
            raise NeedsError((name,), _("expected {expected}").format(expected=error.expected)) from None
    return tuple(checks)


class NeedsError(ValueError):
    """Something in a table of needs that means nothing, and where."""

    def __init__(self, at: tuple[Key, ...], message: str) -> None:
        super().__init__(message)
        self.at = at


def _checks(fact: Fact, need: Any, facts: Facts) -> Iterable[Check]:
    if need == {}:
        raise Unfit(_("at least one test"))
    if not isinstance(need, dict):
        yield _one(fact, Test.EQUAL, need, facts)
        return
    known = _SET_TESTS if fact.kind == "set" else _VALUE_TESTS
    for name, value in need.items():  # pyright: ignore[reportUnknownVariableType]
        if name not in known:
            raise Unfit(_("one of the tests {tests}").format(tests=", ".join(known)))
        yield known[name](fact, value, facts)


def _one(fact: Fact, test: Test, value: Any, facts: Facts, over: str = "") -> Check:
    """A test against one value, or against another fact."""
    if isinstance(value, str) and value.startswith("@"):
        other = facts.get(value[1:])
        if other is None or other is fact or other.comparable != fact.comparable:
            raise Unfit(_("the name of another fact of the same kind after @"))
        return Check(fact, test, other.id, over, other)
    return Check(fact, test, fact.encode(value), over)


Maker = Callable[[Fact, Any, Facts], Check]


def _single(test: Test) -> Maker:
    return lambda fact, value, facts: _one(fact, test, value, facts)


def _several(test: Test) -> Maker:
    def make(fact: Fact, value: Any, _facts: Facts) -> Check:
        if not isinstance(value, list) or not value:
            raise Unfit(_("an array of values"))
        return Check(fact, test, tuple(fact.encode(each) for each in value))  # pyright: ignore[reportUnknownVariableType]

    return make


def _mask(test: Test) -> Maker:
    return lambda fact, value, _facts: Check(fact, test, _members(fact, value))


def _members(fact: Fact, value: Any) -> int:
    if value == []:
        raise Unfit(_("at least one member"))
    return fact.mask(value)


def _mean(fact: Fact, value: Any, facts: Facts) -> Check:
    over: Any = value.get("over") if isinstance(value, dict) else None  # pyright: ignore
    if not (isinstance(value, dict) and len(value) == 2 and isinstance(over, str) and over in facts):  # pyright: ignore
        raise Unfit(_("min or max, and over: the fact that counts"))
    test = Test.MEAN_MIN if "min" in value else Test.MEAN_MAX
    bound = value["min"] if "min" in value else value.get("max")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return _one(fact, test, bound, facts, over)


def _count(fact: Fact, value: Any, _facts: Facts) -> Check:
    if not (isinstance(value, dict) and set(value) == {"of", "min"} and type(value["min"]) is int):  # pyright: ignore
        raise Unfit(_("of: an array of members, and min: how many"))
    return Check(fact, Test.COUNT, value["min"], _members(fact, value["of"]))


_VALUE_TESTS: dict[str, Maker] = {
    "equal": _single(Test.EQUAL),
    "not": _single(Test.NOT),
    "min": _single(Test.MIN),
    "max": _single(Test.MAX),
    "any": _several(Test.ANY),
    "none": _several(Test.NONE),
    "mean": _mean,
}
_SET_TESTS: dict[str, Maker] = {
    "has": _mask(Test.HAS),
    "any": _mask(Test.HAS_ANY),
    "none": _mask(Test.HAS_NONE),
    "count": _count,
}
