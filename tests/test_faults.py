"""A fault campaign of seconds: the database, the API and the worker are killed under load, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.faults.campaign import Plan, run
from bench.faults.oracle import judge
from bench.faults.report import summary


@pytest.mark.at_length
def test_what_was_answered_survives_kills_on_every_side(tmp_path: Path):
    plan = Plan(seed=20, database=3, api=2, worker=1, minutes=1, patient=False)
    told: list[str] = []
    outcome = run(plan, tmp_path / "home", told.append)
    found = summary(outcome, judge(outcome.operations, outcome.books, outcome.messages))
    assert found["complaints"] == []
    assert found["faults"]["database"] == {"wanted": 3, "done": 3, "recovered": 3}
    assert found["transfers"] > 50
