"""What of a file is put to the proof: the reforms of each of its scenarios, or of each policy of a cohort."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.plans import law_of
from trajectsim.scenario.read import Source, read_any
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.scenario.read import AnySource


@frozen(eq=False)
class Draft:
    """Reforms that stand together: what they are called, the law with them over it, and as they are written. ``part``
    is which of the file's they are, empty where it has one."""

    title: str
    law: Lawbook
    reforms: list[dict[str, Any]] = field(repr=False)
    part: str = ""


def drafts(path: Path, law: Lawbook) -> list[Draft]:
    """Every draft of a file. Raises Problems, located, and where there is none."""
    found = [draft for source in read_any(path) for draft in _drafts(source, law)]
    if not found:
        message = _("there is no [[reform]] in this file to verify")
        raise Problems([Problem("S102", message, str(path))])
    return found


def _drafts(source: AnySource, law: Lawbook) -> Iterator[Draft]:
    document, title, name = source.variant.document, source.scenario.title, source.variant.name
    if isinstance(source, Source):
        if source.scenario.reform:
            try:
                over = law_of(source.scenario, law)
            except Problems as error:
                raise Problems(source.variant.located(error.problems)) from None
            yield Draft(f"{title} [{name}]" if name else title, over, document["reform"], name)
        return
    laws = source.laws(law)
    for policy, part in zip(source.cohort.policies, document["policy"], strict=True):
        if policy.reforms:
            own = " · ".join(filter(None, (name, policy.id)))
            called = title if policy.label == title else f"{title}: {policy.label}"
            yield Draft(called, laws[policy.id], part["reform"], own)
