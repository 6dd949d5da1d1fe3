"""What is wrong with what a scenario or a policy says of measures, practices and given facts. It knows the names of
the law, not the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from trajectsim.errors import Key, Problem
from trajectsim.law import index, names
from trajectsim.reading import Unfit, quoted
from trajectsim.scenario.faults import unknown, wrong
from trajectsim.scenario.format import SwitchPart, UsePart
from trajectsim.words import _


class Switched(Protocol):
    """What says which measures are on, how schools decide and what is given."""

    @property
    def measures(self) -> Mapping[str, bool | SwitchPart]: ...
    @property
    def practice(self) -> Mapping[str, str | UsePart]: ...
    @property
    def given(self) -> Mapping[str, Any]: ...


def switch_problems(scenario: Switched) -> Iterator[Problem]:
    """What is wrong with the measures, practices and given facts of a scenario or a policy."""
    for name, switch in scenario.measures.items():
        yield from unknown(name, names.MEASURES, _("measure"), ("measures", name), on_key=True)
        if isinstance(switch, SwitchPart):
            yield from _parameter_problems(name, switch, ("measures", name))
    for name, use in scenario.practice.items():
        yield from unknown(name, names.PRACTICES, _("practice"), ("practice", name), on_key=True)
        if isinstance(use, str):
            if use not in ("always", "never"):
                yield wrong(("practice", name), _('expected "always" or "never"'))
        elif (use.probability is None) == (use.when is None):
            yield wrong(("practice", name), _("expected either probability or when"))
        elif use.probability is not None and not 0 <= use.probability <= 1:
            yield wrong(("practice", name, "probability"), _("expected a number from 0 to 1"))
        if isinstance(use, UsePart) and use.when is not None:
            yield from _needs_problems(use.when, ("practice", name, "when"))
    for name, value in scenario.given.items():
        at = ("given", name)
        yield from unknown(name, index.GIVEN, _("fact that can be given"), at, on_key=True)
        if name in index.GIVEN:
            try:
                index.fact(name).read(value)
            except Unfit as error:
                yield Problem("S103", _("expected {expected}").format(expected=error.expected), at=at, hint=error.hint)


def _needs_problems(needs: dict[str, Any], at: tuple[Key, ...]) -> Iterator[Problem]:
    """What is wrong with the needs that decide a practice: they are read as those of the law data are."""
    from trajectsim.law.facts import Facts  # only needed where a scenario has such needs
    from trajectsim.law.tables import NeedsError, compile_needs

    if not needs:
        yield wrong(at, _("expected {expected}").format(expected=_("at least one test")))
    facts = Facts({name: index.fact(name) for name in names.FACTS})
    for name, need in needs.items():
        try:
            compile_needs({name: need}, facts)
        except NeedsError as error:
            unknown = name not in names.FACTS
            yield Problem("S104" if unknown else "S103", str(error), at=(*at, *error.at), on_key=unknown)


def _parameter_problems(name: str, switch: SwitchPart, at: tuple[Key, ...]) -> Iterator[Problem]:
    """What is wrong with what a scenario says of a measure besides that it is on."""
    if switch.from_ and switch.until and switch.until < switch.from_:
        yield wrong(at, _("the measure ends before it starts"))
    takes = names.MEASURES.get(name)
    for key in ("subjects", "years", "share", "quality"):
        value: Any = getattr(switch, key)
        if value in ((), None):
            continue
        if takes is not None and key not in takes:
            message = _("the measure {measure} takes no {name}").format(measure=quoted(name), name=key)
            hint = _("it takes: {names}").format(names=", ".join(("from", "until", *takes)))
            yield Problem("S101", message, at=(*at, key), on_key=True, hint=hint)
        elif key in ("share", "quality") and not 0 <= value <= 1:
            yield wrong((*at, key), _("expected a number from 0 to 1"))
        elif key == "subjects" and takes is not None and (words := index.words(takes[key])) is not None:
            for number, subject in enumerate(value):
                yield from unknown(subject, words, _("subject"), (*at, key, number), called=index.called(takes[key]))
        elif key == "years" and min(value) < 1:
            yield wrong((*at, key), _("expected years of the track, from 1"))
