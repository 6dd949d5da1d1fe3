"""``trajectsim law``: the rules, with their versions, articles and confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from trajectsim.calendar import SchoolYear
from trajectsim.cli.codes import OK
from trajectsim.cli.options import SchoolYearType, format_option, json_text, language_option, write
from trajectsim.reading import did_you_mean, quoted
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.law.lawbook import Lawbook


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "law",
        callback=_law,
        help=_("Show a rule with its versions, articles and confidence; without an ID, list the rules."),
        short_help=_("Show the rules of the law."),
        params=[
            click.Argument(["rule_id"], metavar="[ID]", required=False),
            click.Option(
                ["--at", "year"], type=SchoolYearType(), metavar="YEAR", help=_("Only what answers in a year.")
            ),
            click.Option(
                ["--changes", "years"],
                type=(SchoolYearType(), SchoolYearType()),
                metavar="YEAR YEAR",
                help=_("The rules that differ between two years; a renumbered article is no change."),
            ),
            click.Option(
                ["--measures"],
                is_flag=True,
                help=_("The measures of the progress report of 2015: announced, in law, and lawful in a year."),
            ),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def _law(
    rule_id: str | None,
    year: SchoolYear | None,
    years: tuple[SchoolYear, SchoolYear] | None,
    measures: bool,
    formats: list[tuple[str, str]],
) -> int:
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.report.plain import rule_data
    from trajectsim.report.rules import changes_text, rule_list, rule_text

    law = Lawbook.load()
    if measures:
        return _measures(law, rule_id, year, years, formats)
    if years is not None:
        if rule_id is not None or year is not None:
            raise click.UsageError(_("--changes stands alone"))
        changed = law.changes(*years)
        text = changes_text(law, changed, *years)
        write(formats, {"text": lambda: text, "json": lambda: json_text(changed)})
        return OK
    if rule_id is None:
        if year is not None:
            raise click.UsageError(_("--at goes with an ID or with --measures"))
        rules = [rule_data(rule, law, year) for rule in law.rules()]
        write(formats, {"text": lambda: rule_list(law), "json": lambda: json_text(rules)})
        return OK
    rule = law.rule(rule_id)
    if rule is None:
        near = did_you_mean(rule_id, [each.id for each in law.rules()])
        raise click.UsageError(_("unknown rule {name}").format(name=quoted(rule_id)) + near)
    write(
        formats,
        {"text": lambda: rule_text(rule, law, year), "json": lambda: json_text(rule_data(rule, law, year))},
    )
    return OK


def _measures(
    law: Lawbook,
    rule_id: str | None,
    year: SchoolYear | None,
    years: tuple[SchoolYear, SchoolYear] | None,
    formats: list[tuple[str, str]],
) -> int:
    """The table of the report, in a year or in the last that is known."""
    if rule_id is not None or years is not None:
        raise click.UsageError(_("--measures stands alone, or with --at"))
    from trajectsim.report.measures import measures_data, measures_table

    asked = year or SchoolYear(law.known.last or 0)
    write(
        formats,
        {"text": lambda: measures_table(law, asked), "json": lambda: json_text(measures_data(law, asked))},
    )
    return OK
