"""Decides whether a reward is on offer and when a member's count begins anew. Knows no database and no clock."""

from __future__ import annotations

from datetime import datetime, timedelta


def is_offered(*, offered: bool, starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> bool:
    """Whether a reward can be had now: named in the live programme and inside its half-open window."""
    begun = starts_at is None or starts_at <= now
    return offered and begun and (ends_at is None or now < ends_at)


def period_start(every: str, local: datetime) -> datetime | None:
    """When the period that `local` (in the organisation's time zone) falls in began; None for a lifetime."""
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match every:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
    return None


def value_per_point(value_minor: int | None, price: int, precision: int) -> tuple[int, int] | None:
    """What one whole point of this price buys: hundredths of a minor unit, as (whole, hundredths); None if unsaid."""
    if value_minor is None:
        return None
    whole, hundredths = divmod(value_minor * 100 * int(10**precision) // price, 100)
    return whole, hundredths
