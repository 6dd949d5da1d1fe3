"""A monkey at the workbench: random keys and clicks, the same ones for the same seed. By hand, for long:

python tests/tui/monkey.py 20000

It plays in a folder of its own, in which it may save what it likes. Nothing may crash, and nothing that is not saved
may be lost unless that was asked and agreed to.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from textual.errors import NoWidget
from textual.events import Key
from textual.pilot import OutOfBounds
from textual.worker import WorkerCancelled

from trajectsim import words
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.app import Workbench
from trajectsim.tui.document import Document
from trajectsim.tui.memory import Memory
from trajectsim.tui.state import State
from trajectsim.tui.table import SCREENS

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = ("paths/sara.toml", "paths/start-in-havo-4.toml", "exams/havo-2026.csv", "policies/cum-laude-7-5.toml")
SIZES = ((80, 24), (120, 40), (60, 16), (200, 60))
NAMES = {
    "?": "question_mark", "/": "slash", "[": "left_square_bracket", "]": "right_square_bracket", ".": "full_stop",
    ",": "comma", " ": "space", "=": "equals_sign", '"': "quotation_mark", "#": "number_sign", "-": "minus",
}  # fmt: skip
MOVES = ("left", "right", "up", "down", "home", "end", "pageup", "pagedown", "tab", "shift+tab", "enter", "escape")
OTHERS = ("backspace", "delete", "ctrl+z", "ctrl+y", "ctrl+s", "ctrl+p", "ctrl+c", "ctrl+o", "S", "R", "f8", "f9")
CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789?/[].,= "#-é€'
HARD = {"q": 0.1, "R": 0.2}
"""Keys that are pressed less often than the others: they end what is going on, or take long."""


class Watched(Workbench):
    """Knows whether losing what is not saved was agreed to."""

    agreed = False

    def unless_unsaved(self, then: Callable[[], object]) -> None:
        def yes() -> None:
            self.agreed = True
            then()

        super().unless_unsaved(yes)

    def edit(self, document: Document, patience: float = 0.0) -> None:
        self.agreed = False
        super().edit(document, patience)

    def take(self, state: State) -> None:
        assert self.agreed or not list(self._lost()), "work was replaced unasked"
        super().take(state)

    def _leave(self) -> None:
        assert self.agreed or not list(self._lost()), "work was left unasked"
        super()._leave()


def keys(chance: random.Random, count: int) -> list[str]:
    """Random keys by name; a click is "click"."""
    all_ = [*MOVES * 3, *OTHERS, *CHARACTERS, *[f"f{n}" for n in range(1, 8)] * 2, *["click"] * 12]
    return chance.choices(all_, [HARD.get(key, 1.0) for key in all_], k=count)


async def press(app: Watched, pilot: object, chance: random.Random, key: str) -> None:
    """Press a key, or click somewhere, without waiting for what follows."""
    if key == "click":
        with suppress(OutOfBounds, NoWidget):
            spot = (chance.randrange(app.size.width), chance.randrange(app.size.height))
            await pilot.click(offset=spot)  # type: ignore[attr-defined]
        return
    character = key if len(key) == 1 else None
    app.post_message(Key(NAMES.get(key, key), character))
    await asyncio.sleep(0)


async def play(state: State, first: str, memory: Memory, seed: int, count: int) -> int:
    """Press so many keys, or until the workbench is left; how many were pressed."""
    chance, app, done = random.Random(seed), Watched(state, first, memory, eager=seed % 2 == 0), 0
    app.animation_level = "none"
    async with app.run_test(size=SIZES[seed % len(SIZES)]) as pilot:
        await pilot.pause()
        for key in keys(chance, count):
            if not app.is_running or app.return_code is not None or app._exit:
                break
            await press(app, pilot, chance, key)
            done += 1
            if done % 10 == 0:
                await pilot.pause()
            if done % 100 == 0:
                await pilot.resize_terminal(*chance.choice(SIZES))
                app._keep_changed()
                document = app.document
                if document is not None and document.unsaved:
                    assert document.text in [kept.text for kept in _own(memory)]
        for worker in list(app.workers):
            worker.cancel()
        with suppress(WorkerCancelled):
            await pilot.pause()
    return done


def _own(memory: Memory) -> list[object]:
    """What this workbench keeps at the moment."""
    import json

    from trajectsim.tui.memory import Kept

    return [Kept(**json.loads(file.read_text("utf-8"))) for file in (memory.folder / "work").glob("*.json")]


def rounds(law: Lawbook, folder: Path, seed: int, count: int) -> int:
    """Play until so many keys were pressed, opening it again where it was left; on every screen in turn."""
    for file in FILES:
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SCENARIOS / file, target)
    before, done, at = Path.cwd(), 0, seed
    os.chdir(folder)
    try:
        while done < count:
            words.use(words.LANGUAGES[at % 2])
            file = folder / FILES[at % len(FILES)]
            state = State.opened(file, law) if at % 5 else State.of(None, law)
            possible = [entry.id for entry in SCREENS if not state.lacks(entry)]
            memory = Memory(folder / "state")
            if at % 7:
                memory.remember(welcomed=True)
            done += asyncio.run(play(state, possible[at % len(possible)], memory, at, min(400, count - done)))
            memory.let_go()
            at += 1
    finally:
        os.chdir(before)
    return done


if __name__ == "__main__":
    many, begin = int(sys.argv[1]), time.perf_counter()
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(XDG_CONFIG_HOME=f"{home}/config", XDG_STATE_HOME=f"{home}/state")
        pressed = 0
        for seed in range(first, first + max(1, many // 400)):
            place = Path(home) / str(seed)
            place.mkdir()
            pressed += rounds(Lawbook.load(), place, seed, min(400, many))
            print(f"seed {seed}: {pressed} keys and clicks in {time.perf_counter() - begin:.0f} s", flush=True)
