"""The worker process: it stops when told to, and what dies, freezes or hangs is taken up by another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections

from plaudit.foundation.jobs.child import WorkerProcess
from plaudit.foundation.jobs.lanes import lanes
from plaudit.foundation.jobs.queries import failed_jobs, workers_alive
from plaudit.foundation.jobs.running import HUNG, RESUME_STALLED, work_off
from plaudit.foundation.jobs.tests import alone, samples
from plaudit.foundation.jobs.trying import INTERRUPTED, INTERRUPTIONS, TRIES


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that has begun to take jobs."""
    process = subprocess.Popen(
        [sys.executable, "-c", alone.WORKER],
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PGAPPNAME": "tested"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def wait_until(condition: Callable[[], bool]) -> None:
    """Ask again and again, as long as a slow machine may need."""
    deadline, pause = time.monotonic() + 60, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        pause.wait(0.05)


def wait_for_act(organisation: int, act: str, *, times: int = 1) -> None:
    wait_until(lambda: samples.acts(organisation).count(act) >= times)


def status_of_jobs(organisation: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select status::text from procrastinate_jobs where (args ->> 'organisation_id')::int = %s",
            [organisation],
        )
        return [row[0] for row in cursor.fetchall()]


def resume(*, after_seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RESUME_STALLED, {"stalled": after_seconds})


def test_a_worker_does_what_is_queued_and_stops_when_told():
    organisation = samples.make_organisation()

    with worker() as process:
        samples.note.later(organisation, act="done by the worker")
        wait_for_act(organisation, "done by the worker")
        alive = workers_alive()
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0

    assert alive >= len(lanes())
    assert workers_alive() <= alive - len(lanes())


@pytest.mark.at_length
def test_a_worker_whose_connections_are_cut_goes_on():
    organisation = samples.make_organisation()

    with worker() as process:
        samples.note.later(organisation, act="before")
        wait_for_act(organisation, "before")
        # On a server not our own, sessions belong to the login, which is the owner.
        login = "owner" if "PLAUDIT_DATABASE_URL" in os.environ else "default"
        with connections[login].cursor() as cursor:
            cursor.execute(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'tested'"
            )
            assert cursor.fetchone()[0] > 0
        samples.note.later(organisation, act="after")
        wait_for_act(organisation, "after")
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0


def test_what_a_killed_worker_was_doing_is_done_by_the_next():
    organisation = samples.make_organisation()
    samples.kill_the_worker.later(organisation)

    with worker() as process:
        process.wait(60)
    assert status_of_jobs(organisation) == ["doing"]
    resume(after_seconds=0)

    assert samples.acts(organisation) == ["killed"]
    assert status_of_jobs(organisation) == ["todo"]
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where (args ->> 'organisation_id')::int = %s", [organisation]
        )


def interrupt(organisation: int, *, times: int) -> None:
    """Let the job of that organisation be taken by a worker that dies of it or with it."""
    for _ in range(times):
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = 'doing', worker_id = null"
                " where (args ->> 'organisation_id')::int = %s and status = 'todo'",
                [organisation],
            )
        resume(after_seconds=0)


def test_a_job_that_always_kills_its_worker_is_set_aside_in_the_end():
    organisation = samples.make_organisation()
    samples.note.later(organisation, act="never done")

    interrupt(organisation, times=INTERRUPTIONS - 1)
    assert status_of_jobs(organisation) == ["todo"]
    interrupt(organisation, times=1)

    (job,) = failed_jobs(organisation)
    assert (job.task, job.tries) == (samples.note.name, INTERRUPTIONS)


def test_a_job_whose_workers_are_killed_is_taken_up_within_a_minute_and_keeps_its_tries():
    organisation = samples.make_organisation()
    samples.note_then_fail.once("daily", organisation, act="failed by itself")
    interrupt(organisation, times=2 * TRIES)

    with connection.cursor() as cursor:
        cursor.execute(
            """
            with waits as (select id, scheduled_at - clock_timestamp() as wait from procrastinate_jobs
                            where (args ->> 'organisation_id')::int = %s)
            update procrastinate_jobs j set scheduled_at = null from waits where j.id = waits.id
            returning waits.wait between interval '-1 second' and interval '1 minute'
            """,
            [organisation],
        )
        assert cursor.fetchall() == [(True,)]
    work_off()

    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where (args ->> 'organisation_id')::int = %s"
            " returning status::text, attempts",
            [organisation],
        )
        ((status, attempts),) = cursor.fetchall()
    interruptions, own_tries = divmod(attempts, INTERRUPTED)
    assert (status, interruptions) == ("todo", 2 * TRIES)
    assert 1 <= own_tries < TRIES  # more than one where the next try fell due meanwhile


def test_the_first_time_a_job_is_taken_up_again_at_once():
    organisation = samples.make_organisation()
    samples.note.later(organisation, act="done by the second worker")

    interrupt(organisation, times=1)
    work_off()

    assert samples.acts(organisation) == ["done by the second worker"]


def test_a_live_workers_jobs_are_left_alone():
    organisation = samples.make_organisation()
    samples.note.later(organisation, act="in good hands")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with hands as (insert into procrastinate_workers default values returning id)
            update procrastinate_jobs set status = 'doing', worker_id = hands.id from hands
             where (args ->> 'organisation_id')::int = %s
            """,
            [organisation],
        )

    # The worker's row was made by the statement that used it, so the heartbeat is seconds old at most.
    resume(after_seconds=600)

    assert status_of_jobs(organisation) == ["doing"]
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_workers")
    resume(after_seconds=600)
    work_off()
    assert samples.acts(organisation) == ["in good hands"]


@pytest.mark.at_length
def test_a_hanging_job_ends_its_worker_and_is_tried_again():
    organisation = samples.make_organisation()
    samples.hang.later(organisation)

    with worker() as process:
        assert process.wait(60) == HUNG

    assert samples.acts(organisation) == ["hangs"]
    assert status_of_jobs(organisation) == ["todo"]
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where (args ->> 'organisation_id')::int = %s", [organisation]
        )


@pytest.mark.at_length
def test_a_worker_that_ends_is_started_again_and_goes_with_its_parent():
    organisation = samples.make_organisation()

    keeper = WorkerProcess((sys.executable, "-c", alone.WORKER))
    try:
        samples.note.later(organisation, act="first")
        wait_for_act(organisation, "first")
        first = keeper.pid
        keeper._process.kill()
        wait_until(lambda: keeper.pid != first)
        samples.note.later(organisation, act="second")
        wait_for_act(organisation, "second")
    finally:
        keeper.stop()

    assert keeper._process.poll() == 0
