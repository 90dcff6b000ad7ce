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


def when_due(last_day: date | None, *, noticed: bool, notice_days: int, zone: ZoneInfo) -> datetime | None:
    """When time next changes something about a certificate: its end is announced, then it ends."""
    if last_day is None:
        return None
    ends = datetime.combine(last_day + timedelta(days=1), time(), zone)
    return ends if noticed else ends - timedelta(days=notice_days)
