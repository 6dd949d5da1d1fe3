"""``trajectsim FILE``: the workbench in a terminal; without one, the walk as ``explain`` prints it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trajectsim.cli import COMMANDS, OK, UNUSABLE
from trajectsim.cli.explain import explain
from trajectsim.cli.options import language_option, show
from trajectsim.errors import Problems
from trajectsim.reading import did_you_mean, quoted
from trajectsim.words import _


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "open",
        callback=_open,
        params=[
            click.Argument(["file"], metavar="FILE", type=click.Path(path_type=Path)),
            click.Option(["--plain"], is_flag=True, help=_("Print the walk instead of opening the screen.")),
        ],
    )
    return language_option(made)


def _open(file: Path, plain: bool) -> int:
    near = did_you_mean(str(file), COMMANDS)
    if near and not file.exists():
        raise click.ClickException(_("{name} is no command and no file").format(name=quoted(str(file))) + near)
    streams = (sys.stdin, sys.stdout, sys.stderr)  # the screen is drawn on the last of them
    if plain or not all(stream.isatty() for stream in streams):
        return explain(file, None, [("text", "")])
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.scenario.run import play_file
    from trajectsim.tui.app import run_workbench

    try:
        played = play_file(file, Lawbook.load())
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    run_workbench(played.walk.plan, played.law, played.source.scenario.title)
    return OK
