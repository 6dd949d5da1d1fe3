"""Which walks there are to compare with: without measures, with one more or less, kept branches, other scenarios,
the scenario as it stands in its file. No Textual here.

A walk is named by a word, so that it is made anew when the scenario changes; ``side`` makes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import evolve

from trajectsim.path.plan import Switch
from trajectsim.path.walk import play
from trajectsim.tui.compareview import Side
from trajectsim.tui.document import Document
from trajectsim.tui.state import State
from trajectsim.tui.viewmodel import replay_text
from trajectsim.words import _

NOW, BARE, SAVED, FILE = "now", "bare", "saved", "file"
_ON, _OFF, _KEPT = "on/", "off/", "kept/"

FIRST = (NOW, BARE)
"""What is compared at first."""


def offers(state: State, taken: tuple[str, ...], text: str = "") -> tuple[tuple[str, str], ...]:
    """The walks that can be added, by word, whose name has a text in it."""
    wanted = text.strip().lower()
    found = ((word, label) for word, label in _offers(state) if word not in taken)
    return tuple((word, label) for word, label in found if wanted in label.lower())


def side(word: str, state: State) -> Side | None:
    """The walk of a word; None when there is none any more."""
    played = state.played
    if played is None:
        return None
    plan, law = played.plan, played.law
    names = dict(_offers(state))
    if word == NOW:
        return Side(_("the scenario"), played.walk, law)
    if word == BARE:
        return Side(names[BARE], played.without, law)
    if word.startswith(_KEPT):
        index = int(word.removeprefix(_KEPT))
        return state.kept[index] if index < len(state.kept) else None
    if word == SAVED:
        return _saved(state, names.get(word, ""))
    for start, on in ((_ON, True), (_OFF, False)):
        measure = word.removeprefix(start)
        if word.startswith(start) and measure in law.measures:
            name = _with(str(law.measures[measure].label), on)
            return Side(name, play(evolve(plan, measures={**plan.measures, measure: Switch(on)}), law), law)
    return None


def with_file(state: State, path: Path) -> State:
    """With the walk of another scenario kept beside. Raises Problems."""
    document = Document.opened(path)
    played = replay_text(document, state.base)
    title = State(state.base, document, played).title
    return evolve(state, kept=(*state.kept, Side(title, played.walk, played.law)))


def last_kept(state: State) -> str:
    """The word of the walk that was kept last."""
    return f"{_KEPT}{len(state.kept) - 1}"


def _offers(state: State) -> Iterator[tuple[str, str]]:
    """Every walk there is, by word, with its name: what was kept first."""
    for n, kept in enumerate(state.kept):
        yield f"{_KEPT}{n}", kept.name
    yield BARE, _("without measures")
    if state.document is not None and state.document.unsaved and state.document.saved:
        yield SAVED, _("as it stands in the file")
    yield FILE, _("another scenario: name its file …")
    played = state.played
    if played is None:
        return
    pupil = [measure for measure in played.law.measures.values() if measure.acts_on == "pupil"]
    for measure in pupil:
        on = played.plan.is_on(measure, (state.year or played.plan.start.year).start)
        named = measure.id in played.plan.measures
        yield (
            (f"{_OFF}{measure.id}" if on or named else f"{_ON}{measure.id}"),
            _with(str(measure.label), not (on or named)),
        )


def _with(label: str, on: bool) -> str:
    return (_("with {measure}") if on else _("without {measure}")).format(measure=label)


def _saved(state: State, name: str) -> Side | None:
    """The scenario as its file has it."""
    if state.document is None:
        return None
    document = Document.of(state.document.saved, state.document.file)
    saved = State.of(evolve(document, variant=state.document.variant), state.base)
    return None if saved.played is None else Side(name, saved.played.walk, saved.played.law, state.document.saved)
