"""``trajectsim compare``: two scenarios beside each other; or two laws over a folder of scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trajectsim.cli.codes import OK, UNUSABLE
from trajectsim.cli.options import Chosen, format_option, json_text, language_option, show, spare, write
from trajectsim.errors import Problem, Problems
from trajectsim.words import _, ngettext

if TYPE_CHECKING:
    from trajectsim.scenario.compare import Compared


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "compare",
        callback=_compare,
        help=_(
            "Say in which years two walks are not the same, and what decided in each. A and B are scenarios; with "
            "--over they are laws: a file with [[reform]], a school year to freeze, or the word law."
        ),
        short_help=_("Compare two scenarios, or two laws over a folder of scenarios."),
        params=[
            click.Argument(["one"], metavar="A"),
            click.Argument(["other"], metavar="B"),
            click.Option(
                ["--over", "paths"],
                multiple=True,
                metavar="PATH",
                type=click.Path(path_type=Path),
                help=_("Scenarios (files or folders) that are walked under both laws."),
            ),
            click.Option(
                ["-k", "words"],
                metavar="WORDS",
                help=_("Only scenarios whose name or title has all these words; of A and of B the first."),
            ),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def _compare(one: str, other: str, paths: tuple[Path, ...], words: str | None, formats: list[tuple[str, str]]) -> int:
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.scenario.compare import over, scenarios, side
    from trajectsim.scenario.read import find, read_any, walked

    law, chosen = Lawbook.load(), Chosen(words)
    try:
        files, nowhere = find(paths)
        if nowhere:
            raise Problems(nowhere)
        spare([one, other, *files], formats)
        if paths:
            found = list(over(files, side(one, law), side(other, law), chosen.takes))
            if not found and words:
                raise Problems([Problem("S001", _("no scenario here has these words"), str(path)) for path in paths])
            if not found:
                message = _("nothing walks here: these are cohorts, or sheets of marks alone")
                hint = _("name scenarios of a pupil")
                raise Problems([Problem("S001", message, str(path), hint=hint) for path in paths])
        else:
            one_, other_ = (walked(chosen.one(read_any(Path(file)), Path(file))) for file in (one, other))
            found = [scenarios(one_, other_, law)]
        writers = {
            "text": lambda: "".join(f"{line}\n" for line in _lines(found)),
            "json": lambda: json_text([_data(each) for each in found]),
        }
        write(formats, writers)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    changed = sum(bool(each.differences) for each in found)
    told = ngettext("{n} walk of {all} differs", "{n} walks of {all} differ", changed)
    click.echo(told.format(n=changed, all=len(found)), err=True)
    return OK


def _lines(found: Sequence[Compared]) -> Iterator[str]:
    """The walks that differ, a line for each thing that does."""
    for each in found:
        if not each.differences:
            continue
        yield f"{each.name}  {each.title}"
        for difference in each.differences:
            sides = [
                f"{value or '-'}" + (f" ({cite})" if cite else "")
                for value, cite in zip((difference.one, difference.other), difference.cites, strict=True)
            ]
            yield f"  {difference.year}  {difference.what}: {sides[0]} → {sides[1]}"


def _data(compared: Compared) -> dict[str, Any]:
    return {
        "scenario": compared.name,
        "title": compared.title,
        "differences": [
            {
                "year": str(each.year),
                "what": each.what,
                "a": each.one,
                "b": each.other,
                "cites": list(each.cites),
            }
            for each in compared.differences
        ],
    }
