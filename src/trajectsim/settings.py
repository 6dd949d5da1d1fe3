"""What a person wants of trajectsim on this machine: a file in the folder for configuration of the system.

    ``file()``        where it is, whether it is there or not
    ``read()``        -> Settings and everything that is wrong with the file; a value that is wrong counts as not given
    ``language()``    only the language, read at the start of every command

The file is TOML; without one everything is as in ``TABLE``. What is remembered and not chosen (recent files, work that
was not saved) lies in the folder for state, see ``state_folder``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trajectsim.words import LANGUAGES, N_, _

if TYPE_CHECKING:
    from trajectsim.errors import Problem

APP = "trajectsim"
FILE = "config.toml"
THEMES = ("dark", "light", "contrast", "contrast-light", "safe", "safe-light")
AUTO = "auto"


class Settings(dict[str, Any]):
    """The values by key, all of them."""

    @property
    def theme(self) -> str:
        return self["theme"]

    @property
    def autosave(self) -> bool:
        return self["autosave"]

    @property
    def folder(self) -> Path | None:
        """The folder of the library, when one was chosen."""
        from trajectsim.reading import path_of

        return path_of(self["folder"]) if self["folder"] else None


def _one_of(*values: str) -> Callable[[Any], str]:
    return lambda value: "" if value in values else _("expected one of: {values}").format(values=", ".join(values))


def _yes_or_no(value: Any) -> str:
    return "" if isinstance(value, bool) else _("expected true or false")


def _folder(value: Any) -> str:
    if not isinstance(value, str):
        return _("expected the path of a folder, in quotes")
    from trajectsim.reading import path_of

    return "" if not value or os.path.isdir(path_of(value)) else _("there is no such folder")


TABLE: dict[str, tuple[Any, str, Callable[[Any], str]]] = {
    "language": (AUTO, N_("the language: nl, en, or auto: that of the locale"), _one_of(AUTO, *LANGUAGES)),
    "theme": ("dark", N_("the colours of the screens"), _one_of(*THEMES)),
    "autosave": (True, N_("whether work that is not saved is kept, to be offered after a crash"), _yes_or_no),
    "folder": ("", N_("the folder of the library of scenarios; empty: the one that trajectsim is started in"), _folder),
}
"""By key: the value when none is given, what it is for, and what is wrong with a value."""


def file() -> Path:
    """The file of settings."""
    if sys.platform == "linux":  # what platformdirs says there, without loading it at the start of every command
        named = os.environ.get("XDG_CONFIG_HOME", "").strip()
        return Path(named or os.path.expanduser("~/.config")) / APP / FILE
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / FILE


def state_folder() -> Path:
    """The folder for what is remembered."""
    from platformdirs import user_state_path

    return user_state_path(APP, appauthor=False)


def language() -> str:
    """The language that is asked for in the file; empty when none is, or when the file cannot be read."""
    try:
        text = file().read_text("utf-8")
    except (OSError, UnicodeDecodeError, RuntimeError):
        return ""
    import tomllib

    try:
        asked = tomllib.loads(text).get("language")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return ""
    return asked if asked in LANGUAGES else ""


def read() -> tuple[Settings, tuple[Problem, ...]]:
    """The settings, and what is wrong with the file, located."""
    from trajectsim.errors import Problem, Problems, nearest
    from trajectsim.reading import located, parse, quoted, read_text

    values = Settings({key: default for key, (default, _about, _wrong) in TABLE.items()})
    path = file()
    if not os.path.exists(path):
        return values, ()
    try:
        text = read_text(path)
        document = parse(text, str(path))
    except Problems as found:
        return values, found.problems
    problems: list[Problem] = []
    for key, value in document.items():
        if key not in TABLE:
            near = nearest(key, TABLE)
            hint = _("did you mean {name}?").format(name=quoted(near)) if near else ""
            hint = hint or _("there are: {names}").format(names=", ".join(TABLE))
            message = _("unknown setting {name}").format(name=quoted(key))
            problems.append(Problem("S101", message, at=(key,), on_key=True, hint=hint))
        elif wrong := TABLE[key][2](value):
            problems.append(Problem("S103", wrong, at=(key,)))
        else:
            values[key] = value
    return values, located(problems, text, str(path)) if problems else ()


def written() -> str:
    """A file of settings to begin with: every key with what it is for, as it is without the file."""
    lines = ["# " + _("Settings of trajectsim; trajectsim config shows and checks them.")]
    for key, (default, about, _wrong) in TABLE.items():
        shown = {True: "true", False: "false"}.get(default, f'"{default}"')
        lines += ["", f"# {_(about)}", f"{key} = {shown}"]
        if key == "theme":
            lines[-2] += f": {', '.join(THEMES)}"
    return "\n".join(lines) + "\n"
