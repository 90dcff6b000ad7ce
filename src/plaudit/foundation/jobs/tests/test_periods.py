"""What time makes happen: looked for once in a period, done where it is due, all at once when asked."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.jobs.periodic import SWEEP
from plaudit.foundation.jobs.running import begin_periods, new_app, new_connector, work_off
from plaudit.foundation.jobs.tests import samples
from plaudit.foundation.tenancy import in_organisation

LONG_AGO, LATER = "2026-01-05T00:00:00+00:00", "2026-03-09T00:00:00+00:00"


def forget_periods() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_periodic_defers")
        cursor.execute("delete from procrastinate_jobs where task_name = %s", [SWEEP])


def sweeps_queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs where task_name = %s and args ->> 'happening' = %s",
            [SWEEP, samples.HAPPENING.name],
        )
        return int(cursor.fetchone()[0])


def begin() -> None:
    async def once() -> None:
        app = new_app(new_connector())
        async with app.open_async():
            await begin_periods(app, {})

    asyncio.run(once())
    # The other happenings would look into every organisation that other tests have left.
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where task_name = %s and args ->> 'happening' <> %s",
            [SWEEP, samples.HAPPENING.name],
        )


def make_due(organisation: int, *moments: str) -> None:
    with in_organisation(organisation):
        for moment in moments:
            audit.note(actor="test", act=f"at {moment}")


def test_two_schedulers_begin_a_period_once():
    forget_periods()
    barrier = threading.Barrier(2)

    def schedule() -> None:
        barrier.wait()
        begin()

    schedulers = [threading.Thread(target=schedule) for _ in range(2)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join()

    assert sweeps_queued() == 1


def test_what_is_due_is_done_where_it_is_due_and_nowhere_else():
    forget_periods()
    wanting, early, idle = (samples.make_organisation() for _ in range(3))
    make_due(wanting, LONG_AGO)
    make_due(early, "2999-01-01T00:00:00+00:00")

    for _ in range(2):
        begin()
        work_off()

    assert samples.acts(wanting) == [f"at {LONG_AGO}", f"done {LONG_AGO}", "queued on the way"]
    assert samples.acts(early) == ["at 2999-01-01T00:00:00+00:00"]
    assert samples.acts(idle) == []


def test_a_period_that_a_later_one_has_overtaken_is_left_to_it():
    forget_periods()
    organisation = samples.make_organisation()
    make_due(organisation, LONG_AGO)
    begin()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update procrastinate_jobs
               set args = jsonb_set(args, '{timestamp}', to_jsonb((args ->> 'timestamp')::bigint - 86400))
             where task_name = %s
            """,
            [SWEEP],
        )

    work_off()

    assert samples.acts(organisation) == [f"at {LONG_AGO}"]


def test_all_that_is_due_is_done_in_order_with_what_it_queues():
    organisation = samples.make_organisation()
    make_due(organisation, LATER, LONG_AGO)

    with clock.frozen_at(datetime(2026, 2, 1, tzinfo=UTC)):
        first = run_due(organisation)
    with clock.frozen_at(datetime(2026, 4, 1, tzinfo=UTC)):
        second = run_due(organisation)

    assert first == ["Something happens on 05 January"]
    assert second == ["Something happens on 09 March"]
    assert samples.acts(organisation)[2:] == [
        f"done {LONG_AGO}",
        "queued on the way",
        f"done {LATER}",
        "queued on the way",
    ]
