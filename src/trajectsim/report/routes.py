"""Routes to a goal, as text and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trajectsim.law.lawbook import Lawbook
from trajectsim.law.tables import Span
from trajectsim.path.ahead import spans
from trajectsim.path.plan import Plan
from trajectsim.path.routes import Condition, Gain, Goal, Route, Search
from trajectsim.report.plain import cite_data
from trajectsim.report.text import span_text
from trajectsim.words import _, listed, ngettext


def goal_text(goal: Goal, law: Lawbook) -> str:
    """A goal in words."""
    if goal.diploma:
        return str(law.diplomas[goal.diploma].label)
    if goal.study:
        return str(law.studies[goal.study].label)
    if goal.age:
        return _("age {n}").format(n=goal.age)
    place = law.place(goal.place)
    track = law.tracks.get(goal.place.removesuffix("/*"))
    return str(place or (track.label if track else goal.place))


def search_text(search: Search, plan: Plan, law: Lawbook) -> str:
    """Routes, the earliest first, with what each hangs on; what measures contribute; dead ends where none leads."""
    start, goal = search.start, goal_text(search.goal, law)
    head = _("From {place} in {year} to: {goal}").format(place=start.place, year=start.year, goal=goal)
    if search.earliest is None:
        return "\n".join([head, *_nowhere(search, law)]) + "\n"
    count = ngettext("{n} route", "{n} routes", len(search.routes)).format(n=len(search.routes))
    if search.more:
        first = ngettext("the first route; there are more", "the first {n} routes; there are more", len(search.routes))
        count = first.format(n=len(search.routes))
    blocks = ["\n".join([head, f"{count}; {_bound(search)}"])]
    blocks += ["\n".join(_route(number, route, search, plan, law)) for number, route in enumerate(search.routes, 1)]
    if search.gains:
        lines = (f"  {gain.measure.label}: {gain_text(gain)}" for gain in search.gains)
        blocks.append("\n".join([_("What the measures contribute to the earliest route") + ":", *lines]))
    return "\n\n".join(blocks) + "\n"


def gain_text(gain: Gain) -> str:
    """What a measure contributes, in words."""
    if gain.years is None:
        return _("without it there is no route")
    if not gain.years:
        return _("nothing: without it a route is as early")
    years = ngettext("{n} year", "{n} years", gain.years).format(n=gain.years)
    return _("{years}: without it the earliest is so much later").format(years=years)


def condition_text(condition: Condition, law: Lawbook, plan: Plan) -> str:
    """What a route hangs on, in words, with its school years."""
    years = listed(span_text(span) for span in spans(year.start for year in condition.years))
    if condition.kind == "practice":
        return _("the school agrees ({policy}): {years}").format(policy=law.practices[condition.id].label, years=years)
    if condition.kind == "measure":
        label = law.measures[condition.id].label
        return _("the measure {measure} is on: {years}").format(measure=label, years=years)
    fact = law.facts[condition.id]
    if condition.kind == "given":
        return _("as given, {fact}: {value}: {years}").format(
            fact=fact.label, value=fact.text(fact.read(plan.given[condition.id])), years=years
        )
    value = fact.text(fact.encode(fact.assumed)) if fact.assumed is not None else _("not known")
    return _("assumed, {fact}: {value}: {years}").format(fact=fact.label, value=value, years=years)


def search_data(search: Search, plan: Plan) -> dict[str, Any]:
    """The same as data."""
    goal = search.goal
    return {
        "from": {"year": str(search.start.year), "place": search.start.place.id},
        "to": {name: value for name in ("place", "diploma", "age", "study") if (value := getattr(goal, name))},
        "longest": search.longest,
        "more": search.more,
        "earliest": str(search.earliest.year) if search.earliest else None,
        "routes": [_data(route, plan) for route in search.routes],
        "measures": [
            {"id": gain.measure.id, "years": gain.years, "needed": gain.years is None} for gain in search.gains
        ],
        "dead_ends": [
            {
                "year": str(end.year),
                "place": end.place.id,
                "move": end.option.rule.id,
                "label": end.move,
                "to": end.to.id,
                "rule": end.rule,
                "why_not": end.reason,
                "cite": cite_data(end.cite),
            }
            for end in search.dead_ends
        ],
    }


def _bound(search: Search) -> str:
    """Which routes were looked for."""
    years = _("of at most {n} school years").format(n=search.longest)
    if search.repeats == 0:
        return _("{years}, no place twice").format(years=years)
    return _("{years}, places again at most {n} times").format(years=years, n=search.repeats)


def _nowhere(search: Search, law: Lawbook) -> Iterator[str]:
    yield _("No lawful route leads there; {bound}.").format(bound=_bound(search))
    if search.dead_ends:
        yield _("Nearest to the goal it ends here") + ":"
    elif search.start.place.id not in search.goal.reach(law):
        yield _("Whatever the pupil, from {place} no chain of moves leads there.").format(place=search.start.place)
    for end in search.dead_ends:
        yield f"  ✗ {end.year}  {end.place} → {end.to} ({end.move}): {end.reason} · {end.rule} · {end.cite.sure}"


def _route(number: int, route: Route, search: Search, plan: Plan, law: Lawbook) -> Iterator[str]:
    last = route.last.before.state
    after = last.year.end if search.goal.diploma else last.year
    age = search.goal.age_of(last)
    years = ngettext("{n} year", "{n} years", route.years).format(n=route.years)
    yield _("{number}. {goal} in {year}, at {age} (after {years})").format(
        number=number, goal=goal_text(search.goal, law), year=after, age=age, years=years
    )
    yield from (f"   {year}  {place}" for year, place in _stays(route))
    yield from (f"   · {condition_text(each, law, plan)}" for each in route.conditions(plan))


def _stays(route: Route) -> Iterator[tuple[str, str]]:
    """The places in a row: moving up within a track is told once, with its years."""
    states = [*(year.before.state for year, _option in route.steps), route.last.before.state]
    runs: list[list[Any]] = []
    for state in states:
        if runs and runs[-1][-1].place.track is state.place.track and state.place.n == runs[-1][-1].place.n + 1:
            runs[-1].append(state)
        else:
            runs.append([state])
    for run in runs:
        first, last = run[0], run[-1]
        where = str(first.place) if first is last else _("{first} to {last}").format(first=first.place, last=last.place)
        yield span_text(Span(first.year.start, last.year.start)), where


def _data(route: Route, plan: Plan) -> dict[str, Any]:
    last = route.last.before.state
    return {
        "year": str(route.year),
        "years": route.years,
        "age": last.age,
        "age_at_end": last.age_at_end,
        "steps": [
            {
                "year": str(year.before.state.year),
                "place": year.before.state.place.id,
                "move": option.rule.id,
                "force": str(option.verdict.force),
                "cite": cite_data(option.cite),
            }
            for year, option in route.steps
        ],
        "place": last.place.id,
        "conditions": [
            {
                "kind": each.kind,
                "id": each.id,
                "years": [str(year) for year in each.years],
                "cite": [cite_data(cite) for cite in each.cites],
            }
            for each in route.conditions(plan)
        ],
    }
