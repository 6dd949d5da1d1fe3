"""What a flexibility does to learning, in words: the size, its range, and how sure it is, as its passport has them."""

from __future__ import annotations

from collections.abc import Iterator

from trajectsim.law.measures import Measure
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
    "cohort-SD per missing year": N_(
        "lag at an exam sat early, in SD of the birth cohort for each year of lessons missed"
    ),
}
"""By the unit of a passport, what it is an effect on."""

VERSUS = {
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
    told = _("evidence {grade}: {size} ({low} to {high}), {effect}, against {versus}").format(
        grade=passport.grade,
        size=_number(passport.value),
        low=_number(passport.low),
        high=_number(passport.high),
        effect=_(EFFECTS[passport.unit]),
        versus=_(VERSUS[passport.versus]),
    )
    return told if passport.source == UNKNOWN else f"{told} - {passport.source}"


def _number(number: Number) -> str:
    """A size as the language writes it; a curve as all its points."""
    points = number if isinstance(number, tuple) else (number,)
    return decimal_comma("; ".join(f"{point:g}" for point in points))
