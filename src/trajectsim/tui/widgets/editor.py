"""The text of a scenario, coloured as TOML, with what is wrong told behind the line on which it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.theme import Theme
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from trajectsim.errors import Problem

_SYNTAX = {
    "comment": "secondary",
    "string": "success",
    "number": "accent",
    "boolean": "accent",
    "type": "warning",
    "heading": "primary",
    "property": "primary",
    "toml.type": "primary",
    "toml.datetime": "accent",
    "toml.error": "error",
    "keyword": "primary",
}
"""The colour of the theme for what the parser calls the parts of a text."""


class Editor(TextArea):
    """Undo and redo are those of the workbench. ``tell`` gives it the problems of its text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "app.undo", show=False),
        Binding("ctrl+y", "app.redo", show=False),
        Binding("ctrl+s", "app.save", show=False),
    ]

    def __init__(self) -> None:
        self._wrong: dict[int, list[Problem]] = {}
        self._heard = ""
        super().__init__("", id="text", language="toml", show_line_numbers=True, tab_behavior="focus", soft_wrap=False)

    def tell(self, problems: Iterable[Problem]) -> None:
        """Show problems behind their lines."""
        wrong: dict[int, list[Problem]] = {}
        for problem in problems:
            if problem.place is not None:
                wrong.setdefault(problem.place.line - 1, []).append(problem)
        if wrong != self._wrong:
            self._wrong = wrong
            self._refresh_size()
            self._line_cache.clear()  # pyright: ignore[reportUnknownMemberType]
            self.refresh()

    def _refresh_size(self) -> None:
        """As wide as the longest line with what is told behind it, as far as that is in sight without scrolling."""
        super()._refresh_size()
        told = (
            len(self.document.get_line(n)) + sum(len(f"  ✗ {each.message}") for each in wrong)
            for n, wrong in self._wrong.items()
            if n < self.document.line_count
        )
        width, height = self.virtual_size
        widest = max((n + self.gutter_width + 1 for n in told), default=0)
        self.virtual_size = Size(max(width, min(widest, self.scrollable_content_region.width)), height)

    def put(self, text: str, *, fresh: bool = False) -> None:
        """Another text, with the cursor where it was if that is still there; only what differs is replaced. A ``fresh``
        one is read from the top. Letters that nobody has heard of yet are not put back: they are told next."""
        old = self.text
        if not fresh and old != self._heard:
            return
        self._heard = text
        if fresh:
            self.load_text(text)
        if fresh or text == old:
            return
        same = next((n for n, (a, b) in enumerate(zip(old, text, strict=False)) if a != b), min(len(old), len(text)))
        tail = 0
        while tail < min(len(old), len(text)) - same and old[-1 - tail] == text[-1 - tail]:
            tail += 1
        start, end = self._location(old, same), self._location(old, len(old) - tail)
        self.replace(text[same : len(text) - tail], start, end, maintain_selection_offset=True)

    def heard(self) -> str:
        """The text as it is now, for the scenario to be changed to."""
        self._heard = self.text
        return self._heard

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor at a line and a column that count from 1."""
        line = min(max(line, 1), self.document.line_count)
        self.move_cursor((line - 1, min(column - 1, len(self.document.get_line(line - 1)))), center=True)

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        colours = {name: getattr(theme, colour) for name, colour in _SYNTAX.items()}
        name = f"of-{theme.name}"
        front, behind = theme.foreground or "", theme.background or ""
        self.register_theme(
            TextAreaTheme(
                name,
                base_style=Style(color=front, bgcolor=behind),
                gutter_style=Style(color=theme.secondary, bgcolor=behind),
                cursor_style=Style(color=behind, bgcolor=front),
                cursor_line_style=Style(bgcolor=theme.surface),
                cursor_line_gutter_style=Style(color=theme.primary, bgcolor=theme.surface, bold=True),
                bracket_matching_style=Style(bold=True, underline=True),
                selection_style=Style(bgcolor=theme.panel),
                syntax_styles={key: Style(color=value) for key, value in colours.items()},
            )
        )
        self.theme = name
        self._told_style = Style(color=theme.error, bold=True)
        self._line_cache.clear()  # pyright: ignore[reportUnknownMemberType]

    def get_line(self, line_index: int) -> Text:
        """The line, with what is wrong with it underlined and told behind it."""
        line = super().get_line(line_index)
        for problem in self._wrong.get(line_index, ()):
            if problem.place is not None:
                start = problem.place.column - 1
                line.stylize(Style(underline=True), start, start + problem.place.width)
        for problem in self._wrong.get(line_index, ()):
            line.append(f"  ✗ {problem.message}", self._told_style)
        return line

    _told_style = Style(bold=True)

    @staticmethod
    def _location(text: str, offset: int) -> tuple[int, int]:
        before = text[:offset]
        return before.count("\n"), offset - (before.rfind("\n") + 1)
