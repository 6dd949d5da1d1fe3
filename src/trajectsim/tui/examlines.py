"""The trees of the exam screen: the verdict with its articles, and what is still needed. No Textual here."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from trajectsim.exam.needed import Goal, Mean, Needs, OpenNeed, ResitChoice, State, needs
from trajectsim.exam.verdicts import CheckLine, SheetVerdict
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.tui import examsheet
from trajectsim.tui.examdesk import Exam
from trajectsim.tui.examsheet import Sheet
from trajectsim.tui.yearview import Line
from trajectsim.verdict import MAYBE, NO, YES, Node
from trajectsim.words import N_, _, decimal_comma, listed, mark, ngettext


@frozen
class Wanted:
    """What is still needed on a sheet, to pass and, where the law knows it, for cum laude."""

    sheet: Sheet
    passing: Needs
    laude: Needs | None = field(default=None)


def look_ahead(sheet: Sheet, law: Lawbook, clock: Clock) -> Wanted:
    """The marks that are still needed on a sheet."""
    batch = sheet.batch(law, clock)
    known = law.demands_of(sheet.level, sheet.route, Goal.CUM_LAUDE, sheet.year, clock)
    laude = needs(batch, law, clock, Goal.CUM_LAUDE) if known else None
    return Wanted(sheet, needs(batch, law, clock), laude)


def open_count(verdict: SheetVerdict) -> int:
    """Of how many subjects a mark or rating is open."""
    found = verdict.judged.finals.open
    return 0 if found is None else int(found[:, verdict.index].sum())


def aside(verdict: SheetVerdict, law: Lawbook) -> Iterator[str]:
    """Which subjects the result leaves out or ignores."""
    if verdict.left_out:
        names = listed(examsheet.subject_text(law, code) for code in verdict.left_out)
        yield _("left out of the result: {subjects}").format(subjects=names)
    if verdict.ignored:
        names = listed(examsheet.subject_text(law, code) for code in verdict.ignored)
        yield _("ignored: {subjects}").format(subjects=names)


def check_name(law: Lawbook, line: CheckLine) -> str:
    """What a check is called."""
    return str(law.demands[line.verdict.table.rule].label)


# --- the verdict as a tree ----------------------------------------------------------------------------------

_ROLES = {YES: "yes", MAYBE: "maybe", NO: "no"}


def verdict_lines(exam: Exam, verdict: SheetVerdict, *, roomy: bool) -> Iterator[Line]:
    yield from _problems(exam)
    for n, line in enumerate((*verdict.checks, *verdict.laude)):
        decides = n < len(verdict.checks) or verdict.passed
        yield _check(f"check/{line.verdict.table.rule}", line, exam.law, shown=roomy or (line.ok is False and decides))
    for n, text in enumerate(aside(verdict, exam.law)):
        yield Line(f"aside/{n}", text[:1].upper() + text[1:], "taken")
    if verdict.certificates:
        names = listed(examsheet.subject_text(exam.law, code) for code in verdict.certificates)
        yield Line("certificates", _("Who leaves gets a certificate for: {subjects}").format(subjects=names), "taken")
    for n, text in enumerate((*verdict.notes, *_not_counted(exam))):
        yield Line(f"note/{n}", text[:1].upper() + text[1:], "assumed")


def _check(key: str, line: CheckLine, law: Lawbook, *, shown: bool) -> Line:
    """A demand over the tests that decide it and its article. Beside what is not met, what is stands folded."""
    tests = tuple(_node(f"{key}/{n}", node) for n, node in enumerate(line.verdict.why()))
    met = tuple(test for test in tests if test.role == "yes")
    if len(met) > 1 and len(met) < len(tests):
        told = ngettext("{n} more is met", "{n} more are met", len(met)).format(n=len(met))
        tests = (*(test for test in tests if test.role != "yes"), Line(f"{key}/met", told, "yes", met))
    article = Line(f"{key}/cite", line.cite.noted, "article")
    return Line(key, check_name(law, line), _ROLES[line.verdict.truth], (*tests, article), shown)


def _node(key: str, node: Node) -> Line:
    role = "plain" if node.truth is None else _ROLES[node.truth]
    return Line(key, node.text, role, tuple(_node(f"{key}/{n}", child) for n, child in enumerate(node.children)))


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
            "problems", text.format(n=len(problems), file=exam.work.file), "refused", lines, len(problems) <= _FEW
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


def needs_lines(wanted: Wanted | None, verdict: SheetVerdict, law: Lawbook, *, fresh: bool) -> Iterator[Line]:
    if wanted is None:
        yield Line("needs/wait", _("What is still needed is being worked out ..."), "assumed")
        return
    if not fresh:
        yield Line("needs/wait", _("Being worked out for the new marks ..."), "assumed")
    open_ = open_count(verdict) > 0
    yield _goal("pass", _("To pass"), wanted.passing, law, open_=open_, shown=not verdict.passed)
    if wanted.laude is not None:
        passable = wanted.passing.state is not State.IMPOSSIBLE
        yield _goal("laude", _("For cum laude"), wanted.laude, law, open_=open_, shown=passable)


_STATES = {
    State.REACHED: (N_("{goal}: reached, whatever the open marks become"), "yes"),
    State.POSSIBLE: (N_("{goal}: possible"), "maybe"),
    State.IMPOSSIBLE: (N_("{goal}: not possible by the open marks"), "no"),
}
_DECIDED = {State.REACHED: N_("{goal}: reached"), State.IMPOSSIBLE: N_("{goal}: not reached")}
"""The same where no mark is open."""


def _goal(key: str, goal: str, found: Needs, law: Lawbook, *, open_: bool, shown: bool) -> Line:
    text, role = _STATES[found.state]
    if not open_:
        text = _DECIDED.get(found.state, text)
    lines: list[Line] = []
    if found.mean is not None:
        lines.append(Line(f"{key}/mean", _mean_text(found.mean), "plain"))
    lines.extend(_alone(key, found, law))
    if found.rated:
        names = listed(examsheet.subject_text(law, code) for code in found.rated)
        lines.append(Line(f"{key}/rated", _("at least a V: {subjects}").format(subjects=names), "plain"))
    if found.state is State.IMPOSSIBLE:
        lines.extend(_resits(key, found, law, open_=open_))
        told = _("In the way, even with tens for what is open") if open_ else _("In the way")
        missing = tuple(_check(f"{key}/missing/{n}", line, law, shown=True) for n, line in enumerate(found.missing))
        lines.append(Line(f"{key}/missing", told, "no", missing))
    return Line(key, _(text).format(goal=goal), role, tuple(lines), shown)


def _alone(key: str, found: Needs, law: Lawbook) -> Iterator[Line]:
    """What each open mark has to be by itself: if the others are as their school exam, and the least there is."""
    if not found.open:
        return
    lines = tuple(Line(f"{key}/open/{need.row}/{need.column}", _open_text(need, law), "plain") for need in found.open)
    if any(need.if_others_stay is not None for need in found.open):
        told = _("Each by itself, the other central exams being as good as the school exam")
    else:
        told = _("Each by itself, with tens for the rest")
    yield Line(f"{key}/open", told, "head", lines, shown=True)


def _open_text(need: OpenNeed, law: Lawbook) -> str:
    subject = examsheet.subject_text(law, need.subject)
    head = f"{subject}, {examsheet.mark_label(need.column)}"
    if need.least is None:
        return _("{mark}: no mark is enough by itself").format(mark=head)
    least = mark(need.least)
    if need.if_others_stay is None:
        return _("{mark}: at least {least}, and tens for the rest").format(mark=head, least=least)
    staying = mark(need.if_others_stay)
    if staying == least:
        return _("{mark}: at least {staying}").format(mark=head, staying=staying)
    text = _("{mark}: at least {staying}; with tens for the rest {least}")
    return text.format(mark=head, staying=staying, least=least)


def _resits(key: str, found: Needs, law: Lawbook, *, open_: bool) -> Iterator[Line]:
    """The resits that would turn the result."""
    if not found.resits:
        yield Line(f"{key}/none", _("No resit turns this"), "no")
        return
    told = _("With tens for what is open, turned by") if open_ else _("Turned by one of these")
    lines = tuple(Line(f"{key}/resit/{n}", _resit_text(each, law), "taken") for n, each in enumerate(found.resits))
    yield Line(f"{key}/resits", told, "head", lines, shown=True)


def _mean_text(mean: Mean) -> str:
    """What the open marks have to be together."""
    hundredths = -(-mean.total * 10 // mean.count)
    average = decimal_comma(f"{hundredths // 100}.{hundredths % 100:02}")
    text = _("{n} open central exams together: on average at least {average} (a total of {total})")
    if mean.count == 1:
        text = _("the one open central exam: at least {average}")
    return text.format(n=mean.count, average=average, total=mark(mean.total))


def _resit_text(choice: ResitChoice, law: Lawbook) -> str:
    """A choice of resits, with the marks that turn the result."""
    parts = [
        _("{subject} ({kind}) at least {mark}, now {over}").format(
            subject=examsheet.subject_text(law, code),
            kind=examsheet.mark_label(kind),
            mark=mark(least),
            over=mark(over),
        )
        for code, kind, least, over in zip(choice.subjects, choice.kinds, choice.marks, choice.over, strict=True)
    ]
    text = listed(parts)
    return (
        _("{resits}; closed in an earlier year: the law does not say in words that this is allowed").format(resits=text)
        if choice.early
        else text
    )
