"""Columns of integers that grow."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]


class Column:
    """A column of integers that grows."""

    def __init__(self, kind: Any = np.intp, fill: int = 0) -> None:
        self._kind, self._fill = kind, fill
        self.all: NDArray[Any] = np.full(1024, fill, kind)

    def __setitem__(self, at: int | slice, value: Any) -> None:
        self.reach(at.stop if isinstance(at, slice) else at + 1)
        self.all[at] = value

    def reach(self, end: int) -> None:
        """Make it at least so long."""
        if end > len(self.all):
            more = np.full(max(end, 2 * len(self.all)) - len(self.all), self._fill, self._kind)
            self.all = np.concatenate((self.all, more))

    def take(self, rows: Rows) -> NDArray[Any]:
        """The values of some."""
        return self.all.take(rows)
