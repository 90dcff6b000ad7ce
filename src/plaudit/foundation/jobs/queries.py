"""Answers about the queue, for health pages: how long work has waited, what was set aside, who works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from plaudit.foundation.exact import decode
from plaudit.foundation.jobs.declaring import cancelling_of
from plaudit.foundation.jobs.lanes import lanes
from plaudit.foundation.jobs.running import STALLED_SECONDS
from plaudit.foundation.jobs.trying import INTERRUPTED


@dataclass(frozen=True, slots=True)
class LaneState:
    """One lane now. `oldest_seconds` is how long the job that has waited longest could have run."""

    lane: str
    waiting: int
    later: int
    running: int
    set_aside: int
    oldest_seconds: int


_LANES = """
    select j.queue_name,
           count(*) filter (where j.status = 'todo' and due.at <= clock_timestamp()),
           count(*) filter (where j.status = 'todo' and due.at > clock_timestamp()),
           count(*) filter (where j.status = 'doing'),
           count(*) filter (where j.status = 'failed'),
           coalesce(extract(epoch from clock_timestamp() - min(due.at)
                            filter (where j.status = 'todo' and due.at <= clock_timestamp())), 0)::bigint
      from procrastinate_jobs j
      cross join lateral (
            select coalesce(j.scheduled_at,
                            (select max(e.at) from procrastinate_events e
                              where e.job_id = j.id and e.type in ('deferred', 'deferred_for_retry', 'retried')),
                            clock_timestamp()) as at) due
     group by j.queue_name
"""


def lane_states() -> list[LaneState]:
    """Every lane with what waits, runs and was set aside in it."""
    with connection.cursor() as cursor:
        cursor.execute(_LANES)
        found = {row[0]: LaneState(*row) for row in cursor.fetchall()}
    return [found.get(lane.name) or LaneState(lane.name, 0, 0, 0, 0, 0) for lane in lanes()]


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that was set aside after its last try; `tries` counts interruptions too. Why stands in the log under its id."""

    id: int
    task: str
    lane: str
    organisation_id: int | None
    arguments: dict[str, Any]
    tries: int
    failed_at: datetime


_FAILED = f"""
    select j.id, j.task_name, j.queue_name, (j.args ->> 'organisation_id')::int, j.args - 'organisation_id',
           mod(j.attempts, {INTERRUPTED}) + j.attempts / {INTERRUPTED},
           (select max(e.at) from procrastinate_events e where e.job_id = j.id)
      from procrastinate_jobs j
     where j.status = 'failed' and (%(organisation)s::int is null
                                    or (j.args ->> 'organisation_id')::int = %(organisation)s)
     order by j.id desc limit %(limit)s
"""


def failed_jobs(organisation_id: int | None = None, *, limit: int = 100) -> list[FailedJob]:
    """The jobs set aside, newest first: of one organisation, or of the whole installation."""
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, {"organisation": organisation_id, "limit": limit})
        return [
            FailedJob(job_id, task, lane, organisation, decode(arguments), tries, failed_at)
            for job_id, task, lane, organisation, arguments, tries, failed_at in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands: waiting, later, running or set aside. `since` is when it came to stand so.

    `in_steps` says whether it can be cancelled while it runs.
    """

    id: int
    task: str
    lane: str
    state: str
    arguments: dict[str, Any]
    tries: int
    since: datetime | None
    due_at: datetime | None
    in_steps: bool


_JOBS = f"""
    select j.id, j.task_name, j.queue_name,
           case when j.status = 'doing' then 'running' when j.status = 'failed' then 'set aside'
                when j.scheduled_at > clock_timestamp() then 'later' else 'waiting' end as state,
           j.args - 'organisation_id',
           mod(j.attempts, {INTERRUPTED}) + j.attempts / {INTERRUPTED},
           (select max(e.at) from procrastinate_events e where e.job_id = j.id),
           j.scheduled_at
      from procrastinate_jobs j
     where j.status in ('todo', 'doing', 'failed') and (j.args ->> 'organisation_id')::int = %(organisation)s
     order by j.status = 'failed' desc, j.status = 'doing' desc, j.id desc limit %(limit)s
"""


def jobs_of(organisation_id: int, *, limit: int = 100) -> list[Job]:
    """The jobs of one organisation that are not done: first those set aside, then those at work, then the rest."""
    with connection.cursor() as cursor:
        cursor.execute(_JOBS, {"organisation": organisation_id, "limit": limit})
        return [
            Job(
                job_id,
                task,
                lane,
                state,
                decode(arguments),
                tries,
                since,
                due_at,
                cancelling_of(task) is not None,
            )
            for job_id, task, lane, state, arguments, tries, since, due_at in cursor.fetchall()
        ]


def workers_alive() -> int:
    """How many lanes of how many processes have sent a heartbeat lately; 0 means nothing is being done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_workers"
            " where last_heartbeat > clock_timestamp() - make_interval(secs => %s)",
            [STALLED_SECONDS],
        )
        return int(cursor.fetchone()[0])
