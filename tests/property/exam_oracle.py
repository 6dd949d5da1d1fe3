"""A slow oracle: the reference algorithm of the dossier (vo.md 4D, with the tables M1-M3, 2.17 and section 5), written
out in fractions for one sheet. It reads no law data, and shares nothing with the engine.

A demand is True, False, or None where it hangs on a rekentoets that is not on the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from attrs import evolve, frozen
from exam_sheets import ART, DUIM, LEARN_WORK, SMALL, Line, Sheet, has_ce

CORE = {"netl", "entl", "wisa", "wisb", "wisc"}
LEAST_MARKS = {"havo": 8, "vwo": 9, "tl": 7, "gl": 7, "kb": 7, "bb": 7}


def round1(mean: Fraction) -> int:
    """To a whole mark on the first decimal only (3.5)."""
    tenths = mean.numerator * 10 // mean.denominator
    return tenths // 10 + (1 if tenths % 10 >= 5 else 0)


def exact(tenths: int) -> Fraction:
    return Fraction(tenths, 10)


@frozen
class Choice:
    """What is left out, and what is ignored after that."""

    out: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


@frozen(slots=False)
class Oracle:
    """One sheet, judged the slow way."""

    sheet: Sheet

    @property
    def level(self) -> str:
        return self.sheet.level

    @property
    def exam(self) -> int:
        return self.sheet.exam

    @property
    def high(self) -> bool:
        return self.level in ("havo", "vwo")

    @property
    def learn_work(self) -> bool:
        return self.sheet.route == LEARN_WORK

    def lines(self, *roles: str) -> list[Line]:
        return [line for line in self.sheet.lines if line.role in roles]

    # Final marks (3.5, 3.18, 4.20, 4.21, 4.27, 8.1).

    @cached_property
    def finals(self) -> dict[str, int | None]:
        return {line.code: self.final(line) for line in self.sheet.lines if line.role != "rated"}

    def final(self, line: Line) -> int | None:
        if line.role == "rekentoets":
            return round1(exact(line.se)) or None
        if has_ce(line, self.exam):
            ce = max(line.ce, line.resit, line.cspe)
            return round1((exact(line.se) + exact(ce)) / 2) if line.se and ce else None
        if not line.se:
            return None
        if self.closed_by_se(line):
            return round1(exact(max(line.se, line.cspe)))
        plain = round1(exact(line.se))
        better = max(line.rv, line.resit) if (line.sat or self.exam) == 2020 else 0
        return max(plain, round1((exact(line.se) + exact(better)) / 2)) if better else plain

    def closed_by_se(self, line: Line) -> bool:
        """The profielvak of 2021 and 2022 (4.27)."""
        return line.role == "profielvak" and (line.sat or self.exam) in DUIM

    def in_ce_mean(self, line: Line) -> Fraction | None:
        if has_ce(line, self.exam):
            return exact(max(line.ce, line.resit, line.cspe))
        return exact(max(line.se, line.cspe)) if self.closed_by_se(line) else None

    # What may be left out or ignored (4.1, 4.24, 4.25).

    def choices(self) -> Iterator[frozenset[str]]:
        extra = [line.code for line in self.lines("free", "keuzevak", *(["profielvak"] if self.level == "tl" else []))]
        for count in range(len(extra) + 1):
            for out in combinations(extra, count):
                if self.is_whole(frozenset(out)):
                    yield frozenset(out)

    def is_whole(self, out: frozenset[str]) -> bool:
        graded = self.graded(Choice(out))
        if any(self.finals[line.code] is None for line in [*graded, *self.lines("rekentoets")]):
            return False
        if not all(line.rating for line in self.lines("rated")):
            return False
        return self.has_its_subjects(graded) and (self.exam < 2015 or any(not line.at for line in graded))

    def has_its_subjects(self, graded: list[Line]) -> bool:
        roles, codes = [line.role for line in graded], {line.code for line in graded}
        if "netl" not in codes or roles.count("keuzevak") < self.sheet.least_keuzevakken:
            return False
        vocational = self.level in ("bb", "kb") or (self.level == "gl" and not self.sheet.route)
        if vocational and not {"vocational", "profielvak"} & set(roles):
            return False
        if self.learn_work:
            return True
        if "entl" not in codes or roles.count("free") < self.sheet.least_free or (self.high and "part" not in roles):
            return False
        if self.high and all(line.code in SMALL for line in graded if line.role == "free"):
            return False
        programme = (roles.count("profielvak"), roles.count("keuzevak"))
        if self.level == "tl" and programme != (0, 0) and not (programme[0] and programme[1] >= 2):
            return False  # a programme of gl counts as a whole (2.21)
        marks = self.marks(Choice(frozenset(line.code for line in self.sheet.lines) - codes))
        return len(marks) >= self.full + (self.level == "tl" and programme != (0, 0))

    @property
    def full(self) -> int:
        """How many marks a full exam has (2.3, 2.17)."""
        return LEAST_MARKS[self.level]

    def graded(self, choice: Choice) -> list[Line]:
        gone = choice.out | choice.ignored
        graded = (line for line in self.sheet.lines if line.role not in ("rated", "rekentoets"))
        return [line for line in graded if line.code not in gone]

    def ignorable(self, out: frozenset[str]) -> list[str]:
        if self.exam not in DUIM:
            return []
        untouched = CORE | {"pws"} if self.high else {"netl"}
        return [line.code for line in self.graded(Choice(out)) if line.code not in untouched]

    # The marks of the result (3.9, 3.12-3.14).

    def parts(self) -> tuple[str, ...]:
        """The roles that make the combination mark."""
        if self.high:
            return ("part",)
        if self.exam <= 2017:
            return ()
        return ("keuzevak", "profielvak") if self.level in ("gl", "tl") else ("keuzevak",)

    def combination(self, choice: Choice) -> int | None:
        weights: list[tuple[int, int]] = []
        kept = [line for line in self.lines("keuzevak") if line.code not in choice.out]
        for line in self.graded(choice):
            if line.role in self.parts():
                weight = len(kept) if line.role == "profielvak" else 1
                weights.append((self.finals[line.code] or 0, weight))
        if not weights:
            return None
        return round1(Fraction(sum(m * w for m, w in weights), sum(w for _m, w in weights)))

    def marks(self, choice: Choice) -> list[int]:
        """G of the dossier: the graded subjects, the parts replaced by their combination mark."""
        found: list[int] = []
        for line in self.graded(choice):
            if line.role in self.parts():
                continue
            times = 2 if line.role == "vocational" and self.level in ("bb", "kb") else 1
            found += [self.finals[line.code] or 0] * times
        combination = self.combination(choice)
        return found if combination is None else [*found, combination]

    # The demands.

    def ce_mean(self, choice: Choice) -> bool:
        if self.exam == 2020:
            return True
        if any(line.sat == 2020 and has_ce(evolve(line, sat=0), 2019) for line in self.graded(Choice(choice.out))):
            return True
        marks: list[Fraction] = []
        art = False
        for line in self.graded(choice):
            mark = self.in_ce_mean(line)
            if mark is not None and not (line.code in ART and art):
                marks.append(mark)
                art = art or line.code in ART
        return bool(marks) and sum(marks) / len(marks) >= Fraction(11, 2)

    def core(self, choice: Choice) -> bool:
        if self.exam < 2013:
            return True
        if self.exam == 2013 and any(line.sat and line.code in CORE for line in self.graded(choice)):
            return True  # closed in 2011/12, before there was a core rule
        marks = [self.finals[line.code] or 0 for line in self.graded(choice) if line.code in CORE]
        if self.level == "vwo" and self.exam == 2017:
            marks += [self.finals[line.code] or 0 for line in self.lines("rekentoets")]
        return min(marks) >= 5 and marks.count(5) <= 1

    def dutch(self) -> bool:
        least = 6 if self.learn_work else 1 if self.exam < 2014 else 5
        return (self.finals["netl"] or 0) >= least

    def pattern(self, choice: Choice) -> bool:
        if self.learn_work:
            return self.programme(choice) and (not self.is_full(choice) or self.fours_and_fives(choice))
        return self.fours_and_fives(choice)

    def fours_and_fives(self, choice: Choice) -> bool:
        marks = self.marks(choice)
        fours, fives = marks.count(4), marks.count(5)
        if min(marks) < 4:
            return False
        if fours == 0 and fives <= 1:
            return True
        if (fours, fives) in ((1, 0), (0, 2)):
            return Fraction(sum(marks), len(marks)) >= 6 if self.high else max(marks) >= 7
        return (fours, fives) == (1, 1) and self.high and Fraction(sum(marks), len(marks)) >= 6

    def programme(self, choice: Choice) -> bool:
        """The learn-work route (4.15). Its programme cannot be ignored, a keuzevak can (ADR 0027)."""
        marks = [self.finals[line.code] or 0 for line in self.lines("vocational", "profielvak")]
        combination = self.combination(choice)
        marks += [] if combination is None else [combination]
        return bool(marks) and min(marks) >= 6

    def is_full(self, choice: Choice) -> bool:
        return len(self.marks(Choice(choice.out))) >= self.full

    def parts_are_4(self, choice: Choice) -> bool:
        if self.learn_work and not self.is_full(choice):
            return True
        return all((self.finals[line.code] or 0) >= 4 for line in self.graded(choice) if line.role in self.parts())

    def rekentoets(self) -> bool | None:
        if self.level != "vwo" or self.exam not in (2016, 2017):
            return True
        marks = [self.finals[line.code] or 0 for line in self.lines("rekentoets")]
        return all(mark >= 5 for mark in marks) if marks else None

    def rated(self) -> bool:
        return all(line.rating in ("V", "G") for line in self.lines("rated"))

    def demands(self, choice: Choice) -> dict[str, bool | None]:
        """Every demand, by the name that a verdict gives it, whether the year makes it or not."""
        return {
            "complete": True,
            "ce-mean": self.ce_mean(choice),
            "core" if self.high else "dutch": self.core(choice) if self.high else self.dutch(),
            "pattern": self.pattern(choice),
            "parts": self.parts_are_4(choice),
            "rated": self.rated(),
            "rekentoets": self.rekentoets(),
        }

    def passes(self, choice: Choice) -> bool | None:
        told = self.demands(choice).values()
        return False if False in told else None if None in told else True

    # The outcome.

    @cached_property
    def tried(self) -> list[tuple[Choice, bool | None]]:
        """Every choice that there is, and whether the candidate passes by it."""
        whole = list(self.choices())
        choices = [Choice(out) for out in whole]
        choices += [Choice(out, frozenset({code})) for out in whole for code in self.ignorable(out)]
        return [(choice, self.passes(choice)) for choice in choices]

    @property
    def passing(self) -> list[Choice]:
        return [choice for choice, passes in self.tried if passes]

    @property
    def result(self) -> str:
        found = {passes for _choice, passes in self.tried}
        return "passed" if True in found else "failed" if found == {False} else "incomplete"

    @property
    def cum_laude(self) -> bool:
        return self.exam >= 2016 and not self.learn_work and any(self.laude(choice.out) for choice in self.passing)

    def laude(self, out: frozenset[str]) -> bool:
        """Section 5, for the subjects that count; an ignored one does (5.9)."""
        choice = Choice(out)
        averaged = self.averaged(choice)
        least = min(self.marks(choice))
        if self.level == "vwo" and self.exam in (2016, 2017):
            marks = [self.finals[line.code] or 0 for line in self.lines("rekentoets")]
            averaged, least = averaged + marks, min([least, *marks])
        lowest = 7 if self.level == "vwo" else 6
        return least >= lowest and Fraction(sum(averaged), len(averaged)) >= 8

    def averaged(self, choice: Choice) -> list[int]:
        def of(*roles: str) -> list[int]:
            return [self.finals[line.code] or 0 for line in self.graded(choice) if line.role in roles]

        combination = [mark for mark in [self.combination(choice)] if mark is not None]
        if self.level in ("bb", "kb"):
            return of("profile") + of("vocational") * 2 + of("profielvak") + combination
        best = of("free") + (combination if self.level == "gl" else [])
        return of("common", "profile") + (combination if self.high else []) + [max(best)]
