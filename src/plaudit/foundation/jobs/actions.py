"""What a person does about jobs that were set aside: try them again, or drop them."""

from __future__ import annotations

from django.db import connection

from plaudit.foundation.jobs.refusals import NotSetAside

_AGAIN = """
    update procrastinate_jobs set status = 'todo', attempts = 0, scheduled_at = null, worker_id = null
     where id = %s and status = 'failed'
"""


def try_again(job_id: int) -> None:
    """Put a job that was set aside back into its lane, with all its tries. Raises `NotSetAside`."""
    _change(_AGAIN, job_id)


def drop(job_id: int) -> None:
    """Forget a job that was set aside. Raises `NotSetAside`."""
    _change("delete from procrastinate_jobs where id = %s and status = 'failed'", job_id)


def _change(statement: str, job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [job_id])
        if cursor.rowcount == 0:
            raise NotSetAside(job_id=job_id)
