"""Judging exams: every admissible set of subjects left out or ignored, on columns, by the tables of the law.

    ``judged(batch, law)`` -> Judged       results, cum laude, and the facts and checks of the set that is shown
    ``passed(batch, law)`` -> bool column  the same sets and tables, and nothing but whether one of them passes

The sets come in this order: nothing left out; then the fewest subjects, in the order of the sheet; then the same with
one subject ignored where the law of the year knows that (Eindexamenbesluit VO art. 48, 60g; Uitvoeringsbesluit WVO 2020
art. 3.33). The first set that passes is shown; failing that, the first that is complete. Cum laude is given by any set
that passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from trajectsim.exam.arithmetic import Finals, finals
from trajectsim.exam.sheets import Batch, Form, Layout
from trajectsim.exam.tallies import COMBINATION, Column, Facts, Frame, facts_of, made_of
from trajectsim.law.exams import Demand
from trajectsim.law.facts import Fact
from trajectsim.law.lawbook import CALENDAR, Clock, Lawbook
from trajectsim.law.tables import Table
from trajectsim.verdict import MAYBE, YES, Verdict, judge

FAILED, PASSED, INCOMPLETE = range(3)
RESULTS = ("failed", "passed", "incomplete")

WHOLE, UNSURE, PASSES = range(1, 4)
"""How far a set comes that can be judged at all."""

COMPLETE = "complete"
"""The check that says whether there is anything to judge."""

MOST_DROPPED = 12
"""How many subjects of a sheet can at most be tried to be left out: their sets double with each."""

AT_ONCE = 1 << 14
"""How many candidates are judged at a time: so many that their columns stay in the cache."""

Bools = NDArray[np.bool_]


@frozen(eq=False)
class Rules:
    """The tables that judge a layout, with the facts they ask for and the frames that are tried."""

    form: Form
    clock: Clock
    demands: tuple[Table, ...]
    checks: tuple[str, ...]
    laude: tuple[Table, ...]
    facts: tuple[Fact, ...]
    laude_facts: tuple[Fact, ...]
    offered: Mapping[str, int]
    frames: tuple[Frame, ...]
    spared: tuple[Frame, ...]

    @property
    def structure(self) -> Any:
        """What a verdict hangs on beside the marks: of two sheets that have it alike the same marks come to the same,
        whatever their subjects, profiles and years are."""
        form, facts = self.form, (*self.facts, *self.laude_facts)
        frames = tuple(made_of(frame, facts) for frame in (*self.frames, *self.spared))
        tables = tuple(tuple((w.force, w.checks) for w in t.ways) for t in (*self.demands, *self.laude))
        rows = (form.graded, form.with_ce, form.se_in_ce, form.of_roles("rekentoets"), form.of_roles("rated"))
        improved = tuple((row, bool(sitting.improvements)) for row, sitting in enumerate(form.sittings))
        said = (self.checks, len(self.frames), form.sitting.resits, form.practical, tuple(self.offered.items()))
        return (form.layout.level, len(form.layout.slots), frames, tables, rows, improved, said)

    @classmethod
    def of(cls, layout: Layout, law: Lawbook, clock: Clock, offered: Mapping[str, int] | None = None) -> Rules:
        """The rules for a layout, made once. ``offered``: facts that measures set, those of the law itself if None."""
        given = offered_by_law(law, layout.year, clock) if offered is None else offered
        key = ("exam", layout, clock, tuple(sorted(given.items())))
        return law.kept(key, lambda: _rules(layout, law, clock, given))


def offered_by_law(law: Lawbook, year: int, clock: Clock) -> Mapping[str, int]:
    """The facts that measures set which are on by themselves in a school year."""
    facts: dict[str, int] = {}
    for measure in law.measures.values():
        known = {"law_year": law.law_year(year, clock)[0], "law_intake": law.law_year(year, clock)[0]}
        on = measure.on_by_itself and judge(law.measure_table(measure, year, year, clock), known).truth == YES
        facts |= {name: law.facts[name].encode(value) if on else 0 for name, value in measure.sets.items()}
    return facts


@frozen(eq=False)
class Judged:
    """A batch that was judged. All are columns over its candidates.

    ``result``: FAILED, PASSED or INCOMPLETE. ``laude``: whether a set that passes is cum laude. ``shown``: the index in
    ``frames`` of the set that is told; ``honoured`` of the one that is told of cum laude: the first that gives it, else
    the same. ``truths``: for each demand whether it is met in the set that is told; ``facts`` what was found.
    """

    batch: Batch
    rules: Rules
    finals: Finals
    frames: Sequence[Frame]
    result: NDArray[np.uint8]
    laude: Bools
    shown: NDArray[np.int16]
    honoured: NDArray[np.int16]
    truths: tuple[Column, ...]
    facts: Facts = field(repr=False)

    def verdict(self, demand: int, candidate: int) -> Verdict:
        """The verdict of a demand for one candidate, with the checks under it."""
        table = self.rules.demands[demand]
        return judge(table, {name: _one(column, candidate) for name, column in self.facts.values.items()})

    def frame(self, candidate: int) -> Frame:
        """The set that is shown for a candidate."""
        return self.frames[int(self.shown[candidate])]

    @cached_property
    def combination(self) -> NDArray[np.uint8]:
        """The combination mark of the set that is shown, in tenths; 0 where there is none."""
        marks = np.zeros(self.batch.size, np.uint8)
        for index in np.flatnonzero(np.bincount(self.shown)).tolist():
            rows = self.shown == index
            for mix in self.frames[index].group(COMBINATION).mixes:
                if mix is not None:
                    marks[rows] = mix.mark(self.finals.final[:, rows])
        return marks


def passed(batch: Batch, law: Lawbook, clock: Clock = CALENDAR, offered: Mapping[str, int] | None = None) -> Bools:
    """Whether each candidate passes."""
    rules = Rules.of(batch.layout, law, clock, offered)
    starts = range(0, batch.size, AT_ONCE)
    return np.concatenate(
        [_tried(batch.take(slice(n, n + AT_ONCE)), rules, _PASSES).passes for n in starts] or [np.zeros(0, np.bool_)]
    )


def honoured(
    batch: Batch, law: Lawbook, clock: Clock = CALENDAR, offered: Mapping[str, int] | None = None
) -> tuple[Bools, Bools, Finals]:
    """Whether each candidate passes, and whether cum laude, as ``judged`` has it; and the final marks."""
    tried = _tried(batch, Rules.of(batch.layout, law, clock, offered), _HONOURS)
    return tried.passes, tried.laude, tried.finals


def judged(batch: Batch, law: Lawbook, clock: Clock = CALENDAR, offered: Mapping[str, int] | None = None) -> Judged:
    """Judge a batch, with the checks and facts of the set that is shown for each candidate."""
    rules = Rules.of(batch.layout, law, clock, offered)
    tried = _tried(batch, rules, _WHOLE)
    result = np.select([tried.passes, tried.rank == WHOLE], [np.uint8(PASSED), np.uint8(FAILED)], np.uint8(INCOMPLETE))
    facts = Facts(tried.facts, tried.assumed)
    frames = (*rules.frames, *rules.spared)
    honoured = np.where(tried.laude, tried.honoured, tried.shown)
    truths = tuple(tried.truths)
    return Judged(batch, rules, tried.finals, frames, result, tried.laude, tried.shown, honoured, truths, facts)


# --- how it does it -----------------------------------------------------------------------------------------


def _rules(layout: Layout, law: Lawbook, clock: Clock, offered: Mapping[str, int]) -> Rules:
    form = Form.of(layout, law, clock)
    demands = law.demands_of(layout.level, layout.route, "pass", layout.year, clock)
    laude = law.demands_of(layout.level, layout.route, "cum-laude", layout.year, clock)
    checks = tuple(_demand(law, table).check for table in demands)
    facts, laude_facts = _asked(demands, law), _asked(laude, law)
    frames = [Frame(form, dropped) for dropped in _dropped(form)]
    first, *rest = frames
    complete = tuple(table for table, check in zip(demands, checks, strict=True) if check == COMPLETE)
    admissible = (first, *(frame for frame in rest if _admissible(frame, complete, law)))
    spared = tuple(Frame(form, frame.dropped, spare) for frame, spare in _spared(form, admissible))
    return Rules(form, clock, demands, checks, laude, facts, laude_facts, offered, admissible, spared)


def _demand(law: Lawbook, table: Table) -> Demand:
    return law.demands[table.rule]


def _asked(tables: Sequence[Table], law: Lawbook) -> tuple[Fact, ...]:
    """The facts that tables ask for, those of bounds and means with them."""
    names: dict[str, Fact] = {}
    for table in tables:
        for way in table.ways:
            for check in way.checks:
                others = (name for name in (check.bound, check.over) if isinstance(name, str) and name)
                names |= {fact.id: fact for fact in (check.fact, *(law.facts[name] for name in others))}
    return tuple(names.values())


def _dropped(form: Form) -> Iterator[tuple[int, ...]]:
    """The sets of subjects that can be left out: none, then the fewest, in the order of the sheet."""
    rows = form.of_roles(*form.composition.droppable)[:MOST_DROPPED]
    return (rows_out for count in range(len(rows) + 1) for rows_out in combinations(rows, count))


def _spared(form: Form, frames: Sequence[Frame]) -> Iterator[tuple[Frame, tuple[int, ...]]]:
    """The sets of subjects to ignore with each frame: fewest left out first, then the order of the sheet."""
    kept = {row for name in form.sitting.kept for row in form.of_group(name)}
    for count in range(1, form.sitting.spared + 1):
        for frame in frames:
            rows = (row for row in form.graded if row not in kept and row not in frame.dropped)
            yield from ((frame, spared) for spared in combinations(rows, count))


def _admissible(frame: Frame, complete: Sequence[Table], law: Lawbook) -> bool:
    """Whether an exam without these subjects is still a whole one, whatever the marks."""
    size = len(frame.form.layout.slots)
    nothing = np.zeros((size, 1), np.uint8)
    full = Finals(nothing, nothing, None)
    facts = facts_of(frame, Batch(frame.form.layout, {"se": nothing}), full, _asked(complete, law))
    return all(judge(table, facts.values).truth == YES for table in complete)


class _Tried:
    """What is known while the frames are tried, one after the other."""

    def __init__(self, batch: Batch, rules: Rules, finals: Finals) -> None:
        self.batch, self.rules, self.finals = batch, rules, finals
        self.passes: Bools = np.zeros(batch.size, np.bool_)
        self.rank: NDArray[np.uint8] = np.zeros(batch.size, np.uint8)
        self.laude: Bools = np.zeros(batch.size, np.bool_)
        self.hopeful: Bools = np.zeros(batch.size, np.bool_)  # whose marks of some set are enough for cum laude
        self.shown: NDArray[np.int16] = np.zeros(batch.size, np.int16)
        self.honoured: NDArray[np.int16] = np.zeros(batch.size, np.int16)
        self.facts: dict[str, Column] = {}
        self.assumed: frozenset[str] = frozenset()
        self.truths: list[Column] = []


_PASSES, _HONOURS, _WHOLE = range(3)
"""How much is found out: who passes, who does so cum laude too, and all that is told of it."""


def _tried(batch: Batch, rules: Rules, depth: int) -> _Tried:
    tried = _Tried(batch, rules, finals(batch, rules.form))
    for index, frame in enumerate(rules.frames):
        # Cum laude is given if any set that passes has it, so who passes without it is tried on.
        rows = ~(tried.passes & tried.laude) if depth and rules.laude else ~tried.passes
        if index == 0:
            _try(tried, frame, index, None, depth)
        elif rows.any():
            _try(tried, frame, index, np.flatnonzero(rows), depth)
    for index, frame in enumerate(rules.spared, len(rules.frames)):
        # What is ignored counts for cum laude, so who has not the marks for it without cannot have them with.
        rows = ~tried.passes | (tried.hopeful & ~tried.laude)
        if not rows.any():
            break
        _try(tried, frame, index, np.flatnonzero(rows), depth)
    return tried


def _try(tried: _Tried, frame: Frame, index: int, rows: NDArray[np.intp] | None, depth: int) -> None:
    rules = tried.rules
    batch = tried.batch if rows is None else tried.batch.take(rows)
    marks = tried.finals if rows is None else tried.finals.take(rows)
    facts = facts_of(frame, batch, marks, rules.facts)
    truths: list[Column] = []
    passes: Column = YES
    for table in rules.demands:
        truths.append(judge(table, facts.values).truth)
        passes = passes & truths[-1]
    passing = np.broadcast_to(np.asarray(passes == YES), (batch.size,))
    if depth == _PASSES:
        _set(tried.passes, rows, passing)
        return
    hopeful = _hopeful(frame, batch, marks, rules, passing)
    laude = passing & hopeful
    if depth == _HONOURS:
        for column, found in ((tried.passes, passing), (tried.laude, laude), (tried.hopeful, hopeful)):
            _set(column, rows, found)
        return
    rank = _rank(truths, rules, batch.size)
    if rows is None:
        tried.facts, tried.assumed, tried.truths = dict(facts.values), facts.assumed, truths
        tried.passes, tried.rank, tried.laude, tried.hopeful = passing.copy(), rank, laude, hopeful
        return
    better = rank > tried.rank[rows]
    _show(tried, index, rows[better], better, facts.values, truths)
    tried.honoured[rows[laude & ~tried.laude[rows]]] = index
    tried.laude[rows] |= laude
    tried.hopeful[rows] |= hopeful
    tried.passes[rows] |= passing
    tried.rank[rows] = np.maximum(tried.rank[rows], rank)


def _rank(truths: Sequence[Column], rules: Rules, size: int) -> NDArray[np.uint8]:
    """How far each comes: nothing to judge, a whole exam that fails, one that hangs on something unknown, a pass."""
    whole: Column = YES
    all_: Column = YES
    for truth, check in zip(truths, rules.checks, strict=True):
        all_ = all_ & truth
        if check == COMPLETE:
            whole = whole & truth
    known = np.select([all_ == YES, all_ == MAYBE], [np.uint8(PASSES), np.uint8(UNSURE)], np.uint8(WHOLE))
    return np.array(np.broadcast_to(np.where(whole == YES, known, np.uint8(0)), (size,)))


def _hopeful(frame: Frame, batch: Batch, marks: Finals, rules: Rules, passing: Bools) -> Bools:
    """Who has the marks for cum laude in a frame, among those who pass by it and, where ignoring a subject could still
    make them pass, the others."""
    if not rules.laude or not (passing.any() or rules.spared):
        return np.zeros(batch.size, np.bool_)
    facts = facts_of(frame, batch, marks, rules.laude_facts)
    truth: Column = YES
    for table in rules.laude:
        truth = truth & judge(table, {**rules.offered, **facts.values}).truth
    return np.array(np.broadcast_to(np.asarray(truth == YES), (batch.size,)))


def _show(
    tried: _Tried,
    index: int,
    rows: NDArray[np.intp],
    chosen: Bools,
    facts: Mapping[str, Column],
    truths: Sequence[Column],
) -> None:
    """Tell this frame for some candidates, in the place of an earlier one."""
    if not rows.size:
        return
    tried.shown[rows] = index
    for name, column in facts.items():
        tried.facts[name] = _merged(tried.facts[name], column, rows, chosen, tried.batch.size)
    for n, truth in enumerate(truths):
        tried.truths[n] = _merged(tried.truths[n], truth, rows, chosen, tried.batch.size)


def _merged(old: Column, new: Column, rows: NDArray[np.intp], chosen: Bools, size: int) -> Column:
    if isinstance(old, int) and isinstance(new, int) and old == new:
        return old
    column = np.array(np.broadcast_to(np.asarray(old, np.int16), (size,)))
    column[rows] = np.broadcast_to(np.asarray(new, np.int16), chosen.shape)[chosen]
    return column


def _set(column: Bools, rows: NDArray[np.intp] | None, values: Bools) -> None:
    if rows is None:
        column[:] = values
    else:
        column[rows] |= values


def _one(column: Any, candidate: int) -> int:
    return column if isinstance(column, int) else int(column[candidate])
