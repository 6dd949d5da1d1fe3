"""Whole mark sheets for any level, route and exam year, as strategies, and how the engine is asked about them.

A sheet here is a full exam: the subjects of a package, every mark that the year asks for, extra subjects now and then.
Marks are in tenths. What belongs on a sheet is written down from the dossier (vo.md, sections M, 2 and 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from hypothesis import strategies as st

from trajectsim.exam.sheets import Batch, Layout, Slot

LEVELS = ("bb", "kb", "gl", "tl", "havo", "vwo")
VMBO = ("bb", "kb", "gl", "tl")
VOCATIONAL = ("bb", "kb", "gl")
EXAMS = range(2012, 2027)
DUIM = (2021, 2022)
"""The exams in which one subject could be ignored (vo.md 4.24)."""
REKENTOETS = range(2014, 2020)
SMALL = frozenset({"anw", "kua"})
"""Codes of subjects of too few hours for the free part of havo or vwo (vo.md 2.2, 2.10)."""
SE_ONLY = frozenset({"maat", "anw", "ckv", "pws", "in", "lo2", "wisd", "lit"})
"""Codes of subjects that never have a central exam (vo.md 3.8)."""
ART = frozenset({"kua", "kubv", "kumu"})
"""Codes of subjects that share one central exam (vo.md 3.4)."""
HIGHER = {
    "bb": ("kb", "tl", "gl", "havo", "vwo"),
    "kb": ("tl", "gl", "havo", "vwo"),
    "gl": ("havo", "vwo"),
    "tl": ("havo", "vwo"),
    "havo": ("vwo",),
}
"""At which levels a subject can be taken besides the own one (vo.md 7.1)."""
MARK_COLUMNS = ("se", "ce", "resit", "rv", "cspe")
LEARN_WORK, PRACTICE = "learn-work", "practice"


@frozen
class Line:
    """A subject on a sheet. ``sat`` is the exam year in which it was closed, 0 when that is the year of the sheet."""

    code: str
    role: str
    se: int = 0
    ce: int = 0
    resit: int = 0
    rv: int = 0
    cspe: int = 0
    rating: str = ""
    at: str = ""
    sat: int = 0

    @property
    def marks(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*MARK_COLUMNS, "rating")}


@frozen
class Sheet:
    """A candidate's sheet."""

    level: str
    exam: int
    lines: tuple[Line, ...]
    route: str = ""

    @property
    def layout(self) -> Layout:
        slots = (
            Slot(line.code, line.role, line.at, line.sat - 1 if line.sat else 0, bool(line.ce or line.resit))
            for line in self.lines
        )
        return Layout(self.level, self.exam - 1, tuple(slots), self.route)

    @property
    def batch(self) -> Batch:
        return Batch.of_rows(self.layout, [line.marks for line in self.lines])

    @property
    def least_free(self) -> int:
        """How many subjects of the free part an exam has at the least (vo.md 2.2, 2.17, 2.19)."""
        if self.route == LEARN_WORK:
            return 0
        return 2 if self.route == PRACTICE else {"havo": 1, "vwo": 1, "tl": 2, "gl": 1}.get(self.level, 0)

    @property
    def least_keuzevakken(self) -> int:
        """How many keuzevakken it has at the least (vo.md 2.17)."""
        if self.exam <= 2017 or self.route == PRACTICE:
            return 0
        return {"gl": 2, "kb": 4, "bb": 4}.get(self.level, 0)

    def with_line(self, n: int, **changes: Any) -> Sheet:
        """The sheet with something else on one line."""
        return evolve(self, lines=(*self.lines[:n], evolve(self.lines[n], **changes), *self.lines[n + 1 :]))


def batch_of(sheets: Sequence[Sheet]) -> Batch:
    """Sheets of one layout together."""
    one = [sheet.batch for sheet in sheets]
    names = {name for batch in one for name in batch.numbers}
    blank = np.zeros_like(one[0].numbers["se"])
    numbers = {name: np.hstack([batch.numbers.get(name, blank) for batch in one]) for name in names}
    ratings = np.hstack([blank if batch.ratings is None else batch.ratings for batch in one])
    return Batch(one[0].layout, numbers, ratings)


# --- which subjects -----------------------------------------------------------------------------------------

_HAVO_VWO_PROFILES = (
    ("wisb", "nat", "schk", "bio"),
    ("wisb", "nat", "schk", "wisd"),
    ("wisa", "bio", "schk", "ak"),
    ("wisa", "econ", "gs", "ak"),
)
_VMBO_PROFILES = (("wi", "nask1"), ("bio", "wi"), ("econ", "wi"), ("econ", "dutl"))
_FREES = (("fatl", "fil", "in", "maw", "sptl", "mu"), ("kubv", "kua", "in"), ("wisa", "wisb", "anw", "fil"))
"""Of a few orders: plain ones, arts that share an exam, a second sort of maths and one of few hours."""
_VMBO_FREE = ("fatl", "nask2", "ak", "gs", "lo2")
_KEUZEVAKKEN = ("keuzevak1", "keuzevak2", "keuzevak3", "keuzevak4", "keuzevak5", "own")


def _subjects(draw: Any, level: str, exam: int, route: str) -> list[tuple[str, str]]:
    """The subjects with their roles: a full package, and sometimes more than that."""
    if level in VMBO:
        return _learn_work(draw, exam) if route == LEARN_WORK else _vmbo(draw, level, exam, route)
    common = ["netl", "entl"] + (["dutl"] if level == "vwo" else [])
    cm = ("gs", "fatl", "fil", "ak") if level == "havo" else ("wisc", "gs", "fil", "ak")
    arts = ("gs", "fatl", "kubv", "ak") if level == "havo" else ("wisc", "gs", "kumu", "ak")
    profile = draw(st.sampled_from([*_HAVO_VWO_PROFILES, cm, arts]))
    parts = ["maat", "pws"] + (["anw"] if level == "vwo" and exam <= 2017 else [])
    graded_ckv = exam >= (2019 if level == "havo" else 2020)
    parts += ["ckv"] if graded_ckv else []
    parts += ["lit"] if draw(st.sampled_from([False, False, True])) else []
    rated = ["lo"] + ([] if graded_ckv else ["ckv"])
    free = [code for code in draw(st.sampled_from(_FREES)) if code not in (*profile, *parts)]
    frees = free[: draw(st.sampled_from([1, 1, 1, 2, 3]))]
    return _named(common=common, profile=profile, free=frees, part=parts, rated=rated)


def _vmbo(draw: Any, level: str, exam: int, route: str) -> list[tuple[str, str]]:
    profile = draw(st.sampled_from(_VMBO_PROFILES))
    free = [code for code in _VMBO_FREE if code not in profile]
    least = Sheet(level, exam, (), route).least_free
    frees = free[: least + draw(st.sampled_from([0, 0, 0, 1, 2]))]
    rated = ["lo", "kv1"] + (["sws"] if level in ("gl", "tl") else [])
    found = _named(common=["netl", "entl", "maat"], profile=profile, free=frees, rated=rated)
    if route == PRACTICE or (level == "tl" and (exam <= 2017 or draw(st.sampled_from([False, False, True])))):
        return found
    return [*found, *_programme(draw, level, exam)]


def _programme(draw: Any, level: str, exam: int) -> list[tuple[str, str]]:
    if exam <= 2017:
        return [("bouw", "vocational")]
    count = {"gl": 2, "tl": 2}.get(level, 4) + draw(st.sampled_from([0, 0, 0, 1, 2]))
    return [("pie", "profielvak"), *((code, "keuzevak") for code in _KEUZEVAKKEN[:count])]


def _learn_work(draw: Any, exam: int) -> list[tuple[str, str]]:
    """Dutch and the programme, and as many more as the school decides, up to a full exam and beyond."""
    more = _named(common=["entl", "maat"], profile=["wi", "nask1"], free=["ak"], rated=["lo", "kv1"])
    count = draw(st.sampled_from([0, 1, 3, 4, 4, 4, 5, 7]))
    return [("netl", "common"), *_programme(draw, "bb", exam), *more[:count]]


def _named(**roles: Sequence[str]) -> list[tuple[str, str]]:
    return [(code, role) for role, codes in roles.items() for code in codes]


# --- their marks --------------------------------------------------------------------------------------------

_RANGES = (
    (10, 100),
    (45, 64),
    (48, 70),
    (50, 66),
    (52, 64),
    (55, 75),
    (55, 85),
    (68, 95),
    (72, 88),
    (75, 85),
    (77, 85),
)
_GAPS = (0, 0, 0, 5, 10, 15)
"""By how much all school exams are better, and all central exams worse, than the range says."""
_ODD = ((10, 100), (30, 62), (35, 54))
_KINDS = (set[str](), {"netl"}, {"netl", "entl", "wisa", "wisb", "wisc"}, {"part", "keuzevak", "profielvak"}, {"free"})
"""Which subjects may get odd marks: any, or those of a few codes or roles."""


@st.composite
def sheets(draw: Any, level: str = "", exams: Sequence[int] = EXAMS, *, alternatives: bool = True) -> Sheet:
    """Whole sheets. ``alternatives``: now and then of another route, with resits, retakes, RV marks, subjects closed
    in earlier years or taken at a higher level."""
    level = level or draw(st.sampled_from(LEVELS))
    exam = draw(st.sampled_from(exams))
    route = draw(st.sampled_from(_routes(level, exam))) if alternatives else ""
    subjects = _subjects(draw, level, exam, route)
    if draw(st.booleans()):
        subjects = draw(st.permutations(subjects))
    if exam in REKENTOETS and route != PRACTICE:
        subjects = [*subjects, ("rek", "rekentoets")]
    (low, high), gap = draw(st.sampled_from(_RANGES)), draw(st.sampled_from(_GAPS))
    usual = (st.integers(min(low + gap, 90), min(high + gap, 100)), st.integers(max(low - gap, 10), high - gap))
    kind = draw(st.sampled_from(_KINDS))
    at = [n for n, each in enumerate(subjects) if not kind or set(each) & kind] or [0]
    odd = draw(st.sets(st.sampled_from(at), max_size=3)) if draw(st.sampled_from([True, True, False])) else set()
    some = st.integers(*draw(st.sampled_from(_ODD)))
    lines = (_line(draw, Line(*each), exam, (some, some) if n in odd else usual) for n, each in enumerate(subjects))
    sheet = Sheet(level, exam, tuple(lines), route)
    for _n in range(draw(st.sampled_from([0, 0, 1, 1, 2, 4])) if alternatives else 0):
        sheet = _with_alternative(draw, sheet)
    return shared(sheet)


def shared(sheet: Sheet) -> Sheet:
    """The sheet with the mark of a shared central exam with every subject that shares it."""
    first = next((line for line in sheet.lines if line.code in ART), None)
    if first is None:
        return sheet
    once = {"ce": first.ce, "resit": first.resit, "sat": first.sat}
    return evolve(sheet, lines=tuple(evolve(each, **once) if each.code in ART else each for each in sheet.lines))


def _routes(level: str, exam: int) -> tuple[str, ...]:
    if level == "bb":
        return ("", "", LEARN_WORK)
    return ("", PRACTICE) if level == "gl" and exam == 2026 else ("",)


def _line(draw: Any, line: Line, exam: int, marks: tuple[Any, Any]) -> Line:
    if line.role == "rated":
        return evolve(line, rating=draw(st.sampled_from("VVVVVVVVVVVVVVGGGGGO")))
    if line.role == "rekentoets":
        return evolve(line, se=draw(st.sampled_from((30, 44, 45, 50, 54, 55, 60, 64, 65, 70, 80, 90))))
    if has_ce(line, exam):
        return evolve(line, se=draw(marks[0]), ce=draw(marks[1]))
    mark = draw(marks[0])
    return evolve(line, se=mark if exam == 2020 or line.role == "profielvak" else (mark + 5) // 10 * 10)


def has_ce(line: Line, exam: int) -> bool:
    """Whether a subject is closed with a central exam, in the year in which it is."""
    year = line.sat or exam
    if line.role in ("part", "keuzevak", "rated", "rekentoets") or line.code in SE_ONLY or year == 2020:
        return False
    return not (line.role == "profielvak" and year in DUIM)


def _with_alternative(draw: Any, sheet: Sheet) -> Sheet:
    """The sheet with one subject sat again, closed in an earlier year, or taken at a higher level."""
    graded = [n for n, line in enumerate(sheet.lines) if line.role not in ("rated", "rekentoets")]
    n = draw(st.sampled_from(graded))
    line, mark, kind = sheet.lines[n], draw(st.integers(10, 100)), draw(st.sampled_from(["again", "early", "at"]))
    if kind == "at" and sheet.level in HIGHER:
        every = draw(st.sampled_from([False, False, True]))
        for each in graded if every else [n]:
            sheet = sheet.with_line(each, at=draw(st.sampled_from(HIGHER[sheet.level])))
        return sheet
    if kind == "early" and not (line.sat or line.resit or line.rv or line.cspe):
        early = evolve(line, sat=draw(st.sampled_from(range(max(EXAMS[0], sheet.exam - 3), sheet.exam + 1))))
        sat = early.sat if early.sat < sheet.exam else 0
        had = has_ce(evolve(line, sat=sat), sheet.exam)
        return sheet.with_line(n, sat=sat, ce=(line.ce or mark) if had else 0)
    if (line.sat or sheet.exam) == 2020 and not has_ce(line, sheet.exam):
        return sheet.with_line(n, rv=mark)
    if line.role in ("profielvak", "vocational"):
        return sheet.with_line(n, cspe=mark)
    return sheet.with_line(n, resit=mark) if line.ce else sheet
