"""The fields of a regular table of bytes, compared and told apart in columns: no text is made of most of them.

Regular: every line has a field a column, and a quote stands only around a whole field. A field is seen as words of
eight bytes, filled up with zeros; a field holds no zero byte itself, so two are equal when their words are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

LONGEST = 64
"""Bytes that a field can have in a regular table."""

_WORD = 8
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WORD)] + [2**64 - 1], np.uint64)
_ODD = np.uint64(0x9E3779B97F4A7C15)
_BUCKETS = 18
"""Bits of the number by which fields are told apart at first sight."""

Words = list[NDArray[np.uint64]]


@frozen(eq=False)
class Grid:
    """Where each field begins and ends in the bytes: a row a line, a column a column."""

    data: bytes = field(repr=False)
    begin: NDArray[np.int64] = field(repr=False)
    end: NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, data: bytes, delimiter: str, width: int) -> Grid | None:
        """The fields of lines that each end in a line end; None when they are not regular."""
        if b"\0" in data or not _is_text(data):
            return None
        signs = np.frombuffer(data, np.uint8)
        between = signs == ord(delimiter)
        ends = signs == ord("\n")
        quotes = signs == ord('"')
        quoted = b'"' in data
        if quoted:
            inside = (np.cumsum(quotes, dtype=np.uint8) & 1).view(np.bool_)  # it may wrap: only odd and even count
            if (ends & inside).any():
                return None
            between &= ~inside
        bounds = np.flatnonzero(between | ends)
        size = np.count_nonzero(ends)
        if size * width != bounds.size or not ends[bounds[width - 1 :: width]].all():
            return None
        begin = np.concatenate(([0], bounds[:-1] + 1)).reshape(size, width)
        end = bounds.reshape(size, width)
        if b"\r" in data:
            end[:, -1] -= (signs[end[:, -1] - 1] == ord("\r")) & (end[:, -1] > begin[:, -1])
        if quoted:
            around = quotes[begin] & quotes[end - 1] & (end - begin > 1)
            if 2 * np.count_nonzero(around) != np.count_nonzero(quotes):
                return None
            begin, end = begin + around, end - around
        if size and (end - begin).max() > LONGEST:
            return None
        return cls(data, begin, end)

    @property
    def size(self) -> int:
        """How many lines there are."""
        return self.begin.shape[0]

    def texts(self, column: int, rows: Sequence[int]) -> list[str]:
        """The fields of a column in some rows."""
        bounds = zip(self.begin[rows, column].tolist(), self.end[rows, column].tolist(), strict=True)
        return [self.data[begin:end].decode("utf-8") for begin, end in bounds]

    def plain(self, column: int) -> bool:
        """Whether no field of a column is empty, or begins or ends with a blank."""
        signs = np.frombuffer(self.data, np.uint8)
        begin, end = self.begin[:, column], self.end[:, column]
        return bool(((signs[begin] > ord(" ")) & (signs[end - 1] > ord(" ")) & (end > begin)).all())

    def changes(self, column: int) -> NDArray[np.intp]:
        """The rows whose field differs from the one above it; the first among them."""
        new = np.zeros(self.size, np.bool_)
        new[:1] = True
        for word in self._words(column):
            new[1:] |= word[1:] != word[:-1]
        return np.flatnonzero(new)

    def distinct(self, columns: Sequence[int]) -> tuple[NDArray[np.intp], list[int]]:
        """The fields of some columns together: for each row which of the different ones, and a row that has it."""
        words = [word for column in columns for word in self._words(column)]
        mixed = np.zeros(self.size, np.uint64)
        for word in words:
            mixed = (mixed ^ word) * _ODD
            mixed ^= mixed >> np.uint64(32)
        alike = self._first_sight(mixed * _ODD >> np.uint64(64 - _BUCKETS))
        if not all((word == word[alike]).all() for word in words):  # two different ones in one bucket
            alike = np.zeros(self.size, np.intp)
            for word in words:
                pairs = np.stack((alike.astype(np.uint64), word), axis=1)
                _sorted, firsts, which = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
                alike = firsts[which.reshape(-1)]
        rows = np.flatnonzero(alike == np.arange(self.size))
        number = np.zeros(self.size, np.intp)
        number[rows] = np.arange(rows.size)
        return number[alike], rows.tolist()

    def _first_sight(self, bucket: NDArray[np.uint64]) -> NDArray[np.intp]:
        """For each row the first that has its number."""
        first = np.zeros(1 << _BUCKETS, np.intp)
        where = bucket.astype(np.intp)
        first[where[::-1]] = np.arange(self.size - 1, -1, -1)
        return first[where]

    def _words(self, column: int) -> Words:
        begin = self.begin[:, column]
        length = self.end[:, column] - begin
        padded = self.data[-(LONGEST + _WORD) :]  # words near the end of the data reach beyond it
        if not self.size:
            return []
        whole = np.ndarray(max(len(self.data) - _WORD + 1, 0), "<u8", self.data, strides=(1,))
        tail = np.ndarray(len(padded) + 1, "<u8", padded + bytes(_WORD), strides=(1,))
        found: Words = []
        for at in range(0, max(int(length.max()), 1), _WORD):
            start = begin + at
            inside = start < whole.size
            word = whole[np.where(inside, start, 0)] if whole.size else np.zeros(self.size, np.uint64)
            if not inside.all():
                late = np.flatnonzero(~inside)
                back = np.minimum(start[late] - (len(self.data) - len(padded)), len(padded))
                word[late] = tail[back]
            found.append(word & _MASKS[np.clip(length - at, 0, _WORD)])
        return found


def _is_text(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
