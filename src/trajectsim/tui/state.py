"""What is on the workbench: a scenario, what came of playing it, the selected year, an exam. No Textual here.

The screens show it and the plain forms print it; it is replaced as a whole and never changed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.read import is_cohort
from trajectsim.tui.compareview import Side
from trajectsim.tui.document import Document
from trajectsim.tui.table import BY_ID, Entry
from trajectsim.tui.viewmodel import PathView, Played, replay_text, show
from trajectsim.words import N_, _

if TYPE_CHECKING:
    from trajectsim.tui.examdesk import Exam


@frozen(eq=False)
class State:
    """``base`` is the law without reforms. ``played`` is the last text of the document that could be played,
    ``problems`` why the one that stands there now cannot; ``cursor`` is the highlighted measure,
    ``kept`` are walks that were kept beside, to compare with; ``name`` is what a walk is called that is of no
    document."""

    base: Lawbook
    document: Document | None = None
    played: Played | None = None
    problems: tuple[Problem, ...] = ()
    year: SchoolYear | None = None
    cursor: int = 0
    exam: Exam | None = None
    kept: tuple[Side, ...] = ()
    name: str = ""

    @classmethod
    def of(cls, document: Document | None, law: Lawbook, exam: Exam | None = None) -> State:
        """A document that was played as far as it can be."""
        state = cls(law, document, exam=exam)
        return state if document is None else state.replayed(document)

    @classmethod
    def opened(cls, file: Path, law: Lawbook) -> State:
        """A scenario of a file, or marks. Raises Problems when it cannot be read."""
        if not has_marks(file):
            return cls.of(Document.opened(file), law)
        from trajectsim.tui.examsource import open_file  # it needs columns, which a path can do without

        return cls.of(None, law, open_file(file, law).on(None, law))

    def replayed(self, document: Document) -> State:
        """With a document that was played anew; what could be played before stays where this cannot."""
        try:
            played = replay_text(document, self.base, self.played)
        except Problems as found:
            kept = self.played if self.document is not None and self.document.file == document.file else None
            return evolve(
                self, document=document, played=kept, problems=() if self.is_cohort(document) else found.problems
            )
        year = self.year or played.plan.start.year
        return evolve(self, document=document, played=played, problems=(), year=year).at(year)

    def at(self, year: SchoolYear) -> State:
        """With another school year selected, or the nearest one on the map."""
        if self.played is None:
            return self
        years = self.played.map.years
        return evolve(self, year=min(max(year, years[0]), years[-1]))

    def keeping(self) -> State:
        """With this walk kept beside, so that it can be compared with what becomes of the scenario."""
        if self.played is None or self.document is None:
            return self
        name = self.document.now.said or _("as it was opened")
        return evolve(self, kept=(*self.kept, Side(name, self.played.walk, self.played.law, self.document.text)))

    @property
    def law(self) -> Lawbook:
        """The law that the scenario is played under, reforms and all."""
        return self.base if self.played is None else self.played.law

    @property
    def title(self) -> str:
        """What the scenario is called, else its file, else that of the marks."""
        if self.played is not None and self.played.source is not None:
            return self.played.source.scenario.title
        if self.document is not None:
            return self.document.name or _("new scenario")
        return self.name if self.exam is None else Path(self.exam.work.name).name

    @property
    def first(self) -> str:
        """The screen that shows best what is open."""
        if self.document is None and self.played is None:
            return "exam" if self.exam is not None else "scenarios"
        if self.played is not None:
            return "path"
        return "cohort" if self.is_cohort(self.document) and "cohort" in BY_ID else "scenarios"

    def view(self) -> PathView:
        """What the path screen prints. Only where something is played."""
        assert self.played is not None
        assert self.year is not None
        return show(self.played, self.played.law, self.year, self.cursor)

    @staticmethod
    def is_cohort(document: Document | None) -> bool:
        """Whether a document is about a cohort."""
        return document is not None and is_cohort(document.text)

    def lacks(self, entry: Entry) -> str:
        """Why a screen cannot be shown now; empty when it can."""
        if entry.needs == "walk" and self.played is None:
            if self.is_cohort(self.document):
                return _("the file that is open is about a cohort and not about one pupil; 5 shows it")
            return _(_WALK[self.document is not None])
        if entry.needs == "cohort" and not self.is_cohort(self.document):
            return _("no file of a cohort is open; 7 lists the files")
        return ""


def has_marks(file: Path) -> bool:
    """Whether a file is not a scenario but marks: a table, or the sheet of one candidate, which names its subjects."""
    if file.suffix.lower() != SCENARIO:
        return True
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            return any(re.match(r"\s*\[\[\s*subject\s*\]\]", line) for line in stream)
    except OSError:
        return False


SCENARIO = ".toml"


_WALK = {
    True: N_("the scenario that is open cannot be played; 7 shows its text and what is wrong with it"),
    False: N_("no scenario is open; 7 lists them"),
}
