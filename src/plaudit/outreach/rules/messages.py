"""What is told to the outside: types of messages, their ids, and the body that is sent."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from plaudit.foundation.exact import encode
from plaudit.outreach.refusals import MessageTypeUnknown

# Receivers should not have to read more than 20 kB (Standard Webhooks 1.0, "Payload size").
BODY_BYTES = 20_000

PAYLOAD_VERSION = 1

PING = "webhook.ping"
GIVEN_UP = "webhook.given_up"
ENDPOINT_DISABLED = "webhook.endpoint_disabled"

ACTIVITY = "activity.recorded"

# By the kind of the transfer, so that one action that posts several kinds tells each as what it is.
TRANSFER_TYPES: Mapping[str, str] = {
    "accrual": "points.earned",
    "deduction": "points.taken",
    "adjustment": "points.adjusted",
    "hold": "points.held",
    "capture": "points.captured",
    "release": "points.released",
    "reversal": "points.reversed",
    "expiry": "points.expired",
    "activation": "points.activated",
    "opening": "points.opened",
    "merge": "points.moved",
    "unmerge": "points.moved_back",
    "extension": "points.extended",
    "write_off": "points.written_off",
}

_PATTERN = re.compile(r"\*|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*(\.\*)?")


@dataclass(frozen=True, slots=True)
class Message:
    """One thing told. Its id is made from what it tells, so that it is the same however often it is read."""

    id: str
    type: str
    happened_at: datetime
    data: Mapping[str, Any]

    def shown(self) -> dict[str, Any]:
        """The message as the feed gives it and webhooks carry it."""
        return {
            "id": self.id,
            "type": self.type,
            "timestamp": moment(self.happened_at),
            "data": dict(self.data),
        }


def moment(at: datetime) -> str:
    """A moment as RFC 3339, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def message_id(organisation_id: int, *of: object) -> str:
    """The id of the message about this thing, such as ("event", its id): 144 bits of a digest, no full stop.

    What is numbered by this database names its moment too: after a backup was restored, the numbers that
    were lost are given again, and a receiver must not take the new thing for the old one.
    """
    named = "\n".join([str(part) for part in (organisation_id, *of)])
    return "msg_" + urlsafe_b64encode(sha256(named.encode()).digest()[:18]).decode()


def body_of(message: Message, *, version: int = PAYLOAD_VERSION) -> str:
    """What an endpoint pinned to this payload version is sent, always less than 20 kB.

    Of a message that is too long, only the short facts are sent; `omitted` names the rest, which stands
    in the feed.
    """
    assert version == PAYLOAD_VERSION, f"payload version {version} was never published"
    shown = message.shown()
    body = encode(shown)
    if len(body.encode()) < BODY_BYTES:
        return body
    short = {name: value for name, value in message.data.items() if len(encode(value)) <= 500}
    long = sorted(set(message.data) - set(short))
    shown["data"] = short if len(encode(short)) < BODY_BYTES // 2 else {}
    shown["omitted"] = long[:20]
    return encode(shown)


def checked_patterns(patterns: Iterable[str]) -> list[str]:
    """Patterns of types to be sent: `points.earned`, `points.*` or `*`. Raises `MessageTypeUnknown`."""
    checked = sorted(set(patterns))
    if not checked:
        raise MessageTypeUnknown(pattern="An empty list")
    for pattern in checked:
        if len(pattern) > 100 or not _PATTERN.fullmatch(pattern):
            raise MessageTypeUnknown(pattern=pattern[:100])
    return checked


def wanted(patterns: Iterable[str], type: str) -> bool:
    """Whether a message of this type is among those asked for."""
    return any(
        pattern in ("*", type) or (pattern.endswith(".*") and type.startswith(pattern[:-1]))
        for pattern in patterns
    )
