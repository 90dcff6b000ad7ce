"""How often a job is tried, how long it waits in between, and whether it is still this worker's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

from django.db import InterfaceError, OperationalError, connection
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from plaudit.foundation.refusals import Refusal

# A job that fails this often is set aside, so that it never holds up the others.
TRIES = 5
_WAIT_SECONDS = (1, 5, 30, 180)

# A job that was interrupted is hardly ever the reason: its worker was killed, or the database went away. But
# what is in this many interruptions in a row may be what causes them. Both are counted in a job's
# `attempts`, which only rises, for it is the fencing token as well: a dead worker adds `INTERRUPTED` to it.
INTERRUPTIONS = 20
INTERRUPTED = 1000
_AWAY = ("08", "53", "57P")  # SQLSTATE: no connection, no resources (as a full disk), shut down


class JobTakenOver(RuntimeError):
    """Another worker was given the job while this one was frozen: the late write is refused."""


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job this process is at: `attempts` is how often it was tried before, and so its fencing token."""

    id: int
    attempts: int
    began: float
    time_limit: timedelta


class Tries(BaseRetryStrategy):
    """Tries again after 1 s, 5 s, 30 s and 3 min. A refusal is an answer: it is not asked again.

    While the database is away it goes on, every 30 s at last, as after any interruption.
    """

    def __init__(self, at_most: int) -> None:
        assert 1 <= at_most <= TRIES
        self.at_most = at_most

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None to set the job aside."""
        away = database_is_away(exception)
        before = job.attempts % INTERRUPTED
        if isinstance(exception, Refusal) or before + 1 >= (INTERRUPTIONS if away else self.at_most):
            return None
        waits = _WAIT_SECONDS[:-1] if away else _WAIT_SECONDS
        return RetryDecision(retry_in={"seconds": waits[min(before, len(waits) - 1)]})


def database_is_away(error: BaseException) -> bool:
    """Whether this says that the database cannot be reached or cannot write, whatever is asked of it."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state: str | None = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(_AWAY)


_stopping = Event()


def stop_soon() -> None:
    """Let running jobs know that their worker is about to end."""
    _stopping.set()


def asked_to_stop() -> bool:
    """Whether this worker is about to end: long jobs look between two steps, and leave the rest to the next."""
    return _stopping.is_set()


_job: ContextVar[RunningJob | None] = ContextVar("running_job", default=None)
_in_progress: dict[int, RunningJob] = {}


@contextmanager
def at_job(job_id: int, *, attempts: int, time_limit: timedelta) -> Iterator[None]:
    """Everything inside is done for this job."""
    job = RunningJob(job_id, attempts, time.monotonic(), time_limit)
    token = _job.set(job)
    _in_progress[job.id] = job
    try:
        yield
    finally:
        _in_progress.pop(job.id, None)
        _job.reset(token)


def overdue() -> list[RunningJob]:
    """The jobs of this process that have run past their time limit: they hang."""
    now = time.monotonic()
    return [job for job in list(_in_progress.values()) if now - job.began > job.time_limit.total_seconds()]


def keep_job() -> None:
    """Keep the running job this worker's until the transaction ends. Does nothing outside a job.

    Raises `JobTakenOver` where another worker has it by now, as after this process was frozen for longer
    than its heartbeat may miss; the transaction then undoes itself.
    """
    job = _job.get()
    if job is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from procrastinate_jobs where id = %s and status = 'doing' and attempts = %s for share",
            [job.id, job.attempts],
        )
        if cursor.fetchone() is None:
            raise JobTakenOver(f"job {job.id}")
