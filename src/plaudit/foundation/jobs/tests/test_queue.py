"""The queue: joined to transactions, tried a few times, set aside, never in another job's way."""

from __future__ import annotations

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from plaudit.foundation import clock
from plaudit.foundation.jobs import task
from plaudit.foundation.jobs.actions import drop, try_again
from plaudit.foundation.jobs.queries import failed_jobs, lane_states
from plaudit.foundation.jobs.refusals import NotSetAside
from plaudit.foundation.jobs.running import work_off
from plaudit.foundation.jobs.tests import samples
from plaudit.foundation.jobs.trying import INTERRUPTIONS, TRIES, Tries
from plaudit.foundation.tenancy import in_organisation


def make_due() -> None:
    """Let every waiting job's time come."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set scheduled_at = null where status = 'todo'")


def waiting(organisation_id: int) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select status::text, attempts from procrastinate_jobs"
            " where (args ->> 'organisation_id')::int = %s order by id",
            [organisation_id],
        )
        return [(status, attempts) for status, attempts in cursor.fetchall()]


def test_a_job_is_done_once_and_leaves_no_row():
    organisation = samples.make_organisation()

    samples.note.later(organisation, act="done")
    work_off()
    work_off()

    assert samples.acts(organisation) == ["done"]
    assert waiting(organisation) == []


def test_a_job_queued_in_a_transaction_that_rolls_back_never_was():
    organisation = samples.make_organisation()

    def queue_then_fail() -> None:
        with in_organisation(organisation):
            samples.note.later(organisation, act="ghost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        queue_then_fail()
    work_off()

    assert samples.acts(organisation) == []


def test_a_job_queued_by_a_job_that_fails_never_was():
    organisation = samples.make_organisation()

    @task(name="foundation.jobs.tests.queue_then_fail", tries=1)
    def queue_then_fail(organisation_id):
        samples.note.later(organisation_id, act="ghost")
        raise ValueError

    queue_then_fail.later(organisation)
    work_off()

    assert samples.acts(organisation) == []
    assert [job.task for job in failed_jobs(organisation)] == ["foundation.jobs.tests.queue_then_fail"]


def test_a_failing_job_undoes_what_it_wrote_and_is_set_aside_after_five_tries():
    organisation = samples.make_organisation()

    samples.note_then_fail.later(organisation, act="half")
    for _ in range(7):
        work_off()
        make_due()

    assert samples.acts(organisation) == []
    assert waiting(organisation) == [("failed", 5)]
    (job,) = failed_jobs(organisation)
    assert (job.task, job.arguments, job.tries) == (
        "foundation.jobs.tests.samples.note_then_fail",
        {"act": "half"},
        5,
    )


def test_a_poison_job_at_the_head_of_its_lane_holds_up_no_other():
    organisation = samples.make_organisation()

    samples.note_then_fail.later(organisation, act="poison")
    for number in range(3):
        samples.note_narrowly.later(organisation, act=f"good {number}")
    work_off()

    assert samples.acts(organisation) == ["good 0", "good 1", "good 2"]
    assert waiting(organisation) == [("todo", 1)]


def test_a_job_is_not_set_aside_because_the_database_went_away():
    def decide(error: Exception, cause: Exception | None, attempts: int) -> int | None:
        error.__cause__ = cause
        job = Job(id=1, queue="work", lock=None, queueing_lock=None, task_name="", attempts=attempts)
        decision = Tries(TRIES).get_retry_decision(exception=error, job=job)
        if decision is None or decision.retry_at is None:
            return None
        return round((decision.retry_at - clock.wall()).total_seconds())

    for gone in (psycopg.errors.AdminShutdown(), psycopg.errors.DiskFull(), psycopg.OperationalError(), None):
        assert decide(OperationalError(), gone, TRIES) == 30
    assert decide(InterfaceError(), None, 0) == 1
    assert decide(InterfaceError(), None, INTERRUPTIONS - 1) is None
    assert decide(OperationalError(), psycopg.errors.QueryCanceled(), TRIES - 1) is None
    assert decide(ValueError(), None, TRIES - 1) is None


def test_a_refusal_is_an_answer_and_not_tried_again():
    organisation = samples.make_organisation()

    samples.refuse.later(organisation)
    work_off()

    assert waiting(organisation) == [("failed", 1)]


def test_a_job_set_aside_is_tried_again_or_dropped_when_a_person_says_so():
    organisation = samples.make_organisation()
    samples.refuse.later(organisation)
    work_off()
    (job,) = failed_jobs(organisation)

    try_again(job.id)
    assert waiting(organisation) == [("todo", 0)]
    with pytest.raises(NotSetAside):
        drop(job.id)
    work_off()
    drop(job.id)

    assert waiting(organisation) == []
    with pytest.raises(NotSetAside):
        try_again(job.id)


def test_a_job_without_an_organisation_fails_before_it_touches_anything():
    before = {job.id for job in failed_jobs()}
    JobManager(DjangoConnector()).defer_job(
        Job(
            queue="work",
            lock=None,
            queueing_lock=None,
            task_name=samples.note.name,
            task_kwargs={"act": "whose?"},
        )
    )
    for _ in range(5):
        work_off()
        make_due()

    new = [job for job in failed_jobs() if job.id not in before]
    (job,) = [job for job in new if job.organisation_id is None]
    assert job.tries == 5


def test_a_job_taken_over_by_another_worker_writes_nothing_late():
    organisation = samples.make_organisation()

    samples.lose_to_another_worker.later(organisation)
    work_off()

    assert samples.acts(organisation) == []


def test_a_name_is_queued_once_while_it_waits():
    organisation, other = samples.make_organisation(), samples.make_organisation()

    queued = [samples.note.once("daily", organisation, act="one") for _ in range(3)]
    assert samples.note.once("daily", other, act="another's")
    work_off()

    assert queued == [True, False, False]
    assert samples.acts(organisation) == ["one"]
    assert samples.acts(other) == ["another's"]
    assert samples.note.once("daily", organisation, act="two")
    work_off()
    assert samples.acts(organisation) == ["one", "two"]


def test_a_name_set_aside_is_tried_again_after_an_hour_in_its_old_row():
    organisation = samples.make_organisation()
    samples.refuse.once("daily", organisation)
    work_off()

    assert not samples.refuse.once("daily", organisation)
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_events set at = at - interval '61 minutes' where job_id ="
            " (select id from procrastinate_jobs where (args ->> 'organisation_id')::int = %s)",
            [organisation],
        )
    assert samples.refuse.once("daily", organisation)
    assert waiting(organisation) == [("todo", 2)]


def test_lanes_tell_what_waits_and_for_how_long():
    organisation = samples.make_organisation()
    work_off()
    samples.note_narrowly.later(organisation, act="later")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_events set at = at - interval '90 seconds' where job_id ="
            " (select id from procrastinate_jobs where (args ->> 'organisation_id')::int = %s)",
            [organisation],
        )

    narrow = next(state for state in lane_states() if state.lane == "narrow")

    assert narrow.waiting == 1
    assert 90 <= narrow.oldest_seconds < 120
    work_off()
    assert next(state for state in lane_states() if state.lane == "narrow").oldest_seconds == 0
