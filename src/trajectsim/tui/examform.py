"""What is chosen in the prompts of the exam screen: which exam, what a subject is in it, which subject is added.

No Textual here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Self

from attrs import evolve, field, frozen

from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.tui import examsheet
from trajectsim.tui.examdesk import Exam, role_text
from trajectsim.tui.examfaults import higher_levels
from trajectsim.tui.examsheet import Entry, Sheet
from trajectsim.words import N_, _

Choice = tuple[str, str]
"""What is chosen, by its id, and how it is called."""


@frozen
class Form(ABC):
    """Fields, each of which turns to the value before or after it. ``fields``: what they are called, by name."""

    fields: ClassVar[Mapping[str, str]]

    law: Lawbook = field(repr=False, eq=False)
    clock: Clock

    @property
    @abstractmethod
    def title(self) -> str:
        """What is filled in."""

    @abstractmethod
    def values(self, name: str) -> tuple[str | int, ...]:
        """What a field can be."""

    @abstractmethod
    def text(self, name: str) -> str:
        """The value of a field, for people."""

    @abstractmethod
    def on(self, exam: Exam) -> Exam:
        """The marks on the desk once this is taken."""

    def fitting(self) -> Self:
        """The same with values that go together."""
        return self

    def turn(self, name: str, by: int) -> Self:
        """The next or the previous value of a field; the others stay where they can."""
        values, place = self.values(name), self._place(name)
        if not values:
            return self
        place = min(max(place + by, 0), len(values) - 1)
        return evolve(self, **{name: values[place]}).fitting()  # pyright: ignore[reportArgumentType]

    def ends(self, name: str) -> tuple[bool, bool]:
        """Whether there is a value before and one after that of a field."""
        place = self._place(name)
        return place > 0, place + 1 < len(self.values(name))

    def _place(self, name: str) -> int:
        values, now = self.values(name), getattr(self, name)
        return values.index(now) if now in values else -1


@frozen
class ExamForm(Form):
    """Which exam it is."""

    level: str
    year: int
    profile: str
    route: str

    fields: ClassVar[Mapping[str, str]] = {
        "level": N_("Level"),
        "year": N_("Exam year"),
        "profile": N_("Profile or sector"),
        "route": N_("Route"),
    }

    @classmethod
    def of(cls, exam: Exam) -> ExamForm:
        sheet = exam.sheet
        return cls(exam.law, exam.clock, sheet.level, sheet.year, sheet.profile, sheet.route)

    @property
    def title(self) -> str:
        return _("Which exam")

    def values(self, name: str) -> tuple[str | int, ...]:
        if name == "level":
            return examsheet.levels(self.law)
        if name == "year":
            return examsheet.years(self.law)
        if name == "profile":
            return examsheet.profiles(self.law, self.level, self.year)
        return examsheet.routes(self.law, self.level, self.year, self.clock)

    def text(self, name: str) -> str:
        if name == "year":
            return str(examsheet.exam_of(self.year))
        if name == "profile":
            return examsheet.profile_text(self.law, self.level, self.profile) if self.profile else _("not chosen")
        return _(examsheet.ROUTES[self.route]) if name == "route" else self.level

    def on(self, exam: Exam) -> Exam:
        return exam.into(self.level, self.year, self.profile, self.route)

    def fitting(self) -> ExamForm:
        profiles, routes = self.values("profile"), self.values("route")
        known = not self.profile or self.profile in profiles  # of a list without one it is not told which
        profile = self.profile if known else str(next(iter(profiles), ""))
        route = self.route if self.route in routes else ""
        return evolve(self, profile=profile, route=route)


@frozen
class SubjectForm(Form):
    """What the subject at the cursor is in the exam."""

    sheet: Sheet
    entry: Entry
    role: str
    at: str
    sat: int

    fields: ClassVar[Mapping[str, str]] = {
        "role": N_("Counts as"),
        "at": N_("At the level of"),
        "sat": N_("Closed in exam"),
    }

    @classmethod
    def of(cls, exam: Exam) -> SubjectForm | None:
        """None when there is no subject at the cursor."""
        entry = exam.entry
        return entry and cls(exam.law, exam.clock, exam.sheet, entry, entry.role, entry.at, entry.sat)

    @property
    def title(self) -> str:
        return examsheet.subject_text(self.law, self.entry.code)

    def values(self, name: str) -> tuple[str | int, ...]:
        level, year = self.sheet.level, self.sheet.year
        if name == "role":
            return examsheet.roles(self.law, level, year, self.clock)
        if name == "at":
            return ("", *higher_levels(self.law, level, year))
        return (*(each for each in examsheet.years(self.law) if each < year), 0)

    def text(self, name: str) -> str:
        if name == "role":
            return role_text(self.role)
        if name == "at":
            return self.at or _("{level}, its own").format(level=self.sheet.level)
        return str(examsheet.exam_of(self.sat or self.sheet.year))

    def on(self, exam: Exam) -> Exam:
        return exam.counting_as(self.role, self.at, self.sat)


def subjects(law: Lawbook, sheet: Sheet, text: str) -> tuple[Choice, ...]:
    """The subjects that a text is the beginning of, by code or name, or occurs in; those on the sheet come last. What
    is no subject of the law data can be chosen by its code."""
    wanted = text.strip().lower()
    found: list[tuple[bool, int, str, str]] = []
    for subject in law.subjects.values():
        names = (subject.id, *subject.also, subject.label.nl.lower(), subject.label.en.lower())
        ranks = [0 if name == wanted else 1 if name.startswith(wanted) else 2 for name in names if wanted in name]
        if ranks:
            there = examsheet.find(law, sheet, subject.id) is not None
            found.append((there, min(ranks), str(subject.label), subject.id))
    lines = {code: f"{code:<8} {label}" for _there, _rank, label, code in sorted(found)}
    for there, _rank, _label, code in found:
        if there:
            lines[code] = _("{subject} · on the list already").format(subject=lines[code])
    if wanted and wanted.isalnum() and law.subject(wanted) is None:
        lines[wanted] = _("{code}   a code of your own, judged by its role alone").format(code=wanted)
    return tuple(lines.items())
