"""What verifying a reform gives: for each property how it was looked at, how far, and a counter-example if any."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from trajectsim.words import N_, _

PROVED, SEARCHED = "proved", "searched"


@frozen
class Counter:
    """A case in which a property does not hold: in words, and what of a scenario shows it, the reforms apart (nothing
    where none can)."""

    text: str
    scenario: dict[str, Any] = field(factory=dict[str, Any], repr=False)


@frozen
class Finding:
    """A property and what became of it. ``how``: PROVED, every case was looked at, or SEARCHED, some were; ``cases`` is
    how many."""

    name: str
    how: str
    cases: int
    counter: Counter | None = None

    @property
    def holds(self) -> bool:
        """Whether no counter-example was found."""
        return self.counter is None

    @property
    def text(self) -> str:
        """The property in a sentence."""
        return _(PROPERTIES[self.name])


PROPERTIES = {
    "one-version": N_("in every school year exactly one version of each changed rule answers"),
    "effect": N_("each reform changes something in its years"),
    "every-way": N_("every way can decide: no other rule or way always comes before it"),
    "offers": N_("a school that offers more never takes a lawful step away"),
    "entry": N_("nobody enters higher education without a diploma or an exception that the law has already"),
    "possible": N_("who has a ten for everything passes"),
    "marks": N_("a higher mark never turns a pass into a fail, nor loses cum laude"),
    "step": N_("nobody is left without any lawful step"),
    "walks": N_("on every walk age rises by one a year and no diploma is lost"),
}
