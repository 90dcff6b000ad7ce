"""Looks again and again, once in each period, for what time makes happen in every organisation."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.db import connection

from plaudit.foundation import clock, due
from plaudit.foundation.jobs.declaring import BLUEPRINT, at_once, task
from plaudit.foundation.jobs.lanes import SCHEDULE
from plaudit.foundation.jobs.trying import Tries, asked_to_stop
from plaudit.foundation.tenancy import in_organisation

_log = logging.getLogger(__name__)

SWEEP = "foundation.sweep"

_MINUTE = timedelta(minutes=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_attended: dict[str, timedelta] = {}


def attend(happening: due.Happening, *, every: timedelta) -> due.Happening:
    """Look for this happening more often, or less, than every minute."""
    assert every >= timedelta(seconds=1)
    _attended[happening.name] = every
    return happening


def periods() -> dict[str, int]:
    """How often each happening is looked for, in seconds, by name."""
    return {
        happening.name: int(_attended.get(happening.name, _MINUTE).total_seconds())
        for happening in due.happenings()
    }


def run_due(organisation_id: int) -> list[str]:
    """Do, here and now, all that time has made due in one organisation, in the order of its moments.

    Jobs queued on the way are done here as well. Returns what changed, in sentences. Must not be called
    inside a transaction.
    """
    assert not connection.in_atomic_block, "each piece of work has its own transactions"
    changes: list[str] = []
    before: tuple[datetime, list[str]] | None = None
    while (stop := due.next_moment(organisation_id, _BEGINNING, _now_in(organisation_id))) is not None:
        assert stop != before, f"{stop[1]} did nothing about what was due at {stop[0]}"
        before = stop
        with at_once() as queued:
            changes += due.run_due(organisation_id, stop[1])
            while queued:
                queued.pop(0)()
    return changes


# What time makes happen waits behind what somebody asked for: a thousand organisations may be due at once.
@task(name="foundation.happen", in_one_transaction=False, time_limit=timedelta(hours=1), priority=-10)
def happen(organisation_id: int, *, happening: str) -> None:
    """Do what one happening has due in one organisation."""
    due.run_due(organisation_id, [happening])


@BLUEPRINT.task(name=SWEEP, queue=SCHEDULE.name, retry=Tries(2))
def sweep(timestamp: int, happening: str) -> None:
    """Queue one happening for each organisation in which it is due. `timestamp` begins its period."""
    found = next((one for one in due.happenings() if one.name == happening), None)
    if found is None or _superseded(happening, timestamp):
        return
    for organisation_id in organisation_ids():
        if asked_to_stop():
            return  # the next period's look, a minute on, finds the same
        if _is_due(found, organisation_id):
            happen.once(found.name, organisation_id, happening=found.name)


def _is_due(happening: due.Happening, organisation_id: int) -> bool:
    try:
        with in_organisation(organisation_id):
            return any(True for _ in happening.waiting(organisation_id, _BEGINNING, clock.now()))
    except Exception:  # noqa: BLE001 - whatever a package's question raises is its own fault alone
        # The job will then fail where it is seen and counted, and the other organisations go on.
        _log.exception("What is due of %s in organisation %s is unknown.", happening.name, organisation_id)
        return True


def _now_in(organisation_id: int) -> datetime:
    with in_organisation(organisation_id):
        return clock.now()


def _superseded(happening: str, timestamp: int) -> bool:
    """Whether a later period, by the database's clock, has begun: its sweep does this one's work as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select exists (select 1 from procrastinate_periodic_defers
                            where task_name = %s and periodic_id = %s and defer_timestamp > %s
                              and defer_timestamp <= extract(epoch from clock_timestamp()))
            """,
            [SWEEP, happening, timestamp],
        )
        return bool(cursor.fetchone()[0])


def organisation_ids() -> list[int]:
    """Every organisation of this installation."""
    with connection.cursor() as cursor:
        cursor.execute("select id from people_organisation order by id")
        return [row[0] for row in cursor.fetchall()]
