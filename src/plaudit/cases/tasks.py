"""What cases do when a time comes: requests that nobody decided end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from plaudit.cases.actions.asking import expire_requests
from plaudit.cases.mailing import mail_message
from plaudit.cases.queries import requests_running_out
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend

__all__ = ["REQUESTS", "mail_message"]


def _waiting(organisation_id: int, after: datetime, until: datetime) -> Iterable[Due]:
    for moment, count in requests_running_out(organisation_id, after, until):
        words = "a request for approval runs out" if count == 1 else f"{count} requests for approval run out"
        yield Due(moment, REQUESTS.name, words)


def _expire(organisation_id: int) -> Sequence[str]:
    ended = expire_requests(organisation_id)
    return [f"{ended} requests for approval ran out"] if ended else []


REQUESTS = attend(when_due(Happening("cases.requests", _waiting, _expire)), every=timedelta(minutes=5))
"""A request for approval ends when its time has run out."""
