"""The hand-out: what is in it, what is not, and that its files are what they say they are."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest
from attrs import evolve

from trajectsim import words
from trajectsim.law.lawbook import Lawbook
from trajectsim.report import handoutpage
from trajectsim.report.drawing import described, drawing
from trajectsim.report.handout import handout
from trajectsim.report.handoutexam import nested
from trajectsim.report.handoutparts import Handout, Item
from trajectsim.report.linemap import line_map
from trajectsim.report.nameless import without_name
from trajectsim.scenario.read import read_all, read_from
from trajectsim.scenario.run import play_file, play_source

ROOT = Path(__file__).parents[2] / "scenarios"
SARA = ROOT / "paths" / "sara.toml"
PAGES = {"html": handoutpage.html, "md": handoutpage.markdown, "svg": handoutpage.svg}
SVG = "{http://www.w3.org/2000/svg}"


def made(file: Path, law: Lawbook) -> Handout:
    played = play_file(file, law)
    return handout(played.walk.plan, played.law, played.source.scenario.title)


def walkers() -> list[Path]:
    """A scenario of each sort that has a pupil."""
    files = sorted((ROOT / "paths").glob("*.toml")) + sorted((ROOT / "policies").glob("*.toml"))
    return [file for file in files if read_all(file)[0].scenario.walks]


@pytest.fixture(scope="module")
def pages(law: Lawbook) -> dict[str, str]:
    """What is made of Sara's scenario, in Dutch."""
    words.use("nl")
    sara = made(SARA, law)
    return {name: write(sara) for name, write in PAGES.items()}


@pytest.mark.parametrize("file", walkers(), ids=lambda file: file.stem)
def test_every_bundled_walk_is_a_page_of_which_a_strict_parser_has_nothing_to_say(file: Path, law: Lawbook) -> None:
    page = handoutpage.html(made(file, law))
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(page)
    assert not parser.errors
    ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + len("</svg>")])
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    for names in re.findall(r'aria-labelledby="([^"]*)"', page):
        assert set(names.split()) <= set(ids)


@pytest.mark.parametrize("name", ["Sara", "sara", "Sara Groep", "de Vries, Sara"])
@pytest.mark.parametrize("form", PAGES)
def test_neither_the_name_nor_the_date_of_birth_leaves_the_house(name: str, form: str, law: Lawbook) -> None:
    words.use("nl")
    text = SARA.read_text("utf-8").replace('name = "Sara"', f'name = "{name}"')
    reform = '[[reform]]\nrule = "cum-laude-vwo"\nset = "mean"\nfrom = "2020/2021"\nvalue = 7.5\n'
    played = play_source(read_from(text.replace("[law]", f"{reform}\n[law]", 1), "sara.toml"), law)
    written = PAGES[form](handout(played.walk.plan, played.law, played.source.scenario.title))
    assert not re.search(r"\b(sara|vries)\b", written, re.IGNORECASE)
    assert "2008-03-12" not in written
    assert "12 maart" not in written
    assert form == "svg" or "de naam en de geboortedatum van de leerling staan niet in dit bestand" in written


def test_a_name_is_taken_out_of_a_title_and_other_words_are_left() -> None:
    assert without_name("Wil wil naar het vwo", "Wil") == "The pupil the pupil naar het vwo"
    assert without_name("Saravanan, na de brugklas", "Sara de Vries") == "Saravanan, na de brugklas"
    assert without_name("Anne-Fleur van Dijk na groep 7", "Anne-Fleur van Dijk") == "The pupil na groep 7"
    assert without_name("Na groep 7", "") == "Na groep 7"


def test_nothing_is_fetched_from_elsewhere(pages: dict[str, str]) -> None:
    for written in pages.values():
        assert not re.search(r"<(script|link|img|iframe|object|use|image)\b|@import|url\(|\bsrc=|\bhref=", written)
    assert set(re.findall(r"https?://[^\s\"<]*", pages["html"])) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in pages["html"]


def test_a_reader_that_cannot_see_is_told_the_map_and_the_tables(pages: dict[str, str]) -> None:
    page = pages["html"]
    assert '<html lang="nl">' in page
    assert page.count("<h1>") == 1
    assert page.count("<table") == page.count("<thead>")
    assert "Het traject: po van 2012/2013 tot en met 2018/2019, vwo van 2019/2020 tot en met 2023/2024" in page
    assert "Zonder maatregelen: po van 2012/2013 tot en met 2019/2020" in page
    for row in re.findall(r"<tbody><tr>(<[^>]*>)", page):
        assert row.startswith("<th scope=")


def test_the_measure_stands_with_consent_first_cohorts_publication_and_evidence(pages: dict[str, str]) -> None:
    for form in ("html", "md"):
        (line,) = [text for text in pages[form].splitlines() if "alleen met toestemming van de minister" in text]
        assert "Stcrt. 2015, 27367" in line
        assert "eerste cohorten 2016/17" in line
        assert "cijfers van het centraal examen" in line
        assert "bewijs C" in line
        assert "2 jaar gewonnen" in pages[form]


def test_what_is_law_given_assumed_and_modelled_is_told_apart(law: Lawbook) -> None:
    text = handoutpage.markdown(made(SARA, law))
    law_part, school_part = text.split("**By law, whatever the school wants**")[1].split("**For the school")
    assert "right (2023/2024)" in law_part
    assert "policy on moving up: always yes (given; 11 years)" in school_part
    assert "policy on admission: always yes (assumed; 2018/2019)" in school_part
    assert "the weakest evidence behind it is D" in text
    assert "| 2012/2013 \\* |" in text


def test_years_that_are_alike_are_one_line_and_a_new_article_is_dated(law: Lawbook) -> None:
    text = handoutpage.markdown(made(SARA, law))
    (line,) = [line for line in text.splitlines() if "versneld vwo 1 –" in line or "accelerated vwo 1 –" in line]
    assert line.startswith("| 2019/2020 – 2022/2023 | 11 – 14 |")
    assert "WVO art. 27 \\[A\\]; from 2022/2023 Uitvoeringsbesluit WVO 2020 art. 8.8 \\[B\\]" in line


def test_an_exam_without_marks_tells_what_it_will_ask(law: Lawbook) -> None:
    text = handoutpage.markdown(made(ROOT / "paths" / "start-in-havo-4.toml", law))
    assert "**havo, exam 2028, which asks**" in text
    assert "on average at least 5.5" in text


def test_ways_to_meet_a_demand_are_told_apart_after_what_they_share(law: Lawbook) -> None:
    text = handoutpage.markdown(made(ROOT / "paths" / "start-in-havo-4.toml", law))
    (line,) = {line for line in text.splitlines() if line.startswith("* Fives and fours")}
    assert line.count("marks below 4") == 1
    assert "marks below 4: 0; and (1) fours: 0, fives: at most 1, or (2) fours: 1, fives: 0," in line


def test_a_level_is_told_as_people_say_it(law: Lawbook) -> None:
    assert "**vmbo-tl, exam 2020, which asks**" in handoutpage.markdown(made(ROOT / "paths" / "vmbo-upwards.toml", law))


def test_final_marks_stand_with_the_names_of_their_subjects(pages: dict[str, str]) -> None:
    told = "Eindcijfers: Nederlands 8, Engels 8, Duits 7"
    for form in ("html", "md"):
        assert told in pages[form]
        assert "netl" not in pages[form]


def test_what_falls_away_without_measures_is_not_told_as_if_it_did_not_happen(pages: dict[str, str]) -> None:
    assert "Wat niet doorgaat" not in pages["md"]
    measures = pages["md"].split("## Maatregelen")[1].split("\n## ")[0]
    assert "Zonder maatregelen vervallen deze keuzes" in measures


def test_words_that_a_parent_may_not_know_are_explained(pages: dict[str, str]) -> None:
    assert "jaar 12: schooljaar 2012/2013" in pages["md"]
    for form in ("html", "md"):
        assert "SD: de gewone spreiding" in pages[form]
        assert "geen voorspelling" in pages[form]
        assert "recht van de leerling" in pages[form]
        assert "zonder iets te versturen" in pages[form]


def test_a_page_with_little_on_it_is_printed_larger(law: Lawbook) -> None:
    names = ("propedeuse-before-2013", "late-bloomer")
    little, much = (handoutpage.print_size(made(ROOT / "paths" / f"{name}.toml", law)) for name in names)
    assert little > 8 > much


def test_a_mark_that_is_open_is_told_with_what_it_has_to_be(law: Lawbook) -> None:
    source = read_from(SARA.read_text("utf-8").replace("ce = 8.7\n", ""), "sara.toml")
    played = play_source(source, law)
    text = handoutpage.markdown(handout(played.walk.plan, played.law, source.scenario.title))
    assert re.search(r"^ +\* wisb, central exam: at least \d\.\d$", text, re.MULTILINE)


def test_marks_of_the_model_are_told_as_modelled_with_the_grade_of_evidence(law: Lawbook) -> None:
    text = SARA.read_text("utf-8")
    source = read_from(text[: text.index("# Her exam")], "sara.toml")
    played = play_source(source, law)
    page = handoutpage.markdown(handout(played.walk.plan, played.law, source.scenario.title))
    assert "| exam 2024: passed" in page
    assert "| the model |" in page
    assert "Modelled, by evidence of grade D: exam 2024: passed" in page
    assert "vwo diploma (result modelled)" in page
    assert "To pass:" not in page


def test_what_was_asked_for_and_refused_is_told_by_its_name(law: Lawbook) -> None:
    text = handoutpage.markdown(made(ROOT / "paths" / "early-exam-vwo-4-2013.toml", law))
    assert "## What does not happen" in text
    refused = text.split("**Refused**")[1].split("\n\n")[1]
    assert "early-exam" not in refused


def test_the_drawing_has_every_stop_of_the_map_and_no_other(law: Lawbook) -> None:
    played = play_file(SARA, law)
    drawn = line_map(played.walk, played.without, played.law)
    root = ElementTree.fromstring(drawing(drawn, "A & B"))
    assert root.find(f"{SVG}title").text == "A & B"  # pyright: ignore[reportOptionalMemberAccess]
    assert root.find(f"{SVG}desc").text == described(drawn)  # pyright: ignore[reportOptionalMemberAccess]
    titles = [group.find(f"{SVG}title").text for group in root.iter(f"{SVG}g")]  # pyright: ignore
    assert len(titles) == len(drawn.stops) == len(played.walk.steps) + len(played.without.steps)
    assert "2014/2015: groep 3; a year is skipped" in titles
    assert any("2 years gained" in (text.text or "") for text in root.iter(f"{SVG}text"))


def test_a_walk_that_no_measure_changes_has_no_hollow_line_and_no_arrow(law: Lawbook) -> None:
    played = play_file(ROOT / "paths" / "start-in-havo-4.toml", law)
    drawn = line_map(played.walk, played.without, played.law)
    assert all(stop.solid for stop in drawn.stops)
    assert drawn.gain is None
    assert "gained" not in drawing(evolve(drawn, parts=()), "")


def test_lines_lie_under_each_other_by_their_indent() -> None:
    lines = ["  so far", "to pass:", "  each", "    one", "  all", "note"]
    assert list(nested(lines)) == [
        Item("so far"),
        Item("to pass:", (Item("each", (Item("one"),)), Item("all"))),
        Item("note"),
    ]
