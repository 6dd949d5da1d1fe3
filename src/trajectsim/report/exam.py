"""Verdicts on mark sheets as text, json, jsonl and csv: strings for the candidates of a group, in the group's order.

Most candidates share what there is to say of a check with others, so that is written once for each set of facts; a
verdict is still told by ``exam.verdicts`` alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from trajectsim.exam.intake import Group
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
        names = map(json.encoder.encode_basestring, group.names)
        results = map(RESULTS.__getitem__, judged.result.tolist())
        laude = map(("false", "true").__getitem__, judged.laude.tolist())
        mixes = map(_COMBINATION.__getitem__, (judged.combination // TENTHS).tolist())
        sets = [tuple(json.dumps(codes, ensure_ascii=False) for codes in both) for both in _sets(judged)]
        shown = map(sets.__getitem__, judged.shown.tolist())
        return [
            f'{{"candidate": {name}, "result": "{result}", "cum_laude": {cum}, "final": {{{final[:-2]}}}, '
            f'"combination": {mix}, "left_out": {left_out}, "ignored": {ignored}, "checks": [{checks}]}}\n'
            for name, result, cum, final, mix, (left_out, ignored), checks in zip(
                names, results, laude, self._finals(judged, group), mixes, shown, self._checks(judged), strict=True
            )
        ]

    def json(self, judged: Judged, group: Group, law: Lawbook) -> list[str]:
        """The same with what was not checked, certificates and the demands of cum laude."""
        layout = judged.batch.layout
        lines: list[str] = []
        for index, line in enumerate(self.jsonl(judged, group, law)):
            verdict = SheetVerdict(judged, law, index)
            more = {
                "level": layout.level,
                "exam": layout.exam,
                "notes": [*verdict.notes, *group.shapes[index].notes],
                "certificates": list(verdict.certificates),
                "laude": [check_data(check) for check in verdict.laude],
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
        sets = [",".join(map(_csv_field, map(" ".join, both))) for both in _sets(judged)]
        shown = map(sets.__getitem__, judged.shown.tolist())
        return [
            f"{name},{result},{cum},{mix},{dropped},{failed}\n"
            for name, result, cum, mix, dropped, failed in zip(
                map(_csv_field, group.names), results, laude, mixes, shown, _failed(judged), strict=True
            )
        ]

    def text(self, judged: Judged, group: Group, law: Lawbook) -> list[str]:
        """A line a candidate, for people."""
        layout = judged.batch.layout
        frames, examples = np.unique(judged.shown, return_index=True)
        about = {
            frame: SheetVerdict(judged, law, example).left_out_text
            for frame, example in zip(frames.tolist(), examples.tolist(), strict=True)
        }
        lines: list[str] = []
        columns = (column.tolist() for column in (judged.result, judged.laude, judged.shown))
        for name, result, laude, shown, failed in zip(group.names, *columns, _failed(judged), strict=True):
            said = [name, f"{layout.level} {layout.exam}", result_text(result, laude), about[shown]]
            said.append(_("not met: {checks}").format(checks=failed.replace(" ", ", ")) if failed else "")
            lines.append(f"{_SIGN_OF_RESULT[result]} {' · '.join(filter(None, said))}\n")
        return lines

    def blocks(self, judged: Judged, group: Group, law: Lawbook) -> list[str]:
        """Some lines a candidate, with the article behind every check."""
        verdicts = (SheetVerdict(judged, law, index) for index in range(judged.batch.size))
        return ["\n".join(_block(verdict, group, law)) + "\n\n" for verdict in verdicts]

    def _finals(self, judged: Judged, group: Group) -> Iterator[str]:
        """The final marks as pieces of json, each with a comma after it, in the order of the sheet."""
        marks = (judged.finals.final // TENTHS).tolist()
        columns: list[Iterable[str]] = []
        for slot, column in zip(judged.batch.layout.slots, marks, strict=True):
            code = json.encoder.encode_basestring(slot.code)
            pieces = ["", *(f"{code}: {mark}, " for mark in range(1, TENTHS + 1))]
            columns.append([pieces[mark] for mark in column])
        rows = zip(*columns, strict=True)
        if all(shape.back is None for shape in group.shapes):
            return map("".join, rows)
        orders = (shape.back for shape in group.shapes)
        return ("".join(row if back is None else [row[n] for n in back]) for row, back in zip(rows, orders, strict=True))

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


def check_data(check: CheckLine) -> dict[str, Any]:
    """A check as plain data."""
    required, observed = check.required, check.observed
    return {"id": check.id, "ok": check.ok, "required": required, "observed": observed, "cite": str(check.cite)}


def result_text(result: int, laude: bool) -> str:
    """A result for people."""
    return _("passed cum laude") if laude else _(RESULT_TEXT[result])


_COMBINATION = ("null", *map(str, range(1, TENTHS + 1)))

_ROUTES = {"learn-work": N_("learn-work route"), "practice": N_("practice route")}


def _sets(judged: Judged) -> list[tuple[list[str], list[str]]]:
    """For each frame the codes of the subjects that it leaves out and ignores."""
    slots = judged.batch.layout.slots
    return [([slots[row].code for row in f.dropped], [slots[row].code for row in f.spared]) for f in judged.frames]


def _csv_field(text: str) -> str:
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


def _block(verdict: SheetVerdict, group: Group, law: Lawbook) -> Iterator[str]:
    layout = verdict.judged.batch.layout
    route = _(_ROUTES.get(layout.route, layout.route)) if layout.route else ""
    exam = _("{level}, exam {year}").format(level=layout.level, year=layout.exam)
    yield " · ".join(filter(None, [group.names[verdict.index], exam, layout.profile, route]))
    result = int(verdict.judged.result[verdict.index])
    yield f"{_SIGN_OF_RESULT[result]} {result_text(result, verdict.cum_laude)}"
    yield from _marks(verdict, group)
    for check in verdict.checks:
        yield from _check(check, law)
    if verdict.laude and verdict.passed:
        yield "  " + _("cum laude") + ":"
        for check in verdict.laude:
            yield from _check(check, law, "  ")
    if verdict.left_out_text:
        yield f"  {verdict.left_out_text}"
    if verdict.certificates:
        subjects = listed(verdict.certificates)
        yield "  " + _("certificates on leaving school: {subjects}").format(subjects=subjects)
    for note in (*verdict.notes, *group.shapes[verdict.index].notes):
        yield "  " + _("note: {note}").format(note=note)


def _marks(verdict: SheetVerdict, group: Group) -> Iterator[str]:
    """The final marks, in the order of the sheet, and the combination mark."""
    rows: Sequence[int] = group.shapes[verdict.index].back or range(len(verdict.slots))
    tenths = verdict.judged.finals.final[:, verdict.index].tolist()
    parts = [_mark(verdict, row, tenths[row]) for row in rows]
    if verdict.combination is not None:
        parts.append(_("combination mark {mark}").format(mark=verdict.combination))
    yield "  " + " · ".join(parts)


def _mark(verdict: SheetVerdict, row: int, tenths: int) -> str:
    slot = verdict.slots[row]
    said = str(tenths // TENTHS) if tenths else verdict.rating(row) or _("open")
    return f"{slot.code} ({slot.at}) {said}" if slot.at else f"{slot.code} {said}"


def _check(check: CheckLine, law: Lawbook, indent: str = "") -> Iterator[str]:
    label = law.demands[check.verdict.table.rule].label
    yield f"{indent}  {SIGN[check.ok]} {label} · {check.cite.sure}"
    yield f"{indent}      " + _("required: {text}").format(text=check.required)
    yield f"{indent}      " + _("found: {text}").format(text=check.observed)


WRITERS: dict[str, Callable[[Writer, Judged, Group, Lawbook], list[str]]] = {
    "text": Writer.text,
    "blocks": Writer.blocks,
    "json": Writer.json,
    "jsonl": Writer.jsonl,
    "csv": Writer.csv,
}
