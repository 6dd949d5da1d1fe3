"""``trajectsim options``: what a pupil may do next, and what not, why, and when it would be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trajectsim.calendar import SchoolYear
from trajectsim.cli.codes import OK
from trajectsim.cli.options import (
    format_option,
    json_text,
    language_option,
    of_scenario,
    scenario_argument,
    step_in,
    words_option,
    write,
    year_option,
)
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.scenario.run import Played


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
            scenario_argument(),
            words_option(),
            year_option(_("The school year; else the last one that the scenario chooses, acts or gives a result in.")),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def _options(file: Path, words: str | None, year: SchoolYear | None, formats: list[tuple[str, str]]) -> int:
    from trajectsim.path.ahead import ahead, year_spoken_of
    from trajectsim.report.outlook import outlook_data, outlook_text

    def answer(played: Played) -> int:
        spoken_of = year or year_spoken_of(played.walk)
        if year is None:
            said = _("{year} is the last year that the scenario speaks of; choose another with --in YEAR")
            click.echo(said.format(year=spoken_of), err=True)
        outlook = ahead(step_in(played.walk, spoken_of), played.law)
        write(formats, {"text": lambda: outlook_text(outlook), "json": lambda: json_text(outlook_data(outlook))})
        return OK

    return of_scenario(file, words, formats, answer)
