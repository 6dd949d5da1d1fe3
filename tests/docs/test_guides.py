"""README and guides say what happens: each command in them is run, as a reader would, in a folder like the project's.

In a block of ``console`` a line after ``$`` is a command, and each line under it part of a line that it prints, in that
order. A block of ``toml FILE`` is what the reader writes into that file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("g*id*.md")), ROOT / "docs" / "scenarios.md")
LONGEST = 300
"""Seconds that a command may take on a machine that does other things too."""

pytestmark = pytest.mark.long


@frozen
class Command:
    """A command of a page and what is shown of its answer."""

    text: str
    shown: tuple[str, ...]


def steps(page: Path) -> Iterator[Command | tuple[str, str]]:
    """What a reader does: commands, and files with what is written into them."""
    for info, block in re.findall(r"^```([^\n]*)\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        kind, _space, name = info.partition(" ")
        if kind == "toml" and name:
            yield name, block
        elif kind == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *shown = part.rstrip("\n").split("\n")
                yield Command(command, tuple(line.strip() for line in shown if line.strip()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with what the project gives a reader."""
    for name in ("scenarios", "schema"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_says_happens(page: Path, folder: Path) -> None:
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    asked = 0
    for step in steps(page):
        if isinstance(step, tuple):
            name, text = step
            (folder / name).write_text(text, "utf-8")
            continue
        asked += 1
        ran = subprocess.run(
            ["bash", "-c", step.text],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        printed = ran.stdout
        at = 0
        for line in step.shown:
            found = printed.find(line, at)
            assert found >= 0, f"{page.name}: $ {step.text}\n  does not print: {line}\n  but:\n{printed}"
            at = found + len(line)
        assert step.shown or not ran.returncode, f"{page.name}: $ {step.text}\n{printed}"
        assert "Traceback" not in printed
    assert asked >= 3


@pytest.mark.parametrize("page", [PAGES[0], *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    for link in links:
        assert link.startswith("https://") or (page.parent / link).exists(), f"{page.name}: {link}"
