"""``trajectsim routes``: every lawful way to a place, a diploma or an age, and what each hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trajectsim.calendar import SchoolYear
from trajectsim.cli.codes import OK
from trajectsim.cli.options import (
    Whole,
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
        "routes",
        callback=_routes,
        help=_(
            "Search every lawful route to a goal under the measures of a scenario: the earliest, which is "
            "the shortest, and all others of a bounded length, each with what it hangs on (schools that agree, "
            "results taken as sufficient, what is given, measures), and what each measure contributes. "
            "Choices of the scenario are not followed; where no route leads, the dead ends are named."
        ),
        short_help=_("Print every lawful route to a place, a diploma or an age."),
        params=[
            scenario_argument(),
            words_option(),
            click.Option(
                ["--to", "goal"],
                required=True,
                metavar="GOAL",
                help=_(
                    'A place ("ho/wo/1", or "ho/wo/*"), a diploma ("vwo"), a study ("geneeskunde") or an age ("18").'
                ),
            ),
            year_option(_("From the place where the scenario's own walk is in a school year; else from its start.")),
            click.Option(
                ["--max-years", "longest"],
                type=Whole(0, 40),
                metavar="N",
                help=_("Routes of at most so many school years; else of two more than the earliest takes."),
            ),
            click.Option(
                ["--repeats"],
                type=Whole(0, 10),
                default=0,
                metavar="N",
                help=_("How often a route may come to a place again; without it, never."),
            ),
            click.Option(
                ["--most"],
                type=Whole(1, 10000),
                default=25,
                metavar="N",
                help=_("How many routes are told, the shortest first; without it, 25."),
            ),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def _routes(
    file: Path,
    words: str | None,
    goal: str,
    year: SchoolYear | None,
    longest: int | None,
    repeats: int,
    most: int,
    formats: list[tuple[str, str]],
) -> int:
    from trajectsim.path.routes import goal_of, routes
    from trajectsim.reading import did_you_mean, quoted
    from trajectsim.report.routes import search_data, search_text

    def answer(played: Played) -> int:
        law, plan = played.law, played.walk.plan
        aim = goal_of(goal, law)
        if aim is None:
            known = [*law.diplomas, *law.studies, *(place.id for place in law.places())]
            message = _("{goal} is no place, diploma, study or age").format(goal=quoted(goal))
            raise click.UsageError(message + did_you_mean(goal, known))
        start = None if year is None else step_in(played.walk, year).state
        search = routes(plan, law, aim, start=start, longest=longest, repeats=repeats, most=most)
        writers = {
            "text": lambda: search_text(search, plan, law),
            "json": lambda: json_text(search_data(search, plan)),
        }
        write(formats, writers)
        return OK

    return of_scenario(file, words, formats, answer)
