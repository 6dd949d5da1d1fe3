"""What the parameters of the learning model are called by people; in a scenario they have their keys."""

from __future__ import annotations

from trajectsim.law.lawbook import Lawbook
from trajectsim.words import N_, _

CALLED = {
    "growth.maths-science": N_("growth in maths and science"),
    "growth.language": N_("growth in language"),
    "growth.secondary": N_("growth in secondary school"),
    "phi": N_("skill kept for a year"),
    "rho_dom": N_("likeness of skill in two domains"),
    "reliability.groep-8": N_("reliability of the test in groep 8"),
    "k_ses": N_("growth by parental education"),
    "ses_at_start": N_("start by parental education"),
    "kappa": N_("share of an effect that lasts"),
    "rho_f": N_("fading part left after a year"),
    "bias_shrink": N_("correction of gifted studies"),
    "cap": N_("most by measures in a year"),
    "lam_m": N_("engagement on learning"),
    "phi_m": N_("engagement kept for a year"),
    "b_za": N_("skill on engagement"),
    "b_u": N_("too little challenge on engagement"),
    "reach": N_("reach of lessons above the class"),
    "boredom.b0": N_("boredom on average"),
    "boredom.b1": N_("boredom by skill above the class"),
    "resit.bonus": N_("gain by study for a resit"),
    "repeating.delta": N_("effect of repeating a year"),
    "selection.careful": N_("careful selection knows skill"),
    "selection.lax": N_("lax selection knows skill"),
    "advice.r_adv": N_("advice and skill"),
    "advice.p_raise": N_("advices raised after the test"),
    "advice.cut.{}": N_("bar for the advice {part}"),
    "promotion.e_dec": N_("chance in moving up"),
    "promotion.girls": N_("lower bar for girls"),
    "peers.pro": N_("skill in practical education"),
    "bar.po": N_("bar to move up, primary school"),
    "bar.lower": N_("bar to move up, first two years"),
    "bar.{}": N_("bar to move up, {part}"),
    "success.slope": N_("success in ho by final mark"),
    "exam.lambda": N_("skill in a central exam mark"),
    "exam.r_sece": N_("likeness of SE and CE marks"),
    "exam.b_m": N_("engagement in an SE mark"),
    "exam.{}.mu_ce": N_("mean CE mark, {part}"),
    "exam.{}.mu_se": N_("mean SE mark, {part}"),
    "exam.{}.sd_ce": N_("spread of CE marks, {part}"),
    "exam.{}.sd_se": N_("spread of SE marks, {part}"),
    "exam.{}.own": N_("subjects without a CE, {part}"),
    "exam.{}.ref": N_("skill of candidates, {part}"),
    "exam.{}.spread": N_("spread of candidates, {part}"),
    "dropout.hbo.{}": N_("stops in year 1 of hbo, from {part}"),
    "dropout.wo": N_("stops in year 1 of wo"),
    "delay.{}": N_("delay in {part}"),
    "route.vwo-to-wo": N_("vwo straight to wo"),
    "route.vwo-to-hbo": N_("vwo straight to hbo"),
    "route.havo-to-hbo": N_("havo straight to hbo"),
    "route.havo-to-vwo": N_("havo on to vwo"),
    "route.tl-to-havo": N_("vmbo-tl on to havo"),
    "route.mbo-to-hbo": N_("mbo straight to hbo"),
    "route.step-down": N_("a step down, not a repeat"),
    "route.failed-to-vavo": N_("failed havo, on to vavo"),
    "place.higher.{}": N_("placed higher of two levels, {part}"),
    "place.gl": N_("share of vmbo-gt in gl"),
}
"""By key; {} stands for one word of it, which is the {part} of the name."""

OF_MEASURES = {
    "delta": N_("{measure}: effect"),
    "uncorrected": N_("{measure}: effect"),
    "recovered": N_("{measure}: made up of the year"),
    "peer": N_("{measure}: among peers at first"),
    "peer_years": N_("{measure}: years of that"),
    "peer_later": N_("{measure}: among peers later"),
    "repeat_odds": N_("{measure}: odds of repeating"),
    "ce": N_("{measure}: CE marks"),
    "g_exam": N_("{measure}: lag for a missed year"),
    "own": N_("{measure}: effect of its own"),
    "on_time": N_("{measure}: vwo without delay"),
    "freed": N_("{measure}: lesson time freed"),
}
"""By the last word of the key of an effect."""

OF_NO_MEASURE = {"specialist-timetable": N_("Subject teachers in the place of one")}
"""Effects that were measured of what is no measure."""


def parameter_label(key: str, law: Lawbook) -> str:
    """What a parameter is called. Raises KeyError for one that has no name here."""
    if key in CALLED:
        return _(CALLED[key])
    words = key.split(".")
    if words[0] == "measure":
        return _(OF_MEASURES[words[-1]]).format(measure=_measure(words[1], law))
    for n, part in enumerate(words):
        pattern = ".".join([*words[:n], "{}", *words[n + 1 :]])
        if pattern in CALLED:
            return _(CALLED[pattern]).format(part=part)
    raise KeyError(key)


def _measure(name: str, law: Lawbook) -> str:
    if name in OF_NO_MEASURE:
        return _(OF_NO_MEASURE[name])
    head = f"measure.{name}."
    return next(str(row.label) for row in law.measures.values() if any(each.startswith(head) for each in row.effects))
