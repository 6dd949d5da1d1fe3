"""Walks by example: Sara who gains two years, schools that refuse, exams that fail, and starts halfway."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.path.plan import Chance, Choice, Plan, PlannedAct, Start, Switch, start_of
from trajectsim.path.walk import End, Reason, Refusal, Trajectory, gained, play
from trajectsim.pupil import Earned, Pupil, Result
from trajectsim.verdict import Outcome

SARA = Pupil(date(2008, 3, 12), "Sara")


def year(text: str) -> SchoolYear:
    return SchoolYear.parse(text)


def plan_of(pupil: Pupil = SARA, **more: Any) -> Plan:
    return Plan(pupil, more.pop("start", start_of(pupil)), **more)


def places(walk: Trajectory) -> list[str]:
    return [step.state.place.id for step in walk.steps]


def diploma(walk: Trajectory, level: str) -> Earned:
    earned = walk.diploma(level)
    assert earned is not None
    return earned


def refusal(walk: Trajectory) -> Refusal:
    (only,) = walk.refusals
    return only


@pytest.fixture
def sara() -> Plan:
    return plan_of(
        measures={"skip-year": Switch(True), "five-year-vwo": Switch(True, first=year("2019/2020"))},
        choices=(Choice(year("2014/2015"), "skip"), Choice(year("2018/2019"), "to-vwo-five-years")),
    )


def test_sara_gains_two_years(sara: Plan, law: Lawbook) -> None:
    walk = play(sara, law)
    assert places(walk) == [
        "po/1", "po/2", "po/3", "po/5", "po/6", "po/7", "po/8",
        "vo/vwo-five/1", "vo/vwo-five/2", "vo/vwo-five/3", "vo/vwo-five/4", "vo/vwo-five/5",
        "ho/wo/1", "ho/wo/2", "ho/wo/3",
    ]  # fmt: skip
    assert walk.end is End.LEFT
    assert walk.refusals == ()
    assert (diploma(walk, "vwo").year.end, walk.age_at(diploma(walk, "vwo"))) == (2024, 16)
    assert (diploma(walk, "wo-bachelor").year.end, walk.age_at(diploma(walk, "wo-bachelor"))) == (2027, 19)


def test_sara_without_measures(sara: Plan, law: Lawbook) -> None:
    walk, without = play(sara, law), play(sara.without(law.measures), law)
    assert (diploma(without, "vwo").year.end, without.age_at(diploma(without, "vwo"))) == (2026, 18)
    assert gained(walk, without) == 2
    assert gained(without, walk) == -2
    skipped, _to_vwo = sorted(without.refusals, key=lambda r: r.year)
    assert (skipped.kind, skipped.index, skipped.id, skipped.outcome) == ("choice", 0, "skip", Outcome.NOT_OFFERED)


def test_sara_in_groep_8_goes_to_vwo_in_five_years_by_herself(sara: Plan, law: Lawbook) -> None:
    walk = play(evolve(sara, choices=sara.choices[:1]), law)
    step = walk.at(year("2018/2019"))
    assert step is not None
    assert step.taken is not None
    assert (step.taken.rule.id, step.reason) == ("to-vwo-five-years", Reason.MEASURE)
    assert walk.age_at(diploma(walk, "vwo")) == 16


def test_each_step_says_why_it_was_taken(sara: Plan, law: Lawbook) -> None:
    walk = play(sara, law)
    assert [step.reason for step in walk.steps[2:7]] == [
        Reason.CHOICE,
        Reason.NOMINAL,
        Reason.NOMINAL,
        Reason.NOMINAL,
        Reason.CHOICE,
    ]
    step = walk.at(year("2018/2019"))
    assert step is not None
    assert step.taken is not None
    assert "Beleidsregel versneld en/of verrijkt vwo" in str(step.taken.cite)


def test_a_year_outside_school_has_no_step(sara: Plan, law: Lawbook) -> None:
    walk = play(sara, law)
    assert walk.at(year("2011/2012")) is None
    assert walk.at(year("2027/2028")) is None


# --- what schools say -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "granted"),
    [
        ("always", True),
        ("never", False),
        (Chance(Decimal("0.9")), True),
        (Chance(Decimal("0.1")), False),
        ({"age_end": {"min": 7}}, True),
        ({"age_end": {"min": 8}}, False),
        ({"age_end": {"min": 7}, "year_result": "sufficient"}, True),
    ],
)
def test_a_practice_decides_where_the_school_decides(sara: Plan, law: Lawbook, use: Any, granted: bool) -> None:
    walk = play(evolve(sara, practices={"skip": use}), law)
    step = walk.at(year("2014/2015"))
    assert step is not None
    option = next(option for option in step.moves if option.rule.id == "skip")
    assert (option.outcome, option.granted, option.assumed_practice) == (Outcome.SCHOOL_DECIDES, granted, False)
    assert ("po/5" in places(walk)[3:4]) == granted
    assert [r.id for r in walk.refusals] == ([] if granted else ["skip", "to-vwo-five-years"])


def test_a_school_that_says_no_is_the_reason(sara: Plan, law: Lawbook) -> None:
    walk = play(evolve(sara, practices={"skip": "never"}, choices=sara.choices[:1]), law)
    assert refusal(walk).reason == "the school says no"
    assert refusal(walk).outcome is Outcome.SCHOOL_DECIDES


def test_an_assumed_practice_is_told(sara: Plan, law: Lawbook) -> None:
    assert play(sara, law).practices == ("promotion", "skip", "admission")
    assert play(sara, law).assumed == ("year_result", "advice", "exam_result", "requirements")


def test_who_is_never_promoted_repeats_until_she_may_leave(law: Lawbook) -> None:
    walk = play(plan_of(start=Start(year("2023/2024"), "vo/havo/4"), practices={"promotion": "never"}), law)
    assert set(places(walk)) == {"vo/havo/4"}
    assert {step.reason for step in walk.steps} == {Reason.FALLBACK}


def test_where_the_school_neither_promotes_nor_repeats_the_pupil_is_stuck(law: Lawbook) -> None:
    practices = {"promotion": "never", "repetition": "never"}
    walk = play(plan_of(practices=practices), law)
    assert (walk.end, places(walk)) == (End.STUCK, ["po/1"])
    grown = play(plan_of(start=Start(year("2026/2027"), "vo/havo/4"), practices=practices), law)
    assert (grown.end, len(grown.steps)) == (End.LEFT, 1)


# --- results --------------------------------------------------------------------------------------------------


def test_a_failed_exam_is_sat_again(law: Lawbook) -> None:
    failed = Result(year("2025/2026"), "failed", "vwo")
    walk = play(plan_of(results=(failed,)), law)
    step = walk.at(year("2025/2026"))
    assert step is not None
    assert (step.earned, step.reason) == ((), Reason.FALLBACK)
    assert diploma(walk, "vwo").year == year("2026/2027")
    assert places(walk).count("vo/vwo/6") == 2
    assert gained(play(plan_of(), law), walk) == 1


def test_a_result_of_another_level_is_not_hers(law: Lawbook) -> None:
    walk = play(plan_of(results=(Result(year("2025/2026"), "failed", "havo"),)), law)
    assert diploma(walk, "vwo").year == year("2025/2026")


def test_insufficient_results_repeat_the_year(law: Lawbook) -> None:
    walk = play(plan_of(results=(Result(year("2014/2015"), "insufficient"),)), law)
    assert places(walk)[2:4] == ["po/3", "po/3"]
    assert walk.steps[3].state.years_in_place == 2


# --- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "outcome", "reason"),
    [
        (Choice(year("2014/2015"), "skip"), Outcome.NOT_OFFERED, "the school lets pupils skip a year"),
        (Choice(year("2014/2015"), "to-wo"), Outcome.NEEDS_UNMET, "it does not start in groep 3"),
        (Choice(year("2014/2015"), "leave"), Outcome.UNLAWFUL, "forbidden while"),
        (Choice(year("2014/2015"), "to-vwo"), Outcome.NOT_OFFERED, "early passage to vo offered: no"),
        (Choice(year("2018/2019"), "to-vwo-five-years"), Outcome.NOT_OFFERED, "the school offers vwo in five years"),
    ],
)
def test_a_choice_that_is_not_open_is_refused_and_the_walk_goes_on(
    law: Lawbook, choice: Choice, outcome: Outcome, reason: str
) -> None:
    walk = play(plan_of(choices=(choice,)), law)
    told = refusal(walk)
    assert (told.kind, told.index, told.id, told.year) == ("choice", 0, choice.move, choice.year)
    assert told.outcome is outcome
    assert reason in told.reason
    assert places(walk) == places(play(plan_of(), law))


def test_a_choice_before_the_walk_begins_changes_nothing(law: Lawbook) -> None:
    walk = play(plan_of(choices=(Choice(year("2010/2011"), "repeat"),)), law)
    assert walk.at(year("2010/2011")) is None
    assert places(walk) == places(play(plan_of(), law))


def test_a_choice_after_leaving_is_waited_for_out_of_school(law: Lawbook) -> None:
    nominal = places(play(plan_of(), law))
    walk = play(plan_of(choices=(Choice(year("2029/2030"), "repeat"),)), law)
    assert places(walk) == [*nominal, "out"]
    assert [(refusal.id, str(refusal.year)) for refusal in walk.refusals] == [("repeat", "2029/2030")]
    assert walk.end is End.LEFT


def test_who_has_left_can_come_back(law: Lawbook) -> None:
    leave, back = Choice(year("2025/2026"), "leave"), Choice(year("2026/2027"), "to-wo")
    walk = play(plan_of(choices=(leave, back)), law)
    assert places(walk)[-5:] == ["vo/vwo/6", "out", "ho/wo/1", "ho/wo/2", "ho/wo/3"]
    gap, first = walk.at(year("2026/2027")), walk.at(year("2027/2028"))
    assert gap is not None
    assert first is not None
    assert (gap.state.intake, first.state.intake) == (year("2026/2027"), year("2027/2028"))
    assert (gap.state.years_in_place, first.state.years_in_place) == (1, 1)


def test_a_walk_may_start_out_of_school(law: Lawbook) -> None:
    start = Start(year("2028/2029"), "out", 2, ("vwo",))
    walk = play(plan_of(start=start, choices=(Choice(year("2029/2030"), "to-wo"),)), law)
    assert places(walk) == ["out", "out", "ho/wo/1", "ho/wo/2", "ho/wo/3"]
    assert walk.steps[0].state.years_in_place == 2
    assert walk.steps[0].state.intake == year("2027/2028")


@pytest.mark.parametrize(
    ("leaves", "diplomas", "counts"),
    [
        ("2024/2025", (), "until 23"),
        ("2025/2026", (), "until 27"),
        ("2024/2025", ("mbo-2",), ""),
        ("2030/2031", (), "until 27"),
        ("2034/2035", (), ""),
    ],
)
def test_who_leaves_without_a_basic_qualification_is_told_what_that_counts_as(
    law: Lawbook, leaves: str, diplomas: tuple[str, ...], counts: str
) -> None:
    pupil = Pupil(date(2005, 9, 1))
    start = Start(year(leaves), "mbo/entree/1", 1, diplomas)
    cite = play(Plan(pupil, start, choices=(Choice(year(leaves), "leave"),)), law).left_early
    assert (counts in str(cite.note)) if counts and cite else (cite is None and not counts)


def test_who_is_out_of_school_before_18_without_a_basic_qualification_has_to_come_back(law: Lawbook) -> None:
    walk = play(plan_of(start=Start(year("2024/2025"), "out")), law)
    assert places(walk)[1] == "mbo/entree/1"
    assert walk.steps[0].reason is Reason.FALLBACK


@pytest.mark.parametrize(
    ("on", "refused"),
    [("2014/2015", ["2013/2014", "2014/2015", "2015/2016"]), ("2016/2017", [])],
    ids=["early", "late"],
)
def test_a_measure_that_the_law_of_the_year_does_not_know_is_refused(law: Lawbook, on: str, refused: list[str]) -> None:
    switch = Switch(True, first=year(on) if not refused else year("2013/2014"), last=year("2018/2019"))
    walk = play(plan_of(measures={"vo-teacher-in-po": switch}), law)
    assert [str(r.year) for r in walk.refusals] == refused
    for told in walk.refusals:
        assert (told.kind, told.id, told.outcome) == ("measure", "vo-teacher-in-po", Outcome.UNLAWFUL)
        assert "2016/2017" in told.reason


def test_vwo_in_five_years_counts_from_the_announced_or_the_enacted_intake(law: Lawbook) -> None:
    pupil = Pupil(date(2003, 3, 12))
    measures = {"five-year-vwo": Switch(True)}
    assert "vo/vwo-five/1" not in places(play(plan_of(pupil, measures=measures), law))
    announced = plan_of(pupil, measures=measures, clock=Clock(dates="announced"))
    assert "vo/vwo-five/1" in places(play(announced, law))


def test_a_frozen_year_answers_for_every_year(law: Lawbook) -> None:
    measures = {"five-year-vwo": Switch(True)}
    before = play(plan_of(measures=measures, clock=Clock(follow=year("2014/2015"))), law)
    after = play(plan_of(measures=measures, clock=Clock(follow=year("2018/2019"))), law)
    assert "vo/vwo-five/1" not in places(before)
    assert "vo/vwo-five/1" in places(after)
    assert not any(step.extrapolated for step in after.steps)


# --- acts -----------------------------------------------------------------------------------------------------


def early_exam(when: str) -> PlannedAct:
    return PlannedAct(year(when), "central-exam-early", (("subject", "Latin"),))


def test_an_early_exam_is_done_in_the_penultimate_year_and_with_the_measure_a_year_before(law: Lawbook) -> None:
    walk = play(plan_of(acts=(early_exam("2024/2025"),)), law)
    assert [(done.act, done.place.id) for step in walk.steps for done in step.done] == [
        ("central-exam-early", "vo/vwo/5")
    ]
    earlier = plan_of(acts=(early_exam("2023/2024"),))
    assert refusal(play(earlier, law)).outcome is Outcome.NOT_OFFERED
    walk = play(evolve(earlier, measures={"early-exam": Switch(True)}), law)
    assert [done.place.id for step in walk.steps for done in step.done] == ["vo/vwo/4"]


def test_a_subject_at_a_level_that_is_not_higher_is_refused(law: Lawbook) -> None:
    arguments = (("subject", "English"), ("level", "havo"))
    act = PlannedAct(year("2023/2024"), "subject-at-higher-level", arguments)
    havo = Start(year("2023/2024"), "vo/havo/4")
    plan = plan_of(start=havo, acts=(act,), measures={"higher-level-subject": Switch(True)})
    assert refusal(play(plan, law)).kind == "act"
    higher = evolve(act, arguments=(("subject", "English"), ("level", "vwo")))
    walk = play(evolve(plan, acts=(higher,)), law)
    assert walk.refusals == ()
    assert [done.arguments for step in walk.steps for done in step.done] == [higher.arguments]


# --- starts ---------------------------------------------------------------------------------------------------


def test_a_walk_starts_in_havo_4(law: Lawbook) -> None:
    walk = play(plan_of(start=Start(year("2023/2024"), "vo/havo/4")), law)
    assert places(walk) == ["vo/havo/4", "vo/havo/5", "ho/hbo/1", "ho/hbo/2", "ho/hbo/3", "ho/hbo/4"]
    assert [earned.diploma for earned in walk.earned] == ["havo", "hbo-propedeuse", "hbo-bachelor"]
    assert walk.steps[0].state.intake == year("2020/2021")


def test_from_havo_4_with_a_choice_to_vwo_5(law: Lawbook) -> None:
    choice = Choice(year("2024/2025"), "havo-diploma-to-vwo-5")
    walk = play(plan_of(start=Start(year("2023/2024"), "vo/havo/4"), choices=(choice,)), law)
    assert places(walk)[:4] == ["vo/havo/4", "vo/havo/5", "vo/vwo/5", "vo/vwo/6"]
    step = walk.at(year("2024/2025"))
    assert step is not None
    assert step.taken is not None
    assert step.taken.outcome is Outcome.OPEN
    assert str(step.taken.cite) == "Uitvoeringsbesluit WVO 2020 art. 8.9"


def test_a_start_brings_its_diplomas(law: Lawbook) -> None:
    walk = play(plan_of(start=Start(year("2025/2026"), "vo/havo/5", 2, ("havo",)),
                        results=(Result(year("2025/2026"), "failed", "havo"),)), law)  # fmt: skip
    assert walk.steps[0].state.record.diplomas == (Earned("havo", year("2024/2025")),)
    assert places(walk)[1] == "ho/hbo/1"
    assert walk.steps[0].state.intake == year("2020/2021")


@pytest.mark.parametrize(
    "place", ["", "vo/vwo", "vo/vwo/0", "vo/vwo/7", "vo/isk/1", "po/x", "po/1/1", "po/٣", "po/²", "po/03"]
)
def test_a_place_that_is_none_is_a_lookup_error(law: Lawbook, place: str) -> None:
    with pytest.raises(LookupError):
        play(plan_of(start=Start(year("2023/2024"), place)), law)


@pytest.mark.parametrize("start", [1900, 1990, 2060, 2150])
def test_a_walk_in_years_of_which_the_law_is_not_known_says_so(law: Lawbook, start: int) -> None:
    pupil = Pupil(date(start - 4, 3, 12))
    walk = play(plan_of(pupil), law)
    assert walk.end is End.LEFT
    assert walk.steps[0].extrapolated


def test_measures_that_are_offered_together_do_not_send_a_small_child_to_vwo(law: Lawbook) -> None:
    """Vwo in five years happens by itself at the end of primary school, not where early passage makes it lawful."""
    on = {name: Switch(True) for name in law.measures}
    walk = play(Plan(Pupil(date(2006, 3, 12)), Start(SchoolYear(2010)), measures=on), law)
    assert [step.state.place.id for step in walk.steps[:9]] == [*(f"po/{n}" for n in range(1, 9)), "vo/vwo-five/1"]
