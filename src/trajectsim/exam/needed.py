"""Which marks are still needed, exactly: for each open mark, for the open ones together, and by which resits.

    ``needs(sheet, law)`` -> Needs   what a goal asks of the open marks; if they cannot reach it, the resits that can
    ``falls_back(law, layout)``      the article by which a subject of a higher level can be done at the own one
    ``resits_cite(law, layout)``     the article on sitting exams again

Everything is found by judging sheets (``trying.Board``): no rule or number of the law is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import combinations, product
from typing import Any

import numpy as np
from attrs import evolve, frozen

from trajectsim.exam.arithmetic import finals
from trajectsim.exam.judging import INCOMPLETE, RESULTS, Bools, Rules, judged, passed
from trajectsim.exam.sheets import Batch, Form, Layout
from trajectsim.exam.trying import (
    CENTRAL,
    IMPROVING,
    PRACTICAL,
    RESIT,
    SCHOOL,
    Board,
    Cell,
    Choices,
    column,
    split,
)
from trajectsim.exam.verdicts import CheckLine, SheetVerdict, judge_sheet
from trajectsim.law.exams import RATINGS
from trajectsim.law.lawbook import CALENDAR, Clock, Lawbook
from trajectsim.law.tables import Cite, at
from trajectsim.marks import HIGHEST, LOWEST

FALL_BACK = "fall-back"
"""The purpose of the demand that says whether a candidate may go back to the exam of the own level."""


class Goal(StrEnum):
    """What the marks are needed for."""

    PASS = "pass"
    CUM_LAUDE = "cum-laude"


class State(StrEnum):
    """Whether a goal can be reached by the marks that are open.

    REACHED: it is, whatever they become, be it all the lowest there is; IMPOSSIBLE: not even by all the highest;
    INCOMPLETE: nor can it be told, since the sheet lacks something else that the exam needs.
    """

    REACHED = "reached"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    INCOMPLETE = "incomplete"


@frozen
class OpenNeed:
    """What a goal asks of one open mark, in tenths; None where no mark will do.

    ``column``: whether it is a mark of the central exam (ce) or of the school exam (se). ``least``: the least mark if
    all other open marks were the highest. ``if_others_stay``: the least if every other open central exam is as good as
    the school exam of its subject; None, too, when ``stays`` is False: another school exam is open.
    """

    row: int
    subject: str
    column: str
    least: int | None
    if_others_stay: int | None
    stays: bool = True


@frozen
class Mean:
    """The least total, in tenths, of the open central exams with which the goal can be reached, any open school exam
    mark being the highest; how many they are; and marks that do it, in the order of the sheet."""

    total: int
    count: int
    marks: tuple[int, ...]


@frozen
class ResitChoice:
    """Resits with which together, and not with fewer of them, the goal is reached.

    ``marks``: for one resit the least mark; for several those with the least total, of these the ones of which the
    highest is lowest, of these the lowest for the first subject on the sheet. ``over``: the marks they have to beat.
    ``kinds``: the column of the sheet each is written in: resit, cspe, or rv (in a year without central exams).
    ``early``: whether one is of a subject closed in an earlier year, which the law does not settle in words (but for
    the cspe of who closed the profielvak by a school exam).
    """

    rows: tuple[int, ...]
    subjects: tuple[str, ...]
    marks: tuple[int, ...]
    over: tuple[int, ...]
    kinds: tuple[str, ...]
    early: bool = False

    @property
    def rise(self) -> int:
        """By how much the marks have to rise together."""
        return sum(self.marks) - sum(self.over)


@frozen
class Needs:
    """What a goal still asks of a sheet.

    ``open``: by open mark, in the order of the sheet; ``rated``: subjects whose rating is open, taken as good enough.
    ``mean``: None unless it is possible and a central exam is open. ``missing``: when it is impossible or incomplete,
    the checks that fail, or cannot be told, even with the highest marks. ``resits``: when it is impossible, what would
    turn that, every mark that is open being the highest.
    """

    goal: Goal
    state: State
    open: tuple[OpenNeed, ...] = ()
    rated: tuple[str, ...] = ()
    mean: Mean | None = None
    missing: tuple[CheckLine, ...] = ()
    resits: tuple[ResitChoice, ...] = ()


def needs(
    sheet: Batch,
    law: Lawbook,
    clock: Clock = CALENDAR,
    goal: Goal = Goal.PASS,
    offered: Mapping[str, int] | None = None,
) -> Needs:
    """What a goal still asks of a batch of one. ``offered``: facts that measures set; None for those of the law."""
    rules = Rules.of(sheet.layout, law, clock, offered)

    def reach(batch: Batch) -> Bools:
        if goal is Goal.PASS:
            return passed(batch, law, clock, offered)
        return judged(batch, law, clock, offered).laude

    cells, rows = _open(sheet, rules.form)
    rated = tuple(sheet.layout.slots[row].code for row in rows)
    worst, best = (Board(_filled(sheet, cells, rows, high), rules, reach) for high in (False, True))
    if reach(worst.sheet)[0]:
        return Needs(goal, State.REACHED, rated=rated)
    if not reach(best.sheet)[0]:
        verdict = judge_sheet(best.sheet, law, clock, offered)
        missing = tuple(_missing(verdict, goal))
        if verdict.result == RESULTS[INCOMPLETE] or (missing and all(line.ok is None for line in missing)):
            return Needs(goal, State.INCOMPLETE, rated=rated, missing=missing)
        return Needs(goal, State.IMPOSSIBLE, rated=rated, missing=missing, resits=_resits(best, sheet))
    if not cells:
        return Needs(goal, State.POSSIBLE, rated=rated)
    lines = tuple(_lines(sheet, evolve(best, cells=cells)))
    return Needs(goal, State.POSSIBLE, lines, rated, _mean(best, cells, lines))


def falls_back(law: Lawbook, layout: Layout, clock: Clock = CALENDAR) -> Cite | None:
    """The article by which a candidate may still do a subject of a higher level at the own one; None where no subject
    on the sheet is of a higher level, or the law of the year does not know it."""
    tables = law.demands_of(layout.level, layout.route, FALL_BACK, layout.year, clock)
    return tables[0].cite if tables and any(slot.at for slot in layout.slots) else None


def resits_cite(law: Lawbook, layout: Layout, clock: Clock = CALENDAR) -> Cite:
    """The article on sitting exams again. Raises StopIteration when there is no exam of the level."""
    calendar = next(calendar for calendar in law.calendars.values() if layout.level in calendar.levels)
    return at(calendar.cite, law.exam_year(layout.year, clock)[0])


# --- what is open -------------------------------------------------------------------------------------------


def _open(sheet: Batch, form: Form) -> tuple[tuple[Cell, ...], tuple[int, ...]]:
    """The marks that are missing, in the order of the sheet, and the rows of which the rating is."""
    missing = finals(sheet, form).open
    rows: list[int] = [] if missing is None else np.flatnonzero(missing[:, 0]).tolist()
    rated = tuple(row for row in rows if row in form.of_roles("rated"))
    school = [row for row in rows if row not in rated and not sheet.numbers[SCHOOL][row, 0]]
    central = [row for row in rows if row in form.with_ce and not _central(sheet, row)]
    cells = [Cell((row,), SCHOOL) for row in school] + [Cell(exam, CENTRAL) for exam in _exams(form, central)]
    return tuple(sorted(cells, key=lambda cell: cell.rows)), rated


def _central(sheet: Batch, row: int) -> int:
    """The best mark for the central exam of a row, 0 where there is none."""
    return max(int(column(sheet, name)[row, 0]) for name in (CENTRAL, RESIT, PRACTICAL))


def _exams(form: Form, rows: Iterable[int]) -> list[tuple[int, ...]]:
    """The rows by central exam: subjects can share one."""
    exams: dict[object, tuple[int, ...]] = {}
    for row in rows:
        subject = form.subjects[row]
        key = subject.shared if subject is not None and subject.shared else row
        exams[key] = (*exams.get(key, ()), row)
    return list(exams.values())


def _filled(sheet: Batch, cells: Sequence[Cell], rated: Sequence[int], high: bool) -> Batch:
    """The sheet with every open mark and rating the highest, or the lowest there is."""
    numbers = {name: np.array(marks) for name, marks in sheet.numbers.items()}
    for cell in cells:
        numbers.setdefault(cell.column, np.zeros_like(numbers[SCHOOL]))
        numbers[cell.column][list(cell.rows)] = HIGHEST if high else LOWEST
    ratings = sheet.ratings
    if rated:
        ratings = np.array(column(sheet, "") if ratings is None else ratings)
        ratings[list(rated)] = len(RATINGS) - 1 if high else 1
    return evolve(sheet, numbers=numbers, ratings=ratings)


def _missing(verdict: SheetVerdict, goal: Goal) -> Iterator[CheckLine]:
    lines = (*verdict.checks, *verdict.laude) if goal is Goal.CUM_LAUDE else verdict.checks
    return (line for line in lines if line.ok is not True)


def _lines(sheet: Batch, board: Board) -> Iterator[OpenNeed]:
    alone = board.leasts([HIGHEST] * len(board.cells))
    school = sheet.numbers[SCHOOL]
    staying = [0 if cell.column == SCHOOL else int(school[list(cell.rows), 0].min()) for cell in board.cells]
    beside = board.leasts([mark or HIGHEST for mark in staying])
    for n, cell in enumerate(board.cells):
        row, known = cell.rows[0], all(staying[:n] + staying[n + 1 :])
        code, stay = sheet.layout.slots[row].code, beside[n] if known else None
        yield OpenNeed(row, code, cell.column, alone[n], stay, known)


def _mean(best: Board, cells: Sequence[Cell], lines: Sequence[OpenNeed]) -> Mean | None:
    central = ((cell, line) for cell, line in zip(cells, lines, strict=True) if cell.column == CENTRAL)
    board = evolve(best, cells=tuple(evolve(cell, low=line.least or LOWEST) for cell, line in central))
    if not board.cells:
        return None
    marks: list[int] = board.least_together().tolist()
    return Mean(sum(marks), len(marks), tuple(marks))


# --- resits -------------------------------------------------------------------------------------------------


@frozen
class _Try:
    """A resit that could be taken: what mark it has to beat, and whether the subject was closed in an earlier year."""

    cell: Cell
    over: int
    early: bool


def _resits(best: Board, sheet: Batch) -> tuple[ResitChoice, ...]:
    """The least sets of resits that turn a sheet, those with the fewest first, then by how much the marks must rise."""
    rights = _rights(sheet, best.rules.form)
    tries = [each for each in _tries(sheet, best) if rights[each.cell.column]]
    board = evolve(best, cells=tuple(each.cell for each in tries))
    enough: list[tuple[int, ...]] = []
    found: list[ResitChoice] = []
    for size in range(1, sum(rights.values()) + 1):
        sets = [
            chosen
            for chosen in combinations(range(len(tries)), size)
            if not any(set(fewer) <= set(chosen) for fewer in enough)
            and all(sum(tries[n].cell.column == kind for n in chosen) <= right for kind, right in rights.items())
        ]
        if not sets:
            break
        able = board.reached(np.hstack([_taken(board, chosen, [[HIGHEST]] * size) for chosen in sets]))
        sets = [chosen for chosen, turned in zip(sets, able, strict=True) if turned]
        if sets:
            pairs = zip(sets, _least_marks(board, sets), strict=True)
            choices = [_choice(sheet, [tries[n] for n in chosen], marks) for chosen, marks in pairs]
            found += sorted(choices, key=lambda choice: (choice.rise, choice.rows))
        enough += sets
    return tuple(found)


def _choice(sheet: Batch, tries: Sequence[_Try], marks: tuple[int, ...]) -> ResitChoice:
    rows = tuple(each.cell.rows[0] for each in tries)
    return ResitChoice(
        rows,
        tuple(sheet.layout.slots[row].code for row in rows),
        marks,
        tuple(each.over for each in tries),
        tuple(each.cell.column for each in tries),
        any(each.early for each in tries),
    )


def _rights(sheet: Batch, form: Form) -> dict[str, int]:
    """How many resits of each kind can still be taken."""
    sitting, slots = form.sitting, sheet.layout.slots
    resits = int(np.max(form.resits(sheet.numbers)))
    practical = max(sitting.practical_resits, *(form.sittings[row].cspe_later for row in form.cspe_later), 0)
    rights = {RESIT: resits, PRACTICAL: practical, IMPROVING: sitting.improvements}
    now = (row for row, slot in enumerate(slots) if slot.year in (0, sheet.layout.year))
    used = [_kind(form, rows[0]) for rows in _exams(form, now) if _again(sheet, rows[0])]
    return {kind: max(0, right - used.count(kind)) for kind, right in rights.items()}


def _kind(form: Form, row: int) -> str:
    """The right by which a subject can be done again."""
    if form.sitting.improvements:
        return IMPROVING
    own = row in form.cspe_later or (form.sitting.practical_resits and row in form.of_roles(*form.practical))
    return PRACTICAL if own else RESIT


def _again(sheet: Batch, row: int) -> bool:
    """Whether a subject was done again already."""
    return any(column(sheet, name)[row, 0] for name in (RESIT, PRACTICAL, IMPROVING))


def _tries(sheet: Batch, best: Board) -> Iterator[_Try]:
    """What can be done again, in the order of the sheet: central exams, or in a year without them school exams."""
    form, school = best.rules.form, best.sheet.numbers[SCHOOL]
    rows: Iterable[int] = sorted({*form.with_ce, *form.se_in_ce})
    if form.sitting.improvements:
        rows = (row for row in form.graded if row not in form.with_ce and form.sittings[row].improvements)
    for exam in _exams(form, rows):
        over = max(_central(best.sheet, row) if row in form.with_ce else int(school[row, 0]) for row in exam)
        if over < HIGHEST and not any(_again(sheet, row) for row in exam):
            early = sheet.layout.slots[exam[0]].year not in (0, sheet.layout.year) and exam[0] not in form.cspe_later
            yield _Try(Cell(exam, _kind(form, exam[0]), over + 1), over, early)


def _least_marks(board: Board, sets: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """For each set of resits that can turn the sheet, the marks that ``ResitChoice`` tells."""
    boxes = [[board.steps[n] for n in chosen] for chosen in sets]
    lows = [_taken(board, each, _every([low for low, _ in box])) for each, box in zip(sets, boxes, strict=True)]
    highs = [_taken(board, each, _every([high for _, high in box])) for each, box in zip(sets, boxes, strict=True)]
    totals, _choices = board.least_totals(np.hstack(lows), np.hstack(highs))
    pairs = zip(sets, split(totals, lows), strict=True)
    ties = [_adding_up([board.cells[n].low for n in chosen], int(each.min())) for chosen, each in pairs]
    tried = [_taken(board, chosen, marks) for chosen, marks in zip(sets, ties, strict=True)]
    turned = split(board.reached(np.hstack(tried)), tried)
    return [tuple(marks[:, found.argmax()].tolist()) for marks, found in zip(ties, turned, strict=True)]


def _taken(board: Board, chosen: Sequence[int], marks: Any) -> Choices:
    """Choices in which only some resits are taken, with these marks: a row for each."""
    rows = np.array(marks, np.int16)
    choices = np.zeros((len(board.cells), rows.shape[1]), np.int16)
    choices[list(chosen)] = rows
    return choices


def _every(spans: Sequence[Iterable[int]]) -> Choices:
    """Every choice of one from each."""
    return np.array(list(product(*spans)), np.int16).T


def _adding_up(lows: Sequence[int], total: int) -> Choices:
    """Every choice of marks that add up to a total, first those of which the highest is lowest, then by the first."""
    first = _every([range(low, HIGHEST + 1) for low in lows[:-1]])
    marks = np.vstack([first, total - first.sum(axis=0)]).astype(np.int16)
    marks = marks[:, (marks[-1] >= lows[-1]) & (marks[-1] <= HIGHEST)]
    return marks[:, np.lexsort((*marks[::-1], marks.max(axis=0)))]
