"""What is known of the effect of a measure on learning, in words."""

from __future__ import annotations

from trajectsim import words
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning.parameters import GRADES, shipped
from trajectsim.report import evidence


def test_every_effect_of_every_measure_has_a_line_in_both_languages(law: Lawbook) -> None:
    for measure in law.measures.values():
        told: list[tuple[str, ...]] = []
        for language in words.LANGUAGES:
            words.use(language)
            lines = tuple(evidence.evidence_lines(measure))
            assert len(lines) == len(measure.effects)
            for line, key in zip(lines, measure.effects, strict=True):
                assert f" {shipped()[key].grade}: " in line[:12]  # where it is not cut off by a narrow panel
            told.append(lines)
        assert not lines or told[0] != told[1]


def test_every_grade_is_explained() -> None:
    assert tuple(evidence.GRADES) == GRADES


def test_vwo_in_five_years_on_marks_is_grade_c_with_size_range_and_source(law: Lawbook) -> None:
    words.use("nl")
    (line,) = evidence.evidence_lines(law.measures["five-year-vwo"])
    assert line.startswith("bewijs C: -0,1 (-0,25 tot 0,05), effect op de cijfers van het centraal examen")
    assert "vergeleken met dezelfde leerling in zes jaar" in line
    assert line.endswith("Huebener & Marcus 2017 Econ Educ Rev 58:1")


def test_a_guess_names_no_source(law: Lawbook) -> None:
    (line,) = evidence.evidence_lines(law.measures["early-exam"])
    assert line.startswith("evidence D: ")
    assert line.endswith("against the same pupil with the curriculum done")
