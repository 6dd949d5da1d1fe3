"""Sensitivity: what moves an outcome is found, what cannot move it is not, and it is a run like any other."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from small_cohort import small_cohort

from trajectsim.cli import execute
from trajectsim.cohort.figures import Figure
from trajectsim.cohort.running import Finished, run
from trajectsim.cohort.sensitivity import Influence, Screening, Sensitivity, planned, played, screened
from trajectsim.law.lawbook import Lawbook
from trajectsim.learning import parameters
from trajectsim.report.cohort_sensitivity import digits_of, moving, number
from trajectsim.scenario.cohorts import read_cohort_from

SMALL = small_cohort(30, 3, 0.0)


@pytest.fixture(scope="module")
def screening(law: Lawbook) -> Screening:
    return planned(read_cohort_from(SMALL, "x.toml").cohort, law, 2)


def test_each_point_is_a_world_within_the_ranges(screening: Screening) -> None:
    shipped = parameters.shipped()
    assert len(screening.cohort.worlds) == 2 * (len(screening.keys) + 1)
    assert screening.cohort.replications == 1
    assert len({world.id for world in screening.cohort.worlds}) == len(screening.cohort.worlds)
    for world in screening.cohort.worlds:
        assert not list(world.problems())
        for key, change in world.parameters.items():
            if isinstance(change["value"], float):
                assert shipped[key].low <= change["value"] <= shipped[key].high
    assert "phi" in screening.keys
    assert "measure.honours.delta" not in screening.keys  # nobody asks for it here


def test_what_moves_a_figure_is_found_with_its_size(screening: Screening) -> None:
    """A figure that is made from two parameters: their effects are what they were made to be, all others nothing."""
    cohort = screening.cohort
    done = Finished(cohort)
    column = {key: n for n, key in enumerate(screening.keys)}
    for job, point in zip(cohort.jobs(), screening.sample, strict=True):
        base = 1000 + round(300 * point[column["phi"]])
        counts = {"pupils": 1000, "x": base}
        own = {"pupils": 1000, "x": base - round(60 * point[column["kappa"]])}
        done.add(job, [{"none": counts, "skip": own}], {"none": set(), "skip": set()})
    figure = Figure("x", "x", ("x",), ("pupils",))
    value, difference = screened(screening, done, figure)
    assert value.influences[0].parameter == "phi"
    assert value.influences[0].move == pytest.approx(30, abs=0.2)
    assert difference.influences[0].parameter == "kappa"
    assert difference.influences[0].move == pytest.approx(-6, abs=0.2)
    assert difference.influences[0].grade == "B"
    assert all(one.size == 0 for each in (value, difference) for one in each.influences[1:])


def test_a_policy_without_the_figure_is_not_told_of(screening: Screening) -> None:
    done = Finished(screening.cohort)
    for job in screening.cohort.jobs():
        done.add(job, [{"none": {"pupils": 1}, "skip": {}}], {"none": set(), "skip": set()})
    found = list(screened(screening, done, Figure("x", "x", ("x",), ("pupils",))))
    assert [each.policy for each in found] == ["none"]


@pytest.mark.long
def test_the_command_tells_a_tornado(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.toml"
    file.write_text(SMALL, "utf-8")
    monkeypatch.setattr("trajectsim.cohort.sensitivity.planned", lambda cohort, law: planned(cohort, law, 2))
    told = ["cohort", str(file), "--size", "12", "--sensitivity", "years.po", "--lang", "en"]
    assert execute([*told, "--pictures", str(tmp_path / "pictures")]) == 0
    out, err = capsys.readouterr()
    assert "│" in out
    assert "Every world has the same 12 children" in " ".join(out.split())
    assert "pieces of work" in err
    pictures = sorted(each.name for each in (tmp_path / "pictures").iterdir())
    assert "sensitivity-years.po-skip.svg" in pictures
    assert execute([*told, "--format", "json", "--format", f"csv={tmp_path / 'x.csv'}"]) == 0
    data = json.loads(capsys.readouterr().out)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text("utf-8"))))
    flat = [(e["policy"], p["parameter"], f"{p['move']:.4f}") for e in data["outcomes"] for p in e["parameters"]]
    assert [(row["policy"], row["parameter"], row["move"]) for row in rows] == flat


@pytest.mark.long
def test_worlds_side_by_side_are_those_of_a_run(screening: Screening, law: Lawbook) -> None:
    few = evolve(screening, cohort=evolve(screening.cohort, size=8, worlds=screening.cohort.worlds[30:35]))
    beside, alone = played(few, law), run(few.cohort, law)
    assert {key: totals.counts for key, totals in beside.totals.items()} == {
        key: totals.counts for key, totals in alone.totals.items()
    }


@pytest.mark.parametrize("more", [("--keep", "x"), ("--jobs", "2"), ("--executor", "processes")])
def test_it_is_worked_here(more: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    file.write_text(SMALL, "utf-8")
    assert execute(["cohort", str(file), "--sensitivity", *more, "--lang", "en"]) == 2
    assert "in this process" in capsys.readouterr().err


def test_a_figure_that_there_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    file.write_text(SMALL, "utf-8")
    assert execute(["cohort", str(file), "--sensitivity", "diploma.wvo", "--lang", "en"]) == 2
    assert "diploma.vwo" in capsys.readouterr().err


def test_a_seed_beyond_what_the_sampler_takes(law: Lawbook) -> None:
    cohort = evolve(read_cohort_from(SMALL, "x.toml").cohort, seed=2**62, size=5)
    assert planned(cohort, law, 2).keys


@given(st.lists(st.floats(-30, 30).filter(lambda move: abs(move) >= 0.0001), min_size=1, max_size=20))
def test_every_bar_that_is_told_has_a_figure_of_its_own(moves: list[float]) -> None:
    influences = tuple(
        Influence("phi", move, abs(move), 0.0, 0.0, "A") for move in sorted(moves, key=abs, reverse=True)
    )
    found = Sensitivity(Figure("x", "x", ("x",), ("pupils",)), "none", "", 0.0, 1.0, influences)
    rows = moving(found)
    digits = digits_of(rows)
    assert rows == list(influences[: len(rows)])
    assert rows
    assert all(float(number(one.move, digits)) != 0 for one in rows)
