"""One file, many scenarios: parents, cases, the matrix; and what is wrong with them told where it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim import cli
from trajectsim.errors import Problems
from trajectsim.scenario.expand import expand, merged
from trajectsim.scenario.read import find, read_all, read_all_from

PUPIL = 'title = "x"\n[pupil]\nborn = 2005-05-05\n'
keys = st.sampled_from(["a", "b", "c"])
documents = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
).filter(lambda value: isinstance(value, dict))


@given(documents, documents, documents)
def test_merging_is_laying_over(one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]) -> None:
    assert merged(one, {}) == merged({}, one) == one
    assert merged(one, one) == one
    assert merged(merged(one, two), three) == merged(one, two, three)
    for key, value in two.items():
        if not isinstance(value, dict):
            assert merged(one, two)[key] == value


def titles(text: str) -> list[str]:
    return [source.variant.name for source in read_all_from(text, "x.toml")]


def found(text: str) -> list[str]:
    """Places and codes of the problems."""
    try:
        read_all_from(text, "x.toml")
    except Problems as error:
        return [f"{p.place.line}:{p.place.column} {p.code}" for p in error.problems if p.place]
    return []


# --- parents ------------------------------------------------------------------------------------------------


def test_a_child_is_its_parent_with_what_it_says_itself(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "_base.toml").write_text(
        PUPIL + '[measures]\nskip-year = true\n[[choice]]\nin = "2012/2013"\nmove = "skip"\n', "utf-8"
    )
    child = tmp_path / "child.toml"
    child.write_text(
        'extends = "shared/_base.toml"\ntitle = "y"\n[measures]\nearly-to-vo = true\n[pupil]\nname = "Y"\n', "utf-8"
    )
    (source,) = read_all(child)
    scenario = source.scenario
    assert scenario.pupil is not None
    assert (scenario.title, scenario.pupil.name, scenario.pupil.born.year) == ("y", "Y", 2005)
    assert list(scenario.measures) == ["skip-year", "early-to-vo"]
    assert len(scenario.choice) == 1
    files, problems = find([tmp_path])
    assert ([file.name for file in files], problems) == (["child.toml"], [])


def test_what_is_wrong_in_a_parent_is_told_there(tmp_path: Path) -> None:
    (tmp_path / "_base.toml").write_text(PUPIL + "[measures]\nskip-yaer = true\n", "utf-8")
    child = tmp_path / "child.toml"
    child.write_text('extends = "_base.toml"\n[given]\nadvcie = "vwo"\n', "utf-8")
    with pytest.raises(Problems) as caught:
        read_all(child)
    told = [(Path(p.file).name, p.place.line if p.place else 0, p.code) for p in caught.value.problems]
    assert told == [("_base.toml", 5, "S104"), ("child.toml", 3, "S104")]


@pytest.mark.parametrize(
    ("extends", "told"),
    [
        ('"../secret.toml"', "leads out of the folder"),
        ('"/etc/passwd"', "leads out of the folder"),
        ('"sub/../../secret.toml"', "leads out of the folder"),
        ('"link/secret.toml"', "leads out of the folder"),
        ('"nowhere.toml"', "there is no such file"),
        ('"child.toml"', "in a circle"),
        ("5", "the name of a file"),
    ],
)
def test_a_parent_that_is_not_followed(tmp_path: Path, extends: str, told: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.toml").write_text(PUPIL, "utf-8")
    (inside / "link").symlink_to(tmp_path)
    child = inside / "child.toml"
    child.write_text(f"extends = {extends}\n{PUPIL}", "utf-8")
    with pytest.raises(Problems) as caught:
        read_all(child)
    (problem,) = caught.value.problems
    assert problem.code == "S110"
    assert told in problem.message
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (1, 11)


def test_files_that_extend_each_other_in_a_circle_or_without_end(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "b.toml"\n', "utf-8")
    (tmp_path / "b.toml").write_text('extends = "a.toml"\n', "utf-8")
    with pytest.raises(Problems, match="in a circle"):
        read_all(tmp_path / "a.toml")
    for number in range(20):
        (tmp_path / f"c{number}.toml").write_text(f'extends = "c{number + 1}.toml"\n', "utf-8")
    with pytest.raises(Problems, match="files extend each other"):
        read_all(tmp_path / "c0.toml")


# --- cases --------------------------------------------------------------------------------------------------


def test_each_case_is_a_scenario_laid_over_the_file() -> None:
    text = PUPIL + '[[case]]\nname = "one"\ngiven.advice = "vwo"\n[[case]]\nname = "two"\npupil.name = "Z"\n'
    one, two = read_all_from(text, "x.toml")
    assert (one.name, two.name) == ("x.toml [one]", "x.toml [two]")
    assert one.scenario.given == {"advice": "vwo"}
    assert two.scenario.given == {}
    assert two.scenario.pupil is not None
    assert (two.scenario.pupil.name, two.scenario.pupil.born.year) == ("Z", 2005)


CASES = {
    "no name": ('[[case]]\ngiven.advice = "vwo"\n', ["4:3 S111"]),
    "two of one name": ('[[case]]\nname = "a"\n[[case]]\nname = "a"\n', ["7:8 S111"]),
    "a title of its own": ('[[case]]\nname = "a"\ntitle = "b"\n', ["6:1 S111"]),
    "a case inside": ('[[case]]\nname = "a"\n[[case.case]]\nname = "b"\n', ["6:8 S111"]),
    "no cases": ("case = 5\n", ["4:8 S111"]),
    "a wrong value in a case": ('[[case]]\nname = "a"\ngiven.advice = "gymnasium"\n', ["6:16 S103"]),
    "an unknown key in a case": ('[[case]]\nname = "a"\n[case.pupil]\nnaem = "b"\n', ["7:1 S101"]),
    "axis of nothing": ("[matrix]\ngiven.advice = []\n", ["5:16 S111"]),
    "axis that is no array": ('[matrix]\ngiven.advice = "vwo"\n', ["5:16 S111"]),
    "a wrong value on an axis": ('[matrix]\ngiven.advice = ["vwo", "gymnasium"]\n', ["5:24 S103"]),
    "an axis nowhere": ('[matrix]\n"giver.advice" = ["vwo"]\n', ["5:19 S101"]),
    "an exclusion of nothing": (
        '[matrix]\ngiven.advice = ["vwo"]\nexclude = [{ given.advice = "havo" }]\n', ["6:12 S111"]),
    "everything excluded": (
        '[matrix]\ngiven.advice = ["vwo"]\nexclude = [{ given.advice = "vwo" }]\n', ["4:2 S111"]),
    "an inclusion that is no table": ('[matrix]\ngiven.advice = ["vwo"]\ninclude = [5]\n', ["6:12 S111"]),
    "too many": (
        "[matrix]\n" + "".join(f'"pupil.ability.x{n}" = [1, 2, 3, 4]\n' for n in range(6)), ["4:2 S111"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_with_cases_and_matrix_is_told_where(name: str) -> None:
    text, expected = CASES[name]
    text = text + PUPIL if name == "no cases" else PUPIL + text
    assert found(text) == (["1:8 S111"] if name == "no cases" else expected)


# --- the matrix ---------------------------------------------------------------------------------------------


def test_a_matrix_is_every_combination_but_those_excluded_and_those_included() -> None:
    text = PUPIL + (
        "[matrix]\n"
        'given.advice = ["havo", "vwo"]\n'
        '"measures.skip-year" = [true, { from = "2013/2014" }]\n'
        'exclude = [{ given.advice = "havo", measures.skip-year = true }]\n'
        'include = [{ given.advice = "vwo", given.foundation = true }, { given.advice = "tl" }]\n'
    ).replace('"tl"', '"kb"')
    sources = read_all_from(text, "x.toml")
    told = [(s.scenario.given, s.scenario.measures.get("skip-year") is True) for s in sources]
    assert told == [
        ({"advice": "havo"}, False),
        ({"advice": "vwo", "foundation": True}, True),
        ({"advice": "vwo", "foundation": True}, False),
        ({"advice": "kb"}, False),
    ]
    assert len({source.name for source in sources}) == 4


def test_a_matrix_reaches_into_arrays() -> None:
    text = PUPIL + '[[choice]]\nin = "2013/2014"\nmove = "skip"\n[matrix]\n"choice.0.move" = ["skip", "repeat"]\n'
    assert [source.scenario.choice[0].move for source in read_all_from(text, "x.toml")] == ["skip", "repeat"]


def test_cases_and_matrix_multiply() -> None:
    text = PUPIL + '[matrix]\ngiven.advice = ["havo", "vwo"]\n[[case]]\nname = "a"\n[[case]]\nname = "b"\n'
    assert titles(text) == [
        "a · given.advice=havo",
        "a · given.advice=vwo",
        "b · given.advice=havo",
        "b · given.advice=vwo",
    ]


def test_a_problem_shared_by_all_is_told_once() -> None:
    text = PUPIL + 'nme = 5\n[matrix]\ngiven.advice = ["havo", "vwo"]\n'
    assert found(text) == ["4:1 S101"]


@given(st.lists(st.sampled_from(["havo", "vwo", "kb", "bb"]), min_size=1, max_size=4), st.integers(0, 3))
def test_every_variant_is_a_plain_document_that_names_its_values(values: list[str], cases: int) -> None:
    parts = "".join(f'[[case]]\nname = "c{n}"\n' for n in range(cases))
    text = PUPIL + f"[matrix]\ngiven.advice = {values}\n".replace("'", '"') + parts
    variants = expand(text, "x.toml")
    assert len(variants) == len(values) * max(cases, 1)
    for variant, value in zip(variants, values * max(cases, 1), strict=True):
        assert variant.document["given"]["advice"] == value
        assert not {"matrix", "case", "extends"} & set(variant.document)
        file, at = variant.origin(("given", "advice"))
        assert (file, at[:3]) == ("x.toml", ("matrix", "given", "advice"))


# --- in progress, refused, kept -----------------------------------------------------------------------------

FALSE = PUPIL + '[[expect.at]]\nin = "2010/2011"\nage = 99\n'
TRUE = FALSE.replace("99", "5")
WIP = 'status = "wip"\nreason = "not yet"\n'


@pytest.mark.parametrize(("text", "code"), [(TRUE, 0), (FALSE, 1), (WIP + FALSE, 0), (WIP + TRUE, 1)])
def test_one_in_progress_has_to_fail(tmp_path: Path, text: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    file.write_text(text, "utf-8")
    assert cli.execute(["run", str(file), "--lang", "en"]) == code
    told = capsys.readouterr()
    assert ("not yet" in told.out) is text.startswith(WIP)
    assert ("1 in progress" in told.err) is (text == WIP + FALSE)


@pytest.mark.parametrize("head", ['status = "wip"\n', 'reason = "x"\n', 'status = "later"\nreason = "x"\n'])
def test_a_status_has_a_reason_and_is_wip(head: str) -> None:
    assert found(head + TRUE)


def test_a_file_can_expect_what_is_wrong_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    bad = PUPIL + '[measures]\nskip-yaer = true\n[[expect.problem]]\ncode = "S104"\nline = 5\n'
    for text, run, check in (
        (bad, 0, 0),
        (bad.replace("line = 5", "line = 6"), 2, 2),
        (bad.replace("S104", "S103"), 2, 2),
        (bad.replace("yaer", "year"), 1, 2),
        (bad + "[given]\nx = 1\n", 2, 2),
        (PUPIL + '[[choice]]\nin = "2060/2061"\nmove = "skip"\n[[expect.problem]]\ncode = "S201"\n', 0, 0),
        (TRUE + '[[expect.problem]]\ncode = "oops"\n', 2, 2),
    ):
        file.write_text(text, "utf-8")
        assert (cli.execute(["run", str(file)]), cli.execute(["check", str(file)])) == (run, check), text
    capsys.readouterr()


def test_a_snapshot_is_written_when_asked_and_then_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    file.write_text(PUPIL + "[expect]\nsnapshot = true\n[[case]]\nname = 'a'\n[[case]]\nname = 'b'\n", "utf-8")
    assert cli.execute(["run", str(file), "--lang", "en"]) == 1
    assert "--update-snapshots" in capsys.readouterr().out
    assert not file.with_suffix(".walk").exists()
    assert cli.execute(["run", str(file), "--update-snapshots"]) == 0
    kept = file.with_suffix(".walk").read_text("utf-8")
    assert kept.startswith("[a]\n2009/2010 po/1 4 ")
    assert cli.execute(["run", str(file), "--lang", "nl"]) == 0
    file.with_suffix(".walk").write_text(kept.replace("po/3", "po/4", 1), "utf-8")
    assert cli.execute(["run", str(file), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "-2011/2012 po/4" in out
    assert "+2011/2012 po/3" in out
