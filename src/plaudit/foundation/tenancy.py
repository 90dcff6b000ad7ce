"""Tenancy: one transaction, one organisation, one clock; the database refuses every other row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import connection, transaction

from plaudit.foundation import clock

# Only ever added to: the database refuses update, delete and truncate on these, to the owner too.
HISTORY_TABLES = (
    "activity_event",
    "ledger_transfer",
    "ledger_burn",
    "ledger_seal",
    "foundation_audit",
    "foundation_news",
)

_at_work: ContextVar[int | None] = ContextVar("organisation_at_work", default=None)

_ENTER = """
    select set_config('plaudit.organisation', %s, true),
           (select clock_shift from people_organisation where id = %s)
"""


class NoOrganisation(AssertionError):
    """Tenant data was asked for outside `in_organisation`: always a bug."""


def organisation_at_work() -> int:
    """The organisation whose rows this code may see. A bug outside `in_organisation`."""
    organisation_id = _at_work.get()
    if organisation_id is None:
        raise NoOrganisation
    return organisation_id


@contextmanager
def in_organisation(organisation_id: int) -> Iterator[None]:
    """One database transaction in which only this organisation's rows exist and its clock runs.

    Entered again for the same organisation it joins the transaction that is open: an action called by
    another is one with it. Entering a second organisation inside the first is a bug.
    """
    if _at_work.get() is not None:
        assert _at_work.get() == organisation_id, "one organisation at a time"
        with transaction.atomic(savepoint=False):
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, [str(organisation_id), organisation_id])
            shift: timedelta | None = cursor.fetchone()[1]
        token = _at_work.set(organisation_id)
        try:
            with clock.shifted(shift or timedelta(0)):
                yield
        finally:
            _at_work.reset(token)
