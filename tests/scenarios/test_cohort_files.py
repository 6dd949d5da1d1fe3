"""Scenarios of cohorts: what may stand in them, what is wrong with them, how their expectations are judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from trajectsim import cli
from trajectsim.api import cohort
from trajectsim.cohort.design import MOST_APART
from trajectsim.errors import Problems
from trajectsim.law import names
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.cohorts import CohortSource, read_cohort_from
from trajectsim.scenario.read import read_any_from
from trajectsim.scenario.run import Ran, run_source

HEAD = """title = "x"
[cohort]
size = 20
births = [2005]
replications = 5
[[policy]]
id = "none"
[[policy]]
id = "skip"
measures = { skip-year = true }
"""
SELECT = '[[policy.select]]\nmove = "skip"\nat = ["po/4"]\nabove = 0.0\n'
REFORM = '[[policy.reform]]\nrule = "cum-laude-vwo"\nset = "mean"\nfrom = "2024/2025"\nvalue = 7.5\n'


def expected(*lines: str) -> str:
    return "[[expect.cohort]]\n" + "\n".join(lines) + "\n"


def problems(text: str) -> list[tuple[str, int]]:
    """The code and the line of everything that is wrong with a text."""
    with pytest.raises(Problems) as error:
        read_any_from(text, "x.toml")
    return [(p.code, p.place.line if p.place else 0) for p in error.value.problems]


def ran(text: str, law: Lawbook, seed: int | None = None) -> Ran:
    (source,) = read_any_from(text, "x.toml")
    return run_source(source, law, seed)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (('figure = "diploma.wvo"', "min = 1"), "S104"),
        (('figure = "diploma.vwo"', 'policy = "skp"', "min = 1"), "S104"),
        (('figure = "diploma.vwo"', 'against = "skp"', "min = 1"), "S104"),
        (('figure = "diploma.vwo"', 'against = "none"', "min = 1"), "S103"),
        (('figure = "diploma.vwo"', 'world = "other"', "min = 1"), "S104"),
        (('figure = "diploma.vwo"',), "S107"),
        (('figure = "diploma.vwo"', "value = 1"), "S102"),
        (('figure = "diploma.vwo"', "value = 1", "tolerance = -1"), "S103"),
        (('figure = "diploma.vwo"', "value = 1", "tolerance = 1", "min = 1"), "S103"),
        (('figure = "diploma.vwo"', "tolerance = 1", "min = 1"), "S101"),
        (('figure = "diploma.vwo"', "min = 2", "max = 1"), "S103"),
        (('figure = "diploma.vwo"', "sure = true"), "S101"),
        (('figure = "diploma.vwo"', "mn = 1"), "S101"),
        (("min = 1",), "S102"),
    ],
)
def test_what_can_be_wrong_with_an_expected_figure(lines: tuple[str, ...], code: str) -> None:
    assert code in [found for found, line in problems(HEAD + expected(*lines)) if line >= 11]


def test_everything_wrong_is_told_at_once() -> None:
    text = HEAD.replace("size = 20", "size = 0").replace("skip-year", "skip-yaer")
    text += REFORM.replace("cum-laude-vwo", "cum-laude-wvo") + expected('figure = "diploma.wvo"', "min = 1")
    text += "[[world]]\nparameters = 5\n"
    assert problems(text) == [("S103", 3), ("S104", 10), ("S104", 12), ("S104", 17), ("S102", 19), ("S103", 20)]


def test_what_stands_beside_a_value_of_the_wrong_kind_is_told_too() -> None:
    text = HEAD.replace("size = 20", "size = 1.5").replace("[2005]", "[1905]").replace("= 5", "= 0")
    assert problems(text) == [("S103", 3), ("S103", 4), ("S103", 5)]
    assert problems(HEAD.split("[[policy]]")[0] + "[[policy]]\nid = 3\n") == [("S103", 7)]


def test_policies_that_tell_children_apart_by_more_than_can_be_followed() -> None:
    shared = [name for name, takes in names.MEASURES.items() if "share" in takes][: MOST_APART + 1]
    switches = "".join(f"{name} = {{ share = 0.5 }}\n" for name in shared)
    chances = "".join(f"{name} = {{ probability = 0.5 }}\n" for name in list(names.PRACTICES)[: MOST_APART + 1])
    policy = '[[policy]]\nid = "much"\n'
    act = '[[policy.act]]\nact = "central-exam-early"\nat = ["vo/vwo/5"]\nsubject = "entl"\n'
    for text, line in (
        (f"{policy}[policy.measures]\n{switches}", 14 + MOST_APART),
        (f"{policy}[policy.practice]\n{chances}", 14 + MOST_APART),
        (policy + SELECT * (MOST_APART + 1), 13 + 4 * MOST_APART),
        (policy + act * (MOST_APART + 1), 13 + 4 * MOST_APART),
    ):
        assert problems(HEAD + text) == [("S103", line)]
        fewer = text.rstrip("\n").rsplit("\n", 1 if "[[policy." not in text else 4)[0]
        read_any_from(HEAD + fewer, "x.toml")


def test_the_nearest_name_is_told() -> None:
    with pytest.raises(Problems, match="did you mean"):
        read_any_from(HEAD + expected('figure = "diploma.wvo"', "min = 1"), "x.toml")


def test_an_expected_figure_is_met_or_not_with_its_band_and_evidence(law: Lawbook) -> None:
    text = HEAD + SELECT
    text += expected('figure = "diploma.vwo"', "min = 0", "max = 100")
    text += expected('figure = "changed.time"', 'policy = "skip"', "min = 1", 'because = "skip-year"')
    text += expected('figure = "years.po"', 'policy = "skip"', 'against = "none"', "max = 0", "sure = true")
    text += expected('figure = "years.po"', 'policy = "skip"', 'against = "none"', "value = 5", "tolerance = 0.1")
    text += expected('figure = "diploma.vwo"', "min = 0", 'because = "skip-year"')
    found = ran(text, law)
    assert not found.problems
    assert [(".".join(map(str, each.at[2:])), each.met) for each in found.judged] == [
        ("0.min", True),
        ("1.min", True),
        ("1.because", True),
        ("2.max", True),
        ("2.sure", True),
        ("3.value", False),
        ("4.min", True),
        ("4.because", False),
    ]
    off = found.judged[5]
    assert off.expected == "4.9 to 5.1"
    assert "(" in off.observed
    assert off.observed.endswith("evidence D")
    assert [node.text.split(":")[0] for node in off.why[:2]] == ["none", "skip"]
    assert found.where(5) == "x.toml:34:9"


def test_every_world_has_to_meet_what_names_none(law: Lawbook) -> None:
    worlds = '[[world]]\nid = "a"\n[[world]]\nid = "b"\nfade-out = false\n'
    found = ran(HEAD + worlds + expected('figure = "diploma.vwo"', "min = 0"), law)
    assert [each.what[-1] for each in found.judged] == ["a", "b"]
    one = ran(HEAD + worlds + expected('figure = "diploma.vwo"', 'world = "b"', "min = 0"), law)
    assert [each.what[-1] for each in one.judged] == ["b"]


def test_chance_starts_where_the_run_says(law: Lawbook) -> None:
    text = HEAD + expected('figure = "repeats.vo"', "value = 90", "tolerance = 1")
    own, again, other = ran(text, law), ran(text, law, 1), ran(text, law, 2)
    assert own.judged[0].observed == again.judged[0].observed
    assert own.judged[0].observed != other.judged[0].observed


def test_a_policy_has_its_own_reforms(law: Lawbook) -> None:
    source = read_cohort_from(HEAD + REFORM, "x.toml")
    assert [[reform.rule for reform in policy.reforms] for policy in source.cohort.policies] == [[], ["cum-laude-vwo"]]
    assert [each.reforms for each in source.laws(law).values()] == [(), source.cohort.policies[1].reforms]


def test_a_seed_changes_no_walk_of_one_pupil(law: Lawbook) -> None:
    """Not where results are modelled either: what is given of a pupil holds on one walk only."""
    pupil = "pupil = { born = 2005-05-05, ability = { language = 0.4 } }"
    text = f'title = "x"\n{pupil}\nexpect.diploma = [{{ level = "vwo" }}]\n'
    assert [each.observed for each in ran(text, law).judged] == [each.observed for each in ran(text, law, 5).judged]


def test_a_table_in_single_brackets_is_told_how_to_be_written() -> None:
    with pytest.raises(Problems) as error:
        read_any_from('title = "x"\npupil.born = 2005-05-05\n[expect.route]\nto = "vwo"\n', "x.toml")
    (problem,) = error.value.problems
    assert problem.where == "x.toml:3:9"
    assert "[[...]]" in problem.hint


def test_each_policy_is_played_under_its_own_law(law: Lawbook) -> None:
    """The reform is felt where it reaches, whoever plays, and changes nothing for the policy without it."""
    text = HEAD.replace("skip-year = true", "").replace("size = 40", "size = 200") + REFORM.replace(
        "2024/2025", "2013/2014"
    )
    lines = [cohort(text), cohort(text, jobs=2), cohort(text.replace("value = 7.5", "value = 9"))]
    laude = [{line.policy: line for line in found if line.figure.id == "laude.vwo"} for found in lines]
    lower, again, higher = (told["skip"].difference for told in laude)
    assert lower is not None
    assert higher is not None
    assert lower == again
    assert higher.high <= 0 <= lower.low
    assert lower.high > 0
    assert laude[0]["none"].value == laude[2]["none"].value
    others = [line.difference for line in lines[0] if line.policy == "skip" and line.figure.id.startswith("diploma.")]
    assert all(each is not None and each.low == each.high == 0 for each in others)


def test_a_reform_that_does_not_fit_its_rule_is_told_at_its_line(law: Lawbook) -> None:
    (source,) = read_any_from(HEAD + REFORM.replace('"mean"', '"maen"'), "x.toml")
    assert isinstance(source, CohortSource)
    with pytest.raises(Problems) as error:
        source.laws(law)
    (problem,) = error.value.problems
    assert problem.where == "x.toml:13:7"
    assert run_source(source, law).problems == error.value.problems


def test_a_cohort_file_is_many_scenarios_and_builds_on_another(tmp_path: Path, law: Lawbook) -> None:
    (tmp_path / "_base.toml").write_text(HEAD, "utf-8")
    file = tmp_path / "x.toml"
    file.write_text('extends = "_base.toml"\nmatrix.cohort.size = [10, 20]\n', "utf-8")
    sources = read_any_from(file.read_text("utf-8"), str(file))
    assert [source.cohort.size for source in sources if isinstance(source, CohortSource)] == [10, 20]
    assert len({source.cohort.fingerprint for source in sources if isinstance(source, CohortSource)}) == 2
    assert cli.execute(["check", str(tmp_path)]) == 0


@pytest.mark.parametrize(("status", "code"), [("", 1), ('status = "wip"\nreason = "not yet"\n', 0)])
def test_a_cohort_that_is_in_progress_is_to_fail(status: str, code: int, tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(status + HEAD + expected('figure = "diploma.vwo"', "min = 101"), "utf-8")
    assert cli.execute(["run", str(file)]) == code


def test_a_cohort_is_no_walk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    file.write_text(HEAD, "utf-8")
    assert cli.execute(["explain", str(file), "--lang", "en"]) == 2
    assert "x.toml:2:2 error S205" in capsys.readouterr().err


BUNDLED = Path(__file__).parents[2] / "scenarios" / "cohorts"


ALL_SIX = "vo-teacher-in-po = true, five-year-vwo = true"


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "gone"),
    [
        (
            "six-measures.toml",
            {
                "vo-teacher": ("vo-teacher-in-po = true }", "vo-teacher-in-po = false }"),
                "five-years": ("cum-laude = false, five-year-vwo = true", "cum-laude = false, five-year-vwo = false"),
                "activities": ("extra-activities = true }\n\n[[policy.t", "extra-activities = false }\n\n[[policy.t"),
                "cum-laude": ("measures = { cum-laude = true }", "measures = { cum-laude = false }"),
                "enriched": ("enriched-vwo = true }\n\n[[policy]]", "enriched-vwo = false }\n\n[[policy]]"),
                "all": (ALL_SIX, "vo-teacher-in-po = true"),
            },
        ),
        ("five-year-vwo.toml", {"": ("five-year-vwo = true", "five-year-vwo = false")}),
        ("skip-year.toml", {"": ("skip-year = true", "skip-year = false")}),
        ("plus-class-worlds.toml", {"": ("share = 0.2", "share = 0.0")}),
        ("plus-class-worlds.toml", {"": ('"measure.plusklas.delta" = false', '"measure.plusklas.delta" = true')}),
        ("cum-laude-7-5.toml", {"": ("value = 7.5", "value = 8")}),
        (
            "acts.toml",
            {
                "spread": ("given = { kept_away = true }", "given = { kept_away = false }"),
                "higher": ('level = "vwo"', 'level = "havo"'),
            },
        ),
    ],
)
def test_a_bundled_cohort_fails_when_the_effect_is_gone(
    file: str, gone: dict[str, tuple[str, str]], law: Lawbook
) -> None:
    """Each policy in its own figures; a file in which they are not told apart, in any."""
    text = (BUNDLED / file).read_text("utf-8")
    for effect, instead in gone.values():
        assert effect in text
        text = text.replace(effect, instead)
    text = text.replace("\nbecause", "\n# because")  # for the figures alone, not the articles
    (source,) = read_any_from(text, file)
    assert isinstance(source, CohortSource)
    wrong = [int(judged.at[2]) for judged in run_source(source, law).judged if not judged.met]
    missed = {source.scenario.expect.cohort[number].policy for number in wrong}
    assert missed
    assert "" in gone or missed == set(gone)
