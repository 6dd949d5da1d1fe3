"""What is chosen in the prompts of the exam screen: which exam, which subject, which role. No Textual here."""

from __future__ import annotations

from attrs import evolve, field, frozen

from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.tui import examsheet
from trajectsim.tui.examdesk import Exam, role_text
from trajectsim.tui.examsheet import Sheet
from trajectsim.words import N_, _

Choice = tuple[str, str]
"""What is chosen, by its id, and how it is called."""

FIELDS = {
    "level": N_("Level"),
    "year": N_("Exam year"),
    "profile": N_("Profile or sector"),
    "route": N_("Route"),
}


@frozen
class Form:
    """Which exam it is: its fields, each of which turns to the value before or after it."""

    law: Lawbook = field(repr=False, eq=False)
    clock: Clock
    level: str
    year: int
    profile: str
    route: str

    @classmethod
    def of(cls, exam: Exam) -> Form:
        sheet = exam.sheet
        return cls(exam.law, exam.clock, sheet.level, sheet.year, sheet.profile, sheet.route)

    def values(self, name: str) -> tuple[str | int, ...]:
        """What a field can be."""
        if name == "level":
            return examsheet.levels(self.law)
        if name == "year":
            return examsheet.years(self.law)
        if name == "profile":
            return examsheet.profiles(self.law, self.level, self.year)
        return examsheet.routes(self.law, self.level, self.year, self.clock)

    def turn(self, name: str, by: int) -> Form:
        """The next or the previous value of a field; the others stay where they can."""
        values, now = self.values(name), getattr(self, name)
        if not values:
            return self
        place = values.index(now) + by if now in values else 0
        chosen = evolve(self, **{name: values[min(max(place, 0), len(values) - 1)]})  # pyright: ignore[reportArgumentType]
        return chosen._fitting()

    def text(self, name: str) -> str:
        """The value of a field, for people."""
        if name == "year":
            return str(examsheet.exam_of(self.year))
        if name == "profile":
            return examsheet.profile_text(self.law, self.profile) if self.profile else _("not chosen")
        return _(examsheet.ROUTES[self.route]) if name == "route" else self.level

    def ends(self, name: str) -> tuple[bool, bool]:
        """Whether there is a value before and one after that of a field."""
        values, now = self.values(name), getattr(self, name)
        place = values.index(now) if now in values else -1
        return place > 0, place + 1 < len(values)

    def on(self, exam: Exam) -> Exam:
        """The marks on the desk, for this exam."""
        return exam.into(self.level, self.year, self.profile, self.route)

    def _fitting(self) -> Form:
        profiles, routes = self.values("profile"), self.values("route")
        profile = self.profile if self.profile in profiles else str(next(iter(profiles), ""))
        route = self.route if self.route in routes else ""
        return evolve(self, profile=profile, route=route)


def subjects(law: Lawbook, sheet: Sheet, text: str) -> tuple[Choice, ...]:
    """The subjects that a text is the beginning of, by code or name, or occurs in; those on the sheet are left out.
    What is no subject of the law data can be chosen by its code."""
    wanted = text.strip().lower()
    found: list[tuple[int, str, str]] = []
    for subject in law.subjects.values():
        names = (subject.id, *subject.also, subject.label.nl.lower(), subject.label.en.lower())
        ranks = [0 if name == wanted else 1 if name.startswith(wanted) else 2 for name in names if wanted in name]
        if ranks and examsheet.find(law, sheet, subject.id) is None:
            found.append((min(ranks), str(subject.label), subject.id))
    choices = tuple((code, f"{code:<8} {label}") for _rank, label, code in sorted(found))
    known = law.subject(wanted)
    if wanted and wanted.isalnum() and known is None:
        choices += ((wanted, _("{code}   a code of your own, judged by its role alone").format(code=wanted)),)
    return choices


def roles(exam: Exam) -> tuple[Choice, ...]:
    """The roles that the subject at the cursor can have."""
    sheet = exam.sheet
    known = examsheet.roles(exam.law, sheet.level, sheet.year, exam.clock)
    return tuple((role, role_text(role)) for role in known)
