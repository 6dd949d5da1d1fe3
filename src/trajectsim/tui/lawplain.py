"""The law screen as plain text. No Textual here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trajectsim.tui.lawview import LawDesk, show
from trajectsim.tui.state import State
from trajectsim.tui.yearview import Line
from trajectsim.words import _


def lines(state: State) -> Iterator[str]:
    """What changed in the selected year, then every rule with how it stands in it."""
    desk = LawDesk.of(state.law, state.year)
    changed = show(desk.showing("changed"))
    yield str(changed.axis).rstrip()
    yield ""
    yield changed.counted
    for entry in changed.entries:
        view = show(desk.reading(entry.id))
        yield ""
        yield view.title
        yield from tree((line for line in view.lines if line.key in ("beyond", "changed", "now")), 1)
    every = show(desk)
    yield ""
    yield _("{counted} in {year}").format(counted=every.counted, year=desk.year)
    for entry in every.entries:
        if entry.head:
            yield entry.head
        yield f"  {entry.sign} {entry.label}" + ("" if entry.label.endswith(entry.id) else f" · {entry.id}")


def tree(lines: Iterable[Line], depth: int = 0) -> Iterator[str]:
    """Lines with all that is under them."""
    for line in lines:
        sign = f"{line.sign} " if line.sign else ""
        yield "  " * depth + sign + line.text
        yield from tree(line.children, depth + 1)
