"""The table of screens: each row is made, printed as text, and has its place in the line of screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trajectsim import words
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.state import State
from trajectsim.tui.table import BY_ID, BY_NUMBER, SCREENS, Entry


def test_numbers_and_ids_are_unique() -> None:
    assert len(BY_ID) == len(BY_NUMBER) == len(SCREENS)


@pytest.mark.parametrize("entry", SCREENS, ids=lambda entry: entry.id)
def test_a_row_names_a_screen_and_a_plain_form(
    entry: Entry, scenario: str, on_the_bench: Callable[[str], State]
) -> None:
    screen = entry.made(entry.screen)
    assert issubclass(screen, BenchScreen)
    assert entry.id == screen.ID
    assert screen.KEYS
    state = on_the_bench(scenario)
    assert state.lacks(entry) or any(line.strip() for line in entry.made(entry.plain)(state))


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_line_of_screens_fits_in_80_columns_with_the_sign_of_what_is_not_saved(language: str) -> None:
    words.use(language)
    names = (f" {entry.number} {entry.label} " for entry in SCREENS)
    assert 1 + sum(map(len, names)) + len(" ● ") <= 80
