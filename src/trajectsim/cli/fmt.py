"""``trajectsim fmt``: an even layout for scenarios; comments and order stay."""

from __future__ import annotations

from pathlib import Path

import click

from trajectsim.cli.codes import FAILED, OK, UNUSABLE
from trajectsim.cli.options import language_option, show
from trajectsim.errors import Problems
from trajectsim.reading import read_text
from trajectsim.scenario.read import find
from trajectsim.words import _, ngettext


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "fmt",
        callback=_fmt,
        help=_("Give scenarios (files or folders) an even layout. Comments and order stay as they are."),
        short_help=_("Give scenarios an even layout."),
        params=[
            click.Argument(["paths"], nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path)),
            click.Option(["--check"], is_flag=True, help=_("Write nothing; exit 1 when something would change.")),
        ],
    )
    return language_option(made)


def _fmt(paths: tuple[Path, ...], check: bool) -> int:
    from trajectsim.scenario.mend import formatted
    from trajectsim.writing import write_file

    files, problems = find(paths)
    changed = 0
    for file in files:
        try:
            text = read_text(file)
            new = formatted(text, str(file))
            if new != text:
                changed += 1
                click.echo(str(file))
                if not check:
                    write_file(file, new)
        except Problems as error:
            problems.extend(error.problems)
    show(problems)
    told = ngettext("{n} file changed", "{n} files changed", changed)
    if check:
        told = ngettext("{n} file would change", "{n} files would change", changed)
    click.echo(told.format(n=changed), err=True)
    if problems:
        return UNUSABLE
    return FAILED if check and changed else OK
