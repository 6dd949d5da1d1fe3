"""``trajectsim check``: read scenarios and say everything that is wrong with them, without playing them."""

from __future__ import annotations

from pathlib import Path

import click

from trajectsim.cli.codes import OK, UNUSABLE
from trajectsim.cli.options import format_option, json_text, language_option, show, spare, write
from trajectsim.errors import Problem, Problems
from trajectsim.scenario.read import find, read_any, unexpected
from trajectsim.words import _, ngettext


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "check",
        callback=_check,
        help=_("Say everything that is wrong with scenarios (files or folders), without playing them."),
        short_help=_("Say what is wrong with scenarios, without playing them."),
        params=[
            click.Argument(["paths"], nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path)),
            click.Option(
                ["--fix"], is_flag=True, help=_("Mend what has one safe fix: names with wrong hyphens or capitals.")
            ),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def _check(paths: tuple[Path, ...], fix: bool, formats: list[tuple[str, str]]) -> int:
    files, problems = find(paths)
    try:
        spare(files, formats)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    for file in files:
        found = _problems(file)
        if fix and any(problem.fix for problem in found):
            from trajectsim.scenario.mend import mend  # only where there is something to mend

            mended = sum(mend(Path(name), found) for name in sorted({problem.file for problem in found}))
            click.echo(ngettext("{n} name mended", "{n} names mended", mended).format(n=mended), err=True)
            found = _problems(file)
        problems.extend(found)
    writers = {
        "text": lambda: "".join(f"{problem}\n" for problem in problems),
        "json": lambda: json_text([problem.data() for problem in problems]),
    }
    try:
        write(formats, writers)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    right = ngettext("{n} scenario checked", "{n} scenarios checked", len(files)).format(n=len(files))
    wrong = ngettext("{n} problem", "{n} problems", len(problems)).format(n=len(problems))
    click.echo(f"{right}, {wrong}", err=True)
    return UNUSABLE if problems else OK


def _problems(file: Path) -> tuple[Problem, ...]:
    """What is wrong with a file, apart from what it expects to be wrong."""
    try:
        sources = read_any(file)
    except Problems as found:
        return tuple(unexpected(file, found.problems))
    return tuple(unexpected(file, ())) if any(source.scenario.expect.problem for source in sources) else ()
