"""``trajectsim needed``: which marks a candidate still needs, to pass and for cum laude, and which resits do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from trajectsim.cli.codes import OK, UNUSABLE
from trajectsim.cli.options import format_option, json_line, json_text, language_option, show, spare, write
from trajectsim.cli.streams import tables
from trajectsim.errors import Problem, Problems
from trajectsim.reading import did_you_mean, quoted
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.exam.intake import Group, Taken
    from trajectsim.exam.needed import Goal
    from trajectsim.exam.sheets import Batch
    from trajectsim.exam.table import Rows
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.report.needed import Answer

GOALS = ("pass", "cum-laude", "both")

EXAMPLE = """\
trajectsim needed - <<END
candidate,level,exam,subject,role,se,ce,resit,rating,route
Sam,bb,2017,netl,common,6.4,,,,learn-work
Sam,bb,2017,zw,vocational,5.6,6.1,,,learn-work
END
"""
"""A whole exam of two subjects, the smallest there is, with one mark open."""


class _Command(click.Command):
    """A command with an example that stands at the left, so that it works when it is pasted."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("\n" + _("Example, to be pasted in a shell:") + "\n\n" + EXAMPLE)


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = _Command(
        "needed",
        callback=_needed,
        help=_(
            "Tell which marks are still needed: for each open central exam the least mark, for all together the least "
            "mean, and where the open marks can no longer do it, which resits would.\n\n"
            "A sheet is what the command verdict reads: a CSV table with a row a subject (- is standard input), the "
            "same as a Parquet file, or a TOML file of one candidate. A mark that is not there yet is left empty."
        ),
        short_help=_("Tell which marks are still needed."),
        params=[
            click.Argument(["sheet"], metavar="SHEET"),
            click.Option(["--candidate"], metavar="NAME", help=_("Only this candidate.")),
            click.Option(
                ["--goal"], type=click.Choice(GOALS), default="both", help=_("What the marks are needed for.")
            ),
            format_option(("text", "json", "jsonl", "csv")),
        ],
    )
    return language_option(made)


def _needed(sheet: str, candidate: str | None, goal: str, formats: list[tuple[str, str]]) -> int:
    from trajectsim.exam.needed import Goal
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.report.needed import NEEDED_HEADER, needed_csv, needed_data, needed_text

    goals = tuple(Goal) if goal == "both" else (Goal(goal),)
    try:
        spare([sheet], formats)
        answers, problems = _answers(sheet, candidate, goals, Lawbook.load())
        show(problems)
        if answers or not problems:
            write(
                formats,
                {
                    "text": lambda: "\n".join(map(needed_text, answers)),
                    "json": lambda: json_text(
                        {
                            "candidates": [needed_data(answer) for answer in answers],
                            "problems": [problem.data() for problem in problems],
                        }
                    ),
                    "jsonl": lambda: "".join(json_line(needed_data(answer)) for answer in answers),
                    "csv": lambda: NEEDED_HEADER + "".join(map(needed_csv, answers)),
                },
            )
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    return OK if answers else UNUSABLE


def _answers(
    sheet: str, candidate: str | None, goals: tuple[Goal, ...], law: Lawbook
) -> tuple[list[Answer], list[Problem]]:
    """The answers for the candidates of a sheet, in its order, and what is wrong with the others. Raises Problems."""
    from trajectsim.exam.intake import Intake

    intake = Intake(law)
    answers: list[Answer] = []
    problems: list[Problem] = []
    names: dict[str, None] = {}
    for rows in _tables(sheet):
        taken = intake.take(rows)
        again = [n for n, name in enumerate(taken.names) if name in names or name in taken.names[:n]]
        if again:
            taken = intake.take(rows, again)
        names |= dict.fromkeys(taken.names)
        problems += taken.problems
        answers += (_answer(group, n, goals, law) for group, n in _chosen(taken, candidate))
    if candidate is not None and candidate not in names:
        message = _("there is no candidate {name} on this sheet").format(name=quoted(candidate))
        raise click.UsageError(message + did_you_mean(candidate, list(names)))
    return answers, problems


def _chosen(taken: Taken, candidate: str | None) -> Iterator[tuple[Group, int]]:
    """The candidates that can be judged, in the order of the table; with a name, only those of that name."""
    found = ((where, group, n) for group in taken.groups for n, where in enumerate(group.where.tolist()))
    for _where, group, n in sorted(found, key=lambda each: each[0]):
        if candidate is None or group.names[n] == candidate:
            yield group, n


def _answer(group: Group, n: int, goals: tuple[Goal, ...], law: Lawbook) -> Answer:
    from trajectsim.exam.needed import falls_back, needs, resits_cite
    from trajectsim.exam.verdicts import judge_sheet
    from trajectsim.report.needed import Answer

    sheet = _own(group, n)
    verdict = judge_sheet(sheet, law)
    return Answer(
        group.names[n],
        verdict,
        {goal: needs(sheet, law, goal=goal) for goal in goals},
        resits_cite(law, sheet.layout),
        falls_back(law, sheet.layout),
        (*verdict.notes, *group.shapes[n].notes),
    )


def _own(group: Group, n: int) -> Batch:
    """The sheet of one candidate of a group, its subjects in its own order."""
    from attrs import evolve

    from trajectsim.exam.sheets import Batch

    shape, one = group.shapes[n], group.batch.take([n])
    rows = list(shape.back)
    layout = evolve(shape.layout, slots=tuple(shape.layout.slots[row] for row in rows))
    ratings = None if one.ratings is None else one.ratings[rows]
    return Batch(layout, {name: marks[rows] for name, marks in one.numbers.items()}, ratings, (group.names[n],))


def _tables(sheet: str) -> Iterator[Rows]:
    """The rows of a sheet, of a long one part by part. Raises Problems."""
    from trajectsim.exam.chunks import Chunk
    from trajectsim.exam.table import rows_of

    return (rows_of(piece) if isinstance(piece, Chunk) else piece for piece in tables(sheet))
