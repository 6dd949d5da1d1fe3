"""Make the pictures of the README and the guides from the real screens, without a terminal.

Run it after changing a screen: ``python tools/make_pictures.py``. It writes ``docs/img/*.svg``.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen

from trajectsim import words
from trajectsim.cohort.executors import HERE
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.app import Workbench
from trajectsim.tui.examsource import open_file
from trajectsim.tui.screens.cohort import CohortScreen
from trajectsim.tui.state import State

ROOT = Path(__file__).resolve().parent.parent
SARA = Path("scenarios", "paths", "sara.toml")
CLASS = Path("scenarios", "exams", "havo-2026.csv")
COHORT = Path("scenarios", "cohorts", "skip-year.toml")
BEFORE_MAY = Path("scenarios", "exams", "vwo-se-2026.csv")
IMAGES = ROOT / "docs" / "img"
FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Fira Code', monospace"
CELL = 12.2  # the width of a character in the pictures that Textual makes


@frozen
class Picture:
    """A picture: its file, the size of the terminal, the language, the keys that lead to it, and what is open."""

    name: str
    size: tuple[int, int]
    language: str
    keys: tuple[str, ...]
    shown: Path = SARA


TO_GROEP_8 = ("right",) * 6
TO_FIVE_YEARS = ("down",) * 4
TO_THE_LAST = ("right_square_bracket",) * 3
PICTURES = (
    Picture("path-screen", (120, 40), "en", (*TO_GROEP_8, *TO_FIVE_YEARS)),
    Picture("path-screen-light", (120, 40), "nl", (*TO_GROEP_8, *TO_FIVE_YEARS, "d")),
    Picture("path-screen-80x24", (80, 24), "en", TO_GROEP_8),
    Picture("exam-screen", (120, 40), "en", ("7", "full_stop", "4"), BEFORE_MAY),
    Picture("exam-screen-light", (120, 40), "nl", (*TO_THE_LAST, "d"), CLASS),
    Picture("exam-screen-80x24", (80, 24), "en", TO_THE_LAST, CLASS),
    Picture("options-screen", (120, 40), "en", (*TO_GROEP_8, "2")),
    Picture("compare-screen", (120, 40), "en", ("4",)),
    Picture("cohort-screen", (120, 40), "en", ("5", "r"), COHORT),
    Picture("law-screen", (120, 40), "en", (*TO_GROEP_8, *TO_FIVE_YEARS, "w")),
    Picture("scenarios-screen", (120, 40), "en", ("7",)),
)


def workbench(shown: Path, law: Lawbook) -> Workbench:
    """The workbench with a scenario or a class open."""
    if shown.suffix == ".csv":
        return Workbench(State.of(None, law, open_file(shown, law).on(None, law)))
    return Workbench(State.opened(shown, law))


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    law = Lawbook.load()
    CohortScreen.where = HERE
    with TemporaryDirectory() as home:
        _move_in(Path(home))
        for picture in PICTURES:
            words.use(picture.language)
            svg = asyncio.run(_taken(picture, workbench(picture.shown, law)))
            (IMAGES / f"{picture.name}.svg").write_text(_self_contained(svg), "utf-8")


def _move_in(home: Path) -> None:
    """Work in ~/trajectsim, so that no picture shows where it was made."""
    for name in ("scenarios", "schema"):
        shutil.copytree(ROOT / name, home / "trajectsim" / name)
    os.environ["HOME"] = str(home)
    os.chdir(home / "trajectsim")


async def _taken(picture: Picture, app: Workbench) -> str:
    async with app.run_test(size=picture.size) as pilot:
        await pilot.pause()
        await pilot.press(*picture.keys)
        await app.workers.wait_for_complete()  # what is still needed follows the marks
        await pilot.pause()
        return app.export_screenshot()


def _self_contained(svg: str) -> str:
    """Without fonts from the network, and drawn alike by programs that drop the spaces a text begins with."""
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"@font-face\s*{.*?}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family:\s*Fira Code[^;]*;", f"font-family: {FONTS};", svg)
    svg = re.sub(r"font-family:\s*arial\s*;", "font-family: sans-serif;", svg)
    svg = re.sub(r'(<text [^>]*?x=")([\d.]+)("[^>]*textLength=")([\d.]+)("[^>]*>)((?:&#160;)+)(?=[^<])', _indented, svg)
    return "\n".join(line.rstrip() for line in svg.strip().splitlines()) + "\n"


def _indented(found: re.Match[str]) -> str:
    head, x, middle, length, tail, spaces = found.groups()
    shift = CELL * (len(spaces) // len("&#160;"))
    return f"{head}{float(x) + shift:g}{middle}{float(length) - shift:g}{tail}"


if __name__ == "__main__":
    main()
