"""Completes the path of a file while it is typed."""

from __future__ import annotations

from textual.suggester import Suggester

from trajectsim.reading import path_of

ENDINGS = (".csv", ".toml", ".tsv", ".txt")


class Files(Suggester):
    """Suggests the first folder or table of marks whose name begins with what is typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        head, slash, tail = value.rpartition("/")
        folder = path_of(head + slash or ".")
        try:
            names = sorted((path.name, path.is_dir()) for path in folder.iterdir() if path.name.startswith(tail))
        except (OSError, ValueError):
            return None
        fitting = (name + "/" if is_dir else name for name, is_dir in names if is_dir or name.lower().endswith(ENDINGS))
        found = next((name for name in fitting if tail or not name.startswith(".")), None)
        return f"{head}{slash}{found}" if found else None
