"""What time makes happen to certificates, sessions and refreshers, and lists that are counted by a worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import task
from plaudit.learning.actions.fall_due import fall_due
from plaudit.learning.actions.reminding import remind
from plaudit.learning.actions.rolls import count_roll, stop_roll, take_back_roll
from plaudit.learning.models import Certificate
from plaudit.learning.queries.reminders import moments_to_remind

_MOMENTS = 1000


def _waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    due = Certificate.objects.filter(organisation_id=organisation_id, due_at__gt=after, due_at__lte=until)
    for moment in due.order_by("due_at").values_list("due_at", flat=True).distinct()[:_MOMENTS]:
        assert moment is not None, "it was asked for with a moment"
        yield Due(moment, FALL_DUE.name, "Certificates end, or have their end announced")


def _run(organisation_id: int) -> list[str]:
    done = fall_due(organisation_id)
    return [f"{count} certificates: {said}" for said, count in sorted(done.items())]


FALL_DUE = when_due(Happening("learning.due", _waiting, _run))
"""Looked for every minute; a moved clock stops at each moment."""


def _waiting_to_remind(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    for moment in moments_to_remind(organisation_id, after, until):
        yield Due(moment, REMIND.name, "Members are reminded of what they wanted to learn")


def _remind(organisation_id: int) -> list[str]:
    return [f"reminded of {what}: {count}" for what, count in remind(organisation_id).items() if count]


REMIND = when_due(Happening("learning.remind", _waiting_to_remind, _remind))
"""A day before a session, and two weeks after a refresher was asked for."""


def _stop(organisation_id: int, arguments: dict[str, Any], actor: str) -> None:
    stop_roll(organisation_id, roll_id=UUID(arguments["roll_id"]), actor=actor)


@task(
    name="learning.count_list",
    in_one_transaction=False,
    tries=5,
    time_limit=timedelta(hours=2),
    cancelling=_stop,
)
def count_list(organisation_id: int, *, roll_id: str) -> None:
    """Count a list to its end, from where it is."""
    count_roll(organisation_id, roll_id=UUID(roll_id))


@task(name="learning.take_back_list", in_one_transaction=False, tries=5, time_limit=timedelta(hours=2))
def take_back_list(organisation_id: int, *, roll_id: str) -> None:
    """Take back what a list counted, from where that is."""
    take_back_roll(organisation_id, roll_id=UUID(roll_id))
