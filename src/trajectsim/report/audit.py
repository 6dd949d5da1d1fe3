"""What the audit of a walk found, as text and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trajectsim.path.audit import Breach
from trajectsim.path.walk import Trajectory
from trajectsim.words import ngettext


def audit_text(walk: Trajectory, found: Sequence[Breach]) -> str:
    """A line for each breach; one line where there is none."""
    if not found:
        n = len(walk.steps)
        told = ngettext("{n} school year checked anew: lawful", "{n} school years checked anew: all lawful", n)
        return told.format(n=n) + "\n"
    return "".join(f"{breach.year}  ✗ {breach.text}\n" for breach in found)


def audit_data(walk: Trajectory, found: Sequence[Breach]) -> dict[str, Any]:
    """The same as data."""
    breaches = [{"year": str(breach.year), "text": breach.text} for breach in found]
    return {"years": len(walk.steps), "lawful": not found, "breaches": breaches}
