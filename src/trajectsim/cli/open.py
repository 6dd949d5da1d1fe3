"""``trajectsim FILE``: the workbench in a terminal; without one, what it shows as text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trajectsim.cli import COMMANDS
from trajectsim.cli.codes import INTERNAL, OK, UNUSABLE
from trajectsim.cli.fitting import on_terminal
from trajectsim.cli.options import language_option, show
from trajectsim.errors import Problems
from trajectsim.reading import did_you_mean, quoted
from trajectsim.tui.table import BY_ID, SCREENS, Entry
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.tui.state import State


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "open",
        callback=_open,
        help=_("Open a scenario on the path screen, or marks (CSV, or one sheet as TOML) on the exam screen."),
        params=[
            click.Argument(["file"], metavar="[FILE]", required=False, type=click.Path(path_type=Path)),
            click.Option(["--plain"], is_flag=True, help=_("Print what a screen shows instead of opening it.")),
            click.Option(
                ["--screen", "screen"],
                metavar=_("NUMBER"),
                callback=_screen,
                help=_("Which screen: {screens}.").format(screens=_screens()),
            ),
        ],
    )
    return language_option(made)


def _screens() -> str:
    return ", ".join(f"{entry.number} {entry.label}" for entry in SCREENS)


def _screen(_ctx: click.Context, param: click.Parameter, value: str | None) -> Entry | None:
    """The screen of a number, an id or a name."""
    if value is None:
        return None
    for entry in SCREENS:
        if value.lower() in (str(entry.number), entry.id, entry.label.lower()):
            return entry
    raise click.BadParameter(_("{text} is no screen; there are: {screens}").format(text=value, screens=_screens()))


def _open(file: Path | None, plain: bool, screen: Entry | None) -> int:
    near = did_you_mean(str(file), COMMANDS) if file is not None else ""
    if file is not None and near and not file.exists():
        raise click.ClickException(_("{name} is no command and no file").format(name=quoted(str(file))) + near)
    streams = (sys.stdin, sys.stdout, sys.stderr)  # the screen is drawn on the last of them
    plain = plain or not all(stream.isatty() for stream in streams)
    try:
        state = state_of(file)
        if plain:
            return _plain(state, screen)
        from trajectsim.tui.app import run_workbench

        if not run_workbench(state, screen.id if screen else ""):
            return INTERNAL
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    return OK


def state_of(file: Path | None) -> State:
    """What the workbench begins with. Raises Problems."""
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.tui.state import State

    law = Lawbook.load()
    return State.of(None, law) if file is None else State.opened(file, law)


def _plain(state: State, screen: Entry | None) -> int:
    """Print a screen, or say why it cannot be shown. Raises Problems."""
    if screen is None:
        screen = BY_ID[state.first if state.document is None else "path"]
    if state.exam is not None:
        show(state.exam.work.problems)
    if state.problems and screen.needs:
        raise Problems(state.problems)
    reason = state.lacks(screen)
    if reason:
        click.echo(reason, err=True)
        return UNUSABLE
    for line in screen.made(screen.plain)(state):
        click.echo(on_terminal(line))
    return OK
