"""Where the keys and values of a TOML text stand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from trajectsim.errors import Key, Place

Path = tuple[Key, ...]


class Positions:
    """The places of every key and value of a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._bytes = text.encode("utf-8")
        self._lines = self._bytes.split(b"\n")
        self._keys: dict[Path, Node] = {}
        self._values: dict[Path, Node] = {}
        self._tables: dict[Path, Node] = {}
        self._lengths: dict[Path, int] = {}
        root = Parser(Language(tree_sitter_toml.language())).parse(self._bytes).root_node
        for node in root.named_children:
            if node.type == "pair":
                self._pair((), node)
            elif node.type in ("table", "table_array_element"):
                self._table(node)

    def of(self, at: Path, *, on_key: bool = False) -> Place:
        """The place of a value, or of its key; of the nearest thing around it when it is not there."""
        for length in range(len(at), 0, -1):
            path = at[:length]
            first, second = (self._keys, self._values) if on_key else (self._values, self._keys)
            node = first.get(path) or second.get(path)
            if node is not None:
                return self._place(node)
        return Place(1, 1)

    def value_text(self, at: Path) -> str | None:
        """The text of a value as it stands in the file, or None for a table that is written as a header."""
        node = self._values.get(at)
        return None if node is None or node.text is None else node.text.decode("utf-8")

    def span(self, at: Path) -> tuple[int, int] | None:
        """Where the text of a value begins and ends, in bytes; None for a table that is written as a header."""
        node = self._values.get(at)
        return None if node is None else (node.start_byte, node.end_byte)

    def key_span(self, at: Path) -> tuple[int, int] | None:
        """The same for the last part of its key."""
        node = self._keys.get(at)
        return None if node is None else (node.start_byte, node.end_byte)

    def table_span(self, at: Path) -> tuple[int, int] | None:
        """Where the header of a table begins and its last value ends, in bytes; None when it has no header."""
        node = self._tables.get(at)
        if node is None:
            return None
        pairs = [child for child in node.named_children if child.type == "pair"]
        closing = next(child for child in reversed(node.children) if child.type in ("]", "]]"))
        return node.start_byte, (pairs[-1] if pairs else closing).end_byte

    def header_of(self, name: str) -> int | None:
        """Where the first header begins of a table or an array of that name, or of one in it, in bytes."""
        return min((node.start_byte for at, node in self._tables.items() if at[0] == name), default=None)

    def __iter__(self) -> Iterator[Path]:
        return iter(self._values)

    def _place(self, node: Node) -> Place:
        row, column = node.start_point
        line = self._lines[row]
        before = line[:column].decode("utf-8", "replace")
        end = node.end_point[1] if node.end_point[0] == row else len(line)
        width = len(line[column:end].decode("utf-8", "replace").rstrip("\r"))
        return Place(row + 1, len(before) + 1, max(width, 1))

    def _table(self, node: Node) -> None:
        names = list(_key_parts(next(child for child in node.named_children if child.type != "comment")))
        path: Path = ()
        for name, part in names[:-1]:
            path = self._inside((*path, name), part)
        name, part = names[-1]
        path = (*path, name)
        self._keys.setdefault(path, part)
        if node.type == "table_array_element":
            index = self._lengths[path] = self._lengths.get(path, -1) + 1
            path = (*path, index)
            self._keys[path] = part
        self._tables[path] = node
        for child in node.named_children:
            if child.type == "pair":
                self._pair(path, child)

    def _inside(self, path: Path, part: Node) -> Path:
        self._keys.setdefault(path, part)
        return (*path, self._lengths[path]) if path in self._lengths else path

    def _pair(self, path: Path, node: Node) -> None:
        key, value = (child for child in node.named_children if child.type != "comment")
        for name, part in _key_parts(key):
            path = (*path, name)
            self._keys.setdefault(path, part)
        self._value(path, value)

    def _value(self, path: Path, node: Node) -> None:
        self._values[path] = node
        if node.type == "array":
            elements = [child for child in node.named_children if child.type != "comment"]
            for index, child in enumerate(elements):
                self._value((*path, index), child)
        elif node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._pair(path, child)


def _key_parts(node: Node) -> Iterator[tuple[str, Node]]:
    if node.type == "dotted_key":
        for child in node.named_children:
            yield from _key_parts(child)
    elif node.text is not None:
        text = node.text.decode("utf-8")
        yield (text if node.type == "bare_key" else tomllib.loads(f"key = {text}")["key"]), node
