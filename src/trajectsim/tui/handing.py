"""The hand-out of the walk that is on the workbench, as a file. No Textual here."""

from __future__ import annotations

from pathlib import Path

from trajectsim.errors import Problems
from trajectsim.report.handout import handout
from trajectsim.report.handoutpage import WRITERS
from trajectsim.tui.state import State
from trajectsim.words import _
from trajectsim.writing import write_file


def proposed() -> str:
    """The name that is proposed: not that of the scenario, which is often the pupil's."""
    return _("hand-out.html")


def page(state: State, kind: str = "html") -> str:
    """The hand-out of the walk that was played last, without the name of the pupil."""
    assert state.played is not None
    return WRITERS[kind](handout(state.played.plan, state.law, state.title))


def write(state: State, path: Path) -> str:
    """Write the hand-out in the format that a file is named for; what is wrong with that, or nothing."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in WRITERS:
        return _("the name ends in one of: {endings}").format(endings=", ".join(f".{each}" for each in WRITERS))
    try:
        write_file(path, page(state, kind))
    except Problems as error:
        return error.told
    return ""
