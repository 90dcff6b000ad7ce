"""On which day a birthday is celebrated, and who has one on a day. Pure."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plaudit.engagement.definitions import Birthdays

LEAP_DAY = "02-29"


def month_days_of(day: date, leap_day: str) -> list[str]:
    """The months and days of birth (`03-02`) that are celebrated on this day.

    Somebody born on 29 February celebrates on it where there is one, and otherwise on `leap_day`.
    """
    own = day.strftime("%m-%d")
    return [own, LEAP_DAY] if own == leap_day and not isleap(day.year) else [own]


def days_open(birthdays: Birthdays, today: date) -> Iterator[date]:
    """The birthdays for which something is given today: from `before_days` ahead to `after_days` past."""
    for days in range(-birthdays.after_days, birthdays.before_days + 1):
        yield today + timedelta(days=days)


def begins(birthdays: Birthdays, day: date, zone: ZoneInfo) -> datetime:
    """The moment from which something is given for a birthday on this day, where the member lives."""
    return _midnight(day - timedelta(days=birthdays.before_days), zone)


def ends(birthdays: Birthdays, day: date, zone: ZoneInfo) -> datetime:
    """The moment from which nothing is given for it any more."""
    return _midnight(day + timedelta(days=birthdays.after_days + 1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
