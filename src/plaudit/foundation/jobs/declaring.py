"""Declares what is done later. A task names its organisation, is tried a few times, then set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import Any, Concatenate, Generic, ParamSpec

from django.db import connection
from procrastinate import Blueprint, JobContext
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from plaudit.foundation import clock
from plaudit.foundation.exact import encode
from plaudit.foundation.jobs.lanes import WORK, Lane
from plaudit.foundation.jobs.trying import TRIES, Tries, at_job, keep_job
from plaudit.foundation.tenancy import NoOrganisation, in_organisation

P = ParamSpec("P")

BLUEPRINT = Blueprint()

_declared: dict[str, Task[Any]] = {}

_at_once: ContextVar[list[Callable[[], object]] | None] = ContextVar("jobs_at_once", default=None)

Cancelling = Callable[[int, dict[str, Any], str], object]

# The same thing, still to be done under the same name.
_WAITS = """
    select 1 from procrastinate_jobs
     where lock = %s and task_name = %s and args = %s::jsonb and status = 'todo' limit 1
"""

# One job of a name: waiting, running, or set aside.
_SAME = """
    select j.id, j.status, (select max(e.at) from procrastinate_events e where e.job_id = j.id)
                           < clock_timestamp() - interval '1 hour'
      from procrastinate_jobs j
     where j.lock = %s and j.status in ('todo', 'doing', 'failed')
     order by j.status = 'failed', j.id desc limit 1
"""


class Task(Generic[P]):
    """Something done later for one organisation. Called, it is done now; `later` queues it."""

    def __init__(
        self,
        function: Callable[Concatenate[int, P], object],
        *,
        name: str,
        lane: Lane,
        tries: int,
        in_one_transaction: bool,
        time_limit: timedelta,
        priority: int,
        cancelling: Cancelling | None,
    ) -> None:
        self.priority = priority
        self.cancelling = cancelling
        self.function = function
        self.name = name
        self.lane = lane
        self.in_one_transaction = in_one_transaction
        self.time_limit = time_limit
        BLUEPRINT.task(name=name, queue=lane.name, retry=Tries(tries), pass_context=True)(self._run)
        _declared[name] = self

    def __call__(self, organisation_id: int, *args: P.args, **kwargs: P.kwargs) -> object:
        """Do it now."""
        return self.function(organisation_id, *args, **kwargs)

    def later(self, organisation_id: int, *args: P.args, **kwargs: P.kwargs) -> None:
        """Do it as soon as a worker is free, if the transaction that is open commits.

        Arguments are JSON values by name. What must happen at a set time is not a job but a `@periodic`
        look at what is due: a sandbox's clock may be moved.
        """
        assert not args, "a job's arguments are given by name"
        self._queue(organisation_id, dict(kwargs), name=None)

    def once(self, name: str, organisation_id: int, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Do it as soon as possible unless the same `name` waits, runs or was just set aside; whether queued.

        Two jobs of one name never run at the same time, even of different tasks. One that was set aside
        is tried again an hour later, in its old row.
        """
        assert not args, "a job's arguments are given by name"
        lock = f"{organisation_id}:{name}"
        if _at_once.get() is None:
            with connection.cursor() as cursor:
                cursor.execute(_SAME, [lock])
                found = cursor.fetchone()
            if found is not None:
                job_id, status, long_ago = found
                if status == "failed" and long_ago:
                    _manager().retry_job_by_id(job_id, retry_at=clock.wall())
                    return True
                return False
        self._queue(organisation_id, dict(kwargs), name=lock)
        return True

    def after(self, name: str, organisation_id: int, *args: P.args, **kwargs: P.kwargs) -> None:
        """Do it as soon as whatever runs under this `name` has ended, and never beside it.

        The same that waits already is not queued twice; unlike with `once`, what runs or was set aside is no
        reason not to: it may have looked for the last time whether there is more to do.
        """
        assert not args, "a job's arguments are given by name"
        lock = f"{organisation_id}:{name}"
        if _at_once.get() is None:
            with connection.cursor() as cursor:
                arguments = encode({"organisation_id": organisation_id, **kwargs})
                cursor.execute(_WAITS, [lock, self.name, arguments])
                if cursor.fetchone() is not None:
                    return
        self._queue(organisation_id, dict(kwargs), name=lock)

    def _queue(self, organisation_id: int, arguments: dict[str, Any], *, name: str | None) -> None:
        waiting = _at_once.get()
        if waiting is not None:
            waiting.append(partial(self._do, organisation_id, arguments))
            return
        job = Job(
            queue=self.lane.name,
            lock=name,
            queueing_lock=None,
            priority=self.priority,
            task_name=self.name,
            task_kwargs={"organisation_id": organisation_id, **arguments},
        )
        queue(job)

    def _run(self, context: JobContext, /, organisation_id: int | None = None, **arguments: Any) -> None:
        """Do a queued job. Without an organisation it fails, loudly, before it touches anything."""
        if organisation_id is None:
            raise NoOrganisation(f"a {self.name} job names no organisation")
        assert context.job.id is not None
        with at_job(context.job.id, attempts=context.job.attempts, time_limit=self.time_limit):
            self._do(organisation_id, arguments)

    def _do(self, organisation_id: int, arguments: dict[str, Any]) -> None:
        if not self.in_one_transaction:
            self.function(organisation_id, **arguments)  # type: ignore[call-arg]  # they were of P when queued
            return
        with in_organisation(organisation_id):
            self.function(organisation_id, **arguments)  # type: ignore[call-arg]  # they were of P when queued
            keep_job()


def task(
    *,
    name: str | None = None,
    lane: Lane = WORK,
    tries: int = TRIES,
    in_one_transaction: bool = True,
    time_limit: timedelta = timedelta(minutes=10),
    priority: int = 0,
    cancelling: Cancelling | None = None,
) -> Callable[[Callable[Concatenate[int, P], object]], Task[P]]:
    """Declare a task. Its first argument is the organisation's id, the rest are JSON values by name.

    Its name is its package's and its own (`outreach.deliver`). Normally it runs in one transaction of its
    organisation, undone whole where it fails or where another worker has taken the job over. One that
    talks to the outside says `in_one_transaction=False`, opens its own by way of actions, and calls
    `keep_job` in those that must not be written late. A worker in which a job runs past its `time_limit`
    counts it as tried and starts anew. A job of higher `priority` is taken first. One that goes in steps can be
    cancelled while it runs: `cancelling`, given the organisation, the arguments and who asked, lets it find
    between two steps that it is over; it refuses where there is nothing left to stop.
    """

    def declare(function: Callable[Concatenate[int, P], object]) -> Task[P]:
        return Task(
            function,
            name=name or name_of(function),
            lane=lane,
            tries=tries,
            in_one_transaction=in_one_transaction,
            time_limit=time_limit,
            priority=priority,
            cancelling=cancelling,
        )

    return declare


def cancelling_of(task_name: str) -> Cancelling | None:
    """How a job of this task is cancelled while it runs; None where it goes on to its end."""
    found = _declared.get(task_name)
    return found.cancelling if found is not None else None


def name_of(function: Callable[..., object]) -> str:
    """`plaudit.outreach.tasks.deliver` is called `outreach.deliver`."""
    module = function.__module__.removeprefix("plaudit.").removesuffix(".tasks")
    return f"{module}.{function.__name__}"


@contextmanager
def at_once() -> Iterator[list[Callable[[], object]]]:
    """What is queued inside is collected for the caller to do by itself, and reaches no worker."""
    collected: list[Callable[[], object]] = []
    token = _at_once.set(collected)
    try:
        yield collected
    finally:
        _at_once.reset(token)


def queue(job: Job) -> None:
    """Queue a job through Django's own connection, in the transaction that is open.

    Where the database cannot, its own error is raised: callers know that one, and try again.
    """
    with connection.wrap_database_errors:
        try:
            _manager().defer_job(job)
        except ConnectorException as error:
            raise (error.__cause__ or error) from None


def _manager() -> JobManager:
    """Queues through Django's own connection, so that a job joins the transaction that asks for it."""
    return JobManager(DjangoConnector())
