"""Draft reforms: laid over the law they change what they name in the years they name, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problems
from trajectsim.law.exams import Demand
from trajectsim.law.lawbook import CALENDAR, AnyRule, Clock, Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Tabled
from trajectsim.law.overlay import settable
from trajectsim.law.reforms import LAWFUL, Reform, Which
from trajectsim.law.tables import Force, Span, Version, WayText, at
from trajectsim.verdict import NO, YES, judge

YEARS = range(2008, 2034)


def reform(rule: str, first: int, last: int | None = None, **what: Any) -> Reform:
    """A reform from a school year on."""
    return Reform(rule=rule, title="Voorstel", span=Span(first, last), **what)


def answer(law: Lawbook, rule: AnyRule, year: int) -> Any:
    """All that a rule says in a school year, its articles included."""
    if isinstance(rule, Measure):
        table = law.measure_table(rule, year, year, CALENDAR)
        return [judge(table, dict.fromkeys(("law_year", "law_intake"), year)).truth, table.cite]
    if isinstance(rule, Tabled):
        which = law.exam_year if isinstance(rule, Demand) else law.law_year
        table = law._own_table(rule, which(year, CALENDAR)[0], False)
        return table.ways, table.cite
    known = law.answering(rule, law.exam_year(year, CALENDAR)[0])
    return at(rule.version, known) if any(known in v.span for v in rule.version) else None


RULES = [rule for rule in Lawbook.load().rules() if settable(rule)]


@st.composite
def reforms(draw: st.DrawFn) -> Reform:
    """A reform that fits its rule: one of what can be set, to a value of another way of the same rule, or less."""
    rule = draw(st.sampled_from(RULES))
    first = draw(st.sampled_from(YEARS))
    last = draw(st.none() | st.integers(first, first + 5))
    if isinstance(rule, Measure):
        return reform(rule.id, first, last, set=LAWFUL, value=draw(st.booleans()))
    versions = [v for v in rule.version if isinstance(v, Version) and v.ways]
    if not versions or not isinstance(rule, Tabled):
        version = draw(st.sampled_from(rule.version))
        names = [name for name in ("resits", "spared", "improvements") if hasattr(version, name)]
        if not names:
            version = rule.version[0]
            return reform(rule.id, first, last, set=settable(rule)[0], value=_plain_of(version, settable(rule)[0]))
        return reform(rule.id, first, last, set=draw(st.sampled_from(names)), value=draw(st.integers(0, 3)))
    way = draw(st.sampled_from(draw(st.sampled_from(versions)).ways))
    kind = draw(st.sampled_from(["add", "remove", "force", "value"]))
    if kind == "add":
        return reform(rule.id, first, last, add=WayText(Force.RIGHT, way.needs))
    if kind == "remove":
        return reform(rule.id, first, last, remove=Which(id=way.id, force=way.force, needs=way.needs))
    path = draw(st.sampled_from(settable(rule, Span(first, last)) or ("force",)))
    found = _found(way.needs, path.split("."))
    if kind == "value" and found is not None:
        return reform(rule.id, first, last, set=path, value=found)
    return reform(rule.id, first, last, set="force", value=draw(st.sampled_from(["right", "duty", "forbidden"])))


def _found(needs: Any, path: list[str]) -> Any:
    """What a way asks at a path, which may be of another version: its value then; None where it asks nothing there."""
    for key in path:
        needs = needs.get(key) if isinstance(needs, dict) else None
    return needs


def _plain_of(version: Any, path: str) -> Any:
    head, *rest = path.split(".")
    value = getattr(version, head.replace("-", "_"))
    return value[rest[0]] if rest else _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return {"of": list(value.of), "n": value.n} if hasattr(value, "of") else value


def overlaid(law: Lawbook, several: list[Reform]) -> Lawbook | None:
    """The law with reforms over it; None where they do not fit: nothing like it in those years, or a contradiction."""
    try:
        return law.overlay(several)
    except Problems:
        return None


@given(st.lists(reforms(), min_size=1, max_size=4))
def test_under_any_reforms_exactly_one_version_of_every_rule_answers_in_every_year(several: list[Reform]) -> None:
    law = Lawbook.load()
    new = overlaid(law, several)
    if new is None:
        return
    assert new.gaps() == []
    for each in several:
        rule = new.rule(each.rule)
        assert rule is not None
        for year in YEARS:
            answer(new, rule, year)  # raises StopIteration where none does, and the versions never lie over each other
            assert sum(year in cite.span for cite in rule.cite) == 1
            if not isinstance(rule, Measure):
                assert sum(year in version.span for version in rule.version) <= 1


@given(st.lists(reforms(), min_size=1, max_size=3), st.sampled_from(YEARS))
def test_what_no_reform_names_stays_the_same_object_and_says_the_same(several: list[Reform], year: int) -> None:
    law = Lawbook.load()
    new = overlaid(law, several)
    if new is None:
        return
    named = {each.rule for each in several}
    for rule in law.rules():
        if rule.id not in named:
            assert new.rule(rule.id) is rule
            assert answer(new, rule, year) == answer(law, rule, year)
    act = next(act for act in law.acts.values() if act.id not in named)
    assert new.table(act, 2030, 2028, CALENDAR) is law.table(act, 2030, 2028, CALENDAR)


@given(reforms(), st.sampled_from(YEARS))
def test_outside_its_years_a_reform_changes_nothing(each: Reform, year: int) -> None:
    law = Lawbook.load()
    new = overlaid(law, [each])
    if new is None or year in each.span:
        return
    old, rule = law.rule(each.rule), new.rule(each.rule)
    assert old is not None
    assert rule is not None
    if isinstance(old, Measure):
        lawful = [any(year in span for span in book.measure_spans(old, CALENDAR)) for book in (law, new)]
        assert lawful[0] is lawful[1]
    elif isinstance(old, Tabled) and isinstance(rule, Tabled):
        told = [
            [(way.force, way.checks, way.cite.law, way.cite.article) for way in answer(*pair, year)[0]]
            for pair in ((law, old), (new, rule))
        ]
        assert told[0] == told[1]


# --- examples -----------------------------------------------------------------------------------------------

CUM_LAUDE = reform("cum-laude-vwo", 2027, set="mean", value=Decimal("7.5"))


def laude(law: Lawbook, year: int, total: int, count: int = 10, least: int = 70) -> tuple[bool, str]:
    """Whether these marks (in tenths) are cum laude in a school year, and what that rests on."""
    (table,) = law.demands_of("vwo", "", "cum-laude", year, CALENDAR)
    facts = {"cum_laude_offered": 1, "averaged_total": total, "averaged_count": count, "least_mark": least}
    verdict = judge(table, facts)
    return verdict.truth == YES, str(verdict.cite)


@pytest.mark.parametrize(
    ("year", "total", "given"),
    [
        (2026, 750, False), (2026, 799, False), (2026, 800, True),
        (2027, 749, False), (2027, 750, True), (2027, 800, True),
        (2035, 749, False), (2035, 750, True),
    ],
)  # fmt: skip
def test_cum_laude_from_seven_and_a_half_in_2028(law: Lawbook, year: int, total: int, given: bool) -> None:
    met, cite = laude(law.overlay([CUM_LAUDE]), year, total)
    assert met is given
    assert (cite == 'draft reform "Voorstel", which changes Uitvoeringsbesluit WVO 2020 art. 3.47') is (year >= 2027)


def test_a_reform_that_ends_gives_the_law_back(law: Lawbook) -> None:
    new = law.overlay([reform("cum-laude-vwo", 2027, 2028, set="averaged_total.mean.min", value=7)])
    assert [laude(new, year, 700)[0] for year in (2026, 2027, 2028, 2029)] == [False, True, True, False]
    assert laude(new, 2029, 800) == (True, "Uitvoeringsbesluit WVO 2020 art. 3.47")


def test_what_another_test_of_the_same_way_asks_stays(law: Lawbook) -> None:
    assert laude(law.overlay([CUM_LAUDE]), 2028, 900, least=69)[0] is False


def test_a_reform_of_an_earlier_year_is_allowed(law: Lawbook) -> None:
    new = law.overlay([reform("cum-laude-vwo", 2013, set="mean", value=9)])
    assert [laude(new, year, 850)[0] for year in (2012, 2013, 2020)] == [True, False, False]


def test_a_frozen_year_does_not_see_a_later_reform(law: Lawbook) -> None:
    frozen = Clock(SchoolYear(2020))
    (table,) = law.overlay([CUM_LAUDE]).demands_of("vwo", "", "cum-laude", 2028, frozen)
    assert not table.cite.reform
    assert table.ways == law.demands_of("vwo", "", "cum-laude", 2028, frozen)[0].ways


def test_a_verdict_under_a_reform_is_still_beyond_what_is_known(law: Lawbook) -> None:
    (table,) = law.overlay([CUM_LAUDE]).demands_of("vwo", "", "cum-laude", 2028, CALENDAR)
    assert (table.year, table.extrapolated) == (2027, True)


def test_a_measure_gets_years_and_loses_them(law: Lawbook) -> None:
    measure = law.measures["five-year-vwo"]
    last = measure.span.last
    assert last is not None
    new = law.overlay(
        [reform(measure.id, last + 3, set=LAWFUL, value=True), reform(measure.id, last, last, set=LAWFUL, value=False)]
    )
    lawful = []
    for year in range(last - 1, last + 5):
        table = new.measure_table(measure, year, year, CALENDAR)
        known = new.law_year(year, CALENDAR)[0]
        lawful.append(judge(table, {"law_year": known, "law_intake": known}).truth == YES)
    assert lawful == [True, False, False, False, True, True]


def test_an_added_right_goes_before_what_schools_decide_and_a_discretion_after(law: Lawbook) -> None:
    for force, where in ((Force.RIGHT, 0), (Force.DISCRETION, -1)):
        way = WayText(force, {"sector": "vo"}, practice="promotion" if force is Force.DISCRETION else "", id="mine")
        new = law.overlay([reform("promote", 2020, add=way)])
        ways = at(new.moves["promote"].version, 2021).ways
        assert ways[where].id == "mine"
        assert at(law.moves["promote"].version, 2021).ways[0].cite == ways[1 if where == 0 else 0].cite


def test_a_way_that_is_taken_away_is_told_by_the_reform(law: Lawbook) -> None:
    new = law.overlay([reform("skip", 2020, remove=Which(needs={"sector": "po"}))])
    place, to = law.place("po/3"), law.place("po/5")
    assert place is not None
    assert to is not None
    facts = dict.fromkeys(law.facts, 0) | {"sector": law.facts["sector"].encode("po"), "skip_offered": 1}
    before, after = (
        judge(
            new.move_table(law.moves["skip"] if year < 2020 else new.moves["skip"], place, to, year, 2018, CALENDAR),
            facts,
        )
        for year in (2019, 2020)
    )
    assert (before.truth, after.truth) == (YES, NO)
    assert after.cite.reform
    assert not before.cite.reform


def test_a_duty_that_is_changed_forbids_otherwise(law: Lawbook) -> None:
    new = law.overlay([reform("po-until-14", 2024, set="age_end", value=13)])
    place, to = law.place("po/8"), law.place("po/8")
    assert place is not None
    assert to is not None
    facts = dict.fromkeys(law.facts, 0) | {
        "age_end": 13,
        "sector": law.facts["sector"].encode("po"),
        "foundation": 1,
        "parents_agree": 1,
    }
    verdicts = [
        judge(new.move_table(new.moves["repeat"], place, to, year, year, CALENDAR), facts) for year in (2023, 2024)
    ]
    assert [verdict.truth for verdict in verdicts] == [YES, NO]
    assert [verdict.cite.reform for verdict in verdicts] == [False, True]


def test_the_sitting_and_the_composition_of_an_exam_can_be_changed(law: Lawbook) -> None:
    new = law.overlay(
        [
            reform("sitting-havo-vwo", 2027, set="resits", value=3),
            reform("exam-vwo", 2027, set="averaged.combination", value=2),
            reform("exam-vwo", 2027, set="best", value=[]),
        ]
    )
    assert [new.sitting("vwo", year, CALENDAR).resits for year in (2026, 2027, 2040)] == [1, 3, 3]
    assert [new.composition("vwo", year, CALENDAR).averaged["combination"] for year in (2026, 2027)] == [1, 2]
    assert new.composition("vwo", 2027, CALENDAR).best == ()
    assert [len(new.exam_reforms("vwo", year, CALENDAR)) for year in (2026, 2027)] == [0, 2]


def test_overlays_stand_on_each_other(law: Lawbook) -> None:
    first = law.overlay([CUM_LAUDE])
    second = first.overlay([reform("sitting-havo-vwo", 2024, set="resits", value=2)])
    assert second.sitting("vwo", 2028, CALENDAR).resits == 2
    assert laude(second, 2028, 750) == laude(first, 2028, 750)
    assert laude(second, 2026, 750) == laude(first, 2026, 750)


def test_the_same_reforms_are_laid_once(law: Lawbook) -> None:
    assert law.overlay([CUM_LAUDE]) is law.overlay([CUM_LAUDE])
    assert law.overlay([]) is law


def test_changes_are_told_between_years_of_an_overlaid_law(law: Lawbook) -> None:
    assert law.overlay([CUM_LAUDE]).changes(SchoolYear(2026), SchoolYear(2027)) == ["cum-laude-vwo"]


MISFITS: dict[str, tuple[Reform, str, str]] = {
    "an unknown rule": (
        reform("cum-laude-vow", 2027, set="mean", value=8),
        "reform.0.rule",
        'did you mean "cum-laude-vwo"',
    ),
    "an unknown key": (
        reform("cum-laude-vwo", 2027, set="least_marc", value=7),
        "reform.0.set",
        'did you mean "least_mark',
    ),
    "a key of other years": (
        reform("cum-laude-vwo", 2027, set="rekentoets_mark", value=7),
        "reform.0.set",
        "in these years",
    ),
    "a key that could be two": (reform("exam-vwo", 2027, set="profile", value=2), "reform.0.set", "could be each of"),
    "a value of another kind": (
        reform("cum-laude-vwo", 2027, set="mean", value="high"),
        "reform.0.value",
        "a mark from 1 to 10",
    ),
    "a mark of two decimals": (
        reform("cum-laude-vwo", 2027, set="mean", value=Decimal("7.55")),
        "reform.0.value",
        "one decimal",
    ),
    "a force that is none": (reform("skip", 2027, set="force", value="maybe"), "reform.0.value", "right"),
    "a practice that is none": (
        reform("skip", 2027, set="practice", value="skp"),
        "reform.0.value",
        "unknown practice",
    ),
    "a count of resits in words": (
        reform("sitting-havo-vwo", 2027, set="resits", value="two"),
        "reform.0.value",
        "a whole number",
    ),
    "roles that are none": (reform("exam-vwo", 2027, set="best", value=["fre"]), "reform.0.value", "unknown role"),
    "no way like it": (reform("skip", 2027, remove=Which(force="right")), "reform.0.remove", "no way of these years"),
    "a way where there are none": (reform("exam-vwo", 2027, remove=Which(id="x")), "reform.0.remove", "has no ways"),
    "an added way that asks for an unknown fact": (
        reform("skip", 2027, add=WayText(Force.RIGHT, {"agee": 1})),
        "reform.0.add.needs.agee",
        "unknown fact",
    ),
    "an added discretion without a practice": (
        reform("skip", 2027, add=WayText(Force.DISCRETION, {})),
        "reform.0.add",
        "no practice",
    ),
    "a measure by its kind": (
        reform("skip-year", 2027, set="kind", value="right"),
        "reform.0.set",
        "whether the law knows it",
    ),
    "a measure by a word": (reform("skip-year", 2027, set=LAWFUL, value="yes"), "reform.0.value", "true or false"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_reform_that_does_not_fit_is_told_where(law: Lawbook, name: str) -> None:
    each, where, told = MISFITS[name]
    with pytest.raises(Problems) as caught:
        law.overlay([each])
    (problem,) = caught.value.problems
    assert ".".join(map(str, problem.at)) == where
    assert told in f"{problem.message} {problem.hint}"


def test_two_reforms_that_disagree_are_one_problem_naming_both(law: Lawbook) -> None:
    other = reform("cum-laude-vwo", 2028, set="averaged_total", value=7)
    with pytest.raises(Problems, match=r"to 7\.5 and to 7") as caught:
        law.overlay([CUM_LAUDE, other])
    assert [problem.at for problem in caught.value.problems] == [("reform", 1, "set")]
    assert law.overlay([CUM_LAUDE, reform("cum-laude-vwo", 2028, set="least_mark", value=6)])
