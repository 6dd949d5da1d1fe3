"""How large everything in the learning model is: numbers that follow from the parameters of a run.

A ``Model`` has the parameters of one world and replication, and its sizes are single numbers. ``Lanes`` (beside it)
has those of several replications at once, and its sizes are columns, for each pupil that of hers. What the model says
is written once, for both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from trajectsim.law.lawbook import Lawbook
from trajectsim.law.places import Place
from trajectsim.learning import growth, noise
from trajectsim.learning.parameters import Told
from trajectsim.learning.says import ABSENT, REST, Says
from trajectsim.learning.skills import DOMAINS, Mode, Rows
from trajectsim.learning.ties import Effect, Ties

PROBIT = 1.702
"""By how much a logit is steeper than the normal curve that is nearest to it."""
Felt = Iterable[tuple[tuple[str, ...], float]]
"""Measures at work: the effects of each, and how well it is delivered (0 to 1)."""


@frozen(eq=False)
class Model(Says):
    """Parameters as this run has them, and the switches of its world. ``used``: the sizes of the effects it has;
    ``shared``: sizes of other models with the same parameters, each with those it hangs on."""

    values: Told
    mode: Mode
    ties: Ties
    law: Lawbook = field(repr=False)
    used: frozenset[str] = frozenset()
    shared: dict[Any, tuple[np.float32, frozenset[str]]] | None = field(default=None, repr=False)
    _kept: dict[Any, np.float32] = field(factory=dict[Any, np.float32], init=False, repr=False)

    def size(self, name: str, *of: Any) -> np.float32:
        """A size by its name."""
        key = (name, *of)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._told(key)
        return found

    def _told(self, key: tuple[Any, ...]) -> np.float32:
        """A size, from those that are shared where there are; its parameters count as asked for either way."""
        if self.shared is None:
            return np.float32(self.reckon(*key))
        found = self.shared.get(key)
        if found is None:
            alone = evolve(self, values=Told(self.values), shared=None)
            found = self.shared[key] = np.float32(alone.reckon(*key)), frozenset(alone.values.asked)
        self.values.asked |= found[1]
        return found[0]

    def reckon(self, name: str, *of: Any) -> float:
        """A size, reckoned anew."""
        return _SIZES[name](self, *of) if name in _SIZES else self.number(name)

    def number(self, key: str) -> float:
        """A parameter."""
        return float(self.values[key])  # pyright: ignore[reportArgumentType]

    @cached_property
    def active(self) -> tuple[Effect, ...]:
        """The effects of moves and places that are used."""
        return tuple(effect for effect in self.ties.effect if effect.size in self.used)

    def of_move(self, move: str, channel: str) -> float:
        """What taking a move does through a channel; 0 where nothing is used."""
        return sum(self.number(e.size) for e in self.active if e.move == move and e.channel == channel)

    def delta_of_move(self, move: str, place: Place) -> float:
        """What taking a move out of a place adds to skill: an effect, or what is not recovered of a skipped year."""
        added = self.of_move(move, "delta")
        parts = [self.number(e.size) for e in self.active if e.move == move and e.channel == "recovered"]
        if parts and place.track is not None:
            groep = place.n if place.track.sector == "po" else 8
            years = [growth.growth_curve(self.values, groep, domain.id) for domain in self.ties.domain]
            added += (parts[0] - 1) * sum(years) / len(years)
        return added

    def amount(self, effect: Effect) -> float:
        """How large an effect is."""
        return self.number(effect.size) * (self.number(effect.times) if effect.times else 1.0)

    def of_measures(self, measures: Felt, channel: str) -> list[float]:
        """What measures do through a channel, one by one."""
        found = ((self.ties.by_size.get(key), key, quality) for effects, quality in measures for key in effects)
        return [
            quality * (self.number(key) if effect is None else self.amount(effect))
            for effect, key, quality in found
            if key in self.used and channel == (effect.channel if effect is not None else "delta")
        ]

    def of_acts(self, acts: Iterable[str], channel: str) -> float:
        """What acts that were done do through a channel."""
        done = set(acts)
        return sum(self.amount(e) for e in self.active if e.act in done and e.channel == channel)

    def at_place(self, place: Place, channel: str) -> float:
        """What being in a place does through a channel."""
        here = set(self.ties.effects_at(place))
        return sum(self.number(e.size) for e in self.active if e in here and e.channel == channel)

    def capped(self, deltas: Sequence[float]) -> float:
        """What several measures add together in a year."""
        return min(sum(deltas), self.number("cap")) if sum(delta != 0 for delta in deltas) > 1 else sum(deltas)

    def reference(self, place: Place) -> float:
        """The mean skill of those who sit the exam of a place's level; that of the birth cohort where there is none."""
        key = self.ties.ref_at(place)
        return self.number(key) if key in self.values else 0.0

    def year_delta(self, place: Place, measures: Felt, acts: Iterable[str] = ()) -> float:
        """What measures, and acts of the year, add to the skill of who is in a place, summed and capped."""
        done = (self.of_acts((act,), "delta") for act in acts)
        return self.capped([*self.of_measures(measures, "delta"), self.at_place(place, "delta"), *done])

    def timely(self, _place: Place, measures: Felt) -> float:
        """By how much measures make it likelier that a pupil is on time later, as a logit."""
        return sum(self.of_measures(measures, "on-time"))

    def freed(self, _place: Place, measures: Felt) -> float:
        """Which share of lesson time measures free."""
        return min(1.0, sum(self.of_measures(measures, "freed")))

    def does(self, channel: str) -> bool:
        """Whether anything that is used works through a channel."""
        return any(effect.channel == channel for effect in self.active)

    @property
    def variance(self) -> float:
        """Of the mean of the domains in the birth cohort."""
        return (1 + 2 * self.number("rho_dom")) / 3

    def test_error(self) -> float:
        """The spread of the error of the test at the end of primary school, over the domains."""
        return ((1 / self.number("reliability.groep-8") - 1) / DOMAINS) ** 0.5 if self.mode.noise else 0.0

    def take(self, rows: Rows) -> Model:
        """For some of the pupils: it is that of all."""
        return self

    def odds_as_skill(self, effects: Iterable[Effect]) -> float:
        """Odds of repeating, as skill."""
        sizes = [self.number(effect.size) for effect in effects if effect.channel == "repeat-odds"]
        return sum(math.log(size) for size in sizes) * self.number("promotion.e_dec") / PROBIT if sizes else 0.0


# --- sizes by name ------------------------------------------------------------------------------------------


def _left(r: float) -> float:
    """The spread of what a correlation leaves."""
    return max(0.0, 1 - r * r) ** 0.5


def _quantile(share: float) -> float:
    """Below which a share of normal numbers is."""
    return NormalDist().inv_cdf(share) if 0 < share < 1 else math.copysign(math.inf, share - 0.5)


def _bar(model: Model, place: Place) -> float:
    """The skill below which a year is insufficient, for a class that is half girls."""
    bar = model.ties.bar_at(place)
    if bar is None:
        return -math.inf
    effects = set(model.ties.effects_at(place))
    shift = model.odds_as_skill(e for e in model.active if e in effects)
    return model.number(bar.bar) + model.reference(place) + shift


def _by_the_logit(model: Model, place: Place) -> float:
    """Skill for a logit of being on time."""
    bar = model.ties.bar_at(place)
    return model.number("promotion.e_dec") / PROBIT if bar is not None and bar.timely else 0.0


def _advice_by_the_logit(model: Model) -> float:
    """Latent advice for a logit of being on time."""
    return _left(model.number("advice.r_adv")) / PROBIT


def _girls(model: Model, place: Place) -> float:
    bar = model.ties.bar_at(place)
    return model.number(bar.girls) if bar is not None and bar.girls else 0.0


def _delay(model: Model, place: Place) -> float:
    delay = model.ties.delay_at(place)
    return model.number(delay.chance) if delay is not None else 0.0


def _se_rest(model: Model) -> float:
    own = model.number("exam.r_sece") / model.number("exam.lambda")
    return max(0.0, 1 - own * own - model.number("exam.b_m") ** 2) ** 0.5


def _of_skill(model: Model, level: str, sort: str) -> float:
    """Marks for an SD of skill."""
    lam = model.number("exam.lambda")
    share = lam if sort == "ce" else model.number("exam.r_sece") / lam
    return model.number(f"exam.{level}.sd_{sort}") * share / model.number(f"exam.{level}.spread")


def _mean_of(model: Model, level: str, sort: str) -> float:
    """The mark at which skill counts for nothing."""
    at_reference = model.number(f"exam.{level}.mu_{sort}")
    return at_reference - _of_skill(model, level, sort) * model.number(f"exam.{level}.ref")


def _rest_of(model: Model, level: str, sort: str) -> float:
    """Marks for an SD of what is neither skill nor engagement."""
    rest = _left(model.number("exam.lambda")) if sort == "ce" else _se_rest(model)
    return model.number(f"exam.{level}.sd_{sort}") * rest


def _own(model: Model, level: str) -> float:
    """By how much marks of subjects without a central exam are higher."""
    return model.number(f"exam.{level}.own")


def _mark_by_engagement(model: Model, level: str) -> float:
    return model.number(f"exam.{level}.sd_se") * model.number("exam.b_m")


def _test_scale(model: Model) -> float:
    """What makes results of the test a number with spread 1."""
    return (model.variance + model.test_error() ** 2) ** -0.5


def _skipped(model: Model) -> float:
    return model.odds_as_skill(effect for effect in model.active if effect.move)


def _kappa(model: Model) -> float:
    return model.number("kappa") if model.mode.fade_out else 1.0


def _of_channel(channel: str) -> Callable[[Model, str], float]:
    def size(model: Model, move: str) -> float:
        return model.of_move(move, channel)

    return size


def curriculum(place: Place, law: Lawbook) -> float:
    """How many years of the curriculum are done at the end of a year in a place of po or vo, 0 elsewhere: a track of
    fewer years than the longest to its exam goes through it the faster."""
    track = place.track
    po = law.tracks["po"].years
    if track is None or track.sector not in ("po", "vo"):
        return 0.0
    if track.sector == "po":
        return float(place.n)
    usual = law.tracks[f"vo/{track.level}"].years if track.level else track.years
    return po + place.n * usual / track.years


def _reached(model: Model, place: Place) -> float:
    return curriculum(place, model.law)


def _taught(model: Model, place: Place) -> float:
    """What a pupil was taught who is in a place, as growth since groep 3."""
    return growth.taught(model.values, _reached(model, place), [domain.id for domain in model.ties.domain])


def _short(model: Model, act: str, level: str, sort: str) -> float:
    """Marks for a year of the curriculum that is missing in a subject whose exam an act was."""
    return model.of_acts((act,), "short") * _of_skill(model, level, sort)


def _ce(model: Model, place: Place, acts: tuple[str, ...] = ()) -> float:
    return model.at_place(place, "ce") + model.of_acts(acts, "ce")


def _ending(model: Model, move: str, place: Place, acts: tuple[str, ...], measures: Felt) -> float:
    """What the end of a year adds to skill: the move that is taken, and the acts of the year on top of measures."""
    added = model.year_delta(place, measures, acts) - model.year_delta(place, measures) if acts else 0.0
    return model.delta_of_move(move, place) + added


def _skips(model: Model, move: str, *_rest: Any) -> float:
    """1 where a move weighs on peer well-being."""
    return float(any(effect.channel == "peer" and effect.move == move for effect in model.active))


def _raise(model: Model) -> float:
    return _quantile(model.number("advice.p_raise"))


def _chance(model: Model, key: str) -> float:
    return model.number(key) if key not in _SHARES else _SHARES[key]


_SHARES = {REST: 1.0, ABSENT: 0.0}


def _standard(model: Model) -> float:
    return model.variance**-0.5


def _left_of(model: Model, key: str) -> float:
    return _left(model.number(key))


_SIZES: dict[str, Callable[..., float]] = {
    # growth
    "kappa": _kappa,
    "engagement": noise.of_engagement,
    "birth": noise.at_birth,
    "noise": noise.yearly,
    "alone": noise.of_one,
    # places
    "delta": Model.year_delta,
    "reference": Model.reference,
    "reached": _reached,
    "taught": _taught,
    "bar": _bar,
    "girls": _girls,
    "by the logit": _by_the_logit,
    "advice by the logit": _advice_by_the_logit,
    "timely": Model.timely,
    "freed": Model.freed,
    "delay": _delay,
    "ce": _ce,
    "short": _short,
    # moves
    "skipped": _skipped,
    "ending": _ending,
    "skips": _skips,
    "peer": _of_channel("peer"),
    "peer years": _of_channel("peer-years"),
    "peer later": _of_channel("peer-later"),
    # advice and choice
    "standard": _standard,
    "rest of": _left_of,
    "raise": _raise,
    "chance": _chance,
    "test error": Model.test_error,
    "test scale": _test_scale,
    # exams
    "mark": _mean_of,
    "mark by skill": _of_skill,
    "own": _own,
    "mark by engagement": _mark_by_engagement,
    "mark by luck": _rest_of,
}
"""What is not a parameter itself."""
