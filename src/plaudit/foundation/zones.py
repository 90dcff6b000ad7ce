"""Time zones by the names that people and files write."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


@cache
def zone_names() -> frozenset[str]:
    """Every zone there is (IANA). Asking the machine opens a file for each of them, so it is asked once."""
    return frozenset(available_timezones())


def zone_named(name: object, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone of that name (IANA), or another one where nothing is called so."""
    if not isinstance(name, str) or not name:
        return otherwise
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise
