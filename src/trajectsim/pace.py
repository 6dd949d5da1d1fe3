"""How far long work is, and how long it may take yet."""

from __future__ import annotations

import time

from attrs import define, field


@define
class Pace:
    """Of ``all`` pieces some are ``done``, parts of others too; ``whole`` are the first alone. What was done before it
    began tells nothing of how fast it goes."""

    began: float = field(factory=time.monotonic)
    before: float = 0.0
    done: float = 0.0
    all: int = 0
    whole: int = 0

    def at(self, done: float, pieces: int, whole: int | None = None) -> None:
        """It is so far; where no piece is told in parts, all that are done are ``whole``."""
        if not self.all:
            self.before = done
        self.done, self.all = done, pieces
        self.whole = int(done) if whole is None else whole

    @property
    def took(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float | None:
        """Seconds that it may take yet; None before anything is done."""
        fresh = self.done - self.before
        return self.took / fresh * (self.all - self.done) if fresh > 0 else None
