"""What the law screen shows, read from its view model."""

from __future__ import annotations

from trajectsim.calendar import SchoolYear
from trajectsim.law.lawbook import Lawbook
from trajectsim.tui.lawview import LawDesk, LawView, show, years


def texts(view: LawView) -> list[str]:
    return [f"{line.sign} {line.text}".strip() for top in view.lines for line in top.walk()]


def read(law: Lawbook, rule: str, year: int) -> LawView:
    return show(LawDesk.of(law, SchoolYear(year)).reading(rule))


def test_every_rule_is_listed_once_under_its_sort(law: Lawbook) -> None:
    view = show(LawDesk.of(law))
    assert [entry.id for entry in view.entries] == [rule.id for rule in law.rules()]
    heads = [entry.head for entry in view.entries if entry.head]
    assert len(heads) == len(set(heads))
    assert view.counted == f"{len(view.entries)} rules"


def test_no_two_rules_of_a_sort_look_alike(law: Lawbook) -> None:
    seen: set[tuple[str, str]] = set()
    sort = ""
    for entry in show(LawDesk.of(law)).entries:
        sort = entry.head or sort
        assert (sort, entry.label) not in seen
        seen.add((sort, entry.label))


def test_a_rule_is_read_as_it_answers_in_the_year(law: Lawbook) -> None:
    before, after = read(law, "cum-laude-vwo", 2016), read(law, "cum-laude-vwo", 2017)
    assert any("rekentoets: at least 7.0" in text for text in texts(before)[1:3])
    now = texts(after)[texts(after).index("In 2017/2018") + 1]
    assert now.startswith("✓ right")
    assert "rekentoets" not in now
    assert "Eindexamenbesluit VO art. 52a, Stb. 2015, 340 [A]" in "\n".join(texts(after))


def test_a_year_in_which_a_rule_changed_says_what_is_gone_and_what_is_new(law: Lawbook) -> None:
    said = texts(read(law, "five-year-vwo", 2016))
    assert said[0] == "Changed from 2015/2016 to 2016/2017"
    assert said[1] == "− not lawful"
    assert any(text.startswith("+ a permission") for text in said)
    assert not any(text.startswith(("+", "−")) for text in texts(read(law, "five-year-vwo", 2018)))


def test_what_changed_between_two_years_is_what_the_lawbook_says(law: Lawbook) -> None:
    first, second = SchoolYear(2013), SchoolYear(2020)
    desk = LawDesk.of(law, second).against(first)
    assert [entry.id for entry in show(desk).entries] == law.changes(first, second)
    assert {entry.sign for entry in show(desk).entries} == {"±"}
    assert show(desk.showing("changed")).desk.shows == "all"


def test_nothing_changed_is_said(law: Lawbook) -> None:
    year = SchoolYear(2020)
    view = show(LawDesk.of(law, year).against(year))
    assert view.entries == ()
    assert [line.text for line in view.lines] == ["Nothing changed."]


def test_a_search_takes_every_word_in_either_language_and_in_the_articles(law: Lawbook) -> None:
    desk = LawDesk.of(law, SchoolYear(2018))
    found = set(desk.searched("cum LAUDE").listed)
    assert {"cum-laude", "cum-laude-vwo"} <= found
    assert desk.searched("overslaan").listed == desk.searched("Overslaan ").listed != ()
    assert set(desk.searched("leerplichtwet").listed) & set(law.duties)
    assert desk.searched("laude zebra").listed == ()
    assert "zebra" in show(desk.searched("zebra")).lines[0].text


def test_a_rule_outside_what_was_searched_for_is_read_all_the_same(law: Lawbook) -> None:
    desk = LawDesk.of(law).searched("laude").reading("skip")
    assert (desk.asked, show(desk).rule) == ("", "skip")


def test_the_measures_come_with_the_words_of_the_report(law: Lawbook) -> None:
    desk = LawDesk.of(law).showing("measures")
    assert list(desk.listed) == list(law.measures)
    said = "\n".join(texts(show(desk.reading("five-year-vwo"))))
    assert "progress report of 2015: offer accelerated vwo" in said
    assert "announced in 2015: 2015/2016" in said


def test_the_line_of_a_rule_turns_where_it_changes(law: Lawbook) -> None:
    view = read(law, "five-year-vwo", 2018)
    line = str(view.axis.rows[2])
    shown = {year: line[view.axis.column_of(year) :][:3] for year in years(law)}
    assert shown[SchoolYear(2015)] == "╌╌╌"
    assert shown[SchoolYear(2016)] == "──●"
    assert shown[SchoolYear(2017)] == "───"
    assert shown[SchoolYear(2022)] == "──○"
    assert "[18]" in str(view.axis.rows[0])


def test_a_year_that_is_not_known_is_said_to_be_so(law: Lawbook) -> None:
    first = years(law)[0]
    assert first.start < (law.known.first or 0)
    view = show(LawDesk.of(law, first).reading("skip"))
    assert "not known" in view.lines[0].text
    assert "not known" not in show(LawDesk.of(law, first).reading("cum-laude-vwo")).lines[0].text


def test_years_stop_at_what_is_known(law: Lawbook) -> None:
    desk = LawDesk.of(law)
    assert desk.to(SchoolYear(2090)).year == years(law)[-1]
    assert desk.to(SchoolYear(1990)).year == years(law)[0]
