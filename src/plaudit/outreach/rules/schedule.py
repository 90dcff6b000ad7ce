"""When a webhook is tried again: ten times over three days, as RFC 9110 and Standard Webhooks 1.0 ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from uuid import UUID

# After the first try, the second, …: 3 days, 3 hours, 35 minutes and 5 seconds in all.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
TRIES = len(WAITS) + 1
_LONGEST_PAUSE = timedelta(hours=24)


class Verdict(StrEnum):
    """What follows from one try."""

    DELIVERED = "delivered"
    AGAIN = "again"
    DEAD = "dead"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Next:
    """What follows from one try. `at` is when to try again; `pause_until` holds the whole endpoint back."""

    verdict: Verdict
    at: datetime | None = None
    pause_until: datetime | None = None


def after_try(
    *,
    number: int,
    status: int | None,
    retry_after: str | None,
    now: datetime,
    delivery_id: UUID,
    tries: int = TRIES,
) -> Next:
    """What follows from try `number` (1 for the first), answered with `status` or not at all.

    2xx alone is success; redirects are failures like any other. 410 means that nobody is there any more.
    429 and 503 may say how long to wait, which counts for everything sent there.
    """
    if status is not None and 200 <= status < 300:
        return Next(Verdict.DELIVERED)
    if status == 410:
        return Next(Verdict.GONE)
    pause_until = asked_to_wait(retry_after, now) if status in (429, 503) else None
    if number >= tries:
        return Next(Verdict.DEAD, pause_until=pause_until)
    at = now + spread(WAITS[number - 1], delivery_id)
    return Next(Verdict.AGAIN, max(at, pause_until or at), pause_until)


def spread(wait: timedelta, delivery_id: UUID) -> timedelta:
    """Up to a tenth longer, by the delivery's id, so that what failed together does not return together."""
    return wait * (1 + (delivery_id.int % 101) / 1000)


def asked_to_wait(retry_after: str | None, now: datetime) -> datetime | None:
    """The moment a Retry-After header names (seconds or a date), at most a day away; None for none."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        until = now + timedelta(seconds=int(text))
    else:
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        until = until.replace(tzinfo=UTC) if until.tzinfo is None else until.astimezone(UTC)
    return min(until, now + _LONGEST_PAUSE) if until > now else None
