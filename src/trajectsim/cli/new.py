"""``trajectsim new``: a scenario to begin with, by template, or by a few questions on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from trajectsim.cli.codes import OK, UNUSABLE
from trajectsim.cli.options import language_option, show
from trajectsim.errors import Problem, Problems
from trajectsim.scenario.templates import TEMPLATES, asked, begun, usual_birth
from trajectsim.scenario.values import EARLIEST_BIRTH
from trajectsim.words import _

SCHEMA = "schema/scenario.schema.json"


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "new",
        callback=_new,
        help=_("Write a scenario to begin with. On a terminal a few things are asked; --template asks nothing."),
        short_help=_("Write a scenario to begin with."),
        params=[
            click.Argument(["file"], metavar="FILE", type=click.Path(path_type=Path)),
            click.Option(["--template"], type=click.Choice(list(TEMPLATES)), help=_("What it begins as.")),
            click.Option(["--title"], help=_("Its title; else the name of the file.")),
            click.Option(["--born"], metavar="DATE", help=_("The date of birth, such as 2014-03-12.")),
        ],
    )
    return language_option(made)


def _new(file: Path, template: str | None, title: str | None, born: str | None) -> int:
    from trajectsim.scenario.read import read_any_from
    from trajectsim.writing import write_file

    usual = usual_birth(date.today())
    first = next(iter(TEMPLATES))
    try:
        if file.exists():
            raise Problems([Problem("S001", _("the file is there already"), str(file))])
        if template is None and sys.stdin.isatty():
            template = click.prompt(_("Begin as"), type=click.Choice(list(TEMPLATES)), default=first)
            title = title or click.prompt(_("Title"), default=file.stem)
            if "born" in asked(str(template)):
                born = born or click.prompt(_("Date of birth"), default=usual, value_proc=_date)
        text = begun(template or first, title or file.stem, _date(born or usual))
        text = "".join(_schema_line(file)) + text
        read_any_from(text, str(file))
        write_file(file, text)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    click.echo(str(file))
    return OK


def _date(text: str) -> str:
    """A date of birth as it is typed. Raises BadParameter, which a question answers by asking again."""
    try:
        born = date.fromisoformat(text.strip())
    except ValueError:
        raise click.BadParameter(_("{text} is no date such as 2014-03-12").format(text=text)) from None
    if not EARLIEST_BIRTH <= born <= date.today():
        told = _("{text} is no date between {first} and today").format(text=text, first=EARLIEST_BIRTH)
        raise click.BadParameter(told)
    return born.isoformat()


def _schema_line(file: Path) -> Iterator[str]:
    """The line by which editors find the schema, where a folder above has it."""
    folder = file.resolve().parent
    for parent in (folder, *folder.parents):
        if (parent / SCHEMA).is_file():
            yield f"#:schema {Path(os.path.relpath(parent / SCHEMA, folder)).as_posix()}\n"
            return
