"""Where the model touches the law, as ``ties.toml`` tells it: domains of subjects, bars, chances, routes, effects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache, cached_property
from importlib import resources
from typing import Any

from attrs import field, frozen

from trajectsim import reading
from trajectsim.errors import Problem, Problems
from trajectsim.law.exams import Subject
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.moves import Duty
from trajectsim.law.places import Place, named
from trajectsim.law.tables import Check, NeedsError, at, compile_needs
from trajectsim.learning.parameters import Parameters
from trajectsim.reading import quoted
from trajectsim.verdict import YES, hold
from trajectsim.words import _

SKIP = "skip"
"""Stands in effects for any move by which a year is skipped."""
CHANNELS = ("delta", "recovered", "peer", "peer-years", "peer-later", "repeat-odds", "on-time", "freed", "ce", "short")


@frozen(kw_only=True)
class Domain:
    """A domain of skill and the subjects in it, by code or group."""

    id: str
    subjects: tuple[str, ...] = ()


@frozen(kw_only=True)
class Advised:
    """An advice that is given, from a bound of the latent advice on; the lowest has none. ``sets``: the facts that come
    with it."""

    id: str
    cut: str = ""
    sets: dict[str, Any] = field(factory=dict[str, Any])


@frozen(kw_only=True)
class Bar:
    """The bar for moving up in some places, from the mean of the level; ``girls``: how much lower it is for girls.
    ``times``: who is there for longer moves up whatever the year was; 0 is nobody. ``timely``: whether it is lower for
    who is likelier to be on time by a measure before."""

    at: tuple[str, ...]
    bar: str
    girls: str = ""
    times: int = 0
    timely: bool = False


@frozen(kw_only=True)
class Peers:
    """Whose mean skill is that of a class without an exam of its own."""

    at: tuple[str, ...]
    ref: str


@frozen(kw_only=True)
class Delay:
    """The chance that a year of mbo or ho is not finished, as a logit at the average mark."""

    at: tuple[str, ...]
    chance: str


@frozen(kw_only=True)
class Route:
    """Who takes a move: a share of those whose needs hold, or a chance (``odds``) by the mean final mark. ``times``:
    only who is in the place for at least the how manieth year."""

    decision: str
    from_: tuple[str, ...]
    move: str
    needs: dict[str, Any] = field(factory=dict[str, Any])
    share: str = ""
    odds: str = ""
    times: int = 1


@frozen(kw_only=True)
class Effect:
    """What a measure, a move, an act or a place does to a pupil, through one channel; that of a measure is found by the
    size that it names. ``times``: another number that the size counts times; ``form``: whether it is used unless a
    world says otherwise."""

    channel: str
    size: str
    move: str = ""
    act: str = ""
    at: tuple[str, ...] = ()
    times: str = ""
    form: bool = True


@frozen(kw_only=True)
class Skipping:
    """Moves by which a year is skipped where needs hold, out of some places or out of any; ``unless`` a duty of the law
    binds, by which the place has to be left."""

    moves: tuple[str, ...]
    from_: tuple[str, ...] = ()
    needs: dict[str, Any] = field(factory=dict[str, Any])
    unless: str = ""

    def skips(self, facts: Mapping[str, Any], law: Lawbook) -> bool:
        """Whether who has some facts skips a year by one of its moves."""
        if hold(compile_needs(self.needs, law.facts), facts) != YES:
            return False
        return not self.unless or not _binds(law.duties[self.unless], facts, law)


@frozen(kw_only=True)
class MeanMarks:
    """The mean final mark at which chances are given."""

    average: Decimal


@frozen(kw_only=True, slots=False)
class Ties:
    """The whole of them."""

    domain: tuple[Domain, ...]
    advice: tuple[Advised, ...]
    bar: tuple[Bar, ...]
    peers: tuple[Peers, ...]
    delay: tuple[Delay, ...]
    marks: MeanMarks
    route: tuple[Route, ...]
    skipping: tuple[Skipping, ...]
    effect: tuple[Effect, ...]

    @cached_property
    def forms(self) -> Mapping[str, bool]:
        """By its size, whether an effect is used where a world does not say."""
        return {effect.size: effect.form for effect in reversed(self.effect)}

    def domain_of(self, subject: Subject | None) -> int:
        """The index of the domain of a subject; the last is for those that no other names."""
        names = {subject.id, *subject.groups} if subject is not None else set[str]()
        return next((n for n, d in enumerate(self.domain) if names & set(d.subjects)), len(self.domain) - 1)

    def comes_with(self, advice: str, law: Lawbook) -> dict[str, int]:
        """The facts that come with an advice."""
        sets = next((row.sets for row in self.advice if row.id == advice), dict[str, Any]())
        return {name: law.facts[name].encode(value) for name, value in sets.items()}

    def bar_at(self, place: Place, times: int = 1) -> Bar | None:
        """The bar of a place, for who is there for the how manieth year."""
        found = next((bar for bar in self.bar if named(bar.at, place.id)), None)
        return None if found is not None and 0 < found.times < times else found

    def ref_at(self, place: Place) -> str:
        """The parameter with the mean skill of those in a place: of its level, or as its peers have it."""
        level = place.track.level if place.track is not None else ""
        return f"exam.{level}.ref" if level else next((p.ref for p in self.peers if named(p.at, place.id)), "")

    def delay_at(self, place: Place) -> Delay | None:
        """The chance of delay in a place."""
        return next((delay for delay in self.delay if named(delay.at, place.id)), None)

    def routes_from(self, place: Place, law: Lawbook) -> tuple[tuple[Route, tuple[Check, ...]], ...]:
        """The routes out of a place, with their needs as tests."""

        def make() -> tuple[tuple[Route, tuple[Check, ...]], ...]:
            rows = (route for route in self.route if named(route.from_, place.id))
            return tuple((route, compile_needs(route.needs, law.facts)) for route in rows)

        return law.kept(("routes", place.id), make)

    @cached_property
    def by_size(self) -> Mapping[str, Effect]:
        """The effects by the parameter that says how large they are."""
        return {effect.size: effect for effect in self.effect}

    def kind_of(self, move: str, place: Place, facts: Mapping[str, Any], law: Lawbook) -> str:
        """The move whose effects a move out of a place has: one by which a year is skipped, or its own."""
        rows = (row for row in self.skipping if move in row.moves and (not row.from_ or named(row.from_, place.id)))
        return SKIP if any(row.skips(facts, law) for row in rows) else move

    def shares_together(self) -> Iterator[tuple[str, ...]]:
        """The shares of the same pupils that leave the rest to others, decision by decision."""
        found: dict[tuple[object, ...], list[str]] = {}
        for route in self.route:
            if route.share:
                at = (route.decision, route.from_, repr(route.needs), route.times)
                found.setdefault(at, []).append(route.share)
        return (tuple(keys) for keys in found.values() if len(keys) > 1)

    def effects_of_move(self, kind: str) -> tuple[Effect, ...]:
        """What taking a move of a kind does."""
        return tuple(effect for effect in self.effect if effect.move == kind)

    @cached_property
    def acts(self) -> Mapping[str, frozenset[str]]:
        """By channel the acts that do something through it."""
        rows = tuple(effect for effect in self.effect if effect.act)
        return {channel: frozenset(e.act for e in rows if e.channel == channel) for channel in CHANNELS}

    def effects_at(self, place: Place) -> tuple[Effect, ...]:
        """What being in a place does."""
        return tuple(effect for effect in self.effect if named(effect.at, place.id))


def _binds(duty: Duty, facts: Mapping[str, Any], law: Lawbook) -> bool:
    """Whether one of the ways of a duty holds."""
    ways = at(duty.version, law.answering(duty, facts["law_year"])).ways
    return any(hold(compile_needs(way.needs, law.facts), facts) == YES for way in ways)


@cache
def shipped() -> Ties:
    """The ties that come with trajectsim. Raises Problems."""
    name = "ties.toml"
    text = (resources.files("trajectsim.learning") / name).read_text("utf-8")
    ties, problems = reading.structure(reading.parse(text, name), Ties, _converter())
    if ties is None:
        raise Problems(reading.located(problems, text, name))
    return ties


def _converter() -> Any:
    converter = reading.strict_converter()

    def table(value: Any, _kind: Any) -> Mapping[str, Any]:
        return value

    converter.register_structure_hook_func(lambda kind: kind == dict[str, Any], table)
    return converter


def faults(ties: Ties, law: Lawbook, parameters: Parameters) -> Iterator[Problem]:
    """Every name in the ties that neither the law nor the parameters know, and places that nothing is said of."""
    keys = [(key, ("bar", n)) for n, bar in enumerate(ties.bar) for key in (bar.bar, bar.girls)]
    keys += [(advice.cut, ("advice", n)) for n, advice in enumerate(ties.advice)]
    keys += [(peers.ref, ("peers", n)) for n, peers in enumerate(ties.peers)]
    keys += [(delay.chance, ("delay", n)) for n, delay in enumerate(ties.delay)]
    keys += [(key, ("route", n)) for n, route in enumerate(ties.route) for key in (route.share, route.odds)]
    keys += [(key, ("effect", n)) for n, effect in enumerate(ties.effect) for key in (effect.size, effect.times)]
    keys += [(key, ("measure", m.id)) for m in law.measures.values() for key in m.effects]
    for key, where in keys:
        if key and key not in parameters:
            yield Problem("L101", _("unknown parameter {name}").format(name=quoted(key)), at=where)
    for n, advice in enumerate(ties.advice):
        known = advice.id in (value.id for value in law.facts["advice"].values)
        if not known or bool(advice.cut) != bool(n) or not advice.sets.keys() <= law.facts.keys():
            yield Problem(
                "L103", _("expected an advice that the law knows, and a bound for all but the first"), at=("advice", n)
            )
    moves = [(route.move, ("route", n)) for n, route in enumerate(ties.route)]
    moves += [(move, ("skipping", n)) for n, row in enumerate(ties.skipping) for move in row.moves]
    moves += [(effect.move, ("effect", n)) for n, effect in enumerate(ties.effect) if effect.move]
    for move, where in moves:
        if move not in law.moves:
            yield Problem("L101", _("unknown move {name}").format(name=quoted(move)), at=where)
    for n, row in enumerate(ties.skipping):
        if row.unless and row.unless not in law.duties:
            yield Problem("L101", _("unknown duty {name}").format(name=quoted(row.unless)), at=("skipping", n))
    for n, effect in enumerate(ties.effect):
        if effect.act and effect.act not in law.acts:
            yield Problem("L101", _("unknown act {name}").format(name=quoted(effect.act)), at=("effect", n))
    for n, route in enumerate(ties.route):
        try:
            compile_needs(route.needs, law.facts)
        except NeedsError as error:
            yield Problem("L103", str(error), at=("route", n, "needs", *error.at))
    for n, effect in enumerate(ties.effect):
        if effect.channel not in CHANNELS:
            yield Problem("L103", _("expected one of {names}").format(names=", ".join(CHANNELS)), at=("effect", n))
    for place in law.places():
        if ties.bar_at(place) is None and ties.delay_at(place) is None and place.years_to_final:
            yield Problem("L105", _("nothing says who moves up in {place}").format(place=place), at=("bar",))
