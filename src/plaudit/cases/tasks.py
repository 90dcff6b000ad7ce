"""What cases do when a time comes: requests that nobody decided end, and what the erased wrote is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from plaudit.cases.actions.asking import expire_requests
from plaudit.cases.actions.forgetting import forget_erased
from plaudit.cases.mailing import mail_message
from plaudit.cases.queries import erased_with_cases, requests_running_out
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend

__all__ = ["FORGETTING", "REQUESTS", "mail_message"]


def _waiting(organisation_id: int, after: datetime, until: datetime) -> Iterable[Due]:
    for moment, count in requests_running_out(organisation_id, after, until):
        words = "a request for approval runs out" if count == 1 else f"{count} requests for approval run out"
        yield Due(moment, REQUESTS.name, words)


def _expire(organisation_id: int) -> Sequence[str]:
    ended = expire_requests(organisation_id)
    return [f"{ended} requests for approval ran out"] if ended else []


REQUESTS = attend(when_due(Happening("cases.requests", _waiting, _expire)), every=timedelta(minutes=5))
"""A request for approval ends when its time has run out."""


def _erased(organisation_id: int, after: datetime, until: datetime) -> Iterable[Due]:
    for moment in erased_with_cases(organisation_id, after, until):
        yield Due(moment, FORGETTING.name, "what an erased member wrote is forgotten")


def _forget(organisation_id: int) -> Sequence[str]:
    forgotten = forget_erased(organisation_id)
    return [f"what erased members wrote in {forgotten} cases was forgotten"] if forgotten else []


FORGETTING = attend(when_due(Happening("cases.forgetting", _erased, _forget)), every=timedelta(minutes=1))
"""Within a minute after a member was erased, the words of their cases are gone."""
