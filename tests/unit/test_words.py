"""The language that is spoken, and numbers and dates as it writes them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim import words
from trajectsim.words import Label, language, language_of, listed


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "nl_BE"}, "nl"),
        ({"LANG": "nl"}, "nl"),
        ({"LANG": "NL_nl"}, "nl"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": ""}, "en"),
        ({"LC_ALL": "en_GB", "LANG": "nl_NL"}, "en"),
        ({"LC_ALL": "", "LANG": "nl_NL"}, "nl"),
        ({"LC_MESSAGES": "nl_NL", "LANG": "en_GB"}, "nl"),
        ({"LC_ALL": "nl_NL", "LC_MESSAGES": "en_GB", "LANG": "en_GB"}, "nl"),
        ({"LC_CTYPE": "nl_NL"}, "en"),
    ],
)
def test_the_language_follows_the_locale(environment: dict[str, str], spoken: str) -> None:
    assert language_of(environment) == spoken


@pytest.mark.parametrize("spoken", words.LANGUAGES)
def test_a_language_is_used_until_another_is(spoken: str) -> None:
    words.use(spoken)
    assert language() == spoken
    assert str(Label(nl="school", en="skool")) == {"nl": "school", "en": "skool"}[spoken]


@pytest.mark.parametrize("unknown", ["", "fr", "NL", "nl_NL"])
def test_another_language_is_a_value_error_and_changes_nothing(unknown: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the language itself
        words.use(unknown)
    assert language() == "en"


@given(st.integers(0, 1000))
def test_a_mark_is_written_with_a_point_or_a_comma(tenths: int) -> None:
    words.use("en")
    point = words.mark(tenths)
    words.use("nl")
    comma = words.mark(tenths)
    words.use("en")
    assert point == str(tenths / 10)
    assert comma == point.replace(".", ",")


def test_marks_of_six_and_a_half() -> None:
    assert words.mark(65) == "6.5"
    words.use("nl")
    assert words.mark(65) == "6,5"
    assert words.decimal_comma("1.25") == "1,25"


@pytest.mark.parametrize(
    ("day", "en", "nl"),
    [
        (date(2008, 3, 12), "12 March 2008", "12 maart 2008"),
        (date(2016, 8, 1), "1 August 2016", "1 augustus 2016"),
        (date(2020, 5, 31), "31 May 2020", "31 mei 2020"),
    ],
)
def test_a_date_in_full(day: date, en: str, nl: str) -> None:
    assert words.day(day) == en
    words.use("nl")
    assert words.day(day) == nl


@pytest.mark.parametrize(
    ("several", "conjunction", "text"),
    [
        (["a"], None, "a"),
        (["a", "b"], None, "a and b"),
        (["a", "b", "c"], None, "a, b and c"),
        (["a", "b", "c"], "or", "a, b or c"),
        (iter(["a", "b"]), "or", "a or b"),
    ],
)
def test_words_in_a_row(several: list[str], conjunction: str | None, text: str) -> None:
    assert listed(several, conjunction) == text


def test_the_message_for_a_count() -> None:
    assert [words.ngettext("{n} year", "{n} years", n).format(n=n) for n in (0, 1, 2)] == [
        "0 years",
        "1 year",
        "2 years",
    ]
