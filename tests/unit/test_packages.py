"""Packages: which subjects make an exam of a profile, which role each has, and what does not go together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim import words
from trajectsim.exam.packages import Misfit, check_package, missing, roles_of, template
from trajectsim.law.exams import Exclusion, Package
from trajectsim.law.lawbook import CALENDAR, Lawbook

LAW = Lawbook.load()
LEVELS = ("bb", "kb", "gl", "tl", "havo", "vwo")
YEARS = range(LAW.known_exams.first or 0, (LAW.known_exams.last or 0) + 1)
GRADED = dict(zip(LEVELS, (7, 7, 7, 7, 8, 9), strict=True))
"""Final marks that a whole exam has, the combination mark as one (dossier 2.3, 2.17)."""

Sheet = list[tuple[str, str]]


def profiles(level: str, year: int) -> list[str]:
    return [
        row.profile
        for row in LAW.packages.values()
        if row.profile and level in row.levels and any(year in version.span for version in row.version)
    ]


EXAMS = [(level, year, profile) for level in LEVELS for year in YEARS for profile in profiles(level, year)]
exams = st.sampled_from(EXAMS)


def sheet(codes: str, role: str) -> Sheet:
    return [(code, role) for code in codes.split()]


def vwo(profile: str, free: str = "", common: str = "netl entl dutl") -> Sheet:
    return [*sheet(common, "common"), *sheet(profile, "profile"), *sheet(free, "free")]


def havo(profile: str, free: str = "") -> Sheet:
    return vwo(profile, free, "netl entl")


def tl(profile: str, free: str) -> Sheet:
    return vwo(profile, free, "netl entl maat")


def told(misfits: list[Misfit]) -> list[str]:
    return sorted(misfit.message for misfit in misfits)


# --- the data -----------------------------------------------------------------------------------------------


def test_no_code_stands_for_two_subjects() -> None:
    codes = [code for row in LAW.subjects.values() for code in (row.id, *row.also)]
    assert len(codes) == len(set(codes))
    assert all(code == code.lower() for code in codes)


def test_groups_that_rules_know_have_the_subjects_of_the_law() -> None:
    def of(group: str) -> set[str]:
        return {row.id for row in LAW.subjects.values() if group in row.groups}

    assert of("core") == {"netl", "entl", "wisa", "wisb", "wisc"}
    assert of("maths") == {"wisa", "wisb", "wisc", "wi"}
    assert (of("dutch"), of("english")) == ({"netl"}, {"entl"})
    assert of("classical-language") == {"latc", "grtc"}
    assert not of("visual-art") & of("stage-art")


def test_every_subject_is_closed_in_a_way_that_is_known_and_art_shares_a_central_exam() -> None:
    assert {row.ce for row in LAW.subjects.values()} == {"always", "never", "either"}
    shared = {row.id for row in LAW.subjects.values() if row.shared}
    assert {"kubv", "kumu", "kudr", "kuda"} <= shared
    assert "mu" not in shared
    alone = {"maat", "anw", "ckv", "lo", "wisd", "nlt", "in", "bsm", "pws", "lo2", "ift", "sple", "arle"}
    assert {LAW.subjects[code].ce for code in alone} == {"never"}


def test_every_code_in_packages_and_exclusions_is_a_subject() -> None:
    picks = [
        pick
        for row in LAW.packages.values()
        for version in row.version
        for pick in (*version.common, *version.profile, *version.part)
    ]
    named = {code for pick in picks for code in pick.of}
    named |= {code for rule in LAW.exclusions.values() for code in (*rule.of, *rule.only_with)}
    assert named <= set(LAW.subjects)
    assert all(0 < pick.n <= len(pick.of) == len(set(pick.of)) for pick in picks)


@pytest.mark.parametrize("rule", [*LAW.packages.values(), *LAW.exclusions.values()], ids=lambda rule: rule.id)
def test_every_year_has_one_citation_and_at_most_one_version(rule: Package | Exclusion) -> None:
    for year in YEARS:
        assert sum(year in cite.span for cite in rule.cite) == 1
        if isinstance(rule, Package):
            assert sum(year in version.span for version in rule.version) <= 1


@pytest.mark.parametrize("level", LEVELS)
def test_every_year_has_its_profiles(level: str) -> None:
    sectors = ["techniek", "zorg", "economie", "landbouw"]
    ten = ["bwi", "pie", "mt", "mvi", "mar", "zw", "eo", "hbr", "groen", "dp"]
    four = ["nt", "ng", "em", "cm"]
    new = {"tl": ["techniek", "zorg", "economie", "groen"], "havo": four, "vwo": four}.get(level, ten)
    old = four if level in ("havo", "vwo") else sectors
    for year in YEARS:
        assert profiles(level, year) == (old if year < 2017 else new)


# --- templates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "year", "profile"), EXAMS)
def test_a_template_is_a_whole_exam(level: str, year: int, profile: str) -> None:
    rows = template(LAW, level, year, profile)
    assert check_package(LAW, level, year, profile, rows) == []
    assert missing(LAW, level, year, profile, rows) == []
    assert len({code for code, _role in rows}) == len(rows)
    composition, sitting = LAW.composition(level, year, CALENDAR), LAW.sitting(level, year, CALENDAR)
    known = {*composition.counts, *composition.combined, *sitting.beside}
    roles = [role for _code, role in rows]
    assert set(roles) <= known
    combined = [role for role in roles if role in composition.combined]
    assert sum(composition.counts.get(role, 0) for role in roles) + bool(combined) >= GRADED[level]
    assert ("rekentoets" in roles) == ("rekentoets" in sitting.beside)


def test_templates_by_example() -> None:
    assert template(LAW, "havo", 2015, "em") == [
        *havo("wisa econ gs mo", "ak"), *sheet("maat pws", "part"), *sheet("lo ckv", "rated"), ("rek", "rekentoets"),
    ]  # fmt: skip
    assert template(LAW, "kb", 2018, "bwi")[3:10] == [
        *sheet("wi nask1", "profile"), ("bwi", "profielvak"),
        *sheet("keuzevak1 keuzevak2 keuzevak3 keuzevak4", "keuzevak"),
    ]  # fmt: skip
    assert ("beco", "profile") in template(LAW, "havo", 2019, "em")
    assert ("anw", "part") in template(LAW, "vwo", 2016, "nt")
    assert ("anw", "part") not in template(LAW, "vwo", 2017, "nt")


def test_there_is_no_template_of_a_profile_that_does_not_exist() -> None:
    assert template(LAW, "tl", 2018, "landbouw") == []
    assert template(LAW, "vwo", 2018, "") == []


# --- what fits and what does not ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "year", "profile", "rows"),
    [
        ("vwo", 2015, "ng", vwo("wisb bio schk nat", "in")),  # maths B for A
        ("vwo", 2015, "cm", vwo("wisa gs fil ak", "fatl")),  # maths A for C
        ("vwo", 2015, "cm", vwo("wisc gs grtc maw", "fatl", "netl entl latc")),
        ("vwo", 2015, "cm", vwo("wisc gs fatl ak", "in", "netl entl dutl")),
        ("vwo", 2015, "ng", vwo("wisa bio schk nat", "wisb in")),  # the second maths is an extra subject
        ("vwo", 2022, "ng", vwo("wisa wisb bio schk nat", "in")),
        ("vwo", 2022, "cm", vwo("wisc wisb gs fil ak", "in")),
        ("vwo", 2015, "nt", vwo("wisb nat schk wisd", "bio", "netl entl")),  # no second language: exempt
        ("vwo", 2015, "nt", vwo("wisb nat schk wisd", "ak", "netl entl bio")),  # and a subject in its place
        ("havo", 2015, "cm", havo("gs dutl kubv ak", "fatl")),
        ("havo", 2015, "cm", havo("gs dutl fatl econ", "mu te")),
        ("havo", 2021, "em", havo("wisa econ gs mo", "ak")),  # repeaters keep the old subject
        ("havo", 2015, "nt", havo("wisb na sk biol", "levensbeschouwing")),  # other codes, a subject of the school
        ("tl", 2015, "economie", tl("econ dutl", "fatl gs")),
        ("tl", 2015, "economie", tl("econ ak", "gs bio")),  # exempt from the language
        ("tl", 2015, "techniek", tl("wisb nat", "nask2 bio")),  # subjects of havo in place of its own
        ("tl", 2015, "techniek", tl("wi nask1", "te mu")),
    ],
)
def test_packages_that_fit(level: str, year: int, profile: str, rows: Sheet) -> None:
    assert check_package(LAW, level, year, profile, rows) == []


NT_CHOICE = "the profile part lacks biology, computer science, nature, life and technology or maths D"
EM_CHOICE = (
    "the profile part lacks management and organisation, geography, social science, "
    "German, French, Spanish, Russian, Italian, Arabic, Turkish or Frisian"
)


@pytest.mark.parametrize(
    ("level", "year", "profile", "rows", "messages"),
    [
        ("vwo", 2015, "nt", vwo("wisb nat schk", "in"), [NT_CHOICE]),
        ("vwo", 2015, "nt", vwo("wisa nat schk bio", "in"), [
            "maths A is no subject of this profile", "the profile part lacks maths B",
        ]),
        ("vwo", 2015, "ng", vwo("wisa wisb bio schk nat", "in"), ["maths A and maths B do not go together"]),
        ("vwo", 2022, "cm", vwo("wisc wisa gs fil ak", "in"), ["maths A and maths C do not go together"]),
        ("vwo", 2015, "ng", vwo("wisa bio schk nat", "wisd in"), ["maths D goes only with maths B"]),
        ("vwo", 2015, "cm", vwo("wisc gs kubv ak", "te"), ["art (visual) and drawing do not go together"]),
        ("vwo", 2015, "cm", vwo("wisc gs kumu ak", "mu"), ["art (music) and music do not go together"]),
        ("vwo", 2015, "nt", vwo("wisb nat schk bio", "sple sptl"), [
            "Spanish and Spanish (elementary) do not go together",
        ]),
        ("vwo", 2015, "nt", vwo("wisb nat schk bio", "in", "netl dutl"), ["the common part lacks English"]),
        ("vwo", 2015, "nt", vwo("wisb nat schk bio", "in", "netl entl dutl ak"), [
            "geography does not count in the common part",
        ]),
        ("havo", 2015, "em", havo("wisa econ gs beco", "ak"), [
            "business economics is no subject of this profile", EM_CHOICE,
        ]),
        ("havo", 2015, "nt", havo("wisb nat schk robotica", "in"), [
            '"robotica" is no subject of this profile', NT_CHOICE,
        ]),
        ("tl", 2015, "economie", tl("econ dutl", "fatl sptl"), [
            "not met: at least two subjects of the profile part and the free part are no modern language",
        ]),
        ("tl", 2015, "techniek", tl("wi nask1", "te ha"), ["drawing and crafts do not go together"]),
        ("tl", 2015, "techniek", tl("wi nask1", "wisb bio"), ["maths and maths B do not go together"]),
        ("kb", 2018, "bwi", [*tl("wi nask1", ""), ("zw", "profielvak")], [
            "care and welfare is no programme of this profile",
        ]),
    ],
)  # fmt: skip
def test_packages_that_do_not_fit(level: str, year: int, profile: str, rows: Sheet, messages: list[str]) -> None:
    misfits = check_package(LAW, level, year, profile, rows)
    assert told(misfits) == messages
    assert all(misfit.cite is not None and year in misfit.cite.span for misfit in misfits)


def test_a_misfit_points_at_the_slot_and_says_what_its_role_would_be() -> None:
    rows = vwo("gs wisb nat schk bio", "in")
    (misfit,) = check_package(LAW, "vwo", 2015, "nt", rows)
    assert misfit.index == rows.index(("gs", "profile"))
    assert misfit.hint == "its role here is free"
    (lacking,) = check_package(LAW, "vwo", 2015, "nt", vwo("nat schk bio", "wisb"))
    assert (lacking.index, lacking.hint) == (None, "maths B is on the sheet as free")


@pytest.mark.parametrize(
    ("level", "year", "profile", "message"),
    [
        ("vwo", 2015, "NT", 'there is no profile "NT" on vwo in 2015/2016 - did you mean "nt"?'),
        ("tl", 2015, "groen", 'there is no profile "groen" on tl in 2015/2016'),
        ("kb", 2017, "techniek", 'there is no profile "techniek" on kb in 2017/2018'),
        ("tl", 2017, "tecniek", 'there is no profile "tecniek" on tl in 2017/2018 - did you mean "techniek"?'),
    ],
)
def test_a_profile_that_does_not_exist(level: str, year: int, profile: str, message: str) -> None:
    misfit = check_package(LAW, level, year, profile, sheet("netl entl maat", "common"))[0]
    assert (misfit.message, misfit.index) == (message, None)
    assert misfit.hint.startswith("known here: ")


def test_without_a_profile_only_what_holds_for_all_is_looked_at() -> None:
    assert check_package(LAW, "havo", 2015, "", havo("wisa nat econ", "kubv")) == []
    (misfit,) = check_package(LAW, "havo", 2015, "", havo("wisa wisb"))
    assert misfit.message == "maths A and maths B do not go together"
    assert told(check_package(LAW, "havo", 2015, "", sheet("entl", "common"))) == ["the common part lacks Dutch"]


def test_messages_and_names_are_in_the_language_that_is_spoken() -> None:
    words.use("nl")
    (misfit,) = check_package(LAW, "vwo", 2015, "cm", vwo("wisc gs kumu ak", "mu"))
    assert "kunst (muziek)" in misfit.message
    assert misfit.hint == "kunst (muziek) kan niet naast muziek"
    assert missing(LAW, "havo", 2015, "", []) == [
        "lichamelijke opvoeding", "culturele en kunstzinnige vorming", "maatschappijleer", "profielwerkstuk",
    ]  # fmt: skip


# --- what can be waived -------------------------------------------------------------------------------------


def test_what_can_be_waived_is_told_and_no_misfit() -> None:
    rows = [*vwo("wisb nat schk bio", "in", "netl entl"), ("pws", "part")]
    assert check_package(LAW, "vwo", 2020, "nt", rows) == []
    language, *others = missing(LAW, "vwo", 2020, "nt", rows)
    assert language.startswith("German, French")
    assert others == ["physical education", "civics", "cultural and artistic education"]


def test_a_subject_in_place_of_the_language_is_enough() -> None:
    rows = [*vwo("wisb nat schk bio", "in", "netl entl ak"), *sheet("maat pws ckv", "part"), ("lo", "rated")]
    assert missing(LAW, "vwo", 2020, "nt", rows) == []


def test_a_language_counts_once() -> None:
    rows = vwo("wisc gs dutl ak", "in", "netl entl")
    assert check_package(LAW, "vwo", 2020, "cm", rows) == []
    assert missing(LAW, "vwo", 2020, "cm", rows)[0].startswith("German, French")


def test_a_programme_may_have_a_code_of_the_school() -> None:
    rows = [*tl("wi nask1", ""), ("metalektro", "vocational")]
    assert check_package(LAW, "kb", 2015, "techniek", rows) == []
    assert missing(LAW, "kb", 2015, "techniek", rows) == ["physical education", missing(LAW, "kb", 2015, "", [])[1]]


# --- roles --------------------------------------------------------------------------------------------------


def roles(level: str, year: int, profile: str, codes: str) -> str:
    return " ".join(roles_of(LAW, level, year, profile, codes.split()))


@pytest.mark.parametrize(
    ("level", "year", "profile", "codes", "expected"),
    [
        ("havo", 2015, "em", "gs netl wisa entl econ ak mo", "profile common profile common profile free profile"),
        ("vwo", 2015, "nt", "netl entl latc dutl", "common common common free"),  # a gymnasium
        ("vwo", 2015, "nt", "fatl dutl", "free common"),
        ("vwo", 2015, "cm", "fatl dutl", "profile common"),
        ("havo", 2017, "nt", "ckv lo maat pws rek", "rated rated part part rekentoets"),
        ("havo", 2018, "nt", "ckv lo maat pws", "part rated part part"),
        ("vwo", 2018, "nt", "ckv anw", "rated part"),
        ("tl", 2018, "zorg", "maat kv1 sws ckv pws te", "common rated rated rated rated free"),
        ("kb", 2016, "techniek", "bwi", "vocational"),
        ("kb", 2017, "bwi", "bwi keuzevak1", "profielvak keuzevak"),
        ("kb", 2017, "bwi", "bwi 1401 1402", "profielvak keuzevak keuzevak"),
        ("kb", 2016, "techniek", "metalektro", "vocational"),
        ("havo", 2015, "nt", "robotica", "free"),
        ("tl", 2015, "zorg", "bi gs wi", "profile free profile"),
        ("havo", 2015, "nt", "m&o na", "free profile"),
    ],
)
def test_roles_by_example(level: str, year: int, profile: str, codes: str, expected: str) -> None:
    assert roles(level, year, profile, codes) == expected


def test_without_a_profile_it_is_the_one_that_fits() -> None:
    assert roles("havo", 2015, "", "entl wisa econ gs mo dutl") == "common profile profile profile profile free"
    assert roles("kb", 2018, "", "wi bio zw") == "profile profile profielvak"
    assert roles("tl", 2018, "nt", "wi nask1 bio gs") == "profile profile free free"  # a profile of another level


def test_where_no_profile_fits_the_last_subject_of_the_law_is_free() -> None:
    assert roles("havo", 2015, "", "netl nat fil kubv in") == "common profile profile free profile"
    assert roles("havo", 2015, "", "netl kubv nat in fil") == "common free profile profile profile"
    assert roles("kb", 2015, "", "gs ak fil") == "profile profile profile"  # an exam without a free part


# --- properties ---------------------------------------------------------------------------------------------


@given(exams, st.data())
def test_the_roles_of_a_shuffled_template_are_its_roles(exam: tuple[str, int, str], data: st.DataObject) -> None:
    level, year, profile = exam
    rows = data.draw(st.permutations(template(LAW, level, year, profile)))
    assert roles_of(LAW, level, year, profile, [code for code, _role in rows]) == [role for _code, role in rows]


@given(exams, st.data())
def test_the_order_of_the_slots_decides_nothing(exam: tuple[str, int, str], data: st.DataObject) -> None:
    level, year, profile = exam
    known = sorted(LAW.subjects)
    some = st.tuples(st.sampled_from([*known, "robotica"]), st.sampled_from(["common", "profile", "free", "part"]))
    rows = data.draw(st.lists(some, max_size=12, unique_by=lambda row: row[0]))
    other = data.draw(st.permutations(rows))

    def found(slots: Sheet) -> set[tuple[str, str, tuple[str, str] | None]]:
        misfits = check_package(LAW, level, year, profile, slots)
        return {(m.message, m.hint, None if m.index is None else slots[m.index]) for m in misfits}

    assert found(rows) == found(other)
    assert missing(LAW, level, year, profile, rows) == missing(LAW, level, year, profile, other)
    codes, others = ([code for code, _role in slots] for slots in (rows, other))
    first = dict(zip(codes, roles_of(LAW, level, year, profile, codes), strict=True))
    assert first == dict(zip(others, roles_of(LAW, level, year, profile, others), strict=True))


@given(exams, st.data())
def test_without_a_subject_of_the_profile_the_sheet_does_not_fit(
    exam: tuple[str, int, str], data: st.DataObject
) -> None:
    level, year, profile = exam
    rows = template(LAW, level, year, profile)
    dropped = data.draw(st.sampled_from([row for row in rows if row[1] in ("common", "profile")]))
    left = [row for row in rows if row != dropped]
    fits = check_package(LAW, level, year, profile, left) == []
    assert fits == (LAW.subjects[dropped[0]].id not in ("netl", "entl", "maat") and dropped[1] == "common")
    assert fits == bool(missing(LAW, level, year, profile, left))


@given(exams, st.data())
def test_a_further_free_subject_of_the_school_never_makes_a_misfit(
    exam: tuple[str, int, str], data: st.DataObject
) -> None:
    level, year, profile = exam
    rows = template(LAW, level, year, profile)
    kept = data.draw(st.lists(st.sampled_from(rows), unique=True))
    before = told(check_package(LAW, level, year, profile, kept))
    assert set(told(check_package(LAW, level, year, profile, [*kept, ("robotica", "free")]))) <= set(before)


@given(exams, st.lists(st.sampled_from([*sorted(LAW.subjects), "robotica"]), unique=True, max_size=14))
def test_a_sheet_with_the_roles_of_its_package_has_no_subject_in_a_role_it_cannot_have(
    exam: tuple[str, int, str], codes: list[str]
) -> None:
    level, year, profile = exam
    rows = list(zip(codes, roles_of(LAW, level, year, profile, codes), strict=True))
    misfits = check_package(LAW, level, year, profile, rows)
    assert not [m for m in misfits if m.hint.startswith("its role here is")]
