"""The hand-out of a walk: what a pupil and her parents take home, as headings, lists and tables.

    ``handout(plan, law, title)`` -> Handout

It is made from a plan without a name (``nameless``), and knows no file format: ``handoutpage`` writes it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.law.tables import Force, Span
from trajectsim.path.options import Option
from trajectsim.path.plan import Plan
from trajectsim.path.walk import Reason, Step, Trajectory, play
from trajectsim.report.evidence import GRADES, evidence_lines, grade_text
from trajectsim.report.handoutparts import Bullets, Group, Handout, Item, Section, Table
from trajectsim.report.linemap import line_map
from trajectsim.report.measures import KIND
from trajectsim.report.nameless import nameless
from trajectsim.report.text import (
    assumed_text,
    closed_text,
    dropped_text,
    exam_result_text,
    modelled_text,
    outcome_text,
    practice_text,
    refusals_text,
    span_text,
)
from trajectsim.report.uses import use_of
from trajectsim.verdict import Outcome
from trajectsim.words import N_, _, listed, ngettext


def handout(plan: Plan, law: Lawbook, title: str) -> Handout:
    """Play a plan, without the name of the pupil, and put together what there is to say of the walk."""
    plan, law, title = nameless(plan, law, title)
    walk, without = play(plan, law), play(plan.without(law.measures), law)
    drawn = line_map(walk, without, law)
    sections = [
        Section(_("In short"), (Bullets((Item(" · ".join(drawn.parts)),)),)),
        *_section(_("Measures"), [*_measures(walk, law), _dropped(walk, without, law)]),
        *_section(_("Step by step"), _steps(walk)),
        *_section(_("What does not happen"), [_refused(walk, law)]),
        *_section(_("Exams and the marks they ask"), _exams(walk, law)),
        *_section(_("What is law and what is for the school to choose"), _forces(walk, law)),
        *_section(_("What this rests on"), _grounds(walk, law)),
    ]
    return Handout(title, drawn, tuple(sections), tuple(_small_print(walk, law)))


def _section(title: str, parts: Iterable[Bullets | Table]) -> Iterator[Section]:
    """A section, where there is something to say."""
    kept = tuple(part for part in parts if (part.items if isinstance(part, Bullets) else part.groups))
    if kept:
        yield Section(title, kept)


# --- measures ------------------------------------------------------------------------------------------


def _measures(walk: Trajectory, law: Lawbook) -> Iterator[Bullets | Table]:
    """What a step of the walk hangs on, or is at work by itself; then what is on and does nothing."""
    heads = (_("measure"), _("at work"), _("kind"), _("in law"), _("effect on learning"))
    used: dict[str, tuple[SchoolYear, ...]] = {}
    for step in walk.steps:
        for state in step.measures:
            if use_of(state, step) in ("used", "work"):
                used[state.measure.id] = (*used.get(state.measure.id, ()), step.state.year)
    rows = (_measure(law.measures[name], years, walk) for name, years in used.items())
    yield Table(heads, tuple(Group((), (row,)) for row in rows))
    refused = {refusal.id for refusal in walk.refusals}
    idle = [law.measures[name] for name, switch in walk.plan.measures.items() if switch.on and name not in used]
    names = [Item(str(measure.label)) for measure in idle if measure.id not in refused]
    yield Bullets(tuple(names), _("On as well, but nothing on this path hangs on it"))


def _measure(measure: Measure, years: tuple[SchoolYear, ...], walk: Trajectory) -> tuple[str, ...]:
    step = walk.at(years[0])
    states = step.measures if step else ()
    cite = next(state.verdict.cite for state in states if state.measure.id == measure.id)
    evidence = "; ".join(evidence_lines(measure)) or _("none is modelled")
    return (
        str(measure.label),
        span_text(Span(years[0].start, years[-1].start)),
        _(KIND[measure.kind]),
        cite.noted,
        evidence,
    )


# --- step by step -------------------------------------------------------------------------------------------


def _steps(walk: Trajectory) -> Iterator[Table]:
    heads = (_("school year"), _("age"), _("place"), _("what happens"), _("who decides"), _("article"))
    yield Table(heads, tuple(_group(run) for run in _runs(walk)))


def _refused(walk: Trajectory, law: Lawbook) -> Bullets:
    return _listed(refusals_text(walk, lambda rule_id: _named(rule_id, law)))


def _dropped(walk: Trajectory, without: Trajectory, law: Lawbook) -> Bullets:
    return _listed(dropped_text(walk, without, lambda rule_id: _named(rule_id, law)))


def _named(rule_id: str, law: Lawbook) -> str:
    rule = law.rule(rule_id)
    return rule_id if rule is None else str(rule.label)


def _runs(walk: Trajectory) -> Iterator[list[Step]]:
    """Steps that one line can tell: years that follow each other and are alike."""
    run: list[Step] = []
    for step in walk.steps:
        if run and not _alike(run[-1], step):
            yield run
            run = []
        run.append(step)
    yield run


def _alike(one: Step, other: Step) -> bool:
    """Whether nothing is to be said of a year that was not said of the one before; its article may be another."""
    steps = (one, other)
    plain = all(step.reason is Reason.NOMINAL and len(_happens(step)) == 1 for step in steps)
    again = any(step.state.years_in_place > 1 for step in steps)
    said = {(step.state.place.track, step.extrapolated, *_happens(step)[0][:2]) for step in steps if plain}
    return plain and not again and len(said) == 1


def _group(run: list[Step]) -> Group:
    first, last = run[0], run[-1]
    if first is last:
        again = _("year {n} here").format(n=first.state.years_in_place)
        place = f"{first.state.place} ({again})" if first.state.years_in_place > 1 else str(first.state.place)
        shared = (_year(first), str(first.state.age), place)
        return Group(shared, tuple(_happens(first)))
    years, ages = f"{_year(first)} – {_year(last)}", f"{first.state.age} – {last.state.age}"
    happens, decides, _article = _happens(first)[0]
    articles: dict[str, SchoolYear] = {}
    for step in run:
        articles.setdefault(_happens(step)[0][2], step.state.year)
    start, *later = articles
    dated = [_("from {year} {article}").format(year=articles[text], article=text) for text in later]
    row = (happens, decides, "; ".join([start, *dated]))
    return Group((years, ages, f"{first.state.place} – {last.state.place}"), (row,))


def _year(step: Step) -> str:
    return f"{step.state.year} *" if step.extrapolated else str(step.state.year)


def _happens(step: Step) -> list[tuple[str, str, str]]:
    """What happens in a year, who decides it, and the article."""
    done = {(act.act, act.arguments) for act in step.done}
    rows = [_option(option, "★ ") for option in step.acts if (option.rule.id, option.arguments) in done]
    for closed in step.closed:
        rows.append((closed_text(closed), "", closed.verdict.cite.sure if closed.verdict else ""))
    if step.exam is not None:
        rows.append((exam_result_text(step.exam), _("the model") if step.marks_modelled else _("the marks"), ""))
    for earned, verdict in step.earned:
        laude = " cum laude" if earned.cum_laude else ""
        known = _("result assumed") if "exam_result" in step.assumed else ""
        known = _("result modelled") if "exam_result" in step.modelled else known
        known = f" ({known})" if known else ""
        label = step.after.law.diplomas[earned.diploma].label
        rows.append((f"◆ {label}{laude}{known}", _whose(verdict.force), verdict.cite.sure))
    if step.taken is not None:
        rows.append(_option(step.taken, ""))
    return rows


def _option(option: Option, sign: str) -> tuple[str, str, str]:
    words = ", ".join(value for _name, value in option.arguments)
    by = listed(str(state.measure.label) for state in option.opened_by()) if option.opened_by() else ""
    text = f"{sign}{option.rule.label} {words}".strip() + (f" ({by})" if by else "")
    return text, _decides(option), option.cite.sure


def _decides(option: Option) -> str:
    if option.outcome is Outcome.OPEN:
        return _whose(option.verdict.force)
    if option.outcome is not Outcome.SCHOOL_DECIDES:
        return outcome_text(option)
    said = _("the school: yes") if option.granted else _("the school: no")
    assumed = _("assumed")
    return f"{said} ({assumed})" if option.assumed_practice else said


def _whose(force: Force | None) -> str:
    """Who decides by law."""
    return _("a right of the pupil") if force is Force.RIGHT else force.text if force else ""


# --- exams --------------------------------------------------------------------------------------------------


def _exams(walk: Trajectory, law: Lawbook) -> Iterator[Bullets]:
    """Of each exam on the walk what its marks come to and what is still needed; without marks, what it will ask."""
    from trajectsim.report.handoutexam import exam_parts  # columns, which the other parts do not need

    for step in walk.steps:
        yield from exam_parts(step, walk, law)


# --- law and choice -----------------------------------------------------------------------------------------


def _forces(walk: Trajectory, law: Lawbook) -> Iterator[Bullets]:
    """The steps by what makes them so: the law, or the policy of a school, which is given or assumed."""
    by_law: dict[str, list[Step]] = {}
    by_school: dict[str, list[tuple[Step, Option]]] = {}
    for step in walk.steps:
        for option in _options(step):
            way = option.verdict.deciding
            if option.outcome is Outcome.SCHOOL_DECIDES and way is not None:
                by_school.setdefault(way.practice, []).append((step, option))
            elif option.verdict.force is not None:
                text = f"{option.rule.label}: {option.verdict.force.text}"
                by_law.setdefault(text, []).append(step)
    yield Bullets(
        tuple(Item(f"{text} ({_in(steps)})") for text, steps in by_law.items()), _("By law, whatever the school wants")
    )
    items = [_practice(name, [step for step, _o in pairs], walk, law) for name, pairs in by_school.items()]
    yield Bullets(tuple(items), _("For the school to decide, here taken to decide so"))


def _practice(name: str, steps: list[Step], walk: Trajectory, law: Lawbook) -> Item:
    practice = law.practices[name]
    given = walk.plan.practices.get(name)
    told = practice_text(practice.default if given is None else given, law)
    known = _("assumed") if given is None else _("given")
    return Item(f"{practice.label}: {told} ({known}; {_in(steps)})")


def _options(step: Step) -> Iterator[Option]:
    done = {(act.act, act.arguments) for act in step.done}
    yield from (option for option in step.acts if (option.rule.id, option.arguments) in done)
    if step.taken is not None:
        yield step.taken


def _in(steps: list[Step]) -> str:
    """The school years of some steps: which, or how many."""
    years = sorted({step.state.year for step in steps})
    n = len(years)
    return ngettext("{n} year", "{n} years", n).format(n=n) if n > FEW else ", ".join(map(str, years))


FEW = 2
"""So many years are named."""


# --- what it rests on ---------------------------------------------------------------------------------------


def _grounds(walk: Trajectory, law: Lawbook) -> Iterator[Bullets]:
    yield _listed(modelled_text(walk, law))
    yield _listed(assumed_text(walk, law))


def _listed(text: str) -> Bullets:
    """A block of text, its first line the head of the others."""
    head, *lines = text.splitlines() or [""]
    return Bullets(tuple(Item(line.strip()) for line in lines), head.removesuffix(":"))


_CONFIDENCE = N_(
    "Behind an article: [A] read in the text of the law, [B] an official or sector page, [C] from memory,"
    " or a text that was read only up to an earlier year."
)


def _small_print(walk: Trajectory, law: Lawbook) -> Iterator[str]:
    from trajectsim import __version__

    yield _(
        "Made without sending anything: neither the name nor the date of birth of the pupil is in this file, and it"
        " fetches nothing from elsewhere."
    )
    yield _("It tells what the law allows, not what is likely or good for this child.")
    yield _(_CONFIDENCE)
    yield _("Behind an effect or a model: {grades}.").format(grades="; ".join(map(grade_text, GRADES)))
    if any(switch.on and evidence_lines(law.measures[name]) for name, switch in walk.plan.measures.items()):
        yield _("SD: the usual spread between pupils (standard deviation).")
    if walk.modelled or any(step.marks_modelled for step in walk.steps):
        yield _("Modelled: worked out with a model of learning, by many drawn futures; no forecast for this child.")
    known = span_text(law.known)
    yield _("Made with trajectsim {version}; it knows the law of {years}.").format(version=__version__, years=known)
