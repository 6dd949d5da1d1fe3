"""The cohort screen as plain text. No Textual here."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.cohort.running import run
from trajectsim.report.cohort import cohort_text
from trajectsim.scenario.cohorts import read_cohort_from
from trajectsim.tui.cohortview import CohortDesk, show
from trajectsim.tui.state import State
from trajectsim.words import _


def lines(state: State) -> Iterator[str]:
    """The cohort of a file, run; without one, the policies that could be."""
    document = state.document
    if document is not None and state.is_cohort(document):
        source = read_cohort_from(document.text, document.file)
        yield from cohort_text(source.title, run(source.cohort, state.base), state.base).splitlines()
        return
    view = show(CohortDesk.of_law(state.base))
    yield view.title
    yield view.asked
    for policy in view.policies:
        yield f"  {policy.box} {policy.label} ({policy.id})"
    yield _("trajectsim cohort FILE runs the policies of a file.")
