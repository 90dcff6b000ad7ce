"""What earning does later: files sent for import, and imports taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from plaudit.activity.models import BatchState, ImportBatch
from plaudit.earning.actions.import_file import run_import
from plaudit.earning.actions.reverse_import import reverse_import
from plaudit.earning.actions.stop_import import cancel_import, resume_import
from plaudit.foundation import clock
from plaudit.foundation.jobs import open_lane, task
from plaudit.foundation.refusals import Conflict, Problem, Refusal
from plaudit.foundation.tenancy import in_organisation

IMPORTS = open_lane("imports", at_once=2)


def _cancel(organisation_id: int, arguments: dict[str, Any], actor: str) -> None:
    cancel_import(organisation_id, int(arguments["batch_id"]), actor=actor)


@task(
    name="earning.import",
    lane=IMPORTS,
    in_one_transaction=False,
    tries=5,
    time_limit=timedelta(hours=12),
    cancelling=_cancel,
)
def import_file(organisation_id: int, *, batch_id: int) -> None:
    """Run an import to its end, from where it is. A file that cannot be read ends it, with the reason kept."""
    try:
        run_import(organisation_id, batch_id)
    except Conflict:
        raise
    except Refusal as refusal:
        _fail(organisation_id, batch_id, refusal)


def run_later(organisation_id: int, batch_id: int) -> None:
    """Have an import run as soon as a worker is free, if the transaction that is open commits."""
    import_file.after(f"import:{batch_id}", organisation_id, batch_id=batch_id)


def go_on_later(organisation_id: int, batch_id: int, *, actor: str) -> ImportBatch:
    """Let an import that was stopped go on as soon as a worker is free. Raises as `resume_import` does."""
    with in_organisation(organisation_id):
        batch = resume_import(organisation_id, batch_id, actor=actor)
        run_later(organisation_id, batch_id)
    return batch


@task(
    name="earning.reverse_import",
    lane=IMPORTS,
    in_one_transaction=False,
    tries=5,
    time_limit=timedelta(hours=12),
)
def take_back(organisation_id: int, *, batch_id: int, actor: str, reason: str) -> None:
    """Take back what an import earned, from where that was left."""
    reverse_import(organisation_id, batch_id, actor=actor, reason=reason)


def reverse_later(organisation_id: int, batch_id: int, *, actor: str, reason: str) -> None:
    """Have an import taken back as soon as a worker is free, after its own job, if this transaction commits."""
    take_back.after(f"import:{batch_id}", organisation_id, batch_id=batch_id, actor=actor, reason=reason)


def _fail(organisation_id: int, batch_id: int, refusal: Refusal) -> None:
    told = {
        "code": refusal.code,
        "detail": refusal.say(),
        "errors": refusal.errors if isinstance(refusal, Problem) else [],
    }
    with in_organisation(organisation_id):
        running = (BatchState.WAITING, BatchState.CHECKING, BatchState.POSTING)
        ImportBatch.objects.filter(organisation_id=organisation_id, id=batch_id, state__in=running).update(
            state=BatchState.FAILED, refusal=told, finished_at=clock.now(), moved_at=clock.wall()
        )
