"""One file, many scenarios: a parent that it extends, its cases, its matrix.

Each is a layer laid over what is under it: tables are merged key by key, everything else is replaced. What is wrong
with a scenario is told where it was written, be that a parent, a case or a value of the matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any, cast

from attrs import evolve, field, frozen

from trajectsim import reading
from trajectsim.errors import Key, Problem, Problems
from trajectsim.reading import quoted, value_at
from trajectsim.words import _

At = tuple[Key, ...]
Document = dict[str, Any]

MOST_VARIANTS = 1000
"""How many scenarios a file may hold."""
MOST_PARENTS = 10
"""How long a chain of files may be that extend each other."""
OF_THE_FILE = ("extends", "matrix", "case")
"""The keys that say how a file becomes scenarios; no scenario has them itself."""


@frozen
class Layer:
    """Something that was laid over: ``value`` under the path ``under``, written at ``at`` in a file."""

    file: str
    value: Any = field(repr=False)
    under: At = ()
    at: At = ()

    def depth(self, at: At) -> tuple[int, bool]:
        """How far it has what stands at a path, and whether that is by itself and not only as what is around it."""
        if len(self.under) > len(at):
            return (len(at), False) if self.under[: len(at)] == at else (-1, False)
        if self.under != at[: len(self.under)]:
            return -1, False
        rest = at[len(self.under) :]
        return len(self.under) + next((n for n in range(len(rest), -1, -1) if _there(self.value, rest[:n])), 0), True


@frozen
class Variant:
    """A scenario of a file as a plain document, with a name when there are more; the layers it was made of, and the
    texts of their files."""

    document: Document = field(repr=False)
    layers: tuple[Layer, ...] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)
    name: str = ""

    def origin(self, at: At) -> tuple[str, At]:
        """The file, and the path in it, where something was written: in the topmost layer that goes as far as any."""
        layer = max(reversed(self.layers), key=lambda layer: layer.depth(at))
        return layer.file, (*layer.at, *at[len(layer.under) :])

    def named(self, file: str) -> str:
        """The file, and in brackets which of its scenarios it is where there are more."""
        return f"{file} [{self.name}]" if self.name else file

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems with file, line and column."""
        by_file: dict[str, list[Problem]] = {}
        for problem in problems:
            file, at = self.origin(problem.at)
            by_file.setdefault(file, []).append(evolve(problem, at=at))
        return [each for file, some in by_file.items() for each in reading.located(some, self.texts[file], file)]


def expand(text: str, file: str) -> list[Variant]:
    """The scenarios that a text holds. Raises Problems, located."""
    texts: dict[str, str] = {}
    documents = [*_chain(text, file, texts)]
    layers = tuple(Layer(name, _own(document)) for name, document in documents)
    whole = merged(*(document for _name, document in documents))
    base = Variant({key: value for key, value in whole.items() if key not in OF_THE_FILE}, layers, texts)
    problems: list[Problem] = []
    cases = [*_cases(whole, base, problems.append)]
    variants = [each for case in cases for each in _combinations(whole, case, problems.append)]
    if problems:
        raise Problems(dict.fromkeys(base.located(problems)))
    return variants


def merged(*documents: Mapping[str, Any]) -> Document:
    """Documents laid over each other: tables key by key, everything else as the last one says."""
    whole: Document = {}
    for document in documents:
        for key, value in document.items():
            under = whole.get(key)
            both = isinstance(under, dict) and isinstance(value, dict)
            whole[key] = merged(cast("Document", under), cast("Document", value)) if both else value
    return whole


# --- a parent -----------------------------------------------------------------------------------------------


def _chain(text: str, file: str, texts: dict[str, str]) -> Iterator[tuple[str, Document]]:
    """The documents of the files that extend each other, the outermost parent first."""
    document = reading.parse(text, file)
    texts[file] = text
    if "extends" in document:
        wrong = _unfollowed(document["extends"], Path(file), texts)
        if wrong:
            problem = Problem(
                "S110", wrong, at=("extends",), hint=_("name a file in the folder of this one, or below it")
            )
            raise Problems(reading.located([problem], text, file))
        parent = str(Path(file).parent / document["extends"])
        try:
            inherited = reading.read_text(Path(parent))
        except Problems as error:
            message = _("the file it extends: {reason}").format(reason=error.problems[0].message)
            raise Problems(reading.located([Problem("S110", message, at=("extends",))], text, file)) from None
        yield from _chain(inherited, parent, texts)
    yield file, document


def _unfollowed(name: Any, file: Path, texts: Mapping[str, str]) -> str:
    """Why a parent is not followed; empty when it can be."""
    wrong = outside(name, file)
    if wrong:
        return wrong
    if (file.parent / name).resolve() in {Path(each).resolve() for each in texts}:
        return _("files that extend each other in a circle: {name}").format(name=quoted(name))
    return _("more than {n} files extend each other").format(n=MOST_PARENTS) if len(texts) > MOST_PARENTS else ""


def outside(name: Any, file: Path) -> str:
    """Why a name is none of a file in the folder of this one, or below it; empty when it is."""
    if not isinstance(name, str) or not name:
        return _("expected {expected}").format(expected=_("the name of a file, in quotes"))
    parts = PurePosixPath(name)
    away = parts.is_absolute() or ".." in parts.parts or "\\" in name or "\0" in name
    if away or not (file.parent / name).resolve().is_relative_to(file.parent.resolve()):
        return _("{name} leads out of the folder of this file").format(name=quoted(name))
    return ""


def _own(document: Document) -> Document:
    return {key: value for key, value in document.items() if key != "extends"}


# --- cases --------------------------------------------------------------------------------------------------

Tell = Callable[[Problem], None]


def _cases(whole: Document, base: Variant, tell: Tell) -> Iterator[Variant]:
    """The scenario in each of its cases; itself when it has none."""
    cases = whole.get("case")
    if cases is None:
        yield base
        return
    if not isinstance(cases, list) or not cases:
        tell(_wrong(("case",), _("an array of tables, each with a name: [[case]]")))
        return
    seen: set[str] = set()
    for number, case in enumerate(cast("list[Any]", cases)):
        at = ("case", number)
        if not isinstance(case, dict):
            tell(_wrong(at, _("a table")))
            continue
        told = cast("Document", case)
        name = told.get("name")
        if not isinstance(name, str) or not name or name in seen:
            tell(_wrong((*at, "name"), _("a name that no other case has, in quotes")))
            continue
        seen.add(name)
        wrong = next((key for key in (*OF_THE_FILE, "title") if key in told), None)
        if wrong is not None:
            message = _("a case has no {key} of its own").format(key=quoted(wrong))
            tell(Problem("S111", message, at=(*at, wrong), on_key=True))
            continue
        own = {key: value for key, value in told.items() if key != "name"}
        file, path = base.origin(at)
        yield Variant(merged(base.document, own), (*base.layers, Layer(file, own, (), path)), base.texts, name)


# --- the matrix ---------------------------------------------------------------------------------------------

Combination = dict[At, tuple[Any, At]]
"""By path in the scenario: the value, and where in the file it is written."""


def _combinations(whole: Document, case: Variant, tell: Tell) -> Iterator[Variant]:
    """A variant in each combination of the matrix; itself when there is none."""
    matrix = whole.get("matrix")
    if matrix is None:
        yield case
        return
    if not isinstance(matrix, dict):
        tell(_wrong(("matrix",), _("a table")))
        return
    combinations = _listed(cast("Document", matrix), tell)
    for combination in combinations:
        name = ", ".join(f"{'.'.join(map(str, path))}={_told(value)}" for path, (value, _at) in combination.items())
        document, layers = case.document, list(case.layers)
        for path, (value, at) in combination.items():
            document = cast("Document", _put(document, path, value))
            layers.append(Layer(case.origin(at)[0], value, path, case.origin(at)[1]))
        yield Variant(document, tuple(layers), case.texts, " · ".join(filter(None, (case.name, name))))


def _listed(matrix: Document, tell: Tell) -> list[Combination]:
    axes: dict[At, list[tuple[Any, At]]] = {}
    for path, values, at in _leaves({k: v for k, v in matrix.items() if k not in ("include", "exclude")}, ("matrix",)):
        if isinstance(values, list) and values:
            axes[path] = [(value, (*at, n)) for n, value in enumerate(cast("list[Any]", values))]
        else:
            tell(_wrong(at, _("an array of the values to try")))
    size = 1
    for values in axes.values():
        size *= len(values)
    if size > MOST_VARIANTS:
        message = _("the matrix has {n} combinations; at most {most} can be run").format(n=size, most=MOST_VARIANTS)
        tell(Problem("S111", message, at=("matrix",)))
        return []
    found: list[Combination] = (
        [dict(zip(axes, values, strict=True)) for values in product(*axes.values())] if axes else []
    )
    found = _excluded(matrix.get("exclude", []), found, axes, tell)
    return _included(matrix.get("include", []), found, axes, tell)


def _excluded(entries: Any, found: list[Combination], axes: Mapping[At, Any], tell: Tell) -> list[Combination]:
    for at, entry in _entries(entries, "exclude", axes, tell):
        left = [combination for combination in found if not _agrees(entry, combination, entry)]
        if len(left) == len(found):
            tell(Problem("S111", _("this excludes no combination of the matrix"), at=at))
        found = left
    if axes and not found:
        tell(Problem("S111", _("every combination of the matrix is excluded"), at=("matrix",)))
    return found


def _included(entries: Any, found: list[Combination], axes: Mapping[At, Any], tell: Tell) -> list[Combination]:
    """An entry adds its values to each combination that it agrees with; where there is none it is one by itself."""
    for _place, entry in _entries(entries, "include", axes, tell):
        shared = [path for path in entry if path in axes]
        agreeing = [combination for combination in found if _agrees(entry, combination, shared)] if axes else []
        for combination in agreeing:
            combination.update(entry)
        if not agreeing:
            found = [*found, entry]
    return found


def _entries(entries: Any, key: str, axes: Mapping[At, Any], tell: Tell) -> Iterator[tuple[At, Combination]]:
    if not isinstance(entries, list):
        tell(_wrong(("matrix", key), _("an array of tables")))
        return
    for number, entry in enumerate(cast("list[Any]", entries)):
        at = ("matrix", key, number)
        if isinstance(entry, dict) and entry:
            leaves = _leaves(cast("Document", entry), at, axes)
            yield at, {path: (value, place) for path, value, place in leaves}
        else:
            tell(_wrong(at, _("a table")))


def _agrees(entry: Combination, combination: Combination, paths: Iterable[At]) -> bool:
    return all(path in combination and combination[path][0] == entry[path][0] for path in paths)


def _leaves(table: Document, at: At, known: Iterable[At] = (), under: At = ()) -> Iterator[tuple[At, Any, At]]:
    """The values of a table of dotted paths, in quotes or not: path in the scenario, value, path in the file."""
    for key, value in table.items():
        path = (*under, *(int(part) if part.isdigit() else part for part in key.split(".")))
        if isinstance(value, dict) and path not in known:
            yield from _leaves(cast("Document", value), (*at, key), known, path)
        else:
            yield path, value, (*at, key)


def _put(value: Any, path: At, new: Any) -> Any:
    """A copy of a value with something else at a path; tables on the way are made."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(head, int) and head < len(cast("list[Any]", value)):
        elements = cast("list[Any]", value)
        return [*elements[:head], _put(elements[head], rest, new), *elements[head + 1 :]]
    table = cast("Document", value) if isinstance(value, dict) else {}
    return {**table, str(head): _put(table.get(str(head)), rest, new)}


def _there(value: Any, at: At) -> bool:
    return not at or value_at(value, at) is not None


def _told(value: Any) -> str:
    """A value of the matrix in the name of a scenario."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_told(each)}" for key, each in cast("Document", value).items())
        return f"{{{inside}}}"
    return f"[{', '.join(map(_told, cast('list[Any]', value)))}]" if isinstance(value, list) else str(value)


def _wrong(at: At, expected: str) -> Problem:
    return Problem("S111", _("expected {expected}").format(expected=expected), at=at)
