"""Walks, runs and rules as plain text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trajectsim.calendar import SchoolYear
from trajectsim.law.facts import Fact
from trajectsim.law.lawbook import AnyRule, Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Act, Duty, Move, Versioned
from trajectsim.law.tables import Check, Cite, Span, WayText, at, compile_needs
from trajectsim.path.options import MeasureState, Option, measure_node
from trajectsim.path.walk import Refusal, Step, Trajectory
from trajectsim.pupil import Result
from trajectsim.report.linemap import line_map
from trajectsim.scenario.run import Played, Ran
from trajectsim.verdict import MAYBE, YES, Node, Outcome, required
from trajectsim.words import N_, _, day, listed, mark, ngettext

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
        "\n".join(line for step in walk.steps for line in _step_lines(step, law)) + f"\n{walk.end.text}",
    ]
    blocks.extend(filter(None, (_refusals_text(walk), _dropped_text(walk, played.without), _assumed_text(walk, law))))
    return "\n\n".join(blocks) + "\n"


def year_text(step: Step, law: Lawbook) -> str:
    """All that can be said of one school year: every move, act and measure with its verdict as a tree."""
    age = _("age {n}").format(n=step.state.age)
    lines = [f"{step.state.year} · {step.state.place} · {age}"]
    sections: list[tuple[str, Iterable[Node]]] = [
        (_("Moves"), (option_node(option, taken=option is step.taken) for option in step.moves)),
        (_("Acts"), (option_node(option) for option in step.acts)),
        (_("Measures"), (measure_state_node(state) for state in step.measures)),
    ]
    for title, nodes in sections:
        inside = list(_tree(nodes, 1))
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


def mark_text(result: Result) -> str:
    """The marks of a subject as they were given, with the final mark they make."""
    marks = {"se": result.se, "ce": result.ce, _("final mark"): result.final}
    told = ", ".join(f"{name} {mark(value)}" for name, value in marks.items() if value is not None)
    return _("{subject}: {marks} (given; not judged yet)").format(subject=result.subject, marks=told)


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


def run_lines(ran: Ran) -> Iterator[str]:
    """One line for a scenario that passed; one for each expectation that failed; its problems when unusable."""
    if ran.problems:
        yield from (str(problem) for problem in ran.problems)
        return
    if ran.passed:
        count = len(ran.judged)
        met = ngettext("{n} expectation met", "{n} expectations met", count).format(n=count)
        yield f"ok    {ran.file}  {ran.title} ({met})"
        return
    for where, judged in zip(ran.places, ran.judged, strict=True):
        if not judged.met:
            found = _("{what}: expected {expected}, found {observed}").format(
                what=judged.what, expected=judged.expected, observed=judged.observed
            )
            ground = f" · {judged.ground.text}" if judged.ground.text else ""
            yield f"FAIL  {where}  {'.'.join(str(k) for k in judged.at if isinstance(k, str))}: {found}{ground}"


def rule_text(rule: AnyRule, law: Lawbook, year: SchoolYear | None) -> str:
    """A rule with its versions and articles; with a year, only what answers in it."""
    sort = _(_SORT[type(rule).__name__])
    lines = [f"{rule.id} · {rule.label} · {sort}"]
    if rule.by == "intake":
        lines.append(_("dated by the school year of intake"))
    lines.extend(_rule_lines(rule))
    if isinstance(rule, Versioned):
        versions = rule.version if year is None else [at(rule.version, law.known.clamp(year.start))]
        for version in versions:
            lines += ["", f"{span_text(version.span)}:"]
            for way in version.ways:
                lines.extend(_way_lines(way, law))
            if not version.ways:
                lines.append("  " + _("the law does not know it"))
    lines += ["", _("Articles") + ":"]
    cites = rule.cite if year is None else [at(rule.cite, law.known.clamp(year.start))]
    for cite in cites:
        lines.append(f"  {span_text(cite.span)}: {cite.noted}")
    if rule.doubt:
        lines += ["", _("Doubt: {doubt}").format(doubt=rule.doubt)]
    if year is not None and year.start not in law.known:
        lines += ["", _("The law of {year} is not known here; the nearest known year answers.").format(year=year)]
    return "\n".join(lines) + "\n"


def changes_text(law: Lawbook, changed: Iterable[str], first: SchoolYear, second: SchoolYear) -> str:
    """The rules that changed between two years, as they answer in each."""
    blocks = [
        "\n".join(
            [
                f"{rule.id} · {rule.label}",
                *(line for year in (first, second) for line in _answer_lines(rule, year, law)),
            ]
        )
        for rule_id in changed
        if (rule := law.rule(rule_id)) is not None
    ]
    return "\n\n".join(blocks or [_("Nothing changed.")]) + "\n"


def span_text(span: Span) -> str:
    """A span in words: "2016/2017 to 2021/2022", "since 2015/2016", "all years"."""
    first = str(SchoolYear(span.first)) if span.first is not None else ""
    last = str(SchoolYear(span.last)) if span.last is not None else ""
    if first and last:
        return first if first == last else _("{first} to {last}").format(first=first, last=last)
    if first:
        return _("since {year}").format(year=first)
    return _("up to {year}").format(year=last) if last else _("all years")


def rule_list(law: Lawbook) -> str:
    """Every rule, a line each."""
    rows = [(rule.id, _(_SORT[type(rule).__name__]), str(rule.label)) for rule in law.rules()]
    width = max(len(row[0]) for row in rows)
    kind_width = max(len(row[1]) for row in rows)
    return "\n".join(f"{name:{width}}  {kind:{kind_width}}  {label}" for name, kind, label in rows) + "\n"


# --- the walk -----------------------------------------------------------------------------------------------


def _step_lines(step: Step, law: Lawbook) -> Iterator[str]:
    state = step.state
    beyond = " *" if step.extrapolated else ""
    again = " (" + _("year {n} here").format(n=state.years_in_place) + ")" if state.years_in_place > 1 else ""
    yield f"{state.year}{beyond:2}  {state.age:>2}  {state.place}{again}"
    indent = " " * 17
    for option in step.acts:
        if option.open and any(d.act == option.rule.id and d.arguments == option.arguments for d in step.done):
            yield indent + "★ " + _option_line(option)
    for result in step.marks:
        yield indent + "· " + mark_text(result)
    for earned, verdict in step.earned:
        assumed = " (" + _("result assumed") + ")" if "exam_result" in step.assumed else ""
        yield f"{indent}◆ {law.diplomas[earned.diploma].label}{assumed} · {verdict.cite.sure}"
    if step.taken is not None:
        yield indent + "→ " + _option_line(step.taken)
        for state in step.taken.opened_by():
            yield f"{indent}  {in_effect_text(state)} · {state.verdict.cite.noted}"


def _option_line(option: Option) -> str:
    words = ", ".join(value for _name, value in option.arguments)
    return f"{option.rule.label} {words}".strip() + f": {outcome_text(option)} · {option.cite.sure}"


def _refusals_text(walk: Trajectory) -> str:
    if not walk.refusals:
        return ""
    return "\n".join([_("Refused") + ":", *_refusal_lines(walk.refusals, walk)])


def _refusal_lines(refusals: Iterable[Refusal], walk: Trajectory) -> Iterator[str]:
    """A line for each; the same measure refused in several years is one."""
    alike: dict[tuple[str, int | str, str], list[Refusal]] = {}
    for refusal in refusals:
        alike.setdefault((refusal.kind, refusal.index, refusal.id), []).append(refusal)
    for same in alike.values():
        first, last = same[0], same[-1]
        cite = last.option.cites()[-1] if last.option else _measure_cite(last, walk)
        ground = f" · {cite.sure}" if cite else ""
        years = span_text(Span(first.year.start, last.year.start))
        yield f"  ✗ {years}  {first.id}: {last.outcome.text} - {last.reason}{ground}"


def _measure_cite(refusal: Refusal, walk: Trajectory) -> Cite | None:
    step = walk.at(refusal.year)
    states = step.measures if step else ()
    return next((m.verdict.cite for m in states if m.measure.id == refusal.id), None)


def _dropped_text(walk: Trajectory, without: Trajectory) -> str:
    """The choices and acts that only the flexibilities made possible."""
    refused = {(refusal.kind, refusal.index) for refusal in walk.refusals}
    dropped = [r for r in without.refusals if r.kind != "measure" and (r.kind, r.index) not in refused]
    if not dropped:
        return ""
    title = _("Without flexibilities these choices fall away") + ":"
    return "\n".join([title, *(f"  {r.year}  {r.id}: {r.reason}" for r in dropped)])


def _assumed_text(walk: Trajectory, law: Lawbook) -> str:
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
    return _("always yes") if default == "always" else _("always no")


def _tree(nodes: Iterable[Node], depth: int) -> Iterator[str]:
    for node in nodes:
        cite = f" · {node.cite.noted}" if node.cite else ""
        yield f"{'  ' * depth}{SIGN[node.truth]} {node.text}{cite}"
        yield from _tree(node.children, depth + 1)


# --- rules --------------------------------------------------------------------------------------------------

_SORT = {
    "Move": N_("move"),
    "Act": N_("act"),
    "Duty": N_("duty"),
    "Diploma": N_("diploma"),
    "Measure": N_("measure"),
}


def _rule_lines(rule: AnyRule) -> Iterator[str]:
    if isinstance(rule, Measure):
        yield _("kind: {kind}; sector: {sector}").format(kind=_(_KIND[rule.kind]), sector=rule.sector)
        yield _("announced in 2015: {year}").format(
            year=str(rule.announced) if rule.announced else _("already possible")
        )
        yield _("in law: {span}").format(span=span_text(rule.span))
        return
    where = ", ".join(rule.from_)
    if isinstance(rule, Move):
        yield _("from {places} to {place}").format(places=where, place=rule.to)
    elif isinstance(rule, Duty):
        yield _("in {places}: forbids every move that does not lead to {to}").format(
            places=where, to=", ".join(rule.to)
        )
    else:
        takes = f" ({', '.join(rule.arguments)})" if isinstance(rule, Act) and rule.arguments else ""
        yield _("in {places}").format(places=where) + takes


_KIND = {
    "right": N_("right"),
    "permission": N_("permission"),
    "practice": N_("practice"),
    "funding": N_("funding"),
}


def _way_lines(way: WayText, law: Lawbook) -> Iterator[str]:
    checks = compile_needs(way.needs, law.facts)
    needs = [f"{c.fact.label}: {_needed(c, law)}" for c in checks]
    practice = f" ({law.practices[way.practice].label})" if way.practice else ""
    yield f"  {way.force.text}{practice}" + (f" - {'; '.join(needs)}" if needs else "")
    for cite in way.cite:
        yield f"      {span_text(cite.span)}: {cite.sure}"


def _answer_lines(rule: AnyRule, year: SchoolYear, law: Lawbook) -> Iterator[str]:
    known = law.known.clamp(year.start)
    yield f"  {year}: {at(rule.cite, known).noted}"
    if isinstance(rule, Versioned):
        for way in at(rule.version, known).ways:
            yield from (f"  {line}" for line in _way_lines(way, law))
    else:
        lawful = _("lawful") if known in rule.span else _("not lawful")
        yield f"    {lawful}"


def _needed(check: Check, law: Lawbook) -> str:
    return str(law.facts[check.bound].label) if isinstance(check.bound, str) else required(check, {})
