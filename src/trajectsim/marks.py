"""Exact marks: integers in tenths inside, marks with one decimal outside.

Nothing that decides is a float. Ints and integer arrays (int16 or wider) go through the same lines.
Sources: Eindexamenbesluit VO art. 35, 47; Uitvoeringsbesluit WVO 2020 art. 3.13.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

TENTHS = 10
LOWEST = 1 * TENTHS
HIGHEST = 10 * TENTHS
_WRITTEN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def final(se: Any, ce: Any) -> Any:
    """The final mark, in tenths, of a school exam and a central exam mark, both in tenths.

    The mean is cut to one decimal, and that decimal alone rounds it to a whole mark: 5.45 gives 5, 5.50 gives 6.
    """
    return whole((se + ce) // 2)


def whole(mark: Any) -> Any:
    """A mark in tenths rounded to a whole mark, still in tenths: 54 gives 50, 55 gives 60."""
    return (mark + TENTHS // 2) // TENTHS * TENTHS


def mean_at_least(total: Any, bound: Any, count: Any) -> Any:
    """Whether ``total / count >= bound``, marks in tenths, without dividing. A mean of nothing is no mean: False."""
    return (total >= bound * count) & (count > 0)


def mean_at_most(total: Any, bound: Any, count: Any) -> Any:
    """Whether ``total / count <= bound``, as ``mean_at_least``."""
    return (total <= bound * count) & (count > 0)


def parse_mark(value: int | Decimal | str) -> int:
    """Tenths of a mark written 8, 8.1 or (in a table of marks) "8,1".

    Raises ValueError when it is no number, has a second decimal or is not between 1 and 10.
    """
    if isinstance(value, bool) or (isinstance(value, str) and not _WRITTEN.fullmatch(value)):
        raise ValueError(value)
    exact = Decimal(value.replace(",", ".") if isinstance(value, str) else value)
    if not exact.is_finite() or not LOWEST // TENTHS <= exact <= HIGHEST // TENTHS:
        raise ValueError(value)
    tenths = int(exact * TENTHS)
    if Decimal(tenths) / TENTHS != exact:
        raise ValueError(value)
    return tenths
