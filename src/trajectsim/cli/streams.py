"""Sheets that are read part by part, output that is written as it comes, and progress for who waits for it."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

import click

from trajectsim.cli.fitting import on_terminal
from trajectsim.errors import Problem, Problems
from trajectsim.words import _, ngettext

if TYPE_CHECKING:
    from trajectsim.exam.chunks import Chunk
    from trajectsim.exam.table import Rows

STDIN = "-"
_PART = 1 << 16
"""Bytes of problems that are kept in memory, and copied at once."""


def tables(sheet: str) -> Iterator[Chunk | Rows]:
    """What a sheet holds, by the name of its file: chunks of a table, or the rows of one candidate. Raises Problems."""
    from trajectsim.exam import chunks

    kind = Path(sheet).suffix.lower()
    if sheet == STDIN:
        yield from chunks.read_chunks(sys.stdin.buffer, "<stdin>", chunks.CHUNK)
    elif kind == ".toml":
        from trajectsim.exam.table import read_toml

        yield read_toml(Path(sheet))
    elif kind == ".parquet":
        from trajectsim.exam.parquet import read_parquet

        yield from read_parquet(sheet)
    else:
        with _opened(sheet) as stream:
            yield from chunks.read_chunks(stream, sheet, chunks.CHUNK)


def _opened(sheet: str) -> BinaryIO:
    try:
        return open(sheet, "rb")
    except FileNotFoundError:
        problem = Problem("E101", _("there is no such file"), sheet, hint=_("check the path"))
    except (OSError, ValueError) as error:  # a ValueError is a name that no file can have
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem("E101", _("cannot be read: {reason}").format(reason=reason), sheet)
    raise Problems([problem])


class Sink:
    """Where a format is written: standard output, or a file that takes the place of an older one when all is well.

    ``begin`` and ``between`` stand before the whole and between its parts, ``total`` after it. What is closing removes
    what was not kept.
    """

    def __init__(
        self,
        name: str,
        file: str,
        closing: contextlib.ExitStack,
        begin: str = "",
        total: Callable[[], str] | None = None,
    ) -> None:
        self.name, self._file, self._total = name, Path(file) if file else None, total
        self._temporary = ""
        self._parts = 0
        self._problems: IO[bytes] | None = None
        if name == "json":  # its problems stand at its end
            self._problems = closing.enter_context(tempfile.SpooledTemporaryFile(max_size=_PART))  # noqa: SIM115
        self._stream: IO[bytes] = self._open(self._file, closing) if self._file else sys.stdout.buffer
        self._write('{"candidates": [\n' if name == "json" else begin)

    def put(self, text: bytes, problems: Iterable[Problem]) -> None:
        """Write a part."""
        for problem in problems if self._problems else ():
            between = ",\n" if self._problems and self._problems.tell() else ""
            data = between + json.dumps(problem.data(), ensure_ascii=False)
            if self._problems:
                self._problems.write(data.encode("utf-8", "replace"))
        if text:
            self._write(",\n" if self._problems and self._parts else "")
            self._write(text)
            self._parts += 1

    def end(self) -> None:
        """Write what comes last."""
        self._write(self._total() if self._total is not None else "")
        if self._problems:
            self._write('\n], "problems": [\n')
            self._problems.seek(0)
            while part := self._problems.read(_PART):
                self._write(part)
            self._write("\n]}\n")
        with _writable(self._file):
            self._stream.flush()

    def keep(self) -> None:
        """Let the file take its place."""
        if self._file is not None:
            with _writable(self._file):
                self._stream.close()
                if self._temporary:
                    os.chmod(self._temporary, 0o644)
                    os.replace(self._temporary, self._file)
                    self._temporary = ""

    def _write(self, data: bytes | str) -> None:
        if self._file is None and self.name == "text":
            data = on_terminal(data.decode() if isinstance(data, bytes) else data)
        with _writable(self._file):
            self._stream.write(data.encode() if isinstance(data, str) else data)

    def _open(self, path: Path, closing: contextlib.ExitStack) -> IO[bytes]:
        with _writable(path):
            if path.exists() and not path.is_file():  # a pipe or a device is written to, not replaced
                return closing.enter_context(path.open("wb"))
            handle, self._temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            closing.callback(self._remove)
            return closing.enter_context(os.fdopen(handle, "wb"))

    def _remove(self) -> None:
        if self._temporary:
            Path(self._temporary).unlink(missing_ok=True)


@contextlib.contextmanager
def _writable(path: Path | None) -> Generator[None]:
    """Raises Problems where something cannot be written; a closed pipe is no problem."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if path is None:  # nobody need try to write what is left of it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason = error.strerror or type(error).__name__
        message = _("cannot be written: {reason}").format(reason=reason)
        raise Problems([Problem("E108", message, str(path or _("standard output")))]) from None


class Progress:
    """How far it is, on stderr: on a terminal, or where a file is large."""

    ON_TERMINAL, ON_LINES = 0.3, 5.0
    """Seconds between two messages."""
    LARGE = 64 << 20

    def __init__(self, files: Iterable[str]) -> None:
        self._sizes = {file: size for file in files if (size := _size(Path(file)))}
        self._total, self._before, self._file, self._read = sum(self._sizes.values()), 0, "", 0
        self._terminal = sys.stderr.isatty()
        self._every = self.ON_TERMINAL if self._terminal else self.ON_LINES
        self._shown = self._terminal or self._total > self.LARGE
        self._last = time.monotonic()
        self._line = False

    def at(self, file: str, read: int, done: int) -> None:
        """So many bytes of a file are done, and so many candidates in all."""
        if file != self._file:
            self._before, self._file = self._before + self._read, file
        self._read = min(read, self._sizes.get(file, 0))
        now = time.monotonic()
        if not self._shown or now - self._last < self._every:
            return
        self._last = now
        text = ngettext("{n} candidate", "{n} candidates", done).format(n=done)
        if self._total:
            text = f"{100 * (self._before + self._read) // self._total}% · {text}"
        self.clear()
        click.echo(text, err=True, nl=not self._terminal)
        self._line = self._terminal

    def clear(self) -> None:
        """Make room for another line."""
        if self._line:
            click.echo("\r\033[K", err=True, nl=False)
            self._line = False


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except (OSError, ValueError):
        return 0
