"""From a TOML text to attrs objects, strictly: nothing is coerced, every problem is collected and located.

Both the law data and the scenarios are read here. The order is: bytes to text, text to a plain document
(tomllib), document to objects (cattrs), and only when something is wrong a second look at the text for the lines
and columns (tree-sitter).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import (
    make_dict_structure_fn,
    mapping_structure_factory,  # pyright: ignore[reportUnknownVariableType]
    override,
)

from trajectsim import syntax
from trajectsim.calendar import SchoolYear
from trajectsim.errors import Key, Place, Problem, Problems, nearest, spelled
from trajectsim.words import N_, _

LARGEST_FILE = 1024 * 1024
"""Bytes that a document may have."""
MOST_DIGITS = 100
"""How many characters a number may have."""
DEEPEST = 32
"""How far arrays and tables in a document may lie inside each other."""

T = TypeVar("T")


class Unfit(ValueError):
    """A value that cannot be what its place in the document asks for. ``expected`` is for people."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


# --- what it offers -----------------------------------------------------------------------------------------


def path_of(text: str) -> Path:
    """The path that a person writes: ~ is a home; where it is nobody's the path is as it stands, and not there."""
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def absolute(file: str) -> Path:
    """A path from the root on; as it stands where the folder that one is in is gone."""
    try:
        return Path(file).absolute()
    except OSError:
        return Path(file)


def read_text(path: Path) -> str:
    """The text of a file. Raises Problems when it is missing, too large, or no UTF-8."""
    name = str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise Problems([Problem("S001", _("there is no such file"), name, hint=_("check the path"))]) from None
    except (OSError, ValueError) as error:  # a ValueError is a name that no file can have
        reason = getattr(error, "strerror", None) or str(error)
        hint = _("name a file that is in it") if isinstance(error, IsADirectoryError) else ""
        message = _("cannot be read: {reason}").format(reason=reason)
        raise Problems([Problem("S001", message, name, hint=hint)]) from None
    if len(raw) > LARGEST_FILE:
        message = _("the file is larger than 1 MiB")
        hint = _("a scenario describes one pupil and fits on a page; split it")
        raise Problems([Problem("S002", message, name, place=Place(1, 1), hint=hint)])
    try:
        return raw.decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8").removeprefix(_MARK)
        line = before.count("\n") + 1
        place = Place(line, len(before) - (before.rfind("\n") + 1) + 1)
        hint = _("save the file as UTF-8")
        raise Problems([Problem("S003", _("the file is not UTF-8 text"), name, place=place, hint=hint)]) from None


def parse(text: str, file: str) -> dict[str, Any]:
    """The plain document in a TOML text; numbers with a point are Decimal. Raises Problems."""
    # The parser takes time by the square of the parts of a dotted key, so a key with too many is found before.
    if any(line.count(".") > DEEPEST for line in text.split("\n")) and (place := _troubles().deep_key(text, DEEPEST)):
        raise Problems(located([_depth_problem(place)], text, file))
    try:
        document = tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        raise Problems(located([_syntax_problem(error, text)], text, file)) from None
    except RecursionError:
        raise Problems(located([_depth_problem(_troubles().too_deep(text, DEEPEST))], text, file)) from None
    except (ValueError, ArithmeticError):  # nan and inf, an integer of thousands of digits
        message = _("this is no number that can be used")
        hint = _("numbers have at most {n} digits; nan and inf are none").format(n=MOST_DIGITS)
        places = _troubles().unusable_numbers(text, MOST_DIGITS)
        raise Problems(located([Problem("S004", message, place=at, hint=hint) for at in places], text, file)) from None
    if _depth(document) > DEEPEST:
        raise Problems(located([_depth_problem(_troubles().too_deep(text, DEEPEST))], text, file))
    return document


def structure(document: Mapping[str, Any], cls: type[T], converter: Converter) -> tuple[T | None, list[Problem]]:
    """The document as an object of an attrs class, or None and every problem in it (not yet located)."""
    try:
        return converter.structure(document, cls), []
    except BaseValidationError as error:
        return None, list(_translated(error, (), document))


def strict_converter() -> Converter:
    """A cattrs converter that coerces nothing, refuses unknown keys, and writes years_in_place as years-in-place."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, expected in _PLAIN.items():
        converter.register_structure_hook(kind, _plain_hook(kind, expected))

    def structure_attrs(cls: type[Any]) -> Callable[[Any, Any], Any]:
        renames: dict[str, Any] = {a.name: override(rename=key_of(a.name)) for a in attrs.fields(cls)}
        inner: Any = None

        def hook(value: Any, kind: Any) -> Any:
            nonlocal inner
            if not isinstance(value, dict):
                raise Unfit(_("a table"))
            if inner is None:  # made when a section of this kind is there: making it is what costs
                inner = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True, **renames)
            return inner(cast(Any, value), kind)

        return hook

    def structure_tuple(cls: Any) -> Callable[[Any, Any], Any]:
        inner = converter.get_structure_hook(list[cls.__args__[0]])

        def hook(value: Any, kind: Any) -> Any:
            if not isinstance(value, list):
                brackets = _("a table that there can be more of is written in double brackets: [[...]]")
                raise Unfit(_("an array"), brackets if isinstance(value, dict) else "")
            return tuple(inner(value, list[kind.__args__[0]]))

        return hook

    def structure_dict(cls: Any) -> Callable[[Any, Any], Any]:
        inner = cast(Callable[[Any, Any], Any], mapping_structure_factory(cls, converter))

        def hook(value: Any, kind: Any) -> Any:
            if not isinstance(value, dict):
                raise Unfit(_("a table"))
            return inner(value, kind)

        return hook

    converter.register_structure_hook_factory(attrs.has, structure_attrs)
    converter.register_structure_hook_factory(_is_dict, structure_dict)
    converter.register_structure_hook_factory(_is_tuple, structure_tuple)
    return converter


def school_year(value: Any, _kind: Any = None) -> SchoolYear:
    """A school year as a document writes it. Raises Unfit."""
    try:
        if isinstance(value, str):
            return SchoolYear.parse(value)
    except ValueError:
        pass
    raise Unfit(_('a school year such as "2015/2016"'))


def key_of(attribute: str) -> str:
    """The key in a document for the name of an attribute: ``in_`` is "in", ``years_in_place`` is "years-in-place"."""
    return attribute.rstrip("_").replace("_", "-")


class Mended:
    """A document without the parts that problems were found in, so that the rest can be looked at too."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        from copy import deepcopy  # only needed when something is wrong

        self.document = deepcopy(dict(document))
        self._origins: dict[int, list[int]] = {}

    def drop(self, problem: Problem) -> None:
        """Take out the value (or the unknown key, or the table that lacks a key) that a problem is about."""
        if not problem.at:
            return
        *way, last = problem.at
        parent = value_at(self.document, way)
        if isinstance(parent, list) and isinstance(last, int):
            elements = cast("list[Any]", parent)
            origins = self._origins.setdefault(id(elements), list(range(len(elements))))
            elements[last] = origins[last] = _DROPPED
        elif isinstance(parent, dict):
            cast("dict[Key, Any]", parent).pop(last, None)

    def close(self) -> None:
        """Close the gaps that dropping left in arrays."""
        for value in _inside(self.document):
            if isinstance(value, list) and id(value) in self._origins:  # pyright: ignore[reportUnknownArgumentType]
                value[:] = [each for each in cast("list[Any]", value) if each is not _DROPPED]
                origins = self._origins[id(value)]  # pyright: ignore[reportUnknownArgumentType]
                origins[:] = [each for each in origins if each is not _DROPPED]

    def original(self, at: Iterable[Key]) -> tuple[Key, ...]:
        """The path in the document as it was for a path in what is left of it."""
        value: Any = self.document
        path: list[Key] = []
        for key in at:
            path.append(self._origins[id(value)][int(key)] if id(value) in self._origins else key)
            value = value_at(value, [key])
        return tuple(path)


_DROPPED: Any = object()


def located(problems: Iterable[Problem], text: str, file: str) -> tuple[Problem, ...]:
    """The same problems with line, column and the line itself."""
    from trajectsim.positions import Positions  # its parser is only loaded when something is wrong

    pending = list(problems)
    positions = Positions(text) if any(p.place is None for p in pending) else None
    lines = _lines(text)
    done: list[Problem] = []
    for problem in pending:
        place = problem.place
        if place is None and positions is not None:
            place = positions.of(problem.at, on_key=problem.on_key)
        excerpt = lines[place.line - 1] if place is not None and place.line <= len(lines) else ""
        done.append(attrs.evolve(problem, file=file, place=place, excerpt=_shortened(excerpt)))
    return tuple(sorted(done, key=lambda p: p.position))


# --- how it does it -----------------------------------------------------------------------------------------

_MARK = "\ufeff"
"""The byte order mark that some editors write first."""


def _lines(text: str) -> list[str]:
    """The lines as TOML ends them, which is not at every character that Unicode calls a line end."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def _troubles() -> ModuleType:
    from trajectsim import troubles  # its patterns are only compiled when something is wrong

    return troubles


_PLAIN: dict[type, str] = {
    str: N_("a text in quotes"),
    int: N_("a whole number"),
    bool: N_("true or false"),
    Decimal: N_("a number"),
}


def _plain_hook(kind: type, expected: str) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _kind: Any) -> Any:
        if kind is Decimal and type(value) is int:
            return Decimal(value)
        if type(value) is not kind:
            raise Unfit(_(expected))
        return value

    return hook


def _is_dict(cls: Any) -> bool:
    return getattr(cls, "__origin__", None) is dict


def _is_tuple(cls: Any) -> bool:
    return getattr(cls, "__origin__", None) is tuple


def _decimal(text: str) -> Decimal:
    value = Decimal(text.replace("_", ""))
    if not value.is_finite() or len(text) > MOST_DIGITS:
        raise ValueError(text)
    return value


def _translated(error: Exception, at: tuple[Key, ...], document: Any) -> Iterable[Problem]:
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _translated(cast(Exception, inner), at + _step(inner), document)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [key_of(a.name) for a in attrs.fields(error.cl) if a.init] if attrs.has(error.cl) else []
        for key in sorted(error.extra_fields):
            yield Problem(
                "S101",
                _("unknown key {key}").format(key=quoted(key)) + did_you_mean(key, known),
                at=(*at, key),
                on_key=True,
                hint=_("known here: {names}").format(names=", ".join(known)),
                fix=spelled(key, known),
            )
    elif isinstance(error, KeyError):
        name = key_of(str(at[-1])) if at else ""
        yield Problem("S102", _("the key {key} is missing").format(key=quoted(name)), at=at[:-1], on_key=True)
    elif isinstance(error, Unfit):
        found = kind_of(value_at(document, at))
        message = _("expected {expected}, found {found}").format(expected=error.expected, found=found)
        yield Problem("S103", message, at=at, hint=error.hint)
    else:
        yield Problem("S103", _("this value does not fit here: {reason}").format(reason=error), at=at)


def _step(error: BaseException) -> tuple[Key, ...]:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (key_of(note.name),)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def value_at(document: Any, at: Iterable[Key]) -> Any:
    """The value under a path of keys, or None."""
    for key in at:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def quoted(text: str) -> str:
    """A word of a document, in quotes and shortened, for a message."""
    return f'"{text if len(text) <= 60 else text[:57] + "..."}"'


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """' - did you mean "skip"?', or nothing when no known name is near."""
    near = nearest(word, known)
    return _(" - did you mean {name}?").format(name=quoted(near)) if near else ""


def kind_of(value: Any) -> str:
    """What a value in a document is, for people."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return _("the number {value}").format(value=_shortened(_digits(value), 40))
    if isinstance(value, str):
        return _("the text {value}").format(value=quoted(value))
    if isinstance(value, list):
        return _("an array")
    if isinstance(value, dict):
        return _("a table")
    if value is None:
        return _("nothing")
    return _("the date or time {value}").format(value=value)


def _digits(value: int | Decimal) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than Python will write
        return _("of thousands of digits")


def _shortened(text: str, most: int = 160) -> str:
    flat = "".join(c if c.isprintable() else " " for c in text)
    return flat if len(flat) <= most else flat[: most - 3] + "..."


def _syntax_problem(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    match = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
    lines = _lines(text.removesuffix("\n"))
    if match:
        reason, place = str(error)[: match.start()], Place(int(match[1]), int(match[2]))
    else:
        reason = str(error).removesuffix(" (at end of document)")
        place = Place(len(lines), len(lines[-1]) + 1)
    told = syntax.reason_told(reason)
    return Problem("S004", _("this is not valid TOML: {reason}").format(reason=told), place=place)


def _depth(document: Any) -> int:
    deepest = 0
    level: list[Any] = [document]
    while level:
        deepest += 1
        level = [child for value in level for child in _children(value)]
    return deepest


def _children(value: Any) -> list[Any]:
    children = cast("Iterable[Any]", value.values() if isinstance(value, dict) else value)
    return [child for child in children if isinstance(child, dict | list)]


def _inside(value: Any) -> Iterable[Any]:
    for child in _children(value):
        yield child
        yield from _inside(child)


def _depth_problem(place: Place) -> Problem:
    message = _("arrays and tables lie more than {n} deep inside each other").format(n=DEEPEST)
    return Problem("S005", message, place=place, hint=_("no scenario needs that; make it flatter"))


__all__ = [
    "Mended", "Unfit", "did_you_mean", "key_of", "kind_of", "located", "parse", "quoted", "read_text", "school_year",
    "strict_converter", "structure", "value_at",
]  # fmt: skip
