"""The queue's tests have it to themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    # Read before the tests' database has a name, which Django's models need.
    from plaudit.foundation.jobs.tests import alone, samples  # noqa: PLC0415

    alone.empty_queue()
    with alone.only_due(samples.HAPPENING):
        yield
