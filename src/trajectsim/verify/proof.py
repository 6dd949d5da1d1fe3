"""Every property of a reform, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trajectsim.law.lawbook import Lawbook
from trajectsim.verify import marks, tables, walks
from trajectsim.verify.findings import Finding


def findings(law: Lawbook, examples: int) -> Iterator[Finding]:
    """What becomes of each property under the reforms of an overlay; ``examples`` is how many are tried in a search."""
    pairs = tables.pairs(law)
    yield tables.one_version(law)
    yield tables.effect(law, pairs)
    yield tables.every_way(pairs)
    yield tables.offers(law, pairs)
    yield tables.entry(law, pairs)
    papers = marks.papers(law)
    yield marks.possible(law, papers)
    yield marks.marks(law, papers, examples)
    yield from walks.walks(law, examples)


def counter_scenario(finding: Finding, title: str, reforms: list[dict[str, Any]]) -> dict[str, Any]:
    """The document of a scenario that shows a counter-example; empty where none can."""
    shown = finding.counter.scenario if finding.counter is not None else {}
    return {"title": title, "tags": ["counter-example", finding.name], "reform": reforms, **shown} if shown else {}
