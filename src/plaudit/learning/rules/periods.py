"""When completing the same thing counts again, and until when a certificate holds."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plaudit.learning.definitions import Counts, Offering


def period_of(counts: Counts, day: date, occasion: str) -> str:
    """What a completion counts once in: everything, the calendar year of its day, or its own occasion."""
    if counts is Counts.ONCE:
        return ""
    if counts is Counts.YEARLY:
        return str(day.year)
    return occasion


def last_day_of_certificate(
    offering: Offering, completed_on: date, *, held_until: date | None
) -> date | None:
    """The last day a certificate holds; None for one that does not end.

    A renewal within the term of the one before goes on from there, so that nobody loses days by being early.
    """
    if not offering.certificate_months:
        return None
    begins = completed_on
    if held_until is not None and held_until >= completed_on:
        begins = held_until + timedelta(days=1)
    return months_later(begins, offering.certificate_months) - timedelta(days=1)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


AGAIN_DAYS = (30, 7)
"""So many days before its end that is announced again, where it was announced earlier."""


def announced_at(notice_days: int) -> tuple[int, ...]:
    """How many days before its end a certificate's end is announced, the first time first: 60, 30 and 7 for 60."""
    return (notice_days, *(days for days in AGAIN_DAYS if days < notice_days))


def days_announced(last_day: date, *, notice_days: int, today: date) -> int | None:
    """The nearest of these distances that is reached by a day; None before all of them."""
    left = (last_day + timedelta(days=1) - today).days
    return min((days for days in announced_at(notice_days) if left <= days), default=None)


def when_due(
    last_day: date | None, *, announced: int | None, notice_days: int, zone: ZoneInfo
) -> datetime | None:
    """When time next changes something about a certificate: its end is announced once more, then it ends.

    `announced` is at how many days before its end that was done last, None where not yet.
    """
    if last_day is None:
        return None
    ends = datetime.combine(last_day + timedelta(days=1), time(), zone)
    to_come = [days for days in announced_at(notice_days) if announced is None or days < announced]
    # Whole days before a midnight are at midnight too, also where a day has 23 hours.
    return datetime.combine(ends.date() - timedelta(days=max(to_come)), time(), zone) if to_come else ends
