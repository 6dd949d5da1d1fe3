"""The measures as switches, grouped by sector."""

from __future__ import annotations

from textwrap import wrap

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trajectsim.tui.viewmodel import MeasureRow, PathView
from trajectsim.tui.widgets.paint import painted

_INDENT = 4


class Switches(OptionList):
    """A list of measures; choosing one (enter, a click) flips it. The ids of its options are those of the measures."""

    def __init__(self) -> None:
        super().__init__(id="switches")
        self._view: PathView | None = None

    def draw(self, view: PathView) -> None:
        """Show the measures of a view, its cursor highlighted."""
        if not self.scrollable_content_region.width:  # not laid out yet: on_resize draws it
            self._view = view
            return
        fresh = (
            not self.option_count
            or self._view is None
            or [row.id for row in view.rows] != [row.id for row in self._view.rows]
        )
        self._view = view
        with self.prevent(OptionList.OptionHighlighted):
            if fresh:
                self.clear_options()
                self.add_options(self._made(view))
            else:
                for index, option in enumerate(self._made(view)):
                    if _painted_otherwise(option, self.get_option_at_index(index)):
                        self.replace_option_prompt_at_index(index, option.prompt)
            self.highlighted = self.get_option_index(view.row.id)

    def on_resize(self) -> None:
        if self._view is not None:
            self.draw(self._view)

    def _made(self, view: PathView) -> list[Option]:
        options: list[Option] = []
        for sector in view.sectors:
            gap = "\n" if options else ""
            options.append(Option(painted([(gap + sector.label, "head")]), id=f"sector-{sector.id}", disabled=True))
            options.extend(Option(self._prompt(row), id=row.id) for row in sector.rows)
        return options

    def _prompt(self, row: MeasureRow) -> Content:
        parts: list[tuple[str, str]] = [(f"{row.box} ", row.role)]
        parts.append((self._wrapped(row.label), "greyed" if row.role == "greyed" else ""))
        if row.at_work:
            parts.append((" ◂", "work"))
        for extra, role in ((row.reason, row.role), (row.period, "article")):
            if extra:
                parts.append((f"\n{' ' * _INDENT}{self._wrapped(extra)}", role))
        return painted(parts)

    def _wrapped(self, text: str) -> str:
        room = max(12, self.scrollable_content_region.width - _INDENT - 2)
        return f"\n{' ' * _INDENT}".join(wrap(text, room))


def _painted_otherwise(option: Option, other: Option) -> bool:
    """Whether two prompts differ in text or colour; contents by themselves compare their text only."""
    prompt, old = option.prompt, other.prompt
    if not (isinstance(prompt, Content) and isinstance(old, Content)):
        return True
    return (prompt.plain, prompt.spans) != (old.plain, old.spans)
