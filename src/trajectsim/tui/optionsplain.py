"""The options screen as plain text. No Textual here."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.path.ahead import ahead, year_spoken_of
from trajectsim.report.outlook import outlook_text
from trajectsim.tui.optionsview import show
from trajectsim.tui.state import State


def lines(state: State) -> Iterator[str]:
    """The life, then what lies ahead in the last year that the scenario speaks of."""
    played = state.played
    if played is None:
        return
    walk, year = played.walk, year_spoken_of(played.walk)
    life = show(walk, played.law, year).life
    width = max(len(row.place) for row in life)
    for row in life:
        signs = " ".join(sign for sign, _role in row.signs)
        step = f"{'●' if row.chosen else '→'} {row.step}"
        yield f"{row.year}  {row.place:{width}}  {step}  {signs}".rstrip()
    yield ""
    step_there = walk.at(year)
    if step_there is not None:
        yield from outlook_text(ahead(step_there, played.law)).splitlines()
