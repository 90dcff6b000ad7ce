"""Marks notices as read, or as not read after all, and forgets those that are old."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.outreach.models import Notice
from plaudit.outreach.queries.inbox import NOTICES_KEPT, Reader, show_notice

_AT_A_TIME = 5_000


def mark_read(organisation_id: int, reader: Reader, *, only: Collection[UUID] | None = None) -> int:
    """Mark all of an inbox, or these notices, as read now; how many were not. Raises `NotFound` for another's."""

    def step() -> int:
        mine = reader.notices(organisation_id)
        if only is not None:
            _must_be_there(set(mine.filter(id__in=only).values_list("id", flat=True)), only)
            mine = mine.filter(id__in=only)
        return mine.filter(read_at__isnull=True).update(read_at=clock.now())

    return act(organisation_id, step)


def mark_unread(organisation_id: int, reader: Reader, notice_id: UUID) -> None:
    """Mark one as not read. Raises `NotFound` for another's."""

    def step() -> None:
        found = reader.notices(organisation_id).filter(id=notice_id).update(read_at=None)
        _must_be_there({notice_id} if found else set(), [notice_id])

    act(organisation_id, step)


def forget_notices(organisation_id: int) -> int:
    """Remove what people were told a year ago, read or not; how many. What it was about stands where it stands."""
    forgotten = 0
    while some := act(organisation_id, lambda: _forget_some(organisation_id)):
        forgotten += some
    return forgotten


def _forget_some(organisation_id: int) -> int:
    there = Notice.objects.filter(organisation_id=organisation_id)
    old = there.filter(told_at__lte=clock.now() - NOTICES_KEPT).values_list("id", flat=True)[:_AT_A_TIME]
    return there.filter(id__in=list(old)).delete()[0]


def _must_be_there(there: set[UUID], wanted: Collection[UUID]) -> None:
    for one in wanted:
        if one not in there:
            raise NotFound(kind="notice", ref=show_notice(one))
