"""``trajectsim serve`` without a browser: where it listens, whom it lets in, and how it ends."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import aiohttp
import pytest
from workbench_served import SARA, Served, serving

from trajectsim import cli
from trajectsim.cli import serve

pytestmark = pytest.mark.long

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process: exit code, stdout, stderr."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = cli.execute([*map(str, arguments), "--lang", "en"])
        return code, *capsys.readouterr()

    return call


def asked(address: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an address."""
    try:
        with urlopen(Request(address, headers=headers), timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, dict(refused.headers), refused.read().decode()


async def _in_session(served: Served, then: Callable[[], object]) -> None:
    """Open a session as a browser does, and do something once its screen is drawn; then go."""
    address = f"{served.address}ws?width=120&height=40"
    async with aiohttp.ClientSession() as client, client.ws_connect(address) as connected:
        drawn = b""
        while b"Welkom" not in drawn:
            drawn += await connected.receive_bytes(timeout=10)
        await asyncio.to_thread(then)


def in_session(served: Served, then: Callable[[], object]) -> None:
    """The same, in a thread: a browser of another test may have a loop in this one."""
    thread = Thread(target=lambda: asyncio.run(_in_session(served, then)))
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


def wait_until(true: Callable[[], bool]) -> None:
    for _turn in range(150):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come about")


def test_it_listens_to_this_machine_alone_on_a_free_port_and_says_where(served: Served) -> None:
    assert served.address.startswith("http://127.0.0.1:")
    status, headers, page = asked(served.address)
    assert status == 200
    assert '<html lang="nl">' in page
    assert "De werkbank wordt gestart" in page
    assert "{{" not in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    with serving(SARA) as other:
        assert other.address.split("/")[2] != served.address.split("/")[2]


def test_without_the_key_there_is_nothing_and_a_page_of_another_site_is_refused(served: Served) -> None:
    root = "/".join(served.address.split("/")[:3])
    for path in ("/", "/ws", "/other/", "/other/ws", "/static/../serve.py", "/download/none"):
        assert asked(root + path)[0] in (403, 404)
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AQIDBAUGBwgJCgsMDQ4PEC==",
    }
    assert asked(f"{served.address}ws", Origin="https://example.org", **upgrade)[0] == 403
    assert not served.sessions()


def test_who_goes_ends_the_session(served: Served) -> None:
    seen: set[int] = set()
    in_session(served, lambda: seen.update(served.sessions()))
    assert len(seen) == 1
    wait_until(lambda: not served.sessions())


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_it_ends_at_once_with_every_session(name: str) -> None:
    with serving(SARA) as served:
        seen: set[int] = set()

        def stop() -> None:
            seen.update(served.sessions())
            served.process.send_signal(signal.Signals[name])
            served.process.wait(20)

        in_session(served, stop)
        assert served.process.returncode == 0
        assert len(seen) == 1
        assert not any(Path(f"/proc/{pid}/cmdline").exists() for pid in seen)
        assert served.process.stderr is not None
        said = served.process.stderr.read()
        assert "Traceback" not in said
        assert said.endswith("Geëindigd.\n")


def test_a_port_can_be_chosen_and_one_that_is_taken_is_said_to_be(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, err = run("serve", SARA, "--port", str(port))
        assert (code, out) == (2, "")
        assert f"127.0.0.1:{port}" in err
        assert "without --port a free port is taken" in err
    with serving("--port", str(port)) as served:
        assert f":{port}/" in served.address


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_other_machines_are_let_in_only_when_that_is_asked_for(host: str, run: Run) -> None:
    code, out, err = run("serve", "--host", host)
    assert (code, out) == (2, "")
    assert "--allow-remote lets other machines in" in err


def test_who_lets_other_machines_in_is_warned() -> None:
    with serving("--host", "0.0.0.0", "--allow-remote") as served:
        assert socket.gethostname() in served.address
        served.process.terminate()
        _out, err = served.process.communicate(timeout=20)
        assert "Let op: andere computers kunnen hierbij" in err


def test_what_cannot_be_opened_is_told_before_anything_is_served(run: Run, tmp_path: Path) -> None:
    code, out, err = run("serve", tmp_path / "none.toml")
    assert (code, out) == (2, "")
    assert "none.toml" in err
    assert "Traceback" not in err


def test_without_what_it_needs_it_is_told_how_to_get_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda _name: None)
    code, _out, err = run("serve", SARA)
    assert code == 2
    assert "pip install 'trajectsim[serve]'" in err
