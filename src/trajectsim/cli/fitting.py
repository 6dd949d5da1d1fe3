"""Text for a terminal: lines that are too long for it end between words. In a pipe or a file a line stays a line."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap

_DRAWN = re.compile(r"[─━╌│]|^ *\d* *\| ")
"""A line of a map, a picture or a file that is shown, which would be none when it is broken."""
_GAPS = re.compile(r"(?<=\S) {3,}(?=\S)")
_BESIDE = 10
"""A gap after fewer columns sets apart a sign or a word, not a column of a table."""
_HANG = 2


def on_terminal(text: str, *, err: bool = False) -> str:
    """The text as it is to be printed: fitted where standard output, or that of errors, is a terminal."""
    stream = sys.stderr if err else sys.stdout
    return fitted(text, shutil.get_terminal_size().columns) if stream.isatty() else text


def fitted(text: str, width: int) -> str:
    """The text with no line wider than so many columns, as far as its words allow."""
    return "\n".join(_line(line, width) for line in text.split("\n"))


def _line(line: str, width: int) -> str:
    if len(line) <= width or _DRAWN.search(line):
        return line
    narrowed = _narrowed(line, len(line) - width)
    return narrowed if len(narrowed) <= width else _wrapped(narrowed, width)


def _narrowed(line: str, over: int) -> str:
    """The line with its columns closer together, the first gap first, two spaces left in each."""

    def less(gap: re.Match[str]) -> str:
        nonlocal over
        taken = min(over, len(gap[0]) - 2) if gap.start() >= _BESIDE else 0
        over -= taken
        return gap[0][taken:]

    return _GAPS.sub(less, line)


def _wrapped(line: str, width: int) -> str:
    """The line in several, each but the first a little further to the right than the sign or word it begins with."""
    indent = re.match(r" *(?:[^\w\s] )?", line)
    hang = len(indent[0]) + _HANG if indent else _HANG
    return textwrap.fill(
        line,
        width,
        subsequent_indent=" " * min(hang, width // 2),
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
        replace_whitespace=False,
    )
