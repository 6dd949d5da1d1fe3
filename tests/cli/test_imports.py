"""What a command may load: start-up is a promise, and imports are what it is spent on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PLAIN = Path(__file__).parents[2] / "scenarios" / "paths" / "nominal-vwo-wo.toml"
SARA = Path(__file__).parents[2] / "scenarios" / "paths" / "sara.toml"
HEAVY = {"numpy", "textual", "rich", "tomlkit", "babel", "hypothesis"}


def modules_of(*arguments: str) -> set[str]:
    """The modules in memory after a command, in a fresh interpreter."""
    code = (
        "import json, sys\n"
        "from trajectsim.cli import execute\n"
        f"execute({list(arguments)!r})\n"
        "print('\\n' + json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("check", str(SARA)), ("check", "nowhere.toml")])
def test_nothing_heavy_on_the_way(arguments: tuple[str, ...]) -> None:
    loaded = modules_of(*arguments)
    assert not HEAVY & loaded


def test_version_loads_neither_law_nor_reader() -> None:
    assert not {"trajectsim.law", "trajectsim.scenario", "cattrs", "tree_sitter"} & modules_of("--version")


def test_a_check_does_not_load_the_law() -> None:
    loaded = modules_of("check", str(SARA))
    assert not {"trajectsim.law.lawbook", "trajectsim.verdict", "trajectsim.path", "tree_sitter"} & loaded


@pytest.mark.parametrize("arguments", [("run", str(SARA)), ("explain", str(SARA)), ("law",)])
def test_only_the_screens_load_textual(arguments: tuple[str, ...]) -> None:
    assert not {"textual", "rich"} & modules_of(*arguments)


@pytest.mark.parametrize("arguments", [("run", str(PLAIN)), ("explain", str(PLAIN)), ("law",)])
def test_only_marks_need_columns(arguments: tuple[str, ...]) -> None:
    assert "numpy" not in modules_of(*arguments)
