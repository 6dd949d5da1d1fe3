"""Drafts of exam law: pupils go the same ways under them as long as they pass the same exams, so what a cohort finds
out of the law serves these drafts too, and gives what the whole draft would."""

from __future__ import annotations

from typing import Any

import pytest

from trajectsim.cohort import running
from trajectsim.cohort.design import Cohort
from trajectsim.cohort.running import run
from trajectsim.cohort.sittings import but_for_exams
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.cohorts import read_cohort_from

LAW = Lawbook.load()
BASE = """
title = "draft"
[cohort]
size = 250
births = [2001, 2003]
replications = 2
[[policy]]
id = "none"
[[policy]]
id = "draft"
[[policy.reform]]
"""
OF_EXAMS = {
    "cum laude": 'rule = "cum-laude-vwo"\nset = "mean"\nvalue = 7\nfrom = "2018/2019"',
    "pass": 'rule = "ce-mean"\nset = "ce_total.mean.min"\nvalue = 6.5\nfrom = "2020/2021"',
    "resits": 'rule = "sitting-havo-vwo"\nset = "resits"\nvalue = 0\nfrom = "2018/2019"',
}
OF_ALL = {
    "a year more": 'rule = "skip-year"\nset = "lawful"\nvalue = false\nfrom = "2004/2005"',
    "early": 'rule = "early-result-stands"\nremove = { needs = { promoted = true } }\nfrom = "2016/2017"',
    "asks for a measure": 'rule = "cum-laude-vwo"\nfrom = "2018/2019"\n'
    'add = { force = "right", needs = { early_exam_offered = true, least_mark = { min = 7 } } }',
}


def drafted(reform: str) -> Cohort:
    return read_cohort_from(BASE + reform, "draft.toml").cohort


def counts(cohort: Cohort) -> Any:
    done = run(cohort, LAW, cached=False)
    return [(key, totals.counts) for key, totals in done.totals.items()], done.evidence


@pytest.mark.long
@pytest.mark.parametrize("name", OF_EXAMS)
def test_a_draft_of_exam_law_is_what_the_whole_draft_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = drafted(OF_EXAMS[name])
    assert but_for_exams(LAW, cohort.policies[1].reforms) == ()
    found = counts(cohort)
    assert any(own["draft"].get("changed") for _key, own in found[0])
    monkeypatch.setattr(running, "but_for_exams", lambda _law, reforms: tuple(reforms))
    assert counts(drafted(OF_EXAMS[name])) == found


@pytest.mark.parametrize("name", OF_ALL)
def test_other_drafts_have_ways_of_their_own(name: str) -> None:
    reforms = drafted(OF_ALL[name]).policies[1].reforms
    assert but_for_exams(LAW, reforms) == reforms
