"""The library of scenarios: which files there are, what each shows at a glance, what comes of running them. No Textual.

``shelf(folder, recent)``   -> the files of a folder and those that were opened, with title and tags; nothing is played
``found(shelf, asked)``     -> those that have every word that is asked for
``glance(item, law)``       -> what a file shows: its map, or what is wrong with it
``faults(text, file)``      -> everything that is wrong with a text, located
``run_lines(ran)``          -> what came of running one, as lines that lead to their place in the file
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from trajectsim import settings
from trajectsim.errors import Place, Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.reading import LARGEST_FILE, absolute
from trajectsim.report.linemap import LineMap, line_map
from trajectsim.report.runs import Status, failure_text, passed_early_text, status_of
from trajectsim.scenario.read import PARENTS, Source, is_cohort, read_all_from
from trajectsim.scenario.run import Ran, play_source
from trajectsim.tui.viewmodel import Played
from trajectsim.words import N_, _, ngettext

MOST = 2_000
"""Files that are listed; in a folder with more, the search of the system is the better one."""

SCENARIO, MARKS = ".toml", ".csv"
KINDS = {
    "path": N_("pupil"),
    "cohort": N_("cohort"),
    "marks": N_("marks"),
    "case": N_("no pupil"),
    "broken": N_("cannot be read"),
}


@frozen
class Item:
    """A file: what it is called, its tags, what it is about (one of KINDS), where it is seen from the folder."""

    file: str
    title: str
    tags: tuple[str, ...]
    kind: str
    shown: str

    @property
    def words(self) -> str:
        """What is searched."""
        return " ".join((self.title, self.shown, *self.tags, _(KINDS[self.kind]))).casefold()


@frozen
class Shelf:
    """``folder`` and its files; ``recent`` are files that were opened, wherever they are."""

    folder: Path
    items: tuple[Item, ...]
    recent: tuple[Item, ...]
    more: bool = False


def library_folder() -> Path:
    """The folder of the library: that of the settings, else the one that trajectsim is started in."""
    return settings.read()[0].folder or absolute(".")


def shelf(folder: Path, recent: Iterable[str], *, whole: bool = True) -> Shelf:
    """What there is in a folder and under it, in order; the recent files first and apart. Of a file that is not read as
    a ``whole`` it is told from what stands over its first section; that it cannot be read further down is not."""
    files, more = _files(folder)
    here, lately = (tuple(_item(path, folder, whole) for path in paths) for paths in (files, map(Path, recent)))
    return Shelf(folder, here, lately, more)


def found(items: Iterable[Item], asked: str) -> tuple[Item, ...]:
    """The items that have every word that is asked for."""
    words = asked.casefold().split()
    return tuple(item for item in items if all(word in item.words for word in words))


def _files(folder: Path) -> tuple[list[Path], bool]:
    files: list[Path] = []
    for inside in sorted(_named(folder)):
        path = folder.joinpath(*inside)
        if path.is_file() and _about(path, inside):
            files.append(path)
        if len(files) >= MOST:
            return files, True
    return files, False


def _named(folder: Path) -> Iterator[tuple[str, ...]]:
    """The files under a folder that are called as ours are, by the parts of their names; what is hidden is not."""
    for where, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        parts = Path(where).relative_to(folder).parts
        for name in names:
            if name.lower().endswith((SCENARIO, MARKS)) and not name.startswith((".", PARENTS)):
                yield *parts, name


def _about(path: Path, inside: Sequence[str]) -> bool:
    """Whether a file looks like one of ours, where the folder is not made for them: TOML is used for much else."""
    if path.suffix.lower() == MARKS:
        return _starts(path).lower().startswith(("candidate", "kandidaat"))
    return len(inside) > 1 or re.search(r"^\s*(title|extends)\s*=", _starts(path), re.MULTILINE) is not None


@lru_cache(maxsize=MOST)
def _begins(path: Path, _changed: int) -> str:
    with path.open("rb") as stream:
        return stream.read(1 << 12).decode("utf-8", "replace")


def _starts(path: Path) -> str:
    """What a file begins with."""
    try:
        return _begins(path, path.stat().st_mtime_ns)
    except OSError:
        return ""


def _item(path: Path, folder: Path, whole: bool) -> Item:
    """A file as it is now; one that has not changed is not read again."""
    try:
        told = path.stat()
        return _item_of(path, folder, told.st_mtime_ns, told.st_size, whole)
    except OSError:
        return Item(str(path), path.name, (), "broken", str(path))


@lru_cache(maxsize=MOST)
def _item_of(path: Path, folder: Path, _changed: int, size: int, whole: bool) -> Item:
    shown = str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
    if path.suffix.lower() == MARKS:
        return Item(str(path), path.name, (), "marks", shown)
    document: dict[str, Any] = {}
    text = ""
    try:
        if size <= LARGEST_FILE:
            text = path.read_text("utf-8")
            document = tomllib.loads(text if whole else _head(text))
    except (OSError, ValueError, RecursionError):
        return Item(str(path), path.name, (), "broken", shown) if whole else _item(path, folder, whole=True)
    title, told = document.get("title"), document.get("tags")
    tags = tuple(str(each) for each in told) if isinstance(told, list) else ()  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    about_one = "pupil" in document or "extends" in document or (not whole and _PUPIL.search(f"\n{text}") is not None)
    kind = "cohort" if is_cohort(text) else "path" if about_one else "case"
    return Item(str(path), title if isinstance(title, str) and title else path.name, tags, kind, shown)


def _head(text: str) -> str:
    """What stands over the first section."""
    first = _SECTION.search(f"\n{text}")
    return text[: first.start()] if first is not None else text


# They begin with a sign that is found fast, which the beginning of a line as such is not.
_SECTION = re.compile(r"\n[ \t]*\[")
_PUPIL = re.compile(r"\n[ \t]*\[[ \t]*pupil[ \t]*[\].]")


@frozen(eq=False)
class Glance:
    """What a file shows at a glance: a map or not, lines of a sign and a text, problems; and how its text begins."""

    title: str
    map: LineMap | None = None
    notes: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    begins: str = ""

    @property
    def beneath(self) -> tuple[tuple[str, str], ...]:
        """What stands under the map: what is wrong, and the map in words."""
        wrong = tuple(("✗", problem.told) for problem in self.problems)
        return wrong if self.map is None else (*wrong, ("", ""), ("▸", self.map.summary.strip().removeprefix("▸ ")))


def glance(item: Item, law: Lawbook, before: Played | None = None) -> Glance:
    """Read and play a file, of one with more scenarios the first; not again if that is what was played ``before``."""
    return evolve(_seen(item, law, before), begins=_starts(Path(item.file)).expandtabs())


def _seen(item: Item, law: Lawbook, before: Played | None) -> Glance:
    notes = [("", item.shown), ("#", ", ".join(item.tags))]
    if item.kind == "marks":
        return Glance(item.title, notes=(*_told(notes), ("", _("Marks: enter opens them on the exam screen."))))
    try:
        text = Path(item.file).read_text("utf-8")
        sources = read_all_from(text, item.file)
    except Problems as error:
        return Glance(item.title, notes=_told(notes), problems=error.problems)
    except (OSError, ValueError) as error:
        return Glance(item.title, notes=(*_told(notes), ("✗", _("cannot be read: {reason}").format(reason=error))))
    if not sources:
        return Glance(item.title, notes=(*_told(notes), ("", _("A cohort: enter opens it, 5 runs it."))))
    if len(sources) > 1:
        n = len(sources)
        notes.append(("", ngettext("{n} scenario in this file", "{n} scenarios in this file", n).format(n=n)))
    first = sources[0]
    if first.scenario.reason:
        notes.append(("…", _("in progress: {reason}").format(reason=first.scenario.reason)))
    if first.scenario.pupil is None:
        return Glance(item.title, notes=(*_told(notes), ("", _("It expects verdicts on sheets of marks: r runs it."))))
    try:
        drawn = _drawn(first, law, before)
    except Problems as error:
        return Glance(item.title, notes=_told(notes), problems=error.problems)
    return Glance(item.title, drawn, _told(notes))


def _drawn(source: Source, law: Lawbook, before: Played | None) -> LineMap:
    """The map of a scenario under a law. Raises Problems for what only the walk can show."""
    known = before.source if before is not None and not before.astray else None
    if before is not None and known is not None and known.variant.document == source.variant.document:
        return before.map
    played = play_source(source, law)
    return line_map(played.walk, played.without, played.law)


def _told(notes: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((sign, text) for sign, text in notes if text)


def faults(text: str, file: str) -> tuple[Problem, ...]:
    """Everything that is wrong with a text, by line."""
    try:
        read_all_from(text, file)
    except Problems as error:
        return error.problems
    return ()


@frozen
class Told:
    """A line of results: a role for its colour, the sign with its text, and the place that it leads to."""

    key: str
    sign: str
    text: str
    role: str
    file: str
    place: Place | None = None


_SIGNS = {
    Status.PASSED: ("✓", "yes"),
    Status.FAILED: ("✗", "no"),
    Status.WIP: ("…", "maybe"),
    Status.WIP_PASSED: ("✗", "no"),
    Status.UNUSABLE: ("✗", "no"),
}


def run_lines(ran: Ran) -> Iterator[Told]:
    """What became of a scenario, and under it each thing that is not as it should be, with its place."""
    status = status_of(ran)
    sign, role = _SIGNS[status]
    name = f"{ran.title or Path(ran.file).name}{f' [{ran.variant}]' if ran.variant else ''}"
    yield Told(ran.name, sign, name, role, ran.file, Place(ran.line, 1))
    for n, problem in enumerate(ran.problems):
        yield Told(f"{ran.name}/p{n}", "  ", problem.message, "", problem.file or ran.file, problem.place)
    if status is Status.WIP_PASSED:
        yield Told(f"{ran.name}/wip", "  ", passed_early_text(ran), "", ran.file, Place(ran.line, 1))
    if status is Status.FAILED:
        for n, judged in enumerate(ran.judged):
            if not judged.met:
                file, place = ran.places[n]
                yield Told(f"{ran.name}/e{n}", "  ", failure_text(judged), "", file, place)


def empty(folder: Path) -> str:
    """What is to be said of a folder without scenarios."""
    text = _("no scenarios in {folder}: n makes one, o opens a file that is elsewhere")
    return text.format(folder=short(folder))


def short(folder: Path) -> str:
    """A folder as people write it."""
    return f"~/{folder.relative_to(Path.home())}" if folder.is_relative_to(Path.home()) else str(folder)


def cut(text: str, width: int) -> str:
    """A text in a number of columns."""
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def runnable(items: Iterable[Item | None]) -> list[str]:
    """The files that can be run: a cohort has its own screen, and so have marks."""
    return [item.file for item in items if item is not None and item.kind not in ("marks", "cohort")]


def progress(n: int, of: int) -> list[tuple[str, str]]:
    """How many of the files were run, as a bar with roles."""
    share = n * _BAR // of
    told = _("{n} of {all}; esc stops").format(n=n, all=of)
    return [("█" * share + "░" * (_BAR - share), "walk"), (f" {told}", "")]


_BAR = 20


def said_of_text(wrong: int) -> Iterator[tuple[str, str]]:
    """What is said beneath a text with so many problems, with roles."""
    if wrong:
        yield "✗ ", "no"
        yield ngettext("{n} problem; F8 goes to it", "{n} problems; F8 goes to the next one", wrong).format(n=wrong), ""
    else:
        yield "✓ ", "yes"
        yield _("nothing is wrong with this text · esc leaves it · ctrl+s saves"), ""


def said_of_file(item: Item | None, read: Shelf | None) -> Iterator[tuple[str, str]]:
    """What is said beneath the library, of the file that is chosen; ``read`` once the folder is."""
    if item is not None:
        yield f"{_(KINDS[item.kind])} · {item.shown}", ""
    elif read is not None:
        yield _("nothing has all of these words; esc takes them back") if read.items else empty(read.folder), ""
