"""The files by which other repositories run scenarios: the hook of pre-commit and the action of GitHub."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from trajectsim import cli

ROOT = Path(__file__).parents[2]


def test_the_action_is_valid_by_the_schema_of_its_field() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions"]
    done = subprocess.run([*check, str(ROOT / "action.yml")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_hooks_are_commands_that_pass_on_the_scenarios_here() -> None:
    hooks: list[dict[str, Any]] = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in hooks] == ["trajectsim-check", "trajectsim-run"]
    for hook in hooks:
        assert {"id", "name", "entry", "language", "files"} <= set(hook)
        program, *arguments = hook["entry"].split()
        assert program == "trajectsim"
        assert cli.execute([*arguments, str(ROOT / "scenarios" / "paths" / "sara.toml")]) == 0
