"""What foundation does when its time comes: forget what old replies said, and old requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from plaudit.foundation import clock
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.idempotency import empty_replies, oldest_reply
from plaudit.foundation.jobs import attend
from plaudit.foundation.request_log import KEPT_FOR as REQUESTS_KEPT_FOR
from plaudit.foundation.request_log import forget_requests, oldest_logged

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


def _old_requests(organisation_id: int, after: datetime, until: datetime) -> Iterable[Due]:
    oldest = oldest_logged(organisation_id)
    # Requests are made by the real clock: whoever moves a sandbox's by months loses none.
    if oldest is not None and after < oldest + REQUESTS_KEPT_FOR <= min(until, clock.wall()):
        yield Due(oldest + REQUESTS_KEPT_FOR, REQUESTS.name, "old requests are forgotten")


def _forget_requests(organisation_id: int) -> Sequence[str]:
    gone = forget_requests(organisation_id, older_than=clock.wall() - REQUESTS_KEPT_FOR)
    return [f"{gone} old requests were forgotten"]


REQUESTS = attend(
    when_due(Happening("foundation.requests", _old_requests, _forget_requests)), every=timedelta(hours=6)
)
"""Requests of programs are kept for a week."""
