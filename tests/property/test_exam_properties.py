"""Exams: the engine against a slow oracle, what no mark and no further subject may change, many and one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from exam_oracle import Choice, Oracle
from exam_sheets import ART, DUIM, EXAMS, LEARN_WORK, LEVELS, MARK_COLUMNS, Line, Sheet, batch_of, shared, sheets
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trajectsim.exam.judging import RESULTS, Judged, honoured, judged, passed
from trajectsim.exam.verdicts import SheetVerdict
from trajectsim.law.lawbook import Lawbook

LAW = Lawbook.load()

# --- the engine ---------------------------------------------------------------------------------------------

NO, YES = 0b00, 0b11
PASSED = RESULTS.index("passed")
REPEATED = settings(max_examples=60)


def verdict(sheet: Sheet) -> SheetVerdict:
    return SheetVerdict(judged(sheet.batch, LAW), LAW, 0)


def outcomes(found: Judged) -> list[tuple[bool, bool]]:
    """For each candidate what may never be lost: the pass, and cum laude."""
    return list(zip((found.result == PASSED).tolist(), found.laude.tolist(), strict=True))


def checks(found: SheetVerdict) -> dict[str, bool | None]:
    return {line.id: line.ok for line in found.checks}


def no_loss(before: tuple[bool, bool], after: tuple[bool, bool]) -> bool:
    return before[0] <= after[0] and before[1] <= after[1]


# --- against the oracle -------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=300)
@given(data=st.data())
def test_the_engine_agrees_with_the_dossier(level: str, data: st.DataObject) -> None:
    sheet = data.draw(sheets(level))
    _agree(Oracle(sheet), verdict(sheet))


@given(sheet=sheets(), data=st.data())
def test_the_engine_agrees_with_the_dossier_on_what_is_open(sheet: Sheet, data: st.DataObject) -> None:
    _agree(Oracle(sheet := data.draw(with_open_marks(sheet))), verdict(sheet))


def _agree(oracle: Oracle, found: SheetVerdict) -> None:
    assert (found.result, found.cum_laude) == (oracle.result, oracle.cum_laude)
    assert found.final == {code: mark for code, mark in oracle.finals.items() if mark}
    choice = Choice(frozenset(found.left_out), frozenset(found.ignored))
    if all(choice != each for each, _passes in oracle.tried):
        assert found.result == "incomplete"
        return
    assert found.combination == oracle.combination(choice)
    demands = oracle.demands(choice)
    told = checks(found)
    assert told == {check: demands[check] for check in told}
    assert found.passed is (oracle.passes(choice) is True)
    if found.passed:
        assert choice == oracle.passing[0]
    if found.cum_laude:
        assert frozenset(found.laude_left_out) == next(each.out for each in oracle.passing if oracle.laude(each.out))


@st.composite
def with_open_marks(draw: Any, sheet: Sheet) -> Sheet:
    """The sheet with some marks or subjects not there yet. Art without a central exam is closed by a school exam."""
    rows = draw(st.sets(st.integers(0, len(sheet.lines) - 1), max_size=3))
    for n in sorted(rows, reverse=True):
        line = sheet.lines[n]
        marks = [
            name for name in ("se", "ce", "rating") if getattr(line, name) and (name, line.code in ART) != ("ce", True)
        ]
        name = draw(st.sampled_from([*marks, "row"]))
        if name == "row" and len(sheet.lines) > 2:
            sheet = evolve(sheet, lines=(*sheet.lines[:n], *sheet.lines[n + 1 :]))
        elif marks:
            name = marks[0] if name == "row" else name
            sheet = sheet.with_line(n, **{name: "" if name == "rating" else 0})
    return shared(sheet)


# --- what no mark may change --------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@REPEATED
@given(data=st.data())
def test_a_higher_mark_costs_nothing(level: str, data: st.DataObject) -> None:
    sheet = data.draw(sheets(level))
    given_marks = [(n, name) for n, line in enumerate(sheet.lines) for name in MARK_COLUMNS if getattr(line, name)]
    given_marks += [(n, "resit") for n, line in enumerate(sheet.lines) if line.ce]
    given_marks += [(n, "rv") for n, line in enumerate(sheet.lines) if line.se and sheet.exam == 2020]
    n, name = data.draw(st.sampled_from(given_marks))
    found = outcomes(judged(batch_of([shared(sheet.with_line(n, **{name: mark})) for mark in range(10, 101)]), LAW))
    assert all(no_loss(lower, higher) for lower, higher in pairwise(found))


@given(sheet=sheets(), data=st.data())
def test_a_better_rating_costs_nothing(sheet: Sheet, data: st.DataObject) -> None:
    rated = [n for n, line in enumerate(sheet.lines) if line.role == "rated"]
    assume(rated)
    n = data.draw(st.sampled_from(rated))
    found = outcomes(judged(batch_of([sheet.with_line(n, rating=rating) for rating in "OVG"]), LAW))
    assert all(no_loss(lower, higher) for lower, higher in pairwise(found))
    assert found[0] == (False, False)
    assert found[1] == found[2]


@pytest.mark.parametrize("level", LEVELS)
@REPEATED
@given(data=st.data())
def test_a_further_free_subject_costs_nothing(level: str, data: st.DataObject) -> None:
    sheet = data.draw(sheets(level))
    assume(sum(line.role in ("free", "keuzevak") for line in sheet.lines) < 8)
    assume(sheet.route != LEARN_WORK or len(Oracle(sheet).marks(Choice())) != Oracle(sheet).full - 1)
    taken = {line.code for line in sheet.lines}
    code = data.draw(st.sampled_from([code for code in ("tetl", "wisb", "wisa", "zzz") if code not in taken]))
    with_ce = data.draw(st.booleans()) and sheet.exam != 2020
    marks = data.draw(st.lists(st.tuples(st.integers(10, 100), st.integers(10, 100)), min_size=4, max_size=12))
    lines = [Line(code, "free", se=se, ce=ce if with_ce else 0) for se, ce in marks]
    more = batch_of([evolve(sheet, lines=(*sheet.lines, line)) for line in lines])
    [before] = outcomes(judged(sheet.batch, LAW))
    assert all(no_loss(before, after) for after in outcomes(judged(more, LAW)))


@given(sheet=sheets(), data=st.data())
def test_the_order_of_the_subjects_is_nothing(sheet: Sheet, data: st.DataObject) -> None:
    other = evolve(sheet, lines=tuple(data.draw(st.permutations(sheet.lines))))
    one, two = verdict(sheet), verdict(other)
    assert (one.result, one.cum_laude, one.final) == (two.result, two.cum_laude, two.final)
    assert checks(one) == checks(two)
    assert len(one.left_out) == len(two.left_out)
    assert len(one.ignored) == len(two.ignored)
    if (set(one.left_out), set(one.ignored)) == (set(two.left_out), set(two.ignored)):
        assert one.combination == two.combination


FIRST_WITH_PARTS = {"bb": 2018, "kb": 2018, "gl": 2018, "havo": 2012, "vwo": 2012}


@given(data=st.data(), mark=st.integers(10, 34))
def test_a_part_below_4_always_fails(data: st.DataObject, mark: int) -> None:
    level = data.draw(st.sampled_from(list(FIRST_WITH_PARTS)))
    exams = [exam for exam in EXAMS if exam >= FIRST_WITH_PARTS[level] and exam not in DUIM]
    sheet = data.draw(sheets(level, exams, alternatives=False))
    parts = [n for n, line in enumerate(sheet.lines) if line.role in ("part", "keuzevak")]
    parts += [n for n, line in enumerate(sheet.lines) if line.role == "profielvak" and level == "gl"]
    # As many keuzevakken as can be left out may be weak, so one more has to be.
    extra = sum(sheet.lines[n].role == "keuzevak" for n in parts) - sheet.least_keuzevakken
    first = data.draw(st.sampled_from(parts))
    weak = [n for n in parts if sheet.lines[n].role == "keuzevak"][: extra + 1]
    for n in weak if sheet.lines[first].role == "keuzevak" else [first]:
        sheet = sheet.with_line(n, se=mark, ce=mark if sheet.lines[n].ce else 0)
    found = verdict(sheet)
    assert found.result == "failed"
    assert checks(found)["parts"] is False


@given(sheet=sheets())
def test_cum_laude_is_for_who_passes(sheet: Sheet) -> None:
    found = verdict(sheet)
    assert found.cum_laude <= found.passed
    assert found.cum_laude <= (sheet.exam >= 2016)


@given(sheet=sheets(), data=st.data())
def test_an_exam_is_incomplete_when_a_mark_that_it_needs_is_missing(sheet: Sheet, data: st.DataObject) -> None:
    whole = list(Oracle(sheet).choices())
    assume(whole)  # all at a higher level is no exam, whatever the marks
    assert verdict(sheet).result != "incomplete"
    n = data.draw(st.integers(0, len(sheet.lines) - 1))
    line = sheet.lines[n]
    without = sheet.with_line(n, rating="") if line.rating else sheet.with_line(n, **dict.fromkeys(MARK_COLUMNS, 0))
    assert (verdict(without).result != "incomplete") is any(line.code in out for out in whole)


@given(sheet=sheets())
def test_only_extra_subjects_are_left_out(sheet: Sheet) -> None:
    found = verdict(sheet)
    roles = {line.code: line.role for line in sheet.lines}
    assert {roles[code] for code in found.left_out} <= {
        "free",
        "keuzevak",
        *(["profielvak"] if sheet.level == "tl" else []),
    }
    assert len(found.ignored) <= (1 if sheet.exam in DUIM else 0)
    assert not set(found.left_out) & set(found.ignored)


# --- columns ------------------------------------------------------------------------------------------------


@st.composite
def classes(draw: Any) -> list[Sheet]:
    """Some sheets of one layout."""
    first = draw(sheets())
    found = [first]
    for _n in range(draw(st.integers(1, 5))):
        sheet = first
        for n in draw(st.sets(st.integers(0, len(first.lines) - 1), max_size=4)):
            sheet = sheet.with_line(n, **_changed(draw, sheet.lines[n], sheet.exam))
        found.append(sheet)
    return found


def _changed(draw: Any, line: Line, exam: int) -> dict[str, Any]:
    if line.role == "rated":
        return {"rating": draw(st.sampled_from(["", "O", "V", "G"]))}
    marks = st.integers(10, 100)
    changes: dict[str, Any] = {"se": draw(marks | st.just(0))}
    if line.ce:
        changes |= {"ce": draw(marks), "resit": draw(st.just(0) | marks)}
    elif exam == 2020 and line.role != "rekentoets":
        changes["rv"] = draw(st.just(0) | marks)
    return changes


@given(many=classes())
def test_a_batch_is_as_many_batches_of_one(many: Sequence[Sheet]) -> None:
    together = judged(batch_of(many), LAW)
    for n, sheet in enumerate(many):
        alone = judged(sheet.batch, LAW)
        one, other = SheetVerdict(together, LAW, n), SheetVerdict(alone, LAW, 0)
        assert (one.result, one.cum_laude, one.final, one.combination) == (
            *(other.result, other.cum_laude, other.final, other.combination),
        )
        assert (one.left_out, one.ignored) == (other.left_out, other.ignored)
        told = [(line.id, line.ok, line.required, line.observed, str(line.cite)) for line in one.checks]
        assert told == [(line.id, line.ok, line.required, line.observed, str(line.cite)) for line in other.checks]


@given(many=classes())
def test_who_passes_is_told_alike_without_checks(many: Sequence[Sheet]) -> None:
    batch = batch_of(many)
    whole = judged(batch, LAW)
    assert passed(batch, LAW).tolist() == (whole.result == PASSED).tolist()
    found, laude, finals = honoured(batch, LAW)
    assert found.tolist() == (whole.result == PASSED).tolist()
    assert laude.tolist() == whole.laude.tolist()
    assert finals.final.tolist() == whole.finals.final.tolist()


@given(many=classes(), data=st.data())
def test_neighbours_in_a_batch_are_nothing_to_each_other(many: Sequence[Sheet], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(many))))
    one, other = judged(batch_of(many), LAW), judged(batch_of([many[n] for n in order]), LAW)
    assert one.result[list(order)].tolist() == other.result.tolist()
    assert one.laude[list(order)].tolist() == other.laude.tolist()
    assert one.shown[list(order)].tolist() == other.shown.tolist()
