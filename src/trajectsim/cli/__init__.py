"""The command line. A command's module is imported only when it is chosen; stdout is data, stderr is narration.

The exit codes are in ``codes``. A closed pipe ends silently.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from trajectsim import words
from trajectsim.cli.codes import INTERNAL, INTERRUPTED, OK, UNUSABLE

if TYPE_CHECKING:
    import click

COMMANDS = (
    "run",
    "check",
    "explain",
    "options",
    "routes",
    "law",
    "verdict",
    "needed",
    "cohort",
    "schema",
    "verify",
    "compare",
    "report",
    "serve",
    "new",
    "fmt",
    "config",
)
OPEN = "open"
"""What happens to a first word that is no command: it is a file, and is opened. Without any word, on a terminal, the
workbench opens with the library."""
MODULES = {"options": "ahead"}
"""Where a command is whose name is another module's."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What says that there is no room, or no medium."""


SELDOM = 100_000
"""How many objects come before it is looked for garbage: what a command loads stays, and looking through it is a tenth
of its start."""


def main(arguments: list[str] | None = None) -> None:
    """The console script: runs a command and exits with its code."""
    gc.set_threshold(SELDOM)
    sys.exit(execute(sys.argv[1:] if arguments is None else arguments))


def execute(arguments: list[str]) -> int:
    """Run a command and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    words.use(_language(arguments))
    if _names_nothing(arguments) and _on_a_terminal():
        arguments = [*arguments, OPEN]
    import click

    from trajectsim.cli.options import library_speaks

    library_speaks(words.language())
    try:
        code = _program().main(arguments, prog_name="trajectsim", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return UNUSABLE
    except BrokenPipeError:
        return _closed()
    except OSError as error:
        if error.errno not in _FULL:
            return _internal(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        text = words._("standard output cannot be written: {reason}")
        print(text.format(reason=error.strerror), file=sys.stderr)
        return UNUSABLE
    except Exception as error:
        return _internal(error)


def _names_nothing(arguments: list[str]) -> bool:
    """Whether there is neither a command nor a file, but at most a language."""
    rest = [each for each in arguments if not each.startswith("--lang=")]
    return not rest or (len(rest) == 2 and rest[0] == "--lang")


def _on_a_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def _language(arguments: list[str]) -> str:
    """The language, known before any help text is made: --lang wherever it stands, else the one in the settings, else
    that of the locale."""
    for index, argument in enumerate(arguments):
        name, _equals, value = argument.partition("=")
        if name == "--lang":
            value = value or (arguments[index + 1] if index + 1 < len(arguments) else "")
            if value in words.LANGUAGES:
                return value
    from trajectsim import settings

    return settings.language() or words.language_of()


def _program() -> click.Group:
    import click

    from trajectsim.cli.options import language_option

    _ = words._

    class Program(click.Group):
        """Commands by name; any other first word is a file to open."""

        def invoke(self, ctx: click.Context) -> Any:
            try:
                return super().invoke(ctx)
            except BrokenPipeError:  # the library would exit with 1
                return _closed()

        def list_commands(self, ctx: click.Context) -> list[str]:
            return list(COMMANDS)

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            if cmd_name not in (*COMMANDS, OPEN):
                return None
            return import_module(f"trajectsim.cli.{MODULES.get(cmd_name, cmd_name)}").command()

        def resolve_command(
            self, ctx: click.Context, args: list[str]
        ) -> tuple[str | None, click.Command | None, list[str]]:
            if args and args[0] not in COMMANDS:
                nothing = args[0] == OPEN and not os.path.exists(OPEN)
                return OPEN, self.get_command(ctx, OPEN), args[1:] if nothing else args
            return super().resolve_command(ctx, args)

    def version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value:
            from trajectsim import __version__

            click.echo(f"trajectsim {__version__}")
            ctx.exit()

    program = Program(
        "trajectsim",
        help=_(
            "A pupil's path through Dutch schools, under the law of each year. FILE opens a scenario; FILE --plain"
            " prints it, and FILE --plain --screen N what another screen shows."
        ),
        subcommand_metavar=_("[FILE | COMMAND ...]"),
        params=[
            click.Option(
                ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=version, help=_("The version.")
            )
        ],
        no_args_is_help=True,
    )
    return language_option(program)


def _closed() -> int:
    """Who read standard output has seen enough; nothing more is written to it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK


def _internal(error: Exception) -> int:
    import traceback

    traceback.print_exc()
    print(words._("This is a fault in trajectsim, not in your input: {error}").format(error=error), file=sys.stderr)
    return INTERNAL
