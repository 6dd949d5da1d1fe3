"""The law that comes with trajectsim, that of documents, and that with reforms: loaded, checked, asked as a book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from attrs import frozen

from trajectsim.errors import Problems
from trajectsim.law import consistency, loading
from trajectsim.law.book import AnyRule as AnyRule
from trajectsim.law.book import Book
from trajectsim.law.book import OfExams as OfExams
from trajectsim.law.clock import CALENDAR as CALENDAR
from trajectsim.law.clock import Clock as Clock
from trajectsim.law.clock import measure_span as measure_span
from trajectsim.law.facts import Facts
from trajectsim.law.keeping import kept_rows
from trajectsim.law.reforms import Reform
from trajectsim.law.tables import Span


@frozen(kw_only=True, eq=False)
class Lawbook(Book):
    """A book of the law by where it comes from."""

    @classmethod
    def load(cls) -> Lawbook:
        """The law that comes with trajectsim. Raises Problems when its data is not right."""
        return _shipped()

    @classmethod
    def of(cls, documents: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str] | None = None) -> Lawbook:
        """A lawbook of plain documents by file name; ``texts`` let problems be located. Raises Problems."""
        return Draft.of(documents, texts).checked()

    def overlay(self, reforms: Sequence[Reform]) -> Lawbook:
        """The law with draft reforms laid over it, in their order. Raises Problems at ("reform", number, key ...)."""
        if not reforms:
            return self
        from trajectsim.law.overlay import laid_over  # for the start: most laws have no reforms

        return self.kept(("overlay", repr(reforms)), lambda: laid_over(self, reforms))


@frozen(eq=False)
class Draft:
    """A lawbook whose rows are structured, and of which it was not asked yet what they mean together."""

    law: Lawbook
    loaded: loading.Loaded

    @classmethod
    def of(
        cls,
        documents: Mapping[str, Mapping[str, Any]],
        texts: Mapping[str, str] | None = None,
        memo: loading.Memo | None = None,
    ) -> Draft:
        """Of plain documents by file name; what is in ``memo`` is not structured again. Raises Problems."""
        loaded = loading.load(documents, texts or {}, memo)
        return cls(_lawbook(loaded.rows), loaded)

    def checked(self) -> Lawbook:
        """The lawbook, when its rows are right together. Raises Problems."""
        problems = list(consistency.faults(self.loaded.rows)) or list(consistency.meaningless(self.law))
        if problems:
            raise Problems(self.loaded.placed(problems))
        return self.law


@cache
def _shipped() -> Lawbook:
    return _lawbook(kept_rows(_checked_rows))


def _checked_rows() -> loading.LawText:
    draft = Draft.of(*loading.shipped())
    draft.checked()
    return draft.loaded.rows


def _lawbook(rows: loading.LawText) -> Lawbook:
    facts = {fact.id: fact for fact in rows.fact}
    return Lawbook(
        known=rows.known or Span(),
        known_exams=rows.known_exams or Span(),
        facts=Facts({fact.id: fact.with_values_of(facts.get(fact.like)) for fact in rows.fact}),
        tracks={row.id: row for row in rows.track},
        moves={row.id: row for row in rows.move},
        acts={row.id: row for row in rows.act},
        diplomas={row.id: row for row in rows.diploma},
        duties={row.id: row for row in rows.duty},
        norms={row.id: row for row in rows.norm},
        measures={row.id: row for row in rows.measure},
        practices={row.id: row for row in rows.practice},
        subjects={row.id: row for row in rows.subject},
        exams={row.id: row for row in rows.exam},
        calendars={row.id: row for row in rows.calendar},
        demands={row.id: row for row in rows.demand},
        packages={row.id: row for row in rows.package},
        exclusions={row.id: row for row in rows.exclusion},
        studies={row.id: row for row in rows.study},
        allowances={row.id: row for row in rows.allowance},
        funds={row.id: row for row in rows.fund},
    )
