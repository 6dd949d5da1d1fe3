"""A plan without who it is about: what is told of it can leave the house."""

from __future__ import annotations

import re

from attrs import evolve

from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan
from trajectsim.words import _


def nameless(plan: Plan, law: Lawbook, title: str) -> tuple[Plan, Lawbook, str]:
    """The same plan, law and title without the pupil's name: also where a title, or that of a reform, has it."""
    name = plan.pupil.name
    if law.reforms and law.under is not None and name:
        law = law.under.overlay([evolve(reform, title=without_name(reform.title, name)) for reform in law.reforms])
    return evolve(plan, pupil=evolve(plan.pupil, name="")), law, without_name(title, name)


def without_name(text: str, name: str) -> str:
    """A text in which the pupil stands for her name, and for each part of it that begins with a capital."""
    words = re.findall(r"\w[\w'’.-]*", name)
    parts = [name.strip(), *(word for word in words if word != word.lower())]
    for part in filter(None, parts):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", _("the pupil"), text, flags=re.IGNORECASE)
    return text[:1].upper() + text[1:]
