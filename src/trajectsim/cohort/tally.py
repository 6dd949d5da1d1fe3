"""What is counted on the way, as whole numbers: sums over pupils do not hang on the order in which they are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.law.places import Place
from trajectsim.learning.growth import Column, Rows
from trajectsim.learning.model import Advice
from trajectsim.learning.pupils import Exam, Pupils

if TYPE_CHECKING:
    from trajectsim.cohort.automaton import Case, Node, Taken

THOUSAND = 1000
SKIP = "skip"
_TOP = 0.8416
"""From how far above the mean a pupil is one of the best fifth of the birth cohort, in SD."""


@define(eq=False)
class Tally:
    """Counts by key, and columns of what became of each pupil, by which two policies are compared."""

    size: int
    pupils: Pupils
    counts: dict[str, int] = field(factory=dict[str, int])
    diplomas: NDArray[np.uint32] = field(init=False)
    last: NDArray[np.int16] = field(init=False)
    repeats: NDArray[np.int8] = field(init=False)
    route: NDArray[np.uint64] = field(init=False)
    laude: NDArray[np.bool_] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.diplomas, self.last = np.zeros(self.size, np.uint32), np.zeros(self.size, np.int16)
        self.repeats, self.route = np.zeros(self.size, np.int8), np.zeros(self.size, np.uint64)
        self.laude = np.zeros(self.size, np.bool_)
        self.add("pupils", self.size)

    def add(self, key: str, count: Any) -> None:
        """Add to a count."""
        self.counts[key] = self.counts.get(key, 0) + int(count)

    def year(self, here: Rows, nodes: Sequence[Node], which: Rows, under: Column, ages: Any) -> None:
        """A school year of everybody."""
        skills, model = self.pupils.skills, self.pupils.model
        counts, girls = _counts(which, len(nodes)), _counts(which[skills.girl[here]], len(nodes))
        for node, count, of_girls in zip(nodes, counts, girls, strict=True):
            place = node.place.id
            self.add(f"in/{place}", count)
            self.add(f"girls/{place}", of_girls)
            self.add(f"years/{_sector(node.place)}", count)
            if node.state.years_in_place == 1:
                self.add(f"enter/{place}/{node.entry}", count)
            for key, amount in node.yields:
                self.add(key, amount * count)
        sectors = np.array([_sector(node.place) for node in nodes])
        vo = np.flatnonzero((sectors == "vo")[which])
        if vo.size:
            some = skills.take(here[vo])
            bored, top = model.bored(some, under[vo], ages[which[vo]]), model.standard(some) > np.float32(_TOP)
            self.add("bored", np.count_nonzero(bored))
            self.add("top", np.count_nonzero(top))
            self.add("bored-top", np.count_nonzero(bored & top))
        young = here[((sectors == "vo") | (sectors == "po"))[which]]
        skipped = young[skills.since_skip[young] > 0]
        if skipped.size:
            self.add("skipped-years", len(skipped))
            peer = model.peer(skills.take(skipped), SKIP)
            self.add("peer", np.floor(peer * np.float32(THOUSAND) + np.float32(0.5)).astype(np.int64).sum())
        words = np.array([draws.word(node.place.id, node.state.year.start) for node in nodes], np.uint64)
        self.route[here] = self.route[here] * _PRIME + words[which]
        self.last[here] = nodes[0].state.year.start

    def advice(self, place: Place, advice: Advice) -> None:
        """The advice of a group in the last year of primary school."""
        if place.years_to_final:
            return
        names = [value.id for value in self.pupils.model.law.facts["advice"].values]
        for code, name in enumerate(names):
            self.add(f"advice/{name}", np.count_nonzero(advice.code == code))
        self.add("advised", len(advice.code))
        self.add("test-above", np.count_nonzero(advice.above))
        self.add("raised", np.count_nonzero(advice.raised))

    def exam(self, place: Place, exam: Exam) -> None:
        """The exam of a group. Sums of means are in hundredths of a mark."""
        level = place.track.level if place.track else ""
        batch, form = exam.judged.batch, exam.judged.rules.form
        self.add(f"exam/{level}", len(exam.rows))
        self.add(f"passed/{level}", np.count_nonzero(exam.passed))
        self.add(f"laude/{level}", np.count_nonzero(exam.laude & exam.passed))
        self.add(f"resat/{level}", np.count_nonzero(exam.resat))
        self.laude[exam.rows] |= exam.laude & exam.passed
        rows = list(form.with_ce)
        if not rows:
            return
        means = {name: batch.numbers[name][rows].sum(axis=0, dtype=np.int64) * 10 // len(rows) for name in ("se", "ce")}
        means["final"] = self.pupils.mark[exam.rows].astype(np.int64)
        for name, column in means.items():
            self.add(f"sum-{name}/{level}", column.sum())
            self.add(f"square-{name}/{level}", (column * column).sum())
        self.add(f"product/{level}", (means["se"] * means["ce"]).sum())

    def earned(self, rows: Rows, cases: Sequence[Case], case: Rows) -> None:
        """The diplomas that are earned in a place."""
        if not any(each.earned for each in cases):
            return
        self.diplomas[rows] |= np.array([each.mask for each in cases], np.uint32)[case]
        counts, on_time = _counts(case, len(cases)), _counts(case[self.repeats[rows] == 0], len(cases))
        for each, count, timely in zip(cases, counts, on_time, strict=True):
            for name in each.earned:
                self.add(f"diploma/{name}", count)
                self.add(f"age/{name}", each.node.state.age_at_end * count)
                self.add(f"age-at/{name}/{each.node.state.age_at_end}", count)
                self.add(f"on-time/{name}", timely)

    def moved(self, node: Node, taken: Taken | None, rows: Rows) -> None:
        """A move that a group takes; None where no lawful step was left."""
        place = node.place.id
        if taken is None:
            self.add("stuck", len(rows))
            self.add(f"stuck/{place}", len(rows))
            return
        self.add(f"move/{place}/{taken.move.id}", len(rows))
        if taken.stays:
            self.repeats[rows] += 1
            self.add(f"repeat/{place}", len(rows))
            self.add(f"repeat-girls/{place}", np.count_nonzero(self.pupils.skills.girl[rows]))
            self.add(f"repeats/{_sector(node.place)}", len(rows))
        elif taken.node < 0:
            self.add(f"leave/{place}/{node.entry}", len(rows))
        else:
            self._switched(node, node.automaton.nodes[taken.node].place, len(rows))

    def _switched(self, node: Node, to: Place, count: int) -> None:
        """To another level of the same sector: after its exam (stacking), or on the way; classes that combine levels
        have none."""
        own, other = node.place.track, to.track
        if own is None or other is None or own.sector != other.sector or not own.level or not other.level:
            return
        if own.level == other.level:
            return
        what = "stack" if not node.place.years_to_final else "switch"
        self.add(f"{what}/{own.sector}", count)
        self.add(f"{what}/{own.id}/{other.id}", count)

    def broken_off(self, nodes: Sequence[Node], which: Rows) -> None:
        """Who was still in school at the age at which a walk is broken off."""
        for node, count in zip(nodes, _counts(which, len(nodes)), strict=True):
            if count:
                self.add("broken-off", count)
                self.add(f"broken-off/{node.place.id}", count)

    def against(self, other: Tally) -> None:
        """Count for whom anything is otherwise than under another policy, by kind."""
        changed = {
            "diplomas": self.diplomas != other.diplomas,
            "time": self.last != other.last,
            "repeats": self.repeats != other.repeats,
            "route": self.route != other.route,
            "marks": self.pupils.mark != other.pupils.mark,
            "laude": self.laude != other.laude,
        }
        anything = np.zeros(self.size, np.bool_)
        for name, rows in changed.items():
            self.add(f"changed/{name}", np.count_nonzero(rows))
            anything |= rows
        self.add("changed", np.count_nonzero(anything))


def _counts(which: Rows, count: int) -> list[int]:
    return np.bincount(which, minlength=count).tolist()


def _sector(place: Place) -> str:
    return place.track.sector if place.track else ""


_PRIME = np.uint64(0x100000001B3)
