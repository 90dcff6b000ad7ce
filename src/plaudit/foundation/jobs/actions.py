"""What a person does about jobs that were set aside: try them again, or drop them."""

from __future__ import annotations

from contextlib import nullcontext

from django.db import connection

from plaudit.foundation import audit
from plaudit.foundation.jobs.refusals import NotSetAside
from plaudit.foundation.tenancy import in_organisation

_THIS = """
 where id = %(job)s and status = 'failed'
   and (%(organisation)s::int is null or (args ->> 'organisation_id')::int = %(organisation)s)
"""
_AGAIN = f"""
    update procrastinate_jobs set status = 'todo', attempts = 0, scheduled_at = null, worker_id = null {_THIS}
"""
_DROP = f"delete from procrastinate_jobs {_THIS}"


def try_again(job_id: int, *, organisation_id: int | None = None, actor: str = "") -> None:
    """Put a job that was set aside back into its lane, with all its tries. Raises `NotSetAside`.

    With an organisation only a job of its own, and who did it is on record there.
    """
    _change(_AGAIN, job_id, organisation_id, actor, "job.tried_again")


def drop(job_id: int, *, organisation_id: int | None = None, actor: str = "") -> None:
    """Forget a job that was set aside. Raises `NotSetAside`. With an organisation as in `try_again`."""
    _change(_DROP, job_id, organisation_id, actor, "job.dropped")


def _change(statement: str, job_id: int, organisation_id: int | None, actor: str, act: str) -> None:
    with nullcontext() if organisation_id is None else in_organisation(organisation_id):
        with connection.cursor() as cursor:
            cursor.execute(statement, {"job": job_id, "organisation": organisation_id})
            if cursor.rowcount == 0:
                raise NotSetAside(job_id=job_id)
        if organisation_id is not None:
            audit.note(actor=actor, act=act, subject=f"job {job_id}")
