"""``trajectsim config``: show the settings and check their file."""

from __future__ import annotations

from typing import Any

import click

from trajectsim import settings
from trajectsim.cli.codes import OK, UNUSABLE
from trajectsim.cli.options import format_option, json_text, language_option, show, write
from trajectsim.errors import Problem, Problems
from trajectsim.words import _


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "config",
        callback=_config,
        help=_("Show the settings and where they come from, and say everything that is wrong with their file."),
        short_help=_("Show and check the settings."),
        params=[
            click.Option(["--path"], is_flag=True, help=_("Print only where the file of settings is.")),
            click.Option(["--init"], is_flag=True, help=_("Write a file of settings to begin with.")),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def _config(path: bool, init: bool, formats: list[tuple[str, str]]) -> int:
    file = settings.file()
    if path:
        click.echo(str(file))
        return OK
    if init:
        return _init()
    values, problems = settings.read()
    own = _own() if not problems or file.exists() else set[str]()
    try:
        write(formats, {"text": lambda: _text(values, own), "json": lambda: json_text(_data(values, own, problems))})
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    show(problems)
    return UNUSABLE if problems else OK


def _init() -> int:
    from trajectsim.writing import write_file

    file = settings.file()
    try:
        if file.exists():
            hint = _("trajectsim config shows and checks it")
            raise Problems([Problem("S001", _("the file is there already"), str(file), hint=hint)])
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            message = _("cannot be written: {reason}").format(reason=reason)
            raise Problems([Problem("S001", message, str(file.parent))]) from None
        write_file(file, settings.written())
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    click.echo(str(file))
    return OK


def _own() -> set[str]:
    """The keys that the file gives."""
    from trajectsim.reading import parse, read_text

    try:
        return set(parse(read_text(settings.file()), ""))
    except Problems:
        return set()


def _text(values: settings.Settings, own: set[str]) -> str:
    file = settings.file()
    lines = [str(file) if file.exists() else _("{file} (not there; --init writes one)").format(file=file), ""]
    width = max(map(len, values))
    shown = {key: _shown(value) for key, value in values.items()}
    wide = max(map(len, shown.values()))
    for key, (_default, about, _wrong) in settings.TABLE.items():
        given = "" if key in own else " " + _("(not given)")
        lines.append(f"{key:<{width}} = {shown[key]:<{wide}}  {_(about)}{given}")
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, f'"{value}"')


def _data(values: settings.Settings, own: set[str], problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "file": str(settings.file()),
        "settings": {key: {"value": value, "given": key in own} for key, value in values.items()},
        "problems": [problem.data() for problem in problems],
    }
