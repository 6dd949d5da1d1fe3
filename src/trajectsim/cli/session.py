"""What a session of ``serve`` runs: the workbench, whose screen is drawn in a browser.

python -m trajectsim.cli.session LANGUAGE FOLDER [FILE]
"""

from __future__ import annotations

import sys
from pathlib import Path

from trajectsim import words
from trajectsim.cli.codes import INTERNAL, OK, UNUSABLE
from trajectsim.cli.options import show
from trajectsim.errors import Problems

LIBRARY = "scenarios"
"""The screen for who has no file yet."""


def main(language: str, folder: str, file: str = "") -> int:
    """Open the workbench on a file, or on none; what it remembers lies in a folder of one browser."""
    words.use(language)
    from trajectsim.cli.open import state_of
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.tui.app import run_workbench
    from trajectsim.tui.state import State

    try:
        state = state_of(Path(file)) if file else State.of(None, Lawbook.load())
        return OK if run_workbench(state, "" if file else LIBRARY, memory=Path(folder)) else INTERNAL
    except Problems as error:
        show(error.problems)
        return UNUSABLE


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
