"""Everything the exam screen shows, computed from the marks on the desk and the law. No Textual here.

``show(exam, wanted)``              -> ExamView, what the screen prints; the verdict is judged here, in a millisecond
``look_ahead(sheet, law, clock)``   -> Wanted, the marks still needed: slower, off the event loop
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from trajectsim.exam.needed import Goal, Mean, Needs, OpenNeed, ResitChoice, State, needs
from trajectsim.exam.verdicts import CheckLine, SheetVerdict, judge_sheet
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.tui import examsheet
from trajectsim.tui.examdesk import Exam
from trajectsim.tui.examsheet import RATING, ROLES, Sheet
from trajectsim.tui.yearview import Line
from trajectsim.verdict import MAYBE, NO, YES, Node
from trajectsim.words import N_, _, decimal_comma, listed, mark, ngettext

Parts = tuple[tuple[str, str], ...]
"""Texts, each with the role it is painted in."""

OPEN, NONE = "___", "–"
"""A cell that waits for a mark, and where there is no cell."""


@frozen
class Cell:
    """A cell as it is printed. ``exists`` is False where the subject has none; ``slot`` is its place in the row."""

    text: str
    role: str = ""
    exists: bool = True


@frozen
class Row:
    """A subject in the grid. ``needed`` is the least mark if the others stay at their school exam."""

    code: str
    label: str
    role: str
    cells: tuple[Cell, ...]
    final: str = ""
    needed: str = ""
    counts: bool = True


@frozen
class ExamView:
    """What the exam screen prints. ``heads`` are those of the grid, ``total`` the line beneath it; ``open``: whether
    something is to be filled in before there is a result."""

    title: str
    place: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    total: tuple[str, str] | None
    cursor: tuple[int, int]
    typing: bool
    headline: Parts
    prompt: Parts
    verdict: tuple[Line, ...]
    needs: tuple[Line, ...]
    open: bool = False

    @property
    def result(self) -> str:
        """The headline as plain text."""
        return "".join(text for text, _role in self.headline)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The verdict and what is needed in one tree; what asks for attention first."""
        return (*self.needs, *self.verdict) if self.open else (*self.verdict, *self.needs)

    @property
    def status(self) -> str:
        """The prompt as plain text."""
        return "".join(text for text, _role in self.prompt)


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


def show(exam: Exam, wanted: Wanted | None = None, *, roomy: bool = False) -> ExamView:
    """The screen for the marks on the desk. ``wanted`` may be of an earlier state of the same list; ``roomy``: whether
    there is room for the tests and articles behind what is met."""
    law, sheet = exam.law, exam.sheet
    title, place = _title(law, sheet), _place(exam)
    if not sheet.entries:
        empty = ((_("No subjects on the list: a adds one, e chooses another exam"), "maybe"),)
        return ExamView(title, place, _heads(exam), (), None, exam.cursor, False, empty, _prompt(exam), (), ())
    verdict = judge_sheet(sheet.batch(law, exam.clock), law, exam.clock)
    current = wanted if wanted is not None and wanted.sheet == sheet else None
    alike = wanted if wanted is not None and _alike(wanted.sheet, sheet) else None
    return ExamView(
        title=title,
        place=place,
        heads=_heads(exam),
        rows=tuple(_rows(exam, verdict, current or alike)),
        total=None if verdict.combination is None else (_("Combination mark"), str(verdict.combination)),
        cursor=exam.cursor,
        typing=bool(exam.typed),
        headline=tuple(_headline(verdict, law, current)),
        prompt=_prompt(exam),
        verdict=tuple(_verdict_lines(exam, verdict, roomy=roomy)),
        needs=tuple(_needs_lines(current or alike, verdict, law, fresh=current is not None)),
        open=_open(verdict) > 0,
    )


# --- the grid -----------------------------------------------------------------------------------------------


def _title(law: Lawbook, sheet: Sheet) -> str:
    parts = [sheet.level, _("exam {year}").format(year=sheet.exam)]
    if sheet.profile:
        parts.append(examsheet.profile_text(law, sheet.profile))
    if sheet.route:
        parts.append(_(examsheet.ROUTES[sheet.route]))
    return " · ".join(parts)


def _place(exam: Exam) -> str:
    """Which candidate of how many, and who."""
    work = exam.work
    count = f"{work.index + 1}/{len(work.sheets)}" if len(work.sheets) > 1 else ""
    return " · ".join(filter(None, (count, exam.sheet.name, work.file)))


def _heads(exam: Exam) -> tuple[str, ...]:
    again = _("RV") if examsheet.retaken(exam.sheet, exam.law, exam.clock) == "rv" else _("resit")
    return (_("Subject"), _("counts as"), _("SE"), _("CE"), again, _("final"), _("needed"))


def _rows(exam: Exam, verdict: SheetVerdict, wanted: Wanted | None) -> Iterator[Row]:
    staying = _staying(wanted)
    outside = {*verdict.left_out, *verdict.ignored}
    for n, (entry, columns) in enumerate(zip(exam.sheet.entries, exam.cells, strict=True)):
        final = verdict.final.get(entry.code)
        counts = entry.code not in outside
        text = "" if final is None else str(final) if counts else f"({final})"
        cells = tuple(_cell(exam, n, slot, column) for slot, column in enumerate(columns))
        role = _(ROLES[entry.role][0]) if entry.role in ROLES else entry.role
        yield Row(entry.code, _label(exam, n), role, cells, text, staying.get(n, ""), counts)


def _label(exam: Exam, row: int) -> str:
    entry = exam.sheet.entries[row]
    extra = [entry.at] if entry.at else []
    extra += [str(examsheet.exam_of(entry.sat))] if entry.sat else []
    name = examsheet.subject_text(exam.law, entry.code)
    return f"{name} ({', '.join(extra)})" if extra else name


def _cell(exam: Exam, row: int, slot: int, column: str) -> Cell:
    if not column:
        return Cell(NONE, "greyed", exists=False)
    here = exam.cursor == (row, slot)
    if here and exam.typed:
        return Cell(exam.typed, "refused" if exam.wrong else "typed")
    entry = exam.sheet.entries[row]
    text = entry.rating if column == RATING else mark(entry.number(column)) if entry.number(column) else ""
    return Cell(text, "") if text else Cell(OPEN, "greyed")


def _staying(wanted: Wanted | None) -> dict[int, str]:
    """By row what is needed if the others stay at their school exam."""
    if wanted is None or wanted.passing.state is not State.POSSIBLE:
        return {}
    return {
        need.row: f"≥ {mark(need.if_others_stay)}" for need in wanted.passing.open if need.if_others_stay is not None
    }


def _alike(sheet: Sheet, other: Sheet) -> bool:
    """Whether two sheets are the same list of the same candidate, be it with other marks."""
    return sheet.layout(bare=True) == other.layout(bare=True) and sheet.name == other.name


def _prompt(exam: Exam) -> Parts:
    """What is wrong, else what the last key says, else what can be typed here."""
    if exam.wrong:
        return (("✗ ", "no"), (exam.wrong, ""), (_(" · escape takes it back"), "article"))
    if exam.said:
        return (("· ", "taken"), (exam.said, ""))
    entry = exam.entry
    if entry is None or not exam.column:
        return ((_("a adds a subject"), ""),)
    subject = examsheet.subject_text(exam.law, entry.code)
    asks = (
        _("O, V or G") if exam.column == RATING else _("a mark such as {mark}; enter goes down").format(mark=mark(65))
    )
    return ((f"{subject}, {examsheet.mark_label(exam.column)}: ", "head"), (asks, ""))


# --- the result ---------------------------------------------------------------------------------------------

_SIGNS = {"passed": ("✓", "yes"), "failed": ("✗", "no"), "incomplete": ("?", "maybe")}
_RESULTS = {"passed": N_("Passed"), "failed": N_("Failed"), "incomplete": N_("Not complete yet")}
_CHANCES = {
    State.REACHED: N_("passes whatever the open marks become"),
    State.POSSIBLE: N_("can still pass"),
    State.IMPOSSIBLE: N_("cannot pass any more by the open marks"),
}


def _headline(verdict: SheetVerdict, law: Lawbook, wanted: Wanted | None) -> Iterator[tuple[str, str]]:
    sign, role = _SIGNS[verdict.result]
    yield f"{sign} {_(_RESULTS[verdict.result])}", f"{role}-head"
    if verdict.cum_laude:
        yield f" ★ {_('cum laude')}", "laude"
    elif verdict.passed and verdict.laude:
        yield f" · {_('not cum laude')}", ""
    if verdict.result == "failed":
        yield f" · {listed(_name(law, line) for line in _unmet(verdict.checks))}", ""
    if verdict.result == "incomplete":
        yield from ((f" · {text}", "") for text in _incomplete(verdict, wanted))
    for text in _aside(verdict, law):
        yield f" · {text}", ""


def _open(verdict: SheetVerdict) -> int:
    """Of how many subjects a mark or rating is open."""
    found = verdict.judged.finals.open
    return 0 if found is None else int(found[:, verdict.index].sum())


def _incomplete(verdict: SheetVerdict, wanted: Wanted | None) -> Iterator[str]:
    count = _open(verdict)
    if count:
        yield ngettext("{n} subject open", "{n} subjects open", count).format(n=count)
    if wanted is not None:
        yield _(_CHANCES[wanted.passing.state])


def _aside(verdict: SheetVerdict, law: Lawbook) -> Iterator[str]:
    """Which subjects the result leaves out or ignores."""
    if verdict.left_out:
        names = listed(examsheet.subject_text(law, code) for code in verdict.left_out)
        yield _("left out of the result: {subjects}").format(subjects=names)
    if verdict.ignored:
        names = listed(examsheet.subject_text(law, code) for code in verdict.ignored)
        yield _("ignored: {subjects}").format(subjects=names)


def _unmet(lines: Iterable[CheckLine]) -> tuple[CheckLine, ...]:
    return tuple(line for line in lines if line.ok is False)


def _name(law: Lawbook, line: CheckLine) -> str:
    return str(law.demands[line.verdict.table.rule].label)


# --- the verdict as a tree ----------------------------------------------------------------------------------

_ROLES = {YES: "yes", MAYBE: "maybe", NO: "no"}


def _verdict_lines(exam: Exam, verdict: SheetVerdict, *, roomy: bool) -> Iterator[Line]:
    yield from _problems(exam)
    for n, line in enumerate((*verdict.checks, *verdict.laude)):
        decides = n < len(verdict.checks) or verdict.passed
        yield _check(f"check/{line.verdict.table.rule}", line, exam.law, shown=roomy or (line.ok is False and decides))
    for n, text in enumerate(_aside(verdict, exam.law)):
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
    return Line(key, _name(law, line), _ROLES[line.verdict.truth], (*tests, article), shown)


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


def _needs_lines(wanted: Wanted | None, verdict: SheetVerdict, law: Lawbook, *, fresh: bool) -> Iterator[Line]:
    if wanted is None:
        yield Line("needs/wait", _("What is still needed is being worked out ..."), "assumed")
        return
    if not fresh:
        yield Line("needs/wait", _("Being worked out for the new marks ..."), "assumed")
    open_ = _open(verdict) > 0
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
    """What each open mark has to be by itself: central exams with the others as their school exam, and the least ever."""
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
    text = ngettext(
        "{n} open {marks}: at least {average}",
        "{n} open {marks} together: on average at least {average} (a total of {total})",
        mean.count,
    )
    marks = _("central exam") if mean.column == "ce" and mean.count == 1 else _(_OPEN_MARKS[mean.column])
    return text.format(n=mean.count, marks=marks, average=average, total=mark(mean.total))


_OPEN_MARKS = {"ce": N_("central exams"), "se": N_("school exam marks")}


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
