"""Everything the options screen shows: a life, year by year, and what may be done in the year that is selected, with
force and article, what may not and why, and what would open it. No Textual here.

``show(played, year, outlook)``          -> OptionsView, what the screen prints
``take(document, plan, ahead, said)``   the scenario with a step chosen, or not chosen any more
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import define, evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Act, Move
from trajectsim.law.studies import ARGUMENT
from trajectsim.path.ahead import Ahead, Outlook, ahead
from trajectsim.path.plan import Plan
from trajectsim.path.walk import Reason, Step, Trajectory
from trajectsim.report.outlook import opening_text
from trajectsim.scenario.edit import append, drop
from trajectsim.scenario.plans import plan_of
from trajectsim.tui.document import Document
from trajectsim.tui.viewmodel import read_variant
from trajectsim.tui.yearview import Line, aimed, option_line, refusal_line
from trajectsim.verdict import Outcome
from trajectsim.words import N_, Label, _, ngettext

Arguments = tuple[tuple[str, str], ...]


@frozen
class LifeRow:
    """A school year of the life: where the pupil is, which step follows and whether the plan chooses it, and signs for
    what is so in the year."""

    year: SchoolYear
    place: str
    step: str
    signs: tuple[tuple[str, str], ...]
    chosen: bool


@frozen(eq=False)
class OptionsView:
    """What the options screen prints for a school year. ``choices`` has the step behind the key of a line, ``openers``
    the measure behind that of a line that says what would open one; ``first`` is the key of the line that is
    chosen at first; ``waiting``: what would open them is not known yet."""

    year: SchoolYear
    heading: str
    life: tuple[LifeRow, ...]
    lines: tuple[Line, ...]
    choices: Mapping[str, Ahead] = field(repr=False)
    openers: Mapping[str, Measure] = field(repr=False)
    counted: str
    first: str
    waiting: bool = False

    @property
    def cursor(self) -> int:
        """Where the year stands in the life; the last before it once that is over."""
        return max((n for n, row in enumerate(self.life) if row.year <= self.year), default=0)


NOTHING = "-"
"""The word for saying nothing of an argument that can be left out."""


@frozen
class Asked:
    """What has to be said before a step is chosen: the name of the argument, and the words that can be said, each with
    its label, which is found in either language."""

    name: str
    words: Mapping[str, Label]

    @property
    def label(self) -> str:
        """What is asked."""
        return _(_ARGUMENTS[self.name])

    def find(self, text: str) -> tuple[tuple[str, str], ...]:
        """The words that a text is a part of."""
        wanted = text.strip().lower()
        found = {word: f"{word} {label.nl} {label.en}".lower() for word, label in self.words.items()}
        return tuple((word, str(self.words[word])) for word, text in found.items() if wanted in text)


_ARGUMENTS = {"subject": N_("subject"), "level": N_("level"), "study": N_("study")}


def quick(step: Step, law: Lawbook) -> Outlook:
    """What lies ahead, without what would open the refused steps."""
    return ahead(step, law, opened=False)


def show(walk: Trajectory, law: Lawbook, year: SchoolYear, outlook: Outlook | None = None) -> OptionsView:
    """The screen for a school year. ``outlook`` is what lies ahead in it, once that is known in full."""
    life = tuple(_row(walk, step) for step in walk.steps)
    step = walk.at(year)
    if step is None:
        text = _("Not in school in {year}; the path ended in {last}: {end}")
        end = text.format(year=year, last=walk.steps[-1].state.year, end=walk.ended)
        return OptionsView(year, str(year), life, (Line("end", end, "head"),), {}, {}, "", "end")
    full = outlook is not None and outlook.step is step
    known = outlook if full and outlook is not None else quick(step, law)
    found = _Found()
    lines = tuple(_lines(walk, step, known, law, found))
    state = step.state
    heading = _("{year} · {place} · {age} years old").format(year=state.year, place=state.place, age=state.age)
    return OptionsView(
        year, heading, life, lines, found.choices, found.openers, _counted(known), _first(lines, found), not full
    )


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


def take(document: Document, walked: Plan, each: Ahead, said: Arguments = ()) -> Document:
    """The scenario with a step chosen in its year, in the place of another move; a step that was chosen is chosen no
    more. ``said`` are the arguments that were asked for. Raises Problems where the choices stand elsewhere."""
    option, name = each.option, "choice" if each.kind == "move" else "act"
    year, rule = option.desk.state.year, option.rule
    chosen = is_chosen(walked, year, each) and not said
    plan = plan_of(read_variant(document.text, document).scenario)
    if each.kind == "move":
        gone = [n for n, choice in enumerate(plan.choices) if choice.year == year]
    else:
        asked = (year, rule.id, option.arguments)
        gone = [n for n, act in enumerate(plan.acts) if (act.year, act.act, act.arguments) == asked and chosen]
    _own(document, name)
    text = document.text
    for n in reversed(gone):
        text = drop(text, (name, n))
    if not chosen:
        step = "move" if each.kind == "move" else "act"
        text = append(text, name, {"in": str(year), step: rule.id, **dict((*option.arguments, *said))})
    told = _("{step} no longer chosen in {year}") if chosen else _("{step} chosen in {year}")
    return document.changed(text, told.format(step=rule.label, year=year))


def _own(document: Document, name: str) -> None:
    """Raise Problems when the choices or acts are not all the file's own, for then a new one would replace them."""
    source = read_variant(document.text, document)
    for n in range(len(source.variant.document.get(name, ()))):
        file, place = source.variant.origin((name, n))
        if (file, place) != (source.file, (name, n)):
            message = _("the choices of this scenario stand in another place: {file}").format(file=file)
            raise Problems([Problem("S004", message, file, hint=_("change it in the text of the scenario"))])


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
    return LifeRow(year, str(step.state.place), str(taken.rule.label) if taken else walk.ended, tuple(signs), chosen)


# --- what may be done ---------------------------------------------------------------------------------------

_GROUPS: Sequence[tuple[str, str, tuple[Outcome, ...]]] = (
    ("open", N_("Open"), (Outcome.OPEN,)),
    ("school", N_("The school decides"), (Outcome.SCHOOL_DECIDES,)),
    ("undecided", N_("Undecided"), (Outcome.UNDECIDED,)),
    ("refused", N_("Not possible"), tuple(outcome for outcome in Outcome if outcome.refused)),
)


def _lines(walk: Trajectory, step: Step, outlook: Outlook, law: Lawbook, found: _Found) -> Iterator[Line]:
    year = step.state.year
    yield from (refusal_line(refusal, step, law) for refusal in walk.refusals if refusal.year == year)
    if step.extrapolated:
        yield Line("beyond", _("the law of this year is not known here; the nearest known year answers"), "beyond")
    for key, title, outcomes in _GROUPS:
        some = [each for each in outlook.ahead if each.option.outcome in outcomes]
        lines = tuple(_alike(walk, some, law, found))
        if lines:
            n = len({each.option.rule.id for each in some})
            yield Line(key, f"{_(title)} ({n})", "head", lines, shown=True)


@define
class _Found:
    """What is behind the keys of lines: the steps, and the measures that would open one."""

    choices: dict[str, Ahead] = field(factory=dict[str, Ahead])
    openers: dict[str, Measure] = field(factory=dict[str, Measure])


def _alike(walk: Trajectory, some: Iterable[Ahead], law: Lawbook, found: _Found) -> Iterator[Line]:
    """A line for each step. An act with several words that all come to the same is one line over these, and so are
    steps that are refused for the same reason."""
    groups: dict[object, list[Ahead]] = {}
    for each in some:
        groups.setdefault(_alike_by(walk, each), []).append(each)
    for group in groups.values():
        first, n = group[0], len(group)
        if n == 1:
            yield _step_line(walk, first, law, found)
        elif first.lawful:
            told = ngettext("{rule}: {n} choice", "{rule}: {n} choices", n).format(rule=first.option.rule.label, n=n)
            lines = tuple(_step_line(walk, each, law, found) for each in group)
            yield Line(f"group/{lines[0].key}", told, lines[0].role, lines, rule=first.option.rule.id)
        else:
            yield _refused_alike(walk, group, law, found)


def _alike_by(walk: Trajectory, each: Ahead) -> object:
    option = each.option
    if is_chosen(walk.plan, option.desk.state.year, each):
        return each
    if each.lawful:
        return each.kind, option.rule.id, option.verdict.way
    if not option.outcome.refused:
        return each
    return option.outcome, option.why_not(), tuple(opening_text(opening) for opening in each.openings)


def _refused_alike(walk: Trajectory, group: Sequence[Ahead], law: Lawbook, found: _Found) -> Line:
    """Steps that are refused for one reason, which is told once, over each of them."""
    first, n = group[0], len(group)
    key = f"group/{first.kind}/{first.option.rule.id}"
    options = [each.option for each in group]
    names = "; ".join(str(each.to if each.to and each.to.track else each.rule.label) for each in options)
    told = ngettext("{n} step: {names}", "{n} steps: {names}", n).format(n=n, names=names)
    text = f"{told} · {first.option.outcome.text}: {first.option.why_not()}"
    opened = tuple(_openings(key, first, found.openers))
    lines = tuple(_named(_step_line(walk, each, law, found), each) for each in group)
    aside = "; ".join(line.text for line in opened) or next(iter(first.option.cites())).sure
    return Line(key, text, "no", (*opened, *lines), aside=aside)


def _named(line: Line, each: Ahead) -> Line:
    """A step under the reason that it shares: its name and where it leads."""
    return evolve(line, text=aimed(each.option), aside=next(iter(each.option.cites())).sure)


def _step_line(walk: Trajectory, each: Ahead, law: Lawbook, found: _Found) -> Line:
    option = each.option
    words = ", ".join(_word(option.rule, name, value, law) for name, value in option.arguments)
    key = "/".join((each.kind, option.rule.id, *(value for _name, value in option.arguments)))
    found.choices[key] = each
    line = option_line(key, option, law, words)
    year = option.desk.state.year
    said = _("chosen") if is_chosen(walk.plan, year, each) else _("taken") if each.taken else ""
    opened = tuple(_openings(key, each, found.openers))
    cite = next(iter(option.cites()))
    return evolve(
        line,
        text=f"{line.text} ◂ {said}" if said else line.text,
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
        return Asked(name, {value.id: value.label for value in law.facts[kind].values})
    if kind.startswith(ARGUMENT):
        level = kind.removeprefix(ARGUMENT)
        studies = {study.id: study.label for study in law.studies.values() if study.level == level}
        nothing = _("no study in particular")
        return Asked(name, {NOTHING: Label(nothing, nothing), **studies})
    return Asked(name, {subject.id: subject.label for subject in law.subjects.values()})


def _first(lines: Iterable[Line], found: _Found) -> str:
    """The step that is taken, else the first."""
    keys = [line for top in lines for line in top.walk() if line.key in found.choices]
    return next((line.key for line in keys if line.role == "taken"), keys[0].key if keys else "")


def _counted(outlook: Outlook) -> str:
    lawful, refused = (len({each.option.rule.id for each in some}) for some in (outlook.lawful, outlook.refused))
    return _("{lawful} possible, {refused} not").format(lawful=lawful, refused=refused)
