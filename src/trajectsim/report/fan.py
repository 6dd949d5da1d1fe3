"""A fan, told: on a page and as plain data. A distribution over careers, and no advice about a child."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trajectsim.cohort.fan import Fan, Fate, Share
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.walk import End
from trajectsim.words import _, decimal_comma, ngettext

LEAST = 5.0
"""The share in % from which a place is told of a year; the others are told together."""
FORMAT = 1
"""The number of the layout of the json; it rises when a key changes its meaning or goes."""


def fan_text(title: str, fan: Fan, law: Lawbook) -> str:
    """Diplomas with their shares and ages, and where she is from year to year."""
    who = fan.fixed.plan.pupil.name
    futures = ngettext("{n} future", "{n} futures", fan.futures).format(n=fan.futures)
    sets = ngettext("{n} set of parameters", "{n} sets of parameters", fan.sets).format(n=fan.sets)
    head = _("{futures} of {name}, in {sets}") if who else _("{futures} of this pupil, in {sets}")
    note = _(
        "A distribution over careers under the model, and no advice about a child. In brackets what 80% of the sets "
        "of parameters lie between. The weakest evidence behind it is {grade} (A to D)."
    ).format(grade=fan.evidence)
    first = [title, head.format(futures=futures, name=who, sets=sets), note]
    blocks = ["\n".join(first)]
    blocks.append("\n".join([_("Diplomas"), *(_fate(fate, fan, law) for fate in fan.diplomas)]))
    years = [f"  {year}  {_places(places, law)}" for year, places in fan.places.items()]
    blocks.append("\n".join([_("Where she is"), *years]))
    blocks.append("\n".join(f"{End(end).text}: {_share(share)}" for end, share in fan.ends.items()))
    return "\n\n".join(blocks) + "\n"


def fan_data(title: str, fan: Fan) -> dict[str, Any]:
    """The fan as plain data."""
    fixed = {earned.diploma: fan.fixed.age_at(earned) for earned in fan.fixed.earned}
    return {
        "format": FORMAT,
        "title": title,
        "advice": "none: a distribution over careers under the model",
        "futures": fan.futures,
        "sets": fan.sets,
        "seed": fan.seed,
        "evidence": fan.evidence,
        "diplomas": [
            {
                "diploma": fate.diploma,
                **_share_data(fate.share),
                "ages": {str(age): count for age, count in fate.ages.items()},
                "age_without_noise": fixed.get(fate.diploma),
            }
            for fate in fan.diplomas
        ],
        "places": {
            str(year): {place: _share_data(share) for place, share in places.items()}
            for year, places in fan.places.items()
        },
        "ends": {end: _share_data(share) for end, share in fan.ends.items()},
    }


def _fate(fate: Fate, fan: Fan, law: Lawbook) -> str:
    low, middle, high = (fate.age(tenths) for tenths in (1, 5, 9))
    age = _("at {age} ({low} – {high})").format(age=middle, low=low, high=high)
    label = str(law.diplomas[fate.diploma].label)
    fixed = next((fan.fixed.age_at(e) for e in fan.fixed.earned if e.diploma == fate.diploma), None)
    beside = "" if fixed is None else _("without chance: {age}").format(age=fixed)
    return f"  {label:<34} {_share(fate.share):<24} {age:<20} {beside}".rstrip()


def _places(places: Mapping[str, Share], law: Lawbook) -> str:
    return ", ".join(_told(places, law))


def _told(places: Mapping[str, Share], law: Lawbook) -> Iterator[str]:
    rest = 0.0
    for name, share in places.items():
        if share.percent < LEAST:
            rest += share.percent
        else:
            yield f"{law.place(name)} {_percent(share.percent)}"
    if rest:
        yield _("elsewhere {share}").format(share=_percent(rest))
    left = 100 - sum(share.percent for share in places.values())
    if round(left, 6) > 0:  # shares do not add up to the last bit
        yield _("out of school {share}").format(share=_percent(left))


def _share(share: Share) -> str:
    ends = f"{share.band.low:.0f} – {share.band.high:.0f}"
    return f"{_percent(share.percent)} ({ends})"


def _percent(percent: float) -> str:
    if 0 < percent < 1:
        return decimal_comma(f"{percent:.1f}%")
    return f"{percent:.0f}%"


def _share_data(share: Share) -> dict[str, float]:
    band = share.band
    return {"percent": round(share.percent, 2), "low": round(band.low, 2), "high": round(band.high, 2)}
