"""Draft reforms put to the proof: sound ones pass, and each deliberately broken one is caught by what it breaks."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import tomli_w

from trajectsim import cli
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.run import run_file

POLICIES = Path(__file__).parents[2] / "scenarios" / "policies"
HEAD = 'title = "draft"\n[pupil]\nborn = 2015-01-01\n'
EXAMPLES = "60"


def reform(rule: str, what: str, first: str = "2027/2028") -> str:
    return f'[[reform]]\nrule = "{rule}"\nfrom = "{first}"\n{what}\n'


BROKEN = {
    "a bound that is already so": ("effect", reform("cum-laude-vwo", 'set = "mean"\nvalue = 8')),
    "a way that can never hold": (
        "effect",
        reform("skip", 'add = { force = "right", needs = { sector = "po", year_in_track = { min = 9, max = 8 } } }'),
    ),
    "a right that a duty always forbids": (
        "every-way",
        reform("to-vwo", 'add = { force = "right", needs = { foundation = false, age_end = { max = 13 } } }'),
    ),
    "a right of the law that a new prohibition takes whole": (
        "every-way",
        reform("cum-laude-vwo", 'add = { force = "forbidden", needs = { cum_laude_offered = true } }'),
    ),
    "an offer that takes a step away": (
        "offers",
        reform("promote", 'add = { force = "forbidden", needs = { skip_offered = true } }'),
    ),
    "higher education for everybody": ("entry", reform("to-wo", 'add = { force = "right" }')),
    "an exam that nobody can pass": ("possible", reform("complete-vwo", 'set = "record_count"\nvalue = 40')),
    "a distinction for low marks": (
        "marks",
        reform("cum-laude-vwo", 'add = { force = "right", needs = { least_mark = { max = 6 } } }'),
    ),
    "a pass for fives": (
        "marks",
        reform("core-rule", 'remove = { force = "right" }')
        + reform("core-rule", 'add = { force = "right", needs = { core_fives = { min = 1 } } }'),
    ),
    "a year that nobody can leave": (
        "step",
        "".join(reform(rule, "remove = { }") for rule in ("promote", "repeat", "skip")),
    ),
}


def answers(file: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, dict[str, str]]]:
    code = cli.execute(["verify", str(file), "--format", "json", "--examples", EXAMPLES, "--lang", "en", *options])
    return code, {each["property"]: each for each in json.loads(capsys.readouterr().out)}


@pytest.mark.parametrize("file", sorted(POLICIES.glob("*.toml")), ids=lambda file: file.stem)
def test_the_reforms_of_the_repository_stand(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = answers(file, capsys)
    assert code == 0
    assert all(each["holds"] and each["counter"] is None for each in found.values())
    assert {each["how"] for each in found.values()} == {"proved", "searched"}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_reform_is_caught(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], law: Lawbook) -> None:
    prop, text = BROKEN[name]
    file = tmp_path / "draft.toml"
    file.write_text(HEAD + text, "utf-8")
    code, found = answers(file, capsys, "--write", str(tmp_path))
    assert code == 1
    assert not found[prop]["holds"], found
    assert found[prop]["counter"]
    shown = tmp_path / f"draft-{prop}.toml"
    assert shown.exists() is bool(found[prop]["scenario"])
    if shown.exists():
        (ran,) = run_file(shown, law)
        assert not ran.problems, [str(problem) for problem in ran.problems]
        assert ran.judged or prop == "step"
        if ran.judged:
            assert not ran.met
        if ran.judged and prop != "marks":  # what the law without the reform lets expect, the reform breaks
            document = tomllib.loads(shown.read_text("utf-8"))
            del document["reform"]
            without = tmp_path / "without.toml"
            without.write_text(tomli_w.dumps(document), "utf-8")
            (before,) = run_file(without, law)
            assert before.met, [each for each in before.judged if not each.met]


def test_it_is_said_what_was_proved_and_what_was_searched(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["verify", str(POLICIES / "cum-laude-7-5.toml"), "--examples", EXAMPLES, "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert "proved: all" in out
    assert f"searched: {EXAMPLES} cases" in out
    assert "no counter-example found" in err


def test_what_has_no_reform_cannot_be_verified(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(HEAD, "utf-8")
    assert cli.execute(["verify", str(file), "--lang", "en"]) == 2
    assert "no [[reform]]" in capsys.readouterr().err
    file.write_text(HEAD + reform("skp", 'set = "force"\nvalue = "right"'), "utf-8")
    assert cli.execute(["verify", str(file), "--lang", "en"]) == 2
    assert cli.execute(["verify", str(tmp_path / "nowhere.toml")]) == 2
