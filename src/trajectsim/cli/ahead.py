"""``trajectsim options``: what a pupil may do next, and what not, why, and when it would be."""

from __future__ import annotations

from pathlib import Path

import click

from trajectsim.calendar import SchoolYear
from trajectsim.cli import OK, UNUSABLE
from trajectsim.cli.options import SchoolYearType, format_option, json_text, language_option, show, step_in, write
from trajectsim.errors import Problems
from trajectsim.words import _


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "options",
        callback=_options,
        help=_(
            "Print every step that lies ahead in a school year: the lawful ones with their force and article, then the"
            " refused ones with what is missing, and in which years of law or with which measure they would be open."
        ),
        short_help=_("Print what a pupil may do next, and what not."),
        params=[
            click.Argument(["file"], metavar="FILE", type=click.Path(path_type=Path)),
            click.Option(
                ["--in", "year"],
                type=SchoolYearType(),
                metavar="YEAR",
                help=_("The school year; else the last one that the scenario chooses, acts or gives a result in."),
            ),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def _options(file: Path, year: SchoolYear | None, formats: list[tuple[str, str]]) -> int:
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.path.ahead import ahead, year_spoken_of
    from trajectsim.report.outlook import outlook_data, outlook_text
    from trajectsim.scenario.run import play_file

    try:
        walk = play_file(file, Lawbook.load()).walk
        if year is None:
            year = year_spoken_of(walk)
            said = _("{year} is the last year that the scenario speaks of; choose another with --in YEAR")
            click.echo(said.format(year=year), err=True)
        step = step_in(walk, year)
        outlook = ahead(step, step.after.law)
        write(formats, {"text": lambda: outlook_text(outlook), "json": lambda: json_text(outlook_data(outlook))})
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    return OK
