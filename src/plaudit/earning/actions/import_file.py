"""Imports a file of activity: checked against its control totals, posted in steps, resumable, reversible.

A step's events, its rejected rows and how far the import is are written in one transaction: killed at
any moment and started again, an import goes on where it was, and every row is accounted for once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from django.db import InterfaceError, OperationalError, connection

from plaudit.activity.files import (
    Batch,
    Mapping,
    Position,
    RowError,
    check_file,
    load_mapping,
    read_events,
)
from plaudit.activity.files.refusals import ControlTotalsDiffer
from plaudit.activity.models import BatchState, ImportBatch, RejectedRow
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.outcomes import Outcome, Status
from plaudit.earning.refusals import ImportIsRunning, ImportNotThere
from plaudit.foundation import audit, clock
from plaudit.foundation.tenancy import act, end_session, in_organisation
from plaudit.people.actions.importing import import_members
from plaudit.people.rows import MemberRow, RowOutcome, RowStatus

STEP = 2_000
REJECTED_ROWS_KEPT = 10_000
RUNNABLE = (BatchState.WAITING, BatchState.CHECKING, BatchState.POSTING)
"""An import that waits for its turn or is at work."""

Progress = Callable[[ImportBatch], None]


def start_import(
    organisation_id: int, *, path: Path, mapping: str, actor: str, name: str = ""
) -> ImportBatch:
    """Write an import down as waiting. Refuses a mapping with faults, every one of them named.

    The same file under the same mapping that is not finished yet is found again, not started twice; where it was
    stopped, `resume_import` lets it go on.
    """
    load_mapping(mapping)
    with in_organisation(organisation_id):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext('imports'))", [organisation_id])
        unfinished = ImportBatch.objects.filter(
            organisation_id=organisation_id,
            path=str(path),
            mapping=mapping,
            state__in=(*RUNNABLE, BatchState.PAUSED, BatchState.CANCELLED),
        ).first()
        if unfinished is not None:
            return unfinished
        batch = ImportBatch.objects.create(
            organisation_id=organisation_id,
            name=name or path.name,
            path=str(path),
            mapping=mapping,
            created_by=actor,
            created_at=clock.now(),
        )
        audit.note(actor=actor, act="import.started", subject=reference(batch), details={"file": path.name})
        return batch


def reference(batch: ImportBatch) -> str:
    """The reference people see, such as imp_12."""
    return f"imp_{batch.id}"


def run_import(organisation_id: int, batch_id: int, *, on_progress: Progress | None = None) -> ImportBatch:
    """Run an import to its end, or until someone pauses or cancels it; from where it is, if it was begun before.

    First the whole file is counted against the control totals its mapping names: on any difference
    nothing is posted and the batch says REFUSED. One that is stopped, or has ended, is left as it is. Raises
    `ImportIsRunning` while another process is at it.
    """
    with _only_here(organisation_id, batch_id):
        batch = _begin(organisation_id, batch_id)
        if batch.state not in RUNNABLE:
            return batch
        mapping = load_mapping(batch.mapping)
        path = Path(batch.path)
        if batch.state == BatchState.CHECKING:
            batch = _check(organisation_id, batch_id, path, mapping)
            if batch.state != BatchState.POSTING:
                return batch
        _report(batch, on_progress)
        before = batch.position
        for step in _steps(path, mapping, batch):
            taking = partial(_take_step, organisation_id, batch_id, step, before)
            batch = act(organisation_id, taking)
            before = batch.position
            _report(batch, on_progress)
            if batch.state != BatchState.POSTING:
                return batch
        batch = _finish(organisation_id, batch_id)
        _report(batch, on_progress)
        return batch


@contextmanager
def _only_here(organisation_id: int, batch_id: int) -> Iterator[None]:
    """Hold the import for this process; the database lets go of it the moment the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [-organisation_id, batch_id])
        if not cursor.fetchone()[0]:
            raise ImportIsRunning(ref=f"imp_{batch_id}")
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", [-organisation_id, batch_id])
        except (OperationalError, InterfaceError):
            end_session()  # with it goes the lock, which would keep everybody else out


def _finish(organisation_id: int, batch_id: int) -> ImportBatch:
    """Say that it is done, unless somebody stopped it after its last step."""
    with in_organisation(organisation_id):
        ImportBatch.objects.filter(
            organisation_id=organisation_id, id=batch_id, state=BatchState.POSTING
        ).update(state=BatchState.DONE, finished_at=clock.now(), moved_at=clock.wall())
        return ImportBatch.objects.get(organisation_id=organisation_id, id=batch_id)


def held(organisation_id: int, batch_id: int) -> ImportBatch:
    """The import, nobody else's to change until this transaction ends. Raises `ImportNotThere`."""
    found = ImportBatch.objects.select_for_update().filter(organisation_id=organisation_id, id=batch_id)
    batch = found.first()
    if batch is None:
        raise ImportNotThere(ref=f"imp_{batch_id}")
    return batch


def _report(batch: ImportBatch, on_progress: Progress | None) -> None:
    if on_progress is not None:
        on_progress(batch)


def _begin(organisation_id: int, batch_id: int) -> ImportBatch:
    """Say that the import is at work. Once stopped it stays so until somebody lets it go on."""
    with in_organisation(organisation_id):
        batch = held(organisation_id, batch_id)
        if batch.state not in RUNNABLE:
            return batch
        if batch.state == BatchState.WAITING:
            batch.state = BatchState.CHECKING
            batch.started_at = clock.now()
        batch.moved_at = clock.wall()
        batch.save()
        return batch


def _check(organisation_id: int, batch_id: int, path: Path, mapping: Mapping) -> ImportBatch:
    """Count the whole file. On any difference from its control totals the batch is refused, rows named.

    Stopped meanwhile, it stays stopped, and is counted again when it goes on.
    """
    checked = check_file(path, mapping)
    with in_organisation(organisation_id):
        batch = held(organisation_id, batch_id)
        if batch.state != BatchState.CHECKING:
            return batch
        batch.totals = checked.totals.stored()
        batch.moved_at = clock.wall()
        batch.state = BatchState.POSTING
        try:
            checked.refuse()
        except ControlTotalsDiffer as refusal:
            batch.state = BatchState.REFUSED
            batch.finished_at = clock.now()
            batch.refusal = {"code": refusal.code, "detail": refusal.say(), "errors": refusal.errors}
        batch.save()
        return batch


def _steps(path: Path, mapping: Mapping, batch: ImportBatch) -> Iterator[Batch]:
    start_after = msgspec.convert(batch.position, Position) if batch.position else None
    return read_events(path, mapping, start_after=start_after, size=STEP)


def _take_step(organisation_id: int, batch_id: int, step: Batch, before: dict[str, Any]) -> ImportBatch:
    """Post one step and write down how far the import is, in the same transaction."""
    batch = ImportBatch.objects.select_for_update().get(organisation_id=organisation_id, id=batch_id)
    if batch.state != BatchState.POSTING:
        return batch
    if batch.position != before:
        raise ImportIsRunning(ref=reference(batch))
    outcomes = take_in(organisation_id, step.events, batch_id=batch_id) if step.events else []
    told = _take_members(batch, step)
    errors = [*step.errors, *_refused(step, outcomes), *_not_kept(step, told)]
    counted = Counter(outcome.status for outcome in outcomes) + Counter(outcome.status for outcome in told)
    batch.recorded += counted[Status.RECORDED] + counted[RowStatus.ENROLLED] + counted[RowStatus.UPDATED]
    batch.repeated += counted[Status.REPEATED] + counted[RowStatus.UNCHANGED]
    batch.errors += len(errors)
    batch.skipped = dict(Counter(batch.skipped) + step.skipped + step.noted)
    points = Counter(batch.points)
    for outcome in outcomes:
        for granted in outcome.grants:
            points[granted.unit] += granted.amount
    batch.points = dict(points)
    batch.position = msgspec.to_builtins(step.position)
    batch.rows_done = step.position.rows
    batch.bytes_done, batch.bytes_total = step.position.bytes_read, step.position.bytes_total
    batch.moved_at = clock.wall()
    batch.save()
    _keep_rejected(batch, errors)
    return batch


def _take_members(batch: ImportBatch, step: Batch) -> list[RowOutcome]:
    """Enrol or change the members a step tells of; none where it tells of events."""
    rows = [
        MemberRow(
            external_ids=((member.source, member.external_id),),
            kind=member.kind,
            name=member.name,
            attributes=member.attributes,
        )
        for member in step.members
    ]
    return import_members(batch.organisation_id, rows, actor=batch.created_by) if rows else []


def _not_kept(step: Batch, told: list[RowOutcome]) -> Iterator[RowError]:
    """Rows that tell of a member in a way that cannot be kept."""
    for index, outcome in enumerate(told):
        if outcome.refusal is not None:
            sentence = f"{outcome.refusal.say()} {outcome.refusal.next_step()}".strip()
            yield step.refuse(index, field="", repair=outcome.refusal.code, sentence=sentence)


def _refused(step: Batch, outcomes: list[Outcome]) -> Iterator[RowError]:
    """Rows that were read but not taken in: data that does not fit its type, or an id used before."""
    for index, outcome in enumerate(outcomes):
        if outcome.status in (Status.RECORDED, Status.REPEATED):
            continue
        if outcome.refusal is not None:
            sentence = f"{outcome.refusal.say()} {outcome.refusal.next_step()}".strip()
            yield step.refuse(index, field="id", repair=outcome.refusal.code, sentence=sentence)
        else:
            problem = outcome.problems[0]
            field = problem.pointer.removeprefix("/data").strip("/")
            yield step.refuse(index, field=field, repair=problem.code, sentence=problem.sentence)


def _keep_rejected(batch: ImportBatch, errors: list[RowError]) -> None:
    """Keep the rejected rows for repair, up to a bound; the count of all of them is always exact."""
    room = max(0, REJECTED_ROWS_KEPT - (batch.errors - len(errors)))
    RejectedRow.objects.bulk_create(
        RejectedRow(
            organisation_id=batch.organisation_id,
            batch=batch,
            file=error.file,
            row=error.row,
            field=error.field,
            repair=error.repair,
            sentence=error.sentence,
            content=error.content(),
        )
        for error in errors[:room]
    )
