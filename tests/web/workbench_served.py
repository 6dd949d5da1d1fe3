"""``trajectsim serve`` as a process, and a tab of a browser that looks at it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen
from playwright.sync_api import Page

SARA = Path(__file__).parents[2] / "scenarios" / "paths" / "sara.toml"


@frozen
class Served:
    """A server that runs, and the address it printed."""

    process: subprocess.Popen[str]
    address: str

    def sessions(self) -> set[int]:
        """The processes of the workbench that it has started and that run."""
        found: set[int] = set()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text("utf-8").rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if int(fields[1]) == self.process.pid and fields[0] != "Z":
                found.add(int(stat.parent.name))
        return found


@contextmanager
def serving(*arguments: str | Path) -> Iterator[Served]:
    """``trajectsim serve`` as a process of its own, until the end of the block."""
    command = [sys.executable, "-m", "trajectsim", "serve", *map(str, arguments), "--lang", "nl"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            if not address:
                assert process.stderr is not None
                raise AssertionError(process.stderr.read())
            yield Served(process, address)
        finally:
            process.terminate()


@frozen
class Tab:
    """A tab on the workbench. ``said`` is what its terminal was told and nobody looked at, ``urls`` what it fetched."""

    page: Page
    said: list[str]
    urls: list[str]

    def shows(self, text: str) -> None:
        """Wait until a text is drawn."""
        for _turn in range(200):
            if text in self.drawn:
                self.said.clear()
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{text!r} was not drawn, but: {self.drawn[-2000:]}")

    @property
    def drawn(self) -> str:
        """What was said, without what moves the cursor and colours."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", "".join(self.said))
