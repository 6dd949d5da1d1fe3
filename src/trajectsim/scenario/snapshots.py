"""Snapshots: the whole walk as it was once seen to be right, kept beside the scenario, a line a school year.

They are written in ids and articles, so that they say the same in every language and a change of the law shows as a
change of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from trajectsim.law.tables import Cite
from trajectsim.path.walk import Step, Trajectory
from trajectsim.scenario.judge import Judged
from trajectsim.verdict import Node
from trajectsim.words import _

AT = ("expect", "snapshot")
MOST_LINES = 20
"""How much of the difference is shown."""


def snapshot_file(file: str | Path) -> Path:
    """Where the snapshots of a scenario file are kept."""
    return Path(file).with_suffix(".walk")


def walk_snapshot(walk: Trajectory) -> str:
    """The walk, a line a school year, and how it ends."""
    lines = [" ".join(_parts(step)) for step in walk.steps]
    refused = (f"refused {r.year} {r.kind} {r.id} {r.outcome.value}" for r in walk.refusals)
    return "\n".join([*lines, f"end {walk.end.value}", *refused]) + "\n"


def read_snapshots(file: str | Path) -> dict[str, str]:
    """The snapshots that are kept for a scenario file, by the name of the variant; empty where there are none."""
    path = snapshot_file(file)
    text = path.read_text("utf-8") if path.is_file() else ""
    parts = re.split(r"^\[(.*)\]\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def snapshots_text(snapshots: Mapping[str, str]) -> str:
    """The content of a file of snapshots."""
    return "".join(f"[{name}]\n{text}" for name, text in snapshots.items())


def judge_snapshot(variant: str, file: str, seen: str) -> Judged:
    """Whether a walk is the one that is kept."""
    kept = read_snapshots(file).get(variant)
    what, name = _("the walk as it is kept"), snapshot_file(file).name
    if kept is None:
        wanted, hint = _("a snapshot in {file}").format(file=name), _("none; write it with --update-snapshots")
        return Judged(AT, what, False, wanted, hint)
    differences = [*unified_diff(kept.splitlines(), seen.splitlines(), name, _("now"), n=0, lineterm="")][2:]
    lines = [line for line in differences if not line.startswith("@@")]
    told = _("{n} lines that differ").format(n=len(lines))
    return Judged(AT, what, not lines, name, told, why=tuple(Node(line) for line in lines[:MOST_LINES]))


def _parts(step: Step) -> Iterator[str]:
    state = step.state
    yield f"{state.year} {state.place.id} {state.age}"
    for done in step.done:
        yield " ".join(["act", done.act, *(value for _name, value in done.arguments)])
    if step.exam is not None:
        yield f"exam {step.exam.result}"
    for earned, verdict in step.earned:
        yield f"diploma {earned.diploma}{' cum-laude' if earned.cum_laude else ''} ({_cite(verdict.cite)})"
    if step.taken is not None:
        reason = step.reason.value if step.reason else ""
        yield f"-> {step.taken.rule.id} {reason} {step.taken.outcome.value} ({_cite(step.taken.cite)})"


def _cite(cite: Cite) -> str:
    return " ".join(filter(None, (cite.law, cite.article, cite.published)))
