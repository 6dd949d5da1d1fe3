"""The trees of the exam screen: the verdict with its articles, and what is still needed. No Textual here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from trajectsim.exam.judging import offered_by_law
from trajectsim.exam.needed import (
    Goal,
    Mean,
    Needs,
    OpenNeed,
    ResitChoice,
    State,
    falls_back,
    needs,
    resits_cite,
)
from trajectsim.exam.verdicts import CheckLine, SheetVerdict
from trajectsim.law.lawbook import Lawbook
from trajectsim.marks import LOWEST, TENTHS
from trajectsim.tui import examsheet
from trajectsim.tui.examdesk import Exam
from trajectsim.tui.examfaults import Checked
from trajectsim.tui.examsheet import Sheet
from trajectsim.tui.yearview import Line, exam_check, exam_checks
from trajectsim.words import N_, _, decimal_comma, listed, mark, ngettext


@frozen
class Wanted:
    """What is still needed on a sheet, to pass and, where the law knows it, for cum laude. ``offered`` as in Work."""

    sheet: Sheet
    offered: Mapping[str, int] | None
    passing: Needs
    laude: Needs | None = field(default=None)

    def fits(self, exam: Exam) -> bool:
        """Whether it is of the marks that are shown."""
        return self.sheet == exam.sheet and self.offered == exam.work.offered


def look_ahead(exam: Exam) -> Wanted:
    """The marks that are still needed on the sheet that is shown."""
    sheet, law, clock, offered = exam.sheet, exam.law, exam.clock, exam.work.offered
    batch = sheet.batch(law, clock)
    laude = needs(batch, law, clock, Goal.CUM_LAUDE, offered) if has_laude(exam) else None
    return Wanted(sheet, offered, needs(batch, law, clock, Goal.PASS, offered), laude)


def has_laude(exam: Exam) -> bool:
    """Whether there is cum laude in the exam that is shown: in the law of its year, and not turned off on its path."""
    sheet, law, offered = exam.sheet, exam.law, exam.work.offered
    tables = law.demands_of(sheet.level, sheet.route, Goal.CUM_LAUDE, sheet.year, exam.clock)
    given = offered_by_law(law, sheet.year, exam.clock) if offered is None else offered
    tests = (test for table in tables for way in table.ways for test in way.checks)
    return bool(tables) and all(given.get(test.fact.id) for test in tests if test.fact.source == "measure")


def open_count(verdict: SheetVerdict) -> int:
    """Of how many subjects a mark or rating is open."""
    found = verdict.judged.finals.open
    return 0 if found is None else int(found[:, verdict.index].sum())


def outside(verdict: SheetVerdict, law: Lawbook) -> Iterator[str]:
    """Which subjects the result leaves out or ignores."""
    if verdict.left_out:
        yield _("left out of the result: {subjects}").format(subjects=_names(law, verdict.left_out))
    if verdict.ignored:
        yield _("ignored: {subjects}").format(subjects=_names(law, verdict.ignored))


def check_name(law: Lawbook, line: CheckLine) -> str:
    """What a check is called."""
    return str(law.demands[line.verdict.table.rule].label)


def _names(law: Lawbook, codes: Iterable[str]) -> str:
    return listed(examsheet.subject_text(law, code) for code in codes)


# --- the verdict as a tree ----------------------------------------------------------------------------------


def verdict_lines(exam: Exam, verdict: SheetVerdict, found: Checked, *, roomy: bool) -> Iterator[Line]:
    """What is wrong with the file and with the sheet, each check over its tests, what else there is to say."""
    law = exam.law
    yield from _problems(exam)
    yield from _wrong(exam, found)
    yield from exam_checks(verdict, law, roomy=roomy)
    said = [*outside(verdict, law)]
    if verdict.certificates:
        text = _("who leaves gets a certificate for: {subjects}")
        said.append(text.format(subjects=_names(law, verdict.certificates)))
    if verdict.provisional:
        text = _("who leaves now gets a provisional list with: {subjects}")
        said.append(text.format(subjects=_names(law, verdict.provisional)))
    for n, text in enumerate(said):
        yield Line(f"said/{n}", _sentence(text), "plain")
    for n, text in enumerate((*verdict.notes, *found.notes, *_not_counted(exam))):
        yield Line(f"note/{n}", _sentence(text), "assumed")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _wrong(exam: Exam, found: Checked) -> Iterator[Line]:
    """What is wrong with the subjects and marks of the sheet."""
    for n, wrong in enumerate(found.wrong):
        text = _sentence(wrong.message)
        if wrong.column in examsheet.MARKS:
            entry = exam.sheet.entries[wrong.row]
            subject = examsheet.subject_text(exam.law, entry.code)
            text = f"{subject}, {examsheet.mark_label(wrong.column)}: {wrong.message}"
        hint = (Line(f"wrong/{n}/hint", wrong.hint, "article"),) if wrong.hint else ()
        yield Line(f"wrong/{n}", text, "refused", hint, shown=True)


def _problems(exam: Exam) -> Iterator[Line]:
    """What is wrong with the file the sheets came from."""
    problems = exam.work.problems
    if problems:
        lines = tuple(
            Line(f"problem/{n}", f"{problem.where} {problem.message}", "no", _hint(n, problem.hint), shown=True)
            for n, problem in enumerate(problems)
        )
        text = ngettext("{n} problem in {file}", "{n} problems in {file}", len(problems))
        yield Line(
            "problems", text.format(n=len(problems), file=exam.work.name), "refused", lines, len(problems) <= _FEW
        )


_FEW = 3


def _hint(number: int, hint: str) -> tuple[Line, ...]:
    return (Line(f"problem/{number}/hint", hint, "article"),) if hint else ()


def _not_counted(exam: Exam) -> Iterator[str]:
    """Marks that have no cell in the exam of this year."""
    for entry, columns in zip(exam.sheet.entries, exam.cells, strict=True):
        names = [examsheet.mark_label(column) for column in entry.marks if column not in columns]
        if names:
            subject = examsheet.subject_text(exam.law, entry.code)
            text = _("{subject}: {marks} kept, but not part of this exam")
            yield text.format(subject=subject, marks=listed(names))


# --- what is still needed -----------------------------------------------------------------------------------


def needs_lines(wanted: Wanted | None, verdict: SheetVerdict, exam: Exam) -> Iterator[Line]:
    """What the sheet still asks for, to pass and for cum laude."""
    if wanted is None:
        yield Line("needs/wait", _("What is still needed is being worked out ..."), "assumed")
        return
    told = _Told(exam, open_count(verdict) > 0)
    yield told.goal("pass", _("To pass"), wanted.passing, shown=not verdict.passed)
    if wanted.laude is not None:
        passable = wanted.passing.state is not State.IMPOSSIBLE
        yield told.goal("laude", _("For cum laude"), wanted.laude, shown=passable)
    back = falls_back(exam.law, exam.sheet.layout(), exam.clock)
    if back is not None and not verdict.passed:
        text = _("A subject of a higher level can still be done at the own level, if the candidate wants it")
        yield Line("needs/back", text, "taken", (Line("needs/back/cite", back.sure, "article"),), shown=True)


_STATES = {
    State.REACHED: (N_("{goal}: reached, whatever the open marks become"), "yes"),
    State.POSSIBLE: (N_("{goal}: possible"), "maybe"),
    State.IMPOSSIBLE: (N_("{goal}: not possible by the open marks"), "no"),
    State.INCOMPLETE: (N_("{goal}: cannot be told, the list lacks something else"), "maybe"),
}
_DECIDED = {State.REACHED: N_("{goal}: reached"), State.IMPOSSIBLE: N_("{goal}: not reached")}
"""The same where no mark is open."""

_SHORT = {"se": N_("SE"), "ce": N_("CE"), "resit": N_("resit"), "rv": N_("RV-toets"), "cspe": N_("cspe again")}
"""What a mark is of, in short."""


@frozen
class _Told:
    """Puts in lines what a goal asks for. ``open``: whether there is anything to fill in."""

    exam: Exam
    open: bool

    def goal(self, key: str, goal: str, found: Needs, *, shown: bool) -> Line:
        text, role = _STATES[found.state]
        if not self.open:
            text = _DECIDED.get(found.state, text)
        lines: list[Line] = []
        if found.mean is not None and found.mean.count > 1:
            lines.append(Line(f"{key}/mean", _mean_text(found.mean, found.open), "plain"))
        lines.extend(self._alone(key, found))
        if found.rated:
            names = _names(self.exam.law, found.rated)
            lines.append(Line(f"{key}/rated", _("at least a V: {subjects}").format(subjects=names), "plain"))
        if found.state is State.IMPOSSIBLE:
            lines.append(self._resits(key, found))
        if found.missing:
            told = _("What fails, even with tens for what is open") if self.open else _("What fails")
            checks = enumerate(found.missing)
            missing = tuple(exam_check(f"{key}/missing/{n}", line, self.exam.law, shown=True) for n, line in checks)
            lines.append(Line(f"{key}/missing", told, role, missing))
        return Line(key, _(text).format(goal=goal), role, tuple(lines), shown)

    def _alone(self, key: str, found: Needs) -> Iterator[Line]:
        """What each open mark has to be by itself: if the others are as their school exam, and the least there is."""
        telling = [need for need in found.open if not _is_any(need)]
        lines = [
            Line(f"{key}/open/{need.row}/{need.column}", self._open_text(need, len(found.open) > 1), "plain")
            for need in telling
        ]
        rest = len(found.open) - len(telling)
        if len(found.open) == 1:
            yield Line(f"{key}/open", self._open_text(found.open[0], rest=False), "plain")
        elif lines:
            told = _("Each by itself, with tens for the rest")
            if any(need.stays for need in found.open):
                told = _("Each by itself, the other central exams being as good as the school exam")
            if rest:
                text = ngettext("of {n} other any mark will do", "of {n} others any mark will do", rest)
                lines.append(Line(f"{key}/open/rest", text.format(n=rest), "plain"))
            yield Line(f"{key}/open", told, "head", tuple(lines), shown=True)
        elif rest:
            yield Line(f"{key}/open", _("Of each by itself any mark will do, with tens for the rest"), "plain")

    def _open_text(self, need: OpenNeed, rest: bool) -> str:
        head, least, staying = self._head(need.subject, need.column), need.least, need.if_others_stay
        if least is None:
            return _("{mark}: no mark is enough").format(mark=head)
        told = {"mark": head, "least": _at_least(least), "staying": _at_least(staying or least)}
        if not rest or not need.stays or staying == least:
            return _("{mark}: {least}").format(**told)
        if staying is None:
            return _("{mark}: no mark is enough; with tens for the rest {least}").format(**told)
        return _("{mark}: {staying}; with tens for the rest {least}").format(**told)

    def _resits(self, key: str, found: Needs) -> Line:
        """The resits that would turn the result."""
        if not found.resits:
            return Line(f"{key}/none", _("No resit is enough"), "no")
        told = _("With tens for what is open, any of these is enough") if self.open else _("Any of these is enough")
        lines = [Line(f"{key}/resit/{n}", self._resit_text(each), "taken") for n, each in enumerate(found.resits)]
        cite = resits_cite(self.exam.law, self.exam.sheet.layout(), self.exam.clock)
        lines.append(Line(f"{key}/resits/cite", cite.sure, "article"))
        return Line(f"{key}/resits", told, "head", tuple(lines), shown=True)

    def _resit_text(self, choice: ResitChoice) -> str:
        """A choice of resits, with the marks that turn the result."""
        each = zip(choice.subjects, choice.kinds, choice.marks, choice.over, strict=True)
        text = listed(
            _("{mark}: {least} (now {over})").format(
                mark=self._head(code, kind), least=_at_least(least), over=mark(over)
            )
            for code, kind, least, over in each
        )
        if len(choice.rows) > 1:
            text = _("{resits}: the least together").format(resits=text)
        if choice.early:
            early = _("{resits}; closed in an earlier year: the law does not say in words that this is allowed")
            text = early.format(resits=text)
        return text

    def _head(self, code: str, column: str) -> str:
        return f"{examsheet.subject_text(self.exam.law, code)}, {_(_SHORT[column])}"


def _is_any(need: OpenNeed) -> bool:
    """Whether any mark will do, whatever is asked."""
    return need.least == LOWEST and (not need.stays or need.if_others_stay == LOWEST)


def _at_least(tenths: int) -> str:
    return _("any mark") if tenths == LOWEST else _("at least {mark}").format(mark=mark(tenths))


def _mean_text(mean: Mean, open_: Iterable[OpenNeed]) -> str:
    """What the open central exams have to be together; the mean is never told too low."""
    hundredths = -(-mean.total * TENTHS // mean.count)
    average = decimal_comma(f"{hundredths // 100}.{hundredths % 100:02}")
    text = _("{n} open central exams together: on average at least {average} (a total of {total})")
    if any(need.column == "se" for need in open_):
        text = _(
            "{n} open central exams together, with tens for the open school exams: on average at least {average} "
            "(a total of {total})"
        )
    return text.format(n=mean.count, average=average, total=mark(mean.total))
