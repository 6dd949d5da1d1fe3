"""Walks, runs and rules as plain text for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from trajectsim.calendar import SchoolYear
from trajectsim.law.facts import Fact
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.tables import Cite, Span, compile_needs
from trajectsim.path.money import received
from trajectsim.path.options import MeasureState, Option, measure_node
from trajectsim.path.plan import Chance
from trajectsim.path.teaching import norm_text
from trajectsim.path.walk import Refusal, Step, Trajectory
from trajectsim.report.bands import alike, drawn, exam_line, mark_line
from trajectsim.report.linemap import line_map
from trajectsim.report.money import received_text
from trajectsim.scenario.run import Played
from trajectsim.verdict import MAYBE, YES, Node, Outcome, required
from trajectsim.words import _, day, decimal_comma, listed, mark, ngettext

if TYPE_CHECKING:
    from trajectsim.exam.verdicts import SheetVerdict
    from trajectsim.path.exams import Closed
    from trajectsim.path.teaching import TeachingTime

SIGN = {None: " ", YES: "✓", MAYBE: "?", 0: "✗"}


def walk_text(played: Played, law: Lawbook) -> str:
    """The walk as ``explain`` prints it: the line map, a line a year, what was assumed, what does not happen."""
    walk = played.walk
    who = walk.plan.pupil
    head = [played.source.scenario.title]
    born = _("born {date}").format(date=day(who.born))
    head.append(f"{who.name}, {born}" if who.name else born)
    blocks = [
        "\n".join(head),
        str(line_map(walk, played.without, law)),
        "\n".join([*(line for step in walk.steps for line in _step_lines(step, law, walk)), _end_text(walk)]),
    ]
    blocks.extend(
        filter(
            None,
            (
                refusals_text(walk),
                dropped_text(walk, played.without),
                modelled_text(walk, law),
                assumed_text(walk, law),
                received_text(told) if (told := received(walk, law)) else "",
            ),
        )
    )
    return "\n\n".join(blocks) + "\n"


def _end_text(walk: Trajectory) -> str:
    """How the walk ended, and what it counts as when that was early."""
    return f"{walk.ended} · {walk.left_early.noted}" if walk.left_early else walk.ended


def year_text(step: Step, law: Lawbook, walk: Trajectory | None = None) -> str:
    """All that can be said of one school year: every move, act and measure with its verdict as a tree; of a walk also
    what drawn futures say of what was modelled."""
    age = _("age {n}").format(n=step.state.age)
    lines = [f"{step.state.year} · {step.state.place} · {age}"]
    sections: list[tuple[str, Iterable[Node]]] = [
        (_("Exam"), [exam_node(step.exam)] if step.exam else []),
        (_("Modelled"), modelled_nodes(step, law, walk) if walk is not None else []),
        (_("Teaching time"), teaching_nodes(step.teaching) if step.teaching else []),
        (_("Moves"), (option_node(option, taken=option is step.taken) for option in step.moves)),
        (_("Acts"), (option_node(option) for option in step.acts)),
        (_("Measures"), (measure_state_node(state) for state in step.measures)),
    ]
    for title, nodes in sections:
        inside = list(tree(nodes, 1))
        if inside:
            lines += ["", title, *inside]
    return "\n".join(lines) + "\n"


def option_node(option: Option, *, taken: bool = False) -> Node:
    """An option as a line with its outcome, over the tests that decide it."""
    mark = " ← " + _("taken") if taken else ""
    words = ", ".join(value for _name, value in option.arguments)
    label = f"{option.rule.label} {words}".strip()
    truth = YES if option.open else MAYBE if option.outcome is Outcome.UNDECIDED else 0
    return Node(f"{label}: {outcome_text(option)}{mark}", truth, option.cite, option.why())


def measure_state_node(state: MeasureState) -> Node:
    """A measure as a line: in effect, on, off, or unknown to the law of the year."""
    node = measure_node(state)
    text = in_effect_text(state) if state.in_effect else node.text
    return Node(text, node.truth, node.cite, node.children)


def exam_text(exam: SheetVerdict) -> str:
    """The verdict on the exam of a year in a line: the result, and the final marks it rests on."""
    marks = ", ".join(f"{code} {whole}" for code, whole in exam.final.items())
    if exam.combination is not None:
        marks = _("{marks}; combination mark {combination}").format(marks=marks, combination=exam.combination)
    left_out = exam.left_out_text
    return " · ".join(filter(None, (exam_result_text(exam), marks, left_out)))


def exam_result_text(exam: SheetVerdict) -> str:
    """The result alone."""
    result = f"{exam.result_text}, cum laude" if exam.cum_laude else exam.result_text
    return _("exam {year}: {result}").format(year=exam.judged.batch.layout.exam, result=result)


def exam_node(exam: SheetVerdict) -> Node:
    """The same as a tree: each demand over the tests that decide it."""
    truth = {"passed": YES, "failed": 0, "incomplete": MAYBE}[exam.result]
    return Node(exam_text(exam), truth, children=exam.nodes())


def hours_text(time: TeachingTime) -> str:
    """The hours of a year in a line: what counts, what of the extra hours does not, and the course so far."""
    year = time.this_year
    if year is None:
        return _("teaching time: not known for this year")
    told = [_("teaching time: {n} hours count").format(n=year.counted)]
    if year.extra:
        told.append(_("{n} of {all} extra hours among them").format(n=year.extra_counted, all=year.extra))
    if time.course is not None:
        told.append(_("course so far {n}").format(n=time.course))
    return " · ".join(told)


def norm_line(norm: Option) -> str:
    """A norm of teaching time in a line: whether the plan meets it, and what is missing."""
    truth = YES if norm.open else MAYBE if norm.outcome is Outcome.UNDECIDED else 0
    way = norm.verdict.deciding
    waived = _("waived by the school") if norm.open and way is not None and way.rule != norm.rule.id else ""
    return f"{SIGN[truth]} {norm.rule.label}: {waived or norm_text(norm)}"


def teaching_nodes(time: TeachingTime) -> list[Node]:
    """The hours of a year, and each norm over the tests that decide it."""
    norms = (
        Node(norm_line(norm)[2:], YES if norm.open else norm.verdict.truth, norm.cite, norm.why())
        for norm in time.norms
    )
    return [Node(hours_text(time)), *norms]


def closed_text(closed: Closed) -> str:
    """A subject that was closed before the exam year: its marks, and whether its central exam stands."""
    result = closed.result
    marks = {"se": result.se, "ce": result.ce, _("resit"): result.resit}
    told = " ".join([result.subject, *(f"{name} {mark(value)}" for name, value in marks.items() if value is not None)])
    if closed.verdict is None:
        return _("closed before the exam: {marks}").format(marks=told)
    if closed.stands:
        return _("central exam sat early: {marks}; it stands").format(marks=told)
    return _("central exam sat early: {marks}; it lapses: {reason}").format(marks=told, reason=closed.verdict.why_not())


def in_effect_text(state: MeasureState) -> str:
    """A measure that is in effect, in words."""
    return _("{measure}: in effect").format(measure=state.measure.label)


def outcome_text(option: Option) -> str:
    """The outcome of an option in words, with what the school says or what stands in the way."""
    if option.outcome is Outcome.SCHOOL_DECIDES:
        says = _("the school agrees") if option.granted else _("the school says no")
        assumed = " (" + _("assumed") + ")" if option.assumed_practice else ""
        return f"{option.outcome.text}: {says}{assumed}"
    force = option.verdict.force
    if option.outcome is Outcome.OPEN and force is not None:
        return force.text
    reason = option.why_not()
    return f"{option.outcome.text}: {reason}" if reason else option.outcome.text


def span_text(span: Span) -> str:
    """A span in words: "2016/2017 to 2021/2022", "since 2015/2016", "all years"."""
    first = str(SchoolYear(span.first)) if span.first is not None else ""
    last = str(SchoolYear(span.last)) if span.last is not None else ""
    if first and last:
        return first if first == last else _("{first} to {last}").format(first=first, last=last)
    if first:
        return _("since {year}").format(year=first)
    return _("up to {year}").format(year=last) if last else _("all years")


# --- the walk -----------------------------------------------------------------------------------------------


def _step_lines(step: Step, law: Lawbook, walk: Trajectory) -> Iterator[str]:
    state = step.state
    beyond = " *" if step.extrapolated else ""
    again = " (" + _("year {n} here").format(n=state.years_in_place) + ")" if state.years_in_place > 1 else ""
    yield f"{state.year}{beyond:2}  {state.age:>2}  {state.place}{again}"
    indent = " " * 17
    for option in step.acts:
        if option.open and any(d.act == option.rule.id and d.arguments == option.arguments for d in step.done):
            yield indent + "★ " + option_line(option)
    for closed in step.closed:
        cite = f" · {closed.verdict.cite.sure}" if closed.verdict else ""
        yield f"{indent}· {closed_text(closed)}{cite}"
    if step.teaching is not None:
        yield f"{indent}· {hours_text(step.teaching)}"
        yield from (f"{indent}  {norm_line(norm)} · {norm.cite.sure}" for norm in step.teaching.norms)
    if step.exam is not None:
        yield f"{indent}· {exam_text(step.exam)}"
        if step.marks_modelled and (found := drawn(walk)) is not None:
            yield f"{indent}  ~ {exam_line(found, state.year)}"
        yield from (f"{indent}  · {label}: {cite.sure}" for label, cite in step.exam.reforms)
        for line in (*step.exam.checks, *(step.exam.laude if step.exam.cum_laude else ())):
            if line.ok is not True or line in step.exam.laude:
                label = law.demands[line.verdict.table.rule].label
                yield f"{indent}  {SIGN[line.verdict.truth]} {label}: {line.observed} · {line.cite.sure}"
    for earned, verdict in step.earned:
        assumed = " (" + _("result assumed") + ")" if "exam_result" in step.assumed else ""
        assumed = " (" + _("result modelled") + ")" if "exam_result" in step.modelled else assumed
        laude = " cum laude" if earned.cum_laude else ""
        yield f"{indent}◆ {law.diplomas[earned.diploma].label}{laude}{assumed} · {verdict.cite.sure}"
    if step.taken is not None:
        yield indent + "→ " + option_line(step.taken)
        for state in step.taken.opened_by():
            yield f"{indent}  {in_effect_text(state)} · {state.verdict.cite.noted}"


def option_line(option: Option, words: str = "") -> str:
    """An option with its outcome and its article; ``words`` stand for its arguments."""
    words = words or ", ".join(value for _name, value in option.arguments)
    return f"{option.rule.label} {words}".strip() + f": {outcome_text(option)} · {option.cite.sure}"


def refusals_text(walk: Trajectory, named: Callable[[str], str] = str) -> str:
    """What was asked for and is refused, under a head; empty when nothing is, as each of the next. ``named`` says how a
    rule is named; by its id, as a scenario does, unless told otherwise."""
    if not walk.refusals:
        return ""
    return "\n".join([_("Refused") + ":", *_refusal_lines(walk.refusals, walk, named)])


def _refusal_lines(refusals: Iterable[Refusal], walk: Trajectory, named: Callable[[str], str]) -> Iterator[str]:
    """A line for each; the same measure refused in several years is one."""
    alike: dict[tuple[str, int | str, str], list[Refusal]] = {}
    for refusal in refusals:
        alike.setdefault((refusal.kind, refusal.index, refusal.id), []).append(refusal)
    for same in alike.values():
        first, last = same[0], same[-1]
        cite = last.option.cites()[-1] if last.option else _measure_cite(last, walk)
        ground = f" · {cite.sure}" if cite else ""
        years = span_text(Span(first.year.start, last.year.start))
        yield f"  ✗ {years}  {named(first.id)}: {last.outcome.text} - {last.reason}{ground}"


def _measure_cite(refusal: Refusal, walk: Trajectory) -> Cite | None:
    step = walk.at(refusal.year)
    states = step.measures if step else ()
    return next((m.verdict.cite for m in states if m.measure.id == refusal.id), None)


def dropped_text(walk: Trajectory, without: Trajectory, named: Callable[[str], str] = str) -> str:
    """The choices and acts that only the measures made possible."""
    refused = {(refusal.kind, refusal.index) for refusal in walk.refusals}
    dropped = [r for r in without.refusals if r.kind != "measure" and (r.kind, r.index) not in refused]
    if not dropped:
        return ""
    title = _("Without measures these choices fall away") + ":"
    return "\n".join([title, *(f"  {r.year}  {named(r.id)}: {r.reason}" for r in dropped)])


def modelled_text(walk: Trajectory, law: Lawbook) -> str:
    """What the learning model told, with the weakest grade of evidence behind it."""
    lines: list[str] = []
    for name, values in walk.modelled.items():
        fact = law.facts[name]
        told = [
            f"{fact.text(value)} ({_in_years(years)}{_drawn(walk, name, years)})" for value, years in values.items()
        ]
        lines.append(f"  {fact.label}: {', '.join(told)}")
    head = _("Modelled from the ability, because nothing was given; the weakest evidence behind it is {grade} (A to D)")
    return "\n".join([head.format(grade=walk.evidence) + ":", *lines]) if lines else ""


def modelled_nodes(step: Step, law: Lawbook, walk: Trajectory) -> Iterator[Node]:
    """What was modelled of a year, with what drawn futures say of it; the marks subject by subject."""
    found = drawn(walk)
    band = found.years.get(step.state.year) if found is not None else None
    for name, value in step.modelled.items():
        said = alike(band, name) if band is not None else ""
        text = f"{law.facts[name].label}: {law.facts[name].text(value)}"
        yield Node(" · ".join(filter(None, (text, said, _("evidence {grade}").format(grade=walk.evidence)))))
    yield from (Node(mark_line(each, subject_text(law, each.subject))) for each in (band.marks if band else ()))


def subject_text(law: Lawbook, code: str) -> str:
    """A subject by its name, or its code where the law has none."""
    subject = law.subject(code)
    return code if subject is None else str(subject.label)


def _drawn(walk: Trajectory, name: str, years: Sequence[SchoolYear]) -> str:
    """In how many of the drawn futures it is so, in some years."""
    found = drawn(walk)
    if found is None:
        return ""
    shares = [found.years[year].shares[name] for year in years if name in found.years[year].shares]
    if not shares:
        return ""
    low, high = round(min(shares)), round(max(shares))
    told = str(low) if low == high else _("{low} to {high}").format(low=low, high=high)
    return "; " + _("in {percent}% of the drawn futures").format(percent=told)


def _in_years(years: Sequence[SchoolYear]) -> str:
    n = len(years)
    return ngettext("{n} year", "{n} years", n).format(n=n) if n > 1 else ", ".join(map(str, years))


def assumed_text(walk: Trajectory, law: Lawbook) -> str:
    """What the walk hangs on and nobody gave: facts, practices of schools, years whose law is not known."""
    facts: list[Fact] = [law.facts[name] for name in walk.assumed]
    lines = [f"  {fact.label}: {fact.text(fact.encode(fact.assumed))}" for fact in facts]
    for name in walk.practices:
        practice = law.practices[name]
        lines.append(f"  {practice.label}: {practice_text(practice.default, law)}")
    if any(step.extrapolated for step in walk.steps):
        lines.append("  * " + _("the law of this year is not known here; the nearest known year answers"))
    return "\n".join([_("Assumed, because nothing was given") + ":", *lines]) if lines else ""


def practice_text(default: object, law: Lawbook) -> str:
    """How a practice decides, in words."""
    if isinstance(default, dict):
        checks = compile_needs(default, law.facts)  # pyright: ignore[reportUnknownArgumentType]
        return _("yes when {facts}").format(facts=listed(f"{c.fact.label} {required(c, {})}" for c in checks))
    if isinstance(default, Chance):
        return _("yes with a chance of {chance}").format(chance=decimal_comma(str(default.probability)))
    return _("always yes") if default == "always" else _("always no")


def tree(nodes: Iterable[Node], depth: int) -> Iterator[str]:
    """Lines of a verdict, indented by how deep they lie."""
    for node in nodes:
        cite = f" · {node.cite.noted}" if node.cite else ""
        yield f"{'  ' * depth}{SIGN[node.truth]} {node.text}{cite}"
        yield from tree(node.children, depth + 1)
