"""Secrets of endpoints and the signatures made with them (Standard Webhooks 1.0, symmetric).

A secret is worked out from a random salt in the database and the installation's key outside it: whoever
has the database alone, or a backup of it, has no secret. The fingerprint tells under which of the
installation's keys it was made, so that the key can be replaced (`SECRET_KEY_FALLBACKS`).
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from standardwebhooks import Webhook

_PURPOSE = b"plaudit webhook secrets 1"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret just made: `shown` to its owner once, salt and fingerprint kept."""

    shown: str
    salt: bytes
    fingerprint: bytes


def make_secret() -> NewSecret:
    """A new secret of 256 bits, under the installation's current key."""
    salt = secrets.token_bytes(32)
    raw = _derive(settings.SECRET_KEY, salt)
    return NewSecret(_show(raw), salt, _fingerprint(raw))


def secret_behind(salt: bytes | memoryview, fingerprint: bytes | memoryview) -> str | None:
    """The secret made from this salt, or None where none of the installation's keys is the one it was made with."""
    for key in (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)):
        raw = _derive(key, bytes(salt))
        if hmac.compare_digest(_fingerprint(raw), bytes(fingerprint)):
            return _show(raw)
    return None


def signed_headers(
    live_secrets: Sequence[str], *, message_id: str, body: str, sent_at: datetime
) -> dict[str, str]:
    """The three headers of a message sent at that (real) moment, with a signature for every live secret."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(_signatures(live_secrets, message_id, body, sent_at)),
    }


def _signatures(live_secrets: Iterable[str], message_id: str, body: str, sent_at: datetime) -> list[str]:
    return [Webhook(secret).sign(message_id, sent_at, body) for secret in live_secrets]


def _derive(key: str, salt: bytes) -> bytes:
    root = hmac.digest(key.encode(), _PURPOSE, "sha256")
    return hmac.digest(root, salt, "sha256")


def _show(raw: bytes) -> str:
    return "whsec_" + base64.b64encode(raw).decode()


def _fingerprint(raw: bytes) -> bytes:
    return sha256(_PURPOSE + raw).digest()[:8]
