"""No number, date, force, place or article of the law data can change without a test that says so."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from typing import Any

import pytest
from attrs import field, frozen
from exam_harness import exam_cases
from harness import Case, all_cases, documents, failing
from mutations import OF_EXAMS, Mutation, mutations

from trajectsim import words
from trajectsim.errors import Problems
from trajectsim.law.lawbook import Draft, Lawbook
from trajectsim.law.loading import Memo


@frozen
class Part:
    """Some of the law that stands by itself and is sooner loaded, with the cases that hold of it."""

    documents: Mapping[str, Mapping[str, Any]]
    cases: tuple[Case, ...]
    _sorted: dict[frozenset[str], tuple[list[Case], list[Case]]] = field(factory=dict, init=False)

    def cases_near(self, row: frozenset[str]) -> tuple[list[Case], list[Case]]:
        """The cases that are about one of some ids and cheap to ask, and all others, the cheap first."""
        if row not in self._sorted:
            cases = sorted(self.cases, key=lambda case: (not case.about & row, case.cost))
            near = [case for case in cases if case.about & row and not case.cost]
            self._sorted[row] = near, [case for case in cases if case not in near]
        return self._sorted[row]


EXAMS = ("exams.toml", "demands.toml", "exam_facts.toml", "subjects.toml")
PARTS = {file: (file,) if file in ("packages.toml", "subjects.toml") else EXAMS for file in OF_EXAMS}
"""The part that a file of exam law is mutated in; all other files make one part."""


@cache
def part_of(file: str) -> Part:
    """The part that a file is mutated in. Of walks, exams need no more than the measure cum laude."""
    every = documents()
    if file not in PARTS:
        files = {name: document for name, document in every.items() if name not in OF_EXAMS}
        cases = all_cases()
    else:
        measures = [{**row, "at": []} for row in every["measures.toml"]["measure"] if row["id"] == "cum-laude"]
        asked = {"law_year", "law_intake", "sector", *(name for row in measures for name in row["sets"])}
        facts = [fact for document in every.values() for fact in document.get("fact", ()) if fact["id"] in asked]
        files = {name: every[name] for name in PARTS[file]}
        files |= {"facts.toml": {**every["facts.toml"], "fact": facts}, "measures.toml": {"measure": measures}}
        cases = exam_cases()
    law = Lawbook.of(files)
    return Part(files, tuple(case for case in cases if not list(failing(law, [case]))))


MEMO = Memo()
"""What was made of the rows of the law: of a mutation, only the row that is changed is made again."""


def seen(mutation: Mutation) -> bool:
    """Whether a mutation is noticed: by a case of law, at load, or as a gap in time. What is likeliest goes first."""
    part = part_of(mutation.file)
    try:
        draft = Draft.of(mutation.applied(part.documents), memo=MEMO)
        near, far = part.cases_near(mutation.row)
        if any(failing(draft.law, near)):
            return True
        law = draft.checked()
    except Problems:
        return True
    return bool(law.gaps()) or any(failing(law, far))


def survivors(part: int, parts: int) -> list[str]:
    """The mutations that nothing notices, among every n-th."""
    words.use("en")
    law = Lawbook.of(documents())
    assert list(failing(law, (*all_cases(), *exam_cases()))) == []  # a case that never holds notices nothing
    asked = (each for n, each in enumerate(mutations(documents())) if n % parts == part)
    return [str(each) for each in asked if not seen(each) and not leads_alike(each)]


def leads_alike(mutation: Mutation) -> bool:
    """Whether every move still leads where it led: a pattern may also name a last year, after which nothing comes."""
    if not {"from", "each"} & set(mutation.at):
        return False
    laws = (Lawbook.of(documents()), Lawbook.of(mutation.applied(documents())))
    one, other = (
        [(p.id, move.id, to.id) for p in law.places() for move, to in law.moves_from(p).values()] for law in laws
    )
    return one == other


def workers() -> int:
    """As many processes as help."""
    return min(os.cpu_count() or 1, 8)


@pytest.mark.long
def test_every_mutation_is_noticed() -> None:
    count = workers()
    if count == 1:
        assert survivors(0, 1) == []
        return
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        found = pool.map(partial(survivors, parts=count), range(count))
        assert [each for some in found for each in some] == []


@pytest.fixture(scope="module")
def told() -> list[str]:
    return [str(mutation) for mutation in mutations(documents())]


@pytest.mark.parametrize(
    "change",
    [
        "duties.toml: duty.#.version.#.ways.#.needs.age_end.min = 15",
        "acts.toml: act.#.version.#.ways.#.force = 'right'",
        "places_po.toml: track.#.years = 9",
        "facts.toml: known = ['2014/2015', '2026/2027']",
        "practices.toml: practice.#.default = 'never'",
        "measures.toml: measure.#.announced = '2014/2015'",
        "measures.toml: measure.#.by left out",
        "moves_vo.toml: move.#.cite.#.confidence = 'A'",
        "moves_vo.toml: move.#.each.#.advice = 'gt'",
        "moves_ho.toml: move.#.from.# = 'ho/ad/1'",
        "moves_vo.toml: move.#.version.#.ways.#.needs.age_end.min = 15",
        "diplomas_ho.toml: diploma.#.each.#.from.# = 'ho/hbo/3'",
        "duties.toml: duty.#.version.#.ways.#.needs.school_years.min = 13",
        "exams.toml: calendar.#.version.#.resits = 3",
        "demands.toml: demand.#.version.#.ways.#.needs.ce_total.mean.min = Decimal('5.4')",
        "demands.toml: demand.#.version.#.span = ['2015/2016', '2015/2016']",
        "exam_facts.toml: fact.#.tally.marks.# = 6",
        "packages.toml: package.#.version.#.profile.#.n = 3",
        "subjects.toml: subject.#.ce = 'never'",
    ],
)
def test_what_is_mutated(change: str, told: list[str]) -> None:
    """Rows are told by their place, which says nothing."""
    assert change in {re.sub(r"(?<=\.)\d+(?=[. ])", "#", each) for each in told}


def test_no_word_for_people_is_mutated(told: list[str]) -> None:
    assert not [each for each in told if ".label" in each or ".note" in each or ".doubt" in each]


def test_the_harness_sees_a_moved_boundary_and_a_wrong_bound() -> None:
    documents_ = documents()
    moves = documents_["moves_vo.toml"]["move"]
    n = next(n for n, move in enumerate(moves) if move["id"] == "havo-diploma-to-vwo-5")
    earlier = [
        {**moves[n]["version"][0], "span": ["..", "2018/2019"]},
        {**moves[n]["version"][1], "span": ["2019/2020", ".."]},
    ]
    row = frozenset({"havo-diploma-to-vwo-5"})
    assert list(_failures(Mutation("moves_vo.toml", ("move", n, "version"), earlier, row)))
    assert not list(_failures(Mutation("moves_vo.toml", ("move", n, "version"), moves[n]["version"], row)))


def _failures(mutation: Mutation) -> Iterator[str]:
    return failing(Lawbook.of(mutation.applied(documents())), all_cases())
