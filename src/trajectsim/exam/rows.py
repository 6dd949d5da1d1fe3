"""Rows of a table of marks as columns of texts, whatever they were read from: CSV, TOML (``exam.table``) or Parquet."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from trajectsim.errors import Problem
from trajectsim.exam.chunks import CANDIDATE, printable
from trajectsim.reading import quoted
from trajectsim.words import N_, _

Texts = tuple[str, ...]


class Rows(ABC):
    """Rows as columns of texts by name. ``unreadable``: rows that cannot be read, each with its problem."""

    told = N_("column {column}: {message}")

    def __init__(self, file: str, columns: Mapping[str, Sequence[str]]) -> None:
        self.file = file
        self.columns = columns
        self.unreadable: dict[int, Problem] = {}

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.columns[CANDIDATE])

    def has(self, column: str) -> bool:
        """Whether there is a column of this name."""
        return column in self.columns

    def texts(self, column: str, rows: Sequence[int]) -> list[str]:
        """What stands in a column, in some rows."""
        return [self.columns[column][row] for row in rows]

    def starts(self) -> NDArray[np.intp]:
        """The rows on which another candidate begins."""
        names = self.columns[CANDIDATE]
        new = np.fromiter(map(str.__ne__, names[1:], names), np.bool_, max(self.size - 1, 0))
        return np.flatnonzero(np.concatenate(([True][: self.size], new)))

    def distinct(self, columns: Sequence[str]) -> tuple[NDArray[np.intp], list[Texts]]:
        """What stands in some columns together: for each row which of the different ones, and those."""
        found: dict[Texts, int] = {}
        together = zip(*(self.columns[name] for name in columns), strict=True)
        which = np.fromiter((found.setdefault(texts, len(found)) for texts in together), np.intp, self.size)
        return which, list(found)

    def problem(self, row: int, column: str, code: str, message: str, hint: str = "") -> Problem:
        """A problem in a column of a row, named and placed."""
        name = self.texts(CANDIDATE, [row])[0].strip()
        told = _(self.told).format(column=column, message=message) if column else message
        told = printable(f"{quoted(name)}, {told}" if name else told)
        return self._placed(Problem(code, told, self.file, hint=hint), row, column)

    def finished(self, problems: Sequence[Problem]) -> list[Problem]:
        """The same problems, each at its place, in the order of the file."""
        return sorted(problems, key=lambda problem: problem.position)

    @abstractmethod
    def _placed(self, problem: Problem, row: int, column: str) -> Problem:
        """The problem at its place in the file."""
