"""Packages: whether the subjects of a sheet make an exam of a profile, and the role that each of them has in it.

A package is what the law asks of one level, year and profile: seats, each to be taken by one subject of a list. As many
are taken as can be, the earlier seats and the earlier subjects of a list first; the order of the sheet decides nothing.
A code that the law does not know is a subject of the school's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.exams import Exclusion, PackageVersion
from trajectsim.law.lawbook import CALENDAR, Lawbook
from trajectsim.law.tables import Cite, Test, at
from trajectsim.reading import did_you_mean, quoted
from trajectsim.words import _, listed

Slots = Sequence[tuple[str, str]]
"""The subjects of a sheet: code as written, and role."""

COMMON, PROFILE, PART, FREE = "common", "profile", "part", "free"
PROGRAMMES = ("vocational", "profielvak")
ELECTIVE = "keuzevak"
ARITHMETIC = "rekentoets"

_BY_NATURE = {
    "by-rating": ("rated",),
    "arithmetic": (ARITHMETIC,),
    "combinable": (PART,),
    "programme": PROGRAMMES,
    "elective": (ELECTIVE,),
}
"""Groups of subjects, and the roles they have by themselves: the first that the exam of the year knows."""

_SHOWN = (COMMON, PROFILE, FREE, *PROGRAMMES, ELECTIVE, PART)
"""The order in which a sheet shows its roles; any other comes after."""


@frozen
class Misfit:
    """Something in the subjects of a sheet that the law does not allow. ``index`` is the slot that it is about, None
    when it is about what is not there."""

    message: str
    index: int | None = None
    hint: str = ""
    cite: Cite | None = None


# --- what it offers -----------------------------------------------------------------------------------------


def check_package(law: Lawbook, level: str, year: int, profile: str, slots: Slots) -> list[Misfit]:
    """What is wrong with the subjects of one candidate in the exam of a school year (its start).

    What can be waived, and how many subjects a whole exam has, is not looked at here: ``missing`` and the demand
    "complete" tell. Without a profile only what holds for every profile is.
    """
    exam = _exam(law, level, year)
    sheet = _sheet(law, slots)
    found = [exam.unknown(profile)] if profile and profile not in exam.profiles else []
    for seats in (exam.common, exam.own(profile)):
        found.extend(_lacking(exam, seats, sheet))
        found.extend(_strangers(exam, seats, sheet, profile))
    found.extend(misfit for _rule, misfit in _excluded(exam, sheet))
    return found


def misplaced(law: Lawbook, level: str, year: int, slots: Slots) -> list[Misfit]:
    """Subjects in a role that they do not have in that year, whatever the profile."""
    exam = _exam(law, level, year)
    return [misfit for rule, misfit in _excluded(exam, _sheet(law, slots)) if rule.most == 0]


def missing(law: Lawbook, level: str, year: int, profile: str, slots: Slots) -> list[str]:
    """Labels of what belongs to the exam and is not on the sheet, though that can be right: a candidate can be exempt
    from the second language, from parts of the combination mark, from what is rated (IB 26e and 26n, UB 2.8, 2.9)."""
    exam = _exam(law, level, year)
    sheet = _sheet(law, slots)
    others = [COMMON for _row in exam.outside(exam.common, COMMON, sheet)]
    others += [role for _index, _code, role in sheet if role in PROGRAMMES]
    lacking: list[str] = []
    for seat in _untaken([seat for seat in (*exam.common, *exam.own(profile)) if not seat.firm], sheet):
        if seat.role in others:  # a subject in place of the language, or a programme by a code of the school's own
            others.remove(seat.role)
        else:
            lacking.append(exam.names(seat.of))
    return lacking


def roles_of(law: Lawbook, level: str, year: int, profile: str, codes: Sequence[str]) -> list[str]:
    """The role that each subject has on a sheet that does not say so.

    The common part and the picks of the profile come first; then what a subject is by nature (rated, a programme, ...);
    the rest is free. Without a profile, or with one that the level does not have, it is the one of which most seats can
    be taken. If that is not whole either, what is left is of the profile, but for as many free subjects as an exam has:
    the last in the order of the law. Unknown codes are a programme or keuzevakken where the exam has those, else free.
    """
    exam = _exam(law, level, year)
    ids = [_id(law, code) for code in codes]
    named = profile if profile in exam.profiles else exam.likeliest(set(ids))
    seats = [*exam.common, *exam.own(named)]
    taken = _seated([exam.gymnasium_first(seat) for seat in seats], set(ids))
    roles = {code: seats[number].role for number, code in taken.items()}
    whole = all(number in taken for number, seat in enumerate(seats) if seat.role == PROFILE)
    left = sorted({code for code in ids if code in law.subjects and code not in roles}, key=exam.rank)
    roles |= {code: role for code in left if (role := exam.nature(code))}
    rest = [code for code in left if code not in roles]
    free = len(rest) if profile in exam.profiles or whole else exam.asked.get(FREE, 0)
    roles |= {code: FREE if number >= len(rest) - free else PROFILE for number, code in enumerate(rest)}
    for code in sorted(set(ids) - set(roles)):
        roles[code] = exam.role_of_unknown(list(roles.values()))
    return [roles[code] for code in ids]


def template(law: Lawbook, level: str, year: int, profile: str) -> list[tuple[str, str]]:
    """Code and role of the subjects of a usual whole package; none when the profile does not exist in that year."""
    exam = _exam(law, level, year)
    if not profile or profile not in exam.profiles:
        return []
    rows: list[tuple[str, str]] = []
    for seat in (*exam.common, *exam.own(profile)):
        here = {code for code, _role in rows}
        rows.append((next(code for code in seat.of if code not in here), seat.role))
    rows.extend((code, ELECTIVE) for code in exam.of_group("elective")[: exam.asked.get(ELECTIVE, 0)])
    for _number in range(exam.asked.get(FREE, 0)):
        rows.append((next(code for code in exam.choices(profile) if exam.goes_with(code, rows)), FREE))
    if ARITHMETIC in exam.roles:
        rows.extend((code, ARITHMETIC) for code in exam.of_group("arithmetic"))
    return sorted(rows, key=lambda row: _SHOWN.index(row[1]) if row[1] in _SHOWN else len(_SHOWN))


# --- how it does it -----------------------------------------------------------------------------------------

_Row = tuple[int, str, str]
"""Index of a slot, id of its subject (the code as written where the law knows none), role."""


@frozen
class _Seat:
    """A place in a package for one subject of a list. ``firm``: nobody is exempt from it."""

    role: str
    of: tuple[str, ...]
    firm: bool
    cite: Cite


@frozen(eq=False)
class _Exam:
    """The exam of a level in a year: its profiles with their seats, the roles there are, and how many marks of a role
    a whole exam has."""

    law: Lawbook
    level: str
    year: int
    common: tuple[_Seat, ...]
    profiles: Mapping[str, tuple[_Seat, ...]]
    roles: frozenset[str]
    asked: Mapping[str, int]

    def own(self, profile: str) -> tuple[_Seat, ...]:
        return self.profiles.get(profile, ())

    def rank(self, code: str) -> int:
        """Where a subject stands in the law data; unknown ones come last."""
        order = self.law.kept("order of subjects", lambda: {code: n for n, code in enumerate(self.law.subjects)})
        return order.get(code, len(order))

    def name(self, code: str) -> str:
        subject = self.law.subjects.get(code)
        return str(subject.label) if subject else quoted(code)

    def names(self, codes: Iterable[str]) -> str:
        return listed(map(self.name, codes), _("or"))

    def of_group(self, group: str) -> list[str]:
        return [subject.id for subject in self.law.subjects.values() if group in subject.groups]

    def nature(self, code: str) -> str:
        return _nature(self.law, code, self.roles)

    def gymnasium_first(self, seat: _Seat) -> tuple[str, ...]:
        """Who has a classical language is at a gymnasium: there it stands in the common part, before a modern one."""
        classical = self.of_group("classical-language") if seat.role == COMMON else ()
        return tuple(sorted(seat.of, key=lambda code: code not in classical))

    def likeliest(self, codes: Collection[str]) -> str:
        """The profile of which most seats can be taken; of equals the first."""
        taken = {name: len(_seated([seat.of for seat in seats], codes)) for name, seats in self.profiles.items()}
        return max(taken, key=lambda name: taken[name], default="")

    def role_of_unknown(self, roles: Sequence[str]) -> str:
        """What a subject that the law does not know is for, on a sheet that has these roles already."""
        kinds = [role for role in (PROGRAMMES[0], ELECTIVE) if role in self.roles and self.asked.get(role)]
        asked = (role for role in (*kinds, FREE) if roles.count(role) < self.asked.get(role, 0))
        return next(asked, ELECTIVE if ELECTIVE in kinds else FREE)

    def outside(self, seats: Sequence[_Seat], role: str, sheet: Sequence[_Row]) -> list[_Row]:
        """The rows in a role that no seat of that role is for, in the order of the law."""
        listed_ = {code for seat in seats if seat.role == role for code in seat.of}
        rows = [row for row in sheet if row[2] == role and row[1] not in listed_]
        return sorted(rows, key=lambda row: (self.rank(row[1]), row[1]))

    def choices(self, profile: str) -> Iterator[str]:
        """Subjects for the free part: what the profile leaves, then what the others have."""
        others = (seats for name, seats in self.profiles.items() if name != profile)
        for seat in (*reversed(self.own(profile)), *(seat for seats in others for seat in seats)):
            yield from (code for code in seat.of if seat.role == PROFILE)

    def goes_with(self, code: str, rows: Slots) -> bool:
        """Whether a subject can stand in the free part beside these."""
        sheet = _sheet(self.law, [*rows, (code, FREE)])
        return code not in {row[0] for row in rows} and all(
            misfit.index is None for _rule, misfit in _excluded(self, sheet)
        )

    def unknown(self, profile: str) -> Misfit:
        text = _("there is no profile {profile} on {level} in {year}")
        message = text.format(profile=quoted(profile), level=self.level, year=SchoolYear(self.year))
        rows = (row for row in self.law.packages.values() if self.level in row.levels and row.profile == profile)
        cite = next((at(row.cite, self.year) for row in rows), None)
        hint = _("known here: {names}").format(names=", ".join(self.profiles))
        return Misfit(message + did_you_mean(profile.lower(), self.profiles), hint=hint, cite=cite)


def _exam(law: Lawbook, level: str, year: int) -> _Exam:
    def make() -> _Exam:
        roles = frozenset(law.roles(level, year, CALENDAR))
        profiles: dict[str, tuple[_Seat, ...]] = {}
        for package in law.packages.values():
            version = next((v for v in package.version if year in v.span), None)
            if version is not None and level in package.levels:
                profiles[package.profile] = tuple(_seats(law, version, at(package.cite, year), roles))
        common = profiles.pop("", ())
        return _Exam(law, level, year, common, profiles, roles, _asked(law, level, year))

    return law.kept(("packages", level, year), make)


def _seats(law: Lawbook, version: PackageVersion, cite: Cite, roles: Collection[str]) -> Iterator[_Seat]:
    for field, picks in ((COMMON, version.common), (PROFILE, version.profile), (PART, version.part)):
        for pick in picks:
            role = (_nature(law, pick.of[0], roles) if field != PART else "") or field
            firm = role == PROFILE or (role == COMMON and len(pick.of) == pick.n)
            yield from (_Seat(role, pick.of, firm, cite) for _number in range(pick.n))


def _nature(law: Lawbook, code: str, roles: Collection[str]) -> str:
    """The role a subject has by itself, "" for most. What stands beside the result does so in every year."""
    groups = law.subjects[code].groups if code in law.subjects else ()
    wanted = next((_BY_NATURE[group] for group in groups if group in _BY_NATURE), ())
    return next((role for role in wanted if role in roles or role not in _INSIDE), "")


_INSIDE = (PART, *PROGRAMMES, ELECTIVE)


def _asked(law: Lawbook, level: str, year: int) -> dict[str, int]:
    """By role (or group), how many marks the demands of the year want at least, by the first way there is."""
    tables = law.demands_of(level, "", "pass", year, CALENDAR)
    checks = [check for table in tables for way in table.ways[:1] for check in way.checks if check.test is Test.MIN]
    counts = [(check.fact.tally, check.bound) for check in checks]
    return {
        name: bound
        for tally, bound in counts
        if tally is not None and tally.take == "number" and isinstance(bound, int)
        for name in tally.of
    }


def _id(law: Lawbook, code: str) -> str:
    subject = law.subject(code)
    return subject.id if subject else code


def _sheet(law: Lawbook, slots: Slots) -> list[_Row]:
    return [(index, _id(law, code), role) for index, (code, role) in enumerate(slots)]


def _seated(seats: Sequence[Sequence[str]], codes: Collection[str]) -> dict[int, str]:
    """By seat, the subject that takes it: as many as can be, earlier seats and subjects first (augmenting paths)."""
    sits: dict[str, int] = {}

    def seat(number: int, asked: set[str]) -> bool:
        wanted = [code for code in seats[number] if code in codes]
        for code in wanted:
            if code not in sits:
                sits[code] = number
                return True
        for code in wanted:  # whoever sits here may have another seat to go to
            if code not in asked:
                asked.add(code)
                if seat(sits[code], asked):
                    sits[code] = number
                    return True
        return False

    for number in range(len(seats)):
        seat(number, set())
    return {number: code for code, number in sits.items()}


def _untaken(seats: Sequence[_Seat], sheet: Sequence[_Row]) -> list[_Seat]:
    """The seats that no subject of the sheet takes: in the common part and the profile one in that role, else any."""
    lacking: list[_Seat] = []
    for role in dict.fromkeys(seat.role for seat in seats):
        there = [seat for seat in seats if seat.role == role]
        codes = {code for _index, code, has in sheet if has == role or role not in (COMMON, PROFILE)}
        taken = _seated([seat.of for seat in there], codes)
        lacking.extend(seat for number, seat in enumerate(there) if number not in taken)
    return lacking


def _lacking(exam: _Exam, seats: Sequence[_Seat], sheet: Sequence[_Row]) -> Iterator[Misfit]:
    """Seats that nobody is exempt from and that no subject takes."""
    texts = {COMMON: _("the common part lacks {subjects}"), PROFILE: _("the profile part lacks {subjects}")}
    for seat in _untaken(seats, sheet):
        if seat.firm:
            wanted = [code for code in seat.of if (code, seat.role) not in {row[1:] for row in sheet}] or list(seat.of)
            elsewhere = sorted((row for row in sheet if row[1] in wanted), key=lambda row: wanted.index(row[1]))
            text = _("{subject} is on the sheet as {role}")
            hint = "; ".join(text.format(subject=exam.name(code), role=role) for _index, code, role in elsewhere)
            yield Misfit(texts[seat.role].format(subjects=exam.names(wanted)), hint=hint, cite=seat.cite)


def _strangers(exam: _Exam, seats: Sequence[_Seat], sheet: Sequence[_Row], profile: str) -> Iterator[Misfit]:
    """Subjects in a role that no seat is for. One may stand in place of each language that is waived (IB 26e lid 5)."""
    texts = {
        COMMON: _("{subject} does not count in the common part"),
        PROFILE: _("{subject} is no subject of this profile"),
        **dict.fromkeys(PROGRAMMES, _("{subject} is no programme of this profile")),
    }
    for role, text in texts.items():
        there = [seat for seat in seats if seat.role == role]
        if not there:
            continue
        outside = exam.outside(there, role, sheet)
        if role == COMMON:
            outside = outside[sum(not seat.firm for seat in _untaken(there, sheet)) :]
        for index, code, _role in outside:
            if role in PROGRAMMES and code not in exam.law.subjects:
                continue  # schools write many codes for these
            roles = roles_of(exam.law, exam.level, exam.year, profile, [row[1] for row in sheet])
            hint = _("its role here is {role}").format(role=roles[index]) if roles[index] != role else ""
            yield Misfit(text.format(subject=exam.name(code)), index, hint, there[0].cite)


def _excluded(exam: _Exam, sheet: Sequence[_Row]) -> Iterator[tuple[Exclusion, Misfit]]:
    for rule in exam.law.exclusions.values():
        if exam.level in rule.levels and exam.year in rule.span:
            rows = [row for row in sheet if not rule.roles or row[2] in rule.roles]
            yield from ((rule, misfit) for misfit in _broken(exam, rule, rows))


def _broken(exam: _Exam, rule: Exclusion, rows: Sequence[_Row]) -> Iterator[Misfit]:
    """What of a rule the subjects in its roles break; a subject of the school's own has the benefit of the doubt."""
    where = {code: index for index, code, _role in reversed(rows)}
    counted = [code for code in dict.fromkeys(rule.of) if code in where]
    cite, hint = at(rule.cite, exam.year), str(rule.label)
    if rule.most is not None and len(counted) > rule.most:
        message = _("{subjects} do not go together").format(subjects=listed(map(exam.name, counted)))
        yield Misfit(message if rule.most else hint, where[counted[-1]], hint if rule.most else "", cite)
    if rule.only_with and not any(code in where for code in rule.only_with):
        for code in counted:
            text = _("{subject} goes only with {others}")
            message = text.format(subject=exam.name(code), others=exam.names(rule.only_with))
            yield Misfit(message, where[code], hint, cite)
    unknown = sum(code not in exam.law.subjects for code in where)
    if len(counted) + unknown < rule.least:
        yield Misfit(_("not met: {rule}").format(rule=rule.label), cite=cite)
