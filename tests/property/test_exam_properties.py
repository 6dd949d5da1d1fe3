"""Exams: what no mark and no further subject may change, columns against single sheets, and a slow oracle.

The oracle is the reference algorithm of the dossier (vo.md 4D, with the tables M1-M3 and section 5), written out in
fractions for one sheet. It reads no law data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any

import pytest
from attrs import evolve, frozen
from exam_sheets import DUIM, EXAMS, LEVELS, MARK_COLUMNS, VOCATIONAL, Line, Sheet, batch_of, has_ce, sheets
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trajectsim.exam.judging import RESULTS, Judged, judged, passed
from trajectsim.exam.verdicts import SheetVerdict
from trajectsim.law.lawbook import Lawbook

LAW = Lawbook.load()

# --- the oracle ---------------------------------------------------------------------------------------------

CORE = {"netl", "entl", "wisa", "wisb", "wisc"}
LEAST_FREE = {"havo": 1, "vwo": 1, "tl": 2, "gl": 1, "kb": 0, "bb": 0}
LEAST_KEUZEVAKKEN = {"gl": 2, "kb": 4, "bb": 4}
LEAST_MARKS = {"havo": 8, "vwo": 9, "tl": 7, "gl": 7, "kb": 7, "bb": 7}


def round1(mean: Fraction) -> int:
    """To a whole mark on the first decimal only (3.5)."""
    tenths = mean.numerator * 10 // mean.denominator
    return tenths // 10 + (1 if tenths % 10 >= 5 else 0)


def exact(tenths: int) -> Fraction:
    return Fraction(tenths, 10)


@frozen
class Choice:
    """What is left out, and what is ignored after that."""

    out: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


@frozen(slots=False)
class Oracle:
    """One sheet, judged the slow way."""

    sheet: Sheet

    @property
    def level(self) -> str:
        return self.sheet.level

    @property
    def exam(self) -> int:
        return self.sheet.exam

    @property
    def high(self) -> bool:
        return self.level in ("havo", "vwo")

    def lines(self, *roles: str) -> list[Line]:
        return [line for line in self.sheet.lines if line.role in roles]

    @cached_property
    def finals(self) -> dict[str, int | None]:
        return {line.code: self.final(line) for line in self.sheet.lines if line.role != "rated"}

    def final(self, line: Line) -> int | None:
        if line.role == "rekentoets":
            return line.se // 10 or None
        if has_ce(line, self.exam):
            ce = max(line.ce, line.resit, line.cspe)
            return round1((exact(line.se) + exact(ce)) / 2) if line.se and ce else None
        if not line.se:
            return None
        if line.role == "profielvak" and (line.sat or self.exam) in DUIM:
            return round1(exact(max(line.se, line.cspe)))
        plain = round1(exact(line.se))
        if self.exam == 2020 and line.rv:
            return max(plain, round1((exact(line.se) + exact(line.rv)) / 2))
        return plain

    def in_ce_mean(self, line: Line) -> Fraction | None:
        if has_ce(line, self.exam):
            return exact(max(line.ce, line.resit, line.cspe))
        if line.role == "profielvak" and (line.sat or self.exam) in DUIM:
            return exact(max(line.se, line.cspe))
        return None

    # What may be left out or ignored.

    def choices(self) -> Iterator[frozenset[str]]:
        extra = [line.code for line in self.lines("free", "keuzevak")]
        for count in range(len(extra) + 1):
            for out in combinations(extra, count):
                if self.is_whole(frozenset(out)):
                    yield frozenset(out)

    def is_whole(self, out: frozenset[str]) -> bool:
        free = [line for line in self.lines("free") if line.code not in out]
        keuzevakken = [line for line in self.lines("keuzevak") if line.code not in out]
        if len(free) < LEAST_FREE[self.level]:
            return False
        if self.level in VOCATIONAL and self.exam >= 2018 and len(keuzevakken) < LEAST_KEUZEVAKKEN[self.level]:
            return False
        needed = [*self.graded(Choice(out)), *self.lines("rekentoets")]
        if any(self.finals[line.code] is None for line in needed):
            return False
        if not all(line.rating for line in self.lines("rated")):
            return False
        return len(self.marks(Choice(out))) >= LEAST_MARKS[self.level]

    def graded(self, choice: Choice) -> list[Line]:
        gone = choice.out | choice.ignored
        graded = (line for line in self.sheet.lines if line.role not in ("rated", "rekentoets"))
        return [line for line in graded if line.code not in gone]

    def parts(self) -> tuple[str, ...]:
        """The roles that make the combination mark."""
        if self.high:
            return ("part",)
        if self.level == "tl" or self.exam <= 2017:
            return ()
        return ("keuzevak", "profielvak") if self.level == "gl" else ("keuzevak",)

    def combination(self, choice: Choice) -> int | None:
        weights: list[tuple[int, int]] = []
        kept = [line for line in self.lines("keuzevak") if line.code not in choice.out]
        for line in self.graded(choice):
            if line.role in self.parts():
                weight = len(kept) if line.role == "profielvak" else 1
                weights.append((self.finals[line.code] or 0, weight))
        if not weights:
            return None
        return round1(Fraction(sum(m * w for m, w in weights), sum(w for _m, w in weights)))

    def marks(self, choice: Choice) -> list[int]:
        """G of the dossier: the graded subjects, the parts replaced by their combination mark."""
        found: list[int] = []
        for line in self.graded(choice):
            if line.role in self.parts():
                continue
            times = 2 if line.role == "vocational" and self.level in ("bb", "kb") else 1
            found += [self.finals[line.code] or 0] * times
        combination = self.combination(choice)
        return found if combination is None else [*found, combination]

    # The demands.

    def ce_mean(self, choice: Choice) -> bool:
        if self.exam == 2020:
            return True
        if any(line.sat == 2020 and has_ce(evolve(line, sat=0), 2019) for line in self.graded(Choice(choice.out))):
            return True
        marks = [mark for line in self.graded(choice) if (mark := self.in_ce_mean(line)) is not None]
        return bool(marks) and sum(marks) / len(marks) >= Fraction(11, 2)

    def core(self, choice: Choice) -> bool:
        marks = [self.finals[line.code] or 0 for line in self.graded(choice) if line.code in CORE]
        if self.level == "vwo" and self.exam == 2017:
            marks += [self.finals[line.code] or 0 for line in self.lines("rekentoets")]
        return min(marks) >= 5 and marks.count(5) <= 1

    def dutch(self) -> bool:
        return self.exam < 2014 or (self.finals["netl"] or 0) >= 5

    def pattern(self, choice: Choice) -> bool:
        marks = self.marks(choice)
        fours, fives = marks.count(4), marks.count(5)
        if min(marks) < 4:
            return False
        if fours == 0 and fives <= 1:
            return True
        if (fours, fives) in ((1, 0), (0, 2)):
            return Fraction(sum(marks), len(marks)) >= 6 if self.high else max(marks) >= 7
        return (fours, fives) == (1, 1) and self.high and Fraction(sum(marks), len(marks)) >= 6

    def parts_are_4(self, choice: Choice) -> bool:
        return all((self.finals[line.code] or 0) >= 4 for line in self.graded(choice) if line.role in self.parts())

    def rekentoets(self) -> bool:
        if self.level != "vwo" or self.exam not in (2016, 2017):
            return True
        return all((self.finals[line.code] or 0) >= 5 for line in self.lines("rekentoets"))

    def rated(self) -> bool:
        return all(line.rating in ("V", "G") for line in self.lines("rated"))

    def demands(self, choice: Choice) -> dict[str, bool]:
        """Every demand, by the name that a verdict gives it, whether the year makes it or not."""
        return {
            "complete": True,
            "ce-mean": self.ce_mean(choice),
            "core" if self.high else "dutch": self.core(choice) if self.high else self.dutch(),
            "pattern": self.pattern(choice),
            "parts": self.parts_are_4(choice),
            "rated": self.rated(),
            "rekentoets": self.rekentoets(),
        }

    def passes(self, choice: Choice) -> bool:
        return all(self.demands(choice).values())

    def ignorable(self, out: frozenset[str]) -> list[str]:
        if self.exam not in DUIM:
            return []
        untouched = CORE | {"pws"} if self.high else {"netl"}
        return [line.code for line in self.graded(Choice(out)) if line.code not in untouched]

    # The outcome.

    @cached_property
    def whole(self) -> list[frozenset[str]]:
        return list(self.choices())

    @cached_property
    def passing(self) -> list[Choice]:
        """Every choice by which the candidate passes."""
        choices = [Choice(out) for out in self.whole]
        choices += [Choice(out, frozenset({code})) for out in self.whole for code in self.ignorable(out)]
        return [choice for choice in choices if self.passes(choice)]

    @property
    def result(self) -> str:
        if self.passing:
            return "passed"
        return "failed" if self.whole else "incomplete"

    @property
    def cum_laude(self) -> bool:
        return self.exam >= 2016 and any(self.laude(choice.out) for choice in self.passing)

    def laude(self, out: frozenset[str]) -> bool:
        """Section 5, for the subjects that count; an ignored one does (5.9)."""
        choice = Choice(out)
        averaged = self.averaged(choice)
        least = min(self.marks(choice))
        if self.level == "vwo" and self.exam in (2016, 2017):
            marks = [self.finals[line.code] or 0 for line in self.lines("rekentoets")]
            averaged, least = averaged + marks, min([least, *marks])
        lowest = 7 if self.level == "vwo" else 6
        return least >= lowest and Fraction(sum(averaged), len(averaged)) >= 8

    def averaged(self, choice: Choice) -> list[int]:
        def of(*roles: str) -> list[int]:
            return [self.finals[line.code] or 0 for line in self.graded(choice) if line.role in roles]

        combination = [mark for mark in [self.combination(choice)] if mark is not None]
        if self.level in ("bb", "kb"):
            return of("profile") + of("vocational") * 2 + of("profielvak") + combination
        best = of("free") + (combination if self.level == "gl" else [])
        return of("common", "profile") + (combination if self.high else []) + [max(best)]


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


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=120)
@given(data=st.data())
def test_the_engine_agrees_with_the_dossier(level: str, data: st.DataObject) -> None:
    sheet = data.draw(sheets(level))
    _agree(Oracle(sheet), verdict(sheet))


@given(sheet=sheets(alternatives=False), data=st.data())
def test_the_engine_agrees_with_the_dossier_on_what_is_open(sheet: Sheet, data: st.DataObject) -> None:
    _agree(Oracle(sheet := data.draw(with_open_marks(sheet))), verdict(sheet))


def _agree(oracle: Oracle, found: SheetVerdict) -> None:
    assert (found.result, found.cum_laude) == (oracle.result, oracle.cum_laude)
    assert found.final == {code: mark for code, mark in oracle.finals.items() if mark}
    if found.result == "incomplete":
        return
    choice = Choice(frozenset(found.left_out), frozenset(found.ignored))
    assert found.combination == oracle.combination(choice)
    demands = oracle.demands(choice)
    told = checks(found)
    assert told == {check: demands[check] for check in told}
    assert found.passed is all(demands.values())


@st.composite
def with_open_marks(draw: Any, sheet: Sheet) -> Sheet:
    """The sheet with some marks not there yet."""
    rows = draw(st.sets(st.integers(0, len(sheet.lines) - 1), max_size=3))
    for n in rows:
        marks = [name for name in ("se", "ce", "rating") if getattr(sheet.lines[n], name)]
        name = draw(st.sampled_from(marks))
        sheet = sheet.with_line(n, **{name: "" if name == "rating" else 0})
    return sheet


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
    found = outcomes(judged(batch_of([sheet.with_line(n, **{name: mark}) for mark in range(10, 101)]), LAW))
    assert all(no_loss(lower, higher) for lower, higher in pairwise(found))


@given(sheet=sheets(), data=st.data())
def test_a_better_rating_costs_nothing(sheet: Sheet, data: st.DataObject) -> None:
    n = data.draw(st.sampled_from([n for n, line in enumerate(sheet.lines) if line.role == "rated"]))
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
    extra = sum(sheet.lines[n].role == "keuzevak" for n in parts) - LEAST_KEUZEVAKKEN.get(level, 0)
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
    assert verdict(sheet).result != "incomplete"
    spare = {"free": -LEAST_FREE[sheet.level], "keuzevak": -LEAST_KEUZEVAKKEN.get(sheet.level, 0)}
    for line in sheet.lines:
        if line.role in spare:
            spare[line.role] += 1
    n = data.draw(st.integers(0, len(sheet.lines) - 1))
    line = sheet.lines[n]
    without = sheet.with_line(n, rating="") if line.rating else sheet.with_line(n, **dict.fromkeys(MARK_COLUMNS, 0))
    assert (verdict(without).result == "incomplete") is (spare.get(line.role, 0) <= 0)


@given(sheet=sheets())
def test_only_extra_subjects_are_left_out(sheet: Sheet) -> None:
    found = verdict(sheet)
    roles = {line.code: line.role for line in sheet.lines}
    assert {roles[code] for code in found.left_out} <= {"free", "keuzevak"}
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
    assert passed(batch, LAW).tolist() == (judged(batch, LAW).result == PASSED).tolist()


@given(many=classes(), data=st.data())
def test_neighbours_in_a_batch_are_nothing_to_each_other(many: Sequence[Sheet], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(many))))
    one, other = judged(batch_of(many), LAW), judged(batch_of([many[n] for n in order]), LAW)
    assert one.result[list(order)].tolist() == other.result.tolist()
    assert one.laude[list(order)].tolist() == other.laude.tolist()
    assert one.shown[list(order)].tolist() == other.shown.tolist()
