"""Exams, measured: candidates a second from columns in memory, beside OpenFisca, and from files to jsonl and csv.

python benchmarks/exams.py      (pip install openfisca-core for the peer, trajectsim[table] for Parquet)
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trajectsim.exam.judging import judged, passed
from trajectsim.exam.sheets import Batch, Layout, Slot
from trajectsim.law.lawbook import Lawbook

CANDIDATES = 100_000
RUNS = 15
PROGRAM = Path(sys.executable).with_name("trajectsim")
SUBJECTS = (
    ("netl", "common"), ("entl", "common"), ("wisa", "profile"), ("econ", "profile"), ("gs", "profile"),
    ("beco", "profile"), ("dutl", "free"), ("maat", "part"), ("ckv", "part"), ("pws", "part"),
)  # fmt: skip
EXAM = 2019

Marks = NDArray[np.uint8]


def columns(n: int, seed: int) -> tuple[Marks, Marks]:
    """School and central exam marks of n havo candidates, a row for a subject, in tenths."""
    draw = np.random.default_rng(seed)
    se = np.clip(draw.normal(65, 10, (len(SUBJECTS), n)), 10, 100).astype(np.uint8)
    ce = np.clip(draw.normal(63, 11, (len(SUBJECTS), n)), 10, 100).astype(np.uint8)
    parts = [row for row, (_code, role) in enumerate(SUBJECTS) if role == "part"]
    se[parts] = (se[parts] + 5) // 10 * 10
    ce[parts] = 0
    return se, ce


def layout() -> Layout:
    return Layout("havo", EXAM - 1, tuple(Slot(code, role, given_ce=role != "part") for code, role in SUBJECTS))


def seconds(action: Callable[[], Any], runs: int = RUNS) -> list[float]:
    """The times of an action, in seconds."""
    times: list[float] = []
    for _run in range(runs):
        gc.collect()
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return times


def told(what: str, times: list[float], n: int, promised: str = "") -> float:
    """Print candidates a second of the median, and give the median time."""
    rates = sorted(n / each / 1e6 for each in times)
    promise = f"; promised {promised}" if promised else ""
    print(f"{what:58} {n / median(times) / 1e6:8.3f} M/s   (min {rates[0]:.3f}, max {rates[-1]:.3f}{promise})")
    return median(times)


def from_columns(law: Lawbook) -> None:
    se, ce = columns(CANDIDATES, 1)

    def fresh() -> NDArray[np.bool_]:
        """Set-up included: nothing of the exam is kept from an earlier run."""
        for key in [key for key in law._cache if isinstance(key, tuple) and key[0] in ("exam", "form", "demands")]:
            del law._cache[key]
        return passed(Batch(layout(), {"se": se, "ce": ce}), law)

    batch = Batch(layout(), {"se": se, "ce": ce})
    set_up = told("pass or fail, 100,000 candidates, set-up included", seconds(fresh), CANDIDATES, "20")
    alone = told("pass or fail, without set-up", seconds(lambda: passed(batch, law)), CANDIDATES)
    chunk = batch.take(slice(0, 1 << 14))
    told("with all checks, cum laude and the facts behind them", seconds(lambda: judged(chunk, law)), chunk.size, "5")
    try:
        import openfisca_havo as peer
    except ImportError:
        print("openfisca-core is not installed: no peer")
        return
    assert (peer.passed(se, ce) == passed(batch, law)).all(), "the two do not agree"
    theirs = told("OpenFisca, documented builder, set-up included", seconds(lambda: peer.passed(se, ce)), CANDIDATES)
    arrays = told(
        "OpenFisca, arrays written directly, set-up included",
        seconds(lambda: peer.passed(se, ce, fill=peer.by_arrays)),
        CANDIDATES,
    )
    prepared = peer.passed_prepared(se, ce)
    calculation = told("OpenFisca, calculation alone", seconds(prepared), CANDIDATES)
    print(f"times as fast, set-up included (promised 20): {theirs / set_up:.1f}; against arrays: {arrays / set_up:.1f}")
    print(f"times as fast, without set-up: {calculation / alone:.1f}")


def from_csv() -> None:
    """Whole processes on a file: start-up and reading included."""
    n = CANDIDATES
    se, ce = columns(n, 2)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "sheets.csv")
        with file.open("w", encoding="utf-8") as out:
            out.write("candidate,level,exam,subject,role,se,ce,resit,rating\n")
            for i in range(n):
                for row, (code, role) in enumerate(SUBJECTS):
                    ce_text = f"{ce[row, i] / 10:.1f}" if ce[row, i] else ""
                    out.write(f"c{i},havo,{EXAM},{code},{role},{se[row, i] / 10:.1f},{ce_text},,\n")
                out.write(f"c{i},havo,{EXAM},lo,rated,,,,V\nc{i},havo,{EXAM},rek,rekentoets,6,,,\n")
        runs = [(file, "jsonl", 1, ""), (file, "jsonl", 2, "0.04"), (file, "csv", 1, "0.1"), (file, "csv", 2, "0.1")]
        columns_of = columns_file(file)
        runs += [(columns_of, "csv", jobs, "0.1") for jobs in (1, 2)] if columns_of else []
        for sheets, name, jobs, promised in runs:
            output = Path(folder, f"out.{name}")
            command = [str(PROGRAM), "verdict", str(sheets), "--jobs", str(jobs), "--format", f"{name}={output}"]
            run = lambda command=command: subprocess.run(command, check=True, capture_output=True)  # noqa: E731
            told(f"{sheets.suffix[1:]} to {name}, --jobs {jobs}, whole process", seconds(run, 5), n, promised)


def columns_file(file: Path) -> Path | None:
    """The same table as Parquet, None where pyarrow is not installed."""
    try:
        from pyarrow import csv, parquet
    except ImportError:
        return None
    found = file.with_suffix(".parquet")
    parquet.write_table(csv.read_csv(file), found)
    return found


if __name__ == "__main__":
    from_columns(Lawbook.load())
    from_csv()
