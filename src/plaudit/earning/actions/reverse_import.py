"""Takes a whole import back: everything its events' rules posted, exactly, in steps that may be interrupted.

The events stay in the book, because they were reported; what they were worth is reversed. Under a new
`source` in the mapping the repaired file can be imported beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from plaudit.activity.following import WITHDRAWN
from plaudit.activity.models import BatchState, Event, ImportBatch
from plaudit.earning.actions.import_file import held, reference
from plaudit.earning.refusals import ImportNotReversible
from plaudit.earning.uses import give_back_uses
from plaudit.foundation import audit, clock
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.ledger.posting import open_books, post
from plaudit.ledger.receipts import tell_of
from plaudit.ledger.undoing import undoing_of_events
from plaudit.ledger.units import units_by_id

STEP = 1_000

# The last event that was taken back, kept beside where posting came to.
_TAKEN_BACK_TO = "taken_back_to"

REVERSIBLE = (
    BatchState.DONE,
    BatchState.PAUSED,
    BatchState.CANCELLED,
    BatchState.FAILED,
    BatchState.REVERSING,
)
"""What has posted and posts no more, or is being taken back already."""

Progress = Callable[[int], None]


def reverse_import(
    organisation_id: int, batch_id: int, *, actor: str, reason: str, on_progress: Progress | None = None
) -> ImportBatch:
    """Take back what an import's events earned; how many transfers were taken back is told as it goes on.

    Killed and started again it goes on: what is taken back already has nothing left to take. Points spent
    since leave a debt where the unit may owe, and stay spent where it may not. What corrections in the file
    took from events of other files stays taken. Raises `ImportNotThere` and `ImportNotReversible`.
    """
    _begin(organisation_id, batch_id, actor, reason)
    more, done = True, 0
    while more:
        more, taken = act(organisation_id, partial(_take_step, organisation_id, batch_id, actor, reason))
        done += taken
        if on_progress is not None:
            on_progress(done)
    return _finish(organisation_id, batch_id)


def _begin(organisation_id: int, batch_id: int, actor: str, reason: str) -> None:
    with in_organisation(organisation_id):
        batch = held(organisation_id, batch_id)
        refuse_irreversible(batch)
        if batch.state != BatchState.REVERSING:
            audit.note(actor=actor, act="import.reversed", subject=reference(batch), reason=reason)
        batch.state = BatchState.REVERSING
        batch.save()


def refuse_irreversible(batch: ImportBatch) -> None:
    """Raise `ImportNotReversible` for one that never posted, is at work, or was taken back already."""
    if batch.state not in REVERSIBLE:
        raise ImportNotReversible(ref=reference(batch), state=batch.state)


def _take_step(organisation_id: int, batch_id: int, actor: str, reason: str) -> tuple[bool, int]:
    """Take back what some of the events earned; whether there is more, and how many transfers it were.

    How far it came is written down with it, so that no step is told twice.
    """
    now = open_books(organisation_id)
    batch = ImportBatch.objects.select_for_update().get(organisation_id=organisation_id, id=batch_id)
    mine = Event.objects.filter(organisation_id=organisation_id, batch_id=batch_id)
    if after := batch.position.get(_TAKEN_BACK_TO):
        mine = mine.filter(id__gt=after)
    ids = list(mine.order_by("id").values_list("id", flat=True)[:STEP])
    if not ids:
        return False, 0
    undoing = undoing_of_events(organisation_id, ids)
    taken = [
        (one, undoing.take_back(one, one.left, occurred_at=now, actor=actor, reason=reason))
        for one in undoing.posted
        if one.left > 0
    ]
    post(organisation_id, undoing.book, recorded_at=now)
    give_back_uses(organisation_id, taken)
    units = units_by_id(organisation_id)
    told = {"import": f"imp_{batch_id}", "first": str(ids[0]), "last": str(ids[-1])}
    tell(organisation_id, WITHDRAWN, told, happened_at=now)
    tell_of(organisation_id, "points.reversed", undoing.book.postings, units=units, happened_at=now)
    batch.position = {**batch.position, _TAKEN_BACK_TO: str(ids[-1])}
    batch.save(update_fields=["position"])
    return len(ids) == STEP, len(undoing.book.postings)


def _finish(organisation_id: int, batch_id: int) -> ImportBatch:
    with in_organisation(organisation_id):
        batch = ImportBatch.objects.select_for_update().get(organisation_id=organisation_id, id=batch_id)
        batch.state = BatchState.REVERSED
        batch.finished_at = clock.now()
        batch.save()
        return batch
