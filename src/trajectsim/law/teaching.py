"""Teaching time and money: what a school's plan of hours has to reach, which hours count, what schools receive."""

from __future__ import annotations

from attrs import field, frozen

from trajectsim.law.moves import Versioned
from trajectsim.law.tables import Cite, Span
from trajectsim.words import Label


@frozen(kw_only=True)
class Norm(Versioned):
    """What a school's plan of teaching time has to reach by a place. A version without ways asks nothing in its years.

    Its ways ask facts of source ``plan``: whole clock hours, and days with teaching, as a plan has them.
    """


@frozen
class Most:
    """How many extra hours count in a school year, at most, while the span lasts."""

    span: Span
    hours: int


@frozen(kw_only=True)
class Allowance:
    """How many of a plan's extra hours count in the places that ``from_`` names: ``version`` at most, and all of them
    where a measure has set the fact ``all_if``."""

    id: str
    label: Label
    from_: tuple[str, ...]
    all_if: str
    version: tuple[Most, ...]
    cite: tuple[Cite, ...]


@frozen(kw_only=True)
class Amount:
    """Money in one year: ``cents`` a pupil, ``extra`` more a pupil in some places, ``school`` cents a school.

    ``year`` is a school year, or a calendar year as "2015". Without ``cents``, the amount was not found.
    """

    year: str
    cite: Cite
    cents: int | None = None
    extra: int = 0
    school: int = 0


@frozen(kw_only=True)
class Fund:
    """Money that schools receive for their pupils, year by year. A year that is not told is not known, and nothing is
    reckoned for it. ``extra_in`` are the places whose pupils bring the extra."""

    id: str
    label: Label
    from_: tuple[str, ...]
    amount: tuple[Amount, ...]
    extra_in: tuple[str, ...] = ()
    total: tuple[Total, ...] = ()
    note: Label | None = None


@frozen
class Total:
    """What a fund was in a calendar year for the whole country, in millions of euros, as a document says."""

    year: int
    millions: int
    source: str
    confidence: str = field(default="B")
