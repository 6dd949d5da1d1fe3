"""A long CSV of marks, a row a subject, cut into chunks where a candidate ends: memory does not grow with the file.

    ``read_chunks(stream, file)`` -> Chunk...    raises Problems when there is no header or nothing below it

A record is one line: a field in quotes holds no line end, so that a quote that is not closed spoils one line and not
the rest of the file. What stands in the rows of a chunk, ``exam.table`` tells.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from attrs import field, frozen

from trajectsim.errors import Place, Problem, Problems
from trajectsim.reading import did_you_mean, quoted
from trajectsim.words import N_, _, listed

COLUMNS = ("candidate", "level", "exam", "subject", "role", "se", "ce", "resit", "rating")
OPTIONAL = ("profile", "route", "at", "sat", "rv", "cspe")
CANDIDATE = COLUMNS[0]
"""The columns of a table, in any order."""

CHUNK = 4 << 20
"""Bytes that are read at once; about what a chunk has."""
LONGEST_LINE = 1 << 20
MOST_LINES = 1000
"""Lines looked through for the end of a candidate. Who has more is a problem, and may be cut in two."""

LINES, ARROW = "lines", "arrow"
"""The forms that the data of a chunk have."""

_DELIMITERS = (",", ";", "\t")
_NOTHING = b"\r\n\t ,;"
_BOM = b"\xef\xbb\xbf"
_NUL = b"\0"


@frozen
class Header:
    """The first line: the names of the columns, in lower case, and what stands between them."""

    names: tuple[str, ...]
    delimiter: str

    @property
    def absent(self) -> tuple[str, ...]:
        """The optional columns that are not there."""
        return tuple(name for name in OPTIONAL if name not in self.names)

    @property
    def unread(self) -> tuple[str, ...]:
        """The columns that say nothing to this program."""
        return tuple(name for name in self.names if name and name not in (*COLUMNS, *OPTIONAL))

    def candidate(self, line: str) -> str:
        """The candidate on a line, as well as it can be told; empty when not at all."""
        index = self.names.index(CANDIDATE)
        found = fields_of(line, self.delimiter) or line.split(self.delimiter)
        return found[index].strip(' \t"') if index < len(found) else ""


@frozen
class Chunk:
    """Whole lines of a file, and of the candidates in them all rows. ``line`` is the number of the first, ``read`` how
    many bytes of the file were read for it; ``form`` what the data are: lines, or columns of Arrow."""

    file: str
    header: Header
    line: int
    read: int
    data: bytes = field(repr=False)
    form: str = LINES


def read_chunks(stream: BinaryIO, file: str, size: int = CHUNK) -> Iterator[Chunk]:
    """The table in a stream, some MB at a time. Raises Problems when it cannot be read or there is nothing in it."""
    header: Header | None = None
    line, read, found, rest = 1, 0, False, b""
    for block, last in _with_last(_blocks(stream, file, size)):
        data = rest + block
        if header is None:
            data = data if read else data.removeprefix(_BOM)
            start = len(data) - len(data.lstrip(b"\r\n\t "))
            end = data.find(b"\n", start) + 1 or len(data)
            line += data.count(b"\n", 0, end)
            if start < len(data):
                header = _header(data[start:end], file, line - 1)
            data = data[end:]
        read += len(block)
        cut = len(data) if last or header is None else _cut(data, header, size)
        if header is not None and data[:cut].strip(_NOTHING):
            found = True
            yield Chunk(file, header, line, read, data[:cut])
        line += data.count(b"\n", 0, cut)
        rest = data[cut:]
    if header is None:
        raise Problems([Problem("E102", _("the file is empty"), file, hint=_begin())])
    if not found:
        raise Problems([Problem("E102", _("there is no candidate below the header"), file, place=Place(line, 1))])


def absent_text(header: Header) -> list[str]:
    """In sentences what the columns of a table leave unchecked or unread."""
    told: list[str] = []
    if header.absent:
        columns = listed(f"{_(_UNCHECKED[name])} ({name})" for name in header.absent)
        told.append(_("not checked, because there is no such column: {columns}").format(columns=columns))
    if header.unread:
        told.append(_("not read, because these columns are not known: {names}").format(names=", ".join(header.unread)))
    return told


_UNCHECKED = {
    "profile": N_("the package of the profile"),
    "route": N_("the learn-work and the practice route"),
    "at": N_("subjects at a higher level"),
    "sat": N_("subjects sat in an earlier year"),
    "rv": N_("RV marks"),
    "cspe": N_("retakes of the cspe"),
}


# --- how it does it -----------------------------------------------------------------------------------------


def _blocks(stream: BinaryIO, file: str, size: int) -> Iterator[bytes]:
    """Whole lines. Of a line that is too long to be one the beginning is kept, marked so that it cannot be read."""
    rest = b""
    try:
        while block := stream.read(size):
            rest += block
            end = rest.rfind(b"\n") + 1
            if end:
                yield rest[:end]
                rest = rest[end:]
            elif len(rest) > LONGEST_LINE:
                rest = rest[: len(_BOM) + len(_NAMES)] + _NUL
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problems([Problem("E101", _("cannot be read: {reason}").format(reason=reason), file)]) from None
    if rest:
        yield rest + b"\n"


def _with_last(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same, each with whether it is the last."""
    block = next(blocks, None)
    while block is not None:
        following = next(blocks, None)
        yield block, following is None
        block = following


def _cut(data: bytes, header: Header, size: int) -> int:
    """Where the last candidate in whole lines begins; 0 when all is of one, and more of it may follow."""
    end = at = begin = len(data)
    last = ""
    for _line in range(MOST_LINES):
        if at == 0:
            return end if end > max(4 * size, LONGEST_LINE) else 0
        start = data.rfind(b"\n", 0, at - 1) + 1
        name = header.candidate(data[start:at].decode("utf-8", "replace").rstrip("\r\n"))
        last = last or name
        if name == last:
            begin = start
        elif name:  # a line that tells no candidate goes with the one before it
            return begin
        at = start
    return end


_NAMES = ",".join(COLUMNS)


def _begin() -> str:
    return _("the first line names the columns: {names}").format(names=_NAMES)


def _header(line: bytes, file: str, number: int) -> Header:
    text = line.decode("utf-8", "replace").rstrip("\r\n")

    def problem(code: str, message: str, span: tuple[int, int] = (1, 1), hint: str = "") -> Problem:
        return Problem(code, message, file, place=Place(number, *span), excerpt=flat(text), hint=hint)

    if "\ufffd" in text or _NUL in line:
        hint = _("a spreadsheet is saved as CSV (UTF-8) first")
        raise Problems([problem("E103", _("this is not UTF-8 text"), hint=hint)])
    delimiter = max(_DELIMITERS, key=text.count)
    named = [name.strip().lower() for name in fields_of(text, delimiter) or []]
    known = (*COLUMNS, *OPTIONAL)
    if not any(name in known for name in named):
        raise Problems([problem("E104", _("this is no header of a table of marks"), hint=_begin())])
    problems = [
        problem(code, message, (1, 1) if index is None else span_of(text, index, delimiter), hint)
        for code, message, index, hint in name_problems(named)
    ]
    if problems:
        raise Problems(problems)
    return Header(tuple(named), delimiter)


def name_problems(named: Sequence[str]) -> Iterator[tuple[str, str, int | None, str]]:
    """What is wrong with the names of the columns: a code, what is said, which column (None when it is not there) and a
    hint."""
    known = (*COLUMNS, *OPTIONAL)
    for name in COLUMNS:
        if name not in named:
            yield "E104", _("the column {name} is missing").format(name=quoted(name)), None, _begin()
    for index, name in enumerate(named):
        if name in known and name in named[:index]:
            yield "E105", _("the column {name} stands twice").format(name=quoted(name)), index, ""
        elif name and name not in known and (near := did_you_mean(name, known)):
            hint = _("known here: {names}").format(names=", ".join(known))
            yield "E105", _("unknown column {name}").format(name=quoted(name)) + near, index, hint


# --- a line -------------------------------------------------------------------------------------------------


def fields_of(text: str, delimiter: str) -> list[str] | None:
    """The fields of a line, None when it cannot be read."""
    if "\0" in text or len(text) > LONGEST_LINE:
        return None
    try:
        return next(iter(csv.reader([text], delimiter=delimiter, strict=True)), list[str]())
    except csv.Error:
        return None


def span_of(text: str, index: int, delimiter: str) -> tuple[int, int]:
    """The column and the width of a field on its line, counted in characters; of what is not there, the end."""
    start, n, inside = 0, 0, False
    for at, sign in enumerate(text):
        inside ^= sign == '"'
        if sign == delimiter and not inside:
            if n == index:
                return _trimmed(text, start, at)
            start, n = at + 1, n + 1
    return _trimmed(text, start, len(text)) if n == index else (len(text) + 1, 1)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inside = text[start:end]
    blank = len(inside) - len(inside.lstrip()) if inside.strip() else 0
    return start + blank + 1, max(1, len(inside.strip()))


def flat(text: str) -> str:
    """A line for people: a character a column; nothing if there is too much of it."""
    return printable(text) if len(text) <= 160 else ""


def printable(text: str) -> str:
    """A text without what would move a cursor or ring a bell."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
