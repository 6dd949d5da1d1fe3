"""What lies ahead of a pupil in a school year, as text and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from trajectsim.law.teaching import Norm
from trajectsim.path.ahead import Ahead, Opening, Outlook
from trajectsim.path.options import Option
from trajectsim.report.plain import option_data, span_data
from trajectsim.report.text import option_line, span_text
from trajectsim.verdict import Outcome
from trajectsim.words import N_, _, listed

_GROUPS = (
    (N_("Open"), "✓", (Outcome.OPEN,)),
    (N_("The school decides"), "✓", (Outcome.SCHOOL_DECIDES,)),
    (N_("Undecided"), "?", (Outcome.UNDECIDED,)),
    (N_("Not possible"), "✗", tuple(outcome for outcome in Outcome if outcome.refused)),
)


def outlook_text(outlook: Outlook) -> str:
    """Every lawful step with its force and article, then every refused one with what is missing and what opens it."""
    state = outlook.step.state
    head = [f"{state.year} · {state.place} · " + _("age {n}").format(n=state.age)]
    if outlook.step.extrapolated:
        head.append(_("the law of this year is not known here; the nearest known year answers"))
    blocks = ["\n".join(head)]
    for title, sign, outcomes in _GROUPS:
        alike: dict[object, list[Ahead]] = {}
        for each in (each for each in outlook.ahead if each.option.outcome in outcomes):
            way = each.option.verdict.way if each.lawful else None
            openings = tuple(opening_text(opening) for opening in each.openings)
            alike.setdefault((each.kind, each.option.rule.id, way, openings), []).append(each)
        lines = [line for some in alike.values() for line in _lines(some, sign)]
        if lines:
            blocks.append("\n".join([f"{_(title)}:", *lines]))
    return "\n\n".join(blocks) + "\n"


def opening_text(opening: Opening) -> str:
    """When, and under which measure, a refused step opens."""
    years = listed(span_text(span) for span in opening.years)
    if opening.measure is None:
        return _("open under the law of other years: {years}").format(years=years)
    if opening.now:
        return _("open with the measure {measure}").format(measure=opening.measure.label)
    return _("open with the measure {measure}, under the law of other years: {years}").format(
        measure=opening.measure.label, years=years
    )


def outlook_data(outlook: Outlook) -> dict[str, Any]:
    """The same as data."""
    state = outlook.step.state
    return {
        "year": str(state.year),
        "place": state.place.id,
        "age": state.age,
        "extrapolated": outlook.step.extrapolated,
        "lawful": _data(outlook.lawful),
        "undecided": _data(outlook.undecided),
        "refused": _data(outlook.refused),
    }


def _lines(some: list[Ahead], sign: str) -> Iterator[str]:
    """A step, with the words of its arguments that all come to the same."""
    each = some[0]
    taken = " ← " + _("taken") if each.taken else ""
    act = _("act") + ": " if each.kind == "act" else ""
    words = ", ".join(" ".join(_words(other.option)) for other in some)
    yield f"  {sign} {act}{option_line(each.option, words)}{taken}"
    yield from (f"      {opening_text(opening)}" for opening in each.openings)


def _words(option: Option) -> Iterator[str]:
    """What is said beside a step: the value of a fact by its name, anything else as it is written."""
    facts = option.desk.law.facts
    for name, value in option.arguments:
        fact = facts.get(option.rule.arguments.get(name, "")) if not isinstance(option.rule, Norm) else None
        yield fact.text(fact.encode(value)) if fact is not None else value


def _data(some: Iterable[Ahead]) -> list[dict[str, Any]]:
    return [
        {
            "kind": each.kind,
            **option_data(each.option),
            "taken": each.taken,
            "opens": [
                {
                    "measure": opening.measure.id if opening.measure else None,
                    "years": [span_data(span) for span in opening.years],
                    "now": opening.now,
                }
                for opening in each.openings
            ],
        }
        for each in some
    ]
