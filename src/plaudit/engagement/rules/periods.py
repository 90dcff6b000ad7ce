"""The period an event counts in. Pure."""

from __future__ import annotations

from datetime import date

from plaudit.earning.limits import period_of
from plaudit.engagement.definitions import Part


def period_of_part(part: Part, day: date) -> str:
    """The part's period in which this day lies, a day local to the programme; "" where it has only one."""
    return period_of(part.every, day)
