"""Days of the calendar: months added, anniversaries, and the day on which a day's amount stops counting."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

from plaudit.targeting.definitions import Keep, Ladder, Within


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The programme's own day of a moment."""
    return moment.astimezone(zone).date()


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where that day is not in it."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_anniversary(anchor: date, day: date) -> date:
    """The first anniversary of `anchor` after `day`; 29 February has its own on the 28th in other years."""
    years = day.year - anchor.year
    this_year = months_after(anchor, 12 * years)
    return this_year if this_year > day else months_after(anchor, 12 * (years + 1))


def stops_counting(ladder: Ladder, day: date, anchor: date) -> date | None:
    """The first day on which the amount of `day` counts no longer; None where it counts for ever.

    `anchor` is the day on which the member's years begin.
    """
    match ladder.within:
        case Within.EVER:
            return None
        case Within.MONTHS:
            return months_after(day, ladder.months)
        case Within.CALENDAR_YEAR:
            return date(day.year + 1, 1, 1)
        case Within.MEMBERSHIP_YEAR:
            return next_anniversary(anchor, day)


def kept_until(ladder: Ladder, day: date, *, fallen: bool = False) -> date:
    """The first day on which a level reached on `day` is no longer sure.

    A level that one has `fallen` to is kept for as many months, or to the end of the year of the fall.
    """
    match ladder.keep:
        case Keep.WHILE_IT_LASTS:
            return day
        case Keep.MONTHS:
            return months_after(day, ladder.keep_months)
        case Keep.END_OF_NEXT_YEAR if not fallen:
            return date(day.year + 2, 1, 1)
        case _:
            return date(day.year + 1, 1, 1)


_LONGEST = 366 * 100
"""More days than any window of months has."""


def first_counting(ladder: Ladder, today: date, anchor: date) -> date:
    """The first day whose amount counts today."""
    if ladder.within is Within.EVER:
        return date.min
    low, high = today.toordinal() - _LONGEST, today.toordinal()
    while high - low > 1:
        middle = (low + high) // 2
        stops = stops_counting(ladder, date.fromordinal(middle), anchor)
        low, high = (low, middle) if stops is None or stops > today else (middle, high)
    return date.fromordinal(high)
