"""What time makes happen to memberships: their end is announced, grace begins, and they lapse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from plaudit.foundation.due import Due, Happening, when_due
from plaudit.membership.actions.fall_due import fall_due
from plaudit.membership.models import Membership

_MOMENTS = 1000


def _waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    due = Membership.objects.filter(organisation_id=organisation_id, due_at__gt=after, due_at__lte=until)
    for moment in due.order_by("due_at").values_list("due_at", flat=True).distinct()[:_MOMENTS]:
        assert moment is not None, "it was asked for with a moment"
        yield Due(moment, FALL_DUE.name, "Memberships end, lapse or have their end announced")


def _run(organisation_id: int) -> list[str]:
    done = fall_due(organisation_id)
    return [f"{count} memberships: {said}" for said, count in sorted(done.items())]


FALL_DUE = when_due(Happening("membership.due", _waiting, _run))
"""Looked for every minute; a moved clock stops at each moment."""
