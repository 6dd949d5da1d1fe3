"""The policies that can be run. What choosing one does is the screen's."""

from __future__ import annotations

from textwrap import wrap

from trajectsim.tui.cohortview import CohortView
from trajectsim.tui.widgets.rows import Row, Rows, row


class Policies(Rows):
    """What they are policies for, and a row a policy, whose id is its key."""

    def __init__(self) -> None:
        super().__init__("policies")
        self._view: CohortView | None = None

    def draw(self, view: CohortView) -> None:
        """Show the policies of a view."""
        self._view = view
        width = self.scrollable_content_region.width
        if width:  # else it is not laid out yet: on_resize draws it
            title = row("", [("\n".join(wrap(view.title, width - 2)), "article")], enabled=False)
            self.put([title, *(_row(view, n, width) for n in range(len(view.policies)))], self.highlighted)

    def on_resize(self) -> None:
        super().on_resize()
        if self._view is not None:
            self.draw(self._view)


def _row(view: CohortView, index: int, width: int) -> Row:
    policy = view.policies[index]
    text = "\n    ".join(wrap(policy.label, max(10, width - 6)))
    return row(
        policy.id, [(f"{policy.box} ", "on" if policy.chosen else "off"), (text, "head" if policy.first else "")]
    )
