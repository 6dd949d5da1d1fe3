"""Places: where a pupil can be in a school year. A place is a year of a track ("vo/vwo/4"), or out of school."""

from __future__ import annotations

import re
from functools import cache, cached_property

from attrs import field, frozen

from trajectsim.law.tables import Cite
from trajectsim.words import Label, _


@frozen(cache_hash=True)
class Track:
    """A run of years that a pupil walks one by one.

    ``lane`` is the line of the map it is drawn on, ``nominal`` the moves that are tried, in order, after its last
    year when the plan says nothing.
    """

    id: str
    sector: str
    lane: str
    years: int
    label: Label
    place: Label
    nominal: tuple[str, ...]
    cite: tuple[Cite, ...]
    level: str = ""


@frozen(cache_hash=True)
class Place:
    """Year ``n`` of a track, counted from 1. Without a track: out of school."""

    track: Track | None = field(default=None)
    n: int = 0

    @cached_property
    def id(self) -> str:
        return f"{self.track.id}/{self.n}" if self.track else "out"

    @property
    def lane(self) -> str:
        return self.track.lane if self.track else ""

    @property
    def years_to_final(self) -> int:
        """How many years of the track come after this one."""
        return self.track.years - self.n if self.track else 0

    def __str__(self) -> str:
        if self.track is None:
            return _("out of school")
        return str(self.track.place).replace("{n}", str(self.n))


OUT = Place()
STEPS = {"same": 0, "next": 1, "next+1": 2}
"""Words for the year of a track that a move leads to, seen from the year that is left."""


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", "[^/]+"))


@cache
def matches(pattern: str, place_id: str) -> bool:
    """Whether a pattern such as "vo/*/*" names a place; a star stands for one part."""
    return _pattern(pattern).fullmatch(place_id) is not None


@cache
def named(patterns: tuple[str, ...], place_id: str) -> bool:
    """Whether one of some patterns names a place; there are few of either, and every year of a walk is asked again."""
    return any(matches(pattern, place_id) for pattern in patterns)


def destination(to: str, place: Place, tracks: dict[str, Track]) -> Place | None:
    """Where a move leads from a place, or None where it leads nowhere (no year after the last).

    ``to`` is "out", or a year, alone for the own track or after the id of another: "same", "next", "next+1",
    "vo/vwo/5", "vo/vwo/next". From out of school only a named track or "out" can be reached.
    """
    if to == "out":
        return OUT
    track_id, _slash, year = to.rpartition("/")
    track = tracks[track_id] if track_id else place.track
    if track is None:
        return None
    n = place.n + STEPS[year] if year in STEPS else int(year)
    return Place(track, n) if 1 <= n <= track.years else None
