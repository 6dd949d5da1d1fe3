"""What a scenario of a cohort expects: figures, and differences between policies. It knows no more than their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from attrs import field, frozen

from trajectsim.cohort.names import FIGURES
from trajectsim.errors import Key, Problem
from trajectsim.reading import quoted
from trajectsim.scenario.expected import code_problems
from trajectsim.scenario.faults import nothing, unknown, wrong
from trajectsim.scenario.format import ProblemExpected
from trajectsim.words import _


@frozen(kw_only=True)
class FigureExpected:
    """A figure of a policy (the first, where none is named) as it is to be: a ``value`` give or take a ``tolerance``,
    or from ``min`` to ``max``; of the median, in the unit of the figure. With ``against``, its difference to another
    policy, pupil by pupil; ``sure``: that the band of the difference lies to one side of nothing, or not. In every
    ``world``, where none is named."""

    figure: str
    policy: str = ""
    against: str = ""
    world: str = ""
    value: Decimal | None = None
    tolerance: Decimal | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    sure: bool | None = None
    because: str = ""
    note: str = ""

    @property
    def least(self) -> Decimal | None:
        """The least that the median may be."""
        return self.min if self.value is None else self.value - (self.tolerance or 0)

    @property
    def most(self) -> Decimal | None:
        """The most that the median may be."""
        return self.max if self.value is None else self.value + (self.tolerance or 0)


@frozen(kw_only=True)
class CohortExpect:
    """What is expected of a cohort."""

    cohort: tuple[FigureExpected, ...] = ()
    problem: tuple[ProblemExpected, ...] = field(default=())


def figure_problems(expect: CohortExpect, policies: Sequence[str], worlds: Sequence[str]) -> Iterator[Problem]:
    """Expectations of figures, policies and worlds that are unknown, or of nothing at all."""
    yield from code_problems(expect.problem)
    for number, each in enumerate(expect.cohort):
        at = ("expect", "cohort", number)
        yield from unknown(each.figure, FIGURES, _("figure"), (*at, "figure"))
        for key, known in (("policy", policies), ("against", policies), ("world", worlds)):
            name: str = getattr(each, key)
            if name:
                yield from unknown(name, known, _("world") if key == "world" else _("policy"), (*at, key))
        yield from _bound_problems(each, at)
        if each.against and each.against == (each.policy or next(iter(policies), "")):
            yield wrong((*at, "against"), _("a policy does not differ from itself"))


def _bound_problems(each: FigureExpected, at: tuple[Key, ...]) -> Iterator[Problem]:
    bounds = (each.min, each.max)
    if each.value is None and bounds == (None, None) and each.sure is None:
        yield nothing(at)
    if each.value is not None and bounds != (None, None):
        yield wrong(at, _("expected either value or min and max"))
    if each.value is not None and each.tolerance is None:
        hint = _("write tolerance = 0.5, or min and max: a figure of a cohort is no exact number")
        message = _("the key {key} is missing").format(key=quoted("tolerance"))
        yield Problem("S102", message, at=at, hint=hint)
    if each.tolerance is not None and each.value is None:
        message = _("{key} belongs to {other}").format(key=quoted("tolerance"), other=quoted("value"))
        yield Problem("S101", message, at=(*at, "tolerance"), on_key=True)
    if each.tolerance is not None and each.tolerance < 0:
        yield wrong((*at, "tolerance"), _("expected a number of 0 or more"))
    if each.min is not None and each.max is not None and each.min > each.max:
        yield wrong(at, _("the least is more than the most"))
    if each.sure is not None and not each.against:
        message = _("{key} belongs to {other}").format(key=quoted("sure"), other=quoted("against"))
        yield Problem("S101", message, at=(*at, "sure"), on_key=True)
