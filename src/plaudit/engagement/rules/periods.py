"""The period an event counts in. Pure."""

from __future__ import annotations

from datetime import date

from plaudit.earning.definitions import Every
from plaudit.earning.limits import period_of
from plaudit.engagement.definitions import Kind, Part
from plaudit.engagement.rules.streaks import period_in_streak


def period_of_part(part: Part, day: date, edition: int | None = None) -> str:
    """The part's period in which this local day lies, "" where it has only one; for a streak what it counts."""
    if part.kind is Kind.STREAK:
        return period_in_streak(part.span, day, edition)
    if part.kind in (Kind.ROUNDING, Kind.ROUNDED):
        return period_of(Every.DAY, day)
    return period_of(part.every, day)
