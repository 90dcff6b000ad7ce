"""What foundation does when its time comes: forget what old replies said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from plaudit.foundation import clock
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.idempotency import empty_replies, oldest_reply
from plaudit.foundation.jobs import attend

KEPT_FOR = timedelta(days=30)


def _waiting(organisation_id: int, after: datetime, until: datetime) -> Iterable[Due]:
    oldest = oldest_reply(organisation_id)
    if oldest is not None and after < oldest + KEPT_FOR <= until:
        yield Due(oldest + KEPT_FOR, REPLIES.name, "the answers to old requests are forgotten")


def _forget(organisation_id: int) -> Sequence[str]:
    emptied = empty_replies(organisation_id, older_than=clock.now() - KEPT_FOR)
    return [f"{emptied} answers to old requests were forgotten"]


REPLIES = attend(when_due(Happening("foundation.replies", _waiting, _forget)), every=timedelta(hours=6))
"""The answers to writes are emptied after thirty days; that their keys were used is kept."""
