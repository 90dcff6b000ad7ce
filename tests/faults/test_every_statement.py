"""Every write flow, its statements and commits failing one by one: all or nothing, then exactly once.

`make every-statement` lets each statement of each flow fail, the four kinds of fault in turn; `make every-fault`
each in all four ways; otherwise one of them fails, and all commits.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection

from plaudit.foundation import clock, postgres
from tests.faults.flows import FLOWS
from tests.faults.telling import PLANTED
from tests.faults.trial import Flow, Thoroughness, Trial
from tests.faults.world import World, open_history, opened_world
from tests.source import product

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
HOW_MANY = Thoroughness(os.environ.get("PLAUDIT_TEST_FAULTS", Thoroughness.ONE))

# Actions that write nothing.
READING = {
    "plaudit.earning.actions.answering.explain_taken": "tells of events that were taken in",
    "plaudit.earning.actions.answering.refusal_of_faults": "makes a refusal",
    "plaudit.earning.actions.answering.rehearse_events": "undoes all it does",
    "plaudit.people.actions.clock.preview_clock": "tells what would happen",
}


@pytest.fixture(scope="module")
def owner() -> Iterator[psycopg.Connection[Any]]:
    """Takes back what flows wrote, one connection for all of them: it plans its long questions once."""
    with open_history(postgres.dsns(database=str(connection.settings_dict["NAME"])).owner) as opened:
        yield opened


@pytest.fixture
def world(owner: psycopg.Connection[Any]) -> Iterator[World]:
    """The database's rows, and a clock that stands still."""
    with clock.frozen_at(NOON), opened_world(owner) as opened:
        yield opened


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_whatever_fails_once_nothing_is_half_done_and_a_retry_does_it_once(
    flow: Flow, world: World, record_property: Callable[[str, object], None]
):
    trial = Trial(flow, world)
    trial.fail_everywhere(HOW_MANY)

    record_property(PLANTED, trial.runs)
    assert trial.missed == []
    assert trial.wrong == []
    passed, failed = trial.passage.passed, trial.runs - len(trial.passage.commits)
    tried = {Thoroughness.ONE: 1, Thoroughness.EACH: passed, Thoroughness.ALL: 4 * passed}
    assert failed == tried[HOW_MANY]


def test_every_action_is_in_a_flow():
    actions = {
        f"{source.place.removeprefix('src/').removesuffix('.py').replace('/', '.')}.{node.name}"
        for source in product()
        if source.path.parent.name == "actions" or source.place.endswith("jobs/actions.py")
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    covered = {f"{one.__module__}.{one.__qualname__}" for flow in FLOWS for one in flow.covers}
    assert actions - covered - set(READING) == set()
    assert set(READING) - actions == set() == set(READING) & covered
