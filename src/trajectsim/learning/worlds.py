"""Worlds: what is taken to be so about learning. A world and a replication give a model. No numpy until one is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from trajectsim.errors import Key, Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.places import Place, named
from trajectsim.learning import parameters as numbers
from trajectsim.learning import ties
from trajectsim.reading import did_you_mean, quoted
from trajectsim.words import _, listed

if TYPE_CHECKING:
    from trajectsim.learning.model import Model

PLAIN = "plain"


@frozen(eq=False)
class World:
    """``parameters``: changes to them by key; ``effects``: which forms of effects are used, by key of their size;
    ``hypotheses``: under-challenge and engagement as causes (off in the baseline, P.8 of the dossier); ``fade_out``:
    whether effects fade."""

    id: str = PLAIN
    parameters: Mapping[str, Any] = field(factory=dict[str, Any])
    effects: Mapping[str, bool] = field(factory=dict[str, bool])
    hypotheses: bool = False
    fade_out: bool = True

    def problems(self, at: tuple[Key, ...] = ()) -> Iterator[Problem]:
        """What is wrong with it: unknown names, numbers that cannot be, two forms of one effect."""
        try:
            found = numbers.overridden(numbers.shipped(), self.parameters, (*at, "parameters"))
        except Problems as error:
            yield from error.problems
            found = numbers.shipped()
        yield from self._shares(found, at)
        sizes = {effect.size for effect in ties.shipped().effect} | {k for k in found if k.startswith("measure.")}
        for key in self.effects:
            if key not in sizes:
                message = _("unknown effect {name}").format(name=quoted(key)) + did_you_mean(key, sizes)
                yield Problem("L101", message, at=(*at, "effects", key), on_key=True)
        used = [key for key in sorted(sizes) if self.uses(key)]
        for key in used:
            for other in found[key].exclusive_with:
                if other in used and key < other:
                    message = _("{one} and {other} are two forms of one effect").format(
                        one=quoted(key), other=quoted(other)
                    )
                    left = key if other in self.effects and key not in self.effects else other  # not what was asked for
                    hint = _("turn one of them off: effects = {{ {name} = false }}").format(name=quoted(left))
                    yield Problem("L106", message, at=(*at, "effects"), hint=hint)

    def _shares(self, found: numbers.Parameters, at: tuple[Key, ...]) -> Iterator[Problem]:
        """Shares of one decision that come to more than everybody."""
        for keys in ties.shipped().shares_together():
            changed = [key for key in keys if key in self.parameters]
            total = sum(float(found[key].value) for key in keys)  # pyright: ignore[reportArgumentType]
            if changed and total > 1:
                message = _("{names} are of the same pupils and come to {total}, which is more than 1").format(
                    names=listed(quoted(key) for key in keys), total=f"{total:g}"
                )
                yield Problem("L104", message, at=(*at, "parameters", changed[-1]))

    def uses(self, size: str) -> bool:
        """Whether the effect with this size is used."""
        return self.effects.get(size, ties.shipped().forms.get(size, size.endswith(".delta")))


@frozen
class Select:
    """Whom schools choose for a move: those they take to be ``above`` a bound (in SD of the birth cohort), of these a
    ``share``. ``knows``: the parameter that says how well they know. Who is not chosen does not take it."""

    move: str
    at: tuple[str, ...] = ()
    above: float | None = None
    share: float = 1.0
    knows: str = "selection.careful"

    def here(self, place: Place) -> bool:
        """Whether it is about who is in a place."""
        return named(self.at, place.id)


@frozen
class Doing:
    """An act that some pupils do where it is open to them: those ``whom`` schools choose, as for a move of that name;
    with what a plan would say of it."""

    act: str
    whom: Select
    arguments: tuple[tuple[str, str], ...] = ()


@frozen(eq=False)
class Chance:
    """Which luck: fixed, where ``seed`` is None, or drawn."""

    seed: int | None = None
    replication: int = 0
    pupil: int = 0


def model_of(world: World, chance: Chance, law: Lawbook) -> Model:
    """The model of a world in a replication. Raises Problems for a world that cannot be."""
    from trajectsim import draws
    from trajectsim.learning.model import Model
    from trajectsim.learning.skills import Mode

    said = (world.parameters, world.effects, world.hypotheses, world.fade_out)
    known = law.kept(("world", repr(said)), lambda: _known(world))
    mode = Mode(chance.seed is not None, world.hypotheses, world.fade_out)
    if chance.seed is None:
        return Model(numbers.Told(known.values), mode, ties.shipped(), law, known.used, known.sizes)
    seed, replication = chance.seed, chance.replication
    drawn = {key: p.drawn(draws.parameter_uniform(seed, replication, key)) for key, p in known.found.items()}
    return Model(numbers.Told(drawn), mode, ties.shipped(), law, known.used)


@frozen(eq=False)
class _Known:
    """What all models of a world share: its parameters, the sizes of the effects it uses; and, of those without chance,
    the ``values`` and the sizes that were reckoned before."""

    found: numbers.Parameters
    used: frozenset[str]
    values: numbers.Values
    sizes: dict[Any, Any] = field(factory=dict[Any, Any])


def _known(world: World) -> _Known:
    problems = list(world.problems())
    if problems:
        raise Problems(problems)
    found = numbers.overridden(numbers.shipped(), world.parameters)
    return _Known(found, frozenset(key for key in found if world.uses(key)), numbers.values(found))
