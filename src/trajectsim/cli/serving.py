"""The server behind ``trajectsim serve``: a page, and for each browser that opens it a process of the workbench.

What a browser and a process say to each other is textual-serve's. The page is our own, since that one's fetches fonts
from elsewhere. The address has a key in it that nobody guesses: a page of another site cannot reach a session, nor can
somebody else on the same machine.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from html import escape
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import textual_serve
from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from trajectsim import settings, words
from trajectsim.words import _

SESSION = "trajectsim.cli.session"
"""The module that a session runs."""
PATIENCE = 3.0
"""Seconds that a session gets to keep its work and end."""
COOKIE, YEAR = "trajectsim", 365 * 24 * 3600
"""What a browser is known by, and for how many seconds."""
SMALLEST, LARGEST = (20, 5), (1000, 500)
"""Columns and lines of a terminal in a browser."""

POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Session(AppService):
    """One process of the workbench, with the file that is served or with none."""

    file: Path | None = None
    memory: Path

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        told = [str(self.file)] if self.file is not None else []
        command = (sys.executable, "-m", SESSION, words.language(), str(self.memory), *told)
        environment = self._build_environment(width=width, height=height)
        # A group of its own: Ctrl-C is for the server, which lets each session end its work.
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment, start_new_session=os.name == "posix"
        )
        self._stdin = self._process.stdin
        return self._process

    async def end(self) -> None:
        """Ask the process to stop; in the end, stop it."""
        try:
            await asyncio.wait_for(self.stop(), PATIENCE)
        except (TimeoutError, ConnectionError):
            pass
        finally:
            if self._process is not None and self._process.returncode is None:
                try:
                    await asyncio.wait_for(self._process.wait(), PATIENCE)
                except TimeoutError:
                    self._process.kill()
                    await self._process.wait()


class Serving:
    """A server on a socket that is bound. ``address`` is where a browser finds it."""

    def __init__(self, bound: socket.socket, file: Path | None) -> None:
        self._bound, self._file = bound, file
        self._key = secrets.token_urlsafe(16)
        self._downloads = DownloadManager()
        self._sockets: set[web.WebSocketResponse] = set()

    @property
    def address(self) -> str:
        host, port = self._bound.getsockname()[:2]
        name = socket.gethostname() if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
        return f"http://{name}:{port}/{self._key}/"

    def run(self) -> None:
        """Serve until the process is interrupted or terminated; every session is ended first."""
        web.run_app(self.app(), sock=self._bound, print=None, access_log=None, shutdown_timeout=2 * PATIENCE)

    def app(self) -> web.Application:
        """The routes. What is asked for without the key is not there."""
        app = web.Application(middlewares=[_with_headers])
        app.add_routes(
            [
                web.get(f"/{self._key}/", self._page),
                web.get(f"/{self._key}/ws", self._session),
                web.get("/download/{key}", self._download),
                web.static("/static", Path(textual_serve.__file__).parent / "static"),
            ]
        )
        app.on_shutdown.append(self._close)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        text = (resources.files("trajectsim.cli") / "serving.html").read_text("utf-8")
        told = {
            "language": words.language(),
            "title": f"trajectsim · {self._file.name}" if self._file else "trajectsim",
            "socket": f"ws://{request.host}/{self._key}/ws",
            "starting": _("The workbench is starting ..."),
            "ended": _("This session has ended."),
            "again": _("Begin again"),
            "needs": _("The workbench needs JavaScript."),
        }
        for name, value in told.items():
            text = text.replace("{{" + name + "}}", escape(value))
        response = web.Response(text=text, content_type="text/html")
        response.set_cookie(COOKIE, _browser(request), max_age=YEAR, httponly=True, samesite="Strict")
        return response

    async def _session(self, request: web.Request) -> web.WebSocketResponse:
        origin = request.headers.get("Origin", "")
        if origin and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text=_("a page of another site asks for this"))
        connected = web.WebSocketResponse(timeout=1.0, heartbeat=15)
        await connected.prepare(request)
        self._sockets.add(connected)

        async def close() -> None:
            await connected.close()

        session = Session(
            "",
            write_bytes=connected.send_bytes,
            write_str=connected.send_str,
            close=close,
            download_manager=self._downloads,
        )
        session.file = self._file
        session.memory = settings.state_folder() / "browsers" / _browser(request)
        try:
            await session.start(*_size(request))
            await _relay(connected, session)
        finally:
            self._sockets.discard(connected)
            await session.end()
        return connected

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file that a session gives to its browser, under a key of its own."""
        key = request.match_info["key"]
        try:
            meta = await self._downloads.get_download_metadata(key)
        except KeyError:
            raise web.HTTPNotFound from None
        kind = f"{meta.mime_type}; charset={meta.encoding}" if meta.encoding else meta.mime_type
        name = meta.file_name.replace('"', "")
        headers = {"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        async for chunk in self._downloads.download(key):
            await response.write(chunk)
        await response.write_eof()
        return response

    async def _close(self, _app: web.Application) -> None:
        for connected in tuple(self._sockets):
            await connected.close(code=WSCloseCode.GOING_AWAY)


async def _relay(connected: web.WebSocketResponse, session: Session) -> None:
    """What the browser says, to the process, until the browser goes."""
    async for message in connected:
        if message.type is not WSMsgType.TEXT:
            continue
        kind, *rest = message.json()
        if kind == "stdin":
            await session.send_bytes(rest[0].encode("utf-8"))
        elif kind == "resize":
            await session.set_terminal_size(rest[0]["width"], rest[0]["height"])
        elif kind == "ping":
            await connected.send_json(["pong", rest[0]])
        elif kind in ("blur", "focus"):
            await (session.blur() if kind == "blur" else session.focus())


def _browser(request: web.Request) -> str:
    """By which name a browser is remembered: what it left unsaved is offered to it again, and to no other."""
    told = request.cookies.get(COOKIE, "")
    return told if re.fullmatch(r"[\w-]{22}", told, re.ASCII) else secrets.token_urlsafe(16)


def _size(request: web.Request) -> tuple[int, int]:
    """The columns and lines that a browser has room for."""
    asked = (request.query.get("width", ""), request.query.get("height", ""))
    usual = (80, 24)
    return tuple(  # pyright: ignore[reportReturnType]
        min(max(int(text), low), high) if text.isdecimal() else default
        for text, default, low, high in zip(asked, usual, SMALLEST, LARGEST, strict=True)
    )


@web.middleware
async def _with_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        response = await handler(request)
    except web.HTTPException as refused:
        refused.headers.update(HEADERS)
        raise
    if not response.prepared:
        response.headers.update(HEADERS)
    return response
