"""School years and ages on a reference date.

A school year runs from 1 August to 31 July (WPO art. 1; Eindexamenbesluit VO art. 1). The axis of every picture
shows the age on 1 October; an age at a diploma is the age on 31 July that ends the year.
"""

from __future__ import annotations

import re
from datetime import date

from attrs import frozen

_FORM = re.compile(r"([0-9]{4})/([0-9]{4})")
_FIRST_MONTH_OF_SCHOOL = 8
_AGE_IN_GROEP_1 = 4


@frozen(order=True, cache_hash=True)
class SchoolYear:
    """The school year that starts on 1 August of ``start``."""

    start: int

    @classmethod
    def parse(cls, text: str) -> SchoolYear:
        """Read "2015/2016". Raises ValueError when it is not a school year in that form."""
        match = _FORM.fullmatch(text)
        if match is None or int(match[2]) != int(match[1]) + 1 or int(match[1]) == 0:
            raise ValueError(text)
        return cls(int(match[1]))

    @classmethod
    def on(cls, day: date) -> SchoolYear:
        """The school year a day lies in."""
        return cls(day.year if day.month >= _FIRST_MONTH_OF_SCHOOL else day.year - 1)

    @property
    def end(self) -> int:
        """The calendar year in which it ends: "exam 2016" is the exam of 2015/2016."""
        return self.start + 1

    @property
    def short(self) -> str:
        """It in five characters: "15/16"."""
        return f"{self.start % 100:02}/{self.end % 100:02}"

    def __str__(self) -> str:
        return f"{self.start:04}/{self.start + 1:04}"

    def __add__(self, years: int) -> SchoolYear:
        return SchoolYear(self.start + years)

    def __sub__(self, other: SchoolYear) -> int:
        return self.start - other.start


def age_on(born: date, day: date) -> int:
    """Whole years lived on a day; who was born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_on_1_october(born: date, year: SchoolYear) -> int:
    """The age that the axis shows for a school year."""
    return age_on(born, date(year.start, 10, 1))


def age_at_end(born: date, year: SchoolYear) -> int:
    """The age on 31 July, the last day of the school year."""
    return age_on(born, date(year.end, 7, 31))


def year_of_groep_1(born: date) -> SchoolYear:
    """The school year in which a child is four on 1 October: a convention of this project, not law."""
    first = SchoolYear(born.year + _AGE_IN_GROEP_1)
    return first if age_on_1_october(born, first) == _AGE_IN_GROEP_1 else first + 1


def first_born_for(year: SchoolYear) -> int:
    """The calendar year whose children, born from 1 January on, begin groep 1 in a school year or after it."""
    return year.start - _AGE_IN_GROEP_1
