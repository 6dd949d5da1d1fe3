"""A tree of lines that wraps: long reasons stay readable in a narrow terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trajectsim.tui.widgets.paint import SIGN_ONLY, painted
from trajectsim.tui.yearview import Line


class Outline(OptionList):
    """Folds and unfolds lines with enter or a click; what was folded stays folded from year to year. ``name``: its id
    for styles."""

    def __init__(self, name: str = "outline") -> None:
        super().__init__(id=name)
        self._tree: tuple[Line, ...] = ()
        self._folds: dict[str, bool] = {}
        self._drawn: tuple[object, ...] = ()

    def draw(self, lines: tuple[Line, ...]) -> None:
        """Show these lines. Read, the highlight stays on a line of the same key, else it goes to the first."""
        self._tree = lines
        self._redraw()

    @property
    def rule(self) -> str:
        """The rule behind the highlighted line or the nearest line over it that has one, "" where none has."""
        here = self.highlighted_option.id if self.highlighted_option else None
        return next((rule for line, rule in _rules(self._tree, "") if line.key == here), "")

    def on_resize(self) -> None:
        self._redraw()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        line = next((line for line, _depth in self._visible() if line.key == event.option_id), None)
        if line is not None and line.children:
            self._folds[line.key] = not self._unfolded(line)
            self._redraw()

    def _unfolded(self, line: Line) -> bool:
        return self._folds.get(line.key, line.shown)

    def _visible(self) -> Iterator[tuple[Line, int]]:
        def under(lines: tuple[Line, ...], depth: int) -> Iterator[tuple[Line, int]]:
            for line in lines:
                yield line, depth
                if self._unfolded(line):
                    yield from under(line.children, depth + 1)

        yield from under(self._tree, 0)

    def _redraw(self) -> None:
        width = self.scrollable_content_region.width
        visible = list(self._visible())
        told = ((line.key, line.text, line.role, line.aside, depth, self._unfolded(line)) for line, depth in visible)
        drawn = (width, tuple(told))
        if not width or drawn == self._drawn:
            return
        self._drawn = drawn
        keep = self.highlighted_option.id if self.highlighted_option and self.has_focus else None
        with self.prevent(OptionList.OptionHighlighted):
            self.clear_options()
            self.add_options(Option(self._prompt(line, depth, width), id=line.key) for line, depth in visible)
            keys = [line.key for line, _depth in visible]
            self.highlighted = keys.index(keep) if keep in keys else 0 if keys else None

    def _prompt(self, line: Line, depth: int, width: int) -> Content:
        fold = ("▾ " if self._unfolded(line) else "▸ ") if line.children else "  "
        sign = f"{line.sign} " if line.sign else ""
        first = "  " * depth + fold
        rest = " " * (len(first) + len(sign))
        room = max(16, width - len(rest) - 1)
        text = wrap(line.text, room) or [""]
        parts = [(first, "axis"), (sign, line.role)]
        parts.append((f"\n{rest}".join(text), "" if line.role in SIGN_ONLY else line.role))
        if line.aside and not self._unfolded(line):
            beside = len(text[-1]) + len(_BETWEEN) + len(line.aside) <= room
            behind = _BETWEEN + line.aside if beside else "".join(f"\n{rest}{each}" for each in wrap(line.aside, room))
            parts.append((behind, "article"))
        return painted(parts)


def _rules(lines: tuple[Line, ...], over: str) -> Iterator[tuple[Line, str]]:
    """Every line with the rule behind it."""
    for line in lines:
        yield line, line.rule or over
        yield from _rules(line.children, line.rule or over)


_BETWEEN = " · "
