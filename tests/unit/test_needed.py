"""The marks still needed: exact, against judging every sheet there can be; then the worked examples."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from trajectsim.exam.judging import judged, passed
from trajectsim.exam.needed import Goal, State, falls_back, needs
from trajectsim.exam.sheets import Batch, Form, Layout, Slot
from trajectsim.law.lawbook import CALENDAR, Lawbook

LAW = Lawbook.load()
DUIM = (2021, 2022)
YEARS = (2013, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2024, 2026)
MARKS = list(range(10, 101))
EXAMPLES = settings(max_examples=40)

# --- sheets -------------------------------------------------------------------------------------------------


def subjects(level: str, exam: int) -> list[tuple[str, str]]:
    """A full exam of a level, with an extra subject in the free part."""
    if level in ("havo", "vwo"):
        common = ["netl", "entl", *(["dutl"] if level == "vwo" else [])]
        profile = ["wisa", "econ", "gs", "biol"]
        parts = ["maat", "pws", *(["ckv"] if exam >= 2019 else [])]
        free = ["ak", "fatl"]
    else:
        common, profile, parts = ["netl", "entl", "maat"], ["wi", "econ"], []
        free = {"tl": ["gs", "ak", "fatl"], "gl": ["gs", "ak"]}.get(level, [])
    rows = [
        (code, role) for role, codes in (("common", common), ("profile", profile), ("free", free)) for code in codes
    ]
    rows += [(code, "part") for code in parts]
    if level in ("bb", "kb", "gl"):
        rows += [("prog", "vocational")] if exam <= 2017 else [("prog", "profielvak")]
        rows += [(f"k{n}", "keuzevak") for n in range(3 if level == "gl" else 5)] if exam >= 2018 else []
    return [*rows, ("rek", "rekentoets")] if 2014 <= exam <= 2019 else rows


def batch_of(level: str, exam: int, rows: Sequence[dict[str, Any]], **layout: Any) -> Batch:
    """A sheet of rows with ``code``, ``role`` and marks in tenths; ``ce`` absent where there is none."""
    slots = tuple(Slot(r["code"], r["role"], r.get("at", ""), r.get("year", 0), "ce" in r) for r in rows)
    return Batch.of_rows(Layout(level, exam - 1, slots, **layout), rows)


@st.composite
def closed_sheets(draw: Any, years: Sequence[int] = YEARS) -> Batch:
    """A sheet with every mark, near the bounds of the law."""
    level = draw(st.sampled_from(["bb", "kb", "gl", "tl", "havo", "vwo"]))
    exam = draw(st.sampled_from(years))
    low, high = draw(st.sampled_from([(48, 62), (45, 70), (60, 75), (74, 90)]))
    mark = st.integers(low, high)
    rows = [{"code": code, "role": role, "se": draw(mark), "ce": 0} for code, role in subjects(level, exam)]
    form = form_of(batch_of(level, exam, rows))
    for row in form.with_ce:
        rows[row]["ce"] = draw(mark)
    return batch_of(level, exam, rows)


@st.composite
def open_sheets(
    draw: Any, least: int = 1, most: int = 9, *, central: bool = False
) -> tuple[Batch, list[tuple[int, str]]]:
    """A sheet with some open marks, of central exams only or of school exams too, and which."""
    sheet = draw(closed_sheets([year for year in YEARS if not central or year != 2020]))
    form = form_of(sheet)
    kinds = [(row, "ce" if row in form.with_ce else "se") for row in (form.with_ce if central else form.graded)]
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=least, max_size=most, unique=True))
    cells = sorted(chosen)
    return with_marks(sheet, cells, np.zeros((len(cells), 1), np.uint8)), cells


def form_of(sheet: Batch) -> Form:
    return Form.of(sheet.layout, LAW, CALENDAR)


def with_marks(sheet: Batch, cells: Sequence[tuple[int, str]], marks: Any) -> Batch:
    """The sheets with other marks in some cells: a row for each, a column for each choice."""
    size = np.shape(marks)[1]
    numbers = {name: np.repeat(column, size, axis=1) for name, column in sheet.numbers.items()}
    for (row, column), choice in zip(cells, marks, strict=True):
        numbers.setdefault(column, np.zeros_like(numbers["se"]))[row] = choice
    return evolve(sheet, numbers=numbers)


def reached(sheet: Batch, goal: Goal) -> np.ndarray[Any, Any]:
    return passed(sheet, LAW) if goal is Goal.PASS else judged(sheet, LAW).laude


def every(lows: Sequence[int]) -> np.ndarray[Any, Any]:
    """Every choice of marks from the lows up."""
    return np.array(np.meshgrid(*[np.arange(low, 101) for low in lows], indexing="ij")).reshape(len(lows), -1)


goals = st.sampled_from(Goal)

# --- the open marks -----------------------------------------------------------------------------------------


@given(open_sheets(), goals)
@EXAMPLES
def test_the_least_mark_reaches_the_goal_and_a_tenth_less_does_not(found: Any, goal: Goal) -> None:
    sheet, cells = found
    needed = needs(sheet, LAW, goal=goal)
    tens = np.full((len(cells), 1), 100)
    assert reached(with_marks(sheet, cells, tens), goal)[0] == (needed.state in (State.REACHED, State.POSSIBLE))
    assert reached(with_marks(sheet, cells, tens // 10), goal)[0] == (needed.state is State.REACHED)
    if needed.state is State.POSSIBLE:
        assert [(line.row, line.column) for line in needed.open] == cells
    for n, line in enumerate(needed.open):
        scan = np.repeat(tens, 91, axis=1)
        scan[n] = MARKS
        turned = reached(with_marks(sheet, cells, scan), goal)
        assert line.least is not None
        assert turned.tolist() == [mark >= line.least for mark in MARKS]


@given(open_sheets(), goals)
@EXAMPLES
def test_the_mark_if_the_others_stay_is_the_least_when_they_equal_their_school_exams(found: Any, goal: Goal) -> None:
    sheet, cells = found
    form = form_of(sheet)
    for n, line in enumerate(needs(sheet, LAW, goal=goal).open):
        others = [cell for cell in cells if cell != cells[n]]
        if any(column == "se" for _row, column in others):
            assert line.if_others_stay is None
            continue
        scan = np.array([np.full(91, sheet.numbers["se"][row, 0]) for row, _column in cells])
        scan[n] = MARKS
        turned = reached(with_marks(sheet, cells, scan), goal)
        assert line.if_others_stay == (MARKS[int(turned.argmax())] if turned.any() else None)
        assert all(row in form.with_ce for row, _column in others)


@given(open_sheets(2, 2, central=True), goals)
@EXAMPLES
def test_the_mean_is_the_least_of_all_choices_of_two_marks(found: Any, goal: Goal) -> None:
    sheet, cells = found
    mean = needs(sheet, LAW, goal=goal).mean
    choices = every([10] * len(cells))
    turned = reached(with_marks(sheet, cells, choices), goal)
    if mean is None:
        assert turned.all() or not turned.any()
        return
    assert (mean.total, mean.count) == (choices.sum(axis=0)[turned].min(), len(cells))
    assert reached(with_marks(sheet, cells, np.array(mean.marks).reshape(-1, 1)), goal)[0]
    assert sum(mean.marks) == mean.total


@given(open_sheets())
@EXAMPLES
def test_open_school_exams_are_the_highest_when_the_mean_of_the_central_exams_is_told(found: Any) -> None:
    sheet, cells = found
    school = [cell for cell in cells if cell[1] == "se"]
    filled = with_marks(sheet, school, np.full((len(school), 1), 100))
    mean = needs(sheet, LAW).mean
    if len(school) == len(cells):
        assert mean is None
    elif mean is not None and needs(filled, LAW).state is State.POSSIBLE:
        assert mean == needs(filled, LAW).mean


# --- resits -------------------------------------------------------------------------------------------------


def allowed_sets(sheet: Batch) -> list[tuple[tuple[int, str], ...]]:
    """The sets of resits that there are by right (vo.md 4.21, 4.27, 8.1, 8.2, 8.4), by row and column."""
    level, exam, form = sheet.layout.level, sheet.layout.exam, form_of(sheet)
    bb_kb = level in ("bb", "kb")
    if exam == 2020:
        cells, most = [(row, "rv") for row in form.graded], {"rv": 3 if bb_kb else 2}
    else:
        apart = (form.of_roles("vocational", "profielvak") if bb_kb else ()) or form.se_in_ce
        ordinary = [row for row in form.with_ce if row not in apart]
        cells = sorted([(row, "resit") for row in ordinary] + [(row, "cspe") for row in apart])
        most = {"resit": 2 if exam in DUIM else 1, "cspe": 1}
    sets = (chosen for size in (1, 2, 3) for chosen in combinations(cells, size))
    return [chosen for chosen in sets if all(sum(c == kind for _r, c in chosen) <= n for kind, n in most.items())]


def beaten(sheet: Batch, row: int, column: str) -> int:
    """The mark that a resit has to beat."""
    return int(sheet.numbers["ce" if row in form_of(sheet).with_ce else "se"][row, 0])


def sat_again(sheet: Batch, chosen: Sequence[tuple[int, str]], marks: Any, goal: Goal) -> np.ndarray[Any, Any]:
    """Whether the goal is reached with some resits."""
    return reached(with_marks(sheet, chosen, marks), goal)


@given(closed_sheets(), goals)
@EXAMPLES
def test_every_least_set_of_resits_that_turns_the_result_is_told_and_no_other(sheet: Batch, goal: Goal) -> None:
    needed = needs(sheet, LAW, goal=goal)
    if needed.state is not State.IMPOSSIBLE:
        assert not needed.resits
        return
    turning: list[tuple[tuple[int, str], ...]] = []
    for chosen in allowed_sets(sheet):
        improved = all(beaten(sheet, row, column) < 100 for row, column in chosen)
        larger = any(set(fewer) <= set(chosen) for fewer in turning)
        if improved and not larger and sat_again(sheet, chosen, np.full((len(chosen), 1), 100), goal)[0]:
            turning.append(chosen)
    told = [tuple(zip(choice.rows, choice.kinds, strict=True)) for choice in needed.resits]
    assert sorted(told) == sorted(turning)
    assert [(len(c.rows), c.rise, c.rows) for c in needed.resits] == sorted(
        (len(c.rows), c.rise, c.rows) for c in needed.resits
    )


@given(closed_sheets(), goals, st.data())
@EXAMPLES
def test_the_marks_of_a_resit_are_the_least(sheet: Batch, goal: Goal, data: st.DataObject) -> None:
    choices = [choice for choice in needs(sheet, LAW, goal=goal).resits if len(choice.rows) <= 2]
    if not choices:
        return
    choice = data.draw(st.sampled_from(choices))
    chosen = list(zip(choice.rows, choice.kinds, strict=True))
    over = [beaten(sheet, row, column) for row, column in chosen]
    assert choice.over == tuple(over)
    marks = every([mark + 1 for mark in over])
    turned = marks[:, sat_again(sheet, chosen, marks, goal)]
    assert choice.marks == min(
        (tuple(each) for each in turned.T.tolist()), key=lambda each: (sum(each), max(each), each)
    )


# --- worked examples ----------------------------------------------------------------------------------------


def full(level: str, exam: int, **marks: tuple[int, int]) -> Batch:
    """A sheet of marks 7.0 and 6.2, but for those given; a central exam mark of 0 is open."""
    rows: list[dict[str, Any]] = []
    for code, role in subjects(level, exam):
        se, ce = marks.get(code, (70, 62))
        alone = role in ("part", "keuzevak") or code == "maat"
        rows.append({"code": code, "role": role, "se": se} | ({} if alone else {"ce": ce}))
    return batch_of(level, exam, rows)


def test_one_open_mark_is_told_to_the_tenth() -> None:
    # Dutch 5.0 gives with 5.9 a 5.45, so 5; with 6.0 a 6. The other core subject is a 5 already.
    sheet = full("havo", 2026, netl=(50, 0), entl=(50, 52))
    needed = needs(sheet, LAW)
    (line,) = needed.open
    assert (line.subject, line.column, line.least, line.if_others_stay) == ("netl", "ce", 60, 60)
    assert needed.mean is not None
    assert (needed.mean.total, needed.mean.marks) == (60, (60,))


def test_two_fives_in_the_core_subjects_are_turned_by_a_resit_of_either() -> None:
    needed = needs(full("havo", 2026, netl=(50, 54), entl=(50, 52)), LAW)
    assert needed.state is State.IMPOSSIBLE
    assert [line.id for line in needed.missing] == ["core"]
    told = [(choice.subjects, choice.marks, choice.over, choice.kinds) for choice in needed.resits]
    assert told == [(("netl",), (60,), (54,), ("resit",)), (("entl",), (60,), (52,), ("resit",))]


def test_a_resit_that_was_used_is_not_there_again() -> None:
    sheet = with_marks(full("havo", 2026, netl=(50, 54), entl=(50, 52)), [(0, "resit")], [[55]])
    assert needs(sheet, LAW).resits == ()


def test_two_resits_together_where_one_is_not_enough() -> None:
    sheet = full("havo", 2021, netl=(50, 40), entl=(50, 40), wisa=(50, 40))
    pairs = [choice.subjects for choice in needs(sheet, LAW).resits]
    assert pairs == [("netl", "entl"), ("netl", "wisa"), ("entl", "wisa")]
    assert needs(full("havo", 2026, netl=(50, 40), entl=(50, 40), wisa=(50, 40)), LAW).resits == ()


def test_two_rv_marks_of_2020_cost_a_resit() -> None:
    sheet = full("havo", 2021, netl=(50, 40), entl=(50, 40), wisa=(50, 40))
    last = [n for n, slot in enumerate(sheet.layout.slots) if slot.role == "free"]
    slots = [evolve(s, year=2019, given_ce=False) if n in last else s for n, s in enumerate(sheet.layout.slots)]
    numbers = {name: np.array(marks) for name, marks in sheet.numbers.items()}
    numbers["ce"][last] = 0
    closed = evolve(sheet, layout=evolve(sheet.layout, slots=tuple(slots)), numbers=numbers)
    assert len(needs(closed, LAW).resits) == 3
    assert needs(with_marks(closed, [(n, "rv") for n in last], [[70]] * len(last)), LAW).resits == ()


def test_a_mark_that_is_no_matter_leaves_the_goal_reached() -> None:
    assert needs(full("havo", 2026, fatl=(70, 0)), LAW).state is State.REACHED
    assert needs(full("havo", 2026, netl=(70, 0)), LAW).state is State.POSSIBLE


def test_what_the_sheet_lacks_besides_marks_is_no_verdict() -> None:
    sheet = full("havo", 2026, netl=(50, 0))
    rows = [n for n, slot in enumerate(sheet.layout.slots) if slot.code != "entl"]
    layout = evolve(sheet.layout, slots=tuple(sheet.layout.slots[n] for n in rows))
    needed = needs(Batch(layout, {name: marks[rows] for name, marks in sheet.numbers.items()}), LAW)
    assert needed.state is State.INCOMPLETE
    assert [line.id for line in needed.missing] == ["complete"]
    assert not needed.resits


def test_an_open_rating_is_named_and_taken_as_good_enough() -> None:
    sheet = full("havo", 2026, netl=(50, 0))
    slots = (*sheet.layout.slots, Slot("lo", "rated"))
    numbers = {name: np.vstack([marks, [[0]]]).astype(np.uint8) for name, marks in sheet.numbers.items()}
    needed = needs(Batch(evolve(sheet.layout, slots=slots), numbers), LAW)
    assert (needed.state, needed.rated) == (State.POSSIBLE, ("lo",))


def test_the_cspe_has_a_resit_of_its_own_in_bb_and_kb_and_is_an_ordinary_one_in_gl() -> None:
    low = {level: needs(full(level, 2026, prog=(45, 20)), LAW).resits for level in ("bb", "kb", "gl")}
    told = {level: {choice.kinds for choice in choices} for level, choices in low.items()}
    assert told == {"bb": {("cspe",)}, "kb": {("cspe",)}, "gl": {("resit",)}}
    used = {level: full(level, 2026, prog=(45, 20)) for level in ("kb", "gl")}
    again = {level: needs(with_marks(sheet, [(0, "resit")], [[63]]), LAW).resits for level, sheet in used.items()}
    assert [bool(choices) for choices in again.values()] == [True, False]


@pytest.mark.parametrize("level", ["bb", "kb", "gl"])
@pytest.mark.parametrize(("closed", "right"), [(2019, False), (2021, True), (2022, True), (2023, False)])
def test_who_closed_the_profielvak_without_a_cspe_has_a_right_to_it_later(level: str, closed: int, right: bool) -> None:
    """vo.md 8.6: beside the resits, and in words, which a resit of another subject closed early is not (ADR 0013)."""
    sheet = full(level, 2024, prog=(30, 30))
    slots = tuple(evolve(slot, year=closed - 1 if slot.role == "profielvak" else 0) for slot in sheet.layout.slots)
    numbers = {name: np.array(marks) for name, marks in sheet.numbers.items()}
    if right:
        numbers["ce"][[row for row, slot in enumerate(slots) if slot.role == "profielvak"]] = 0  # there was none
    found = needs(Batch(evolve(sheet.layout, slots=slots), numbers), LAW).resits
    told = {tuple(sorted(zip(choice.subjects, choice.kinds, strict=True))): choice.early for choice in found}
    practical = [(choice, early) for choice, early in told.items() if any(code == "prog" for code, _kind in choice)]
    assert practical
    own = right or level != "gl"
    assert all((("prog", "cspe") in choice) is own and early is not right for choice, early in practical)


@pytest.mark.parametrize(
    ("exam", "article"),
    [(2017, None), (2018, "Eindexamenbesluit VO art. 51a"), (2022, "Eindexamenbesluit VO art. 51a"),
     (2023, "Uitvoeringsbesluit WVO 2020 art. 3.37")],
)  # fmt: skip
def test_a_subject_of_a_higher_level_can_be_done_at_the_own_one_from_exam_2018(exam: int, article: str | None) -> None:
    sheet = full("havo", exam)
    higher = evolve(sheet.layout, slots=(evolve(sheet.layout.slots[0], at="vwo"), *sheet.layout.slots[1:]))
    cite = falls_back(LAW, higher)
    assert (str(cite).split(",")[0] if cite else None) == article
    assert falls_back(LAW, sheet.layout) is None


def test_the_law_counts_central_exams_only_by_total_and_number() -> None:
    # what the search for the least total stands on (exam.trying)
    tallies = [fact.tally for fact in LAW.facts.values() if fact.tally is not None and "ce" in fact.tally.of]
    assert tallies
    assert all(tally.of == ("ce",) and tally.take in ("total", "number") for tally in tallies)
