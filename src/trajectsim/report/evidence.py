"""What a measure does to learning, in words: the size, its range, and how sure it is, as its passport has them."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.law.measures import Measure
from trajectsim.learning import ties
from trajectsim.learning.parameters import Number, Parameter, shipped
from trajectsim.words import N_, _, decimal_comma

GRADES = {
    "A": N_("several credible causal studies, or Dutch register data"),
    "B": N_("one credible causal study, or several abroad"),
    "C": N_("correlational, or from abroad and of doubtful transfer"),
    "D": N_("a guess"),
}
"""What a grade of evidence means; the weakest of them is the last."""

EFFECTS = {
    "CE marks": N_("effect on the marks of the central exam"),
    "cohort-SD": N_("effect on learning, in SD of the birth cohort"),
    "cohort-SD a year": N_("effect on learning in a year, in SD of the birth cohort"),
    "logit of on-time vwo": N_(
        "effect on the chance of vwo without delay, as a logit; in the place of the yearly effect"
    ),
    "share of lesson time": N_("share of the lesson time that it frees"),
    "cohort-SD per missing year": N_(
        "lag at an exam sat early, in SD of the birth cohort for each year of lessons missed"
    ),
}
"""By the unit of a passport, what it is an effect on."""

VERSUS = {
    "all exams in one year": N_("all exams in one year"),
    "class teacher for all subjects": N_("one class teacher for all subjects"),
    "comparable pupils": N_("comparable pupils"),
    "comparable students": N_("comparable students"),
    "exams one day apart": N_("exams one day apart"),
    "older classmates of the same skill": N_("older classmates of the same skill"),
    "same pupil in six years": N_("the same pupil in six years"),
    "same pupil with the curriculum done": N_("the same pupil with the curriculum done"),
    "same pupil, same grade, regular lessons": N_("the same pupil in the same year with regular lessons"),
}
"""What an effect is measured against, as a passport says it."""

UNKNOWN = "none"
"""The source of a number that no study was found for."""


def evidence_lines(measure: Measure) -> Iterator[str]:
    """A line for each effect of a measure that the learning model knows: grade, size, range and source."""
    for key in measure.effects:
        yield _line(shipped()[key])


def grade_text(grade: str) -> str:
    """A grade with what it means: "C: correlational, or ..."."""
    return f"{grade}: {_(GRADES[grade])}"


def _line(passport: Parameter) -> str:
    effect = ties.shipped().by_size.get(passport.key)
    more = shipped()[effect.times] if effect is not None and effect.times else None
    ends = ("value", "low", "high")
    size, low, high = (_number(getattr(passport, end), 1.0 if more is None else getattr(more, end)) for end in ends)
    told = _("evidence {grade}: {size} ({low} to {high}), {effect}, against {versus}").format(
        grade=passport.grade,
        size=size,
        low=low,
        high=high,
        effect=_(EFFECTS[passport.unit]),
        versus=_(VERSUS[passport.versus]),
    )
    return told if passport.source == UNKNOWN else f"{told} - {passport.source}"


def _number(number: Number, times: float = 1.0) -> str:
    """A size as the language writes it, so many times; a curve as all its points."""
    points = number if isinstance(number, tuple) else (number,)
    return decimal_comma("; ".join(f"{round(point * times, 3):g}" for point in points))
