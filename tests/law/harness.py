"""Cases of law as data: read from ``cases/*.toml``, asked of a lawbook, answered with what does not hold.

Three kinds. A *verdict* asks a rule for one pupil in one year; a *citation* asks where a rule or one of its ways stands
in a year; a *description* says what a row of the tables is about: places, destinations, facts, kinds, practices.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

from attrs import Factory, evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Key
from trajectsim.law.facts import UNKNOWN, Fact
from trajectsim.law.lawbook import Clock, Lawbook
from trajectsim.law.loading import shipped
from trajectsim.law.moves import Act, Move, Versioned
from trajectsim.law.places import OUT, Place, destination, matches
from trajectsim.law.tables import Cite, Span, at
from trajectsim.law.teaching import Amount, Norm
from trajectsim.path.options import Desk, Option
from trajectsim.path.plan import Choice, Plan, Start, Switch
from trajectsim.pupil import Pupil, Record, State
from trajectsim.pupil.facts import FactSheet, derived, fact_sheet
from trajectsim.verdict import MAYBE, NO, YES, Outcome, Verdict, judge

FOLDER = Path(__file__).with_name("cases")
Document = Mapping[str, Any]


@frozen(eq=False)
class Case:
    """One statement about the law. ``about`` are the rows of the data that it is mostly about."""

    id: str
    about: frozenset[str]
    failure: Callable[[Lawbook], str] = field(repr=False)
    """What does not hold, in words; empty when all does."""
    cost: int = 0
    """What it takes to ask, beside other cases: those that judge a whole sheet cost more."""
    dossier: frozenset[str] = frozenset()
    """The rows of the dossier that it was written from, such as "G15"."""
    decided: Callable[[Lawbook], tuple[Key, ...]] = lambda _law: ()
    """Where in its row what decides it stands, such as ("version", 0, "ways", 2); empty where no one place does."""


def failures(lawbook: Lawbook, cases: Iterable[Case]) -> list[str]:
    """What does not hold in a lawbook, one line for each case that fails. A case that cannot be asked fails too."""
    return list(failing(lawbook, cases))


def failing(lawbook: Lawbook, cases: Iterable[Case]) -> Iterator[str]:
    """The same, one by one."""
    for case in cases:
        try:
            found = case.failure(lawbook)
        except Exception as error:  # a lawbook that is wrong may be wrong in any way
            found = f"{type(error).__name__}: {error}"
        if found:
            yield f"{case.id}: {found}"


def by_row(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """The cases by the row of the law that they are about, first of its names; a row is one test."""
    rows: dict[str, list[Case]] = {}
    for case in cases:
        rows.setdefault(min(case.about, default="the law"), []).append(case)
    return rows


@cache
def documents() -> dict[str, dict[str, Any]]:
    """The plain documents of the law data, by file name."""
    return shipped()[0]


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case in ``cases/``, but for those of exams: ``exam_harness`` reads these."""
    found: list[Case] = []
    structure: dict[str, Any] = {}
    for file in sorted(set(FOLDER.glob("*.toml")) - set(FOLDER.glob("exams*.toml"))):
        document = tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)
        found.extend(_studies(document.get("study", {})))
        if file.stem.startswith("structure"):
            for sort, rows in document.items():
                structure[sort] = rows if isinstance(rows, list) else {**structure.get(sort, {}), **rows}
        for group in document.get("verdict", ()):
            found.extend(_verdicts(group))
        for group in document.get("cite", ()):
            found.extend(_citations(group))
    return (*_descriptions(structure), *found)


# --- verdicts -----------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Question:
    """A rule, and the pupil and school it is asked for. Facts that are not given are those of a nominal pupil."""

    rule: str
    place: str
    year: str = ""
    intake: str = ""
    facts: Mapping[str, Any] = Factory(dict)
    measures: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    dates: str = "enacted"
    follow: str = ""
    study: str = ""


@frozen(kw_only=True)
class Answer:
    """How a rule answers: ``is_`` the force with which it is open or forbidden, else why it is not open."""

    is_: str
    by: str = ""
    via: str = ""
    unmet: tuple[str, ...] = ()
    way: str = ""
    practice: str = ""
    granted: bool | None = None
    extrapolated: bool = False


_QUESTION = {"rule", "in", "year", "intake", "facts", "measures", "off", "dates", "follow", "study"}
_ANSWER = {"is", "by", "via", "way", "unmet", "practice", "granted", "holds"}


def _verdicts(group: Document) -> Iterator[Case]:
    common = {key: value for key, value in group.items() if key != "rows"}
    for n, row in enumerate(group["rows"], 1):
        told = {**common, **row, "facts": {**common.get("facts", {}), **row.get("facts", {})}}
        strange = set(told) - _QUESTION - _ANSWER - {"name", "dossier", "differs"}
        if strange or "is" not in told or told.get("differs") == told["is"] or ("holds" in told and "measures" in told):
            raise ValueError(f"{group['name']}, row {n}: {strange or told}")
        question = Question(
            rule=told["rule"],
            place=told["in"],
            measures=tuple(told.get("measures", ())),
            off=tuple(told.get("off", ())),
            **{key: told[key] for key in ("year", "intake", "facts", "dates", "follow", "study") if key in told},
        )
        when = question.year or f"intake {question.intake}"
        name = f"{question.rule} in {question.place}, {when}: {group['name']} ({n})"
        about = {question.rule, *question.measures, told.get("via", question.rule)}
        dossier = frozenset(re.findall(r"\w[\w-]*", told["dossier"]))
        check, decided = partial(_wrong_answer, question, told), partial(_deciding, question)
        yield Case(name, frozenset(about), check, dossier=dossier, decided=decided)


def _wrong_answer(question: Question, told: Document, law: Lawbook) -> str:
    answer = asked(question, law)
    expected: dict[str, Any] = {"is_": told["is"]}
    if answer.is_ != "no-move":
        expected |= {"by": told["by"], "via": told.get("via", question.rule)}
    if answer.is_ == "discretion" and question.rule not in law.measures:
        expected["practice"] = told["practice"]
    if "unmet" in told and told["is"] not in ("discretion", "right", "forbidden"):
        expected["unmet"] = tuple(told["unmet"])
    if "way" in told:
        expected["way"] = told["way"]
    if "granted" in told:
        expected["granted"] = told["granted"]
    wrong = [
        f"{k.rstrip('_')} {getattr(answer, k)!r}, not {v!r}" for k, v in expected.items() if getattr(answer, k) != v
    ]
    if "holds" in told and (found := holding(question, law)) != told["holds"]:
        wrong.append(f"ways {found} hold, not {told['holds']}")
    return "; ".join(wrong)


def asked(question: Question, law: Lawbook) -> Answer:
    """How a lawbook answers a question."""
    desk, entry = desk_of(question, law)
    if question.rule in law.measures:
        measure = desk.measure(law.measures[question.rule], entry)
        return _answer(measure.verdict, Outcome.OPEN if measure.lawful else Outcome.UNLAWFUL)
    if question.rule in law.diplomas:
        there = {diploma.id: diploma for diploma in law.diplomas_in(desk.state.place)}
        if question.rule not in there:
            return Answer(is_="no-move")
        verdict = _alone(question.rule, desk)
        return _answer(verdict, verdict.outcome)
    if question.rule in law.norms:
        return _norm(law.norms[question.rule], desk, question)
    if question.rule in law.duties:
        verdict = _alone(question.rule, desk)
        return Answer(is_=str(verdict.force or "free"), by=cited(verdict.cite), via=question.rule)
    option = _option(question.rule, desk)
    if option is None:
        return Answer(is_="no-move")
    return evolve(_answer(option.verdict, option.outcome), granted=option.granted)


def _option(name: str, desk: Desk) -> Option | None:
    """A move or an act, as the desk has it."""
    if name not in desk.law.acts:
        return desk.move(name)
    return next((option for option in desk.acts() if option.rule.id == name), None)


def _deciding(question: Question, law: Lawbook) -> tuple[Key, ...]:
    """The version and the way by which a rule answers; of one that no longer or not yet knows it, the version."""
    rule = law.rule(question.rule)
    if not isinstance(rule, Versioned):
        return ()
    desk, _entry = desk_of(question, law)
    option = _option(question.rule, desk) if isinstance(rule, Move | Act) else None
    verdict = option.verdict if option is not None else _alone(question.rule, desk)
    year = law.answering(rule, verdict.table.year)
    version = next(n for n, version in enumerate(rule.version) if year in version.span)
    found = verdict.way if verdict.way >= 0 else verdict.nearest
    if found is None or verdict.table.ways[found].rule != rule.id:
        return "version", version
    others = sum(way.rule != rule.id for way in verdict.table.ways[:found])
    return "version", version, "ways", found - others


def _norm(norm: Norm, desk: Desk, question: Question) -> Answer:
    """A norm as a plan meets it: "free" where the law asks nothing of it in the year, "no-move" in other places."""
    if norm not in desk.law.norms_in(desk.state.place):
        return Answer(is_="no-move")
    told = {name: desk.sheet.values[name] for name in question.facts}
    option = next((option for option in desk.norms(told) if option.rule is norm), None)
    if option is None:
        table = desk.law.table(norm, desk.state.year.start, desk.state.intake.start, desk.plan.clock)
        return Answer(is_="free", by=cited(table.cite), via=norm.id)
    return evolve(_answer(option.verdict, option.outcome), granted=option.granted)


def holding(question: Question, law: Lawbook) -> list[int]:
    """The ways of a rule that hold by themselves, whichever decides."""
    desk, entry = desk_of(question, law)
    verdict = _alone(question.rule, desk, entry)
    return [n for n, truths in enumerate(verdict.checks) if all(truth == YES for truth in truths)]


def _alone(name: str, desk: Desk, entry: SchoolYear | None = None) -> Verdict:
    """What a rule says by itself, without the duties that could forbid it and without measures."""
    rule = desk.law.rule(name)
    assert isinstance(rule, Versioned)
    intake = entry if entry is not None and rule.by == "intake" else desk.state.intake
    table = desk.law.table(rule, desk.state.year.start, intake.start, desk.plan.clock)
    return judge(table, desk.sheet.values)


_TRUTH = {Outcome.OPEN: YES, Outcome.SCHOOL_DECIDES: YES, Outcome.UNDECIDED: MAYBE}


def _answer(verdict: Verdict, outcome: Outcome) -> Answer:
    assert verdict.truth == _TRUTH.get(outcome, NO)
    way = verdict.deciding
    return Answer(
        is_=str(outcome if verdict.force is None else verdict.force),
        by=cited(verdict.cite),
        via=way.rule if way else "",
        way=way.id if way else "",
        unmet=tuple(check.fact.id for check in verdict.unmet),
        practice=way.practice if way and verdict.force == "discretion" else "",
        extrapolated=verdict.table.extrapolated,
    )


_AGE_BEFORE = {"po": 4, "vo": 12, "mbo": 16, "ho": 18, "vavo": 17}
"""The age at the end of the year before a track of a sector, for who never repeats or skips."""


def desk_of(question: Question, law: Lawbook) -> tuple[Desk, SchoolYear]:
    """Where the pupil of a question sits, and the school year in which she enters the track that is asked about."""
    place = law.place(question.place)
    assert place is not None
    year, entry = _years(question, place, law)
    age = _AGE_BEFORE[place.track.sector if place.track else "ho"] + place.n
    pupil = Pupil(date(year.end - age, 4, 1))
    state = State(pupil, Record(), year, place, entry if question.year else year + (1 - max(place.n, 1)))
    clock = Clock(SchoolYear.parse(question.follow) if question.follow else None, question.dates)
    switches = {name: Switch(name in question.measures) for name in (*question.measures, *question.off)}
    arguments = (("study", question.study),) if question.study else ()
    plan = Plan(pupil, Start(year, place.id), clock, switches, choices=(Choice(year, question.rule, arguments),))
    sheet = fact_sheet(state, law, clock, {}, ())
    given = {name: _value(law.facts[name], value) for name, value in question.facts.items()}
    values = {**sheet.values, **given}
    values |= derived(law, values) | given
    return Desk(state, plan, law, FactSheet(values, sheet.assumed - set(given))), entry


def _years(question: Question, place: Place, law: Lawbook) -> tuple[SchoolYear, SchoolYear]:
    """The school year of the question, and the one in which the pupil enters the track."""
    entry = SchoolYear.parse(question.intake) if question.intake else None
    if question.year:
        year = SchoolYear.parse(question.year)
        return year, entry or year + (1 - place.n)
    assert entry is not None
    return (entry if question.rule in law.measures else entry + -1), entry


def _value(fact: Fact, value: Any) -> int:
    if value == "?":
        return UNKNOWN
    return fact.mask(value) if fact.kind == "set" else fact.encode(value)


# --- citations ----------------------------------------------------------------------------------------------


def cited(cite: Cite) -> str:
    """A citation in one line: "WVO art. 27a, Stb. 2020, 121 (A)"."""
    article = f"{cite.law} art. {cite.article}" if cite.article else cite.law
    return ", ".join(filter(None, [article, cite.published])) + f" ({cite.confidence})"


def _citations(group: Document) -> Iterator[Case]:
    kind = "track" if "track" in group else "rule"
    names = group[kind] if isinstance(group[kind], list) else [group[kind]]
    if set(group) - {kind, "way", "says", "notes"}:
        raise ValueError(group)
    for name in names:
        for year, expected in group["says"].items():
            of = f" way {group['way']}" if "way" in group else ""
            told = (expected, group.get("notes", {}).get(year, ""))
            check = partial(wrong_citation, kind, name, group.get("way"), SchoolYear.parse(year).start, told)
            yield Case(f"citation of {name}{of}, {year}", frozenset({name}), check)


def wrong_citation(kind: str, name: str, way: int | None, year: int, told: tuple[str, str], law: Lawbook) -> str:
    """What is not as told about where a rule or a way of it stands: the citation, and words of its note."""
    expected, noted = told
    rule = law.tracks[name] if kind == "track" else law.rule(name)
    assert rule is not None
    cites = rule.cite
    if way is not None:
        assert isinstance(rule, Versioned)
        cites = at(rule.version, year).ways[way].cite
    found = [cited(cite) for cite in cites if year in cite.span and noted in str(cite.note or "")]
    return "" if found == [expected] else f"{found}, not {expected!r}"


# --- studies ---


def _studies(document: Document) -> Iterator[Case]:
    """A study is asked with every set of subjects that decides: of each group one, and all but a group."""
    if document:
        yield Case("every study is told", frozenset(document), partial(_untold_studies, frozenset(document)))
    for name, told in document.items():
        yield Case(f"what the study {name} is", frozenset({name}), partial(_wrong_study, name, told))
        for asked in told.get("asks", ()):
            for intake in asked["intakes"]:
                check = partial(_wrong_demand, name, asked, SchoolYear.parse(intake).start)
                yield Case(f"{name} in {intake} with {asked['with']}", frozenset({name}), check)


def _untold_studies(names: frozenset[str], law: Lawbook) -> str:
    return "" if law.studies.keys() == names else f"differs in {sorted(law.studies.keys() ^ names)}"


def _wrong_study(name: str, told: Document, law: Lawbook) -> str:
    study = law.studies[name]
    found = {key: getattr(study, key) for key in ("level", "area", "fixus")} | {"free": list(study.free)}
    expected = {key: told[key] for key in found}
    return "" if found == expected else f"{found}, not {expected}"


def _wrong_demand(name: str, asked: Document, intake: int, law: Lawbook) -> str:
    """``by`` has for each profile "*" for free or groups such as "wisa|wisb+nat"; a profile not named is closed."""
    table, fact = law.study_table(law.studies[name], intake, Clock()), law.facts[asked["subjects"]]
    by: Mapping[str, str] = asked["by"]
    everything = [value.id for value in fact.values]

    def opens(profile: str, subjects: Iterable[str], diploma: str = asked["with"]) -> bool:
        held = law.facts["diplomas"].mask(diploma)
        at_hand = {
            "diplomas": held,
            "profile": law.facts["profile"].encode(profile),
            fact.id: fact.mask(list(subjects)),
        }
        return judge(table, at_hand).truth == YES

    wrong: list[str] = []
    for profile in (value.id for value in law.facts["profile"].values):
        pattern = by.get(profile, by.get("any", "#"))
        groups = [] if pattern in "*#" else [group.split("|") for group in pattern.split("+")]
        enough = [*product(*groups)] if pattern != "#" else []
        short = [[s for s in everything if s not in group] for group in groups] or (
            [] if pattern == "*" else [everything]
        )
        wrong += [f"{profile} closed with {each}" for each in enough if not opens(profile, each)]
        wrong += [f"{profile} open with {each}" for each in short if opens(profile, each)]
    others = [value.id for value in law.facts["diplomas"].values if value.id not in asked["asked"]]
    free = [each for each in others if all(opens(profile, (), each) for profile in ("nt", "cm"))]
    if sorted(free) != sorted(asked["free"]):
        wrong.append(f"free for {free}")
    shut = [
        each
        for each in others
        if each not in free and any(opens(p, everything, each) for p in ("nt", "ng", "em", "cm"))
    ]
    return "; ".join([*wrong, *(f"open with {each}" for each in shut)])


# --- descriptions -------------------------------------------------------------------------------------------

_SORTS = ("track", "move", "act", "diploma", "duty", "norm", "measure", "fact", "practice", "allowance", "fund")


def _descriptions(document: Document) -> Iterator[Case]:
    groups: Mapping[str, list[str]] = document["places"]
    yield Case("the years that are known", frozenset({"known"}), partial(_wrong_years, document["known"]))
    for sort in _SORTS:
        rows: Mapping[str, Any] = document[sort]
        yield Case(f"every {sort} is told", frozenset(rows), partial(_untold, sort, frozenset(rows)))
        for name, row in rows.items():
            expected = {"default": row} if sort == "practice" else _spelled(row, groups)
            check = partial(_wrong_description, sort, name, expected)
            yield Case(f"what the {sort} {name} is", frozenset({name}), check)


def _wrong_years(expected: list[str], law: Lawbook) -> str:
    found = [str(SchoolYear(year)) for year in (law.known.first, law.known.last) if year is not None]
    return "" if found == expected else f"{found}, not {expected}"


def _untold(sort: str, names: frozenset[str], law: Lawbook) -> str:
    found = _rows(law, sort).keys()
    return "" if found == names else f"differs in {sorted(found ^ names)}"


def _wrong_description(sort: str, name: str, expected: Document, law: Lawbook) -> str:
    found = described(law, sort, name)
    keys = sorted({*expected, *found})
    wrong = (f"{k} {found.get(k)}, not {expected.get(k)}" for k in keys if found.get(k) != expected.get(k))
    return "; ".join(wrong)


def described(law: Lawbook, sort: str, name: str) -> dict[str, Any]:
    """What a row of the tables is about, apart from its dates, ways, citations and words."""
    row = _rows(law, sort)[name]
    if sort == "track":
        return {key: getattr(row, key) for key in ("sector", "lane", "level", "years")} | {"nominal": list(row.nominal)}
    if sort == "fact":
        told = {"is": f"{row.kind} from {row.source}", "unit": row.unit, "like": row.like}
        told |= {"values": [value.id for value in row.values], "assumed": row.assumed}
        told |= {"when": list(row.when), "at": _like(law, row.at)}
        return {key: value for key, value in told.items() if value not in ("", [], None)}
    if sort == "practice":
        return {"default": row.default}
    if sort == "allowance":
        told = {"in": _like(law, row.from_), "all-if": row.all_if}
        told |= {"most": {_spell(each.span): each.hours for each in row.version}}
        return told | {"cite": {_spell(cite.span): cited(cite) for cite in row.cite}}
    if sort == "fund":
        told = {"in": _like(law, row.from_), "extra-in": _like(law, row.extra_in)}
        told |= {"total": [[t.year, t.millions, t.source, t.confidence] for t in row.total]}
        return told | {"amounts": {each.year: _money(each) for each in row.amount}}
    if sort == "measure":
        keys = ("by", "sector", "kind", "takes", "sets")
        told = {key: getattr(row, key) for key in keys} | {"announced": str(row.announced or "")}
        told |= {"at": _like(law, row.at), "moves": list(row.moves)}
        more = {"acts-on": row.acts_on, "scenario": row.scenario}
        more |= {key: list(getattr(row, key)) for key in ("parameters", "lifts", "effects", "costs")}
        more |= {"usual": row.usual or "", "lifting": [f"{_spell(c.span)}: {cited(c)}" for c in row.lifting]}
        return told | {key: value for key, value in more.items() if value not in ("", [], "pupil")}
    named = [way.id for version in getattr(row, "version", ()) for way in version.ways if way.id]
    if sort == "move":
        told = {"by": row.by, "steps": dict(_steps(law, row))} | ({"arguments": row.arguments} if row.arguments else {})
        told |= {} if row.repeats else {"repeats": False}
        return told | ({"ways": named} if named else {})
    told = {"by": row.by, "in": _like(law, row.from_)}
    told |= {"ways": named} if named else {}
    if sort == "act":
        told["arguments"] = row.arguments
        told |= {"takes": row.takes} if row.takes != "choice" or row.sets else {}
        told |= {"sets": row.sets} if row.sets else {}
    if sort == "duty":
        told["to"] = _like(law, row.to)
    return told


def _spell(span: Span) -> str:
    return "-".join(".." if year is None else str(SchoolYear(year)) for year in (span.first, span.last))


def _money(amount: Amount) -> str:
    """An amount in one line: cents a pupil, more in some places, cents a school, and where it stands."""
    told = "not found" if amount.cents is None else f"{amount.cents} + {amount.extra} + {amount.school}"
    return f"{told}: {cited(amount.cite)}, {_spell(amount.cite.span)}"


def _rows(law: Lawbook, sort: str) -> dict[str, Any]:
    rows = getattr(law, {"duty": "duties"}.get(sort, f"{sort}s"))
    return {name: row for name, row in rows.items() if sort != "fact" or row.source != "exam"}


def _steps(law: Lawbook, move: Any) -> Iterator[tuple[str, str]]:
    for place in (*law.places(), OUT):
        to = destination(move.to, place, law.tracks) if _is_like(move.from_, place) else None
        if to is not None:
            yield place.id, to.id


def _like(law: Lawbook, patterns: tuple[str, ...]) -> list[str]:
    return sorted(place.id for place in (*law.places(), OUT) if _is_like(patterns, place))


def _is_like(patterns: tuple[str, ...], place: Place) -> bool:
    return any(matches(pattern, place.id) for pattern in patterns)


def _spelled(row: Document, groups: Mapping[str, list[str]]) -> dict[str, Any]:
    """A description with its places written out."""
    told = dict(row)
    for key in {"in", "at", "to", "extra-in"} & told.keys():
        told[key] = sorted(_places(told[key], groups))
    if "steps" in told:
        told["steps"] = {}
        for step in row["steps"]:
            start, end = (_places([side], groups) for side in step.split(" > "))
            told["steps"] |= zip(start, end * len(start) if len(end) == 1 else end, strict=True)
    return told


def _places(names: Iterable[str], groups: Mapping[str, list[str]]) -> list[str]:
    found: list[str] = []
    for name in names:
        track, _slash, years = name.rpartition("/")
        span = re.fullmatch(r"(\d+)(?:-(\d+))?", years)
        if name in groups:
            found.extend(_places(groups[name], groups))
        elif span is None:
            found.append(name)
        else:
            found.extend(f"{track}/{n}" for n in range(int(span[1]), int(span[2] or span[1]) + 1))
    return found
