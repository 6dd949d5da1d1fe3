"""Where a cohort is worked changes no byte: this process, others, a Dask cluster; and a run that is killed goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from distributed.cfexecutor import ClientExecutor
from small_cohort import small_cohort

from trajectsim.cli import execute

SMALL = small_cohort() + "".join(f'\n[[world]]\nid = "w{n}"\n' for n in range(4))
"""Four pieces of work: one for each world."""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.toml"
    file.write_text(SMALL, "utf-8")
    return file


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Two workers, one with two threads, so that threads share a process too."""
    with LocalCluster(n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None) as local:
        yield local.scheduler_address.replace("tcp://", "dask://")


def run(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = execute(["cohort", *map(str, arguments), "--format", "json", "--lang", "en"])
    out, err = capfd.readouterr()
    return code, out, err


@pytest.mark.long
def test_where_it_is_worked_changes_no_byte(small: Path, cluster: str, capfd: pytest.CaptureFixture[str]) -> None:
    here = run(capfd, small, "--executor", "in-process")
    assert here[0] == 0
    for where in (("--executor", "processes", "--jobs", "2"), ("--jobs", "2"), ("--executor", cluster)):
        assert run(capfd, small, *where)[:2] == here[:2]


@pytest.mark.long
def test_a_cluster_keeps_and_goes_on(
    small: Path, cluster: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    keep = tmp_path / "kept"
    first = run(capfd, small, "--executor", cluster, "--keep", keep)
    kept = sorted(keep.iterdir())
    assert len(kept) == 4
    kept[1].unlink()
    assert run(capfd, small, "--keep", keep)[:2] == first[:2]


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_goes_on_to_the_same_bytes(
    how: signal.Signals, small: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = run(capfd, small)
    keep = tmp_path / "kept"
    command = [
        sys.executable,
        "-m",
        "trajectsim",
        "cohort",
        str(small),
        "--keep",
        str(keep),
        "--lang",
        "en",
        "--jobs",
        "1",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not list(keep.glob("*.piece")):
        time.sleep(0.005)
    process.send_signal(how)
    _out, err = process.communicate(timeout=60)
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert "the same command goes on from" in err
        assert "Traceback" not in err
    before = {file: os.stat(file).st_mtime_ns for file in keep.glob("*.piece")}
    assert 1 <= len(before) < 4
    assert run(capfd, small, "--keep", keep)[:2] == whole[:2]
    assert {file: os.stat(file).st_mtime_ns for file in before} == before  # what was finished is not done again


def test_no_cluster_there(small: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trajectsim.cohort.executors.CONNECT", 0.3)
    code, out, err = run(capfd, small, "--executor", "dask://127.0.0.1:1")
    assert (code, out) == (2, "")
    assert "S301" in err
    assert "cannot be reached" in err
    assert "Traceback" not in err


@pytest.mark.long
def test_a_cluster_that_is_gone_half_way(
    small: Path, cluster: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is lost is told, and the same command goes on from what was kept."""
    keep, whole, lost = tmp_path / "kept", run(capfd, small), Future[None]()
    lost.set_exception(CancelledError())
    submit, handed = ClientExecutor.submit, list[object]()

    def losing(self: ClientExecutor, *told: Any) -> Any:
        handed.append(told)
        return lost if len(handed) > 1 else submit(self, *told)

    monkeypatch.setattr(ClientExecutor, "submit", losing)
    code, out, err = run(capfd, small, "--executor", cluster, "--keep", keep)
    assert (code, out) == (2, "")
    assert "S301: the Dask cluster lost its work: CancelledError" in err
    assert "Traceback" not in err
    assert run(capfd, small, "--keep", keep)[:2] == whole[:2]


@pytest.mark.parametrize("name", ["dask", "dask://", "dask://host", "threads", "dask://a/b:1"])
def test_no_such_executor(name: str, small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, _out, err = run(capfd, small, "--executor", name)
    assert code == 2
    assert "dask://HOST:PORT" in err
