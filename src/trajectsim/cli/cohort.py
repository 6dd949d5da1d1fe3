"""``trajectsim cohort``: policies side by side on a whole birth cohort."""

from __future__ import annotations

import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve

from trajectsim.cli import INTERRUPTED, OK, UNUSABLE
from trajectsim.cli.options import format_option, json_text, language_option, show, write
from trajectsim.errors import Problem, Problems
from trajectsim.words import _, ngettext

if TYPE_CHECKING:
    from trajectsim.cohort.running import Finished
    from trajectsim.law.lawbook import Lawbook

_SOME = click.IntRange(1)


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
            click.Argument(["file"], metavar="FILE", type=click.Path(path_type=Path)),
            click.Option(["--size"], type=_SOME, metavar="N", help=_("Other than in FILE: the number of children.")),
            click.Option(
                ["--replications"],
                type=click.IntRange(1),
                metavar="N",
                help=_("Other than in FILE: the number of replications."),
            ),
            click.Option(["--jobs"], type=_SOME, default=1, metavar="N", help=_("How many processes.")),
            click.Option(
                ["--executor", "where"],
                type=_Executor(),
                default="",
                metavar="WHERE",
                help=_(
                    "Where it is worked: in-process, processes, or dask://HOST:PORT, the scheduler of a Dask cluster. "
                    "Without it in this process, with --jobs in others."
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
            format_option(("text", "json", "csv", "parquet")),
        ],
    )
    return language_option(made)


def _cohort(
    file: Path,
    size: int | None,
    replications: int | None,
    jobs: int,
    where: str,
    keep: Path | None,
    pictures: Path | None,
    formats: list[tuple[str, str]],
) -> int:
    from trajectsim.cohort.running import Stopped, run
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.report.cohort import cohort_csv, cohort_data, cohort_text
    from trajectsim.scenario.cohorts import read_cohort

    try:
        source = read_cohort(file)
        cohort = source.cohort
        cohort = evolve(cohort, size=size or cohort.size, replications=replications or cohort.replications)
        law = Lawbook.load()
        source.laws(law)  # what is wrong with a draft reform is told before anything is played
        _probe(formats, pictures)
        progress = _Progress()
        try:
            with _interrupted(progress) as stop:
                done = run(cohort, law, jobs, keep, progress, where=where, stop=stop)
        except (KeyboardInterrupt, Stopped):
            click.echo(("\n" if progress.live else "") + progress.stopped(keep), err=True)
            return INTERRUPTED
        except Problems:
            click.echo(("\n" if progress.live else "") + progress.stopped(keep), err=True)
            raise
        progress.end()
        writers: dict[str, Callable[[], str | bytes]] = {
            "text": lambda: cohort_text(source.title, done, law),
            "json": lambda: json_text(cohort_data(source.title, done, law)),
            "csv": lambda: cohort_csv(done, law),
            "parquet": lambda: _parquet(source.title, done, law),
        }
        _write(formats, writers, pictures, lambda: _pictures(source.title, done, law))
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    return OK


def _parquet(title: str, done: Finished, law: Lawbook) -> bytes:
    from trajectsim.report.cohort_table import cohort_parquet

    return cohort_parquet(title, done, law)


def _pictures(title: str, done: Finished, law: Lawbook) -> dict[str, str]:
    from trajectsim.report.cohort_pictures import cohort_pictures

    return cohort_pictures(title, done, law)


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
    writers: dict[str, Callable[[], str | bytes]],
    pictures: Path | None,
    draw: Callable[[], dict[str, str]],
) -> None:
    """Everything that is asked for. Where something cannot be written after all, the page goes to standard output, so
    that a long run is not for nothing. Raises Problems."""
    from trajectsim.writing import write_file

    try:
        write(formats, writers)
        if pictures is not None:
            for name, picture in draw().items():
                write_file(pictures / name, picture)
    except Problems:
        if all(file for _name, file in formats):
            click.echo(writers["text"](), nl=False)
        raise


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


@contextmanager
def _interrupted(progress: _Progress) -> Generator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed: once lets what is being worked at finish, twice stops at once."""
    asked = threading.Event()

    def press(_signal: int, _frame: Any) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        progress.stopping()

    before = signal.signal(signal.SIGINT, press)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


class _Progress:
    """How far a run is and how long it may take, on stderr: on one line where that is a terminal."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.before = 0
        self.done = self.all = 0
        self.live = sys.stderr.isatty()

    def __call__(self, done: int, jobs: int) -> None:
        if not self.all:
            self.before = done
        self.done, self.all = done, jobs
        if self.live:
            click.echo(f"\r{self._text()}\x1b[K", nl=False, err=True)

    def end(self) -> None:
        """Say how it went."""
        took = _("{n} s").format(n=round(time.monotonic() - self.began))
        text = ngettext("{n} piece of work", "{n} pieces of work", self.all).format(n=self.all)
        click.echo(("\r\x1b[K" if self.live else "") + f"{text}, {took}", err=True)

    def stopping(self) -> None:
        """Say that a run is about to stop."""
        text = _("stopping: what is being worked at is finished first; Ctrl-C once more stops at once")
        click.echo(("\r\x1b[K" if self.live else "") + text, err=True)

    def stopped(self, keep: Path | None) -> str:
        """What is left when a run is stopped."""
        text = _("stopped after {done} of {all} pieces").format(done=self.done, all=self.all)
        if keep is None:
            return text + "; " + _("nothing is kept without --keep")
        return text + "; " + _("the same command goes on from {folder}").format(folder=keep)

    def _text(self) -> str:
        fresh = self.done - self.before
        left = (time.monotonic() - self.began) / fresh * (self.all - self.done) if fresh else None
        told = _("{done} of {all}").format(done=self.done, all=self.all)
        return told if left is None else told + ", " + _("about {n} s left").format(n=round(left))
