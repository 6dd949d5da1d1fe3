"""Expectations held against a walk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Key, Problem
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.tables import Cite
from trajectsim.path.options import MeasureState, Option, measure_node
from trajectsim.path.teaching import norm_text
from trajectsim.path.walk import EARLY, Refusal, Step, Trajectory
from trajectsim.pupil import Result
from trajectsim.pupil.facts import level_of
from trajectsim.scenario.format import (
    AtExpected,
    BlockedExpected,
    DiplomaExpected,
    NormExpected,
    OptionExpected,
    Scenario,
)
from trajectsim.verdict import MAYBE, NO, YES, Node, Outcome
from trajectsim.words import N_, _, listed

if TYPE_CHECKING:
    from trajectsim.exam.verdicts import SheetVerdict


@frozen
class Ground:
    """What a verdict rests on: ids of rules, and citations."""

    rules: tuple[str, ...]
    cites: tuple[Cite, ...]

    def names(self, because: str) -> bool:
        """Whether a rule id or an article is among it; an article as whole words of a citation."""
        words = re.compile(rf"(?<![\w-]){re.escape(because)}(?![\w-])", re.IGNORECASE)
        return because in self.rules or any(words.search(str(cite)) for cite in self.cites)

    @property
    def text(self) -> str:
        """The first citation, or the rules."""
        return str(self.cites[0]) if self.cites else ", ".join(self.rules)


NOTHING = Ground((), ())
MOST_CITES = 4
"""How many citations a failed ``because`` shows; the whole ground is in the walk."""


@frozen
class Judged:
    """One expectation, judged. ``at`` is where it stands in the file."""

    at: tuple[Key, ...]
    what: str
    met: bool
    expected: str
    observed: str
    ground: Ground = NOTHING
    why: tuple[Node, ...] = ()
    """The verdict behind what was observed, as a tree; only where it is not what was expected."""


def judge_expectations(scenario: Scenario, walk: Trajectory, law: Lawbook) -> list[Judged]:
    """Every expectation of the file, in its order, then each choice or act refused without one expecting it."""
    expect = scenario.expect
    judged: list[Judged] = []
    for number, diploma in enumerate(expect.diploma):
        judged.extend(_diploma(diploma, walk, law, ("expect", "diploma", number)))
    for number, here in enumerate(expect.at):
        judged.extend(_at(here, walk, law, ("expect", "at", number)))
    for number, blocked in enumerate(expect.blocked):
        judged.append(_blocked(blocked, walk, law, ("expect", "blocked", number)))
    for number, option in enumerate(expect.option):
        judged.extend(_option(option, walk, ("expect", "option", number)))
    for number, norm in enumerate(expect.teaching_time):
        judged.extend(_norm(norm, walk, ("expect", "teaching-time", number)))
    judged.extend(_unexpected(scenario, walk))
    return judged


def misplaced(scenario: Scenario, walk: Trajectory, law: Lawbook) -> Iterator[Problem]:
    """What stands in a school year in which this walk has no pupil in school any more: only the walk can tell."""
    last = walk.steps[-1].state
    years: list[tuple[SchoolYear, tuple[Key, ...]]] = [
        *((part.in_, ("choice", n, "in")) for n, part in enumerate(scenario.choice)),
        *((part.in_, ("act", n, "in")) for n, part in enumerate(scenario.act)),
        *((r.year, ("result", n, "in" if not r.level else "exam")) for n, r in enumerate(walk.plan.results)),
        *((part.in_, ("expect", "at", n, "in")) for n, part in enumerate(scenario.expect.at) if part.place != "out"),
        *((part.in_, ("expect", "blocked", n, "in")) for n, part in enumerate(scenario.expect.blocked)),
        *((part.in_, ("expect", "option", n, "in")) for n, part in enumerate(scenario.expect.option)),
        *((part.in_, ("expect", "route", n, "in")) for n, part in enumerate(scenario.expect.route) if part.in_),
        *((part.in_, ("expect", "teaching-time", n, "in")) for n, part in enumerate(scenario.expect.teaching_time)),
    ]
    for year, at in years:
        if walk.at(year) is None:
            message = _("in {year} the pupil is not in school: the walk is from {first} to {last}").format(
                year=year, first=walk.steps[0].state.year, last=last.year
            )
            yield Problem("S201", message, at=at, hint=_("see the walk with: trajectsim explain FILE"))
    for number, result in enumerate(walk.plan.results):
        step = walk.at(result.year)
        if step is not None and result.level:
            yield from _misplaced_result(result, step, ("result", number), walk, law)
    given = (step for step in walk.steps if "exam_result" not in step.modelled)
    for exam in (step.exam for step in given if step.exam is not None):
        from trajectsim.scenario.marks import mark_problems  # only a walk with marks needs columns

        yield from mark_problems(exam, walk, law)


def _misplaced_result(
    result: Result, step: Step, at: tuple[Key, ...], walk: Trajectory, law: Lawbook
) -> Iterator[Problem]:
    """A result that the walk has no exam for, or that its marks contradict."""
    where = {"year": result.year, "place": step.state.place, "level": result.level, "subject": result.subject}
    if result.level != level_of(step.state):
        message = _("in {year} the pupil is in {place}: a result of {level} has no place there").format(**where)
        yield Problem("S202", message, at=(*at, "level"))
    elif result.outcome and step.state.place.years_to_final:
        message = _("in {year} the pupil is in {place}, which is not the exam year").format(**where)
        yield Problem("S202", message, at=(*at, "exam"))
    elif result.outcome and step.exam is not None and step.exam.result not in ("incomplete", result.outcome):
        message = _("the marks of this exam say otherwise: {result}").format(result=step.exam.result_text)
        yield Problem("S203", message, at=(*at, "outcome"), hint=_("leave the outcome out: the marks are judged"))
    elif result.central and step.state.place.years_to_final and not _early(result, walk, law):
        message = _("in {year} the pupil is in {place}: a central exam in {subject} is early there").format(**where)
        hint = _('say that it is sat early: [[act]] in = "{year}", act = "{act}", subject = "{subject}"')
        yield Problem("S202", message, at=(*at, "exam"), hint=hint.format(act=EARLY, **where))


def _early(result: Result, walk: Trajectory, law: Lawbook) -> bool:
    """Whether the plan says that the central exam of a result is sat early, lawful or not."""
    acts = (act for act in walk.plan.acts if act.year == result.year and act.act == EARLY)
    subjects = (law.subject_id(dict(act.arguments)["subject"]) for act in acts)
    return law.subject_id(result.subject) in subjects


def _diploma(expected: DiplomaExpected, walk: Trajectory, law: Lawbook, at: tuple[Key, ...]) -> Iterator[Judged]:
    label = str(law.diplomas[expected.level].label)
    what = _("{diploma} earned").format(diploma=label)
    earned = walk.diploma(expected.level)
    wanted = [label]
    if expected.exam is not None:
        wanted.append(_("exam {year}").format(year=expected.exam))
    if expected.age is not None:
        wanted.append(_("at {age}").format(age=expected.age))
    if earned is None:
        found = _("not earned; the walk ends in {year}: {end}").format(year=walk.steps[-1].state.year, end=walk.ended)
        yield Judged(at, what, False, " ".join(wanted), found, _ground_until(walk, None), _why_ended(walk))
        return
    age = walk.age_at(earned)
    ground = _ground_until(walk, earned.year)
    met = expected.exam in (None, earned.year.end) and expected.age in (None, age)
    found = [label, _("exam {year}").format(year=earned.year.end), _("at {age}").format(age=age)]
    if expected.cum_laude is not None:
        met = met and expected.cum_laude == earned.cum_laude
        wanted.append(_(_LAUDE[expected.cum_laude]))
        found.append(_(_LAUDE[earned.cum_laude]))
    step = walk.at(earned.year)
    why = step.exam.nodes() if step and step.exam and not met else ()
    yield Judged(at, what, met, " ".join(wanted), " ".join(found), ground, why)
    yield from because(expected.because, ground, at)


_LAUDE = {True: N_("cum laude"), False: N_("not cum laude")}


def _at(expected: AtExpected, walk: Trajectory, law: Lawbook, at: tuple[Key, ...]) -> Iterator[Judged]:
    step = walk.at(expected.in_)
    year = str(expected.in_)
    if step is None:
        yield Judged(at, year, expected.place == "out", expected.place, _("out of school"))
        return
    ground = _ground(step)
    before = walk.at(expected.in_ + -1)
    came = _nodes_of(before.taken if before else None)
    if expected.place:
        yield _same(at, "place", year, expected.place, step.state.place.id, ground, came)
    if expected.age is not None:
        yield _same(at, "age", year, str(expected.age), str(step.state.age), ground, ())
    if expected.move:
        options = (o for o in step.moves if o.rule.id == expected.move)
        why = (*_nodes_of(next(options, None)), *_nodes_of(step.taken))
        yield _same(at, "move", year, expected.move, step.taken.rule.id if step.taken else "", ground, why)
    in_effect = [m.measure.id for m in step.measures if m.in_effect]
    held = [e.diploma for e in step.state.record.diplomas] + [e.diploma for e, _v in step.earned]
    done = [d.act for d in step.done]
    for key, wanted, found in (
        ("measures", expected.measures, in_effect),
        ("diplomas", expected.diplomas, held),
        ("acts", expected.acts, done),
    ):
        if wanted:
            missing = [name for name in wanted if name not in found]
            yield Judged((*at, key), year, not missing, ", ".join(wanted), ", ".join(found) or _("none"), ground)
    yield from because(expected.because, ground, at)


def _same(
    at: tuple[Key, ...], key: str, what: str, wanted: str, found: str, ground: Ground, why: tuple[Node, ...]
) -> Judged:
    met = wanted == found
    return Judged((*at, key), what, met, wanted, found or _("none"), ground, () if met else why)


def _blocked(expected: BlockedExpected, walk: Trajectory, law: Lawbook, at: tuple[Key, ...]) -> Judged:
    kind, name = expected.what
    what = _("{name} refused in {year}").format(name=name, year=expected.in_)
    step = walk.at(expected.in_)
    if step is None:
        return Judged(at, what, False, _("refused"), _("out of school"))
    refused, observed, ground, why = _answer(step, kind, name)
    if not refused:
        return Judged(at, what, False, _("refused"), observed, ground, why)
    if expected.because and not ground.names(expected.because):
        wanted = _("refused because of {rule}").format(rule=expected.because)
        return Judged(at, what, False, wanted, observed, ground, why)
    return Judged(at, what, True, _("refused"), observed, ground)


def _norm(expected: NormExpected, walk: Trajectory, at: tuple[Key, ...]) -> Iterator[Judged]:
    step = walk.at(expected.in_)
    time = step.teaching if step is not None else None
    year = str(expected.in_)
    if time is None:
        yield Judged(at, year, False, expected.norm or _("hours"), _("no plan of teaching time for this year"))
        return
    if expected.hours is not None:
        counted = time.this_year.counted if time.this_year else None
        found = _("not known") if counted is None else str(counted)
        yield Judged((*at, "hours"), year, counted == expected.hours, str(expected.hours), found)
    norm = next((option for option in time.norms if option.rule.id == expected.norm), None)
    if expected.norm and norm is None:
        yield Judged((*at, "norm"), year, False, expected.norm, _("the law asks nothing here"))
    if norm is not None:
        ground = ground_of_option(norm)
        met = norm.open if expected.met else norm.outcome.refused
        wanted = _("met") if expected.met else _("not met")
        yield Judged((*at, "norm"), year, met, wanted, norm_text(norm), ground, () if met else norm.why())
        yield from because(expected.because, ground, at)


def _answer(step: Step, kind: str, name: str) -> tuple[bool, str, Ground, tuple[Node, ...]]:
    """Whether it is refused, what was found, and on what ground. An act is refused when all of its kind are."""
    if kind == "measure":
        state = next(m for m in step.measures if m.measure.id == name)
        reason = state.verdict.why_not() if not state.lawful else ""
        observed = _joined(state.outcome.text, reason)
        return state.outcome.refused, observed, _ground_of_measure(state), (measure_node(state),)
    options = [o for o in (step.moves if kind == "move" else step.acts) if o.rule.id == name]
    if not options:
        return True, _("it does not start in {place}").format(place=step.state.place), NOTHING, ()
    open_ones = [o for o in options if not (o.outcome.refused or o.granted is False)]
    option = (open_ones or options)[0]
    return not open_ones, _joined(option.outcome.text, option.why_not()), ground_of_option(option), _nodes_of(option)


def _option(expected: OptionExpected, walk: Trajectory, at: tuple[Key, ...]) -> Iterator[Judged]:
    """How a move or an act stands; an act that takes arguments, with those that are given."""
    name = expected.move or expected.act
    what = _("{name} in {year}").format(name=name, year=expected.in_)
    step = walk.at(expected.in_)
    wanted = ((key, value) for key in ("outcome", "force", "to") if (value := getattr(expected, key)))
    if step is None:
        yield from (Judged((*at, key), what, False, value, _("out of school")) for key, value in wanted)
        return
    arguments = {(key, value) for key in ("subject", "level") if (value := getattr(expected, key))}
    options = [o for o in (step.moves if expected.move else step.acts) if o.rule.id == name]
    option = next((o for o in options if arguments <= set(o.arguments)), None)
    if option is None:
        found = _("it does not start in {place}").format(place=step.state.place)
        asked = _("the plan has no such act; give it as [[act]]") if options else found
        yield from (Judged((*at, key), what, False, value, asked) for key, value in wanted)
        return
    force = option.verdict.force
    found = {"outcome": option.outcome.value, "force": force or "", "to": option.to.id if option.to else ""}
    ground = ground_of_option(option)
    for key, value in wanted:
        yield _same(at, key, what, value, found[key], ground, _nodes_of(option))
    yield from because(expected.because, ground, at)


def _unexpected(scenario: Scenario, walk: Trajectory) -> Iterator[Judged]:
    """A choice or act of the file that did not happen, and that nothing in the file expects to be refused."""
    expected = {(part.in_, *part.what) for part in scenario.expect.blocked}
    for refusal in walk.refusals:
        kind = "move" if refusal.kind == "choice" else refusal.kind
        if refusal.kind != "measure" and (refusal.year, kind, refusal.id) not in expected:
            at: tuple[Key, ...] = (refusal.kind, refusal.index, kind)
            yield Judged(at, refusal.id, False, _("open in {year}").format(year=refusal.year), *_refused(refusal))


def _refused(refusal: Refusal) -> tuple[str, Ground]:
    ground = ground_of_option(refusal.option) if refusal.option else NOTHING
    return _joined(refusal.outcome.text, refusal.reason), ground


def _joined(text: str, reason: str) -> str:
    return f"{text} ({reason})" if reason else text


def because(named: str, ground: Ground, at: tuple[Key, ...]) -> Iterator[Judged]:
    """Whether a rule or an article that is named is among those that the verdict rests on."""
    if named:
        cites = list(dict.fromkeys(map(str, ground.cites)))[:MOST_CITES]
        decided = listed(cites) if cites else _("nothing")
        met = ground.names(named)
        yield Judged((*at, "because"), _("decided by"), met, named, named if met else decided)


def _nodes_of(option: Option | None) -> tuple[Node, ...]:
    """An option as a line with its outcome over the tests that decide it; nothing for none."""
    if option is None:
        return ()
    truth = YES if option.open else MAYBE if option.outcome is Outcome.UNDECIDED else NO
    told = _joined(option.outcome.text, option.why_not())
    return (Node(f"{option.rule.label}: {told}", truth, option.cite, option.why()),)


def _why_ended(walk: Trajectory) -> tuple[Node, ...]:
    """What stood in the way of a diploma: an exam that was failed, choices that were refused, the last move."""
    exams = [node for step in walk.steps if step.exam and not step.exam.passed for node in step.exam.nodes()]
    refused = [node for refusal in walk.refusals for node in _nodes_of(refusal.option)]
    return (*exams, *refused) or _nodes_of(walk.steps[-1].taken)


def ground_of_option(option: Option) -> Ground:
    """What a move or an act rests on."""
    return Ground(option.rules(), option.cites())


def _ground_of_measure(state: MeasureState) -> Ground:
    return Ground((state.measure.id,), (state.verdict.cite,))


def _ground(step: Step) -> Ground:
    """What happened in a school year rests on: the move, the acts, the diplomas, the measures in effect."""
    options = [*([step.taken] if step.taken else []), *(o for o in step.acts if o.open)]
    parts = [
        *map(ground_of_option, options),
        *map(_ground_of_measure, (m for m in step.measures if m.in_effect)),
        *(Ground((earned.diploma,), (verdict.cite,)) for earned, verdict in step.earned),
        *([ground_of_exam(step.exam)] if step.exam else []),
        *(Ground((each.verdict.table.rule,), (each.verdict.cite,)) for each in step.closed if each.verdict),
    ]
    return together(parts)


def _ground_until(walk: Trajectory, year: SchoolYear | None) -> Ground:
    """What a diploma rests on: its own verdict first, then the steps that led to it, the latest first."""
    steps = [step for step in walk.steps if year is None or step.state.year <= year]
    own = [Ground((e.diploma,), (v.cite,)) for e, v in (steps[-1].earned if year is not None else ())]
    return together([*own, *map(_ground, reversed(steps))])


def ground_of_exam(exam: SheetVerdict) -> Ground:
    """What an exam rests on; cum laude only where it is given."""
    lines = (*exam.checks, *(exam.laude if exam.cum_laude else ()))
    told = tuple(cite for _label, cite in exam.reforms)
    return Ground(tuple(line.verdict.table.rule for line in lines), (*told, *(line.cite for line in lines)))


def together(parts: Iterable[Ground]) -> Ground:
    """What several things rest on, each once."""
    both = [(part.rules, part.cites) for part in parts]
    rules = dict.fromkeys(rule for rules, _cites in both for rule in rules)
    cites = {(str(cite), cite.span): cite for _rules, cites in both for cite in cites}
    return Ground(tuple(rules), tuple(cites.values()))
