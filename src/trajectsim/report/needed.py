"""What is still needed on a sheet, as text for people and as plain data for json."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen

from trajectsim.exam.needed import CENTRAL, Goal, Mean, Needs, OpenNeed, ResitChoice, State
from trajectsim.exam.verdicts import CheckLine, SheetVerdict
from trajectsim.law.tables import Cite
from trajectsim.marks import HIGHEST, LOWEST, TENTHS
from trajectsim.report.exam import check_data, csv_field, result_text
from trajectsim.words import N_, _, decimal_comma, listed, mark, ngettext

MOST_TOLD = 8
"""How many sets of resits of one size are told as text; the others are counted."""


@frozen(eq=False)
class Answer:
    """What there is to say of one candidate: the verdict so far and what each goal still needs.

    ``resits``: the article on sitting exams again; ``falls_back``: that on doing a subject at the own level after all.
    """

    name: str
    verdict: SheetVerdict
    needs: Mapping[Goal, Needs]
    resits: Cite
    falls_back: Cite | None = None
    notes: tuple[str, ...] = ()


# --- text ---------------------------------------------------------------------------------------------------


def needed_text(answer: Answer) -> str:
    """A block of lines for a candidate."""
    layout = answer.verdict.judged.batch.layout
    exam = _("{level}, exam {year}").format(level=answer.verdict.law.level_text(layout.level), year=layout.exam)
    return "\n".join([f"{answer.name} · {exam}", *needed_lines(answer)]) + "\n"


def needed_lines(answer: Answer) -> Iterator[str]:
    """What a candidate has so far and what each goal still needs; a line under another is indented by two more."""
    layout = answer.verdict.judged.batch.layout
    yield "  " + _("so far: {result}").format(result=_so_far(answer))
    told: set[str] = set()
    for goal, found in answer.needs.items():
        yield _(_GOALS[goal]).format(state=_(_state(goal, found, answer)))
        yield from (f"  {line}" for line in _goal_lines(found, answer, told))
        told |= {line.verdict.table.rule for line in found.missing}
    if answer.falls_back is not None:
        higher = [f"{slot.code} ({slot.at})" for slot in layout.slots if slot.at]
        text = _("After all at the own level: {subjects} can still be done there, if the candidate wants it · {cite}")
        yield text.format(subjects=listed(higher), cite=answer.falls_back.sure)
    yield from (_("note: {note}").format(note=note) for note in answer.notes)


_GOALS = {Goal.PASS: N_("To pass: {state}"), Goal.CUM_LAUDE: N_("For cum laude: {state}")}

_STATES = {
    State.REACHED: N_("reached, whatever the open marks become"),
    State.POSSIBLE: N_("possible by the marks that are open"),
    State.IMPOSSIBLE: N_("the marks that are open can no longer do it"),
    State.INCOMPLETE: N_("cannot be told: the sheet lacks something else that the exam needs"),
}
_CLOSED = {State.REACHED: N_("reached"), State.IMPOSSIBLE: N_("not reached")}
"""The same where no mark is open."""

_COLUMNS = {"ce": N_("central exam"), "se": N_("school exam")}
_RESITS = {
    "resit": N_("resit of {subject}: at least {mark} (now {over})"),
    "cspe": N_("retake of the cspe or school exam of {subject}: at least {mark} (now {over})"),
    "rv": N_("RV-toets of {subject}: at least {mark} (now {over})"),
}


def _so_far(answer: Answer) -> str:
    verdict = answer.verdict
    result = result_text(int(verdict.judged.result[verdict.index]), verdict.cum_laude)
    return "; ".join(filter(None, (result, verdict.left_out_text)))


def _state(goal: Goal, found: Needs, answer: Answer) -> str:
    if goal is Goal.CUM_LAUDE and not answer.verdict.judged.rules.laude:
        return N_("the law knows none for this exam")
    return _STATES[found.state] if _has_open(answer) else _CLOSED.get(found.state, _STATES[found.state])


def _has_open(answer: Answer) -> bool:
    """Whether a mark or rating is missing."""
    return answer.verdict.judged.finals.open is not None


def _goal_lines(found: Needs, answer: Answer, told: set[str]) -> Iterator[str]:
    if found.goal is Goal.CUM_LAUDE and not answer.verdict.judged.rules.laude:
        return
    if found.state is State.POSSIBLE:
        yield from _open_lines(found.open)
        if found.mean is not None and found.mean.count > 1:
            yield _mean_text(found.mean, found.open)
    if found.rated:
        yield _("rated at least V besides: {subjects}").format(subjects=listed(found.rated))
    if found.missing:
        if _has_open(answer):
            yield _("even with a {mark} for every open mark this is not met:").format(mark=mark(HIGHEST))
        new = [line for line in found.missing if line.verdict.table.rule not in told]
        yield from (f"  {_check_text(line, answer)}" for line in new)
        if len(new) < len(found.missing):
            yield "  " + _("and what is not met to pass")
    if found.state is State.IMPOSSIBLE:
        yield from _resit_lines(found.resits, answer)
    if found.state is State.POSSIBLE:
        yield _("asked for by:")
        yield from (f"  {text}" for text in _demands(found.goal, answer))


def _open_lines(needs: Sequence[OpenNeed]) -> Iterator[str]:
    """Each open mark by itself, with what is assumed of the others."""
    if len(needs) == 1:
        yield _("the one mark that is open:")
    elif any(need.stays for need in needs):
        yield _("each mark by itself, if the other open central exams equal the school exam marks of their subjects:")
    else:
        yield _("each mark by itself, if all other open marks were {mark}:").format(mark=mark(HIGHEST))
    others = any(need.stays for need in needs)
    for need in needs:
        head = _("{subject}, {column}").format(subject=need.subject, column=_(_COLUMNS[need.column]))
        yield f"  {head}: {_need_text(need) if others else _at_least(need.least)}"


def _need_text(need: OpenNeed) -> str:
    if need.stays and need.if_others_stay == need.least:
        return _at_least(need.least)
    text = _("{least} if all other open marks were {mark}").format(least=_at_least(need.least), mark=mark(HIGHEST))
    return f"{_at_least(need.if_others_stay)}; {text}" if need.stays else text


def _at_least(tenths: int | None) -> str:
    if tenths is None:
        return _("no mark is enough")
    return _("any mark will do") if tenths == LOWEST else _("at least {mark}").format(mark=mark(tenths))


def _mean_text(mean: Mean, needs: Sequence[OpenNeed]) -> str:
    """What the open central exams have to be together: never less than the mean that is told, so rounded up."""
    hundredths = -(-mean.total * TENTHS // mean.count)
    subjects = [need.subject for need in needs if need.column == CENTRAL]
    marks = (f"{code} {mark(each)}" for code, each in zip(subjects, mean.marks, strict=True))
    text = _("the {n} open central exams together: on average at least {mean}, a total of {total}, such as {marks}")
    if len(needs) > mean.count:
        text = _(
            "the {n} open central exams together, if every open school exam were {highest}: on average at least "
            "{mean}, a total of {total}, such as {marks}"
        )
    return text.format(
        n=mean.count,
        mean=decimal_comma(f"{hundredths // 100}.{hundredths % 100:02}"),
        total=mark(mean.total),
        marks=listed(marks),
        highest=mark(HIGHEST),
    )


def _resit_lines(choices: Sequence[ResitChoice], answer: Answer) -> Iterator[str]:
    cite = answer.resits.sure
    if not choices:
        yield _("no resit that can still be taken turns this · {cite}").format(cite=cite)
        return
    told = _("turned by one of these · {cite}")
    if _has_open(answer):
        told = _("turned by one of these, with a {mark} for every open mark · {cite}")
    yield told.format(mark=mark(HIGHEST), cite=cite)
    for size in sorted({len(choice.rows) for choice in choices}):
        some = [choice for choice in choices if len(choice.rows) == size]
        yield from (f"  {_resit_text(choice)}" for choice in some[:MOST_TOLD])
        more = len(some) - MOST_TOLD
        if more > 0:
            yield "  " + ngettext("and {n} such choice more", "and {n} such choices more", more).format(n=more)


def _resit_text(choice: ResitChoice) -> str:
    each = zip(choice.subjects, choice.kinds, choice.marks, choice.over, strict=True)
    parts = (
        _(_RESITS[kind]).format(subject=subject, mark=mark(least), over=mark(over))
        for subject, kind, least, over in each
    )
    text = listed(parts)
    if len(choice.rows) > 1:
        text = _("{resits}: the least total").format(resits=text)
    if choice.early:
        text = _("{resits}; closed in an earlier year, for which the law does not give this right in words").format(
            resits=text
        )
    return text


def _check_text(line: CheckLine, answer: Answer) -> str:
    sign = "?" if line.ok is None else "✗"
    return f"{sign} {_label(line, answer)}: {line.verdict.why_not()} · {line.cite.sure}"


def _label(line: CheckLine, answer: Answer) -> str:
    return str(answer.verdict.law.demands[line.verdict.table.rule].label)


def _demands(goal: Goal, answer: Answer) -> Iterator[str]:
    """The demands of a goal with their articles."""
    rules, law = answer.verdict.judged.rules, answer.verdict.law
    tables = rules.demands if goal is Goal.PASS else rules.laude
    return (f"{law.demands[table.rule].label} · {table.cite.sure}" for table in tables)


# --- csv ----------------------------------------------------------------------------------------------------

NEEDED_HEADER = "candidate,level,exam,goal,state,subject,mark,least,if_others_stay,together\n"


def needed_csv(answer: Answer) -> str:
    """A row for each goal and open mark of a candidate; one for a goal of which none is asked. ``together`` is the
    least total of the open central exams."""
    layout = answer.verdict.judged.batch.layout
    rows: list[str] = []
    for goal, found in answer.needs.items():
        head = f"{csv_field(answer.name)},{layout.level},{layout.exam},{goal.value},{found.state.value}"
        together = "" if found.mean is None else _plain(found.mean.total)
        for need in found.open:
            marks = (_plain(need.least), _plain(need.if_others_stay), together)
            rows.append(",".join((head, csv_field(need.subject), need.column, *marks)))
        if not found.open:
            rows.append(f"{head},,,,,{together}")
    return "".join(f"{row}\n" for row in rows)


def _plain(tenths: int | None) -> str:
    return "" if tenths is None else str(Decimal(tenths) / TENTHS)


# --- data ---------------------------------------------------------------------------------------------------


def needed_data(answer: Answer) -> dict[str, Any]:
    """The same as plain data; marks as numbers with one decimal."""
    layout, verdict = answer.verdict.judged.batch.layout, answer.verdict
    return {
        "candidate": answer.name,
        "level": layout.level,
        "exam": layout.exam,
        "result": verdict.result,
        "cum_laude": verdict.cum_laude,
        "goals": {goal.value: _goal_data(found) for goal, found in answer.needs.items()},
        "resits_cite": str(answer.resits),
        "falls_back": None if answer.falls_back is None else str(answer.falls_back),
        "notes": list(answer.notes),
    }


def _goal_data(found: Needs) -> dict[str, Any]:
    mean = found.mean
    return {
        "state": found.state.value,
        "open": [
            {
                "subject": need.subject,
                "mark": need.column,
                "least": _number(need.least),
                "if_others_stay": _number(need.if_others_stay),
            }
            for need in found.open
        ],
        "rated": list(found.rated),
        "mean": None
        if mean is None
        else {"total": _number(mean.total), "count": mean.count, "such_as": [_number(each) for each in mean.marks]},
        "missing": [check_data(line) for line in found.missing],
        "resits": [
            [
                {"subject": subject, "mark": kind, "least": _number(least), "over": _number(over)}
                for subject, kind, least, over in zip(
                    choice.subjects, choice.kinds, choice.marks, choice.over, strict=True
                )
            ]
            for choice in found.resits
        ],
    }


def _number(tenths: int | None) -> float | None:
    return None if tenths is None else float(Decimal(tenths) / TENTHS)
