"""Everything the options screen shows: a life, year by year, and what may be done in the year that is selected, with
force and article, what may not and why, and what would open it. No Textual here.

``show(played, year, outlook)``          -> OptionsView, what the screen prints
``take(document, played, ahead, ...)``   the scenario with a step chosen, or not chosen any more
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Act, Move
from trajectsim.law.studies import ARGUMENT
from trajectsim.path.ahead import Ahead, Outlook, ahead
from trajectsim.path.plan import Plan
from trajectsim.path.walk import Reason, Step, Trajectory
from trajectsim.report.outlook import opening_text
from trajectsim.tui.yearview import Line, option_line, refusal_line
from trajectsim.verdict import Outcome
from trajectsim.words import N_, _, ngettext

Arguments = tuple[tuple[str, str], ...]


@frozen
class LifeRow:
    """A school year of the life: where the pupil is, which step follows, and signs for what is so in it."""

    year: SchoolYear
    place: str
    step: str
    signs: tuple[tuple[str, str], ...]
    chosen: bool


@frozen(eq=False)
class OptionsView:
    """What the options screen prints for a school year. ``choices`` has the step behind the key of a line, ``openers``
    the measure behind that of a line that says what would open one; ``waiting``: what would open them is not known
    yet."""

    year: SchoolYear
    heading: str
    life: tuple[LifeRow, ...]
    lines: tuple[Line, ...]
    choices: Mapping[str, Ahead] = field(repr=False)
    openers: Mapping[str, Measure] = field(repr=False)
    counted: str
    waiting: bool = False

    @property
    def cursor(self) -> int:
        """Where the year stands in the life; the last before it once that is over."""
        return max((n for n, row in enumerate(self.life) if row.year <= self.year), default=0)


@frozen
class Asked:
    """What has to be said before a step is chosen: the name of the argument, and what can be said, by its word."""

    name: str
    words: Mapping[str, str]
    free: bool = False


def quick(step: Step, law: Lawbook) -> Outlook:
    """What lies ahead, without what would open the refused steps."""
    return ahead(step, law, opened=False)


def show(walk: Trajectory, law: Lawbook, year: SchoolYear, outlook: Outlook | None = None) -> OptionsView:
    """The screen for a school year. ``outlook`` is what lies ahead in it, once that is known in full."""
    life = tuple(_row(walk, step) for step in walk.steps)
    step = walk.at(year)
    if step is None:
        text = _("Not in school in {year}; the path ended in {last}: {end}")
        end = text.format(year=year, last=walk.steps[-1].state.year, end=walk.end.text)
        return OptionsView(year, str(year), life, (Line("end", end, "head"),), {}, {}, "")
    full = outlook is not None and outlook.step is step
    known = outlook if full and outlook is not None else quick(step, law)
    choices: dict[str, Ahead] = {}
    openers: dict[str, Measure] = {}
    lines = tuple(_lines(walk, step, known, law, choices, openers))
    state = step.state
    heading = _("{year} · {place} · {age} years old").format(year=state.year, place=state.place, age=state.age)
    return OptionsView(year, heading, life, lines, choices, openers, _counted(known), waiting=not full)


def questions(each: Ahead, law: Lawbook) -> tuple[Asked, ...]:
    """What has to be said before this step can be chosen."""
    rule = each.option.rule
    if not isinstance(rule, Act | Move):
        return ()
    given = dict(each.option.arguments)
    return tuple(_asked(name, kind, law) for name, kind in rule.arguments.items() if name not in given)


def is_chosen(plan: Plan, year: SchoolYear, each: Ahead) -> bool:
    """Whether the plan itself asks for this step."""
    if each.kind == "move":
        return any(choice.year == year and choice.move == each.option.rule.id for choice in plan.choices)
    acts = [(act.act, act.arguments) for act in plan.acts if act.year == year]
    return (each.option.rule.id, each.option.arguments) in acts


# --- the life -----------------------------------------------------------------------------------------------


def _row(walk: Trajectory, step: Step) -> LifeRow:
    year = step.state.year
    refused = [refusal for refusal in walk.refusals if refusal.year == year]
    signs = [
        *([("✗", "refused")] if refused else []),
        *([("★", "act")] if step.done else []),
        *([("◆", "diploma")] if step.earned else []),
        *([("*", "beyond")] if step.extrapolated else []),
    ]
    chosen = step.reason is Reason.CHOICE or any(refusal.kind == "choice" for refusal in refused)
    taken = step.taken
    return LifeRow(year, str(step.state.place), str(taken.rule.label) if taken else walk.end.text, tuple(signs), chosen)


# --- what may be done ---------------------------------------------------------------------------------------

_GROUPS: Sequence[tuple[str, str, tuple[Outcome, ...]]] = (
    ("open", N_("Open"), (Outcome.OPEN,)),
    ("school", N_("The school decides"), (Outcome.SCHOOL_DECIDES,)),
    ("undecided", N_("Undecided"), (Outcome.UNDECIDED,)),
    ("refused", N_("Not possible"), tuple(outcome for outcome in Outcome if outcome.refused)),
)


def _lines(
    walk: Trajectory,
    step: Step,
    outlook: Outlook,
    law: Lawbook,
    choices: dict[str, Ahead],
    openers: dict[str, Measure],
) -> Iterator[Line]:
    year = step.state.year
    yield from (refusal_line(refusal, step, law) for refusal in walk.refusals if refusal.year == year)
    if step.extrapolated:
        yield Line("beyond", _("the law of this year is not known here; the nearest known year answers"), "beyond")
    for key, title, outcomes in _GROUPS:
        some = [each for each in outlook.ahead if each.option.outcome in outcomes]
        lines = tuple(_alike(walk, some, law, choices, openers))
        if lines:
            yield Line(key, f"{_(title)} ({len(lines)})", "head", lines, shown=True)


def _alike(
    walk: Trajectory, some: Iterable[Ahead], law: Lawbook, choices: dict[str, Ahead], openers: dict[str, Measure]
) -> Iterator[Line]:
    """A line for each step; an act with several words that all come to the same is one line over these."""
    groups: dict[object, list[Ahead]] = {}
    for each in some:
        way = each.option.verdict.way if each.lawful else None
        groups.setdefault((each.kind, each.option.rule.id, way), []).append(each)
    for group in groups.values():
        lines = [_step_line(walk, each, law, choices, openers) for each in group]
        if len(lines) == 1:
            yield lines[0]
            continue
        n = len(lines)
        told = ngettext("{rule}: {n} choice", "{rule}: {n} choices", n).format(rule=group[0].option.rule.label, n=n)
        rule = group[0].option.rule.id
        yield Line(f"group/{rule}/{lines[0].key}", told, lines[0].role, tuple(lines), rule=rule)


def _step_line(
    walk: Trajectory, each: Ahead, law: Lawbook, choices: dict[str, Ahead], openers: dict[str, Measure]
) -> Line:
    option = each.option
    words = ", ".join(_word(option.rule, name, value, law) for name, value in option.arguments)
    key = "/".join((each.kind, option.rule.id, *(value for _name, value in option.arguments)))
    choices[key] = each
    line = option_line(key, option, law)
    year = option.desk.state.year
    text = line.text if not words else line.text.replace(str(option.rule.label), f"{option.rule.label} ({words})", 1)
    said = _("chosen") if is_chosen(walk.plan, year, each) else _("taken") if each.taken else ""
    opened = tuple(_openings(key, each, openers))
    cite = next(iter(option.cites()))
    return evolve(
        line,
        text=f"{text} ◂ {said}" if said else text,
        role="taken" if said and line.role == "yes" else line.role,
        children=(*opened, *line.children),
        aside="; ".join(line.text for line in opened) or cite.sure,
    )


def _openings(key: str, each: Ahead, openers: dict[str, Measure]) -> Iterator[Line]:
    """What would open a refused step: a measure, which can be turned on from here, or the law of other years."""
    for n, opening in enumerate(each.openings):
        name = f"{key}/opens/{n}"
        if opening.measure is not None and opening.now:
            openers[name] = opening.measure
        measure = opening.measure.id if opening.measure is not None else ""
        yield Line(name, opening_text(opening), "opens", rule=measure)


def _word(rule: object, name: str, value: str, law: Lawbook) -> str:
    """What a plan says of a step, as people say it."""
    kind = rule.arguments.get(name, "") if isinstance(rule, Act | Move) else ""
    if kind in law.facts:
        return law.facts[kind].text(law.facts[kind].encode(value))
    named = law.studies.get(value) if kind.startswith(ARGUMENT) else law.subject(value)
    return str(named.label) if named is not None else value


def _asked(name: str, kind: str, law: Lawbook) -> Asked:
    if kind in law.facts:
        return Asked(name, {value.id: str(value.label) for value in law.facts[kind].values})
    if kind.startswith(ARGUMENT):
        level = kind.removeprefix(ARGUMENT)
        studies = {study.id: str(study.label) for study in law.studies.values() if study.level == level}
        return Asked(name, {"": _("no study in particular"), **studies})
    return Asked(name, {subject.id: str(subject.label) for subject in law.subjects.values()}, free=True)


def _counted(outlook: Outlook) -> str:
    lawful, refused = len(outlook.lawful), len(outlook.refused)
    return _("{lawful} possible, {refused} not").format(lawful=lawful, refused=refused)
