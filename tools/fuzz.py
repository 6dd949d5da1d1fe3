"""Fuzz by hand, in pieces: each is a run of the tests of ``test_fuzz.py`` with luck of its own.

    nice -n 15 python tools/fuzz.py --inputs 100000

It stops at the first piece that finds something, with the input that shows it. A piece is told by its number, so
that --from goes on where a run was stopped.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests" / "scenarios" / "test_fuzz.py"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--inputs", type=int, default=100_000, help="how many in all")
    options.add_argument("--piece", type=int, default=1000, help="how many each test tries in a piece")
    options.add_argument("--from", dest="first", type=int, default=0, metavar="N", help="the first piece")
    told = options.parse_args()
    tests = TESTS.read_text("utf-8").count("@given(")
    pieces = -(-told.inputs // (tests * told.piece))
    for number in range(told.first, told.first + pieces):
        begin = time.monotonic()
        run = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            str(TESTS),
            f"--hypothesis-seed={number}",
        ]
        environment = {**os.environ, "HYPOTHESIS_PROFILE": "fuzz", "FUZZ_EXAMPLES": str(told.piece)}
        done = subprocess.run(run, env=environment, capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            print(done.stdout[-20_000:])
            return 1
        inputs = (number - told.first + 1) * tests * told.piece
        print(f"piece {number}: {inputs} inputs, {time.monotonic() - begin:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
