"""The functions for other programs: these names, light to import, and as their examples say."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from inspect import isfunction
from pathlib import Path

import pytest

import trajectsim
from trajectsim import api
from trajectsim.errors import Problems


def test_the_names_are_these() -> None:
    assert api.__all__ == ["cohort", "judge", "load", "options", "play", "routes", "run"]
    assert trajectsim.__all__ == ["__version__", *(name for name in api.__all__ if name != "cohort")]
    assert all(getattr(trajectsim, name) is getattr(api, name) for name in trajectsim.__all__[1:])
    assert {name for name, each in vars(api).items() if isfunction(each) and name[0] != "_"} == set(api.__all__)
    assert all(callable(getattr(trajectsim, name)) for name in trajectsim.__all__[1:])
    with pytest.raises(AttributeError):
        _ = trajectsim.nothing  # pyright: ignore[reportAttributeAccessIssue]


def test_the_examples_hold() -> None:
    done = doctest.testmod(api)
    assert done.attempted >= 12
    assert done.failed == 0


def test_to_import_it_loads_nothing() -> None:
    code = "import sys, json, trajectsim; print(json.dumps([m for m in sys.modules if m.startswith('trajectsim')]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["trajectsim"]


def test_what_cannot_be_asked() -> None:
    with pytest.raises(LookupError):
        trajectsim.options('title = "x"\npupil.born = 2014-03-12', "1990/1991")
    with pytest.raises(LookupError):
        trajectsim.routes('title = "x"\npupil.born = 2014-03-12', "wvo")
    with pytest.raises(Problems, match="S206"):
        api.cohort('title = "x"\npupil.born = 2014-03-12')
    with pytest.raises(Problems, match="S205"):
        trajectsim.play('title = "x"\ncohort = { size = 5, births = [2005] }\npolicy = [{ id = "a" }]')


def test_the_page_on_python_says_what_happens() -> None:
    page = Path(__file__).parents[2] / "docs" / "python.md"
    done = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert done.attempted >= 12
    assert done.failed == 0
    assert all(f"`{name}(" in page.read_text("utf-8") for name in api.__all__)
