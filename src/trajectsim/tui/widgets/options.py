"""A list of options in a prompt."""

from __future__ import annotations

from textual.widgets import OptionList


class Options(OptionList):
    """A page up or down does nothing while there is no room for the list, which has no lines then."""

    def action_page_up(self) -> None:
        if self.scrollable_content_region:
            super().action_page_up()

    def action_page_down(self) -> None:
        if self.scrollable_content_region:
            super().action_page_down()
