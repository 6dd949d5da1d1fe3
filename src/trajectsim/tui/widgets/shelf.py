"""The library as rows: what was opened lately and what is in the folder, with titles cut for the room there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trajectsim.tui.library import Item, Shelf, cut, found
from trajectsim.tui.widgets.rows import Row, row
from trajectsim.words import _

LATELY = 5
"""Files that were opened lately that are listed."""


def shelf_rows(shelf: Shelf, asked: str, is_open: Callable[[str], bool], width: int) -> list[Row]:
    """The files that have every word that is asked for; a row's key is its list and its file, the open one marked."""
    made: list[Row] = []
    for title, items in ((_("Opened lately"), shelf.recent[:LATELY]), (_("In this folder"), shelf.items)):
        some = found(items, asked)
        if some:
            made.append(row(f"head/{title}", [("\n" if made else "", ""), (title, "article")], enabled=False))
            made.extend(_row(f"{title}/{item.file}", item, is_open(item.file), width - 3) for item in some)
    return made


def _row(key: str, item: Item, here: bool, width: int) -> Row:
    parts = [("▸ " if here else "  ", "taken"), (cut(item.title, width - 2), "head" if here else "")]
    tags = " ".join(f"#{tag}" for tag in item.tags)
    parts.append((f"\n    {cut(f'{Path(item.file).name} {tags}', width - 4)}", "article"))
    return row(key, parts)
