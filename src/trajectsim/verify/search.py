"""How a counter-example is searched for: the same tries every time, and the smallest that is found."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings


class BrokenError(Exception):
    """A counter-example, for the search to make smaller."""


def searching(examples: int) -> settings:
    """The settings of a search of so many tries."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=tuple(HealthCheck),  # pyright: ignore[reportArgumentType]
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )
