"""The line map as data: where its stations stand, which signs it has, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from trajectsim import words
from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Choice, Plan, Switch
from trajectsim.path.walk import play
from trajectsim.report.linemap import CELL, WIDEST, LineMap, Row, line_map
from trajectsim.scenario.run import play_file

SARA = """\
 age    4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20
 wo                                         ●──●──●◆
                                                  ○╌╌○╌╌○◇
 vwo                         ●──●──●──●──●◆
                                ○╌╌○╌╌○╌╌○╌╌○╌╌○◇
 po     ●──●──●━━●──●──●──●
        ○╌╌○╌╌○╌╌○╌╌○╌╌○╌╌○╌╌○
 year  12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28
        *                                            *  *
 * the law of that year is not known; the nearest known year answers
 ▸ vwo at 16 (without: 18) · wo bachelor at 19 (without: 21) · 2 years gained"""


def drawn(plan: Plan, law: Lawbook) -> LineMap:
    return line_map(play(plan, law), play(plan.without(law.measures), law), law)


def row(drawing: LineMap, kind: str, lane: str = "") -> Row:
    return next(row for row in drawing.rows if (row.kind, row.lane) == (kind, lane))


def sign(drawing: LineMap, lane: str, year: int, offset: int = 0, kind: str = "walk") -> str:
    """The character at the station of a year in a lane, or so many columns behind it."""
    return f"{row(drawing, kind, lane)!s:<200}"[drawing.column_of(SchoolYear(year)) + 2 + offset]


def test_sara_is_drawn_as_the_design_draws_her(sara: Plan, law: Lawbook) -> None:
    assert str(drawn(sara, law)) == SARA


def test_in_dutch(sara: Plan, law: Lawbook) -> None:
    words.use("nl")
    drawing = drawn(sara, law)
    assert str(drawing.rows[0]).startswith(" leeftijd   4  5  6")
    assert str(row(drawing, "years")).startswith(" jaar      12 13 14")
    assert drawing.summary == " ▸ vwo op 16 (zonder: 18) · wo-bachelor op 19 (zonder: 21) · 2 jaar gewonnen"


@pytest.mark.parametrize("name", ["sara", "plain", "repeating"])
def test_every_station_stands_under_the_last_digit_of_the_age(
    name: str, request: pytest.FixtureRequest, law: Lawbook
) -> None:
    plan: Plan = request.getfixturevalue(name)
    drawing, walk = drawn(plan, law), play(plan, law)
    ages = str(row(drawing, "ages"))
    for step in walk.steps:
        column = drawing.column_of(step.state.year) + 2
        assert ages[column] == str(step.state.age)[-1]
        assert str(row(drawing, "walk", step.state.place.lane))[column] in "●↻"


def test_rows_are_as_wide_as_the_map_and_made_of_their_segments(sara: Plan, law: Lawbook) -> None:
    drawing = drawn(sara, law)
    for line in drawing.rows:
        text = "".join(segment.text for segment in line.segments)
        assert len(text) == drawing.width
        assert text.rstrip() == str(line)
        assert all(segment.role == "space" for segment in line.segments if not segment.text.strip())


def test_roles_tell_the_walks_apart(sara: Plan, law: Lawbook) -> None:
    drawing = drawn(sara, law)
    roles = {kind: {s.role for r in drawing.rows if r.kind == kind for s in r.segments} for kind in ("walk", "hollow")}
    assert roles["walk"] == {"label", "space", "walk", "diploma"}
    assert roles["hollow"] == {"space", "hollow", "hollow-diploma"}


def test_without_a_difference_there_is_no_hollow_walk(plain: Plan, law: Lawbook) -> None:
    drawing = drawn(plain, law)
    assert [line.lane for line in drawing.rows if line.kind == "walk"] == ["wo", "vwo", "po"]
    assert not [line for line in drawing.rows if line.kind == "hollow"]
    assert drawing.summary == " ▸ vwo at 18 · wo bachelor at 21 · no measure changes this path"


def test_alone_a_walk_is_compared_with_nothing(plain: Plan, law: Lawbook) -> None:
    assert line_map(play(plain, law), None, law).summary == " ▸ vwo at 18 · wo bachelor at 21"


def test_a_repeated_year_has_its_own_sign(repeating: Plan, law: Lawbook) -> None:
    drawing = drawn(repeating, law)
    assert [sign(drawing, "po", year) for year in (2016, 2017, 2018)] == ["●", "↻", "●"]
    assert "↻" in dict(drawing.legend())


def test_a_lane_that_only_the_hollow_walk_uses_is_named(plain: Plan, law: Lawbook) -> None:
    year = SchoolYear(2019)
    choices = (Choice(year, "to-vwo-five-years"), Choice(year, "to-havo"))  # the second, where the first is not open
    offered = evolve(plain, measures={"five-year-vwo": Switch(True)}, choices=choices)
    drawing = drawn(offered, law)
    lanes = [(line.kind, line.lane) for line in drawing.rows if line.lane]
    assert lanes == [
        ("walk", "wo"),
        ("hollow", "hbo"),
        ("walk", "vwo"),
        ("hollow", "havo"),
        ("walk", "po"),
        ("hollow", "po"),
    ]
    assert str(row(drawing, "hollow", "havo")).startswith(" havo ")
    assert str(row(drawing, "hollow", "po")).startswith("     ")
    assert "vwo at 17 (without: not earned)" in drawing.summary
    assert "havo not earned (without: 17)" in drawing.summary
    assert "gained" not in drawing.summary, "no diploma to compare"


def test_a_walk_may_begin_anywhere(from_vwo_4: Callable[[int], Plan], law: Lawbook) -> None:
    drawing = drawn(from_vwo_4(2015), law)
    assert drawing.years[0] == SchoolYear(2015)
    assert [line.lane for line in drawing.rows if line.kind == "walk"] == ["wo", "vwo"]


def test_an_early_exam_has_a_star_and_a_refused_one_a_cross(from_vwo_4: Callable[[int], Plan], law: Lawbook) -> None:
    assert sign(drawn(from_vwo_4(2015), law), "vwo", 2015, 1) == "★"
    refused = drawn(from_vwo_4(2013), law)
    assert sign(refused, "vwo", 2013, 1) == "✗"
    assert "★" not in str(refused)


def test_a_refused_choice_has_a_cross_in_its_year(plain: Plan, law: Lawbook) -> None:
    asked = evolve(plain, choices=(Choice(SchoolYear(2014), "skip"),))
    drawing = drawn(asked, law)
    assert sign(drawing, "po", 2014, 1) == "✗"
    assert str(drawing).count("✗") == 1


def test_diplomas_stand_behind_the_last_station(sara: Plan, law: Lawbook) -> None:
    drawing = drawn(sara, law)
    assert sign(drawing, "vwo", 2023, 1) == sign(drawing, "wo", 2026, 1) == "◆"
    assert sign(drawing, "vwo", 2025, 1, "hollow") == "◇"


def test_the_cursor_brackets_a_year_above_and_below(sara: Plan, law: Lawbook) -> None:
    drawing = drawn(sara, law)
    for year in drawing.years:
        marked = drawing.with_cursor(year)
        bracketed = [str(line) for line in marked.rows if "[" in str(line)]
        assert [line.split("[")[1].split("]")[0] for line in bracketed] == [
            str(year.start - 2008),
            f"{year.start % 100:02}",
        ]
        assert [len(str(r)) for r in marked.rows if r.kind == "walk"] == [
            len(str(r)) for r in drawing.rows if r.kind == "walk"
        ]
    assert drawing.with_cursor(SchoolYear(1990)) == drawing


@pytest.mark.parametrize("name", ["sara", "plain", "repeating"])
@pytest.mark.parametrize("width", [20, 75, 90, 130, 400])
def test_with_more_room_years_are_wider_and_the_stations_the_same(
    name: str, width: int, request: pytest.FixtureRequest, law: Lawbook
) -> None:
    narrow = drawn(request.getfixturevalue(name), law).with_cursor(SchoolYear(2015))
    wide = narrow.within(width)
    assert CELL <= wide.cell <= WIDEST
    assert wide.cell == CELL or wide.width <= width
    for old, new in zip(narrow.rows, wide.rows, strict=True):
        assert len("".join(segment.text for segment in new.segments)) == wide.width
        signs = [[sign for sign in str(each) if sign not in " ─━╌"] for each in (old, new)]
        assert new.kind == "years" or signs[0] == signs[1]
    ages = str(row(wide, "ages"))
    for year in wide.years:
        assert wide.year_at(wide.column_of(year)) == wide.year_at(wide.column_of(year) + wide.cell - 1) == year
        assert ages[: wide.column_of(year) + wide.cell].rstrip("]").endswith(str(age_of(narrow, year)))


def age_of(drawing: LineMap, year: SchoolYear) -> int:
    """The age that stands over a year of a map as narrow as can be."""
    column = drawing.column_of(year)
    return int(str(row(drawing, "ages"))[column : column + CELL].strip("[] "))


def test_the_widest_years_have_their_names_in_full(sara: Plan, law: Lawbook) -> None:
    wide = drawn(sara, law).within(200).with_cursor(SchoolYear(2018))
    assert wide.cell == WIDEST
    assert "17/18[18/19]19/20" in str(row(wide, "years"))


def test_a_column_tells_its_year(sara: Plan, law: Lawbook) -> None:
    drawing = drawn(sara, law)
    for year in drawing.years:
        assert {drawing.year_at(drawing.column_of(year) + n) for n in range(3)} == {year}
    assert drawing.year_at(drawing.left - 1) is None
    assert drawing.year_at(drawing.column_of(drawing.years[-1]) + 3) == drawing.years[-1]
    assert drawing.year_at(500) is None


def test_years_whose_law_is_not_known_are_marked(sara: Plan, law: Lawbook) -> None:
    drawing = drawn(sara, law)
    marks = str(row(drawing, "beyond"))
    starred = [year.start for year in drawing.years if f"{marks:<200}"[drawing.column_of(year) + 2] == "*"]
    assert starred == [2012, 2027, 2028]


@pytest.mark.parametrize(
    ("name", "lane", "year", "signs"),
    [
        ("exam-resit", "havo", 2018, "●◆⟲"),
        ("exam-failed-by-marks", "havo", 2022, "●──"),
        ("cum-laude-2016", "vwo", 2015, "●◈ "),
        ("cum-laude-2015", "vwo", 2014, "●◆ "),
        ("early-exam-vwo-4-2015", "vwo", 2015, "●★─"),
        ("early-exam-not-promoted-2015", "havo", 2015, "●✗★"),
        ("early-exam-not-promoted-2013", "havo", 2013, "●★─"),
    ],
)
def test_exams_are_stations(law: Lawbook, name: str, lane: str, year: int, signs: str) -> None:
    file = Path(__file__).parents[2] / "scenarios" / "paths" / f"{name}.toml"
    drawing = drawn(play_file(file, law).walk.plan, law)
    assert "".join(sign(drawing, lane, year, offset) for offset in range(3)) == signs
    legend = dict(drawing.legend())
    assert all(each in legend for each in signs if each not in "─ ")
