"""What every test starts from: one profile of random search, one language, one lawbook."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from trajectsim import words
from trajectsim.cli import SELDOM
from trajectsim.law.lawbook import Lawbook

SCENARIOS = Path(__file__).parents[1] / "scenarios"
_SLOW = [HealthCheck.too_slow]
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=False, suppress_health_check=_SLOW)
settings.register_profile("dev", max_examples=1000, deadline=None, suppress_health_check=_SLOW)
_SOME = int(os.environ.get("FUZZ_EXAMPLES", "100"))
settings.register_profile("fuzz", max_examples=_SOME, deadline=None, database=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

gc.set_threshold(SELDOM)  # as the program has it


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with something long go first: of files side by side, none is then still at work when others are done."""
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No settings and nothing remembered but what a test writes, in this process and those it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="module", autouse=True)
def _nothing_bundled_is_written() -> Iterator[None]:
    """What comes with trajectsim is read by tests, never written: the tests after it would be of something else."""
    before = _bundled()
    yield
    assert _bundled() == before


def _bundled() -> dict[str, int]:
    return {str(file): file.stat().st_mtime_ns for file in SCENARIOS.rglob("*") if file.is_file()}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Messages are in English, whatever a test before this one chose."""
    words.use("en")
    yield
    words.use("en")


@pytest.fixture(scope="session")
def law() -> Lawbook:
    """The law that comes with trajectsim."""
    return Lawbook.load()
