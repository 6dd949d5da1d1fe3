"""Scenarios of whole birth cohorts: a file with ``[cohort]`` has policies and worlds in the place of a pupil."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from trajectsim import reading
from trajectsim.calendar import SchoolYear
from trajectsim.cohort.design import MOST, MOST_APART, Cohort, Policy, policy_plan
from trajectsim.errors import Problem, Problems
from trajectsim.law import names
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.learning.worlds import PLAIN, Doing, Select, World
from trajectsim.path.plan import Plan, TimePlan
from trajectsim.scenario.alone import alone
from trajectsim.scenario.arguments import argument_problems, arguments
from trajectsim.scenario.expand import Variant, expand
from trajectsim.scenario.expected import head_problems, reform_problems
from trajectsim.scenario.faults import COHORT, no_cohort, unknown, wrong
from trajectsim.scenario.figures import CohortExpect, figure_problems
from trajectsim.scenario.format import LawPart, ReformPart, SwitchPart, TimePart, UsePart
from trajectsim.scenario.hours import plans_problems
from trajectsim.scenario.plans import reforms_of, switch_of, use_of
from trajectsim.scenario.structured import structured
from trajectsim.scenario.switches import switch_problems
from trajectsim.scenario.values import BIRTHS
from trajectsim.words import _

KNOWS = {"careful": "selection.careful", "lax": "selection.lax"}
"""How well schools know a pupil whom they select, and the parameter that says how well that is."""
MOST_REPLICATIONS = 10_000


@frozen(kw_only=True)
class CohortPart:
    """How many children, born in which years; where chance starts, and how often it is played."""

    size: int
    births: tuple[int, ...]
    seed: int = 1
    replications: int = 40


@frozen(kw_only=True)
class SelectPart:
    """Whom schools choose for a move; see ``learning.worlds.Select``."""

    move: str
    at: tuple[str, ...]
    above: Decimal | None = None
    share: Decimal = Decimal(1)
    knows: str = "careful"


@frozen(kw_only=True)
class DoingPart:
    """An act that some children do, with what it takes, and whom schools choose for it; see ``learning.worlds``."""

    act: str
    at: tuple[str, ...]
    subject: str = ""
    level: str = ""
    above: Decimal | None = None
    share: Decimal = Decimal(1)
    knows: str = "careful"


@frozen(kw_only=True)
class PolicyPart:
    """What schools offer and how they decide under a policy."""

    id: str
    label: str = ""
    measures: dict[str, bool | SwitchPart] = field(factory=dict[str, "bool | SwitchPart"])
    practice: dict[str, str | UsePart] = field(factory=dict[str, "str | UsePart"])
    given: dict[str, Any] = field(factory=dict[str, Any])
    select: tuple[SelectPart, ...] = ()
    act: tuple[DoingPart, ...] = ()
    reform: tuple[ReformPart, ...] = ()
    teaching_time: tuple[TimePart, ...] = ()


@frozen(kw_only=True)
class WorldPart:
    """What is taken to be so about learning."""

    id: str
    parameters: dict[str, Any] = field(factory=dict[str, Any])
    effects: dict[str, bool] = field(factory=dict[str, bool])
    hypotheses: bool = False
    fade_out: bool = True


@frozen(kw_only=True)
class CohortFile:
    """A whole file. With ``status`` "wip" it is expected to fail, for a ``reason``."""

    title: str
    cohort: CohortPart
    policy: tuple[PolicyPart, ...]
    world: tuple[WorldPart, ...] = ()
    tags: tuple[str, ...] = ()
    status: str = ""
    reason: str = ""
    law: LawPart = field(factory=LawPart)
    expect: CohortExpect = field(factory=CohortExpect)


NEEDED = {"title": "-", "cohort": {"size": 1, "births": [BIRTHS[0]]}, "policy": [{"id": "-"}]}
"""What stands in for what is missing, to see what else is wrong with a file."""


@frozen(eq=False)
class CohortSource:
    """A cohort and the file it was read from; ``variant`` is which of the file's it is."""

    file: str
    text: str
    scenario: CohortFile
    variant: Variant
    cohort: Cohort

    @property
    def title(self) -> str:
        return self.scenario.title

    @property
    def name(self) -> str:
        """The file, and in brackets which of its scenarios it is where there are more."""
        return self.variant.named(self.file)

    def laws(self, law: Lawbook) -> dict[str, Lawbook]:
        """By policy the law it is under: with its reforms over it. Raises Problems, located."""
        found: dict[str, Lawbook] = {}
        problems: list[Problem] = []
        for number, policy in enumerate(self.cohort.policies):
            try:
                found[policy.id] = law.overlay(policy.reforms)
            except Problems as error:
                problems += [evolve(each, at=("policy", number, *each.at)) for each in error.problems]
        if problems:
            raise Problems(self.variant.located(problems))
        return found


def read_cohort(path: Path) -> CohortSource:
    """Read and check a cohort, the first where a file has more. Raises Problems with everything wrong, located."""
    return read_cohorts(path)[0]


def read_cohort_from(text: str, file: str) -> CohortSource:
    """The same, from a text that is already there."""
    return read_cohorts_from(text, file)[0]


def read_cohorts(path: Path) -> list[CohortSource]:
    """Every cohort of a file: it has more when it has cases or a matrix. Raises Problems."""
    return read_cohorts_from(reading.read_text(path), str(path))


def read_cohorts_from(text: str, file: str) -> list[CohortSource]:
    """The same, from a text that is already there."""
    problems: list[Problem] = []
    sources: list[CohortSource] = []
    for variant in map(alone, expand(text, file)):
        if "pupil" in variant.document and COHORT not in variant.document:
            raise Problems(variant.located([no_cohort()]))
        source, found = cohort_source(file, text, variant)
        problems += variant.located(found) if found else []
        sources += [source] if source is not None else []
    if problems:
        raise Problems(dict.fromkeys(problems))
    return sources


def cohort_source(file: str, text: str, variant: Variant) -> tuple[CohortSource | None, list[Problem]]:
    """A scenario of a file as a cohort, and what is wrong with it, not yet located."""
    found, problems = structured(variant.document, CohortFile, _problems, NEEDED)
    if found is None or problems:
        return None, problems
    return CohortSource(file, text, found, variant, _cohort(found, text + variant.name)), []


def _problems(found: CohortFile) -> Iterator[Problem]:
    yield from head_problems(found)
    policies, worlds = ([part.id for part in parts] for parts in (found.policy, found.world))
    yield from figure_problems(found.expect, policies, worlds or [PLAIN])
    yield from _size_problems(found.cohort)
    yield from _twice(policies, "policy")
    yield from _twice(worlds, "world")
    if not found.policy:
        hint = _("the first [[policy]] is the one that the others are compared with")
        yield Problem("S102", _("there is no policy"), at=("cohort",), hint=hint)
    for n, policy in enumerate(found.policy):
        for problem in switch_problems(policy):
            yield evolve(problem, at=("policy", n, *problem.at))
        for k, select in enumerate(policy.select):
            yield from unknown(select.move, names.MOVES, _("move"), ("policy", n, "select", k, "move"))
            yield from _chosen_problems(select, ("policy", n, "select", k))
        for k, act in enumerate(policy.act):
            yield from unknown(act.act, names.ACTS, _("act"), ("policy", n, "act", k, "act"))
            yield from argument_problems(act, names.ACTS.get(act.act, {}), ("policy", n, "act", k))
            yield from _chosen_problems(act, ("policy", n, "act", k))
        for k, reform in enumerate(policy.reform):
            yield from reform_problems(reform, ("policy", n, "reform", k))
        yield from plans_problems(policy.teaching_time, ("policy", n))
        yield from _apart_problems(policy, ("policy", n))
    for n, world in enumerate(found.world):
        yield from _world(world).problems(("world", n))


def _size_problems(part: CohortPart) -> Iterator[Problem]:
    if not 1 <= part.size <= MOST:
        yield wrong(("cohort", "size"), _("expected a number of children from 1 to {most}").format(most=f"{MOST:_}"))
    if not 1 <= part.replications <= MOST_REPLICATIONS:
        message = _("expected a number of replications from 1 to {most}").format(most=f"{MOST_REPLICATIONS:_}")
        yield wrong(("cohort", "replications"), message)
    if part.seed < 0 or part.seed >= 2**63:
        yield wrong(("cohort", "seed"), _("expected a whole number of 0 or more"))
    if not part.births or any(year not in BIRTHS for year in part.births):
        years = {"first": BIRTHS[0], "last": BIRTHS[-1]}
        yield wrong(("cohort", "births"), _("expected years of birth from {first} to {last}").format(**years))
    elif len(set(part.births)) != len(part.births):
        yield wrong(("cohort", "births"), _("a year of birth stands twice"))


def _twice(ids: list[str], what: str) -> Iterator[Problem]:
    for n, name in enumerate(ids):
        if not re.fullmatch(r"[\w-]+", name):
            yield wrong((what, n, "id"), _("expected letters, digits and hyphens"))
        elif name in ids[:n]:
            yield Problem("S105", _("the id {name} stands twice").format(name=reading.quoted(name)), at=(what, n, "id"))


def _apart_problems(policy: PolicyPart, at: tuple[str | int, ...]) -> Iterator[Problem]:
    """More things by which children are told apart than can be followed, each combination of them by itself."""
    shared = [name for name, each in policy.measures.items() if isinstance(each, SwitchPart) and each.share is not None]
    chances = [
        name for name, use in policy.practice.items() if isinstance(use, UsePart) and use.probability is not None
    ]
    acts = [("act", k) for k in range(len(policy.act))] + [("practice", name) for name in chances]
    for told, what in (
        ([("measures", name) for name in shared], _("measures that a share of schools offers")),
        ([("select", k) for k in range(len(policy.select))], _("moves that schools select for")),
        (acts, _("acts and practices with a probability, together")),
    ):
        if len(told) > MOST_APART:
            message = _("expected at most {most} {what}, found {n}").format(most=MOST_APART, what=what, n=len(told))
            hint = _("each combination is a life of its own: spread them over policies")
            yield evolve(wrong((*at, *told[MOST_APART]), message), hint=hint, on_key=True)


def _chosen_problems(part: SelectPart | DoingPart, at: tuple[str | int, ...]) -> Iterator[Problem]:
    for k, place in enumerate(part.at):
        if "*" not in place:
            yield from unknown(place, names.PLACES, _("place"), (*at, "at", k))
    if not part.at:
        yield wrong((*at, "at"), _("expected at least one place"))
    if not 0 <= part.share <= 1:
        yield wrong((*at, "share"), _("expected a number from 0 to 1"))
    yield from unknown(part.knows, KNOWS, "knows", (*at, "knows"))


# --- from the file to the run -------------------------------------------------------------------------------


def _cohort(found: CohortFile, text: str) -> Cohort:
    follow, part = found.law.follow, found.cohort
    clock = Clock(None if follow == "calendar" else SchoolYear.parse(follow), found.law.dates)
    return Cohort(
        size=part.size,
        births=part.births,
        policies=tuple(_policy(each, clock) for each in found.policy),
        worlds=tuple(_world(each) for each in found.world) or (World(PLAIN),),
        seed=part.seed,
        replications=part.replications,
        fingerprint=blake2b(text.encode(), digest_size=8).hexdigest(),
    )


def _policy(part: PolicyPart, clock: Clock) -> Policy:
    label = part.label or part.id
    return Policy(part.id, _plan(part, clock), label, reforms_of(part.reform, label))


def _plan(part: PolicyPart, clock: Clock) -> Plan:
    return evolve(
        policy_plan(clock),
        measures={name: switch_of(each) for name, each in part.measures.items()},
        practices={name: use_of(each) for name, each in part.practice.items()},
        given=part.given,
        selects=tuple(_chosen(select.move, select) for select in part.select),
        doings=tuple(Doing(each.act, _chosen(each.act, each), arguments(each)) for each in part.act),
        teaching=tuple(TimePlan(p.track, p.hours, p.extra, p.core, p.days) for p in part.teaching_time),
    )


def _chosen(name: str, part: SelectPart | DoingPart) -> Select:
    above = None if part.above is None else float(part.above)
    return Select(name, part.at, above, float(part.share), KNOWS[part.knows])


def _world(part: WorldPart) -> World:
    return World(part.id, part.parameters, part.effects, part.hypotheses, part.fade_out)
