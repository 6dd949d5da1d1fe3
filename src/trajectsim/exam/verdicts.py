"""What there is to say of one candidate of a judged batch: marks, checks, what was left out, what was not checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from attrs import field, frozen

from trajectsim.exam.judging import FAILED, INCOMPLETE, PASSED, RESULTS, Judged, judged
from trajectsim.exam.sheets import Batch, Layout, Slot
from trajectsim.exam.tallies import Frame, facts_of
from trajectsim.law.exams import RATINGS
from trajectsim.law.lawbook import CALENDAR, Clock, Lawbook
from trajectsim.law.tables import Cite
from trajectsim.marks import TENTHS
from trajectsim.verdict import MAYBE, YES, Node, Verdict, judge, observed, required
from trajectsim.words import N_, _, listed

RESULT_TEXT = {FAILED: N_("failed"), PASSED: N_("passed"), INCOMPLETE: N_("incomplete")}


@frozen
class CheckLine:
    """A demand as it was met or not. ``ok`` is None where it hangs on something that is not known."""

    id: str
    ok: bool | None
    required: str
    observed: str
    cite: Cite
    verdict: Verdict = field(repr=False)


@frozen(eq=False)
class SheetVerdict:
    """The verdict on one sheet, in words and numbers. ``index`` is its column in the batch."""

    judged: Judged
    law: Lawbook = field(repr=False)
    index: int = 0

    @property
    def result(self) -> str:
        """passed, failed or incomplete."""
        return RESULTS[int(self.judged.result[self.index])]

    @property
    def result_text(self) -> str:
        """The same in the language that is spoken."""
        return _(RESULT_TEXT[int(self.judged.result[self.index])])

    @property
    def passed(self) -> bool:
        return self.result == RESULTS[PASSED]

    @property
    def cum_laude(self) -> bool:
        return bool(self.judged.laude[self.index])

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.judged.batch.layout.slots

    @property
    def final(self) -> dict[str, int]:
        """Whole final marks by subject, of the subjects that have one."""
        column = self.judged.finals.final[:, self.index]
        pairs = zip(self.slots, column.tolist(), strict=True)
        return {slot.code: tenths // TENTHS for slot, tenths in pairs if tenths}

    @property
    def combination(self) -> int | None:
        """The whole combination mark, None where there is none."""
        return int(self.judged.combination[self.index]) // TENTHS or None

    @property
    def left_out(self) -> tuple[str, ...]:
        return tuple(self.slots[row].code for row in self.judged.frame(self.index).dropped)

    @property
    def ignored(self) -> tuple[str, ...]:
        return tuple(self.slots[row].code for row in self.judged.frame(self.index).spared)

    @property
    def left_out_text(self) -> str:
        """In words which subjects the shown result leaves out or ignores, and cum laude where it is by another set;
        empty when none."""
        shown, honoured = self.judged.frame(self.index), self._honoured
        parts = [self._without(shown)]
        if honoured is not shown and honoured.dropped != shown.dropped:
            parts.append(_("for cum laude {set}").format(set=self._without(honoured) or _("nothing left out")))
        return "; ".join(filter(None, parts))

    def _without(self, frame: Frame) -> str:
        """In words which subjects a set leaves out and ignores."""
        said = ((_("left out: {subjects}"), frame.dropped), (_("ignored: {subjects}"), frame.spared))
        return "; ".join(
            text.format(subjects=listed([self.slots[row].code for row in rows])) for text, rows in said if rows
        )

    @property
    def laude_left_out(self) -> tuple[str, ...]:
        """The subjects without which cum laude is told."""
        return tuple(self.slots[row].code for row in self._honoured.dropped)

    @property
    def _honoured(self) -> Frame:
        """The set that is told of cum laude."""
        return self.judged.frames[int(self.judged.honoured[self.index])]

    @cached_property
    def checks(self) -> tuple[CheckLine, ...]:
        """Every demand of the level and year, in the order of the law data."""
        lines: list[CheckLine] = []
        for n, check in enumerate(self.judged.rules.checks):
            verdict = self.judged.verdict(n, self.index)
            lines.append(check_line(check, verdict))
        return tuple(lines)

    @cached_property
    def laude(self) -> tuple[CheckLine, ...]:
        """The demands of cum laude, on the set that gives it or else the one that is shown; empty where the law knows
        none."""
        rules = self.judged.rules
        frame, batch = self._honoured, self.judged.batch.take([self.index])
        marks = self.judged.finals.take([self.index])
        facts = facts_of(frame, batch, marks, rules.laude_facts).values
        plain = {name: _plain(column) for name, column in {**rules.offered, **facts}.items()}
        return tuple(check_line(self.law.demands[table.rule].check, judge(table, plain)) for table in rules.laude)

    @property
    def reforms(self) -> tuple[tuple[str, Cite], ...]:
        """What a draft reform changes in the exam itself, beside its demands: the rule in words, and the reform."""
        layout = self.judged.batch.layout
        rows = self.law.exam_reforms(layout.level, layout.year, self.judged.rules.clock)
        return tuple((str(rule.label), cite) for rule, cite in rows)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was taken for granted, because the sheet does not tell it."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        for name in sorted(self.judged.facts.assumed):
            fact = self.law.facts[name]
            yield _("{fact}: the sheet does not tell; taken as {value}").format(
                fact=fact.label, value=fact.text(fact.encode(fact.assumed))
            )
        subjects = zip(self.slots, self.judged.rules.form.subjects, strict=True)
        unknown = [slot.code for slot, subject in subjects if subject is None]
        if unknown:
            yield _("unknown subject codes, judged by their role alone: {codes}").format(codes=", ".join(unknown))
        yield from (f"{label}: {cite}" for label, cite in self.reforms)
        beyond = [table for table in self.judged.rules.demands if table.extrapolated]
        if beyond:
            yield _("the law of exam {year} is not known here; the nearest known year answers").format(
                year=self.judged.batch.layout.exam
            )

    def nodes(self) -> tuple[Node, ...]:
        """The verdict as a tree: each demand over the tests that decide it, then cum laude."""
        labels = self.law.demands
        return tuple(
            Node(str(labels[line.verdict.table.rule].label), line.verdict.truth, line.cite, line.verdict.why())
            for line in (*self.checks, *self.laude)
        )

    @property
    def certificates(self) -> tuple[str, ...]:
        """The subjects that a failed candidate who leaves gets a certificate for; empty where the law knows none."""
        return self._worth("certificate") if self.result == RESULTS[FAILED] else ()

    @property
    def provisional(self) -> tuple[str, ...]:
        """The subjects on the provisional list of who leaves before the exam is whole."""
        return self._worth("provisional-list") if self.result == RESULTS[INCOMPLETE] else ()

    @cached_property
    def on_request(self) -> tuple[str, Cite] | None:
        """The level of which the same subjects earn the diploma too, if it is asked for, and the article on that; None
        where the law knows none or the subjects do not."""
        layout, rules = self.judged.batch.layout, self.judged.rules
        tables = self.law.demands_of(layout.level, layout.route, "on-request", layout.year, rules.clock)
        beside = next((exam.on_request for exam in self.law.exams.values() if exam.level == layout.level), "")
        if not tables or not beside:
            return None
        other = judge_sheet(self._as(beside), self.law, rules.clock)
        verdict = judge(tables[0], {"passes_beside": int(other.passed)})
        return (beside, verdict.cite) if verdict.truth == YES else None

    def _as(self, level: str) -> Batch:
        """The sheet as one of another level, with the subjects that have a role there."""
        batch, year = self.judged.batch, self.judged.batch.layout.year
        roles = self.law.roles(level, year, self.judged.rules.clock)
        rows = [row for row, slot in enumerate(self.slots) if slot.role in roles]
        layout = Layout(level, year, tuple(self.slots[row] for row in rows))
        numbers = {name: marks[rows][:, [self.index]] for name, marks in batch.numbers.items()}
        return Batch(layout, numbers, None if batch.ratings is None else batch.ratings[rows][:, [self.index]])

    def _worth(self, purpose: str) -> tuple[str, ...]:
        """The subjects whose final mark alone meets the demands of a purpose; the rekentoets is no subject."""
        layout, rules = self.judged.batch.layout, self.judged.rules
        tables = self.law.demands_of(layout.level, layout.route, purpose, layout.year, rules.clock)
        subjects = {self.slots[row].code for row in rules.form.graded}
        return tuple(
            code
            for code, whole in self.final.items()
            if tables
            and code in subjects
            and all(judge(table, {"subject_mark": whole * TENTHS}).truth == YES for table in tables)
        )

    @property
    def resits(self) -> tuple[int, ...]:
        """The marks of resits by row, in tenths; 0 where there is none."""
        resits = self.judged.batch.of("resit")
        return (0,) * len(self.slots) if resits is None else tuple(resits[:, self.index].tolist())

    def rating(self, row: int) -> str:
        """The rating of a row as the sheet writes it."""
        ratings = self.judged.batch.ratings
        return "" if ratings is None else RATINGS[int(ratings[row, self.index])]


def judge_sheet(
    batch: Batch, law: Lawbook, clock: Clock = CALENDAR, offered: Mapping[str, int] | None = None
) -> SheetVerdict:
    """The verdict on a batch of one."""
    return SheetVerdict(judged(batch, law, clock, offered), law, 0)


def check_line(check: str, verdict: Verdict) -> CheckLine:
    """A demand in words: what the way that decides asks for, and what was found."""
    truth = verdict.truth
    way = verdict.deciding
    tests = way.checks if way is not None else ()
    wanted = (f"{test.fact.label}: {required(test, verdict.facts)}" for test in tests)
    found = (f"{test.fact.label}: {observed(test, verdict.facts)}" for test in tests)
    ok = None if truth == MAYBE else truth == YES
    return CheckLine(check, ok, "; ".join(wanted), "; ".join(found), verdict.cite, verdict)


def _plain(column: object) -> int:
    return int(np.asarray(column).reshape(-1)[0])
