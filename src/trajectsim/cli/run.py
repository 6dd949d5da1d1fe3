"""``trajectsim run``: play scenarios and hold their expectations against the walks."""

from __future__ import annotations

from pathlib import Path

import click

from trajectsim.cli import FAILED, OK, UNUSABLE
from trajectsim.cli.options import format_option, json_text, language_option, show, write
from trajectsim.errors import Problems
from trajectsim.scenario.read import find
from trajectsim.words import _, ngettext


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "run",
        callback=_run,
        help=_("Play scenarios (files or folders) and judge what they expect. One line a scenario."),
        short_help=_("Play scenarios and judge what they expect."),
        params=[
            click.Argument(["paths"], nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path)),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def _run(paths: tuple[Path, ...], formats: list[tuple[str, str]]) -> int:
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.report.plain import run_data
    from trajectsim.report.text import run_lines
    from trajectsim.scenario.run import Ran, run_file

    files, nowhere = find(paths)
    show(nowhere)
    law = Lawbook.load()
    runs: list[Ran] = [run_file(file, law) for file in files]
    for ran in runs:
        show(ran.problems)
    writers = {
        "text": lambda: "".join(f"{line}\n" for ran in runs if not ran.problems for line in run_lines(ran)),
        "json": lambda: json_text(run_data(runs)),
    }
    try:
        write(formats, writers)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    unusable = sum(bool(ran.problems) for ran in runs)
    failed = sum(not ran.passed for ran in runs) - unusable
    passed = len(runs) - failed - unusable
    summary = [ngettext("{n} scenario passed", "{n} scenarios passed", passed).format(n=passed)]
    summary += [_("{n} failed").format(n=failed)] if failed else []
    summary += [_("{n} unusable").format(n=unusable)] if unusable else []
    click.echo(", ".join(summary), err=True)
    if unusable or nowhere:
        return UNUSABLE
    return FAILED if failed else OK
