"""What is imported goes one way: no module leads back to itself, not by a type nor by an import inside a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"

ALLOWED: Mapping[tuple[str, str], str] = {}
"""Arrows that may close a circle, each with the reason why the module cannot do without."""


def modules() -> dict[str, Path]:
    """Every module by its dotted name."""
    return {
        ".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): file
        for file in SOURCE.rglob("*.py")
    }


def imported(text: str, known: Mapping[str, object]) -> Iterator[str]:
    """The modules among those known that a text imports, wherever in it that stands."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in known else str(node.module) for name in names if str(node.module) in known)


def arrows(files: Mapping[str, Path]) -> dict[str, set[str]]:
    """What each module imports."""
    return {name: set(imported(file.read_text("utf-8"), files)) for name, file in files.items()}


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """A circle of modules, if there is one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_leads_back_to_itself() -> None:
    graph = arrows(modules())
    assert circle({name: {to for to in some if (name, to) not in ALLOWED} for name, some in graph.items()}) == []
    assert all(to in graph[name] for name, to in ALLOWED), "what is allowed is still there"


@pytest.mark.parametrize(
    "back",
    [
        "import b",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from b import Kind",
        "def late() -> None:\n    from b import made",
    ],
)
def test_a_circle_is_seen_however_it_is_closed(back: str) -> None:
    texts = {"a": back, "b": "import a", "c": "import a"}
    assert set(circle({name: set(imported(text, texts)) for name, text in texts.items()})) == {"a", "b"}
