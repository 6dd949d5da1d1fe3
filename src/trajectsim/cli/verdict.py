"""``trajectsim verdict``: what the law says of mark sheets, one candidate or a country.

A table is read, judged and written chunk by chunk, in this process or in several; memory does not grow with the file.
"""

from __future__ import annotations

import contextlib
import signal
from collections import deque
from collections.abc import Collection, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click
from attrs import field, frozen

from trajectsim.cli import SELDOM
from trajectsim.cli.codes import OK, UNUSABLE
from trajectsim.cli.options import Whole, format_option, language_option, spare
from trajectsim.cli.streams import STDIN, Progress, Sink, tables
from trajectsim.errors import Problem, Problems
from trajectsim.words import _, language, ngettext, use

if TYPE_CHECKING:
    from concurrent.futures import Future

    from trajectsim.exam.intake import Intake, Taken
    from trajectsim.exam.table import Chunk, Rows
    from trajectsim.report.exam import Counts, Writer

FORMATS = ("text", "json", "jsonl", "csv")
MOST_SHOWN = 50
"""How many problems are printed; the others are counted, and stand in json."""

EXAMPLE = """\
trajectsim verdict - <<END
candidate,level,exam,subject,role,se,ce,resit,rating,route
Sam,bb,2016,netl,common,6.4,5.9,,,learn-work
Sam,bb,2016,zw,vocational,7.1,6.5,,,learn-work
Kim,bb,2016,netl,common,5.6,5.2,,,learn-work
Kim,bb,2016,zw,vocational,6.8,5.7,,,learn-work
END
"""
"""A whole exam of two subjects, the smallest there is: one candidate passes, the other does not."""


class _Command(click.Command):
    """A command with an example that stands at the left, so that it works when it is pasted."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("\n" + _("Example, to be pasted in a shell:") + "\n\n" + EXAMPLE)


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = _Command(
        "verdict",
        callback=_verdict,
        help=_(
            "Judge mark sheets by the law of their exam year: passed or not, cum laude or not, by which checks and "
            "articles.\n\n"
            "A sheet is a CSV table with a row a subject, the rows of a candidate together (- is standard input), the "
            "same as a Parquet file, or a TOML file of one candidate. The columns are candidate, level (bb, kb, gl, "
            "tl, havo, vwo), exam (a year), subject, role (common, profile, free, part, vocational, profielvak, "
            "keuzevak, rated, rekentoets), se, ce, resit and rating (O, V, G); besides, if you have them, profile, "
            "route (learn-work, practice), at (a higher level), sat (the exam year of a subject sat early), rv (the RV "
            "mark of exam 2020) and cspe (its retake). What is absent is not checked, and that is said.\n\n"
            "As text, up to 20 candidates get a block each with every check; of more, each gets a line."
        ),
        short_help=_("Judge mark sheets by the law of their exam year."),
        params=[
            click.Argument(["sheets"], nargs=-1, required=True, metavar="SHEETS..."),
            format_option(FORMATS),
            click.Option(["--jobs"], type=Whole(1), default=1, metavar="N", help=_("Processes that judge.")),
            click.Option(["--strict"], is_flag=True, help=_("Exit with 2 when anything is wrong with a sheet.")),
        ],
    )
    return language_option(made)


def _verdict(sheets: tuple[str, ...], formats: list[tuple[str, str]], jobs: int, strict: bool) -> int:
    from concurrent.futures import BrokenExecutor

    run = _Run(sheets, formats, jobs)
    try:
        spare(sheets, formats)
        with contextlib.ExitStack() as closing:
            run.do(closing)
    except Problems as error:  # of what is written, not of what is read
        run.show(error.problems)
        return UNUSABLE
    except BrokenExecutor:
        message = _("a process that judged was ended from outside, perhaps for want of memory; try fewer --jobs")
        raise click.ClickException(message) from None
    click.echo(str(run.counts), err=True)
    return UNUSABLE if not run.counts.judged or (strict and run.problems) else OK


# --- one chunk ----------------------------------------------------------------------------------------------


@frozen
class Answer:
    """A chunk judged: what is written in each format, what is wrong, and the candidates as numbers."""

    texts: dict[str, bytes] = field(repr=False)
    counts: Counts
    problems: list[Problem] = field(repr=False)
    ids: bytes = field(repr=False)


class Judge:
    """Judges chunks. One is made in each process, and remembers what it once found."""

    def __init__(self) -> None:
        from trajectsim.exam.intake import Intake
        from trajectsim.law.lawbook import Lawbook
        from trajectsim.report.exam import Writer

        self._intake: Intake = Intake(Lawbook.load(), alike=True)
        self._writer: Writer = Writer()

    def candidates(self, chunk: Chunk) -> int:
        """How many candidates a chunk has."""
        from trajectsim.exam.table import rows_of

        return len(self._intake.take(rows_of(chunk)).names)

    def chunk(self, chunk: Chunk, formats: Collection[str], again: Collection[int] = ()) -> Answer:
        """The candidates of a chunk; ``again`` are those, by their place in it, that were there before."""
        from trajectsim.exam.table import rows_of

        return self.rows(rows_of(chunk), formats, again)

    def rows(self, rows: Rows, formats: Collection[str], again: Collection[int] = ()) -> Answer:
        """The candidates of a table."""
        from trajectsim.exam.judging import judged
        from trajectsim.report.exam import WRITERS, Counts

        taken = self._intake.take(rows, again)
        law = self._intake.law
        groups = [(judged(group.batch, law), group) for group in taken.groups]
        texts: dict[str, bytes] = {}
        for name in formats:
            lines = [""] * len(taken.names)
            for each, group in groups:
                told = WRITERS[name](self._writer, each, group, law)
                for where, line in zip(group.where.tolist(), told, strict=True):
                    lines[where] = line
            joined = ",\n".join(line[:-1] for line in lines if line) if name == "json" else "".join(lines)
            texts[name] = joined.encode("utf-8", "replace")
        counts = Counts.of((each for each, _group in groups), taken.refused)
        return Answer(texts, counts, taken.problems, _ids(taken))


def _ids(taken: Taken) -> bytes:
    """Eight bytes for each candidate."""
    from hashlib import blake2b

    return b"".join([blake2b(name.encode("utf-8", "replace"), digest_size=8).digest() for name in taken.names])


_workers: list[Judge] = []


def _begin(spoken: str) -> None:
    import gc

    use(spoken)
    gc.set_threshold(SELDOM)
    _workers.append(Judge())


def _nothing() -> None:
    pass


def _work(chunk: Chunk, formats: Collection[str]) -> Answer:
    return _workers[0].chunk(chunk, formats)


# --- all of them --------------------------------------------------------------------------------------------


Piece = Any
"""A chunk of a table, the rows of a TOML file, or the problems of a file that cannot be used."""


class _Run:
    """All sheets of a command: read, judged and written in their order."""

    def __init__(self, sheets: Iterable[str], formats: list[tuple[str, str]], jobs: int) -> None:
        from trajectsim.report.exam import Counts

        self.sheets, self.formats, self.jobs = tuple(sheets), formats, jobs
        self.counts = Counts()
        self.problems = 0
        self.judge = Judge()
        self.progress = Progress(sheet for sheet in self.sheets if sheet != STDIN)

    def do(self, closing: contextlib.ExitStack) -> None:
        """Judge everything and write it. Raises Problems when it cannot be written."""
        from trajectsim.exam.intake import Seen
        from trajectsim.exam.table import Chunk
        from trajectsim.report.exam import CSV_HEADER, MOST_BLOCKS

        pieces = _pieces(self.sheets)
        text = "text"
        if any(name == "text" for name, _file in self.formats):
            pieces, candidates = self._few(pieces, MOST_BLOCKS)
            text = "blocks" if candidates <= MOST_BLOCKS else "text"
        names = {name: text if name == "text" else name for name, _file in self.formats}
        totals = {"text": self._total} if text == "text" else {}
        begins = {"csv": CSV_HEADER}
        sinks = [Sink(n, file, closing, begins.get(n, ""), totals.get(n)) for n, file in self.formats]
        file, seen = "", Seen()
        for piece, answer in self._answers(pieces, tuple(names.values()), closing):
            if isinstance(piece, Chunk):
                if piece.file != file:
                    file, seen = piece.file, Seen()
                    self._say_absent(piece)
                if again := seen.again(answer.ids):
                    answer = self.judge.chunk(piece, tuple(names.values()), again)
            self.counts += answer.counts
            self.show(answer.problems)
            for sink in sinks:
                sink.put(answer.texts.get(names[sink.name], b""), answer.problems)
            if isinstance(piece, Chunk):
                self.progress.at(piece.file, piece.read, self.counts.judged + self.counts.refused)
        self.progress.clear()
        if self.problems > MOST_SHOWN:
            more = self.problems - MOST_SHOWN
            click.echo(ngettext("and {n} problem more", "and {n} problems more", more).format(n=more), err=True)
        for sink in sinks:
            sink.end()
        for sink in sinks:
            sink.keep()

    def show(self, problems: Collection[Problem]) -> None:
        """Problems, on stderr, and of too many the first."""
        for problem in list(problems)[: max(0, MOST_SHOWN - self.problems)]:
            self.progress.clear()
            click.echo(str(problem), err=True)
        self.problems += len(problems)

    def _total(self) -> str:
        return f"\n{self.counts}\n"

    def _say_absent(self, chunk: Chunk) -> None:
        from trajectsim.exam.chunks import absent_text

        for line in absent_text(chunk.header):
            click.echo(f"{chunk.file}: {line}", err=True)

    def _few(self, pieces: Iterator[Piece], most: int) -> tuple[Iterator[Piece], int]:
        """The same pieces, and how many candidates they have as far as that is not more than so many."""
        from itertools import chain

        head: list[Piece] = []
        count = 0
        while count <= most and (piece := next(pieces, None)) is not None:
            head.append(piece)
            count += self._size(piece, most)
        return chain(head, pieces), count

    def _size(self, piece: Piece, most: int) -> int:
        from trajectsim.exam.table import Chunk

        if isinstance(piece, Chunk):
            return self.judge.candidates(piece) if len(piece.data) < _SMALL else most + 1
        return 0 if isinstance(piece, Problems) else 1

    def _answers(
        self, pieces: Iterator[Piece], formats: Collection[str], closing: contextlib.ExitStack
    ) -> Iterator[tuple[Piece, Answer]]:
        """Every piece judged, in order: here, and by helpers as soon as there are any."""
        from trajectsim.exam.table import Chunk

        waiting: deque[tuple[Piece, Answer | Future[Answer]]] = deque()
        helpers: _Helpers | None = None
        following = next(pieces, None)
        while following is not None:
            piece, following = following, next(pieces, None)
            if helpers is None and self.jobs > 1 and isinstance(piece, Chunk) and isinstance(following, Chunk):
                helpers = _Helpers(self.jobs - 1, closing)
            if helpers is not None and isinstance(piece, Chunk) and helpers.free:
                waiting.append((piece, helpers.judge(piece, formats)))
            else:
                waiting.append((piece, self._answer(piece, formats)))
            while waiting and (len(waiting) > 2 * self.jobs or _is_there(waiting[0][1])):
                yield _next(waiting)
        while waiting:
            yield _next(waiting)

    def _answer(self, piece: Piece, formats: Collection[str]) -> Answer:
        from trajectsim.exam.table import Chunk
        from trajectsim.report.exam import Counts

        if isinstance(piece, Problems):
            return Answer({}, Counts(), list(piece.problems), b"")
        return self.judge.chunk(piece, formats) if isinstance(piece, Chunk) else self.judge.rows(piece, formats)


_SMALL = 1 << 16
"""A chunk of so many bytes surely has more candidates than get a block each."""


def _pieces(sheets: Iterable[str]) -> Iterator[Piece]:
    for sheet in sheets:
        try:
            yield from tables(sheet)
        except Problems as error:
            yield error


def _is_there(answer: Answer | Future[Answer]) -> bool:
    return isinstance(answer, Answer) or answer.done()


def _next(waiting: deque[tuple[Piece, Answer | Future[Answer]]]) -> tuple[Piece, Answer]:
    piece, answer = waiting.popleft()
    return piece, answer if isinstance(answer, Answer) else answer.result()


class _Helpers:
    """Other processes that judge. They take about as long to start as this one did, so they are asked once they are
    there, and a small file does not wait for them."""

    def __init__(self, number: int, closing: contextlib.ExitStack) -> None:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import active_children, get_context

        self._before = active_children()
        self._pool = ProcessPoolExecutor(number, get_context("spawn"), _begin, (language(),))
        closing.push(self._end)
        with _uninterrupted():
            self._ready = [self._pool.submit(_nothing) for _helper in range(number)]
        self._asked: list[Future[Answer]] = []

    @property
    def free(self) -> bool:
        """Whether another chunk is wanted: each has one in hand and one to go on with."""
        self._asked = [future for future in self._asked if not future.done()]
        return len(self._asked) < 2 * sum(ready.done() for ready in self._ready)

    def judge(self, chunk: Chunk, formats: Collection[str]) -> Future[Answer]:
        """Ask one of them to judge a chunk."""
        with _uninterrupted():
            self._asked.append(self._pool.submit(_work, chunk, formats))
        return self._asked[-1]

    def _end(self, *error: object) -> None:
        from multiprocessing import active_children

        if error[0] or not all(ready.done() for ready in self._ready):
            for child in active_children():
                if child not in self._before:  # what it is at work on, nobody waits for
                    child.terminate()
        self._pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _uninterrupted() -> Generator[None]:
    """Puts an interrupt off. Processes that start here are not interrupted with this one: they end when it no longer
    asks them anything."""
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    blocking = hasattr(signal, "pthread_sigmask")  # what a process inherits; handlers are not
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if blocking else set[signal.Signals]()
    try:
        yield
    finally:
        if blocking:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if came:
        raise KeyboardInterrupt
