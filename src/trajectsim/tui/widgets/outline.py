"""A tree of lines that wraps: long reasons stay readable in a narrow terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from trajectsim.tui.widgets.paint import SIGN_ONLY
from trajectsim.tui.widgets.rows import Row, Rows, row
from trajectsim.tui.yearview import Line


class Outline(Rows):
    """Folds and unfolds lines with enter or a click; what was folded stays folded from year to year. ``name``: its id
    for styles."""

    def __init__(self, name: str = "outline") -> None:
        super().__init__(name)
        self._tree: tuple[Line, ...] = ()
        self._first = ""
        self._folds: dict[str, bool] = {}
        self._drawn: tuple[object, ...] = ()

    def draw(self, lines: tuple[Line, ...], first: str = "") -> None:
        """Show these lines. Read, the highlight stays on a line of the same key, else it goes to that of the key
        ``first``, else to the first."""
        self._tree, self._first = lines, first
        self._show()

    @property
    def trail(self) -> tuple[Line, ...]:
        """The highlighted line and the lines over it, the nearest first; none where nothing is highlighted."""
        return next((trail for trail in _trails(self._tree, ()) if trail[0].key == self.highlighted), ())

    @property
    def rule(self) -> str:
        """The rule behind the highlighted line or the nearest line over it that has one, "" where none has."""
        return next((line.rule for line in self.trail if line.rule), "")

    def on_resize(self) -> None:
        self._show()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        line = next((line for line, _depth in self._visible() if line.key == event.key), None)
        if line is not None and line.children:
            self._folds[line.key] = not self._unfolded(line)
            self._show()

    def _unfolded(self, line: Line) -> bool:
        return self._folds.get(line.key, line.shown)

    def _visible(self) -> Iterator[tuple[Line, int]]:
        def under(lines: tuple[Line, ...], depth: int) -> Iterator[tuple[Line, int]]:
            for line in lines:
                yield line, depth
                if self._unfolded(line):
                    yield from under(line.children, depth + 1)

        yield from under(self._tree, 0)

    def _show(self) -> None:
        width = self.scrollable_content_region.width
        visible = list(self._visible())
        told = ((line.key, line.text, line.role, line.aside, depth, self._unfolded(line)) for line, depth in visible)
        drawn = (width, tuple(told))
        if not width or drawn == self._drawn:
            return
        self._drawn = drawn
        rows = [self._row(line, depth, width) for line, depth in visible]
        keep = self.highlighted if self.has_focus else None
        keys = {line.key for line, _depth in visible}
        self.put(rows, keep if keep in keys else self._first)

    def _row(self, line: Line, depth: int, width: int) -> Row:
        fold = ("▾ " if self._unfolded(line) else "▸ ") if line.children else "  "
        sign = f"{line.sign} " if line.sign else ""
        first = "  " * depth + fold
        rest = " " * (len(first) + len(sign))
        room = max(16, width - len(rest) - 2)
        text = wrap(line.text, room) or [""]
        parts = [(first, "axis"), (sign, line.role)]
        parts.append((f"\n{rest}".join(text), "" if line.role in SIGN_ONLY else line.role))
        if line.aside and not self._unfolded(line):
            beside = len(text[-1]) + len(_BETWEEN) + len(line.aside) <= room
            behind = _BETWEEN + line.aside if beside else "".join(f"\n{rest}{each}" for each in wrap(line.aside, room))
            parts.append((behind, "article"))
        return row(line.key, parts)


def _trails(lines: tuple[Line, ...], over: tuple[Line, ...]) -> Iterator[tuple[Line, ...]]:
    """Every line with those over it."""
    for line in lines:
        trail = (line, *over)
        yield trail
        yield from _trails(line.children, trail)


_BETWEEN = " · "
