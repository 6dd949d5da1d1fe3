"""``trajectsim schema``: the format of a scenario as a JSON schema."""

from __future__ import annotations

import click

from trajectsim.cli.codes import OK
from trajectsim.cli.options import language_option
from trajectsim.words import _


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "schema",
        callback=_schema,
        help=_("Print the JSON schema of scenarios, for editors and linters: the first line of a scenario names it."),
        short_help=_("Print the JSON schema of scenarios."),
    )
    return language_option(made)


def _schema() -> int:
    from trajectsim.scenario.schema import schema_text

    click.echo(schema_text(), nl=False)
    return OK
