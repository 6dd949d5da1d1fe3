"""Names mended, layouts made even, scenarios begun: the document stays the same, and so do its comments."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim import cli
from trajectsim.cli.new import TEMPLATES
from trajectsim.errors import Problem, Problems
from trajectsim.scenario.mend import formatted, mended
from trajectsim.scenario.read import read_any_from
from trajectsim.scenario.templates import REMARKS

PUPIL = 'title = "x"\n[pupil]\nborn = 2005-05-05\n'
SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.toml"))
PIECES = ("\n", "\n\n\n", "   ", "\t", " # c", "#", "=", " = ", "[", "]")


def test_a_name_wrong_in_its_hyphens_is_mended_and_its_comment_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.toml"
    text = (
        PUPIL + '[measures]\nSkip_Year = true    # offered\n[given]\nparents-agree = true\n[start]\nin = "2012/2013"\n'
    )
    text += 'at = "po/4"\n"years_in_place" = 1\n[practice]\npromotions = "always"\n'
    file.write_text(text, "utf-8")
    assert cli.execute(["check", str(file), "--fix", "--lang", "en"]) == 2  # one name is no matter of hyphens
    told = capsys.readouterr()
    assert "3 names mended" in told.err
    assert "promotions" in told.out
    mended = file.read_text("utf-8")
    for name in ("skip-year = true    # offered", "parents_agree = true", '"years-in-place" = 1'):
        assert name in mended
    file.write_text(mended.replace("promotions", "promotion"), "utf-8")
    assert cli.execute(["check", str(file), "--fix"]) == 0


@given(st.data())
def test_a_layout_changes_no_document_and_no_comment_and_is_made_once(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SCENARIOS)).read_text("utf-8")
    for _round in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at:]
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    new = formatted(text, "x.toml")
    assert tomllib.loads(new) == document
    assert formatted(new, "x.toml") == new
    comments = [[line.split("#", 1)[1].strip() for line in each.splitlines() if "#" in line] for each in (text, new)]
    assert comments[0] == comments[1]


def comments(text: str) -> list[str]:
    """The comments of a text whose strings have no number sign."""
    return [line.split("#", 1)[1].strip() for line in text.splitlines() if "#" in line]


NAMES = ("skip-year", "early-to-vo", "to-vwo", "promote", "born", "years-in-place", "advice")


@given(st.data())
def test_a_fix_gives_the_document_as_it_was_meant_with_its_comments(data: st.DataObject) -> None:
    lines = [
        'title = "x"', "[pupil]", "born = 2006-11-04", "[measures]", "skip-year = true", "early-to-vo = true",
        "[given]", 'advice = "vwo"', "[start]", 'in = "2016/2017"', 'at = "po/6"', "years-in-place = 1",
        "[[choice]]", 'in = "2017/2018"', 'move = "to-vwo"', "[[choice]]", 'in = "2016/2017"', 'move = "promote"',
    ]  # fmt: skip
    told = [f"{line}{data.draw(st.sampled_from(['', '  # é', ' # = 1', chr(9) + '#[a]']))}" for line in lines]
    right = wrong = "\n".join(told) + "\n"
    for name in data.draw(st.lists(st.sampled_from(NAMES), unique=True)):
        other = data.draw(st.sampled_from([name.upper(), name.title(), name.replace("-", "_")]))
        wrong = re.sub(rf"(?<![\w-]){name}(?![\w-])", other, wrong)
    found: tuple[Problem, ...] = ()
    try:
        read_any_from(wrong, "x.toml")
    except Problems as error:
        found = error.problems
    assert mended(wrong, [problem for problem in found if problem.fix]) == right
    assert comments(right) == comments(wrong)


def test_fmt_writes_what_it_says_and_check_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    file.write_text(
        'title="x"   \n\n\n\n[pupil]\nborn   =  2005-05-05 # groep 1\nname = """a  \n\n\n  b"""\n\n', "utf-8"
    )
    old = file.read_text("utf-8")
    assert cli.execute(["fmt", "--check", str(file)]) == 1
    assert file.read_text("utf-8") == old
    assert cli.execute(["fmt", str(file)]) == 0
    assert file.read_text("utf-8") == 'title = "x"\n\n[pupil]\nborn = 2005-05-05 # groep 1\nname = """a  \n\n\n  b"""\n'
    assert cli.execute(["fmt", "--check", str(file)]) == 0
    file.write_text("title = ", "utf-8")
    assert cli.execute(["fmt", str(file)]) == 2


def test_the_scenarios_of_the_repository_are_laid_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["fmt", "--check", str(Path(__file__).parents[2] / "scenarios")]) == 0


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_new_scenario_passes_check_and_run(template: str, tmp_path: Path) -> None:
    file = tmp_path / "sub" / "new.toml"
    file.parent.mkdir()
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "scenario.schema.json").write_text("{}", "utf-8")
    options = ["--template", template, "--title", 'A "title" \\ more', "--born", "2014-03-12"]
    assert cli.execute(["new", str(file), *options]) == 0
    assert file.read_text("utf-8").startswith("#:schema ../schema/scenario.schema.json\n")
    assert tomllib.loads(file.read_text("utf-8"))["title"] == 'A "title" \\ more'
    for command in (["check"], ["run"], ["fmt", "--check"]):
        assert cli.execute([*command, str(file)]) == 0
    assert cli.execute(["new", str(file), *options]) == 2  # it is there already
    assert cli.execute(["new", str(tmp_path / "other.toml"), "--born", "yesterday"]) == 2


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_new_scenario_speaks_the_language_of_who_makes_it(template: str, tmp_path: Path) -> None:
    file = tmp_path / "nieuw.toml"
    assert cli.execute(["new", str(file), "--template", template, "--born", "2014-03-12", "--lang", "nl"]) == 0
    text = file.read_text("utf-8")
    assert not [remark for remark in REMARKS if f"# {remark}\n" in text]
    for command in (["check"], ["fmt", "--check"]):
        assert cli.execute([*command, str(file)]) == 0


def test_two_scenarios_and_two_laws_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(__file__).parents[2] / "scenarios"
    sara, nominal = folder / "paths" / "sara.toml", folder / "paths" / "nominal-vwo-wo.toml"
    assert cli.execute(["compare", str(sara), str(sara), "--lang", "en"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "0 walks of 1 differ\n")
    assert cli.execute(["compare", str(sara), str(nominal), "--lang", "en"]) == 0
    assert "2008/2009  place: - → groep 1" in capsys.readouterr().out
    assert cli.execute(["compare", "2014/2015", "2015/2016", "--over", str(folder / "paths"), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"cum laude|Cum laude|earned", out)
    assert cli.execute(["compare", "law", "law", "--over", str(folder)]) == 0
    assert capsys.readouterr().out == ""
    assert cli.execute(["compare", "law", str(sara), "--over", str(folder)]) == 2
    assert cli.execute(["compare", "law", "nowhere.toml", "--over", str(folder)]) == 2


def test_a_reform_shows_where_it_makes_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policies = Path(__file__).parents[2] / "scenarios" / "policies" / "cum-laude-7-5.toml"
    text = policies.read_text("utf-8")
    bare = tmp_path / "stored.toml"
    bare.write_text(text[: text.index("[[reform]]")] + text[text.index("[pupil]") :], "utf-8")
    assert cli.execute(["compare", "law", str(policies), "--over", str(bare), "--lang", "en"]) == 0
    (_head, line) = capsys.readouterr().out.splitlines()
    assert "vwo: earned (" in line
    assert '→ earned cum laude (draft reform "Cum laude vanaf 7,5"' in line
