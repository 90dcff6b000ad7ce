"""Tasks to test the queue with; what they did is read from the audit trail of their organisation."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend, task
from plaudit.foundation.jobs.lanes import open_lane
from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import Conflict
from plaudit.foundation.tenancy import in_organisation

NARROW = open_lane("narrow", at_once=1)

_numbers = count(1)


def make_organisation() -> int:
    """An organisation's id. The queue stands below the floor that makes them, so a row has to do."""
    name = f"queue-{os.getpid()}-{next(_numbers)}"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into people_organisation (code, slug, name, kind, time_zone, language, translations, clock_shift, created_at)
            values (%s, %s, %s, 'live', 'UTC', '', '', '0', now()) returning id
            """,
            [name[-10:], name, name],
        )
        return int(cursor.fetchone()[0])


def acts(organisation_id: int) -> list[str]:
    """What was noted in that organisation, in order."""
    with in_organisation(organisation_id):
        return list(Audit.objects.order_by("id").values_list("act", flat=True))


@task()
def note(organisation_id: int, *, act: str) -> None:
    audit.note(actor="job", act=act)


@task(lane=NARROW)
def note_then_fail(organisation_id: int, *, act: str) -> None:
    audit.note(actor="job", act=act)
    raise ValueError(act)


@task(in_one_transaction=False)
def fail_after_writing(organisation_id: int) -> None:
    with in_organisation(organisation_id):
        audit.note(actor="job", act="written")
    raise ValueError("after the transaction")


@task()
def refuse(organisation_id: int) -> None:
    raise Conflict


@task(lane=NARROW)
def note_narrowly(organisation_id: int, *, act: str) -> None:
    audit.note(actor="job", act=act)


@task()
def lose_to_another_worker(organisation_id: int) -> None:
    """As when this process is frozen here, and the job is taken up by another."""
    audit.note(actor="job", act="late")
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set attempts = attempts + 1"
            " where (args ->> 'organisation_id')::int = %s",
            [organisation_id],
        )


@task(in_one_transaction=False, time_limit=timedelta(seconds=1))
def hang(organisation_id: int) -> None:
    with in_organisation(organisation_id):
        audit.note(actor="job", act="hangs")
    time.sleep(600)


@task(in_one_transaction=False)
def kill_the_worker(organisation_id: int) -> None:
    with in_organisation(organisation_id):
        audit.note(actor="job", act="killed")
    os.kill(os.getpid(), signal.SIGKILL)


def _waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    """Each note `at <moment>` makes something due then, until `done <moment>` is noted."""
    noted = set(Audit.objects.values_list("act", flat=True))
    for act in sorted(noted):
        kind, _, moment = act.partition(" ")
        if kind == "at" and f"done {moment}" not in noted:
            at = datetime.fromisoformat(moment)
            if after < at <= until:
                yield Due(at, "samples.happen", f"Something happens on {at:%d %B}")


def _happen(organisation_id: int) -> list[str]:
    with in_organisation(organisation_id):
        waiting = list(_waiting(organisation_id, datetime(1970, 1, 1, tzinfo=UTC), clock.now()))
        for one in waiting:
            audit.note(actor="job", act=f"done {one.at.isoformat()}")
            note.later(organisation_id, act="queued on the way")
    return [one.sentence for one in waiting]


HAPPENING = attend(when_due(Happening("samples.happen", _waiting, _happen)), every=timedelta(days=1))
