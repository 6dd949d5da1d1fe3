"""What a cohort found out of the law, kept between runs: the same bytes with it and without, whatever stands there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_cohort import small_cohort

from trajectsim.cohort import keeping, running
from trajectsim.cohort.grid import Grid
from trajectsim.cohort.running import Finished, run
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.reforms import Reform
from trajectsim.law.tables import Span
from trajectsim.scenario.cohorts import read_cohort_from

LAW = Lawbook.load()
SMALL = read_cohort_from(small_cohort(), "x.toml").cohort
DRAFT = """
[[policy]]
id = "draft"
[[policy.reform]]
rule = "cum-laude-vwo"
set = "mean"
from = "2013/2014"
value = 7.5
"""
OTHER = """
[[policy]]
id = "draft"
[[policy.reform]]
rule = "skip-year"
set = "lawful"
from = "2013/2014"
value = false
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keeping, "user_cache_path", lambda name: tmp_path / "cache" / name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # for processes that begin afresh
    return tmp_path / "cache" / "trajectsim"


def told(done: Finished) -> Any:
    return [(key, totals.counts) for key, totals in sorted(done.totals.items())], done.evidence


@pytest.fixture(scope="module")
def whole() -> Any:
    """What is told without anything kept."""
    return told(run(SMALL, LAW, cached=False))


def anew() -> Any:
    """A run in a process that has not been at it before."""
    return told(run(evolve(SMALL), LAW))


def judged_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Grid, "_make_case", lambda *_: pytest.fail("judged again"))


def test_a_second_run_judges_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch, whole: Any) -> None:
    assert anew() == whole
    assert len(list(cache.iterdir())) == 1
    judged_none(monkeypatch)
    assert anew() == whole


@pytest.mark.parametrize("threads", [0, 1])
def test_what_workers_find_out_is_kept(threads: int, cache: Path, whole: Any) -> None:
    """By forks, and by fresh processes where there is a thread that a fork would cut in half."""
    shared_out = evolve(SMALL, chunk=SMALL.size)
    assert len(list(shared_out.jobs())) > 1
    ended = threading.Event()
    others = [threading.Thread(target=ended.wait) for _ in range(threads)]
    for other in others:
        other.start()
    try:
        assert told(run(shared_out, LAW, workers=2)) == whole
    finally:
        ended.set()
    (file,) = cache.glob("*.grid")
    kept = keeping.kept_grid(file.stem.removeprefix("cohort-"), LAW)
    assert kept is not None
    assert kept.known_turns > 100


def test_nothing_is_kept_of_a_run_that_is_not_to(cache: Path, whole: Any) -> None:
    assert told(run(evolve(SMALL), LAW, cached=False)) == whole
    assert not cache.exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_law_that_is_brought_along_is_the_one_that_judges(workers: int, whole: Any) -> None:
    """Answers that were kept are of the law that comes with trajectsim, and workers have that law alone."""
    other = LAW.overlay([Reform(rule="skip-year", title="draft", span=Span(2013), set="lawful", value=False)])
    alone = told(run(evolve(SMALL), other, cached=False))
    assert alone != whole
    assert anew() == whole
    assert told(run(evolve(SMALL), other, workers)) == alone


BROKEN: list[Callable[[bytes], bytes]] = [
    lambda _content: b"",
    lambda content: content[:-7],
    lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
    lambda content: content[1:],
    lambda _content: keeping.mark_of(b"cos\nsystem\n.") + b"cos\nsystem\n.",  # pyright: ignore[reportPrivateUsage]
    lambda _content: keeping.mark_of(b"\x80\x05N.") + b"\x80\x05N.",  # pyright: ignore[reportPrivateUsage]
]


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_not_whole_is_found_out_again(cache: Path, broken: Callable[[bytes], bytes], whole: Any) -> None:
    anew()
    (file,) = cache.iterdir()
    before = file.read_bytes()
    file.write_bytes(broken(before))
    assert anew() == whole
    assert len(file.read_bytes()) == len(before)


def test_another_text_of_law_or_program_is_kept_elsewhere(
    cache: Path, monkeypatch: pytest.MonkeyPatch, whole: Any
) -> None:
    anew()
    monkeypatch.setattr(running, "stamp", lambda: "another")
    assert anew() == whole
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize(("draft", "files"), [(DRAFT, 1), (OTHER, 2)])
def test_a_draft_has_its_own_unless_only_an_exam_can_notice(cache: Path, draft: str, files: int) -> None:
    drafted = read_cohort_from(small_cohort() + draft, "x.toml").cohort
    without = told(run(drafted, LAW, cached=False))
    assert told(run(evolve(drafted), LAW)) == told(run(evolve(drafted), LAW)) == without
    assert len(list(cache.iterdir())) == files


def test_where_nothing_can_be_written_it_is_found_out_each_time(tmp_path: Path, whole: Any) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert anew() == whole


def test_what_is_too_large_is_not_kept(cache: Path, monkeypatch: pytest.MonkeyPatch, whole: Any) -> None:
    monkeypatch.setattr(keeping, "LARGEST", 1000)
    assert anew() == whole
    assert not cache.exists()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.mark.long
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 12), st.integers(0, 10**6), st.sampled_from([0.2, 0.9]), st.integers(2004, 2012))
def test_the_bytes_are_those_without(shared: Path, size: int, seed: int, above: float, birth: int) -> None:
    """Whatever earlier runs of other children and policies have left there."""
    cohort = evolve(read_cohort_from(small_cohort(size, 2, above), "x.toml").cohort, seed=seed, births=(birth,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "user_cache_path", lambda name: shared / name)
        assert told(run(cohort, LAW)) == told(run(evolve(cohort), LAW)) == told(run(evolve(cohort), LAW, cached=False))
