"""What commands share: options, output, and how problems are shown."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from trajectsim.calendar import SchoolYear
from trajectsim.cli.codes import UNUSABLE
from trajectsim.cli.fitting import on_terminal
from trajectsim.errors import Problem, Problems
from trajectsim.words import LANGUAGES, LOCALE_DIR, N_, NN_, _

if TYPE_CHECKING:
    from trajectsim.path.walk import Step, Trajectory
    from trajectsim.scenario.read import AnySource
    from trajectsim.scenario.run import Played

C = TypeVar("C", bound=click.Command)
S = TypeVar("S", bound="AnySource")
Formats = Iterable[tuple[str, str]]
"""Each format that is asked for with its file, or nothing for standard output."""


LIBRARY = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("No such option {name!r}."),
    NN_("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    NN_("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    N_("Missing argument"),
    N_("Missing command."),
    N_("Missing option"),
    NN_("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    N_("Option {name!r} does not take a value."),
    NN_("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    N_("directory"),
    N_("{name} {filename!r} is a file."),
)
"""What the command line library says itself, so that it is translated with the rest."""


def library_speaks(language: str) -> None:
    """Let the command line library speak a language too: it asks the standard gettext domain."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("trajectsim", LOCALE_DIR)
    gettext.textdomain("trajectsim")


def language_option(command: C) -> C:
    """Adds --lang. It is read before the command is made (see ``cli._language``); here it is checked and shown, and the
    words that stand for values are said in the language that is spoken."""
    option = click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help=_("The language; else that of the locale."),
    )
    command.params.append(option)
    for param in command.params:
        param.metavar = param.metavar and _said(param.metavar)
    command.options_metavar = command.options_metavar and _said(command.options_metavar)
    return command


def _said(metavar: str) -> str:
    """What stands for a value, in the language that is spoken."""
    return re.sub("[A-Z]{2,}", lambda word: _(word[0]) if word[0] in _STANDS else word[0], metavar)


_STANDS = (
    N_("OPTIONS"),
    N_("FILE"),
    N_("PATH"),
    N_("FOLDER"),
    N_("YEAR"),
    N_("WORDS"),
    N_("NAME"),
    N_("GOAL"),
    N_("SHEET"),
    N_("SHEETS"),
    N_("REFORM"),
    N_("WHERE"),
    N_("FIGURE"),
    N_("TAG"),
)


def format_option(names: Iterable[str]) -> click.Option:
    """--format NAME or NAME=FILE, several at once."""
    known = tuple(names)

    def parse(_ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
        parsed = [(name, file) for name, _equals, file in (value.partition("=") for value in values)]
        for name, _file in parsed:
            if name not in known:
                expected = _("{name} is no format; choose from {names}").format(name=name, names=", ".join(known))
                raise click.BadParameter(expected, param=param)
        if len([name for name, file in parsed if not file]) > 1:
            raise click.BadParameter(_("only one format can go to standard output; write NAME=FILE"), param=param)
        return parsed or [(known[0], "")]

    text = _("How it is written: {names}; with =FILE into a file.").format(names=", ".join(known))
    return click.Option(["--format", "formats"], multiple=True, metavar="NAME[=FILE]", callback=parse, help=text)


class Whole(click.IntRange):
    """A whole number between bounds on the command line."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:  # the library's own words for it speak no Dutch, and name a range as x>=1
            told = _("{value} is no whole number from {low} to {high}")
            if self.max is None:
                told = _("{value} is no whole number of {low} or more")
            self.fail(told.format(value=value, low=self.min, high=self.max), param, ctx)


class SchoolYearType(click.ParamType[SchoolYear]):
    """A school year such as 2015/2016 on the command line."""

    name = "YEAR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> SchoolYear:
        try:
            return value if isinstance(value, SchoolYear) else SchoolYear.parse(value)
        except ValueError:
            self.fail(_("{value} is no school year such as 2015/2016").format(value=value), param, ctx)


def scenario_argument() -> click.Argument:
    """FILE, a scenario."""
    return click.Argument(["file"], metavar="FILE", type=click.Path(path_type=Path))


def year_option(text: str) -> click.Option:
    """--in YEAR."""
    return click.Option(["--in", "year"], type=SchoolYearType(), metavar="YEAR", help=text)


class Chosen:
    """Which scenarios are asked for: those with all words, in file, name or title, and all tags; none with a minus."""

    def __init__(self, words: str | None, tags: Iterable[str] = ()) -> None:
        self._words, self._tags = (words or "").lower().split(), list(tags)

    def takes(self, source: AnySource) -> bool:
        """Whether a scenario has all words and tags, and none of those with a minus."""
        text, tags = f"{source.name} {source.scenario.title}".lower(), source.scenario.tags
        words = all((word.removeprefix("-") in text) is not word.startswith("-") for word in self._words)
        return words and all((tag.removeprefix("-") in tags) is not tag.startswith("-") for tag in self._tags)

    def one(self, sources: Sequence[S], file: Path) -> S:
        """One scenario of a file: the first that is asked for; where there are more, that is said. Raises Problems
        where there is none."""
        found = [source for source in sources if self.takes(source)]
        if not found:
            names = ", ".join(source.variant.name or source.scenario.title for source in sources)
            hint = _("choose with -k from: {names}").format(names=names)
            raise Problems([Problem("S001", _("no scenario of this file has these words"), str(file), hint=hint)])
        if len(found) > 1:
            told = _("{name} is the first of {n}; choose another with -k WORDS (trajectsim run --list FILE names them)")
            click.echo(told.format(name=found[0].name, n=len(found)), err=True)
        return found[0]


def words_option() -> click.Option:
    """-k WORDS, of a command that is about one scenario."""
    return click.Option(
        ["-k", "words"],
        metavar="WORDS",
        help=_("Of a file with several scenarios the first whose name or title has all these words; else the first."),
    )


def of_scenario(file: Path, words: str | None, formats: Formats, answer: Callable[[Played], int]) -> int:
    """What is answered of a scenario that was played; where that cannot be, its problems are shown."""
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.scenario.read import read_any, walked
    from trajectsim.scenario.run import play_source

    try:
        spare([file], formats)
        source = walked(Chosen(words).one(read_any(file), file))
        return answer(play_source(source, Lawbook.load()))
    except Problems as error:
        show(error.problems)
        return UNUSABLE


def spare(read: Iterable[str | Path], formats: Formats) -> None:
    """Raises Problems where what is asked for would be written over a file that is read."""
    files, targets = list(read), [target for _name, target in formats if os.path.isfile(target)]
    over = [target for target in targets for file in files if os.path.isfile(file) and os.path.samefile(file, target)]
    if over:
        message, hint = _("is what is read here, and would be written over"), _("choose another name")
        raise Problems([Problem("S001", message, target, hint=hint) for target in over])


def step_in(walk: Trajectory, year: SchoolYear) -> Step:
    """The step of a walk in a school year that was asked for. Raises UsageError where it has none."""
    step = walk.at(year)
    if step is None:
        first, last = walk.steps[0].state.year, walk.steps[-1].state.year
        message = _("in {year} the pupil is not in school: the walk is from {first} to {last}")
        raise click.UsageError(message.format(year=year, first=first, last=last))
    return step


def write(formats: Formats, writers: Mapping[str, Callable[[], str | bytes]]) -> None:
    """Write each asked format to standard output or, atomically, to its file. Raises Problems, once all the others are
    written."""
    problems: list[Problem] = []
    for name, file in formats:
        content = writers[name]()
        if file:
            from trajectsim.writing import write_file

            try:
                write_file(Path(file), content)
            except Problems as error:
                problems += error.problems
        else:
            click.echo(on_terminal(content) if name == "text" and isinstance(content, str) else content, nl=False)
    if problems:
        raise Problems(problems)


def json_text(data: Any) -> str:
    """Data as json, a line to itself at the end."""
    import json

    return json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n"


def json_line(data: Any) -> str:
    """Data as json on one line."""
    import json

    return json.dumps(data, ensure_ascii=False, default=str) + "\n"


def show(problems: Iterable[Problem]) -> None:
    """Problems, on stderr."""
    for problem in problems:
        click.echo(on_terminal(str(problem), err=True), err=True)
