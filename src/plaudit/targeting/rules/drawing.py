"""Who is in a control group: drawn by a keyed hash, the same for ever, and steered by nobody."""

from __future__ import annotations

import hmac
from hashlib import sha256
from uuid import UUID

_PARTS = 1 << 64


def in_control(key: bytes, member_id: UUID, percent: int) -> bool:
    """Whether this member is among the `percent` of a hundred who get nothing.

    HMAC-SHA-256 (RFC 2104) of the member's id: its first 64 bits are spread evenly, so that each member is in
    the group with the same chance, whoever else there is. Who knows no key can neither tell nor choose.
    """
    drawn = int.from_bytes(hmac.new(key, member_id.bytes, sha256).digest()[:8], "big")
    return drawn * 100 < percent * _PARTS
