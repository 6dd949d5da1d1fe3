"""The table of calibration: most figures are within their tolerance, and what is outside is explained, each once."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path

from trajectsim.learning.parameters import shipped

TOOL = Path(__file__).parents[2] / "tools" / "calibrate.py"
PAGE = (Path(__file__).parents[2] / "docs" / "calibration.md").read_text("utf-8")
ROW = re.compile(r"^\| (C\d\d) \| (.+?) \| (.+?) \|(?: [^|]+\|){3} ([\d.]+) \| ?(outside|) ?\|$", re.MULTILINE)
FAR = re.compile(r"^\* (C\d\d) (.+), (.+?): [+-]", re.MULTILINE)


def test_most_figures_are_within_their_tolerance() -> None:
    rows = ROW.findall(PAGE)
    outside = [row for row in rows if row[4]]
    assert {name for name, *_rest in rows} == {f"C{n:02}" for n in range(1, 10)}
    assert f"{len(rows) - len(outside)} of {len(rows)} figures are within" in PAGE
    assert len(outside) < len(rows) / 8


def test_the_parameters_hold_for_children_to_whom_they_were_not_fitted() -> None:
    """At least two other seeds; what changes there is named, as often as the numbers differ."""
    table = PAGE.split("## For other children")[1].split("## Outside the tolerance")[0]
    (own, count), *others = re.findall(r"^\| [^|]+ \| (\d+) of (\d+) \|", table, re.MULTILINE)
    told = re.findall(r"^\| \d+ \| \d+ of \d+ \| (.+) \|$", table, re.MULTILINE)
    assert f"{own} of {count} figures are within" in PAGE
    assert len(others) == len(told) >= 2
    for (within, all_), other in zip(others, told, strict=True):
        now = re.findall(r"[+-][\d.]+, (within|outside)", other)
        assert int(within) == int(own) + now.count("within") - now.count("outside")
        assert all_ == count
        assert int(within) > int(count) * 7 / 8


def test_what_is_outside_is_explained_once() -> None:
    outside = [(name, part, year) for name, part, year, _tolerance, far in ROW.findall(PAGE) if far]
    told = PAGE.split("## Outside the tolerance")[1].split("## Figures that the model does not have")[0]
    assert sorted(FAR.findall(told)) == sorted(outside)
    assert "no explanation" not in told
    assert all(
        f"* {name} " in PAGE.split("## Figures that the model does not have")[1] for name in ("C01", "C09", "C10")
    )


def test_what_is_fitted_says_so_and_nothing_else_does() -> None:
    steps = next(
        node.value
        for node in ast.parse(TOOL.read_text("utf-8")).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "STEPS"
    )
    assert isinstance(steps, ast.Dict)
    free = [ast.literal_eval(key) for key in steps.keys if key is not None]
    told = re.compile(r"C0[1-9](, C0[1-9])*|(mean|spread) of the run")
    for key, parameter in shipped().items():
        of_run = key.endswith((".ref", ".spread"))
        assert bool(parameter.fit) == (of_run or any(fnmatchcase(key, pattern) for pattern in free)), key
        assert not parameter.fit or told.fullmatch(parameter.fit), key
