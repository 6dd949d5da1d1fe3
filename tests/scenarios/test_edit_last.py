"""A scenario loses its last table of a kind, and nothing else."""

from __future__ import annotations

from trajectsim.scenario.edit import append, drop

TEXT = 'title = "x"\n\n[pupil]\nborn = 2008-03-12\n'


def test_the_last_table_takes_its_name_with_it() -> None:
    one = append(TEXT, "act", {"in": "2014/2015", "act": "skip"})
    assert drop(one, ("act", 0)).strip() == TEXT.strip()


def test_of_two_tables_one_stays() -> None:
    one = append(TEXT, "choice", {"in": "2014/2015", "move": "skip"})
    two = append(one, "choice", {"in": "2016/2017", "move": "repeat"})
    assert drop(two, ("choice", 1)).strip() == one.strip()
