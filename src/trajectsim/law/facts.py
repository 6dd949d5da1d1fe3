"""Declared facts: the words that rules may speak about. Inside, every fact is an integer.

A code is its rank in the declared values (so that advices can be compared), a set a bit mask, a mark its tenths,
a school year the year it starts in, yes and no 1 and 0.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from attrs import evolve, field, frozen

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.marks import parse_mark
from trajectsim.reading import Unfit, did_you_mean, school_year
from trajectsim.words import Label, _

UNKNOWN = -(2**15)
"""The value of a fact that is not known; no fact has it as a real value."""


@frozen
class Value:
    """One value of a code or member of a set."""

    id: str
    nl: str
    en: str

    @property
    def label(self) -> Label:
        return Label(self.nl, self.en)


@frozen(kw_only=True)
class Tally:
    """How a fact is drawn from the marks of an exam.

    ``of`` names groups of marks together: ``pattern`` (those of the result, each as often as it counts), ``ce`` (the
    central exam marks), ``combined`` (those in the combination mark), ``averaged`` (those that count for cum laude), a
    role, or a group of subjects; ``but`` groups of subjects that are not among them. ``take`` is what is drawn from
    them: ``total``, ``number``, ``least``, or how many are ``open``, ``own`` (of the own level), ``early`` (closed in
    an earlier year), ``excused`` (from a central exam that was not held). Or how many lie between two whole ``marks``,
    both included, or have one of the ``ratings``.
    """

    of: tuple[str, ...]
    but: tuple[str, ...] = ()
    take: str = ""
    marks: tuple[int, ...] = ()
    ratings: tuple[str, ...] = ()


TAKES = ("total", "number", "least", "open", "own", "early", "excused")


@frozen
class Fact:
    """A declared fact.

    ``kind``: count, bool, code, set, year or mark. ``source`` says who fills it in: the ``state`` of the pupil, a
    ``result``, a ``measure``, what is ``given`` in a scenario, an ``argument`` of an act, the ``study`` that a move
    names, an ``exam`` (by its ``tally``), the ``plan`` of teaching time of a school, or other facts (``derived``: when
    one of the needs in ``when`` holds). ``assumed`` is what holds when a result or a given fact is absent, or no
    subject on a sheet is of those tallied, and it is then said that it was assumed. ``like`` names the fact whose
    values it shares, ``at`` the places that a fact of the record looks at.
    """

    id: str
    kind: str
    source: str
    label: Label
    definition: Label
    unit: str = ""
    values: tuple[Value, ...] = ()
    like: str = ""
    assumed: str | int | bool | None = None
    tally: Tally | None = None
    when: tuple[dict[str, Any], ...] = field(default=(), hash=False)
    at: tuple[str, ...] = ()
    _ranks: dict[str, int] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_ranks", {value.id: rank for rank, value in enumerate(self.values)})

    def with_values_of(self, other: Fact | None) -> Fact:
        """The fact with the values of the one it is like."""
        return evolve(self, values=other.values) if other is not None else self

    @property
    def comparable(self) -> tuple[str, tuple[str, ...]]:
        """What facts have to share for their values to be compared."""
        return self.kind, tuple(value.id for value in self.values)

    def encode(self, value: Any) -> int:
        """The integer for a value as a document writes it. Raises Unfit."""
        if self.kind == "bool" and isinstance(value, bool):
            return int(value)
        if self.kind == "count" and type(value) is int and abs(value) < -UNKNOWN:
            return value
        if self.kind in ("code", "set") and isinstance(value, str):
            if value in self._ranks:
                rank = self._ranks[value]
                return 1 << rank if self.kind == "set" else rank
            names = ", ".join(self._ranks)
            hint = _("known here: {names}").format(names=names)
            raise Unfit(_("a value of {fact}").format(fact=self.id) + did_you_mean(value, self._ranks), hint)
        if self.kind == "year":
            return school_year(value).start
        try:
            if self.kind == "mark" and type(value) in (int, Decimal):
                return parse_mark(value)
        except ValueError:
            pass
        raise Unfit(_(_EXPECTED[self.kind]))

    def read(self, value: Any) -> int:
        """The integer for a value, or for several members of a set. Raises Unfit."""
        return self.mask(value) if self.kind == "set" else self.encode(value)

    def mask(self, value: Any) -> int:
        """The mask for one member or an array of them. Raises Unfit."""
        members = cast("list[Any]", value if isinstance(value, list) else [value])
        mask = 0
        for member in members:
            mask |= self.encode(member)
        return mask

    def text(self, value: int) -> str:
        """A value for people."""
        if value == UNKNOWN:
            return _("not known")
        if self.kind == "bool":
            return _("yes") if value else _("no")
        if self.kind == "code":
            return str(self.values[value].label)
        if self.kind == "set":
            return ", ".join(self.members_text(value)) or _("none yet")
        if self.kind == "year":
            return str(SchoolYear(value))
        return words.mark(value) if self.kind == "mark" else str(value)

    def members_text(self, mask: int) -> list[str]:
        """The members in a mask, for people, in declared order."""
        return [str(value.label) for rank, value in enumerate(self.values) if mask >> rank & 1]


_EXPECTED = {
    "bool": words.N_("true or false"),
    "count": words.N_("a whole number"),
    "code": words.N_("one of the declared values, in quotes"),
    "set": words.N_("one of the declared members, in quotes"),
    "mark": words.N_("a mark from 1 to 10 with at most one decimal"),
}
KINDS = (*_EXPECTED, "year")
SOURCES = ("state", "result", "measure", "given", "argument", "exam", "derived", "study", "plan")


class Facts(dict[str, Fact]):
    """Every declared fact by its id."""
