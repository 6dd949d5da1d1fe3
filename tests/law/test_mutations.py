"""No number, date, force, place or article of the law data can change without a test that says so."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pytest
from harness import all_cases, documents, failing
from mutations import Mutation, mutations

from trajectsim import words
from trajectsim.errors import Problems
from trajectsim.law.lawbook import Lawbook


def seen(mutation: Mutation) -> bool:
    """Whether a mutation is noticed: at load, as a gap in time, or by a case of law. The likeliest case goes first."""
    try:
        law = Lawbook.of(mutation.applied(documents()))
    except Problems:
        return True
    return bool(law.gaps()) or any(failing(law, sorted(all_cases(), key=lambda case: not case.about & mutation.row)))


def survivors(part: int, parts: int) -> list[str]:
    """The mutations that nothing notices, among every n-th."""
    words.use("en")
    assert list(failing(Lawbook.of(documents()), all_cases())) == []  # a case that never holds notices nothing
    return [str(each) for n, each in enumerate(mutations(documents())) if n % parts == part and not seen(each)]


def workers() -> int:
    """As many processes as help."""
    return min(os.cpu_count() or 1, 8)


@pytest.mark.long
def test_every_mutation_is_noticed() -> None:
    parts = workers()
    if parts == 1:
        assert survivors(0, 1) == []
        return
    with ProcessPoolExecutor(parts, multiprocessing.get_context("spawn")) as pool:
        found = pool.map(partial(survivors, parts=parts), range(parts))
        assert [each for some in found for each in some] == []


@pytest.fixture(scope="module")
def told() -> list[str]:
    return [str(mutation) for mutation in mutations(documents())]


@pytest.mark.parametrize(
    "change",
    [
        "duties.toml: duty.1.version.0.ways.0.needs.age_end.min = 15",
        "acts.toml: act.0.version.0.ways.0.force = 'right'",
        "places.toml: track.0.years = 9",
        "facts.toml: known = ['2014/2015', '2026/2027']",
        "practices.toml: practice.1.default = 'never'",
        "measures.toml: measure.3.announced = '2014/2015'",
        "measures.toml: measure.3.by left out",
        "moves.toml: move.6.cite.0.confidence = 'A'",
        "moves.toml: move.3.each.4.advice = 'gt'",
        "moves.toml: move.10.from.4 = 'ho/hbo/1'",
        "moves.toml: move.3.version.1.ways.2.needs.age_end.min = 15",
        "diplomas.toml: diploma.3.each.0.from = 'ho/hbo/3'",
        "duties.toml: duty.3.version.0.ways.1.needs.school_years.min = 13",
    ],
)
def test_what_is_mutated(change: str, told: list[str]) -> None:
    assert change in told


def test_no_word_for_people_is_mutated(told: list[str]) -> None:
    assert not [each for each in told if ".label" in each or ".note" in each or ".doubt" in each]


def test_the_harness_sees_a_moved_boundary_and_a_wrong_bound() -> None:
    documents_ = documents()
    moves = documents_["moves.toml"]["move"]
    n = next(n for n, move in enumerate(moves) if move["id"] == "havo-diploma-to-vwo-5")
    earlier = [
        {**moves[n]["version"][0], "span": ["..", "2018/2019"]},
        {**moves[n]["version"][1], "span": ["2019/2020", ".."]},
    ]
    row = frozenset({"havo-diploma-to-vwo-5"})
    assert list(_failures(Mutation("moves.toml", ("move", n, "version"), earlier, row)))
    assert not list(_failures(Mutation("moves.toml", ("move", n, "version"), moves[n]["version"], row)))


def _failures(mutation: Mutation) -> Iterator[str]:
    return failing(Lawbook.of(mutation.applied(documents())), all_cases())
