"""No number, date, force, place or article of the law data can change without a test that says so."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import takewhile
from typing import Any

import pytest
from attrs import field, frozen
from exam_harness import exam_cases
from harness import Case, all_cases, documents, failing
from mutations import OF_EXAMS, Mutation, mutations

from trajectsim import words
from trajectsim.errors import Key, Problems
from trajectsim.law.consistency import faults
from trajectsim.law.lawbook import Draft, Lawbook
from trajectsim.law.loading import Memo


@frozen
class Part:
    """Some of the law that stands by itself and is sooner loaded, with the cases that hold of it."""

    documents: Mapping[str, Mapping[str, Any]]
    cases: tuple[Case, ...]
    law: Lawbook
    memo: Memo
    """Of a mutation, only the row that is changed is made again."""
    _sorted: dict[frozenset[str], tuple[list[Case], list[Case]]] = field(factory=dict, init=False)
    _decided: dict[Case, tuple[Key, ...]] = field(factory=dict, init=False)
    _lately: dict[tuple[Key, ...], Case] = field(factory=dict, init=False)
    _held: dict[Case, bool] = field(factory=dict, init=False)

    def holds(self, case: Case) -> bool:
        """Whether a case holds of the law as it is; of those that no mutation fails it is never asked."""
        if case not in self._held:
            self._held[case] = not any(failing(self.law, [case]))
        return self._held[case]

    def cases_near(self, mutation: Mutation) -> tuple[list[Case], list[Case]]:
        """The cases that are about the row of a mutation and cheap to ask, first those about its structure, then those
        that hang on the very place; and all others, the cheap first."""
        row = mutation.row
        if row not in self._sorted:
            near: list[Case] = []
            far: list[Case] = []
            for case in sorted(self.cases, key=lambda case: (not case.about & row, case.cost)):
                (near if case.about & row and not case.cost else far).append(case)
            near = [case for case in near if self.holds(case)]
            self._decided.update((case, case.decided(self.law)) for case in near if case not in self._decided)
            self._sorted[row] = near, far
        near, far = self._sorted[row]
        hangs = self._decided
        return sorted(near, key=lambda case: (hangs[case] != (), -_shared(hangs[case], mutation.at[2:]))), far

    def noticed(self, mutation: Mutation, law: Lawbook, cases: Iterable[Case]) -> bool:
        """Whether one of some cases notices a mutation; that one is likely to notice what is next to it, too."""
        asked = (case for case in cases if self._held.get(case, True))
        case = next((case for case in asked if any(failing(law, [case])) and self.holds(case)), None)
        if case is not None:
            self._lately.update(dict.fromkeys(mutation.around, case))
        return case is not None

    def likely(self, mutation: Mutation) -> Iterator[Case]:
        """The cases that noticed the last mutations around a place in the data, the nearest place first."""
        return iter(dict.fromkeys(self._lately[place] for place in mutation.around if place in self._lately))


def _shared(one: tuple[Key, ...], other: tuple[Key, ...]) -> int:
    """How many keys two paths begin with together."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


EXAMS = ("exams.toml", "demands.toml", "exam_facts.toml", "subjects.toml")
PARTS = {file: (file,) if file in ("packages.toml", "subjects.toml") else EXAMS for file in OF_EXAMS}
"""The part that a file of exam law is mutated in; all other files make one part."""


OF_WALKS = "all that is no exam"


def part_of(file: str) -> Part:
    """The part that a file is mutated in."""
    return _part(PARTS.get(file, (OF_WALKS,)))


@cache
def _part(names: tuple[str, ...]) -> Part:
    """Of walks, exams need no more than the measure cum laude."""
    every = documents()
    if names == (OF_WALKS,):
        files = {name: document for name, document in every.items() if name not in OF_EXAMS}
        cases = all_cases()
    else:
        measures = [{**row, "at": []} for row in every["measures_vo.toml"]["measure"] if row["id"] == "cum-laude"]
        asked = {"law_year", "law_intake", "sector", *(name for row in measures for name in row["sets"])}
        facts = [fact for document in every.values() for fact in document.get("fact", ()) if fact["id"] in asked]
        files = {name: every[name] for name in names}
        files |= {"facts.toml": {**every["facts.toml"], "fact": facts}, "measures_vo.toml": {"measure": measures}}
        cases = exam_cases()
    law = Lawbook.of(files)
    return Part(files, cases, law, Memo.of(files))


def seen(mutation: Mutation) -> bool:
    """Whether a mutation is noticed: by a case of law, at load, or as a gap in time. What is likeliest goes first."""
    part = part_of(mutation.file)
    try:
        draft = Draft.of(mutation.applied(part.documents), memo=part.memo)
        if part.noticed(mutation, draft.law, part.likely(mutation)):
            return True
        if draft.law.gaps(mutation.row) or any(faults(draft.loaded.rows)):
            return True
        near, far = part.cases_near(mutation)
        if part.noticed(mutation, draft.law, near):
            return True
        law = draft.checked()
    except Problems:
        return True
    return bool(law.gaps()) or part.noticed(mutation, law, far)


RUN = 250
"""How many mutations that follow each other are asked together: neighbours are often noticed by the same case."""


def survivors(part: int, parts: int) -> list[str]:
    """The mutations that nothing notices, among every n-th run of them."""
    words.use("en")
    asked = (each for n, each in enumerate(_every()) if n // RUN % parts == part)
    return [str(each) for each in asked if not seen(each) and not leads_alike(each)]


@cache
def _every() -> tuple[Mutation, ...]:
    """Every mutation, told once in each process."""
    return tuple(mutations(documents()))


def leads_alike(mutation: Mutation) -> bool:
    """Whether every move still leads where it led: a pattern may also name a last year, after which nothing comes."""
    if not {"from", "each"} & set(mutation.at):
        return False
    laws = (Lawbook.of(documents()), Lawbook.of(mutation.applied(documents())))
    one, other = (
        [(p.id, move.id, to.id) for p in law.places() for move, to in law.moves_from(p).values()] for law in laws
    )
    return one == other


PARTS_OF_EACH = 8
"""In how many parts the work of a process comes, so that none of them waits long for another."""


def workers() -> int:
    """As many processes as help."""
    return min(os.cpu_count() or 1, 8)


@pytest.mark.long
def test_every_mutation_is_noticed() -> None:
    """By cases that hold, as ``test_cases`` and ``test_exams`` see to; one that does not is asked of no mutation."""
    count = workers()
    if count == 1:
        assert survivors(0, 1) == []
        return
    parts = PARTS_OF_EACH * count
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        found = pool.map(partial(survivors, parts=parts), range(parts))
        assert [each for some in found for each in some] == []


@pytest.fixture(scope="module")
def told() -> list[str]:
    return [str(mutation) for mutation in _every()]


@pytest.mark.parametrize(
    "change",
    [
        "duties.toml: duty.#.version.#.ways.#.needs.age_end.min = 15",
        "acts_vo.toml: act.#.version.#.ways.#.force = 'right'",
        "places_po.toml: track.#.years = 9",
        "facts.toml: known = ['2014/2015', '2026/2027']",
        "practices.toml: practice.#.default = 'never'",
        "measures_vo.toml: measure.#.announced = '2014/2015'",
        "measures_vo.toml: measure.#.by left out",
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
    cases = [case for case in all_cases() if case.about & row]
    for versions, told in ((earlier, True), (moves[n]["version"], False)):
        law = Lawbook.of(Mutation("moves_vo.toml", ("move", n, "version"), versions, row).applied(documents_))
        assert any(failing(law, cases)) == told
