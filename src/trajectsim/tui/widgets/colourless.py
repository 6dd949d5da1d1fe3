"""The screens without any colour, as NO_COLOR asks for (no-color.org): what a background says is said by turning ink
and paper round."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

APART = 1.4
"""How much a background has to stand out from that of the screen to say something: a highlighted line does, a panel
that is shaded for looks does not (see ``contrast``)."""

_REVERSED = Style(reverse=True)


class Colourless(LineFilter):
    """Leaves bold, underlined and reversed text. ``paper``: the background of the screen."""

    def __init__(self, paper: Color) -> None:
        super().__init__()

        def without(style: Style) -> Style:
            return _without(style, paper)

        self._without = lru_cache(2048)(without)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            Segment(text, None if style is None else self._without(style), control) for text, style, control in segments
        ]


def _without(style: Style, paper: Color) -> Style:
    plain = style.without_color
    if style.reverse or style.bgcolor is None or style.bgcolor.triplet is None:
        return plain
    return plain + _REVERSED if contrast(Color.from_rich_color(style.bgcolor), paper) >= APART else plain


def contrast(one: Color, other: Color) -> float:
    """How much two colours stand out from each other, from 1 to 21, as the Web Content Accessibility Guidelines reckon
    it (WCAG 2.1, contrast ratio)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
