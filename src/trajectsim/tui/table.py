"""The screens of the workbench: their keys, what they are called, what they need, and where they are made.

A screen is a row here and nothing else: the line of screens at the top, the keys 1 to 7, the command palette, the help
and ``--plain --screen`` are read from it. ``screen`` and ``plain`` are names, so that a screen is imported when it is
first shown. No Textual here.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from attrs import frozen

from trajectsim.words import N_, _


@frozen
class Entry:
    """A screen. ``brief`` is its name, ``about`` what it shows; ``needs`` what has to be open: "walk" a scenario whose
    pupil can walk, "cohort" one of a cohort, nothing.

    ``screen`` names a class that is made without arguments and is a ``tui.screens.base.BenchScreen``; ``plain`` a
    function from ``tui.state.State`` to the lines of its text.
    """

    number: int
    id: str
    brief: str
    about: str
    screen: str
    plain: str = ""
    needs: str = ""

    @property
    def label(self) -> str:
        return _(self.brief)

    @property
    def help(self) -> str:
        return _(self.about)

    @property
    def action(self) -> str:
        """What its key does."""
        return f"app.show_screen('{self.id}')"

    def made(self, name: str) -> Any:
        """What ``screen`` or ``plain`` names."""
        module, _colon, attribute = name.partition(":")
        return getattr(import_module(f"trajectsim.tui.{module}"), attribute)


SCREENS = (
    Entry(
        1,
        "path",
        N_("path"),
        N_("the path of the pupil as a map, with the measures as switches"),
        "screens.path:PathScreen",
        "pathplain:lines",
        "walk",
    ),
    Entry(
        2,
        "options",
        N_("options"),
        N_("step through the life: what may be done each year, what not and why; choose, undo, branch"),
        "screens.options:OptionsScreen",
        "optionsplain:lines",
        "walk",
    ),
    Entry(
        3,
        "exam",
        N_("exam"),
        N_("type marks, see the verdict turn and what is still needed"),
        "screens.exam:ExamScreen",
        "examplain:lines",
    ),
    Entry(
        4,
        "compare",
        N_("compare"),
        N_("two to four paths under each other: where they differ, and what that comes to"),
        "screens.compare:CompareScreen",
        "compareplain:lines",
        "walk",
    ),
    Entry(
        5,
        "cohort",
        N_("cohort"),
        N_("policies side by side on a birth cohort: what changes, how sure that is, and for which children"),
        "screens.cohort:CohortScreen",
        "cohortplain:lines",
    ),
    Entry(
        6,
        "law",
        N_("law"),
        N_("browse and search the rules, and see what changed between two years"),
        "screens.law:LawScreen",
        "lawplain:lines",
    ),
    Entry(
        7,
        "scenarios",
        N_("scenarios"),
        N_("find, make, write and run scenarios"),
        "screens.scenarios:ScenariosScreen",
        "libraryplain:lines",
    ),
)

BY_ID = {entry.id: entry for entry in SCREENS}
BY_NUMBER = {entry.number: entry for entry in SCREENS}
