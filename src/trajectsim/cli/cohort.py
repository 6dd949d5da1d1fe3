"""``trajectsim cohort``: policies side by side on a whole birth cohort."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve

from trajectsim.cli.codes import INTERRUPTED, OK, UNUSABLE
from trajectsim.cli.long import Progress, interrupted
from trajectsim.cli.options import (
    Chosen,
    Whole,
    format_option,
    json_text,
    language_option,
    scenario_argument,
    show,
    spare,
    words_option,
    write,
)
from trajectsim.errors import Problem, Problems
from trajectsim.words import _

if TYPE_CHECKING:
    from trajectsim.cohort.design import Cohort
    from trajectsim.cohort.running import Finished
    from trajectsim.law.lawbook import Lawbook

_SOME = Whole(1)
OUTCOME = "diploma.vwo"
"""The figure of which it is told what moves it, where none is named."""


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "cohort",
        callback=_cohort,
        help=_(
            "Play a birth cohort under each policy of a file and tell what changes, with bands. A run that is stopped "
            "goes on from its finished pieces when it is given the same --keep."
        ),
        short_help=_("Compare policies on a birth cohort."),
        params=[
            scenario_argument(),
            words_option(),
            click.Option(["--size"], type=_SOME, metavar="N", help=_("Other than in FILE: the number of children.")),
            click.Option(
                ["--replications"],
                type=Whole(1),
                metavar="N",
                help=_("Other than in FILE: the number of replications."),
            ),
            click.Option(
                ["--jobs"],
                type=_SOME,
                metavar="N",
                help=_("How many processes; without it one for each core, where there are as many pieces of work."),
            ),
            click.Option(
                ["--executor", "where"],
                type=_Executor(),
                default="",
                metavar="WHERE",
                help=_(
                    "Where it is worked: in-process, processes, or dask://HOST:PORT, the scheduler of a Dask cluster. "
                    "Without it in processes where there is work for more than one, else in this one."
                ),
            ),
            click.Option(
                ["--keep"],
                type=click.Path(path_type=Path, file_okay=False),
                metavar="FOLDER",
                help=_("Keep finished pieces there, and go on from those that are."),
            ),
            click.Option(
                ["--pictures"],
                type=click.Path(path_type=Path, file_okay=False),
                metavar="FOLDER",
                help=_("Draw diplomas, ages, differences and for whom anything changes there, as SVG."),
            ),
            click.Option(
                ["--sensitivity", "outcomes"],
                is_flag=False,
                flag_value=OUTCOME,
                metavar="FIGURE,...",
                help=_(
                    "In the place of all figures: which parameter moves these most, {outcome} where none is named; "
                    "with some hundreds of worlds of at most a thousand children."
                ).format(outcome=OUTCOME),
            ),
            click.Option(
                ["--cache/--no-cache", "cached"],
                default=True,
                help=_("Whether later runs use what this one finds out of the law; the figures are the same."),
            ),
            format_option(("text", "json", "csv", "parquet")),
        ],
    )
    return language_option(made)


def _cohort(
    file: Path,
    words: str | None,
    size: int | None,
    replications: int | None,
    jobs: int | None,
    where: str,
    keep: Path | None,
    pictures: Path | None,
    outcomes: str | None,
    cached: bool,
    formats: list[tuple[str, str]],
) -> int:
    from trajectsim.cohort.running import run
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.scenario.cohorts import read_cohorts

    try:
        spare([file], formats)
        source = Chosen(words).one(read_cohorts(file), file)
        law = Lawbook.load()
        source.laws(law)  # what is wrong with a draft reform is told before anything is played
        cohort = _sized(source.cohort, size, replications)
        _probe(formats, pictures)
        if outcomes is None:
            left = _("nothing is kept without --keep")
            if keep is not None:
                left = _("the same command goes on from {folder}").format(folder=keep)
            done = _worked(
                lambda told, stop: run(cohort, law, jobs or 0, keep, told, where=where, stop=stop, cached=cached), left
            )
            _tell(source.title, done, law, formats, pictures)
            return OK
        if where or keep or (jobs or 1) > 1:
            raise click.UsageError(_("--sensitivity is worked in this process, and nothing of it is kept"))
        _screen(source.title, cohort, law, outcomes, size, formats, pictures)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    except _Stop:
        return INTERRUPTED
    return OK


def _sized(cohort: Cohort, size: int | None, replications: int | None) -> Cohort:
    from trajectsim.cohort.design import MOST
    from trajectsim.scenario.cohorts import MOST_REPLICATIONS

    for option, value, most, message in (
        ("--size", size, MOST, _("expected a number of children from 1 to {most}")),
        ("--replications", replications, MOST_REPLICATIONS, _("expected a number of replications from 1 to {most}")),
    ):
        if value is not None and value > most:
            raise click.BadParameter(message.format(most=f"{most:_}"), param_hint=repr(option))
    return evolve(cohort, size=size or cohort.size, replications=replications or cohort.replications)


class _Stop(Exception):
    """A run was stopped, and that was said."""


def _worked(work: Callable[[Progress, Callable[[], bool]], Finished], left: str) -> Finished:
    """Long work, with its progress told. Raises _Stop and Problems; how far it was and what is left is said first."""
    from trajectsim.cohort.running import Stopped

    progress = Progress()
    try:
        with interrupted(progress) as stop:
            done = work(progress, stop)
    except (KeyboardInterrupt, Stopped, Problems) as error:
        if progress.all:
            click.echo(("\n" if progress.live else "") + progress.stopped(left), err=True)
        if isinstance(error, Problems):
            raise
        raise _Stop from None
    progress.end()
    return done


Formats = list[tuple[str, str]]


def _tell(title: str, done: Finished, law: Lawbook, formats: Formats, pictures: Path | None) -> None:
    from trajectsim.report.cohort import cohort_csv, cohort_data, cohort_text
    from trajectsim.report.cohort_pictures import cohort_pictures
    from trajectsim.report.cohort_table import cohort_parquet

    writers: dict[str, Callable[[], str | bytes]] = {
        "text": lambda: cohort_text(title, done, law),
        "json": lambda: json_text(cohort_data(title, done, law)),
        "csv": lambda: cohort_csv(done, law),
        "parquet": lambda: cohort_parquet(title, done, law),
    }
    _write(formats, writers, pictures, lambda: cohort_pictures(title, done, law))


def _screen(
    title: str,
    cohort: Cohort,
    law: Lawbook,
    outcomes: str,
    size: int | None,
    formats: Formats,
    pictures: Path | None,
) -> None:
    """Which parameter moves some outcomes most. Raises UsageError for one that there is not."""
    from trajectsim.cohort.figures import named
    from trajectsim.cohort.sensitivity import CHILDREN, planned, played, screened
    from trajectsim.reading import did_you_mean, quoted
    from trajectsim.report.cohort_sensitivity import (
        sensitivity_csv,
        sensitivity_data,
        sensitivity_pictures,
        sensitivity_text,
    )

    known = named(law)
    wanted = [name.strip() for name in outcomes.split(",")]
    if strangers := [name for name in wanted if name not in known]:
        told = [_("unknown figure {name}").format(name=quoted(name)) + did_you_mean(name, known) for name in strangers]
        told.append(_("without --sensitivity, --format csv names those of a run"))
        raise click.BadParameter("\n".join(told), param_hint="'--sensitivity'")
    if any(name == "parquet" for name, _file in formats):
        raise click.UsageError(_("sensitivity is told as text, json and csv"))
    few = cohort if size is not None else evolve(cohort, size=min(cohort.size, CHILDREN))
    screening = planned(few, law)
    done = _worked(lambda told, stop: played(screening, law, told, stop), _("nothing of it is kept"))
    found = [each for name in wanted for each in screened(screening, done, known[name])]
    writers: dict[str, Callable[[], str | bytes]] = {
        "text": lambda: sensitivity_text(title, screening, found, law),
        "json": lambda: json_text(sensitivity_data(title, screening, found, law)),
        "csv": lambda: sensitivity_csv(found),
    }
    _write(formats, writers, pictures, lambda: sensitivity_pictures(title, screening, found, law))


def _probe(formats: list[tuple[str, str]], pictures: Path | None) -> None:
    """Before a long run: that what is asked for can be written. Raises Problems."""
    from trajectsim.report.cohort_pictures import Plot
    from trajectsim.report.cohort_table import arrow
    from trajectsim.writing import try_folder

    if ("parquet", "") in formats:
        raise click.UsageError(_("a Parquet file goes to a file: --format parquet=FILE"))
    if any(name == "parquet" for name, _file in formats):
        arrow()
    problems: list[Problem] = []
    if pictures is not None:
        Plot.load()
    folders = [pictures] if pictures is not None else []
    for folder in dict.fromkeys([*folders, *(Path(file).parent for _name, file in formats if file)]):
        try:
            try_folder(folder, make=folder == pictures)
        except Problems as error:
            problems += error.problems
    if problems:
        raise Problems(problems)


def _write(
    formats: list[tuple[str, str]],
    writers: Mapping[str, Callable[[], str | bytes]],
    pictures: Path | None,
    draw: Callable[[], dict[str, str]],
) -> None:
    """Everything that is asked for. Where something cannot be written after all, the page goes to standard output, so
    that a long run is not for nothing. Raises Problems."""
    from trajectsim.writing import write_file

    def drawn() -> None:
        if pictures is not None:
            for name, picture in draw().items():
                write_file(pictures / name, picture)

    problems: list[Problem] = []
    for work in (lambda: write(formats, writers), drawn):
        try:
            work()
        except Problems as error:
            problems += error.problems
    if problems:
        if all(file for _name, file in formats):
            click.echo(writers["text"](), nl=False)
        raise Problems(problems)


class _Executor(click.ParamType[str]):
    """The name of a place to work."""

    name = "WHERE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value and not _is_executor(value):
            self.fail(
                _("{value} is none of in-process, processes and dask://HOST:PORT").format(value=value), param, ctx
            )
        return value


def _is_executor(name: str) -> bool:
    return name in ("in-process", "processes") or re.fullmatch(r"dask://[^/]+:\d+", name) is not None
