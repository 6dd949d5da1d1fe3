"""Pupils who learn under a model, one or many: the same steps for a walk and for a cohort.

A group are pupils who are in the same place in the same school year; ``rows`` say which of the columns they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.exam.judging import FAILED, PASSED, Judged, judged
from trajectsim.exam.packages import template
from trajectsim.exam.sheets import Form, Layout, Slot
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Move
from trajectsim.law.places import Place
from trajectsim.learning import growth
from trajectsim.learning.growth import Column, Rows, Skills
from trajectsim.learning.model import MARK, Advice, Bools, Model
from trajectsim.learning.worlds import Select
from trajectsim.marks import TENTHS


@frozen(eq=False)
class Exam:
    """The exam of a group, sheet by sheet: the rows, the marks as they were judged, and what came of it."""

    rows: Rows
    judged: Judged
    passed: Bools
    laude: Bools
    resat: Bools


@define(eq=False)
class Pupils:
    """Columns of pupils and the model they learn by. ``mark``: the mean final mark of the last exam, in hundredths."""

    model: Model
    skills: Skills
    mark: NDArray[np.int16]
    profile: str = ""

    @classmethod
    def born(cls, model: Model, seed: int, replication: int, numbers: Any) -> Pupils:
        """Children of a birth cohort, by number."""
        luck = draws.pupils(seed, replication, numbers)
        return cls(model, growth.born(luck, model.values), np.zeros(len(luck), np.int16))

    @classmethod
    def able(cls, model: Model, luck: draws.Words, ability: Mapping[str, float], profile: str) -> Pupils:
        """A pupil whose ability is given, once for each luck."""
        domains = tuple(domain.id for domain in model.ties.domain)
        return cls(model, growth.able(luck, ability, domains), np.zeros(len(luck), np.int16), profile)

    def learn(self, age: Any, above: Any, delta: Any) -> Column:
        """A school year of growth for everybody; gives the under-challenge of the year."""
        under = growth.engage(self.skills, age, above, self.model.values, self.model.mode)
        growth.grow(self.skills, age, delta, self.model.values, self.model.mode)
        return under

    def offered(self, measure: str, share: float) -> Bools:
        """Whose schools offer a measure that a share of schools does."""
        return self.model.says_yes(self.skills, share, "offer", measure, 0)

    def year_delta(self, place: Place, measures: Iterable[tuple[Measure, float]]) -> float:
        """What the measures that are in effect add to the skill of who is in a place, each by how well it is delivered
        (0 to 1), summed and capped."""
        deltas = [
            quality * float(self.model.values[key])  # pyright: ignore[reportArgumentType]
            for measure, quality in measures
            for key in measure.effects
            if key in self.model.used and key.endswith(".delta")
        ]
        return self.model.capped([*deltas, self.model.at_place(place, "delta")])

    def insufficient(self, rows: Rows, place: Place, times: Any) -> Bools | None:
        """Who of a group has an insufficient year, None where nothing says."""
        some = self.skills.take(rows)
        return self.model.insufficient(some, place, self.mark[rows], times, self.model.bar_shift(some, place))

    def advice(self, rows: Rows) -> Advice:
        """The advice of a group, at the end of primary school."""
        return self.model.advice(self.skills.take(rows))

    def has_exam(self, place: Place) -> bool:
        """Whether the model knows the exam of a place."""
        track = place.track
        return track is not None and not place.years_to_final and f"exam.{track.level}.mu_ce" in self.model.values

    def exams(
        self, rows: Rows, place: Place, year: int, times: Any, clock: Clock, offered: Mapping[str, int]
    ) -> Iterator[Exam]:
        """The exam of a group in a school year (its start), profile by profile, resits included. ``times``: for the how
        manieth time each sits it, a number or a column. The marks of pupils are kept."""
        law, track = self.model.law, place.track
        if track is None:
            return
        when = np.broadcast_to(np.asarray(times), (len(rows),))
        for profile, inside in self._by_profile(rows, law, track.level, year):
            own, time = rows[inside], when[inside]
            layout = usual_layout(law, track.level, year, profile)
            form = Form.of(layout, law, clock)
            some, more = self.skills.take(own), self.model.at_place(place, "ce")
            batch = self.model.marks(some, form, time, more)
            found = judged(batch, law, clock, offered)
            passed, laude, resat = found.result == PASSED, found.laude.copy(), np.zeros(len(own), np.bool_)
            self.mark[own] = _mean_mark(found)
            again = np.flatnonzero(found.result == FAILED)
            if again.size and form.sitting.resits:
                sheet = self.model.resits(some.take(again), batch.take(again), form, time[again], more)
                second = judged(sheet, law, clock, offered)
                passed[again], laude[again], resat[again] = second.result == PASSED, second.laude, True
                self.mark[own[again]] = _mean_mark(second)
                found = second if len(own) == 1 else found
            yield Exam(own, found, passed, laude, resat)

    def wishes(
        self, rows: Rows, place: Place, times: Any, facts: Mapping[str, Any]
    ) -> tuple[tuple[str, ...], NDArray[np.int8]]:
        """Where a group wants to go: moves, and for each pupil the index of one or -1."""
        return self.model.wishes(self.skills.take(rows), place, facts, self.mark[rows], times)

    def selected(self, rows: Rows, place: Place, times: Any, select: Select) -> Bools:
        """Whom of a group schools choose for a move."""
        item = f"{select.move}/{place.id}"
        some = self.skills.take(rows)
        return self.model.chosen(some, select.above, select.knows, select.share, item, times)

    def moved(self, rows: Rows, move: Move, place: Place) -> None:
        """What taking a move does to a group."""
        if not self.model.touches(move.id):
            return
        delta = self.model.delta_of_move(move, place)
        if delta:
            kappa = np.float32(float(self.model.values["kappa"]) if self.model.mode.fade_out else 1.0)  # pyright: ignore
            self.skills.z[:, rows] += kappa * np.float32(delta)
            self.skills.f[:, rows] += (np.float32(1) - kappa) * np.float32(delta)
        if any(effect.channel == "peer" and effect.move == move.id for effect in self.model.active):
            self.skills.since_skip[rows] = 1

    def _by_profile(self, rows: Rows, law: Lawbook, level: str, year: int) -> Iterator[tuple[str, Rows]]:
        names = profiles(law, level, year)
        if self.profile in names or not names or not self.model.mode.noise:
            yield (self.profile if self.profile in names else next(iter(names), "")), np.arange(len(rows))
            return
        drawn = draws.words(self.skills.luck[rows], "profile", level, 0) >> np.uint64(32)
        which = (drawn * np.uint64(len(names)) >> np.uint64(32)).astype(np.intp)
        for n, name in enumerate(names):
            own = np.flatnonzero(which == n)
            if own.size:
                yield name, own


def profiles(law: Lawbook, level: str, year: int) -> tuple[str, ...]:
    """The profiles that an exam of a school year knows, in the order of the law data."""

    def make() -> tuple[str, ...]:
        rows = (row for row in law.packages.values() if level in row.levels and row.profile)
        return tuple(dict.fromkeys(row.profile for row in rows if any(year in v.span for v in row.version)))

    return law.kept(("profiles", level, year), make)


def usual_layout(law: Lawbook, level: str, year: int, profile: str) -> Layout:
    """The sheet of the usual whole package of a profile."""

    def make() -> Layout:
        asked = law.exam_year(year, Clock())[0]
        slots = tuple(Slot(code, role, year=year) for code, role in template(law, level, asked, profile))
        return Layout(level, year, slots, profile=profile)

    return law.kept(("usual layout", level, year, profile), make)


def _mean_mark(found: Judged) -> NDArray[np.int16]:
    """The mean of the final marks of each candidate, in hundredths of a mark."""
    graded: Sequence[int] = found.rules.form.graded
    total = np.zeros(found.batch.size, np.int32)
    for row in graded:
        total += found.finals.final[row]
    return (total * (MARK // TENTHS) // max(1, len(graded))).astype(np.int16)
