"""When points expire: the policy of a unit applied to the moment they were earned. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

_PERIOD = re.compile(r"^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$")


def months_later(day: date, months: int) -> date:
    """The same day `months` later; the month's last day where it has no such day (31 January + 1 month)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def after_period(day: date, period: str) -> date:
    """`day` plus an ISO 8601 period of whole years, months, weeks and days, such as P24M."""
    match = _PERIOD.match(period)
    assert match is not None and period != "P", f"{period} is not a period"
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return months_later(day, years * 12 + months) + timedelta(days=weeks * 7 + days)


def is_period(text: str) -> bool:
    """Whether this is an ISO 8601 period of whole years, months, weeks or days."""
    return bool(_PERIOD.match(text)) and text != "P"


def end_of(day: date, period: str) -> date:
    """The first day after the day, month, quarter or year that `day` falls in."""
    match period:
        case "day":
            return day + timedelta(days=1)
        case "month":
            return months_later(day.replace(day=1), 1)
        case "quarter":
            return months_later(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3)
        case "year":
            return date(day.year + 1, 1, 1)
    raise AssertionError(f"{period} is not a period to round to")


def expires_at(policy: Mapping[str, Any], earned_at: datetime, time_zone: ZoneInfo) -> datetime | None:
    """The moment points earned at `earned_at` stop being spendable, or None where they never expire.

    `policy` is {} (never), {"after": "P24M", "round_to": "month"} (that long after, then to the end of
    the period), {"end_of": "year"} (the end of the period they were earned in), {"on": "2027-01-31"}
    (the end of that day) or {"inactive": "P12M", "round_to": "month"} (that long after, unless the member
    does something before: see `extended`). Midnight is the programme's own; the points last to the end of the day shown.
    """
    if not policy:
        return None
    local = earned_at.astimezone(time_zone).date()
    return _midnight(
        _first_day_without(
            policy.get("after") or policy.get("inactive"),
            policy.get("round_to"),
            policy.get("end_of"),
            policy.get("on"),
            local,
        ),
        time_zone,
    )


def extended(
    expires: datetime, active_at: Iterable[datetime], policy: Mapping[str, Any], time_zone: ZoneInfo
) -> datetime:
    """When points that were to expire then do, under a policy of inactivity, given when their member was active.

    Whatever they do while the points are good lets these last as though they were earned then; what they
    do after the points lapsed brings nothing back. `active_at` is in the order of time.
    """
    for moment in active_at:
        if moment >= expires:
            break
        expires = max(expires, expires_at(policy, moment, time_zone) or expires)
    return expires


@lru_cache(maxsize=8192)
def _first_day_without(
    after: str | None, round_to: str | None, end: str | None, on: str | None, earned: date
) -> date:
    if on is not None:
        return date.fromisoformat(on) + timedelta(days=1)
    if end is not None:
        return end_of(earned, end)
    assert after is not None
    return end_of(after_period(earned, after), round_to or "day")


@lru_cache(maxsize=8192)
def _midnight(day: date, time_zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), time_zone).astimezone(UTC)
