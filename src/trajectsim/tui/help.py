"""What can be done on a screen, in words: keys and signs; on the path screen also the chosen measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from trajectsim import settings
from trajectsim.report.linemap import LineMap
from trajectsim.tui.keys import Key
from trajectsim.tui.table import SCREENS
from trajectsim.tui.table import Entry as Row
from trajectsim.tui.viewmodel import MeasureRow, PathView
from trajectsim.words import N_, _

_BOXES = (
    ("[x]", N_("on; ◂ says that it is used or at work in this year")),
    ("[ ]", N_("off")),
    ("[-]", N_("off, and the law of this year does not know it")),
    ("[!]", N_("on, but the law of this year does not know it: it has no effect")),
)
_TREE = (
    ("✓", N_("holds, or can be done")),
    ("✗", N_("does not hold, or cannot be done")),
    ("?", N_("cannot be told from what is given")),
    ("~", N_("assumed, because it was not given")),
    ("§", N_("the article; A: read in the law, B: an official page, C: from memory")),
)

Entry = tuple[str, str]
"""A sign or a key with what it means; without a sign, a paragraph."""


Chapter = tuple[str, tuple[Entry, ...]]
"""A title and its entries."""


def help_text(view: PathView) -> Iterator[Chapter]:
    """The help of the path screen."""
    yield _("The chosen measure"), tuple(_measure(view.row))
    yield _("On the map"), _legend(view.map)
    yield _("Measures"), tuple((sign, _(text)) for sign, text in _BOXES)
    yield _("In the year"), tuple((sign, _(text)) for sign, text in _TREE)
    yield (
        _("Nothing is blocked"),
        (("", _("A step that is not lawful is marked and explained; the lawful ones stand in the year beneath it.")),),
    )


def _measure(row: MeasureRow) -> Iterator[Entry]:
    yield row.box, f"{row.label}: {row.state}"
    if not row.lawful:
        yield "", _("It can be turned on, but the law of this year does not know it: it will have no effect here.")
    yield from row.about


def _legend(drawn: LineMap) -> tuple[Entry, ...]:
    return drawn.legend()


_CELLS = (
    ("[6,5]", N_("the cell that is typed in")),
    ("___", N_("open: waits for a mark")),
    ("·", N_("a resit, an RV-toets or a cspe done again: need not be filled in")),
    ("–", N_("there is no such mark for this subject in this exam")),
    ("(5)", N_("a final mark that is left out of the result or ignored, because the candidate passes without it")),
    ("!", N_("a mark that this exam does not have, or has too many of; told above the verdict")),
    ("≥", N_("the least central exam mark, if the other open ones are as good as their school exam; ✗: no mark is")),
)
_SHEET = (
    (
        "",
        N_("Type the marks; the verdict turns as you type. What is not on the sheet is not judged, and that is said."),
    ),
    ("", N_("The marks stay on this computer. They are saved with s, and not by themselves.")),
)


def exam_help() -> Iterator[Chapter]:
    """The help of the exam screen."""
    yield _("The exam"), tuple((sign, _(text)) for sign, text in _SHEET)
    yield _("In the grid"), tuple((sign, _(text)) for sign, text in _CELLS)
    yield _("In the verdict"), tuple((sign, _(text)) for sign, text in _TREE)


_LIBRARY = (
    ("▸", N_("the file that is open")),
    ("●", N_("it has changes that are not saved")),
    ("✓", N_("what was run is as it is expected to be")),
    ("✗", N_("it is not, or there is something wrong with the file; enter goes to the place")),
    ("…", N_("it is in progress, and expected to fail")),
)


def library_help() -> Iterator[Chapter]:
    """The help of the screen of scenarios."""
    yield _("In the list"), tuple((sign, _(text)) for sign, text in _LIBRARY)
    where = _("It lists the folder that trajectsim is started in, or the one of the settings: folder in {file}")
    yield _("The folder"), (("", where.format(file=settings.file())),)


def keys_help(keys: Iterable[Key], idle: Mapping[str, str]) -> Chapter:
    """The keys of a screen. ``idle``: by action, why its key can do nothing now."""
    return _("Keys"), tuple((key.sign, _can(key, idle)) for key in keys)


def common_help(idle: Mapping[str, str]) -> Iterator[Chapter]:
    """What is so on every screen. ``idle``: by action, why its key can do nothing now."""
    yield _("The screens"), tuple((str(entry.number), _screen(entry, idle)) for entry in SCREENS)
    yield _("On every screen"), tuple(("", _(text)) for text in _EVERYWHERE)


_EVERYWHERE = (
    N_("With the mouse: click a key at the foot, a screen at the top, a year, a switch, a line."),
    N_("What is not saved has a ● at the top right. It is kept while you work, and asked for when you quit."),
)


def _can(key: Key, idle: Mapping[str, str]) -> str:
    """What a key does, and why it does nothing now."""
    return told(key.help, idle.get(key.action, ""))


def _screen(entry: Row, idle: Mapping[str, str]) -> str:
    return told(f"{entry.label}: {entry.help}", idle.get(entry.action, ""))


def told(help_: str, reason: str) -> str:
    """What can be done, and the reason why not now, where there is one."""
    return _("{help} — not now: {reason}").format(help=help_, reason=reason) if reason else help_
