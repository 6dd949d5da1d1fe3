"""``explain --audit``: a walk that was played is checked anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve

from trajectsim.cli import execute
from trajectsim.cli.codes import FAILED, OK
from trajectsim.law.lawbook import Lawbook
from trajectsim.path.audit import audit
from trajectsim.report.audit import audit_data, audit_text
from trajectsim.scenario.run import play_file

FOLDER = Path(__file__).parents[2] / "scenarios" / "paths"


def test_every_bundled_walk_passes(law: Lawbook) -> None:
    for file in sorted(FOLDER.glob("*.toml")):
        played = play_file(file, law)
        for walk in (played.walk, played.without):
            assert audit(walk, played.law) == (), file.name


def test_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", str(FOLDER / "sara.toml"), "--audit", "--lang", "en"]) == OK
    assert capsys.readouterr().out == "15 school years checked anew: all lawful\n"


def test_a_breach_is_told_with_its_year_and_is_a_failure(
    law: Lawbook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    played = play_file(FOLDER / "sara.toml", law)
    wrong = evolve(played, walk=evolve(played.walk, steps=(*played.walk.steps[:3], *played.walk.steps[4:])))
    monkeypatch.setattr("trajectsim.scenario.run.play_source", lambda *_told: wrong)
    assert execute(["explain", str(FOLDER / "sara.toml"), "--audit", "--lang", "en", "--format", "json"]) == FAILED
    told = json.loads(capsys.readouterr().out)
    found = audit(wrong.walk, law)
    assert told == audit_data(wrong.walk, found)
    assert not told["lawful"]
    assert str(found[0].year) in audit_text(wrong.walk, found)
