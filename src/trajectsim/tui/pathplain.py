"""The path screen as plain text: the walk as ``explain`` prints it, and every measure. No Textual here."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.report.text import walk_text
from trajectsim.scenario.run import Played
from trajectsim.tui.state import State
from trajectsim.words import _


def lines(state: State) -> Iterator[str]:
    """The walk, then what each measure does in the selected year."""
    played = state.played
    if played is None or played.source is None:
        return
    yield from walk_text(Played(played.source, played.law, played.walk, played.without), played.law).splitlines()
    view = state.view()
    yield ""
    yield _("Measures in {year}").format(year=view.year)
    for sector in view.sectors:
        yield f"  {sector.label}"
        for row in sector.rows:
            yield f"    {row.box} {row.label}: {row.state}"
