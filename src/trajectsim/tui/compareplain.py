"""The compare screen as plain text. No Textual here."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.tui.comparesides import FIRST, side
from trajectsim.tui.compareview import compare
from trajectsim.tui.lawplain import tree
from trajectsim.tui.state import State


def lines(state: State) -> Iterator[str]:
    """The scenario beside the same pupil without measures: the map, the figures, and where the two part."""
    sides = [made for word in FIRST if (made := side(word, state)) is not None]
    if not sides:
        return
    view = compare(sides)
    yield from str(view.map).rstrip().splitlines()
    yield ""
    rows = [("", *view.heads)]
    for figure in view.figures:
        cells = zip(figure.cells, figure.differs, strict=True)
        rows.append((figure.label, *(f"≠ {text}" if differs else text for text, differs in cells)))
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
    yield ""
    yield view.title
    yield from tree(view.lines, 1)
