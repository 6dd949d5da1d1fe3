"""A draft reform by itself: a file with ``[[reform]]``, and neither a pupil nor a cohort, is of a birth cohort.

It stands for the law as it is beside the law with the draft, for the children who begin groep 1 in its first year:
``verify`` puts it to the proof, ``cohort`` tells for whom it changes anything.
"""

from __future__ import annotations

from typing import Any, cast

from attrs import evolve

from trajectsim.calendar import SchoolYear, first_born_for
from trajectsim.scenario.expand import Document, Layer, Variant
from trajectsim.scenario.faults import COHORT
from trajectsim.scenario.values import BIRTHS
from trajectsim.words import _

REFORM = "reform"
ALONE = {"title", "tags", "status", "reason", "law", REFORM}
"""The keys of a file that is nothing but a draft."""
SIZE = 3500
"""Two in a hundred of a birth year; they are drawn as often as a cohort is where it does not say."""


def alone(variant: Variant) -> Variant:
    """A variant as it was, or, where it is nothing but a draft, as the cohort that it stands for; problems are told
    where the draft was written."""
    document = variant.document
    if REFORM not in document or not ALONE.issuperset(document):
        return variant
    label = str(document.get("title", "-"))
    now = {"id": "now", "label": _("The law as it is")}
    policies = [now, {"id": "draft", "label": label, REFORM: document[REFORM]}]
    whole: Document = {key: value for key, value in document.items() if key != REFORM}
    whole |= {COHORT: {"size": SIZE, "births": [_births(document[REFORM])]}, "policy": policies}
    file, at = variant.origin((REFORM,))
    return evolve(
        variant, document=whole, layers=(*variant.layers, Layer(file, document[REFORM], ("policy", 1, REFORM), at))
    )


def _births(reforms: Any) -> int:
    """The year of birth of the children who are the first to meet the reforms all their life."""
    parts = cast("list[Any]", reforms) if isinstance(reforms, list) else []
    said = [cast("dict[str, Any]", part).get("from") for part in parts if isinstance(part, dict)]
    born = max((first_born_for(year) for year in map(_year, said) if year is not None), default=BIRTHS[0])
    return min(max(born, BIRTHS[0]), BIRTHS[-1])


def _year(said: Any) -> SchoolYear | None:
    """A school year; None for what is none, which is told where the reform is read."""
    try:
        return SchoolYear.parse(str(said))
    except ValueError:
        return None
