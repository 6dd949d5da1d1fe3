"""What a cohort has found out of the law, kept between runs: asking the law is most of the time of a first run.

A file in the user's cache folder for each law and set of policies, for the very text of trajectsim and its data. It can
be taken away at any time: what is not there is found out again, and gives the same bytes. What is in it is believed as
far as the user's other files are, once it is whole.
"""

from __future__ import annotations

import contextlib
import copyreg
import gc
import io
import pickle
from collections.abc import Generator
from hashlib import blake2b
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from trajectsim.cohort.grid import Grid
from trajectsim.law.exams import Subject
from trajectsim.law.facts import Fact
from trajectsim.law.keeping import put
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.places import Track
from trajectsim.learning.ties import Ties, shipped

MOST = 16
"""How many files are kept."""
LARGEST = 1 << 26
"""How many bytes a file has at most: of what is larger the oldest part would serve nobody any more."""
_MARK = 16
"""The bytes at the head of a file that tell whether the rest is whole."""


def kept_grid(key: str, law: Lawbook) -> Grid | None:
    """The grid that was kept for a key; None where there is none, or where it is not as it was written."""
    with contextlib.suppress(Exception), _at_once():  # not there, or not what was written: it can be made again
        content = grid_file(key).read_bytes()
        mark, packed = content[:_MARK], content[_MARK:]
        if mark == mark_of(packed):
            grid = _Unpickler(packed, law).load()
            return grid if isinstance(grid, Grid) else None
    return None


def keep_grid(key: str, grid: Grid) -> None:
    """Keep a grid, in the place of the one that was; nothing where there is no room for it."""
    into = io.BytesIO()
    with _at_once():
        _Pickler(into, grid.law).dump(grid)
    packed = into.getvalue()
    if len(packed) <= LARGEST:
        with contextlib.suppress(OSError):
            put(grid_file(key), mark_of(packed) + packed, MOST)


def grid_file(key: str) -> Path:
    """Where the grid of a key is kept."""
    return user_cache_path("trajectsim") / f"cohort-{key}.grid"


# --- how it does it -----------------------------------------------------------------------------------------


@contextlib.contextmanager
def _at_once() -> Generator[None]:
    """Without looking for what is no longer used among many objects that all are."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def mark_of(packed: bytes) -> bytes:
    """What tells whether so many bytes are whole."""
    return blake2b(packed, digest_size=_MARK).digest()


_WHOLE, _KINDS = ("tracks", "facts", "subjects"), (Track, Fact, Subject)
"""The rows of the law that a grid has as they are there, and not as a copy."""


def _row(which: str, name: str) -> Any:
    """Stands in a file for a row of the law, the law itself and the ties, which are there when it is read."""
    raise NotImplementedError(which, name)


class _Pickler(pickle.Pickler):
    """Writes rows of the law by their ids; by their type, so that nothing is asked of what is none."""

    def __init__(self, into: Any, law: Lawbook) -> None:
        super().__init__(into, pickle.HIGHEST_PROTOCOL)
        rows = {id(row): (which, name) for which in _WHOLE for name, row in getattr(law, which).items()}
        rows |= {id(law): ("law", ""), id(shipped()): ("ties", "")}

        def reduced(obj: Any) -> Any:
            told = rows.get(id(obj))
            return obj.__reduce_ex__(pickle.HIGHEST_PROTOCOL) if told is None else (_row, told)

        self.dispatch_table = {**copyreg.dispatch_table, **dict.fromkeys((Lawbook, Ties, *_KINDS), reduced)}


class _Unpickler(pickle.Unpickler):
    def __init__(self, packed: bytes, law: Lawbook) -> None:
        super().__init__(io.BytesIO(packed))
        self._law = law

    def find_class(self, module: str, name: str, /) -> Any:
        return self._there if (module, name) == (__name__, _row.__name__) else super().find_class(module, name)

    def _there(self, which: str, name: str) -> Any:
        whole = {"law": self._law, "ties": shipped()}
        return whole[which] if which in whole else getattr(self._law, which)[name]
