"""Streaks: which days, weeks or editions stand in a row, and which lengths a row has reached. Pure.

Each is a whole number that follows its neighbour: a day's ordinal, a Monday's week, an edition's number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from plaudit.earning.definitions import Every
from plaudit.earning.limits import period_of
from plaudit.engagement.definitions import Part, Span


def period_in_streak(span: Span, day: date, edition: int | None) -> str:
    """What is counted, as text that sorts in time: `2026-03-02`, `2026-W10`, or an edition's `002026`."""
    if span is Span.EDITION:
        return f"{edition if edition is not None else day.year:06}"
    return period_of(Every.WEEK if span is Span.WEEK else Every.DAY, day)


def number_of(span: Span, period: str) -> int:
    """The number of what is counted: that of its neighbour is one more."""
    if span is Span.EDITION:
        return int(period)
    if span is Span.WEEK:
        return date.fromisocalendar(int(period[:4]), int(period[6:]), 1).toordinal() // 7
    return date.fromisoformat(period).toordinal()


def rows_of(part: Part, periods: Collection[str]) -> list[list[str]]:
    """The rows in which these periods stand, each from its first to its last, earliest first.

    What was cancelled is passed over. Missed ones are rests as long as no `rest_every` holds more than
    `rest` of them within the row; one more breaks it. Rests do not lengthen a row.
    """
    numbered = sorted((number_of(part.span, period), period) for period in periods)
    cancelled = frozenset(part.cancelled)
    found: list[list[str]] = []
    rested: Counter[str] = Counter()
    last: int | None = None
    for number, period in numbered:
        if number in cancelled:
            continue
        if last is None or not _goes_on(part, last, number, cancelled, rested):
            found.append([])
            rested.clear()
        found[-1].append(period)
        last = number
    return found


def _goes_on(part: Part, last: int, number: int, cancelled: frozenset[int], rested: Counter[str]) -> bool:
    """Whether a row that stands at `last` still stands at `number`; what is missed between is rested."""
    for missed in range(last + 1, number):
        if missed in cancelled:
            continue
        if not part.rest:
            return False
        period = _rest_period(part, missed)
        rested[period] += 1
        if rested[period] > part.rest:
            return False
    return True


def _rest_period(part: Part, number: int) -> str:
    ordinal = number * 7 + 1 if part.span is Span.WEEK else number
    return period_of(part.rest_every, date.fromordinal(ordinal))


def lengths_reached(part: Part, length: int) -> Iterator[int]:
    """Every length that a row this long has reached: the steps, and the last one again and again."""
    yield from (step.at for step in part.steps if step.at <= length)
    if part.again and part.steps:
        yield from range(part.steps[-1].at + part.again, length + 1, part.again)


def step_behind(part: Part, length: int) -> int:
    """The step whose reward a reached length gives: its own, or for one reached again the last."""
    own: Iterable[int] = (step.at for step in part.steps)
    return length if length in own else part.steps[-1].at


def is_asked(part: Part, length: int) -> bool:
    """Whether the file still asks for this length."""
    return any(one == length for one in lengths_reached(part, length))
