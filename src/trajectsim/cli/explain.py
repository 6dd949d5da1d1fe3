"""``trajectsim explain``: a walk, year by year, with the article behind every step."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trajectsim.calendar import SchoolYear
from trajectsim.cli.codes import FAILED, INTERRUPTED, OK
from trajectsim.cli.long import Progress, interrupted
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
from trajectsim.errors import Problem, Problems
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.scenario.run import Played

FUTURES, MOST_FUTURES = 1000, 100_000


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "explain",
        callback=explain,
        help=_("Print the walk of a scenario: the line map, each step with its article, what was assumed."),
        short_help=_("Print a walk, each step with its article."),
        params=[
            scenario_argument(),
            words_option(),
            year_option(_("Only this school year: every move, act and measure with its verdict.")),
            click.Option(
                ["--audit", "audited"],
                is_flag=True,
                help=_("Check the walk anew, step by step, against the law; exit code 1 where it does not hold."),
            ),
            click.Option(
                ["--fan", "futures"],
                is_flag=False,
                flag_value=str(FUTURES),
                type=Whole(1, MOST_FUTURES),
                metavar="N",
                help=_(
                    "Her drawn futures in the place of the walk, {n} where no number is named: shares with bands. A "
                    "distribution, and no advice about a child."
                ).format(n=FUTURES),
            ),
            click.Option(["--seed"], type=Whole(0), default=1, metavar="N", help=_("Of --fan: another luck.")),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def explain(
    file: Path,
    words: str | None,
    year: SchoolYear | None,
    futures: int | None,
    seed: int,
    formats: list[tuple[str, str]],
    audited: bool,
) -> int:
    """Print a walk, one year of it, its audit, or a fan of futures."""
    from trajectsim.report.plain import step_data, walk_data
    from trajectsim.report.text import walk_text, year_text

    if sum((futures is not None, audited, year is not None)) > 1:
        raise click.UsageError(_("--in, --audit and --fan each stand alone"))

    def answer(played: Played) -> int:
        if futures is not None:
            return _fan(played, str(file), futures, seed, formats)
        if audited:
            return _audit(played, formats)
        if year is None:
            text, data = partial(walk_text, played, played.law), partial(walk_data, played)
        else:
            step = step_in(played.walk, year)
            text, data = partial(year_text, step, played.law, played.walk), partial(step_data, step, played.walk)
        write(formats, {"text": text, "json": lambda: json_text(data())})
        return OK

    return of_scenario(file, words, formats, answer)


def _audit(played: Played, formats: list[tuple[str, str]]) -> int:
    from trajectsim.path.audit import audit
    from trajectsim.report.audit import audit_data, audit_text

    found = audit(played.walk, played.law)
    write(
        formats,
        {"text": lambda: audit_text(played.walk, found), "json": lambda: json_text(audit_data(played.walk, found))},
    )
    return FAILED if found else OK


def _fan(played: Played, file: str, futures: int, seed: int, formats: list[tuple[str, str]]) -> int:
    """Raises Problems. A fan that is stopped is told as far as it was played."""
    from trajectsim.cohort.fan import Unfit, fan
    from trajectsim.report.fan import fan_data, fan_text

    progress = Progress()
    title = played.source.scenario.title
    try:
        with interrupted(progress) as stop:
            found = fan(played.walk.plan, played.law, futures, seed, progress, stop)
    except Unfit:
        hint = _("give one: ability = { language = 0.5, maths-science = 0.5 }")
        message = _("futures are drawn of a pupil whose [pupil] ability is given")
        raise Problems([Problem("S207", message, file, hint=hint)]) from None
    progress.end()
    write(
        formats,
        {"text": lambda: fan_text(title, found, played.law), "json": lambda: json_text(fan_data(title, found))},
    )
    return OK if found.futures == futures else INTERRUPTED
