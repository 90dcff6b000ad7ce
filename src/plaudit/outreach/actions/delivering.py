"""Sends what is due to one endpoint: takes some up, sends it outside any transaction, notes what came back.

Whoever takes a delivery up holds a lease on it. One who dies leaves it to be taken up again when the lease
is over, with the same message id; one who froze meanwhile finds that the lease is no longer theirs, and
what they would note is refused.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.jobs import asked_to_stop
from plaudit.foundation.news import tell
from plaudit.foundation.reaching import Answer, post_json
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.endpoints import disable_and_tell, lock_endpoint
from plaudit.outreach.models import Attempt, Endpoint, EndpointSecret, EndpointState
from plaudit.outreach.queries.webhooks import show_endpoint
from plaudit.outreach.rules.messages import GIVEN_UP
from plaudit.outreach.rules.schedule import Next, Verdict, after_try
from plaudit.outreach.signing import secret_behind, signed_headers

_log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
FAILING_FOR_TOO_LONG = timedelta(days=7)
_AT_ONCE = 5
_SLOW_MS = 5000

Post = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery taken up to be sent. `number` is which try this is; `lease` proves that it is ours."""

    id: UUID
    message_id: str
    type: str
    body: str
    lease: int
    number: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What was taken up for one endpoint, and what it takes to send it."""

    url: str
    secrets: list[str]
    taken: list[Taken]


@dataclass(frozen=True, slots=True)
class Tried:
    """One try, made outside any transaction."""

    taken: Taken
    answer: Answer
    tried_at: datetime


def deliver_due(
    organisation_id: int, endpoint_id: UUID, *, post: Post = post_json, for_seconds: float = 60
) -> int:
    """Send everything that is due to one endpoint, a few at a time, for about a minute; how many were tried."""
    assert not connection.in_atomic_block, "nobody waits for a receiver with a transaction open"
    until, tried = time.monotonic() + for_seconds, 0
    while time.monotonic() < until and not asked_to_stop():
        parcel = take_up(organisation_id, endpoint_id)
        if parcel is None:
            break
        note(organisation_id, endpoint_id, send(parcel, post=post))
        tried += len(parcel.taken)
    return tried


def deliver_one(
    organisation_id: int, endpoint_id: UUID, delivery_id: UUID, *, post: Post = post_json
) -> Answer | None:
    """Send one delivery now if it is due; what came back, or None where there was nothing to send."""
    assert not connection.in_atomic_block, "nobody waits for a receiver with a transaction open"
    parcel = take_up(organisation_id, endpoint_id, only=delivery_id)
    if parcel is None:
        return None
    (tried,) = send(parcel, post=post)
    note(organisation_id, endpoint_id, [tried])
    return tried.answer


# Materialized, for a plan that ran the inner query once more for each row would lock and take too many.
_TAKE_UP = """
    with due as materialized (
        select id from outreach_delivery
         where organisation_id = %(organisation)s and endpoint_id = %(endpoint)s and state = 'waiting'
           and due_at <= %(now)s and (leased_until is null or leased_until <= %(wall)s)
           and (%(only)s::uuid is null or id = %(only)s)
         order by due_at, id limit %(limit)s
           for update skip locked)
    update outreach_delivery d set lease = d.lease + 1, leased_until = %(leased_until)s
      from due where d.organisation_id = %(organisation)s and d.id = due.id
 returning d.id, d.message_id, d.type, d.body, d.lease, d.tries + 1
"""


def take_up(organisation_id: int, endpoint_id: UUID, *, only: UUID | None = None) -> Parcel | None:
    """Take up some of what is due to an endpoint, or None where nothing is or it is not to be sent to now.

    One that has failed lately is sent fewer at a time.
    """
    with in_organisation(organisation_id):
        endpoint = Endpoint.objects.filter(organisation_id=organisation_id, id=endpoint_id).first()
        now, wall = clock.now(), clock.wall()
        if endpoint is None or endpoint.state != EndpointState.ACTIVE:
            return None
        if endpoint.paused_until is not None and endpoint.paused_until > now:
            return None
        secrets = _live_secrets(organisation_id, endpoint_id, now)
        if not secrets:
            because = "Its secret was lost with the installation's key. Rotate it, then enable the endpoint."
            disable_and_tell(lock_endpoint(organisation_id, endpoint_id), because=because, at=now)
            return None
        with connection.cursor() as cursor:
            cursor.execute(
                _TAKE_UP,
                {
                    "organisation": organisation_id,
                    "endpoint": endpoint_id,
                    "now": now,
                    "wall": wall,
                    "leased_until": wall + LEASE,
                    "only": only,
                    "limit": _AT_ONCE if endpoint.failures else 4 * _AT_ONCE,
                },
            )
            taken = [Taken(*row) for row in cursor.fetchall()]
    return Parcel(endpoint.url, secrets, taken) if taken else None


def send(parcel: Parcel, *, post: Post = post_json) -> list[Tried]:
    """Send what was taken up, up to five at a time. The database connection goes back to its pool meanwhile."""
    connection.close()
    with ThreadPoolExecutor(min(_AT_ONCE, len(parcel.taken))) as hands:
        trying = [hands.submit(copy_context().run, _send_one, parcel, taken, post) for taken in parcel.taken]
        return [one.result() for one in trying]


def _send_one(parcel: Parcel, taken: Taken, post: Post) -> Tried:
    # Receivers compare the time with their own, so it is the real one even where a sandbox's is not.
    sent_at = clock.wall()
    headers = signed_headers(parcel.secrets, message_id=taken.message_id, body=taken.body, sent_at=sent_at)
    return Tried(taken, post(parcel.url, taken.body, headers), sent_at)


def note(organisation_id: int, endpoint_id: UUID, tried: Sequence[Tried]) -> int:
    """Note what came back from one endpoint; how much of it was still ours to note."""
    noted, given_up = 0, 0
    with in_organisation(organisation_id):
        endpoint = (
            Endpoint.objects.select_for_update()
            .filter(organisation_id=organisation_id, id=endpoint_id)
            .first()
        )
        if endpoint is None:
            return 0  # removed meanwhile, and with it everything that waited
        now = clock.now()
        for one in tried:
            following = after_try(
                number=one.taken.number,
                status=one.answer.status,
                retry_after=one.answer.retry_after,
                now=now,
                delivery_id=one.taken.id,
            )
            if not _settle(organisation_id, one, following, now):
                _log.info("The lease on delivery %s was another's by then.", one.taken.id)
                continue
            noted += 1
            given_up += following.verdict is Verdict.DEAD
            _judge(endpoint, one.answer, following, now)
        endpoint.save()
        if given_up:
            told = {"endpoint": show_endpoint(endpoint_id), "url": endpoint.url, "deliveries": given_up}
            tell(organisation_id, GIVEN_UP, told, happened_at=now)
        if endpoint.state == EndpointState.ACTIVE:
            _disable_if_hopeless(endpoint, [one.answer.status for one in tried], now)
    return noted


_SETTLE = """
    update outreach_delivery
       set state = %(state)s, tries = %(tries)s, attempts = attempts + 1, due_at = coalesce(%(due_at)s, due_at),
           leased_until = null, settled_at = %(settled_at)s, settled_because = %(because)s
     where organisation_id = %(organisation)s and id = %(id)s and lease = %(lease)s and state = 'waiting'
 returning attempts
"""

_STATES = {
    Verdict.DELIVERED: "delivered",
    Verdict.AGAIN: "waiting",
    Verdict.DEAD: "dead",
    Verdict.GONE: "dead",
}


def _settle(organisation_id: int, tried: Tried, following: Next, now: datetime) -> bool:
    """Note one try, unless the lease is another's by now."""
    settled = following.verdict is not Verdict.AGAIN
    because = {Verdict.DEAD: "Every try failed.", Verdict.GONE: "The receiver is gone."}
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE,
            {
                "organisation": organisation_id,
                "id": tried.taken.id,
                "lease": tried.taken.lease,
                "state": _STATES[following.verdict],
                "tries": tried.taken.number,
                "due_at": following.at,
                "settled_at": now if settled else None,
                "because": because.get(following.verdict, ""),
            },
        )
        row = cursor.fetchone()
    if row is None:
        return False
    Attempt.objects.create(
        organisation_id=organisation_id,
        delivery_id=tried.taken.id,
        number=row[0],
        tried_at=tried.tried_at,
        took_ms=tried.answer.took_ms,
        address=tried.answer.address,
        status=tried.answer.status,
        error=tried.answer.error,
        answer=tried.answer.body,
    )
    return True


def _judge(endpoint: Endpoint, answer: Answer, following: Next, now: datetime) -> None:
    """What one answer says of its endpoint."""
    if following.verdict is Verdict.DELIVERED:
        endpoint.failures, endpoint.failing_since, endpoint.succeeded_at = 0, None, now
        endpoint.slow = answer.took_ms > _SLOW_MS
        return
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.slow = True
    if following.pause_until is not None:
        endpoint.paused_until = max(endpoint.paused_until or following.pause_until, following.pause_until)


def _disable_if_hopeless(endpoint: Endpoint, statuses: Sequence[int | None], now: datetime) -> None:
    if 410 in statuses:
        disable_and_tell(endpoint, because="It answered that it is gone (410).", at=now)
    elif endpoint.failing_since is not None and now - endpoint.failing_since > FAILING_FOR_TOO_LONG:
        disable_and_tell(endpoint, because="Every try failed for a week.", at=now)


def _live_secrets(organisation_id: int, endpoint_id: UUID, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    known = EndpointSecret.objects.filter(organisation_id=organisation_id, endpoint_id=endpoint_id)
    live = [one for one in known.order_by("-number") if one.retires_at is None or one.retires_at > now]
    found = [secret_behind(one.salt, one.fingerprint) for one in live]
    return [secret for secret in found if secret is not None]
