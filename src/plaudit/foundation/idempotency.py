"""Runs a write once for each key its caller names, and gives every retry the first answer, refusals too.

Guarantees: of any number of calls with one key, the action of at most one commits; its effects and the
reply kept for it commit together; a refusal undoes the action and is itself kept. A caller that arrives
while the first is still running is told to come back, not kept waiting with a connection in its hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.refusals import Conflict, Refusal
from plaudit.foundation.tenancy import act as start_over
from plaudit.foundation.tenancy import in_organisation, undone_on_error

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_PASSING = (429, 503)  # says "not now", which is no answer to keep


class IdempotencyKeyMissing(Refusal):
    code = "idempotency_key_missing"
    status = 400
    exit_code = 2
    sentence = "A write needs an Idempotency-Key header, so that a retry cannot do it twice."
    way_forward = "Send any text of your own that is new for each act, and the same again for a retry."


class IdempotencyKeyInvalid(Refusal):
    code = "idempotency_key_invalid"
    status = 400
    exit_code = 2
    sentence = "An idempotency key has 1 to 255 visible ASCII characters."
    way_forward = "A UUID does well."


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"
    sentence = "This key was already used for another request."
    way_forward = "Send a new key for a new act; the same key only with exactly the same request."


class RequestStillRunning(Conflict):
    code = "request_still_running"
    sentence = "The first request with this key is still running."
    way_forward = "Send the same request again in {retry_after} s to get its answer."

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)


class ReplyNoLongerKept(Conflict):
    code = "reply_no_longer_kept"
    sentence = "This request was already answered with status {status} on {answered_at:%-d %B %Y}."
    way_forward = "It was not done again. Read what it made; answers are kept for thirty days."

    def __init__(self, *, status: int, answered_at: datetime) -> None:
        super().__init__(status=status, answered_at=answered_at)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it can be kept: its HTTP status and its body. `replayed` marks the answer to a retry."""

    status: int
    body: str
    replayed: bool = False


def once(
    organisation_id: int,
    *,
    scope: str,
    key: str,
    digest: bytes,
    act: Callable[[], Reply],
    refused: Callable[[Refusal], Reply],
) -> Reply:
    """Run `act` for the first request with this (scope, key); give every other the kept reply.

    `act` runs inside `in_organisation`; a reply of status 400 or more, and a refusal (made into a reply
    by `refused`), undo what it did and are kept. A lost race starts it over. Any other exception keeps
    nothing, so that a retry runs. `digest` tells whether two requests are the same.

    Raises `IdempotencyKeyInvalid`, `IdempotencyKeyReused`, `RequestStillRunning`, `ReplyNoLongerKept`,
    and refusals that say "not now" (status 429 and 503). Must not be called inside a transaction.
    """
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid
    assert not connection.in_atomic_block, "the claim and the effects commit together, here"
    return start_over(organisation_id, lambda: _once(organisation_id, scope, key, digest, act, refused))


_CLAIM = "select pg_try_advisory_xact_lock(hashtextextended(%s, %s))"

_FIND = """
    select request_digest, status, body, created_at from foundation_kept_reply
     where organisation_id = %s and scope = %s and key = %s
"""

_KEEP = """
    insert into foundation_kept_reply (organisation_id, scope, key, request_digest, status, body, created_at)
    values (%s, %s, %s, %s, %s, %s, %s)
"""


def _once(
    organisation_id: int,
    scope: str,
    key: str,
    digest: bytes,
    act: Callable[[], Reply],
    refused: Callable[[Refusal], Reply],
) -> Reply:
    with connection.cursor() as cursor:
        # Look for the reply only after claiming the key, so that two retries cannot both miss it.
        cursor.execute(_CLAIM, [f"{scope}\n{key}", organisation_id])
        if not cursor.fetchone()[0]:
            raise RequestStillRunning(retry_after=1)
        cursor.execute(_FIND, [organisation_id, scope, key])
        kept = cursor.fetchone()
    if kept is not None:
        return _kept_reply(kept, digest)
    reply = _act(act, refused)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [organisation_id, scope, key, digest, reply.status, reply.body, clock.wall()])
    return reply


class _Undo(Exception):
    """Carries an answer that is a no out of what it undoes."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def _unless_no(reply: Reply) -> Reply:
    if reply.status >= 400:
        raise _Undo(reply)
    return reply


def _act(act: Callable[[], Reply], refused: Callable[[Refusal], Reply]) -> Reply:
    """The reply of the act, which a savepoint undoes if it is a no."""
    try:
        with undone_on_error():
            return _unless_no(act())
    except _Undo as undone:
        return undone.reply
    except Refusal as refusal:
        if refusal.status in _PASSING:
            raise
        return refused(refusal)


def _kept_reply(kept: tuple[bytes, int, str | None, datetime], digest: bytes) -> Reply:
    kept_digest, status, body, answered_at = kept
    if bytes(kept_digest) != digest:
        raise IdempotencyKeyReused
    if body is None:
        raise ReplyNoLongerKept(status=status, answered_at=answered_at)
    return replace(Reply(status, body), replayed=True)


_OLDEST = "select min(created_at) from foundation_kept_reply where organisation_id = %s and body is not null"

_EMPTY = """
    update foundation_kept_reply set body = null
     where organisation_id = %s and created_at <= %s and body is not null
"""


def oldest_reply(organisation_id: int) -> datetime | None:
    """When the oldest reply was given that is still kept in full; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [organisation_id])
        found: datetime | None = cursor.fetchone()[0]
    return found


def empty_replies(organisation_id: int, *, older_than: datetime) -> int:
    """Forget what old replies said, but never that their keys were used; how many were emptied."""
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(_EMPTY, [organisation_id, older_than])
        return int(cursor.rowcount)
