"""The screen of scenarios as plain text: what there is in the library, and the text that is open. No Textual here."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.tui.library import KINDS, faults, library_folder, shelf
from trajectsim.tui.state import State
from trajectsim.words import _


def lines(state: State) -> Iterator[str]:
    """The files of the library with title and tags; of what is open everything that is wrong with it."""
    here = library_folder()
    yield _("Scenarios in {folder}").format(folder=here)
    items = shelf(here, ()).items
    for item in items:
        tags = f" #{' #'.join(item.tags)}" if item.tags else ""
        yield f"  {item.shown}: {item.title} ({_(KINDS[item.kind])}){tags}"
    if not items:
        yield "  " + _("none; trajectsim new FILE makes one")
    if state.document is not None:
        yield ""
        yield state.document.file
        problems = faults(state.document.text, state.document.file)
        yield from (line for problem in problems for line in str(problem).splitlines())
        if not problems:
            yield _("nothing is wrong with this scenario")
