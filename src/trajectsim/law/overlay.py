"""Draft reforms laid over the law: a value that becomes another, a way that is added or taken away, from some year on.

An overlay changes rules, not the law: versions are cut where a reform starts and ends, so that for every year exactly
one answers, and what was changed cites the reform in the place of the article. A problem is at ("reform", number of
the reform, key ...): the one who reads the reforms knows in which file and line that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from attrs import Attribute, evolve, fields, resolve_types

from trajectsim import reading
from trajectsim.errors import Key, Problem, Problems
from trajectsim.law import consistency
from trajectsim.law.book import AnyRule, Book
from trajectsim.law.loading import law_converter
from trajectsim.law.measures import Measure
from trajectsim.law.moves import Rule, Tabled
from trajectsim.law.reforms import LAWFUL, Reform, Which, plain
from trajectsim.law.tables import Cite, Force, Span, Version, WayText
from trajectsim.reading import Unfit, did_you_mean, key_of, quoted
from trajectsim.words import _

Path = tuple[str, ...]
B = TypeVar("B", bound=Book)
At = tuple[Key, ...]


class Misfit(Exception):
    """Why a reform cannot be laid over a rule, at a key of the reform."""

    def __init__(self, at: At, message: str, hint: str = "", *, unknown: bool = False) -> None:
        super().__init__(message)
        self.problem = Problem("S104" if unknown else "S103", message, at=at, hint=hint)


def laid_over(law: B, reforms: Sequence[Reform]) -> B:
    """The book with reforms over it; see ``Lawbook.overlay``. Raises Problems."""
    changed: dict[str, AnyRule] = {}
    problems: list[Problem] = []
    for number, reform in enumerate(reforms):
        rule = changed.get(reform.rule) or law.rule(reform.rule)
        if rule is None:
            ids = [each.id for each in law.rules()]
            message = _("unknown rule {name}").format(name=quoted(reform.rule)) + did_you_mean(reform.rule, ids)
            problems.append(Problem("S104", message, at=("reform", number, "rule")))
            continue
        try:
            new = reformed(rule, reform)
        except Misfit as error:
            problems.append(evolve(error.problem, at=("reform", number, *error.problem.at)))
            continue
        found = [_of_reform(fault, reform, number) for fault in consistency.meaningless_rule(law, new)]
        found += _contradicted(number, reforms, rule)
        problems.extend(dict.fromkeys(found))
        changed = changed if found else {**changed, reform.rule: new}
    if problems:
        raise Problems(problems)
    sorts = {name: {**rules, **{key: changed[key] for key in rules if key in changed}} for name, rules in _sorts(law)}
    return evolve(law, **cast("dict[str, Any]", sorts), reforms=tuple(reforms), under=law)


def _sorts(law: Book) -> Iterator[tuple[str, Mapping[str, Any]]]:
    walked = ("measures", "moves", "acts", "diplomas", "duties", "norms", "studies")
    names = (*walked, "exams", "calendars", "demands", "packages")
    return ((name, getattr(law, name)) for name in names)


def _of_reform(fault: Problem, reform: Reform, number: int) -> Problem:
    """A fault of a changed rule, told at what changed it."""
    inside = fault.at[_WAY:] if reform.add is not None else ()
    key = "add" if reform.add is not None else "value"
    code = "S104" if fault.on_key or fault.code == "L101" else "S103"
    return evolve(fault, code=code, at=("reform", number, key, *inside))


_WAY = len(("section", "id", "version", 0, "ways", 0))
"""How deep in a rule a way stands."""


def _contradicted(number: int, reforms: Sequence[Reform], rule: AnyRule) -> Iterator[Problem]:
    """A value that an earlier reform sets too, to something else, in the same years."""
    reform = reforms[number]
    for earlier in reforms[:number] if reform.set else ():
        same = earlier.rule == reform.rule and earlier.set and earlier.span.common(reform.span)
        same = same and (earlier.way is None or reform.way is None or earlier.way == reform.way)
        if same and earlier.value != reform.value and _aim(earlier, rule) == _aim(reform, rule):
            message = _("two reforms set {name} of {rule} in the same years: to {one} and to {other}")
            told = {"name": quoted(reform.set), "rule": quoted(rule.id)}
            values = {"one": plain(earlier.value), "other": plain(reform.value)}
            yield Problem("S109", message.format(**told, **values), at=("reform", number, "set"))


def _aim(reform: Reform, rule: AnyRule) -> Path:
    """The value that a reform sets, in full."""
    if isinstance(rule, Measure):
        return (LAWFUL,)
    versions: Sequence[Any] = rule.version
    return _path_of(reform, rule, versions, map(_paths, versions))


def reformed(rule: AnyRule, reform: Reform) -> AnyRule:
    """The rule with a reform laid over it. Raises Misfit."""
    cite = tuple(_cites(rule.cite, reform))
    if isinstance(rule, Measure):
        _told_of_measure(reform)
        return evolve(rule, cite=cite)
    versions: Sequence[Any] = rule.version
    change = _change(reform, rule, [v for v in versions if v.span.common(reform.span)])
    pieces: list[Any] = []
    for version in versions:
        for span, inside in version.span.pieces(reform.span):
            pieces.append(change(evolve(version, span=span)) if inside else evolve(version, span=span))
    # A way that was changed or added cites the reform itself; one that is gone has only its rule to tell it by.
    cite = rule.cite if isinstance(rule, Tabled) and reform.remove is None else cite
    return evolve(cast("Any", rule), version=tuple(pieces), cite=cite)


def settable(rule: AnyRule, span: Span | None = None) -> tuple[str, ...]:
    """What a reform can set of a rule in some years (or in all), as its ``set`` names it."""
    if isinstance(rule, Measure):
        return (LAWFUL,)
    versions: Sequence[Any] = rule.version
    asked = [version for version in versions if span is None or version.span.common(span)]
    found = (path for version in asked for path in _paths(version))
    return tuple(dict.fromkeys(".".join(path) for path in found))


def _cites(cites: Iterable[Cite], reform: Reform) -> Iterator[Cite]:
    for cite in cites:
        for span, inside in cite.span.pieces(reform.span):
            yield reform.cite(span, cite) if inside else evolve(cite, span=span)


# --- changes ------------------------------------------------------------------------------------------------


def _change(reform: Reform, rule: Rule, touched: Sequence[Any]) -> Callable[[Any], Any]:
    """What the reform does to a version inside its years. Raises Misfit where it does nothing."""
    tabled = isinstance(rule, Tabled)
    if not tabled and (reform.add is not None or reform.remove is not None):
        key = "add" if reform.add is not None else "remove"
        raise Misfit((key,), _("the rule {rule} has no ways; only its values can be set").format(rule=quoted(rule.id)))
    if not tabled:
        path = _path_of(reform, rule, touched, [*map(_paths, touched)])
        return lambda version: _with_value(version, path, reform)
    ways = [way for version in touched for way in version.ways]
    if reform.remove is not None:
        _described(reform.remove, ways, "remove")
    if reform.way is not None:
        _described(reform.way, ways, "way")
    path = ()
    if reform.set:
        chosen = [way for way in ways if reform.way is None or reform.way.fits(way)]
        path = _path_of(reform, rule, touched, [list(_way_paths(way)) for way in chosen])

    def changed(version: Version) -> Version:
        return evolve(version, ways=tuple(_ways(version, rule, reform, path)))

    return changed


def _ways(version: Version, rule: Rule, reform: Reform, path: Path) -> Iterator[WayText]:
    """The ways of a version under the reform. What was not changed keeps the article it stands on."""
    kept = [evolve(way, cite=way.cite or rule.cite) for way in version.ways]
    if reform.remove is not None:
        which = reform.remove
        yield from (way for way in kept if not which.fits(way))
    elif reform.add is not None:
        added = evolve(reform.add, cite=tuple(_cites(_over(rule.cite, version.span), reform)))
        # An added right goes before what schools decide, an added discretion after what is a right.
        first = added.force in (Force.RIGHT, Force.DUTY)
        yield from (added, *kept) if first else (*kept, added)
    else:
        for way in kept:
            here = path in _way_paths(way) and (reform.way is None or reform.way.fits(way))
            cites = tuple(_cites(_over(way.cite, version.span), reform))
            yield evolve(_with_need(way, path, reform.value), cite=cites) if here else way


def _over(cites: Iterable[Cite], span: Span) -> Iterator[Cite]:
    """The citations of some years."""
    for cite in cites:
        common = cite.span.common(span)
        if common is not None:
            yield evolve(cite, span=common)


def _with_need(way: WayText, path: Path, value: Any) -> WayText:
    if path == ("force",):
        if value not in list(Force):
            raise Misfit(("value",), _("expected one of {names}").format(names=", ".join(Force)))
        return evolve(way, force=Force(value))
    if path == ("practice",):
        return evolve(way, practice=_text(value))
    return evolve(way, needs=_put(way.needs, path, value))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Misfit(("value",), _("expected {expected}").format(expected=_("a text in quotes")))
    return value


def _with_value(version: Any, path: Path, reform: Reform) -> Any:
    """A version of an exam, its calendar or a package with a value changed, of the kind that the law data has there."""
    attribute = next(each for each in _fields(version) if key_of(each.name) == path[0])
    plain = _put(getattr(version, attribute.name), path[1:], reform.value) if path[1:] else reform.value
    try:
        value = law_converter().structure(plain, cast("type[Any]", attribute.type))
    except Unfit as error:
        raise Misfit(("value",), _("expected {expected}").format(expected=error.expected), error.hint) from None
    except Exception:  # cattrs groups what is wrong with the elements
        found = reading.kind_of(reform.value)
        raise Misfit(("value",), _("{found} is not what stands here in the law").format(found=found)) from None
    return evolve(version, **{attribute.name: value})


def _fields(version: Any) -> tuple[Attribute[Any], ...]:
    """The attributes of a version, with types that are more than their text."""
    return fields(cast("Any", resolve_types(cast("type[Any]", type(version)))))


def _put(table: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    head, *rest = path
    return {**table, head: _put(table[head], tuple(rest), value) if rest else value}


# --- what there is to change --------------------------------------------------------------------------------

_BESIDE = ("span", "over")
"""Keys that are no value to set: when a version answers, and what a mean is over."""


def _paths(version: Any) -> list[Path]:
    """Every value of a version, as a path of keys."""
    if isinstance(version, Version):
        return list(dict.fromkeys(path for way in version.ways for path in _way_paths(way)))
    found: list[Path] = []
    for each in _fields(version):
        if each.name not in _BESIDE:
            value = getattr(version, each.name)
            inside = [(key_of(each.name), name) for name in value] if isinstance(value, dict) else []  # pyright: ignore
            found += inside or [(key_of(each.name),)]
    return found


def _way_paths(way: WayText) -> Iterator[Path]:
    yield ("force",)
    if way.practice:
        yield ("practice",)
    for name, need in way.needs.items():
        yield from _leaves((name,), need)


def _leaves(path: Path, value: Any) -> Iterator[Path]:
    if isinstance(value, dict):
        for name, inner in cast("dict[str, Any]", value).items():
            if name not in _BESIDE:
                yield from _leaves((*path, name), inner)
    else:
        yield path


def _path_of(reform: Reform, rule: Rule, touched: Sequence[Any], paths: Iterable[Iterable[Path]]) -> Path:
    """The one value that ``set`` names: in full, or by some of its keys in their order."""
    known = list(dict.fromkeys(path for some in paths for path in some))
    asked = tuple(reform.set.split("."))
    matching = [path for path in known if path == asked] or [path for path in known if _in_order(asked, path)]
    names = [".".join(path) for path in known]
    if len(matching) == 1:
        return matching[0]
    if matching:
        told = ", ".join(".".join(path) for path in matching)
        message = _("{name} could be each of {names}").format(name=quoted(reform.set), names=told)
        raise Misfit(("set",), message, _("write it in full"), unknown=True)
    where = _("{rule} has no {name} in these years").format(rule=quoted(rule.id), name=quoted(reform.set))
    near = did_you_mean(reform.set, [*names, *(path[0] for path in known)])
    hint = _("to set here: {names}").format(names=", ".join(names)) if names else ""
    if not touched or not names:
        hint = _("the law has nothing here in these years; add a way")
    raise Misfit(("set",), where + near, hint, unknown=True)


def _in_order(asked: Path, path: Path) -> bool:
    rest = iter(path)
    return all(key in rest for key in asked)


def _described(which: Which, ways: Sequence[WayText], key: str) -> None:
    if not any(map(which.fits, ways)):
        known = "; ".join(dict.fromkeys(map(str, map(_description, ways)))) or _("none")
        message = _("no way of these years is like {which}").format(which=quoted(str(which)))
        raise Misfit((key,), message, _("the ways are: {ways}").format(ways=known), unknown=True)


def _description(way: WayText) -> Which:
    """The shortest that says which way it is: its id, or what it says."""
    return Which(id=way.id) if way.id else Which(force=way.force, practice=way.practice, needs=way.needs)


def _told_of_measure(reform: Reform) -> None:
    if reform.set != LAWFUL:
        key = next(name for name in ("set", "add", "remove") if getattr(reform, name))
        hint = _('write set = "lawful" and value = true or false')
        message = _("of a measure a reform says only whether the law knows it")
        raise Misfit((key,), message, hint, unknown=True)
    if not isinstance(reform.value, bool):
        raise Misfit(("value",), _("expected {expected}").format(expected=_("true or false")))
