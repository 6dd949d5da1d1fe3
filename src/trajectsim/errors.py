"""Problems: what is wrong with something a person wrote, where, and what to do. They are collected first."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

Key = str | int
"""One step into a document: the name of a key, or the index in an array."""


@frozen
class Place:
    """A stretch of a file. Lines and columns count from 1, columns in characters; ``width`` is at least 1."""

    line: int
    column: int
    width: int = 1


@frozen
class Problem:
    """One thing that is wrong.

    ``at`` is the path of keys in the document; ``on_key`` says that the key itself is wrong and not its value.
    ``place`` and ``excerpt`` are filled in once the document was looked through for them. ``fix`` is what can stand
    there without changing what is meant.
    """

    code: str
    message: str
    file: str = ""
    at: tuple[Key, ...] = ()
    on_key: bool = False
    hint: str = ""
    place: Place | None = None
    excerpt: str = field(default="", repr=False)
    fix: str = ""

    @property
    def position(self) -> tuple[int, int]:
        """Line and column, to sort by; what has none comes first."""
        return (self.place.line, self.place.column) if self.place else (0, 0)

    @property
    def where(self) -> str:
        """file:line:column, as far as it is known."""
        if self.place is None:
            return self.file
        return f"{self.file}:{self.place.line}:{self.place.column}"

    def data(self) -> dict[str, str | int | None]:
        """The problem with its place as plain data, ready for json."""
        return {
            "file": self.file,
            "line": self.place.line if self.place else None,
            "column": self.place.column if self.place else None,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
        }

    @property
    def told(self) -> str:
        """The problem as it is told beside its file: line and column, what is wrong, what to do about it."""
        where = f"{self.place.line}:{self.place.column} " if self.place is not None else ""
        return f"{where}{self.message}{f' · {self.hint}' if self.hint else ''}"

    def __str__(self) -> str:
        head = f"{self.where} error {self.code}: {self.message}"
        lines = [head.strip()]
        if self.place is not None and self.place.column <= len(self.excerpt) + 1:
            gutter = f"{self.place.line:>5} | "
            lines.append(gutter + self.excerpt)
            lines.append(" " * (len(gutter) - 2) + "| " + " " * (self.place.column - 1) + "^" * self.place.width)
        if self.hint:
            lines.append(f"      = {self.hint}")
        return "\n".join(lines)


class Problems(Exception):
    """Input that cannot be used, with every problem found in it, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.position)))
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def told(self) -> str:
        """Every problem as it is told beside its file, a line each."""
        return "\n".join(problem.told for problem in self.problems)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like a word that is none, of equals the one that begins most like it, or None."""
    from difflib import SequenceMatcher, get_close_matches  # only needed when a word is wrong

    def like(name: str) -> tuple[float, int]:
        parts = [n for n, (one, other) in enumerate(zip(name, word, strict=False)) if one != other]
        return SequenceMatcher(None, name, word).ratio(), min(parts, default=min(len(name), len(word)))

    return max(get_close_matches(word, list(known), n=5, cutoff=0.6), key=like, default=None)


def spelled(word: str, known: Iterable[str]) -> str:
    """The known name that a word is but for hyphens, underscores and capitals; empty when it is none."""
    plain = word.lower().replace("_", "-")
    same = [name for name in known if name.lower().replace("_", "-") == plain]
    return same[0] if len(same) == 1 else ""
