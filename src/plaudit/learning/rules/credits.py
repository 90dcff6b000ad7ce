"""Credits for learning, reckoned from minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

MINUTES_A_CREDIT = 50


def credits_of(minutes: Iterable[int]) -> int:
    """Whole credits for these minutes of instruction: 50 minutes are one, rounded down once, after summing.

    The arithmetic is that of the Statement on Standards for Continuing Professional Education (CPE) Programs of
    AICPA and NASBA: "Fifty minutes is equal to one CPE credit." Rounding part by part would lose up to 49
    minutes each time, so what is added up are minutes.
    """
    return sum(minutes) // MINUTES_A_CREDIT


def minutes_left_over(minutes: Iterable[int]) -> int:
    """What is left of these minutes beside the whole credits, from 0 to 49."""
    return sum(minutes) % MINUTES_A_CREDIT


def minutes_attended(
    *, starts_at: datetime, ends_at: datetime, minutes: int, arrived_at: datetime | None
) -> int:
    """How many of a session's `minutes` of instruction somebody counts who came at that moment.

    Who came before it began, or of whom nobody noted when, counts all of them. Who came late counts no more
    than what was left of the session then, in whole minutes.
    """
    if arrived_at is None or arrived_at <= starts_at:
        return minutes
    left = int((ends_at - arrived_at).total_seconds()) // 60
    return max(0, min(minutes, left))
