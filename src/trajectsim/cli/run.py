"""``trajectsim run``: play scenarios and hold their expectations against the walks."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from trajectsim.cli.codes import FAILED, OK, UNUSABLE
from trajectsim.cli.options import Chosen, Whole, format_option, language_option, show, spare, write
from trajectsim.errors import Problems
from trajectsim.scenario.read import find, read_any
from trajectsim.words import _, language, ngettext, use

if TYPE_CHECKING:
    from trajectsim.scenario.run import Ran

FORMATS = ("text", "json", "jsonl", "junit", "xunit", "sarif", "github", "markdown", "csv")
FLAGS = ("wip", "extrapolated", "assumed", "unverified")
"""What --fail-on takes: those of ``scenario.run``, known here without it."""
POLL = 0.5
"""Seconds between two looks at the files that are watched."""


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "run",
        callback=_run,
        help=_("Play scenarios (files or folders) and judge what they expect. One line a scenario."),
        short_help=_("Play scenarios and judge what they expect."),
        params=[
            click.Argument(["paths"], nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path)),
            click.Option(
                ["-k", "words"],
                metavar="WORDS",
                help=_('Only scenarios whose file, name or title has all these words; "-word" must not be in it.'),
            ),
            click.Option(
                ["--tag", "tags"], multiple=True, metavar="TAG", help=_("Only those with this tag (or -tag).")
            ),
            click.Option(["--list", "listing"], is_flag=True, help=_("List the scenarios and run none.")),
            click.Option(
                ["--jobs"],
                type=Whole(1, 64),
                default=1,
                metavar="N",
                help=_("How many processes run them."),
            ),
            click.Option(
                ["--seed"],
                type=Whole(0, 2**63 - 1),
                metavar="N",
                help=_("Where chance starts in cohorts, other than in the file."),
            ),
            click.Option(
                ["--fail-on"],
                multiple=True,
                type=click.Choice(FLAGS),
                help=_("Fail a scenario for this too: in progress, beyond known law, assumed, unverified articles."),
            ),
            click.Option(["-q", "--quiet"], is_flag=True, help=_("Only what failed, a line for each expectation.")),
            click.Option(
                ["--update-snapshots", "update"], is_flag=True, help=_("Keep the walks as they are now as snapshots.")
            ),
            click.Option(["--watch"], is_flag=True, help=_("Run again whenever a file changes.")),
            format_option(FORMATS),
        ],
    )
    return language_option(made)


def _run(
    paths: tuple[Path, ...],
    words: str | None,
    tags: tuple[str, ...],
    listing: bool,
    jobs: int,
    seed: int | None,
    fail_on: tuple[str, ...],
    quiet: bool,
    update: bool,
    watch: bool,
    formats: list[tuple[str, str]],
) -> int:
    chosen = Chosen(words, tags)
    if listing:
        return _list(paths, chosen)

    def once() -> int:
        return _once(paths, chosen, jobs, seed, fail_on, quiet, update, formats)

    return _watched(paths, once) if watch else once()


def _once(
    paths: tuple[Path, ...],
    chosen: Chosen,
    jobs: int,
    seed: int | None,
    fail_on: tuple[str, ...],
    quiet: bool,
    update: bool,
    formats: list[tuple[str, str]],
) -> int:
    from trajectsim.report.runs import WRITERS, run_text, summary

    files, nowhere = find(paths)
    show(nowhere)
    try:
        spare(files, formats)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    runs = list(_ran(files, chosen, jobs, seed))
    if update:
        runs = _updated(runs, chosen, jobs, seed)
    runs = [ran if ran.problems else ran.held_against(fail_on) for ran in runs]
    for ran in runs:
        show(ran.problems)
    writers = {name: partial(writer, runs) for name, writer in WRITERS.items()}
    writers["text"] = partial(run_text, runs, quiet=quiet)
    try:
        write(formats, writers)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    if not runs and not nowhere:
        click.echo(_("no scenario was selected"), err=True)
        return UNUSABLE
    click.echo(summary(runs), err=True)
    if nowhere or any(ran.problems for ran in runs):
        return UNUSABLE
    return OK if all(ran.passed for ran in runs) else FAILED


# --- which ones ---------------------------------------------------------------------------------------------


def _list(paths: tuple[Path, ...], chosen: Chosen) -> int:
    files, problems = find(paths)
    listed = 0
    for file in files:
        try:
            for source in read_any(file):
                scenario = source.scenario
                if chosen.takes(source):
                    tags = f" [{', '.join(scenario.tags)}]" if scenario.tags else ""
                    click.echo(f"{source.name}  {scenario.title}{tags}")
                    listed += 1
        except Problems as error:
            problems.extend(error.problems)
    show(problems)
    click.echo(ngettext("{n} scenario", "{n} scenarios", listed).format(n=listed), err=True)
    return UNUSABLE if problems or not listed else OK


# --- running ------------------------------------------------------------------------------------------------


def _ran(files: Sequence[Path], chosen: Chosen, jobs: int, seed: int | None) -> Iterator[Ran]:
    """What running each file gave, in their order."""
    from trajectsim.law.lawbook import Lawbook

    law = Lawbook.load()  # before helpers are made, which then have it too
    if min(jobs, len(files)) < 2:
        from trajectsim.scenario.run import run_file

        for file in files:
            yield from run_file(file, law, chosen.takes, seed)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else None)
    with ProcessPoolExecutor(min(jobs, len(files)), context, _begin, (language(),)) as pool:
        for runs in pool.map(partial(_work, chosen, seed), files, chunksize=max(1, len(files) // (8 * jobs))):
            yield from runs


def _begin(spoken: str) -> None:
    """A helper speaks the language of who asked, and leaves it to that one to be interrupted."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    use(spoken)


def _work(chosen: Chosen, seed: int | None, file: Path) -> list[Ran]:
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.scenario.run import run_file

    return run_file(file, Lawbook.load(), chosen.takes, seed)


def _updated(runs: list[Ran], chosen: Chosen, jobs: int, seed: int | None) -> list[Ran]:
    """Write the snapshots of the scenarios that have one, and run them again against these."""
    from trajectsim.scenario.snapshots import read_snapshots, snapshot_file, snapshots_text
    from trajectsim.writing import write_file

    kept: dict[str, dict[str, str]] = {}
    for ran in runs:
        if ran.snapshot:
            kept.setdefault(ran.file, read_snapshots(ran.file))[ran.variant] = ran.snapshot
    for file, snapshots in kept.items():
        write_file(snapshot_file(file), snapshots_text(snapshots))
    again = {ran.name: ran for ran in _ran([Path(file) for file in kept], chosen, jobs, seed)}
    click.echo(
        ngettext("{n} snapshot file written", "{n} snapshot files written", len(kept)).format(n=len(kept)), err=True
    )
    return [again.get(ran.name, ran) for ran in runs]


# --- watching -----------------------------------------------------------------------------------------------


def _watched(paths: tuple[Path, ...], once: Callable[[], int]) -> NoReturn:
    """Run, and again whenever one of the files under the paths is other than it was; until it is interrupted."""
    seen: dict[Path, int] = {}
    while True:
        now = dict(_changed(paths))
        if now != seen:
            seen = now
            if sys.stdout.isatty():
                click.clear()
            once()
            click.echo(_("watching; ctrl+c ends it"), err=True)
        time.sleep(POLL)


def _changed(paths: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else [path]:
            try:
                if file.suffix in (".toml", ".csv", ".walk"):
                    yield file, file.stat().st_mtime_ns
            except OSError:
                continue
