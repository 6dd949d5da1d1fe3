"""Editing scenarios that are there: names mended, the layout made even; comments and order stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from trajectsim.errors import Problem, Problems
from trajectsim.reading import parse, read_text
from trajectsim.words import _
from trajectsim.writing import write_file


def mend(path: Path, problems: Iterable[Problem]) -> int:
    """Put the safe fix in the place of each name that has one; how many. Raises Problems when it cannot be written."""
    own = [problem for problem in problems if problem.fix and problem.place is not None and problem.file == str(path)]
    write_file(path, mended(read_text(path), own))
    return len(own)


def mended(text: str, problems: Iterable[Problem]) -> str:
    """A text with the fix of each problem in its place; from the end, so that what is before keeps its place."""
    lines = text.split("\n")
    for problem in sorted(problems, key=lambda p: p.position, reverse=True):
        if problem.place is None:
            continue
        line, start = lines[problem.place.line - 1], problem.place.column - 1
        old = line[start : start + problem.place.width]
        quote = old[:1] if old[:1] in ("'", '"') else ""
        lines[problem.place.line - 1] = f"{line[:start]}{quote}{problem.fix}{quote}{line[start + len(old) :]}"
    return "\n".join(lines)


def formatted(text: str, file: str) -> str:
    """The text with an even layout: ``key = value``, one empty line before a table, none doubled, none at the end.
    Raises Problems when it is no TOML, or would be another document than before."""
    before = parse(text, file)
    new = _spaced(text)
    if parse(new, file) != before:
        raise Problems([Problem("S004", _("this cannot be laid out without changing it"), file)])
    return new


_KEY = re.compile(r"""^((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)[ \t]*=[ \t]*""")
_HEADER = re.compile(r"\[\[?[^\[\],]*\]\]?\s*(?:#.*)?$")
_STRINGS = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL)


def _spaced(text: str) -> str:
    """Lines without blanks at their ends, an empty one before each header or the comment above it."""
    text = text.replace("\r\n", "\n")
    begun, going = set[int](), set[int]()
    for match in _STRINGS.finditer(text):
        first, last = text.count("\n", 0, match.start()), text.count("\n", 0, match.end())
        begun |= {first} if last > first else set()
        going |= set(range(first + 1, last + 1))
    out: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number in going:  # the line goes on a text of several lines
            out.append(line)
            continue
        line = _KEY.sub(r"\1 = ", line)
        line = line if number in begun else line.rstrip()
        if _HEADER.match(line):
            at = len(out)
            while at and out[at - 1].startswith("#") and not out[at - 1].startswith("#:"):
                at -= 1
            if at and out[at - 1]:
                out.insert(at, "")
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip("\n") + "\n"
