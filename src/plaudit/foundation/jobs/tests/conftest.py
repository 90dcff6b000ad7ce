"""The queue's tests have it to themselves: what other tests left waiting, and what time makes of it, is not theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from plaudit.foundation.jobs.tests import samples


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where status = 'todo'")
    with samples.only_ours_due():
        yield
