"""What a measure does in a school year of a walk."""

from __future__ import annotations

from trajectsim.path.options import MeasureState
from trajectsim.path.walk import Step
from trajectsim.words import N_

USES = {"used": N_("used"), "offered": N_("offered"), "work": N_("at work")}
"""What a measure does in a year: a step hangs on it, it opens a step that is not taken, or it works by itself."""


def use_of(state: MeasureState, step: Step) -> str:
    """One of USES, or nothing."""
    done = {(act.act, act.arguments) for act in step.done}
    taken = [option for option in step.acts if (option.rule.id, option.arguments) in done]
    taken += [step.taken] if step.taken else []
    if any(opener.measure.id == state.measure.id for option in taken for opener in option.opened_by()):
        return "used"
    if not state.in_effect:
        return ""
    return "offered" if state.measure.takes == "choice" else "work"
