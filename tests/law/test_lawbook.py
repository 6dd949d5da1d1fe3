"""The lawbook as a whole: one answer for each year, changes only where the law changes, and a strict loader."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from harness import Question, desk_of
from hypothesis import given
from hypothesis import strategies as st

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import AnyRule, Clock, Lawbook, OfExams
from trajectsim.law.measures import WAIVER, Measure
from trajectsim.law.moves import WORD, Move, Tabled, Versioned
from trajectsim.law.places import OUT
from trajectsim.law.studies import Study
from trajectsim.law.tables import Table, at, compile_needs

LAW = Lawbook.load()
KNOWN = range(2013, 2027)
KNOWN_EXAMS = range(2011, 2026)
RULES = tuple(LAW.rules())
WALKED = tuple(rule for rule in RULES if not isinstance(rule, OfExams))
MEASURES = tuple(LAW.measures)
STEPS = tuple((place, move, to) for place in LAW.places() for move, to in LAW.moves_from(place).values())

years = st.integers(1995, 2050)
clocks = st.builds(Clock, st.none() | st.builds(SchoolYear, years), st.sampled_from(["enacted", "announced"]))


# --- one answer for each year -------------------------------------------------------------------------------


def test_no_year_is_without_an_answer() -> None:
    assert LAW.gaps() == []


@given(rule=st.sampled_from(WALKED), year=years, intake=years, clock=clocks)
def test_exactly_one_version_and_one_citation_answer(rule: AnyRule, year: int, intake: int, clock: Clock) -> None:
    asked = intake if rule.by == "intake" else year
    followed = clock.follow.start if clock.follow else asked
    law_year, extrapolated = LAW.law_year(asked, clock)
    assert law_year in KNOWN
    assert law_year == min(max(followed, KNOWN[0]), KNOWN[-1])
    assert extrapolated is (followed not in KNOWN)
    assert sum(law_year in cite.span for cite in rule.cite) == 1
    if isinstance(rule, Versioned):
        assert sum(law_year in version.span for version in rule.version) == 1
    table = _table(rule, year, intake, clock)
    assert (table.year, table.extrapolated) == (law_year, extrapolated)
    assert table.ways or (isinstance(rule, Versioned) and not at(rule.version, law_year).ways)
    assert all(law_year in way.cite.span for way in table.ways)


@given(exam=st.sampled_from(list(LAW.exams.values())), year=years, clock=clocks)
def test_every_exam_has_one_composition_one_sitting_and_its_demands(exam: Any, year: int, clock: Clock) -> None:
    followed = clock.follow.start if clock.follow else year
    law_year, extrapolated = LAW.exam_year(year, clock)
    assert law_year == min(max(followed, KNOWN_EXAMS[0]), KNOWN_EXAMS[-1])
    assert extrapolated is (followed not in KNOWN_EXAMS)
    assert LAW.composition(exam.level, year, clock) == at(exam.version, law_year)
    assert law_year in LAW.sitting(exam.level, year, clock).span
    [calendar] = [calendar for calendar in LAW.calendars.values() if exam.level in calendar.levels]
    assert sum(law_year in version.span for version in (*exam.version, *calendar.version)) == 2
    tables = LAW.demands_of(exam.level, "", "pass", year, clock)
    assert tables[0].rule.startswith("complete-")
    assert {(table.year, table.extrapolated) for table in tables} == {(law_year, extrapolated)}
    assert all(table.ways and law_year in table.cite.span for table in tables)


@given(step=st.sampled_from(STEPS), year=years, intake=years, clock=clocks)
def test_every_step_has_a_table_in_every_year(step: Any, year: int, intake: int, clock: Clock) -> None:
    place, move, to = step
    table = LAW.move_table(move, place, to, year, intake, clock)
    own = [way for way in table.ways if way.rule == move.id]
    duties = [way for way in table.ways if way.rule != move.id]
    assert table.ways == (*duties, *own)
    assert own or not at(move.version, table.year).ways  # no law of the year opens it
    assert all(way.rule in LAW.duties and way.force == "forbidden" for way in duties)


@pytest.mark.parametrize("year", [KNOWN[0], KNOWN[-1]])
def test_only_what_lies_outside_the_known_years_is_extrapolated(year: int) -> None:
    clock = Clock()
    assert LAW.law_year(year, clock) == (year, False)
    assert LAW.law_year(KNOWN[0] - 1, clock) == (KNOWN[0], True)
    assert LAW.law_year(KNOWN[-1] + 1, clock) == (KNOWN[-1], True)


def test_a_rule_of_the_intake_looks_one_year_ahead() -> None:
    """Who leaves in the last known year enters in a year that is not known."""
    year, clock = KNOWN[-1], Clock()
    assert LAW.table(LAW.moves["to-hbo"], year, year + 1, clock).extrapolated
    assert not LAW.table(LAW.moves["promote"], year, year + 1, clock).extrapolated


def test_a_frozen_year_answers_for_all(law: Lawbook) -> None:
    frozen = Clock(SchoolYear(2019))
    move = law.moves["havo-diploma-to-vwo-5"]
    tables = [law.table(move, year, year + 1, frozen) for year in (2013, 2019, 2025, 2040)]
    assert {(table.year, table.extrapolated) for table in tables} == {(2019, False)}


def _table(rule: AnyRule, year: int, intake: int, clock: Clock) -> Table:
    if isinstance(rule, Versioned):
        return LAW.table(rule, year, intake, clock)
    return (
        LAW.study_table(rule, intake, clock)
        if isinstance(rule, Study)
        else LAW.measure_table(rule, year, intake, clock)
    )


def test_what_is_listed_follows_the_pupil_through_school() -> None:
    """Places, acts, and the moves out of school stand by sector, from primary school to higher education."""
    ranks = {sector: rank for rank, sector in enumerate(("po", "vo", "vavo", "mbo", "ho"))}
    places = [ranks[place.track.sector] for place in LAW.places() if place.track]
    back = [ranks[to.track.sector] for _move, to in LAW.moves_from(OUT).values() if to.track]
    assert places == sorted(places)
    assert back == sorted(back)
    assert next(iter(LAW.acts)) == "school-advice"


# --- changes ------------------------------------------------------------------------------------------------

CLASSES = ["to-bb-kb", "to-kb-gt", "to-gt-havo", "to-havo-vwo"]
TO_VO = ["to-bb", "to-kb", "to-gl", "to-tl", "to-havo", "to-vwo", *CLASSES]
SITTINGS = ["sitting-havo-vwo", "sitting-tl-gl", "sitting-bb-kb"]
SECTORS = ["tl-landbouw", "tl-groen", "sector-techniek", "sector-zorg", "sector-economie", "sector-landbouw"]
PROFILES = [f"vmbo-{name}" for name in ("bwi", "pie", "mt", "mvi", "mar", "zw", "eo", "hbr", "groen", "dp")]
CONDITIONAL = [f"conditionally-to-{name}" for name in ("hbo", "wo", "premaster", "hbo-master", "wo-master")]
PO_HOURS = ("teaching-time-po-first", "teaching-time-po-last", "teaching-time-po")
CHANGES = {
    "2012/2013": ["core-rule", "core-rule-vwo"],
    "2013/2014": [*SITTINGS, "core-rule", "core-rule-vwo", "dutch-vmbo", "rekentoets-havo-vmbo", "rekentoets-vwo"],
    "2014/2015": [
        *("school-advice", "exempt-from-test", "transition-test"),
        *("early-exam", "plusdocument", "vakmanschapsroute", "technologieroute", "to-hbo-master", "to-wo-master"),
        *("to-entree", "to-mbo-2", "to-mbo-3", "to-mbo-4", "to-vm2", "to-route-2", "to-route-4", "study-advice"),
        *("complete-havo", "complete-vwo", "complete-tl", "complete-gl", "complete-bb-kb", "complete-learn-work"),
        "early-result-stands",
    ],
    "2015/2016": [
        *("extra-activities", "cum-laude", "rule-free-school", "to-hbo", "to-associate-degree", *TO_VO),
        *("teaching-time-year", "teaching-time-course", "teaching-days", "pabo"),
        "teaching-time-lower-years-five-year-vwo",
        *("teaching-time-combined-class", "teaching-days-combined-class"),
        *("exam-vwo", "rekentoets-vwo", "cum-laude-vwo", "vwo-common", "vwo-em", "vwo-cm"),
    ],
    "2016/2017": [
        "vo-teacher-in-po",
        "five-year-vwo",
        "enriched-vwo",
        "ten-fourteen",
        "to-route-3",
        "to-route-4",
        "core-rule-vwo",
    ],
    "2017/2018": [
        *("to-hbo", "to-associate-degree", "to-wo"),
        *("exam-vwo", "exam-tl", "exam-gl", "exam-kb", "exam-bb"),
        *("complete-tl", "complete-gl", "complete-bb-kb", "complete-learn-work"),
        *("core-rule-vwo", "pattern-learn-work", "parts-vmbo", "parts-learn-work", "rekentoets-vwo", "cum-laude-vwo"),
        *("fall-back-to-own-level", "vwo-common", *SECTORS, *PROFILES),
    ],
    "2018/2019": [
        *("degree-to-hbo-3", "to-mbo-2", "to-mbo-3", "to-mbo-4", "to-specialist", "study-advice"),
        *("teaching-time-course", *PO_HOURS, "havo-common", "raise-advice"),
    ],
    "2019/2020": [
        *("raise-advice", "raise-advice-to", "exempt-from-test", "transition-test"),
        "study-advice",
        *SITTINGS,
        "ce-mean",
        "rekentoets-havo-vmbo",
        "rekentoets-vwo",
        "vwo-common",
        "havo-em",
    ],
    "2020/2021": [
        *("stacking", "to-route-2", "to-route-3", "havo-diploma-to-vwo-5", "vmbo-diploma-to-havo-4"),
        *CONDITIONAL,
        *("exempt-from-test", "transition-test"),
        *("raise-advice", "raise-advice-to", "mbo-techniek", "mbo-economie", *SITTINGS, "ce-mean", "vwo-em"),
    ],
    "2021/2022": ["rule-free-school", "pro-until-18"],
    "2022/2023": ["five-year-vwo", "enriched-vwo", "to-hbo", "to-associate-degree", "pabo", *SITTINGS],
    "2023/2024": ["raise-advice", *CONDITIONAL],
    "2025/2026": ["leave", "prestatiebox", "complete-gl-practice"],
}
"""Which rules answer otherwise than in the year before (ho-mbo-transitions.md 0.1, po.md 10, toptalenten-policy.md; of
exams vo.md 0.2 and M1-M3: exam 2013 is 2012/2013)."""


@pytest.mark.parametrize("start", range(KNOWN_EXAMS[0], KNOWN[-1] + 1))
def test_the_law_changes_in_these_years_only(start: int) -> None:
    year = SchoolYear(start)
    assert sorted(LAW.changes(year + -1, year)) == sorted(CHANGES.get(str(year), []))


def test_a_new_article_is_no_change_of_the_rule() -> None:
    """On 1 August 2022 nearly every article of secondary school got another number."""
    before, after = SchoolYear(2021), SchoolYear(2022)
    moved = {rule.id for rule in RULES if _cited(rule, 2021) != _cited(rule, 2022)}
    assert {"havo-diploma-to-vwo-5", "central-exam-early", "vwo", "cum-laude", "to-havo"} <= moved
    assert {"exam-havo", "complete-tl", "core-rule", "pattern-vmbo", "cum-laude-vwo", "havo-em"} <= moved
    # The rules of the corona years ended that day, and an experiment with the pabo began.
    assert moved & set(LAW.changes(before, after)) == {*SITTINGS, "pabo"}


@given(rule=st.sampled_from(WALKED), first=st.sampled_from(KNOWN), second=st.sampled_from(KNOWN))
def test_between_two_changes_the_law_is_constant(rule: AnyRule, first: int, second: int) -> None:
    first, second = sorted((first, second))
    between = (SchoolYear(year) for year in range(first + 1, second + 1))
    if any(rule.id in CHANGES.get(str(year), ()) for year in between):
        return
    assert rule.id not in LAW.changes(SchoolYear(first), SchoolYear(second))
    assert _ways(rule, first) == _ways(rule, second)


@given(first=st.sampled_from(KNOWN), second=st.sampled_from(KNOWN))
def test_changes_are_the_same_both_ways(first: int, second: int) -> None:
    one, other = SchoolYear(first), SchoolYear(second)
    assert LAW.changes(one, other) == LAW.changes(other, one)
    assert LAW.changes(one, one) == []


def _ways(rule: AnyRule, year: int) -> Any:
    if isinstance(rule, Measure):
        return year in rule.span
    if isinstance(rule, Study):
        return [evolve(way, cite=rule.cite[0]) for way in LAW.study_table(rule, year, Clock()).ways]
    return [evolve(way, cite=rule.cite[0]) for way in LAW.table(rule, year, year, Clock()).ways]


def _cited(rule: AnyRule, year: int) -> str:
    return next(str(cite) for cite in rule.cite if year in cite.span)


# --- measures only give -------------------------------------------------------------------------------------

diplomas = st.lists(st.sampled_from([value.id for value in LAW.facts["diplomas"].values]), unique=True)
advices = st.sampled_from([value.id for value in LAW.facts["advice"].values])
facts = st.fixed_dictionaries(
    {},
    optional={
        "age_end": st.integers(5, 22),
        "school_years": st.integers(1, 20),
        "diplomas": diplomas,
        "advice": advices,
        "foundation": st.booleans(),
        "parents_agree": st.booleans(),
        "act_level": st.sampled_from([value.id for value in LAW.facts["act_level"].values]),
        "year_result": st.sampled_from(["insufficient", "conditional", "sufficient"]),
    },
)
questions = st.builds(
    Question,
    rule=st.just("promote"),
    place=st.sampled_from([place.id for place in LAW.places()]),
    year=st.integers(2010, 2030).map(lambda start: str(SchoolYear(start))),
    intake=st.just("") | st.integers(2008, 2030).map(lambda start: str(SchoolYear(start))),
    facts=facts,
    measures=st.lists(st.sampled_from(MEASURES), unique=True).map(tuple),
    dates=st.sampled_from(["enacted", "announced"]),
)


@given(question=questions, measure=st.sampled_from(MEASURES))
def test_turning_a_measure_on_takes_nothing_away(question: Question, measure: str) -> None:
    more = evolve(question, measures=(*question.measures, measure))
    assert _open(question) <= _open(more)


def _open(question: Question) -> set[str]:
    desk, _entry = desk_of(question, LAW)
    return {option.rule.id for option in (*desk.moves(), *desk.acts()) if option.open}


# --- what the data owes its readers -------------------------------------------------------------------------


def test_every_row_is_cited_with_its_confidence() -> None:
    rows = (*RULES, *LAW.tracks.values(), *(way for rule in RULES for way in _written(rule) if way.cite))
    assert {cite.confidence for row in rows for cite in row.cite} <= {"A", "B", "C"}
    assert all(row.cite for row in rows)
    assert all(cite.article or cite.published or cite.law == "none" for row in rows for cite in row.cite)


def test_a_citation_says_how_sure_it_is() -> None:
    skip, vo = LAW.moves["skip"].cite, LAW.tracks["vo/havo"].cite
    assert [cite.sure for cite in (*skip, vo[0])] == [
        "WPO art. 8 lid 1 en 12 [A]",
        "WPO art. 8 lid 1 en 12 [C: not verified]",
        "WVO art. 8 [A]",
    ]


def test_every_fact_is_read_or_set_by_some_rule() -> None:
    used = {"law_year", "law_intake"}  # what the dates of measures are compared with
    for rule in RULES:
        checks = [check for way in _written(rule) for check in compile_needs(way.needs, LAW.facts)]
        used |= {check.fact.id for check in checks} | {str(check.over) for check in checks if check.over in LAW.facts}
    for practice in LAW.practices.values():
        used |= set(practice.default) if isinstance(practice.default, dict) else set()
    for act in LAW.acts.values():
        used |= set(act.arguments.values()) - {WORD, *LAW.arguments}
    for measure in LAW.measures.values():
        used |= set(measure.sets) if measure.lifts else set()
    for fact in LAW.facts.values():
        used |= {name for needs in fact.when for name in needs}
    for demand in (d for study in LAW.studies.values() for version in study.version for d in version.demand):
        used |= {demand.subjects, demand.by} - {""}
    used |= {allowance.all_if for allowance in LAW.allowances.values()}
    assert used == set(LAW.facts)
    assert {name for measure in LAW.measures.values() for name in measure.sets} <= used


def test_everything_is_named_in_both_languages() -> None:
    labels = [row.label for row in (*RULES, *LAW.tracks.values(), *LAW.facts.values(), *LAW.practices.values())]
    labels += [fact.definition for fact in LAW.facts.values()]
    labels += [rule.doubt for rule in RULES if rule.doubt is not None]
    labels += [practice.note for practice in LAW.practices.values() if practice.note is not None]
    cites = [cite for row in (*RULES, *LAW.tracks.values()) for cite in row.cite]
    cites += [cite for rule in RULES for way in _written(rule) for cite in way.cite]
    labels += [cite.note for cite in cites if cite.note is not None]
    assert all(label.nl and label.en for label in labels)


def test_every_measure_that_moves_has_a_fact_that_opens_the_move() -> None:
    for measure in LAW.measures.values():
        for name in measure.moves:
            ways = _written(LAW.moves[name])
            assert all(set(measure.sets) & set(way.needs) for way in ways)


def test_every_practice_is_asked_for_and_every_discretion_has_one() -> None:
    ways = [way for rule in RULES if isinstance(rule, Move) or rule.id in LAW.acts for way in _written(rule)]
    assert {way.practice for way in ways if way.force == "discretion"} | {WAIVER} == set(LAW.practices)
    assert not any(way.practice for way in ways if way.force != "discretion")


def _written(rule: AnyRule) -> Iterator[Any]:
    if isinstance(rule, Tabled):
        for version in rule.version:
            yield from version.ways


# --- gaps ---------------------------------------------------------------------------------------------------

YEARS = ("2015/2016", "2016/2017")
"""The years of the second version of the small law."""

SMALL = """\
known = ["2013/2014", "2016/2017"]

[[fact]]
id = "age"
kind = "count"
source = "state"
label = { nl = "leeftijd", en = "age" }
definition = { nl = "in jaren", en = "in years" }

[[fact]]
id = "offered"
kind = "bool"
source = "measure"
label = { nl = "aangeboden", en = "offered" }
definition = { nl = "door de school", en = "by the school" }

[[track]]
id = "po"
sector = "po"
lane = "po"
years = 8
label = { nl = "basisschool", en = "primary school" }
place = { nl = "groep {n}", en = "groep {n}" }
nominal = ["up"]
cite = [{ span = ["..", ".."], law = "WPO", article = "8", confidence = "A" }]

[[practice]]
id = "promotion"
label = { nl = "overgang", en = "promotion" }
default = "always"

[[move]]
id = "up"
from = ["po/*"]
to = "next"
label = { nl = "over", en = "up" }
cite = [{ span = ["..", ".."], law = "WPO", article = "12", confidence = "A" }]

[[move.version]]
span = ["..", "2014/2015"]
ways = [{ force = "discretion", practice = "promotion", needs = { age = { min = 5 } } }]

[[move.version]]
span = ["2015/2016", ".."]
ways = [{ force = "right", needs = { offered = true } }]

[[measure]]
id = "offer"
sector = "po"
kind = "permission"
span = ["2014/2015", ".."]
announced = "2015/2016"
at = ["po/*"]
sets = { offered = true }
moves = ["up"]
label = { nl = "aanbod", en = "offer" }
cite = [{ span = ["..", ".."], law = "WPO", article = "9", confidence = "B" }]
"""
"""A whole law that is right."""


def small(old: str = "", new: str = "", text: str = SMALL) -> Lawbook:
    """The small law with one thing written otherwise."""
    assert text.count(old) == 1 or not old
    text = text.replace(old, new)
    return Lawbook.of({"small.toml": tomllib.loads(text)}, {"small.toml": text})


def problems(old: str, new: str, text: str = SMALL) -> tuple[Problem, ...]:
    with pytest.raises(Problems) as caught:
        small(old, new, text)
    return caught.value.problems


def test_the_small_law_is_right() -> None:
    law = small()
    assert law.gaps() == []
    assert [rule.id for rule in law.rules()] == ["offer", "up"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('["2015/2016", ".."]', '["2016/2017", ".."]', ["up: 0 x version in 2015/2016"]),
        ('["2015/2016", ".."]', '["2014/2015", ".."]', ["up: 2 x version in 2014/2015"]),
        ('["..", "2014/2015"]', '["2014/2015", "2014/2015"]', ["up: 0 x version in 2013/2014"]),
        ('["2015/2016", ".."]', '["2015/2016", "2015/2016"]', ["up: 0 x version in 2016/2017"]),
        (
            '["..", ".."], law = "WPO", article = "12"',
            '["2014/2015", ".."], law = "WPO"',
            ["up: 0 x cite in 2013/2014"],
        ),
        (
            '["..", ".."], law = "WPO", article = "9"',
            '["..", "2015/2016"], law = "WPO"',
            ["offer: 0 x cite in 2016/2017"],
        ),
        ('["..", ".."], law = "WPO", article = "8"', '["..", "2015/2016"], law = "WPO"', ["po: 0 x cite in 2016/2017"]),
    ],
)
def test_a_missing_or_double_answer_is_a_gap(old: str, new: str, found: list[str]) -> None:
    assert small(old, new).gaps() == found


def test_a_way_with_a_citation_of_its_own_has_gaps_too() -> None:
    cite = '{ force = "right", cite = [{ span = ["2015/2016", "2015/2016"], law = "WPO", confidence = "A" }], needs'
    assert small('{ force = "right", needs', cite).gaps() == ["up: 0 x cite of a way in 2016/2017"]


def test_a_way_with_two_citations_in_a_year_is_a_gap() -> None:
    cites = ", ".join(f'{{ span = ["{start}", ".."], law = "WPO", confidence = "A" }}' for start in YEARS)
    found = small('{ force = "right", needs', f'{{ force = "right", cite = [{cites}], needs').gaps()
    assert found == ["up: 2 x cite of a way in 2016/2017"]


def test_a_way_need_not_be_cited_outside_its_version() -> None:
    cite = '{ force = "right", cite = [{ span = ["2015/2016", ".."], law = "WPO", confidence = "A" }], needs'
    assert small('{ force = "right", needs', cite).gaps() == []


# --- the loader ---------------------------------------------------------------------------------------------


UNKNOWN_KEY, MISSING_KEY, MISFIT = "S101", "S102", "S103"
NOWHERE, TWICE, NO_PRACTICE, NO_VALUE, NO_YEARS = "L101", "L102", "L103", "L104", "L105"


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ('to = "next"', 'to = "next"\ntoo = "far"', UNKNOWN_KEY, 'unknown key "too"'),
        ('force = "right"', 'force = "right", neds = {}', UNKNOWN_KEY, 'unknown key "neds" - did you mean "needs"?'),
        ('sector = "po"\nkind', "kind", MISSING_KEY, 'the key "sector" is missing'),
        ('["2015/2016", ".."]', '["2015/2017", ".."]', MISFIT, "expected two school years"),
        ('["2015/2016", ".."]', '["2015/2016"]', MISFIT, "expected two school years"),
        ('["2015/2016", ".."]', '["2016/2017", "2015/2016"]', MISFIT, "expected a span that ends after it starts"),
        ('force = "right"', 'force = "favour"', MISFIT, "expected one of right, discretion, duty, forbidden"),
        ("years = 8", "years = 8.5", MISFIT, "expected a whole number"),
        ("years = 8", 'years = "8"', MISFIT, "expected a whole number"),
        ("needs = { age", "needs = { agee", NO_VALUE, 'unknown fact "agee" - did you mean "age"?'),
        ("offered = true } }]", 'offered = "yes" } }]', NO_VALUE, "expected true or false"),
        ("{ min = 5 }", "{ least = 5 }", NO_VALUE, "expected one of the tests"),
        ("{ min = 5 }", '{ min = "@ages" }', NO_VALUE, "expected the name of another fact of the same kind after @"),
        ("{ min = 5 }", '{ min = "@offered" }', NO_VALUE, "expected the name of another fact of the same kind after @"),
        ("{ min = 5 }", "{}", NO_VALUE, "expected at least one test"),
        ("sets = { offered", "sets = { offred", NOWHERE, 'unknown fact "offred" - did you mean "offered"?'),
        ("sets = { offered = true }", "sets = { offered = 1 }", NO_VALUE, "expected true or false"),
        ('source = "measure"', 'source = "measure"\nassumed = 1', NO_VALUE, "expected true or false"),
        ('default = "always"', "default = { aeg = 5 }", NO_VALUE, 'unknown fact "aeg"'),
        ('from = ["po/*"]', 'from = ["vo/*"]', NOWHERE, 'no place is like "vo/*"'),
        ('from = ["po/*"]', 'from = ["po/9"]', NOWHERE, 'no place is like "po/9"'),
        ('\nat = ["po/*"]', '\nat = ["vo/*"]', NOWHERE, 'no place is like "vo/*"'),
        ('to = "next"', 'to = "vo/vwo/1"', NOWHERE, 'unknown track "vo/vwo"'),
        ('to = "next"', 'to = "nxt"', NOWHERE, 'unknown year of the track "nxt" - did you mean "next"?'),
        ('to = "next"', 'to = "po/0"', NOWHERE, 'unknown year of the track "0"'),
        ('to = "next"', 'to = "po/9"', NOWHERE, 'unknown year of the track "9"'),
        ('to = "next"', 'to = "po/out"', NOWHERE, 'unknown year of the track "out"'),
        ('nominal = ["up"]', 'nominal = ["on"]', NOWHERE, 'unknown move "on"'),
        ('moves = ["up"]', 'moves = ["on"]', NOWHERE, 'unknown move "on"'),
        ('practice = "promotion", ', 'practice = "promotoin", ', NOWHERE, 'unknown practice "promotoin"'),
        ('practice = "promotion", ', "", NO_PRACTICE, "a school decides here, and no practice says how"),
        ('kind = "permission"', 'kind = "favour"', NOWHERE, 'unknown kind "favour"'),
        ('kind = "count"', 'kind = "number"', NOWHERE, 'unknown kind "number"'),
        ('source = "measure"', 'source = "measure"\nlike = "offred"', NOWHERE, 'unknown fact "offred" - did you mean'),
        ('default = "always"', 'default = "alway"', NOWHERE, 'unknown practice "alway" - did you mean "always"?'),
        ('default = "always"', 'default = "sometimes"', NOWHERE, 'unknown practice "sometimes"'),
        ('announced = "2015/2016"', 'announced = "2015/16"', MISFIT, 'expected a school year such as "2015/2016"'),
        ('announced = "2015/2016"', "announced = 2015", MISFIT, 'expected a school year such as "2015/2016"'),
        ('confidence = "B"', 'confidence = "D"', MISFIT, "expected one of A, B, C"),
        ('announced = "2015/2016"', 'takes = "never"', NOWHERE, 'unknown takes "never"'),
        ('to = "next"', 'to = "next"\nby = "month"', NOWHERE, 'unknown by "month"'),
        ('source = "measure"', 'source = "hearsay"', NOWHERE, 'unknown source "hearsay"'),
        ('id = "offered"', 'id = "age"', TWICE, 'the id "age" stands twice'),
        ('id = "offer"\n', 'id = "up"\n', TWICE, 'the id "up" stands twice'),
    ],
)
def test_what_means_nothing_is_refused_where_it_stands(old: str, new: str, code: str, message: str) -> None:
    (problem,) = (problem for problem in problems(old, new) if problem.code == code)
    assert message in problem.message
    assert problem.place is not None
    assert problem.where.startswith(f"small.toml:{problem.place.line}:")
    if code != TWICE:  # which of the two stands twice is a matter of taste
        changed = SMALL[: SMALL.index(old)].count("\n") + 1
        row = max(n for n, line in enumerate(SMALL.splitlines(), 1) if n <= changed and line.startswith("[["))
        assert row <= problem.place.line <= changed + 1


def test_every_problem_is_told_at_once() -> None:
    text = SMALL.replace("years = 8", 'years = "8"').replace('force = "right"', 'force = "favour"')
    with pytest.raises(Problems) as caught:
        Lawbook.of({"small.toml": tomllib.loads(text)}, {"small.toml": text})
    lines = [problem.place.line for problem in caught.value.problems if problem.place]
    assert lines == sorted(lines)
    assert len(lines) == 2


def test_a_row_written_out_for_each_is_located_where_it_stands() -> None:
    text = SMALL.replace('[[track]]\nid = "po"', '[[track]]\neach = [{ id = "po" }, { id = "so" }]\nid = "{id}"')
    text = text.replace("years = 8", 'years = "8"')
    with pytest.raises(Problems) as caught:
        Lawbook.of({"small.toml": tomllib.loads(text)}, {"small.toml": text})
    line = next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith("years"))
    assert {problem.where for problem in caught.value.problems} == {f"small.toml:{line}:9"}


@pytest.mark.parametrize("known", ["", 'known = ["..", "2016/2017"]', 'known = ["2013/2014", ".."]'])
def test_a_law_says_in_which_years_it_is_known(known: str) -> None:
    (problem,) = problems('known = ["2013/2014", "2016/2017"]', known)
    assert (problem.code, problem.place) == (NO_YEARS, None)


SCHOOL = (
    SMALL
    + """
[[fact]]
id = "sector"
kind = "code"
source = "state"
label = { nl = "sector", en = "sector" }
definition = { nl = "van de school", en = "of the school" }
values = [{ id = "po", nl = "po", en = "po" }, { id = "vo", nl = "vo", en = "vo" }]

[[fact]]
id = "diplomas"
kind = "set"
source = "state"
label = { nl = "diploma's", en = "diplomas" }
definition = { nl = "behaald", en = "earned" }
values = [{ id = "end", nl = "einde", en = "end" }]

[[diploma]]
id = "end"
from = ["po/8"]
label = { nl = "einde", en = "end" }
cite = [{ span = ["..", ".."], law = "WPO", article = "1", confidence = "C" }]

[[diploma.version]]
span = ["..", ".."]
ways = [{ force = "duty", needs = { sector = "po", diplomas = { none = ["end"] } } }]
"""
)
"""The small law with what the sector of a track and the diplomas are called."""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('sector = "po"\nlane', 'sector = "pa"\nlane', "expected a value of sector"),
        ('id = "end"\nfrom', 'id = "ent"\nfrom', 'expected a value of diplomas - did you mean "end"?'),
        ('none = ["end"]', 'none = ["ent"]', 'expected a value of diplomas - did you mean "end"?'),
        ('none = ["end"]', "none = []", "expected at least one member"),
        ('none = ["end"]', "has = []", "expected at least one member"),
        ('none = ["end"]', "count = { of = [], min = 1 }", "expected at least one member"),
        ('{ sector = "po", diplomas', '{ sector = "@diplomas", diplomas', "another fact of the same kind after @"),
    ],
)
def test_sectors_and_diplomas_are_those_of_the_facts(old: str, new: str, message: str) -> None:
    assert small(text=SCHOOL).gaps() == []
    (problem,) = problems(old, new, SCHOOL)
    assert problem.code == NO_VALUE
    assert message in problem.message
    changed = SCHOOL[: SCHOOL.index(old)].count("\n") + 1
    assert problem.where.startswith(f"small.toml:{changed}:")
