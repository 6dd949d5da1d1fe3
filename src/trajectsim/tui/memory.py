"""What the workbench remembers between two times that it is opened: recent files, work that was not saved, crashes.

It lies in the folder for state of the system, for nobody else to read. No Textual here.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import traceback
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, cast
from uuid import uuid4

from attrs import asdict, frozen

from trajectsim import __version__
from trajectsim.errors import Problems
from trajectsim.reading import absolute
from trajectsim.writing import write_file

MOST_RECENT = 12
MOST_REPORTS = 10
SHORTEST = 3
"""A name of fewer letters is not looked for in a report: it is in every other word."""


@frozen
class Kept:
    """Work that was not saved: the text of a scenario with its file and what stands in that, marks as a table."""

    when: str = ""
    file: str = ""
    text: str = ""
    saved: str = ""
    variant: str = ""
    marks: str = ""

    @property
    def work(self) -> tuple[str, str, str]:
        """What would be lost."""
        return (self.file, self.text, self.marks)


class Memory:
    """``folder`` is made when something is written. Where it cannot be, nothing is remembered, and nothing else goes
    wrong for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._own = f"{datetime.now():%Y%m%d-%H%M%S}-{uuid4().hex[:8]}"
        self._lock: IO[str] | None = None

    # --- recent files and choices

    def recalled(self) -> dict[str, Any]:
        """What was remembered, by name."""
        try:
            told: Any = json.loads((self.folder / "remembered.json").read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return cast("dict[str, Any]", told) if isinstance(told, dict) else {}

    def remember(self, **values: Any) -> None:
        """Remember values beside what is remembered."""
        self._write(self.folder / "remembered.json", {**self.recalled(), **values})

    def recent(self) -> list[str]:
        """Files that were opened and are there still, the last one first."""
        told = self.recalled().get("recent")
        listed = cast("list[Any]", told) if isinstance(told, list) else []
        names = [name for name in listed if isinstance(name, str)]
        return [name for name in names if os.path.isfile(name)]

    def opened(self, file: str) -> None:
        """A file was opened or saved."""
        name = str(absolute(file))
        self.remember(recent=[name, *(each for each in self.recent() if each != name)][:MOST_RECENT])

    # --- work that was not saved

    @property
    def _work(self) -> Path:
        return self.folder / "work"

    def keep(self, kept: Kept) -> None:
        """Keep work until it is dropped; after a crash it is found by ``left``."""
        if self._lock is None:
            self._lock = _locked(self._work / f"{self._own}.lock", make=True)
        self._write(self._work / f"{self._own}.json", asdict(kept))

    def drop(self) -> None:
        """The work is saved, or given up."""
        _removed(self._work / f"{self._own}.json")
        if self._lock is not None:
            self.let_go()
            _removed(self._work / f"{self._own}.lock")

    def let_go(self) -> None:
        """Leave what is kept to who opens a workbench next, as the end of the process does."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def left(self) -> list[tuple[Path, Kept]]:
        """Work that was left by a workbench that is no more, the newest first."""
        found: list[tuple[Path, Kept]] = []
        for file in sorted(self._work.glob("*.json"), reverse=True) if os.path.isdir(self._work) else ():
            lock = _locked(file.with_suffix(".lock"), make=False)
            if lock is None:
                continue  # somebody works on it
            lock.close()
            with suppress(OSError, ValueError, TypeError, RecursionError):
                found.append((file, Kept(**json.loads(file.read_text("utf-8")))))
        return found

    @staticmethod
    def forget(file: Path) -> None:
        """Throw work away that was left."""
        _removed(file)
        _removed(file.with_suffix(".lock"))

    # --- crashes

    def report(self, error: BaseException, about: Iterable[tuple[str, str]], names: Iterable[str]) -> Path | None:
        """Write what went wrong and where, without the names of pupils; the file, or None where none can be written."""
        told = [f"trajectsim {__version__}", f"Python {platform.python_version()} · {platform.platform()}"]
        told += [f"{name}: {value}" for name, value in about]
        told += ["", _without("".join(traceback.format_exception(error)), names)]
        folder = self.folder / "crashes"
        file = folder / f"{datetime.now():%Y%m%d-%H%M%S}.txt"
        with suppress(OSError, Problems):
            _made(folder)
            write_file(file, "\n".join(told))
            for old in sorted(folder.glob("*.txt"))[:-MOST_REPORTS]:
                _removed(old)
            return file
        return None

    def _write(self, file: Path, told: Any) -> None:
        with suppress(OSError, Problems):
            _made(file.parent)
            write_file(file, json.dumps(told, ensure_ascii=False, indent=1))
            file.chmod(0o600)


def now() -> str:
    """The time, as it is kept."""
    return datetime.now().isoformat(timespec="seconds")


def _without(text: str, names: Iterable[str]) -> str:
    """A text without names, whole and in parts."""
    words = {part for name in names for part in (name, *name.split()) if len(part) >= SHORTEST}
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "…")
    return text


def _made(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _removed(file: Path) -> None:
    with suppress(OSError):
        file.unlink()


_STALE = timedelta(hours=1)
"""Where files cannot be locked, work that was not kept again for so long is taken to be left."""


def _locked(file: Path, *, make: bool) -> IO[str] | None:
    """The file, open and locked; None when somebody else has it."""
    with suppress(OSError):
        if make:
            _made(file.parent)
    if sys.platform == "win32":
        kept = file.with_suffix(".json")
        fresh = kept.exists() and datetime.now() - datetime.fromtimestamp(kept.stat().st_mtime) < _STALE
        return None if fresh and not make else open(file, "a")
    import fcntl

    try:
        stream = open(file, "a")  # noqa: SIM115 - it stays locked as long as it is open
    except OSError:
        return None
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stream.close()
        return None
    return stream
