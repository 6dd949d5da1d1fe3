"""Verdicts: rows and columns agree with each other and with a slow oracle; what is not known is never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from trajectsim.law.facts import UNKNOWN, Fact, Facts, Value
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.tables import Check, Cite, Force, NeedsError, Span, Table, Test, Way, compile_needs
from trajectsim.verdict import MAYBE, NO, YES, Outcome, Verdict, hold, judge, required
from trajectsim.words import Label


def fact(name: str, kind: str, source: str = "state", values: tuple[str, ...] = ()) -> Fact:
    label = Label(name, name)
    return Fact(name, kind, source, label, label, values=tuple(Value(v, v, v) for v in values))


COUNTS = (fact("age", "count"), fact("bound", "count"), fact("offered", "bool", "measure"))
CODE = fact("advice", "code", "given", ("bb", "kb", "gl", "tl"))
SET = fact("diplomas", "set", "state", ("a", "b", "c", "d"))
TOTAL, SUBJECTS = fact("total", "mark"), fact("subjects", "count")
FACTS = Facts({f.id: f for f in (*COUNTS, CODE, SET, TOTAL, SUBJECTS)})
DOMAINS = {
    "age": range(4), "bound": range(4), "offered": range(2), "advice": range(4), "diplomas": range(16),
    "total": range(0, 301, 25), "subjects": range(4),
}  # fmt: skip
CITE = Cite(Span(), "none", "A")

VALUE_TESTS = (Test.EQUAL, Test.NOT, Test.MIN, Test.MAX)
SEVERAL = (Test.ANY, Test.NONE)
MASKS = (Test.EQUAL, Test.HAS, Test.HAS_ANY, Test.HAS_NONE)


@st.composite
def checks(draw: Any) -> Check:
    sort = draw(st.sampled_from(["value", "several", "other fact", "mask", "count", "mean"]))
    of = draw(st.sampled_from([*COUNTS, CODE]))
    value = st.sampled_from(DOMAINS[of.id])
    mask = st.integers(1, 15)
    if sort == "value":
        return Check(of, draw(st.sampled_from(VALUE_TESTS)), draw(value))
    if sort == "several":
        return Check(of, draw(st.sampled_from(SEVERAL)), tuple(draw(st.lists(value, min_size=1, max_size=3))))
    if sort == "other fact":
        return Check(COUNTS[0], draw(st.sampled_from(VALUE_TESTS)), "bound")
    if sort == "mask":
        return Check(SET, draw(st.sampled_from(MASKS)), draw(mask))
    if sort == "count":
        return Check(SET, Test.COUNT, draw(st.integers(0, 4)), draw(mask))
    bound = draw(st.sampled_from([50, 55, 75, 100]))
    return Check(TOTAL, draw(st.sampled_from([Test.MEAN_MIN, Test.MEAN_MAX])), bound, SUBJECTS.id)


FORCES = st.sampled_from([Force.RIGHT, Force.RIGHT, Force.DISCRETION, Force.DUTY, Force.FORBIDDEN])
WAYS = st.builds(Way, st.just("r"), FORCES, st.lists(checks(), max_size=3).map(tuple), st.just(CITE))
TABLES = st.lists(WAYS, max_size=4).map(lambda ways: Table("r", 2015, CITE, tuple(ways)))
KNOWN = st.fixed_dictionaries({name: st.sampled_from(domain) for name, domain in DOMAINS.items()})
SHEETS = st.fixed_dictionaries(
    {name: st.one_of(st.sampled_from(domain), st.just(UNKNOWN)) for name, domain in DOMAINS.items()}
)
Sheet = dict[str, int]


# --- a slow oracle: truth is None where it is not known -----------------------------------------------------


def holds(check: Check, sheet: Sheet) -> bool | None:
    value = sheet[check.fact.id]
    bound = sheet[check.bound] if isinstance(check.bound, str) else check.bound
    over = sheet[check.over] if isinstance(check.over, str) and check.over else check.over
    if UNKNOWN in (value, bound, over):
        return None
    members = {bit for bit in range(16) if value >> bit & 1}
    wanted = {bit for bit in range(16) if isinstance(bound, int) and bound >> bit & 1}
    of = {bit for bit in range(16) if isinstance(over, int) and over >> bit & 1}
    mean = Fraction(value, over) if check.test in (Test.MEAN_MIN, Test.MEAN_MAX) and over else None
    return {
        Test.EQUAL: lambda: value == bound,
        Test.NOT: lambda: value != bound,
        Test.MIN: lambda: value >= bound,
        Test.MAX: lambda: value <= bound,
        Test.ANY: lambda: value in bound,
        Test.NONE: lambda: value not in bound,
        Test.HAS: lambda: wanted <= members,
        Test.HAS_ANY: lambda: bool(wanted & members),
        Test.HAS_NONE: lambda: not wanted & members,
        Test.COUNT: lambda: len(members & of) >= bound,
        Test.MEAN_MIN: lambda: mean is not None and mean >= bound,
        Test.MEAN_MAX: lambda: mean is not None and mean <= bound,
    }[check.test]()


TRUTH = {True: YES, False: NO, None: MAYBE}


def every(truths: list[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def some(truths: list[bool | None]) -> bool | None:
    return True if True in truths else None if None in truths else False


def oracle(table: Table, sheet: Sheet) -> tuple[int, int]:
    """Truth and way, as the docstrings word them."""
    whole = [every([holds(check, sheet) for check in way.checks]) for way in table.ways]
    bans = [i for i, way in enumerate(table.ways) if way.force is Force.FORBIDDEN]
    rest = [i for i, way in enumerate(table.ways) if way.force is not Force.FORBIDDEN]
    banned, allowed = some([whole[i] for i in bans]), some([whole[i] for i in rest])
    if banned:
        return NO, next(i for i in bans if whole[i])
    if allowed is False:
        return NO, -1
    first = next((i for i in rest if whole[i]), None)
    if banned is None or first is None:
        return MAYBE, -1
    before = (i for i in rest if i < first and whole[i] is None)
    if any(table.ways[i].force is not table.ways[first].force for i in before):
        return MAYBE, -1
    return YES, first


def outcome_of(table: Table, sheet: Sheet) -> Outcome:
    truth, way = oracle(table, sheet)
    if truth == YES:
        return Outcome.SCHOOL_DECIDES if table.ways[way].force is Force.DISCRETION else Outcome.OPEN
    if truth == MAYBE:
        return Outcome.UNDECIDED
    rest = [w for w in table.ways if w.force is not Force.FORBIDDEN]
    if way >= 0 or not rest:
        return Outcome.UNLAWFUL
    unmet = [[c for c in w.checks if holds(c, sheet) is not True] for w in rest]
    fewest = min(map(len, unmet))
    offers = (all(c.fact.source == "measure" for c in missing) for missing in unmet if len(missing) == fewest)
    return Outcome.NOT_OFFERED if any(offers) else Outcome.NEEDS_UNMET


def completions(sheet: Sheet, data: st.DataObject, n: int = 8) -> Iterator[Sheet]:
    unknown = {name: st.sampled_from(DOMAINS[name]) for name, value in sheet.items() if value == UNKNOWN}
    for _ in range(n if unknown else 1):
        yield sheet | data.draw(st.fixed_dictionaries(unknown))


def alike(one: Verdict, other: Verdict) -> bool:
    return said(one) == said(other)


def said(verdict: Verdict) -> tuple[Any, ...]:
    words = (verdict.why(), verdict.why_not(), verdict.what_would_change())
    return (verdict.truth, verdict.way, verdict.force, verdict.outcome, verdict.checks, words)


# --- properties ---------------------------------------------------------------------------------------------


@given(checks(), SHEETS)
def test_a_test_holds_when_the_oracle_says_so(check: Check, sheet: Sheet) -> None:
    table = Table("r", 2015, CITE, (Way("r", Force.RIGHT, (check,), CITE),))
    assert judge(table, sheet).checks[0][0] == TRUTH[holds(check, sheet)]


@given(TABLES, SHEETS)
def test_a_verdict_is_that_of_the_oracle(table: Table, sheet: Sheet) -> None:
    verdict = judge(table, sheet)
    assert (verdict.truth, verdict.way) == oracle(table, sheet)
    assert verdict.outcome is outcome_of(table, sheet)
    assert verdict.force is (table.ways[verdict.way].force if verdict.way >= 0 else None)
    assert verdict.outcome.refused == (verdict.truth == NO)


@given(TABLES, st.lists(SHEETS, min_size=1, max_size=6))
def test_columns_say_for_each_row_what_the_row_alone_says(table: Table, rows: list[Sheet]) -> None:
    columns = {name: np.array([row[name] for row in rows], dtype=np.int16) for name in DOMAINS}
    verdict = judge(table, columns)
    for i, row in enumerate(rows):
        assert alike(verdict.row(i), judge(table, row))


@given(TABLES, st.lists(SHEETS, min_size=1, max_size=4), st.sets(st.sampled_from(sorted(DOMAINS))))
def test_a_number_among_columns_holds_for_every_row(table: Table, rows: list[Sheet], shared: set[str]) -> None:
    rows = [row | {name: rows[0][name] for name in shared} for row in rows]
    columns: dict[str, Any] = {name: np.array([row[name] for row in rows], dtype=np.int16) for name in DOMAINS}
    verdict = judge(table, columns | {name: rows[0][name] for name in shared})
    for i, row in enumerate(rows):
        assert alike(verdict.row(i), judge(table, row))


@given(TABLES, SHEETS, st.data())
def test_what_is_not_known_cannot_overturn_a_verdict(table: Table, sheet: Sheet, data: st.DataObject) -> None:
    verdict = judge(table, sheet)
    assume(verdict.truth != MAYBE)
    for completed in completions(sheet, data):
        other = judge(table, completed)
        assert other.truth == verdict.truth
        if verdict.truth == YES:
            assert (other.force, other.outcome) == (verdict.force, verdict.outcome)


@given(TABLES, KNOWN)
def test_with_every_fact_known_nothing_is_undecided(table: Table, sheet: Sheet) -> None:
    assert judge(table, sheet).outcome is not Outcome.UNDECIDED


@given(TABLES, SHEETS)
def test_the_reason_for_a_refusal_is_the_way_with_the_fewest_unmet_tests(table: Table, sheet: Sheet) -> None:
    verdict = judge(table, sheet)
    rest = [way for way in table.ways if way.force is not Force.FORBIDDEN]
    if verdict.way >= 0:
        assert verdict.deciding is table.ways[verdict.way]
        assert verdict.unmet == ()
        return
    if not rest:
        assert verdict.deciding is None
        assert verdict.unmet == ()
        return
    unmet = [tuple(c for c in way.checks if holds(c, sheet) is not True) for way in rest]
    first = [next((n for n, c in enumerate(way.checks) if c in unmet[i]), 0) for i, way in enumerate(rest)]
    shut_by_measures = [all(c.fact.source == "measure" for c in missing) for missing in unmet]
    nearest = min(range(len(rest)), key=lambda i: (len(unmet[i]), not shut_by_measures[i], -first[i], i))
    assert verdict.deciding is rest[nearest]
    assert verdict.unmet == unmet[nearest]


@given(TABLES, SHEETS)
def test_every_verdict_has_words(table: Table, sheet: Sheet) -> None:
    verdict = judge(table, sheet)
    way = verdict.deciding
    assert len(verdict.why()) == (len(way.checks) if way else 0)
    assert all(line.text for line in verdict.why())
    assert bool(verdict.why_not()) == (verdict.truth != YES)
    assert verdict.cite is CITE
    assert set(verdict.what_would_change()) == {check.fact.id for check in verdict.unmet}


@given(TABLES, SHEETS)
def test_what_would_change_changes_it(table: Table, sheet: Sheet) -> None:
    """Once the facts that it names are such that its tests hold, the way holds; with those facts and no others."""
    verdict = judge(table, sheet)
    way = verdict.deciding
    if verdict.way >= 0 or way is None:
        assert verdict.what_would_change() == {}
        return
    changed = list(verdict.what_would_change())
    filled = [other for other in _fillings(changed, sheet) if all(holds(check, other) for check in way.checks)]
    simple = all(isinstance(c.bound, int) and not isinstance(c.over, str) for c in way.checks)
    if simple and len({check.fact.id for check in way.checks}) == len(way.checks):
        possible = all(any(holds(c, {**sheet, c.fact.id: v}) for v in DOMAINS[c.fact.id]) for c in way.checks)
        assert bool(filled) == possible
    banned = any(other.force is Force.FORBIDDEN for other in table.ways)
    for other in filled:
        judged = judge(table, other)
        assert banned or judged.truth == YES or UNKNOWN in other.values()
        assert all(truth == YES for truth in judged.checks[table.ways.index(way)])


def _fillings(names: list[str], sheet: Sheet) -> Iterator[Sheet]:
    if not names:
        yield sheet
        return
    for value in DOMAINS[names[0]]:
        yield from _fillings(names[1:], {**sheet, names[0]: value})


@given(st.permutations(range(4)), st.lists(WAYS, min_size=4, max_size=4), SHEETS)
def test_the_order_of_tests_and_of_bans_changes_no_truth(order: list[int], ways: list[Way], sheet: Sheet) -> None:
    table = Table("r", 2015, CITE, tuple(ways))
    turned = evolve(table, ways=tuple(evolve(way, checks=way.checks[::-1]) for way in ways))
    assert (judge(table, sheet).truth, judge(table, sheet).way) == (
        judge(turned, sheet).truth,
        judge(turned, sheet).way,
    )
    one_force = [evolve(way, force=Force.RIGHT) if way.force is not Force.FORBIDDEN else way for way in ways]
    straight = Table("r", 2015, CITE, tuple(one_force))
    mixed = Table("r", 2015, CITE, tuple(one_force[i] for i in order))
    assert judge(straight, sheet).truth == judge(mixed, sheet).truth


# --- columns: narrow and mixed --------------------------------------------------------------------------------


def at(column: Any, i: int) -> int:
    return column if isinstance(column, int) else int(column[i])


KINDS = ("u1", "i1", "i2", "i4", "int")


@st.composite
def cohorts(draw: Any) -> tuple[list[Sheet], dict[str, Any]]:
    """Rows, and the same as columns of many sizes; a fact of the kind int is one number for all rows."""
    size = draw(st.integers(1, 5))
    columns: dict[str, Any] = {}
    for name, domain in DOMAINS.items():
        kind = draw(st.sampled_from(KINDS))
        if kind == "int":
            columns[name] = draw(st.one_of(st.sampled_from(domain), st.just(UNKNOWN)))
            continue
        room = np.iinfo(kind)
        values = [value for value in (*domain, UNKNOWN) if room.min <= value <= room.max]
        columns[name] = np.array(draw(st.lists(st.sampled_from(values), min_size=size, max_size=size)), dtype=kind)
    return [{name: at(column, i) for name, column in columns.items()} for i in range(size)], columns


@given(TABLES, cohorts())
def test_columns_of_any_size_say_for_each_row_what_the_row_alone_says(
    table: Table, cohort: tuple[list[Sheet], dict[str, Any]]
) -> None:
    rows, columns = cohort
    verdict = judge(table, columns)
    for column in (verdict.truth, *(truth for truths in verdict.checks for truth in truths)):
        assert type(column) is int or column.dtype == np.uint8
    assert type(verdict.way) is int or verdict.way.dtype == np.int8
    for i, row in enumerate(rows):
        alone = judge(table, row)
        assert (at(verdict.truth, i), at(verdict.way, i)) == (alone.truth, alone.way) == oracle(table, row)
        assert [[at(truth, i) for truth in truths] for truths in verdict.checks] == [list(t) for t in alone.checks]
        assert alike(verdict.row(i), alone)


@given(st.lists(checks(), max_size=3), cohorts())
def test_all_of_some_tests_hold_for_columns_as_for_each_row(
    tests: list[Check], cohort: tuple[list[Sheet], dict[str, Any]]
) -> None:
    rows, columns = cohort
    truth = hold(tests, columns)
    for i, row in enumerate(rows):
        assert at(truth, i) == hold(tests, row) == TRUTH[every([holds(check, row) for check in tests])]


@given(st.sampled_from(KINDS[:-1]), st.sampled_from(VALUE_TESTS), st.data())
def test_a_column_may_be_too_narrow_for_the_bound(kind: str, test: Test, data: st.DataObject) -> None:
    room = np.iinfo(kind)
    values = data.draw(st.lists(st.integers(max(room.min, UNKNOWN), min(room.max, 2**17)), min_size=1, max_size=5))
    bound = data.draw(st.integers(-(2**17), 2**17).filter(lambda each: each != UNKNOWN))
    several = Check(COUNTS[0], data.draw(st.sampled_from(SEVERAL)), (bound, values[0]))
    for check in (Check(COUNTS[0], test, bound), several):
        truth = hold([check], {"age": np.array(values, dtype=kind)})
        assert [int(each) for each in truth] == [TRUTH[holds(check, {"age": value})] for value in values]


@given(st.sampled_from(KINDS[:-1]), st.sampled_from([*MASKS, Test.COUNT]), st.integers(1, 2**15 - 1), st.data())
def test_a_column_may_be_too_narrow_for_the_mask(kind: str, test: Test, mask: int, data: st.DataObject) -> None:
    members = st.integers(0, min(np.iinfo(kind).max, 2**15 - 1))
    values = data.draw(st.lists(members, min_size=1, max_size=5))
    check = Check(SET, test, mask)
    if test is Test.COUNT:
        check = Check(SET, test, data.draw(st.integers(0, 15)), mask)
    truth = hold([check], {"diplomas": np.array(values, dtype=kind)})
    assert [int(each) for each in truth] == [TRUTH[holds(check, {"diplomas": value})] for value in values]


@given(
    st.sampled_from([Test.MEAN_MIN, Test.MEAN_MAX]),
    st.lists(st.one_of(st.sampled_from([UNKNOWN, UNKNOWN + 1, 0, 2**15 - 1]), st.integers(0, 3100)), min_size=1),
    st.sampled_from(KINDS),
    st.sampled_from(KINDS),
    st.data(),
)
def test_no_mean_is_too_large_for_its_columns(
    test: Test, totals: list[int], bound_kind: str, count_kind: str, data: st.DataObject
) -> None:
    def drawn(kind: str, usual: int) -> Any:
        room = np.iinfo("i2" if kind == "int" else kind)
        extremes = st.sampled_from([room.min, room.max, room.max - 1, 1, 0])
        value = st.one_of(extremes, st.integers(0, min(usual, room.max)))
        if kind == "int":
            return data.draw(value)
        return np.array(data.draw(st.lists(value, min_size=len(totals), max_size=len(totals))), dtype=kind)

    columns = {
        "total": np.array(totals, dtype=np.int16),
        "age": drawn(bound_kind, 100),
        "subjects": drawn(count_kind, 30),
    }
    number = data.draw(st.sampled_from([10, 55, 100, 127, 128, 255, 256, 2**15 - 1]))
    for bound in ("age", number):
        check = Check(TOTAL, test, bound, "subjects")
        truth = hold([check], columns)
        for i in range(len(totals)):
            row = {name: at(column, i) for name, column in columns.items()}
            if row["subjects"] >= 0 or row["subjects"] == UNKNOWN:  # there are never fewer than none
                assert at(truth, i) == TRUTH[holds(check, row)]


@given(TABLES, st.lists(SHEETS, min_size=1, max_size=4), st.sampled_from(["i2", "i4"]))
def test_what_is_unknown_in_a_column_is_never_guessed(table: Table, rows: list[Sheet], kind: str) -> None:
    columns = {name: np.array([row[name] for row in rows], dtype=kind) for name in DOMAINS}
    for way, truths in zip(table.ways, judge(table, columns).checks, strict=True):
        for check, truth in zip(way.checks, truths, strict=True):
            maybe = [holds(check, row) is None for row in rows]
            assert [int(each) == MAYBE for each in truth] == maybe


# --- examples -----------------------------------------------------------------------------------------------


def table_of(*ways: tuple[Force, dict[str, Any]]) -> Table:
    return Table("r", 2015, CITE, tuple(Way("r", force, compile_needs(needs, FACTS), CITE) for force, needs in ways))


def sheet_of(**known: int) -> Sheet:
    return dict.fromkeys(DOMAINS, 0) | known


def test_a_table_without_ways_is_unlawful_and_one_without_tests_open() -> None:
    assert judge(table_of(), sheet_of()).outcome is Outcome.UNLAWFUL
    assert judge(table_of((Force.RIGHT, {})), sheet_of()).outcome is Outcome.OPEN


def test_a_ban_that_holds_beats_a_right() -> None:
    table = table_of((Force.RIGHT, {}), (Force.FORBIDDEN, {"age": {"max": 1}}))
    assert judge(table, sheet_of(age=1)).outcome is Outcome.UNLAWFUL
    assert judge(table, sheet_of(age=1)).why_not() == "forbidden while age: 1"
    assert judge(table, sheet_of(age=2)).outcome is Outcome.OPEN
    assert judge(table, sheet_of(age=UNKNOWN)).why_not() == "not known: age"


def test_a_column_that_is_unknown_here_and_there_is_undecided_only_there() -> None:
    table = table_of((Force.RIGHT, {"age": {"min": 2}}), (Force.DISCRETION, {"offered": True}))
    age = np.array([1, 2, UNKNOWN, UNKNOWN], dtype=np.int16)
    verdict = judge(table, {"age": age, "offered": np.array([1, 0, 1, 0], dtype=np.uint8)})
    assert verdict.truth.tolist() == [YES, YES, MAYBE, MAYBE]
    assert verdict.way.tolist() == [1, 0, -1, -1]
    assert [truth.tolist() for truths in verdict.checks for truth in truths] == [
        [NO, YES, MAYBE, MAYBE],
        [YES, NO, YES, NO],
    ]


def test_a_number_that_decides_for_all_rows_gives_a_number() -> None:
    table = table_of((Force.RIGHT, {"offered": True, "age": {"min": 2}}))
    ages = np.array([1, 2], dtype=np.uint8)
    assert judge(table, {"offered": 0, "age": ages}).truth == NO
    assert judge(table, {"offered": 1, "age": ages}).truth.tolist() == [NO, YES]


def test_a_discretion_is_undecided_while_a_right_before_it_may_hold() -> None:
    table = table_of((Force.RIGHT, {"age": {"min": 2}}), (Force.DISCRETION, {}))
    assert judge(table, sheet_of(age=1)).outcome is Outcome.SCHOOL_DECIDES
    assert judge(table, sheet_of(age=2)).outcome is Outcome.OPEN
    assert judge(table, sheet_of(age=UNKNOWN)).outcome is Outcome.UNDECIDED


def test_what_is_undecided_for_another_reason_blames_no_duty() -> None:
    table = table_of((Force.RIGHT, {"age": {"min": 2}}), (Force.DISCRETION, {}))
    assert "duty" not in judge(table, sheet_of(age=UNKNOWN)).why_not()


def test_what_only_a_measure_misses_is_not_offered() -> None:
    table = table_of((Force.RIGHT, {"offered": True, "age": {"min": 1}}))
    assert judge(table, sheet_of(age=1)).outcome is Outcome.NOT_OFFERED
    assert judge(table, sheet_of(age=0)).outcome is Outcome.NEEDS_UNMET


@pytest.mark.parametrize(
    ("needs", "required"),
    [
        ({"advice": "gl"}, "gl"),
        ({"advice": {"not": "bb"}}, "not bb"),
        ({"advice": {"min": "kb"}}, "at least kb"),
        ({"age": {"min": 2}}, "at least 2"),
        ({"advice": {"any": ["kb", "tl"]}}, "kb or tl"),
        ({"advice": {"none": ["bb", "kb"]}}, "other than bb or kb"),
        ({"diplomas": {"has": ["a", "c"]}}, "a and c"),
        ({"diplomas": {"any": ["a", "c"]}}, "a or c"),
        ({"diplomas": {"count": {"of": ["a", "b", "c"], "min": 2}}}, "at least 2 of them"),
        ({"total": {"mean": {"min": 5, "over": "subjects"}}}, "on average at least 5.0"),
        ({"age": {"min": "@bound"}}, "at least bound, here 3"),
        ({"offered": True}, "yes"),
    ],
)
def test_what_is_required_has_words(needs: dict[str, Any], required: str) -> None:
    verdict = judge(table_of((Force.RIGHT, needs)), sheet_of(bound=3))
    assert list(verdict.what_would_change().values()) == [required]


@pytest.mark.parametrize(
    "needs",
    [
        {"agee": 1},
        {"age": "1"},
        {"age": True},
        {"age": [1, 2]},
        {"age": 2**15},
        {"age": {"minimum": 1}},
        {"age": {"has": 1}},
        {"age": {"min": "@nothing"}},
        {"advice": "vwo"},
        {"advice": 1},
        {"advice": {"any": []}},
        {"advice": {"any": "bb"}},
        {"offered": 1},
        {"diplomas": {"has": "z"}},
        {"diplomas": {"min": "a"}},
        {"diplomas": {"count": {"of": ["a"]}}},
        {"diplomas": {"count": {"of": ["a"], "min": True}}},
        {"total": {"mean": 5}},
        {"total": {"mean": {"min": 5}}},
        {"total": {"mean": {"min": 5, "over": "nothing"}}},
        {"total": {"mean": {"least": 5, "over": "subjects"}}},
    ],
)
def test_needs_that_mean_nothing_are_said_where_they_stand(needs: dict[str, Any]) -> None:
    with pytest.raises(NeedsError) as caught:
        compile_needs(needs, FACTS)
    assert caught.value.at == (next(iter(needs)),)


@pytest.mark.parametrize(
    "needs",
    [
        {"total": {"mean": {"min": 5, "over": ["subjects"]}}},
        {"diplomas": {"has": []}},
        {"diplomas": {"any": []}},
        {"diplomas": {"none": []}},
        {"diplomas": {"count": {"of": [], "min": 1}}},
        {"age": {}},
    ],
)
def test_needs_that_ask_for_nothing_mean_nothing(needs: dict[str, Any]) -> None:
    with pytest.raises(NeedsError):
        compile_needs(needs, FACTS)


def test_a_bound_is_a_fact_of_the_same_kind() -> None:
    try:
        needs = compile_needs({"advice": {"min": "@age"}}, FACTS)
    except NeedsError:
        return
    verdict = judge(Table("r", 2015, CITE, (Way("r", Force.RIGHT, needs, CITE),)), sheet_of(age=7))
    assert verdict.why_not()


@given(
    st.dictionaries(
        st.sampled_from([*DOMAINS, "nothing"]),
        st.recursive(
            st.one_of(st.integers(-2, 200), st.booleans(), st.sampled_from(["bb", "a", "@age", "@x", "subjects"])),
            lambda inner: st.one_of(
                st.lists(inner, max_size=2),
                st.dictionaries(st.sampled_from([*Test, "mean", "over", "of"]).map(str), inner, max_size=2),
            ),
            max_leaves=4,
        ),
        max_size=2,
    ),
    SHEETS,
)
def test_any_needs_can_be_judged_and_told_or_mean_nothing(needs: dict[str, Any], sheet: Sheet) -> None:
    try:
        tests = compile_needs(needs, FACTS)
    except NeedsError:
        return
    verdict = judge(Table("r", 2015, CITE, (Way("r", Force.RIGHT, tests, CITE),)), sheet)
    assert bool(verdict.why_not()) == (verdict.truth != YES)
    verdict.why()


def test_the_needs_of_the_shipped_practices_can_be_judged(law: Lawbook) -> None:
    for practice in law.practices.values():
        if isinstance(practice.default, dict):
            assert compile_needs(practice.default, law.facts)


def test_what_is_asked_of_a_yes_or_no_is_told_as_one() -> None:
    offered = FACTS["offered"]
    told = {(test, n): required(Check(offered, test, n), {}) for test in (Test.EQUAL, Test.NOT) for n in (0, 1)}
    assert told == {(Test.EQUAL, 0): "no", (Test.EQUAL, 1): "yes", (Test.NOT, 0): "yes", (Test.NOT, 1): "no"}
