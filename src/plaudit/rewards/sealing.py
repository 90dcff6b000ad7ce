"""Codes at rest: encrypted, and found again by a keyed digest, both under keys of the organisation's own."""

from __future__ import annotations

import hashlib
import hmac

from plaudit.foundation import sealing


def seal(organisation_id: int, code: str) -> bytes:
    """The code, encrypted and authenticated."""
    return sealing.seal(f"code {organisation_id}", code)


def unseal(organisation_id: int, sealed: bytes) -> str:
    """The code in clear: shown to the member who paid, and to nobody else."""
    return sealing.unseal(f"code {organisation_id}", sealed)


def digest_of(organisation_id: int, code: str) -> bytes:
    """What tells whether a code is already in a pool, without keeping it in clear."""
    key = sealing.key_for(f"code digest {organisation_id}")
    return hmac.new(key, code.encode(), hashlib.sha256).digest()
