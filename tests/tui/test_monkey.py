"""Some hundreds of keys and clicks of the monkey; ``tests/tui/monkey.py`` plays on by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from monkey import rounds

from trajectsim.law.lawbook import Lawbook


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 5))
def test_nothing_crashes_and_nothing_is_lost(seed: int, law: Lawbook, tmp_path: Path) -> None:
    assert rounds(law, tmp_path, seed, 200) >= 200
