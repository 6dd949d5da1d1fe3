"""What is generated and committed is current."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

from trajectsim import __version__, cli
from trajectsim.cohort import figures
from trajectsim.law import index
from trajectsim.law.lawbook import Lawbook

ROOT = Path(__file__).parents[2]


def tool(name: str) -> ModuleType:
    """A script of ``tools/`` as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_index_of_the_law_is_current() -> None:
    assert index.FILE.read_text("utf-8") == index.built(Lawbook.load())


def test_the_names_of_figures_are_current() -> None:
    assert figures.NAMES.read_text("utf-8") == figures.names_text(Lawbook.load())


def test_no_message_is_missing_in_dutch_and_the_compiled_catalogue_is_current() -> None:
    assert tool("messages").stale() == []


def test_translations_keep_the_placeholders() -> None:
    for message in tool("messages").dutch():
        ids, strings = (value if isinstance(value, list | tuple) else [value] for value in (message.id, message.string))
        if message.id:
            names = [[set(re.findall(r"\{\w+\}", text)) for text in texts] for texts in (ids, strings)]
            assert names[0] == names[1], message.id


def test_no_message_hides_in_an_f_string() -> None:
    """The extractor of messages does not look into f-strings."""
    for file in (ROOT / "src").rglob("*.py"):
        for part in ast.walk(ast.parse(file.read_text("utf-8"))):
            calls = [c for c in ast.walk(part) if isinstance(c, ast.Call)] if isinstance(part, ast.JoinedStr) else []
            named = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in ("_", "ngettext") and c.args]
            hidden = [c for c in named if isinstance(c.args[0], ast.Constant)]
            assert not hidden, f"{file}:{hidden[0].lineno}"


def test_the_version_stands_once() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == __version__


def test_the_readme_has_exactly_two_setup_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(r"^\s*(?:\$ )?(pip install .*)$", text, re.MULTILINE)
    assert commands == [
        "pip install . && trajectsim scenarios/paths/sara.toml",
        "pip install -e '.[test]' && pytest",
    ]


def test_numbers_of_the_law_stand_only_in_its_data() -> None:
    """No mark, bound, date or article in code: years and decimals there are a sign of law that strayed."""
    stray = re.compile(r"(?<![\w.\"'/])(?:5\.5|6\.0|7\.5|8\.0|20[0-3]\d)(?![\w.])")
    for file in (ROOT / "src").rglob("*.py"):
        code = re.sub(r'"""[\s\S]*?"""|#.*|"[^"\n]*"', "", file.read_text("utf-8"))
        assert not stray.findall(code), file


def test_files_are_short_enough_to_be_read_in_one_sitting() -> None:
    for file in (ROOT / "src").rglob("*.py"):
        text = file.read_text("utf-8")
        assert len(text.splitlines()) <= 450 or text.startswith('"""Generated'), file


def test_the_scenario_that_is_explained_is_one_that_passes(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "scenarios.md").read_text("utf-8"), re.DOTALL)
    file = tmp_path / "readme.toml"
    file.write_text(block, "utf-8")
    assert cli.execute(["run", str(file)]) == 0
