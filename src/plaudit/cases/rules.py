"""By which day a case is answered, and for how long something missing can be claimed. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from plaudit.cases.refusals import ClaimTooLate, NotHappenedYet

WORKING_DAYS = 3
"""A case is answered by the end of the third working day after it was opened."""

CLAIM_DAYS = 30
"""What is missing can be claimed on the day it happened and for this many days after."""

_SATURDAY = 5


def answered_by(today: date, *, working_days: int = WORKING_DAYS) -> date:
    """The last day of the answer to what is asked today: so many days from Monday to Friday after it."""
    day = today
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < _SATURDAY
    return day


def require_claimable(happened_on: date, *, today: date, days: int = CLAIM_DAYS) -> None:
    """Raises `NotHappenedYet` and `ClaimTooLate`."""
    if happened_on > today:
        raise NotHappenedYet(day=happened_on)
    if happened_on < today - timedelta(days=days):
        raise ClaimTooLate(days=days, day=happened_on)
