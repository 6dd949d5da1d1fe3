"""``trajectsim FILE``: the workbench in a terminal; without one, what it shows as text."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trajectsim.cli import COMMANDS, OK, UNUSABLE
from trajectsim.cli.explain import explain
from trajectsim.cli.options import language_option, show
from trajectsim.errors import Problems
from trajectsim.reading import did_you_mean, quoted
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.law.lawbook import Lawbook

SCENARIO = ".toml"


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "open",
        callback=_open,
        help=_("Open a scenario on the path screen, or marks (CSV, or one sheet as TOML) on the exam screen."),
        params=[
            click.Argument(["file"], metavar="FILE", type=click.Path(path_type=Path)),
            click.Option(["--plain"], is_flag=True, help=_("Print what the screen shows instead of opening it.")),
        ],
    )
    return language_option(made)


def _open(file: Path, plain: bool) -> int:
    near = did_you_mean(str(file), COMMANDS)
    if near and not file.exists():
        raise click.ClickException(_("{name} is no command and no file").format(name=quoted(str(file))) + near)
    streams = (sys.stdin, sys.stdout, sys.stderr)  # the screen is drawn on the last of them
    plain = plain or not all(stream.isatty() for stream in streams)
    marks = _has_marks(file)
    if plain and not marks:
        return explain(file, None, [("text", "")])
    from trajectsim.law.lawbook import Lawbook

    try:
        return _marks(file, plain, Lawbook.load()) if marks else _scenario(file, Lawbook.load())
    except Problems as error:
        show(error.problems)
        return UNUSABLE


def _has_marks(file: Path) -> bool:
    """Whether a file is not a scenario but marks: a table, or the sheet of one candidate, which names its subjects."""
    if file.suffix.lower() != SCENARIO:
        return True
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            return any(re.match(r"\s*\[\[\s*subject\s*\]\]", line) for line in stream)
    except OSError:
        return False


def _scenario(file: Path, law: Lawbook) -> int:
    from trajectsim.scenario.run import play_file
    from trajectsim.tui.app import run_workbench

    played = play_file(file, law)
    run_workbench(played.walk.plan, played.law, played.source.scenario.title)
    return OK


def _marks(file: Path, plain: bool, law: Lawbook) -> int:
    from trajectsim.tui.examsource import open_file

    opened = open_file(file, law)
    exam = opened.on(None, law)
    if not plain:
        from trajectsim.tui.app import run_workbench

        run_workbench(None, law, file.name, exam)
        return OK
    from trajectsim.tui.examplain import pages

    show(opened.work.problems)
    for n, page in enumerate(pages(exam)):
        click.echo(("\n" if n else "") + page, nl=False)
    return OK
