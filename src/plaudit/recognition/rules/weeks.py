"""When the week's summary is due. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

SEVEN = time(7)


def mailed_at(now: datetime, zone: tzinfo) -> datetime:
    """The last Monday at seven in this time zone that is not after `now`; aware, UTC."""
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    moment = datetime.combine(monday, SEVEN, zone)
    if moment > now:
        moment = datetime.combine(monday - timedelta(days=7), SEVEN, zone)
    return moment.astimezone(UTC)


def mailed_between(after: datetime, until: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Every such moment in (after, until], earliest first."""
    local = after.astimezone(zone)
    day = local.date() - timedelta(days=local.weekday())
    while (moment := datetime.combine(day, SEVEN, zone).astimezone(UTC)) <= until:
        if moment > after:
            yield moment
        day += timedelta(days=7)
