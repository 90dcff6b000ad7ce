"""How often anyone may ask: token buckets by key, person and address, and the headers that tell them.

A bucket holds up to `burst` tokens and gains `quota` of them evenly over each window; a request takes
some. Buckets live in the memory of a web process: with n processes the real limit is up to n times the
one written here. What must hold exactly (one-time links, redemptions) is counted in the database.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from django.conf import settings

from plaudit.foundation import clock


@dataclass(frozen=True, slots=True)
class Limit:
    """`quota` requests in every `window` seconds, at most `burst` of them at once."""

    name: str
    quota: int
    window: int
    burst: int


BY_ADDRESS = Limit("address", quota=600, window=60, burst=200)
BY_PERSON = Limit("person", quota=300, window=60, burst=100)
BY_KEY = Limit("key", quota=60_000, window=60, burst=10_000)
SIGN_IN_BY_ADDRESS = Limit("sign-in", quota=50, window=3600, burst=20)


def of_keys(requests_a_minute: int) -> Limit:
    """The limit of each API key, a sixth of it at once: a till that was cut off sends ten seconds' worth."""
    return Limit(BY_KEY.name, requests_a_minute, 60, max(1, requests_a_minute // 6))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a limit after a request; `seconds` until one more is there, or until it is full."""

    limit: Limit
    allowed: bool
    left: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """As in the IETF draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-10)."""
        name = self.limit.name
        headers = {
            "RateLimit-Policy": f'"{name}";q={self.limit.quota};w={self.limit.window}',
            "RateLimit": f'"{name}";r={self.left};t={self.seconds}',
        }
        if not self.allowed:
            headers["Retry-After"] = str(self.seconds)
        return headers


class Buckets:
    """The buckets of one process. The least recently used are forgotten: by then they are full again."""

    def __init__(self, *, most: int = 200_000) -> None:
        self._most = most
        self._lock = Lock()
        self._tokens: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, limit: Limit, who: str, *, at: float, cost: int = 1) -> Standing:
        """Take `cost` tokens from somebody's bucket at `at` (seconds), if they are there."""
        rate = limit.quota / limit.window
        with self._lock:
            tokens, since = self._tokens.pop((limit.name, who), (float(limit.burst), at))
            tokens = min(limit.burst, tokens + max(0.0, at - since) * rate)
            allowed = tokens >= cost
            if allowed:
                tokens -= cost
            self._tokens[limit.name, who] = (tokens, max(at, since))
            if len(self._tokens) > self._most:
                self._tokens.popitem(last=False)
        wanted = limit.burst if allowed else cost
        return Standing(limit, allowed, math.floor(tokens), max(1, math.ceil((wanted - tokens) / rate)))

    def forget(self) -> None:
        """Begin anew, every bucket full."""
        with self._lock:
            self._tokens.clear()


buckets = Buckets()
"""The buckets of this process."""


def count(limit: Limit, who: str) -> Standing:
    """Count one request of somebody against a limit, or against what `settings.RATE_LIMITS` says instead.

    Counted in real time: a sandbox's clock lets nobody in.
    """
    configured: Mapping[str, Limit] = getattr(settings, "RATE_LIMITS", {})
    return buckets.take(configured.get(limit.name, limit), who, at=clock.wall().timestamp())
