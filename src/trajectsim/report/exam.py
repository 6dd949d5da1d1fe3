"""Verdicts on mark sheets as text, json, jsonl and csv: strings for the candidates of a group, in the group's order.

Most candidates share what there is to say of a check with others, so that is written once for each set of facts; a
verdict is still told by ``exam.verdicts`` alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from attrs import evolve, frozen

from trajectsim.exam.chunks import printable
from trajectsim.exam.intake import Group, Shape
from trajectsim.exam.judging import FAILED, INCOMPLETE, PASSED, RESULTS, Judged
from trajectsim.exam.verdicts import RESULT_TEXT, CheckLine, SheetVerdict, check_line
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.tables import Table
from trajectsim.marks import TENTHS
from trajectsim.verdict import NO, judge
from trajectsim.words import N_, _, listed, ngettext

CSV_HEADER = "candidate,level,exam,result,cum_laude,combination,left_out,ignored,failed_checks\n"

MOST_BLOCKS = 20
"""How many candidates get a block each as text; of more, each gets a line."""

MOST_KEPT = 100_000
"""Fragments that are kept of a check before they are made anew."""

SIGN = {True: "✓", False: "✗", None: "?"}
_SIGN_OF_RESULT = {PASSED: "✓", FAILED: "✗", INCOMPLETE: "?"}


@frozen
class Counts:
    """How many candidates came to what; ``refused`` are those with a problem."""

    passed: int = 0
    cum_laude: int = 0
    failed: int = 0
    incomplete: int = 0
    refused: int = 0

    @classmethod
    def of(cls, judged: Iterable[Judged], refused: int) -> Counts:
        """The counts of judged groups."""
        total = np.zeros(len(RESULTS), np.int64)
        laude = 0
        for each in judged:
            total += np.bincount(each.result, minlength=len(RESULTS))
            laude += int(np.count_nonzero(each.laude))
        return cls(int(total[PASSED]), laude, int(total[FAILED]), int(total[INCOMPLETE]), refused)

    def __add__(self, other: Counts) -> Counts:
        names = ("passed", "cum_laude", "failed", "incomplete", "refused")
        return Counts(*(getattr(self, name) + getattr(other, name) for name in names))

    @property
    def judged(self) -> int:
        return self.passed + self.failed + self.incomplete

    def __str__(self) -> str:
        n = self.judged + self.refused
        parts = [_("{n} passed").format(n=self.passed)]
        if self.cum_laude:
            parts = [_("{n} passed ({laude} cum laude)").format(n=self.passed, laude=self.cum_laude)]
        parts.append(_("{n} failed").format(n=self.failed))
        parts.append(_("{n} incomplete").format(n=self.incomplete))
        if self.refused:
            parts.append(_("{n} not judged because of a problem").format(n=self.refused))
        return ngettext("{n} candidate", "{n} candidates", n).format(n=n) + ": " + ", ".join(parts)


class Writer:
    """Writes verdicts; what it has once said of facts it remembers."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, int], _Told] = {}

    def jsonl(self, judged: Judged, group: Group, _law: Lawbook) -> list[str]:
        """An object a candidate, each on a line."""
        names = map(_json_text, group.names)
        results = map(RESULTS.__getitem__, judged.result.tolist())
        laude = map(("false", "true").__getitem__, judged.laude.tolist())
        mixes = map(_COMBINATION.__getitem__, (judged.combination // TENTHS).tolist())
        shown = _sets(judged, group, lambda codes: json.dumps(codes, ensure_ascii=False))
        return [
            f'{{"candidate": {name}, "result": "{result}", "cum_laude": {cum}, "final": {{{final}}}, '
            f'"combination": {mix}, "left_out": {left_out}, "ignored": {ignored}, "checks": [{checks}]}}\n'
            for name, result, cum, final, mix, (left_out, ignored), checks in zip(
                names, results, laude, self._finals(judged, group), mixes, shown, self._checks(judged), strict=True
            )
        ]

    def json(self, judged: Judged, group: Group, law: Lawbook) -> list[str]:
        """The same with what was not checked, certificates and the demands of cum laude."""
        layout = judged.batch.layout
        lines: list[str] = []
        for line, (shape, index) in zip(self.jsonl(judged, group, law), _shapes(group), strict=True):
            verdict = verdict_of(judged, group, law, index)
            more = {
                "level": layout.level,
                "exam": layout.exam,
                "notes": [*verdict.notes, *shape.notes],
                "certificates": _in_order(verdict.certificates, verdict, shape),
                "provisional_list": _in_order(verdict.provisional, verdict, shape),
                "on_request": None if verdict.on_request is None else verdict.on_request[0],
                "laude": [check_data(check) for check in verdict.laude],
                "laude_left_out": list(verdict.laude_left_out),
            }
            lines.append(line[:-2] + ", " + json.dumps(more, ensure_ascii=False)[1:] + "\n")
        return lines

    def csv(self, judged: Judged, group: Group, _law: Lawbook) -> list[str]:
        """A row a candidate."""
        layout = judged.batch.layout
        head = f"{layout.level},{layout.exam}"
        results = map([f"{head},{result}" for result in RESULTS].__getitem__, judged.result.tolist())
        laude = map(("false", "true").__getitem__, judged.laude.tolist())
        mixes = map(("", *_COMBINATION[1:]).__getitem__, (judged.combination // TENTHS).tolist())
        shown = _sets(judged, group, " ".join)
        return [
            f"{name},{result},{cum},{mix},{left_out},{ignored},{failed}\n"
            for name, result, cum, mix, (left_out, ignored), failed in zip(
                csv_fields(group.names), results, laude, mixes, shown, _failed(judged), strict=True
            )
        ]

    def text(self, judged: Judged, group: Group, law: Lawbook) -> list[str]:
        """A line a candidate, for people."""
        layout = judged.batch.layout
        lines: list[str] = []
        columns = (column.tolist() for column in (judged.result, judged.laude, judged.shown | judged.honoured))
        for name, result, laude, sets, failed in zip(group.names, *columns, _failed(judged), strict=True):
            said = [printable(name), f"{layout.level} {layout.exam}", result_text(result, laude)]
            if sets:  # not the first, which leaves nothing out
                verdict = verdict_of(judged, group, law, len(lines))
                said.append(verdict.left_out_text)
            if failed:
                said.append(_("not met: {checks}").format(checks=failed.replace(" ", ", ")))
            lines.append(f"{_SIGN_OF_RESULT[result]} {' · '.join(said)}\n")
        return lines

    def blocks(self, judged: Judged, group: Group, law: Lawbook) -> list[str]:
        """Some lines a candidate, with the article behind every check."""
        return [
            "\n".join(_block(verdict_of(judged, group, law, index), name, shape, law)) + "\n\n"
            for (shape, index), name in zip(_shapes(group), group.names, strict=True)
        ]

    def _finals(self, judged: Judged, group: Group) -> Iterator[str]:
        """The final marks as json, in the order of the sheet."""
        marks = judged.finals.final // TENTHS
        for shape, start, stop in group.runs:
            columns: list[Iterable[str]] = []
            for row in shape.back:
                code = shape.layout.slots[row].code
                column: list[int] = marks[row, start:stop].tolist()
                if any(column):
                    columns.append(map(_pieces(code).__getitem__, column))
            rows: Iterable[tuple[str, ...]] = zip(*columns, strict=True) if columns else [()] * (stop - start)
            yield from ["".join(row)[:-2] for row in rows]

    def _checks(self, judged: Judged) -> Iterator[str]:
        size = judged.batch.size
        values: dict[str, Sequence[int]] = {}
        lists: list[Iterable[str]] = []
        for table, check in zip(judged.rules.demands, judged.rules.checks, strict=True):
            told = self._of(table, check)
            for name in told.facts:
                if name not in values:
                    column = judged.facts.values[name]
                    values[name] = [column] * size if isinstance(column, int) else column.tolist()
            keys = zip(*(values[name] for name in told.facts), strict=True) if told.facts else [()] * size
            lists.append(map(told.__getitem__, keys))
        return map(", ".join, zip(*lists, strict=True))

    def _of(self, table: Table, check: str) -> _Told:
        key = (table.rule, table.year)
        if key not in self._told or len(self._told[key]) > MOST_KEPT:
            self._told[key] = _Told(table, check)
        return self._told[key]


class _Told(dict[tuple[int, ...], str]):
    """A check as json, by the values of the facts that its table asks for."""

    def __init__(self, table: Table, check: str) -> None:
        super().__init__()
        self._table, self._check = table, check
        tests = [test for way in table.ways for test in way.checks]
        named = [name for test in tests for name in (test.fact.id, test.bound, test.over)]
        self.facts = tuple(dict.fromkeys(name for name in named if isinstance(name, str) and name))

    def __missing__(self, values: tuple[int, ...]) -> str:
        verdict = judge(self._table, dict(zip(self.facts, values, strict=True)))
        self[values] = json.dumps(check_data(check_line(self._check, verdict)), ensure_ascii=False)
        return self[values]


def verdict_of(judged: Judged, group: Group, law: Lawbook, index: int) -> SheetVerdict:
    """The verdict on one candidate of a group, with the subjects of its own sheet."""
    shape = next(shape for shape, _start, stop in group.runs if index < stop)
    return SheetVerdict(evolve(judged, batch=evolve(judged.batch, layout=shape.layout)), law, index)


def _shapes(group: Group) -> Iterator[tuple[Shape, int]]:
    return ((shape, index) for shape, start, stop in group.runs for index in range(start, stop))


@cache
def _pieces(code: str) -> tuple[str, ...]:
    """A final mark as json, by the mark, with a comma after it."""
    name = json.encoder.encode_basestring(code)
    return ("", *(f"{name}: {mark}, " for mark in range(1, TENTHS + 1)))


def check_data(check: CheckLine) -> dict[str, Any]:
    """A check as plain data."""
    required, observed = check.required, check.observed
    return {"id": check.id, "ok": check.ok, "required": required, "observed": observed, "cite": str(check.cite)}


def result_text(result: int, laude: bool) -> str:
    """A result for people."""
    return _("passed cum laude") if laude else _(RESULT_TEXT[result])


_COMBINATION = ("null", *map(str, range(1, TENTHS + 1)))

_ROUTES = {"learn-work": N_("learn-work route"), "practice": N_("practice route")}


def _sets(judged: Judged, group: Group, text: Callable[[list[str]], str]) -> Iterator[tuple[str, str]]:
    """For each candidate the codes of the subjects that the result leaves out and ignores."""
    shown: list[int] = judged.shown.tolist()
    for shape, start, stop in group.runs:
        codes = [slot.code for slot in shape.layout.slots]
        told: dict[int, tuple[str, str]] = {}
        for index in set(shown[start:stop]):
            frame = judged.frames[index]
            told[index] = (text([codes[n] for n in frame.dropped]), text([codes[n] for n in frame.spared]))
        yield from map(told.__getitem__, shown[start:stop])


def _json_text(text: str) -> str:
    """A text as json; what some programs take for the end of a line is written by its number."""
    return json.encoder.encode_basestring(text) if text.isprintable() else json.dumps(text)


def csv_fields(texts: Sequence[str]) -> Iterable[str]:
    """Texts as fields of a CSV; of most, none needs quotes."""
    together = "\0".join(texts)
    return map(csv_field, texts) if any(sign in together for sign in ',"\r\n') else texts


def csv_field(text: str) -> str:
    """A text as a field of a CSV."""
    if any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _failed(judged: Judged) -> list[str]:
    """For each candidate the checks that are not met, with a space between."""
    patterns = np.zeros(judged.batch.size, np.int64)
    for bit, truth in enumerate(judged.truths):
        patterns |= np.asarray(np.asarray(truth) == NO).astype(np.int64) << bit
    checks = judged.rules.checks
    texts = {
        pattern: " ".join(check for bit, check in enumerate(checks) if pattern >> bit & 1)
        for pattern in np.unique(patterns).tolist()
    }
    return [texts[pattern] for pattern in patterns.tolist()]


def _block(verdict: SheetVerdict, name: str, shape: Shape, law: Lawbook) -> Iterator[str]:
    layout = shape.layout
    route = _(_ROUTES.get(layout.route, layout.route)) if layout.route else ""
    exam = _("{level}, exam {year}").format(level=law.level_text(layout.level), year=layout.exam)
    yield " · ".join(filter(None, [printable(name), exam, layout.profile, route]))
    result = int(verdict.judged.result[verdict.index])
    yield f"{_SIGN_OF_RESULT[result]} {result_text(result, verdict.cum_laude)}"
    yield "  " + " · ".join(_marks(verdict, shape))
    for check in verdict.checks:
        yield from _check(check, law)
    for check in verdict.laude if verdict.passed else ():
        yield from _check(check, law)
    if verdict.left_out_text:
        yield f"  {verdict.left_out_text}"
    if verdict.on_request is not None:
        level, cite = verdict.on_request
        yield "  " + _("on request also a diploma of {level} · {cite}").format(level=level, cite=cite.sure)
    if verdict.certificates:
        subjects = listed(_in_order(verdict.certificates, verdict, shape))
        yield "  " + _("certificates on leaving school: {subjects}").format(subjects=subjects)
    if verdict.provisional:
        subjects = listed(_in_order(verdict.provisional, verdict, shape))
        yield "  " + _("provisional list on leaving school: {subjects}").format(subjects=subjects)
    for note in (*verdict.notes, *shape.notes):
        yield "  " + _("note: {note}").format(note=note)


def _in_order(codes: Collection[str], verdict: SheetVerdict, shape: Shape) -> list[str]:
    """Subjects in the order of the sheet."""
    return [code for code in (verdict.slots[row].code for row in shape.back) if code in codes]


def _marks(verdict: SheetVerdict, shape: Shape) -> Iterator[str]:
    """The final marks, in the order of the sheet, and the combination mark."""
    tenths = verdict.judged.finals.final[:, verdict.index].tolist()
    yield from (_mark(verdict, row, tenths[row]) for row in shape.back)
    if verdict.combination is not None:
        yield _("combination mark {mark}").format(mark=verdict.combination)


def _mark(verdict: SheetVerdict, row: int, tenths: int) -> str:
    slot = verdict.slots[row]
    said = str(tenths // TENTHS) if tenths else verdict.rating(row) or _("open")
    return f"{slot.code} ({slot.at}) {said}" if slot.at else f"{slot.code} {said}"


def _check(check: CheckLine, law: Lawbook) -> Iterator[str]:
    label = law.demands[check.verdict.table.rule].label
    yield f"  {SIGN[check.ok]} {label} · {check.cite.sure}"
    if check.ok is not True:
        yield "      " + _("required: {text}").format(text=check.required)
    yield "      " + _("found: {text}").format(text=check.observed)


WRITERS: dict[str, Callable[[Writer, Judged, Group, Lawbook], list[str]]] = {
    "text": Writer.text,
    "blocks": Writer.blocks,
    "json": Writer.json,
    "jsonl": Writer.jsonl,
    "csv": Writer.csv,
}
