"""Tenancy: one transaction, one organisation, one clock; the database refuses every other row."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from plaudit.foundation import clock
from plaudit.foundation.prepared import prepared, sent_together
from plaudit.foundation.told import as_written

# Only ever added to: the database refuses update, delete and truncate on these, to the owner too.
HISTORY_TABLES = (
    "activity_event",
    "ledger_transfer",
    "ledger_burn",
    "ledger_seal",
    "foundation_audit",
    "foundation_news",
    "membership_invoice",
    "membership_entry",
    "membership_stray_payment",
    "membership_entitlement_use",
    "planning_programme_version",
    "learning_statement",
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
        with prepared() as cursor:
            with sent_together():  # with the statement that begins the transaction
                cursor.execute(_ENTER, [str(organisation_id), organisation_id])
            shift: timedelta | None = cursor.fetchone()[1]
        token = _at_work.set(organisation_id)
        try:
            with clock.shifted(shift or timedelta(0)):
                yield
        finally:
            _at_work.reset(token)


@contextmanager
def in_snapshot() -> Iterator[None]:
    """A transaction that only reads and sees the database as it stands now, whatever is written meanwhile.

    `in_organisation` entered inside it joins it, for one organisation after another.
    """
    assert not connection.in_atomic_block, "a snapshot is taken before anything is read"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        yield


T = TypeVar("T")

_TRIES = 5
_WORTH_ANOTHER_TRY = frozenset({"23505", "40001", "40P01"})  # a key just taken, a lost race, a deadlock


def act(organisation_id: int, step: Callable[[], T]) -> T:
    """Run a step in its own transaction, over again where it only lost a race to another writer.

    Nothing of a try that failed remains. What is kept is what was written, whoever reads. Inside a transaction
    that is already open the step runs once: starting over is then the caller's to do.
    """
    if _at_work.get() is not None:
        with in_organisation(organisation_id), as_written():
            return step()
    for attempt in range(1, _TRIES + 1):
        try:
            with in_organisation(organisation_id), as_written():
                return step()
        except (IntegrityError, OperationalError) as error:
            if attempt == _TRIES or getattr(error.__cause__, "sqlstate", None) not in _WORTH_ANOTHER_TRY:
                raise
            # Two that collided should not meet again at once; the wait is not a secret, so any dice do.
            time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311
    raise AssertionError("the last try returns or raises")


@contextmanager
def without_organisation() -> Iterator[None]:
    """One database transaction over rows that belong to no organisation: people, sessions, jobs.

    No organisation's rows exist in it. Inside `in_organisation` it joins the transaction that is open.
    """
    with transaction.atomic(savepoint=not connection.in_atomic_block):
        yield


@contextmanager
def as_owner() -> Iterator[CursorWrapper]:
    """One transaction of the role that owns the tables, for filling them before their guards are set."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        yield cursor


def end_session() -> None:
    """End this connection's session with the database and whatever it holds: its pool must not hand it on."""
    if connection.connection is not None:
        connection.connection.close()
    connection.close()


@contextmanager
def undone_on_error() -> Iterator[None]:
    """Part of an open transaction that is undone where an exception leaves it, without the rest."""
    assert connection.in_atomic_block
    with transaction.atomic():
        yield
