"""What comes too late: a result, or a first look, for a screen that is being taken down."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress

from textual.css.query import NoMatches


@contextmanager
def late() -> Generator[None]:
    """Around what is drawn when a result comes in: while the screen is taken down parts of it are gone, and it is
    dropped."""
    with suppress(NoMatches):
        yield
