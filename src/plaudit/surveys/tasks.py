"""What time makes happen to surveys: reminders, and the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from plaudit.foundation.due import Due, Happening, when_due
from plaudit.surveys.actions.fall_due import remind, settle
from plaudit.surveys.models import Invitation, Standing

_MOMENTS = 1000


def _waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    reminders = Invitation.objects.filter(
        organisation_id=organisation_id, remind_at__gt=after, remind_at__lte=until
    )
    ends = Standing.objects.filter(
        organisation_id=organisation_id, due_at__gt=after, due_at__lte=until, settled=False
    )
    moments = {
        **dict.fromkeys(
            reminders.order_by("remind_at").values_list("remind_at", flat=True).distinct()[:_MOMENTS],
            "Whoever has not answered a survey is reminded",
        ),
        **dict.fromkeys(ends.values_list("due_at", flat=True), "A survey closes"),
    }
    for moment in sorted(one for one in moments if one is not None):
        yield Due(moment, FALL_DUE.name, moments[moment])


def _run(organisation_id: int) -> list[str]:
    reminded, settled = remind(organisation_id), settle(organisation_id)
    said = [f"{reminded} reminders to answer a survey"] if reminded else []
    return [*said, f"{settled} surveys closed"] if settled else said


FALL_DUE = when_due(Happening("surveys.due", _waiting, _run))
"""Looked for every minute; a moved clock stops at each moment."""
