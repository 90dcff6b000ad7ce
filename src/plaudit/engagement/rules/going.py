"""Where a streak stands today: how long the row is that goes on, and how many more may be missed. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from plaudit.earning.limits import period_of
from plaudit.engagement.definitions import Part, Span
from plaudit.engagement.rules.streaks import number_of, rows_of


@dataclass(frozen=True, slots=True)
class Going:
    """The row that still can go on, 0 where none can; the longest one ever; whether today is in it already.

    `rests_left` is how many of today's rest period may still be missed, today included while nothing was
    done.
    """

    length: int
    since: str
    best: int
    today_counts: bool
    rests_left: int


def going(part: Part, periods: Collection[str], today: str) -> Going:
    """How a streak stands, from the days, weeks or editions that counted and the one it is now."""
    rows = rows_of(part, periods)
    best = max((len(row) for row in rows), default=0)
    if today in periods:
        row = next((one for one in rows if today in one), [])
        return Going(
            len(row), row[0] if row else "", best, today_counts=True, rests_left=_left(part, row, today)
        )
    with_today = rows_of(part, {*periods, today})
    row = next((one for one in with_today if today in one), [])
    row = [period for period in row if period < today]
    return Going(
        len(row), row[0] if row else "", best, today_counts=False, rests_left=_left(part, row, today)
    )


def _left(part: Part, row: Collection[str], today: str) -> int:
    """Rests that today's rest period has left."""
    if not part.rest or not row:
        return part.rest
    done = {number_of(part.span, period) for period in row}
    now, at = number_of(part.span, today), _rest_period(part, number_of(part.span, today))
    missed = [
        number
        for number in range(min(done), now)
        if number not in done and number not in part.cancelled and _rest_period(part, number) == at
    ]
    return max(0, part.rest - len(missed))


def _rest_period(part: Part, number: int) -> str:
    return period_of(part.rest_every, date.fromordinal(number * 7 + 1 if part.span is Span.WEEK else number))
