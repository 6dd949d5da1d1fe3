"""What the learning model says: of advice, of a year, of where a pupil goes. Marks of exams are in ``sitting``.

It fills in facts that nobody gave; what follows from them is for the law. Everything is on columns, one element a
pupil; with noise off, every yes or no is the likelier.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from trajectsim import draws
from trajectsim.law.places import Place
from trajectsim.verdict import YES, hold

if TYPE_CHECKING:
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.learning.skills import Column, Mode, Rows, Skills
    from trajectsim.learning.ties import Route, Ties

Bools = NDArray[np.bool_]
Codes = NDArray[np.int16]

_HALF = np.float32(0.5)


@frozen(eq=False)
class Advice:
    """Advice in groep 8, by columns. ``code`` is the definitive one as the fact ``advice`` has it, ``first`` the one
    before the test; ``above`` whether the test fits a higher one, ``raised`` whether it was raised for that."""

    code: Codes
    first: Codes
    above: Bools
    raised: Bools

    def take(self, rows: Rows) -> Advice:
        """Of some of the pupils."""
        code, first = self.code.take(rows), self.first.take(rows)
        return Advice(code, first, self.above.take(rows), self.raised.take(rows))


@frozen
class Fork:
    """The routes that are open in a situation, in order; of pupils who are there for the how manieth year."""

    routes: tuple[Route, ...]
    times: int


REST, ABSENT = "", "-"
"""Stand for a share: what others leave, and nothing."""


@frozen(eq=False)
class Ways:
    """Forks as columns, a row for each route that one has at most. ``odds``: whether its chance is a logit, and else a
    share; ``value``: the one or the other; ``key``: of its draw; ``after[j][k]``: whether route j comes before k in the
    same decision."""

    odds: Sequence[Any]
    value: Sequence[Any]
    key: Sequence[Any]
    after: Sequence[Sequence[Any]]


class Says:
    """What a model says by its sizes, for one replication or for several side by side."""

    mode: Mode
    ties: Ties
    law: Lawbook

    def size(self, name: str, *of: Any) -> Any:
        """A size by its name, of a place where it is one of a place: a float32, or a column of them."""
        raise NotImplementedError

    def does(self, channel: str) -> bool:
        """Whether anything that is used works through a channel, for all of them alike."""
        raise NotImplementedError

    def take(self, rows: Rows) -> Says:
        """The same for some of the pupils."""
        raise NotImplementedError

    # --- chance -------------------------------------------------------------------------------------------------

    def says_yes(self, luck: draws.Words, chance: Any, decision: str, item: str, occasion: Any) -> Bools:
        """A yes with a chance; in fixed mode the likelier of the two, yes where they are equal."""
        if not self.mode.noise:
            return np.broadcast_to(np.asarray(chance) >= 0.5, (len(luck),))
        return draws.uniform(draws.words(luck, decision, item, occasion)) < chance

    def seen(self, skills: Skills, how: str, key: Any) -> Column:
        """Skill as a school sees it, in SD of the birth cohort: right in fixed mode."""
        real = self.standard(skills.mean())
        if not self.mode.noise:
            return real
        return self.size(how) * real + self.size("rest of", how) * draws.normal(draws.drawn(skills.luck, key))

    def chosen(self, skills: Skills, above: float | None, how: str, share: float, keys: tuple[Any, Any]) -> Bools:
        """Whom a school chooses: whose skill it takes to be above a bound, of these a share. ``how``: the parameter
        that says how well it knows; ``keys``: of what it sees, and of whom it chooses."""
        found = np.ones(len(skills), np.bool_)
        if above is not None:
            found = self.seen(skills, how, keys[0]) > np.float32(above)
        if share < 1:
            found &= draws.uniform(draws.drawn(skills.luck, keys[1])) < share if self.mode.noise else share >= 0.5
        return found

    # --- what it fills in -----------------------------------------------------------------------------------------

    def advice(self, skills: Skills) -> Advice:
        """The advice in groep 8: the teacher's, and what the test changes."""
        mean = skills.mean()
        latent = real = self.standard(mean)
        test = mean
        raises = np.full(len(skills), self.size("advice.p_raise") >= 0.5)
        if self.mode.noise:
            bits = draws.words(skills.luck, "advice", "groep-8", 0)
            teacher, error, luck, _rest = draws.normals(bits)
            latent = self.size("advice.r_adv") * real + self.size("rest of", "advice.r_adv") * teacher
            test = mean + self.size("test error") * error
            raises = luck < self.size("raise")
        if skills.timely is not None:
            latent = latent + self.size("advice by the logit") * skills.timely
        codes, cuts = _advices(self.ties, self.law)
        first = self._rank_of(latent, cuts)
        above = self._rank_of(test * self.size("test scale"), cuts) > first
        raised = above & raises
        return Advice(codes.take(first + raised), codes.take(first), above, raised)

    def is_below(
        self, mean: Column, girl: Bools, since: Any, where: Any, bits: draws.Words, timely: Column | None = None
    ) -> Bools:
        """Whose skill is below the bar of where they are. ``since``: years since a year was skipped; ``timely``: by how
        much likelier they are to be on time."""
        low = self.size("bar", where) - self.size("girls", where) * (girl - _HALF)
        skipped = self.size("skipped")
        if np.ndim(skipped) or skipped:
            low = low + skipped * (since > 0)
        if timely is not None:
            low = low - self.size("by the logit", where) * timely
        return (mean + self.size("promotion.e_dec") * draws.normal(bits) if self.mode.noise else mean) < low

    def is_delayed(self, gpa: Column, where: Any, bits: draws.Words) -> Bools:
        """Who does not finish a year, by the mean final mark of the last exam, from the average; 0 without exam."""
        logit = self.size("delay", where) - self.size("success.slope") * gpa
        return draws.logistic(bits) < logit if self.mode.noise else logit >= 0

    def insufficient(self, skills: Skills, place: Place, gpa: Column, occasion: int) -> Bools | None:
        """Who has an insufficient year in a place, None where nothing says."""
        bits = draws.words(skills.luck, "year", place.id, occasion)
        if self.ties.bar_at(place, occasion) is not None:
            return self.is_below(skills.mean(), skills.girl, skills.since_skip, place, bits, skills.timely)
        return self.is_delayed(gpa, place, bits) if self.ties.delay_at(place) is not None else None

    # --- routes ---------------------------------------------------------------------------------------------------

    def wanted(self, ways: Ways, luck: draws.Words, gpa: Column) -> NDArray[np.intp]:
        """Which of the routes of their forks pupils take: the first is 1, and 0 is none."""
        n = len(luck)
        found, best = np.zeros(n, np.intp), np.zeros(n)
        chances: list[NDArray[np.float64]] = []
        uniform = None
        for k, odds in enumerate(ways.odds):
            gone = np.zeros(n)
            for j, earlier in enumerate(chances):
                gone += ways.after[j][k] * earlier
            chance = np.minimum(ways.value[k], 1.0 - gone)
            if odds.any():
                logit = ways.value[k] - self.size("success.slope") * gpa
                chance = np.where(odds, inverse_logit(logit), chance)
            chances.append(chance)
            if self.mode.noise:
                if uniform is None or not np.array_equal(ways.key[k], ways.key[k - 1]):
                    uniform = draws.uniform(draws.drawn(luck, ways.key[k]))
                found[(found == 0) & (uniform < gone + chance)] = k + 1
            else:
                found[chance > best] = k + 1
                best = np.maximum(chance, best)
        if not self.mode.noise:
            found[best < 1 - sum(chances, np.zeros(n))] = 0
        return found

    def ways_of(self, fork: Fork) -> Ways:
        """One fork, for all pupils alike."""
        routes = fork.routes
        return Ways(
            tuple(np.array(bool(route.odds)) for route in routes),
            tuple(self.size("chance", said_by(route)) for route in routes),
            tuple(draws.key("route", route.decision, fork.times) for route in routes),
            tuple(tuple(before(fork, j, k) for k in range(len(routes))) for j in range(len(routes))),
        )

    # --- what is told ---------------------------------------------------------------------------------------------

    def peer(self, since: Any, move: str) -> Column:
        """Peer well-being of who skipped so many years ago, against a pupil who did not, in SD."""
        years: Column = np.asarray(since)
        first = self.size("peer years", move)
        told: Column = self.size("peer later", move) * (years > first)
        return told + self.size("peer", move) * ((years > 0) & (years <= first))

    def bored(self, luck: draws.Words, under: Column, age: int) -> Bools:
        """Who is often bored: for display, by the curve of P.6."""
        logit = self.size("boredom.b0") + self.size("boredom.b1") * under
        if not self.mode.noise:
            return logit >= 0
        return draws.logistic(draws.words(luck, "boredom", "year", age)) < logit

    def standard(self, mean: Column) -> Column:
        """Mean skill in SD of the birth cohort."""
        return mean * self.size("standard")

    def _rank_of(self, latent: Column, cuts: Sequence[str]) -> Rows:
        rank = np.zeros(len(latent), np.intp)
        for cut in cuts:
            rank += latent >= self.size(cut)
        return rank


def fork_of(ties: Ties, law: Lawbook, place: Place, facts: Mapping[str, Any], times: int) -> Fork | None:
    """The routes that are open to a pupil with some facts, None where there are none."""
    rows = ties.routes_from(place, law)
    routes = tuple(route for route, checks in rows if times >= route.times and hold(checks, facts) == YES)
    return Fork(routes, times) if routes else None


def said_by(route: Route) -> str:
    """The parameter that tells it, empty where it is what others leave."""
    return route.odds or route.share or REST


def before(fork: Fork, j: int, k: int) -> bool:
    """Whether a route of a fork comes before another in the same decision."""
    return j < k and fork.routes[j].decision == fork.routes[k].decision


def inverse_logit(logit: Any) -> NDArray[np.float64]:
    """Chances of logits, from a table and linear in between: at most 1e-5 from the exact ones."""
    at, chances = _logistic()
    return np.interp(np.asarray(logit, np.float64), at, chances)


@cache
def _logistic() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    steps = 1 << 11
    at = [16.0 * (2 * n / steps - 1) for n in range(steps + 1)]
    return np.array(at), np.array([1 / (1 + math.exp(-x)) for x in at])


def _advices(ties: Ties, law: Lawbook) -> tuple[Codes, tuple[str, ...]]:
    """The advices that are given, as the fact has them, and the parameters of the bounds between them."""

    def make() -> tuple[Codes, tuple[str, ...]]:
        codes = [law.facts["advice"].encode(row.id) for row in ties.advice]
        return np.array(codes, np.int16), tuple(row.cut for row in ties.advice[1:])

    return law.kept("advices", make)
