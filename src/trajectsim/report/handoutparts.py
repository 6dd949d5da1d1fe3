"""What a hand-out is made of: headings, lists and tables, in no file format yet."""

from __future__ import annotations

from attrs import frozen

from trajectsim.report.linemap import LineMap


@frozen
class Item:
    """A line of a list, and those under it."""

    text: str
    under: tuple[Item, ...] = ()


@frozen
class Bullets:
    """A list; ``head`` says what it lists, where it needs to be said."""

    items: tuple[Item, ...]
    head: str = ""


@frozen
class Group:
    """Rows of a table that share their first cells."""

    shared: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@frozen
class Table:
    """A table with a head for each column."""

    heads: tuple[str, ...]
    groups: tuple[Group, ...]


@frozen
class Section:
    """A heading and what stands under it."""

    title: str
    parts: tuple[Bullets | Table, ...]


@frozen
class Handout:
    """``map`` is what is drawn; ``small`` is the small print."""

    title: str
    map: LineMap
    sections: tuple[Section, ...]
    small: tuple[str, ...]
