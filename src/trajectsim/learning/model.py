"""The learning model in one run: what it says of advice, of a year, of an exam, of where a pupil goes.

It fills in facts that nobody gave; what follows from them is for the law. Everything is on columns, one element a
pupil; with noise off, every yes or no is the likelier.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.exam.sheets import Batch, Form
from trajectsim.law.exams import RATINGS
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.moves import Move
from trajectsim.law.places import Place
from trajectsim.learning import growth
from trajectsim.learning.growth import Column, Mode, Skills
from trajectsim.learning.parameters import Told
from trajectsim.learning.ties import Effect, Ties
from trajectsim.marks import HIGHEST, LOWEST, TENTHS, final
from trajectsim.verdict import YES, hold

Bools = NDArray[np.bool_]
Codes = NDArray[np.int16]

PROBIT = 1.702
"""By how much a logit is steeper than the normal curve that is nearest to it."""
YEARS_OF_PEERS = 3
"""For how many years a skip weighs on peer well-being as in the first ones (P.6)."""
MARK = 100
"""Mean marks of pupils are kept in hundredths of a mark."""


@frozen(eq=False)
class Advice:
    """Advice in groep 8, by columns. ``code`` is the definitive one as the fact ``advice`` has it, ``first`` the one
    before the test; ``above`` whether the test fits a higher one, ``raised`` whether it was raised for that."""

    code: Codes
    first: Codes
    above: Bools
    raised: Bools


@frozen(eq=False)
class Model:
    """Parameters as this run has them, and the switches of its world. ``used``: the sizes of the effects it has."""

    values: Told
    mode: Mode
    ties: Ties
    law: Lawbook = field(repr=False)
    used: frozenset[str] = frozenset()

    @cached_property
    def active(self) -> tuple[Effect, ...]:
        """The effects of moves and places that are used."""
        return tuple(effect for effect in self.ties.effect if effect.size in self.used)

    def _number(self, key: str) -> float:
        return float(self.values[key])  # pyright: ignore[reportArgumentType]

    # --- chance -------------------------------------------------------------------------------------------------

    def noise(self, skills: Skills, decision: str, item: str, occasion: Any, size: float) -> Column | float:
        """Normal noise of a size; none in fixed mode."""
        if not self.mode.noise or not size:
            return 0.0
        return draws.normal(skills.luck, decision, item, occasion).astype(np.float32) * np.float32(size)

    def says_yes(self, skills: Skills, chance: Any, decision: str, item: str, occasion: Any) -> Bools:
        """A yes with a chance; in fixed mode the likelier of the two, yes where they are equal."""
        chances = np.broadcast_to(np.asarray(chance, np.float64), (len(skills),))
        if not self.mode.noise:
            return chances >= 0.5
        return draws.uniform(skills.luck, decision, item, occasion) < chances

    def chosen(self, skills: Skills, above: float | None, how: str, share: float, item: str, occasion: Any) -> Bools:
        """Whom a school chooses: whose skill it takes to be above a bound, of these a share. ``how``: the parameter
        that says how well it knows."""
        found = np.ones(len(skills), np.bool_)
        if above is not None:
            found = self.seen(skills, how, item, occasion) > np.float32(above)
        if share < 1:
            found &= self.says_yes(skills, share, "choose", item, occasion)
        return found

    def seen(self, skills: Skills, how: str, item: str, occasion: Any) -> Column:
        """Skill as a school sees it, in SD: right in fixed mode."""
        real = self.standard(skills)
        if not self.mode.noise:
            return real
        r = self._number(how)
        return np.float32(r) * real + self.noise(skills, "seen", item, occasion, (1 - r * r) ** 0.5)

    # --- what it fills in -----------------------------------------------------------------------------------------

    def advice(self, skills: Skills) -> Advice:
        """The advice in groep 8: the teacher's, and what the test changes."""
        r, real = self._number("advice.r_adv"), self.standard(skills)
        latent = real if not self.mode.noise else np.float32(r) * real + self._noise_of_advice(skills, r)
        first = self._level_of(latent)
        error = ((1 / self._number("reliability.groep-8") - 1) / growth.DOMAINS) ** 0.5 if self.mode.noise else 0.0
        spread = (self._variance + error * error) ** 0.5
        test = (skills.mean() + self.noise(skills, "test", "end", 0, error)) / np.float32(spread)
        above = self._level_of(np.asarray(test, np.float32)) > first
        raised = above & self.says_yes(skills, self._number("advice.p_raise"), "advice", "raise", 0)
        return Advice((first + raised).astype(np.int16), first, above, raised)

    def insufficient(self, skills: Skills, place: Place, mark: Any, occasion: Any, shift: Any = 0.0) -> Bools | None:
        """Who has an insufficient year in a place, None where nothing says. ``mark``: mean final mark of the last exam
        in hundredths, 0 where there was none; ``shift``: of the bar, by measures."""
        bar, delay = self.ties.bar_at(place), self.ties.delay_at(place)
        if bar is not None:
            low = np.float32(self._number(bar.bar) + self.reference(place)) + np.asarray(shift, np.float32)
            if bar.girls:
                low = low - np.float32(self._number(bar.girls)) * (skills.girl - np.float32(0.5))
            size = self._number("promotion.e_dec") if self.mode.noise else 0.0
            return skills.mean() + self.noise(skills, "year", place.id, occasion, size) < low
        if delay is not None:
            chance = self._chance(delay.chance, skills, place, mark)
            return self.says_yes(skills, chance, "year", place.id, occasion)
        return None

    def marks(self, skills: Skills, form: Form, occasion: Any, ce: float = 0.0, missing: int = 0) -> Batch:
        """The sheet of an exam for every pupil, before resits. ``ce``: what measures add to central exam marks;
        ``missing``: years of curriculum not done."""
        level = form.layout.level
        rows = len(form.layout.slots)
        numbers = {name: np.zeros((rows, len(skills)), np.uint8) for name in ("se", "ce")}
        ratings = np.zeros((rows, len(skills)), np.uint8)
        for row, slot in enumerate(form.layout.slots):
            if slot.role == "rated":
                ratings[row] = RATINGS.index("V")
            item = f"{level}/{slot.code}"
            numbers["se"][row] = self._se(skills, form, row, item, occasion, missing)
            if row in form.with_ce:
                numbers["ce"][row] = self._ce(skills, form, row, item, occasion, ce, missing)
        return Batch(form.layout, numbers, ratings if ratings.any() else None)

    def resits(self, skills: Skills, batch: Batch, form: Form, occasion: Any, ce: float = 0.0) -> Batch:
        """The same sheets, with a resit, for pupils who have not passed: of the lowest final mark, of equals the lowest
        central exam mark."""
        rows = list(form.with_ce)
        if not rows or not form.sitting.resits:
            return batch
        se, marks = batch.numbers["se"][rows].astype(np.int16), batch.numbers["ce"][rows].astype(np.int16)
        when = np.broadcast_to(np.asarray(occasion), (len(skills),))
        worst = np.argmin(final(se, marks) * HIGHEST + marks, axis=0)
        resit = np.zeros_like(batch.numbers["se"])
        for n, row in enumerate(rows):
            own = np.flatnonzero(worst == n)
            if own.size:
                some, item = skills.take(own), f"{form.layout.level}/{form.layout.slots[row].code}/resit"
                resit[row, own] = self._ce(some, form, row, item, when[own], self._number("resit.bonus") + ce, 0)
        return Batch(batch.layout, {**batch.numbers, "resit": resit}, batch.ratings)

    def wishes(
        self, skills: Skills, place: Place, facts: Mapping[str, Any], mark: Any, occasion: Any
    ) -> tuple[tuple[str, ...], NDArray[np.int8]]:
        """Where pupils want to go at the end of a year: moves, and for each pupil the index of one or -1."""
        n = len(skills)
        routes = self.ties.routes_from(place, self.law)
        found = np.full(n, -1, np.int8)
        used: dict[str, NDArray[np.float64]] = {}
        best, luck = np.zeros(n), dict[str, NDArray[np.float64]]()
        for index, (route, checks) in enumerate(routes):
            applies = np.broadcast_to(np.asarray(hold(checks, facts) == YES) & (occasion >= route.times), (n,))
            if not applies.any():
                continue
            gone = used.setdefault(route.decision, np.zeros(n))
            chance = np.where(applies, self._share(route.share, route.odds, skills, place, mark, gone), 0.0)
            if self.mode.noise:
                if route.decision not in luck:
                    luck[route.decision] = draws.uniform(skills.luck, "route", route.decision, occasion)
                hit = applies & (found < 0) & (luck[route.decision] < gone + chance)
            else:
                hit = applies & (chance > best)
                best = np.where(hit, chance, best)
            found = np.where(hit, np.int8(index), found)
            used[route.decision] = gone + chance
        if not self.mode.noise:
            left = 1 - sum(used.values(), np.zeros(n))
            found = np.where(best < left, np.int8(-1), found)
        return tuple(route.move for route, _checks in routes), found

    # --- effects --------------------------------------------------------------------------------------------------

    def touches(self, move: str) -> bool:
        """Whether taking a move does anything to a pupil."""
        return any(effect.move == move for effect in self.active)

    def of_move(self, move: str, channel: str) -> float:
        """What taking a move does through a channel; 0 where nothing is used."""
        return sum(self._number(e.size) for e in self.active if e.move == move and e.channel == channel)

    def delta_of_move(self, move: Move, place: Place) -> float:
        """What taking a move out of a place adds to skill: an effect, or what is not recovered of a skipped year."""
        added = self.of_move(move.id, "delta")
        parts = [self._number(e.size) for e in self.active if e.move == move.id and e.channel == "recovered"]
        if parts and place.track is not None:
            groep = place.n if place.track.sector == "po" else 8
            years = [growth.growth_curve(self.values, groep, domain.id) for domain in self.ties.domain]
            added += (parts[0] - 1) * sum(years) / len(years)
        return added

    def at_place(self, place: Place, channel: str) -> float:
        """What being in a place does through a channel."""
        here = set(self.ties.effects_at(place))
        return sum(self._number(e.size) for e in self.active if e in here and e.channel == channel)

    def bar_shift(self, skills: Skills, place: Place) -> Any:
        """By how much measures and moves of before raise the bar of a place: odds of repeating, as skill."""
        shift = self._odds_as_skill(e for e in self.active if e in self.ties.effects_at(place))
        skipped = self._odds_as_skill(e for e in self.active if e.move)
        return shift + np.float32(skipped) * (skills.since_skip > 0) if skipped else shift

    def peer(self, skills: Skills, move: str) -> Column:
        """Peer well-being, against a pupil who did not skip, in SD."""
        early, late = np.float32(self.of_move(move, "peer")), np.float32(self.of_move(move, "peer-later"))
        years = skills.since_skip
        return np.where(years == 0, np.float32(0), np.where(years <= YEARS_OF_PEERS, early, late)).astype(np.float32)

    def capped(self, deltas: Sequence[float]) -> float:
        """What several measures add together in a year."""
        return min(sum(deltas), self._number("cap")) if sum(delta != 0 for delta in deltas) > 1 else sum(deltas)

    def above_class(self, skills: Skills, place: Place) -> Column:
        """Mean skill above that of the class."""
        return skills.mean() - np.float32(self.reference(place))

    def bored(self, skills: Skills, under: Column, age: Any) -> Bools:
        """Who is often bored: for display, by the curve of P.6."""
        logit = np.float32(self._number("boredom.b0")) + np.float32(self._number("boredom.b1")) * under
        return self.says_yes(skills, inverse_logit(logit), "boredom", "year", age)

    # --- how it does it -------------------------------------------------------------------------------------------

    @cached_property
    def _variance(self) -> float:
        """Of the mean of the domains in the birth cohort."""
        return (1 + 2 * self._number("rho_dom")) / 3

    def standard(self, skills: Skills) -> Column:
        """Mean skill in SD of the birth cohort."""
        return skills.mean() * np.float32(self._variance**-0.5)

    def _noise_of_advice(self, skills: Skills, r: float) -> Column | float:
        return self.noise(skills, "advice", "teacher", 0, (1 - r * r) ** 0.5)

    @cached_property
    def _cuts(self) -> tuple[int, tuple[float, ...]]:
        """The lowest advice that is given, as the fact has it, and the bounds of those above it."""
        names = [value.id for value in self.law.facts["advice"].values]
        cuts = [rank for rank, name in enumerate(names) if f"advice.cut.{name}" in self.values]
        return cuts[0] - 1, tuple(self._number(f"advice.cut.{names[rank]}") for rank in cuts)

    def _level_of(self, latent: Column) -> Codes:
        lowest, cuts = self._cuts
        code = np.full(len(latent), lowest, np.int16)
        for cut in cuts:
            code += latent >= np.float32(cut)
        return code

    def reference(self, place: Place) -> float:
        """The mean skill of those who sit the exam of a place's level; that of the birth cohort where there is none."""
        key = self.ties.ref_at(place)
        return self._number(key) if key in self.values else 0.0

    def _chance(self, key: str, skills: Skills, place: Place, mark: Any) -> NDArray[np.float64]:
        """A chance by the mean final mark, or by skill where there was no exam."""
        slope, average = np.float32(self._number("success.slope")), int(self.ties.marks.average * MARK)
        marks = np.broadcast_to(np.asarray(mark, np.int16), (len(skills),))
        by_mark = np.where(marks > 0, (marks - np.float32(average)) / np.float32(MARK), np.float32(0))
        return inverse_logit(np.float32(self._number(key)) - slope * by_mark)

    def _share(self, share: str, odds: str, skills: Skills, place: Place, mark: Any, gone: Any) -> Any:
        if odds:
            return self._chance(odds, skills, place, mark)
        return np.minimum(self._number(share), 1 - gone) if share else 1 - gone

    def _odds_as_skill(self, effects: Iterable[Effect]) -> float:
        sizes = [self._number(effect.size) for effect in effects if effect.channel == "repeat-odds"]
        return sum(math.log(size) for size in sizes) * self._number("promotion.e_dec") / PROBIT if sizes else 0.0

    def _skill(self, skills: Skills, form: Form, row: int, missing: int) -> Column:
        domain = self.ties.domain_of(form.subjects[row])
        short = np.float32(self._number("measure.early-exam.g_exam") * missing if missing else 0.0)
        return skills.z[domain] + skills.f[domain] - short

    def _relative(self, skills: Skills, form: Form, row: int, missing: int) -> Column:
        level = form.layout.level
        ref, spread = self._number(f"exam.{level}.ref"), self._number(f"exam.{level}.spread")
        return (self._skill(skills, form, row, missing) - np.float32(ref)) / np.float32(spread)

    def _ce(
        self, skills: Skills, form: Form, row: int, item: str, occasion: Any, more: Any, missing: int
    ) -> NDArray[np.uint8]:
        level, lam = form.layout.level, self._number("exam.lambda")
        mean, sd = self._number(f"exam.{level}.mu_ce"), self._number(f"exam.{level}.sd_ce")
        x = self._relative(skills, form, row, missing)
        e = self.noise(skills, "ce", item, occasion, (1 - lam * lam) ** 0.5)
        return _tenths(np.float32(mean) + np.asarray(more, np.float32) + np.float32(sd) * (np.float32(lam) * x + e))

    def _se(self, skills: Skills, form: Form, row: int, item: str, occasion: Any, missing: int) -> NDArray[np.uint8]:
        level = form.layout.level
        own, b_m = self._number("exam.r_sece") / self._number("exam.lambda"), self._number("exam.b_m")
        mean, sd = self._number(f"exam.{level}.mu_se"), self._number(f"exam.{level}.sd_se")
        if form.layout.slots[row].role in form.composition.combined:
            mean += self._number("exam.combined")
        x = self._relative(skills, form, row, missing)
        e = self.noise(skills, "se", item, occasion, max(0.0, 1 - own * own - b_m * b_m) ** 0.5)
        return _tenths(np.float32(mean) + np.float32(sd) * (np.float32(own) * x + np.float32(b_m) * skills.m + e))


def inverse_logit(logit: Any) -> NDArray[np.float64]:
    """Chances of logits, from a table and linear in between: at most 1e-5 from the exact ones."""
    at, chances = _logistic()
    return np.interp(np.asarray(logit, np.float64), at, chances)


@cache
def _logistic() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    steps = 1 << 11
    at = [16.0 * (2 * n / steps - 1) for n in range(steps + 1)]
    return np.array(at), np.array([1 / (1 + math.exp(-x)) for x in at])


def _tenths(marks: Column) -> NDArray[np.uint8]:
    """Marks in tenths, to the nearest, from 1.0 to 10.0."""
    rounded = np.floor(marks * np.float32(TENTHS) + np.float32(0.5))
    return np.clip(rounded, LOWEST, HIGHEST).astype(np.uint8)
