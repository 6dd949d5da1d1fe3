"""The rows of the law, kept once they were found right: reading them again is most of the start of a command.

They are kept in the user's cache folder, for the very text that they were made of: that of the data and of the modules
that read it. What is there is believed as far as the user's other files are.
"""

from __future__ import annotations

import contextlib
import os
import pickle
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from platformdirs import user_cache_path

from trajectsim.law.loading import LawText

PACKAGE = Path(__file__).parents[1]
SOURCES = ("*.py", "law/*.py", "law/data/*.toml")
"""What the rows are made of and by."""

MOST = 8
"""How many laws are kept: of several installed versions, each has its own."""


def kept_rows(make: Callable[[], LawText]) -> LawText:
    """The rows that were kept for the law as it is; else those that ``make`` gives, which are kept if possible."""
    file = kept_in()
    with contextlib.suppress(Exception):  # not there, or not what was written: whatever it is, it can be made again
        rows = pickle.loads(file.read_bytes())
        if isinstance(rows, LawText):
            return rows
    rows = make()
    with contextlib.suppress(OSError):
        put(file, pickle.dumps(rows, pickle.HIGHEST_PROTOCOL), MOST)
    return rows


def kept_in() -> Path:
    """Where the rows of the law as it is are kept."""
    digest = blake2b(digest_size=12)
    for pattern in SOURCES:
        for source in sorted(PACKAGE.glob(pattern)):
            digest.update(b"%s\0%d\0" % (source.name.encode(), source.stat().st_size) + source.read_bytes())
    return user_cache_path("trajectsim") / f"law-{digest.hexdigest()}.rows"


def put(file: Path, content: bytes, most: int) -> None:
    """Put a file in the cache folder in one go, and of its kind all but the newest away. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kind = f"{file.name.partition('-')[0]}-*{file.suffix}"
    others = sorted(file.parent.glob(kind), key=lambda other: other.stat().st_mtime)
    for old in others[: -most + 1]:
        old.unlink(missing_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_bytes(content)
    part.replace(file)
