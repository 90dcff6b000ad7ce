"""What a person does about jobs: try again or drop those that were set aside, cancel those that wait or run in steps."""

from __future__ import annotations

from contextlib import nullcontext

from django.db import connection

from plaudit.foundation import audit
from plaudit.foundation.exact import decode
from plaudit.foundation.jobs.declaring import cancelling_of
from plaudit.foundation.jobs.refusals import NotSetAside, NotWaiting
from plaudit.foundation.tenancy import in_organisation

_OWN = """(%(organisation)s::int is null or (args ->> 'organisation_id')::int = %(organisation)s)"""
_THIS = f"where id = %(job)s and status = 'failed' and {_OWN}"
_AGAIN = f"""
    update procrastinate_jobs set status = 'todo', attempts = 0, scheduled_at = null, worker_id = null {_THIS}
"""
_DROP = f"delete from procrastinate_jobs {_THIS}"
_CANCEL = f"delete from procrastinate_jobs where id = %(job)s and status = 'todo' and {_OWN}"
_STANDS = f"""
    select task_name, (args ->> 'organisation_id')::int, args - 'organisation_id'
      from procrastinate_jobs where id = %(job)s and status in ('todo', 'doing') and {_OWN}
"""


def try_again(job_id: int, *, organisation_id: int | None = None, actor: str = "") -> None:
    """Put a job that was set aside back into its lane, with all its tries. Raises `NotSetAside`.

    With an organisation only a job of its own, and who did it is on record there.
    """
    _change(_AGAIN, job_id, organisation_id, actor, "job.tried_again", NotSetAside)


def drop(job_id: int, *, organisation_id: int | None = None, actor: str = "") -> None:
    """Forget a job that was set aside. Raises `NotSetAside`. With an organisation as in `try_again`."""
    _change(_DROP, job_id, organisation_id, actor, "job.dropped", NotSetAside)


def cancel(job_id: int, *, organisation_id: int | None = None, actor: str = "") -> None:
    """Take a job that waits out of its lane, and stop one that runs between two of its steps.

    What was done by then stays done, and what it was to do further stays undone. Raises `NotWaiting` for one
    that is over or has no steps to stop between, and what the task's own cancelling raises. With an
    organisation as in `try_again`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, {"job": job_id, "organisation": organisation_id})
        found = cursor.fetchone()
    if found is None:
        raise NotWaiting(job_id=job_id)
    task_name, whose, arguments = found
    cancelling = cancelling_of(task_name)
    if cancelling is None:
        _change(_CANCEL, job_id, organisation_id, actor, "job.cancelled", NotWaiting)
        return
    cancelling(whose, decode(arguments), actor)
    with connection.cursor() as cursor:
        # A worker may have taken it up meanwhile; it then finds that there is nothing to do.
        cursor.execute(_CANCEL, {"job": job_id, "organisation": organisation_id})


def _change(
    statement: str,
    job_id: int,
    organisation_id: int | None,
    actor: str,
    act: str,
    refusal: type[NotSetAside | NotWaiting],
) -> None:
    with nullcontext() if organisation_id is None else in_organisation(organisation_id):
        with connection.cursor() as cursor:
            cursor.execute(statement, {"job": job_id, "organisation": organisation_id})
            if cursor.rowcount == 0:
                raise refusal(job_id=job_id)
        if organisation_id is not None:
            audit.note(actor=actor, act=act, subject=f"job {job_id}")
