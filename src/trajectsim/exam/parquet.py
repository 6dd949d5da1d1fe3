"""A table of marks in a Parquet file, in chunks that end where a candidate does: memory does not grow with the file.

    ``read_parquet(path)`` -> Chunk...    raises Problems when it cannot be read or there is nothing in it
    ``ArrowRows(chunk)``                  the rows of such a chunk

The columns are those of a CSV; what stands in them may be text or numbers. It takes pyarrow (the extra ``table``).
Places are the number of the row, from 1, and of the column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from trajectsim.errors import Place, Problem, Problems
from trajectsim.exam.chunks import ARROW, CANDIDATE, COLUMNS, MOST_LINES, OPTIONAL, Chunk, Header, name_problems
from trajectsim.exam.rows import Rows, Texts
from trajectsim.reading import quoted
from trajectsim.words import _

AT_ONCE = 1 << 16
"""Rows that are read at once."""

Codes = NDArray[np.int64]
"""For each row which of the different texts of a column stands there."""


def read_parquet(path: str) -> Iterator[Chunk]:
    """The table in a file, some thousands of rows at a time. Raises Problems."""
    arrow = _arrow(path)
    try:
        with import_module("pyarrow.parquet").ParquetFile(path) as file:
            yield from _chunks(arrow, file, path)
    except FileNotFoundError:
        raise Problems([Problem("E101", _("there is no such file"), path, hint=_("check the path"))]) from None
    except (OSError, ValueError, arrow.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise Problems([Problem("E101", _("cannot be read: {reason}").format(reason=reason), path)]) from None


def _chunks(arrow: Any, file: Any, path: str) -> Iterator[Chunk]:
    header, names = _header(file.schema_arrow, path)
    total, size = file.metadata.num_rows, Path(path).stat().st_size
    if not total:
        raise Problems([Problem("E102", _("there is no candidate below the header"), path)])
    rest: Any = None
    done = 0
    for batch in file.iter_batches(AT_ONCE, columns=list(names)):
        table = arrow.Table.from_batches([batch]).rename_columns(list(names.values()))
        table = table if rest is None else arrow.concat_tables([rest, table])
        cut = table.num_rows if done + table.num_rows == total else _cut(table)
        if cut:
            read = size * (done + cut) // total
            yield Chunk(path, header, done + 1, read, _bytes(arrow, table.slice(0, cut)), ARROW)
        rest, done = table.slice(cut), done + cut


def _cut(table: Any) -> int:
    """The row on which the last candidate begins; 0 when all is of one, and more of it may follow."""
    before = max(0, table.num_rows - MOST_LINES)  # who has more rows is a problem, and may be cut in two
    codes, _texts = _encoded(table.column(CANDIDATE).slice(before))
    others = np.flatnonzero(codes != codes[-1])
    return before + int(others[-1]) + 1 if others.size else before


def _bytes(arrow: Any, table: Any) -> bytes:
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    return sink.getvalue().to_pybytes()


def _header(schema: Any, path: str) -> tuple[Header, dict[str, str]]:
    """The names of the columns, and for those that are read the name that is known here by the one in the file."""
    named = [str(name).strip().lower() for name in schema.names]
    problems = [
        Problem(code, message, path, place=Place(1, index + 1) if index is not None else None, hint=hint)
        for code, message, index, hint in name_problems(named)
    ]
    types = import_module("pyarrow.types")
    names = {each: name for each, name in zip(schema.names, named, strict=True) if name in (*COLUMNS, *OPTIONAL)}
    for name in names if not problems else ():
        kind = schema.field(name).type
        kind = kind.value_type if types.is_dictionary(kind) else kind
        if types.is_nested(kind):
            message = _("the column {name} holds neither text nor numbers").format(name=quoted(name))
            problems.append(Problem("E107", message, path, place=Place(1, schema.names.index(name) + 1)))
    if problems:
        raise Problems(problems)
    return Header(tuple(named), ""), names


def _arrow(path: str) -> Any:
    try:
        return import_module("pyarrow")
    except ImportError:
        hint = _("pip install 'trajectsim[table]', or save the table as CSV")
        raise Problems(
            [Problem("E101", _("a Parquet file takes pyarrow, which is not there"), path, hint=hint)]
        ) from None


# --- the rows of a chunk ------------------------------------------------------------------------------------


class ArrowRows(Rows):
    """Rows of a chunk, column by column: each as numbers for the different texts in it."""

    def __init__(self, chunk: Chunk) -> None:
        super().__init__(chunk.file, {})
        self._chunk = chunk

    @cached_property
    def _columns(self) -> dict[str, tuple[Codes, list[str]]]:
        table: Any = import_module("pyarrow").ipc.open_stream(self._chunk.data).read_all()
        return {name: _encoded(table.column(name)) for name in table.column_names}

    @property
    def size(self) -> int:
        return self._columns[CANDIDATE][0].size

    def has(self, column: str) -> bool:
        return column in self._columns

    def texts(self, column: str, rows: Sequence[int]) -> list[str]:
        codes, texts = self._columns[column]
        return [texts[code] for code in codes[list(rows)].tolist()]

    def starts(self) -> NDArray[np.intp]:
        codes = self._columns[CANDIDATE][0]
        return np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))

    def distinct(self, columns: Sequence[str]) -> tuple[NDArray[np.intp], list[Texts]]:
        arrow: Any = import_module("pyarrow")
        which, number = np.zeros(self.size, np.int64), 1
        for name in columns:
            codes, texts = self._columns[name]
            encoded = arrow.array(which * len(texts) + codes).dictionary_encode()
            which, number = encoded.indices.to_numpy().astype(np.int64), len(encoded.dictionary)
        rows = np.zeros(number, np.intp)
        rows[which[::-1]] = np.arange(self.size - 1, -1, -1)  # the first row that has each
        return which, list(zip(*(self.texts(name, rows.tolist()) for name in columns), strict=True))

    def _placed(self, problem: Problem, row: int, column: str) -> Problem:
        names = self._chunk.header.names
        return evolve(problem, place=Place(self._chunk.line + row, names.index(column) + 1 if column in names else 1))


def _encoded(column: Any) -> tuple[Codes, list[str]]:
    """The texts of a column, each once, and for each row which of them; nothing is an empty text."""
    arrow = import_module("pyarrow")
    if arrow.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    encoded = column.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False).astype(np.int64)
    known: dict[str, int] = {}
    same = [known.setdefault(text, len(known)) for text in (*_plain(arrow, encoded.dictionary), "")]
    return np.array(same, np.int64)[codes], list(known)


def _plain(arrow: Any, values: Any) -> list[str]:
    """Values as they would stand in a CSV: 7 and 7.0 are one mark, and a year has no decimals."""
    if arrow.types.is_floating(values.type):
        return [str(text).removesuffix(".0") for text in values.cast(arrow.string()).to_pylist()]
    if arrow.types.is_string(values.type) or arrow.types.is_large_string(values.type):
        try:
            return [text.strip() for text in values.to_pylist()]
        except UnicodeDecodeError:
            return [text.decode("utf-8", "replace").strip() for text in values.cast(arrow.large_binary()).to_pylist()]
    return [str(text) for text in values.cast(arrow.string()).to_pylist()]
