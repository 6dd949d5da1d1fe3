"""The functions for other programs: these names, light to import, and as their examples say."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys

import pytest

import trajectsim
from trajectsim import api


def test_the_names_are_these() -> None:
    assert trajectsim.__all__ == ["__version__", "judge", "load", "options", "play", "run"]
    assert all(callable(getattr(trajectsim, name)) for name in trajectsim.__all__[1:])
    with pytest.raises(AttributeError):
        _ = trajectsim.nothing  # pyright: ignore[reportAttributeAccessIssue]


def test_the_examples_hold() -> None:
    done = doctest.testmod(api)
    assert done.attempted >= 8
    assert done.failed == 0


def test_to_import_it_loads_nothing() -> None:
    code = "import sys, json, trajectsim; print(json.dumps([m for m in sys.modules if m.startswith('trajectsim')]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["trajectsim"]


def test_what_cannot_be_asked() -> None:
    with pytest.raises(LookupError):
        trajectsim.options('title = "x"\npupil.born = 2014-03-12', "1990/1991")
