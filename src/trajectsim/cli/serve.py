"""``trajectsim serve``: the workbench in a browser, on this machine unless told otherwise."""

from __future__ import annotations

import ipaddress
import socket
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from trajectsim.cli.codes import OK, UNUSABLE
from trajectsim.cli.options import Whole, language_option, show
from trajectsim.errors import Problem, Problems
from trajectsim.words import _

LOOPBACK = "127.0.0.1"


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "serve",
        callback=_serve,
        help=_(
            "Show the workbench in a browser. The address is printed; who has it can work there, each in a session of"
            " their own. It listens to this machine alone, on a free port. Ctrl-C ends it."
        ),
        short_help=_("Show the workbench in a browser."),
        params=[
            click.Argument(["file"], metavar="[FILE]", type=click.Path(path_type=Path), required=False),
            click.Option(
                ["--port"], type=Whole(0, 65535), default=0, metavar="N", help=_("The port; else a free one.")
            ),
            click.Option(["--host"], default=LOOPBACK, metavar="ADDR", help=_("The address to listen on.")),
            click.Option(
                ["--allow-remote"],
                is_flag=True,
                help=_("Listen to other machines too: who has the address works with your files, unencrypted."),
            ),
        ],
    )
    return language_option(made)


def _serve(file: Path | None, port: int, host: str, allow_remote: bool) -> int:
    if find_spec("textual_serve") is None:
        raise click.ClickException(_("serve needs textual-serve: pip install 'trajectsim[serve]'"))
    local = _is_local(host)
    if not local and not allow_remote:
        message = _("{host} is not this machine alone; --allow-remote lets other machines in").format(host=host)
        raise click.BadParameter(message, param_hint="--host")
    try:
        if file is not None:
            _readable(file)
        listening = _bound(host, port)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    from trajectsim.cli.serving import Serving

    with listening:
        serving = Serving(listening, file)
        if not local:
            warning = _(
                "Warning: other machines can reach this. Who has the address works with your files, unencrypted."
            )
            click.echo(warning, err=True)
        click.echo(serving.address)
        sys.stdout.flush()
        click.echo(_("Open this address in a browser. Ctrl-C ends it."), err=True)
        serving.run()
    click.echo(_("Ended."), err=True)
    return OK


def _is_local(host: str) -> bool:
    """Whether an address is of the loopback of this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _readable(file: Path) -> None:
    """Raises Problems where the workbench could not be opened on a file: each session would end before it began."""
    from trajectsim.cli.open import state_of

    state_of(file)


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises Problems."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen()  # before the address is told: who hears it may come at once
        except OSError:
            bound.close()
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = _("cannot be listened on: {reason}").format(reason=reason)
        hint = _("without --port a free port is taken") if port else ""
        raise Problems([Problem("S001", message, f"{host}:{port}", hint=hint)]) from None
    return bound
