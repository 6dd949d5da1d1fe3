"""The exams of a walk for a hand-out: what their marks come to and what is still needed, or what they will ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trajectsim.exam.needed import Goal, falls_back, needs, resits_cite
from trajectsim.exam.verdicts import CheckLine, SheetVerdict
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.tables import Table
from trajectsim.path.walk import Step, Trajectory
from trajectsim.pupil.facts import level_of
from trajectsim.report.handoutparts import Bullets, Item
from trajectsim.report.needed import Answer, needed_lines
from trajectsim.report.text import SIGN, exam_result_text, subject_text
from trajectsim.verdict import required
from trajectsim.words import _

PURPOSES = ("pass", "cum-laude")
"""What the demands of an exam are for, as a hand-out tells them."""

MOST = 2
"""Exams whose every demand there is room for."""


def exam_parts(step: Step, walk: Trajectory, law: Lawbook) -> Iterator[Bullets]:
    """What there is to say of the exam of a year; nothing where there is none."""
    if not _has_exam(step, law):
        return
    if step.exam is not None and not step.marks_modelled:
        yield _judged(step.exam)
    else:
        yield _asked(step, walk, law)


def _has_exam(step: Step, law: Lawbook) -> bool:
    levels = {exam.level for exam in law.exams.values()}
    return not step.state.place.years_to_final and level_of(step.state) in levels


def _judged(exam: SheetVerdict) -> Bullets:
    """A sheet with marks: each demand as it is met, then what is needed for what is not reached."""
    rules, sheet, law = exam.judged.rules, exam.judged.batch, exam.law
    whole = exam.judged.finals.open is None
    reached = whole and exam.passed and (exam.cum_laude or not exam.laude)
    marks = _("Final marks: {marks}").format(marks=_finals(exam, coded=not reached))
    items = [Item(text) for text in (marks, exam.left_out_text) if text]
    items += [_check(line, law) for line in (*exam.checks, *exam.laude)]
    if not reached:
        asked = {goal: needs(sheet, law, rules.clock, goal, rules.offered) for goal in Goal}
        cites = (resits_cite(law, sheet.layout, rules.clock), falls_back(law, sheet.layout, rules.clock))
        items += nested(needed_lines(Answer("", exam, asked, *cites, exam.notes)))
    level = law.level_text(sheet.layout.level)
    return Bullets(tuple(items), _("{level}, {exam}").format(level=level, exam=exam_result_text(exam)))


def _finals(exam: SheetVerdict, *, coded: bool) -> str:
    """Final marks and ratings with the names of their subjects, and their codes where lines below speak in these."""
    told = [
        f"{subject_text(exam.law, slot.code)}{f' ({slot.code})' if coded else ''} {mark}"
        for row, slot in enumerate(exam.slots)
        for mark in [exam.final.get(slot.code) or exam.rating(row) or _("open")]
    ]
    marks = ", ".join(told)
    if exam.combination is None:
        return marks
    return _("{marks}; combination mark {combination}").format(marks=marks, combination=exam.combination)


def _check(line: CheckLine, law: Lawbook) -> Item:
    label = law.demands[line.verdict.table.rule].label
    return Item(f"{SIGN[line.verdict.truth]} {label}: {line.observed} · {line.cite.sure}")


def _asked(step: Step, walk: Trajectory, law: Lawbook) -> Bullets:
    """An exam of which no mark is given: its demands in numbers. Of many exams it is not told what makes a list whole,
    but where that stands: a page has room for the marks of all of them."""
    level, year = level_of(step.state), step.state.year
    many = sum(_has_exam(each, law) for each in walk.steps) > MOST
    exam = _("{level}, exam {year}").format(level=law.level_text(level), year=year.end)
    tables = (law.demands_of(level, "", purpose, year.start, walk.plan.clock) for purpose in PURPOSES)
    items = [
        Item(f"{law.demands[table.rule].label}{ways} · {table.cite.sure}")
        for each in tables
        for table in each
        for ways in ["" if many and law.demands[table.rule].check == "complete" else f": {_ways(table, law)}"]
    ]
    if step.exam is not None:  # marks that nobody earned: what they come to is told, and not what they lack
        told = _("Modelled, by evidence of grade {grade}: {exam}")
        result = f"{exam_result_text(step.exam)} · {_finals(step.exam, coded=False)}"
        items.append(Item(told.format(grade=walk.evidence, exam=result)))
    return Bullets(tuple(items), _("{exam}, which asks").format(exam=exam))


def _ways(table: Table, law: Lawbook) -> str:
    """What a table asks: what all its ways share, then what tells them apart."""
    ways = [[f"{check.fact.label}: {required(check, {})}" for check in way.checks] for way in table.ways]
    shared = [text for text in ways[0] if all(text in way for way in ways)]
    apart = [", ".join(text for text in way if text not in shared) for way in ways]
    if not all(apart):
        return "; ".join(shared)
    between, also = _("or"), _("and")
    either = f", {between} ".join(f"({n}) {way}" for n, way in enumerate(apart, start=1))
    return "; ".join([*shared, f"{also} {either}"]) if shared else either


def nested(lines: Iterable[str]) -> Iterator[Item]:
    """Lines that lie under each other by their indent, as items."""
    depths = [((len(line) - len(line.lstrip())) // 2, line.strip()) for line in lines]
    yield from _nested(depths, min((depth for depth, _text in depths), default=0))


def _nested(depths: list[tuple[int, str]], depth: int) -> Iterator[Item]:
    heads = [n for n, (deep, _text) in enumerate(depths) if n == 0 or deep <= depth]
    for n, end in zip(heads, (*heads, len(depths))[1:], strict=True):
        yield Item(depths[n][1], tuple(_nested(depths[n + 1 : end], depth + 1)))
