"""``trajectsim report``: a hand-out of a walk, for who the walk is about."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trajectsim.cli.codes import OK
from trajectsim.cli.options import format_option, language_option, of_scenario, scenario_argument, words_option, write
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.scenario.run import Played


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
            scenario_argument(),
            words_option(),
            format_option(("html", "md", "svg")),
        ],
    )
    return language_option(made)


def _report(file: Path, words: str | None, formats: list[tuple[str, str]]) -> int:
    from trajectsim.report.handout import handout
    from trajectsim.report.handoutpage import WRITERS

    def answer(played: Played) -> int:
        made = handout(played.walk.plan, played.law, played.source.scenario.title)
        write(formats, {name: lambda writer=writer: writer(made) for name, writer in WRITERS.items()})
        if ("html", "") in formats and sys.stdout.isatty():
            click.echo(_("This is a page for a browser: keep it in a file with --format html=hand-out.html"), err=True)
        return OK

    return of_scenario(file, words, formats, answer)
