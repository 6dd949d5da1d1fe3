"""What it is all for: a counsellor flips vwo in five years, and sees the line bend and what there is to know of it."""

from __future__ import annotations

from pathlib import Path

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.state import State
from trajectsim.tui.viewmodel import flip

SARA = Path(__file__).parents[2] / "scenarios" / "paths" / "sara.toml"
GROEP_8 = SchoolYear.parse("2018/2019")


def test_vwo_in_five_years_bends_the_line_with_its_law_and_its_evidence_beside_it(law: Lawbook) -> None:
    words.use("nl")
    state = State.opened(SARA, law).at(GROEP_8)
    view, played, document = state.view(), state.played, state.document
    assert played is not None
    assert document is not None
    (row,) = (row for row in view.rows if row.id == "five-year-vwo")
    assert row.on
    beside = " ".join(text for _sign, text in row.about)
    for part in (
        "alleen met toestemming van de minister",
        "eerste cohorten 2016/17",
        "Stcrt. 2015, 27367",
        "bewijs C: -0,1 (-0,25 tot 0,05), effect op de cijfers van het centraal examen",
    ):
        assert part in beside
    assert "2 jaar gewonnen" in view.map.summary
    flipped = state.replayed(flip(document, played, GROEP_8, law.measures["five-year-vwo"])).view()
    assert "1 jaar gewonnen" in flipped.map.summary
    assert str(flipped.map) != str(view.map)
