"""What a session of ``serve`` runs: the workbench, whose screen is drawn in a browser.

python -m trajectsim.cli.session LANGUAGE [FILE]
"""

from __future__ import annotations

import sys
from pathlib import Path

from trajectsim import words
from trajectsim.cli import OK, UNUSABLE
from trajectsim.cli.options import show
from trajectsim.errors import Problems


def main(language: str, file: str = "") -> int:
    """Open the workbench on a file, or on none."""
    words.use(language)
    from trajectsim.cli.open import state_of
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.tui.app import run_workbench
    from trajectsim.tui.state import State

    try:
        run_workbench(state_of(Path(file)) if file else State.of(None, Lawbook.load()))
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    return OK


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
