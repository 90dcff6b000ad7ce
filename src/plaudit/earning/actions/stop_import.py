"""Stops an import and lets it go on: paused for a while, cancelled for good until somebody says otherwise.

A step and these hold the same row, so that nothing more comes in once one of them is done: what was recorded by
then stays recorded, and the row says how much that is.
"""

from __future__ import annotations

from plaudit.activity.models import BatchState, ImportBatch
from plaudit.earning.actions.import_file import RUNNABLE, held, reference
from plaudit.earning.refusals import ImportNotCancellable, ImportNotResumable
from plaudit.foundation import audit, clock
from plaudit.foundation.tenancy import act

_STOPPED = (BatchState.PAUSED, BatchState.CANCELLED, BatchState.FAILED)


def pause_import(organisation_id: int, batch_id: int, *, actor: str) -> ImportBatch:
    """Stop an import after the step it is at, for a while. Paused again, or ended already, it stays as it is."""

    def step() -> ImportBatch:
        batch = held(organisation_id, batch_id)
        if batch.state in RUNNABLE:
            batch.state = BatchState.PAUSED
            _keep(batch, "import.paused", actor)
        return batch

    return act(organisation_id, step)


def cancel_import(organisation_id: int, batch_id: int, *, actor: str) -> ImportBatch:
    """End an import after the step it is at; cancelled again, it stays so. It can go on, or be taken back.

    Raises `ImportNotCancellable` for one that has ended, also where it ended while this was asked.
    """

    def step() -> ImportBatch:
        batch = held(organisation_id, batch_id)
        if batch.state == BatchState.CANCELLED:
            return batch
        if batch.state not in (*RUNNABLE, BatchState.PAUSED):
            raise ImportNotCancellable(ref=reference(batch), state=batch.state)
        batch.state, batch.finished_at = BatchState.CANCELLED, clock.now()
        _keep(batch, "import.cancelled", actor)
        return batch

    return act(organisation_id, step)


def resume_import(organisation_id: int, batch_id: int, *, actor: str) -> ImportBatch:
    """Let one that was paused, was cancelled or failed go on from where it is; one at work stays so.

    Whoever calls has it run. Raises `ImportNotResumable` for one that is done, was refused or taken back.
    """

    def step() -> ImportBatch:
        batch = held(organisation_id, batch_id)
        if batch.state in RUNNABLE:
            return batch
        if batch.state not in _STOPPED:
            raise ImportNotResumable(ref=reference(batch), state=batch.state)
        batch.state = BatchState.POSTING if batch.position else BatchState.WAITING
        batch.finished_at, batch.refusal = None, None
        _keep(batch, "import.resumed", actor)
        return batch

    return act(organisation_id, step)


def _keep(batch: ImportBatch, what: str, actor: str) -> None:
    batch.moved_at = clock.wall()
    batch.save(update_fields=["state", "finished_at", "refusal", "moved_at"])
    done = {"rows": batch.rows_done, "recorded": batch.recorded}
    audit.note(actor=actor, act=what, subject=reference(batch), details=done)
