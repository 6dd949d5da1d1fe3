"""Parameters: every number has its passport, and a passport that cannot be is refused with its place."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from trajectsim import draws, words
from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.reforms import Reform
from trajectsim.law.tables import Span
from trajectsim.learning import parameters, ties
from trajectsim.learning.worlds import Chance, World, model_of
from trajectsim.report.parameters import CALLED, OF_MEASURES, parameter_label

SHIPPED = parameters.shipped()
LAW = Lawbook.load()
GOOD = """[a.b]
value = 0.2
low = 0.1
high = 0.4
dist = "triangular"
unit = "share"
versus = ""
grade = "C"
source = "x"
note = ""
"""


def test_the_ties_name_nothing_unknown() -> None:
    assert not list(ties.faults(ties.shipped(), LAW, SHIPPED))


def test_what_the_law_does_not_know_is_told() -> None:
    told = ties.shipped()
    bad = evolve(told, skipping=(evolve(told.skipping[-1], unless="po-until-15"),))
    assert [(p.code, p.message) for p in ties.faults(bad, LAW, SHIPPED)] == [("L101", 'unknown duty "po-until-15"')]


def test_who_has_to_leave_primary_school_skips_no_year_and_the_law_says_who_that_is() -> None:
    """At 14, until a draft says 13."""
    place, told = LAW.place("po/7"), ties.shipped()
    assert place is not None
    value = Reform(rule="po-until-14", title="x", span=Span(2016, None), set="age_end.min", value=13)
    for law, least in ((LAW, 14), (LAW.overlay([value]), 13)):
        facts = {"early_to_vo_offered": 1, "law_year": 2018}
        kinds = [told.kind_of("to-havo", place, {**facts, "age_end": age}, law) for age in (12, 13, 14)]
        assert kinds == ["skip" if age < least else "to-havo" for age in (12, 13, 14)]
        assert told.kind_of("to-havo", place, {**facts, "early_to_vo_offered": 0, "age_end": 12}, law) == "to-havo"


@given(st.sampled_from(sorted(key for key, p in SHIPPED.items() if isinstance(p.value, float))), st.floats(-0.2, 1.2))
def test_a_number_that_no_study_found_is_a_guess_unless_its_evidence_is_told(key: str, share: float) -> None:
    old = SHIPPED[key]
    number = min(max(old.low + (share * (old.high - old.low) if old.high > old.low else share), old.least), old.most)
    within = old.low <= number <= old.high
    for change in (number, {"value": number, "low": number, "high": number}):
        assert parameters.overridden(SHIPPED, {key: change})[key].grade == (old.grade if within else "D")
    told = {"value": number, "low": number, "high": number, "grade": "B"}
    assert parameters.overridden(SHIPPED, {key: told})[key].grade == "B"


def test_a_guess_says_so() -> None:
    assert all(p.dist == "uniform" or p.low == p.high for p in SHIPPED.values() if p.grade == "D")


@given(st.sampled_from(sorted(SHIPPED)), st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_draw_lies_in_the_range(key: str, share: float) -> None:
    p = SHIPPED[key]
    drawn, low, high = (n if isinstance(n, tuple) else (n,) for n in (p.drawn(share), p.low, p.high))
    assert all(a - 1e-9 <= b <= c + 1e-9 for a, b, c in zip(low, drawn, high, strict=True))


@given(st.sampled_from(sorted(SHIPPED)), st.lists(st.floats(0.01, 0.99), min_size=2, max_size=2))
def test_a_higher_share_draws_no_less(key: str, shares: list[float]) -> None:
    low, high = (SHIPPED[key].drawn(share) for share in sorted(shares))
    assert low <= high


def test_the_middle_of_a_triangle() -> None:
    p = parameters.read(GOOD, "x.toml")["a.b"]
    assert p.drawn(1 / 3) == pytest.approx(0.2)  # the mode is at a third of the range
    assert p.drawn(0.5) == pytest.approx(0.4 - (0.5 * 0.3 * 0.2) ** 0.5)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("value = 0.2", "value = 0.5", "L104", 2),
        ("low = 0.1\n", "", "L102", 1),
        ('grade = "C"', 'grade = "E"', "L104", 8),
        ('grade = "C"', 'grade = "D"', "L104", 5),
        ("high = 0.4", "high = 1.4", "L104", 4),
        ('unit = "share"', 'unit = "shares"', "L104", 6),
        ("value = 0.2", "value = true", "L103", 2),
        ("value = 0.2", "value = [0.2, 0.3]", "L104", 2),
        ('note = ""', 'notes = ""', "L101", 10),
        ('note = ""', 'note = ""\nexclusive_with = ["q"]', "L101", 11),
    ],
)
def test_a_bad_passport_is_refused_where_it_is_wrong(old: str, new: str, code: str, line: int) -> None:
    with pytest.raises(Problems) as error:
        parameters.read(GOOD.replace(old, new), "x.toml")
    assert (code, line) in [(p.code, p.place.line if p.place else 0) for p in error.value.problems]


def test_all_problems_at_once() -> None:
    with pytest.raises(Problems) as error:
        parameters.read(GOOD.replace("0.2", "0.9") + GOOD.replace("a.b", "a.c").replace('"C"', '"E"'), "x.toml")
    assert len(error.value.problems) == 2


def test_a_bare_override_holds_in_every_replication() -> None:
    p = parameters.overridden(SHIPPED, {"phi": 0.9})["phi"]
    assert {p.drawn(share) for share in (0.01, 0.5, 0.99)} == {0.9}
    assert p.source == SHIPPED["phi"].source


def test_an_override_in_a_table_keeps_the_rest() -> None:
    p = parameters.overridden(SHIPPED, {"kappa": {"value": 0.5}})["kappa"]
    assert (p.low, p.value, p.high) == (0.2, 0.5, 0.6)


@pytest.mark.parametrize("key", SHIPPED)
def test_no_number_can_be_one_that_means_nothing(key: str) -> None:
    """Beyond the ends of its unit, of another shape, or not finite: refused with what was expected."""
    many = len(old) if isinstance(old := SHIPPED[key].value, tuple) else 0
    for bad in (-21.0, 1e300, True, "0.1", None):
        change = [bad] * many if many and isinstance(bad, float) else bad
        assert list(World(parameters={key: change}).problems()), bad
    other = 0.0 if many else [old, old]
    (problem,) = World(parameters={key: other}).problems()
    assert (problem.code, problem.at) == ("L103", ("parameters", key))
    assert f"an array of {many} numbers" in problem.message if many else problem.message.endswith("a number")


def test_what_an_effect_is_and_which_other_form_it_has_is_not_for_a_scenario_to_say() -> None:
    for name, value in (("unit", "miles"), ("exclusive_with", []), ("fit", "C07"), ("most", 9)):
        (problem,) = World(parameters={"measure.skip-year.delta": {name: value}}).problems()
        assert (problem.code, problem.at[-1]) == ("L101", name)


def test_everything_wrong_with_an_override_is_told_at_once() -> None:
    change = {"grade": "Z", "dist": "normal", "valu": 3, "high": 7}
    found = [(p.code, p.at[-1]) for p in World(parameters={"phi": change}).problems()]
    assert found == [("L101", "valu"), ("L104", "dist"), ("L104", "grade"), ("L104", "high")]


def test_a_value_outside_of_its_range_is_told_with_both() -> None:
    (problem,) = World(parameters={"phi": {"value": 0.5}}).problems()
    assert problem.message == "the value 0.5 does not lie from 0.91 to 0.96"
    assert "a number alone" in problem.hint


def test_every_passport_is_complete() -> None:
    for key, p in SHIPPED.items():
        assert all((p.unit, p.source, p.note, p.grade, p.dist)), key
        assert p.versus or not key.startswith("measure."), key


def test_overrides_that_cannot_be() -> None:
    with pytest.raises(Problems) as error:
        parameters.overridden(SHIPPED, {"phi": 1.2, "kapa": 0.3, "kappa": {"value": 0.9}})
    assert [p.code for p in error.value.problems] == ["L104", "L101", "L104"]
    assert "kappa" in error.value.problems[1].message


def test_two_forms_of_one_effect_are_refused() -> None:
    both = World(effects={"measure.skip-year.recovered": True})
    assert [p.code for p in both.problems()] == ["L106"]
    with pytest.raises(Problems):
        model_of(both, Chance(), LAW)
    one = World(effects={"measure.skip-year.recovered": True, "measure.skip-year.delta": False})
    assert not list(one.problems())


def test_parameters_are_drawn_by_seed_replication_and_name_alone() -> None:
    model = model_of(World(), Chance(7, 3), LAW)
    assert model.values["phi"] == SHIPPED["phi"].drawn(draws.parameter_uniform(7, 3, "phi"))
    assert model_of(World(), Chance(7, 3, pupil=5), LAW).values == model.values
    assert model_of(World(), Chance(7, 4), LAW).values != model.values


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"exam.vwo.spread": 0.0}, ("exam.vwo.spread",)),  # something is divided by it
        ({"reliability.groep-8": 0}, ("reliability.groep-8",)),
        ({"measure.skip-year.repeat_odds": -1.0}, ("measure.skip-year.repeat_odds",)),
        ({"exam.havo.mu_ce": {"high": 12}}, ("exam.havo.mu_ce",)),
        ({"exam.vwo.sd_ce": {"least": -5}}, ("exam.vwo.sd_ce", "least")),
        ({"route.vwo-to-wo": 0.9, "route.vwo-to-hbo": 0.4}, ("route.vwo-to-hbo",)),  # of the same pupils
        ({"route.havo-to-vwo": 0.5}, ("route.havo-to-vwo",)),
    ],
)
def test_a_number_that_means_nothing_is_refused_before_anything_is_run(
    changes: dict[str, object], at: tuple[str, ...]
) -> None:
    problems = list(World(parameters=changes).problems())
    assert [problem.at[1 : 1 + len(at)] for problem in problems if problem.at[1 : 1 + len(at)] == at]
    assert all(problem.code in {"L101", "L104"} for problem in problems)


def test_what_is_shipped_lies_within_its_bounds_and_shares_leave_a_rest() -> None:
    assert all(p.least <= end <= p.most for p in SHIPPED.values() for end in (p.low, p.high) if isinstance(end, float))
    assert any(p.least == 0.01 for p in SHIPPED.values())
    assert list(ties.shipped().shares_together())
    assert not list(World().problems())


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_parameter_has_a_name_that_fits_and_no_two_have_the_same(lang: str) -> None:
    words.use(lang)
    law = Lawbook.load()
    called = [parameter_label(key, law) for key in SHIPPED]
    assert len(set(called)) == len(called)
    assert [each for each in called if not each or "{" in each or "_" in each] == []
    assert [each for each in called if len(each) > 60] == []
    used = {key for key in CALLED if "{}" not in key} | {f"measure.{end}" for end in OF_MEASURES}
    assert used <= {*SHIPPED, *(f"measure.{key.rpartition('.')[2]}" for key in SHIPPED if key.startswith("measure."))}
