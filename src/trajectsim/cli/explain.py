"""``trajectsim explain``: a walk, year by year, with the article behind every step."""

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
        "explain",
        callback=explain,
        help=_("Print the walk of a scenario: the line map, each step with its article, what was assumed."),
        short_help=_("Print a walk, each step with its article."),
        params=[
            click.Argument(["file"], metavar="FILE", type=click.Path(path_type=Path)),
            click.Option(
                ["--in", "year"],
                type=SchoolYearType(),
                metavar="YEAR",
                help=_("Only this school year: every move, act and measure with its verdict."),
            ),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def explain(file: Path, year: SchoolYear | None, formats: list[tuple[str, str]]) -> int:
    """Print a walk, or one year of it."""
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.report.plain import step_data, walk_data
    from trajectsim.report.text import walk_text, year_text
    from trajectsim.scenario.run import play_file

    try:
        played = play_file(file, Lawbook.load())
        if year is None:
            write(
                formats, {"text": lambda: walk_text(played, played.law), "json": lambda: json_text(walk_data(played))}
            )
            return OK
        step = step_in(played.walk, year)
        write(formats, {"text": lambda: year_text(step, played.law), "json": lambda: json_text(step_data(step))})
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    return OK
