"""Draft reforms put to the proof: sound ones pass, and each deliberately broken one is caught by what it breaks."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import tomli_w
from attrs import evolve

from trajectsim import cli
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.plan import Plan
from trajectsim.path.walk import Trajectory, play
from trajectsim.scenario.plans import law_of
from trajectsim.scenario.read import read_all_from
from trajectsim.scenario.run import run_file
from trajectsim.verify import tables, walks
from trajectsim.verify.findings import PROPERTIES

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


def drafted(law: Lawbook) -> Lawbook:
    """The law with a reform over it that touches a move of every walk."""
    (source,) = read_all_from(HEAD + reform("promote", 'set = "force"\nvalue = "right"'), "x.toml")
    return law_of(source.scenario, law)


def test_a_law_that_answers_twice_is_caught(law: Lawbook) -> None:
    """No reform can be written that does so: an overlay cuts the versions where it begins and ends."""
    over = drafted(law)
    assert tables.one_version(over).holds
    rule = over.moves["promote"]
    twice = evolve(over, moves={**over.moves, "promote": evolve(rule, version=(*rule.version, rule.version[-1]))})
    found = tables.one_version(twice)
    assert not found.holds
    assert found.counter is not None
    assert "2 versions" in found.counter.text


def test_a_walk_that_loses_a_diploma_or_a_year_is_caught(law: Lawbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """No reform can be written that does so: diplomas and ages are no rules."""

    def holed(plan: Plan, law: Lawbook) -> Trajectory:
        walk = play(plan, law)
        return evolve(walk, steps=(*walk.steps[:1], *walk.steps[2:]))

    monkeypatch.setattr(walks, "play", holed)
    _step, found = walks.walks(drafted(law), 50)
    assert not found.holds
    assert found.counter is not None
    assert found.counter.scenario["start"]


def test_every_property_has_a_law_that_breaks_it() -> None:
    assert {prop for prop, _text in BROKEN.values()} | {"one-version", "walks"} == set(PROPERTIES)


def test_a_counter_example_is_as_small_as_it_can_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A year that nobody can leave is shown by that year alone: a pupil who starts in it, and nothing that she did."""
    file = tmp_path / "draft.toml"
    file.write_text(HEAD + BROKEN["a year that nobody can leave"][1], "utf-8")
    _code, found = answers(file, capsys)
    document = tomllib.loads(found["step"]["scenario"])
    assert document["start"]["in"] == "2027/2028"
    assert "result" not in document
    assert not any(document["measures"].values())


COHORT = """title = "drafts"
cohort = { size = 10, births = [2010] }
[[policy]]
id = "now"
[[policy]]
id = "fives"
"""


def test_the_policies_of_a_cohort_are_verified_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.toml"
    sound = reform("cum-laude-vwo", 'set = "mean"\nvalue = 7').replace("[[reform]]", "[[policy.reform]]")
    broken = BROKEN["higher education for everybody"][1].replace("[[reform]]", "[[policy.reform]]")
    file.write_text(COHORT + sound + '[[policy]]\nid = "open"\n' + broken, "utf-8")
    code = cli.execute(["verify", str(file), "--format", "json", "--examples", "20", "--write", str(tmp_path)])
    found = json.loads(capsys.readouterr().out)
    assert code == 1
    assert {(each["draft"], each["property"]) for each in found if not each["holds"]} == {
        ("drafts: open", "every-way"),
        ("drafts: open", "entry"),
    }
    assert (tmp_path / "c-open-entry.toml").exists()
    assert cli.execute(["verify", str(file), "--examples", "20", "--lang", "en"]) == 1
    assert "drafts: fives\n" in capsys.readouterr().out


def test_every_variant_of_a_draft_is_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.toml"
    text = HEAD + reform("cum-laude-vwo", 'set = "mean"\nvalue = 7') + "[matrix]\n"
    file.write_text(text + "reform.0.value = [7, 8]\n", "utf-8")
    assert cli.execute(["verify", str(file), "--format", "json", "--examples", "20"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(each["draft"][-2], each["property"]) for each in found if not each["holds"]] == [("8", "effect")]
