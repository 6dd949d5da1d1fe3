"""Where mark sheets come from and go to: a file, text that is pasted, the exam of a walk. No Textual here."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from attrs import evolve, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problem, Problems
from trajectsim.exam.sheets import NUMBERS
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.marks import TENTHS
from trajectsim.path.walk import Step, Trajectory
from trajectsim.pupil.facts import level_of
from trajectsim.tui import examsheet
from trajectsim.tui.examdesk import Exam, Work
from trajectsim.tui.examsheet import Sheet
from trajectsim.words import _, ngettext
from trajectsim.writing import write_file

if TYPE_CHECKING:  # what reads files is imported when one is read: the exam of a walk comes from none
    from trajectsim.exam.intake import Group
    from trajectsim.exam.table import Rows

SHEET = ".toml"
"""How a file with the sheet of one candidate ends; any other is a table."""

MOST = 1000
"""How many candidates are paged through; of a longer file the rest is left to ``trajectsim verdict``."""


_AT_ONCE = 1 << 18
"""Bytes read at once: about a thousand candidates."""


@frozen
class Opened:
    """What was opened: how many of its candidates could not be used, and whether there are more than are shown."""

    work: Work
    refused: int = 0
    more: bool = False

    @property
    def said(self) -> str:
        """In a sentence what was opened."""
        n = len(self.work.sheets)
        text = ngettext("{n} candidate from {file}", "{n} candidates from {file}; [ and ] page through them", n)
        text = text.format(n=n, file=self.work.name)
        if self.refused:
            more = ngettext("{n} more has a problem, told above the verdict", "{n} more have a problem", self.refused)
            text = f"{text}; {more.format(n=self.refused)}"
        if self.more:
            text = _("{text}; the file has more, which trajectsim verdict judges").format(text=text)
        return text

    def on(self, exam: Exam | None, law: Lawbook) -> Exam:
        """The sheets on the desk, in the place of what is there."""
        made = Exam.of(law, self.work) if exam is None else exam.opened(self.work)
        return made.saying(self.said)


def is_table(text: str) -> bool:
    """Whether text begins with the heads of a table of marks."""
    from trajectsim.exam.table import COLUMNS

    first = text.lstrip("\ufeff \r\n").partition("\n")[0].lower()
    return sum(name in first for name in COLUMNS) >= len(COLUMNS) // 2


def open_file(path: Path, law: Lawbook) -> Opened:
    """The sheets of a CSV or TOML file. Raises Problems when none can be used."""
    if path.suffix.lower() == SHEET:
        from trajectsim.exam.table import read_toml

        return _opened(str(path), iter([read_toml(path)]), law)
    try:
        with path.open("rb") as stream:
            return _opened(str(path), _rows(stream, str(path)), law)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problems([Problem("E101", _("cannot be read: {reason}").format(reason=reason), str(path))]) from None


def open_text(text: str, law: Lawbook) -> Opened:
    """The sheets of a table that was pasted. Raises Problems when none can be used."""
    name = _("what was pasted")
    return _opened(name, _rows(io.BytesIO(text.replace("\r\n", "\n").replace("\r", "\n").encode()), name), law)


def _rows(stream: BinaryIO, file: str) -> Iterator[Rows]:
    from trajectsim.exam.table import read_chunks, rows_of

    return (rows_of(chunk) for chunk in read_chunks(stream, file, _AT_ONCE))


def _opened(file: str, tables: Iterator[Rows], law: Lawbook) -> Opened:
    from trajectsim.exam.intake import Intake

    intake = Intake(law)
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    refused = 0
    seen: set[str] = set()
    for rows in tables:
        names = intake.take(rows).names
        taken = intake.take(rows, [n for n, name in enumerate(names) if name in seen or name in names[:n]])
        seen.update(names)
        problems += taken.problems
        refused += taken.refused
        placed = [placed for group in taken.groups for placed in _sheets(group)]
        sheets += [sheet for _where, sheet in sorted(placed, key=lambda pair: pair[0])]
        if len(sheets) > MOST:
            break
    if not sheets:
        raise Problems(problems)
    more = len(sheets) > MOST
    partial = more or bool(refused)
    return Opened(Work(tuple(sheets[:MOST]), 0, file, tuple(problems), partial), refused, more)


def _sheets(group: Group) -> Iterator[tuple[int, Sheet]]:
    """The sheets of a group, their subjects in the order of the file, each with its place in it."""
    sheets = examsheet.sheets_of(evolve(group.batch, names=group.names))
    for where, shape, sheet in zip(group.where.tolist(), group.shapes, sheets, strict=True):
        yield where, evolve(sheet, entries=tuple(sheet.entries[n] for n in shape.back))


def save(exam: Exam, path: Path) -> Exam:
    """Write all sheets to a CSV, of which nothing is lost: not over the file they came from when it holds more. Raises
    Problems."""
    work = exam.work
    if work.partial and path.exists() and Path(work.file).exists() and path.samefile(work.file):
        message = _("holds candidates that are not on the screen, and that would be lost")
        raise Problems([Problem("S001", message, str(path), hint=_("choose another name"))])
    if path.suffix.lower() == SHEET:
        message = _("marks are saved as a table, which a file of this name would not be taken for")
        raise Problems([Problem("S001", message, str(path), hint=_("choose a name that ends in .csv"))])
    write_file(path, table(work.sheets, exam.law, exam.clock))
    n = len(work.sheets)
    said = ngettext("{n} candidate saved in {file}", "{n} candidates saved in {file}", n).format(n=n, file=path)
    return exam.saved(str(path)).saying(said)


def table(sheets: Iterable[Sheet], law: Lawbook, clock: Clock) -> str:
    """Sheets as a CSV that ``trajectsim verdict`` reads, without marks that are none of the exam. A candidate without
    a name gets a number."""
    from trajectsim.exam.table import COLUMNS, OPTIONAL

    text = io.StringIO()
    rows = list(chain.from_iterable(_rows_of(n, sheet, law, clock) for n, sheet in enumerate(sheets, start=1)))
    names = [name for name in (*COLUMNS, *OPTIONAL) if name in COLUMNS or any(row[name] for row in rows)]
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows_of(number: int, sheet: Sheet, law: Lawbook, clock: Clock) -> Iterator[dict[str, str]]:
    for entry, columns in zip(sheet.entries, examsheet.cells(sheet, law, clock), strict=True):
        yield {
            **{name: _written(entry.number(name)) if name in columns else "" for name in NUMBERS},
            "candidate": sheet.name or str(number),
            "level": sheet.level,
            "exam": str(sheet.exam),
            "subject": entry.code,
            "role": entry.role,
            "rating": entry.rating if examsheet.RATING in columns else "",
            "profile": sheet.profile,
            "route": sheet.route,
            "at": entry.at,
            "sat": str(examsheet.exam_of(entry.sat)) if entry.sat else "",
        }


def _written(tenths: int) -> str:
    return f"{tenths // TENTHS}.{tenths % TENTHS}" if tenths else ""


# --- the exam of a walk -------------------------------------------------------------------------------------


def exam_year(walk: Trajectory, year: SchoolYear, law: Lawbook) -> SchoolYear | None:
    """The exam year of a walk that is selected, else the next one, else the last; None when it has none."""
    years = [step.state.year for step in walk.steps if _is_exam(step, law)]
    return next((each for each in years if each >= year), years[-1] if years else None)


Off = Mapping[tuple[str, int], Set[str]]
"""Subjects that were taken off a list, by level and school year of the exam."""


def of_walk(walk: Trajectory, year: SchoolYear, law: Lawbook, off: Off = MappingProxyType({})) -> Exam:
    """The exam of a walk in one of its exam years, with the marks that are given; an empty list when it has none.
    ``off``: subjects that do not wait for their marks."""
    found = exam_year(walk, year, law)
    step = walk.at(found) if found is not None else None
    if step is None:
        said = _("no exam on this path: an empty list; e chooses level and year")
        return Exam.of(law, Work((blank(law, walk.plan.pupil.name),)), walk.plan.clock, said)
    sheet, offered, said = _sheet(step, law, off), None, ""
    if step.exam is not None:
        offered = step.exam.judged.rules.offered
    if step.exam is not None and "exam_result" in step.modelled and step.exam.result != "incomplete":
        said = _("these marks are modelled; once one is typed they stand in the scenario")
    elif step.exam is None and sheet.profile != walk.plan.pupil.profile:
        profile = examsheet.profile_text(law, sheet.level, sheet.profile)
        said = _("the path tells no profile of this exam: {profile} is shown, e chooses another").format(
            profile=profile
        )
    return Exam.of(law, Work((sheet,), offered=offered, walked=True), walk.plan.clock, said)


def blank(law: Lawbook, name: str = "") -> Sheet:
    """The usual list of a level in the last exam year that is known, for when nothing says which exam."""
    level, year = examsheet.levels(law)[0], examsheet.years(law)[-1]
    profile = next(iter(examsheet.profiles(law, level, year)), "")
    return Sheet(level, year, profile, "", examsheet.in_order(examsheet.usual(law, level, year, profile)), name)


def _is_exam(step: Step, law: Lawbook) -> bool:
    return level_of(step.state) in examsheet.levels(law) and step.state.place.years_to_final == 0


def _sheet(step: Step, law: Lawbook, off: Off) -> Sheet:
    state = step.state
    pupil, level, year = state.pupil, level_of(state), state.year.start
    known = examsheet.profiles(law, level, year)
    profile = pupil.profile if pupil.profile in known else next(iter(known), "")
    if step.exam is not None:
        given = evolve(examsheet.sheets_of(step.exam.judged.batch)[0], name=pupil.name)
        return given if step.exam.result != "incomplete" else _filled_up(given, law, off.get((level, year), ()))
    sheet = Sheet(level, year, profile, "", examsheet.usual(law, level, year, profile), pupil.name)
    for result in (result for result in state.record.closed if result.level == level):
        row = examsheet.find(law, sheet, result.subject)
        entry = sheet.entries[row] if row is not None else examsheet.Entry(result.subject, result.role or "free")
        closed = evolve(entry, sat=result.year.start, se=result.se or 0, ce=result.ce or 0, resit=result.resit or 0)
        rest = tuple(each for n, each in enumerate(sheet.entries) if n != row)
        sheet = evolve(sheet, entries=(*rest, closed))
    return evolve(sheet, entries=examsheet.in_order(sheet.entries))


def _filled_up(sheet: Sheet, law: Lawbook, off: Container[str]) -> Sheet:
    """A sheet that is not complete with the other subjects of the usual package, which wait for their marks."""
    usual = examsheet.usual(law, sheet.level, sheet.year, sheet.profile)
    rows = {entry: examsheet.find(law, sheet, entry.code) for entry in usual if entry.code not in off}
    there = [entry if row is None else sheet.entries[row] for entry, row in rows.items()]
    others = [entry for n, entry in enumerate(sheet.entries) if n not in rows.values()]
    return evolve(sheet, entries=examsheet.in_order((*there, *others)))
