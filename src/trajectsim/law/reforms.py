"""Draft reforms as data: which rule, in which years, what of it. What they do to the law is in ``overlay``."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from attrs import field, frozen

from trajectsim.law.tables import REFORM, Cite, Span, WayText

LAWFUL = "lawful"
"""What a reform can set of a measure: whether the law knows it."""


@frozen(kw_only=True)
class Which:
    """A way, by its id or by what it says: its force, its practice, some of its needs, alone or together."""

    id: str = ""
    force: str = ""
    practice: str = ""
    needs: dict[str, Any] = field(factory=dict[str, Any])

    def fits(self, way: WayText) -> bool:
        """Whether it describes a way."""
        said = ((self.id, way.id), (self.force, way.force), (self.practice, way.practice))
        return all(not asked or asked == found for asked, found in said) and all(
            name in way.needs and way.needs[name] == need for name, need in self.needs.items()
        )

    def __str__(self) -> str:
        needs = (f"{name} = {plain(need)}" for name, need in self.needs.items())
        return ", ".join(filter(None, (self.id, self.force, self.practice, *needs)))


@frozen(kw_only=True)
class Reform:
    """One change of a rule while its span lasts: ``set`` a ``value`` (in the ways that ``way`` describes), ``add`` a
    way, or ``remove`` one."""

    rule: str
    title: str
    span: Span
    set: str = ""
    value: Any = None
    way: Which | None = None
    add: WayText | None = None
    remove: Which | None = None

    def cite(self, span: Span, was: Cite) -> Cite:
        """What a verdict cites where the reform decides: its title, and the article that it changes."""
        changed = was.published if was.reform else "" if was.law == "none" else str(was)
        return Cite(span, self.title, REFORM, published=changed)

    def lawful_spans(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """The spans in which the law knows a measure, once this has given it years or taken years from it."""
        kept = [piece for span in spans for piece, inside in span.pieces(self.span) if not inside]
        return tuple(sorted([*kept, *([self.span] if self.value else [])], key=lambda span: span.first or 0))


def plain(value: Any) -> str:
    """A need as the data writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        inside = ", ".join(f"{name} = {plain(each)}" for name, each in cast("dict[str, Any]", value).items())
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(plain, cast('list[Any]', value)))}]"
    return str(value) if isinstance(value, int | Decimal) else f'"{value}"'
