"""Which credentials were revoked, a bit each (W3C Bitstring Status List 1.0, 3.2)."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable

PLACES = 131_072
"""A list is never shorter, so that one credential is not told from another by asking for it."""


def encoded(revoked: Iterable[int]) -> str:
    """The list with these places set: the first place is the highest bit of the first byte."""
    bits = bytearray(PLACES // 8)
    for place in revoked:
        bits[place // 8] |= 0x80 >> place % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
