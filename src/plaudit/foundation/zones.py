"""Time zones by the names that people and files write."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_named(name: object, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone of that name (IANA), or another one where nothing is called so."""
    if not isinstance(name, str) or not name:
        return otherwise
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise
