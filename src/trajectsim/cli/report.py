"""``trajectsim report``: a hand-out of a walk, for who the walk is about."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trajectsim.cli import OK, UNUSABLE
from trajectsim.cli.options import format_option, language_option, show, write
from trajectsim.errors import Problem, Problems
from trajectsim.words import _


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "report",
        callback=_report,
        help=_(
            "Make a hand-out of a scenario: the line map, each step with its article, what is law and what the school"
            " decides, the marks needed, what was assumed. HTML that prints on A4, Markdown, or the map alone (svg)."
            " The name and the date of birth of the pupil are in none of them."
        ),
        short_help=_("Make a hand-out of a walk, without a name."),
        params=[
            click.Argument(["file"], metavar="FILE", type=click.Path(path_type=Path)),
            format_option(("html", "md", "svg")),
        ],
    )
    return language_option(made)


def _report(file: Path, formats: list[tuple[str, str]]) -> int:
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.report.handout import handout
    from trajectsim.report.handoutpage import WRITERS
    from trajectsim.scenario.run import play_file

    try:
        _keeps(file, formats)
        played = play_file(file, Lawbook.load())
        made = handout(played.walk.plan, played.law, played.source.scenario.title)
        write(formats, {name: lambda writer=writer: writer(made) for name, writer in WRITERS.items()})
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    if ("html", "") in formats and sys.stdout.isatty():
        click.echo(_("This is a page for a browser: keep it in a file with --format html=hand-out.html"), err=True)
    return OK


def _keeps(file: Path, formats: list[tuple[str, str]]) -> None:
    """Raises Problems where the scenario itself would be written over."""
    for _name, target in formats:
        if target and Path(target).exists() and file.exists() and Path(target).samefile(file):
            message = _("is the scenario that the hand-out is made of")
            raise Problems([Problem("S001", message, target, hint=_("choose another name"))])
