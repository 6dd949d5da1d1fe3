"""One school year of a walk in words: a tree of lines, each with the article it comes from. No Textual here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.tables import Cite, Force
from trajectsim.path.options import MeasureState, Option
from trajectsim.path.walk import Reason, Refusal, Step, Trajectory
from trajectsim.report.bands import alike, drawn, exam_line, mark_line
from trajectsim.report.linemap import same
from trajectsim.report.text import closed_text, exam_text, subject_text
from trajectsim.report.uses import USES as USES
from trajectsim.report.uses import use_of as use_of
from trajectsim.verdict import MAYBE, NO, YES, Node, Outcome
from trajectsim.words import N_, _, listed, mark, ngettext

if TYPE_CHECKING:
    from trajectsim.exam.verdicts import CheckLine, SheetVerdict
    from trajectsim.path.exams import Closed

SIGNS = {
    "yes": "✓",
    "no": "✗",
    "maybe": "?",
    "refused": "✗",
    "diploma": "◆",
    "act": "★",
    "resit": "⟲",
    "taken": "→",
    "article": "§",
    "assumed": "~",
    "beyond": "*",
    "hollow": "○",
    "opens": "▹",
    "new": "+",
    "gone": "−",
}
"""The sign of a role; a line of another role has none. Colour only repeats what the sign says."""


@frozen
class Line:
    """A line of the tree. ``key`` is its own from year to year, ``shown`` says that its children start unfolded;
    ``aside`` is what stands behind it while they are folded; ``rule`` is the id of the rule that it comes from."""

    key: str
    text: str
    role: str = "plain"
    children: tuple[Line, ...] = field(default=())
    shown: bool = False
    aside: str = ""
    rule: str = ""

    @property
    def sign(self) -> str:
        return SIGNS.get(self.role, "")

    def walk(self) -> Iterator[Line]:
        """This line and all under it."""
        yield self
        for child in self.children:
            yield from child.walk()


def year_lines(walk: Trajectory, without: Trajectory, law: Lawbook, year: SchoolYear) -> tuple[Line, ...]:
    """What there is to say of a school year, what asks for attention first."""
    step = walk.at(year)
    lines: list[Line] = []
    if step is not None:
        lines.extend(refusal_line(refusal, step, law) for refusal in walk.refusals if refusal.year == year)
        lines.extend(_beyond(walk, law, year, step))
        lines.append(_at_work(step))
        lines.extend(_acts(step, law))
        lines.extend(_closed(n, each) for n, each in enumerate(step.closed))
        lines.extend(_exam(step.exam, law, _modelled(walk, step, law)) if step.exam else ())
        lines.extend(_earned(walk, step, law))
        lines.append(_taken(walk, step, law))
        lines.extend(_others(step, law, ("open", "school", "undecided")))
        lines.extend(_assumed(walk, step, law))
    elif year > walk.steps[-1].state.year:
        end = _("Not in school any more; the path ended in {year}: {end}")
        lines.append(Line("end", end.format(year=walk.steps[-1].state.year, end=walk.ended), "head"))
    lines.extend(_without(walk, without, law, year))
    if step is not None:
        lines.extend(_others(step, law, ("refused",)))
    return tuple(lines)


def _cited(key: str, cites: Iterable[Cite]) -> tuple[Line, ...]:
    texts = dict.fromkeys(cite.noted for cite in cites)
    return tuple(Line(f"{key}/cite/{n}", text, "article") for n, text in enumerate(texts))


_ROLES = {YES: "yes", MAYBE: "maybe", NO: "no"}


def _node(key: str, node: Node) -> Line:
    role = "plain" if node.truth is None else _ROLES[node.truth]
    children = tuple(_node(f"{key}/{n}", child) for n, child in enumerate(node.children))
    return Line(key, node.text, role, children + (_cited(key, [node.cite]) if node.cite else ()), rule=node.rule)


def _nodes(key: str, nodes: Iterable[Node]) -> tuple[Line, ...]:
    return tuple(_node(f"{key}/why/{n}", node) for n, node in enumerate(nodes))


def _name(law: Lawbook, rule_id: str) -> str:
    rule = law.rule(rule_id)
    return rule_id if rule is None else str(rule.label)


def refusal_line(refusal: Refusal, step: Step, law: Lawbook) -> Line:
    """Something that the plan asks for and that does not happen, with the reason."""
    key = f"asked/{refusal.kind}/{refusal.index}"
    behind: tuple[Line, ...] = ()
    if refusal.option is not None:
        behind = _nodes(key, refusal.option.why()) + _cited(key, refusal.option.cites())
    elif refusal.kind == "measure":
        states = [state for state in step.measures if state.measure.id == refusal.id]
        behind = _cited(key, (state.verdict.cite for state in states))
    text = _("Refused: {what} · {reason}").format(what=_name(law, refusal.id), reason=refusal.reason)
    rule = _ruling(refusal.option) if refusal.option is not None else refusal.id
    return Line(key, text, "refused", behind, shown=True, rule=rule)


def _beyond(walk: Trajectory, law: Lawbook, year: SchoolYear, step: Step) -> Iterator[Line]:
    answers, beyond = law.law_year(year.start, walk.plan.clock)
    if beyond or step.extrapolated:
        text = _("The law of this year is not known; the law of {year} answers (extrapolated)")
        yield Line("beyond", text.format(year=SchoolYear(answers)), "beyond")


def _at_work(step: Step) -> Line:
    states = [(state, use) for state in step.measures if (use := use_of(state, step))]
    if not states:
        return Line("measures", _("No measure is at work in this year"), "head")
    lines = tuple(_measure(state) for state, _use in states)
    names = ", ".join(f"{state.measure.label} ({_(USES[use])})" for state, use in states)
    return Line("measures", _("Measures: {measures}").format(measures=names), "head", lines)


def _measure(state: MeasureState) -> Line:
    key = f"measures/{state.measure.id}"
    behind = _nodes(key, state.verdict.why()) + _cited(key, [state.verdict.cite])
    return Line(key, str(state.measure.label), "yes", behind, rule=state.measure.id)


def _acts(step: Step, law: Lawbook) -> Iterator[Line]:
    done = {(act.act, act.arguments) for act in step.done}
    rest: list[Option] = []
    for n, option in enumerate(step.acts):
        if (option.rule.id, option.arguments) not in done:
            rest.append(option)
            continue
        said = ", ".join(value for _name, value in option.arguments)
        text = _("Done: {act}").format(act=option.rule.label) + (f" ({said})" if said else "")
        key = f"done/{n}/{option.rule.id}"
        yield Line(key, text, "act", _behind(key, option, law), rule=option.rule.id)
    if rest:
        lines = tuple(_option(f"acts/{n}", option, law) for n, option in enumerate(rest))
        yield Line("acts", _("Extra, beside the year"), "head", lines)


def _modelled(walk: Trajectory, step: Step, law: Lawbook) -> tuple[Line, ...]:
    """That the marks of the exam were modelled, how weakly, and what drawn futures say of them."""
    found, year = drawn(walk) if step.marks_modelled else None, step.state.year
    if found is None or not (told := exam_line(found, year)):
        return ()
    marks = found.years[year].marks
    named = [(each, subject_text(law, each.subject)) for each in marks]
    behind = tuple(Line(f"exam/drawn/{each.subject}", mark_line(each, name), "assumed") for each, name in named)
    return (Line("exam/drawn", told, "assumed", behind),)


def _exam(exam: SheetVerdict, law: Lawbook, modelled: tuple[Line, ...]) -> Iterator[Line]:
    """The verdict on the marks of the exam, with what decides it, what was sat again and what was taken for granted."""
    resits = zip(exam.slots, exam.resits, strict=True)
    again = [f"{subject_text(law, slot.code)} {mark(resit)}" for slot, resit in resits if resit]
    lines = [Line("exam/resits", _("Sat again: {subjects}").format(subjects=listed(again)), "resit")] if again else []
    lines = [*modelled, *lines, *exam_checks(exam, law)]
    lines += [Line(f"exam/note/{n}", note, "assumed") for n, note in enumerate(exam.notes)]
    role = {"passed": "yes", "failed": "no"}.get(exam.result, "maybe")
    yield Line("exam", exam_text(exam), role, tuple(lines), shown=True)


def exam_checks(exam: SheetVerdict, law: Lawbook, *, roomy: bool = False) -> Iterator[Line]:
    """Each demand of an exam and of cum laude; what is not met and decides starts unfolded, and ``roomy`` all of it."""
    for n, each in enumerate((*exam.checks, *exam.laude)):
        decides = n < len(exam.checks) or exam.passed
        yield exam_check(f"check/{each.verdict.table.rule}", each, law, shown=roomy or (each.ok is False and decides))


def exam_check(key: str, check: CheckLine, law: Lawbook, *, shown: bool) -> Line:
    """A demand over the tests that decide it and its article. Beside what is not met, what is stands folded."""
    tests = tuple(_node(f"{key}/{n}", node) for n, node in enumerate(check.verdict.why()))
    met = tuple(test for test in tests if test.role == "yes")
    if len(met) > 1 and len(met) < len(tests):
        told = ngettext("{n} more is met", "{n} more are met", len(met)).format(n=len(met))
        tests = (*(test for test in tests if test.role != "yes"), Line(f"{key}/met", told, "yes", met))
    behind = (*tests, Line(f"{key}/cite", check.cite.noted, "article"))
    rule = check.verdict.table.rule
    return Line(key, _name(law, rule), _ROLES[check.verdict.truth], behind, shown, check.cite.sure, rule)


def _closed(number: int, closed: Closed) -> Line:
    key = f"closed/{number}/{closed.result.subject}"
    behind = (*_nodes(key, closed.verdict.why()), *_cited(key, [closed.verdict.cite])) if closed.verdict else ()
    return Line(key, closed_text(closed), "act" if closed.stands else "refused", behind)


def _earned(walk: Trajectory, step: Step, law: Lawbook) -> Iterator[Line]:
    for earned, verdict in step.earned:
        key = f"earned/{earned.diploma}"
        name = f"{_name(law, earned.diploma)} cum laude" if earned.cum_laude else _name(law, earned.diploma)
        text = _("Earns: {diploma}, at {age}").format(diploma=name, age=walk.age_at(earned))
        behind = _nodes(key, verdict.why()) + _cited(key, [verdict.cite])
        yield Line(key, text, "diploma", behind, shown=True, rule=earned.diploma)


_REASONS = {
    Reason.CHOICE: N_("chosen in the plan"),
    Reason.MEASURE: N_("a measure brings it about"),
    Reason.MODEL: N_("where most go, by the model"),
    Reason.NOMINAL: N_("the usual next step"),
    Reason.FALLBACK: N_("no usual step was open"),
}


def _taken(walk: Trajectory, step: Step, law: Lawbook) -> Line:
    option = step.taken
    if option is None or step.reason is None:
        return Line("taken", walk.ended, "refused")
    said = _("Then: {move} · {reason}").format(move=aimed(option), reason=_(_REASONS[step.reason]))
    return Line("taken", said, "taken", _behind("taken", option, law), shown=True, rule=_ruling(option))


def _behind(key: str, option: Option, law: Lawbook) -> tuple[Line, ...]:
    """The outcome, the tests that decide and the articles of an option."""
    role = "no" if option.outcome.refused else "maybe" if option.outcome is Outcome.UNDECIDED else "yes"
    said = (Line(f"{key}/outcome", _outcome(option, law), role),) if not option.outcome.refused else ()
    return said + _nodes(key, option.why()) + _cited(key, option.cites())


def _outcome(option: Option, law: Lawbook) -> str:
    """What an option comes to, and what the school says where it decides."""
    force, way = option.verdict.force, option.verdict.deciding
    if option.outcome is not Outcome.SCHOOL_DECIDES or way is None:
        return f"{option.outcome.text} ({force.text})" if option.open and force else option.outcome.text
    said = _(_GRANTED[option.granted, option.assumed_practice])
    return _("the school decides: {said} ({policy})").format(said=said, policy=law.practices[way.practice].label)


def aimed(option: Option, words: str = "") -> str:
    """A move and where it leads, or an act; ``words`` stand for its arguments."""
    label = f"{option.rule.label} ({words})" if words else str(option.rule.label)
    return f"{label} → {option.to}" if option.to and option.to.track else label


def _option(key: str, option: Option, law: Lawbook) -> Line:
    return option_line(f"{key}/{option.rule.id}", option, law)


def option_line(key: str, option: Option, law: Lawbook, words: str = "") -> Line:
    """A step with what it comes to, over the tests that decide it and its articles; ``words`` stand for its
    arguments."""
    if option.outcome.refused:
        said, role = f"{option.outcome.text}: {option.why_not()}", "no"
    elif option.outcome is Outcome.SCHOOL_DECIDES:
        said, role = _(_GRANTED[option.granted, option.assumed_practice]), _GRANTED_ROLE[option.granted]
    else:
        said, role = _outcome(option, law), "yes" if option.open else "maybe"
    return Line(key, f"{aimed(option, words)} · {said}", role, _behind(key, option, law), rule=_ruling(option))


def _ruling(option: Option) -> str:
    """The rule that decides: its own, or a duty that forbids it."""
    way = option.verdict.deciding
    return way.rule if way is not None and option.verdict.force is Force.FORBIDDEN else option.rule.id


_GRANTED_ROLE = {True: "yes", False: "no", None: "maybe"}
_GRANTED: Mapping[tuple[bool | None, bool], str] = {
    (True, True): N_("assumed to agree"),
    (False, True): N_("assumed to decline"),
    (True, False): N_("agrees"),
    (False, False): N_("declines"),
    (None, True): N_("what it says is not known"),
    (None, False): N_("what it says is not known"),
}

_GROUPS: Mapping[str, tuple[str, tuple[Outcome, ...]]] = {
    "open": (N_("Also open"), (Outcome.OPEN,)),
    "school": (N_("The school decides"), (Outcome.SCHOOL_DECIDES,)),
    "undecided": (N_("Undecided"), (Outcome.UNDECIDED,)),
    "refused": (N_("Not possible"), (Outcome.NEEDS_UNMET, Outcome.NOT_OFFERED, Outcome.UNLAWFUL)),
}


def _others(step: Step, law: Lawbook, groups: Iterable[str]) -> Iterator[Line]:
    for key in groups:
        title, outcomes = _GROUPS[key]
        options = [o for o in step.moves if o is not step.taken and o.outcome in outcomes]
        lines = tuple(_option(key, option, law) for option in options)
        if lines:
            yield Line(key, f"{_(title)} ({len(lines)})", "head", lines, shown=True)


def _assumed(walk: Trajectory, step: Step, law: Lawbook) -> Iterator[Line]:
    """Facts that nobody gave and practices that nobody stated, on which this year hangs."""
    verdicts = [verdict for _earned, verdict in step.earned] + ([step.taken.verdict] if step.taken else [])
    lines: list[Line] = []
    for name in step.assumed:
        values = [verdict.facts[name] for verdict in verdicts if name in verdict.facts]
        fact = law.facts[name]
        text = f"{fact.label}: {fact.text(values[0])}" if values else str(fact.label)
        lines.append(Line(f"assumed/{name}", _("{fact} (not given)").format(fact=text), "assumed"))
    found = drawn(walk) if step.modelled else None
    band = found.years.get(step.state.year) if found is not None else None
    for name, value in step.modelled.items():
        said = alike(band, name) if band is not None else ""
        text = _("{fact} (modelled from the ability)").format(
            fact=f"{law.facts[name].label}: {law.facts[name].text(value)}"
        )
        lines.append(Line(f"assumed/{name}", f"{text} · {said}" if said else text, "assumed"))
    for name in step.practices:
        text = _("{policy}: as schools are taken to do (not stated)").format(policy=law.practices[name].label)
        lines.append(Line(f"assumed/{name}", text, "assumed"))
    if lines:
        head = ngettext("{n} assumption", "{n} assumptions", len(lines)).format(n=len(lines))
        yield Line("assumed", head, "assumed", tuple(lines), shown=True)


def _without(walk: Trajectory, without: Trajectory, law: Lawbook, year: SchoolYear) -> Iterator[Line]:
    """Where the pupil is without measures, and what of the plan is dropped there."""
    if same(walk, without):
        return
    step = without.at(year)
    place = str(step.state.place) if step else _("out of school")
    dropped = tuple(
        Line(
            f"without/{refusal.kind}/{refusal.index}",
            _("Dropped there: {what} · {reason}").format(what=_name(law, refusal.id), reason=refusal.reason),
            "no",
            _cited(f"without/{refusal.kind}/{refusal.index}", refusal.option.cites()) if refusal.option else (),
        )
        for refusal in without.refusals
        if refusal.year == year
    )
    yield Line("without", _("Without measures: {place}").format(place=place), "hollow", dropped, shown=True)
