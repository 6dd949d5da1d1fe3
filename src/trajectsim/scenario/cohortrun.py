"""Expectations of a cohort, held against its run: each figure by its median, differences replication by replication."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from trajectsim.cohort.figures import PERCENT, Line, banded, line, named
from trajectsim.cohort.running import Finished, run
from trajectsim.errors import Key
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.cohorts import CohortSource
from trajectsim.scenario.figures import FigureExpected
from trajectsim.scenario.judge import Ground, Judged, because
from trajectsim.verdict import Node
from trajectsim.words import _, decimal_comma

PLACES = 4
"""Decimals of a figure that count: those in which the cohort command writes it as data."""


def judge_cohort(source: CohortSource, law: Lawbook, seed: int | None = None) -> list[Judged]:
    """Every expectation of a cohort, in the order of the file and in every world it is about; one run serves them all.
    ``seed`` takes the place of the one in the file. Raises Problems."""
    source.laws(law)
    expected = source.scenario.expect.cohort
    if not expected:
        return []
    cohort = source.cohort if seed is None else evolve(source.cohort, seed=seed)
    done = run(cohort, law)
    judged: list[Judged] = []
    for number, each in enumerate(expected):
        policy = each.policy or cohort.policies[0].id
        ground = _ground(source, policy, law)
        for world in cohort.worlds:
            if each.world in ("", world.id):
                judged += _judged(each, done, law, world.id, ground, ("expect", "cohort", number))
    return judged


def _judged(
    each: FigureExpected, done: Finished, law: Lawbook, world: str, ground: Ground, at: tuple[Key, ...]
) -> Iterator[Judged]:
    policies = [policy.id for policy in done.cohort.policies]
    policy = each.policy or policies[0]
    figure = named(law)[each.figure]
    found = line(done, figure, world, policy, each.against or policy)
    what = _("{figure} under {policy}").format(figure=each.figure, policy=policy)
    if each.against:
        what = _("{figure} under {policy}, against {other}").format(
            figure=each.figure, policy=policy, other=each.against
        )
    if len(done.cohort.worlds) > 1:
        what = _("{what}, in the world {world}").format(what=what, world=world)
    band = None if found is None else found.difference if each.against else found.value
    unit = (_(" points") if each.against else "%") if figure.unit == PERCENT else ""
    key = "value" if each.value is not None else "min" if each.min is not None else "max"
    if found is None or band is None:
        none = _("no value: nobody it could be told of")
        yield Judged((*at, key if _bounded(each) else "sure"), what, False, _wanted(each, unit), none, ground)
        return
    observed = _("{band}, evidence {grade}").format(
        band=banded(band, figure.unit, sign=bool(each.against)), grade=found.evidence
    )
    why = tuple(_why(each, done, found, world))
    if _bounded(each):
        median = round(band.median, PLACES)
        met = (each.least is None or median >= each.least) and (each.most is None or median <= each.most)
        yield Judged((*at, key), what, met, _wanted(each, unit), observed, ground, () if met else why)
    if each.sure is not None:
        met = found.sure is each.sure
        wanted = _("a band to one side of nothing") if each.sure else _("a band that holds nothing")
        yield Judged((*at, "sure"), what, met, wanted, observed, ground, () if met else why)
    yield from because(each.because, ground, at)


def _bounded(each: FigureExpected) -> bool:
    return each.least is not None or each.most is not None


def _wanted(each: FigureExpected, unit: str) -> str:
    least, most = (None if bound is None else decimal_comma(str(bound)) for bound in (each.least, each.most))
    if least is None and most is None:
        return _("a band to one side of nothing")
    if least is not None and most is not None:
        return _("{least} to {most}{unit}").format(least=least, most=most, unit=unit)
    told = _("at least {bound}{unit}") if most is None else _("at most {bound}{unit}")
    return told.format(bound=least or most, unit=unit)


def _why(each: FigureExpected, done: Finished, found: Line, world: str) -> Iterator[Node]:
    """The figure under each of the policies that are compared, and what it was counted on."""
    cohort = done.cohort
    for policy in cohort.policies:
        if policy.id in (found.policy, each.against):
            own = line(done, found.figure, world, policy.id, policy.id)
            if own is not None:
                yield Node(f"{policy.label}: {found.figure.label} {banded(own.value, found.figure.unit)}")
    yield Node(
        _("{n} children, {times} replications, seed {seed}; between brackets 80% of the replications").format(
            n=cohort.size, times=cohort.replications, seed=cohort.seed
        )
    )


def _ground(source: CohortSource, policy: str, law: Lawbook) -> Ground:
    """What a policy rests on: its draft reforms with the article that each changes, and the measures it turns on."""
    own = next(each for each in source.cohort.policies if each.id == policy)
    on = [name for name, switch in own.plan.measures.items() if switch.on]
    rules = [(reform, law.rule(reform.rule)) for reform in own.reforms]
    cites = [reform.cite(reform.span, rule.cite[-1]) for reform, rule in rules if rule is not None]
    cites += [cite for name in on for cite in reversed(law.measures[name].cite)]
    return Ground((*(reform.rule for reform in own.reforms), *on), tuple(cites))
