"""The rows of a table of marks: which texts stand in them, and where.

    ``read_chunks(stream, file)`` -> Chunk...    a long CSV, cut where a candidate ends (see ``exam.chunks``)
    ``rows_of(chunk)`` -> Rows                   the rows of a chunk
    ``read_toml(path)`` -> Rows                  one candidate as TOML; raises Problems

A row that cannot be read is kept as a problem of its candidate. What the texts mean, ``exam.checks`` tells.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NewType

import numpy as np
from attrs import evolve, fields, frozen
from numpy.typing import NDArray

from trajectsim.errors import Place, Problem, Problems
from trajectsim.exam.chunks import (
    ARROW,
    CANDIDATE,
    COLUMNS,
    OPTIONAL,
    Chunk,
    Header,
    fields_of,
    flat,
    read_chunks,
    span_of,
)
from trajectsim.exam.grid import Grid
from trajectsim.exam.parquet import ArrowRows
from trajectsim.exam.rows import Rows, Texts
from trajectsim.reading import Unfit, located, parse, read_text, strict_converter, structure
from trajectsim.words import N_, _

# --- CSV ----------------------------------------------------------------------------------------------------


class CsvRows(Rows):
    """Rows of a chunk, with for each of them the line it stands on."""

    def __init__(self, chunk: Chunk, columns: Mapping[str, Sequence[str]], lines: Sequence[int]) -> None:
        super().__init__(chunk.file, columns)
        self._chunk, self._lines = chunk, lines
        self._text: list[str] | None = None

    def spoil(self, row: int, problem: Problem, column: int, width: int = 1) -> None:
        """Mark a row as unreadable, with what is wrong where on its line."""
        place = Place(self._chunk.line + self._lines[row], column, width)
        self.unreadable[row] = evolve(problem, place=place, excerpt=flat(self._line(row)))

    def _line(self, row: int) -> str:
        if self._text is None:
            self._text = self._chunk.data.decode("utf-8", "replace").split("\n")
        return self._text[self._lines[row]].rstrip("\r")

    def _placed(self, problem: Problem, row: int, column: str) -> Problem:
        header, text = self._chunk.header, self._line(row)
        span = span_of(text, header.names.index(column), header.delimiter) if column in header.names else (1, 1)
        return evolve(problem, place=Place(self._chunk.line + self._lines[row], *span), excerpt=flat(text))


class _GridRows(CsvRows):
    """The rows of a chunk that is regular, found without looking at them one by one."""

    def __init__(self, chunk: Chunk, grid: Grid) -> None:
        super().__init__(chunk, {}, range(grid.size))
        self._grid = grid

    @property
    def size(self) -> int:
        return self._grid.size

    def has(self, column: str) -> bool:
        return column in self._chunk.header.names

    def texts(self, column: str, rows: Sequence[int]) -> list[str]:
        return self._grid.texts(self._chunk.header.names.index(column), rows)

    def starts(self) -> NDArray[np.intp]:
        return self._grid.changes(self._chunk.header.names.index(CANDIDATE))

    def distinct(self, columns: Sequence[str]) -> tuple[NDArray[np.intp], list[Texts]]:
        indexes = [self._chunk.header.names.index(name) for name in columns]
        which, rows = self._grid.distinct(indexes)
        return which, list(zip(*(self._grid.texts(index, rows) for index in indexes), strict=True))


def rows_of(chunk: Chunk) -> Rows:
    """The rows of a chunk."""
    if chunk.form == ARROW:
        return ArrowRows(chunk)
    names = chunk.header.names
    grid = Grid.of(chunk.data, chunk.header.delimiter, len(names))
    if grid is not None and grid.plain(names.index(CANDIDATE)):
        return _GridRows(chunk, grid)
    return _one_by_one(chunk)


def _one_by_one(chunk: Chunk) -> CsvRows:
    """The rows of a chunk in which something is quoted, blank or wrong."""
    header, width = chunk.header, len(chunk.header.names)
    texts = [line.rstrip("\r") for line in chunk.data.decode("utf-8", "replace").split("\n")[:-1]]
    broken = _undecodable(chunk.data)
    read = _all_fields(texts, header.delimiter)
    kept = [n for n, found in enumerate(read) if n in broken or found is None or any(map(str.strip, found))]
    rows = CsvRows(chunk, {}, kept)
    table: list[list[str]] = []
    candidate = header.names.index(CANDIDATE)
    for row, n in enumerate(kept):
        found = read[n]
        if n in broken:
            hint = _("save the file as UTF-8")
            rows.spoil(row, Problem("E103", _("this line is not UTF-8 text"), chunk.file, hint=hint), broken[n])
        elif found is None:
            message = _("this line cannot be read: it is binary, too long, or a quote is not closed on it")
            rows.spoil(row, Problem("E107", message, chunk.file), max(1, texts[n].find('"') + 1))
        elif len(found) != width:
            hint = _('a mark with a decimal comma stands in quotes ("7,5"), or ; stands between the columns')
            message = _("{n} fields expected, one a column; {found} found").format(n=width, found=len(found))
            problem = Problem("E106", message, chunk.file, hint=hint if len(found) > width else "")
            rows.spoil(row, problem, *span_of(texts[n], min(width, len(found) - 1), header.delimiter))
        if found is None or row in rows.unreadable:
            name = header.candidate(texts[n]) or (table[-1][candidate] if table else "")
            found = [name if index == candidate else "" for index in range(width)]
        table.append([text.strip() for text in found])
    columns = zip(*table, strict=True) if table else [()] * width
    rows.columns = dict(zip(header.names, columns, strict=True))
    return rows


def _undecodable(data: bytes) -> dict[int, int]:
    """The lines that are not UTF-8, with the column of the first wrong byte."""
    found: dict[int, int] = {}
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        for n, line in enumerate(data.split(b"\n")):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                found[n] = len(line[: error.start].decode("utf-8")) + 1
    return found


def _all_fields(texts: list[str], delimiter: str) -> list[list[str] | None]:
    """The fields of each line, None where they cannot be told."""
    if not any("\0" in text or text.count('"') % 2 for text in texts):
        try:
            read = list(csv.reader(texts, delimiter=delimiter))
            if len(read) == len(texts):  # else a quote took in more than its line
                return [*read]
        except csv.Error:
            pass
    return [fields_of(text, delimiter) for text in texts]


# --- TOML ---------------------------------------------------------------------------------------------------

Written = NewType("Written", str)
"""A mark or a year as it is written, without quotes."""


@frozen(kw_only=True)
class SubjectPart:
    """A subject of the sheet. Marks are written 7 or 7.5."""

    subject: str
    role: str
    se: Written = Written("")
    ce: Written = Written("")
    resit: Written = Written("")
    rating: str = ""
    at: str = ""
    sat: Written = Written("")
    rv: Written = Written("")
    cspe: Written = Written("")


@frozen(kw_only=True)
class SheetPart:
    """The sheet of one candidate."""

    level: str
    exam: Written
    subject: tuple[SubjectPart, ...]
    candidate: str = ""
    profile: str = ""
    route: str = ""


class TomlRows(Rows):
    """The subjects of a sheet as rows."""

    told = N_("{column}: {message}")

    def __init__(self, file: str, text: str, sheet: SheetPart) -> None:
        of_all = {name: str(getattr(sheet, name)) for name in _OF_ALL}
        of_all[CANDIDATE] = of_all[CANDIDATE].strip() or Path(file).stem
        columns: dict[str, list[str]] = {name: [value] * len(sheet.subject) for name, value in of_all.items()}
        for f in fields(SubjectPart):
            columns[f.name] = [str(getattr(part, f.name)) for part in sheet.subject]
        super().__init__(file, columns)
        self._text = text

    def finished(self, problems: Sequence[Problem]) -> list[Problem]:
        return list(located(problems, self._text, self.file))

    def _placed(self, problem: Problem, row: int, column: str) -> Problem:
        return evolve(problem, at=(column,) if column in _OF_ALL else ("subject", row, *filter(None, [column])))


_OF_ALL = tuple(f.name for f in fields(SheetPart) if f.name != "subject")


def read_toml(path: Path) -> TomlRows:
    """The sheet in a TOML file. Raises Problems."""
    text = read_text(path)
    document = parse(text, str(path))
    converter = strict_converter()
    converter.register_structure_hook(Written, _written)
    sheet, problems = structure(document, SheetPart, converter)
    if sheet is not None and not sheet.subject:
        problems = [Problem("E102", _("there is no subject on the sheet"), hint=_("a table [[subject]] for each"))]
    if sheet is None or problems:
        raise Problems(located(problems, text, str(path)))
    return TomlRows(str(path), text, sheet)


def _written(value: Any, _kind: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unfit(_("a number"), _("a mark is written 7 or 7.5, a year with four digits, both without quotes"))
    return f"{value:f}" if isinstance(value, Decimal) and abs(value.adjusted()) < _DIGITS else str(value)


_DIGITS = 20
"""A number with more is told as it is written; it is no mark anyway."""


__all__ = [
    "CANDIDATE", "COLUMNS", "OPTIONAL", "Chunk", "CsvRows", "Header", "Rows", "TomlRows", "read_chunks", "read_toml",
    "rows_of",
]  # fmt: skip
