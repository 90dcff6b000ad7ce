"""What planning does later: replays of drafts, which read a whole history."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from plaudit.foundation.jobs import open_lane, task
from plaudit.planning.actions.simulate import run_simulation

WHAT_IF = open_lane("what-if", at_once=1)
"""One replay at a time in a worker: each may take a gigabyte and a half of memory."""


@task(
    name="planning.simulate", lane=WHAT_IF, in_one_transaction=False, tries=3, time_limit=timedelta(hours=2)
)
def replay(organisation_id: int, *, simulation_id: str) -> None:
    """Replay a draft and keep what came out, or why it could not be."""
    run_simulation(organisation_id, UUID(simulation_id))


def replay_later(organisation_id: int, simulation_id: UUID) -> None:
    """Have a draft replayed as soon as a worker is free, if the transaction that is open commits."""
    replay.once(f"simulation:{simulation_id}", organisation_id, simulation_id=str(simulation_id))
