"""The language that people read: gettext, and numbers and dates as Dutch and English write them.

English is the language of the messages in the code; Dutch lies in ``locale/``. Law data carries both as a Label.
"""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from attrs import frozen

LANGUAGES = ("nl", "en")
_DOMAIN = "trajectsim"
LOCALE_DIR = Path(__file__).parent / "locale"


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(_DOMAIN, LOCALE_DIR, [language], fallback=language == "en")


class _Chosen:
    language = "en"


def use(language: str) -> None:
    """Speak this language ("nl" or "en") from here on."""
    if language not in LANGUAGES:
        raise ValueError(language)
    _Chosen.language = language


def language() -> str:
    """The language that is spoken now."""
    return _Chosen.language


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """The language of a locale: Dutch for nl*, English otherwise."""
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "nl" if next(filter(None, names), "").lower().startswith("nl") else "en"


def _(message: str) -> str:
    return _catalogue(_Chosen.language).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The message for a count, singular or plural; ``{n}`` in it is not filled in."""
    return _catalogue(_Chosen.language).ngettext(one, many, count)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "extract, translate later"
    """Marks a message for the catalogue that is translated where it is shown."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - the same for what is counted
    """Marks a text with its plural for translation and gives them unchanged."""
    return one, many


@frozen
class Label:
    """A name in both languages; ``str`` gives it in the one that is spoken."""

    nl: str
    en: str

    def __str__(self) -> str:
        return self.nl if _Chosen.language == "nl" else self.en


def decimal_comma(text: str) -> str:
    """A number written with a point, as the language writes it."""
    return text.replace(".", ",") if _Chosen.language == "nl" else text


def mark(tenths: int) -> str:
    """A mark for people: 65 is 6.5 in English and 6,5 in Dutch."""
    return decimal_comma(f"{tenths // 10}.{tenths % 10}")


def mean_text(total: int, count: int) -> str:
    """The mean of marks in tenths, for people: cut to two decimals, so that it never looks higher than it is."""
    hundredths = total * 10 // count
    return decimal_comma(f"{hundredths // 100}.{hundredths % 100:02}")


def euros(cents: int) -> str:
    """An amount of money for people: 18500 is € 185.00 in English and € 185,00 in Dutch."""
    return decimal_comma(f"€ {cents // 100}.{cents % 100:02}")


def day(value: date) -> str:
    """A date in full: 12 March 2008, 12 maart 2008."""
    month = _(_MONTHS[value.month - 1])
    return f"{value.day} {month} {value.year}"


def day_and_time(text: str) -> str:
    """An ISO time for people: 24 November 2026, 21:40. The text itself where it is none."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{day(when.date())}, {when:%H:%M}"


def listed(words: Iterable[str], conjunction: str | None = None) -> str:
    """ "a, b and c"; with another conjunction, "a, b or c"."""
    *most, last = words
    if not most:
        return last
    between = conjunction or _("and")
    return f"{', '.join(most)} {between} {last}"


_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
