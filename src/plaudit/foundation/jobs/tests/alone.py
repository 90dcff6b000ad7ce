"""A queue to itself: what other tests left waiting, and what time makes of it, is not the business of one that works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from plaudit.foundation import due
from plaudit.foundation.due import Happening

WORKER = """
import sys, django
django.setup()
from plaudit.foundation.jobs.running import run_worker
from plaudit.foundation.jobs.tests import alone, samples
with alone.only_due(samples.HAPPENING):
    sys.exit(run_worker())
"""
"""A worker process as a program for `python -c`, that looks for nothing else that is due."""


def empty_queue() -> None:
    """Forget every job that other tests left waiting."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where status = 'todo'")


@contextmanager
def only_due(*happenings: Happening) -> Iterator[None]:
    """Let time make nothing happen but these: the others' are looked for in their own packages' tests."""
    others = {name: one for name, one in due._happenings.items() if one not in happenings}
    for name in others:
        del due._happenings[name]
    try:
        yield
    finally:
        due._happenings.update(others)
